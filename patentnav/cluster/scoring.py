"""Weight of the noun phrases of every group: frequent in its titles and texts, rare elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.cluster.groups import group_means
from patentnav.cluster.names import FEWEST, repeated, within
from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

    from patentnav.cluster.names import Titles

COVER_POWER = 0.75
PSEUDO = 3  # titles as if added to every group, of the kind of all titles
LIFT = 2.0  # a phrase is that many times as frequent inside as in the set,
OF_MOST = 0.6  # or so much of the way to what a large group can reach
WIDE, FAR_MORE = 0.2, 3.0  # what more titles of the set hold must be that much more frequent;
EVEN = 1.5  # of few groups: what more hold than so many times the share of each
EVERYWHERE = 0.35  # what more texts hold names nothing
LENGTH_BONUS = 0.2  # per word beyond the first, of three at most
FIT_POWER = 3  # exponent of the cosine of the titles that hold a phrase to the centre of the group
SHARE = 0.01  # of the group's titles, that hold a phrase at least
INSIDE = 0.6  # share of a phrase's titles in which a longer one holds it: the longer one is better
LISTED = 12
OWN = 0.7  # share of a phrase's publications that are one owner's: its own wording,
OTHERS = 0.5  # unless that owner holds so much of the whole set
OWN_FACTOR = 0.3
READ, READ_ELSEWHERE = 100, 500  # texts of a group and of all in which phrases are looked for
FLOOR = 0.02  # share of texts that is added to both where they are compared
_COLUMNS = {"group": "int64", "rank": "int64", "term": "str", "phrase": "int64",
            "weight": "float64", "cover": "float64", "support": "float64", "fit": "float64"}  # fmt: skip


def scored(
    titles: Titles,
    labels: np.ndarray,
    *,
    groups: Sequence[int] | None = None,
    read: bool = True,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Weight of the noun phrases of every group, best first, and of its broad words.

    ``cover^0.75 log(lift) (1 + 0.2 (words - 1)) fit^3``: cover and lift of the different titles, the
    lift drawn to one as by three more titles, and threefold at least where a fifth of all titles hold
    the phrase or each of its words; fit is the cosine of the mean vector of all titles that hold the
    phrase to the centre of the group. What most texts hold names nothing. Where there are bodies,
    cover and lift are the geometric means of those of titles and of whole texts. A wording that one
    owner has for itself weighs a third.

    Parameters
    ----------
    titles
        What names are made of.
    labels
        Group of every document, -1 for none.
    groups
        Those whose phrases are wanted, of all where omitted; the others are what they differ from.
    read
        Whether the bodies count.

    Returns
    -------
    tuple of pandas.DataFrame
        Phrases and broad words: ``group, rank, term, phrase, weight, cover, support, fit``; at most
        twelve of each per group. ``support`` is the mean of the covers of titles and texts.
    """
    k = int(labels.max()) + 1
    wanted = np.ones(k, dtype=bool)
    if groups is not None:
        wanted[:] = False
        wanted[list(groups)] = True
    found = _candidates(titles, labels, wanted)
    found.weigh(_own_wording(found, titles))
    if read and titles.bodies is not None:
        _read(found, Texts(titles.bodies, np.flatnonzero(labels >= 0)), labels, k)
    return _listed(found, broad=False), _listed(found, broad=True)


@dataclass
class _Found:
    """Candidates of all groups: first the phrases, then the broad words; by group, best first.

    ``starts`` and ``holding`` are the documents of the group that hold each, as of a sparse matrix.
    """

    broad: np.ndarray
    group: np.ndarray
    phrase: np.ndarray
    terms: list[str]
    weight: np.ndarray
    cover: np.ndarray
    support: np.ndarray
    lift: np.ndarray
    fit: np.ndarray
    starts: np.ndarray
    holding: np.ndarray

    def weigh(self, factor: np.ndarray) -> None:
        self.weight = self.weight * factor

    def lists(self, places: np.ndarray) -> list[np.ndarray]:
        """Places cut into those of one kind and group."""
        if not len(places):
            return []
        changes = (np.diff(self.group[places]) != 0) | (np.diff(self.broad[places]) != 0)
        return np.split(places, np.flatnonzero(changes) + 1)

    def holders(self, place: int) -> np.ndarray:
        return self.holding[self.starts[place] : self.starts[place + 1]]


def _candidates(titles: Titles, labels: np.ndarray, wanted: np.ndarray) -> _Found:
    """The heaviest phrases and words of the wanted groups by their titles alone."""
    k = len(wanted)
    phrases = titles.phrases
    here = np.flatnonzero((labels >= 0) & ~repeated(titles.texts, labels))
    counts = _counts(phrases.presence, labels, here, k)
    numbers = np.maximum(np.bincount(labels[here], minlength=k), 1)
    overall = np.asarray(counts.sum(axis=0)).ravel() / max(len(here), 1)
    common = np.maximum(phrases.rarest / len(labels), overall)
    group = np.repeat(np.arange(k), np.diff(counts.indptr))
    column, count = counts.indices, counts.data
    enough = wanted[group]
    enough &= count >= np.maximum(np.minimum(FEWEST, numbers), SHARE * numbers)[group]
    group, column, count = group[enough], column[enough], count[enough]
    cover, share = count / numbers[group], overall[column]
    lift = (count + PSEUDO * share) / (numbers[group] + PSEUDO) / share
    told = telling(lift, share, common[column], numbers[group] / max(len(here), 1), k)
    group, column, cover, lift = group[told], column[told], cover[told], lift[told]
    broad = phrases.broad[column]
    fit = _fits(titles, labels, here, k, group=group, column=column, broad=broad)
    words = np.minimum(phrases.lengths[column] - 1, 3)
    contrast = np.log(lift) if k > 1 else 1.0
    weight = cover**COVER_POWER * contrast * (1 + LENGTH_BONUS * words) * fit**FIT_POWER
    order = np.lexsort((column, -weight, group, broad))
    key = group[order] + k * broad[order]
    best = order[np.arange(len(key)) - np.searchsorted(key, key) < 2 * LISTED]
    group, column, broad = group[best], column[best], broad[best]
    starts, holding = _holders(titles, labels, group, column)
    return _Found(
        broad, group, column, [phrases.texts[c] for c in column.tolist()],
        weight[best], cover[best], cover[best], lift[best], fit[best], starts, holding,
    )  # fmt: skip


def _counts(presence: csr_matrix, labels: np.ndarray, here: np.ndarray, k: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    ones = np.ones(len(here), np.float32)
    member = csr_matrix((ones, (labels[here], here)), shape=(k, len(labels)))
    return (member @ presence).tocsr()


def _fits(
    titles: Titles,
    labels: np.ndarray,
    here: np.ndarray,
    k: int,
    *,
    group: np.ndarray,
    column: np.ndarray,
    broad: np.ndarray,
) -> np.ndarray:
    """Cosine of the mean vector of the titles that hold a phrase to the centre of the group."""
    asked, place = np.unique(column, return_inverse=True)
    own = titles.of_phrases[asked][:, here]
    means = unit(np.asarray(own @ titles.vectors[here]))
    placed = labels >= 0
    centres = unit(group_means(titles.vectors[placed], labels[placed], k))
    fit = np.empty(len(group), dtype=means.dtype)
    for kind in (False, True):
        chosen = np.flatnonzero(broad == kind)
        ends = np.searchsorted(group[chosen], np.arange(k + 1))
        for number in np.unique(group[chosen]).tolist():
            span = chosen[ends[number] : ends[number + 1]]
            fit[span] = np.maximum(means[place[span]] @ centres[number], 0)
    return fit


def _holders(
    titles: Titles, labels: np.ndarray, group: np.ndarray, column: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Documents of its group that hold each phrase: where they begin, and the documents."""
    held = titles.of_phrases[column]
    pair = np.repeat(np.arange(len(column)), np.diff(held.indptr))
    inside = labels[held.indices] == group[pair]
    starts = np.searchsorted(pair[inside], np.arange(len(column) + 1))
    return starts, held.indices[inside]


def telling(
    lift: np.ndarray, share: np.ndarray, common: np.ndarray, part: np.ndarray | float, k: int
) -> np.ndarray:
    """Whether phrases tell a group, a part of the set, from its other groups.

    What much of the set is about is measured by the rarest word of the phrase: "lithium ion battery"
    tells nothing among batteries, however few say it in these words.
    """
    if k < 2:
        return np.ones(len(lift), dtype=bool)
    enough = lift >= np.minimum(LIFT, 1 + OF_MOST * (1 / part - 1))
    wide = common > max(WIDE, EVEN / k)
    return np.asarray(enough & (~wide | (lift * share >= FAR_MORE * common)))


def _own_wording(found: _Found, titles: Titles) -> np.ndarray:
    """0.3 for phrases that are one owner's alone, where that owner does not hold the set."""
    factor = np.ones(len(found.terms))
    share = titles.owner_shares
    if not len(share):
        return factor
    owner = titles.owners[found.holding]
    pair = np.repeat(np.arange(len(factor)), np.diff(found.starts))[owner >= 0]
    known = np.bincount(pair, minlength=len(factor))
    key, count = np.unique(pair * len(share) + owner[owner >= 0], return_counts=True)
    pair, owner = np.divmod(key, len(share))
    first = np.lexsort((owner, -count, pair))  # the owner of most of them, the first of several
    first = first[np.unique(pair[first], return_index=True)[1]]
    pair, owner, count = pair[first], owner[first], count[first]
    alone = (known[pair] >= FEWEST) & (count >= OWN * known[pair]) & (share[owner] < OTHERS)
    factor[pair[alone]] = OWN_FACTOR
    return factor


def _read(found: _Found, whole: Texts, labels: np.ndarray, k: int) -> None:
    """Weigh the phrases by the whole texts that hold them, too."""
    inside, outside = np.empty(len(found.terms)), whole.elsewhere(found.terms)
    members = _members(labels, k)
    for places in found.lists(np.arange(len(found.terms))):
        terms = [found.terms[i] for i in places.tolist()]
        inside[places] = whole.inside(terms, members[found.group[places[0]]])
    found.support = np.sqrt(found.cover * np.maximum(inside, found.cover))
    if k > 1:
        found.weigh(outside <= max(EVERYWHERE, EVEN / k))
    found.weigh((found.support / found.cover) ** COVER_POWER)
    if k > 1:
        own, read = np.log(found.lift), (inside + FLOOR) / (outside + FLOOR)
        found.weigh((own + np.log(np.maximum(read, 1))) / 2 / own)


def _members(labels: np.ndarray, k: int) -> list[np.ndarray]:
    """Documents of every group."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.searchsorted(labels[order], np.arange(k + 1)))[1:-1]


class Texts:
    """Whole texts in which phrases are looked for, an even choice of them: in large sets, too."""

    def __init__(self, bodies: np.ndarray, placed: np.ndarray) -> None:
        self._bodies = bodies
        self._all = bodies[_even(placed, READ_ELSEWHERE)].tolist()

    def inside(self, terms: Sequence[str], members: np.ndarray) -> np.ndarray:
        """Share of some documents whose texts hold each phrase."""
        return _shares(terms, self._bodies[_even(members, READ)].tolist())

    def elsewhere(self, terms: Sequence[str]) -> np.ndarray:
        """Share of all documents whose texts hold each phrase."""
        different = sorted(set(terms))
        known = dict(zip(different, _shares(different, self._all), strict=True))
        return np.array([known[term] for term in terms])


def _shares(terms: Sequence[str], texts: list[str]) -> np.ndarray:
    """Share of the texts that hold each phrase."""
    found = np.empty(len(terms))
    for place, term in enumerate(terms):
        sought = _sought(term)
        found[place] = sum([sought in text for text in texts]) / len(texts)
    return found


def reads(text: str, term: str) -> bool:
    """Whether a text in small letters holds a phrase."""
    return _sought(term) in text


def _sought(term: str) -> str:
    # Words of an alphabet begin at a blank; their ends vary with the number.
    return f" {term.lower()}" if term.isascii() else term.lower()


def _even(places: np.ndarray, n: int) -> np.ndarray:
    if len(places) <= n:
        return places
    return places[np.linspace(0, len(places) - 1, n).astype(np.int64)]


def _listed(found: _Found, *, broad: bool) -> pd.DataFrame:
    """The heaviest of every group, without those that mostly stand inside a longer one."""
    kept: list[int] = []
    ranks: list[int] = []
    for places in found.lists(np.flatnonzero((found.broad == broad) & (found.weight > 0))):
        best = _complete(found, places.tolist())[:LISTED]
        kept += best
        ranks += range(1, len(best) + 1)
    return pd.DataFrame(
        {
            "group": found.group[kept],
            "rank": ranks,
            "term": [found.terms[i] for i in kept],
            "phrase": found.phrase[kept],
            "weight": found.weight[kept],
            "cover": found.cover[kept],
            "support": found.support[kept],
            "fit": found.fit[kept],
        }
    ).astype(_COLUMNS)


def _complete(found: _Found, places: list[int]) -> list[int]:
    """Without phrases that mostly stand inside a longer one of the list; best first."""
    sets: dict[int, set[int]] = {}

    def holders(place: int) -> set[int]:
        if place not in sets:
            sets[place] = set(found.holders(place).tolist())
        return sets[place]

    def is_half(place: int) -> bool:
        term = found.terms[place]
        longer = [i for i in places if within(term, found.terms[i])]
        own = holders(place) if longer else set[int]()
        return any(len(own & holders(i)) >= INSIDE * len(own) for i in longer)

    kept = [place for place in places if not is_half(place)]
    return sorted(kept, key=lambda i: (-found.weight[i], found.terms[i]))
