"""Writes README.md from nbs/index.ipynb, without Quarto. With --check it only says whether README.md is up to date."""
import re
import sys
from pathlib import Path

import nbformat
from nbconvert import MarkdownExporter


def readme() -> str:
    "The notebook's prose and outputs as Markdown. Code is shown unless its cell says `#| echo: false`."
    notebook = nbformat.read("nbs/index.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type != "code": continue
        lines = cell.source.splitlines()
        if "#| echo: false" in lines or "#| hide" in lines: cell.metadata["tags"] = ["remove-input"]
        if "#| hide" in lines: cell.outputs = []
        cell.source = "\n".join(line for line in lines if not line.startswith("#|"))
    removing = {"TagRemovePreprocessor": {"enabled": True, "remove_input_tags": ("remove-input",)}}
    text, _ = MarkdownExporter(config=removing).from_notebook_node(notebook)
    text = "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
    return re.sub(r"\n{3,}", "\n\n", text)


current = Path("README.md")
if "--check" not in sys.argv: current.write_text(readme(), encoding="utf-8")
elif readme() != current.read_text(encoding="utf-8"):
    sys.exit("README.md is not what nbs/index.ipynb gives: run python .ci/readme.py")
