"""How fast and in how much memory JSON Lines are read: python read_files.py WAY FILE prints a JSON object.

WAY is squad_slm (checked questions in an Arrow file), datasets or pandas (rows as they are). One way a process, since
the most memory that a process ever held is what counts (Linux says so). The file is read from the disk's cache."""
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


def most_memory() -> float:
    "Mebibytes that this process held at most; `ru_maxrss` would begin with what its parent held."
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def main() -> None:
    way, file = sys.argv[1:]
    os.sched_setaffinity(0, {next(iter(os.sched_getaffinity(0)))})  # one core for all
    with open(file, "rb") as stream:
        while stream.read(1 << 24): pass
    import pandas
    import squad_slm.data  # noqa: F401  (imports are not what is measured, and each way holds the same ones)
    from datasets import load_dataset  # noqa: F401

    held, before = most_memory(), resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    questions = read(way, file)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = {"mebibytes_before": held, "mebibytes": most_memory()}
    print(json.dumps({"way": way, "questions": questions, "seconds": seconds, "processor_seconds": processor} | memory))


if __name__ == "__main__": main()
