"""Bibliographic coupling and co-citation: the closest nodes of every node."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._progress import progress
from patentnav.errors import ArgumentError
from patentnav.network import arrays
from patentnav.network.arrays import Graph, as_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator

    import scipy.sparse as sp

CHUNK_PAIRS = 10_000_000  # products held at once by the scipy version
CHUNK_ROWS = 2**16


def coupling(graph: Graph, top: int = 10) -> pd.DataFrame:
    """Bibliographic coupling: the nodes that share most references with each node.

    Parameters
    ----------
    graph
        A ``PatentSet``, a frame ``citing_id, cited_id``, or a ``networkx.DiGraph`` from citing to
        cited.
    top
        Number of closest nodes kept of every node.

    Returns
    -------
    pandas.DataFrame
        ``source_id, target_id, count, similarity``: ``count`` shared references, ``similarity``
        their cosine, count / sqrt(references of one · references of the other). Sorted by source,
        then count, similarity (both falling) and target id, by which ties at the end of the list
        are decided. A node is never its own neighbour.

    References
    ----------
    Kessler (1963), Bibliographic coupling between scientific papers, American Documentation 14(1),
    doi:10.1002/asi.5090140103; cosine: Salton & McGill (1983).

    Examples
    --------
    >>> import pandas as pd
    >>> from patentnav import network
    >>> edges = pd.DataFrame({"citing_id": ["P", "P", "Q", "Q"], "cited_id": ["A", "B", "A", "C"]})
    >>> network.coupling(edges).values.tolist()
    [['P', 'Q', 1, 0.5], ['Q', 'P', 1, 0.5]]
    """
    citing = as_arrays(graph)
    return _closest(citing.matrix(), citing.ids, top)


def cocitation(graph: Graph, top: int = 10) -> pd.DataFrame:
    """Co-citation: the nodes that are most often cited together with each node.

    Parameters
    ----------
    graph, top
        As in :func:`coupling`.

    Returns
    -------
    pandas.DataFrame
        As in :func:`coupling`, with ``count`` the nodes that cite both.

    References
    ----------
    Small (1973), Co-citation in the scientific literature, JASIS 24(4), doi:10.1002/asi.4630240406.
    """
    citing = as_arrays(graph)
    return _closest(citing.matrix().T.tocsr(), citing.ids, top)


def _closest(matrix: sp.csr_array, ids: pd.Index, top: int) -> pd.DataFrame:
    """Top rows of ``matrix · matrixᵀ`` per row, without the diagonal."""
    if top < 1:
        msg = f"top={top} must be at least 1."
        raise ArgumentError(msg)
    rows = np.flatnonzero(np.diff(matrix.indptr))
    degree = np.diff(matrix.indptr)[rows].astype(np.float64)
    left = matrix[rows]
    # Equal counts: the smaller row has the greater similarity, then the smaller id comes first.
    # Columns in that order and scaled by 1 - eps * rank put it into the values themselves, so that
    # the choice of the top is exact and the same in every implementation. (The best column comes
    # last because the product is read from there, so that most others need not be kept at all.)
    order = np.lexsort((rows, degree))[::-1]
    rank = np.arange(len(rows))[::-1]
    step = 0.25 / (max(len(rows), 1) * degree.max(initial=1.0))
    right = _scaled_transpose(left[order], 1.0 - rank * step)
    indptr, column, value = _top_products(left, right, top + 1)
    target = order[column]
    source = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(indptr))
    own = source == target
    # Where a node is not in its own list, the list is one too long.
    longer = np.diff(indptr) == top + 1
    longer[source[own]] = False
    drop = own
    drop[indptr[1:][longer] - 1] = True
    source, target, value = source[~drop], target[~drop], value[~drop]
    count = np.rint(value).astype(np.int64)
    columns = {
        "source_id": ids.take(rows[source]),
        "target_id": ids.take(rows[target]),
        "count": count,
        "similarity": count / np.sqrt(degree[source] * degree[target]),
    }
    return pd.DataFrame(columns, copy=False)


def _scaled_transpose(left: sp.csr_array, scale: np.ndarray) -> sp.csr_array:
    import scipy.sparse as sp

    values = np.repeat(scale, np.diff(left.indptr))
    return sp.csr_array((values, left.indices, left.indptr), shape=left.shape).T.tocsr()


def _top_products(
    left: sp.csr_array, right: sp.csr_array, top: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Largest entries of every row of ``left · right``, falling: row pointers, columns, values."""
    if arrays.installed("sparse_dot_topn"):
        import scipy.sparse as sp
        from sparse_dot_topn import sp_matmul_topn

        ends = (sp.csr_matrix(side) for side in (left, right))
        product = sp_matmul_topn(*ends, top_n=top, sort=True, n_threads=os.cpu_count())
        return product.indptr, product.indices, product.data
    parts = [_top_of(left[chunk] @ right, top) for chunk in _chunks(left, right)]
    counts = np.concatenate([np.zeros(1, dtype=np.int64), *(part[0] for part in parts)])
    columns = np.concatenate([np.array([], dtype=np.int32), *(part[1] for part in parts)])
    return np.cumsum(counts), columns, np.concatenate([np.array([]), *(part[2] for part in parts)])


def _chunks(left: sp.csr_array, right: sp.csr_array) -> Iterator[slice]:
    """Slices of rows whose product has a bounded number of terms."""
    if not left.shape[0]:
        return
    terms = np.add.reduceat(np.diff(right.indptr)[left.indices], left.indptr[:-1])
    bins = np.cumsum(terms.astype(np.int64)) // CHUNK_PAIRS
    bins += np.arange(len(bins)) // CHUNK_ROWS * (bins[-1] + 1)
    edges = [0, *(np.flatnonzero(np.diff(bins)) + 1).tolist(), left.shape[0]]
    for a, b in progress(itertools.pairwise(edges), "closest", total=len(edges) - 1):
        yield slice(a, b)


def _top_of(product: sp.csr_array, top: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number, columns and values of the largest entries of every row."""
    lengths = np.diff(product.indptr)
    order = np.argsort(-product.data)
    row = np.repeat(np.arange(len(lengths), dtype=np.uint16), lengths)
    order = order[np.argsort(row[order], kind="stable")]  # a radix sort, being of 16 bits
    place = np.arange(len(order)) - np.repeat(product.indptr[:-1], lengths)
    order = order[place < top]
    return np.minimum(lengths, top), product.indices[order], product.data[order]
