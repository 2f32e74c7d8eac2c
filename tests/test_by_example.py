"""The pages "by example" say what comes out, and leave no public name out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import patentnav

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference" / "by-example"
PAGES = sorted(f for f in FOLDER.glob("*.md") if f.stem != "index")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


# The pages register sections, indicators and words of their own: a process of their own runs them.
PROGRAM = """
import doctest, json, os, sys, tempfile, warnings
from pathlib import Path

import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt

warnings.simplefilter("ignore")  # a small city has many a thin table, and is told so
begun = {}
exec(sys.stdin.read(), begun)
flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
for page in map(Path, sys.argv[1:]):
    os.chdir(tempfile.mkdtemp(dir="."))
    text = page.read_text(encoding="utf-8")
    tests = doctest.DocTestParser().get_doctest(text, dict(begun), page.stem, str(page), 0)
    said = []
    result = doctest.DocTestRunner(optionflags=flags).run(tests, out=said.append)
    plt.close("all")
    line = {"page": page.stem, "failed": result.failed, "tried": result.attempted, "said": said}
    print("@" + json.dumps(line), flush=True)
    os.chdir("..")
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What came of every page."""
    (lines,) = BLOCK.findall((FOLDER / "index.md").read_text(encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, PAGES)], input=lines, capture_output=True,
        text=True, check=False, cwd=tmp_path_factory.mktemp("pages"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = [json.loads(x[1:]) for x in done.stdout.splitlines() if x.startswith("@")]
    return {one["page"]: one for one in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda f: f.stem)
def test_page_runs(page: Path, ran: dict[str, dict[str, Any]]) -> None:
    assert ran[page.stem]["failed"] == 0, "".join(ran[page.stem]["said"])
    assert ran[page.stem]["tried"] > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda f: f.stem)
def test_page_leaves_no_public_name_out(page: Path) -> None:
    module = getattr(patentnav, page.stem)
    code = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    names = [n for n in module.__all__ if callable(getattr(module, n))]
    assert [n for n in names if not re.search(rf"\b{n}\b", code)] == []


def test_every_module_has_a_page() -> None:
    public = {
        name
        for name in patentnav._MODULES
        if any(callable(getattr(getattr(patentnav, name), n)) for n in
               getattr(getattr(patentnav, name), "__all__", []))
    }  # fmt: skip
    assert {f.stem for f in PAGES} == public


def test_hand_written_pages_name_only_what_there_is() -> None:
    """A call `pnav.<module>.<name>` of a page is one that a reader can make."""
    docs = FOLDER.parents[1]
    pages = [p for p in docs.rglob("*.md") if not {"generated", "dev"} & set(p.parts)]
    pages += [docs.parent / "README.md", docs.parent / "README.zh-CN.md"]
    gone = [
        f"{page.name}: {call[0]}"
        for page in pages
        for call in re.finditer(r"pnav\.(\w+)\.(\w+)", page.read_text(encoding="utf-8"))
        if call[1] in patentnav._MODULES and not hasattr(getattr(patentnav, call[1]), call[2])
    ]
    assert gone == []
