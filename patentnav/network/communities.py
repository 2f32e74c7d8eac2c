"""Communities by the Leiden algorithm."""

from __future__ import annotations

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.network.weighted import WeightedGraph, as_weighted


def communities(
    graph: WeightedGraph, random_state: int = 0, *, resolution: float = 1.0, iterations: int = 2
) -> pd.Series:
    """Communities of a graph by the Leiden algorithm (greatest modularity).

    Parameters
    ----------
    graph
        A ``networkx.Graph`` with edge attribute ``weight`` (strength), or a frame of edges (two
        columns of ids, ``weight``).
    random_state
        Seed. The same graph and seed give the same communities, in any order of its rows.
    resolution
        Greater values give more and smaller communities.
    iterations
        Full passes of the algorithm, each from the result of the one before.

    Returns
    -------
    pandas.Series
        Named ``community``, indexed by node id: 0 is the largest community, equal sizes by their
        smallest id. A node without edges is a community of its own. ``attrs["modularity"]`` is
        the modularity reached.

    Raises
    ------
    ArgumentError
        ``resolution`` is not positive, or the graph is none.

    References
    ----------
    Traag, Waltman & van Eck (2019), From Louvain to Leiden, Scientific Reports 9, 5233,
    doi:10.1038/s41598-019-41695-z.
    """
    from graspologic_native import leiden_csr

    if not resolution > 0:
        msg = f"resolution={resolution} must be greater than 0."
        raise ArgumentError(msg)
    arrays = as_weighted(graph)
    matrix = arrays.matrix
    labels = np.arange(arrays.n)
    if matrix.nnz:
        _, found = leiden_csr(
            matrix.indptr.astype(np.int64),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float64),
            arrays.n,
            resolution=resolution,
            iterations=iterations,
            seed=random_state,
        )
        nodes = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
        # Nodes without edges may be missing: they keep a label of their own behind the others.
        labels = labels + arrays.n
        labels[nodes] = np.fromiter(found.values(), dtype=np.int64, count=len(found))
        alone = np.diff(matrix.indptr) == 0
        labels[alone] = np.flatnonzero(alone) + arrays.n
    series = arrays.series(_by_size(labels), "community")
    series.attrs["modularity"] = modularity(graph=arrays, community=series, resolution=resolution)
    return series


def _by_size(labels: np.ndarray) -> np.ndarray:
    """Number communities by falling size, equal sizes in the order of their first node."""
    _, first, codes, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(first))
    return rank[codes]


def modularity(graph: WeightedGraph, community: pd.Series, *, resolution: float = 1.0) -> float:
    """Modularity of a partition: strength inside communities against what chance would put there.

    Parameters
    ----------
    graph
        As in :func:`communities`.
    community
        Community of every node, indexed by node id.
    resolution
        Weight of the chance term.

    Returns
    -------
    float
        NaN for a graph without edges.
    """
    arrays = as_weighted(graph)
    labels, _ = pd.factorize(community.reindex(arrays.ids), sort=True)
    strength = np.asarray(arrays.matrix.sum(axis=1)).ravel()
    total = float(strength.sum())
    if total == 0:
        return float("nan")
    row = np.repeat(np.arange(arrays.n), np.diff(arrays.matrix.indptr))
    inside = float(arrays.matrix.data[labels[row] == labels[arrays.matrix.indices]].sum())
    by_community = np.bincount(labels, weights=strength)
    return inside / total - resolution * float(((by_community / total) ** 2).sum())
