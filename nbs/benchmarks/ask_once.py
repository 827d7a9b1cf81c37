"""Asks a model one question: python ask_once.py MODEL. Called by deploy.ipynb, each time in a new process.

Prints JSON: seconds of the import, seconds from the start until the answer, megabytes of memory at most.
It reads Linux's own count of memory: `ru_maxrss` would begin with what the parent held."""
import json
import sys
import time

began = time.perf_counter()
from squad_slm.inference import QuestionAnswerer

imported = time.perf_counter()
qa = QuestionAnswerer.from_pretrained(sys.argv[1])
qa("Who kept the lighthouse?", "Zoë kept the lighthouse on Ærø from 1902 to 1931.")
answered = time.perf_counter()
with open("/proc/self/status", encoding="ascii") as status:
    largest = next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM"))
print(json.dumps({"import": imported - began, "answer": answered - began, "memory": largest}))
