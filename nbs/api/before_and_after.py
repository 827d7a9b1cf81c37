"""A script's `pipeline("question-answering")` before and after one line: python before_and_after.py MODEL_DIR."""
import sys

import squad_slm

assert "torch" not in sys.modules and "transformers" not in sys.modules, "the package must be light to import"

import transformers
from transformers import pipeline

import squad_slm.pipeline

model = sys.argv[1]
if "QuestionAnsweringPipeline" not in dir(transformers):  # gone since 5.3
    try: pipeline("question-answering", model=model)
    except KeyError as error: print(str(error)[:90])
    else: raise AssertionError("importing must change nothing")
squad_slm.register_pipeline()
squad_slm.register_pipeline()  # twice does no harm
qa = pipeline("question-answering", model=model, device="cpu")
print(qa(question="Who kept the lighthouse?", context="Zoë kept the lighthouse on Ærø from 1902 to 1931."))
