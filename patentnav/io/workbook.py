"""Spreadsheets (xlsx, xls) as columns of text; refuses what would exhaust the memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import workbooks
from patentnav.errors import FormatError
from patentnav.io import detect, grids, mended, refused
from patentnav.io.raw import RawTable

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_workbook(content: bytes, file: str, known: frozenset[str]) -> RawTable:
    """Read the sheet of a workbook that has the most known headers; see :func:`read_sheets`."""
    return read_sheets(content, file, known)[0]


def read_sheets(content: bytes, file: str, known: frozenset[str]) -> list[RawTable]:
    """Read the sheet of a workbook that has the most known headers, and those with the same ones.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Name for messages.
    known
        Headers of all formats; they tell sheet and header row.

    Returns
    -------
    list of RawTable
        The best sheet first.

    Raises
    ------
    FormatError
        The workbook is damaged, protected, empty or absurdly large.

    Warns
    -----
    DataQualityWarning
        Another sheet looks like a table of patents too, but has other headers; or blocks of cells
        are merged over several rows, of which only the first has a value.
    """
    book = mended.Workbook(content)

    def mend(sound: bytes, kind: str) -> bytes:
        nonlocal book
        if kind == "xls":
            refused.refuse_ole(sound, file)
        book = mended.xls(sound) if kind == "xls" else mended.xlsx(sound, file)
        return book.content

    sheets, kind = workbooks.sheets(content, file, mend)
    decoded = _filled(sheets, file)
    seen, left_out = grids.without_hidden(
        [(name, name in book.hidden, name, len(sheet)) for name, sheet in decoded.items()], file
    )
    found = []
    for name in seen:
        sheet = decoded[name]
        rows = sheet.slice(0, grids.HEAD_ROWS).to_pylist()
        head = [[v or "" for v in row.values()] for row in rows]
        index = detect.header_row(head, known)
        table = replace(_table(sheet, index, kind, name), signs=(*left_out, *book.signs))
        found.append(grids.Candidate(table, detect.keys(head[index])))
    return grids.best(found, file, known)


def _filled(sheets: Mapping[str, pa.RecordBatch], file: str) -> dict[str, pa.RecordBatch]:
    """Sheets with any filled cell."""
    filled = {n: s for n, s in sheets.items() if any(c.null_count < len(c) for c in s.columns)}
    if not filled:
        msg = f'"{file}" has no filled cell. Export it again.'
        raise FormatError(msg)
    return filled


def _table(batch: pa.RecordBatch, index: int, kind: str, name: str) -> RawTable:
    columns = []
    headers = []
    for column in batch.columns:
        text = column.cast(pa.large_string())
        headers.append((text[index].as_py() or "").strip())
        columns.append(text.slice(index + 1))
    n = batch.num_rows - index - 1
    rows = np.arange(index + 2, index + 2 + n)
    used = [i for i, h in enumerate(headers) if h or columns[i].null_count < n]
    return RawTable(
        headers=[headers[i] for i in used],
        columns=[_empty_to_null(columns[i]) for i in used],
        rows=rows,
        encoding=kind,
        sheet=name,
    )


def _empty_to_null(column: pa.Array) -> pa.Array:
    if column.null_count == len(column):
        return column
    empty = pc.equal(pc.binary_length(column), 0)
    return pc.if_else(empty, None, column) if pc.any(empty).as_py() else column
