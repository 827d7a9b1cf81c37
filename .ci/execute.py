"""Runs notebooks and saves their outputs: python .ci/execute.py NOTEBOOK ... [--flagged], from the project's folder.

Cells with a flag of tst_flags carry the tag skip-execution and are left out; with --flagged they run too. The widgets that progress bars leave in the metadata are dropped."""
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbdev.clean import clean_nb
from execnb.nbio import read_nb, write_nb

for path in map(Path, (word for word in sys.argv[1:] if word != "--flagged")):
    notebook = nbformat.read(path, as_version=4)
    tag = "none" if "--flagged" in sys.argv else "skip-execution"
    NotebookClient(notebook, timeout=None if tag == "none" else 3600, skip_cells_with_tag=tag, resources={"metadata": {"path": str(path.parent)}}).execute()
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, path)
    cleaned = read_nb(path)
    clean_nb(cleaned, allowed_cell_metadata_keys=["tags"], clean_ids=False)
    write_nb(cleaned, path)
    print(path)
