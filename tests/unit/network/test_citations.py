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


def test_self_citations_are_marked_where_both_applicants_are_known(team_set):
    edges = dict.fromkeys(network.citations(team_set, unit="application").edges())
    graph = network.citations(team_set, unit="application")
    marks = {edge: graph.edges[edge].get("self_citation") for edge in edges}
    assert marks == {
        ("CN12", "CN11"): True, ("CN12", "US9B2"): None,
        ("CN13", "CN12"): False, ("CN13", "CN11"): False,
    }  # fmt: skip
    grouped = network.citations(team_set, unit="application", owner="group")
    assert grouped.edges["CN13", "CN12"]["self_citation"]


def test_flows_between_applicants(team_set):
    table = network.flows(team_set)
    # CN12 (X) cites CN11 (X and Y): half each; CN13 (Z) cites CN12 (X) and CN11 (X and Y).
    assert [tuple(row) for row in table.itertuples(index=False)] == [
        ("p3", "p1", 1.5), ("p1", "p1", 0.5), ("p1", "p2", 0.5), ("p3", "p2", 0.5)
    ]  # fmt: skip
    assert table["count"].sum() == table.attrs["citations"] == 3
    assert table.attrs["outside"] == 1


def test_flows_by_membership_and_by_column(team_set):
    member = pd.DataFrame(
        {
            "publication_id": ["CN1A", "CN1A", "CN2A", "CN3A"],
            "industry": ["ict", "biomed", "ict", "biomed"],
            "weight": [0.75, 0.25, 1.0, 1.0],
        }
    )
    table = network.flows(team_set, by=member).set_index(["citing", "cited"])["count"]
    assert table["ict", "ict"] == pytest.approx(0.75)
    assert table["biomed", "ict"] == pytest.approx(1.75)
    assert table.sum() == pytest.approx(3)
    column = network.flows(team_set.assign(place="J"), by="place")
    assert column["count"].tolist() == [3.0]


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
