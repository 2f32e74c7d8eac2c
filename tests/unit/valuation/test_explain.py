"""Scores in words, and how firm they are under other weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import ArgumentError, PatentSet, valuation
from patentnav.valuation import Entry, Scorecard

CARD = Scorecard(
    "three",
    (
        Entry(("claim_count",), "legal", 5, True, ()),
        Entry(("vendor_family_size",), "economic", 3, True, ()),
        Entry(("backward_citations",), "technical", 2, True, ()),
    ),
    {"A": 60, "B": 0},
)


@pytest.fixture
def patents():
    rng = np.random.default_rng(0)
    n = 60
    frame = pd.DataFrame(
        {
            "claim_count": pd.array(rng.integers(1, 20, n), "Int64"),
            "family_size": pd.array(rng.integers(1, 9, n), "Int64"),
            "backward_citation_count": pd.array(rng.integers(0, 9, n), "Int64"),
        },
        index=[f"CN{i:03d}A" for i in range(n)],
    )
    frame.loc[frame.index[::7], "backward_citation_count"] = pd.NA
    return PatentSet.from_tables({"publications": frame})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_say_the_numbers(patents, lang):
    scores = valuation.score(patents, CARD)
    publication = scores.index[7]  # without references
    told = valuation.describe(scores, publication, lang)
    parts = valuation.explain(scores, publication).dropna(subset="contribution")
    assert len(told) == 4
    assert f"{scores.loc[publication, 'score']:.1f}" in told[0]
    assert f"{scores.loc[publication, 'lowest']:.1f}" in told[0]
    assert f"{scores.loc[publication, 'highest']:.1f}" in told[0]
    ordered = parts.sort_values("contribution", ascending=False)
    for sentence, part in zip(told[1:3], ordered.itertuples(), strict=True):
        assert f"{part.contribution:.1f}" in sentence
        assert f"{part.percentile:.0f}" in sentence
        assert str(part.cohort_size) in sentence
    assert {"zh": "未知", "en": "not known"}[lang] in told[3]


def test_no_score_is_said(patents):
    strict = Scorecard("strict", CARD.entries, CARD.tiers, min_coverage=0.9)
    scores = valuation.score(patents, strict)
    assert "no score" in valuation.describe(scores, scores.index[0], "en")[0]
    with pytest.raises(ArgumentError, match="CN1B"):
        valuation.describe(scores, "CN1B")


def test_truth_values_are_said_as_such():
    patents = PatentSet.from_tables(
        {
            "publications": pd.DataFrame({"patent_type": ["invention", "design"]},
                                         index=["CN1A", "CN2S"]),
        }
    )  # fmt: skip
    card = Scorecard("kind", (Entry(("invention_patent",), "legal", 1, True, ()),), {})
    scores = valuation.score(patents, card)
    assert valuation.explain(scores, "CN1A")["value"].tolist() == [1]
    assert "：是" in valuation.describe(scores, "CN1A", "zh")[1]
    assert "：否" in valuation.describe(scores, "CN2S", "zh")[1]


def test_contributions_sum_to_the_score_exactly(patents):
    scores = valuation.score(patents, CARD)
    for publication in scores.index:
        total = valuation.explain(scores, publication)["contribution"].sum()
        assert abs(total - scores.loc[publication, "score"]) < 1e-9


@pytest.mark.parametrize("draws", ["near", "any"])
def test_ranks_and_tiers_by_brute_force(patents, draws):
    """Every draw scored and ranked anew with plain loops over the same weights."""
    from patentnav.valuation.sensitivity import _drawn

    scores = valuation.score(patents, CARD)
    found = valuation.sensitivity(scores, CARD, 40, draws=draws, spread=0.5, random_state=3)
    weights = _drawn(np.array([0.5, 0.3, 0.2]), 40, draws, 0.5, 3)
    names = ["claim_count", "vendor_family_size", "backward_citations"]
    table = scores[[f"{n}_percentile" for n in names]].to_numpy()
    drawn = np.empty((len(scores), 40))
    for k, weight in enumerate(weights):
        for i, row in enumerate(table):
            known = ~np.isnan(row)
            drawn[i, k] = (row[known] * weight[known]).sum() / weight[known].sum()
    ranks = np.array(
        [[1 + (np.round(drawn[:, k], 9) > round(drawn[i, k], 9)).sum() for k in range(40)]
         for i in range(len(scores))]
    )  # fmt: skip
    ordered = np.sort(ranks, axis=1)
    assert found["rank_best"].tolist() == ordered[:, 1].tolist()
    assert found["rank_worst"].tolist() == ordered[:, 38].tolist()
    assert found["rank"].tolist() == [int((scores["score"] > s).sum()) + 1 for s in scores["score"]]
    same = (drawn >= 60) == (scores["score"].to_numpy() >= 60)[:, None]
    assert found["tier_stability"].to_numpy() == pytest.approx(same.mean(axis=1))
    assert (found["rank_best"] <= found["rank_worst"]).all()


def test_drawn_weights_have_the_stated_mean_and_spread():
    from patentnav.valuation.sensitivity import _drawn

    equal = _drawn(np.full(5, 0.2), 20_000, "near", 0.3, 0)
    assert equal.sum(axis=1) == pytest.approx(1)
    assert equal.mean(axis=0) == pytest.approx(np.full(5, 0.2), abs=0.002)
    assert equal.std(axis=0) / 0.2 == pytest.approx(np.full(5, 0.3), abs=0.01)
    anything = _drawn(np.array([0.8, 0.1, 0.1]), 20_000, "any", 0.3, 0)
    assert anything.mean(axis=0) == pytest.approx(np.full(3, 1 / 3), abs=0.01)


def test_wrong_draws_are_refused(patents):
    scores = valuation.score(patents, CARD)
    for wrong in ({"n": 0}, {"spread": 0.0}, {"spread": -1.0}):
        with pytest.raises(ArgumentError, match="positive"):
            valuation.sensitivity(scores, CARD, **wrong)


def test_a_score_of_a_moment_is_known_as_its_cards(patents):
    scores = valuation.score(patents, "impact", known_at="publication")
    assert len(valuation.sensitivity(scores, "impact", 5)) == len(patents)
    with pytest.raises(ArgumentError, match="others"):
        valuation.sensitivity(scores, "cultivation", 5)
