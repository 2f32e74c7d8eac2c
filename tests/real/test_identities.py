import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean

pytestmark = pytest.mark.real


def test_hand_labelled_variants(shared_data):
    file = shared_data / "benchmarks/assignee_nber_variants.csv.gz"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    scores = clean.identity_scores(clean.party_groups(table["organization"]), table["unique_id"])
    assert scores.loc["pairwise", "f1"] >= 0.78
    assert scores.loc["b_cubed", "f1"] >= 0.86


def test_planted_people_of_the_city():
    made = pnav.datasets.city(1500)
    patents = clean.resolve_inventors(clean.resolve_parties(made.patents))
    both = patents.inventors.merge(made.people, on=["publication_id", "position"])
    both = both.dropna(subset=["person", "name"])
    scores = clean.identity_scores(both["inventor_id"], both["person"])
    assert scores.loc["pairwise", "f1"] >= 0.95
