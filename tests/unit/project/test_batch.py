"""Batches: one that fails stops none and changes none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import patentnav as pnav
from patentnav import cli
from patentnav.project.batch import projects

from .conftest import OUTLINE, manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_one_that_fails_stops_none(
    make: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good project, one with a plugin of its own, one with a broken input, one without a file."""
    good = make("good/project.toml")
    own = make(
        "own/project.toml", project={"lang": "en", "plugins": ["own.py"]}, report={"formats": "txt"}
    )
    plugin = (
        "from patentnav.report import renderer\n\n@renderer('.txt')\ndef f(r):\n    return b'own'\n"
    )
    (own.parent / "own.py").write_text(plugin, encoding="utf-8")
    broken = make("broken/project.toml", input={"files": ["broken.xlsx"]})
    (broken.parent / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (tmp_path / "typo.toml").write_text("[report]\nper = 'year'\n", encoding="utf-8")
    assert cli.main(["batch", str(tmp_path)]) == cli.FAILED
    said = capsys.readouterr()
    assert "4 projects: 2 done, 2 failed" in said.err
    rows = [line.split() for line in said.out.splitlines()]
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("broken/project.toml", "failed"), ("good/project.toml", "done"),
        ("own/project.toml", "done"), ("typo.toml", "failed"),
    ]  # fmt: skip
    assert "broken.xlsx" in said.out
    assert (own.parent / "out" / "report-en.txt").read_bytes() == b"own"
    made = manifest(good)["outputs"]
    alone = make("alone/project.toml")
    pnav.project.run(alone)
    assert manifest(alone)["outputs"] == made


def test_an_end_of_the_process_is_its_own(tmp_path: Path, make: Callable[..., Path]) -> None:
    file = make("end/project.toml", project={"plugins": ["end.py"]})
    (file.parent / "end.py").write_text("import os\nos._exit(7)\n", encoding="utf-8")
    fault = make("fault/project.toml", project={"plugins": ["fault.py"]})
    (fault.parent / "fault.py").write_text("1 / 0\n", encoding="utf-8")
    done = pnav.project.batch(tmp_path, jobs=2)
    assert done["status"].tolist() == ["failed", "failed"]
    assert "exit status 7" in done["error"][0]
    assert done["error"][1] == "ZeroDivisionError: division by zero"
    assert "fault.py" in done["details"][1]


def test_which_files_are_projects(tmp_path: Path) -> None:
    with pytest.raises(pnav.ArgumentError, match="no folder"):
        pnav.project.batch(tmp_path / "none")
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "short.toml").write_text(OUTLINE, encoding="utf-8")
    with pytest.raises(pnav.ArgumentError, match="holds no project"):
        pnav.project.batch(tmp_path)
    for name in ("x.toml", "a/project.toml", "a/b/project.toml"):
        (tmp_path / name).touch()
    found = [p.relative_to(tmp_path).as_posix() for p in projects(tmp_path)]
    assert found == ["a/b/project.toml", "a/project.toml", "x.toml"]
