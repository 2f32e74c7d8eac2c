"""A user table that was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav._shown import presented
from patentnav.tables.definitions import load

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.tables.definitions import Definition


@presented()
@dataclass(frozen=True)
class UserTable:
    """A user table that was read.

    Attributes
    ----------
    code
        Which one.
    frame
        Rows that stand; all declared columns, sorted by the key. ``preliminary`` says whether the
        note or the source calls a figure so, where the table has them.
    issues
        ``file, sheet, row, column, value, severity, problem, remedy``: every ``error`` set its row
        aside, a ``warning`` asks to look again, a ``note`` says what was changed.
    file, sheet, sha256
        Where it stood, and the hash of the file (of the cells, for a frame).
    rows
        Rows that were there.
    """

    code: str
    frame: pd.DataFrame
    issues: pd.DataFrame
    file: str
    sheet: str
    sha256: str
    rows: int

    @property
    def set_aside(self) -> int:
        """Rows that were set aside."""
        return self.rows - len(self.frame)

    @property
    def definition(self) -> Definition:
        """How the table is declared."""
        return load(self.code)
