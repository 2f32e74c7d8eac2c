"""The numbers and words of direction of a sentence, each with what it can mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.check.vocabulary import Vocabulary

Form = Literal["percent", "times", "year", "rank", "date", "plain"]
HIDDEN = "\ue000"  # stands for every character of a name
_NEAR = 14  # characters between a number and the word that says which figure it is
_YEARS = (1900, 2100)
_SLACK = 1e-9
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)")


@dataclass(frozen=True)
class Number:
    """A number as written.

    Attributes
    ----------
    start, end, text
        Where it stands in the sentence, and how it reads.
    form
        What kind of number it is.
    value, low, high
        Its value, and the values that may be written so (a share as a part of one).
    unit, measure
        What it counts and which figure it is, by the vocabulary; empty where the text does not say.
    """

    start: int
    end: int
    text: str
    form: Form
    value: float
    low: float
    high: float
    unit: str = ""
    measure: str = ""

    def holds(self, value: float) -> bool:
        """Whether a value may be written like this."""
        slack = _SLACK * max(1.0, abs(value))
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True)
class Turn:
    """A word of direction: ``1`` more, ``-1`` less, ``0`` steady, ``lead`` or ``last``."""

    start: int
    end: int
    text: str
    sign: int | str


def hidden(text: str, start: int, end: int) -> str:
    """The text with a piece that is not looked at again; all else keeps its place."""
    return text[:start] + HIDDEN * (end - start) + text[end:]


def hide(text: str, pattern: re.Pattern[str]) -> str:
    """The text without what a pattern finds."""
    return pattern.sub(lambda m: HIDDEN * len(m[0]), text)


def numbers(text: str, words: Vocabulary) -> list[Number]:
    """The numbers of a sentence whose names are hidden.

    Parameters
    ----------
    text
        The sentence.
    words
        Of its language.

    Returns
    -------
    list of Number
        In reading order; references to figures and sections, identifiers and the like are none.
    """
    text = hide(text, words.skip)
    found = []
    for match in [*words.date.finditer(text), *_ISO.finditer(text)]:
        parts = match.groupdict()
        day = [int(parts[p]) for p in ("y", "m", "d") if parts[p]]
        value = float("".join(f"{p:02d}" for p in day))
        found.append(Number(*match.span(), match[0], "date", value, value, value))
    for one in found:
        text = hidden(text, one.start, one.end)
    spans = [(m.start(g), m.end(g)) for m in words.span.finditer(text) for g in (1, 3)]
    for a, b in spans:
        year = float(text[a:b])
        found.append(Number(a, b, text[a:b], "year", year, year, year))
        text = hidden(text, a, b)
    text = hide(text, words.code)
    read = list(_figures(text, words))
    for one in read:
        text = hidden(text, one.start, one.end)
    return sorted([*found, *read, *_in_words(text, words)], key=lambda n: n.start)


def _figures(text: str, words: Vocabulary) -> Iterator[Number]:
    entries = words.entries["numbers"]
    for match in words.number.finditer(text):
        figure = re.sub(r"[^\d.]", "", match["figure"])
        value = float(figure)
        step = 10.0 ** -(len(figure.partition(".")[2]))
        if match["scale"]:
            scale = float(entries["scales"][match["scale"].strip()])
            value, step = value * scale, step * scale
        plain_year = "." not in figure and "," not in match["figure"] and not match["scale"]
        year = plain_year and len(figure) == 4 and _YEARS[0] <= value < _YEARS[1]
        form: Form = "plain"
        if match["percent"]:
            form = "percent"
        elif match["times"]:
            form = "times"
        elif (match["year"] and len(figure) == 4) or (
            year and not match["rank"] and not words.unit.match(text, match.end("figure"))
        ):
            form = "year"
        elif match["before"] and (match["rank"] or words.spaced):
            form = "rank"
        elif match["before"] or (match["rank"] and words.spaced):
            form = "plain" if not match["rank"] else "rank"
        start, end = match.start("figure"), match.end()
        if match["before"] and form == "rank":
            start = match.start("before")
        if match["rank"] and form == "plain":  # the word may be that of a unit
            end = match.start("rank")
        if match["year"] and form == "plain":
            end = match.start("year")
        yield _number(text, (start, end), form, (value, step), words)


def _in_words(text: str, words: Vocabulary) -> Iterator[Number]:
    """Numbers in words: of several characters, or before a unit that is counted so."""
    entries = words.entries["numbers"]
    for match in words.words.finditer(text):
        groups = match.groupdict()
        word = groups["word"].lower()
        value = _spoken(word, entries["digits"], entries["places"])
        if value is None:
            continue
        tail = text[match.end() :]
        if groups.get("whole"):
            yield _number(text, match.span(), "percent", (value, 1.0), words)
        elif groups.get("part"):
            part = _spoken(groups["part"], entries["digits"], entries["places"])
            if part:
                yield _number(text, match.span(), "percent", (100 * part / value, 3.0), words)
        elif (tenth := _starts(tail, entries["tenths"])) and value < 10:
            end = match.end() + len(tenth)
            yield _number(text, (match.start(), end), "percent", (10 * value, 10.0), words)
        elif (times := _starts(tail, entries["times"])) and value > 1:
            end = match.end() + len(times)
            yield _number(text, (match.start(), end), "times", (value, 1.0), words)
        elif len(word) > 1 and value > 1 and (words.unit.match(tail) or _mixed(word, entries)):
            yield _number(text, match.span(), "plain", (value, 1.0), words)


def _mixed(word: str, entries: dict[str, Any]) -> bool:
    """Whether digits and places stand in a word, which then is a number whatever follows."""
    return any(c in entries["digits"] for c in word) and any(c in entries["places"] for c in word)


def _starts(text: str, words: list[str]) -> str:
    return next((word for word in words if text.startswith(word)), "")


def _spoken(word: str, digits: dict[str, int], places: dict[str, int]) -> float | None:
    """Value of a number in words; None where it is none."""
    if not places:
        return digits.get(word)
    if all(c in digits for c in word):
        return float("".join(str(digits[c]) for c in word))
    total, section, digit = 0, 0, 0
    for i, character in enumerate(word):
        if character in digits:
            digit = digits[character]
            continue
        place = places[character]
        if place >= 10_000:
            if not (section + digit or total):
                return None
            total = (total + section + digit) * place
            section = 0
        else:
            if not digit and (i or place > 10):
                return None
            section += (digit or 1) * place
        digit = 0
    return float(total + section + digit)


def _number(
    text: str, place: tuple[int, int], form: Form, size: tuple[float, float], words: Vocabulary
) -> Number:
    start, end = place
    value, step = size
    low, high = value - step / 2, value + step / 2
    about = words.entries["about"]
    before = text[max(0, start - 12) : start].rstrip().lower()
    after = text[end : end + 6].lstrip()
    if form in {"plain", "percent", "times"}:
        near = {
            name: _ends(before, about[name]) or bool(_starts(after, about[name])) for name in about
        }
        round_step = max(step, _round_step(value)) if form == "plain" else max(step, value * 0.05)
        if near["about"]:
            low, high = min(low, value - round_step / 2), max(high, value + round_step / 2)
        elif near["over"]:
            low, high = value, value + max(round_step, value * 0.1)
        elif near["under"]:
            low, high = value - max(round_step, value * 0.1), value
    if form in {"year", "rank"}:
        low = high = value
    part = 100.0 if form == "percent" else 1.0
    unit = ""
    if form == "plain" and (match := words.unit.match(text, end)):
        unit = words.units[match[0].strip()]
    return Number(start, end, text[start:end].strip(), form, value / part, low / part, high / part,
                  unit, _measure(text, start, end, words))  # fmt: skip


def _ends(text: str, endings: list[str]) -> bool:
    return any(text.endswith(ending) for ending in endings)


def _round_step(value: float) -> float:
    """Size of the last digit that is not zero."""
    step = 1.0
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def _measure(text: str, start: int, end: int, words: Vocabulary) -> str:
    """What the nearest word before the number, else after it, says of it."""
    clause = max((m.end() for m in words.clause_ends.finditer(text, 0, start)), default=0)
    far = _NEAR * (3 if words.spaced else 1)
    before = list(words.measure.finditer(text, max(clause, start - far), start))
    if before and not words.spaced:
        return words.measures[before[-1][0]]
    stop = words.clause_ends.search(text, end)
    after = words.measure.search(text, end, min(stop.start() if stop else len(text), end + far))
    if after and (not before or after.start() - end <= start - before[-1].end()):
        return words.measures[after[0]]
    return words.measures[before[-1][0]] if before else ""


def turns(text: str, words: Vocabulary) -> list[Turn]:
    """The words of direction of a sentence whose names are hidden."""
    text = hide(text, words.quiet)
    return [Turn(*m.span(), m[0], words.directions[m[0]]) for m in words.direction.finditer(text)]
