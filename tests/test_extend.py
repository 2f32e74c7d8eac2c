"""The how-to on extending from outside does what it says, and nothing of the package is copied."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import patentnav

PAGE = Path(__file__).resolve().parent.parent / "docs" / "howto" / "extend.md"
# A block is a file when a line with its name stands before it.
BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
THINGS = {
    "our/formats/our-office.toml",
    "our/reports/brief.toml",
    "title_length.py",
    "yearly.py",
    "markdown.py",
    "our/locale/en-ours.toml",
    "export.csv",
}


def blocks() -> list[tuple[str | None, str, str]]:
    text = PAGE.read_text(encoding="utf-8")
    return [(m["file"], m["kind"], m["text"]) for m in BLOCK.finditer(text)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader followed the page from top to bottom, in a process of its own."""
    place = tmp_path_factory.mktemp("extend")
    # What stands before a block is there when the block runs; files further down are not.
    program = ["import pathlib, subprocess, sys, warnings", "warnings.simplefilter('error')"]
    for file, kind, text in blocks():
        if file is not None:
            program.append(
                f"pathlib.Path({file!r}).parent.mkdir(parents=True, exist_ok=True)\n"
                f"pathlib.Path({file!r}).write_text({text!r}, encoding='utf-8')"
            )
        elif kind == "python":
            program.append(text)
        elif kind == "bash":
            for line in text.splitlines():
                words = shlex.split(line)[1:]
                program.append(
                    f"subprocess.run([sys.executable, '-m', 'patentnav.cli', *{words!r}], check=True)"
                )
    (place / "all.py").write_text("\n".join(program), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "all.py"], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return place


def test_the_page_shows_one_file_per_thing() -> None:
    assert {file for file, _, _ in blocks() if file} == THINGS


def test_what_it_promises_is_there(folder: Path) -> None:
    for name in ("brief.docx", "brief.md", "brief-zh.html", "brief-zh.xlsx"):
        assert (folder / name).stat().st_size > 50
    page = (folder / "brief-zh.html").read_text(encoding="utf-8")
    for words in ("简报", "概况", "历年申请", "技术领域", "附录", "按申请年份统计的公开件数"):
        assert words in page


def test_no_file_is_a_copy_of_one_of_the_package(folder: Path) -> None:
    """No line of ten words or more of these files stands in a file of the same kind here."""
    for name in THINGS - {"export.csv"}:
        own = [x.strip() for x in (folder / name).read_text(encoding="utf-8").splitlines()]
        kind = Path(name).suffix
        package = {
            line.strip()
            for file in Path(patentnav.__file__).parent.rglob(f"*{kind}")
            for line in file.read_text(encoding="utf-8").splitlines()
        }
        assert [x for x in own if len(x.split()) >= 10 and x in package] == []
