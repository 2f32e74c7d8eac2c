"""Write a set in the form of any vendor's export, driven by the vendor's format file.

For tests and training: what a format file says about reading is turned round. The block ``[write]``
of the file adds the layout: kind of file, columns in order, separators, form of dates and numbers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files, _resources, schema
from patentnav.errors import ArgumentError
from patentnav.io import formats
from patentnav.normalize.identifiers import check_digit
from patentnav.patentset import checked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from patentnav.io.formats import Format, Target
    from patentnav.patentset import PatentSet

_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (xlsx states no zone); equal input, equal bytes
_PUBLICATION = {
    ("publications", "publication_id"), ("publications", "pct_publication_id"),
    ("citations", "cited_id"), ("citations", "citing_id"), ("families", "publication_id"),
}  # fmt: skip
_WORDED = {"patent_type", "granted", "legal_status"}
_SYMBOL = re.compile(r"^([A-HY]\d{2}[A-Z])(\d+)/(\d+)$")
_NUMBER = re.compile(r"^([A-Z]{2})(.*?)([A-Z]\d?)?$")


@dataclass(frozen=True)
class _Layout:
    """The block ``[write]`` of a format file."""

    columns: list[str]
    kind: str = "csv"
    separator: str = ","
    sheet: str = "Sheet1"
    date: str = "%Y-%m-%d"
    join: str = "; "
    missing: str = ""
    encoding: str = "utf-8"
    bom: bool = False
    quote_all: bool = False
    trailing_separator: bool = False
    title_rows: list[list[str]] = field(default_factory=list)
    publication: str = "{office}{number}{kind}"
    application: Mapping[str, str] = field(default_factory=lambda: {"other": "{office}{number}"})
    symbol: str = "{subclass}{group}/{subgroup}"
    forms: Mapping[str, str] = field(default_factory=dict)


_ENDINGS = {"workbook": (".xlsx", ".xls"), "text": (".csv", ".tsv", ".txt")}


def write_export(patents: PatentSet, path: str | Path, format: str) -> Path:
    """Write a set as if a vendor had exported it.

    Parameters
    ----------
    patents
        The set.
    path
        File to write; an existing one is replaced.
    format
        Name of a format that has a ``[write]`` block, e.g. ``"incopat"``.

    Returns
    -------
    pathlib.Path
        The file, with the vendor's headers, separators, number and date forms and encoding; one
        record per publication, sorted by id. Columns whose data the set does not carry are empty.
        Old binary workbooks (xls) are written as xlsx; readers go by the content.

    Raises
    ------
    UnknownNameError
        No format has this name.
    ArgumentError
        The format cannot be written, or the ending of the file promises another kind of file than
        the vendor writes.

    Examples
    --------
    >>> import patentnav as pnav
    >>> few = pnav.datasets.city(n=20).patents
    >>> file = pnav.datasets.write_export(few, "few.xlsx", "incopat")  # doctest: +SKIP
    """
    checked(patents, "write_export")
    form = formats.load(format)
    entry = _resources.load_toml("formats", format)
    if "write" not in entry:
        known = [n for n in formats.names() if "write" in _resources.load_toml("formats", n)]
        msg = f'Format "{format}" cannot be written. Formats that can: {", ".join(known)}.'
        raise ArgumentError(msg)
    layout = _Layout(**entry["write"])
    writer = _Cells(patents, form, layout, str(entry["language"]))
    rows = pd.DataFrame({i: writer.column(h) for i, h in enumerate(layout.columns)})
    rows = rows.fillna(layout.missing).replace("", layout.missing)
    table = [*layout.title_rows, layout.columns, *rows.to_numpy().tolist()]
    target = _files.as_path(path)
    _check_ending(target, format, layout.kind)
    if layout.kind in {"xlsx", "xls"}:
        return _files.write_file(target, _xlsx(table, layout.sheet))
    if layout.kind == "csv":
        return _files.write_file(target, _csv(table, layout))
    msg = f'Format "{format}" says kind = "{layout.kind}", which is not one of csv, xls, xlsx.'
    raise ArgumentError(msg)


def _check_ending(target: Path, format: str, kind: str) -> None:
    own = "workbook" if kind in {"xlsx", "xls"} else "text"
    other = "text" if own == "workbook" else "workbook"
    if target.suffix.lower() in _ENDINGS[other]:
        msg = (
            f'"{target.name}": exports of {format} are {own} files, not {target.suffix}. Name the '
            f"file {target.stem}{'.' + kind if own == 'workbook' else '.csv'}, or write the tables "
            "with patents.save."
        )
        raise ArgumentError(msg)


def _csv(table: list[list[str]], layout: _Layout) -> bytes:
    head = len(layout.title_rows) + 1
    end = "\r\n"  # the writer quotes cells that hold a character of it
    lines = _records(table[:head], layout.separator, csv.QUOTE_MINIMAL, end)
    rest = csv.QUOTE_ALL if layout.quote_all else csv.QUOTE_MINIMAL
    after = layout.separator if layout.trailing_separator else ""
    for line in _records(table[head:], layout.separator, rest, end):
        lines.append(line.removesuffix(end) + after + end)
    encoding = "utf-8-sig" if layout.bom else layout.encoding
    return "".join(lines).encode(encoding, errors="replace")


def _records(table: list[list[str]], separator: str, quoting: Any, end: str) -> list[str]:
    """Each record as the text of its lines."""
    texts = []
    for row in table:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=end)
        writer.writerow(row)
        texts.append(text.getvalue())
    return texts


def _xlsx(table: list[list[str]], sheet: str) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _EPOCH})
        page = book.add_worksheet(sheet)
        for i, row in enumerate(table):
            for k, cell in enumerate(row):
                page.write_string(i, k, str(cell))
    return buffer.getvalue()


class _Cells:
    """Makes the cells of one column after the other."""

    def __init__(self, patents: PatentSet, form: Format, layout: _Layout, language: str) -> None:
        self.patents, self.form, self.layout, self.language = patents, form, layout, language
        self.ids = patents.publications.index

    def column(self, header: str) -> pd.Series:
        """Text of every publication's cell, NA where there is nothing to write."""
        targets = [t for t in self.form.targets(header) if t.table != formats.NOT_DATA]
        if not targets:
            running = header in {self.layout.columns[0]}
            return pd.Series(range(1, len(self.ids) + 1) if running else None, self.ids).astype(
                "str"
            )
        if targets[0].table == "publications":
            return self._scalar(targets)
        return self._list(header, targets[0])

    def _scalar(self, targets: list[Target]) -> pd.Series:
        first = targets[0].field
        flat = self.patents.publications.reset_index().set_index("publication_id", drop=False)
        if first in _WORDED:
            fields = [t.field for t in targets if t.field in _WORDED]
            return self._words(flat[fields])
        return self._text(flat, "publications", first)

    def _words(self, values: pd.DataFrame) -> pd.Series:
        """The vendor language's first word that means all the values."""
        vocabularies = {c: _resources.load_csv("vocabularies", c) for c in values.columns}
        plain = values.astype("str").fillna("")
        known = plain.agg("\t".join, axis=1)
        words = {}
        for key, one in plain.groupby(known, sort=False):
            words[key] = _word(_wanted(one.iloc[0]), vocabularies, self.language)
        return known.map(words)

    def _list(self, header: str, target: Target) -> pd.Series:
        if not self.patents.has(target.table):
            return pd.Series(None, self.ids, dtype="str")
        rows = self._rows(target)
        template = self.layout.forms.get(header)
        fields = re.findall(r"{(\w+)[:}]", template) if template else [self._field(target)]
        texts = {name: self._text(rows, target.table, name) for name in fields}
        if template:
            cells = _filled(template, rows, texts)
        else:
            cells = texts[fields[0]].fillna(self.layout.missing)
        joined = cells.groupby(rows["_own"].to_numpy(), sort=False).agg(
            self._separator(target).join
        )
        return joined.reindex(self.ids)

    @staticmethod
    def _field(target: Target) -> str:
        if target.field:
            return target.field
        named: list[str] = re.findall(r"\(\?P<(\w+)>", "".join(target.pattern))
        return [*target.parts, *target.group, *named][0]

    def _separator(self, target: Target) -> str:
        join = self.layout.join
        if target.split is None or any(s.strip() == join.strip() for s in target.split):
            return join
        return target.split[0] if target.split else join

    def _rows(self, target: Target) -> pd.DataFrame:
        """Rows of the target's table that the column shows, with their publication in ``_own``."""
        frame: pd.DataFrame = getattr(self.patents, target.table)
        constants = dict(target.constants)
        if target.table == "citations":
            backward = target.direction == "backward"
            frame = frame.assign(_own=frame["citing_id" if backward else "cited_id"])
            kind = "literature" if target.field == "cited_text" else "patent"
            constants.setdefault("cited_kind", kind)
        elif target.table == "families":
            own = frame.rename(columns={"publication_id": "_own"})
            own = own[own["_own"].isin(self.ids)]
            keys = ["scheme", "family_id"]
            frame = frame.merge(own[[*keys, "_own"]], on=keys)
        else:
            frame = frame.assign(_own=frame["publication_id"])
        if target.table == "texts":
            return self._texts(frame, constants)
        for name, value in constants.items():
            frame = frame[frame[name].eq(value).fillna(False)]
        frame = frame[frame["_own"].isin(self.ids)]
        order = [c for c in ("_own", "position") if c in frame.columns]
        frame = frame.sort_values(order, kind="stable")
        if target.split == ():
            frame = frame.drop_duplicates("_own")
        return frame

    def _texts(self, frame: pd.DataFrame, constants: Mapping[str, Any]) -> pd.DataFrame:
        frame = frame[frame["field"] == constants["field"]]
        if constants["language"] == "auto":
            own = self.patents.publications["language"].reindex(frame["_own"]).to_numpy()
            translated = bool(constants.get("is_translation", False))
            frame = frame[(frame["language"].to_numpy() == own) != translated]
        else:
            frame = frame[frame["language"] == constants["language"]]
        return frame[frame["_own"].isin(self.ids)].drop_duplicates("_own")

    def _text(self, rows: pd.DataFrame, table: str, name: str) -> pd.Series:
        """One field as the vendor writes it."""
        values: pd.Series = rows[name]
        dtype = schema.table(table).column(name).dtype
        if dtype == "date":
            written: pd.Series = values.dt.strftime(self.layout.date).astype("str")
            return written
        if (table, name) in _PUBLICATION:
            return values.map(self._publication, na_action="ignore").astype("str")
        if (table, name) in {("publications", "application_id"), ("priorities", "priority_number")}:
            return values.map(self._application, na_action="ignore").astype("str")
        if (table, name) == ("classifications", "symbol"):
            return values.map(self._symbol, na_action="ignore").astype("str")
        if (table, name) == ("publications", "authority") and self.language == "zh":
            offices = _resources.load_csv("vocabularies", "offices")
            names = {row["value"]: row["text"] for row in reversed(offices)}
            return values.map(names).fillna(values)
        return values.astype("str")

    def _publication(self, number: str) -> str:
        found = _NUMBER.match(number)
        if not found:
            return number
        return self.layout.publication.format(office=found[1], number=found[2], kind=found[3] or "")

    def _application(self, number: str) -> str:
        office, rest = number[:2], number[2:]
        template = self.layout.application.get(office, self.layout.application["other"])
        check = check_digit(rest) if office == "CN" and rest.isdigit() else ""
        return template.format(office=office, number=rest, check=check)

    def _symbol(self, symbol: str) -> str:
        found = _SYMBOL.match(symbol)
        if not found:
            return symbol
        return self.layout.symbol.format(subclass=found[1], group=found[2], subgroup=found[3])


def _filled(template: str, rows: pd.DataFrame, texts: Mapping[str, pd.Series]) -> pd.Series:
    """Structured values; a template may give a date its own form, ``{date:%Y%m%d}``."""
    values = {
        name: rows[name].tolist() if f"{{{name}:" in template else text.fillna("").tolist()
        for name, text in texts.items()
    }
    cells = [
        template.format(**dict(zip(values, one, strict=True))).replace("NaT", "").strip()
        for one in zip(*values.values(), strict=True)
    ]
    return pd.Series(cells, rows.index, dtype="str")


def _wanted(values: pd.Series) -> dict[str, str]:
    return {str(name): str(value).lower() for name, value in values.items()}


def _word(
    wanted: dict[str, str], vocabularies: Mapping[str, list[dict[str, str]]], language: str
) -> str | None:
    known = {
        name: {row["text"]: row["value"] for row in rows} for name, rows in vocabularies.items()
    }
    for text in dict.fromkeys(t for words in known.values() for t in words):
        meant = {name: words[text] for name, words in known.items() if text in words}
        # Chinese vendors write Chinese words, others Latin ones.
        fits_language = text.isascii() == (language != "zh")
        if meant and fits_language and all(wanted[name] == value for name, value in meant.items()):
            return text
    return None
