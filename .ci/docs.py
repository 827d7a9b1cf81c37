"""What the docs lack: python .ci/docs.py, from the project's folder. Exit code 1 if anything is missing.

The pages are made as nbdev makes them, by `nbdev.serve.proc_nbs`, but not rendered, which needs the Quarto program.
Every exported name must be shown with its parameters explained; every link within the project must lead somewhere.
Links to other sites are counted, not followed."""
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SITE = "https://squad-slm.github.io/squad_slm/"
HOSTS = r"(?:github\.com|colab\.research\.google\.com/github)"
REPOSITORY = re.compile(HOSTS + r"/squad-slm/squad_slm/(?:blob|tree)/main/(.+)")
LINK = re.compile(r"\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")
HEAD = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def processed_pages(folder: Path) -> dict:
    "Each page's text by its place in the docs, made in a copy of the project."
    copied = ("nbs", "squad_slm", "settings.ini", "pyproject.toml", "setup.py", "README.md")
    for name in copied: (shutil.copytree if Path(name).is_dir() else shutil.copy)(name, folder / name)
    program = "from nbdev.serve import proc_nbs; proc_nbs(n_workers=0, force=True)"
    environment = os.environ | {"PYTHONPATH": str(folder), "HF_HUB_OFFLINE": "1"}
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=folder, env=environment, check=True)
    pages = {}
    for path in sorted((folder / "_proc").rglob("*.ipynb")):
        place = path.relative_to(folder / "_proc")
        pages[place.with_name(re.sub(r"^\d+_", "", place.stem) + ".html").as_posix()] = page_text(path)
    return pages


def page_text(path: Path) -> str:
    "Prose, code that is shown (fenced), and Markdown that cells give."
    texts = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        texts.append(f"```\n{source}\n```" if cell["cell_type"] == "code" else source)
        for output in cell.get("outputs", []): texts.append("".join(output.get("data", {}).get("text/markdown", "")))
    return "\n\n".join(texts)


def own_classes(tree: ast.Module) -> set:
    "Names of classes that say themselves how they are made; others take what the class below them takes."
    found = {node for node in tree.body if isinstance(node, ast.ClassDef)}
    makes = lambda node: any(isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in node.body)
    patched = {"QATrainer", "QuestionAnswerer"}  # `@patch` gives them their methods
    return {node.name for node in found if makes(node) or node.name in patched}


def unexplained_names(module: Path, page: str, all_pages: str):
    "Yields what a module exports and its page does not explain."
    tree = ast.parse(module.read_text(encoding="utf-8"))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    patches = lambda node: any(getattr(way, "id", "") == "patch" for way in node.decorator_list)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not patches(node)}
    assigned = [node for node in tree.body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "")]
    exported = next((ast.literal_eval(node.value) for node in assigned if node.targets[0].id == "__all__"), [])
    for name in exported:
        if name in classes | functions: shown = re.search(rf"^### {name}$", page, re.MULTILINE)
        else: shown = re.search(rf"^(\w+, )*{name}\b.* = |^### {name}$", all_pages, re.MULTILINE)
        if not shown: yield f"{module}: {name} is not in the docs"
    for name, signature in re.findall(r"^### (\S+)\n+```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        if name in classes - own_classes(tree): continue  # fields are explained in the class's source, or by its base
        for line in signature.splitlines():
            unexplained = line.startswith("    ") and "#" not in line and not line.startswith("    *")
            if unexplained: yield f"{module}: {name} does not explain {line.strip()}"
    for name in classes - own_classes(tree):
        fields = re.search(rf"^class {name}\b.*?(?=^```|^class )", page, re.MULTILINE | re.DOTALL)
        lines = re.findall(r"^    (\w+): ([^#\n]+)$", fields[0], re.MULTILINE) if fields else []
        bare = [field for field, value in lines if " = option(" not in value]  # an option says what it is for
        yield from (f"{module}: {name}.{field} is not explained" for field in bare)


def lost_link(link: str, page: str, anchors: dict) -> bool | None:
    "Whether a link leads nowhere; None if it leads out of the project."
    if link.startswith(SITE) or link.startswith("#"):
        place, _, anchor = (page + link if link.startswith("#") else link.removeprefix(SITE)).partition("#")
        return (place or "index.html") not in anchors or bool(anchor) and anchor.lower() not in anchors[place]
    in_repository = REPOSITORY.search(link)
    if in_repository: return not Path(in_repository[1].partition("#")[0]).exists()
    if re.match(r"[a-z]+:", link): return None
    source = Path("nbs", page).parent if page.endswith(".html") else Path(page).parent
    return not (source / link.partition("#")[0]).exists()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder: pages = processed_pages(Path(folder))
    files = {name: Path(name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")}
    heads = {place: HEAD.findall(text) for place, text in (pages | files).items()}
    anchors = {place: {re.sub(r"[^\w. -]", "", head).strip().lower().replace(" ", "-") for head in found}
               for place, found in heads.items()}
    faults, leading_out, followed = [], 0, 0
    for module in sorted(Path("squad_slm").glob("[a-z]*.py")):
        page = f"api/{module.stem}.html"
        if page in pages: faults += unexplained_names(module, pages[page], "\n".join(pages.values()))
        else: faults.append(f"{module}: has no page")
    records = Path("nbs/benchmarks/records/README.md")
    for page, text in (pages | files | {str(records): records.read_text(encoding="utf-8")}).items():
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        for link in LINK.findall(prose):
            lost = lost_link(link, page, anchors)
            leading_out, followed = leading_out + (lost is None), followed + (lost is not None)
            if lost: faults.append(f"{page}: {link} leads nowhere")
    print(*faults, sep="\n", end="\n" if faults else "")
    links = f"{followed} links within the project, {leading_out} to other sites"
    print(f"{len(pages)} pages, {links}: {len(faults)} faults")
    return bool(faults)


if __name__ == "__main__": sys.exit(main())
