"""Which nodes a class or a text leads to."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav._strings import texts as texts_of
from patentnav.normalize.ladder import patterns_above
from patentnav.taxonomy.scheme import with_predecessors

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator

    from patentnav.taxonomy.model import Taxonomy

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # kana, Han, hangul
_BETWEEN = "\0"  # stands between texts: in no word
_BLOCK = 2_000  # texts searched at a time
_SHIFT = 21  # bits of a character
_LETTER = "[a-z0-9\u00df-\u024f]"


def first_of(ladder: Iterable[str], patterns: Container[str]) -> str | None:
    """Longest pattern of a ladder that is among ``patterns``."""
    return next((p for p in ladder if p in patterns), None)


class SymbolMatcher:
    """Finds the nodes of symbols, for some nodes of a taxonomy.

    Parameters
    ----------
    taxonomy
        The taxonomy.
    nodes
        Nodes that compete for a symbol: the first level, or the nodes below one of them.
    """

    def __init__(self, taxonomy: Taxonomy, nodes: Collection[str]) -> None:
        self._rules = [(node, rule) for node in nodes for rule in taxonomy.rules(node)]
        self._including: dict[str, list[int]] = {}
        for i, (_, rule) in enumerate(self._rules):
            for pattern in rule.include:
                self._including.setdefault(pattern, []).append(i)
        self._excluded = [frozenset(rule.exclude) for _, rule in self._rules]
        whole = set(nodes) == set(taxonomy.top)
        self._shares = taxonomy.shares if whole else {}
        self._fallback = taxonomy.fallback if whole else {}
        self._longest = taxonomy.match == "longest"
        self._gate_share = taxonomy.gate_share
        self._renewals, self._since = taxonomy.renewals, taxonomy.ipc_edition

    def claims(self, symbols: pd.Series) -> pd.DataFrame:
        """Nodes of symbols.

        Parameters
        ----------
        symbols
            Canonical symbols; each is looked up once.

        Returns
        -------
        pandas.DataFrame
            ``symbol, pattern, node, share, needs_words``. Shares of a symbol without words sum to
            one where the longest pattern decides, and are one for each node otherwise.
        """
        rows = [
            (symbol, *claim)
            for symbol in symbols.dropna().unique()
            for claim in self._claims(symbol)
        ]
        columns = ["symbol", "pattern", "node", "share", "needs_words"]
        types: dict[str, Any] = dict.fromkeys(columns, "str") | {
            "share": float,
            "needs_words": bool,
        }
        return pd.DataFrame(rows, columns=columns).astype(types)

    def _claims(self, symbol: str) -> Iterator[tuple[str, str, float, bool]]:
        ladder = patterns_above(symbol)
        if self._renewals:
            ladder = with_predecessors(ladder, self._since)
        sure, gated = self._candidates(ladder)
        for node, pattern in gated.items():
            yield pattern, node, self._gate_share, True
        if not self._longest:
            for node, pattern in sure.items():
                yield pattern, node, 1.0, False
            return
        best = max(sure.values(), key=len, default="")
        shared = first_of(ladder, self._shares)
        if shared is not None and len(shared) >= len(best):
            for node, share in self._shares[shared].items():
                yield shared, node, share, False
        elif best:
            winners = [node for node, pattern in sure.items() if pattern == best]
            for node in winners:
                yield best, node, 1.0 / len(winners), False
        elif (home := first_of(ladder, self._fallback)) is not None:
            yield home, self._fallback[home], 1.0, False

    def _candidates(self, ladder: list[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Node -> longest fitting pattern, for rules on classes alone and for those with words."""
        sure: dict[str, str] = {}
        gated: dict[str, str] = {}
        for pattern in ladder:
            for i in self._including.get(pattern, ()):
                node, rule = self._rules[i]
                if self._excluded[i].isdisjoint(ladder):
                    (gated if rule.needs_words else sure).setdefault(node, pattern)
        for node in sure:
            gated.pop(node, None)
        return sure, gated


class WordMatcher:
    """Finds words of a list in texts, in one pass.

    Chinese words are found anywhere; words in Latin letters at the start of a word, up to a plural
    ending, or with any ending where the word ends in ``*``. Where several words of the list start
    at one place, the longest counts.
    """

    def __init__(self, words: Iterable[str]) -> None:
        distinct = sorted({w.casefold() for w in words}, key=lambda w: (-len(w), w))
        spaced = [w for w in distinct if not _UNSPACED.search(w)]
        self._lone = {w for w in distinct if len(w) == 1}
        self._by_start: dict[str, list[str]] = {}  # unspaced scripts: two characters -> words
        for word in distinct:
            if _UNSPACED.search(word):
                self._by_start.setdefault(word[:2], []).append(word)
        whole = [w for w in spaced if not w.endswith("*")]
        stems = [w.rstrip("*") for w in spaced if w.endswith("*")]
        self._finders = [
            (re.compile(form.format(_alternation(group))), ending)
            for group, form, ending in (
                (whole, f"(?<!{_LETTER})(?=({{}})(?:s|es)?(?!{_LETTER}))", ""),
                (stems, f"(?<!{_LETTER})(?=({{}}))", "*"),
            )
            if group
        ]

    def find(self, text: str) -> set[str]:
        """Words of the list (casefolded) that occur in a text."""
        return self._found([text.casefold()])[0]

    def hits(self, texts: pd.Series) -> pd.DataFrame:
        """Occurrences, each word once per text.

        Parameters
        ----------
        texts
            Texts; a missing one has no words.

        Returns
        -------
        pandas.DataFrame
            ``key`` (index of ``texts``), ``word``; sorted by position and word.
        """
        present = texts.dropna()
        number, distinct = pd.factorize(present)
        lower = [text.casefold() for text in texts_of(distinct)]
        blocks = (lower[i : i + _BLOCK] for i in range(0, len(lower), _BLOCK))
        words = [sorted(found) for block in blocks for found in self._found(block)]
        of_texts = [words[i] for i in number]
        keys = present.index.repeat([len(found) for found in of_texts])
        return pd.DataFrame(
            {"key": keys, "word": pd.Series(list(chain.from_iterable(of_texts)), dtype="str")}
        )

    def _found(self, texts: list[str]) -> list[set[str]]:
        """Words of every casefolded text."""
        found = [
            {m[1] + ending for finder, ending in self._finders for m in finder.finditer(text)}
            for text in texts
        ]
        if self._lone:
            for text, words in zip(texts, found, strict=True):
                if _UNSPACED.search(text):
                    words.update(self._lone.intersection(text))
        whole = _BETWEEN.join(texts)
        places = self._starts(whole)
        ends = np.cumsum([len(text) + 1 for text in texts])
        owners = np.searchsorted(ends, places, side="right")
        for place, owner in zip(places.tolist(), owners.tolist(), strict=True):
            for word in self._by_start[whole[place : place + 2]]:
                if whole.startswith(word, place):
                    found[owner].add(word)
                    break
        return found

    def _starts(self, text: str) -> np.ndarray:
        """Places of a text where two characters stand with which a word begins."""
        starts = [_codes(start) for start in self._by_start if len(start) == 2]
        codes = _codes(text)
        if not starts or len(codes) < 2:
            return np.empty(0, dtype=np.int64)
        firsts = np.zeros(max(int(codes.max()), *(int(s[0]) for s in starts)) + 1, dtype=bool)
        firsts[[int(s[0]) for s in starts]] = True
        places = np.flatnonzero(firsts[codes[:-1]])
        pairs = codes[places] << _SHIFT | codes[places + 1]
        wanted = np.array(sorted(int(s[0]) << _SHIFT | int(s[1]) for s in starts))
        nearest = np.minimum(np.searchsorted(wanted, pairs), len(wanted) - 1)
        return np.asarray(places[wanted[nearest] == pairs])


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)


def _alternation(words: Iterable[str]) -> str:
    """Regular expression of many words as a prefix tree, so that its cost hardly grows with them."""
    tree: dict[str, dict] = {}
    for word in words:
        branch = tree
        for character in word:
            branch = branch.setdefault(character, {})
        branch[""] = {}
    return _branch(tree)


def _branch(tree: dict[str, dict]) -> str:
    arms = [re.escape(c) + _branch(below) for c, below in sorted(tree.items()) if c]
    if not arms:
        return ""
    if "" in tree:
        return f"(?:{'|'.join(arms)})?"
    return arms[0] if len(arms) == 1 else f"(?:{'|'.join(arms)})"
