import networkx as nx
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import network
from patentnav.errors import MissingTableError


def test_publications(team_set):
    graph = network.citations(team_set)
    assert isinstance(graph, nx.DiGraph)
    assert set(graph.edges()) == {
        ("CN1B", "CN1A"), ("CN2A", "CN1A"), ("CN2A", "US9B2"), ("CN3A", "CN2A"), ("CN3A", "CN1B")
    }  # fmt: skip
    assert not graph.nodes["US9B2"]["in_set"]
    assert graph.nodes["CN1A"]["in_set"]
    assert graph.graph == {"unit": "publication", "loops": 0, "duplicates": 0}


def test_applications(team_set):
    graph = network.citations(team_set, unit="application")
    assert set(graph.edges()) == {
        ("CN12", "CN11"), ("CN12", "US9B2"), ("CN13", "CN12"), ("CN13", "CN11")
    }  # fmt: skip
    assert graph.graph["loops"] == 1  # the grant cites its own application


def test_families_know_members_outside_the_set(team_set):
    graph = network.citations(team_set, unit="family")
    assert set(graph.edges()) == {("CN13", "F1")}
    assert graph.graph["loops"] == 3
    assert graph.graph["duplicates"] == 1


def test_publications_without_citations_are_nodes(team_set):
    lonely = team_set.replace("fewer", citations=team_set.citations.iloc[:0])
    assert sorted(network.citations(lonely)) == ["CN1A", "CN1B", "CN2A", "CN3A"]


def test_other_forms():
    edges = pd.DataFrame({"citing_id": [2, 3, 3], "cited_id": [1, 1, 1]})
    graph = network.citations(edges)
    assert set(graph.edges()) == {(2, 1), (3, 1)}
    assert all(isinstance(node, int) for node in graph)


def test_absent_citations(team_set):
    bare = pnav.PatentSet.from_tables({"publications": team_set.publications})
    with pytest.raises(MissingTableError):
        network.citations(bare)
