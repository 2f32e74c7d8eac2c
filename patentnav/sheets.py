"""Tables for spreadsheet users: xlsx and csv in which no cell can become live.

A text that a spreadsheet would take for a formula (``=``, ``+``, ``-``, ``@`` or their full-width forms
first, after any blanks and line breaks) is written with an apostrophe before it, so that it stays a
text also when the file is copied or saved as CSV.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files, workbooks
from patentnav._xml import xml_text
from patentnav.errors import ArgumentError, FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CELL_LIMIT = 32_767  # characters that fit a cell of a workbook
# Spreadsheets trim blanks before a formula, and take full-width signs for the others in Chinese.
_FORMULA = re.compile(
    "[\t\r\n]|[\\s\u0000-\u0020\u200b-\u200f\u2060\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]"
)
# A fixed time of creation: the same tables give the same bytes.
EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (workbooks know no time zone)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, without what a cell cannot hold.

    Examples
    --------
    >>> guarded("=1+1"), guarded("a=1")
    ("'=1+1", 'a=1')
    """
    text = xml_text(text)[: CELL_LIMIT - 1]
    return f"'{text}" if _FORMULA.match(text) else text


def write_tables(path: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables to a workbook (a sheet each) or one table to a CSV file.

    Parameters
    ----------
    path
        Ends in ``.xlsx`` or ``.csv`` (UTF-8 with BOM, as spreadsheet programs expect).
    tables
        Frames by sheet name; a CSV takes exactly one. The index is not written.

    Returns
    -------
    pathlib.Path
        The file. The same tables give the same bytes.

    Raises
    ------
    ArgumentError
        Another suffix, a missing folder, or several tables for a CSV.
    FileError
        The disk is full, there is no permission and the like; what was there before is untouched.
    """
    if path.suffix == ".csv":
        if len(tables) != 1:
            msg = f'A CSV holds one table, not {len(tables)}. Write "{path.stem}.xlsx" instead.'
            raise ArgumentError(msg)
        return _files.write_file(path, _csv(next(iter(tables.values()))))
    if path.suffix == ".xlsx":
        return _files.write_file(path, _workbook(tables))
    msg = f'A table is written as .xlsx or .csv, not "{path.name}".'
    raise ArgumentError(msg)


def read_table(path: Path) -> pd.DataFrame:
    """Read a user's table: the first sheet of a workbook, a CSV file in UTF-8 or GBK, or a Parquet file.

    Parameters
    ----------
    path
        Ends in ``.xlsx``, ``.csv`` or ``.parquet``; the first row holds the headings.

    Returns
    -------
    pandas.DataFrame
        Two columns at least.

    Raises
    ------
    ArgumentError
        There is no such file, it has another suffix, or fewer columns.
    FormatError
        The file is damaged.
    """
    if not _files.is_file(path):
        msg = f'There is no table "{_files.printable(path)}". Check the path.'
        raise ArgumentError(msg)
    readers: dict[str, Callable[[bytes, str], Any]] = {
        ".csv": _read_csv,
        ".xlsx": _read_sheet,
        ".parquet": lambda content, _name: pd.read_parquet(io.BytesIO(content)),
    }
    if path.suffix not in readers:
        msg = f'A table is read from .xlsx, .csv or .parquet, not "{path.name}".'
        raise ArgumentError(msg)
    content = _files.read_file(path)
    try:
        table: pd.DataFrame = readers[path.suffix](content, path.name)
    except FormatError:
        raise
    except (OSError, ValueError, KeyError) as error:
        msg = f'"{path.name}" cannot be read as a table: {error}. Save it anew and call again.'
        raise FormatError(msg) from error
    if len(table.columns) < 2:
        msg = f'"{path.name}" has one column only. A table has a key and values beside it.'
        raise ArgumentError(msg)
    return table


def _read_csv(content: bytes, _name: str) -> pd.DataFrame:
    try:
        return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    except UnicodeDecodeError:  # spreadsheets in China save csv so
        return pd.read_csv(io.BytesIO(content), encoding="gb18030")


def _read_sheet(content: bytes, name: str) -> pd.DataFrame:
    import fastexcel

    _, plain = workbooks.certain(content, name)
    if not plain:
        return _typed(next(iter(workbooks.sheets(content, name)[0].values())).to_pandas())
    try:
        frame: pd.DataFrame = fastexcel.read_excel(content).load_sheet(0).to_pandas()
    except fastexcel.FastExcelError as error:
        raise ValueError(str(error)) from error
    return frame


def _typed(cells: pd.DataFrame) -> pd.DataFrame:
    """A table of texts with its first row as headings, and numbers where a column has nothing else."""
    table = cells.iloc[1:].reset_index(drop=True).set_axis(cells.iloc[0].astype("str"), axis=1)
    for i, name in enumerate(table.columns):
        numbers = pd.to_numeric(table.iloc[:, i], errors="coerce")
        if not (numbers.isna() & table.iloc[:, i].notna()).any():
            table[name] = numbers
    return table


def _csv(frame: pd.DataFrame) -> bytes:
    safe = frame.copy(deep=False)
    for i, column in enumerate(frame.columns):
        texts = frame.iloc[:, i]
        if texts.dtype in ("str", object):
            safe[column] = texts.map(lambda v: guarded(v) if isinstance(v, str) else v)
    safe.columns = [guarded(str(c)) for c in frame.columns]
    text = safe.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return text.encode("utf-8-sig")


def _workbook(tables: Mapping[str, pd.DataFrame]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": EPOCH})
        bold = book.add_format({"bold": True, "bottom": 1})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, frame in tables.items():
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            for i, column in enumerate(frame.columns):
                sheet.write_string(0, i, guarded(str(column)), bold)
                for row, value in enumerate(frame.iloc[:, i], start=1):
                    _write_cell(sheet, row, i, value, date)
    return content.getvalue()


def _write_cell(sheet: Any, row: int, column: int, value: Any, date: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, guarded(value))
    elif pd.isna(value):
        return  # unknown: an empty cell, never a zero
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, pd.Timestamp(value).to_pydatetime(), date)
    elif isinstance(value, int | float) or hasattr(value, "dtype"):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, guarded(str(value)))
