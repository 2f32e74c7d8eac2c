"""Spreadsheets (xlsx, xls) as columns of text; refuses what would exhaust the memory."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentnav.errors import FormatError
from patentnav.io import detect
from patentnav.io.raw import RawTable

if TYPE_CHECKING:
    from collections.abc import Sequence

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_MAX_RATIO = 200  # xlsx text packs 5 to 30 times; a bomb packs 1000 times
_SMALL = 64 << 20
_MAX_UNPACKED = 8 << 30
_MAX_CELLS = 300_000_000
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d+)["']""")
# Sheets without such a cell are below 100,000 rows by 702 columns: no need to look at each.
_FAR = re.compile(rb"""r=["'](?:[A-Z]{3}\d|[A-Z]{0,3}\d{6})""")
_CHUNK = 1 << 24
_HEAD_ROWS = 30


def read_workbook(content: bytes, file: str, known: frozenset[str]) -> RawTable:
    """Read the sheet of a workbook that has the most known headers.

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
    RawTable

    Raises
    ------
    FormatError
        The workbook is damaged, protected, empty or absurdly large.
    """
    import fastexcel

    kind = _guard(content, file)
    try:
        workbook = fastexcel.read_excel(content)
        sheets = [
            workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
            for name in workbook.sheet_names
        ]
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        msg = f'"{file}" is a damaged {kind} file ({reason}). Download or save it again.'
        raise FormatError(msg) from error
    filled = [s for s in sheets if any(c.null_count < len(c) for c in s.columns)]
    if not filled:
        msg = f'"{file}" has no filled cell. Export it again.'
        raise FormatError(msg)
    batch, index = _best_sheet(filled, known)
    return _table(batch, index, kind)


def _best_sheet(
    sheets: Sequence[pa.RecordBatch], known: frozenset[str]
) -> tuple[pa.RecordBatch, int]:
    """The sheet with the most known headers, and the index of its header row."""
    found = []
    for position, sheet in enumerate(sheets):
        rows = sheet.slice(0, _HEAD_ROWS).to_pylist()
        head = [[v or "" for v in row.values()] for row in rows]
        index = detect.header_row(head, known)
        found.append((-len(detect.keys(head[index]) & known), position, index))
    _, position, index = min(found)
    return sheets[position], index


def _table(batch: pa.RecordBatch, index: int, kind: str) -> RawTable:
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
    )


def _empty_to_null(column: pa.Array) -> pa.Array:
    if column.null_count == len(column):
        return column
    empty = pc.equal(pc.binary_length(column), 0)
    return pc.if_else(empty, None, column) if pc.any(empty).as_py() else column


# What zipfile raises for damage in one place or another of an archive.
_ZIP_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError,
    ValueError, RuntimeError, KeyError,
)  # fmt: skip


def _guard(content: bytes, file: str) -> str:
    """Kind of the container; raises before anything large is unpacked."""
    if content.startswith(OLE):
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
            msg = (
                f'"{file}" is protected by a password. Open it in a spreadsheet program, save it '
                "without the password and read it again."
            )
            raise FormatError(msg)
        return "xls"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_bombs(archive, members, file)
    except FormatError:
        raise
    except _ZIP_DAMAGE as error:
        msg = f'"{file}" is a truncated or damaged xlsx file. Download or save it again.'
        raise FormatError(msg) from error
    return "xlsx"


def _refuse_bombs(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], file: str) -> None:
    total = sum(m.file_size for m in members)
    suspicious = [
        m for m in members
        if m.file_size > _SMALL and m.file_size > _MAX_RATIO * max(m.compress_size, 1)
    ]  # fmt: skip
    if suspicious or total > _MAX_UNPACKED:
        msg = (
            f'"{file}" would unpack to {total / 2**30:.1f} GiB and is refused. Save it again in a '
            "spreadsheet program, or export in parts."
        )
        raise FormatError(msg)
    for member in members:
        if "worksheets/" in member.filename and member.filename.endswith(".xml"):
            with archive.open(member) as sheet:
                _refuse_dimensions(sheet, file)


def _refuse_dimensions(sheet: IO[bytes], file: str) -> None:
    """A cell far from the others makes a reader reserve the whole rectangle."""
    rest, last_row, last_column = b"", 1, 1
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk
        if _FAR.search(text):
            for letters, row in _CELL.findall(text):
                column = 0
                for letter in letters:
                    column = column * 26 + letter - 64
                last_row, last_column = max(last_row, int(row)), max(last_column, column)
        rest = text[-200:]
        if last_row * last_column > _MAX_CELLS:
            msg = (
                f'"{file}" has cells as far as row {last_row:,} and column {last_column:,} and is '
                "refused. Delete stray cells and save it again."
            )
            raise FormatError(msg)
