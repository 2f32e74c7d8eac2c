"""What a firm holds and what others hold against it."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import planning


def rights(years: list[float], ended: list[bool], now: str = "2020-01-01") -> pnav.PatentSet:
    """Rights granted on one day that were followed for some years."""
    day = pd.Timestamp(now)
    ids = [f"CN{i:09d}B" for i in range(len(years))]
    granted = [day - pd.Timedelta(days=round(y * 365.2425)) if not over else day - pd.Timedelta(days=7305)
               for y, over in zip(years, ended, strict=True)]  # fmt: skip
    publications = pd.DataFrame(
        {"application_id": [f"CNA{i}" for i in range(len(years))], "authority": "CN", "granted": True,
         "grant_date": granted, "publication_date": granted,
         "legal_status": ["lapsed" if o else "in_force" for o in ended], "title": "x",
         "patent_type": "invention"},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    gone = [i for i, o in enumerate(ended) if o]
    events = pd.DataFrame(
        {"publication_id": [ids[i] for i in gone],
         "date": [granted[i] + pd.Timedelta(days=round(years[i] * 365.2425)) for i in gone],
         "code": "L", "category": "lapse", "text": "x"}
    )  # fmt: skip
    mark = pd.DataFrame(
        {"publication_id": [ids[0]], "date": [day], "code": "F", "category": "fee", "text": "x"}
    )
    return pnav.PatentSet.from_tables(
        {"publications": publications, "legal_events": pd.concat([events, mark])}
    )


def test_survival_is_that_of_kaplan_and_meier() -> None:
    """The example of Kaplan and Meier 1958, p. 464: deaths at .8, 3.1, 5.4, 9.2, losses at 1.0, 2.7, 7.0,
    12.1; the estimate after 3.1 is 7/8 · 4/5 = .70, after 5.4 it is .525, after 9.2 .2625."""
    times = [0.8, 1.0, 2.7, 3.1, 5.4, 7.0, 9.2, 12.1]
    died = [True, False, False, True, True, False, True, False]
    patents = rights(times, died)
    ids = list(patents.publications.index)
    for years, wanted in ((1, 7 / 8), (4, 0.70), (6, 0.525), (10, 0.2625)):
        assert planning.survival(patents, ids, years=years)["share"] == pytest.approx(wanted)
    assert planning.survival(patents, ids, years=10)["rights"] == 8


def test_rights_that_ended_on_no_known_day_are_told() -> None:
    patents = rights([3.0, 4.0, 5.0], [True, False, False])
    bare = patents.replace(
        pnav.provenance.Step("test", {}, 3, 3, "0"), legal_events=patents.legal_events.iloc[-1:]
    )
    found = planning.survival(bare, list(bare.publications.index))
    assert found["undated"] == 1
    assert found["rights"] == 2
    assert found["share"] == 1.0  # what the reader must not be told alone
    assert planning.survival(patents, list(patents.publications.index))["undated"] == 0


def test_nothing_granted_has_no_share() -> None:
    patents = rights([1.0], [False])
    assert pd.isna(planning.survival(patents, [])["share"])


def test_all_words_of_a_feature_must_occur() -> None:
    patents = rights([1.0, 1.0], [False, False])
    rows = patents.publications.assign(
        title=["Solid battery with a ceramic film", "Battery housing"]
    )
    patents = pnav.PatentSet.from_tables({"publications": rows})
    hits = planning.feature_hits(patents, ["battery FILM", "housing"])
    assert hits["battery FILM"].tolist() == [True, False]
    assert hits["housing"].tolist() == [False, True]


def test_the_nearest_has_the_words_and_equal_ones_stand_by_id() -> None:
    rows = rights([1.0] * 3, [False] * 3).publications
    rows = rows.assign(
        title=["lithium battery electrolyte", "welding robot arm", "lithium battery electrolyte"]
    )
    patents = pnav.PatentSet.from_tables({"publications": rows})
    found = planning.nearest_to(patents, "battery electrolyte")
    assert found["publication_id"].tolist() == ["CN000000000B", "CN000000002B"]
    assert found["classes"].isna().all()
