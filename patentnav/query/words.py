"""Words and phrases in texts: where they stand, and how far apart.

Letters and digits between other signs are a word; Han, kana and hangul are written without spaces
and are words one by one, or as the dictionary cuts them (``segmented``).
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice

from patentnav._segments import dictionary

UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{UNSPACED}]"
_WORD = re.compile(rf"{_LETTER}+|[{UNSPACED}]")
_UNITS = re.compile(rf"(?:{_LETTER}|[*?])+|(?:[{UNSPACED}]|[*?])+")
_HAS_UNSPACED = re.compile(f"[{UNSPACED}]")
_HAS_LETTERS = re.compile(rf"{_LETTER}|[{UNSPACED}]")
_GAP = "[\\s\\-\u2010-\u2015/\u00b7]"  # between the words of a phrase
# A sentence ends at these marks, and at a full stop or a mark before a space or the end.
_END = re.compile("[\u3002\uff01\uff1f\uff1b;]|[.!?](?=\\s|$)")
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_NARROW = {0xFF00 + i: i + 0x20 for i in range(1, 0x5F) if chr(i + 0x20).isalnum()}

Span = tuple[int, int]


def has_letters(text: str) -> bool:
    """Tell whether anything in a text could be found."""
    return _HAS_LETTERS.search(text) is not None


def plain(text: str) -> str:
    """A text as it is compared: small letters, full-width ones as usual."""
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    return text.casefold()


@dataclass(frozen=True)
class Pattern:
    """How a term is found in plain texts.

    Attributes
    ----------
    core
        Its longest piece without signs: a text without it does not have the term.
    written
        Regular expression of the whole; empty where the core says it all.
    unspaced
        Whether it begins and ends in a script without spaces.
    open_ends
        Whether any character may follow or go before (``*``), at the beginning and the end.
    """

    core: str
    written: str
    unspaced: tuple[bool, bool]
    open_ends: tuple[bool, bool]

    @functools.cached_property
    def regex(self) -> re.Pattern[str] | None:
        """The whole, compiled: it costs more than the search, and most terms occur nowhere."""
        return re.compile(self.written) if self.written else None


@functools.lru_cache(maxsize=4096)
def pattern(term: str) -> Pattern:
    """Compile a term as :class:`~patentnav.query.expression.Term` holds it.

    Words in Latin letters are found as whole words, the last one up to a plural ending (s, es), like
    the words of a taxonomy; Chinese anywhere. Words of a phrase stand side by side, with spaces,
    hyphens or slashes between.
    """
    text = plain(term)
    units = [(m.start(), m.end(), m[0]) for m in _UNITS.finditer(text) if has_letters(m[0])]
    written: list[str] = []
    for i, (start, _, unit) in enumerate(units):
        if i:
            apart = start > units[i - 1][1]
            both_latin = not _HAS_UNSPACED.search(unit + units[i - 1][2])
            written.append(f"{_GAP}{{1,3}}" if both_latin and apart else f"{_GAP}{{0,3}}")
        written.append(_unit(unit, last=i == len(units) - 1))
    cores = re.findall(rf"{_LETTER}+|[{UNSPACED}]+", text)
    core = max(cores, key=len)
    first, last = units[0][2], units[-1][2]
    unspaced = (
        _HAS_UNSPACED.match(first.strip("*?")) is not None,
        _HAS_UNSPACED.match(last.strip("*?")[-1:]) is not None,
    )
    simple = len(units) == 1 and first.strip("*") == core and all(unspaced)
    whole = "" if simple else "".join(written)
    return Pattern(core, whole, unspaced, (first.startswith("*"), last.endswith("*")))


def _unit(unit: str, *, last: bool) -> str:
    if _HAS_UNSPACED.search(unit):
        bare = unit.strip("*")
        return "".join(f"[{UNSPACED}]" if c == "?" else re.escape(c) for c in bare)
    # A search for letters is fast: they come first, and then that none stands before them.
    first = re.sub("[*?].*", "", unit)
    lead, rest = re.escape(first), re.sub(r"\*+", "*", unit[len(first) :])
    rest = "".join(
        f"{_LETTER}*" if c == "*" else _LETTER if c == "?" else re.escape(c) for c in rest
    )
    plural = "(?:s|es)?" if last and not unit.endswith("*") else ""
    ends = "" if last and unit.endswith("*") else f"(?!{_LETTER})"  # none is left after those
    return f"{lead}(?<!{_LETTER}{lead}){rest}{plural}{ends}"


def holds(found: Pattern, text: str) -> bool:
    """Tell whether a plain text has the term, Chinese by characters."""
    return found.core in text and (found.regex is None or found.regex.search(text) is not None)


def spans(found: Pattern, text: str) -> list[Span]:
    """Places of a term in a plain text, Chinese by characters, from left to right."""
    if found.core not in text:
        return []
    places: list[Span] = []
    if found.regex is not None:
        hit = found.regex.search(text)
        while hit is not None:
            places.append(hit.span())
            hit = found.regex.search(text, hit.start() + 1)
        return places
    at = text.find(found.core)
    while at >= 0:
        places.append((at, at + len(found.core)))
        at = text.find(found.core, at + 1)
    return places


@dataclass(frozen=True)
class Words:
    """One plain text, for what is near in it.

    Attributes
    ----------
    text
        The text.
    starts, edges
        Where its words begin, and where a word of the dictionary may begin or end; None where
        Chinese goes by characters (then only what lies between two places is cut).
    """

    text: str
    starts: tuple[int, ...] | None = None
    edges: frozenset[int] | None = None

    def fits(self, span: Span, found: Pattern) -> bool:
        """Tell whether a place begins and ends where words do."""
        if self.edges is None:
            return True
        start, end = span
        return (not found.unspaced[0] or found.open_ends[0] or start in self.edges) and (
            not found.unspaced[1] or found.open_ends[1] or end in self.edges
        )

    def near(self, before: Span, after: Span, distance: int) -> bool:
        """Tell whether a place follows another in its sentence, with few words between."""
        if self.starts is None:
            between = islice(_WORD.finditer(self.text, before[1], after[0]), distance + 1)
            close = sum(1 for _ in between) <= distance
        else:
            first, last = (bisect_left(self.starts, at) for at in (before[1], after[0]))
            close = last - first <= distance
        if not close:
            return False
        # One sign more, so that a full stop at the end sees what follows it.
        end = _END.search(self.text, before[0], after[1] + 1)
        return end is None or end.start() >= after[1]


def words(text: str, *, segmented: bool) -> Words:
    """Cut a plain text."""
    if not segmented:
        return Words(text)
    starts: list[int] = []
    edges: set[int] = set()
    for at, piece in _pieces(text):
        edges |= {at, at + len(piece)}
        if has_letters(piece):
            starts.append(at)
    return Words(text, tuple(starts), frozenset(edges))


def _pieces(text: str) -> list[tuple[int, str]]:
    """Words of a text with their places: by the dictionary where there is one, else by characters."""
    cutter = dictionary(frozenset())
    found = []
    for run in re.finditer(rf"{_LETTER}+|[{UNSPACED}]+", text):
        whole = run[0]
        cut = [whole]
        if _HAS_UNSPACED.match(whole):
            cut = list(whole) if cutter is None else cutter.cut(whole, False)
        at = run.start()
        for piece in cut:
            found.append((at, piece))
            at += len(piece)
    return found
