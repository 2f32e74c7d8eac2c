"""The account of one piece of a file: cells not taken, cells mended, records set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import schema
from patentnav.io import transforms
from patentnav.io.raw import ITEM, PART

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa

_SHOWN = 200  # characters of a value


class Account:
    """Collects what could not be taken of a piece, and why.

    Parameters
    ----------
    place
        File, and sheet where it is not the first.
    rows
        Row of each record as a spreadsheet counts.
    rejected
        Records that could not be split into cells: ``(row, text, reason)``.
    """

    def __init__(
        self, place: str, rows: np.ndarray, rejected: Sequence[tuple[int, str, str]]
    ) -> None:
        self.place, self.rows, self.rejected = place, rows, rejected
        self.understood: list[dict[str, object]] = []
        self._failures: list[pd.DataFrame] = []
        self._repairs: list[pd.DataFrame] = []

    def fail(self, header: str, records: np.ndarray, values: pd.Series, reason: str) -> None:
        """List cells of a column that were not taken."""
        if len(records):
            values = values.str.replace(ITEM, "; ", regex=False).str.replace(PART, " ", regex=False)
            self._failures.append(
                pd.DataFrame(
                    {
                        "file": self.place, "row": self.rows[records], "column": header,
                        "value": values.str.slice(0, _SHOWN).to_numpy(), "reason": reason,
                    }
                )
            )  # fmt: skip

    def repaired(
        self, header: str, records: np.ndarray, column: pa.Array, restored: pa.Array, reason: str
    ) -> None:
        """List cells of a column that were mended."""
        self._repairs.append(
            pd.DataFrame(
                {
                    "file": self.place, "row": self.rows[records], "column": header,
                    "value": transforms.to_series(column).str.slice(0, _SHOWN),
                    "repaired": transforms.to_series(restored).str.slice(0, _SHOWN),
                    "reason": reason,
                }
            )
        )  # fmt: skip

    def columns(self) -> pd.DataFrame:
        """How each column was understood."""
        return schema.coerce("columns", pd.DataFrame(self.understood))

    def repairs(self) -> pd.DataFrame:
        """Cells that were mended."""
        return _joined("repairs", self._repairs)

    def failures(self) -> pd.DataFrame:
        """Failed cells by row and column, in whatever order the tables were read."""
        failures = _joined("cell_failures", self._failures)
        if failures.empty:
            return failures
        place = {str(c["column"]): i for i, c in reversed(list(enumerate(self.understood)))}
        order = failures["column"].map(place).fillna(-1)
        failures = failures.assign(_place=order).sort_values(
            ["row", "_place", "value", "reason"], kind="stable", ignore_index=True
        )
        return failures.drop(columns="_place")

    def set_aside(self, header: str, reasons: pd.Series) -> pd.DataFrame:
        """Records not taken.

        Parameters
        ----------
        header
            Column of the number.
        reasons
            Why a record is set aside, by record; missing where it is not.
        """
        frames = []
        lost = reasons.notna()
        if lost.any():
            failed = [f for f in self._failures if f["column"].eq(header).any()]
            values = pd.concat(failed).drop_duplicates("row").set_index("row") if failed else None
            rows = pd.Series(self.rows)[lost]
            frames.append(
                pd.DataFrame(
                    {
                        "file": self.place, "row": rows, "column": header,
                        "value": None if values is None else rows.map(values["value"]),
                        "reason": reasons[lost],
                    }
                )
            )  # fmt: skip
        if self.rejected:
            row, text, reason = zip(*self.rejected, strict=True)
            frames.append(
                pd.DataFrame({"file": self.place, "row": row, "value": text, "reason": reason})
            )
        return _joined("set_aside", frames).sort_values("row", kind="stable", ignore_index=True)


def _joined(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return schema.coerce(name, pd.concat(frames, ignore_index=True) if frames else pd.DataFrame())
