"""The language of a text: by its script, its words and letters, and the office it comes from.

Titles of patents are short and full of technical words, which every language shares. Detectors of
languages, made for running text, take two of a hundred English titles for another language
("Pizza cutter" for Italian); small words, letters and the office do not.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import _resources
from patentnav.io import transforms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HEAD = 80  # characters of a text that tell its script
_LATIN_HEAD = 240  # and those that tell its language
_LATIN = "en"
_SCRIPTS = (  # a later script outweighs an earlier one
    (_LATIN, "[A-Za-z\u00c0-\u024f]"),
    ("el", "[\u0370-\u03ff]{4}"),
    ("ru", "[\u0400-\u04ff]{3}"),
    ("uk", "[\u0400-\u04ff]{2}.*[\u0404\u0406\u0407\u0490\u0454\u0456\u0457\u0491]"),
    ("he", "[\u0590-\u05ff]{2}"),
    ("ar", "[\u0600-\u06ff]{2}"),
    ("th", "[\u0e00-\u0e7f]{2}"),
    ("zh", "[\u4e00-\u9fff]"),
    ("ja", "[\u3040-\u30ff]"),
    ("ko", "[\uac00-\ud7af]"),
)
# Two of these, in a text of plain letters, are English beyond doubt: most texts of most files.
_ENGLISH = (
    r"(?i)^[\x00-\x7f]*\b(?:the|of|and|for|with|method|device|apparatus)\b"
    r"[\x00-\x7f]*\b(?:the|of|and|for|with|method|device|apparatus)\b"
)
_TOKEN = re.compile(r"[^\W\d_]+'?")
_LETTER = 0.5
_ABROAD = 1.5  # points that a language needs which is not one of the office


def languages(values: pd.Series, offices: pd.Series) -> pd.Series:
    """Language of texts, same index; missing where nothing tells it.

    Parameters
    ----------
    values
        Texts.
    offices
        Office that each text comes from, on the same index; missing where it is not known.
    """
    whole = transforms.to_arrow(values)
    heads = pc.utf8_slice_codeunits(whole, 0, _HEAD)
    choice = np.zeros(len(values), dtype=np.int64)
    for i, (_, pattern) in enumerate(_SCRIPTS, 1):
        hit = pc.fill_null(pc.match_substring_regex(heads, pattern), False)
        choice[hit.to_numpy(zero_copy_only=False)] = i
    names_of = pa.array([None, *(name for name, _ in _SCRIPTS)], pa.large_string())
    found = transforms.to_series(names_of.take(pa.array(choice))).set_axis(values.index)
    codes = [name for name, _ in _SCRIPTS]
    latin = np.flatnonzero(choice == codes.index(_LATIN) + 1)
    _set(found, latin, _of_words(whole, latin, offices))
    chinese = choice == codes.index("zh") + 1
    japan = np.flatnonzero(chinese & offices.eq("JP").fillna(False).to_numpy(dtype=bool))
    _set(found, japan, ["ja" if _may_be_japanese(t) else "zh" for t in values.iloc[japan]])
    return found


def _set(found: pd.Series, where: np.ndarray, tags: Iterable[str | None]) -> None:
    if len(where):
        found.iloc[where] = pd.array(list(tags), dtype="str")


def _may_be_japanese(text: str) -> bool:
    """Whether a text of Chinese characters has only such as are used in Japan."""
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _of_words(whole: pa.Array, latin: np.ndarray, offices: pd.Series) -> list[str | None]:
    heads = pc.utf8_slice_codeunits(whole.take(pa.array(latin)), 0, _LATIN_HEAD)
    english = pc.match_substring_regex(heads, _ENGLISH).to_numpy(zero_copy_only=False)
    tags: list[str | None] = [_LATIN] * len(latin)
    rest = np.flatnonzero(~english.astype(bool))
    homes = offices.iloc[latin[rest]].astype(object)
    texts = heads.take(pa.array(rest)).to_pylist()
    for i, text, office in zip(rest, texts, homes, strict=True):
        tags[i] = of_latin(text, office if isinstance(office, str) else "")
    return tags


@dataclass(frozen=True)
class _Signs:
    """What tells languages: word, letter or ending to the languages that have it."""

    words: Mapping[str, tuple[str, ...]]
    letters: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, tuple[str, ...]]
    offices: Mapping[str, tuple[str, ...]]


@functools.cache
def _signs() -> _Signs:
    entries = _resources.load_toml("text", "languages")

    def by_sign(key: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, entry in entries.items():
            value = entry.get(key, "")
            signs = list(value) if key in {"letters", "offices"} else value.split()
            for sign in signs:
                found[sign] = (*found.get(sign, ()), name)
        return found

    return _Signs(*(by_sign(key) for key in ("words", "letters", "endings", "offices")))


@functools.lru_cache(maxsize=1 << 16)
def of_latin(text: str, office: str = "") -> str | None:
    """Language of a text in Latin letters; None where nothing tells it.

    Examples
    --------
    >>> of_latin("Vorrichtung zum Schneiden"), of_latin("Dispositif de coupe", "FR")
    ('de', 'fr')
    >>> of_latin("Pizza cutter", "IT"), of_latin("Pizza", "US")
    ('en', 'en')
    """
    signs = _signs()
    plain = text.lower().replace("\u2019", "'")
    tokens = _TOKEN.findall(plain)
    points: Counter[str] = Counter()
    for token in tokens:
        known = signs.words.get(token) or signs.words.get(token.rstrip("'"), ())
        points.update(known)
    if not plain.isascii():
        for letter in plain:
            for name in signs.letters.get(letter, ()):
                points[name] += _LETTER  # type: ignore[assignment]
    home = signs.offices.get(office, ())
    if not points:
        for token in tokens:
            points.update(_by_ending(token, home))
    if points:
        best = max(points.values())
        equal = [name for name in points if points[name] == best]
        if best < _ABROAD and not set(equal) & set(home):
            return _LATIN
        return min(equal, key=lambda name: (name != _LATIN, name not in home, equal.index(name)))
    return _LATIN if not home or _LATIN in home else None


def _by_ending(token: str, home: tuple[str, ...]) -> tuple[str, ...]:
    """Languages of the office, and English, in which words end so."""
    endings = _signs().endings
    for start in range(1, len(token)):
        if known := endings.get(token[start:]):
            return tuple(name for name in known if name in home or name == _LATIN)
    return ()
