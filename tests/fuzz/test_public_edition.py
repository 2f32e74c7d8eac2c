"""The attacker on public editions finds what can be found: a tool that never finds is no test."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture(scope="module")
def attacker() -> ModuleType:
    file = Path(__file__).parents[2] / "benchmarks" / "public_edition.py"
    spec = importlib.util.spec_from_file_location("public_edition", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["public_edition"] = module
    spec.loader.exec_module(module)
    return module


TRUTH = {("firms", "*", "*"): 20.0, ("firms", "a", "*"): 12.0, ("firms", "b", "*"): 6.0,
         ("firms", "c", "*"): 2.0}  # fmt: skip


def test_one_hidden_number_is_the_rest_of_the_total(attacker: ModuleType) -> None:
    known = {("firms", "a", "*"): 12.0, ("firms", "b", "*"): 6.0}
    edition = attacker.Edition(known, TRUTH, {("firms", "c", "*")})
    tried, lost = attacker.recovered([edition])
    assert tried == 1
    assert "between 2 and 2" in lost[0]


def test_two_hidden_numbers_keep_each_other(attacker: ModuleType) -> None:
    edition = attacker.Edition({("firms", "a", "*"): 12.0}, TRUTH, {("firms", "c", "*")})
    assert attacker.recovered([edition]) == (1, [])


def test_last_years_edition_gives_away_what_did_not_change(attacker: ModuleType) -> None:
    before = attacker.Edition({("firms", "b", "*"): 6.0}, TRUTH, {("firms", "c", "*")})
    later = {**TRUTH, ("firms", "a", "*"): 13.0, ("firms", "*", "*"): 21.0}
    now = attacker.Edition({("firms", "a", "*"): 13.0}, later, {("firms", "c", "*")})
    tried, lost = attacker.recovered([before, now])
    assert tried == 2
    assert len(lost) == 2, "each edition alone keeps it, both together do not"


def test_a_number_that_any_file_prints_is_known(attacker: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "edition.html"
    page.write_text(
        "<table><tr><th>区县</th><th>企业（家）</th></tr><tr><td>甲区</td><td>1,203</td></tr>"
        "<tr><td>乙区</td><td>–</td></tr></table>",
        encoding="utf-8",
    )
    edition = attacker.Edition()
    assert attacker.read(page, {}, edition) == 1
    assert edition.known == {("firms", "甲区", "*"): 1203.0}
