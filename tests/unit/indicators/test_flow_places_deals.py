"""Origins, targets, places and deals, counted by hand."""

from __future__ import annotations

from math import comb

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import indicators
from patentnav.errors import MissingColumnError, MissingTableError


def flowing() -> pnav.PatentSet:
    """Six publications of five families: two from China, two from the US, one whose origin is not told.

    CN1 was filed at home and in the US 12 months later (two publications), CN2 at home only; US1 under
    the PCT, US2 in China; JP1 has neither priority nor country.
    """
    ids = ["CN1A", "US1A", "CN2A", "US3A", "CN4A", "JP9A"]
    publications = pd.DataFrame(
        {
            "authority": [i[:2] for i in ids],
            "application_id": [f"{i[:-1]}x" for i in ids],
            "application_date": pd.to_datetime(
                ["2015-01-10", "2016-01-10", "2016-03-01", "2016-04-01", "2017-05-01", "2017-06-01"]
            ),
        },
        index=pd.Index(ids, name="publication_id"),
    )
    priorities = pd.DataFrame(
        [
            ("CN1A", "CN2015100001", None, "2015-01-10"),
            ("US1A", "CN2015100001", "CN", "2015-01-10"),
            ("US1A", "WO2015000009", "WO", "2014-12-01"),  # the PCT is no origin, though earlier
            ("US3A", "US62000001", None, "2015-04-01"),
            ("CN4A", "US62000002", "US", "2016-05-01"),
        ],
        columns=["publication_id", "priority_number", "authority", "date"],
    )
    priorities["date"] = pd.to_datetime(priorities["date"])
    parties = pd.DataFrame(
        [
            ("CN1A", "applicant", "甲公司", "US", "source"),  # the priority is told first
            ("CN2A", "applicant", "乙公司", "CN", "source"),
            ("JP9A", "applicant", "丙公司", "JP", "name"),  # a place that is only read from a name
        ],
        columns=["publication_id", "role", "name_raw", "country", "place_source"],
    )
    families = pd.DataFrame(
        [
            ("F1", "CN1A"), ("F1", "US1A"), ("F2", "CN2A"), ("F3", "US3A"), ("F3", "WO3A1"),
            ("F4", "CN4A"),
        ],
        columns=["family_id", "publication_id"],
    ).assign(scheme="simple")  # fmt: skip
    return pnav.PatentSet.from_tables(
        {"publications": publications, "priorities": priorities, "parties": parties,
         "families": families}
    )  # fmt: skip


def test_the_first_priority_tells_the_origin_then_the_owner() -> None:
    found = indicators.origins(flowing(), "family")
    assert found["origin"].to_dict() == {"F1": "CN", "F2": "CN", "F3": "US", "F4": "US"}
    assert found["told_by"].to_dict() == {"F1": "priority", "F2": "owner", "F3": "priority",
                                          "F4": "priority"}  # fmt: skip


def test_flow_counts_a_family_once_in_every_office() -> None:
    cells = indicators.flow(flowing(), "family")
    assert cells.set_index(["origin", "target"])["count"].to_dict() == {
        ("CN", "CN"): 2, ("CN", "US"): 1, ("US", "US"): 1, ("US", "WO"): 1, ("US", "CN"): 1,
    }  # fmt: skip
    assert (cells.attrs["known"], cells.attrs["units"]) == (4, 5)


def test_profile_tells_what_stays_at_home_and_the_lag() -> None:
    profile = indicators.origin_profile(flowing(), "family").set_index("origin")
    assert profile.loc["CN", ["count", "listed", "home_only"]].tolist() == [2, 2, 1]
    assert profile.loc["US", ["count", "listed", "home_only"]].tolist() == [2, 2, 0]
    assert profile.loc["CN", "offices"] == 1.5
    # 2015-01-10 to 2016-01-10 is a year: 365 days of 30.436875 to a month.
    assert profile.loc["CN", "lag_months"] == pytest.approx(365 / 30.436875)
    assert profile.loc["US", "abroad"] == 1  # US2 in China


def test_without_families_nothing_is_said_of_home() -> None:
    tables = {n: getattr(flowing(), n) for n in ("publications", "priorities", "parties")}
    profile = indicators.origin_profile(pnav.PatentSet.from_tables(tables), "application")
    assert profile["home_only"].isna().all()
    assert (profile["listed"] == 0).all()


def test_origins_of_a_set_that_tells_nothing_are_none() -> None:
    bare = pnav.PatentSet.from_tables({"publications": flowing().publications})
    assert indicators.origins(bare, "application").empty
    assert indicators.flow(bare, "application").empty


def test_places_count_whole_and_say_what_was_inferred() -> None:
    n = 60
    ids = [f"CN{i}A" for i in range(n)]
    # In the first five years 20 of 30 units lie in Shandong, in the last five 5 of 30.
    early = [i < n // 2 for i in range(n)]
    here = ["山东" if (i % 30) < (20 if e else 5) else "广东省" for i, e in enumerate(early)]
    patents = pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"application_date": pd.to_datetime(["2012-05-01" if e else "2017-05-01"
                                                     for e in early])},
                index=pd.Index(ids, name="publication_id"),
            ),
            "parties": pd.DataFrame(
                {"publication_id": ids, "role": "applicant", "name_raw": [f"公司{i % 7}" for i in range(n)],
                 "region": here, "place_source": ["name" if i < 6 else "source" for i in range(n)]}
            ),
        }
    )  # fmt: skip
    found = indicators.place_ranking(patents, "region", "publication", until=2018)
    assert found["place"].tolist() == ["广东", "山东"]  # one spelling
    assert found["count"].tolist() == [35, 25]
    row = found.set_index("place").loc["山东"]
    assert row[["before_count", "recent_count", "inferred"]].tolist() == [20, 5, 6]
    assert row["before_share"] == pytest.approx(20 / 30)
    # Fisher's exact test, outcome by outcome: of 25 units of the place among 60, 5 in the last 30.
    chance = [comb(25, k) * comb(35, 30 - k) / comb(60, 30) for k in range(26)]
    expected = sum(p for p in chance if p <= chance[5] * (1 + 1e-9))
    assert row["q_value"] == pytest.approx(expected)
    assert (found.attrs["known"], found.attrs["inferred"]) == (60, 6)


def test_places_need_places() -> None:
    with pytest.raises(MissingColumnError, match="No owner has a city"):
        indicators.place_ranking(flowing(), "city")


def dealing() -> pnav.PatentSet:
    ids = ["CN1B", "CN2B", "CN3B", "CN4B", "CN5B"]
    publications = pd.DataFrame({"authority": "CN"}, index=pd.Index(ids, name="publication_id"))
    parties = pd.DataFrame(
        [
            ("CN1B", "applicant", "甲科技有限公司", "山东"), ("CN2B", "original_assignee", "乙大学", "北京"),
            ("CN2B", "current_owner", "甲科技有限公司", "山东"), ("CN3B", "original_assignee", "乙大学", "北京"),
            ("CN3B", "current_owner", "乙大学", "北京"),
        ],
        columns=["publication_id", "role", "name_raw", "region"],
    )  # fmt: skip
    events = pd.DataFrame(
        [
            ("CN1B", "2020-01-01", "transfer", "乙大学", "甲科技有限公司"),
            ("CN1B", "2021-01-01", "pledge", "甲科技有限公司", "丁银行"),
            ("CN2B", "2019-01-01", "transfer", None, None),  # from the owners before and now
            ("CN2B", "2020-06-01", "transfer", None, None),  # what lay between is not known
            ("CN3B", "2019-01-01", "transfer", None, None),  # the same owner before and now
            ("CN4B", "2019-01-01", "transfer", "甲科技有限公司", "甲科技有限公司"),
            ("CN5B", "2019-01-01", "fee", None, None),
        ],
        columns=["publication_id", "date", "category", "party_from", "party_to"],
    )
    events = events.assign(date=pd.to_datetime(events["date"]), code="X", text="x")
    return pnav.PatentSet.from_tables(
        {"publications": publications, "parties": parties, "legal_events": events}
    )


def test_deals_have_both_sides_where_told() -> None:
    found = indicators.deals(dealing(), unit="publication")
    assert len(found) == 5  # fees are no deals, the two silent transfers of CN2B are one
    rows = found.set_index(["publication_id", "category"])
    first = rows.loc[("CN1B", "transfer")]
    assert first[["from_name", "to_name", "told_by"]].tolist() == [
        "乙大学",
        "甲科技有限公司",
        "event",
    ]
    assert first[["from_place", "to_place"]].tolist() == ["北京", "山东"]
    assert first[["from_type", "to_type"]].tolist() == ["university", "enterprise"]
    derived = rows.loc[("CN2B", "transfer")]
    assert derived[["from_name", "to_name", "told_by"]].tolist() == [
        "乙大学",
        "甲科技有限公司",
        "owners",
    ]
    assert derived["date"] == pd.Timestamp("2020-06-01")
    assert pd.isna(rows.loc[("CN3B", "transfer"), "told_by"])
    assert rows.loc[("CN4B", "transfer"), "internal"]
    assert not rows.loc[("CN1B", "pledge"), "internal"]


def test_deals_need_events() -> None:
    with pytest.raises(MissingTableError, match="legal_events"):
        indicators.deals(flowing())
