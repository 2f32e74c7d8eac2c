"""Names of inventors: one spelling, entries that name no person, which names may be one person's."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from patentnav import _resources
from patentnav.clean import chinese

if TYPE_CHECKING:
    import pandas as pd

_TAIL = re.compile(r"(?:\s*\((?:[A-Z]{2}|[^()]*)\)|\s*\[[A-Z]{2}\])+$|\s+et al\.?$", re.IGNORECASE)
_SUFFIX = {
    "jr",
    "sr",
    "ii",
    "iii",
    "iv",
    "dr",
    "prof",
    "phd",
    "md",
    "nmi",
    "mr",
    "mrs",
    "ms",
    "eng",
}
EDITED_LENGTH = 6
# Log odds taken off when two given names are not spelled alike, set by judgement, not learned:
# an initial for a middle name, a middle initial missing, a middle name missing, a short form, one
# letter different.
INITIAL, NO_INITIAL, NO_MIDDLE, SHORT_FORM, ONE_EDIT = -0.5, -1.0, -3.0, -2.0, -4.0


class PersonName(NamedTuple):
    """A person's name for comparison: family name, words of the given name, both joined."""

    surname: str
    given: tuple[str, ...]

    @property
    def joined(self) -> str:
        """Given name without blanks."""
        return "".join(self.given)

    @property
    def key(self) -> str:
        """Equal for the spellings of one name."""
        return f"{self.surname} {self.joined}".strip()

    @property
    def short(self) -> str:
        """Family name and first word of the given name: key of a co-inventor."""
        return f"{self.surname} {self.given[0] if self.given else ''}".strip()


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


@functools.lru_cache(maxsize=500_000)
def parse(name: str) -> PersonName:
    """Take a full name apart: ``Last, First``, ``First Last``, or Chinese characters as a whole.

    A Chinese family name in pinyin stands first where what follows can be a given name only: offices
    write one person's name in both orders.

    Examples
    --------
    >>> parse("Kim, Yun-Jo").key, parse("Hee June Kim").key
    ('kim yunjo', 'kim heejune')
    >>> parse("ZHANG Lingyu").key == parse("Lingyu Zhang").key
    True
    """
    if chinese.has_cjk(name):
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).lower()
        return PersonName(chinese.one_spelling(plain), ())
    last, comma, first = name.partition(",")
    if not comma:
        words = _words(name)
        if _family_first(words):
            words = [*words[1:], words[0]]
        return PersonName(words[-1] if words else name.lower(), tuple(words[:-1]))
    return parse_parts(first, last)


@functools.cache
def _pinyin() -> tuple[frozenset[str], re.Pattern[str]]:
    """Chinese family names in pinyin, and what is made of pinyin syllables and nothing else."""
    rows = _resources.load_csv("names", "name-characters")
    readings = {row["character"]: row["pinyin"].split() for row in rows}
    known = _resources.load_toml("names", "surnames-zh")["single"].split()
    surnames = frozenset(sound for char in known for sound in readings.get(char, ()))
    sounds = sorted({sound for own in readings.values() for sound in own})
    return surnames, re.compile(f"(?:{'|'.join(sounds)}){{1,2}}")


def _family_first(words: list[str]) -> bool:
    """Tell whether the first word is a Chinese family name, and the last cannot be one."""
    if len(words) not in {2, 3}:
        return False
    surnames, syllables = _pinyin()
    return (
        words[0] in surnames
        and words[-1] not in surnames
        and all(syllables.fullmatch(word) for word in words[1:])
    )


def parse_parts(first: str, last: str) -> PersonName:
    """Take apart a name whose given and family name are known."""
    if chinese.has_cjk(first + last):
        return parse(last + first)
    return PersonName("".join(_words(last)) or last.lower().strip(), tuple(_words(first)))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"[-'\u2019`\u2010\u2011]", "", re.sub(r"\.", " ", plain))
    words = re.findall(r"[^\W_]+", plain)
    kept = [w for w in words if w not in _SUFFIX]
    return kept or words


@functools.cache
def _nicknames() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for line, row in enumerate(_resources.load_csv("names", "nicknames")):
        for name in row["names"].split():
            found.setdefault(name, set()).add(line)
    return {name: frozenset(lines) for name, lines in found.items()}


def comparable_forms(name: PersonName) -> frozenset[str]:
    """Keys under which a name meets every name of its family name that does not exclude it.

    The first word, its lines in the table of short forms, and for long names the first two letters
    with the joined name less one letter: names one edit apart share such a form.
    """
    if not name.given:
        return frozenset()
    first, joined = name.given[0], name.joined
    forms = {first, *(f"#{line}" for line in _nicknames().get(first, ()))}
    if len(joined) >= EDITED_LENGTH:
        less = (joined[:at] + joined[at + 1 :] for at in range(len(joined)))
        forms.update(f"{joined[:2]}-{part}" for part in (joined, *less))
    return frozenset(forms)


def penalty(a: tuple[str, ...], b: tuple[str, ...]) -> float | None:
    """Log odds taken off because two given names differ; None when they exclude each other.

    Examples
    --------
    >>> penalty(("john", "a"), ("john", "adam")), penalty(("john", "a"), ("john", "b"))
    (-0.5, None)
    """
    joined_a, joined_b = "".join(a), "".join(b)
    if joined_a == joined_b:
        return 0.0
    if not a or not b:
        return None
    nicknames = _nicknames()
    if a[0] == b[0]:
        base = 0.0
    elif nicknames.get(a[0], frozenset()) & nicknames.get(b[0], frozenset()):
        base = SHORT_FORM
    else:
        near = min(len(joined_a), len(joined_b)) >= EDITED_LENGTH
        return ONE_EDIT if near and _one_edit(joined_a, joined_b) else None
    middle = _middle_penalty(a[1:], b[1:])
    if middle is None:
        near = min(len(joined_a), len(joined_b)) >= EDITED_LENGTH and len(a) == len(b) == 2
        full = all(len(w) > 1 for w in (*a[1:], *b[1:]))
        return ONE_EDIT if near and full and _one_edit(joined_a, joined_b) else None
    return base + middle


def _one_edit(a: str, b: str) -> bool:
    """One letter inserted, left out or changed, or two neighbours swapped."""
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(b) == len(a) + 1:
        return a[at:] == b[at + 1 :]
    if len(a) != len(b) or at == len(a):
        return False
    swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return a[at + 1 :] == b[at + 1 :] or swapped


def _middle_penalty(a: tuple[str, ...], b: tuple[str, ...]) -> float | None:
    if a == b:
        return 0.0
    if not a or not b:
        return NO_INITIAL if len((a or b)[0]) == 1 else NO_MIDDLE
    x, y = a[0], b[0]
    if x == y or (1 in {len(x), len(y)} and x[0] == y[0]):
        return INITIAL
    return None
