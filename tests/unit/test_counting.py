"""Units and shares, on cases small enough to count by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import PatentSet, counting


@pytest.fixture
def patents() -> PatentSet:
    publications = pd.DataFrame(
        {
            "title": list("abcd"),
            "application_id": ["CN1", "CN1", "CN2", None],
            "industry": ["ict", "ict", None, "biomed"],
        },
        index=["CN1A", "CN1B", "CN2A", "US9A1"],
    )
    families = pd.DataFrame(
        {"scheme": "simple", "family_id": "F", "publication_id": ["CN1B", "US9A1"]}
    )
    return PatentSet.from_tables({"publications": publications, "families": families})


def test_units(patents: PatentSet) -> None:
    assert counting.unit_ids(patents, "publication").nunique() == 4
    assert counting.unit_ids(patents, "application").to_dict() == {
        "CN1A": "CN1", "CN1B": "CN1", "CN2A": "CN2", "US9A1": "US9A1",
    }  # fmt: skip
    # CN1A is in no family row, but its application is.
    assert counting.unit_ids(patents, "family").to_dict() == {
        "CN1A": "F", "CN1B": "F", "CN2A": "CN2", "US9A1": "F",
    }  # fmt: skip


def test_family_without_families_says_what_to_do(patents: PatentSet) -> None:
    bare = PatentSet.from_tables({"publications": patents.publications})
    with pytest.raises(pnav.MissingTableError, match='unit="application"'):
        counting.unit_ids(bare, "family")
    assert counting.best_unit(bare) == "application"
    assert counting.best_unit(patents) == "family"


def test_unknown_unit(patents: PatentSet) -> None:
    with pytest.raises(pnav.ArgumentError, match="patent"):
        counting.unit_ids(patents, "patent")  # type: ignore[arg-type]


def test_shares_fractional_sum_to_one(patents: PatentSet) -> None:
    membership = pd.DataFrame(
        {
            "publication_id": ["CN1A", "CN1A", "CN2A", "ZZ"],
            "industry": ["ict", "biomed", "ict", "ict"],
            "weight": [2.0, 1.0, 0.5, 1.0],
        }
    )
    fractional = counting.shares(patents, membership)
    assert fractional.groupby("publication_id")["weight"].sum().to_dict() == {"CN1A": 1, "CN2A": 1}
    assert fractional.iloc[0].to_list() == ["CN1A", "biomed", pytest.approx(1 / 3)]
    whole = counting.shares(patents, membership, "whole")
    assert whole["weight"].eq(1).all()


def test_shares_of_a_column_leave_unknown_out(patents: PatentSet) -> None:
    assert set(counting.shares(patents, "industry")["publication_id"]) == {"CN1A", "CN1B", "US9A1"}
    with pytest.raises(pnav.MissingColumnError, match="assign"):
        counting.shares(patents, "sector")
