"""Emergence: windows, test against the set, states."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from patentnav import ArgumentError, CoverageWarning, PatentSet, indicators


def filed(
    counts: dict[str, dict[int, int]], owners: dict[str, list[str]] | None = None
) -> PatentSet:
    """Patents of groups by year; the last publication is of July 2022, so 2020 is the last whole year."""
    rows = [(g, year) for g, years in counts.items() for year, n in years.items() for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["field", "year"])
    frame["application_date"] = frame.pop("year").astype(str) + "-06-01"
    frame["publication_date"] = "2022-07-15"
    frame["application_id"] = [f"CN{i}" for i in range(len(frame))]
    frame.index = pd.Index([f"CN{i}A" for i in range(len(frame))], name="publication_id")
    tables = {"publications": frame}
    if owners is not None:
        names = [owners[g][i % len(owners[g])] for i, g in enumerate(frame["field"])]
        tables["parties"] = pd.DataFrame(
            {"publication_id": frame.index, "role": "applicant", "position": 1, "name_raw": names}
        )
    return PatentSet.from_tables(tables)


STEADY = dict.fromkeys(range(2009, 2021), 20)
COUNTS = {
    "new": {2016: 1, 2017: 3, 2018: 10, 2019: 20, 2020: 30, 2021: 9},
    "old": {2009: 40, 2010: 40, 2015: 2, 2016: 2, 2018: 20, 2019: 20, 2020: 20},
    "flat": STEADY,
    "gone": {2009: 50, 2015: 30, 2016: 30, 2017: 30, 2018: 3, 2019: 2, 2020: 1},
    "tiny": {2016: 1, 2019: 4},
}


def test_states_and_windows():
    table = indicators.emergence(filed(COUNTS), "field").set_index("group")
    assert table.attrs["until"] == 2020  # 2021 is still filling and is not read as decline
    assert table["state"].to_dict() == {
        "new": "emerging", "old": "growing", "flat": "steady", "gone": "declining",
        "tiny": "too_few",
    }  # fmt: skip
    assert table.loc["new", ["earlier", "recent", "total"]].tolist() == [4, 60, 64]
    assert table.loc["new", "growth"] == pytest.approx(15 ** (1 / 3) - 1)
    assert table.loc["old", "old_share"] == pytest.approx(80 / 144)
    assert table.index[0] == "new"


def test_the_test_is_that_of_fisher_against_all_others():
    table = indicators.emergence(filed(COUNTS), "field").set_index("group")
    recent, earlier = table["recent"].sum(), table["earlier"].sum()
    expected = fisher_exact([[60, 4], [recent - 60, earlier - 4]])
    assert table.loc["new", "p_value"] == pytest.approx(expected.pvalue)
    assert table.loc["new", "relative_growth"] == pytest.approx(
        (60 / 4) / ((recent - 60) / (earlier - 4))
    )
    assert (table["q_value"] >= table["p_value"]).all()


def test_a_group_that_grows_with_the_set_is_steady():
    """Everything grows eightfold: nothing stands out."""
    years = {2015: 2, 2016: 3, 2017: 5, 2018: 20, 2019: 25, 2020: 35}
    table = indicators.emergence(filed(dict.fromkeys("abcd", years)), "field")
    assert set(table["state"]) == {"steady"}
    assert table["relative_growth"].tolist() == pytest.approx([1.0] * 4)


def test_random_filing_is_rarely_called_a_change():
    rng = np.random.default_rng(0)
    called = 0
    for _ in range(20):
        counts = {f"g{i}": {y: int(n) for y, n in zip(range(2009, 2021), rng.poisson(8, 12), strict=True)}
                  for i in range(10)}  # fmt: skip
        states = indicators.emergence(filed(counts), "field")["state"]
        called += int((states != "steady").any())
    assert called <= 3  # family-wise at most 5 % of sets are expected


def test_owners_of_the_recent_window():
    owners = {g: [f"{g}1", f"{g}2"] for g in COUNTS} | {"new": ["one"]}
    table = indicators.emergence(filed(COUNTS, owners), "field").set_index("group")
    assert table.loc["new", "top_owner_share"] == 1
    assert table.loc["new", "owners"] == 1
    assert table.loc["new", "new_owners"] == 0  # it filed in the field in 2016 already
    assert table.loc["flat", "owners"] == 2
    assert indicators.emergence(filed(COUNTS), "field")["owners"].isna().all()


def test_order_of_rows_and_missing_groups_do_not_matter():
    patents = filed(COUNTS)
    shuffled = PatentSet.from_tables(
        {"publications": patents.publications.sample(frac=1, random_state=1)}
    )
    pd.testing.assert_frame_equal(
        indicators.emergence(patents, "field"), indicators.emergence(shuffled, "field")
    )
    partly = patents.assign(
        field=patents.publications["field"].where(patents.publications["field"] != "gone")
    )
    assert "gone" not in set(indicators.emergence(partly, "field")["group"])


def test_one_group_has_nothing_to_outrun():
    table = indicators.emergence(filed({"a": STEADY}), "field")
    assert table["state"].tolist() == ["steady"]
    assert table["relative_growth"].isna().all()


def test_without_publication_dates_it_is_said():
    patents = filed(COUNTS)
    bare = patents.publications.drop(columns="publication_date")
    with pytest.warns(CoverageWarning, match="until="):
        table = indicators.emergence(PatentSet.from_tables({"publications": bare}), "field")
    assert table.attrs["until"] == 2021
    with pytest.raises(ArgumentError, match="window"):
        indicators.emergence(patents, "field", window=0)


def test_a_set_of_grants_waits_for_its_own_delay():
    """Grants published four years after filing: the last four years are incomplete, not 18 months."""
    dates = pd.date_range("2010-01-15", "2018-12-15", freq="MS")
    frame = pd.DataFrame(
        {
            "application_date": dates,
            "publication_date": dates + pd.DateOffset(years=4),
            "granted": True,
        },
        index=[f"US{i}B2" for i in range(len(dates))],
    )
    grants = PatentSet.from_tables({"publications": frame})
    yearly = indicators.activity(grants).set_index("year")["complete"]
    assert yearly.index[~yearly].tolist() == [2018]
    mixed = PatentSet.from_tables(
        {"publications": frame.assign(granted=[False] + [True] * (len(frame) - 1))}
    )
    assert indicators.activity(mixed)["complete"].all()  # its last incomplete year is 2021


def test_what_one_owner_files_is_its_own_movement():
    """A rise of one firm's filings is told as that; the same rise of many firms is the group's."""
    rise = {**dict.fromkeys(range(2015, 2018), 4), **dict.fromkeys(range(2018, 2021), 30)}
    counts = {"one": rise, "many": rise, "flat": {**STEADY, 2020: 60}, "rest": STEADY}
    owners = {"one": ["Giant"], "many": [f"Firm {i}" for i in range(20)],
              "flat": [f"Firm {i}" for i in range(20)], "rest": [f"Other {i}" for i in range(7)]}  # fmt: skip
    patents = filed(counts, owners)
    held = patents.parties[["publication_id"]].assign(owner=patents.parties["name_raw"])
    table = indicators.emergence(patents, "field", holders=held).set_index("group")
    assert table.loc["one", ["state", "carried_by"]].tolist() == ["one_owner", "Giant"]
    assert table.loc["many", "state"] in {"emerging", "growing"}
    assert pd.isna(table.loc["many", "carried_by"])
    alone = indicators.emergence(patents, "field").set_index("group")
    assert alone.loc["one", "state"] == alone.loc["many", "state"]  # nobody is known who files


def test_an_owner_whom_the_set_is_about_carries_nothing():
    rise = {**dict.fromkeys(range(2015, 2018), 4), **dict.fromkeys(range(2018, 2021), 30)}
    patents = filed({"a": rise, "b": STEADY}, {"a": ["Giant"], "b": ["Giant"]})
    held = patents.parties[["publication_id"]].assign(owner=patents.parties["name_raw"])
    table = indicators.emergence(patents, "field", holders=held).set_index("group")
    assert table["carried_by"].isna().all()
    assert table.loc["a", "state"] == "growing" or table.loc["a", "state"] == "emerging"


def test_from_next_to_nothing_nothing_falls_behind():
    """Six units before are no base of a rate, however fast the rest grew."""
    counts = {
        "few": {2016: 6, 2019: 10},
        "rest": {2016: 100, 2019: 2000},
        "some": {2016: 30, 2019: 40},
    }
    table = indicators.emergence(filed(counts), "field").set_index("group")
    assert table.loc["few", "q_value"] < 0.05
    assert table.loc["few", "state"] == "too_few"
    assert table.loc["some", "state"] == "slower"
