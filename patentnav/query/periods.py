"""Periods as analysts write them."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_DAY = re.compile(
    r"(\d{4})(?:[-./\u5e74](\d{1,2})(?:[-./\u6708](\d{1,2})\u65e5?)?\u6708?)?\u5e74?$"
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})$")


def period(text: str) -> tuple[str | None, str | None]:
    """First and last day of ``2018``, ``2015..2020``, ``2015..`` or ``2019-03..2019-06-15``.

    Raises
    ------
    ValueError
        The text is no period, or ends before it begins.

    Examples
    --------
    >>> period("2015..2016-02")
    ('2015-01-01', '2016-02-29')
    """
    left, dots, right = text.strip().partition("..")
    if not dots:
        right = left
    first = _days(left)[0] if left.strip() else None
    last = _days(right)[1] if right.strip() else None
    if first is None and last is None:
        raise ValueError(text)
    if first is not None and last is not None and first > last:
        raise ValueError(text)
    return (
        None if first is None else first.isoformat(),
        None if last is None else last.isoformat(),
    )


def _days(text: str) -> tuple[dt.date, dt.date]:
    found = _PACKED.match(text.strip()) or _DAY.match(text.strip())
    if found is None:
        raise ValueError(text)
    year = int(found[1])
    month, day = (int(part) if part else None for part in found.groups()[1:])
    if day is not None and month is not None:
        return dt.date(year, month, day), dt.date(year, month, day)
    if month is not None:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
