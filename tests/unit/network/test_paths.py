import tomllib
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from patentnav import network
from patentnav.errors import ArgumentError

GOLDEN = tomllib.loads((Path(__file__).parents[2] / "golden" / "main_path.toml").read_text("utf-8"))


def frame(arcs):
    return pd.DataFrame({"cited_id": [a[0] for a in arcs], "citing_id": [a[1] for a in arcs]})


def weights(counts):
    return {(r.cited_id, r.citing_id): r.weight for r in counts.itertuples()}


@pytest.mark.parametrize("name", ["eleven", "seven"])
@pytest.mark.parametrize(("method", "column"), [("spc", 2), ("splc", 3), ("spnp", 4)])
def test_published_counts(ways, name, method, column):
    arcs = GOLDEN[name]["arcs"]
    counts = network.path_counts(frame(arcs), method)
    assert weights(counts) == {(a[0], a[1]): a[column] for a in arcs}
    assert counts["weight"].dtype == np.int64
    assert counts.attrs["exact"]


def test_total_flow(ways):
    assert network.path_counts(frame(GOLDEN["eleven"]["arcs"])).attrs["total"] == 10


def test_local_search_follows_equal_weights(ways):
    path = network.main_path(frame(GOLDEN["eleven"]["arcs"]), search="local", start=[1, 2])
    nodes = sorted({*path["cited_id"], *path["citing_id"]})
    assert nodes == GOLDEN["eleven"]["local_from_1_2"]


def test_sample_network(ways):
    golden = GOLDEN["sample"]
    edges = frame(golden["arcs"])
    assert weights(network.path_counts(edges))["B", "D"] == golden["spc_b_d"]
    assert weights(network.path_counts(edges, "splc"))["D", "F"] == golden["splc_d_f"]
    path = network.main_path(edges)
    assert [path["cited_id"].iloc[0], *path["citing_id"]] == golden["global_path"]
    assert path["cited_id"].tolist() == golden["global_path"][:-1]
    assert path.attrs["sum"] == golden["global_sum"] == path["weight"].sum()


def test_key_routes_hold_the_heaviest_citations(ways):
    edges = frame(GOLDEN["sample"]["arcs"])
    counts = network.path_counts(edges)
    path = network.main_path(edges, search="key-route", key_routes=3)
    heaviest = counts[counts["weight"] >= counts["weight"].nlargest(3).iloc[-1]]
    assert set(weights(heaviest)) <= set(weights(path))
    graph = nx.DiGraph([(r.cited_id, r.citing_id) for r in path.itertuples()])
    sources = {n for n, d in graph.in_degree() if d == 0}
    assert sources <= {"A", "B", "J"}


def test_cycles_loops_and_duplicates_are_left_out_and_stated(ways):
    edges = pd.DataFrame(
        {
            "citing_id": ["B", "B", "C", "C", "D", "D", "E", "E"],
            "cited_id": ["A", "A", "B", "C", "C", "E", "D", "D"],
        }
    )
    counts = network.path_counts(edges)
    # D and E cite each other: both arcs go.
    assert weights(counts) == {("A", "B"): 1, ("B", "C"): 1, ("C", "D"): 1}
    assert counts.attrs["loops"] == 1
    assert counts.attrs["duplicates"] == 2
    assert counts.attrs["cyclic"] == 2


def ladder(steps):
    """Every step doubles the number of paths."""
    arcs = []
    for i in range(steps):
        arcs += [
            (3 * i, 3 * i + 1),
            (3 * i, 3 * i + 2),
            (3 * i + 1, 3 * i + 3),
            (3 * i + 2, 3 * i + 3),
        ]
    return frame(arcs)


def test_counts_above_64_bits_are_exact(ways):
    counts = network.path_counts(ladder(80))
    assert counts.attrs["total"] == 2**80
    assert set(counts["weight"]) == {2**79}
    assert all(isinstance(w, int) for w in counts["weight"])
    path = network.main_path(ladder(80))
    assert len(path) == 160
    assert path.attrs["sum"] == 160 * 2**79
    assert path["citing_id"].tolist()[:2] == [1, 3]  # equal sums: the smaller id


def test_large_networks_count_in_floats_with_a_stated_error(ways, monkeypatch):
    from patentnav.network import paths

    monkeypatch.setattr(paths, "EXACT_EDGES", 10)
    counts = network.path_counts(ladder(80))
    assert counts["weight"].dtype == np.float64
    assert not counts.attrs["exact"]
    assert 0 < counts.attrs["relative_error"] <= 1e-9
    assert abs(counts["weight"] / 2**79 - 1).max() <= counts.attrs["relative_error"]


def test_counts_beyond_floats_are_exact_integers(ways, monkeypatch):
    from patentnav.network import paths

    monkeypatch.setattr(paths, "EXACT_EDGES", 10)
    counts = network.path_counts(ladder(1100))
    assert counts.attrs["total"] == 2**1100


def test_order_of_rows_does_not_matter(ways):
    edges = frame(GOLDEN["sample"]["arcs"])
    shuffled = edges.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(network.path_counts(edges), network.path_counts(shuffled))
    for search in ("global", "local", "key-route"):
        pd.testing.assert_frame_equal(
            network.main_path(edges, search=search), network.main_path(shuffled, search=search)
        )


def test_all_forms_of_a_graph_agree():
    edges = frame(GOLDEN["sample"]["arcs"])
    graph = nx.DiGraph(list(edges[["citing_id", "cited_id"]].itertuples(index=False)))
    graph.add_node("alone")
    expected = network.path_counts(edges)
    for form in (graph, network.as_arrays(edges), edges.assign(note="x")):
        pd.testing.assert_frame_equal(network.path_counts(form), expected)


def test_no_edges():
    empty = pd.DataFrame({"citing_id": [], "cited_id": []})
    assert network.path_counts(empty).columns.tolist() == ["citing_id", "cited_id", "weight"]
    for search in ("global", "local", "key-route"):
        assert len(network.main_path(empty, search=search)) == 0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda e: network.path_counts(e, "spx"), "spx"),
        (lambda e: network.main_path(e, search="both"), "both"),
        (lambda e: network.main_path(e, search="local", start=["Z"]), "Z"),
        (lambda e: network.main_path(e, search="key-route", key_routes=0), "key_routes"),
        (lambda e: network.path_counts(e.rename(columns={"cited_id": "x"})), "cited_id"),
        (lambda e: network.path_counts([1, 2]), "list"),
    ],
)
def test_wrong_arguments_are_named(call, named):
    with pytest.raises(ArgumentError, match=named):
        call(frame(GOLDEN["sample"]["arcs"]))
