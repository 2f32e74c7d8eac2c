"""Groups fitted to what names them: cut where parts have better names, joined by their names' words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.cluster import decided
from patentnav.cluster.groups import by_size, group_means, parted
from patentnav.cluster.scoring import reads, scored
from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from patentnav.cluster.names import Titles
    from patentnav.cluster.result import Space

NAMED = 0.6  # a group whose name is in so many of its titles is not cut
BROAD = 0.7  # what a broad word covers counts so much
GAIN = 0.1  # of the titles, that names of parts cover more than that of the whole; and
LITTLE = (
    0.05  # or, where that is less, as much as that of the whole covers, but so much at least; and
)
PER_PART = 0.01  # for every part beyond two
PARTS = (2, 3)
PART, MOST_PARTS = 60, 8  # or of about so many publications, that many at most
DEPTH = 4  # times that parts are cut again
MOST = 72  # technologies by cutting: six for a field on average
FEWEST, SHARE = 15, 0.0025  # publications of a part, and share of the set
PULL = (
    0.45  # what a name in its title draws a publication to a group, beside the cosine to its middle
)
MARGIN = 0.2  # by which another group draws more
ROUNDS = 5
SETTLED = 0.002  # of the publications moved in a round: no further round
WISHED, MOST_LEFT = (
    0.1,
    0.25,
)  # of the set that remain at most; where the first is exceeded already,
FURTHER = 0.05  # so much more, up to the second


def fitted(titles: Titles, space: Space, found: np.ndarray) -> np.ndarray:
    """Groups whose names more of their titles hold; -1 for the documents of none.

    A group that its name does not cover is cut where the names of the parts cover more. A document
    whose title holds the name of another group joins that, where it is not far from it. What holds
    no name and is far from the middle of its group remains, within the limits of the remainder.

    Parameters
    ----------
    titles
        What names are made of, for all documents.
    space
        Vectors of the documents that have any.
    found
        Group of each, -1 for those of none.
    """
    labels = _cut(titles, space, found)
    labels = _drawn(titles, space, labels)
    return _trimmed(titles, space, labels)


def _everywhere(titles: Titles, space: Space, labels: np.ndarray) -> np.ndarray:
    result = np.full(len(titles.texts), -1)
    result[space.rows] = labels
    return result


def _covers(titles: Titles, space: Space, labels: np.ndarray, asked: list[int]) -> np.ndarray:
    """Share of the titles of every group that hold its best phrase, or broad word at a discount.

    Zero for the groups that are not asked for.
    """
    everywhere = _everywhere(titles, space, labels)
    k = int(labels.max()) + 1
    cover = np.zeros(k)
    both = scored(titles, everywhere, groups=asked, read=False)
    for phrases, part in zip(both, (1.0, BROAD), strict=True):
        first = phrases[phrases["rank"] == 1].set_index("group")["cover"]
        cover = np.maximum(cover, part * first.reindex(range(k)).fillna(0).to_numpy())
    return cover


def _cut(titles: Titles, space: Space, labels: np.ndarray) -> np.ndarray:
    """Groups cut into the parts whose names cover most of them, where that is more by enough."""
    labels = labels.copy()
    least = max(FEWEST, SHARE * len(titles.texts))
    tried: set[tuple[int, int]] = set()
    for _ in range(DEPTH):
        sizes = np.bincount(labels[labels >= 0])
        todo = [int(g) for g in np.argsort(-sizes, kind="stable")
                if sizes[g] >= 2 * least and (int(g), int(sizes[g])) not in tried]  # fmt: skip
        cover = _covers(titles, space, labels, todo)
        todo = [g for g in todo if cover[g] < NAMED]
        tried |= {(g, int(sizes[g])) for g in todo}
        best: dict[int, tuple[float, np.ndarray]] = {}
        for vectors in (space.smoothed, space.vectors):
            for n in (*PARTS, None) if len(cover) < MOST else ():
                parts = _parts(vectors, labels, todo, n, least)
                if not parts:
                    continue
                trial = _with_parts(labels, parts)
                now = _covers(titles, space, trial, _numbers(trial, labels, parts))
                for group, part in parts.items():
                    gained = float(now[trial[labels == group]].mean()) - cover[group]
                    gained -= PER_PART * (int(part.max()) + 1 - PARTS[0])
                    enough = min(GAIN, max(cover[group], LITTLE))
                    if gained >= max(enough, best[group][0] if group in best else 0.0):
                        best[group] = gained, part
        taken: dict[int, np.ndarray] = {}
        k = len(cover)
        for group in todo:  # the largest first
            if group in best and k + int(best[group][1].max()) <= MOST:
                taken[group] = best[group][1]
                k += int(best[group][1].max())
        if not taken:
            break
        labels = _with_parts(labels, taken)
    return labels


def _parts(
    vectors: np.ndarray, labels: np.ndarray, groups: list[int], n: int | None, least: float
) -> dict[int, np.ndarray]:
    """Each group cut into ``n`` parts, or into parts of about one size, where none is too small."""
    result = {}
    for group in groups:
        members = labels == group
        wanted = min(int(members.sum()) // PART, MOST_PARTS) if n is None else n
        if n is None and wanted <= PARTS[-1]:
            continue
        part = parted(vectors[members], wanted)
        if part.max() and np.bincount(part).min() >= least:
            result[group] = part
    return result


def _with_parts(labels: np.ndarray, parts: dict[int, np.ndarray]) -> np.ndarray:
    """Labels with groups in parts: the first keeps the number, the others are numbered on."""
    result = labels.copy()
    for group, part in parts.items():
        result[labels == group] = np.where(part > 0, int(result.max()) + part, group)
    return result


def _numbers(trial: np.ndarray, labels: np.ndarray, parts: dict[int, np.ndarray]) -> list[int]:
    """Numbers of the parts of the groups that are cut."""
    numbers: list[int] = np.unique(trial[np.isin(labels, list(parts))]).tolist()
    return numbers


def _holding(titles: Titles, space: Space, called: list[list[int]]) -> np.ndarray:
    """Documents x groups: whether the title of a document holds the name of a group."""
    presence = titles.phrases.presence[space.rows]
    held = np.zeros((len(space.rows), len(called)), dtype=bool)
    for group, columns in enumerate(called):
        if columns:
            held[:, group] = presence[:, columns].sum(axis=1).A1 > 0
    return held


def _stays(
    titles: Titles, space: Space, labels: np.ndarray, called: list[list[int]], moves: np.ndarray
) -> np.ndarray:
    """Documents whose texts hold the name of their group: another word in the title is not enough."""
    result = np.zeros(len(labels), dtype=bool)
    if titles.bodies is not None:
        for place in np.flatnonzero(moves):
            text = titles.bodies[space.rows[place]]
            names = [titles.phrases.texts[c] for c in called[labels[place]]]
            result[place] = any(reads(text, name) for name in names)
    return result


def _drawn(titles: Titles, space: Space, labels: np.ndarray) -> np.ndarray:
    """Documents in the groups whose names their titles hold, where they are near these.

    What is left with few documents, or without a name, goes to the other groups.
    """
    for _ in range(ROUNDS):
        called = decided.called(titles, _everywhere(titles, space, labels))
        held = _holding(titles, space, called)
        has = labels >= 0
        centres = unit(group_means(space.smoothed[has], labels[has], held.shape[1]))
        pull = space.smoothed @ centres.T + PULL * held
        own = pull[np.arange(len(labels)), np.maximum(labels, 0)]
        moves = has & (pull.max(axis=1) > own + MARGIN)
        moves &= ~_stays(titles, space, labels, called, moves)
        labels = np.where(moves, pull.argmax(axis=1), labels)
        few = np.bincount(labels[has], minlength=held.shape[1]) < FEWEST
        few |= ~held.any(axis=0)
        if few.any() and not few.all():
            pull[:, few] = -np.inf
            dissolved = has & few[labels]
            labels[dissolved] = pull[dissolved].argmax(axis=1)
        labels[has] = np.unique(labels[has], return_inverse=True)[1]
        if moves.sum() < SETTLED * len(labels):
            break
    return labels


def _trimmed(titles: Titles, space: Space, labels: np.ndarray) -> np.ndarray:
    """What holds no name and is far from the middle of its group belongs to none, within limits."""
    has = np.flatnonzero(labels >= 0)
    n, left = len(titles.texts), len(titles.texts) - len(has)
    room = int((WISHED if left <= WISHED * n else min(left / n + FURTHER, MOST_LEFT)) * n) - left
    called = decided.called(titles, _everywhere(titles, space, labels))
    held = _holding(titles, space, called)[has, labels[has]]
    centres = unit(group_means(space.vectors[has], labels[has], int(labels.max()) + 1))
    near = np.einsum("ij,ij->i", space.vectors[has], centres[labels[has]])
    usual = np.array([np.median(near[labels[has] == g]) for g in range(len(centres))])
    near = near - usual[labels[has]] / 2
    far = np.flatnonzero(~held)
    far = far[np.argsort(near[far], kind="stable")]
    of_group = labels[has[far]]
    order = np.argsort(of_group, kind="stable")
    place = np.empty(len(far), dtype=np.int64)  # in its group, the farthest first
    sizes = np.bincount(labels[has])
    first = np.searchsorted(of_group[order], np.arange(len(sizes)))
    place[order] = np.arange(len(far)) - first[of_group[order]]
    far = far[place < sizes[of_group] - FEWEST][: max(room, 0)]
    result = labels.copy()
    result[has[far]] = -1
    result[result >= 0] = by_size(np.unique(result[result >= 0], return_inverse=True)[1])
    return result
