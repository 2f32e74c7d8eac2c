"""Barriers and endings worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import ArgumentError, indicators
from patentnav.claims import Claim, Recount
from patentnav.study import Study

NOW = pd.Timestamp("2024-01-01")


def _set(make, rows):
    """Rows: id, office, status, filed, owner, technology, type."""
    columns = ["publication_id", "authority", "legal_status", "application_date", "owner",
               "technology", "patent_type"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    frame["application_date"] = pd.to_datetime(frame["application_date"])
    patents = make(publications=frame.drop(columns=["owner", "technology"])
                   .set_index("publication_id"))  # fmt: skip
    by = frame[["publication_id", "technology"]].assign(weight=1.0)
    return patents, by, frame[["publication_id", "owner"]]


def _cells(make):
    """Three technologies in China: 4, 3 and 2 patents in force, of 4, 1 and 2 owners."""
    rows = []
    for technology, owners, year in (("A", "abcd", 2020), ("B", "aaa", 2010), ("C", "ab", 2005)):
        for i, owner in enumerate(owners):
            rows.append((f"CN{technology}{i}A", "CN", "in_force", f"{year}-01-01", owner,
                         technology, "invention"))  # fmt: skip
    rows.append(("CNA9A", "CN", "pending", "2020-01-01", "a", "A", "invention"))
    rows.append(("WOA9A", "WO", "in_force", "2020-01-01", "a", "A", "invention"))
    return _set(make, rows)


def test_barriers_count_rights_in_force_holders_and_life(make) -> None:
    patents, by, holders = _cells(make)
    cells = indicators.barriers(patents, by, holders, unit="publication", now=NOW, min_rights=2)
    found = cells.set_index("group")
    assert found["in_force"].to_dict() == {"A": 4, "B": 3, "C": 2}  # neither pending nor WO
    assert found["holders"].to_dict() == {"A": 4, "B": 1, "C": 2}
    assert found["top_share"].to_dict() == {"A": 0.75, "B": 1.0, "C": 1.0}
    # Terms of 20 years end on 2040-01-01, 2030-01-01 and 2025-01-01.
    assert found["remaining_life"].round(1).to_dict() == {"A": 16.0, "B": 6.0, "C": 1.0}
    assert found["expiring"].to_dict() == {"A": 0, "B": 0, "C": 2}
    assert found["disputes"].isna().all()


def test_the_index_is_the_geometric_mean_of_percentiles(make) -> None:
    patents, by, holders = _cells(make)
    found = indicators.barriers(
        patents, by, holders, unit="publication", now=NOW, min_rights=2
    ).set_index("group")
    # Mid-rank percentiles of three cells are 1/6, 3/6, 5/6; ties share.
    # rights A 5/6 B 3/6 C 1/6; top A 1/6, B and C 2/3; life 5/6 3/6 1/6; lasting 2/3 2/3 1/6.
    by_hand = {
        "A": (5 / 6 * 1 / 6 * 5 / 6 * 2 / 3) ** 0.25,
        "B": (3 / 6 * 2 / 3 * 3 / 6 * 2 / 3) ** 0.25,
        "C": (1 / 6 * 2 / 3 * 1 / 6 * 1 / 6) ** 0.25,
    }
    assert found["index"].to_dict() == pytest.approx(by_hand)
    assert found["rank"].to_dict() == {"B": 1, "A": 2, "C": 3}
    # Without the share of the top three A is first: (5/6 5/6 2/3) against (3/6 3/6 2/3).
    assert found.loc["A", ["rank_low", "rank_high"]].tolist() == [1, 2]
    assert found.loc["C", ["rank_low", "rank_high"]].tolist() == [3, 3]


def test_too_few_cells_are_not_ranked(make) -> None:
    patents, by, holders = _cells(make)
    cells = indicators.barriers(patents, by, holders, unit="publication", now=NOW, min_rights=3)
    assert len(cells) == 2
    assert cells["rank"].isna().all()
    with pytest.raises(ArgumentError):
        indicators.barriers(patents, by, holders, ahead=0)


def _ends(make):
    rows = [
        ("CN1A", "CN", "in_force", "2005-06-01", "a", "A", "invention"),  # ends 2025-06-01
        ("CN2A", "CN", "in_force", "2020-01-01", "a", "A", "invention"),
        ("CN3U", "CN", "in_force", "2010-01-01", "a", "A", "utility_model"),  # over since 2020
        ("CN4A", "CN", "in_force", "2020-01-01", "a", "A", None),
        ("CN5A", "CN", "lapsed", "2010-01-01", "b", "B", "invention"),
        ("CN6A", "CN", "lapsed", "2010-01-01", "b", "B", "invention"),
        ("CN7A", "CN", "lapsed", "2010-01-01", "b", "B", "invention"),
        ("CN8A", "CN", "refused", "2010-01-01", "b", "B", "invention"),
        ("US10A", "US", "ceased", "2010-01-01", "b", "B", "invention"),  # abandoned, no grant known
        ("CN9A", "CN", None, "2010-01-01", "b", "B", "invention"),
    ]  # fmt: skip
    patents, by, _ = _set(make, rows)
    events = pd.DataFrame(
        {"publication_id": ["CN5A", "CN6A"], "date": pd.to_datetime(["2022-05-01", "2015-05-01"]),
         "code": "PC", "category": "lapse", "text": ""}
    )  # fmt: skip
    tables = {"publications": patents.publications, "legal_events": events}
    return type(patents).from_tables(tables), by


def test_a_measure_that_is_the_same_nearly_everywhere_ranks_nothing(make) -> None:
    def cells(short: int) -> list[str]:
        """Ten technologies; rights of so many of them end within three years."""
        rows = [
            (f"CN{t}{i}A", "CN", "in_force", f"{2005 if t < short else 2010 + t % 7}-06-01", f"o{i}",
             f"T{t:02d}", "invention")
            for t in range(10) for i in range(3 + t)
        ]  # fmt: skip
        patents, by, holders = _set(make, rows)
        return indicators.barriers(patents, by, holders, now=NOW, min_rights=3).attrs["components"]

    assert "lasting_share" not in cells(0)
    assert "lasting_share" in cells(2)
    assert "in_force" in cells(0)


def test_endings_tell_soon_from_late_and_dated_from_undated(make) -> None:
    patents, _ = _ends(make)
    states = indicators.endings(patents, now=NOW)
    assert states["state"].to_dict() == {
        "CN1A": "ending", "CN2A": "lasting", "CN3U": "overdue", "CN4A": "undated",
        "CN5A": "ended", "CN6A": "ended_before", "CN7A": "ended_undated",
    }  # fmt: skip
    assert states.loc["CN1A", "date"] == pd.Timestamp("2025-06-01")
    assert not states.loc["CN1A", "stated"]  # from the filing date: no later than


def test_what_was_granted_lately_can_only_have_ended_lately(make) -> None:
    rows = [(f"CN{i}A", "CN", "lapsed", "2019-01-01", "a", "A", "invention") for i in (1, 2, 3)]
    patents, _, _ = _set(make, rows)
    days = pd.to_datetime(["2023-02-03", "2020-12-31", None])  # three years back: 2021-01-01
    patents = type(patents).from_tables(
        {"publications": patents.publications.assign(grant_date=days)}
    )
    states = indicators.endings(patents, now=NOW)["state"]
    assert states.to_dict() == {"CN1A": "ended", "CN2A": "ended_undated", "CN3A": "ended_undated"}
    study = Study(patents, cutoff=NOW)
    claim = Claim("x:ended", "count", "set", "rights_of_state", 1, unit="application", details={
        "now": "2024-01-01", "ahead": 3, "back": 3, "states": ("ended",)})  # fmt: skip
    assert Recount(study).value(claim) == 1


def test_technologies_of_which_more_ends_are_told_by_a_test(make) -> None:
    old = [(f"CN1{i:02}A", "CN", "in_force", "2005-06-01", "a", "A", "invention")
           for i in range(12)]  # fmt: skip
    new = [(f"CN2{i:02}A", "CN", "in_force", "2020-06-01", "a", "B", "invention")
           for i in range(12)]  # fmt: skip
    patents, by, _ = _set(make, old + new)
    states = indicators.endings(patents, now=NOW)
    table = indicators.ending_technologies(patents, states, by, unit="publication")
    table = table.set_index("group")
    assert table["ending"].to_dict() == {"A": 12, "B": 0}
    assert table["share"].to_dict() == {"A": 1.0, "B": 0.0}
    assert table["sooner"].to_dict() == {"A": True, "B": False}
    # Twelve of twelve against none of twelve: 2 / C(24, 12).
    assert table.loc["A", "q_value"] == pytest.approx(2 / 2704156)


def test_a_unit_lasts_as_long_as_its_last_right(make) -> None:
    rows = [("CN1A", "CN", "in_force", "2005-06-01", "a", "A", "invention"),
            ("CN1B", "CN", "in_force", "2020-06-01", "a", "B", "invention")]  # fmt: skip
    patents, by, _ = _set(make, rows)
    frame = patents.publications.assign(application_id="CN1")
    patents = type(patents).from_tables({"publications": frame})
    states = indicators.endings(patents, now=NOW)
    table = indicators.ending_technologies(patents, states, by, unit="application")
    assert table["ending"].tolist() == [0, 0]
