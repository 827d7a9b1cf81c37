"""What is too wide or too long: python .ci/house.py [NOTEBOOK ...], from the project's folder. Exit code 1 if so.

It finds folders of a machine in saved outputs, too, and cells that carry a flag and not the tag skip-execution.

Code, comments and docstrings stay within 120 columns, an exported cell within 60 lines, a function within 40, a module
within 400. Prose in Markdown cells is as it is, and so are the lists of names that nbdev writes."""
import ast
import json
import re
import sys
from pathlib import Path

COLUMNS, CELL, FUNCTION, MODULE = 120, 60, 40, 400
FLAGS = re.search(r"^tst_flags = (.+)$", Path("settings.ini").read_text(encoding="utf-8"), re.MULTILINE)[1].split()
FLAG = re.compile(rf"#\| ({'|'.join(FLAGS)})$", re.MULTILINE)
FOLDER = re.compile(r"(file://|/(tmp|var/folders|home|opt|root|Users)/\w)")  # of a machine, in an output


def long_functions(source: str):
    "Yields name and lines of each function that is too long."
    try: tree = ast.parse(re.sub(r"^\s*[!%].*$", "", source, flags=re.MULTILINE))
    except SyntaxError: return  # a cell of another language, or a command
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)): continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        if node.end_lineno - first + 1 > FUNCTION: yield node.name, node.end_lineno - first + 1


def faults_of_source(source: str, place: str):
    "Yields what is too wide or too long in a piece of code."
    for number, line in enumerate(source.splitlines(), 1):
        written_by_nbdev = line.startswith(("__all__ = ", "           '"))
        too_wide = len(line) > COLUMNS and not written_by_nbdev
        if too_wide: yield f"{place}, line {number}: {len(line)} columns: {line.strip():.60}"
    for name, lines in long_functions(source): yield f"{place}: the function {name} has {lines} lines"


def faults_of_notebook(path: Path):
    "The same for a notebook's code cells."
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        source, place = "".join(cell["source"]), f"{path} cell {number}"
        if cell["cell_type"] != "code": continue
        yield from faults_of_source(source, place)
        tags = cell["metadata"].get("tags", [])
        if FLAG.match(source) and "skip-execution" not in tags: yield f"{place}: a flag, but no tag skip-execution"
        lines = len(source.splitlines())
        if source.startswith("#| export") and lines > CELL: yield f"{place}: an exported cell of {lines} lines"
        if (found := FOLDER.search(json.dumps(cell["outputs"]))): yield f"{place}: its output names {found[0]}"


def faults_of_file(path: Path):
    "The same for a Python file."
    source = path.read_text(encoding="utf-8")
    yield from faults_of_source(source, str(path))
    lines = len(source.splitlines())
    if lines > MODULE: yield f"{path}: a module of {lines} lines"


def main() -> int:
    notebooks = [Path(word) for word in sys.argv[1:]]
    files = []
    if not notebooks:
        notebooks = sorted(path for path in Path("nbs").rglob("*.ipynb") if "_proc" not in path.parts)
        places = (Path("squad_slm"), Path("nbs/benchmarks"), Path(".ci"), Path("."))
        files = sorted(path for place in places for path in place.glob("*.py") if path.name != "_modidx.py")
    faults = [fault for path in notebooks for fault in faults_of_notebook(path)]
    faults += [fault for path in files for fault in faults_of_file(path)]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(notebooks)} notebooks, {len(files)} files: {len(faults)} too wide or too long")
    return bool(faults)


if __name__ == "__main__": sys.exit(main())
