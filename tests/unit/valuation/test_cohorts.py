"""Cohorts of a score: office, kind and field, widened in a stated way, with their size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import PatentSet, UnknownNameError, valuation

CARD = """
kind = "weighted"
cohort = ["year", "authority", "kind"]
widen = [["year", "kind"], ["year"]]
min_cohort = 3
[[indicators]]
indicator = "claim_count"
dimension = "legal"
weight = 1
"""


def build(rows, **more):
    frame = pd.DataFrame(
        rows, columns=["publication_id", "authority", "granted", "claim_count", "application_date"]
    ).assign(patent_type="invention", **more)
    return PatentSet.from_tables({"publications": frame})


@pytest.fixture
def card(tmp_path):
    file = tmp_path / "c.toml"
    file.write_text(CARD, encoding="utf-8")
    return file


def test_widening_by_hand(card):
    """CN applications of 2015: three, their own cohort. US: one of 2015, so with the applications of
    any office: claims 1, 2, 3, 9 -> 9 is at 3.5/4. The grant of 2015 is alone in its kind: all of
    2015, claims 1, 2, 3, 9, 2 -> 2 is at (1 + 2/2)/5. 1990 is alone: the whole set, 4 of
    1, 2, 2, 3, 4, 9 -> 4.5/6.
    """
    patents = build(
        [
            ("CN1A", "CN", False, 1, "2015-01-01"),
            ("CN2A", "CN", False, 2, "2015-01-01"),
            ("CN3A", "CN", False, 3, "2015-01-01"),
            ("US1A1", "US", False, 9, "2015-01-01"),
            ("EP1B1", "EP", True, 2, "2015-01-01"),
            ("CN9A", "CN", False, 4, "1990-01-01"),
        ]
    )
    scores = valuation.score(patents, card)
    assert scores["score"].to_dict() == pytest.approx(
        {"CN1A": 100 * 0.5 / 3, "CN2A": 50, "CN3A": 100 * 2.5 / 3, "US1A1": 87.5, "EP1B1": 40,
         "CN9A": 75}
    )  # fmt: skip
    assert scores["cohort"].to_dict() == {
        "CN1A": "year x authority x kind", "CN2A": "year x authority x kind",
        "CN3A": "year x authority x kind", "US1A1": "year x kind", "EP1B1": "year", "CN9A": "all",
    }  # fmt: skip
    assert scores["cohort_size"].to_dict() == {
        "CN1A": 3, "CN2A": 3, "CN3A": 3, "US1A1": 4, "EP1B1": 5, "CN9A": 6,
    }  # fmt: skip
    assert (scores["claim_count_n"] == scores["cohort_size"]).all()


def test_an_application_and_its_grant_stand_in_different_cohorts(card):
    """Three applications with three grants: a unit counts once among the applications and once
    among the grants, not only by its latest document."""
    rows = [(f"CN{i}A", "CN", False, i, "2015-01-01") for i in (1, 2, 3)]
    rows += [(f"CN{i}B", "CN", True, 10 * i, "2015-01-01") for i in (1, 2, 3)]
    patents = build(rows, application_id=["CNa", "CNb", "CNc"] * 2)
    scores = valuation.score(patents, card)
    assert (scores["cohort_size"] == 3).all()
    assert scores.loc["CN2A", "score"] == scores.loc["CN2B", "score"] == 50


def test_another_cohort_for_all(card):
    patents = build([(f"CN{i}A", "CN", False, i, f"{2010 + i}-01-01") for i in range(1, 5)])
    whole = valuation.score(patents, card, cohort=[])
    assert whole["score"].tolist() == [12.5, 37.5, 62.5, 87.5]
    assert (whole["cohort"] == "all").all()
    with pytest.raises(UnknownNameError, match="year"):
        valuation.score(patents, card, cohort=["years"])


def test_bounds_by_hand(tmp_path):
    """Claims (weight 0.6) known, references (0.4) not: from 0.6 p to 0.6 p + 40."""
    file = tmp_path / "two.toml"
    file.write_text(
        CARD.replace("weight = 1", "weight = 6")
        + '[[indicators]]\nindicator = "backward_citations"\ndimension = "technical"\nweight = 4\n',
        encoding="utf-8",
    )
    patents = build([(f"CN{i}A", "CN", False, i, "2015-01-01") for i in (1, 2, 3)])
    patents = patents.assign(
        backward_citation_count=pd.Series([4, pd.NA, 8], patents.publications.index, dtype="Int64")
    )
    scores = valuation.score(patents, file)
    assert scores.loc["CN2A", ["lowest", "score", "highest"]].tolist() == [30, 50, 70]
    full = scores.loc["CN1A"]
    assert full["lowest"] == pytest.approx(full["score"])
    assert full["highest"] == pytest.approx(full["score"])
    assert scores["coverage"].tolist() == [1, 0.6, 1]


def test_nothing_known_is_wide_open():
    patents = PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A"])})
    scores = valuation.score(patents, "impact")
    assert np.isnan(scores["score"].iloc[0])
    assert scores[["lowest", "highest"]].iloc[0].tolist() == pytest.approx([0, 100])
    assert scores["cohort"].isna().all()
    assert scores["cohort_size"].isna().all()
