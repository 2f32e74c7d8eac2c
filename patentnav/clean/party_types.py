"""Type of a party by its name; the ordered rules are data (``data/names/party-types.toml``)."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources
from patentnav.clean import chinese

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD = re.compile(r"[A-Z0-9&'\u0400-\u04ff]+")
_TOWN = re.compile(r"(?:,[A-Z][A-Za-z .]+,[A-Z]{2}|(?<= )([^ ,]+),[A-Z][a-z]+)$")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}")
_LISTS = ("ends", "holds", "not", "words", "word_ends", "wholes", "heads")
_LINKS = (
    "OF",
    "FOR",
    "TO",
    "AND",
    "ON",
    "IN",
    "DE",
    "DES",
    "DU",
    "POUR",
    "DELLA",
    "PER",
)  # behind a head
_INITIALS = re.compile(r"\b[A-Z](?: [A-Z])+\b")
_MOST_WORDS = 5  # of a person's name, without particles
# Family name and given name with blanks between, of a person in Japan, China or Korea.
_SPACED = re.compile(
    r"[\u3400-\u9fff]{1,3}\s+[\u3040-\u30ff\u3400-\u9fff]{1,4}|[\uac00-\ud7af]\s+[\uac00-\ud7af]{1,2}"
)


@functools.cache
def _rules(script: str) -> tuple[Mapping[str, Any], ...]:
    rules = _resources.load_toml("names", "party-types")["rules"]
    return tuple(
        {**rule, **{key: tuple(rule.get(key, ())) for key in _LISTS}}
        for rule in rules
        if rule["script"] == script
    )


@functools.cache
def _surnames(kind: str) -> frozenset[str]:
    return frozenset(_resources.load_toml("names", "surnames-zh")[kind].split())


@functools.cache
def _person_words(kind: str) -> frozenset[str]:
    return frozenset(_resources.load_toml("names", "party-types")["latin_person"][kind])


@functools.cache
def _person_ends() -> tuple[str, ...]:
    return tuple(_person_words("slavic_ends"))


def party_types(names: pd.Series) -> pd.Series:
    """Type of every name.

    Parameters
    ----------
    names
        Names as given.

    Returns
    -------
    pandas.Series
        ``enterprise``, ``university``, ``research_institute``, ``hospital``, ``government``
        (public bodies, and societies and foundations that are none of the others, as the office's
        statistics count them), ``individual``; missing where the name does not tell. Same index,
        dtype str.

    Examples
    --------
    >>> import pandas as pd
    >>> party_types(pd.Series(["Siemens AG", "University of Iowa", "GB 12"])).tolist()
    ['enterprise', 'university', nan]
    """
    known = {name: party_type(name) for name in names.dropna().unique()}
    return names.map(known).astype("str")


def types_of_parties(types: pd.Series, party: pd.Series, weight: pd.Series) -> pd.Series:
    """One type for all names of a party.

    Parameters
    ----------
    types, party, weight
        Type, party and number of mentions of every name.

    Returns
    -------
    pandas.Series
        The type of most mentions, ties by its word; a person's only where no name says an
        organisation: many words without a legal form look like somebody's name.
    """
    table = pd.DataFrame({"type": types, "party": party, "weight": weight}).dropna()
    counts = table.groupby(["party", "type"])["weight"].sum().reset_index()
    counts["person"] = counts["type"] == "individual"
    order = ["party", "person", "weight", "type"]
    best = counts.sort_values(order, ascending=[True, True, False, True]).drop_duplicates("party")
    return party.map(best.set_index("party")["type"]).astype("str")


def party_type(name: str) -> str | None:
    """Type of one name, None where it does not tell."""
    if chinese.has_cjk(name):
        return _type_zh(name)
    return _type_latin(name)


def could_be_person(name: str) -> bool:
    """Whether a name has the shape of somebody's, whatever its words are: a few words or characters."""
    if chinese.has_cjk(name):
        return len(name) <= _MOST_WORDS or _is_transliteration(name)
    return _is_person_latin(_words(name).split())


def called_like_a_town(name: str) -> bool:
    """Whether a Latin name is one word and behind it a Chinese town or province: Zhao Jiangsu.

    A firm has its town in front, or more words.
    """
    words = _words(name).split()
    towns = _resources.load_toml("names", "organisations-latin")["chinese_places"]
    return len(words) == 2 and words[1] in towns and words[0] not in towns and not party_type(words[0])  # fmt: skip


def _type_zh(name: str) -> str | None:
    clean = chinese.one_spelling(name)
    bare = re.sub(r"\([^()]*\)", "", clean) or clean
    if _is_person_zh(clean):
        return "individual"
    for rule in _rules("zh"):
        if any(word in bare for word in rule["not"]):
            continue
        if bare.endswith(rule["ends"]) or any(word in clean for word in rule["holds"]):
            return str(rule["type"])
    if _is_transliteration(bare) or _SPACED.fullmatch(name.strip()):
        return "individual"
    # A foreign word in one piece; people's names have their parts apart.
    return "enterprise" if _KATAKANA.fullmatch(bare) else None


def _is_person_zh(name: str) -> bool:
    if all("\uac00" <= char <= "\ud7af" for char in name):
        return len(name) == 3 and name[0] in _surnames("korean")
    if not all("\u3400" <= char <= "\u9fff" for char in name):
        return False
    if len(name) in {2, 3} and name[0] in _surnames("single"):
        return True
    if len(name) in {3, 4} and name[:2] in _surnames("double"):
        return True
    return 3 <= len(name) <= 5 and name.startswith(tuple(_surnames("japanese")))


def _is_transliteration(name: str) -> bool:
    # A foreigner's name: parts joined by a dot, initials, no word of an organisation.
    return bool(re.search(r"[\u00b7\u30fb\u2022\u2027.]", name)) and len(name) >= 4


def _words(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.upper())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"\b([A-Z])\.(?=[A-Z]\b)", r"\1", text)
    text = " ".join(_WORD.findall(text.replace(".", "")))
    # "Openai S R L" is read as SRL; initials in front are a person's.
    return f" {_INITIALS.sub(lambda m: m[0].replace(' ', '') if m.start() else m[0], text)} "


def _fits(text: str, rule: Mapping[str, Any]) -> bool:
    if any(f" {word} " in text for word in rule["not"]):
        return False
    words = text.split()
    if words[0] in rule["heads"] and len(words) > 1 and words[1] not in _LINKS:
        text = f" {' '.join(words[1:])} "
    if text.strip() in rule["wholes"] or any(f" {word} " in text for word in rule["words"]):
        return True
    return any(f"{end} " in text for end in rule["word_ends"])


def _type_latin(name: str) -> str | None:
    # "Name,Town,CO": a state is no legal form, a town no business.
    text = _words(_TOWN.sub(r"\1", name))
    if not text.strip():
        return None
    fitting = [rule for rule in _rules("latin") if _fits(text, rule)]
    if fitting:
        yields_to = set(fitting[0].get("before", ()))
        other = [rule for rule in fitting[1:] if rule["type"] in yields_to]
        return str((other or fitting)[0]["type"])
    if " & " in text:
        return "enterprise"
    return "individual" if _is_person_latin(text.split()) else None


def _is_person_latin(words: list[str]) -> bool:
    if any(re.search(r"\d|&", word) for word in words):
        return False
    own = [word for word in words if word not in _person_words("particles")]
    if own and own[0] in _person_words("titles"):
        return True
    longer = len(own) < len(words) or any(w.endswith(_person_ends()) for w in own)
    return len(words) >= 2 and 1 <= len(own) <= _MOST_WORDS + longer
