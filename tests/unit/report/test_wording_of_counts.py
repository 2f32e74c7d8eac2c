"""Counts in body text and notes are claims too, and tables print no column of dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.report import registry
from patentnav.report.blocks import Table, Text
from patentnav.report.build import _blocks
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.outline import Entry

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


def test_a_year_that_fills_has_no_growth() -> None:
    """Sixty filings a year to 2019, of which those of 2020 are not all published."""
    filed = pd.to_datetime([f"{2010 + i // 60}-03-01" for i in range(11 * 60 - 40)])
    ids = pd.Index([f"CN{100000000 + i}A" for i in range(len(filed))], name="publication_id")
    publications = pd.DataFrame(
        {"application_date": filed, "publication_date": filed + pd.DateOffset(months=16)}, index=ids
    )
    study = pnav.Study(pnav.PatentSet.from_tables({"publications": publications}))
    made = _blocks(
        Edition(study, "zh", Cover()), registry.maker("direction.trend"), Entry("direction.trend")
    )
    frame = next(b for b in made if isinstance(b, Table) and b.id == "years").frame
    late = frame["year"] > study.last_year
    assert late.any()
    assert frame.loc[late, "growth"].isna().all()
    assert frame.loc[~late, "growth"].notna().any()


def test_a_table_keeps_what_is_unknown_throughout() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [None, None]})
    assert [*Table("x", frame).told().frame.columns] == ["a"]
    assert [*Table("x", frame[["b"]]).told().frame.columns] == ["b"]
