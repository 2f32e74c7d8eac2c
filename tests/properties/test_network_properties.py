"""Networks on random graphs: definitions by brute force, order of rows, both ways of a kernel."""

from __future__ import annotations

import functools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentnav import network
from patentnav.network import arrays

nodes = st.integers(0, 9)
edge_lists = st.lists(st.tuples(nodes, nodes), max_size=30)


def frame(pairs):
    table = pd.DataFrame(pairs, columns=["citing_id", "cited_id"])
    return table.astype("int64")


def acyclic(pairs):
    """Citing is the greater number: no cycles."""
    return sorted({(max(p), min(p)) for p in pairs if p[0] != p[1]})


@given(edge_lists)
def test_path_counts_equal_enumeration(pairs):
    edges = acyclic(pairs)
    users = {n: [u for u, v in edges if v == n] for n in range(10)}
    refs = {n: [v for u, v in edges if u == n] for n in range(10)}

    @functools.cache
    def from_sources(node):
        return sum(map(from_sources, refs[node])) or 1

    @functools.cache
    def to_sinks(node):
        return sum(map(to_sinks, users[node])) or 1

    @functools.cache
    def from_all(node):
        return 1 + sum(map(from_all, refs[node]))

    @functools.cache
    def to_all(node):
        return 1 + sum(map(to_all, users[node]))

    expected = {
        "spc": [from_sources(v) * to_sinks(u) for u, v in edges],
        "splc": [from_all(v) * to_sinks(u) for u, v in edges],
        "spnp": [from_all(v) * to_all(u) for u, v in edges],
    }
    for method, weights in expected.items():
        assert network.path_counts(frame(edges), method)["weight"].tolist() == weights


@given(edge_lists)
def test_every_edge_is_kept_or_accounted_for(pairs):
    counts = network.path_counts(frame(pairs))
    stated = sum(counts.attrs[reason] for reason in ("loops", "duplicates", "cyclic"))
    assert len(counts) + stated == len(pairs)


@given(edge_lists)
def test_main_path_is_a_path_and_no_other_is_heavier(pairs):
    edges = acyclic(pairs)
    weight = {
        (r.citing_id, r.cited_id): r.weight for r in network.path_counts(frame(edges)).itertuples()
    }

    @functools.cache
    def best(node):
        return max((weight[e] + best(e[0]) for e in edges if e[1] == node), default=0)

    path = network.main_path(frame(edges))
    assert path["citing_id"].tolist()[:-1] == path["cited_id"].tolist()[1:]
    assert path["weight"].sum() == max((best(n) for n in range(10)), default=0)


@given(edge_lists, st.lists(st.integers(1990, 2020), min_size=10, max_size=10))
def test_cd_index_equals_its_definition(pairs, years):
    edges = {p for p in pairs if p[0] != p[1]}
    result = network.cd_index(frame(sorted(edges)), pd.Series(years), window=5)
    for focal in result.index:
        later = {n for n in range(10) if 0 < years[n] - years[focal] <= 5}
        citing = {u for u, v in edges if v == focal} & later
        references = {v for u, v in edges if u == focal}
        rivals = {u for u, v in edges if v in references and u != focal} & later
        every = citing | rivals
        if not every:
            assert pd.isna(result[focal])
        else:
            i, j = len(citing - rivals), len(citing & rivals)
            assert result[focal] == pytest.approx((i - j) / len(every))


@given(edge_lists, st.randoms(use_true_random=False))
def test_order_of_rows_never_matters(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    a, b = frame(pairs), frame(shuffled)
    pd.testing.assert_frame_equal(network.path_counts(a), network.path_counts(b))
    pd.testing.assert_frame_equal(network.coupling(a), network.coupling(b))
    pd.testing.assert_series_equal(network.pagerank(a), network.pagerank(b))


@given(edge_lists)
def test_compiled_and_plain_agree(pairs):
    pytest.importorskip("numba")
    edges = frame(pairs)
    years = pd.Series(range(10))

    def results():
        return (
            network.path_counts(edges),
            network.main_path(edges, search="key-route", key_routes=3),
            network.cocitation(edges, 3),
            network.cd_index(edges, years).to_frame(),
        )

    plain = results()
    limit = arrays.COMPILED_FROM
    arrays.COMPILED_FROM = 0
    try:
        compiled = results()
    finally:
        arrays.COMPILED_FROM = limit
    for a, b in zip(plain, compiled, strict=True):
        pd.testing.assert_frame_equal(a, b)
