"""How alike two keys of organisations are, and which pairs are worth comparing.

The similarity is the mean of two simple ones, nothing is learned: the cosine of letter trigrams
(rare ones weigh more) and Jaro-Winkler (Winkler 1990) of the joined words. On hand-labelled
variants this plain mean with average linkage came out as good as learned weights.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from patentnav._progress import progress
from patentnav.clean import unlike

if TYPE_CHECKING:
    from collections.abc import Sequence

GRAM = 3
CANDIDATES = 40
FLOOR = 0.25
ALL_PAIRS_LIMIT = 20_000
LARGEST_BLOCK = 50
APART = 0.65  # similarity of names whose words say different things, at most
CONSIDERED = 0.5  # similarity from which it is looked at what the words say
_CHUNK = 1000


class Spellings:
    """Letter trigrams of texts; the similarity of any of them.

    Parameters
    ----------
    texts
        Distinct texts, sorted: words with blanks between.
    bodies, kinds
        Public body and kind of organisation of each text, empty for none or unknown: two different
        ones are never alike.
    words
        Words of each text: two whose words say different things (:func:`unlike.unlike`) are never
        alike.
    """

    def __init__(
        self,
        texts: Sequence[str],
        bodies: Sequence[str],
        kinds: Sequence[str],
        *,
        words: Sequence[tuple[str, ...]],
    ) -> None:
        self.texts = list(texts)
        self.joined = [t.replace(" ", "") for t in texts]
        self.apart = [np.asarray(bodies, dtype=object), np.asarray(kinds, dtype=object)]
        self.words = words
        self.grams = _gram_matrix(self.texts)

    def pairs(self, cut: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Candidate pairs (first < second) whose similarity reaches the cut, with it."""
        if len(self.texts) <= ALL_PAIRS_LIMIT:
            first, second = _nearest(self.grams)
        else:
            first, second = _blocked(self.texts)
        first, second = _with(first, second, self.joined)
        cosine = self._cosine(first, second)
        # Jaro-Winkler is 1 at most: what is below this cannot reach the cut.
        same = [self.joined[i] == self.joined[j] for i, j in zip(first, second, strict=True)]
        near = (cosine >= 2 * cut - 1) | np.array(same, dtype=bool)
        first, second = first[near], second[near]
        value = self._with_winkler(first, second, cosine[near])
        near = value >= cut
        return first[near], second[near], value[near]

    def similar(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Similarity (0 to 1) of pairs of positions; 0 where they share too few trigrams."""
        cosine = self._cosine(first, second)
        value = np.zeros(len(cosine))
        near = cosine >= FLOOR
        near |= [self.joined[i] == self.joined[j] for i, j in zip(first, second, strict=True)]
        value[near] = self._with_winkler(first[near], second[near], cosine[near])
        return value

    def _cosine(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        value = np.empty(len(first))
        for start in range(0, len(first), 200_000):
            part = slice(start, start + 200_000)
            product = self.grams[first[part]].multiply(self.grams[second[part]])
            value[part] = np.asarray(product.sum(axis=1)).ravel()
        return value

    def _with_winkler(
        self, first: np.ndarray, second: np.ndarray, cosine: np.ndarray
    ) -> np.ndarray:
        winkler = jaro_winkler(
            [self.joined[i] for i in first.tolist()], [self.joined[j] for j in second.tolist()]
        )
        value: np.ndarray = np.clip((cosine + winkler) / 2, 0.0, 1.0)
        for label in self.apart:
            one, other = label[first], label[second]
            value[(one != other) & (one != "") & (other != "")] = 0.0
        for at in np.flatnonzero(value >= CONSIDERED):
            i, j = first[at], second[at]
            if self.joined[i] == self.joined[j]:
                value[at] = 1.0  # only the blanks differ
            elif unlike.unlike(self.words[i], self.words[j]):
                value[at] = min(value[at], APART)
        return value


def _with(
    first: np.ndarray, second: np.ndarray, joined: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs, and those of texts that differ in their blanks only."""
    at: dict[str, list[int]] = {}
    for position, text in enumerate(joined):
        at.setdefault(text, []).append(position)
    n = len(joined)
    more = [
        min(i, j) * n + max(i, j)
        for same in at.values() if len(same) > 1
        for i, j in itertools.pairwise(same)
    ]  # fmt: skip
    codes = np.concatenate([first.astype(np.int64) * n + second, np.array(more, dtype=np.int64)])
    return _distinct([codes], n)


def _gram_matrix(texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix, diags

    columns: dict[str, int] = {}
    rows: list[int] = []
    found: list[int] = []
    for row, text in enumerate(texts):
        padded = f" {text} "
        grams = [padded[i : i + GRAM] for i in range(len(padded) - GRAM + 1)]
        found += [columns.setdefault(g, len(columns)) for g in grams]
        rows += [row] * len(grams)
    shape = (len(texts), len(columns))
    counts = csr_matrix((np.ones(len(found)), (rows, found)), shape=shape)
    counts.data = 1 + np.log(counts.data)
    frequency = np.bincount(counts.indices, minlength=shape[1])
    # The root of the usual weight: a pair's likeness should hardly depend on the rest of the set.
    weight = np.sqrt(np.log((1 + shape[0]) / (1 + frequency)) + 1)
    weighted = counts @ diags(weight)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags(1 / np.where(length == 0, 1, length)) @ weighted).tocsr()


def _nearest(grams: Any) -> tuple[np.ndarray, np.ndarray]:
    n = grams.shape[0]
    keep = min(CANDIDATES, n)
    transposed = grams.T.tocsr()
    codes = []
    for start in progress(range(0, n, _CHUNK), "names", total=-(-n // _CHUNK)):
        cosine = (grams[start : start + _CHUNK] @ transposed).toarray()
        rows = np.arange(len(cosine))
        cosine[rows, start + rows] = 0
        best = np.argpartition(-cosine, keep - 1, axis=1)[:, :keep]
        row, rank = np.nonzero(np.take_along_axis(cosine, best, axis=1) >= FLOOR)
        one, other = row + start, best[row, rank]
        codes.append(np.minimum(one, other).astype(np.int64) * n + np.maximum(one, other))
    return _distinct(codes, n)


def _blocked(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that share a rare word, a beginning, or a long word less one letter."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in set(text.split()):
            counts[word] = counts.get(word, 0) + 1
    blocks: dict[str, list[int]] = {}
    for position, text in enumerate(progress(texts, "names", total=len(texts))):
        for block in _blocks_of(text, counts):
            blocks.setdefault(block, []).append(position)
    by_size: dict[int, list[list[int]]] = {}
    for positions in blocks.values():
        if 1 < len(positions) <= LARGEST_BLOCK:
            by_size.setdefault(len(positions), []).append(positions)
    n = len(texts)
    codes = []
    for size, same in by_size.items():
        rows = np.array(same, dtype=np.int64)  # positions ascend in every block
        one, other = np.triu_indices(size, k=1)
        codes.append((rows[:, one] * n + rows[:, other]).ravel())
    return _distinct(codes, n)


def _distinct(codes: list[np.ndarray], n: int) -> tuple[np.ndarray, np.ndarray]:
    """First and second of the pairs with the codes ``first * n + second``, each once."""
    code = np.sort(np.concatenate(codes)) if codes else np.empty(0, dtype=np.int64)
    code = code[np.diff(code, prepend=-1) > 0]
    return code // n, code % n


def _blocks_of(text: str, counts: dict[str, int]) -> set[str]:
    words = sorted(set(text.split()), key=lambda w: (counts[w], w))
    found = {f"w {w}" for w in words[:2]}
    found |= {f"p {a} {b}" for at, a in enumerate(words[:3]) for b in words[at + 1 : 3]}
    found.add("b " + text.replace(" ", "")[:6])
    for word in words[:2]:
        if len(word) >= 6:
            found |= {f"d {word[:i]}{word[i + 1 :]}" for i in range(len(word))}
            found.add(f"d {word}")
    return found


def jaro_winkler(first: Sequence[str], second: Sequence[str]) -> np.ndarray:
    """Jaro-Winkler similarity (0 to 1) of equally many strings, pair by pair.

    Examples
    --------
    >>> jaro_winkler(["MARTHA", "DIXON"], ["MARHTA", "DICKSONX"]).round(4).tolist()
    [0.9611, 0.8133]
    """
    value = np.empty(len(first))
    longest = np.array([max(len(a), len(b)) for a, b in zip(first, second, strict=True)])
    order = np.argsort(longest, kind="stable")  # pairs of like length waste no room
    for start in range(0, len(order), _CHUNK):
        rows = order[start : start + _CHUNK]
        value[rows] = _jaro_winkler(
            _letters([first[i] for i in rows]), _letters([second[i] for i in rows])
        )
    return value


def _letters(texts: list[str]) -> np.ndarray:
    """Code points, one row per text, zeros behind its end."""
    joined = np.array(texts)
    return joined.view(np.uint32).reshape(len(texts), -1)


def _jaro_winkler(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    length_a, length_b = (a > 0).sum(axis=1), (b > 0).sum(axis=1)
    used_a, used_b = _matched(a, b, np.maximum(np.maximum(length_a, length_b) // 2 - 1, 0))
    m = used_a.sum(axis=1)
    width = int(m.max(initial=0))
    pairs = [
        np.where(
            np.arange(width) < m[:, None],
            np.take_along_axis(x, np.argsort(~used, axis=1, kind="stable")[:, :width], axis=1),
            0,
        )
        for x, used in ((a, used_a), (b, used_b))
    ]
    swapped = (pairs[0] != pairs[1]).sum(axis=1) / 2
    some = np.maximum(m, 1)
    jaro = np.where(m > 0, (m / length_a + m / length_b + (m - swapped) / some) / 3, 0.0)
    head = min(4, a.shape[1], b.shape[1])
    equal = (a[:, :head] == b[:, :head]) & (a[:, :head] > 0)
    same = np.logical_and.accumulate(equal, axis=1).sum(axis=1)
    result: np.ndarray = jaro + same * 0.1 * (1 - jaro)
    return result


def _matched(a: np.ndarray, b: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Letters of both that have a partner: equal, and at most ``reach`` places away."""
    used_a, used_b = np.zeros(a.shape, dtype=bool), np.zeros(b.shape, dtype=bool)
    widest, place = int(reach.max(initial=0)), np.arange(b.shape[1])
    for i in range(a.shape[1]):
        near = slice(max(0, i - widest), i + widest + 1)
        fits = (b[:, near] == a[:, i, None]) & ~used_b[:, near] & (a[:, i, None] > 0)
        fits &= np.abs(place[near] - i) <= reach[:, None]
        if not fits.size:
            break
        row = np.flatnonzero(fits.any(axis=1))
        used_a[row, i] = True
        used_b[row, near.start + fits[row].argmax(axis=1)] = True
    return used_a, used_b
