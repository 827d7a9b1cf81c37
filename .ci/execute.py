"""Runs notebooks and saves their outputs: python .ci/execute.py NOTEBOOK ... [--flagged], from the project's folder.

Cells with a flag of tst_flags carry the tag skip-execution and are left out; with --flagged they run too.
Progress bars are for those who wait: they are dropped, and so are the widgets that they leave in the metadata.
So are warnings of other libraries about their own code, which name the machine's folders.
Temporary folders, which have other names each time, become "..."."""
import json
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from execnb.nbio import read_nb, write_nb
from nbclient import NotebookClient
from nbdev.clean import clean_nb

BAR = re.compile(r"\d+%\||\d+(\.\d+)?(it|s)/(s|it)\b|^\s*$")  # a line of tqdm
TEMPORARY = re.compile(re.escape(json.dumps(tempfile.gettempdir())[1:-1]) + r"[/\\]+tmp\w{8}")  # another each time


def is_bar(output) -> bool:
    "Whether an output is nothing but a progress bar, or a library's warning."
    if output.get("name") == "stderr" and "site-packages" in output["text"]: return True
    if output["output_type"] == "stream": return all(BAR.search(line) for line in re.split(r"[\r\n]", output["text"]))
    return "application/vnd.jupyter.widget-view+json" in output.get("data", {})


paths = [Path(word) for word in sys.argv[1:] if word != "--flagged"]
tag = "none" if "--flagged" in sys.argv else "skip-execution"
for path in paths:
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(
        notebook, timeout=None if tag == "none" else 3600, skip_cells_with_tag=tag, resources=resources
    ).execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code": cell.outputs = [output for output in cell.outputs if not is_bar(output)]
        for output in cell.get("outputs", []): output.update(json.loads(TEMPORARY.sub("...", json.dumps(output))))
    nbformat.write(notebook, path)
    cleaned = read_nb(path)
    clean_nb(cleaned, allowed_cell_metadata_keys=["tags"], clean_ids=False)
    write_nb(cleaned, path)
    print(path)
