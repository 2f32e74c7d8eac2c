"""Hold a sentence against what a report knows."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav.report.check.figures import Number, Turn
from patentnav.report.check.names import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from patentnav.report.check.known import Fact, Knowledge
    from patentnav.report.check.sentences import Sentence, Slot

_FITS = {
    "percent": {"share", "rate", "ratio"}, "times": {"ratio", "rate"}, "year": {"year"},
    "rank": {"rank"}, "date": {"date"}, "plain": {"count", "ratio", "rank"},
}  # fmt: skip
_LEVELS = {"plain", "percent"}
_EDGES = " \u201c\u201d\"'\u300a\u300b"
_COUNTED = {"family", "publication", "application"}
_ALIKE = 2  # pieces that a sentence and a fact about the set share at least
_ALIKE_DIRECTION = 2
_FEW = 20  # below, a number that is no count is not rounded to a whole one
_CLOSE = 4  # pieces of a fact about the set that may stand beside a name


@dataclass(frozen=True)
class Finding:
    """A number, name or direction that the report does not support."""

    start: int
    text: str
    kind: str
    claim_id: str | None
    expected: str | None


class Judge:
    """Judges sentences by what a report knows.

    Parameters
    ----------
    knowledge
        Of the report.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.known = knowledge

    def findings(
        self, one: Sentence, around: frozenset[str], *, in_row: bool = False
    ) -> list[Finding]:
        """What the report does not support in a sentence.

        Parameters
        ----------
        one
            The sentence.
        around
            Names of the sentence before and of the heading above.
        in_row
            Whether it is the row of a table, whose numbers are all about all its names.
        """
        found = list(self._strangers(one))
        alike = self.known.stated.get(one.skeleton, ()) if not in_row else ()
        # Two names that touch are one blank of a skeleton.
        stated = [s for s in alike if _parts(s[1]) == _parts(one)]
        own = self._against(one, stated) if stated else None
        if own is not None and not own:
            return found
        if own is None or not self._same_names(one, stated):
            proven: list[frozenset[str]] = []
            other = list(self._numbers(one, around, proven, in_row=in_row))
            other += [] if in_row else [*self._turns(one, around), *self._names(one)]
            if own is None or (
                not other and any(all(m.means & whom for m in one.mentions) for whom in proven)
            ):
                own = other
        return sorted([*found, *own], key=lambda f: f.start)

    def _strangers(self, one: Sentence) -> Iterator[Finding]:
        for stranger in self.known.names.strangers(one.masked):
            yield Finding(stranger.start, stranger.text, "name", None, None)

    # The report's own sentences

    @staticmethod
    def _same_names(one: Sentence, stated: Iterable[tuple[str, Sentence]]) -> bool:
        own = [m.means for m in one.mentions]
        return any(all(a & b.means for a, b in zip(own, other.mentions, strict=True))
                   for _, other in stated)  # fmt: skip

    def _against(self, one: Sentence, stated: Iterable[tuple[str, Sentence]]) -> list[Finding]:
        """What differs from the sentence of the report that reads most alike."""
        best: list[Finding] | None = None
        for section, other in stated:
            differs = [
                Finding(mine.start, mine.text, kind, self._claim(section, theirs), theirs.text)
                for (kind, mine), (_, theirs) in zip(one.slots, other.slots, strict=True)
                if not _same(mine, theirs)
            ]
            if best is None or len(differs) < len(best):
                best = differs
        return best or []

    def _claim(self, section: str, slot: Slot) -> str:
        if isinstance(slot, Number):
            for fact in self.known.of_section(section):
                if slot.holds(fact.value):
                    return fact.id
        return section

    # Numbers

    def _numbers(
        self,
        one: Sentence,
        around: frozenset[str],
        proven: list[frozenset[str]],
        *,
        in_row: bool,
    ) -> Iterator[Finding]:
        """Numbers without support; ``proven`` takes the names of those that have it."""
        for number in one.numbers:
            start, end = one.clause(number.start)
            named = one.names(start, end)
            if number.form == "year" and self._is_year(one, number, named):
                continue
            held = list(self._candidates(one, number, named, around))
            if in_row and not named:
                held = [f for f in self.known.of_set() if "/" in f.id]
            elif number.form == "date":
                held += self.known.of_set()
            told = one.names(0, len(one.text)) | around
            fits = [f for f in held if all(k & told for k in f.keys)
                    and self._supports(one, number, f)]  # fmt: skip
            if fits:
                proven += [f.names for f in fits]
                continue
            near = [f for f in held if f.form in _FITS[number.form] and not math.isnan(f.value)]
            near = [f for f in near if all(k & told for k in f.keys)] or near
            yield self._unsupported(one, number, near, named)

    def _is_year(self, one: Sentence, number: Number, named: frozenset[str]) -> bool:
        year = int(number.value)
        written = [n for n in one.numbers if n.form == "year"]
        years = [int(n.value) for n in written]
        i = next(i for i, n in enumerate(written) if n is number)
        pairs = [tuple(years[i - 1 : i + 1]), tuple(years[i : i + 2])]
        if any(len(p) == 2 and p in self.known.windows for p in pairs):
            return True
        if not named:
            return year in self.known.years
        return any(
            (f.form == "year" and f.value == year) or year in f.years for f in self.known.of(named)
        )

    def _candidates(
        self, one: Sentence, number: Number, named: frozenset[str], around: frozenset[str]
    ) -> Iterator[Fact]:
        start, end = one.clause(number.start)
        said = one.says(start, end)
        if named:
            yield from self.known.of(named)
            for fact in self.known.of_set():
                if (
                    (number.unit and fact.unit == number.unit and number.unit not in _COUNTED)
                    or number.form not in {"plain", "percent"}
                    or len(fact.words & said) >= _CLOSE
                ):
                    yield fact
            return
        inside = one.names(0, start) or one.names(0, len(one.text))
        yield from self.known.of(inside or around)
        years = {int(n.value) for n in one.numbers if n.form == "year"}
        said = one.says(0, len(one.text))
        for fact in self.known.of_set():
            alike = len(fact.words & said)
            same_unit = bool(number.unit) and fact.unit == number.unit
            if inside:  # the clause goes on about them
                same_unit = same_unit and number.unit not in _COUNTED
                if alike < _CLOSE and not same_unit:
                    continue
            if alike >= _ALIKE or same_unit or ":" in fact.id or (years and fact.years <= years):
                yield fact

    @staticmethod
    def _supports(one: Sentence, number: Number, fact: Fact) -> bool:
        if fact.form not in _FITS[number.form] or math.isnan(fact.value):
            return False
        if not _written_so(number, fact):
            return False
        units = {number.unit, fact.unit} - {""}
        if len(units) > 1 and not units <= _COUNTED:
            return False
        figures = {number.measure, fact.measure}
        if number.form == "percent" and figures == {"share", "rate"}:
            return False
        written = [n for n in one.numbers if n.form == "year"]
        start, end = one.clause(number.start)
        years = {int(n.value) for n in written if start <= n.start < end}
        years = years or {int(n.value) for n in written}
        of_them = not fact.years or bool(fact.years & years) or not (years or fact.keys)
        return of_them or number.form == "year"

    @staticmethod
    def _unsupported(
        one: Sentence, number: Number, near: list[Fact], named: frozenset[str]
    ) -> Finding:
        """What the report says in place of a number: the fact that is told in most of its words."""
        said = one.says(*one.clause(number.start))

        def rank(fact: Fact) -> tuple[bool, bool, int, float]:
            return (bool(number.unit) and fact.unit == number.unit,
                    bool(number.measure) and fact.measure == number.measure,
                    len(fact.words & said), -abs(fact.value - number.value))  # fmt: skip

        best = max(near, key=rank, default=None)
        if best is None or not (named & best.names or any(rank(best)[:3])):
            return Finding(number.start, number.text, "number", None, None)
        return Finding(number.start, number.text, "number", best.id, best.shown)

    # Directions

    def _turns(self, one: Sentence, around: frozenset[str]) -> Iterator[Finding]:
        for turn in one.turns:
            finding = self._turn(one, turn, around)
            if finding is not None:
                yield finding

    def _turn(self, one: Sentence, turn: Turn, around: frozenset[str]) -> Finding | None:
        start, end = one.clause(turn.start)
        named = one.names(start, end) or one.names(0, start)
        if turn.sign in {"above", "below"}:
            return self._compared(one, turn)
        if turn.sign in {"lead", "last"}:
            return self._leads(one, turn, around)
        change = self._change(one, turn)
        if change is not None and turn.sign != 0:
            return (
                None
                if change == turn.sign
                else Finding(turn.start, turn.text, "direction", None, None)
            )
        said = one.says(start, end)
        held = list(self.known.of(named or around))
        if not named:
            turned = [f for f in self.known.of_set() if f.sign in {1, -1, 0}]
            most = max((len(f.words & said) for f in turned), default=0)
            if most >= _ALIKE_DIRECTION:
                held = [f for f in turned if len(f.words & said) == most]
            else:
                held += [f for f in turned if ":" in f.id]
        told = one.names(0, len(one.text)) | around
        signed = [f for f in held if f.sign in {1, -1, 0} and all(k & told for k in f.keys)]
        course = one.course(turn)
        signed = [f for f in signed if f.measure in {course, "", "rate"}] or signed
        if any(f.sign == turn.sign for f in signed):
            return None
        claim = signed[0] if signed else None
        return Finding(turn.start, turn.text, "direction", claim.id if claim else None,
                       None if claim is None else self._word(claim))  # fmt: skip

    def _word(self, fact: Fact) -> str:
        """How the report says it, or the first word of its direction."""
        return fact.shown if fact.shown and not fact.shown[0].isdigit() else next(
            word for word, sign in self.known.words.directions.items() if sign == fact.sign)  # fmt: skip

    @staticmethod
    def _change(one: Sentence, turn: Turn) -> int | None:
        """The sign of the change that the sentence itself gives: from one number to another."""
        start, end = one.clause(turn.start)
        counts = [n for n in one.numbers if start <= n.start < end and n.form in _LEVELS]
        before = [n for n in counts if n.start < turn.start]
        after = [n for n in counts if n.start > turn.start]
        if len(before) == 1 and len(after) == 1 and after[0].form == before[0].form:
            return (after[0].value > before[0].value) - (after[0].value < before[0].value)
        if not before and len(after) == 2 and after[0].form == after[1].form:
            return (after[1].value > after[0].value) - (after[1].value < after[0].value)
        earlier = [n for n in one.numbers if n.start < start and n.form in _LEVELS]
        if not before and len(after) == 1 and earlier and earlier[-1].form == after[0].form:
            change = (after[0].value > earlier[-1].value) - (after[0].value < earlier[-1].value)
            # Two years belong together; else the clauses may not.
            years = [c for c in one.clauses if any(
                n.form == "year" and c[0] <= n.start < c[1] for n in one.numbers)]  # fmt: skip
            both = {one.clause(earlier[-1].start), (start, end)} <= set(years)
            return change if change == turn.sign or both else None
        return None

    @staticmethod
    def _compared(one: Sentence, turn: Turn) -> Finding | None:
        """Whether the number before is above or below the one after, as the sentence says."""
        forms = {"plain", "percent", "times"}
        before = [n for n in one.numbers if n.end <= turn.start and n.form in forms]
        after = [n for n in one.numbers if n.start >= turn.end and n.form in forms
                 and one.clause(n.start) == one.clause(turn.start)]  # fmt: skip
        if not before or not after or before[-1].form != after[0].form:
            return None
        if before[-1].unit != after[0].unit or (before[-1].value > after[0].value) == (
            turn.sign == "above"
        ):
            return None
        return Finding(turn.start, turn.text, "direction", None, None)

    def _leads(self, one: Sentence, turn: Turn, around: frozenset[str]) -> Finding | None:
        start, end = one.clause(turn.start)
        whom = one.names(start, end) or one.names(0, start) or one.names(0, len(one.text)) or around
        if not whom:
            return None
        said = one.says(0, len(one.text))
        alike = [(bool(names & whom), len(words & said))
                 for names, words in self.known.leaders[turn.sign]]  # fmt: skip
        best = max((n for _, n in alike), default=0)
        own = max((n for is_own, n in alike if is_own), default=-1)
        if own >= max(0, best - 1) and (own or not best):
            return None
        return Finding(turn.start, turn.text, "direction", None, None)

    # Names

    def _names(self, one: Sentence) -> Iterator[Finding]:
        """Names that the report nowhere puts together, next to each other in a clause."""
        for first, second in itertools.pairwise(one.mentions):
            clause = one.clause(second.start)
            between = one.masked[first.end : second.start].strip(_EDGES)
            if one.clause(first.start) != clause or between in self.known.words.entries["joins"]:
                continue
            if not any(self.known.together.get(name, set()) & second.means for name in first.means):
                yield Finding(second.start, second.text, "name", None, None)


def _written_so(number: Number, fact: Fact) -> bool:
    """Whether the value of a fact may be written as the number; the direction is told in words."""
    if fact.shown.lstrip("<") == number.text:  # a probability below what is written out
        return True
    value = abs(fact.value)
    whole = number.form == "plain" and number.high - number.low >= 1
    if whole and fact.form == "ratio" and not value.is_integer() and value < _FEW:
        return False
    return number.holds(value)


def _same(mine: Slot, theirs: Slot) -> bool:
    if isinstance(mine, Mention) and isinstance(theirs, Mention):
        return bool(mine.means & theirs.means)
    if isinstance(mine, Number) and isinstance(theirs, Number):
        return mine.form == theirs.form and (mine.holds(theirs.value) or mine.text == theirs.text)
    return isinstance(mine, Turn) and isinstance(theirs, Turn) and mine.sign == theirs.sign


def _parts(one: Sentence) -> tuple[int, int]:
    """How many names, and how many slots, a sentence has."""
    return len(one.mentions), len(one.slots)
