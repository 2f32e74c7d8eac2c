"""Noun phrases of titles, complete with the noun that they end in."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patentnav._segments import HAS_HAN, HAS_PAIRS, word_lines
from patentnav._shown import presented
from patentnav.text.words import STOPPED, any_of, generic_words, stop_words, tagger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from scipy.sparse import csr_matrix

LONGEST = 5  # words of a phrase
FEWEST = 3  # titles that hold it
MOST_CHARACTERS = 12  # of a Chinese phrase
ENDS = 0.35  # share of its occurrences that end a run of words
GOES_ON = 0.6  # a phrase that one word follows in more of its occurrences is half of a longer one,
CARRIES_ON = 0.75  # and so is one that one word precedes
JOINERS = (
    "and",
    "of",
    "to",
)  # words inside of what else breaks in two ("light detection and ranging")
BREAK = -1
PLURAL = 0.8  # share of its occurrences in which a word shown in the plural, or in capitals, has it
ACRONYM = 5  # letters at most
FOREIGN = 0.5  # share of the texts with accented letters, below which words of such name nothing
_ACCENTED = re.compile("[\u00c0-\u024f]")  # Latin letters beyond English
_LATIN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[^\w\s]")
_HEADS = (
    "n",
    "v",
    "l",
    "j",
    "i",
    "e",
    "x",
    "s",
    "t",
    "g",
)  # classes that a Chinese name may end in
_NO_HEADS = ("vd", "ad")
_ADVERBS = ("ally", "antly", "ately", "edly", "ently", "ively", "ously")
_ADJECTIVES = ("al", "ic", "ive", "ous", "able", "ible", "ary", "less")
_JOINER = "cc"  # class of a word that joins
_NO_STARTS = ("u", "y", "k", "p", "c", "q", "m", "r")


@presented()
@dataclass(frozen=True)
class NounPhrases:
    """Noun phrases and the texts that hold them.

    Attributes
    ----------
    presence
        Texts x phrases, 0/1.
    texts
        The phrases as they are shown.
    lengths
        Words of every phrase.
    broad
        True for single words that name nothing alone ("display") or are half of other phrases
        ("battery" of "battery pack" and "battery cell"): what is said of a group that has no phrase.
    rarest
        Texts that hold the rarest word of every phrase: a phrase of frequent words ("lithium ion
        battery", among batteries) tells no more than these.
    """

    presence: csr_matrix
    texts: list[str]
    lengths: np.ndarray
    broad: np.ndarray
    rarest: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)


@functools.lru_cache(maxsize=8)
def _list(name: str) -> frozenset[str]:
    return frozenset(word for line in word_lines(name) for word in line.split())


def noun_phrases(titles: pd.Series, *, words: Iterable[str] = ()) -> NounPhrases:
    """Phrases of one to five words that may stand as a heading.

    A run of words ends at marks, prepositions, conjunctions and the words of
    ``data/text/name-breaks-*.txt``; the words of ``name-tails-*.txt`` are cut from its end. A
    phrase lies in a run, in three titles at least, ends a run in a third of its occurrences, and is
    no half of one longer phrase. In Chinese it ends in a noun or in a verb used as one, in English
    in no adjective ("musical instrument" keeps its tail). Words that are no such phrase alone are
    marked as ``broad``.

    Parameters
    ----------
    titles
        Texts; NA holds none.
    words
        The user's own Chinese terms, kept whole.

    Returns
    -------
    NounPhrases
        Row for row those of ``titles``.
    """
    from scipy.sparse import csr_matrix

    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    codes: list[int] = []
    rows: list[int] = []
    classes: dict[int, str] = {}
    joins = _joins(titles)
    ways = {lang: _Way.of(lang, frozenset(words), joins) for lang in ("zh", "en")}
    for row, text in enumerate(titles.fillna("").to_list()):
        for word, kind, raw in _runs(text, ways):
            codes.append(known[word] if word else BREAK)
            rows.append(row)
            if word:
                forms[word][raw] += 1
                classes[codes[-1]] = min(classes.get(codes[-1], kind), kind)
        codes.append(BREAK)
        rows.append(row)
    vocabulary = np.array(list(known), dtype=object)
    kinds = [classes[i] for i in range(len(vocabulary))]
    may_end = np.array([_may_end(w, k) for w, k in zip(vocabulary, kinds, strict=True)])
    may_start = np.array([not k.startswith(_NO_STARTS) for k in kinds])
    parts = []
    if known:
        shown = _usual(vocabulary, forms)
        parts = _grown(np.array(codes), np.array(rows), shown, may_start, may_end)
    if not parts:
        empty = csr_matrix((len(titles), 0), dtype=np.float32)
        none = np.empty(0, dtype=np.int64)
        return NounPhrases(empty, [], none, none.astype(bool), none)
    texts, lengths = [p for part in parts for p in part[0]], [part[1] for part in parts]
    column, offset = [], 0
    for part in parts:
        column.append(part[3] + offset)
        offset += len(part[0])
    matrix = csr_matrix(
        (
            np.ones(sum(map(len, column)), np.float32),
            (np.concatenate([part[2] for part in parts]), np.concatenate(column)),
        ),
        shape=(len(titles), offset),
    )
    matrix.data[:] = 1.0
    sizes = [len(part[0]) for part in parts]
    broad = np.concatenate([part[4] for part in parts])
    rarest = np.concatenate([part[5] for part in parts])
    return NounPhrases(matrix, texts, np.repeat(lengths, sizes), broad, rarest)


def _joins(titles: pd.Series) -> frozenset[tuple[str, str, str]]:
    """Two English words and what joins them, where one hardly ever stands without the other.

    "Ranging" follows "detection and" nearly always, "arrival" follows something "of": cut at these
    words, "light detection" and "arrival" would be halves.
    """
    total: Counter[str] = Counter()
    found: Counter[tuple[str, str, str]] = Counter()
    closed = _list("name-tails-en") | _list("name-breaks-en") | stop_words("latin")
    for text in titles.dropna():
        if HAS_HAN.search(text):
            continue
        words = [_singular(w.lower()) for w in _LATIN.findall(unicodedata.normalize("NFKC", text))]
        total.update(words)
        for first, joiner, second in zip(words, words[1:], words[2:], strict=False):
            if joiner in JOINERS and not {first, second} & closed and first[0].isalpha():
                found[first, joiner, second] += 1
    of: Counter[str] = Counter()
    for (_, joiner, second), n in found.items():
        of[second] += n * (joiner == "of")
    return frozenset(
        pair for pair, n in found.items()
        if (n >= FEWEST and n >= CARRIES_ON * min(total[pair[0]], total[pair[2]]))
        or (pair[1] == "of" and of[pair[2]] >= max(CARRIES_ON * total[pair[2]], FEWEST))
    )  # fmt: skip


@dataclass(frozen=True)
class _Way:
    """How titles of a language are read."""

    set_phrases: re.Pattern[str]
    tails: frozenset[str]
    breaks: frozenset[str]
    words: frozenset[str] | None  # of the user; None where blanks part the words
    joins: frozenset[tuple[str, str, str]] = frozenset()

    @classmethod
    def of(
        cls,
        lang: str,
        words: frozenset[str],
        joins: frozenset[tuple[str, str, str]] = frozenset(),
    ) -> _Way:
        tails, breaks = _list(f"name-tails-{lang}"), _list(f"name-breaks-{lang}")
        if lang == "en":
            breaks |= stop_words("latin")
        own = words if lang == "zh" else None
        return cls(any_of(word_lines(f"boilerplate-{lang}")), tails, breaks, own, joins)

    def cut(self, title: str) -> Iterable[tuple[str, str]]:
        """Words of a title and their classes."""
        clean = self.set_phrases.sub(" . ", title)
        if self.words is None:
            raws = _LATIN.findall(clean)
            lows = ["", *(_singular(w.lower()) for w in raws), ""]
            inside = [own in self.joins for own in zip(lows, lows[1:], lows[2:], strict=False)]
            return ((w, _JOINER if join else "n") for w, join in zip(raws, inside, strict=True))
        return _pieces(tagger(self.words)(clean), self.tails)


def _runs(text: str, ways: dict[str, _Way]) -> Iterator[tuple[str, str, str]]:
    """Words of a title with their class and as written; an empty word where a run ends."""
    clean = unicodedata.normalize("NFKC", text)
    if HAS_PAIRS.search(clean):
        return
    lang = "zh" if HAS_HAN.search(clean) else "en"
    way = ways[lang]
    tails, breaks = way.tails, way.breaks
    run: list[tuple[str, str, str]] = []
    for raw, kind in (*way.cut(clean), ("", "")):
        word = raw if lang == "zh" else _singular(raw.lower())
        low = word.lower()
        is_word = bool(word) and word[0].isalnum() and not word.isnumeric()
        if (
            is_word
            and (low not in breaks or kind == _JOINER)
            and not (lang == "zh" and kind[:1] in "pcu")
        ):
            run.append((low, kind, raw))
            continue
        while run and run[-1][0] in tails and not (len(run) > 1 and _is_adjective(run[-2][0])):
            run.pop()
        yield from run
        yield "", "", ""
        run = []


def _usual(vocabulary: np.ndarray, forms: dict[str, Counter[str]]) -> np.ndarray:
    """How every word is shown: in the number it mostly has, in capitals where it is an acronym."""
    total = sum(own.total() for own in forms.values())
    shouted = sum(n for own in forms.values() for raw, n in own.items() if raw != raw.lower())
    shown = []
    for word in vocabulary:
        own, low = forms[word], Counter[str]()
        for raw, n in own.items():
            low[raw.lower()] += n
        plural = [f for f in low if f != word and low[f] >= PLURAL * own.total()]
        form = plural[0] if plural else word
        capital = sum(n for raw, n in own.items() if raw.isupper() or raw[:-1].isupper())
        if len(word) <= ACRONYM and 2 * shouted < total and capital >= PLURAL * own.total():
            form = form.upper() if form == word else word.upper() + form[len(word) :]
        shown.append(form)
    return np.array(shown, dtype=object)


def _pieces(found: Iterable[tuple[str, str]], tails: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Words of the dictionary that end in a tail ("control system") in two."""
    for word, kind in found:
        if len(word) > 3 and word[-2:] in tails and word not in tails:
            yield word[:-2], "v"
            yield word[-2:], kind
        else:
            yield word, kind


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _is_adjective(word: str) -> bool:
    """Whether an English word most likely needs a noun after it."""
    adjective = len(word) > 5 and word.endswith(_ADJECTIVES)
    return word.isascii() and adjective and word not in _list("name-nouns-en")


def _may_end(word: str, kind: str) -> bool:
    if word.isascii():
        participle = word.endswith("ed") and not word.endswith("eed") and len(word) > 5
        adverb = word.endswith(_ADVERBS) and len(word) > 6
        known = not (participle or adverb or word in _list("binding-en") or _is_adjective(word))
        known &= kind != _JOINER
        return len(word) > 1 and any(c.isalpha() for c in word) and known
    return (
        kind.startswith(_HEADS)
        and not kind.startswith(_NO_HEADS)
        and word not in _list("binding-zh")
    )


def _alone() -> frozenset[str]:
    lists = (*map(generic_words, ("zh", "en")), *map(stop_words, STOPPED))
    kinds = ("binding", "name-tails", "name-alone")
    lists += tuple(_list(f"{kind}-{lang}") for kind in kinds for lang in ("zh", "en"))
    return frozenset().union(*lists)


def _never() -> frozenset[str]:
    """Words that tell nothing of a group even with "technology" after them."""
    lists = tuple(
        _list(f"{kind}-{lang}")
        for kind in ("binding", "name-tails", "name-empty")
        for lang in ("zh", "en")
    )
    return frozenset().union(*lists, *map(stop_words, STOPPED))


Part = tuple[list[str], int, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _grown(
    codes: np.ndarray,
    rows: np.ndarray,
    vocabulary: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
) -> list[Part]:
    """Phrases of every length: their texts, words, pairs of row and place, and rarest words."""
    base = len(vocabulary) + 1
    following = np.append(codes[1:], BREAK)
    before = np.append(BREAK, codes[:-1])
    place = np.flatnonzero(codes != BREAK)
    key = codes[place].astype(np.int64)
    alone, never = _alone(), _never()
    in_rows = np.unique(np.column_stack([codes[place], rows[place]]), axis=0)[:, 0]
    frequency = np.bincount(in_rows, minlength=len(vocabulary))
    foreign = np.array([bool(_ACCENTED.search(str(word))) for word in vocabulary])
    foreign &= len(np.unique(rows[place[foreign[codes[place]]]])) < FOREIGN * len(np.unique(rows))
    parts: list[Part] = []
    for length in range(1, LONGEST + 1):
        distinct, inverse = np.unique(key, return_inverse=True)
        pairs = np.unique(np.column_stack([inverse, rows[place]]), axis=0)
        often = np.bincount(pairs[:, 0], minlength=len(distinct)) >= FEWEST
        kept = often[inverse]
        place, inverse = place[kept], inverse[kept]
        if not len(place):
            break
        number = np.unique(inverse, return_inverse=True)[1]
        first = np.full(int(number.max()) + 1, len(codes))
        np.minimum.at(first, number, place)
        last = place + length - 1
        total = np.bincount(number)
        ended = np.bincount(number, following[last] == BREAK) / total
        good = ended >= ENDS
        good &= _most(number, following[last]) <= GOES_ON * total
        good &= _most(number, before[place]) <= CARRIES_ON * total
        good &= ends[codes[first + length - 1]] & starts[codes[first]]
        good &= ~foreign[codes[first[:, None] + np.arange(length)]].any(axis=1)
        texts = [_shown(vocabulary[codes[i : i + length]]) for i in first]
        good &= np.array([_fits(t) and not (length == 1 and t in alone) for t in texts])
        told = good.copy()
        if length == 1:
            may = ends[codes[first]] & ~foreign[codes[first]]
            told |= np.array([_fits(t) and t not in never for t in texts]) & may
        new = np.cumsum(told) - 1
        chosen = np.flatnonzero(told[number])
        held = np.unique(np.column_stack([rows[place[chosen]], new[number[chosen]]]), axis=0)
        listed = [t for t, g in zip(texts, told, strict=True) if g]
        rarest = frequency[codes[first[:, None] + np.arange(length)]].min(axis=1)
        parts.append((listed, length, held[:, 0], held[:, 1], ~good[told], rarest[told]))
        open_ended = following[last] != BREAK
        place, number, last = place[open_ended], number[open_ended], last[open_ended]
        key = number.astype(np.int64) * base + following[last]
    return parts


def _most(number: np.ndarray, neighbour: np.ndarray) -> np.ndarray:
    """How often the most frequent neighbouring word of every phrase stands beside it."""
    inside = neighbour != BREAK
    result = np.zeros(int(number.max()) + 1)
    pairs, count = np.unique(
        np.column_stack([number[inside], neighbour[inside]]), axis=0, return_counts=True
    )
    if len(pairs):
        np.maximum.at(result, pairs[:, 0], count)
    return result


def _shown(words: np.ndarray) -> str:
    text = ""
    for word in words:
        text += (" " if text and text[-1].isascii() and word[0].isascii() else "") + word
    return text


def _fits(text: str) -> bool:
    return text.isascii() or 2 <= len(text) <= MOST_CHARACTERS
