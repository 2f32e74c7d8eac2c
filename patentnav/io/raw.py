"""``RawTable``: a file as columns of text, before anything of it is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Separators that readers of non-table files put between the values of one cell, and between the
# parts of one value; no vendor uses them.
ITEM = "\x1f"
PART = "\x1e"


class Sign(NamedTuple):
    """What points to a bad export; see :mod:`patentnav.io.signs`."""

    sign: str
    column: str | None
    rows: int
    note: str


@dataclass(frozen=True)
class RawTable:
    """Columns of text with the row that each record has for a spreadsheet user.

    Attributes
    ----------
    headers
        Headers as the file writes them; they may repeat.
    columns
        One arrow array of text per header, all of the same length; null where a cell is empty.
    rows
        Row number of each record, counted from 1 as a spreadsheet does.
    encoding
        Encoding of a text file, or the container (``xlsx``, ``xls``, ``xml`` …).
    rejected
        Records that could not be split into cells: ``(row, text, reason)``.
    sheet
        Name of the sheet of a workbook.
    listed
        Whether the values of a cell may be separated by :data:`ITEM`.
    signs
        What its container tells of the file.
    """

    headers: Sequence[str]
    columns: Sequence[pa.Array]
    rows: np.ndarray
    encoding: str
    rejected: Sequence[tuple[int, str, str]] = field(default=())
    sheet: str = ""
    listed: bool = False
    signs: Sequence[Sign] = field(default=())

    def __len__(self) -> int:
        return len(self.rows)

    def to_frame(self) -> pd.DataFrame:
        """The cells as a frame of text; of repeated headers the last stands."""
        cells = zip(self.headers, self.columns, strict=True)
        return pd.DataFrame({header: column.to_pylist() for header, column in cells}, dtype="str")


def from_records(
    records: Iterable[Mapping[str, str | Sequence[str] | None]],
    encoding: str,
    *,
    rows: Sequence[int] | None = None,
    rejected: Sequence[tuple[int, str, str]] = (),
) -> RawTable:
    """Make a table of records read one by one, as the readers of non-table files do.

    Parameters
    ----------
    records
        One mapping per record, field to text. Several values of a field are a list of texts; the
        parts of a structured value are joined by :data:`PART`.
    encoding
        Shown in the intake account.
    rows
        Line or record number of each record; counted from 1 where not given.
    rejected
        Records that could not be read: ``(row, text, reason)``.
    """
    data: dict[str, list[str | None]] = {}
    count = 0
    for record in records:
        for name, value in record.items():
            column = data.setdefault(name, [])
            column.extend([None] * (count - len(column)))
            text = value if isinstance(value, str) or value is None else ITEM.join(value)
            column.append(text or None)
        count += 1
    for column in data.values():
        column.extend([None] * (count - len(column)))
    numbers = np.arange(1, count + 1) if rows is None else np.asarray(rows, dtype=np.int64)
    return RawTable(
        headers=list(data),
        columns=[pa.array(column, pa.large_string()) for column in data.values()],
        rows=numbers,
        encoding=encoding,
        rejected=rejected,
    )
