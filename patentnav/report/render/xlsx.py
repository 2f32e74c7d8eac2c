"""The report's numbers as a workbook: a sheet per table and per figure, an index in front.

Cells are values, never formulas: a text that a spreadsheet would take for a formula is written as
text.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from patentnav import i18n
from patentnav._strings import texts
from patentnav.report.blocks import Figure, Table, column_label
from patentnav.report.render.charts import chart_of
from patentnav.sheets import EPOCH, guarded

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentnav.report.document import Report
    from patentnav.report.render.charts import Chart

_NUMBER_FORMATS = {
    "count": "#,##0", "number": "#,##0.00", "amount": "#,##0.##", "share": "0.0%", "ratio": "0.0000", "percent_change": "+0.0%;-0.0%;0.0%", "p": "0.0000",
    "date": "yyyy-mm-dd", "year": "0", "text": "@", "code": "@",
}  # fmt: skip

_KINDS = {
    "column": {"type": "column"},
    "line": {"type": "line"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "bar": {"type": "bar"},
}
_HEAD = 2  # row of the headings of the sheet of claims
_PARTS = 3  # of a reference to a cell
_CHART_COLUMNS = 12  # of a sheet that a chart covers


def render(report: Report) -> bytes:
    """Return the xlsx file."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip
    book = xlsxwriter.Workbook(file, options)
    book.set_properties(
        {"title": report.title, "subject": report.subtitle, "comments": report.banner,
         "author": report.author, "created": EPOCH}
    )  # fmt: skip
    _Book(book, report).write()
    book.close()
    return file.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, report: Report) -> None:
        self.book, self.report, self.lang = book, report, report.lang
        self._rest = i18n.text("plot.other", self.lang)
        self.headings = {s.id: s.heading(self.lang) for s in report.sections}
        self.heading = book.add_format({"bold": True, "font_size": 13})
        self.label = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#EEF2F7", "text_wrap": True, "valign": "top"}
        )
        self.link = book.get_default_url_format()
        self.warning = book.add_format({"bold": True, "font_color": "#B00020"})
        self.forms = {
            name: book.add_format({"num_format": pattern})
            for name, pattern in _NUMBER_FORMATS.items()
        }

    def write(self) -> None:
        blocks: list[Table | Figure] = [
            b for b in self.report.blocks() if isinstance(b, Table | Figure)
        ]
        names = [self.report.label(block.id) for block in blocks]
        self._index(names, blocks)
        for name, block in zip(names, blocks, strict=True):
            self._sheet(name, block)
        if len(self.report.claims):
            self._claims(
                dict(zip((b.id for b in blocks), zip(names, blocks, strict=True), strict=True))
            )

    def _claims(self, blocks: dict[str, tuple[str, Table | Figure]]) -> None:
        """What the sentences state, one row each, linked to the cell where a table has it."""
        name, claims = self._word("claims"), self.report.claims
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, name, self.heading)
        sheet.set_column(0, len(claims.columns) - 1, 18)
        for i, column in enumerate(claims.columns):
            label = i18n.text(f"report.claim.{column}", self.lang)
            sheet.write_string(_HEAD, i, label, self.label)
        linked = list(claims.columns).index("evidence")
        first_rows = _rows_of_texts()
        for row, claim in enumerate(claims.to_dict("records"), start=_HEAD + 1):
            for i, (part, given) in enumerate(claim.items()):
                value = self._told(str(part), given)
                if value is None or (not isinstance(value, str) and pd.isna(value)):
                    continue
                if isinstance(value, str):
                    sheet.write_string(row, i, guarded(value))
                else:
                    sheet.write_number(row, i, float(value))
            cell = _cell(
                str(claim["evidence"] or ""), str(claim["label"]), blocks, self.report.banner,
                first_rows,
            )  # fmt: skip
            if cell is not None:
                sheet.write_url(
                    row, linked, f"internal:{cell}", self.link, guarded(claim["evidence"])
                )
        sheet.freeze_panes(_HEAD + 1, 1)
        sheet.autofilter(_HEAD, 0, _HEAD + len(claims), len(claims.columns) - 1)

    def _told(self, column: str, value: Any) -> Any:
        """A part of a claim in words, as it is where it has none: ids and measures stay for machines."""
        if not isinstance(value, str):
            return value
        if column == "section":
            return self.headings.get(value) or value
        key = f"report.claim_value.{column}.{value.lower().replace(' ', '_')}"
        return i18n.text(key, self.lang) if value and i18n.has(key, self.lang) else value

    def _word(self, key: str) -> str:
        return i18n.text(f"report.word.{key}", self.lang)

    def _index(self, names: list[str], blocks: list[Table | Figure]) -> None:
        sheet = self.book.add_worksheet(self._word("index"))
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 70)
        sheet.write_string(0, 0, self.report.title, self.heading)
        row = 1
        if self.report.banner:
            sheet.write_string(row, 0, self.report.banner, self.warning)
            row += 1
        for label, value in self.report.facts:
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, guarded(value))
            row += 1
        for name, block in zip(names, blocks, strict=True):
            row += 1
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self.link, name)
            sheet.write_string(row, 1, _table(block).caption(self.lang))

    def _sheet(self, name: str, block: Table | Figure) -> None:
        table = _table(block)
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, f"{name}  {table.caption(self.lang)}", self.heading)
        sheet.write_url(0, max(len(table.frame.columns), 4), f"internal:'{self._word('index')}'!A1",
                        self.link, self._word("index"))  # fmt: skip
        if table.note is not None:
            sheet.write_string(1, 0, self.report.plain(table.note))
        head = _head(table, self.report.banner)
        if self.report.banner:
            sheet.write_string(head - 2, 0, self.report.banner, self.warning)
        for i, column in enumerate(map(str, table.frame.columns)):
            form = table.form(column)
            width = 42 if form == "text" and _long(table.frame[column]) else 15
            sheet.set_column(i, i, width, self.forms[form])
            sheet.write_string(head, i, column_label(column, self.lang), self.label)
            self._column(sheet, head + 1, i, table.frame[column], form)
        sheet.freeze_panes(head + 1, 0)
        if len(table.frame):
            sheet.autofilter(head, 0, head + len(table.frame), len(table.frame.columns) - 1)
        if isinstance(block, Figure):
            chart = None if block.interactive else chart_of(table, self._rest)
            if chart is None:
                self._picture(sheet, block, head)
            else:
                drawn = self._chart(sheet, table, chart, name=name, head=head)
                place = len(table.frame.columns) + 1
                sheet.insert_chart(head, place, drawn, {"description": block.alt(self.lang)})

    def _picture(self, sheet: Any, block: Figure, head: int) -> None:
        picture = io.BytesIO(self.report.pictures[block.id])
        options = {
            "image_data": picture,
            "x_scale": 0.45,
            "y_scale": 0.45,
            "description": block.alt(self.lang),
        }
        sheet.insert_image(head, len(block.table.frame.columns) + 1, f"{block.id}.png", options)

    def _chart(self, sheet: Any, table: Table, chart: Chart, *, name: str, head: int) -> Any:
        """A native chart of the cells of the table, or of data that are written far to its right."""
        far = len(table.frame.columns) + 1 + _CHART_COLUMNS
        places = chart.places or tuple(range(far, far + len(chart.frame.columns)))
        if chart.places is None:
            for place, column, form in zip(places, chart.frame.columns, chart.forms, strict=True):
                label = self._series_name(str(column), table)
                sheet.write_string(head, place, guarded(label), self.label)
                self._column(sheet, head + 1, place, chart.frame[column], form)
        last = head + len(chart.frame)
        drawn = self.book.add_chart(_KINDS[chart.kind])
        for place in places[1:]:
            drawn.add_series(
                {
                    "name": [name, head, place],
                    "categories": [name, head + 1, places[0], last, places[0]],
                    "values": [name, head + 1, place, last, place],
                    "gap": 60,
                }
            )
        drawn.set_title({"name": table.caption(self.lang), "name_font": {"size": 11}})
        names: dict[str, Any] = {"name": column_label(str(chart.frame.columns[0]), self.lang)}
        grid = {"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
        if chart.kind == "bar":
            drawn.set_y_axis({**names, "reverse": True})  # the first on top
            drawn.set_x_axis(grid)
        else:
            drawn.set_x_axis(names)
            drawn.set_y_axis(grid)
        if len(chart.frame.columns) == 2:
            drawn.set_legend({"none": True})
        drawn.set_size({"width": 720, "height": 400})
        return drawn

    def _series_name(self, column: str, table: Table) -> str:
        """Heading of a column of the table; a group's name where groups were made columns."""
        known = column in map(str, table.frame.columns)
        return column_label(column, self.lang) if known else column

    def _column(self, sheet: Any, first: int, column: int, values: pd.Series, form: str) -> None:
        look = self.forms[form]
        for row, value in enumerate(texts(values), start=first):
            if isinstance(value, str):
                sheet.write_string(row, column, guarded(value), look)
            elif type(value) in {float, int} and form != "date":
                if not math.isnan(value):  # unknown: an empty cell, never a zero
                    sheet.write_number(row, column, value, look)
            elif pd.isna(value):
                continue  # unknown: an empty cell, never a zero
            elif pd.api.types.is_bool(value):
                sheet.write_string(row, column, self._word("yes" if value else "no"), look)
            elif form == "date":
                sheet.write_datetime(row, column, pd.Timestamp(value).to_pydatetime(), look)
            else:
                sheet.write_number(row, column, float(value), look)


def _table(block: Table | Figure) -> Table:
    return (block.table if isinstance(block, Figure) else block).whole


def _head(table: Table, banner: str) -> int:
    """Row of a table's headings: below its title, its note and the banner."""
    return 2 + (table.note is not None) + bool(banner)


def _rows_of_texts() -> Callable[[Table], dict[str, int]]:
    """First row of a table in which each text stands, found once: many claims ask for a table."""
    known: dict[str, dict[str, int]] = {}

    def of(table: Table) -> dict[str, int]:
        if table.id not in known:
            frame = table.frame.astype("str")
            rows: dict[str, int] = {}
            for column in frame.columns:
                for row, text in enumerate(texts(frame[column])):
                    rows[text] = min(row, rows.get(text, row))
            known[table.id] = rows
        return known[table.id]

    return of


def _cell(
    evidence: str,
    label: str,
    blocks: dict[str, tuple[str, Table | Figure]],
    banner: str,
    first_rows: Callable[[Table], dict[str, int]],
) -> str | None:
    """Address of the cell that a claim rests on: ``table/row/column``, the row by its label."""
    parts = evidence.split("; ", maxsplit=1)[0].split("/")
    if len(parts) < _PARTS or parts[0] not in blocks:
        return None
    name, block = blocks[parts[0]]
    table = _table(block)
    if parts[-1] not in table.frame.columns:
        return None
    rows = first_rows(table)
    told = (label, "/".join(parts[1:-1]))
    row = min((rows[text] + 1 for text in told if text in rows), default=0)
    column = list(table.frame.columns).index(parts[-1])
    place = xl_rowcol_to_cell(_head(table, banner) + row, column)
    return f"'{name}'!{place}"


def _long(values: pd.Series) -> bool:
    return bool((values.astype("str").str.len() > 12).any())
