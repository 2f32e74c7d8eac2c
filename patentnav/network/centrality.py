"""PageRank of citations, and the place of people and organisations in their networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._progress import progress
from patentnav.errors import ArgumentError
from patentnav.network.arrays import Graph, as_arrays
from patentnav.network.weighted import WeightedArrays, WeightedGraph, as_weighted

if TYPE_CHECKING:
    import scipy.sparse as sp

EXACT_NODES = 2_000  # betweenness is exact up to this size, sampled beyond
BLOCK = 64  # pivots processed together


def pagerank(
    graph: Graph, alpha: float = 0.85, *, tol: float = 1e-12, max_iter: int = 500
) -> pd.Series:
    """PageRank of cited documents: importance flows from citing to cited.

    Parameters
    ----------
    graph
        A ``PatentSet``, a frame ``citing_id, cited_id``, or a ``networkx.DiGraph`` from citing to
        cited.
    alpha
        Probability to follow a citation.
    tol
        The iteration ends when the sum of absolute changes is below. (networkx stops at
        n · tol, which on a graph of millions is after one or two steps.)
    max_iter
        Greatest number of iterations.

    Returns
    -------
    pandas.Series
        Named ``pagerank``, indexed by node id, sum 1. ``attrs["iterations"]`` and
        ``attrs["change"]`` tell how far it went.

    Raises
    ------
    ArgumentError
        ``alpha`` is not between 0 and 1.

    References
    ----------
    Page, Brin, Motwani & Winograd (1999), The PageRank citation ranking, Stanford InfoLab 1999-66.
    """
    if not 0 <= alpha < 1:
        msg = f"alpha={alpha} must be at least 0 and below 1."
        raise ArgumentError(msg)
    arrays = as_arrays(graph)
    n = arrays.n
    index = arrays.ids.rename("node")
    rank = np.full(n, 1.0 / max(n, 1))
    out = np.diff(arrays.indptr)
    dangling = out == 0
    share = np.divide(alpha, out, out=np.zeros(n), where=~dangling)
    received = arrays.matrix().T.tocsr()
    change, iterations = np.inf, 0
    while n and change >= tol and iterations < max_iter:
        spread = (1.0 - alpha + alpha * rank[dangling].sum()) / n
        following = received @ (rank * share) + spread
        change = float(np.abs(following - rank).sum())
        rank, iterations = following, iterations + 1
    series = pd.Series(rank, index=index, name="pagerank")
    series.attrs.update({"alpha": alpha, "iterations": iterations, "change": change})
    return series


def centrality(
    graph: WeightedGraph, *, pivots: int | None = None, random_state: int = 0
) -> pd.DataFrame:
    """Place of every node in an undirected network.

    Parameters
    ----------
    graph
        A ``networkx.Graph`` with edge attribute ``weight`` (strength), or a frame of edges (two
        columns of ids, ``weight``).
    pivots
        Nodes from which shortest paths are counted for betweenness and closeness; ``None``: all
        nodes up to 2,000, else a sample of 256. ``attrs["pivots"]`` states the number,
        ``attrs["exact"]`` whether it is all.
    random_state
        Seed of the sample.

    Returns
    -------
    pandas.DataFrame
        Indexed by node id: ``degree`` (neighbours), ``strength`` (sum of weights), ``betweenness``
        (share of the shortest paths of other pairs that run through the node; steps, not weights;
        from a sample: an unbiased estimate), ``closeness`` (as networkx, corrected for the size of
        the component; NA when sampled), ``clustering`` (share of the neighbour pairs that are
        neighbours), ``constraint`` (Burt; NA for a node without neighbours), ``core`` (k-core),
        ``component`` (0 is the largest) and ``component_size``.

    References
    ----------
    Brandes (2001), doi:10.1080/0022250X.2001.9990249; sampling: Brandes & Pich (2007),
    doi:10.1142/S0218127407018403; constraint: Burt (1992), Structural Holes.
    """
    arrays = as_weighted(graph)
    pattern = arrays.pattern()
    chosen = _pivots(arrays.n, pivots, random_state)
    exact = len(chosen) == arrays.n
    between, close = _shortest_paths(pattern, chosen)
    component, size = _components(arrays)
    frame = pd.DataFrame(
        {
            "degree": np.diff(pattern.indptr).astype(np.int64),
            "strength": np.asarray(arrays.matrix.sum(axis=1)).ravel(),
            "betweenness": between,
            "closeness": close if exact else np.nan,
            "clustering": _clustering(pattern),
            "constraint": _constraint(arrays.matrix, pattern),
            "core": _core(pattern),
            "component": component,
            "component_size": size,
        },
        index=arrays.ids.rename("node"),
    )
    frame.attrs.update({"pivots": len(chosen), "exact": exact, "random_state": random_state})
    return frame


def _pivots(n: int, pivots: int | None, random_state: int) -> np.ndarray:
    wanted = pivots if pivots is not None else (n if n <= EXACT_NODES else 256)
    if wanted >= n:
        return np.arange(n)
    if wanted < 1:
        msg = f"pivots={pivots} must be at least 1."
        raise ArgumentError(msg)
    return np.sort(np.random.default_rng(random_state).choice(n, size=wanted, replace=False))


def _shortest_paths(pattern: sp.csr_array, pivots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Betweenness and closeness from the pivots, as networkx scales them."""
    n = pattern.shape[0]
    between, close = np.zeros(n), np.zeros(n)
    blocks = [pivots[i : i + BLOCK] for i in range(0, len(pivots), BLOCK)]
    for block in progress(blocks, "betweenness"):
        through, distances, reached = _brandes(pattern, block)
        between += through
        with np.errstate(invalid="ignore", divide="ignore"):
            close[block] = np.where(
                distances > 0, (reached - 1) / distances * (reached - 1) / max(n - 1, 1), 0.0
            )
    if n > 2:
        between *= n / (len(pivots) * (n - 1.0) * (n - 2.0))
    return between, close


def _brandes(pattern: sp.csr_array, block: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Dependencies summed over the pivots of a block; sums of distances and nodes reached."""
    n, width = pattern.shape[0], len(block)
    columns = np.arange(width)
    paths = np.zeros((n, width))
    paths[block, columns] = 1.0
    depth = np.full((n, width), -1, dtype=np.int32)
    depth[block, columns] = 0
    frontier = paths.copy()
    level = 0
    while True:
        frontier = pattern @ frontier
        fresh = (depth < 0) & (frontier > 0)
        if not fresh.any():
            break
        level += 1
        frontier *= fresh
        depth[fresh] = level
        paths += frontier
    dependency = np.zeros((n, width))
    for step in range(level, 0, -1):
        here = depth == step
        share = np.divide(1.0 + dependency, paths, out=np.zeros_like(paths), where=here)
        dependency += (pattern @ share) * paths * (depth == step - 1)
    dependency[block, columns] = 0.0
    distances = np.where(depth > 0, depth, 0).sum(axis=0).astype(np.float64)
    return dependency.sum(axis=1), distances, (depth >= 0).sum(axis=0)


def _components(arrays: WeightedArrays) -> tuple[np.ndarray, np.ndarray]:
    """Component of every node, numbered by falling size, and its size."""
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(arrays.matrix, directed=False)
    sizes = np.bincount(label)
    _, first = np.unique(label, return_index=True)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return rank[label], sizes[label].astype(np.int64)


def _clustering(pattern: sp.csr_array) -> np.ndarray:
    degree = np.diff(pattern.indptr).astype(np.float64)
    closed = np.asarray((pattern @ pattern).multiply(pattern).sum(axis=1)).ravel()
    pairs = degree * (degree - 1.0)
    shares = np.zeros(len(degree))
    np.divide(closed, pairs, out=shares, where=pairs > 0)
    return shares


def _constraint(matrix: sp.csr_array, pattern: sp.csr_array) -> np.ndarray:
    """Burt's constraint: sum over neighbours of (direct + indirect investment) squared."""
    import scipy.sparse as sp

    strength = np.asarray(matrix.sum(axis=1)).ravel()
    share = sp.diags_array(
        np.divide(1.0, strength, out=np.zeros_like(strength), where=strength > 0)
    )
    invested = sp.csr_array(share @ matrix)
    indirect = sp.csr_array((invested @ invested).multiply(pattern))
    tie = invested + indirect
    total = np.asarray(tie.multiply(tie).sum(axis=1)).ravel()
    return np.where(strength > 0, total, np.nan)


def _core(pattern: sp.csr_array) -> np.ndarray:
    """k-core number of every node, by peeling."""
    degree = np.diff(pattern.indptr).astype(np.int64)
    core: np.ndarray = np.zeros_like(degree)
    left = np.ones(len(degree), dtype=bool)
    k = 0
    while left.any():
        k = max(k, int(degree[left].min()))
        peeled = np.flatnonzero(left & (degree <= k))
        core[peeled] = k
        left[peeled] = False
        lost = pattern[peeled].indices
        np.subtract.at(degree, lost, 1)
    return core
