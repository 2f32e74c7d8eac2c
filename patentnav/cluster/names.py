"""Names of technologies: the noun phrases of titles that tell a group from the others."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from patentnav.text import NounPhrases

FEWEST = 3
COMMON = 0.2  # share of the titles that hold a phrase which nothing tells apart
ENOUGH = 0.45  # a first phrase in so many titles says it all; else a second may join
GAIN = 0.4  # what the second brings, as a share of the first one's weight
ALIKE = 0.45  # cosine of the two
FIT = 0.8  # and that of the second to the group
LONGEST_ZH, LONGEST_EN = 14, 6  # characters, words of a name
POOR = 0.3  # a first phrase in so few titles and texts gives way
BROAD, BROADER = 0.22, 2.0  # to a word that so many of the group hold, so many times as many,
BARELY = 0.1  # or so many where the phrase is in fewer than UNNAMED,
HEAVIER = 1.2  # and of so many times its weight
UNNAMED = 0.12  # a group with so little, of texts alike, has the phrase that most of it holds,
SHARED = 0.6  # if so many hold one
TELLING = 0.1  # weight of a phrase or word that tells a group from others
LONGER = 0.3  # share of what the word covers, in which a phrase that holds it is the better name


@dataclass(frozen=True)
class Titles:
    """What names are made of: rows are those of all documents.

    Attributes
    ----------
    phrases
        Noun phrases of the titles.
    vectors
        Smoothed vectors; zero where a document has none.
    owners
        Number of the owner of every document, -1 for unknown.
    texts
        The titles in small letters, to count repeated ones once.
    bodies
        Titles and bodies in small letters where most documents have a body: a phrase of the titles
        that the bodies hold as well is what a group is about.
    """

    phrases: NounPhrases
    vectors: np.ndarray
    owners: np.ndarray
    texts: np.ndarray
    bodies: np.ndarray | None = None

    @functools.cached_property
    def of_phrases(self) -> csr_matrix:
        """Phrases x documents, 0/1."""
        return self.phrases.presence.T.tocsr()

    def holding(self, phrase: int, among: np.ndarray) -> np.ndarray:
        """Documents whose titles hold a phrase, of those that are True."""
        span = slice(*self.of_phrases.indptr[phrase : phrase + 2])
        found = self.of_phrases.indices[span]
        return np.asarray(found[among[found]])

    @functools.cached_property
    def owner_shares(self) -> np.ndarray:
        """Share of the documents with a known owner that each owner holds, by its number."""
        known = self.owners >= 0
        return np.asarray(np.bincount(self.owners[known]) / max(known.sum(), 1))


def repeated(texts: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """True for the second and further documents of a text in a group: a family speaks once."""
    frame = pd.DataFrame({"text": texts, "group": labels})
    return (frame["text"].notna() & frame.duplicated()).to_numpy()


def within(short: str, long: str) -> bool:
    """Whether a phrase stands inside a longer one, as whole words."""
    if short not in long or len(short) == len(long):
        return False
    return not short.isascii() or f" {short} " in f" {long} "


def broader(
    titles: Titles,
    labels: np.ndarray,
    phrases: pd.DataFrame,
    words: pd.DataFrame,
    names: list[list[str]],
) -> pd.DataFrame:
    """Broad words for the groups that no phrase covers, where a word covers them far better.

    Such a word names a group with "technology" after it only ("display technology"). A group whose
    phrases hold the word ("image processing") is better named by the first of these.

    Parameters
    ----------
    titles, labels
        As for :func:`patentnav.cluster.scoring.scored`.
    phrases, words
        What it gave, the words with ``broad``.
    names
        What :func:`chosen` gave.

    Returns
    -------
    pandas.DataFrame
        Rows of :func:`patentnav.cluster.scoring.scored`, one for a group: of a phrase (``broad`` is False) or of a word.
    """
    first = phrases[phrases["rank"] == 1].set_index("group")
    by_group = dict(list(phrases.assign(broad=False).groupby("group")))
    taken = {same(own[0]) for own in names if own}
    sizes = np.bincount(labels[labels >= 0], minlength=len(names))
    found = []
    for group in np.lexsort((np.arange(len(sizes)), -sizes)):
        support, weight = (float(first[c].get(group, 0.0)) for c in ("support", "weight"))
        if weight < TELLING:
            support = 0.0
        if support >= POOR:
            continue
        heavy = words[words["group"] == group]
        heavy = heavy[heavy["weight"] > max(HEAVIER * weight, TELLING)]
        own = heavy[heavy["support"] >= max(BROAD, BROADER * support)]
        if not len(own) and support < UNNAMED:
            own = _common(titles, np.flatnonzero(labels == group), group)
        if not len(own) and first["support"].get(group, 0.0) < UNNAMED:
            own = heavy[heavy["support"] >= max(BARELY, BROADER * support)]
        if not len(own):
            continue
        best = own.sort_values(["weight", "term"], ascending=[False, True]).iloc[0]
        longer = by_group.get(group, own[:0])
        holds = np.array([within(best["term"], term) for term in longer["term"]], dtype=bool)
        longer = longer[(longer["support"] >= LONGER * best["support"]).to_numpy() & holds]
        row = longer.iloc[0] if len(longer) else best
        key = same(row["term"])
        if key not in taken or (names[group] and key == same(names[group][0])):
            taken.add(key)
            found.append(row.to_frame().T)
    return pd.concat(found).infer_objects() if found else words[:0]


def _common(titles: Titles, members: np.ndarray, group: int) -> pd.DataFrame:
    """The phrase that most titles of a group hold, whatever the other groups hold; or none."""
    found = commonest(titles, members, set(), SHARED)
    if found is None:
        return pd.DataFrame(columns=["support"])
    best, share = found
    row = {"group": group, "rank": 1, "term": titles.phrases.texts[best], "phrase": best, "weight": 0.0,
           "cover": share, "support": share, "fit": 1.0, "broad": True}  # fmt: skip
    return pd.DataFrame([row])


def chosen(titles: Titles, labels: np.ndarray, phrases: pd.DataFrame) -> list[list[str]]:
    """One or two phrases for every group; a first phrase names one group only, the larger."""
    k = int(labels.max()) + 1
    sizes = np.bincount(labels[labels >= 0], minlength=k)
    terms = phrases["term"].astype(str).to_list()
    keys = [same(term) for term in terms]
    ends = np.searchsorted(phrases["group"].to_numpy(), np.arange(k + 1)).tolist()
    of_group = [range(*span) for span in itertools.pairwise(ends)]
    result: list[list[str]] = [[] for _ in range(k)]
    taken: set[str] = set()
    for group in np.lexsort((np.arange(k), -sizes)).tolist():
        free = [i for i in of_group[group] if keys[i] not in taken]
        if free:
            result[group] = [terms[free[0]]]
            taken.add(keys[free[0]])
    speaks = ~repeated(titles.texts, labels)
    for group, own in enumerate(result):
        if own:
            others = taken - {same(own[0])}
            free = [i for i in of_group[group] if keys[i] not in others]
            own.extend(_second(titles, (labels == group) & speaks, phrases.iloc[free]))
    return result


def commonest(
    titles: Titles, members: np.ndarray, taken: set[str], least: float = COMMON
) -> tuple[int, float] | None:
    """The phrase in most titles of a group that nothing tells apart, repeated titles counted.

    Where one firm files many patents under one title, that title is what they are called, though it
    tells of no other group. None where no phrase that is no other group's name, and no broad word, is
    in so large a share of the titles.
    """
    phrases = titles.phrases
    counts = np.where(phrases.broad, 0, np.asarray(phrases.presence[members].sum(axis=0)).ravel())
    columns = np.flatnonzero(counts >= max(FEWEST, least * len(members)))
    free = [c for c in columns.tolist() if same(phrases.texts[c]) not in taken]
    if not free:
        return None
    best = min(free, key=lambda c: (-counts[c], -len(phrases.texts[c]), phrases.texts[c]))
    return best, float(counts[best] / len(members))


def same(term: str) -> str:
    """A phrase without what two spellings of one differ in."""
    return term.replace("-", "").replace(" ", "")


def _second(titles: Titles, members: np.ndarray, free: pd.DataFrame) -> list[str]:
    support, weights, fits = (free[c].to_numpy() for c in ("support", "weight", "fit"))
    if support[0] >= ENOUGH:
        return []
    columns, own_names = free["phrase"].to_list(), free["term"].astype(str).to_list()
    first = titles.holding(columns[0], members)
    mean = unit(titles.vectors[first].sum(axis=0, keepdims=True))[0]
    best, term = GAIN * float(weights[0]), list[str]()
    for place, column in enumerate(columns):
        if place == 0 or fits[place] <= FIT or not joinable(own_names[0], own_names[place]):
            continue
        own = titles.holding(column, members)
        other = unit(titles.vectors[own].sum(axis=0, keepdims=True))[0]
        gain = float(weights[place]) * int((~np.isin(own, first)).sum()) / max(len(own), 1)
        if gain > best and float(mean @ other) > ALIKE:
            best, term = gain, [own_names[place]]
    return term


def joinable(first: str, second: str) -> bool:
    """Whether two phrases make one name: no word twice, and short enough."""
    if first.isascii() and second.isascii():
        own, other = (set(term.replace("-", " ").split()) for term in (first, second))
        return not own & other and len(first.split()) + len(second.split()) < LONGEST_EN
    return not set(first) & set(second) and len(first) + len(second) < LONGEST_ZH
