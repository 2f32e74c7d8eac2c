"""Links of a breakdown: members, leaders and the region's position."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import ArgumentError, PatentSet, planning, taxonomy


@pytest.fixture
def tree() -> taxonomy.Taxonomy:
    nodes = {
        "T": taxonomy.Node("T", None, {"en": "Cars"}), "T1": taxonomy.Node("T1", "T", {"en": "Wheel"}),
        "T2": taxonomy.Node("T2", "T", {"en": "Seat"}), "S": taxonomy.Node("S", None, {"en": "Ships"}),
    }  # fmt: skip
    return taxonomy.Taxonomy("ours", {"en": "Ours"}, nodes)


def _memberships() -> pd.DataFrame:
    rows = [("CN1A", "T", "T1"), ("CN2A", "T", "T1"), ("CN3A", "T", None), ("CN4A", "S", None)]
    frame = pd.DataFrame(rows, columns=["publication_id", "industry", "sub_sector"])
    return frame.assign(weight=1.0)


def test_a_link_is_a_sub_sector_or_an_industry_without_any(tree) -> None:
    members = planning.link_members(_memberships(), tree)
    assert dict(zip(members["publication_id"], members["link"], strict=True)) == {
        "CN1A": "T1", "CN2A": "T1", "CN4A": "S",
    }  # fmt: skip
    assert members.attrs["unplaced"] == 1  # of cars, but of which part is not known


def test_nobody_leads_where_two_hold_most(tree) -> None:
    patents = PatentSet.from_tables(
        {"publications": pd.DataFrame(index=["CN1A", "CN2A", "CN3A", "CN4A"])}
    )
    members = planning.link_members(_memberships(), tree)
    owners = pd.DataFrame({"publication_id": ["CN1A", "CN2A", "CN4A"], "owner": ["x", "y", "x"]})
    table = planning.chain(patents, members, owners, basis=None, unit="publication")
    found = table.set_index("link")
    assert found["count"].to_dict() == {"T1": 2, "S": 1}
    assert pd.isna(found.loc["T1", "leader"])
    assert found.loc["S", "leader"] == "x"
    assert found["state"].isna().all()  # nothing is dated
    with pytest.raises(ArgumentError):
        planning.chain(patents, members.head(0), owners, basis=None)


def test_positions_need_a_test_that_is_passed() -> None:
    own = pd.Series({"a": 60, "b": 5, "c": 0, "d": 0, "e": 35})
    rest = pd.Series({"a": 30, "b": 60, "c": 50, "d": 1, "e": 59})
    against = planning.standing(own, rest, own_total=100, rest_total=200)
    found = dict(zip(against["technology"], planning.positions(against), strict=True))
    assert found == {"a": "strong", "b": "weak", "c": "empty", "d": "even", "e": "even"}
