"""Graph of similar documents, and the smoothing of vectors along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

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


def modularity(graph: csr_matrix, labels: np.ndarray) -> float:
    """Newman's modularity of a division of a weighted graph (doi:10.1103/PhysRevE.69.026113)."""
    degree = np.asarray(graph.sum(axis=1)).ravel().astype(np.float64)
    total = degree.sum()
    if total == 0:
        return float("nan")
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    inside = graph.data[labels[rows] == labels[graph.indices]].sum(dtype=np.float64)
    strength = np.bincount(labels, weights=degree)
    return float(inside / total - ((strength / total) ** 2).sum())
