"""The register of what a batch made: readable as the user table NR."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

import patentnav as pnav
from patentnav.project import register, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(make: Callable[..., Path]) -> Path:
    for name, per in (("sectors", "industry"), ("firms", "applicant")):
        file = make(
            f"{name}.toml", project={"author": "某院", "lang": ["zh"]},
            report={"outline": ["industry"], "per": per, "top": 2, "min_publications": 5, "formats": ["html"]},
            output={"folder": f"out-{name}"},
        )  # fmt: skip
        text = file.read_text(encoding="utf-8")
        # An outline of this name that is quick.
        (file.parent / "own" / "reports").mkdir(parents=True, exist_ok=True)
        short = '[[part]]\nid = "methods"\nsections = ["sources"]\n'
        (file.parent / "own" / "reports" / "industry.toml").write_text(short, encoding="utf-8")
        file.write_text(text.replace("[project]", '[project]\ndata = ["own"]'), encoding="utf-8")
    (file.parent / "short.toml").unlink(missing_ok=True)
    for name in ("sectors", "firms"):
        run(file.parent / f"{name}.toml")
    return file.parent


def test_a_register_is_the_table_nr(folder: Path, tmp_path: Path) -> None:
    found = register(folder, finished_on="2025-12-20")
    assert found["kind"].value_counts().to_dict() == {"industry": 2, "enterprise": 2}
    assert found["accepted"].isna().all()
    assert found["project_no"].is_unique
    file = pnav.sheets.write_tables(tmp_path / "register.csv", {"NR": found})
    read = pnav.tables.read(file, "NR")
    assert read.set_aside == 0
    assert len(read.frame) == 4
    hashes = {hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.rglob("*.html")}
    assert set(read.frame["report_sha256"]) == hashes


def test_what_was_edited_is_not_registered(folder: Path) -> None:
    next(folder.rglob("*.html")).write_text("x", encoding="utf-8")
    assert len(register(folder, finished_on="2025-12-20")) == 3


def test_a_day_is_needed(folder: Path) -> None:
    with pytest.raises(pnav.ArgumentError, match="finished_on"):
        register(folder, finished_on="soon")
