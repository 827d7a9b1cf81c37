"""Runs the checks that `nbdev_test` leaves out for their length: python .ci/slow.py [NOTEBOOK ...], before a release.

Those are all cells with the flag `slow` in nbs/api. Writes nbs/benchmarks/records/slow-checks.json after each notebook;
with names, only these are run and the rest of the record stays. Exit code 1 if anything failed."""
import json
import subprocess
import sys
import time
from pathlib import Path

from squad_slm.records import describe_environment, write_json

RECORD = Path("nbs/benchmarks/records/slow-checks.json")


def slow_cells(path: Path) -> int:
    "Cells with the flag."
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" and "#| slow" in "".join(cell["source"]).splitlines() for cell in cells)


def run_notebook(path: Path) -> dict:
    "Whether a notebook passes with its slow cells, and how long it took."
    began = time.perf_counter()
    command = ["nbdev_test", "--flags", "slow", "--path", str(path)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    result = dict(cells=slow_cells(path), passed=run.returncode == 0, seconds=round(time.perf_counter() - began))
    if run.returncode: print(run.stdout[-3000:])
    return result | describe_environment()


def main() -> int:
    named = [Path(word) for word in sys.argv[1:]]
    paths = named or [path for path in sorted(Path("nbs/api").glob("*.ipynb")) if slow_cells(path)]
    record = json.loads(RECORD.read_text(encoding="utf-8")) if named and RECORD.exists() else {}
    for path in paths:
        record[path.stem] = run_notebook(path)
        write_json(RECORD, dict(sorted(record.items())))
        result = record[path.stem]
        state = "passed" if result["passed"] else "FAILED"
        print(f"{state} {path.stem:22} {result['cells']:2} slow cells {result['seconds']:6} s", flush=True)
    return not all(result["passed"] for result in record.values())


if __name__ == "__main__": sys.exit(main())
