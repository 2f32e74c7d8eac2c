import importlib.util
from pathlib import Path

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean

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
