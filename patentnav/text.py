"""Words of patent texts, Chinese and English: tokens, documents of a set, term weights.

A text is cut by script, so that one set may mix languages: Chinese by dictionary, other alphabets
by word boundary, Japanese and Korean (and Chinese where the segmenter is not installed) into pairs
of neighbouring characters. All work on forms of words is done once per distinct form.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from array import array
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav._guard import guard
from patentnav._progress import progress
from patentnav.errors import ArgumentError, MissingTableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scipy.sparse import csr_matrix

    from patentnav.patentset import PatentSet

__all__ = [
    "Tokens",
    "bm25",
    "detect",
    "documents",
    "generic_words",
    "split_titles",
    "stem",
    "stop_words",
    "tokens",
    "unit_rows",
]

BREAK = -1  # code of a stop word, a mark or a lone character: words do not join across it

BODY_FIELDS = ("abstract", "novelty", "first_claim", "claims")
BODY_LENGTH = 4000  # characters; claims beyond that repeat themselves
STOPPED = ("zh", "en", "latin")
SHORTEST_NAME = 12  # characters: a title that begins with a verb is all name
COVERS = 0.9  # a language that holds this share of the texts of a set stands for the set

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3041-\u30ff\u31f0-\u31ff"
_HANGUL = "\uac00-\ud7af"
_HAS_HAN = re.compile(f"[{_HAN}]")
_HAS_PAIRS = re.compile(f"[{_KANA}{_HANGUL}]")
_WORDS = re.compile(r"\w+|[^\w\s\-]")
_PAIRED_RUNS = re.compile(f"[{_HAN}{_KANA}{_HANGUL}]+|[^\\W{_HAN}{_KANA}{_HANGUL}]+|[^\\w\\s\\-]")
_NUMBER = r"\s*[A-Z]{2}[\s\d/.-]+(?:[A-Z]\d?)?\s*"  # some sources put the number for a lost title
_HIRAGANA = re.compile("[\u3041-\u309f]+")
_SUFFIXES = (("ing", 4), ("ed", 4))


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


# Languages


def detect(texts: pd.Series) -> pd.Series:
    """Language of texts by script: ``zh``, ``ja``, ``ko``; other alphabets are taken as ``en``.

    Parameters
    ----------
    texts
        Texts; NA stays NA.

    Returns
    -------
    pandas.Series
        ISO 639-1 codes with the index of ``texts``.

    Examples
    --------
    >>> detect(pd.Series(["Solid electrolyte", "\u56fa\u6001\u7535\u89e3\u8d28"])).to_list()
    ['en', 'zh']
    """
    kana = texts.str.count(f"[{_KANA}]")
    han = texts.str.count(f"[{_HAN}]")
    hangul = texts.str.count(f"[{_HANGUL}]")
    letters = texts.str.count(r"[^\W\d_]").clip(lower=1)
    shares = [kana / letters > 0.05, hangul / letters > 0.2, han / letters > 0.2]
    codes = pd.Series(np.select(shares, ["ja", "ko", "zh"], "en"), index=texts.index, dtype="str")
    return codes.where(texts.notna())


# Words


@functools.lru_cache(maxsize=8)
def _read_lines(file: str, _mtime: int) -> tuple[str, ...]:
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


def _lines(name: str) -> tuple[str, ...]:
    """Lines of a file of ``data/text`` (the user's own before the package's), without comments."""
    file = _resources.path("text", name, ".txt")
    return _read_lines(str(file), file.stat().st_mtime_ns)


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
    return frozenset(word for line in _lines(f"stop-{lang}") for word in line.split())


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
    return frozenset(word for line in _lines(f"generic-{lang}") for word in line.split())


@functools.lru_cache(maxsize=4)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
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


def _pairs(text: str) -> list[str]:
    """Words, with every run of Han, kana or hangul as pairs of neighbouring characters."""
    found: list[str] = []
    for run in _PAIRED_RUNS.findall(text):
        if _HAS_HAN.match(run) or _HAS_PAIRS.match(run):
            found += [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
        else:
            found.append(run)
    return found


@functools.lru_cache(maxsize=4)
def _segmenter(
    words: frozenset[str],
) -> tuple[Callable[[str], list[str]], Callable[[str], bool]]:
    """How to cut a Chinese text, and whether a word is in the dictionary."""
    try:
        import rjieba
    except ImportError:
        return _pairs, words.__contains__
    dictionary = rjieba.Jieba()
    own = {word for line in _lines("words-zh") for word in line.split()}
    for word in sorted(words | own):
        dictionary.add_word(word, None, None)
    # Without guessing unknown words (HMM): the same word is cut alike everywhere.
    return lambda text: dictionary.cut(text, False), dictionary.has_word


def _surface(texts: Iterable[str], words: frozenset[str]) -> tuple[array, array, list[str]]:
    """Codes of the words as written, lengths of the texts, and the forms."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    code = known.__getitem__
    codes, lengths = array("i"), array("q")
    cut, _ = _segmenter(words)
    set_phrases = {lang: _any_of(_lines(f"boilerplate-{lang}")) for lang in ("zh", "en")}
    for text in texts:
        clean = unicodedata.normalize("NFKC", text)
        lang = "zh" if _HAS_HAN.search(clean) else "en"
        clean = set_phrases[lang].sub(" . ", clean)
        if _HAS_PAIRS.search(clean):
            found = _pairs(clean)
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
    if _HIRAGANA.fullmatch(low):
        return None
    if len(low) > 3 and low[-2:] in stops and _HAS_HAN.match(low) and low[:-2] not in stops:
        return low[:-2]  # "detection" and "detection method" are one word in Chinese
    return stem(low)


def _join_lone(
    codes: np.ndarray, starts: np.ndarray, forms: list[str], stops: frozenset[str]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Join neighbouring lone Han characters to pairs.

    The dictionary leaves words that it does not know (names, traditional characters) in single
    characters, which mean nothing alone.
    """
    lone_form = np.array([len(f) == 1 and bool(_HAS_HAN.match(f)) and f not in stops
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
    table = pd.DataFrame({"form": forms, "key": keys, "count": counts}).dropna(subset=["key"])
    table = table.astype({"form": "str", "key": "str"})  # also where there is no word at all
    han = table["key"].str.match(_HAS_HAN).astype(bool)
    table["form"] = table["form"].where(~han, table["key"])
    table["low"] = table["form"] == table["form"].str.lower()
    total = table.groupby("key")["count"].sum()
    low = table[table["low"]].groupby("key")["count"].sum().reindex(total.index).fillna(0)
    acronym = (low < 0.2 * total).reindex(table["key"]).to_numpy(dtype=bool, copy=True)
    shouting = total.sum() and (table["count"][~table["low"]].sum() > 0.5 * total.sum())
    if shouting:  # titles in capitals tell nothing about acronyms
        acronym[:] = False
    table["form"] = table["form"].where(acronym, table["form"].str.lower())
    table = table.groupby(["key", "form"], sort=True)["count"].sum().reset_index()
    table = table.sort_values(["key", "count", "form"], ascending=[True, False, True])
    table = table.drop_duplicates("key")
    return dict(zip(table["key"], table["form"], strict=True))


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


# Documents of a set


def documents(patents: PatentSet, *, language: str | None = None) -> pd.DataFrame:
    """One document per publication, in one language of the set where that is possible.

    The language that holds the titles and abstracts of at least nine tenths of the set stands for
    it (the configured one of several); a publication without text in it keeps what it has. Where no
    language does, all texts of a publication are joined, so that records that carry both languages
    tie the rest together.

    Parameters
    ----------
    patents
        The set: titles of ``publications`` and ``texts``, abstracts of ``texts``; where a
        publication has no abstract, its novelty statement or claims.
    language
        Prefer this language, whatever its coverage.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id`` in sorted order, every publication of the set: ``title``,
        ``body`` (NA where absent), ``language`` (codes joined by ``+``; NA without text),
        ``set_language``, the language of the set, ``mixed`` where none covers it.

    Raises
    ------
    MissingTableError
        No publication has a title or an abstract.
    """
    rows = _texts(patents)
    if not len(rows):
        msg = (
            "No publication has a title or an abstract, so there is nothing to read. Export the "
            "title and abstract columns, or join them with from_tables."
        )
        raise MissingTableError(msg)
    main = language or _main_language(rows)
    if language and not (rows["language"] == language).any():
        known = ", ".join(sorted(rows["language"].unique()))
        msg = f'No text of the set is in language="{language}". It has: {known}.'
        raise ArgumentError(msg)
    if main is not None:
        here = rows["language"] == main
        without = ~rows["publication_id"].isin(rows.loc[here, "publication_id"])
        rows = rows[here | without]
    index = patents.publications.index.sort_values()
    result = pd.DataFrame(index=index)
    for kind in ("title", "body"):
        result[kind] = _joined(rows[rows["kind"] == kind], "text", " . ").reindex(index)
    languages = rows.drop_duplicates(["publication_id", "language"])
    result["language"] = _joined(languages, "language", "+").reindex(index)
    result["set_language"] = pd.Series(main or "mixed", index=index, dtype="str")
    return result


def _texts(patents: PatentSet) -> pd.DataFrame:
    """Rows ``publication_id, kind, language, text``; one per publication, kind and language."""
    publications = patents.publications
    parts = [
        pd.DataFrame({"publication_id": publications.index, "field": "title",
                      "language": publications["language"].to_numpy(),
                      "text": publications["title"].to_numpy()})
    ]  # fmt: skip
    if patents.has("texts"):
        texts = patents.texts
        wanted = texts["field"].isin(["title", *BODY_FIELDS])
        parts.insert(0, texts.loc[wanted, ["publication_id", "field", "language", "text"]])
    rows = pd.concat(parts, ignore_index=True)
    rows["text"] = rows["text"].astype("str").str.slice(0, BODY_LENGTH)
    rows = rows[rows["text"].notna() & (rows["text"].str.strip() != "")]
    rows = rows[~rows["text"].str.fullmatch(_NUMBER)]
    unknown = rows["language"].isna()
    if unknown.any():
        rows["language"] = rows["language"].astype("str").where(~unknown, detect(rows["text"]))
    rank = {field: i for i, field in enumerate(("title", *BODY_FIELDS))}
    rows["rank"] = rows["field"].map(rank)
    rows["kind"] = np.where(rows["field"] == "title", "title", "body")
    rows = rows.sort_values(["publication_id", "language", "kind", "rank", "text"])
    return rows.drop_duplicates(["publication_id", "language", "kind"])


def _main_language(rows: pd.DataFrame) -> str | None:
    from patentnav.config import get_config

    total = len(rows.drop_duplicates(["publication_id", "kind"]))
    cover = rows.groupby("language").size() / total
    covering = cover[cover >= COVERS]
    if get_config().lang in covering.index:
        return get_config().lang
    if not len(covering):
        return None
    return str(covering.sort_values(ascending=False, kind="stable").index[0])


def _joined(rows: pd.DataFrame, column: str, by: str) -> pd.Series:
    values: pd.Series = rows.set_index("publication_id")[column]
    again = values.index.duplicated(keep=False)
    if not again.any():
        return values
    joined: pd.Series = values[again].groupby(level=0).agg(by.join).astype("str")
    both: pd.Series = pd.concat([values[~again], joined])
    return both


def split_titles(titles: pd.Series) -> tuple[pd.Series, pd.Series]:
    """What a title names, and what it tells of it.

    A long title such as those of Derwent ("Recovery of copper from cables, involves crushing ...")
    ends its name at a verb of ``data/text/title-ends-en.txt``; any other title is a name.

    Parameters
    ----------
    titles
        Titles; NA stays NA.

    Returns
    -------
    tuple of pandas.Series
        Names, and the rest of the titles, empty where nothing follows.

    Examples
    --------
    >>> name, rest = split_titles(pd.Series(["Display device having a lens array"]))
    >>> name[0], rest[0]
    ('Display device', 'having a lens array')
    """
    ends = "|".join(_lines("title-ends-en"))
    parts = titles.str.extract(rf"(?is)^(.{{{SHORTEST_NAME},}}?)(?:[,;]?\s+((?:{ends}).*))?$")
    return parts[0].where(parts[0].notna(), titles), parts[1].where(
        titles.isna(), parts[1].fillna("")
    )


# Weights


def bm25(
    counts: csr_matrix,
    *,
    power: float = 1.0,
    factors: np.ndarray | None = None,
    k1: float = 1.2,
    b: float = 0.75,
) -> csr_matrix:
    """BM25 weights of a term matrix, rows of unit length.

    ``tf (k1 + 1) / (tf + k1 (1 - b + b L / mean L)) * idf^power`` with
    ``idf = log(1 + (N - df + 0.5) / (df + 0.5))``.

    Parameters
    ----------
    counts
        Texts x terms, counts.
    power
        Exponent of the idf; above one favours rare terms.
    factors
        Further factor of every term.
    k1, b
        Saturation of repeats and correction for length.

    Returns
    -------
    scipy.sparse.csr_matrix
        float32; rows without terms stay empty.

    References
    ----------
    Robertson, Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond,
    doi:10.1561/1500000019.
    """
    n = counts.shape[0]
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log1p((n - df + 0.5) / (df + 0.5)) ** power
    if factors is not None:
        idf = idf * factors
    length = np.asarray(counts.sum(axis=1)).ravel()
    relative = length / max(float(length.mean()), 1e-12)
    saturation = np.repeat(k1 * (1 - b + b * relative), np.diff(counts.indptr))
    tf = counts.data
    weighted = counts.copy()
    weighted.data = (tf * (k1 + 1) / (tf + saturation) * idf[counts.indices]).astype(np.float32)
    return unit_rows(weighted)


def unit_rows(matrix: csr_matrix) -> csr_matrix:
    """Scale the rows of a sparse matrix to unit length; empty rows stay empty."""
    scaled = matrix.copy()
    squares = np.add.reduceat(
        np.append(scaled.data.astype(np.float64) ** 2, 0.0), scaled.indptr[:-1]
    ) if scaled.shape[0] else np.empty(0)  # fmt: skip
    norm = np.sqrt(np.where(np.diff(scaled.indptr) > 0, squares, 0.0))
    norm[norm == 0] = 1.0
    scaled.data = (scaled.data / np.repeat(norm, np.diff(scaled.indptr))).astype(np.float32)
    return scaled


guard(__name__)
