import networkx as nx
import numpy as np
import pandas as pd
import pytest

from patentnav import network
from patentnav.errors import ArgumentError


@pytest.fixture
def edges():
    graph = nx.planted_partition_graph(5, 12, 0.7, 0.02, seed=1)
    extra = nx.path_graph(3)
    made = nx.relabel_nodes(nx.disjoint_union(graph, extra), lambda n: f"n{n:03d}")
    return pd.DataFrame(list(made.edges()), columns=["a", "b"]).assign(weight=1.5)


def test_planted_teams_are_found(edges):
    found = network.communities(edges)
    planted = pd.Series(found.index.str[1:].astype(int) // 12, index=found.index)
    assert pd.crosstab(found, planted).gt(0).sum(axis=1).eq(1).all()
    assert found.name == "community"
    assert found.value_counts().sort_index().is_monotonic_decreasing


def test_modularity_equals_networkx(edges):
    found = network.communities(edges)
    graph = nx.from_pandas_edgelist(edges, "a", "b", edge_attr="weight")
    sets = [set(found.index[found == k]) for k in found.unique()]
    assert found.attrs["modularity"] == pytest.approx(nx.community.modularity(graph, sets))
    louvain = nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=0))
    assert found.attrs["modularity"] >= louvain - 0.01


def test_same_result_in_any_order(edges):
    turned = edges.rename(columns={"a": "b", "b": "a"})[["a", "b", "weight"]]
    shuffled = turned.sample(frac=1, random_state=2)
    pd.testing.assert_series_equal(network.communities(edges), network.communities(shuffled))
    pd.testing.assert_frame_equal(network.layout(edges), network.layout(shuffled))


def test_resolution(edges):
    assert network.communities(edges, resolution=8).nunique() > network.communities(edges).nunique()
    with pytest.raises(ArgumentError, match="resolution"):
        network.communities(edges, resolution=0)


def test_nodes_without_edges():
    graph = nx.Graph([("a", "b")])
    graph.add_nodes_from(["c", "d"])
    assert network.communities(graph).tolist() == [0, 0, 1, 2]
    assert len(network.layout(graph)) == 4
    graph.remove_edge("a", "b")
    assert network.communities(graph).nunique() == 4
    assert network.layout(graph).notna().all().all()
    assert len(network.layout(nx.Graph())) == 0


def test_teams_stay_together_and_nothing_overlaps(edges):
    where = network.layout(edges)
    team = network.communities(edges)
    gaps = np.sqrt(((where.to_numpy()[:, None] - where.to_numpy()[None]) ** 2).sum(axis=2))
    np.fill_diagonal(gaps, np.inf)
    assert gaps.min() > 0.05
    same = team.to_numpy()[:, None] == team.to_numpy()[None]
    assert (same[np.arange(len(where)), gaps.argmin(axis=1)]).mean() > 0.95
    assert not network.layout(edges, random_state=1).equals(where)
