"""Links of the documentation, the READMEs and the notebooks lead to something that is there."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    p for p in DOCS.rglob("*.md") if not {"_build", "generated"} & set(p.relative_to(DOCS).parts)
)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOURCES = [*sorted(ROOT.glob("*.md")), *PAGES, *NOTEBOOKS]

FENCE = re.compile(r"^ *(```|~~~).*?^ *\1", re.M | re.S)
LINK = re.compile(
    r"\[[^\[\]]*\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s]*)*)>?(?:\s+\"[^\"]*\")?\s*\)"
)
BARE = re.compile(r"https?://[^\s`<>\"'）。，；、]+")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.M)


def prose(file: Path) -> str:
    """The text of a page or notebook without blocks of code."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".ipynb":
        cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "markdown"]
        text = "\n\n".join("".join(c["source"]) for c in cells)
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def anchors(file: Path) -> set[str]:
    """The marks that headings of a page get, and those it sets itself."""
    text = FENCE.sub("", file.read_text(encoding="utf-8"))
    found = set(re.findall(r"^\(([\w-]+)\)=$", text, re.M))
    for heading in HEADING.findall(text):
        words = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]", "", heading).lower())
        found.add(re.sub(r"\s", "-", words))
    return found


def generated() -> set[Path]:
    """Files that building the documentation writes."""
    tree = ast.parse((DOCS / "generate.py").read_text(encoding="utf-8"))
    write = next(n for n in tree.body if getattr(n, "name", "") == "write_pages")
    pages = next(n.value for n in ast.walk(write) if isinstance(n, ast.Assign)
                 and getattr(n.targets[0], "id", "") == "pages")  # fmt: skip
    assert isinstance(pages, ast.Dict)
    names = {k.value for k in pages.keys if isinstance(k, ast.Constant)}
    folder = DOCS / "reference" / "generated"
    return {folder / f"{name}.md" for name in names} | {
        DOCS / "tutorial" / "generated" / file.name for file in NOTEBOOKS
    }


def targets(text: str) -> list[str]:
    return [m[1] for m in LINK.finditer(text)]


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(file: Path) -> None:
    made = generated()
    lost = []
    for target in targets(prose(file)):
        parts = urlsplit(target)
        if parts.scheme in {"http", "https", "mailto"}:
            continue
        page = (file.parent / parts.path).resolve() if parts.path else file
        if not page.exists() and page not in made:
            lost.append(target)
        elif parts.fragment and page.suffix == ".md" and page.exists():
            lost += [target] if parts.fragment not in anchors(page) else []
    assert lost == []


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_outside_links_are_well_formed(file: Path) -> None:
    """Nothing is asked for: an address has a host with a dot, and no blank or bracket too many."""
    for address in BARE.findall(prose(file)):
        parts = urlsplit(address.rstrip(").,;:"))
        assert re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?", parts.netloc), address


def test_trees_name_pages_that_are_there() -> None:
    """Entries of a table of contents are pages (or patterns that find some)."""
    made = generated()
    lost = []
    for page in PAGES:
        for tree in re.findall(r"^:::\{toctree\}\n(.*?)^:::", page.read_text("utf-8"), re.M | re.S):
            for line in filter(None, map(str.strip, tree.splitlines())):
                entry = page.parent / line
                if line.startswith(":") or entry.with_name(entry.name + ".md") in made:
                    continue
                pattern = entry.name if "*" in entry.name else f"{entry.name}.*"
                if not list(entry.parent.glob(pattern)) and not any(
                    m.parent == entry.parent for m in made
                ):
                    lost.append(f"{page.name}: {line}")
    assert lost == []


def test_every_page_stands_in_a_tree() -> None:
    """A reader reaches every page from the first one."""
    reached: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or not page.exists():
            continue
        reached.add(page)
        for tree in re.findall(r"^:::\{toctree\}\n(.*?)^:::", page.read_text("utf-8"), re.M | re.S):
            for line in filter(None, map(str.strip, tree.splitlines())):
                if not line.startswith(":"):
                    waiting += (page.parent / line).parent.glob(f"{Path(line).name}.md")
    assert set(PAGES) - reached == set()


def test_readmes_are_about_the_same() -> None:
    """What one README shows in code, the other shows too."""
    english, chinese = ((ROOT / n).read_text("utf-8") for n in ("README.md", "README.zh-CN.md"))
    calls = [set(re.findall(r"pnav\.[\w.]+", text)) for text in (english, chinese)]
    assert calls[0] == calls[1]
