"""What a report knows: the values of its claims, of the cells of its tables and of its sentences."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from patentnav import i18n
from patentnav.report.blocks import Figure, Ref, Table, Text, column_label, write
from patentnav.report.check.names import Names
from patentnav.report.check.sentences import about, sentences
from patentnav.report.check.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block
    from patentnav.report.check.figures import Number
    from patentnav.report.check.sentences import Sentence
    from patentnav.report.check.vocabulary import Vocabulary
    from patentnav.report.document import Report

Form = Literal["count", "share", "rate", "ratio", "year", "rank", "date"]
_APPENDIX = "methods."  # its tables list choices, not subjects
_QUOTES = " \u201c\u201d\u2018\u2019\"'\u300a\u300b"
_LONGEST = 90  # characters of a cell that is a name
_FORMS: dict[str, Form] = {
    "count": "count", "number": "ratio", "share": "share", "ratio": "ratio", "percent_change": "rate",
    "p": "ratio", "year": "year", "date": "date",
}  # fmt: skip
_KINDS: dict[str, Form] = {
    "count": "count", "share": "share", "rank": "rank", "date": "year", "index": "ratio",
    "comparison": "ratio", "association": "ratio", "parameter": "ratio", "trend": "rate",
}  # fmt: skip
# Columns of which the first is the earlier count of the second.
_PAIRS = (("count", "before_count", "recent_count"), ("share", "before_share", "recent_share"))
_PAGE_ROWS = 50  # rows of the data of a figure that a page shows
_AGAINST_ONE = ("growth_index", "relative_growth")
_WRITTEN: dict[str, Form] = {
    "percent": "share", "times": "ratio", "plain": "count", "year": "year", "rank": "rank", "date": "date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that the report states.

    Attributes
    ----------
    id
        The claim, ``<table>/<row key>/<column>``, or the section whose sentence says it.
    value, form, unit, measure
        The value and what kind it is; empty where the report does not say.
    shown
        As printed.
    names
        Whom it is about; empty for the set.
    years
        Years that it is of; empty where it is of all.
    words
        Pieces that tell what it is.
    sign
        Its direction, if it has one.
    keys
        Names of the cells that tell the row of a table from the others; each must be named.
    """

    id: str
    value: float
    form: Form
    shown: str
    names: frozenset[str] = frozenset()
    unit: str = ""
    measure: str = ""
    years: frozenset[int] = frozenset()
    words: frozenset[str] = frozenset()
    sign: int | str | None = None
    keys: tuple[frozenset[str], ...] = ()


class Knowledge:
    """Everything that a report states, to look up by name.

    Parameters
    ----------
    report
        The report.

    Attributes
    ----------
    names
        Names that it knows.
    stated
        Its own sentences by skeleton.
    years, windows
        Years and pairs of years that it names.
    together
        Names that stand in one row or sentence, as sets.
    """

    def __init__(self, report: Report) -> None:
        self.lang = report.lang
        self.words: Vocabulary = vocabulary(report.lang)
        self._spoken = {w for w in self.words.entries["numbers"]["digits"] if len(w) == 1}
        with report.reading():
            self._tables = list(_tables(report))
            self._appendix = {
                b.id for section in report.sections if section.id.startswith(_APPENDIX)
                for b in section.blocks if not isinstance(b, Text)
            }  # fmt: skip
            self.names = Names(self._names(report), self.words)
            self._by_name: dict[str, list[Fact]] = defaultdict(list)
            self._of_set: list[Fact] = []
            self._of_section: dict[str, list[Fact]] = defaultdict(list)
            self.stated: dict[str, list[tuple[str, Sentence]]] = defaultdict(list)
            self.years: set[int] = set()
            self.windows: set[tuple[int, int]] = set()
            self.together: dict[str, set[str]] = defaultdict(set)
            self.leaders: dict[int | str, list[tuple[frozenset[str], frozenset[str]]]]
            self.leaders = {"lead": [], "last": []}
            for fact in self._facts(report):
                self._keep(fact)

    def of(self, names: Iterable[str]) -> Iterator[Fact]:
        """Facts about any of these names."""
        for name in sorted(names):
            yield from self._by_name.get(name, ())

    def of_set(self) -> list[Fact]:
        """Facts about the whole set."""
        return self._of_set

    def of_section(self, section: str) -> list[Fact]:
        """Facts of the claims of a section."""
        return self._of_section.get(section, [])

    def _keep(self, fact: Fact) -> None:
        for name in sorted(fact.names):
            self._by_name[name].append(fact)
            self.together[name] |= fact.names
        if not fact.names:
            self._of_set.append(fact)
        section, colon, _ = fact.id.partition(":")
        if colon:
            self._of_section[section].append(fact)
        if fact.form == "year":
            self.years.add(int(fact.value))
        self.years |= fact.years

    def _names(self, report: Report) -> set[str]:
        found: set[str] = set()
        for table in self._tables:
            if table.id in self._appendix:
                continue
            for column in table.frame.columns:
                if not table.is_numeric(str(column)):
                    cells = table.frame[column].dropna().unique()
                    found |= {write(cell, table.form(str(column)), self.lang) for cell in cells
                              if isinstance(cell, str)}  # fmt: skip
        found |= {claim.label for claim in report.made.values() if claim.label}
        flags = {i18n.text(f"report.word.{word}", self.lang) for word in ("yes", "no")}
        quiet = {*flags, *self.words.directions, *self.words.units, *self.words.measures}
        return {name for name in (one.strip(_QUOTES) for one in found)
                if 1 < len(name) <= _LONGEST and name not in quiet and not name.isdigit()
                and (name[0] == "#" or any(c.isalpha() for c in name))}  # fmt: skip

    # Claims

    def _facts(self, report: Report) -> Iterator[Fact]:
        for claim in report.made.values():
            yield from self._of_claim(claim)
        for table in self._tables:
            yield from self._of_table(table)
        for section in report.sections:
            yield from self._of_sentence(section.id, section.title(report.lang), {})
            for block in section.blocks:
                yield from self._of_text(report, section.id, block)
        for label, value in report.facts:
            yield from self._of_sentence("cover", f"{label} {value}", {})
            yield from self._of_sentence("cover", value, {})

    def _of_claim(self, claim: Claim) -> Iterator[Fact]:
        if claim.window:
            self.windows.add(claim.window)
        if claim.baseline[:4].isdigit() and len(claim.baseline) == 9:
            first, _, last = claim.baseline.partition("-")
            self.windows.add((int(first), int(last)))
        whole = claim.subject == "set"
        names = frozenset() if whole or not claim.label else self._meant(claim.label)
        if claim.kind == "name" and claim.label:
            self.leaders["lead"].append((self._meant(claim.label), frozenset()))
            return
        if isinstance(claim.value, bool) or not isinstance(claim.value, int | float):
            return
        value = float(claim.value)
        form = _KINDS.get(claim.kind, "ratio")
        if claim.kind == "parameter" and value.is_integer() and 1900 <= value < 2100:
            form = "year"
        years = frozenset(claim.window or ())
        yield Fact(claim.id, value, form, str(claim.value), names, claim.unit,
                   form if form in {"share", "rate"} else "", years,
                   about(claim.label, self.words) if whole else frozenset(), claim.direction)  # fmt: skip

    def _meant(self, text: str) -> frozenset[str]:
        return frozenset().union(*(m.means for m in self.names.find(text)))

    # Tables

    def _of_table(self, table: Table) -> Iterator[Fact]:
        columns = [str(c) for c in table.frame.columns]
        forms = {c: table.form(c) for c in columns}
        caption = about(table.caption(self.lang), self.words)
        labels = {c: caption | about(column_label(c, self.lang), self.words) for c in columns}
        texts = [c for c in columns if not table.is_numeric(c)]
        telling = _telling(table.frame, [c for c in texts if table.frame[c].dtype != bool])
        first_count = next(
            (c for c in columns if forms[c] in {"count", "number"} and c != "rank"), None
        )
        ordered = first_count is not None and _falls(table.frame[first_count])
        for i, cells in enumerate(table.frame.itertuples(index=False, name=None)):
            row = dict(zip(columns, cells, strict=True))
            names: frozenset[str] = frozenset().union(
                *(self._meant(str(row[c])) for c in texts if not _missing(row[c]))
            )
            keys = tuple(
                k for c in telling if not _missing(row[c]) and (k := self._meant(str(row[c])))
            )
            own = keys[0] if keys else names
            for name in sorted(names):
                self.together[name] |= names
            key = str(row[texts[0]]) if texts else str(cells[0])
            years = [int(row[c]) for c in columns if forms[c] == "year" and not _missing(row[c])]
            of_year = frozenset(years if "year" in columns else ())
            for c in columns:
                if not _number(row[c]) or c in texts:
                    continue
                form: Form = "rank" if c == "rank" else _FORMS.get(forms[c], "ratio")
                value = float(row[c].strftime("%Y%m%d")) if form == "date" else float(row[c])
                of = frozenset() if form == "year" else of_year
                yield Fact(f"{table.id}/{key}/{c}", value, form, write(row[c], forms[c], self.lang),
                           names, "", form if form in {"share", "rate"} else "", of, labels[c],
                           _sign(value) if form == "rate" else None, keys)  # fmt: skip
                if form == "date":
                    yield Fact(f"{table.id}/{key}/{c}", value // 10_000, "year", str(row[c])[:4],
                               names, keys=keys)  # fmt: skip
            for c in texts:
                if not _missing(row[c]) and self._counts(str(row[c])):
                    yield from self._of_cell(f"{table.id}/{key}/{c}", str(row[c]), names)
            for measure, sign in _course(row):
                yield Fact(f"{table.id}/{key}", float("nan"), "ratio", "", names, measure=measure,
                           sign=sign, keys=keys)  # fmt: skip
            if ordered and own:
                yield Fact(
                    f"{table.id}/{key}", float(i + 1), "rank", str(i + 1), own, words=caption
                )
        for c in columns:
            self._extremes(table.frame, c, texts, labels[c])

    def _counts(self, text: str) -> bool:
        return any(c.isdigit() or c in self._spoken for c in text)

    def _of_cell(self, place: str, text: str, names: frozenset[str]) -> Iterator[Fact]:
        """Numbers inside a cell of text."""
        for one in sentences(text, self.names, self.words):
            for number in one.numbers:
                form = _WRITTEN[number.form]
                yield Fact(
                    place,
                    number.value,
                    form,
                    number.text,
                    _about_whom(one, number.start) | names,
                    number.unit,
                )

    def _extremes(
        self, frame: pd.DataFrame, column: str, texts: list[str], words: frozenset[str]
    ) -> None:
        """Who leads or closes a column."""
        if (
            not texts
            or frame[column].dtype == bool
            or not pd.api.types.is_numeric_dtype(frame[column].dtype)
        ):
            return
        values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
        if values.notna().any():
            for sign, value in (("lead", values.max()), ("last", values.min())):
                for cell in frame.loc[values.eq(value), texts[0]].dropna().head(3):
                    self.leaders[sign].append((self._meant(str(cell)), words))

    # Sentences

    def _of_text(self, report: Report, section: str, block: Block) -> Iterator[Fact]:
        if not isinstance(block, Text):
            yield from self._of_rows(report, section, block)
        notes: list[Text | None] = [block] if isinstance(block, Text) else [_note(block)]
        for text in notes:
            if text is None:
                continue
            claims = {_rounded(c): c.id for c in text.claims if isinstance(c.value, int | float)}
            runs = text.runs(report.lang)
            shown = "".join(report.label(r.target) if isinstance(r, Ref) else r for r in runs)
            yield from self._of_sentence(section, shown, claims)

    def _of_rows(self, report: Report, section: str, block: Table | Figure) -> Iterator[Fact]:
        """How many rows a document shows and how many there are."""
        table = block.table if isinstance(block, Figure) else block
        yield from self._of_sentence(
            section, f"{report.label(table.id)} {table.caption(self.lang)}", {}
        )
        if isinstance(block, Figure):
            yield from self._of_sentence(section, block.alt(self.lang), {})
        for rows in {table.rows, _PAGE_ROWS}:
            more = table.more(self.lang, rows)
            if more:
                yield from self._of_sentence(section, more, {})

    def _of_sentence(self, section: str, text: str, claims: dict[float, str]) -> Iterator[Fact]:
        for one in sentences(text, self.names, self.words):
            self.stated[one.skeleton].append((section, one))
            self._lines(one)
            for number in one.numbers:
                yield self._of_number(section, one, number, claims)
            for turn in one.turns:
                names = _about_whom(one, turn.start)
                if turn.sign in {"lead", "last"}:
                    whom = names or one.names(0, len(one.text))
                    self.leaders[turn.sign].append((whom, one.says(0, len(one.text))))
                start, end = one.clause(turn.start)
                yield Fact(section, float("nan"), "ratio", turn.text, names, measure=one.course(turn),
                           words=one.says(start, end), sign=turn.sign)  # fmt: skip
            whole = one.names(0, len(one.text))
            for name in sorted(whole):
                self.together[name] |= whole

    def _lines(self, one: Sentence) -> None:
        found = [n for n in one.numbers if n.form == "year"]
        for first, last in itertools.pairwise(found):
            self.windows.add((int(first.value), int(last.value)))

    def _of_number(
        self, section: str, one: Sentence, number: Number, claims: dict[float, str]
    ) -> Fact:
        form: Form = _WRITTEN[number.form]
        if number.form == "percent" and number.measure == "rate":
            form = "rate"
        start, end = one.clause(number.start)
        named = next((i for v, i in claims.items() if number.holds(v)), section)
        own = _years(one, start, end) if number.form != "year" else frozenset()
        return Fact(named, number.value, form, number.text, _about_whom(one, number.start),
                    number.unit, number.measure, own, one.says(0, len(one.text)))  # fmt: skip


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _course(row: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Which way the counts and the shares of a row went."""
    for measure, before, after in _PAIRS:
        if before in row and after in row and _number(row[before]) and _number(row[after]):
            yield measure, _sign(float(row[after]) - float(row[before]))
    for column in _AGAINST_ONE:
        if column in row and _number(row[column]):
            yield "share", _sign(float(row[column]) - 1)


def _telling(frame: pd.DataFrame, texts: list[str]) -> list[str]:
    """The first columns of text that together tell the rows apart; all where none do."""
    years = [c for c in ("year",) if c in frame]
    for column in texts:
        if not frame.duplicated([column, *years]).any():
            return [column]
    for i in range(2, len(texts) + 1):
        if not frame.duplicated([*texts[:i], *years]).any():
            return texts[:i]
    return texts


def _about_whom(one: Sentence, place: int) -> frozenset[str]:
    """Names of the clause, else those before it in the sentence."""
    start, end = one.clause(place)
    return one.names(start, end) or one.names(0, start)


def _years(one: Sentence, start: int, end: int) -> frozenset[int]:
    found = {int(n.value) for n in one.numbers if n.form == "year" and start <= n.start < end}
    return frozenset(found or {int(n.value) for n in one.numbers if n.form == "year"})


def _tables(report: Report) -> Iterator[Table]:
    for block in report.blocks():
        if isinstance(block, Text):
            continue
        table = block.table if isinstance(block, Figure) else block
        yield table
        if table.detail is not None:
            yield table.whole


def _note(block: Table | Figure) -> Text | None:
    table = block.table if isinstance(block, Figure) else block
    return table.note


def _falls(values: pd.Series) -> bool:
    numbers = pd.to_numeric(values, errors="coerce").dropna()
    return len(numbers) > 1 and bool(numbers.is_monotonic_decreasing)


def _rounded(claim: Claim) -> float:
    return float(claim.value)


def _missing(value: Any) -> bool:
    return not isinstance(value, str) and bool(pd.isna(value))


def _number(value: Any) -> bool:
    if isinstance(value, str | bool) or _missing(value):
        return False
    return isinstance(value, int | float | pd.Timestamp) or hasattr(value, "__float__")
