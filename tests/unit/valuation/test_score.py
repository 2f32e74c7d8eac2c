"""Scores, their explanation and their dependence on weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import (
    ArgumentError,
    FormatError,
    PatentSet,
    UnknownNameError,
    config_context,
    valuation,
)
from patentnav.indicators import Baseline

CARD = """
kind = "weighted"
min_cohort = 1
min_coverage = 0.3
[tiers]
A = 70
B = 40
C = 0
[[indicators]]
indicator = "claim_count"
dimension = "legal"
weight = 3
direction = "higher"
cohort = ["year"]
[[indicators]]
indicator = ["forward_citations", "vendor_forward_citations"]
dimension = "technical"
weight = 5
direction = "higher"
cohort = ["year"]
[[indicators]]
indicator = "grant_lag"
dimension = "economic"
weight = 2
direction = "lower"
cohort = []
"""


@pytest.fixture
def card(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(CARD, encoding="utf-8")
    return file


@pytest.fixture
def patents():
    frame = pd.DataFrame(
        {
            "application_date": ["2010-01-01"] * 4 + ["2011-01-01"],
            "claim_count": [1, 2, 2, 4, 9],
            "forward_citation_count": [0, 0, 5, None, 7],
            "grant_date": ["2010-04-11", None, "2010-07-20", None, None],
            "publication_date": "2012-01-01",
        },
        index=[f"CN{i}B" for i in range(1, 6)],
    )
    return PatentSet.from_tables({"publications": frame})


def test_scores_by_hand(patents, card):
    """2010 has four: claims 1, 2, 2, 4; vendor citations 0, 0, 5 (one unknown); lags 100, 200.

    Mid-rank percentiles. claims: 1 -> 0.5/4 = 12.5; 2 -> (1 + 1)/4 = 50; 4 -> 3.5/4 = 87.5.
    citations: 0 -> 1/3 = 33.3; 5 -> 2.5/3 = 83.3. lag (lower better): 100 -> 75, 200 -> 25.
    CN1: (3 * 12.5 + 5 * 33.33 + 2 * 75) / 10 = 35.4167; CN2: (3 * 50 + 5 * 33.33) / 8 = 39.583
    CN3: (3 * 50 + 5 * 83.33 + 2 * 25) / 10 = 61.667; CN4: claims alone, 3/10 known: 87.5
    CN5 is alone in 2011: 50 for both.
    """
    result = valuation.score(patents, card)
    assert result["score"].tolist() == pytest.approx([35.41667, 39.58333, 61.66667, 87.5, 50])
    assert result["coverage"].tolist() == pytest.approx([1, 0.8, 1, 0.3, 0.8])
    assert result["tier"].tolist() == ["C", "C", "B", "A", "B"]
    assert result["economic"].iloc[0] == 75
    assert np.isnan(result["technical"].iloc[3])
    assert "vendor_forward_citations" in result.columns


def test_contributions_sum_to_the_score(patents, card):
    result = valuation.score(patents, card)
    for publication_id in patents.publications.index:
        parts = valuation.explain(result, publication_id)
        assert parts["contribution"].sum() == pytest.approx(result.loc[publication_id, "score"])
        assert parts["weight"].sum() == pytest.approx(1)
    first = valuation.explain(result, "CN2B").set_index("indicator")
    assert first.loc["claim_count", "value"] == 2
    assert np.isnan(first.loc["grant_lag", "weight"])


def test_explains_rows_of_a_result_but_not_a_stranger(patents, card):
    result = valuation.score(patents, card)
    top = result[result["tier"] == "A"]
    assert valuation.explain(top, "CN4B")["contribution"].sum() == pytest.approx(87.5)
    with pytest.raises(ArgumentError, match="CN1B"):
        valuation.explain(top, "CN1B")
    with pytest.raises(ArgumentError, match=r"valuation\.score"):
        valuation.explain(pd.DataFrame({"score": [1.0]}, index=["CN1B"]), "CN1B")


def test_explains_after_joins_filters_and_a_round_through_a_file(patents, card, tmp_path):
    result = valuation.score(patents, card)
    expected = valuation.explain(result, "CN3B")
    joined = patents.publications[["claim_count"]].add_suffix("_stated").join(result)
    long = result.merge(pd.DataFrame({"publication_id": ["CN3B", "CN3B"], "city": ["x", "y"]}),
                        left_index=True, right_on="publication_id")  # fmt: skip
    file = tmp_path / "scores.csv"
    result.reset_index().to_csv(file, index=False)
    for scores in (joined, long, result.reset_index(), result.sort_values("score").tail(3),
                   pd.concat([result.iloc[:1], result.iloc[2:]]), pd.read_csv(file)):  # fmt: skip
        again = valuation.explain(scores, "CN3B")
        pd.testing.assert_frame_equal(again, expected)
    with pytest.raises(ArgumentError, match="claim_count_percentile"):
        valuation.explain(result.drop(columns="claim_count_percentile"), "CN3B")


def test_sensitivity_refuses_another_scorecard(patents, card):
    with pytest.raises(ArgumentError, match='"default"'):
        valuation.sensitivity(valuation.score(patents, card))


def test_too_little_known_is_no_score(patents, card):
    strict = tmp = card.with_name("strict.toml")
    tmp.write_text(CARD.replace("min_coverage = 0.3", "min_coverage = 0.5"), encoding="utf-8")
    result = valuation.score(patents, strict)
    assert np.isnan(result.loc["CN4B", "score"])
    assert pd.isna(result.loc["CN4B", "tier"])
    assert result.loc["CN4B", "legal"] == 87.5


def test_small_cohorts_are_widened(patents, card):
    """With min_cohort 4 the single filing of 2011 is ranked in the whole set: claims 9 of 5."""
    wide = card.with_name("wide.toml")
    wide.write_text(CARD.replace("min_cohort = 1", "min_cohort = 4"), encoding="utf-8")
    result = valuation.score(patents, wide)
    assert result.loc["CN5B", "claim_count_percentile"] == 90
    assert result.loc["CN4B", "claim_count_percentile"] == 87.5


def test_a_population_replaces_the_set(patents, card):
    """In the population of 2010 nine of ten have 1 claim, one has 5: two claims are at 90."""
    distributions = pd.DataFrame(
        {"indicator": "claim_count", "year": 2010, "value": [1.0, 5.0], "count": [9, 1]}
    )
    counts = pd.DataFrame({"year": [2010], "count": [10]})
    baseline = Baseline("all of 2010", ("year",), distributions, counts)
    result = valuation.score(patents, card, baseline)
    assert result.loc["CN2B", "claim_count_percentile"] == 90
    assert result.loc["CN1B", "claim_count_percentile"] == 45
    told = valuation.coverage(patents, card, baseline).set_index("indicator")["cohort"]
    assert told["claim_count"] == "all of 2010"
    assert told["grant_lag"] == "the set itself"


def test_the_default_scorecard_loads_and_weighs_three_dimensions():
    card = valuation.load("default")
    assert {entry.dimension for entry in card.entries} == {"legal", "technical", "economic"}
    assert sum(entry.weight for entry in card.entries) == 100


def test_default_on_bare_data_has_no_score():
    patents = PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A", "CN2A"])})
    result = valuation.score(patents)
    assert result["score"].isna().all()
    assert result["coverage"].tolist() == [0, 0]
    assert list(result.columns[:6]) == [
        "score",
        "legal",
        "technical",
        "economic",
        "tier",
        "coverage",
    ]


def test_a_scorecard_of_the_user_by_name(patents, tmp_path):
    folder = tmp_path / "scorecards"
    folder.mkdir()
    (folder / "ours.toml").write_text(CARD, encoding="utf-8")
    with config_context(data_path=tmp_path):
        assert valuation.score(patents, "ours")["score"].notna().all()


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [
        ('"claim_count"', '"claim_counts"', UnknownNameError, "claim_count"),
        ('"legal"', '"legall"', UnknownNameError, "legal"),
        ('["year"]', '["years"]', UnknownNameError, "year"),
        ('"lower"', '"down"', UnknownNameError, "direction"),
        ("weight = 3", "weight = -1", FormatError, "positive weight"),
        ('kind = "weighted"', 'kind = "rules"', FormatError, "weighted"),
        ("min_cohort", "min_cohorts", UnknownNameError, "min_cohort"),
    ],
)
def test_mistakes_in_a_scorecard_are_named(card, old, new, error, says):
    card.write_text(CARD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(error, match=says):
        valuation.load(card)


def test_unknown_scorecards(tmp_path):
    with pytest.raises(UnknownNameError, match="default"):
        valuation.load("defalt")
    with pytest.raises(FormatError, match="no scorecard"):
        valuation.load(tmp_path / "absent.toml")


def test_sensitivity(patents, card):
    result = valuation.score(patents, card)
    first = valuation.sensitivity(result, card)
    again = valuation.sensitivity(result, card)
    pd.testing.assert_frame_equal(first, again)
    assert (first["low"] <= result["score"]).all()
    assert (first["high"] >= result["score"]).all()
    # One known indicator: weights cannot matter.
    assert first.loc["CN4B", "low"] == pytest.approx(87.5)
    assert first.loc["CN4B", "tier_stability"] == 1


def test_row_order_changes_nothing(patents, card):
    shuffled = PatentSet.from_tables({"publications": patents.publications.iloc[::-1]})
    pd.testing.assert_frame_equal(valuation.score(patents, card), valuation.score(shuffled, card))


def test_higher_is_never_worse(patents, card):
    before = valuation.score(patents, card).loc["CN1B", "score"]
    better = patents.publications.copy()
    better.loc["CN1B", "claim_count"] = 8
    after = valuation.score(PatentSet.from_tables({"publications": better}), card)
    assert after.loc["CN1B", "score"] > before
