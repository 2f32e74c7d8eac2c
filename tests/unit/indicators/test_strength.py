"""Strength, turnover and churn, worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import ArgumentError, CoverageWarning, PatentSet, indicators

ROWS = [  # field, year, owners
    ("x", 2010, ["A"]), ("x", 2011, ["A", "B"]), ("x", 2012, ["B"]), ("x", 2016, ["A"]),
    ("x", 2017, ["C"]), ("x", 2018, ["D"]), ("y", 2011, ["B"]), ("y", 2017, ["D"]), ("x", 2005, ["D"]),
]  # fmt: skip


@pytest.fixture
def patents():
    index = pd.Index([f"CN{i}A" for i in range(len(ROWS))], name="publication_id")
    frame = pd.DataFrame(
        {"field": [r[0] for r in ROWS], "application_date": [f"{r[1]}-03-01" for r in ROWS],
         "publication_date": "2021-01-01", "application_id": [f"CN{i}" for i in range(len(ROWS))]},
        index=index,
    )  # fmt: skip
    parties = pd.DataFrame(
        [(index[i], n, name) for i, r in enumerate(ROWS) for n, name in enumerate(r[2], 1)],
        columns=["publication_id", "position", "name_raw"],
    ).assign(role="applicant")
    return PatentSet.from_tables({"publications": frame, "parties": parties})


def test_strength_by_hand(patents):
    """x has 7 units: A 2.5, D 2, B 1.5, C 1; y has B and D one each.

    RTA of A in x: 1 / (7/9); of B in x: (1.5/2.5) / (7/9).
    """
    table = indicators.strength(patents, "field").set_index(["group", "entity"])
    assert table["count"].to_dict() == {
        ("x", "A"): 2.5, ("x", "D"): 2, ("x", "B"): 1.5, ("x", "C"): 1, ("y", "B"): 1, ("y", "D"): 1,
    }  # fmt: skip
    assert table["rank"].tolist() == [1, 2, 3, 4, 1, 1]
    assert table.loc[("x", "A"), "group_share"] == pytest.approx(2.5 / 7)
    assert table.loc[("x", "B"), "entity_share"] == pytest.approx(1.5 / 2.5)
    assert table.loc[("x", "A"), "rta"] == pytest.approx(9 / 7)
    assert table.loc[("x", "B"), "rta"] == pytest.approx(0.6 / (7 / 9))
    assert table.loc[("x", "A"), ["first_year", "last_year"]].tolist() == [2010, 2016]
    assert table.groupby("group")["group_share"].sum().tolist() == pytest.approx([1, 1])
    assert table.attrs["counting"] == "fractional"


def test_strength_without_dates_has_no_years(patents):
    bare = PatentSet.from_tables(
        {
            "publications": patents.publications[["field", "application_id"]],
            "parties": patents.parties,
        }
    )
    table = indicators.strength(bare, "field")
    assert table["first_year"].isna().all()
    assert table["count"].sum() == 9


def test_turnover_and_churn_by_hand(patents):
    """x: A filed in both, B left, C entered, D filed in 2005 already and returned."""
    table = indicators.turnover(patents, "field", ((2010, 2013), (2015, 2018)))
    state = table.set_index(["group", "entity"])["state"].to_dict()
    assert state == {("x", "A"): "stayed", ("x", "B"): "left", ("x", "C"): "entered",
                     ("x", "D"): "returned", ("y", "B"): "left", ("y", "D"): "entered"}  # fmt: skip
    row = indicators.churn(table).set_index("group").loc["x"]
    assert row[["before", "after", "stayed", "entered", "returned", "left"]].tolist() == [
        2,
        3,
        1,
        1,
        1,
        1,
    ]
    assert row["entry_rate"] == pytest.approx(1 / 3)
    assert row["exit_rate"] == pytest.approx(1 / 2)
    assert row["entrant_share"] == pytest.approx(1 / 3)


def test_a_period_that_still_fills_is_said(patents):
    with pytest.warns(CoverageWarning, match="End the later period with 2018"):
        indicators.turnover(patents, "field", ((2010, 2013), (2015, 2019)))
    with pytest.raises(ArgumentError, match="later after the earlier"):
        indicators.turnover(patents, "field", ((2010, 2015), (2015, 2018)))


def test_entities_of_the_users_own(patents):
    cities = patents.assign(city=["J", "J", "Q", "Q", "J", "J", "Q", "J", "J"])
    table = indicators.strength(cities, "field", "city").set_index(["group", "entity"])
    assert table.loc[("x", "J"), "count"] == 5
    assert table.loc[("x", "J"), "name"] == "J"
