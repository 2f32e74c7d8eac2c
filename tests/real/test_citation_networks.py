"""Exact path counts, main paths and CD index of real citation networks."""

import json

import numpy as np
import pandas as pd
import pytest

from patentnav import network
from patentnav.network import arrays

pytestmark = pytest.mark.real


@pytest.fixture(params=["plain", "compiled"])
def ways(request, monkeypatch):
    if request.param == "plain":
        monkeypatch.setattr(arrays, "installed", lambda package: False)
    else:
        pytest.importorskip("numba")
        monkeypatch.setattr(arrays, "COMPILED_FROM", 0)


def arcs(shared_data, name):
    # In these files an arc u -> v is the direction of flow.
    frame = pd.read_csv(shared_data / f"benchmarks/cite_{name}_edges.csv.gz")
    return frame.rename(columns={"u": "cited_id", "v": "citing_id"})


@pytest.mark.parametrize("name", ["central", "smallw", "scimet", "kohonen"])
def test_exact_counts_and_main_path(shared_data, name, ways):
    edges = arcs(shared_data, name)
    columns = {"SPC": object, "SPLC": object, "SPNP": object}
    exact = pd.read_csv(shared_data / f"benchmarks/cite_{name}_spc.csv.gz", dtype=columns)
    exact = exact.sort_values(["v", "u"])
    for method in ("spc", "splc", "spnp"):
        counts = network.path_counts(edges, method)
        assert counts["cited_id"].tolist() == exact["u"].tolist()
        assert counts["citing_id"].tolist() == exact["v"].tolist()
        assert [int(w) for w in counts["weight"]] == [int(w) for w in exact[method.upper()]]
    known = json.loads((shared_data / f"benchmarks/cite_{name}_mainpath.json").read_text())
    path = network.main_path(edges)
    assert [path["cited_id"].iloc[0], *path["citing_id"]] == known["global_main_path"]
    assert path.attrs["sum"] == int(known["global_main_path_weight"])
    assert path.attrs["total"] == int(known["total_flow"])


def test_cd_index_equals_the_reference_implementation(shared_data, ways):
    cdindex = pytest.importorskip("cdindex")
    edges = pd.read_csv(shared_data / "benchmarks/cite_hepth_edges.csv.gz")
    edges = edges.set_axis(["citing_id", "cited_id"], axis=1)  # here the arc is the citation
    nodes = pd.read_csv(shared_data / "benchmarks/cite_hepth_nodes.csv.gz").set_index("id")
    # A part of the network: the reference takes half a minute for all.
    early = nodes.index[nodes["date"] < nodes["date"].quantile(0.35)]
    edges = edges[edges["citing_id"].isin(early) & edges["cited_id"].isin(early)]
    edges = edges[edges["citing_id"] != edges["cited_id"]].drop_duplicates()
    reference = cdindex.Graph()
    ids = sorted({*edges["citing_id"], *edges["cited_id"]})
    for node in ids:
        reference.add_vertex(str(node), int(nodes["date"][node]))
    for citing, cited in edges.itertuples(index=False):
        reference.add_edge(str(citing), str(cited))
    days = 700
    expected = [reference.cdindex(str(node), days) for node in ids]
    result = network.cd_index(edges, nodes["date"], window=days)
    assert result.index.tolist() == ids
    np.testing.assert_allclose(
        result.to_numpy(), np.array(expected, dtype=float), rtol=0, atol=1e-12
    )
