"""What belongs nowhere: loose groups are split, or dissolved into the groups that hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.cluster import graph as graphs
from patentnav.cluster import names as naming
from patentnav.cluster.groups import by_size, group_means, seeds
from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from patentnav.cluster.names import Titles

ENOUGH = 200  # documents from which loose groups are settled: fewer show no gaps
UNNAMED = 0.06  # a group whose name is in fewer of its titles is loose,
BADLY = 0.15  # and one whose name is in fewer than these,
INSIDE = 0.75  # unless so much of its links stay inside
TIGHT = 0.9  # or nearly all: such a group is one, whatever its titles are called
PART = 40  # publications of a part of a loose group, about
MOST_PARTS = 6
PART_COVER = 0.15  # a part that its name covers so far,
PART_INSIDE = 0.4  # that keeps so much of its links inside,
FEWEST, SHARE = 15, 0.003  # and that has so many publications, or this share of the set, is a group
FARTHEST = 0.1  # percentile of the cosines of the kept publications to their centres


def settled(
    titles: Titles, rows: np.ndarray, vectors: np.ndarray, graph: csr_matrix, found: np.ndarray
) -> np.ndarray:
    """Groups that hold together; -1 for the documents of none.

    A group is loose that its best phrase does not name and that does not hold together. It is cut
    into parts; parts that a phrase names are groups of their own. The documents of the other parts
    go to the nearest group, if they are as near to its middle as its own outermost documents.

    Parameters
    ----------
    titles
        What names are made of, for all documents.
    rows
        Places of the vectors among all documents.
    vectors, graph
        Smoothed vectors and neighbour graph.
    found
        Group of every vector.

    Returns
    -------
    numpy.ndarray
        Numbered by falling size; unchanged where no group, or every group, is loose.
    """
    k = int(found.max()) + 1
    loose = _loose(titles, rows, graph, found)
    if not loose.any():
        return found
    parts = found.copy()
    for group in np.flatnonzero(loose):
        members = np.flatnonzero(found == group)
        cut = _cut(vectors[members])
        parts[members] = np.where(cut == 0, group, parts.max() + cut)
    kept = ~np.append(loose, np.ones(int(parts.max()) + 1 - k, dtype=bool))
    kept |= _good(titles, rows, graph, parts)
    if not kept.any():
        return found
    stays = kept[parts]
    number = np.cumsum(kept) - 1
    labels = np.where(stays, number[parts], -1)
    place, far = nearest_of(vectors, labels, int(kept.sum()))
    labels[~stays] = np.where(far, -1, place)
    return _without_unnamed(titles, rows, vectors, graph, labels)


def _without_unnamed(
    titles: Titles, rows: np.ndarray, vectors: np.ndarray, graph: csr_matrix, labels: np.ndarray
) -> np.ndarray:
    """Groups that no phrase names any more with what they took in go to others, once."""
    k = int(labels.max()) + 1
    placed = labels >= 0
    cover, inside = _measures(titles, rows, graph, np.where(placed, labels, k))
    kept = (cover[:k] >= UNNAMED) | (inside[:k] >= TIGHT)
    if kept.any() and not kept.all():
        number = np.cumsum(kept) - 1
        outside = ~placed
        stays = placed & kept[labels]
        labels = np.where(stays, number[labels], -1)
        place, far = nearest_of(vectors, labels, int(kept.sum()))
        labels[~stays] = np.where(far | outside[~stays], -1, place)
    labels[labels >= 0] = by_size(labels[labels >= 0])
    return labels


def found_anew(
    titles: Titles, rows: np.ndarray, vectors: np.ndarray, graph: csr_matrix, labels: np.ndarray
) -> np.ndarray:
    """Parts of what has no group (-1) that a phrase names become groups, numbered on."""
    outside = np.flatnonzero(labels < 0)
    k = int(labels.max()) + 1
    if len(outside) < FEWEST:
        return labels
    parts = labels.copy()
    parts[outside] = k + _cut(vectors[outside])
    good = np.flatnonzero(_good(titles, rows, graph, parts)[k:]) + k
    result = labels.copy()
    for number, part in enumerate(good, start=k):
        result[parts == part] = number
    return result


def nearest_of(vectors: np.ndarray, labels: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Nearest group of every vector without one (-1), and whether it is too far from it."""
    stays = labels >= 0
    centres = unit(group_means(vectors[stays], labels[stays], k))
    cosine = np.einsum("ij,ij->i", vectors[stays], centres[labels[stays]])
    near = vectors[~stays] @ centres.T
    return near.argmax(axis=1), near.max(axis=1) < np.percentile(cosine, FARTHEST)


def _good(titles: Titles, rows: np.ndarray, graph: csr_matrix, parts: np.ndarray) -> np.ndarray:
    cover, inside = _measures(titles, rows, graph, parts)
    good = (cover >= PART_COVER) & (inside >= PART_INSIDE)
    good &= np.bincount(parts) >= max(FEWEST, SHARE * len(titles.texts))
    return np.asarray(good)


def _measures(
    titles: Titles, rows: np.ndarray, graph: csr_matrix, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    everywhere = np.full(len(titles.texts), -1)
    everywhere[rows] = labels
    phrases = naming.scored(titles, everywhere)
    first = phrases[phrases["rank"] == 1].set_index("group")["cover"]
    cover = first.reindex(range(int(labels.max()) + 1)).fillna(0).to_numpy()
    return cover, graphs.inside(graph, labels)


def _loose(titles: Titles, rows: np.ndarray, graph: csr_matrix, found: np.ndarray) -> np.ndarray:
    cover, inside = _measures(titles, rows, graph, found)
    badly = (cover < UNNAMED) | ((cover < BADLY) & (inside < INSIDE))
    return np.asarray(badly & (inside < TIGHT))


def _cut(vectors: np.ndarray) -> np.ndarray:
    """Parts of a group, numbered from 0."""
    from sklearn.cluster import KMeans

    n = min(max(round(len(vectors) / PART), 2), MOST_PARTS)
    distinct = len(np.unique(vectors.round(5), axis=0))
    if distinct <= n:
        return np.zeros(len(vectors), dtype=np.int64)
    start = seeds(vectors, n)
    found = KMeans(n, init=start, n_init=1, max_iter=100).fit_predict(vectors)
    return np.asarray(np.unique(found, return_inverse=True)[1])
