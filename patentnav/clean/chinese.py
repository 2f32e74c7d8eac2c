"""Names of organisations in Chinese characters, taken apart: place, brand, business, form, unit."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from patentnav import _resources
from patentnav.clean import regions
from patentnav.clean.regions import NOWHERE, Region

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BRACKET = re.compile(r"\(([^()]*)\)")
_OPENING = str.maketrans("[{<\u3010\u3014\u300a\u3008", "(((((((")
_CLOSING = str.maketrans("]}>\u3011\u3015\u300b\u3009", ")))))))")


@dataclass(frozen=True)
class ChineseName:
    """An organisation's name taken apart.

    Attributes
    ----------
    clean
        The name in one spelling.
    entity
        Key of the legal entity: branches, colleges, brackets and the legal form folded.
    unit
        Branch, college or bracket that was folded, empty when none.
    brand
        The firm's own word (without place, business and form); empty for public bodies.
    kind
        ``company``, ``institute`` (of a group), ``university``, ``hospital`` or ``other``.
    region
        Place that the name says.
    is_group
        The name says that it is a group.
    """

    clean: str
    entity: str
    unit: str = ""
    brand: str = ""
    kind: str = "other"
    region: Region = NOWHERE
    is_group: bool = False


def has_cjk(text: str) -> bool:
    """Tell whether a text has a Chinese, Japanese or Korean character."""
    return bool(_CJK.search(text))


def abroad(text: str) -> bool:
    """Tell whether a name has a legal form of Japan or Korea, whose places are not those of China."""
    return any(form in text for form in _tables()["abroad_forms"])


def behind_the_state(name: str) -> str:
    """A name without the state that it begins with."""
    return name.removeprefix(_tables()["state"])


@functools.cache
def _tables() -> dict[str, Any]:
    return _resources.load_toml("names", "organisations-zh")


@functools.cache
def _longest_first(key: str) -> tuple[str, ...]:
    return tuple(sorted(_tables()[key], key=lambda w: (-len(w), w)))


@functools.cache
def _as_set(key: str) -> frozenset[str]:
    return frozenset(_tables()[key])


@functools.cache
def _variants() -> dict[int, str]:
    pairs = _resources.load_toml("names", "characters")["variants"]
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


def one_spelling(name: str) -> str:
    """Full and half width, brackets, blanks and variants of characters in one spelling.

    Blanks between two Latin letters stay, so that a mixed name can be read.
    """
    text = unicodedata.normalize("NFKC", name).translate(_OPENING).translate(_CLOSING)
    text = text.translate(_variants())
    text = re.sub(r"(?<![A-Za-z0-9.,&])\s+|\s+(?![A-Za-z0-9&])", "", text)
    return text.strip("\"'.,;:* \u00b7\u3001\uff0c\u3002\uff1b")


@functools.lru_cache(maxsize=50_000)  # names come back in every table of a report
def parse(name: str) -> ChineseName:
    """Take a name apart.

    Parameters
    ----------
    name
        Any spelling.

    Returns
    -------
    ChineseName
    """
    clean = one_spelling(name)
    text, place, units = _without_brackets(clean)
    text, is_front = _without_front_form(_present_name(text))
    entity, unit, kind = _entity(text)
    if is_front and kind == "other":
        kind = "company"
    units = [u for u in (unit, *units) if u]
    region, _ = regions.cut_front(entity)
    if place.province and not region.province:
        region = place
    if kind == "company":
        core = _cut_end(entity, "legal_forms", leave=2)
        is_group = core.endswith(_longest_first("group_words"))
        brand = _brand(regions.cut_front(core)[1])
        entity = core
    else:
        is_group, brand = False, ""
        entity = _campus(entity, place)
    return ChineseName(clean, entity or clean, "/".join(units), brand, kind, region, is_group)


def _present_name(text: str) -> str:
    """Honours off the front, a former name replaced by the present one."""
    for honour in _longest_first("honours"):
        if text.startswith(honour) and len(text) - len(honour) >= 4:
            text = text[len(honour) :]
    former: dict[str, str] = _tables()["former_names"]
    for old in _former_names():
        if text.startswith(old):
            return former[old] + text[len(old) :]
    return text


@functools.cache
def _former_names() -> tuple[str, ...]:
    return tuple(sorted(_tables()["former_names"], key=lambda n: (-len(n), n)))


def _without_front_form(text: str) -> tuple[str, bool]:
    for form in _longest_first("front_forms"):
        if text.startswith(form) and len(text) - len(form) >= 2:
            return text[len(form) :], True
    return text, False


def _without_brackets(text: str) -> tuple[str, Region, list[str]]:
    place, units = NOWHERE, []
    for content in _BRACKET.findall(text):
        found = regions.lookup(content)
        if found.province:
            place = found
        elif content and content not in _as_set("bracket_forms"):
            units.append(content)
    bare = _BRACKET.sub("", text)
    return (bare or text).strip("()"), place, units


def _entity(text: str) -> tuple[str, str, str]:
    """Text of the legal entity, of its unit, and the kind of organisation."""
    company = _first_end(text, _longest_first("branch_after"))
    if company or text.endswith(_longest_first("company_ends")):
        end = company or len(text)
        if _is_own_institute(text, end):
            return text, "", "institute"
        return text[:end], text[end:], "company"
    hospital = _first_end(text, _longest_first("hospital_words"))
    if hospital:
        return text[:hospital], text[hospital:], "hospital"
    university = _university_end(text)
    if university:
        return text[:university], text[university:], "university"
    folded = _institute_end(text)
    if folded:
        return text[:folded], text[folded:], "other"
    shortened = _cut_end(text, "legal_forms", leave=2)
    return text, "", "company" if shortened != text else "other"


def _is_own_institute(text: str, end: int) -> bool:
    return text.startswith(_longest_first("groups_of_institutes")) and text[end:].endswith(
        _longest_first("institute_ends")
    )


def _first_end(text: str, words: tuple[str, ...]) -> int:
    ends = [text.find(w) + len(w) for w in words if text.find(w) > 0]
    return min(ends, default=0)


def _university_end(text: str) -> int:
    word, start = _tables()["university_end"], 0
    while (at := text.find(word, start)) > 0:
        if not any(text.startswith(other, at) for other in _as_set("not_university")):
            return at + len(word)
        start = at + len(word)
    return 0


def _institute_end(text: str) -> int:
    """End of an institute or college whose name goes on with one of its units, else 0."""
    words = [*_longest_first("institute_ends"), *_longest_first("college_ends")]
    ends = [at.end() for word in words for at in re.finditer(re.escape(word), text)]
    for end in sorted(set(ends)):
        rest = text[end:]
        inner = any(word in rest for word in _longest_first("institute_ends"))
        if rest.endswith(_longest_first("unit_ends")) and not inner:
            return end
    return 0


def _campus(entity: str, place: Region) -> str:
    # A few universities in two towns are two legal entities.
    if entity in _as_set("separate_campuses") and place.province:
        return f"{entity}({place.city or place.province})"
    return entity


@functools.cache
def _lengths(key: str) -> tuple[int, ...]:
    return tuple(sorted({len(w) for w in _tables()[key]}, reverse=True))


def _cut_end(text: str, key: str, *, leave: int) -> str:
    """Cut words of a table off the end, the longest first, again and again."""
    words = _as_set(key)
    while True:
        for length in _lengths(key):
            if len(text) - length >= leave and text[-length:] in words:
                text = text[:-length]
                break
        else:
            return text


def _brand(core: str) -> str:
    return _cut_end(core, "business_words", leave=2)


def is_generic(brand: str) -> bool:
    """Tell whether unrelated firms share a brand (or it is only a line of business or a place)."""
    return (
        len(brand) < 2
        or brand in _as_set("generic_brands")
        or brand in _as_set("business_words")
        or bool(regions.lookup(brand).province)
    )


def is_form_or_business(piece: str) -> bool:
    """Whether a piece of a name says a form, a line of business or a place, alone or as a part of such a word."""
    words = (w for key in ("legal_forms", "group_words", "business_words", "institute_ends",
                           "college_ends", "unit_ends") for w in _as_set(key))  # fmt: skip
    return any(piece in word for word in words) or bool(regions.lookup(piece).province)


def is_line_of_business(brand: str) -> bool:
    """Tell whether a brand is only a line of business, so that the place alone tells firms apart."""
    return brand in _as_set("business_words")


def has_bare_form(name: str) -> bool:
    """Tell whether a name ends in "company" and says no form of Chinese law (limited, group, branch)."""
    clean = one_spelling(name)
    form = next((f for f in _longest_first("legal_forms") if clean.endswith(f)), "")
    return form == _tables()["branch_after"][0] and not _cut_end(
        clean, "legal_forms", leave=2
    ).endswith(_longest_first("group_words"))


def firm_of_unit(name: ChineseName) -> str:
    """Front of a name that ends in a firm's research centre; empty for other names."""
    for end in _longest_first("unit_of_firm"):
        if name.entity.endswith(end) and len(name.entity) - len(end) >= 2:
            return name.entity[: -len(end)]
    return ""


def is_industrial_group(label: str) -> bool:
    """Tell whether a group's name is that of an industrial group that has institutes of its own."""
    word = _tables()["group_words"][0]
    fronts = {group.removesuffix(word) for group in _as_set("groups_of_institutes")}
    return label.removesuffix(word) in fronts


def group_by_prefix(name: ChineseName) -> str:
    """Name of the group that a prefix of the name says, empty when none does."""
    prefixes: dict[str, str] = _tables()["group_prefixes"]
    _, rest = regions.cut_front(name.entity)
    by_length = _longest_first("group_prefixes")
    if name.entity.startswith(by_length) or rest.startswith(by_length):
        return next(prefixes[prefix] for prefix in by_length
                    if name.entity.startswith(prefix) or rest.startswith(prefix))  # fmt: skip
    # "Group" may be a word of the prefix, and is none of the entity's.
    whole = next(
        (
            p
            for p in by_length
            if p.endswith(_tables()["group_words"][0]) and name.clean.startswith(p)
        ),
        "",
    )
    if whole:
        return prefixes[whole]
    fitting = (g for g in _longest_first("groups_of_institutes") if name.entity.startswith(g))
    return next(fitting, "") or _provincial_group(name)


def _provincial_group(name: ChineseName) -> str:
    """Group whose firms are called by a province and the group's trade, empty when none is."""
    place, rest = regions.cut_front(name.clean)
    if place.city not in {"", place.province}:
        return ""
    fitting = (row["group"] for row in _tables()["provincial_companies"]
               if place.province in row["provinces"] and re.match(row["begins"], rest))  # fmt: skip
    return next(fitting, "")


def venture_of(name: str) -> tuple[str, ...]:
    """Groups that hold the joint venture of this name, empty where it is none."""
    found = next((one for one in _longest_first("joint_ventures") if name.startswith(one)), "")
    return tuple(_tables()["joint_ventures"][found]) if found else ()


def parent_university(name: ChineseName) -> str:
    """University that a hospital's name says it belongs to, empty when none."""
    before, found, _ = name.entity.partition(_tables()["university_end"])
    return before + found if found and before else ""
