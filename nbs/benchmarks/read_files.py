"""How fast and in how much memory JSON Lines are read: python read_files.py WAY FILE prints a JSON object.

WAY is squad_slm (checked questions in an Arrow file), datasets or pandas (rows as they are). One way a process, since the
most memory that a process ever held is what counts. The file is read from the disk's cache: it is read once before."""
import json
import os
import resource
import sys
import tempfile
import time


def read(way: str, file: str) -> int:
    "Reads a file and says how many questions there are."
    if way == "squad_slm":
        from squad_slm.data import load_squad

        return len(load_squad(train=file)["train"])
    if way == "datasets":
        from datasets import load_dataset

        with tempfile.TemporaryDirectory() as cache:  # else a second run would only open what the first one made
            return len(load_dataset("json", data_files=file, split="train", cache_dir=cache))
    import pandas

    return len(pandas.read_json(file, lines=True))


def main() -> None:
    way, file = sys.argv[1:]
    os.sched_setaffinity(0, {next(iter(os.sched_getaffinity(0)))})  # one core for all
    with open(file, "rb") as stream:
        while stream.read(1 << 24): pass
    import pandas
    import squad_slm.data  # noqa: F401  (imports are not what is measured, and each way holds the same ones)
    from datasets import load_dataset  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    questions = read(way, file)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = {"mebibytes_before": before.ru_maxrss / 1024, "mebibytes": after.ru_maxrss / 1024}
    print(json.dumps({"way": way, "questions": questions, "seconds": seconds, "processor_seconds": processor} | memory))


if __name__ == "__main__": main()
