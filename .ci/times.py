"""How long `nbdev_test` takes, with and without real data: python .ci/times.py, from the project's folder.

Writes nbs/benchmarks/records/suite.json and the table of times in CONTRIBUTING.md. Both runs are made in copies of what
git tracks, one with ../shared beside it and one without, one after the other."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fastcore.basics import num_cpus

from squad_slm.records import describe_environment, write_json

RECORD, PAGE = Path("nbs/benchmarks/records/suite.json"), Path("CONTRIBUTING.md")
SHOWN_SECONDS = 10  # quicker notebooks are summed up in one line
TABLE = re.compile(r"(?<=<!-- times -->\n).*?(?=<!-- end of times -->)", re.DOTALL)


def time_suite(shared: Path | None) -> dict:
    "Seconds of the suite and of each notebook, in a copy of the project."
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "project")
        tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout
        for name in filter(None, tracked.split("\0")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, copy / name)
        if shared: Path(folder, "shared").symlink_to(shared)
        began = time.perf_counter()
        run = subprocess.run(["nbdev_test", "--timing"], cwd=copy, capture_output=True, text=True)
        seconds = time.perf_counter() - began
    found = re.findall(r"^(\w+)\.ipynb: (\d+) secs$", run.stdout, re.MULTILINE)
    if run.returncode: sys.exit(f"nbdev_test failed:\n{run.stderr[-3000:]}")
    return dict(seconds=round(seconds), notebooks={name: int(own) for name, own in found})


def table(record: dict) -> str:
    "The record as a table: the whole suite, each slow notebook, and the rest."
    sides = [record["with_shared"], record["without_shared"]]
    row = lambda name, cells: f"| {name} | {' | '.join(str(cell) for cell in cells)} |"
    lines = ["| notebook | seconds, with `../shared` | without |", "| --- | --- | --- |"]
    lines.append(row("**all, as one waits**", [side["seconds"] for side in sides]))
    names = list(sides[0]["notebooks"])
    slow = [name for name in names if max(side["notebooks"][name] for side in sides) >= SHOWN_SECONDS]
    lines += [row(f"`{name}`", [side["notebooks"][name] for side in sides]) for name in slow]
    rest = [name for name in names if name not in slow]
    summed = [sum(side["notebooks"][name] for name in rest) for side in sides]
    lines.append(row(f"{len(rest)} others, together", summed))
    lines += ["", f"On {record['hardware']['processor']}, {record['workers']} notebooks at a time."]
    return "\n".join(lines) + "\n"


def main() -> None:
    shared = Path("../shared").resolve()
    if not (shared / "data").is_dir(): sys.exit("../shared/data is not there: nothing to compare")
    sides = dict(with_shared=time_suite(shared), without_shared=time_suite(None))
    record = sides | dict(workers=num_cpus()) | describe_environment()
    write_json(RECORD, record)
    PAGE.write_text(TABLE.sub(lambda _: table(record), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(table(record))


if __name__ == "__main__": main()
