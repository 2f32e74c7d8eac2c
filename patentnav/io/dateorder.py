"""Whether the day stands before the month in a column of dates, by all its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from patentnav.io import transforms
from patentnav.normalize import dates

if TYPE_CHECKING:
    from collections.abc import Sequence


class DateOrders:
    """Whether the day stands before the month, column by column, by all pieces of a file.

    One date whose month would be above twelve tells the order of its column; a column that has
    none is read as the other columns of its file. A piece that comes before such a date may have
    been read the other way; then the file is to be read again with what is known now.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[int, str], dates.Order] = {}
        self._used: dict[tuple[int, str], set[tuple[bool, bool, bool]]] = {}
        self._headers: dict[tuple[int, str], str] = {}

    def see(self, key: tuple[int, str], header: str, column: pa.Array) -> dates.Order:
        """Take note of the dates of a piece, and return the order to read them by."""
        found = dates.Order()
        if _slashed(column):
            found = dates.order(transforms.to_series(column.unique()))
        known = self._seen.get(key, dates.Order()).joined(found)
        self._seen[key] = known
        self._headers[key] = header
        used = self._settled(known)
        if found != dates.Order():
            self._used.setdefault(key, set()).add(used.rule)
        return used

    def _settled(self, order: dates.Order) -> dates.Order:
        """The order, taken from the other columns of the file where its own values leave it open."""
        if not order.written or order.day_first is not None:
            return order
        others = {o.day_first for o in self._seen.values()} - {None}
        return order.read_as(day_first=others.pop()) if len(others) == 1 else order

    def begin(self) -> None:
        """Begin a reading; what is known of the columns stays."""
        self._used.clear()

    def settled(self) -> bool:
        """Whether every column was read in the one order that is known now."""
        return all(
            orders == {self._settled(self._seen[key]).rule} for key, orders in self._used.items()
        )

    def open(self) -> Sequence[str]:
        """Headers of the columns whose values do not tell the order."""
        unknown = [
            key
            for key in self._used
            if (known := self._settled(self._seen[key])).written and known.day_first is None
        ]
        return list(dict.fromkeys(self._headers[key] for key in unknown))


def _slashed(column: pa.Array) -> bool:
    """Whether a column may have dates whose year is not four digits that come first."""
    numbers = pc.match_substring_regex(column, r"^\s*[0-9]{1,3}[-/.]|^\s*[0-9]{6,7}\s*$")
    return bool(pc.any(numbers).as_py())
