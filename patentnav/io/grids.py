"""Tables of a file that may have several: which of them is the table of patents."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from patentnav.errors import DataQualityWarning, FormatError
from patentnav.io import detect
from patentnav.io.raw import RawTable, Sign

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD_ROWS = 30
_TABLE_HEADERS = 3  # known headers of a sheet that looks like a table of patents


@dataclass(frozen=True)
class Grid:
    """Rows of cells as a file has them, before a header is found.

    Attributes
    ----------
    name
        Name of the sheet, or the number of the table.
    rows
        Cells of text, empty where there is none.
    hidden
        Whether a reader of the file does not see it.
    """

    name: str
    rows: Sequence[Sequence[str]]
    hidden: bool = False


@dataclass(frozen=True)
class Candidate:
    """A table with its headers in the form in which they are compared."""

    table: RawTable
    keys: frozenset[str]


def from_grids(
    grids: Sequence[Grid], file: str, known: frozenset[str], encoding: str
) -> list[RawTable]:
    """The grid with the most known headers, and those with the same ones, as tables.

    Parameters
    ----------
    grids
        At least one.
    file
        Name for messages.
    known
        Headers of all formats; they tell grid and header row.
    encoding
        Shown in the intake account.

    Raises
    ------
    FormatError
        No grid has a filled cell.
    """
    filled = [g for g in grids if any(any(cell.strip() for cell in row) for row in g.rows)]
    seen, left_out = without_hidden([(g, g.hidden, g.name, len(g.rows)) for g in filled], file)
    if not seen:
        msg = f'"{file}" has no filled cell. Export it again.'
        raise FormatError(msg)
    found = []
    for grid in seen:
        head = [[cell.strip() for cell in row] for row in grid.rows[:HEAD_ROWS]]
        index = detect.header_row(head, known)
        found.append(Candidate(_table(grid, index, encoding, left_out), detect.keys(head[index])))
    return best(found, file, known)


def without_hidden(
    sheets: Sequence[tuple[object, bool, str, int]], file: str
) -> tuple[list, tuple[Sign, ...]]:
    """Sheets that are not hidden, and the signs that tell of the others.

    Parameters
    ----------
    sheets
        Sheet, whether it is hidden, its name and number of rows.
    file
        Name for messages.

    Raises
    ------
    FormatError
        All of them are hidden.
    """
    seen = [sheet for sheet, hidden, _, _ in sheets if not hidden]
    left_out = [(name, rows) for _, hidden, name, rows in sheets if hidden]
    if left_out and not seen:
        listed = ", ".join(f'"{name}"' for name, _ in left_out)
        msg = f'"{file}": all its sheets with data are hidden ({listed}). Show them and save it again.'
        raise FormatError(msg)
    note = "the sheet is hidden and was not read; show it and save the file again to read it"
    signs = tuple(Sign("hidden_sheet", name, rows, note) for name, rows in left_out)
    return seen, signs


def best(found: Sequence[Candidate], file: str, known: frozenset[str]) -> list[RawTable]:
    """The table with the most known headers, and those with the same ones.

    Warns
    -----
    DataQualityWarning
        Another table looks like one of patents too, but has other headers.
    """
    order = sorted(found, key=lambda c: -len(c.keys & known))
    first = order[0]
    points = len(first.keys & known)
    same = [c.table for c in order[1:] if points and c.keys == first.keys]
    unread = [
        f'"{c.table.sheet}" ({len(c.table):,} rows)' for c in order[1:]
        if c.keys != first.keys and len(c.keys & known) >= _TABLE_HEADERS
    ]  # fmt: skip
    if unread:
        msg = (
            f'"{file}": of its sheets only "{first.table.sheet}" and those with the same headers '
            f"are read, not {', '.join(unread)}. Save these as files of their own to read them."
        )
        warnings.warn(msg, DataQualityWarning, stacklevel=2)
    return [first.table, *same]


def _table(grid: Grid, index: int, encoding: str, signs: tuple[Sign, ...]) -> RawTable:
    width = max(len(row) for row in grid.rows)
    body = [[*row, *([""] * (width - len(row)))] for row in grid.rows[index:]]
    headers = [cell.strip() for cell in body[0]]
    columns = [
        pa.array([row[i] or None for row in body[1:]], pa.large_string()) for i in range(width)
    ]
    used = [i for i, h in enumerate(headers) if h or columns[i].null_count < len(body) - 1]
    return RawTable(
        headers=[headers[i] for i in used],
        columns=[columns[i] for i in used],
        rows=np.arange(index + 2, index + 1 + len(body)),
        encoding=encoding,
        sheet=grid.name,
        signs=signs,
    )
