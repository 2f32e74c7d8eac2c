"""Counts in body text and notes are claims too, and tables print no column of dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from patentnav.report.blocks import Table, Text

if TYPE_CHECKING:
    from patentnav.report.document import Report

# Accounts of the appendix are read off it; moves follow stated rules, as the text says.
UNCLAIMED = ("methods.", "missing.", "position.talent.moves", "position.talent.no_moves")
COUNTED = ("summary.findings.lead", "direction.applicants.joined", "direction.strength.entrants",
           "direction.strength.nobody", "path.branches.owners", "path.branches.region")  # fmt: skip


@pytest.mark.parametrize("name", ["report", "english"])
def test_counts_are_claims(name: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(name)
    seen = [b for b in report.blocks() if isinstance(b, Text) and b.key.startswith(COUNTED)]
    assert seen
    for block in seen:
        bare = set(block.bare(report.lang)) - {
            "start",
            "end",
            "before_start",
            "before_end",
            "fewest",
        }
        assert not bare, block.key
        assert block.claims
    assert report.claims["claim_id"].is_unique


def test_no_column_of_dashes(report: Report) -> None:
    for block in report.blocks():
        if isinstance(block, Table) and len(block.frame):
            empty = block.frame.isna().all()
            assert not empty.any() or empty.all(), block.id


def test_a_year_that_fills_has_no_growth(report: Report) -> None:
    table = next(t for t in report.tables if t.id == "years")
    late = table.frame["completeness"] != "完整"
    assert table.frame.loc[late, "growth"].isna().all()
    assert table.frame.loc[~late, "growth"].notna().any()


def test_a_table_keeps_what_is_unknown_throughout() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [None, None]})
    assert [*Table("x", frame).told().frame.columns] == ["a"]
    assert [*Table("x", frame[["b"]]).told().frame.columns] == ["b"]
