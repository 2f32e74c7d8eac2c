"""The synthetic city: truth agrees with the data, nothing is accidental, everything repeats."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav.datasets import filings, numbers, vocabulary


@pytest.fixture(scope="module")
def city():
    return pnav.datasets.city(5000)


def _inventions(city) -> pd.DataFrame:
    """One row per application of the type invention, with owner, technology and PCT mark."""
    patents = city.patents
    publications = patents.publications
    families = patents.families
    wo = set(families.loc[families["publication_id"].str.startswith("WO"), "family_id"])
    family = families.set_index("publication_id")["family_id"]
    frame = city.truth.assign(
        application=publications["application_id"],
        pct=family.reindex(publications.index).isin(wo),
    )
    keep = (publications["patent_type"] == "invention") & (publications["authority"] == "CN")
    return frame[keep].drop_duplicates("application")


@pytest.mark.parametrize("n", [20, 37, 200, 1500])
def test_has_exactly_the_publications_asked_for(n):
    small = pnav.datasets.city(n, random_state=3)
    assert len(small.patents) == len(small.truth) == n
    assert (small.patents.check()["severity"] == "info").all()


def test_too_small_a_city_is_refused():
    with pytest.raises(pnav.ArgumentError, match="n=5"):
        pnav.datasets.city(5)


def test_passes_every_check(city):
    assert len(city.patents) == 5000
    checked = city.patents.check()
    assert checked.loc[checked["severity"] != "info"].empty
    assert city.patents.publications.index.is_monotonic_increasing


def test_same_arguments_same_tables(city):
    again = pnav.datasets.city(5000)
    for name in city.patents.tables:
        pd.testing.assert_frame_equal(getattr(city.patents, name), getattr(again.patents, name))
    pd.testing.assert_frame_equal(city.truth, again.truth)
    pd.testing.assert_frame_equal(city.people, again.people)
    other = pnav.datasets.city(5000, random_state=1)
    assert set(other.patents.publications["title"]) != set(city.patents.publications["title"])


def test_truth_covers_the_set_and_ten_industries(city):
    assert city.truth.index.equals(city.patents.publications.index)
    assert city.truth[["industry", "technology", "organisation"]].notna().all().all()
    assert set(city.truth["industry"]) == {
        "ict", "equipment", "quantum", "biomed", "materials", "finance", "logistics",
        "healthcare", "culture", "techservice",
    }  # fmt: skip
    per_industry = city.truth.groupby("industry")["technology"].nunique()
    assert per_industry.between(3, 5).all()


def test_planted_portfolios_are_what_the_truth_says(city):
    inventions = _inventions(city)
    planted = inventions.dropna(subset="portfolio").groupby("portfolio")
    pd.testing.assert_series_equal(planted.size(), city.portfolios["inventions"], check_names=False,
                                   check_dtype=False, check_index_type=False)  # fmt: skip
    pd.testing.assert_series_equal(planted["pct"].sum(), city.portfolios["pct"], check_names=False,
                                   check_dtype=False, check_index_type=False)  # fmt: skip
    assert (planted["organisation"].nunique() == 1).all()
    assert (planted["technology"].nunique() == 1).all()
    meets = city.portfolios["meets_gate"]
    assert meets.sum() >= 6
    assert (~meets).sum() >= 6
    missing = city.portfolios[["inventions_missing", "pct_missing"]]
    assert ((missing.sum(axis=1) == 0) == meets).all()
    near = set(zip(city.portfolios["inventions"], city.portfolios["pct"], strict=True))
    assert {(49, 10), (50, 9)} <= near


@pytest.mark.parametrize("n", [200, 5000, 20_000])
def test_nobody_else_reaches_the_gate(n, city):
    one = city if n == 5000 else pnav.datasets.city(n)
    groups = _inventions(one).groupby(["organisation", "technology"])
    table = groups.agg(
        inventions=("pct", "size"), pct=("pct", "sum"), portfolio=("portfolio", "first")
    )
    good = table[(table["inventions"] >= 50) & (table["pct"] >= 10)]
    assert set(good["portfolio"]) == set(one.portfolios.index[one.portfolios["meets_gate"]])
    # Not even when technologies are confused: owners below the gate have no other PCT filings.
    below = one.portfolios[~one.portfolios["meets_gate"]]
    total = _inventions(one).groupby("organisation")["pct"].sum()
    near = one.levers[one.levers["lever"] == "own_neighbour"].groupby("portfolio")["pct"].sum()
    expected = below["pct"] + near.reindex(below.index).fillna(0)
    assert (total[below["organisation"]].to_numpy() == expected.to_numpy()).all()
    assert (expected[below["inventions"] >= 50] < 10).all()


def test_planted_steps_are_what_the_truth_says(city):
    """Days counted by hand from the dates; who files where is read from the set and the truth."""
    publications = city.patents.publications
    levers = city.levers.merge(city.truth.drop(columns="portfolio"), left_on="publication_id",
                               right_index=True)  # fmt: skip
    below = city.portfolios[~city.portfolios["meets_gate"]]
    assert set(levers["portfolio"]) <= set(below.index)
    assert set(levers["lever"]) == {"pct_open", "own_neighbour", "partner", "alliance"}
    own = levers["portfolio"].map(city.portfolios["organisation"]) == levers["organisation"]
    assert (own == levers["lever"].isin(["pct_open", "own_neighbour"])).all()
    same = levers["portfolio"].map(city.portfolios["technology"]) == levers["technology"]
    assert (same == (levers["lever"] != "own_neighbour")).all()
    dated = levers.dropna(subset="days_left")
    filed = dated["publication_id"].map(publications["application_date"])
    for day, left in zip(filed, dated["days_left"], strict=True):
        assert (
            pd.Timestamp(day.year + 1, day.month, day.day) - pd.Timestamp("2025-12-31")
        ).days == left
    assert (dated["plant"].isin(["open", "lost"])).all()
    assert ((dated["days_left"] > 0) == (dated["plant"] == "open")).all()
    assert (publications.loc[dated["publication_id"], "legal_status"] == "pending").all()
    partners = set(levers.loc[levers["lever"] == "partner", "organisation"])
    applicants = city.patents.parties.query("role == 'applicant'")
    first = city.truth["organisation"].reindex(applicants["publication_id"]).to_numpy()
    second = applicants[
        (applicants["position"] == 2) & pd.Series(first, applicants.index).isin(partners)
    ]
    names = city.organisations.set_index("name_raw")["organisation"]
    owners = city.portfolios.loc[
        levers.loc[levers["lever"] == "partner", "portfolio"], "organisation"
    ]
    assert set(owners) <= set(second["name_raw"].map(names))
    assert pnav.datasets.city(500).levers.empty


def test_numbers_have_their_structure(city):
    publications = city.patents.publications
    chinese = publications[publications["authority"] == "CN"]
    year = chinese["application_date"].dt.year.astype(str)
    entered = chinese["national_entry_date"].notna()
    digit = chinese["patent_type"].map({"invention": "1", "utility_model": "2", "design": "3"})
    digit = digit.mask(entered, "8")
    assert (chinese["application_id"].str.slice(2, 6) == year).all()
    assert (chinese["application_id"].str.slice(6, 7) == digit).all()
    assert chinese["application_id"].str.fullmatch(r"CN\d{12}").all()
    assert chinese.index.str.fullmatch(r"CN(\d{7}|\d{9})[ABCUYSD]").all()
    first = chinese[~chinese["granted"] | (chinese["patent_type"] != "invention")]
    assert first["application_id"].is_unique
    new = chinese["publication_date"] >= numbers.NEW_KINDS
    assert set(chinese.loc[~new, "kind_code"]) <= {"A", "C", "Y", "D"}
    assert set(chinese.loc[new, "kind_code"]) <= {"A", "B", "U", "S"}
    grants = chinese[chinese["granted"] & (chinese["patent_type"] == "invention")]
    both = chinese[chinese["application_id"].isin(grants["application_id"])]
    assert set(both["kind_code"]) >= {"A", "B"}


def test_dates_come_in_order(city):
    frame = city.patents.publications
    assert (frame["publication_date"] > frame["application_date"]).all()
    told = frame.dropna(subset="earliest_priority_date")
    assert (told["earliest_priority_date"] <= told["application_date"]).all()
    untold = set(frame.index[frame["earliest_priority_date"].isna()])
    assert untold == set(city.levers.loc[city.levers["plant"] == "unknown", "publication_id"])
    granted = frame.dropna(subset="grant_date")
    assert (granted["grant_date"] >= granted["application_date"]).all()
    cited = city.patents.citations.dropna(subset="cited_date")
    assert (cited["cited_date"] < cited["citing_date"]).all()
    filed = cited["citing_id"].map(frame["application_date"])
    assert (cited["cited_date"] < filed).all()
    events = city.patents.legal_events
    assert (events["date"] <= pd.Timestamp(filings.CUTOFF)).all()
    amounts = events[events["category"].isin(["pledge", "licence", "fee"])]["amount"]
    assert (amounts > 0).all()


def test_statuses_and_events_agree(city):
    frame = city.patents.publications
    events = city.patents.legal_events
    for status, category in {"lapsed": "lapse", "refused": "refusal", "withdrawn": "withdrawal",
                             "expired": "expiry"}.items():  # fmt: skip
        told = set(
            frame.loc[
                events.loc[events["category"] == category, "publication_id"], "application_id"
            ]
        )
        assert told == set(frame.loc[frame["legal_status"] == status, "application_id"])
    assert {"transfer", "licence", "pledge", "fee", "litigation"} <= set(events["category"])


def test_people_and_namesakes(city):
    mentions = city.people.merge(city.patents.inventors, on=["publication_id", "position"])
    assert len(mentions) == len(city.people) == len(city.patents.inventors)
    hidden = mentions["person"].isna()
    assert set(mentions.loc[hidden, "name_raw"]) == set(vocabulary.table("people")["placeholder"])
    persons = mentions[~hidden].drop_duplicates(["person", "name_raw"])
    chinese = persons[persons["name_raw"].str.match(r"[\u4e00-\u9fff]")]
    assert chinese["person"].is_unique
    assert chinese["name_raw"].value_counts().gt(1).sum() > 50
    owner = city.truth["organisation"].reindex(mentions["publication_id"]).to_numpy()
    firms = mentions[~hidden].assign(owner=owner[~hidden]).groupby("person")["owner"].nunique()
    assert 0.002 < (firms > 1).mean() < 0.06


def test_organisations_explain_every_applicant(city):
    applicants = city.patents.parties.query("role == 'applicant' and position == 1")
    owner = city.truth["organisation"].reindex(applicants["publication_id"]).to_numpy()
    known = set(
        zip(city.organisations["name_raw"], city.organisations["organisation"], strict=True)
    )
    person = pd.Series(owner).str.startswith("P").to_numpy()
    pairs = set(zip(applicants["name_raw"][~person], owner[~person], strict=True))
    assert pairs <= known
    assert city.organisations["name_raw"].is_unique
    spellings = applicants[~person].assign(o=owner[~person]).groupby("o")["name_raw"].nunique()
    assert spellings.max() >= 4


def test_is_called_synthetic(city):
    assert set(city.patents.publications["source"]) == {"synthetic-city"}
    assert "synthetic" in repr(city)
    assert "synthetic" in city.patents.provenance[0].parameters["note"]


def test_texts_are_worded_in_both_languages(city):
    texts = city.patents.texts
    abstracts = texts[texts["field"] == "abstract"]
    zh = abstracts.loc[abstracts["language"] == "zh", "text"]
    assert zh.str.len().between(50, 220).all()
    assert zh.nunique() > 0.5 * len(zh)
    assert not texts["text"].str.contains(r"[{}]|None|\bnan\b").any()
    technical = city.patents.publications["patent_type"] != "design"
    with_ipc = set(city.patents.classifications.query("scheme == 'IPC'")["publication_id"])
    share = city.patents.publications.index[technical].isin(with_ipc).mean()
    assert 0.95 < share < 1


def test_rising_keeps_order_and_separates():
    values = np.array([5, 3, 5, 5, 9, 3])
    moved = numbers.rising(values)
    assert len(set(moved)) == len(values)
    assert list(np.argsort(moved)) == list(np.argsort(values, kind="stable"))
    assert (moved >= values).all()


def test_growth_curves_sum_to_one():
    for technology in vocabulary.technologies():
        weights = vocabulary.year_weights(technology.curve)
        assert weights.sum() == pytest.approx(1)
        assert len(weights) == len(vocabulary.YEARS)
