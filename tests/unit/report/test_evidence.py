"""The evidence of a report as plain files."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.claims import Claim
from patentnav.report import Report, Section, Table, Text

if TYPE_CHECKING:
    from pathlib import Path


def small(lang: str) -> Report:
    """One finding with its claims, one table, one gap."""
    values = {
        "n": Claim("x:n", "count", "set", "distinct", 2, unit="owner"),
        "q": Claim("x:q", "trend", "technology:T01", "relative_growth", 1.2, label="T01", q=0.4, n=12,
                   test="fisher", window=(2019, 2023), direction=1),
    }  # fmt: skip
    finding = Text("note", {"parts": f"{values['n']}", **values}, "finding")
    missing = Text("missing.other", {"reason": "no citations"}, "missing")
    table = Table("owners", pd.DataFrame({"applicant": ["=A", "B"], "count": [2, 1]}))
    section = Section("direction.applicants", 2, "1.1", (finding, missing, table))
    return Report("t", "", lang, (("a", "b"),), (section,))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_claims_tables_and_brief(tmp_path: Path, lang: str) -> None:
    folder = small(lang).evidence(tmp_path / "evidence")
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert names == ["brief.md", "claims.csv", "claims.json", "figures/index.csv",
                     "tables/01-owners.csv", "tables/index.csv"]  # fmt: skip
    rows = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    assert [(r["claim_id"], r["value"], r["window"]) for r in rows] == [
        ("x:n", 2, None), ("x:q", 1.2, [2019, 2023])]  # fmt: skip
    assert all(len(r["sentences"]) == 1 for r in rows)
    assert pd.read_csv(folder / "claims.csv")["claim_id"].tolist() == ["x:n", "x:q"]
    brief = (folder / "brief.md").read_text(encoding="utf-8")
    assert "x:n, x:q" in brief  # the finding cites its claims
    assert "0.400" in brief  # what passed no test is told
    assert "no citations" in brief


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    folder = small("en").evidence(tmp_path / "evidence")
    assert '"=A' not in (text := (folder / "tables/01-owners.csv").read_text(encoding="utf-8-sig"))
    assert "\n=A" not in text


def test_whole_or_not_at_all(tmp_path: Path) -> None:
    report = small("en")
    folder = report.evidence(tmp_path / "evidence")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    report.evidence(folder)  # one of ours is replaced by the same bytes
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    (folder / "tables" / "mine.xlsx").write_bytes(b"mine")
    with pytest.raises(pnav.errors.ArgumentError, match=r"mine\.xlsx"):
        report.evidence(folder)
    assert (folder / "tables" / "mine.xlsx").read_bytes() == b"mine"


def test_the_brief_has_the_clients_question(tmp_path: Path) -> None:
    asked = dataclasses.replace(small("zh"), question="我市企业应当与谁合作？")
    text = (asked.evidence(tmp_path / "evidence") / "brief.md").read_text(encoding="utf-8")
    assert "我市企业应当与谁合作？" in text
