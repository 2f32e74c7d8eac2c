"""Scorecards as files: what they may hold, what is refused and how it is said."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import (
    ArgumentError,
    FormatError,
    PatentSet,
    UnknownNameError,
    _resources,
    indicators,
    valuation,
)
from patentnav.indicators import registry

CARDS = [name for name in _resources.names("scorecards") if name != "portfolio"]
MOMENTS = ["filing", "publication", "search", "grant", "later"]

CARD = """
kind = "weighted"
min_cohort = 1
[tiers]
A = 50
B = 0
[[indicators]]
indicator = "claim_count"
dimension = "legal"
weight = 60
[[indicators]]
indicator = "inventor_count"
dimension = "technical"
weight = 40
"""


@pytest.fixture
def patents():
    frame = pd.DataFrame(
        {
            "application_date": "2015-01-01",
            "claim_count": [1, 2, 3],
            "forward_citation_count": [5, 0, 1],
            "backward_citation_count": [0, 1, 2],
        },
        index=["CN1A", "CN2A", "CN3A"],
    )
    return PatentSet.from_tables(
        {
            "publications": frame,
            "inventors": pd.DataFrame(
                {"publication_id": ["CN1A", "CN2A", "CN2A", "CN3A"], "position": [1, 1, 2, 1],
                 "name_raw": list("abcd")}
            ),
        }
    )  # fmt: skip


def written(tmp_path, text, name="mine.toml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_cards_that_are_asked_for_are_there():
    assert {"default", "impact", "keep", "transfer", "pledge", "management", "cultivation"} <= {
        *CARDS
    }


@pytest.mark.parametrize("name", CARDS)
def test_no_card_holds_what_it_is_tested_on(name):
    card = valuation.load(name)
    inside = {n for entry in card.entries for n in entry.indicator}
    assert not inside & {*card.outcome}
    assert sum(entry.weight for entry in card.entries) == pytest.approx(1) or sum(
        entry.weight for entry in card.entries
    ) == pytest.approx(100)
    assert set(card.names) == set(card.purpose) == {"zh", "en"}
    assert {entry.dimension for entry in card.entries} == {"legal", "technical", "economic"}


def test_impact_takes_nothing_that_others_do_to_it():
    """What later documents or events make is no part of a card that forecasts citations."""
    inside = {n for entry in valuation.load("impact").entries for n in entry.indicator}
    cited = {"forward_citations", "forward_citations_7", "citations_received",
             "vendor_forward_citations", "generality", "breakthrough", "disruption",
             "technology_relevance", "composite_4", "composite_6"}  # fmt: skip
    assert not inside & (cited | {"renewal", "remaining_life", "transactions"})


def test_keep_knows_neither_status_nor_age():
    inside = {n for entry in valuation.load("keep").entries for n in entry.indicator}
    needs = {need for n in inside for need in registry.get(n).needs}
    assert "publications.legal_status" not in needs
    assert not inside & {"renewal", "remaining_life", "grant_lag"}


@pytest.mark.parametrize("name", ["impact", "keep", "cultivation"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_score_of_a_moment_uses_only_what_is_known_by_then(patents, name, moment):
    scores = valuation.score(patents, name, known_at=moment)
    used = {e.indicator for e in valuation.explain(scores, "CN1A").itertuples()}
    known = indicators.list().set_index("name")["known_at"]
    assert used
    assert all(MOMENTS.index(known[n]) <= MOMENTS.index(moment) for n in used)
    listed = valuation.coverage(patents, name, known_at=moment)["indicator"]
    assert {*listed} == used


@pytest.mark.parametrize("name", ["default", "management", "transfer", "pledge"])
def test_a_card_that_looks_beyond_the_moment_is_refused(patents, name):
    with pytest.raises(ArgumentError, match=r"beyond the moment.*leave_out"):
        valuation.score(patents, name, known_at="publication")
    assert len(valuation.score(patents, name, known_at="later")) == 3


def test_an_unknown_moment_is_named(patents):
    with pytest.raises(ArgumentError, match="publication"):
        valuation.score(patents, "impact", known_at="publicaton")
    with pytest.raises(UnknownNameError, match="publication"):
        valuation.load("impact").at("publicaton")


def test_the_users_own_card_looks_no_further_than_it_says(patents, tmp_path):
    ahead = CARD.replace("inventor_count", "vendor_forward_citations")
    file = written(tmp_path, ahead)
    with pytest.raises(ArgumentError, match=r"vendor_forward_citations \(later\)"):
        valuation.score(patents, file, known_at="grant")
    left = written(tmp_path, ahead + "leave_out = true\n", "left.toml")
    scores = valuation.score(patents, left, known_at="grant")
    assert "vendor_forward_citations" not in scores
    assert scores["claim_count_weight_legal"].tolist() == [1, 1, 1]
    said = written(tmp_path, 'known_at = "grant"\n' + ahead, "said.toml")
    with pytest.raises(FormatError, match="vendor_forward_citations"):
        valuation.load(said)


def test_a_card_that_holds_its_outcome_is_refused(tmp_path):
    file = written(tmp_path, 'outcome = ["claim_count"]\n' + CARD)
    with pytest.raises(FormatError, match="tested on: claim_count"):
        valuation.load(file)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("weight = 60", "weight = 70", "sum to 110, not to 1, 10 or 100"),
        ("weight = 60\n", "", "positive weight"),
        ("weight = 60", "weight = nan", "positive weight"),
        ("A = 50", "A = -5", "tier A = -5"),
        ("A = 50", "A = 500", "tier A = 500"),
        ("A = 50", "A = 0", "two tiers"),
        ("min_cohort = 1", "min_cohort = -3", "min_cohort = -3"),
        ("min_cohort = 1", "min_coverage = -0.1", r"min_coverage = -0\.1"),
        ("min_cohort = 1", "min_coverage = 1.1", r"min_coverage = 1\.1"),
        ('"inventor_count"', '"claim_count"', "claim_count twice"),
        ('"inventor_count"', '"patent_control"', "owners or groups"),
        ('"inventor_count"', "[]", "names no indicator"),
    ],
)
def test_mistakes_are_refused_with_the_remedy(tmp_path, old, new, says):
    with pytest.raises(FormatError, match=says):
        valuation.load(written(tmp_path, CARD.replace(old, new, 1)))


@pytest.mark.parametrize("scale", [0.01, 0.1, 1])
def test_shares_tenths_and_per_cent_are_the_same(patents, tmp_path, scale):
    text = CARD.replace("weight = 60", f"weight = {60 * scale}").replace(
        "weight = 40", f"weight = {40 * scale}"
    )
    scores = valuation.score(patents, written(tmp_path, text))
    assert scores["claim_count_weight_legal"].iloc[0] == pytest.approx(0.6)


def test_no_weights_are_equal_weights(patents, tmp_path):
    text = CARD.replace("weight = 60\n", "").replace("weight = 40\n", "")
    scores = valuation.score(patents, written(tmp_path, text))
    assert scores["claim_count_weight_legal"].iloc[0] == 0.5


def test_a_dead_right_has_a_score_but_no_tier(patents):
    """Of today's description; a score of an earlier moment does not know of the death."""
    states = patents.assign(legal_status=["lapsed", "in_force", "lapsed"])
    today = valuation.score(states, "cultivation")
    assert today["score"].notna().all()
    assert today["tier"].isna().tolist() == [True, False, True]
    assert valuation.score(states, "cultivation", known_at="search")["tier"].notna().all()
    assert valuation.score(states, "impact")["tier"].notna().all()


def test_every_indicator_says_when_it_is_known():
    listed = indicators.list()
    assert listed["known_at"].isin(MOMENTS).all()
    at = listed.set_index("name")["known_at"]
    assert at["inventor_count"] == "filing"
    assert at["claim_count"] == "publication"
    assert at["backward_citations"] == "search"
    assert at["grant_lag"] == "grant"
    assert (at[["forward_citations", "renewal", "transactions", "text_impact"]] == "later").all()
