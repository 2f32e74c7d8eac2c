"""Spreadsheets (xlsx, xls) as columns of text; refuses what would exhaust the memory."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import workbooks
from patentnav.errors import DataQualityWarning, FormatError
from patentnav.io import detect
from patentnav.io.raw import RawTable

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD_ROWS = 30
_EDITED = 64 << 20
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref=["']\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)"""
)
_TABLE_HEADERS = 3  # known headers of a sheet that looks like a table of patents


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
    sheets, kind = workbooks.sheets(content, file)
    if kind == "xlsx":
        _warn_of_merged(content, file)
    found: list[tuple[int, int, frozenset[str], RawTable]] = []
    for name, sheet in _filled(sheets, file).items():
        rows = sheet.slice(0, _HEAD_ROWS).to_pylist()
        head = [[v or "" for v in row.values()] for row in rows]
        index = detect.header_row(head, known)
        keys = detect.keys(head[index])
        found.append((-len(keys & known), len(found), keys, _table(sheet, index, kind, name)))
    found.sort(key=lambda f: f[:2])
    points, _, headers, best = found[0]
    same = [table for _, _, keys, table in found[1:] if points and keys == headers]
    unread = [
        f'"{table.sheet}" ({len(table):,} rows)' for score, _, keys, table in found[1:]
        if keys != headers and -score >= _TABLE_HEADERS
    ]  # fmt: skip
    if unread:
        msg = (
            f'"{file}": of its sheets only "{best.sheet}" and those with the same headers are '
            f"read, not {', '.join(unread)}. Save these as files of their own to read them."
        )
        warnings.warn(msg, DataQualityWarning, stacklevel=2)
    return [best, *same]


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


def _warn_of_merged(content: bytes, file: str) -> None:
    """Say that cells are empty because they were merged; sheets of many megabytes are exports."""
    blocks = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if "worksheets/" in member.filename and member.file_size < _EDITED:
                blocks += [m for m in _MERGED.findall(archive.read(member)) if m[0] != m[1]]
    if blocks:
        msg = (
            f'"{file}" has {len(blocks):,} blocks of cells merged over several rows (the first: '
            f"rows {int(blocks[0][0])} to {int(blocks[0][1])}); only the first row of a block has "
            "its value. Unmerge and fill them where it counts for every row."
        )
        warnings.warn(msg, DataQualityWarning, stacklevel=2)
