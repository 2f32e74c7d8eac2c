"""The words of a language by which a text is held against a report (``data/text-check``)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav import _resources
from patentnav.config import changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FIGURE = r"\d{1,3}(?:[,\uff0c\u2009\u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# Letters with digits name something: H01M10/0562, CN104984284B, T02, 5G, CR4.
_CODE = r"[A-Za-z][A-Za-z_]*[-/]?\d[A-Za-z0-9/.\-]*|\d+[A-Za-z][A-Za-z0-9/]*|\d+(?:/\d+)+|\d+(?:\.\d+){2,}"
DIRECTIONS = {"up": 1, "down": -1, "steady": 0}
PUBLICATION = re.compile(r"[A-Z]{2}\d{6,}[A-Z]?\d?")


@dataclass(frozen=True)
class Vocabulary:
    """Words and patterns of one language.

    Attributes
    ----------
    entries
        The data file.
    sentence_ends, clause_ends, skip, code, date, number, words, span
        Patterns: where sentences and clauses end; what states nothing; names of letters and digits;
        a day; a number in figures with what stands around it; one in words; two years of a window.
    directions
        Words of direction, the longest first, with ``1``, ``-1``, ``0``, ``lead`` or ``last``.
    quiet
        What holds a word of direction without stating one.
    units
        Words of units, the longest first, with the unit.
    measures
        Words that tell which figure is meant, the longest first.
    """

    lang: str
    entries: Mapping[str, Any]
    sentence_ends: re.Pattern[str]
    clause_ends: re.Pattern[str]
    skip: re.Pattern[str]
    code: re.Pattern[str]
    date: re.Pattern[str]
    number: re.Pattern[str]
    words: re.Pattern[str]
    span: re.Pattern[str]
    directions: Mapping[str, int | str]
    direction: re.Pattern[str]
    quiet: re.Pattern[str]
    units: Mapping[str, str]
    unit: re.Pattern[str]
    measures: Mapping[str, str]
    measure: re.Pattern[str]

    @property
    def spaced(self) -> bool:
        """Whether words stand apart."""
        return bool(self.entries["glue"])


def vocabulary(lang: str) -> Vocabulary:
    """The vocabulary of a language.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    return _vocabulary(lang, changes())


@functools.lru_cache(maxsize=8)
def _vocabulary(lang: str, _changes: int) -> Vocabulary:
    entries = _resources.load_toml("text-check", lang)
    spaced = bool(entries["glue"])
    numbers = entries["numbers"]
    units = _by_word(entries["units"])
    measures = _by_word(entries["measures"])
    directions: dict[str, int | str] = {
        word: DIRECTIONS.get(name, name) for word, name in _by_word(entries["directions"]).items()
    }
    edge = r"(?<![A-Za-z])" if spaced else ""
    figures = (
        rf"(?P<before>(?:{_any(numbers['rank_before'])})\s*)?"
        rf"(?P<sign>(?<![\d\w\u2013\u2014-])[+\u2212-])?(?<![\d.,A-Za-z])(?P<figure>{_FIGURE})(?![\d])"
        rf"(?P<scale>\s*(?:{_any(numbers['scales'])}){_end(spaced)})?"
        rf"(?:\s*(?P<percent>{_any(numbers['percent'])})|(?P<times>\s*(?:{_any(numbers['times'])}){_end(spaced)})"
        rf"|(?P<year>{numbers['year']})|(?P<rank>{_any(numbers['rank_after'])}))?"
    )
    letters = "".join([*numbers["digits"], *numbers["places"]]) if not spaced else ""
    words = (
        rf"{edge}(?P<word>{_any(numbers['digits'])}){_end(True)}" if spaced
        else rf"(?P<whole>{numbers['percent_before']})?(?P<word>[{letters}]+)"
             rf"(?:{numbers['part']}(?P<part>[{letters}]+))?"
    )  # fmt: skip
    return Vocabulary(
        lang=lang,
        entries=entries,
        sentence_ends=re.compile(entries["sentence_ends"]),
        clause_ends=re.compile(entries["clause_ends"]),
        skip=re.compile("|".join(f"(?:{p})" for p in _flagless(entries["skip"]["patterns"])), re.I),
        code=re.compile(_CODE),
        date=re.compile(numbers["date"]),
        number=re.compile(figures),
        words=re.compile(words, re.I),
        span=re.compile(rf"((?:19|20)\d\d)({numbers['range']})((?:19|20)\d\d)"),
        directions=directions,
        direction=re.compile(rf"{edge}(?:{_any(directions)}){_end(spaced)}"),
        quiet=re.compile(
            "|".join(f"(?:{p})" for p in _flagless(entries["quiet"]["patterns"])), re.I
        ),
        units=units,
        unit=re.compile(rf"\s*(?:{_any(units)}){_end(spaced)}"),
        measures=measures,
        measure=re.compile(rf"{edge}(?:{_any(measures)})"),
    )


def _flagless(patterns: Iterable[str]) -> list[str]:
    return [p.replace("(?i)", "") for p in patterns]


def _end(spaced: bool) -> str:  # noqa: FBT001
    return r"(?![A-Za-z])" if spaced else ""


def _any(words: Iterable[str]) -> str:
    found = sorted(words, key=lambda w: (-len(w), w))
    return "|".join(map(re.escape, found)) or "(?!)"


def _by_word(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Group of every word, the first that has it."""
    found: dict[str, str] = {}
    for name, words in groups.items():
        for word in words:
            found.setdefault(word, name)
    return found
