"""Names of inventors in one spelling; entries that name no person."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from patentnav import _resources
from patentnav.clean import chinese

if TYPE_CHECKING:
    import pandas as pd

_TAIL = re.compile(r"(?:\s*\((?:[A-Z]{2}|[^()]*)\)|\s*\[[A-Z]{2}\])+$|\s+et al\.?$", re.IGNORECASE)


@functools.cache
def _placeholders() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in _resources.load_csv("names", "placeholder-inventors"):
        found.setdefault(row["match"], []).append(row["text"])
    return {match: tuple(texts) for match, texts in found.items()}


def person_names(raw: pd.Series) -> pd.Series:
    """Names of people in one spelling.

    Parameters
    ----------
    raw
        Entries of the inventor field.

    Returns
    -------
    pandas.Series
        Same index, dtype str; missing where the entry withholds the name, is empty of a name or
        names an organisation (``data/names/placeholder-inventors.csv``).
    """
    known = {entry: person_name(entry) for entry in raw.dropna().unique()}
    return raw.map(known).astype("str")


def person_name(entry: str) -> str | None:
    """One spelling of a person's name, None where the entry names no person."""
    text = " ".join(unicodedata.normalize("NFKC", entry).split()).strip(" ,;\u3001\u3002")
    if is_placeholder(text):
        return None
    text = _TAIL.sub("", text).strip(" ,;")
    if chinese.has_cjk(text):
        text = re.sub(r"\s+", "", text) if not re.search(r"[A-Za-z]", text) else text
        text = re.sub(r"[\u2022\u2027\u30fb.]", "\u00b7", text)
    return text or None


def is_placeholder(entry: str) -> bool:
    """Tell whether an entry of the inventor field names no person."""
    text = unicodedata.normalize("NFKC", entry).strip().upper()
    rules = _placeholders()
    return (
        not text
        or text in rules["whole"]
        or text.isdigit()
        or any(held in text for held in rules["holds"])
        or text.startswith(rules["starts"])
        or text.endswith(rules["ends"])
    )


def keys(names: pd.Series) -> pd.Series:
    """Key under which the spellings of one name fall together (str, same index)."""
    known = {name: key(name) for name in names.dropna().unique()}
    return names.map(known).astype("str")


def key(name: str) -> str:
    """Lower case without accents, dots and blanks; ``Last, First`` and ``First Last`` differ."""
    text = unicodedata.normalize("NFKD", name).lower()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[\s.\-']+", " " if not chinese.has_cjk(text) else "", text).strip()
