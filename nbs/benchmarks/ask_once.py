"""Asks a model one question: python ask_once.py MODEL. Called by deploy.ipynb, each time in a new process.

Prints JSON: seconds of the import, seconds from the start until the answer, megabytes of memory at most."""
import json
import resource
import sys
import time

began = time.perf_counter()
from squad_slm.inference import QuestionAnswerer

imported = time.perf_counter()
qa = QuestionAnswerer.from_pretrained(sys.argv[1])
qa("Who kept the lighthouse?", "Zoë kept the lighthouse on Ærø from 1902 to 1931.")
answered = time.perf_counter()
largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
print(json.dumps({"import": imported - began, "answer": answered - began, "memory": largest}))
