"""Words of vendors and what they mean here: the files of ``data/vocabularies``."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from patentnav import _resources

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@functools.cache
def vocabulary(name: str) -> Mapping[str, str]:
    """A vendor vocabulary of ``data/vocabularies``: text as vendors write it to canonical value."""
    rows = _resources.load_csv("vocabularies", name)
    return {_plain(row["text"]): row["value"].strip() for row in rows}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def from_vocabulary(cells: pd.Series, name: str) -> pd.Series:
    """Canonical values of a vocabulary; missing where it does not know the text."""
    words = vocabulary(name)
    known = {text: words.get(_plain(text)) for text in cells.dropna().unique()}
    return cells.map(known).astype("str")


def by_words(cells: pd.Series, name: str) -> pd.Series:
    """Canonical values by the first pattern of a vocabulary that is found; missing where none is."""
    rules = [(re.compile(pattern, re.IGNORECASE), value) for pattern, value in _rules(name)]
    known = {
        text: next((value for rule, value in rules if rule.search(_plain(text))), None) or None
        for text in cells.dropna().unique()
    }
    return cells.map(known).astype("str")


@functools.cache
def _rules(name: str) -> tuple[tuple[str, str], ...]:
    rows = _resources.load_csv("vocabularies", name)
    return tuple((row["pattern"], row["value"].strip()) for row in rows)
