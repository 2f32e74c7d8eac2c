import networkx as nx
import numpy as np
import pandas as pd
import pytest

from patentnav import network
from patentnav.errors import ArgumentError


@pytest.fixture
def graph():
    """Two components, a node without neighbours, weights."""
    made = nx.disjoint_union(nx.barbell_graph(6, 2), nx.karate_club_graph())
    for i, (u, v) in enumerate(made.edges()):
        made[u][v]["weight"] = 1.0 + i % 3
    made.add_node("alone")
    return nx.relabel_nodes(made, str)


def series(values):
    return pd.Series(values).sort_index()


def test_pagerank_equals_networkx():
    rng = np.random.default_rng(0)
    citing = rng.integers(1, 300, 1500)
    edges = pd.DataFrame({"citing_id": citing, "cited_id": (citing * rng.random(1500)).astype(int)})
    graph = nx.DiGraph(list(edges.itertuples(index=False)))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    expected = series(nx.pagerank(graph, tol=1e-15, max_iter=1000))
    result = network.pagerank(graph)
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-12)
    assert result.sum() == pytest.approx(1.0)
    pd.testing.assert_series_equal(result, network.pagerank(edges.sample(frac=1, random_state=1)))


def test_pagerank_rejects_alpha():
    with pytest.raises(ArgumentError, match="alpha"):
        network.pagerank(pd.DataFrame({"citing_id": [1], "cited_id": [0]}), alpha=1.0)


def test_centralities_equal_networkx(graph):
    table = network.centrality(graph)
    assert table.attrs["exact"]
    for column, expected in {
        "degree": dict(graph.degree()),
        "strength": dict(graph.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph),
        "clustering": nx.clustering(graph),
        "constraint": nx.constraint(graph, weight="weight"),
        "core": nx.core_number(graph),
    }.items():
        np.testing.assert_allclose(
            table[column].to_numpy(dtype=float),
            series(expected).to_numpy(dtype=float),
            atol=1e-12, err_msg=column,
        )  # fmt: skip
    assert table.loc["alone", ["component", "component_size"]].tolist() == [2, 1]
    assert table["component_size"].max() == 34


def test_sampled_betweenness_is_near_and_says_so(graph):
    exact = network.centrality(graph)
    sampled = network.centrality(graph, pivots=30, random_state=1)
    assert sampled.attrs == {"pivots": 30, "exact": False, "random_state": 1}
    assert sampled["closeness"].isna().all()
    assert exact["betweenness"].corr(sampled["betweenness"]) > 0.9
    again = network.centrality(graph, pivots=30, random_state=1)
    pd.testing.assert_frame_equal(sampled, again)


def test_no_edges():
    graph = nx.Graph()
    graph.add_nodes_from(["a", "b"])
    table = network.centrality(graph)
    assert table["degree"].tolist() == [0, 0]
    assert table["constraint"].isna().all()


def test_weights_must_be_positive():
    with pytest.raises(ArgumentError, match="greater than 0"):
        network.centrality(pd.DataFrame({"a": ["x"], "b": ["y"], "weight": [0.0]}))
    with pytest.raises(ArgumentError, match="dict"):
        network.centrality({})


def test_an_empty_graph_gives_an_empty_frame():
    import networkx as nx

    from patentnav import network

    assert network.centrality(nx.Graph()).empty
