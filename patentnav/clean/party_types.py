"""Type of a party by its name; the ordered rules are data (``data/names/party-types.toml``)."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from patentnav import _resources
from patentnav.clean import chinese

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_WORD = re.compile(r"[A-Z0-9&']+")


@functools.cache
def _rules(script: str) -> tuple[Mapping[str, Any], ...]:
    rules = _resources.load_toml("names", "party-types")["rules"]
    return tuple(
        {**rule, **{k: tuple(rule.get(k, ())) for k in ("ends", "holds", "not", "words")}}
        for rule in rules
        if rule["script"] == script
    )


@functools.cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    tables = _resources.load_toml("names", "surnames-zh")
    return frozenset(tables["single"].split()), frozenset(tables["double"].split())


def party_types(names: pd.Series) -> pd.Series:
    """Type of every name.

    Parameters
    ----------
    names
        Names as given.

    Returns
    -------
    pandas.Series
        ``enterprise``, ``university``, ``research_institute``, ``hospital``, ``government``,
        ``individual``; missing where the name does not tell. Same index, dtype str.

    Examples
    --------
    >>> import pandas as pd
    >>> party_types(pd.Series(["Siemens AG", "University of Iowa", "GB 12"])).tolist()
    ['enterprise', 'university', nan]
    """
    known = {name: party_type(name) for name in names.dropna().unique()}
    return names.map(known).astype("str")


def party_type(name: str) -> str | None:
    """Type of one name, None where it does not tell."""
    if chinese.has_cjk(name):
        return _type_zh(chinese.one_spelling(name))
    return _type_latin(name)


def _type_zh(name: str) -> str | None:
    bare = re.sub(r"\([^()]*\)", "", name) or name
    if _is_person_zh(name):
        return "individual"
    for rule in _rules("zh"):
        if any(word in bare for word in rule["not"]):
            continue
        if bare.endswith(rule["ends"]) or any(word in bare for word in rule["holds"]):
            return str(rule["type"])
    return "individual" if _is_transliteration(bare) else None


def _is_person_zh(name: str) -> bool:
    single, double = _surnames()
    if not all("\u3400" <= char <= "\u9fff" for char in name):
        return False
    if len(name) in {2, 3}:
        return name[0] in single or name[:2] in double
    return len(name) == 4 and name[:2] in double


def _is_transliteration(name: str) -> bool:
    # A foreigner's name: parts joined by a dot, initials, no word of an organisation.
    return bool(re.search(r"[\u00b7\u30fb\u2022\u2027.]", name)) and len(name) >= 4


def _words(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.upper())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"\b([A-Z])\.(?=[A-Z]\b)", r"\1", text)
    return f" {' '.join(_WORD.findall(text.replace('.', '')))} "


def _holds_word(text: str, words: tuple[str, ...]) -> bool:
    return any(f" {word} " in text for word in words)


def _type_latin(name: str) -> str | None:
    text = _words(name)
    if not text.strip():
        return None
    rules = _rules("latin")
    fitting = [
        rule
        for rule in rules
        if _holds_word(text, rule["words"]) and not _holds_word(text, rule["not"])
    ]
    if fitting:
        yields_to = set(fitting[0].get("before", ()))
        other = [rule for rule in fitting[1:] if rule["type"] in yields_to]
        return str((other or fitting)[0]["type"])
    words = text.split()
    looks_like_person = 2 <= len(words) <= 4 and not re.search(r"\d|&", text)
    return "individual" if looks_like_person and ("," in name or len(words) <= 3) else None
