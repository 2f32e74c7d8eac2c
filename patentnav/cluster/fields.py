"""Fields above technologies: what a heading of up to three terms tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from patentnav import i18n
from patentnav.cluster import names as nouns
from patentnav.cluster import scoring
from patentnav.cluster.naming import joined, listed, under_technology

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.cluster.naming import Naming

ALONE = 0.75  # of a field in one technology: the field has its name
PER_TECHNOLOGY = 3  # phrases, and words, of a technology that may stand in a heading;
UNITING, HELD = 100, 0.2  # and so many that most technologies hold in so many of their titles
OWN = 0.5  # of the titles of a technology that do not hold its name, a heading tells that lists it
WIDE, EVEN = 0.2, 1.5  # of all titles, and times the field's share of these: what more hold tells
LIFT = 2.5  # no field from others; nor does what is not that many times as frequent in it,
OF_MOST = 0.6  # or so much of the way to what a large field can reach
BROAD = 0.95  # what a broad word tells counts so much
LISTED = 4  # terms of a heading
GAIN = 0.05  # of the field, that a further term tells
LISTED_ZH, LISTED_EN = 24, 10  # characters, words of a heading
OTHERS = 0.5  # of a field that its heading tells; where no more, "and others"
STRAIN = (
    0.75  # what one publication weighs that no heading tells any more, beside squared distances
)


@dataclass(frozen=True)
class Headings:
    """Terms that may stand in the heading of a field.

    Attributes
    ----------
    terms, broad
        The terms, and whether they name with "technology" after them only.
    covers
        Technologies x terms: share of the publications that a heading with the term tells.
    shares, common
        Share of all titles that hold each term, and that hold its rarest word.
    sizes
        Publications of every technology.
    nested
        Terms x terms: whether one stands inside the other.
    lengths
        What each takes of the longest heading.
    """

    terms: list[str]
    broad: np.ndarray
    covers: np.ndarray
    shares: np.ndarray
    common: np.ndarray
    sizes: np.ndarray
    nested: np.ndarray
    lengths: np.ndarray
    _told: dict[tuple[int, ...], float] = field(default_factory=dict, repr=False)

    def best(
        self, technologies: list[int], *, without: frozenset[str] = frozenset()
    ) -> tuple[list[int], float]:
        """Terms that together tell most of some technologies, and the share that they tell."""
        weights = self.sizes[technologies] / self.sizes[technologies].sum()
        part = self.sizes[technologies].sum() / self.sizes.sum()
        covers = self.covers[technologies]
        lift = min(LIFT, 1 + OF_MOST * (1 / part - 1))
        free = (weights @ covers >= lift * self.shares) & (self.common <= max(WIDE, EVEN * part))
        if without:
            free &= ~np.isin(self.terms, list(without))
        counts = np.where(self.broad, BROAD, 1.0)
        untold, chosen, room = np.ones(len(technologies)), list[int](), 1.0
        while len(chosen) < LISTED:
            gain = np.where(free, (weights * untold) @ covers * counts, 0.0)
            if not len(gain) or gain.max() <= (GAIN if chosen else 0.0):
                break
            place = int(gain.argmax())
            chosen.append(place)
            untold = untold * (1 - covers[:, place])
            room -= self.lengths[place]
            free &= ~self.nested[place] & (self.lengths <= room)
        return chosen, float(1 - weights @ untold)

    def tells(self, technologies: list[int]) -> float:
        """Share of the publications of some technologies that the best heading tells."""
        key = tuple(technologies)
        if key not in self._told:
            self._told[key] = self.best(technologies)[1]
        return self._told[key]

    def lost(self, first: list[int], second: list[int]) -> float:
        """Publications that the headings of two fields tell and that of their union does not."""
        told = [self.tells(own) * self.sizes[own].sum() for own in (first, second)]
        both = [*first, *second]
        return STRAIN * float(sum(told) - self.tells(both) * self.sizes[both].sum())


def headings(about: nouns.Titles, labels: np.ndarray, inside: Naming) -> Headings:
    """What may stand in headings: names of technologies, and their best phrases and words.

    Parameters
    ----------
    about
        What names are made of.
    labels
        Technology of every document, -1 for none.
    inside
        Names of the technologies.
    """
    from scipy.sparse import csr_matrix

    placed = np.flatnonzero(labels >= 0)
    sizes = np.bincount(labels[placed])
    member = csr_matrix(
        (np.ones(len(placed)), (labels[placed], np.arange(len(placed)))),
        shape=(len(sizes), len(placed)),
    )
    presence = about.phrases.presence[placed].tocsc()
    share = (member @ presence).multiply(1 / np.maximum(sizes, 1)[:, None])
    column: dict[str, int] = {}
    for number, text in enumerate(about.phrases.texts):
        column.setdefault(text, number)
    known = {name: broad for name, broad in zip(inside.first, inside.broad, strict=True)
             if name in column}  # fmt: skip
    for broad, found in enumerate(scoring.scored(about, labels)):
        for term in found.loc[found["rank"] <= PER_TECHNOLOGY, "term"]:
            known.setdefault(str(term), bool(broad))
    several = np.asarray((share >= HELD).sum(axis=0)).ravel()
    uniting = sorted(
        np.flatnonzero(several > 1).tolist(), key=lambda c: (-several[c], about.phrases.texts[c])
    )
    for number in uniting[:UNITING]:
        known.setdefault(about.phrases.texts[number], bool(about.phrases.broad[number]))
    terms = sorted(known)
    columns = [column[t] for t in terms]
    held = presence[:, columns]
    covers = (member @ held).toarray() / np.maximum(sizes, 1)[:, None]
    common = about.phrases.rarest[columns] / max(len(labels), 1)
    shares = np.asarray(held.mean(axis=0)).ravel()
    if about.bodies is not None:
        read = scoring.Texts(about.bodies, placed).elsewhere(terms)
        common = np.where(read > scoring.EVERYWHERE, 1.0, common)
    place = {term: i for i, term in enumerate(terms)}
    for technology, name in enumerate(inside.first):
        if name in place:
            cell = technology, place[name]
            covers[cell] += OWN * (1 - covers[cell])
    nested = np.array([[a == b or nouns.within(a, b) or nouns.within(b, a) for b in terms]
                       for a in terms], dtype=bool).reshape(len(terms), len(terms))  # fmt: skip
    lengths = np.array([len(t.split()) / LISTED_EN if t.isascii() else len(t) / LISTED_ZH
                        for t in terms])  # fmt: skip
    broad_terms = np.array([known[t] for t in terms], dtype=bool)
    return Headings(terms, broad_terms, covers, shares, common, sizes, nested, lengths)


def field_names(
    told: Headings, area_of: np.ndarray, inside: Naming, documents: pd.DataFrame
) -> list[str]:
    """Names of fields: of the technology that nearly is the field, else a list of terms.

    A term that a larger field is called by calls no other. A list that leaves out much says so.
    """
    result: list[list[str]] = []
    used: set[str] = set()
    for area in range(int(area_of.max()) + 1):
        own = np.flatnonzero(area_of == area)
        largest = own[told.sizes[own].argmax()]
        chosen, share = told.best(own.tolist(), without=frozenset(used))
        if told.sizes[largest] >= ALONE * told.sizes[own].sum() or not chosen:
            used.add(inside.first[largest])
            result.append([inside.names[largest]])
            continue
        used |= {told.terms[i] for i in chosen}
        result.append([_heading(told, chosen, documents, whole=round(share, 9) > OTHERS)])
    return joined(result, documents)


def _heading(told: Headings, chosen: list[int], documents: pd.DataFrame, *, whole: bool) -> str:
    """The terms in one list, broad words last; it says so where it leaves out much."""
    words = [told.terms[i] for i in chosen if told.broad[i]]
    both = [*(told.terms[i] for i in chosen if not told.broad[i]), *words]
    if whole:
        return under_technology(both, documents) if words else listed(both)
    lang = "en" if all(map(str.isascii, both)) else "zh"
    names = i18n.text("cluster.separator", lang).join(both)
    return i18n.text("cluster.other_technology" if words else "cluster.others", lang, names=names)
