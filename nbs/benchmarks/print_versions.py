"""The versions of an environment's libraries, as JSON: python print_versions.py."""
import json

import tokenizers
import torch
import transformers

print(json.dumps({library.__name__: library.__version__ for library in (transformers, tokenizers, torch)}))
