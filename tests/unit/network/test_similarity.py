import numpy as np
import pandas as pd
import pytest

from patentnav import network
from patentnav.errors import ArgumentError


def edges(seed=0, nodes=60, count=400):
    rng = np.random.default_rng(seed)
    citing = rng.integers(1, nodes, count)
    return pd.DataFrame({"citing_id": citing, "cited_id": (citing * rng.random(count)).astype(int)})


def expected(frame, top, *, by):
    """Straight from the definition: sets and sorting."""
    frame = frame.drop_duplicates()
    other = {"citing_id": "cited_id", "cited_id": "citing_id"}[by]
    sets = {k: set(g) for k, g in frame.groupby(by)[other]}
    rows = []
    for a in sorted(sets):
        found = []
        for b in sorted(sets):
            shared = len(sets[a] & sets[b])
            if a != b and shared:
                found.append(
                    (-shared, len(sets[b]), b, shared / np.sqrt(len(sets[a]) * len(sets[b])))
                )
        rows += [(a, b, -n, s) for n, _, b, s in sorted(found)[:top]]
    return pd.DataFrame(rows, columns=["source_id", "target_id", "count", "similarity"])


@pytest.mark.parametrize("top", [1, 3, 100])
@pytest.mark.parametrize("seed", [0, 1])
def test_equal_to_the_definition_with_ties(ways, top, seed):
    frame = edges(seed)
    pd.testing.assert_frame_equal(
        network.coupling(frame, top), expected(frame, top, by="citing_id"), check_dtype=False
    )
    pd.testing.assert_frame_equal(
        network.cocitation(frame, top), expected(frame, top, by="cited_id"), check_dtype=False
    )


def test_equal_to_the_sparse_product(ways):
    frame = edges(5, 200, 3000)
    matrix = network.as_arrays(frame).matrix()
    product = (matrix @ matrix.T).toarray()
    ids = pd.Index(network.as_arrays(frame).ids)
    result = network.coupling(frame, top=10**6)
    np.fill_diagonal(product, 0)
    assert len(result) == (product > 0).sum()
    at = product[ids.get_indexer(result["source_id"]), ids.get_indexer(result["target_id"])]
    np.testing.assert_array_equal(at, result["count"])


def test_small_chunks_give_the_same(monkeypatch):
    from patentnav.network import arrays, similarity

    frame = edges(7)
    whole = network.coupling(frame)
    monkeypatch.setattr(arrays, "installed", lambda package: False)
    monkeypatch.setattr(similarity, "CHUNK_PAIRS", 50)
    pd.testing.assert_frame_equal(network.coupling(frame), whole)


def test_strings_and_no_edges(ways):
    frame = pd.DataFrame({"citing_id": ["P", "P", "Q"], "cited_id": ["A", "B", "A"]})
    result = network.cocitation(frame)
    assert result.values.tolist() == [["A", "B", 1, 1 / np.sqrt(2)], ["B", "A", 1, 1 / np.sqrt(2)]]
    assert len(network.coupling(frame.iloc[:0])) == 0
    assert len(network.coupling(frame.iloc[:1])) == 0


def test_wrong_top():
    with pytest.raises(ArgumentError, match="top=0"):
        network.coupling(edges(), top=0)
