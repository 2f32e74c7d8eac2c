"""Names of technologies: phrases of titles that are frequent inside and rare outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.text import BREAK, generic_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from patentnav.text import Tokens

LONGEST = 3  # words of a phrase
PER_NAME = 3  # phrases of a name
PER_TECHNOLOGY = 12  # phrases listed per technology
LIFT = 1.5  # a phrase is that many times as frequent inside as in the set
LENGTH_BONUS = 0.25  # per word beyond the first: "lithium battery" before "battery"
ROOT = 5  # letters that two words of one root share
MOSTLY = 0.75  # share of a phrase's texts that hold it inside one longer phrase
NAME_COVER = 0.03  # share of the titles that a phrase of a name stands in, but for the first
ENDS = 0.3  # share of its occurrences that must end a run of words: names end in what they name
WEAK_COVER = 0.1  # no first phrase in so many of the titles,
WEAK_JOINTLY = 0.3  # and all phrases together in fewer than these,
LOOSE = 0.7  # or fewer of the links inside: the technology is a remainder


@dataclass(frozen=True)
class Phrases:
    """Phrases of up to three words and the texts that hold them.

    Attributes
    ----------
    presence
        Texts x phrases, 0/1.
    parts
        Codes of the words of every phrase, ``BREAK`` beyond its length: phrases x 3.
    ends
        Share of the occurrences of every phrase after which no further word follows, 0 to 1.
    """

    presence: csr_matrix
    parts: np.ndarray
    ends: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Number of words of every phrase."""
        return np.asarray((self.parts != BREAK).sum(axis=1))


def phrases(tokens: Tokens, texts: slice) -> Phrases:
    """All phrases inside runs of words without a break, in at least two texts."""
    from scipy.sparse import csr_matrix

    starts = tokens.starts[texts.start : texts.stop + 1]
    codes = tokens.codes[starts[0] : starts[-1]].astype(np.int64)
    n = len(starts) - 1
    row = np.repeat(np.arange(n), np.diff(starts))
    base = len(tokens.vocabulary) + 1
    key = codes + 1  # 0 is the break
    alive = codes != BREAK
    follows = np.append((codes[1:] != BREAK) & (row[1:] == row[:-1]), False)
    rows, keys, open_ended = [row[alive]], [key[alive]], [follows[alive]]
    for shift in range(1, LONGEST):
        if len(codes) <= shift:
            break
        alive = alive[:-1] & (codes[shift:] != BREAK) & (row[shift:] == row[: len(row) - shift])
        key = key[:-1] * base + codes[shift:] + 1
        rows.append(row[: len(key)][alive])
        keys.append(key[alive])
        open_ended.append(follows[shift:][alive])
    distinct, column = np.unique(np.concatenate(keys), return_inverse=True)
    presence = csr_matrix(
        (np.ones(len(column), np.float32), (np.concatenate(rows), column)), shape=(n, len(distinct))
    )
    presence.data[:] = 1.0  # duplicates were summed
    df = np.bincount(presence.indices, minlength=len(distinct))
    kept = np.flatnonzero(df >= min(2, n))
    going_on = np.bincount(column, np.concatenate(open_ended), minlength=len(distinct))
    ends = 1 - going_on / np.maximum(np.bincount(column, minlength=len(distinct)), 1)
    return Phrases(presence[:, kept].tocsr(), _words_of(distinct[kept], base), ends[kept])


def _words_of(keys: np.ndarray, base: int) -> np.ndarray:
    parts = np.full((len(keys), LONGEST), BREAK, dtype=np.int64)
    rest = keys.copy()
    for place in range(LONGEST):  # last word first
        parts[:, place] = rest % base - 1
        rest //= base
    length = (parts != BREAK).sum(axis=1)
    turned = np.full_like(parts, BREAK)
    for n in range(1, LONGEST + 1):
        turned[length == n, :n] = parts[length == n, :n][:, ::-1]
    return turned


def shown(parts: np.ndarray, tokens: Tokens) -> list[str]:
    """Spelling of phrases: a blank between words of an alphabet, none beside Chinese."""
    result = []
    for row in parts:
        text, overlaps = "", False
        for code in row[row != BREAK]:
            word = str(tokens.vocabulary[code])
            again = overlaps and bool(tokens.overlapping[code]) and text[-1] == word[0]
            blank = " " if text and text[-1].isascii() and word[0].isascii() else ""
            text += word[1:] if again else blank + word
            overlaps = bool(tokens.overlapping[code])
        result.append(text)
    return result


def ranked(found: Phrases, labels: np.ndarray, again: np.ndarray, tokens: Tokens) -> pd.DataFrame:
    """The telling phrases of every group, best first.

    ``sqrt(cover) log(lift) (1 + 0.25 (words - 1))`` over phrases in at least three different titles
    and one percent of them. Cover and lift are taken of all titles or of the different ones, where
    that is less: a family that repeats its title does not name a group, nor does a rare title. A
    phrase that shares half of its words with a better one is left out, and so are words too general
    to name anything alone and phrases that mostly go on ("external" is half of "external device";
    names end in what they name, in Chinese as in English).

    Parameters
    ----------
    found
        Phrases of the texts.
    labels
        Group of every text, -1 for none.
    again
        True for texts that repeat an earlier one of their group.
    tokens
        The texts, for the spelling of the words.

    Returns
    -------
    pandas.DataFrame
        ``group, rank`` (from 1), ``term, phrase`` (its column in ``found.presence``), ``weight,
        cover`` (share of the group's texts, 0 to 1).
    """
    k = int(labels.max()) + 1
    counts, sizes = _counts(found, labels, k)
    different, numbers = _counts(found, np.where(again, -1, labels), k)
    overall = np.asarray(different.sum(axis=0)).ravel() / max(numbers.sum(), 1)
    lengths = found.lengths
    general, roots = _general(found, tokens) | (found.ends < ENDS), _roots(tokens)
    rows = []
    for group in range(k):
        span = slice(different.indptr[group], different.indptr[group + 1])
        column, count = different.indices[span], different.data[span]
        enough = count >= max(min(3, numbers[group]), 0.01 * numbers[group])
        enough &= ~general[column]
        column, count = column[enough], count[enough]
        cover = counts[group].toarray().ravel()[column] / sizes[group]
        support = np.minimum(cover, count / numbers[group])
        lift = support / overall[column]
        score = np.sqrt(support) * np.log(np.maximum(lift, 1e-9))
        score *= 1 + LENGTH_BONUS * (lengths[column] - 1)
        if k > 1:
            telling = lift >= LIFT
            column, count = column[telling], count[telling]
            cover, score = cover[telling], score[telling]
        else:  # nothing to tell apart: what is frequent
            score = np.sqrt(support) * (1 + LENGTH_BONUS * (lengths[column] - 1))
        order = np.lexsort((column, -score))
        order = order[~_inside_longer(found.parts[column[order]], count[order])]
        read = shown(found.parts[column[order]], tokens)
        chosen = _without_overlap(found.parts[column[order]], read, roots)
        best, terms = order[chosen], [read[i] for i in chosen]
        rows += [
            (group, rank, term, int(column[i]), float(score[i]), float(cover[i]))
            for rank, (term, i) in enumerate(zip(terms, best, strict=True), start=1)
        ]
    frame = pd.DataFrame(rows, columns=["group", "rank", "term", "phrase", "weight", "cover"])
    return frame.astype(
        {
            "group": "int64",
            "rank": "int64",
            "term": "str",
            "phrase": "int64",
            "weight": "float64",
            "cover": "float64",
        }
    )


def _counts(found: Phrases, labels: np.ndarray, k: int) -> tuple[csr_matrix, np.ndarray]:
    """Texts of every group that hold a phrase (k x phrases), and texts of every group."""
    from scipy.sparse import csr_matrix

    inside = np.flatnonzero(labels >= 0)
    member = csr_matrix(
        (np.ones(len(inside), np.float32), (labels[inside], inside)), shape=(k, len(labels))
    )
    return (member @ found.presence).tocsr(), np.bincount(labels[inside], minlength=k)


def _general(found: Phrases, tokens: Tokens) -> np.ndarray:
    """Phrases of a single word that names nothing alone."""
    words = generic_words("zh") | generic_words("en")
    is_general = np.array([str(w).lower() in words for w in tokens.vocabulary], dtype=bool)
    return np.asarray((found.lengths == 1) & is_general[found.parts[:, 0]])


def _roots(tokens: Tokens) -> np.ndarray:
    """Number of the root of every word: words of an alphabet that begin alike have one root.

    "Treating" and "treatment" say the same in a name; so do "speaker" and "loudspeaker".
    """
    words = [str(w).lower() for w in tokens.vocabulary]
    known = {w for w in words if w.isascii() and len(w) > ROOT}
    tails = [
        next((w[i:] for i in range(3, len(w) - ROOT) if w[i:] in known), w) if w.isascii() else w
        for w in words
    ]
    begun = [w[:ROOT] if w.isascii() else w for w in tails]
    return np.asarray(pd.factorize(pd.Series(begun, dtype="str"))[0])


def _inside_longer(parts: np.ndarray, count: np.ndarray) -> np.ndarray:
    """True for phrases that mostly occur inside one longer phrase: the longer one is the term."""
    inside = np.zeros(len(parts), dtype=bool)
    lengths = (parts != BREAK).sum(axis=1)
    for length in range(1, LONGEST):
        longer = np.flatnonzero(lengths > length)
        for shift in range(LONGEST - length + 1):
            window = parts[longer, shift : shift + length]
            often: dict[tuple[int, ...], float] = {}
            for words, n in zip(map(tuple, window.tolist()), count[longer], strict=True):
                often[words] = max(often.get(words, 0.0), float(n))
            for place in np.flatnonzero(lengths == length):
                most = often.get(tuple(parts[place, :length].tolist()), 0.0)
                inside[place] |= most >= MOSTLY * count[place]
    return inside


def _without_overlap(parts: np.ndarray, read: list[str], roots: np.ndarray) -> list[int]:
    """Places of the phrases that share less than half of their roots with an earlier one.

    Of those that read alike (a word of the dictionary, and its parts), the first is kept.
    """
    kept: list[int] = []
    alike: set[str] = set()
    seen: list[set[int]] = []
    for place, row in enumerate(parts):
        own = set(roots[row[row != BREAK]].tolist())
        if read[place] in alike or any(
            2 * len(own & other) >= min(len(own), len(other)) for other in seen
        ):
            continue
        kept.append(place)
        seen.append(own)
        alike.add(read[place])
        if len(kept) == PER_TECHNOLOGY:
            break
    return kept


def held(found: Phrases, labels: np.ndarray, terms: pd.DataFrame) -> np.ndarray:
    """How many of the given phrases of its group every text holds; 0 for texts of none."""
    from scipy.sparse import csr_matrix

    k = int(labels.max()) + 1
    term_of_group = csr_matrix(
        (np.ones(len(terms), np.float32), (terms["group"], terms["phrase"])),
        shape=(k, found.presence.shape[1]),
    )
    inside = np.flatnonzero(labels >= 0)
    numbers = np.zeros(len(labels), dtype=np.int64)
    numbers[inside] = found.presence[inside].multiply(term_of_group[labels[inside]]).sum(axis=1).A1
    return numbers


def weak(found: Phrases, labels: np.ndarray, terms: pd.DataFrame, inside: np.ndarray) -> np.ndarray:
    """Groups that are remainders: their phrases do not name them, and they do not hold together.

    No first phrase is in a tenth of the titles; and all listed phrases together are in fewer than
    three tenths, or fewer than seven tenths of the links of the group stay inside it.

    Parameters
    ----------
    found, labels, terms
        As for :func:`ranked`, and what it gave.
    inside
        As :func:`patentnav.cluster.graph.inside` gives it.

    Returns
    -------
    numpy.ndarray
        True or False by group.
    """
    k = len(inside)
    placed = labels >= 0
    named = np.bincount(labels[placed], held(found, labels, terms)[placed] > 0, minlength=k)
    joint = named / np.maximum(np.bincount(labels[placed], minlength=k), 1)
    first = terms[terms["rank"] <= PER_NAME].groupby("group")["cover"].max()
    cover = first.reindex(range(k)).fillna(0).to_numpy()
    return np.asarray((cover < WEAK_COVER) & ((joint < WEAK_JOINTLY) | (inside < LOOSE)))


def names(
    terms: pd.DataFrame, remainders: np.ndarray, *, separator: str, remainder: str, unnamed: str
) -> list[str]:
    """Names of all groups from their best phrases, all different.

    Parameters
    ----------
    terms
        As :func:`ranked` gives them.
    remainders
        True for groups that :func:`weak` finds.
    separator
        Wording between phrases.
    remainder
        Wording of a remainder with the placeholder ``{name}``, for groups that their phrases name
        badly.
    unnamed
        Wording of a group without phrases.
    """
    result: list[str] = []
    rare = (terms["cover"] < NAME_COVER) & (terms["rank"] > 1)
    supported = terms[~rare | remainders[terms["group"]]]
    by_group = supported.groupby("group")["term"].agg(list).to_dict()
    for group in range(len(remainders)):
        listed = by_group.get(group, [])
        size = PER_NAME
        name = separator.join(listed[:size])
        while name in result and size < len(listed):
            size += 1
            name = separator.join(listed[:size])
        if not listed:
            name = unnamed
        elif remainders[group]:
            name = remainder.format(name=name)
        if name in result:
            name = f"{name} ({group + 1})"
        result.append(name)
    return result
