"""How alike two keys of organisations are, and which pairs are worth comparing.

The similarity is the mean of two simple ones, nothing is learned: the cosine of letter trigrams
(rare ones weigh more) and Jaro-Winkler (Winkler 1990) of the joined words. On hand-labelled
variants this plain mean with average linkage came out as good as learned weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patentnav._progress import progress

if TYPE_CHECKING:
    from collections.abc import Sequence

GRAM = 3
CANDIDATES = 40
FLOOR = 0.25
ALL_PAIRS_LIMIT = 20_000
LARGEST_BLOCK = 50
_CHUNK = 1000


class Spellings:
    """Letter trigrams of texts; the similarity of any of them.

    Parameters
    ----------
    texts
        Distinct texts, sorted: words with blanks between.
    bodies
        Public body of each text, empty for none: two different ones are never alike.
    """

    def __init__(self, texts: Sequence[str], bodies: Sequence[str]) -> None:
        self.texts = list(texts)
        self.joined = [t.replace(" ", "") for t in texts]
        self.body = np.asarray(bodies, dtype=object)
        self.grams = _gram_matrix(self.texts)

    def pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Candidate pairs (first < second) and their similarity."""
        if len(self.texts) <= ALL_PAIRS_LIMIT:
            first, second = _nearest(self.grams)
        else:
            first, second = _blocked(self.texts)
        return first, second, self.similar(first, second)

    def similar(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Similarity (0 to 1) of pairs of positions."""
        value = np.empty(len(first))
        for start in range(0, len(first), 200_000):
            part = slice(start, start + 200_000)
            product = self.grams[first[part]].multiply(self.grams[second[part]])
            value[part] = np.asarray(product.sum(axis=1)).ravel()
        return self._with_winkler(first, second, value)

    def matrix(self, positions: np.ndarray) -> np.ndarray:
        """Square matrix of similarities of some positions."""
        grams = self.grams[positions]
        cosine = (grams @ grams.T).toarray()
        first, second = np.nonzero(np.triu(cosine >= FLOOR, k=1))
        full = np.zeros_like(cosine)
        full[first, second] = self._with_winkler(
            positions[first], positions[second], cosine[first, second]
        )
        result: np.ndarray = full + full.T
        return result

    def _with_winkler(
        self, first: np.ndarray, second: np.ndarray, cosine: np.ndarray
    ) -> np.ndarray:
        pairs = zip(first.tolist(), second.tolist(), strict=True)
        winkler = np.fromiter(
            (jaro_winkler(self.joined[i], self.joined[j]) for i, j in pairs), float, len(first)
        )
        other = (self.body[first] != self.body[second]) & (self.body[first] != "")
        other &= self.body[second] != ""
        value: np.ndarray = np.clip((cosine + winkler) / 2, 0.0, 1.0)
        return np.where(other, 0.0, value)


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
    code = np.unique(np.concatenate(codes)) if codes else np.empty(0, dtype=np.int64)
    return code // n, code % n


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
    n = len(texts)
    codes = [
        np.fromiter((i * n + j for at, i in enumerate(b) for j in b[at + 1 :]), np.int64)
        for b in blocks.values()
        if 1 < len(b) <= LARGEST_BLOCK
    ]
    code = np.unique(np.concatenate(codes)) if codes else np.empty(0, dtype=np.int64)
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


def jaro_winkler(a: str, b: str) -> float:
    """Jaro-Winkler similarity of two strings (0 to 1).

    Examples
    --------
    >>> round(jaro_winkler("MARTHA", "MARHTA"), 4)
    0.9611
    """
    if a == b:
        return 1.0
    matched_a, matched_b = _matched(a, b)
    m = len(matched_a)
    if not m:
        return 0.0
    swapped = sum(x != y for x, y in zip(matched_a, matched_b, strict=True)) / 2
    jaro = (m / len(a) + m / len(b) + (m - swapped) / m) / 3
    same = 0
    for x, y in zip(a[:4], b[:4], strict=False):
        if x != y:
            break
        same += 1
    return jaro + same * 0.1 * (1 - jaro)


def _matched(a: str, b: str) -> tuple[list[str], list[str]]:
    reach = max(len(a), len(b)) // 2 - 1
    taken = [False] * len(b)
    matched_a = []
    for i, letter in enumerate(a):
        start = max(0, i - reach)
        j = b.find(letter, start, i + reach + 1)
        while j >= 0 and taken[j]:
            j = b.find(letter, j + 1, i + reach + 1)
        if j >= 0:
            taken[j] = True
            matched_a.append(letter)
    return matched_a, [letter for letter, t in zip(b, taken, strict=True) if t]
