"""What belongs nowhere: loose groups are split, or dissolved into the groups that hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.cluster import graph as graphs
from patentnav.cluster.groups import by_size, group_means, parted
from patentnav.cluster.scoring import scored
from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from patentnav.cluster.names import Titles

ENOUGH = 200  # documents from which loose groups are settled: fewer show no gaps
UNNAMED = 0.05  # a group whose name is in fewer of its titles is loose,
BADLY = 0.12  # and one whose name is in fewer than these,
INSIDE = 0.7  # unless so much of its links stay inside
LARGE = 0.125  # a group with more of the set must be named
TIGHT = 0.9  # or nearly all: such a group is one, whatever its titles are called
PART = 40  # publications of a part of a loose group, about
MOST_PARTS = 12
BROAD = 0.4  # what a broad word covers counts so much
DEPTH = 3  # times that parts without a name are cut again
PART_COVER = 0.12  # a part that its name covers so far,
PART_INSIDE = 0.35  # that keeps so much of its links inside,
FEWEST, SHARE = (
    15,
    0.0015,
)  # and that has so many publications, or this share of the set, is a group
ROUNDS = 10  # of joining: those that joined draw their own neighbours
CHANCE = 3.0  # times chance, that a publication's links to a group exceed
JOINS = 0.1  # by so much, times its nearness to the group; or by less,
WISHED, LOWER = 0.1, (0.09, 0.08, 0.07)  # while more of the set than so would remain,
MOST, LEAST = (
    0.25,
    (0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.0),
)  # or even less while that is more than a quarter
WEEDED = 2  # times
WEAK, WEAK_INSIDE = 0.15, 0.65  # name and links of a group that is dissolved after what it took in
BARELY, HELD = 0.1, 0.75  # of one that is dissolved in the end, if no more than these shares remain
FARTHEST = 0.1  # percentile of the cosines of the kept publications to their centres


def settled(
    titles: Titles, rows: np.ndarray, vectors: np.ndarray, graph: csr_matrix, found: np.ndarray
) -> np.ndarray:
    """Groups that hold together; -1 for the documents of none.

    A group is loose that its best phrase does not name and that does not hold together. It is cut
    into parts; parts that a phrase names are groups of their own, large parts without a name are cut
    again. Every other document joins the group that its neighbours are in, if it has more links to
    it than chance gives; what has not is the remainder.

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
    loose = _loose(titles, rows, graph, found)
    if not loose.any():
        return found
    labels = _named_parts(titles, rows, vectors, graph, found, loose=loose)
    if (labels < 0).all():
        return found
    labels = _joined(vectors, graph, _numbered(labels), JOINS)
    for _ in range(WEEDED):
        cover, inside = _measures(titles, rows, graph, labels)
        weak = (cover < WEAK) & (inside < WEAK_INSIDE)
        if weak.any() and not weak.all():
            labels = np.where((labels >= 0) & weak[labels], -1, labels)
            labels = _joined(vectors, graph, _numbered(labels), JOINS)
    for share, steps in ((WISHED, LOWER), (MOST, LEAST)):
        for least in steps:
            if (labels >= 0).sum() < (1 - share) * len(titles.texts):
                labels = _joined(vectors, graph, labels, least)
    labels = _without_unnamed(titles, rows, vectors, graph, labels)
    labels[labels >= 0] = by_size(labels[labels >= 0])
    return labels


def _without_unnamed(
    titles: Titles, rows: np.ndarray, vectors: np.ndarray, graph: csr_matrix, labels: np.ndarray
) -> np.ndarray:
    """What took in so much that nothing names it goes to the others or remains, within the limit."""
    cover, inside = _measures(titles, rows, graph, labels)
    unnamed = np.flatnonzero((cover < BARELY) & (inside < HELD))
    if len(unnamed) == len(cover):
        return labels
    unnamed = unnamed[np.argsort(cover[unnamed], kind="stable")]
    n = len(titles.texts)
    limit = WISHED if (labels >= 0).sum() >= (1 - WISHED) * n else MOST
    while len(unnamed):
        left = _numbered(np.where(np.isin(labels, unnamed), -1, labels))
        left = _joined(vectors, graph, left, JOINS)
        if (left >= 0).sum() >= (1 - limit) * n:
            return left
        unnamed = unnamed[: len(unnamed) // 2]  # the worst of them
    return labels


def _named_parts(
    titles: Titles,
    rows: np.ndarray,
    vectors: np.ndarray,
    graph: csr_matrix,
    found: np.ndarray,
    *,
    loose: np.ndarray,
) -> np.ndarray:
    """The groups that are not loose, and those parts of the others that a phrase names; else -1."""
    labels = np.where(loose[found], -1, found)
    todo = [np.flatnonzero(found == group) for group in np.flatnonzero(loose)]
    least = max(FEWEST, SHARE * len(titles.texts))
    for _ in range(DEPTH):
        parts, number = labels.copy(), int(max(labels.max(), found.max())) + 1
        cut: list[np.ndarray] = []
        for members in todo:
            part = _cut(vectors[members])
            own = [members[part == i] for i in range(int(part.max()) + 1)]
            cut += own if len(own) > 1 else []
        if not cut:
            break
        for i, members in enumerate(cut, start=number):
            parts[members] = i
        good = _good(titles, rows, graph, parts)[number:]
        for i, (members, named) in enumerate(zip(cut, good, strict=True), start=number):
            labels[members] = i if named else -1
        todo = [own for own, named in zip(cut, good, strict=True)
                if not named and len(own) >= 2 * least]  # fmt: skip
    return labels


def _numbered(labels: np.ndarray) -> np.ndarray:
    placed = labels >= 0
    result = labels.copy()
    result[placed] = np.unique(labels[placed], return_inverse=True)[1]
    return result


def _joined(vectors: np.ndarray, graph: csr_matrix, labels: np.ndarray, least: float) -> np.ndarray:
    """Documents without a group in the one that their neighbours are in, if in any."""
    from scipy.sparse import csr_matrix

    labels, k = labels.copy(), int(labels.max()) + 1
    strength = np.asarray(graph.sum(axis=1)).ravel()
    for _ in range(ROUNDS):
        placed, free = np.flatnonzero(labels >= 0), np.flatnonzero(labels < 0)
        if not len(free):
            break
        belongs = csr_matrix(
            (np.ones(len(placed), np.float32), (placed, labels[placed])), shape=(len(labels), k)
        )
        share = (graph[free] @ belongs).toarray() / np.maximum(strength[free], 1e-9)[:, None]
        chance = np.bincount(labels[placed], strength[placed], minlength=k) / strength.sum()
        centres = unit(group_means(vectors[placed], labels[placed], k))
        near = np.maximum(vectors[free] @ centres.T, 0)
        pull = share * near - CHANCE * chance
        best = pull.argmax(axis=1)
        joins = pull.max(axis=1) >= least
        if not joins.any():
            break
        labels[free[joins]] = best[joins]
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
    good &= np.bincount(parts[parts >= 0], minlength=len(good)) >= max(
        FEWEST, SHARE * len(titles.texts)
    )
    return np.asarray(good)


def _measures(
    titles: Titles, rows: np.ndarray, graph: csr_matrix, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    everywhere = np.full(len(titles.texts), -1)
    everywhere[rows] = labels
    k = int(labels.max()) + 1
    cover = np.zeros(k)
    for phrases, part in zip(scored(titles, everywhere), (1.0, BROAD), strict=True):
        first = phrases[phrases["rank"] == 1].set_index("group")["support"]
        cover = np.maximum(cover, part * first.reindex(range(k)).fillna(0).to_numpy())
    return cover, graphs.inside(graph, np.where(labels >= 0, labels, k))[:k]


def _loose(titles: Titles, rows: np.ndarray, graph: csr_matrix, found: np.ndarray) -> np.ndarray:
    cover, inside = _measures(titles, rows, graph, found)
    large = np.bincount(found, minlength=len(cover)) > LARGE * len(titles.texts)
    badly = (cover < UNNAMED) | ((cover < BADLY) & ((inside < INSIDE) | large))
    return np.asarray(badly & (inside < TIGHT))


def _cut(vectors: np.ndarray) -> np.ndarray:
    """Parts of a group, numbered from 0."""
    return parted(vectors, min(max(round(len(vectors) / PART), 2), MOST_PARTS))
