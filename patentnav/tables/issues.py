"""What is wrong with the cells of a user table: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

ISSUES = ("file", "sheet", "row", "column", "value", "severity", "problem", "remedy")


@dataclass
class Issues:
    """Collects issues of one sheet.

    ``error`` sets the row aside, ``warning`` asks to look again, ``note`` says what was changed.
    """

    file: str
    sheet: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    def error(self, row: int, column: str, value: Any, problem: str, remedy: str) -> None:
        """The row is set aside."""
        self.bad.add(row)
        self._add(row, column, value, "error", problem, remedy)

    def warning(self, row: int, column: str, value: Any, problem: str, remedy: str) -> None:
        """The row stands."""
        self._add(row, column, value, "warning", problem, remedy)

    def note(self, row: int, column: str, value: Any, problem: str) -> None:
        """What was changed."""
        self._add(row, column, value, "note", problem, "")

    def _add(self, row: int, column: str, value: Any, *said: str) -> None:
        shown = "" if value is None or value is pd.NA else str(value)
        self.rows.append((self.file, self.sheet, row, column, shown, *said))

    def frame(self) -> pd.DataFrame:
        """All of them, in the order of rows."""
        frame = pd.DataFrame(self.rows, columns=[*ISSUES])
        return frame.sort_values("row", kind="stable", ignore_index=True)
