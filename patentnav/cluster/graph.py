"""Graph of similar documents, and the smoothing of vectors along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

WORD_GRAPH = 4.0  # weight of the graph by words; all others, one
OWN = 0.1  # share of a document's own vector at every step
STEPS = 5


def neighbour_graph(indices: np.ndarray, cosines: np.ndarray) -> csr_matrix:
    """Symmetric graph in which either end names the other; weights divided by their mean.

    Parameters
    ----------
    indices, cosines
        Neighbours as :func:`patentnav.cluster.neighbours.nearest` gives them.
    """
    from scipy.sparse import csr_matrix

    n, k = indices.shape
    found = (indices >= 0) & (cosines > 0)
    rows = np.repeat(np.arange(n, dtype=np.int32), k)[found.ravel()]
    one_way = csr_matrix((cosines[found], (rows, indices[found])), shape=(n, n))
    return mean_one(one_way.maximum(one_way.T).tocsr())


def mean_one(graph: csr_matrix) -> csr_matrix:
    """Scale the weights of a graph to a mean of one."""
    return graph / graph.data.mean() if graph.nnz else graph


def join(graphs: Sequence[tuple[float, csr_matrix]]) -> csr_matrix:
    """Weighted sum of graphs of the same documents."""
    total = graphs[0][1] * graphs[0][0]
    for weight, graph in graphs[1:]:
        total = total + graph * weight
    return total.tocsr()


def smooth(graph: csr_matrix, vectors: np.ndarray) -> np.ndarray:
    """Vectors drawn towards the mean of their neighbours, rows of unit length, float32.

    ``V <- unit(0.1 Z + 0.9 P V)``, five times, with P the graph with rows summing to one.
    """
    from scipy.sparse import diags

    degree = np.asarray(graph.sum(axis=1)).ravel()
    inverse = np.divide(1.0, degree, out=np.zeros_like(degree), where=degree > 0)
    step = (diags(inverse) @ graph).astype(np.float32)
    smoothed = vectors
    for _ in range(STEPS):
        smoothed = unit(OWN * vectors + (1 - OWN) * (step @ smoothed))
    return smoothed


def inside(graph: csr_matrix, labels: np.ndarray) -> np.ndarray:
    """Share of the links of every group that stay inside it, by weight, 0 to 1; 1 without links."""
    own, all_links = _weights(graph, labels)
    share = np.divide(own, all_links, out=np.ones(len(own)), where=all_links > 0)
    return np.asarray(share)


def modularity(graph: csr_matrix, labels: np.ndarray) -> float:
    """Newman's modularity of a division of a weighted graph (doi:10.1103/PhysRevE.69.026113)."""
    own, all_links = _weights(graph, labels)
    total = all_links.sum()
    if total == 0:
        return float("nan")
    return float(own.sum() / total - ((all_links / total) ** 2).sum())


def _weights(graph: csr_matrix, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weight of the links inside every group, and of all its links; each is seen from both ends."""
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    weight = graph.data.astype(np.float64)
    k = int(labels.max()) + 1
    same = labels[rows] == labels[graph.indices]
    own = np.bincount(labels[rows[same]], weights=weight[same], minlength=k)
    return own, np.bincount(labels[rows], weights=weight, minlength=k)
