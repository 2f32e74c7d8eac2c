"""Names of technologies: the noun phrases of titles that tell a group from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.cluster.groups import group_means
from patentnav.cluster.vectors import unit

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

    from patentnav.text import NounPhrases

COVER_POWER = 0.6
PSEUDO = 3  # titles as if added to every group, of the kind of all titles
LIFT = 1.5  # a phrase is that many times as frequent inside as in the set
LENGTH_BONUS = 0.2  # per word beyond the first, of three at most
FIT_POWER = 3  # exponent of the cosine of the titles that hold a phrase to the centre of the group
FEWEST = 3
SHARE = 0.01  # of the group's titles, that hold a phrase at least
INSIDE = 0.6  # share of a phrase's titles in which a longer one holds it: the longer one is better
COMMON = 0.2  # and of one that nothing tells apart
LISTED = 12
ENOUGH = 0.45  # a first phrase in so many titles says it all; else a second may join
GAIN = 0.4  # what the second brings, as a share of the first one's weight
ALIKE = 0.45  # cosine of the two
FIT = 0.8  # and that of the second to the group
LONGEST_ZH, LONGEST_EN = 14, 6  # characters, words of a name
OWN = 0.7  # share of a phrase's publications that are one owner's: its own wording,
OTHERS = 0.5  # unless that owner holds so much of the whole set
OWN_FACTOR = 0.3


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
    """

    phrases: NounPhrases
    vectors: np.ndarray
    owners: np.ndarray
    texts: np.ndarray


def repeated(texts: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """True for the second and further documents of a text in a group: a family speaks once."""
    frame = pd.DataFrame({"text": texts, "group": labels})
    return (frame["text"].notna() & frame.duplicated()).to_numpy()


def scored(titles: Titles, labels: np.ndarray) -> pd.DataFrame:
    """Weight of the noun phrases of every group, best first.

    ``cover^0.6 log(lift) (1 + 0.2 (words - 1)) fit^3``: cover and lift of the different titles, the
    lift drawn to one as by three more titles; fit is the cosine of the mean vector of all titles
    that hold the phrase to the centre of the group. A wording that one owner has for itself weighs
    a third.

    Returns
    -------
    pandas.DataFrame
        ``group, rank, term, phrase, weight, cover, fit``; at most twelve per group.
    """
    from scipy.sparse import csr_matrix

    k = int(labels.max()) + 1
    here = np.flatnonzero((labels >= 0) & ~repeated(titles.texts, labels))
    presence = titles.phrases.presence
    member = csr_matrix(
        (np.ones(len(here), np.float32), (labels[here], here)), shape=(k, len(labels))
    )
    counts = (member @ presence).tocsr()
    numbers = np.maximum(np.bincount(labels[here], minlength=k), 1)
    overall = np.asarray(counts.sum(axis=0)).ravel() / max(len(here), 1)
    means = unit(np.asarray(presence[here].T @ titles.vectors[here]))
    placed = labels >= 0
    centres = unit(group_means(titles.vectors[placed], labels[placed], k))
    rows = []
    for group in range(k):
        span = slice(counts.indptr[group], counts.indptr[group + 1])
        column, count = counts.indices[span], counts.data[span]
        enough = count >= max(min(FEWEST, numbers[group]), SHARE * numbers[group])
        column, count = column[enough], count[enough]
        cover = count / numbers[group]
        lift = (count + PSEUDO * overall[column]) / (numbers[group] + PSEUDO) / overall[column]
        telling = lift >= LIFT if k > 1 else np.ones(len(lift), dtype=bool)
        column, cover, lift = column[telling], cover[telling], lift[telling]
        fit = np.maximum(means[column] @ centres[group], 0)
        words = np.minimum(titles.phrases.lengths[column] - 1, 3)
        weight = cover**COVER_POWER * (np.log(lift) if k > 1 else 1) * (1 + LENGTH_BONUS * words)
        weight = weight * fit**FIT_POWER
        order = np.lexsort((column, -weight))[: 4 * LISTED]
        members = np.flatnonzero(labels == group)
        held = presence[members][:, column[order]].tocsc()
        weight[order] *= _own_wording(held, titles.owners, members)
        order, held = _complete(
            order, held, weight, [titles.phrases.texts[c] for c in column[order]]
        )
        rows += [
            (group, rank, titles.phrases.texts[column[i]], int(column[i]), float(weight[i]),
             float(cover[i]), float(fit[i]))
            for rank, i in enumerate(order[:LISTED], start=1)
        ]  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["group", "rank", "term", "phrase", "weight", "cover", "fit"]
    )
    kinds = {"group": "int64", "rank": "int64", "term": "str", "phrase": "int64"}
    return frame.astype({**kinds, "weight": "float64", "cover": "float64", "fit": "float64"})


def _own_wording(held: csc_matrix, owners: np.ndarray, members: np.ndarray) -> np.ndarray:
    """0.3 for phrases that are one owner's alone, where that owner does not hold the set."""
    known = owners >= 0
    factor = np.ones(held.shape[1])
    if not known.any():
        return factor
    share = np.bincount(owners[known]) / known.sum()
    for place in range(held.shape[1]):
        own = owners[members[held.indices[held.indptr[place] : held.indptr[place + 1]]]]
        own = own[own >= 0]
        if len(own) < FEWEST:
            continue
        counts = np.bincount(own)
        first = int(counts.argmax())
        if counts[first] >= OWN * len(own) and share[first] < OTHERS:
            factor[place] = OWN_FACTOR
    return factor


def _complete(
    order: np.ndarray, held: csc_matrix, weight: np.ndarray, texts: list[str]
) -> tuple[np.ndarray, csc_matrix]:
    """Without phrases that mostly stand inside a longer one of the list; best first."""
    sets = [
        set(held.indices[held.indptr[i] : held.indptr[i + 1]].tolist()) for i in range(len(texts))
    ]
    kept = [
        i for i, text in enumerate(texts)
        if not any(_within(text, longer) and len(sets[i] & sets[j]) >= INSIDE * len(sets[i])
                   for j, longer in enumerate(texts) if j != i)
    ]  # fmt: skip
    kept.sort(key=lambda i: (-weight[order[i]], texts[i]))
    return order[kept], held


def _within(short: str, long: str) -> bool:
    if len(short) >= len(long):
        return False
    return f" {short} " in f" {long} " if short.isascii() else short in long


def chosen(titles: Titles, labels: np.ndarray, phrases: pd.DataFrame) -> list[list[str]]:
    """One or two phrases for every group; a first phrase names one group only, the larger."""
    k = int(labels.max()) + 1
    sizes = np.bincount(labels[labels >= 0], minlength=k)
    again = repeated(titles.texts, labels)
    by_group = dict(list(phrases.groupby("group")))
    result: list[list[str]] = [[] for _ in range(k)]
    taken: set[str] = set()
    for group in np.lexsort((np.arange(k), -sizes)):
        if group not in by_group:
            continue
        free = by_group[group]
        free = free[~free["term"].map(same).isin(taken)]
        if not len(free):
            continue
        members = np.flatnonzero((labels == group) & ~again)
        first = free.iloc[0]
        result[group] = [first["term"], *_second(titles, members, free)]
        taken.add(same(first["term"]))
    return result


def commonest(titles: Titles, members: np.ndarray, taken: set[str]) -> tuple[int, float] | None:
    """The phrase in most titles of a group that nothing tells apart, repeated titles counted.

    Where one firm files many patents under one title, that title is what they are called, though it
    tells of no other group. None where no phrase that is no other group's name is in a fifth.
    """
    counts = np.asarray(titles.phrases.presence[members].sum(axis=0)).ravel()
    columns = np.flatnonzero(counts >= max(FEWEST, COMMON * len(members)))
    texts = titles.phrases.texts
    free = [c for c in columns.tolist() if same(texts[c]) not in taken]
    if not free:
        return None
    best = min(free, key=lambda c: (-counts[c], -len(texts[c]), texts[c]))
    return best, float(counts[best] / len(members))


def same(term: str) -> str:
    """A phrase without what two spellings of one differ in."""
    return term.replace("-", "").replace(" ", "")


def _second(titles: Titles, members: np.ndarray, free: pd.DataFrame) -> list[str]:
    first = free.iloc[0]
    if first["cover"] >= ENOUGH:
        return []
    presence = titles.phrases.presence[members]
    held = presence[:, [first["phrase"]]].toarray().ravel() > 0
    mean = unit(titles.vectors[members[held]].sum(axis=0, keepdims=True))[0]
    best = GAIN * float(first["weight"])
    term: str | None = None
    own_names = free["term"].astype(str).to_list()
    fits, weights = free["fit"].to_numpy(), free["weight"].to_numpy()
    for place, column in enumerate(free["phrase"].to_numpy()):
        if place == 0 or fits[place] <= FIT or not _joinable(own_names[0], own_names[place]):
            continue
        own = presence[:, [column]].toarray().ravel() > 0
        other = unit(titles.vectors[members[own]].sum(axis=0, keepdims=True))[0]
        gain = float(weights[place]) * (own & ~held).sum() / max(own.sum(), 1)
        if gain > best and float(mean @ other) > ALIKE:
            best, term = gain, own_names[place]
    return [term] if term is not None else []


def _joinable(first: str, second: str) -> bool:
    if first.isascii() and second.isascii():
        own, other = set(first.split()), set(second.split())
        return not own & other and len(first.split()) + len(second.split()) < LONGEST_EN
    return not set(first) & set(second) and len(first) + len(second) < LONGEST_ZH
