"""What names a group in the end: its best phrase, or the pair of phrases and words that covers most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.cluster import names as nouns
from patentnav.cluster import scoring

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

COVERED = 0.6  # a name in so many of the titles is not bettered by a pair that covers more,
LOW, LITTLE = 0.3, 0.04  # and one in fewer gives way to whatever covers a little more;
MORE, ADDS = 0.12, 0.1  # by so much, each of the two so much by itself;
HALF = 0.5  # of what a broad word covers, in one phrase that holds it: no name
BROADLY = 0.85  # what a broad word covers counts so much


def decided(titles: nouns.Titles, labels: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What names every group.

    Returns
    -------
    tuple
        Phrases of all groups (:func:`patentnav.cluster.scoring.scored`); of these, and of the broad
        words, the rows that make the names, one or two for a group, in their order, with ``broad``.
    """
    phrases, words = scoring.scored(titles, labels)
    words = words.assign(broad=True)
    names = nouns.chosen(titles, labels, phrases)
    wide = nouns.broader(titles, labels, phrases, words, names)
    own = phrases.assign(broad=False)
    places = own.groupby(["group", "term"]).indices
    by_group = dict(list(wide.groupby("group")))
    rows: list[pd.DataFrame] = []
    for group, terms in enumerate(names):
        if group in by_group:
            rows.append(by_group[group])
        else:
            rows += [own.iloc[places[group, term]] for term in terms]
    if not rows:
        return phrases, words[:0]
    single = pd.concat(rows, ignore_index=True).infer_objects()
    return phrases, fuller(titles, labels, paired(titles, labels, phrases, words, single))


def fuller(titles: nouns.Titles, labels: np.ndarray, names: pd.DataFrame) -> pd.DataFrame:
    """Names with the longer phrase in which a broad word mostly stands, in place of that word.

    Parameters
    ----------
    titles, labels
        As for :func:`patentnav.cluster.scoring.scored`.
    names
        Rows that make the names, with ``broad``.
    """
    phrases = titles.phrases
    taken = {nouns.same(term) for term in names["term"]}
    texts = np.array(phrases.texts, dtype=object)
    terms, columns = names["term"].astype(str).to_list(), names["phrase"].to_list()
    broad, cover = names["broad"].to_list(), names["cover"].to_list()
    for row, group in enumerate(names["group"].to_list()):
        if not broad[row]:
            continue
        held = phrases.presence[labels == group]
        count = held.sum(axis=0).A1
        least = max(HALF * count[int(columns[row])], 1)
        longer = [c for c in np.flatnonzero((count >= least) & ~phrases.broad).tolist()
                  if nouns.within(terms[row], texts[c]) and nouns.same(texts[c]) not in taken]  # fmt: skip
        if longer:
            best = min(longer, key=lambda c: (-count[c], -len(texts[c]), texts[c]))
            taken.add(nouns.same(texts[best]))
            terms[row], columns[row], broad[row] = texts[best], best, False
            cover[row] = float(count[best] / held.shape[0])
    return names.assign(term=terms, phrase=columns, broad=broad, cover=cover)


def paired(
    titles: nouns.Titles,
    labels: np.ndarray,
    phrases: pd.DataFrame,
    words: pd.DataFrame,
    names: pd.DataFrame,
) -> pd.DataFrame:
    """Names of groups that a pair of phrases or words, or another one, covers far better.

    Parameters
    ----------
    titles, labels, phrases, words
        As for :func:`patentnav.cluster.names.broader`.
    names
        Rows that make the names, with ``broad``.
    """
    both = pd.concat([phrases.assign(broad=False), words])
    both = both[(both["weight"] >= nouns.TELLING) & (both["fit"] > nouns.FIT)]
    by_group = dict(list(both.groupby("group")))
    named = dict(list(names.groupby("group", sort=False)))
    sizes = np.bincount(labels[labels >= 0], minlength=int(labels.max()) + 1)
    taken = {nouns.same(own["term"].iloc[0]): group for group, own in named.items()}
    share = titles.phrases.presence[labels >= 0].mean(axis=0).A1
    for group in np.lexsort((np.arange(len(sizes)), -sizes)).tolist():
        if group not in named:
            continue
        members = np.flatnonzero(labels == group)
        presence = titles.phrases.presence[members]
        now = named[group]
        told = float((presence[:, now["phrase"].to_numpy()].sum(axis=1).A1 > 0).mean())
        if told >= COVERED or (told >= LOW and group not in by_group):
            continue
        rows = by_group[group] if told >= LOW else _frequent(titles, labels, group, share)
        free = [taken.get(nouns.same(term), group) == group for term in rows["term"]]
        rows = rows[np.array(free, dtype=bool)]
        rows = rows[~_half(rows)]
        more, adds = (MORE, ADDS) if told >= LOW else (LITTLE, LITTLE)
        least = told * _counted(now["broad"].to_numpy()) + more
        pair = _pair(presence, rows, least, adds)
        if pair is not None:
            taken = {term: owner for term, owner in taken.items() if owner != group}
            named[group] = rows.iloc[pair]
            taken |= {nouns.same(term): group for term in named[group]["term"]}
    return pd.concat(list(named.values()), ignore_index=True)


def _frequent(
    titles: nouns.Titles, labels: np.ndarray, group: int, share: np.ndarray
) -> pd.DataFrame:
    """Phrases and words that most titles of a group hold, of those that tell it from others.

    ``share`` is that of all titles of a group that hold each phrase.
    """
    phrases = titles.phrases
    placed, members = labels >= 0, labels == group
    cover = phrases.presence[members].mean(axis=0).A1
    common = np.maximum(share, phrases.rarest / max(len(labels), 1))
    k, part = int(labels.max()) + 1, members.sum() / placed.sum()
    lift = cover / np.maximum(share, 1e-9)
    telling = scoring.telling(lift, share, common, part, k)
    columns = np.flatnonzero(telling & (cover * members.sum() >= nouns.FEWEST))
    columns = columns[np.lexsort((columns, -cover[columns]))][: 2 * scoring.LISTED]
    return pd.DataFrame({
        "group": group, "rank": range(1, len(columns) + 1),
        "term": [phrases.texts[c] for c in columns], "phrase": columns, "weight": nouns.TELLING,
        "cover": cover[columns], "support": cover[columns], "fit": 1.0,
        "broad": phrases.broad[columns],
    })  # fmt: skip


def _half(rows: pd.DataFrame) -> np.ndarray:
    """Broad words that half of the time stand in one longer phrase: that says more."""
    longer = rows[~rows["broad"].astype(bool)]
    return np.array([
        bool(broad) and any(nouns.within(term, own) and cover >= HALF * word
                            for own, cover in zip(longer["term"], longer["cover"], strict=True))
        for term, broad, word in zip(rows["term"], rows["broad"], rows["cover"], strict=True)
    ], dtype=bool)  # fmt: skip


def _counted(broad: np.ndarray) -> float:
    return float(np.where(broad, BROADLY, 1.0).mean())


def _pair(presence: csr_matrix, rows: pd.DataFrame, least: float, adds: float) -> list[int] | None:
    """Places of one or two rows that cover most of some titles, more than ``least``."""
    held = (presence[:, rows["phrase"].to_numpy()].toarray() > 0).astype(np.float64)
    both = held.T @ held / len(held)
    joint, single = both.tolist(), np.diag(both).tolist()
    terms, broad = rows["term"].astype(str).to_list(), rows["broad"].to_numpy(dtype=bool)
    counted = np.where(broad, BROADLY, 1.0).tolist()
    best: list[int] | None = None
    for i, first in enumerate(terms):
        for j in range(i, len(terms)):
            told = single[i] if i == j else single[i] + single[j] - joint[i][j]
            told *= (counted[i] + counted[j]) / 2
            if told <= least:
                continue
            places = [i]
            if i != j:
                each = min(single[i], single[j]) - joint[i][j]
                apart = not (nouns.within(first, terms[j]) or nouns.within(terms[j], first))
                if each < adds or not apart or not nouns.joinable(first, terms[j]):
                    continue
                places = sorted((i, j), key=lambda p: (bool(broad[p]), -single[p], p))
            best, least = places, told
    return best


def called(titles: nouns.Titles, labels: np.ndarray) -> list[list[int]]:
    """Columns of the phrases and words that name every group; none where nothing does."""
    _, names = decided(titles, labels)
    result: list[list[int]] = [[] for _ in range(int(labels.max()) + 1)]
    for group, phrase in zip(names["group"], names["phrase"], strict=True):
        result[int(group)].append(int(phrase))
    return result
