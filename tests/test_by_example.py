"""The pages "by example" say what comes out, and leave no public name out."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import patentnav

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference" / "by-example"
PAGES = sorted(f for f in FOLDER.glob("*.md") if f.stem != "index")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def begun() -> dict[str, Any]:
    """What the first lines of every page make."""
    names: dict[str, Any] = {}
    (lines,) = BLOCK.findall((FOLDER / "index.md").read_text(encoding="utf-8"))
    exec(lines, names)
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda f: f.stem)
@pytest.mark.filterwarnings("ignore")  # a small city has many a thin table, and is told so
def test_page_runs(
    page: Path, begun: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mpl, "get_backend", lambda: "agg")
    text = page.read_text(encoding="utf-8")
    tests = doctest.DocTestParser().get_doctest(text, dict(begun), page.stem, str(page), 0)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    said: list[str] = []
    result = doctest.DocTestRunner(optionflags=flags).run(tests, out=said.append)
    plt.close("all")
    assert result.failed == 0, "".join(said)
    assert result.attempted > 0


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
