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

COVER_POWER = 0.75
PSEUDO = 3  # titles as if added to every group, of the kind of all titles
LIFT = 2.0  # a phrase is that many times as frequent inside as in the set,
OF_MOST = 0.6  # or so much of the way to what a large group can reach
WIDE, FAR_MORE = 0.2, 3.0  # what more titles of the set hold must be that much more frequent;
EVEN = 1.5  # of few groups: what more hold than so many times the share of each
EVERYWHERE = 0.35  # what more texts hold names nothing
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
POOR = 0.3  # a first phrase in so few titles and texts gives way
BROAD, BROADER = 0.22, 2.0  # to a word that so many of the group hold, so many times as many,
BARELY = 0.1  # or so many where the phrase is in fewer than UNNAMED,
HEAVIER = 1.2  # and of so many times its weight
UNNAMED = 0.12  # a group with so little, of texts alike, has the phrase that most of it holds,
SHARED = 0.6  # if so many hold one
TELLING = 0.1  # weight of a phrase or word that tells a group from others
LONGER = 0.3  # share of what the word covers, in which a phrase that holds it is the better name
READ, READ_ELSEWHERE = 100, 500  # texts of a group and of all in which phrases are looked for
FLOOR = 0.02  # share of texts that is added to both where they are compared


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


def repeated(texts: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """True for the second and further documents of a text in a group: a family speaks once."""
    frame = pd.DataFrame({"text": texts, "group": labels})
    return (frame["text"].notna() & frame.duplicated()).to_numpy()


def scored(titles: Titles, labels: np.ndarray, *, broad: bool = False) -> pd.DataFrame:
    """Weight of the noun phrases of every group, best first; or of its broad words.

    ``cover^0.75 log(lift) (1 + 0.2 (words - 1)) fit^3``: cover and lift of the different titles, the
    lift drawn to one as by three more titles, and threefold at least where a fifth of all titles hold
    the phrase or each of its words; fit is the cosine of the mean vector of all titles that hold the
    phrase to the centre of the group. What most texts hold names nothing. Where there are bodies, cover and lift are the
    geometric means of those of titles and of whole texts. A wording that one owner has for itself
    weighs a third.

    Returns
    -------
    pandas.DataFrame
        ``group, rank, term, phrase, weight, cover, support, fit``; at most twelve per group.
        ``support`` is the mean of the covers of titles and texts.
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
    common = np.maximum(titles.phrases.rarest / len(labels), overall)
    often = np.unique(counts.indices[counts.data >= min(FEWEST, int(numbers.min()))])
    place = np.zeros(presence.shape[1], dtype=np.int64)
    place[often] = np.arange(len(often))
    means = unit(np.asarray(presence[here][:, often].T @ titles.vectors[here]))
    placed = labels >= 0
    centres = unit(group_means(titles.vectors[placed], labels[placed], k))
    whole = None if titles.bodies is None else Texts(titles.bodies, np.flatnonzero(placed))
    rows = []
    for group in range(k):
        own_counts = counts[group]
        column, count = own_counts.indices, own_counts.data
        enough = count >= max(min(FEWEST, numbers[group]), SHARE * numbers[group])
        enough &= titles.phrases.broad[column] == broad
        column, count = column[enough], count[enough]
        cover = count / numbers[group]
        lift = (count + PSEUDO * overall[column]) / (numbers[group] + PSEUDO) / overall[column]
        told = telling(lift, overall[column], common[column], numbers[group] / len(here), k)
        column, cover = column[told], cover[told]
        fit = np.maximum(means[place[column]] @ centres[group], 0)
        words = np.minimum(titles.phrases.lengths[column] - 1, 3)
        contrast = np.log(lift[told]) if k > 1 else 1.0
        weight = cover**COVER_POWER * contrast * (1 + LENGTH_BONUS * words) * fit**FIT_POWER
        order = np.lexsort((column, -weight))[: 2 * LISTED]
        members = np.flatnonzero(labels == group)
        held = presence[members][:, column[order]].tocsc()
        weight[order] *= _own_wording(held, titles.owners, members)
        support = cover.copy()
        if whole is not None and len(order):
            listed = [titles.phrases.texts[c] for c in column[order]]
            inside, outside = whole.covers(listed, members)
            weight[order] *= outside <= max(EVERYWHERE, EVEN / k) if k > 1 else 1
            support[order] = np.sqrt(cover[order] * np.maximum(inside, cover[order]))
            weight[order] *= (support[order] / cover[order]) ** COVER_POWER
            if k > 1:
                own, read = np.log(lift[told][order]), (inside + FLOOR) / (outside + FLOOR)
                weight[order] *= (own + np.log(np.maximum(read, 1))) / 2 / own
        order, held = order[weight[order] > 0], held[:, weight[order] > 0]
        order, held = _complete(
            order, held, weight, [titles.phrases.texts[c] for c in column[order]]
        )
        rows += [
            (group, rank, titles.phrases.texts[column[i]], int(column[i]), float(weight[i]),
             float(cover[i]), float(support[i]), float(fit[i]))
            for rank, i in enumerate(order[:LISTED], start=1)
        ]  # fmt: skip
    kinds = {"group": "int64", "rank": "int64", "term": "str", "phrase": "int64"}
    kinds |= dict.fromkeys(("weight", "cover", "support", "fit"), "float64")
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def telling(
    lift: np.ndarray, share: np.ndarray, common: np.ndarray, part: float, k: int
) -> np.ndarray:
    """Whether phrases tell a group, a part of the set, from its other groups.

    What much of the set is about is measured by the rarest word of the phrase: "lithium ion battery"
    tells nothing among batteries, however few say it in these words.
    """
    if k < 2:
        return np.ones(len(lift), dtype=bool)
    enough = lift >= min(LIFT, 1 + OF_MOST * (1 / part - 1))
    wide = common > max(WIDE, EVEN / k)
    return np.asarray(enough & (~wide | (lift * share >= FAR_MORE * common)))


class Texts:
    """Whole texts in which phrases are looked for, an even choice of them: in large sets, too."""

    def __init__(self, bodies: np.ndarray, placed: np.ndarray) -> None:
        self._bodies = bodies
        self._all = _even(placed, READ_ELSEWHERE)
        self._known: dict[str, float] = {}

    def covers(self, terms: list[str], members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Share of the members' texts, and of all texts, that hold each phrase."""
        own = _even(members, READ)
        inside = np.array([self._share(term, own) for term in terms])
        for term in terms:
            if term not in self._known:
                self._known[term] = self._share(term, self._all)
        return inside, np.array([self._known[term] for term in terms])

    def _share(self, term: str, places: np.ndarray) -> float:
        sought = _sought(term)
        return float(np.mean([sought in text for text in self._bodies[places]]))


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
        if not any(within(text, longer) and len(sets[i] & sets[j]) >= INSIDE * len(sets[i])
                   for j, longer in enumerate(texts) if j != i)
    ]  # fmt: skip
    kept.sort(key=lambda i: (-weight[order[i]], texts[i]))
    return order[kept], held


def within(short: str, long: str) -> bool:
    """Whether a phrase stands inside a longer one, as whole words."""
    if len(short) >= len(long):
        return False
    return f" {short} " in f" {long} " if short.isascii() else short in long


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
        As for :func:`scored`.
    phrases, words
        What it gave, the words with ``broad``.
    names
        What :func:`chosen` gave.

    Returns
    -------
    pandas.DataFrame
        Rows of :func:`scored`, one for a group: of a phrase (``broad`` is False) or of a word.
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
        result[group] = [free["term"].iloc[0]]
        taken.add(same(result[group][0]))
    for group, own in enumerate(result):
        if own:
            members = np.flatnonzero((labels == group) & ~again)
            others = taken - {same(own[0])}
            free = by_group[group]
            free = free[~free["term"].map(same).isin(others)]
            own.extend(_second(titles, members, free))
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
    first = free.iloc[0]
    if first["support"] >= ENOUGH:
        return []
    presence = titles.phrases.presence[members]
    held = presence[:, [first["phrase"]]].toarray().ravel() > 0
    mean = unit(titles.vectors[members[held]].sum(axis=0, keepdims=True))[0]
    best = GAIN * float(first["weight"])
    term: str | None = None
    own_names = free["term"].astype(str).to_list()
    fits, weights = free["fit"].to_numpy(), free["weight"].to_numpy()
    for place, column in enumerate(free["phrase"].to_numpy()):
        if place == 0 or fits[place] <= FIT or not joinable(own_names[0], own_names[place]):
            continue
        own = presence[:, [column]].toarray().ravel() > 0
        other = unit(titles.vectors[members[own]].sum(axis=0, keepdims=True))[0]
        gain = float(weights[place]) * (own & ~held).sum() / max(own.sum(), 1)
        if gain > best and float(mean @ other) > ALIKE:
            best, term = gain, own_names[place]
    return [term] if term is not None else []


def joinable(first: str, second: str) -> bool:
    """Whether two phrases make one name: no word twice, and short enough."""
    if first.isascii() and second.isascii():
        own, other = (set(term.replace("-", " ").split()) for term in (first, second))
        return not own & other and len(first.split()) + len(second.split()) < LONGEST_EN
    return not set(first) & set(second) and len(first) + len(second) < LONGEST_ZH
