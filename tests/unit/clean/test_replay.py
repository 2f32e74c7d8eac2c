"""What was decided stays decided when records are added."""

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean

SIDES = ("first", "second")


@pytest.fixture(scope="module")
def city():
    return clean.resolve_parties(pnav.datasets.city(500).patents)


@pytest.fixture(scope="module")
def half(city):
    return city.filter(np.arange(len(city)) % 2 == 0)


def decided(rows, kind, ids):
    """Whether each decision holds, by the ids of the mentions."""
    ends = [
        ids.reindex(pd.MultiIndex.from_frame(rows[[f"{s}_publication", f"{s}_name"]])).to_numpy()
        for s in SIDES
    ]
    assert not any(pd.isna(e).any() for e in ends)
    return (ends[0] == ends[1]) == (rows["decision"] == "same").to_numpy()


def ids_of(table, column):
    named = table.dropna(subset=[column])
    keys = pd.MultiIndex.from_frame(named[["publication_id", "name_raw"]])
    ids = pd.Series(named[column].to_numpy(), index=keys)
    return ids[~ids.index.duplicated()]


def pairs_of_mentions(table, column, seed):
    """Decisions of all kinds: namesakes and colleagues, joined or parted against the program."""
    rng = np.random.default_rng(seed)
    named = table.dropna(subset=[column]).drop_duplicates(["publication_id", "name_raw"])
    named = named.sort_values(["publication_id", "name_raw"]).reset_index(drop=True)
    rows = []
    for _, group in list(named.groupby(column, sort=True))[:25]:
        if len(group) > 1:  # one identity: parted
            a, b = group.iloc[0], group.iloc[-1]
            rows.append((a["publication_id"], a["name_raw"], b["publication_id"], b["name_raw"],
                         "different"))  # fmt: skip
    first = named.drop_duplicates(column)
    for _ in range(10):  # two identities: joined
        a, b = first.iloc[rng.choice(len(first) // 2, 2, replace=False)].to_dict("records")
        rows.append((a["publication_id"], a["name_raw"], b["publication_id"], b["name_raw"],
                     "same"))  # fmt: skip
    names = ["first_publication", "first_name", "second_publication", "second_name", "decision"]
    return pd.DataFrame(rows, columns=names)


def test_people_stay_as_decided_on_a_set_with_new_records(city, half):
    people = clean.resolve_inventors(half).inventors
    rows = pairs_of_mentions(people, "inventor_id", 0).assign(kind="inventor")
    rows = rows.drop(clean.decision_conflicts(rows).index)
    assert (rows["decision"] == "different").sum() > 5
    for patents in (half, city):
        after = clean.resolve_inventors(patents, decisions=rows).inventors
        assert decided(rows, "inventor", ids_of(after, "inventor_id")).all()


def test_parties_stay_as_decided_on_a_set_with_new_records(city, half):
    parties = half.parties
    rows = pairs_of_mentions(parties, "party_id", 0).assign(kind="party")
    # A decision parts names: one name cannot be two parties.
    rows = rows[rows["first_name"] != rows["second_name"]]
    rows = rows.drop(clean.decision_conflicts(rows).index)
    for patents in (half, city):
        after = clean.resolve_parties(patents, decisions=rows).parties
        assert decided(rows, "party", ids_of(after, "party_id")).all()


def test_a_marked_table_replays_from_a_file(city, half, tmp_path):
    people = clean.resolve_inventors(half).inventors
    marked = pairs_of_mentions(people, "inventor_id", 1).assign(kind="inventor")
    marked = marked.drop(clean.decision_conflicts(marked).index)
    path = clean.write_review(marked.assign(note=""), tmp_path / "decisions.csv")
    rows = clean.read_decisions(path)
    assert len(rows) == len(marked) > 0
    after = clean.resolve_inventors(city, decisions=rows).inventors
    assert decided(rows, "inventor", ids_of(after, "inventor_id")).all()
