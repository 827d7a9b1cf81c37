"""A script of the old pipeline's days: python ask_the_pipeline.py SIDE JOB MODEL QUESTIONS SETTINGS.

SIDE is "old", or "new" for one line more. JOB is "many" (all questions in one call) or "one by one".
QUESTIONS is a JSON file with a list of question and context, SETTINGS the pipeline's, as JSON.
It loads the model, asks once to warm up, and then does its job.
The last line that it prints is JSON: seconds of all calls, the median of one, and the answers."""
import json
import sys
import time
from pathlib import Path

from transformers import pipeline

side, job, model, questions, settings = sys.argv[1:]
if side == "new": import squad_slm; squad_slm.register_pipeline()
qa = pipeline("question-answering", model=model, device="cpu", **json.loads(settings))
qa(question="Who kept the lighthouse?", context="Anna kept the lighthouse.")
seconds = []


def timed(**inputs):
    began = time.perf_counter()
    answers = qa(**inputs)
    seconds.append(time.perf_counter() - began)
    return answers


rows = json.loads(Path(questions).read_text(encoding="utf-8"))
if job == "many": answers = timed(question=[row["question"] for row in rows], context=[row["context"] for row in rows])
else: answers = [timed(question=row["question"], context=row["context"]) for row in rows]
print(json.dumps(dict(seconds=sum(seconds), median=sorted(seconds)[len(seconds) // 2], answers=answers)))
