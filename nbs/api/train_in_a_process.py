"""One of several processes of a training: python train_in_a_process.py OUTPUT_DIR MODEL BATCH_SIZE [TEACHER].

Writes what the process saw beside OUTPUT_DIR: history, metrics and answers, in OUTPUT_DIR-NUMBER.json."""
import json
import sys

from datasets import DatasetDict

from squad_slm.data import load_squad
from squad_slm.training import QATrainingArguments, fine_tune

output_dir, model, batch_size, *teacher = sys.argv[1:]
mini = load_squad("mini")
one_window_each = mini["train"].filter(lambda example: len(example["context"]) < 1000)
few = DatasetDict(train=one_window_each.select(range(64)), validation=mini["validation"].select(range(30)))
settings = dict(learning_rate=1e-3, seed=1, logging_steps=1, use_cpu=True, disable_tqdm=True)
if teacher: settings["teacher"] = teacher[0]
args = QATrainingArguments(output_dir, per_device_train_batch_size=int(batch_size), **settings)
result = fine_tune(few, args, model)
with open(f"{output_dir}-{args.process_index}.json", "w", encoding="utf-8") as file:
    json.dump([result.history, result.metrics, result.predictions.texts], file)
