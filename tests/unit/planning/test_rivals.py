"""Owners side by side, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts, planning


def rivals(*, wide: bool = False) -> pnav.PatentSet:
    """``a``: 10 units in 2010, 40 in 2012; ``b``: 5 in 2010, 5 in 2012.

    Of a's first 20 units 10 are in force, 5 lapsed and 5 pending.
    """
    rows = [("a", 2010)] * 10 + [("a", 2012)] * 40 + [("b", 2010)] * 5 + [("b", 2012)] * 5
    ids = [f"CN{i}A" for i in range(len(rows))]
    status = ["in_force"] * 10 + ["lapsed"] * 5 + ["pending"] * 5 + [None] * (len(rows) - 20)
    publications = pd.DataFrame(
        {
            "authority": ["CN" if i % 2 else "US" for i in range(len(rows))],
            "application_date": pd.to_datetime([f"{year}-06-01" for _, year in rows]),
            "legal_status": status,
        },
        index=pd.Index(ids, name="publication_id"),
    )
    if wide:
        publications["pct_application_id"] = ["PCT/CN2010/000001"] + [None] * (len(rows) - 1)
    parties = pd.DataFrame(
        {"publication_id": ids, "role": "applicant", "name_raw": [owner for owner, _ in rows]}
    )
    return pnav.PatentSet.from_tables({"publications": publications, "parties": parties})


def compared(patents: pnav.PatentSet, **more: object) -> pd.DataFrame:
    owners = facts.owners(patents, which="all")
    return planning.compare(
        patents, owners, ["a", "b"], unit="publication", years=(2010, 2012), **more
    ).set_index("owner")


def test_rate_needs_a_base() -> None:
    table = compared(rivals())
    assert table["units"].to_dict() == {"a": 50, "b": 10}
    assert table.loc["a", "rate"] == pytest.approx(1.0)  # 10 to 40 in two years: doubled yearly
    assert pd.isna(table.loc["b", "rate"])  # a base of five is no base


def test_pending_units_are_not_decided() -> None:
    table = compared(rivals())
    assert table.loc["a", ["decided", "in_force"]].tolist() == [15, 10]
    assert table.loc["a", "in_force_share"] == pytest.approx(10 / 15)
    assert pd.isna(table.loc["b", "in_force_share"])


def test_pct_is_unknown_where_the_set_does_not_tell() -> None:
    assert compared(rivals())["pct"].isna().all()
    assert compared(rivals(wide=True))["pct"].to_dict() == {"a": 1, "b": 0}


def test_overlap_is_the_sum_of_the_smaller_shares() -> None:
    patents = rivals()
    ids = patents.publications.index
    owner = patents.parties.set_index("publication_id")["name_raw"].reindex(ids)
    # a: 40 of 50 in x, 10 in y; b: all ten in y.
    place = pd.Series(range(len(ids)), index=ids).groupby(owner).rank()
    technology = ["y" if o == "b" or p <= 10 else "x" for o, p in zip(owner, place, strict=True)]
    of = pd.DataFrame({"publication_id": ids, "technology": technology})
    table = compared(patents, technology_of=of, percentile=pd.Series(50.0, index=ids))
    assert pd.isna(table.loc["a", "overlap"])
    assert table.loc["b", "overlap"] == pytest.approx(0.2)
    assert table["main_technologies"].tolist() == [("x", "y"), ("y",)]
    assert table["percentile"].tolist() == [50.0, 50.0]
