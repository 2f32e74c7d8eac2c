"""Words of patent texts: cut by script, stop words, stems, codes of a whole set."""

from __future__ import annotations

import functools
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._progress import progress
from patentnav._segments import (
    HAS_HAN,
    HAS_PAIRS,
    HIRAGANA,
    dictionary,
    pairs,
    word_lines,
)
from patentnav._shown import presented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scipy.sparse import csr_matrix


BREAK = -1  # code of a stop word, a mark or a lone character: words do not join across it
STOPPED = ("zh", "en", "latin")
_WORDS = re.compile(r"\w+|[^\w\s\-]")
_SUFFIXES = (("ing", 4), ("ed", 4))


@presented("tokens.lists()", "tokens.counts()")
@dataclass(frozen=True)
class Tokens:
    """Texts as codes of words, in reading order.

    Attributes
    ----------
    codes
        int32, all texts one after the other; ``BREAK`` where a stop word or a mark stood.
    starts
        int64, length n + 1: text ``i`` is ``codes[starts[i]:starts[i + 1]]``.
    vocabulary
        The word of every code, sorted by its stem; of several forms the most usual one.
    overlapping
        True for pairs of characters that are no word of the dictionary: two of them one after the
        other share the character between.
    """

    codes: np.ndarray
    starts: np.ndarray
    vocabulary: np.ndarray
    overlapping: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lists(self) -> list[list[str]]:
        """Words of every text, without breaks."""
        rows = np.split(self.codes, self.starts[1:-1])
        return [list(self.vocabulary[row[row != BREAK]]) for row in rows]

    def counts(self) -> csr_matrix:
        """Number of times that a word occurs in a text: n texts x words, float32."""
        from scipy.sparse import csr_matrix

        rows = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        kept = self.codes != BREAK
        matrix = csr_matrix(
            (np.ones(int(kept.sum()), np.float32), (rows[kept], self.codes[kept])),
            shape=(len(self), len(self.vocabulary)),
        )
        matrix.sum_duplicates()
        return matrix


def stop_words(lang: str) -> frozenset[str]:
    """Stop words of patent texts (``zh``, ``en``, ``latin``): ``data/text/stop-<lang>.txt``.

    ``latin`` holds those of further languages of Europe, which stray into English sets.

    Returns
    -------
    frozenset of str

    Raises
    ------
    UnknownNameError
        There is no list for that language.
    """
    return frozenset(word for line in word_lines(f"stop-{lang}") for word in line.split())


def generic_words(lang: str) -> frozenset[str]:
    """Words too general to name a technology alone: ``data/text/generic-<lang>.txt``.

    Returns
    -------
    frozenset of str

    Raises
    ------
    UnknownNameError
        There is no list for that language.
    """
    return frozenset(word for line in word_lines(f"generic-{lang}") for word in line.split())


def binding_words(lang: str) -> frozenset[str]:
    """Words that tell how a thing is, not what it is: ``data/text/binding-<lang>.txt``.

    Returns
    -------
    frozenset of str

    Raises
    ------
    UnknownNameError
        There is no list for that language.
    """
    return frozenset(word for line in word_lines(f"binding-{lang}") for word in line.split())


@functools.lru_cache(maxsize=4)
def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern of several, small and capital letters alike."""
    return re.compile("|".join(patterns), re.IGNORECASE)


def stem(word: str) -> str:
    """Common stem of the inflected forms of an English word, in lower case.

    Returns
    -------
    str

    Examples
    --------
    >>> [stem(w) for w in ("Batteries", "charging", "charged", "charge", "LEDs")]
    ['battery', 'charg', 'charg', 'charg', 'led']
    """
    word = word.lower()
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "ches", "shes", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix, left in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= left:
            word = word.removesuffix(suffix)
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def tagger(words: frozenset[str]) -> Callable[[str], list[tuple[str, str]]]:
    """How to cut a Chinese text into words with their classes; pairs without a segmenter."""
    own = dictionary(words)
    if own is None:
        return lambda text: [(pair, "n") for pair in pairs(text)]
    return lambda text: own.tag(text, False)


@functools.lru_cache(maxsize=4)
def _segmenter(
    words: frozenset[str],
) -> tuple[Callable[[str], list[str]], Callable[[str], bool]]:
    """How to cut a Chinese text, and whether a word is in the dictionary."""
    own = dictionary(words)
    if own is None:
        return pairs, words.__contains__
    # Without guessing unknown words (HMM): the same word is cut alike everywhere.
    return lambda text: own.cut(text, False), own.has_word


def _surface(texts: Iterable[str], words: frozenset[str]) -> tuple[array, array, list[str]]:
    """Codes of the words as written, lengths of the texts, and the forms."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    code = known.__getitem__
    codes, lengths = array("i"), array("q")
    cut, _ = _segmenter(words)
    set_phrases = {lang: any_of(word_lines(f"boilerplate-{lang}")) for lang in ("zh", "en")}
    for text in texts:
        clean = unicodedata.normalize("NFKC", text)
        lang = "zh" if HAS_HAN.search(clean) else "en"
        clean = set_phrases[lang].sub(" . ", clean)
        if HAS_PAIRS.search(clean):
            found = pairs(clean)
        elif lang == "zh":
            found = cut(clean)
        else:
            found = _WORDS.findall(clean)
        before = len(codes)
        codes.extend(map(code, found))
        lengths.append(len(codes) - before)
    return codes, lengths, list(known)


def _key(form: str, stops: frozenset[str]) -> str | None:
    """What a form counts as: its stem; None for a stop word, mark, number or lone character."""
    low = form.lower()
    if len(low) < 2 or low in stops or not any(c.isalpha() for c in low):
        return None
    if HIRAGANA.fullmatch(low):
        return None
    if len(low) > 3 and low[-2:] in stops and HAS_HAN.match(low) and low[:-2] not in stops:
        return low[:-2]  # "detection" and "detection method" are one word in Chinese
    return stem(low)


def _join_lone(
    codes: np.ndarray, starts: np.ndarray, forms: list[str], stops: frozenset[str]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Join neighbouring lone Han characters to pairs.

    The dictionary leaves words that it does not know (names, traditional characters) in single
    characters, which mean nothing alone.
    """
    lone_form = np.array([len(f) == 1 and bool(HAS_HAN.match(f)) and f not in stops
                          for f in forms], dtype=bool)  # fmt: skip
    if not lone_form.any():
        return codes, starts, forms
    lone = lone_form[codes]
    last_of_text = np.zeros(len(codes), dtype=bool)
    last_of_text[starts[1:][np.diff(starts) > 0] - 1] = True
    with_next = lone & np.append(lone[1:], False) & ~last_of_text
    after_pair = np.append(False, with_next[:-1]) & ~with_next
    pair = codes[with_next].astype(np.int64) * len(forms) + codes[np.flatnonzero(with_next) + 1]
    distinct, inverse = np.unique(pair, return_inverse=True)
    joined = codes.copy()
    joined[with_next] = (len(forms) + inverse).astype(codes.dtype)
    new = [forms[p // len(forms)] + forms[p % len(forms)] for p in distinct]
    dropped = np.append(0, np.cumsum(after_pair))
    return joined[~after_pair], starts - dropped[starts], forms + new


def _usual_forms(forms: list[str], keys: list[str | None], counts: np.ndarray) -> dict[str, str]:
    """The form to show for every key: small letters unless these are rare (acronyms)."""
    rows = [(key if HAS_HAN.match(key) else form, key, int(n))
            for form, key, n in zip(forms, keys, counts.tolist(), strict=True) if key is not None]  # fmt: skip
    # As a table of texts has it, which knows no final sigma.
    lowered = pd.Series([form for form, _, _ in rows], dtype="str").str.lower().to_list()
    total, small = Counter[str](), Counter[str]()
    for (form, key, n), low in zip(rows, lowered, strict=True):
        total[key] += n
        small[key] += n if form == low else 0
    # Titles in capitals tell nothing about acronyms.
    shouting = 2 * small.total() < total.total()
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (form, key, n), low in zip(rows, lowered, strict=True):
        acronym = not shouting and small[key] < 0.2 * total[key]
        found[key][form if acronym else low] += n
    return {key: min(own, key=lambda form: (-own[form], form)) for key, own in found.items()}


def tokens(
    texts: pd.Series, *, words: Iterable[str] = (), stops: Iterable[str] | None = None
) -> Tokens:
    """Cut texts into words.

    English forms are counted by their stem; stop words of patent texts are breaks. Chinese words of
    one character are breaks too, unless several stand together (a word that the dictionary does not
    know): those become pairs of characters.

    Parameters
    ----------
    texts
        Texts of any language; NA counts as no text.
    words
        The user's own Chinese terms, kept whole.
    stops
        Stop words instead of the package's lists.

    Returns
    -------
    Tokens
        Same result for any order of the rows, row for row.

    Examples
    --------
    >>> tokens(pd.Series(["A method for charging lithium batteries"])).lists()
    [['charging', 'lithium', 'batteries']]
    """
    stop = frozenset().union(*map(stop_words, STOPPED)) if stops is None else frozenset(stops)
    given = texts.fillna("").to_list()
    raw, lengths, forms = _surface(progress(given, "words", total=len(given)), frozenset(words))
    starts = np.concatenate([[0], np.cumsum(np.frombuffer(lengths, dtype=np.int64))]) if lengths \
        else np.zeros(1, dtype=np.int64)  # fmt: skip
    codes = np.frombuffer(raw, dtype=np.int32) if raw else np.empty(0, dtype=np.int32)
    codes, starts, forms = _join_lone(codes, starts.astype(np.int64), forms, stop)
    keys = [_key(form, stop) for form in forms]
    usual = _usual_forms(forms, keys, np.bincount(codes, minlength=len(forms)))
    vocabulary = sorted(usual)
    code_of = {key: code for code, key in enumerate(vocabulary)}
    recode = np.array([BREAK if k is None else code_of[k] for k in keys], dtype=np.int32)
    shown = np.array([usual[key] for key in vocabulary], dtype=object)
    _, in_dictionary = _segmenter(frozenset(words))
    overlapping = np.array(
        [len(w) == 2 and not w.isascii() and not in_dictionary(w) for w in shown], dtype=bool
    )
    return Tokens(recode[codes] if len(codes) else codes, starts, shown, overlapping)
