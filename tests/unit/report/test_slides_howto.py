"""The page on slides and templates does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pptx
import pytest

from patentnav import _resources
from patentnav.report.render.styles import REQUIRED

from .test_templates import firm_deck, firm_document

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "howto" / "slides.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader followed the page, with templates of a firm at hand."""
    place = tmp_path_factory.mktemp("slides")
    firm_deck(place / "firm.pptx")
    firm_document(place / "firm.docx")
    program = ["import warnings", "warnings.simplefilter('ignore')"]
    for block in BLOCK.finditer(PAGE):
        if block["file"]:
            file = place / block["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["text"], encoding="utf-8")
        elif block["kind"] == "python":
            program.append(block["text"])
    (place / "all.py").write_text("\n".join(program), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "all.py"], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return place


def titles(file: Path) -> list[str]:
    return [page.shapes.title.text_frame.text for page in pptx.Presentation(str(file)).slides]


def test_the_page_makes_what_it_says(folder: Path) -> None:
    assert len(titles(folder / "report.pptx")) == 10
    assert len(titles(folder / "short.pptx")) == 6
    assert len(titles(folder / "firm-report.pptx")) == 6
    assert (folder / "firm-report.docx").stat().st_size > 20_000
    deck = pptx.Presentation(str(folder / "short.pptx"))
    table = next(s for s in deck.slides[3].shapes if s.has_table).table
    counts = [int(row.cells[1].text) for row in list(table.rows)[1:]]
    assert counts == sorted(counts, reverse=True)
    assert len(table.columns) == 3


def test_the_page_names_all_styles_layouts_and_forms() -> None:
    look = _resources.load_toml("templates", "docx")
    for name in look["style"]:
        if name not in {"Header", "Footer"}:
            assert name in PAGE, name
    assert f"| {', '.join(REQUIRED)} |" in PAGE
    for one in _resources.load_toml("templates", "pptx")["layout"].values():
        assert ", ".join(one["names"]) in PAGE
