import importlib.util
from pathlib import Path

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean, talent

pytestmark = pytest.mark.real
PAIRS = Path(__file__).parents[2] / "benchmarks" / "organisation_pairs.py"


def test_hand_labelled_variants(shared_data):
    file = shared_data / "benchmarks/assignee_nber_variants.csv.gz"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    scores = clean.identity_scores(clean.party_groups(table["organization"]), table["unique_id"])
    assert scores.loc["pairwise", "f1"] >= 0.78
    assert scores.loc["b_cubed", "f1"] >= 0.86


def test_names_that_no_rule_was_chosen_on(shared_data):
    spec = importlib.util.spec_from_file_location("organisation_pairs", PAIRS)
    pairs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pairs)
    table = pairs.judged(shared_data)
    unseen = table[table["draw"] > 1]
    precision, recall, f1 = pairs.scores(unseen)
    assert len(unseen) == 640
    assert precision >= 0.8
    assert recall >= 0.89
    assert f1 >= 0.85


def test_planted_people_of_the_city():
    made = pnav.datasets.city(1500)
    patents = clean.resolve_inventors(clean.resolve_parties(made.patents))
    both = patents.inventors.merge(made.people, on=["publication_id", "position"])
    both = both.dropna(subset=["person", "name"])
    scores = clean.identity_scores(both["inventor_id"], both["person"])
    assert scores.loc["pairwise", "f1"] >= 0.95


@pytest.fixture(scope="module")
def virtual_reality(shared_data):
    file = shared_data / "exports/patentics/patentics_cn_virtual_reality_7805.csv"
    return clean.resolve_inventors(clean.resolve_parties(pnav.read(file, errors="collect")))


def test_one_name_at_a_small_firm_is_one_person(virtual_reality):
    """Names with most filings at firms of up to 20 inventors: each is one person."""
    held = _firms(virtual_reality)
    inventors = virtual_reality.inventors.dropna(subset=["inventor_id"])
    rows = inventors[["publication_id", "name", "inventor_id"]].merge(held, on="publication_id")
    size = rows.groupby("group_id")["name"].transform("nunique")
    rows = rows[(size <= 20) & rows["name"].str.fullmatch("[\u4e00-\u9fff]{2,3}")]
    found = rows.groupby(["group_id", "name"]).agg(
        persons=("inventor_id", "nunique"), filings=("publication_id", "nunique")
    )
    prolific = found[found["filings"] >= 30]
    assert len(prolific) >= 5
    assert prolific["persons"].eq(1).all()
    # One name and firm, 131 filings.
    assert found["filings"].max() == 131


def test_firms_of_a_province_and_of_a_city_with_one_trade_are_two(virtual_reality):
    trade = "虚拟现实科技有限公司"
    parties = virtual_reality.parties
    groups = [
        set(parties.loc[parties["name"] == place + trade, "group_id"])
        for place in ("广东", "深圳市", "广西")
    ]
    assert all(len(group) == 1 for group in groups)
    assert len(set.union(*groups)) == 3


def test_people_who_appear_together_are_no_likely_moves(virtual_reality):
    moved = talent.moves(virtual_reality)
    assert moved["probability"].max() <= 0.9
    assert moved.loc[moved["together"], "probability"].max() <= 0.2
    assert len(talent.affiliates(moved)) >= 20


def _firms(patents):
    parties = patents.parties
    firms = parties[(parties["role"] == "applicant") & (parties["party_type"] == "enterprise")]
    return firms[["publication_id", "group_id"]].drop_duplicates()
