"""Any number of distinct names of organisations, made from the real ones of the shared data.

Half of the names are new organisations: a real name whose rare words are replaced by words joined
from the beginning of one rare word and the end of another, so that legal forms, generic words and
lengths keep their real shares; in Chinese the place of one firm, a brand joined from two firms'
brands, and the business and form of a third. The other half are variants of a name before them: a
letter lost, doubled or swapped, a legal form or generic word written as another real name writes
it, or a branch or college behind a Chinese name. The real names themselves come first.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from patentnav.clean import chinese, latin, regions

RARE = 3  # words in at most so many real names are taken as brands
VARIANTS = 0.5
UNITS = ("\u6d4e\u5357\u5206\u516c\u53f8", "(\u5317\u4eac)", "\u4e0a\u6d77\u5206\u516c\u53f8")


def made_names(real: list[str], n: int, seed: int = 0) -> list[str]:
    """Distinct names, the real ones (or the first ``n`` of them, shuffled) among them."""
    rng = np.random.default_rng(seed)
    real = sorted(set(real))
    names = [real[i] for i in rng.permutation(len(real))][:n]
    seen = set(names)
    western = _Western([r for r in real if not chinese.has_cjk(r)], rng)
    eastern = _Eastern([r for r in real if chinese.has_han(r)], rng)
    while len(names) < n:
        name = names[rng.integers(len(names))]
        maker = eastern if chinese.has_cjk(name) else western
        made = maker.variant(name) if rng.random() < VARIANTS else maker.other(name)
        if made not in seen:
            seen.add(made)
            names.append(made)
    return names


class _Western:
    """Latin names."""

    def __init__(self, real: list[str], rng: np.random.Generator) -> None:
        self.rng = rng
        self.counts = Counter(w for name in real for w in set(latin.words_of(name)))
        self.rare = sorted(w for w, n in self.counts.items() if n <= RARE and len(w) >= 4)
        same: dict[str, list[str]] = {}
        for word, stem in latin.tables().stem.items():
            same.setdefault(stem, []).append(word)
        self.same_stem = {w: sorted(words) for words in same.values() for w in words}
        self.forms = sorted(w for w in latin.tables().family if self.counts[w] > RARE)

    def _pick(self, words: list[str]) -> str:
        return words[self.rng.integers(len(words))]

    def other(self, name: str) -> str:
        """Name of another organisation of the same build."""
        words = latin.words_of(name) or [self._pick(self.rare)]
        swapped = [self._joined() if self._is_brand(w) else w for w in words]
        if swapped == words:
            swapped = [self._joined(), *words]
        return " ".join(swapped)

    def _is_brand(self, word: str) -> bool:
        return (
            self.counts[word] <= RARE
            and word not in self.same_stem
            and word not in latin.tables().family
        )

    def _joined(self) -> str:
        front, end = self._pick(self.rare), self._pick(self.rare)
        return front[: len(front) // 2 + 1] + end[len(end) // 2 :]

    def variant(self, name: str) -> str:
        """Another spelling of the same organisation."""
        words = latin.words_of(name) or [name]
        at = int(self.rng.integers(len(words)))
        word = words[at]
        if word in latin.tables().family:
            words[at] = self._pick(self.forms)
        elif word in self.same_stem:
            words[at] = self._pick(self.same_stem[word])
        else:
            words[at] = self._misspelt(word)
        return " ".join(words)

    def _misspelt(self, word: str) -> str:
        i = int(self.rng.integers(len(word)))
        kind = self.rng.integers(3)
        if kind == 0 and len(word) > 2:
            return word[:i] + word[i + 1 :]
        if kind == 1:
            return word[:i] + word[i] + word[i:]
        return word[:i] + word[i : i + 2][::-1] + word[i + 2 :]


class _Eastern:
    """Names in Chinese characters."""

    def __init__(self, real: list[str], rng: np.random.Generator) -> None:
        self.rng = rng
        parsed = [chinese.parse(name) for name in real]
        self.firms = [p for p in parsed if p.kind == "company" and len(p.brand) >= 2]
        self.fronts = [p.clean[: len(p.clean) - len(regions.cut_front(p.clean)[1])] for p in parsed]

    def other(self, name: str) -> str:
        """Name of another organisation of the same build."""
        front = self.fronts[self.rng.integers(len(self.fronts))]
        first, second, third = (self.firms[i] for i in self.rng.integers(len(self.firms), size=3))
        brand = first.brand[:1] + second.brand[1:]
        _, found, tail = third.clean.partition(third.brand)
        return front + brand + (tail if found and tail else name[-4:])

    def variant(self, name: str) -> str:
        """Another spelling or unit of the same organisation."""
        unit = UNITS[self.rng.integers(len(UNITS))]
        if self.rng.random() < 0.3 and len(name) > 4:
            i = int(self.rng.integers(len(name) - 1))
            return name[:i] + name[i + 1 :]
        return name + unit if unit not in name else self.other(name)
