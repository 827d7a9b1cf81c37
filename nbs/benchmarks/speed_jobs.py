"""One job of the benchmark Speed: python speed_jobs.py DATA_FOLDER JOB SIDE SIZE [WITHOUT].

DATA_FOLDER holds the SQuAD files; without them the embedded set is taken. JOB is a name of `JOBS`.
SIDE is mostly "seed" or "squad_slm", SIZE a number of questions, words or tokens.
WITHOUT is an improvement that training goes without.

The last line that it prints is JSON: seconds of the work itself, without imports and loading, and what else was found.
"""
import gc
import json
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import seed_code
import torch
from datasets import Dataset, config
from transformers import AutoModelForQuestionAnswering, BertConfig, DistilBertConfig, set_seed

from squad_slm import cpu
from squad_slm.arguments import QATrainingArguments
from squad_slm.batching import collate_windows, window_lengths
from squad_slm.ceiling import perfect_logits
from squad_slm.cpu import fast_products, kept_memory, use_cpu_layers
from squad_slm.data import load_squad
from squad_slm.inference import QuestionAnswerer
from squad_slm.models import load_qa_model
from squad_slm.postprocessing import postprocess_qa_predictions
from squad_slm.preprocessing import make_features, prepare_train_features, prepare_validation_features
from squad_slm.training import QATrainer

gpu = torch.cuda.is_available()
ENCODER_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
QUIET = dict(save_strategy="no", eval_strategy="no", load_best_model_at_end=False, disable_tqdm=True, report_to="none")


# What the jobs need


def save_questions(shared, size, name):
    "Writes questions to a file; those of the files, once more where there are not enough of them."
    files = sorted(shared.glob(f"{name}.json"))
    examples = load_squad(validation=files)["validation"] if files else load_squad("mini")["train"]
    few = examples.shuffle(seed=42).select(np.arange(size) % len(examples)) if size else examples
    if size > len(examples): few = few.remove_columns("id").add_column("id", [f"q{i}" for i in range(len(few))])
    few.to_parquet(Path(config.HF_DATASETS_CACHE) / "questions.parquet")


def questions(size, name="squadshifts-*"):
    "From a file, as from the Hub: not in memory. Another process writes it, so that this one has no memory of that."
    with ProcessPoolExecutor(1, get_context("fork")) as pool: pool.submit(save_questions, shared, size, name).result()
    return Dataset.from_parquet(str(Path(config.HF_DATASETS_CACHE) / "questions.parquet"))


def load(kind="real"):
    "Tokenizer and model: MiniLM, on a GPU one of DistilBERT's size; or a tiny one, where the model is no matter."
    tokenizer, model = load_qa_model("minilm-offline")
    seed_code.prepare(tokenizer)
    tiny = dict(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    if kind == "tiny": model = AutoModelForQuestionAnswering.from_config(BertConfig(**tiny))
    elif gpu: model = AutoModelForQuestionAnswering.from_config(DistilBertConfig())
    return tokenizer, model


def timed(work):
    "Seconds and result."
    if gpu: torch.cuda.synchronize()
    began = time.perf_counter()
    result = work()
    if gpu: torch.cuda.synchronize()
    return time.perf_counter() - began, result


def seed_features(examples, preprocess):
    "The seed's windows."
    return examples.map(preprocess, batched=True, remove_columns=examples.column_names)


def seed_answers(examples, model):
    "All that the seed does for answers: windows, logits, decoder."
    features = seed_features(examples, seed_code.preprocess_validation_examples)
    trainer = seed_code.make_trainer(model, tempfile.mkdtemp())
    return seed_code.postprocess_qa_predictions(examples, features, trainer.predict(features).predictions)


# Training


def take_away(without, model, settings):
    "Takes one improvement away, by a setting or by putting back what it is in place of."
    if without == "memory": cpu.set_malloc = lambda trim, mmap: None
    if without == "products": cpu.onednn_is_exact = lambda: False
    if without == "dropout": cpu.draw_kept = lambda shape, p: torch.empty(shape).bernoulli_(1 - p).bool()
    if without == "attention":
        cpu.AttentionInterface = SimpleNamespace(register=lambda *_: None)
        cpu.CPU_ATTENTION = "sdpa"
        model.set_attn_implementation("sdpa")
    if without == "grouping": settings["train_sampling_strategy"] = "random"
    if without == "optimizer": settings["optim"] = "adamw_torch"
    if without == "float32": settings["mixed_precision"] = "bf16"
    if without == "eager": settings["torch_compile"] = True


def our_trainer(model, tokenizer, examples, without):
    "Our trainer, with its windows."
    settings = QUIET | dict(num_train_epochs=1, mixed_precision="fp16" if gpu else "no")
    take_away(without, model, settings)
    args = QATrainingArguments(tempfile.mkdtemp(), **settings)
    trainer = QATrainer(model, args, prepare_train_features(examples, tokenizer), processing_class=tokenizer)
    if without == "padding":
        trainer.data_collator = lambda windows: collate_windows(windows, tokenizer, multiple=384)
    return trainer


def train(side, size, without=""):
    "An epoch of training."
    tokenizer, model = load()
    examples = questions(size)
    if side == "seed":
        features = seed_features(examples, seed_code.preprocess_training_examples)
        settings = dict(num_train_epochs=1, save_strategy="no", eval_strategy="no")
        trainer = seed_code.make_trainer(model, tempfile.mkdtemp(), features, **settings)
    else: trainer = our_trainer(model, tokenizer, examples, without)
    seconds, _ = timed(trainer.train)
    return dict(
        seconds=seconds,
        windows=len(trainer.train_dataset),
        tokens=int(window_lengths(prepare_train_features(examples, tokenizer)).sum()),
        parameters=sum(p.numel() for name, p in model.named_parameters() if "embeddings" not in name),
        layers=model.config.num_hidden_layers,
        hidden=model.config.hidden_size,
    )


def compiled(side, size):
    """Seconds of a training step, eager or compiled by torch.compile.

    All windows have one length: the best case for a compiler."""
    tokenizer, model = load()
    batch = dict(input_ids=torch.randint(1000, 20000, (8, size)))
    batch |= dict(attention_mask=torch.ones(8, size, dtype=torch.int64))
    batch |= dict(start_positions=torch.full((8,), 20), end_positions=torch.full((8,), 25))
    use_cpu_layers(model.train())
    run = torch.compile(model) if side == "compiled" else model
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)

    def step():
        run(**batch).loss.backward()
        optimizer.step()
        optimizer.zero_grad()

    with fast_products(model.device), kept_memory(model.device):
        first, _ = timed(step)
        for _ in range(4): step()
        return dict(first=first, seconds=float(np.median([timed(step)[0] for _ in range(15)])))


# Preparing and decoding


def prepare(side, size):
    "Windows with labels. Size 0 stands for all questions, in their order."
    tokenizer, _ = load("tiny")
    if size: examples = questions(size)
    else: examples = load_squad(validation=sorted(shared.glob("squadshifts-*.json")))["validation"]
    if side == "seed": work = lambda: seed_features(examples, seed_code.preprocess_training_examples)
    else: work = lambda: prepare_train_features(examples, tokenizer)
    seconds, features = timed(work)
    return dict(seconds=seconds, questions=len(examples), windows=len(features))


class Rows(list):
    "Rows in memory, with the one column that the seed's decoder asks for."

    def __getitem__(self, key): return [row["id"] for row in self] if key == "id" else super().__getitem__(key)


def with_arrays(row):
    "A window whose offsets and sequence ids are arrays."
    sequence_ids = [-1 if number is None else number for number in row["sequence_ids"]]
    return row | dict(offset_mapping=np.array(row["offset_mapping"]), sequence_ids=np.array(sequence_ids))


def decode(side, size):
    """Perfect logits with noise, decoded.

    The seed's loop gets its rows from a table ("seed"), as lists ("seed, on lists") or with arrays ("seed, on arrays").
    Ours makes answers ("squad_slm"), or n-best lists, too ("squad_slm, all n-best lists")."""
    tokenizer, _ = load("tiny")
    examples = questions(size, "squad-v1.1-dev")
    features = prepare_validation_features(examples, tokenizer)
    noise = lambda shape: np.random.default_rng(0).normal(size=shape).astype(np.float32)
    logits = [array + noise(array.shape) for array in perfect_logits(features)]
    if side.startswith("squad_slm"):
        ours = lambda: postprocess_qa_predictions(examples, features, *logits)
        work = ours if side == "squad_slm" else lambda: list(ours().n_best.values())
    else:
        rows = seed_features(examples, seed_code.preprocess_validation_examples)
        logits = [np.pad(array, ((0, 0), (0, 384 - array.shape[1])), constant_values=-100) for array in logits]
        if side != "seed": rows, examples = rows.to_list(), Rows(examples.to_list())
        if side == "seed, on arrays": rows = [with_arrays(row) for row in rows]
        work = lambda: seed_code.postprocess_qa_predictions(examples, rows, logits)
    return dict(seconds=timed(work)[0], questions=size)


# Answering


def predict(side, size):
    "Answers to questions, end to end."
    tokenizer, model = load()
    examples = questions(size, "squad-v1.1-dev")
    if side == "seed": work = lambda: seed_answers(examples, model)
    else: work = lambda: QuestionAnswerer(model, tokenizer)(examples["question"][:], examples["context"][:])
    return dict(seconds=timed(work)[0], questions=size)


def long_context(side, words):
    "The answer to one question from a long text."
    tokenizer, model = load()
    contexts = dict.fromkeys(questions(4000, "squad-v1.1-dev")["context"])
    text = " ".join(" ".join(contexts).split()[:words])
    question = "Who wrote the text?"
    if side == "seed":
        examples = Dataset.from_dict(dict(id=["x"], question=[question], context=[text]))
        work = lambda: seed_answers(examples, model)
    else:
        qa = QuestionAnswerer(model, tokenizer)
        qa(question, text[:2000])
        work = lambda: qa(question, text)
    return dict(seconds=timed(work)[0], words=len(text.split()))


def make_batches(examples, tokenizer, device):
    "The batches that `compute_spans` makes of the same questions."
    features = make_features(examples, tokenizer, with_labels=False)
    order = np.argsort([-len(ids) for ids in features["input_ids"]], kind="stable")
    count = 128 if gpu else 4
    windows = [{name: features[name][row] for name in ENCODER_INPUTS} for row in order]
    batches = [collate_windows(windows[i : i + count], tokenizer) for i in range(0, len(windows), count)]
    taken = ENCODER_INPUTS[:2] if gpu else ENCODER_INPUTS  # DistilBERT has no token types
    return [{name: batch[name].to(device) for name in taken} for batch in batches]


def overhead(side, size):
    "The answers to all questions, and the bare forward passes over the same batches."
    tokenizer, model = load()
    examples, qa = questions(size, "squad-v1.1-dev")[:], QuestionAnswerer(model, tokenizer)
    batches = make_batches(examples, tokenizer, qa.device)

    @torch.inference_mode()
    def bare():
        with fast_products(qa.device), kept_memory(qa.device):
            for batch in batches: model(**batch)

    answer = lambda: qa(examples["question"], examples["context"])
    for work in (bare, answer): work()
    times = np.array([(timed(bare)[0], timed(answer)[0]) for _ in range(max(3, 60 // size))])
    forward, seconds = np.median(times, axis=0).tolist()
    return dict(seconds=seconds, forward=forward, questions=size)


# The machine


def anonymous_memory():
    "Bytes of memory that no file stands behind: what the kernel cannot take back."
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


def evaluate(side, examples, tokenizer, model):
    "An evaluation; the seed's without its decoder, which would take twenty minutes and little memory."
    if side == "seed":
        features = seed_features(examples, seed_code.preprocess_validation_examples)
        return seed_code.make_trainer(model, tempfile.mkdtemp()).predict(features)
    args = QATrainingArguments(tempfile.mkdtemp(), **QUIET)
    features = prepare_validation_features(examples, tokenizer)
    return QATrainer(model, args, None, features, examples, tokenizer).evaluate()


def memory(side, size):
    """Memory of an evaluation, at the peak and before.

    Before it the same is done for 2,000 questions: then libraries, model and what one batch takes are there."""
    examples = questions(size)
    tokenizer, model = load("tiny")
    evaluate(side, examples.select(range(2000)), tokenizer, model)
    gc.collect()
    peak, done = [anonymous_memory()], threading.Event()

    def watch():
        while not done.wait(0.02): peak.append(anonymous_memory())

    threading.Thread(target=watch, daemon=True).start()
    seconds, _ = timed(lambda: evaluate(side, examples, tokenizer, model))
    done.set()
    return dict(seconds=seconds, before=peak[0], peak=max(peak), questions=size)


def best_rate(shapes, dtype, device):
    "Floating-point operations a second in the best of some matrix products."
    found = []
    for rows, inner, columns in shapes:
        left = torch.ones(rows, inner, dtype=dtype, device=device)
        right = torch.ones(inner, columns, dtype=dtype, device=device)
        times = [timed(lambda: left @ right)[0] for _ in range(20)]
        found.append(2 * rows * inner * columns / float(np.median(times[5:])))
    return max(found)


def rate(side, size):
    "Operations a second in the model's own products: float32 (on a CPU also with what squad_slm sets) and bfloat16."
    device = torch.device("cuda" if gpu else "cpu")
    of_minilm = [(1536, 384, 1536), (1536, 1536, 384), (768, 768, 768)]
    shapes = [(8192, 768, 3072), (8192, 8192, 8192)] if gpu else of_minilm
    plain = best_rate(shapes, torch.float32, device)
    with fast_products(device):
        fast, half = (best_rate(shapes, dtype, device) for dtype in (torch.float32, torch.bfloat16))
    return dict(float32_plain=plain, float32=fast, bfloat16=half)


JOBS = {job.__name__: job for job in (train, compiled, prepare, decode, predict, long_context, overhead, memory, rate)}

if __name__ == "__main__":
    shared, job, side, size = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    config.HF_DATASETS_CACHE = tempfile.mkdtemp()
    set_seed(0)
    print(json.dumps(JOBS[job](side, size, *sys.argv[5:])))
