"""Average linkage on sparse similarities: components first, then all pairs of each one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST = 3000
_BATCH = 500_000  # pairs whose similarities are computed in one go


def components(first: np.ndarray, second: np.ndarray, n: int) -> np.ndarray:
    """Component of each of ``n`` items joined by the edges ``first, second``."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), shape=(n, n))
    labels: np.ndarray = connected_components(graph, directed=False)[1]
    return labels


def members(labels: np.ndarray) -> Iterator[np.ndarray]:
    """Positions of each group of at least two, ascending."""
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    for group in np.split(order, bounds):
        if len(group) > 1:
            yield group


def group_by_average(
    pairs: tuple[np.ndarray, np.ndarray, np.ndarray],
    n: int,
    *,
    cut: float,
    similarity: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> np.ndarray:
    """Group items by average linkage (UPGMA) of their similarities.

    Parameters
    ----------
    pairs
        Positions of the first and the second item and their similarity. Groups form inside the
        components of the pairs that reach ``cut``: average linkage cannot leave them.
    n
        Number of items. Ties depend on their order: sort them first.
    cut
        Groups join while their mean similarity reaches this.
    similarity
        Gives the similarities of pairs (positions of the first, positions of the second).

    Returns
    -------
    numpy.ndarray
        Group of every item (int). A component of more than 3,000 items is cut into the components
        of stricter pairs first.
    """
    labels = np.arange(n)
    for batch in _batches(_small_components(*pairs, (n, cut))):
        first, second = (np.concatenate(side) for side in zip(*map(_all_pairs, batch), strict=True))
        distances = 1.0 - similarity(first, second)
        start = 0
        for group in batch:
            end = start + len(group) * (len(group) - 1) // 2
            labels[group] = group[upgma(distances[start:end], cut)]
            start = end
    return labels


def _batches(groups: Iterator[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """Groups together while they have few pairs: one call for many small ones."""
    batch: list[np.ndarray] = []
    size = 0
    for group in groups:
        batch.append(group)
        size += len(group) ** 2 // 2
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _all_pairs(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of a group, in the order of a condensed distance matrix."""
    one, other = np.triu_indices(len(group), k=1)
    return group[one], group[other]


def _small_components(
    first: np.ndarray, second: np.ndarray, value: np.ndarray, limits: tuple[int, float]
) -> Iterator[np.ndarray]:
    n, cut = limits
    reach = value >= cut
    first, second, value = first[reach], second[reach], value[reach]
    labels = components(first, second, n)
    for group in members(labels):
        if len(group) <= LARGEST or cut >= 0.98:
            yield group
            continue
        inside = labels[first] == labels[group[0]]
        local = np.full(n, -1)
        local[group] = np.arange(len(group))
        parts = _small_components(
            local[first[inside]],
            local[second[inside]],
            value[inside],
            (len(group), cut + (1 - cut) / 4),
        )
        yield from (group[part] for part in parts)


def upgma(distances: np.ndarray, cut: float) -> np.ndarray:
    """Position of the first member of the group of each item of a condensed distance matrix."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(distances) == 1:
        return np.zeros(2, dtype=int) if distances[0] <= 1.0 - cut + 1e-12 else np.arange(2)
    found = fcluster(linkage(distances, "average"), 1.0 - cut + 1e-12, criterion="distance")
    _, first, inverse = np.unique(found, return_index=True, return_inverse=True)
    result: np.ndarray = first[inverse]
    return result


def row_products(left: Any, right: Any, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Scalar products of rows ``first`` of one sparse matrix with rows ``second`` of another."""
    product: np.ndarray = np.asarray(left[first].multiply(right[second]).sum(axis=1)).ravel()
    return product
