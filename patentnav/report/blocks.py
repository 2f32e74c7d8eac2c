"""What a report is made of: sections of texts, tables and figures.

A block holds values, never sentences: the wording stands in the locale files under
``report.<key>``, and every number that a reader sees is a value of a block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from patentnav import i18n, schema
from patentnav._strings import texts
from patentnav._xml import xml_text
from patentnav.claims import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from matplotlib.axes import Axes

    from patentnav.explore.parts import Interactive

Style = Literal["lead", "body", "finding", "bullet", "note", "missing"]

_REF = re.compile("\x02(.+?)\x03")
# A hyphen before a number is a minus, which no line end parts from it.
_MINUS = re.compile(r"(?<![0-9A-Za-z.\u2013\u2014-])-(?=\d)")
_PATTERNS = {
    "count": "{:,.0f}", "number": "{:,.2f}", "amount": "{:,.2f}", "share": "{:.1%}", "ratio": "{:.4f}", "percent_change": "{:+.1%}",
    "date": "{:%Y-%m-%d}", "year": "{:.0f}", "p": "{:.3f}",
}  # fmt: skip
# An owner who is a person, by a number (:attr:`patentnav.study.Study.owners`).
_PERSON = re.compile(r"(?<!\w)#A\d+(?!\w)")
UNKNOWN = "–"
_NOT_ZERO = re.compile("[1-9]")
_SMALLEST = 0.001  # probability that is written out
_LEVEL = 0.05  # of significance: what lies above it by little is written with one more digit
_SHORT = 8  # characters that never break into lines
# What neither a document nor a page can hold; \x02 and \x03 mark references until they are split.
_CONTROL = re.compile("[\x00\x01\x04-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Ref:
    """A mention of a numbered figure, table or section, by its id, inside the values of a text."""

    target: str

    def __format__(self, spec: str) -> str:
        return f"\x02{self.target}\x03"


@dataclass(frozen=True)
class Text:
    """One paragraph.

    Attributes
    ----------
    key
        Wording, below ``report`` in the locale files. Placeholders carry the number forms, e.g.
        ``{count:,}`` or ``{share:.1%}``.
    values
        Values of the placeholders; a :class:`Ref` becomes a cross reference, another
        text stands in full.
    style
        ``lead``: a line above a group; ``finding``: the main result of a section, repeated in the summary; ``bullet``; ``note``:
        small print; ``missing``: says what the data do not tell and why.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    style: Style = "body"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Claims among the values, those of texts inside included."""
        found: list[Claim] = []
        for value in self.values.values():
            if isinstance(value, Claim):
                found.append(value)
            elif isinstance(value, Text):
                found.extend(value.claims)
        return tuple(found)

    def bare(self, lang: str) -> tuple[str, ...]:
        """Names of the numbers that the wording prints and that are no claims."""
        printed = i18n.placeholders(i18n.text(f"report.{self.key}", lang))
        return tuple(
            name
            for name, value in self.values.items()
            if name in printed and isinstance(value, int | float | np.number)
        )

    def runs(self, lang: str) -> list[str | Ref]:
        """The paragraph as pieces of text and cross references."""
        # Odd pieces of the split are the targets between the markers.
        pieces = _REF.split(self._filled(lang))
        runs = [Ref(piece) if i % 2 else piece for i, piece in enumerate(pieces)]
        return [run for run in runs if run]

    def _filled(self, lang: str) -> str:
        values = {
            name: value._filled(lang) if isinstance(value, Text) else _plain(value)  # noqa: SLF001
            for name, value in self.values.items()
        }
        return _worded(f"report.{self.key}", lang, values)


@dataclass(frozen=True)
class Table:
    """A numbered table.

    Attributes
    ----------
    id
        Name of the table; its caption is the wording ``report.caption.<id>``.
    frame
        The data. Column names are looked up under ``report.column``, then in the schema.
    forms
        How columns are written where the dtype does not tell, e.g. ``{"share": "share"}``:
        ``text, code, count, number, amount, share, ratio, percent_change, p, date, year``.
    values
        Values of the caption's placeholders.
    note
        Small print below: unit, counting rule, what is left out.
    rows
        Rows shown in documents; the workbook has all. ``None`` shows all.
    detail
        What the workbook has in place of ``frame``, where documents show a digest of it.
    fold
        Column by whose values a page folds the rows, to be opened one by one.
    """

    id: str
    frame: pd.DataFrame
    forms: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    note: Text | None = None
    rows: int | None = 20
    detail: pd.DataFrame | None = None
    fold: str | None = None

    @property
    def whole(self) -> Table:
        """The table of the workbook."""
        return self if self.detail is None else replace(self, frame=self.detail, detail=None)

    def told(self) -> Table:
        """The table without columns of which nothing at all is known; the note and text say so."""
        empty = self.frame.isna().all()
        if not len(self.frame) or not empty.any() or empty.all():
            return self
        return replace(self, frame=self.frame.loc[:, ~empty])

    def more(self, lang: str, rows: int | None) -> str | None:
        """What documents say of the rows that only the workbook has, if there are any."""
        total = len(self.frame)
        shown = total if rows is None else min(rows, total)
        if self.detail is not None and shown < len(self.detail):
            return i18n.text("report.word.more_detail", lang, shown=shown, total=len(self.detail))
        if shown < total:
            return i18n.text("report.word.more_rows", lang, shown=shown, total=total)
        return None

    def folded(self) -> Iterator[tuple[str, Table]]:
        """Values of the column that folds the table, in their order, and the rows of each."""
        keys = self.frame[self.fold].fillna(UNKNOWN)
        for key in keys.unique():
            part = self.frame.loc[keys == key].drop(columns=str(self.fold))
            yield str(key), replace(self, frame=part, rows=None, fold=None)

    def caption(self, lang: str) -> str:
        """Wording of the caption, without the number."""
        return xml_text(_worded(f"report.caption.{self.id}", lang, self.values), " ")

    def labels(self, lang: str) -> list[str]:
        """Headings of the columns."""
        return [column_label(str(name), lang) for name in self.frame.columns]

    def form(self, column: str) -> str:
        """How a column is written."""
        form = self.forms.get(column) or _form_of(self.frame[column].dtype)
        if form == "number" and column.endswith("count") and _is_whole(self.frame[column]):
            return "count"  # shares of nothing: every one counts as a whole
        return form

    def cells(self, lang: str, rows: int | None = None) -> Iterator[list[str]]:
        """Rows as texts; an unknown value is a dash, never a zero."""
        forms = [self.form(str(name)) for name in self.frame.columns]
        head = self.frame if rows is None else self.frame.head(rows)
        columns = [texts(head.iloc[:, i]) for i in range(len(forms))]
        for row in zip(*columns, strict=True):
            yield [write(value, form, lang) for value, form in zip(row, forms, strict=True)]

    def wraps(self, column: str) -> bool:
        """Tell whether long cells of a column may break into lines."""
        if self.form(column) != "text":
            return False
        return bool((self.frame[column].astype("str").str.len() > _SHORT).any())

    def is_numeric(self, column: str) -> bool:
        """Tell whether a column is set flush right."""
        return self.form(column) not in {"text", "code"}


def _is_whole(values: pd.Series) -> bool:
    known = values.dropna().astype("float64")
    return bool(len(known)) and bool((known == known.round()).all())


@dataclass(frozen=True)
class Figure:
    """A numbered figure.

    Attributes
    ----------
    table
        The data behind the picture (its id names the figure; caption, alternative text
        ``report.alt.<id>`` and note come from it).
    draw
        Draws on the axes it is given; computes nothing (:func:`patentnav.plot.drawing.drawing`).
    size
        Inches, width and height.
    interactive
        The form for browsers, if there is one.
    """

    table: Table
    draw: Callable[[Axes], object] = field(compare=False)
    size: tuple[float, float] = (6.3, 3.1)
    interactive: Interactive | None = None

    @property
    def id(self) -> str:
        """Name of the figure."""
        return self.table.id

    def alt(self, lang: str) -> str:
        """Alternative text for those who do not see the picture."""
        return xml_text(_worded(f"report.alt.{self.id}", lang, self.table.values), " ")


Block = Text | Table | Figure


@dataclass(frozen=True)
class Section:
    """A numbered section: its id, its place in the outline and its blocks.

    Attributes
    ----------
    id
        ``<part>.<name>``; the heading is the wording ``report.<id>.title``. A part's own heading
        has the id of the part.
    level
        1 for a part, 2 for a section.
    number
        As printed, e.g. ``1.2``; empty for an unnumbered part.
    blocks
        In reading order.
    part
        Id of the part in which it stands, which may be another than that of its own id.
    apart
        Whether it says only what the data lack: the appendix lists that, the body is without it.
    """

    id: str
    level: int
    number: str
    blocks: tuple[Block, ...] = ()
    part: str = ""
    apart: bool = False

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, and those behind the figures."""
        found = (b.table if isinstance(b, Figure) else b for b in self.blocks)
        return tuple(one for one in found if isinstance(one, Table))

    def title(self, lang: str) -> str:
        """Wording of the heading, without the number."""
        return i18n.text(f"report.{self.id}.title", lang)

    def heading(self, lang: str) -> str:
        """Number and title."""
        return f"{self.number} {self.title(lang)}".strip()


def _plain(value: Any) -> Any:
    """The value; a text without the markers of references, which are ours."""
    return xml_text(value, " ") if isinstance(value, str) else value


def _worded(key: str, lang: str, values: Mapping[str, Any]) -> str:
    return _MINUS.sub("\u2212", _CONTROL.sub(" ", _people(i18n.text(key, lang, **values), lang)))


def _people(text: str, lang: str) -> str:
    """A text that says what the number in place of an owner's name stands for."""
    if "#A" not in text:
        return text
    return _PERSON.sub(lambda m: i18n.text("report.word.masked_owner", lang, number=m[0]), text)


def column_label(column: str, lang: str) -> str:
    """Heading of a column: from the report's locale, else from the schema."""
    key = f"report.column.{column}"
    if i18n.has(key, lang):
        return i18n.text(key, lang)
    for table in schema.tables().values():
        if column in table.columns:
            return table.columns[column].labels[lang]
    return i18n.text(key, lang)  # says which wording is missing


def write(value: Any, form: str, lang: str) -> str:
    """Write one value in a form."""
    if not isinstance(value, str) and pd.isna(value):
        return UNKNOWN
    flag = pd.api.types.is_bool(value)
    if flag or form not in _PATTERNS:
        word = ("yes" if value else "no") if flag else None
        if word:
            return i18n.text(f"report.word.{word}", lang)
        return _people(xml_text(str(value), " "), lang)
    if form == "p" and value < _SMALLEST:
        return f"<{_SMALLEST}"  # a probability is never zero
    if form == "p" and _LEVEL < value < _LEVEL + _SMALLEST / 2:
        told = f"{value:.4f}"  # not to be read as one that passes
        return f">{_LEVEL}" if float(told) <= _LEVEL else told
    if form in {"ratio", "amount"} and float(value).is_integer():
        form = "count"  # a number of things among measures
    told = _PATTERNS[form].format(value)
    # What rounds to nothing has no sign.
    return told.removeprefix("-") if not _NOT_ZERO.search(told) else told


def _form_of(dtype: Any) -> str:
    if pd.api.types.is_bool_dtype(dtype):
        return "text"
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "date"
    if pd.api.types.is_integer_dtype(dtype):
        return "count"
    return "number" if pd.api.types.is_float_dtype(dtype) else "text"
