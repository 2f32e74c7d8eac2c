import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import network
from patentnav.errors import ArgumentError, CoverageWarning, MissingTableError


def test_inventions_are_counted_once_per_application(team_set):
    graph = network.inventors(team_set)
    assert sorted(graph) == ["Ann", "Bo", "Cy", "Dee"]  # the placeholder is no person
    # Newman: 1/2 in the application of three, 1 in the one of two.
    assert graph["Ann"]["Bo"]["weight"] == pytest.approx(1.5)
    assert graph["Ann"]["Bo"]["distance"] == pytest.approx(1 / 1.5)
    assert graph["Ann"]["Bo"]["count"] == 2
    assert graph["Ann"]["Cy"]["weight"] == pytest.approx(0.5)
    assert graph.nodes["Ann"] == {
        "name": "Ann", "publications": 2, "first_year": 2015, "last_year": 2017
    }  # fmt: skip
    assert graph.nodes["Dee"]["first_year"] == 2020  # no application date
    assert graph.graph == {"unit": "application", "counting": "fractional"}


def test_other_units_and_whole_counting(team_set):
    graph = network.inventors(team_set, "publication", counting="whole")
    assert graph["Ann"]["Bo"]["weight"] == 3
    assert graph["Ann"]["Cy"]["weight"] == 2
    # One family holds all three publications: 1 / (3 - 1).
    graph = network.inventors(team_set, "family")
    assert graph["Ann"]["Bo"]["weight"] == pytest.approx(0.5)


def test_newman_strength_sums_to_shared_units(team_set):
    made = network.inventor_collaboration(team_set)
    strength = pd.Series(np.asarray(made.arrays.matrix.sum(axis=1)).ravel(), index=made.arrays.ids)
    assert strength["Ann"] == pytest.approx(2.0)
    assert made.edges["source_id"].lt(made.edges["target_id"]).all()


def test_resolved_people_are_nodes(team_set):
    table = team_set.inventors.assign(
        inventor_id=lambda t: t["name"].map({"Ann": "i1", "Cy": "i1", "Bo": "i2"}).astype("str")
    )
    graph = network.inventors(team_set.replace("resolved", inventors=table))
    assert sorted(graph) == ["Dee", "i1", "i2"]
    assert graph.nodes["i1"]["name"] == "Ann"  # the most frequent of the spellings


def test_raw_names_serve_until_they_are_cleaned(team_set):
    raw = team_set.inventors.assign(
        name=pd.Series(pd.NA, dtype="str", index=team_set.inventors.index)
    )
    with pytest.warns(CoverageWarning, match="not cleaned"):
        graph = network.inventors(team_set.replace("raw", inventors=raw))
    assert "not disclosed" in graph


def test_applicants_at_both_levels(team_set):
    graph = network.applicants(team_set)
    assert sorted(graph) == ["p1", "p2", "p3"]
    assert graph["p1"]["p2"]["weight"] == 1.0
    grouped = network.applicants(team_set, owner="group")
    assert sorted(grouped) == ["g1", "p2"]
    assert grouped.nodes["g1"]["publications"] == 3


def test_coclassification(team_set):
    graph = network.coclassification(team_set)
    assert sorted(graph) == ["A61K", "G06N", "H01L"]
    assert graph["G06N"]["H01L"]["weight"] == 2
    assert network.coclassification(team_set, level="section")["G"]["H"]["count"] == 2


def test_order_of_rows_does_not_matter(team_set):
    shuffled = {
        name: getattr(team_set, name).sample(frac=1, random_state=4)
        for name in ("inventors", "parties")
    }
    other = pnav.PatentSet.from_tables({"publications": team_set.publications, **shuffled})
    for made in (network.inventors, network.applicants):
        a, b = made(team_set), made(other)
        assert list(a.nodes(data=True)) == list(b.nodes(data=True))
        assert list(a.edges(data=True)) == list(b.edges(data=True))


def test_errors(team_set):
    with pytest.raises(ArgumentError, match="counting"):
        network.inventors(team_set, counting="half")
    with pytest.raises(ArgumentError, match="owner"):
        network.applicants(team_set, owner="country")
    with pytest.raises(ArgumentError, match="level"):
        network.coclassification(team_set, level="leaf")
    bare = pnav.PatentSet.from_tables({"publications": team_set.publications})
    with pytest.raises(MissingTableError):
        network.inventors(bare)
