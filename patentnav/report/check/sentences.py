"""A sentence of a text, taken apart: names, numbers, words of direction and clauses."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from patentnav.report.check.figures import HIDDEN, Number, Turn, hidden, numbers, turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.check.names import Mention, Names
    from patentnav.report.check.vocabulary import Vocabulary

    Slot: TypeAlias = Mention | Number | Turn

_BLANK = re.compile(rf"[\s\W{HIDDEN}\d_]+")
_NUMBERED = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3})*|[A-Z](?:\.\d{1,3})+)[.\u3001\s)]\s*(?=\D)")
_LONG_WORD = 4


@dataclass(frozen=True)
class Sentence:
    """What a sentence says.

    Attributes
    ----------
    text
        As it stands.
    mentions, numbers, turns
        Names, numbers and words of direction in it, in reading order.
    clauses
        Start and end of its clauses.
    masked
        The text with names hidden.
    words
        Pieces that tell what it is about: pairs of characters, or long words.
    """

    text: str
    mentions: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    turns: tuple[Turn, ...]
    clauses: tuple[tuple[int, int], ...]
    masked: str
    vocabulary: Vocabulary

    def clause(self, place: int) -> tuple[int, int]:
        """The clause that holds a place."""
        return next((c for c in self.clauses if c[0] <= place < c[1]), (0, len(self.text)))

    def names(self, start: int, end: int) -> frozenset[str]:
        """Whom the names in a piece may mean."""
        return frozenset().union(*(m.means for m in self.mentions if start <= m.start < end))

    def says(self, start: int, end: int) -> frozenset[str]:
        """What a piece is about."""
        return about(self.masked[start:end], self.vocabulary)

    def course(self, turn: Turn) -> str:
        """What a word of direction is said of: ``share`` or ``count``."""
        start, end = self.clause(turn.start)
        found = {self.vocabulary.measures[m[0]]
                 for m in self.vocabulary.measure.finditer(self.masked, start, end)}  # fmt: skip
        return "share" if found & {"share", "index"} else "count"

    @functools.cached_property
    def skeleton(self) -> str:
        """The sentence without its names, numbers and directions."""
        text = self.text
        marks = [(m.start, m.end, "@") for m in self.mentions]
        marks += [(n.start, n.end, "#") for n in self.numbers]
        marks += [(t.start, t.end, "~") for t in self.turns]
        for start, end, mark in sorted(marks, reverse=True):
            text = text[:start] + mark + text[end:]
        return re.sub(r"[\s\W]+", lambda m: "".join(c for c in m[0] if c in "@#~"), text)

    @functools.cached_property
    def slots(self) -> tuple[tuple[str, Slot], ...]:
        """Names, numbers and directions in reading order."""
        found: list[tuple[int, str, Slot]] = [(m.start, "name", m) for m in self.mentions]
        found += [(n.start, "number", n) for n in self.numbers]
        found += [(t.start, "direction", t) for t in self.turns]
        return tuple((kind, value) for _, kind, value in sorted(found, key=lambda f: f[0]))


def about(masked: str, words: Vocabulary) -> frozenset[str]:
    """Pieces that tell what a text with hidden names is about."""
    if words.spaced:
        return frozenset(w for w in re.findall(r"[a-z]+", masked.lower()) if len(w) > _LONG_WORD)
    runs = _BLANK.split(re.sub(r"[A-Za-z]+", " ", masked))
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def sentences(text: str, names: Names, words: Vocabulary) -> Iterator[Sentence]:
    """Take a running text apart.

    Parameters
    ----------
    text
        A paragraph.
    names
        That may stand in it.
    words
        Of its language.
    """
    lead = _NUMBERED.match(text)
    if lead:
        text = HIDDEN * lead.end() + text[lead.end() :]
    masked = text
    mentions = names.find(text)
    for one in mentions:
        masked = hidden(masked, one.start, one.end)
    start = 0
    for end in [*(m.end() for m in words.sentence_ends.finditer(masked)), len(masked)]:
        if text[start:end].strip(f" {HIDDEN}"):
            inside = [m for m in mentions if start <= m.start < end]
            yield _sentence(text[start:end], masked[start:end], start, inside, words)
        start = end


def row(text: str, names: Names, words: Vocabulary) -> Sentence:
    """Take the row of a table apart: all its names are those of all its numbers."""
    mentions = names.find(text)
    masked = text
    for one in mentions:
        masked = hidden(masked, one.start, one.end)
    return Sentence(text, tuple(mentions), tuple(numbers(masked, words)), tuple(turns(masked, words)),
                    ((0, len(text)),), masked, words)  # fmt: skip


def _sentence(
    text: str, masked: str, offset: int, mentions: list[Mention], words: Vocabulary
) -> Sentence:
    placed = tuple(replace(m, start=m.start - offset, end=m.end - offset) for m in mentions)
    ends = [*(m.end() for m in words.clause_ends.finditer(masked)), len(masked)]
    starts = [0, *ends[:-1]]
    return Sentence(text, placed, tuple(numbers(masked, words)), tuple(turns(masked, words)),
                    tuple(zip(starts, ends, strict=True)), masked, words)  # fmt: skip
