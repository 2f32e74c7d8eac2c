"""Dates in any of the forms vendors write, as datetime64.

Forms: ``2019-07-03``, ``2019/7/3``, ``2019.07.03``, with or without a time or zone; ``20190703``;
``03.07.2019``; ``03/07/2019`` and ``03/07/19`` (day or month first: see ``day_first``);
``30 Dec 2022``; year, month and day with the Chinese characters; serial numbers of a spreadsheet.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pandas as pd

_YMD = re.compile(r"^(\d{4})\s*[-/.\u5e74\ub144]\s*(\d{1,2})\s*[-/.\u6708\uc6d4]\s*(\d{1,2})(?!\d)")
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY_MONTH = r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)"
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0+)?$")
_DMY = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(r"^(\d{1,2})[\s-]+([A-Z]{3})[A-Z]*\.?[\s,-]+(\d{4})$", re.IGNORECASE)
_NAMED_US = re.compile(r"^([A-Z]{3})[A-Z]*\.?\s+(\d{1,2}),?\s+(\d{4})$", re.IGNORECASE)
_SERIAL = re.compile(r"^([1-6]\d{4})(?:\.\d+)?$")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1790, 2100
_PIVOT = 35  # two-digit years up to 35 are of this century


def parse_date(text: str, *, day_first: bool = True) -> dt.date | None:
    """Return the date that a text states, or None.

    Parameters
    ----------
    text
        One cell.
    day_first
        How to read ``03/07/2019``; where only one reading is a date, that one counts.

    Examples
    --------
    >>> parse_date("20220107"), parse_date("30 Dec 2022"), parse_date("43649")
    (datetime.date(2022, 1, 7), datetime.date(2022, 12, 30), datetime.date(2019, 7, 3))
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _YMD.match(plain) or _COMPACT.match(plain):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DMY.match(plain):
        year = int(found[3])
        if len(found[3]) == 2:
            year += 2000 if year <= _PIVOT else 1900
        first, second = int(found[1]), int(found[2])
        day, month = (first, second) if day_first else (second, first)
        return _date(year, month, day) or _date(year, day, month)
    if found := _NAMED.match(plain):
        return _date(int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _NAMED_US.match(plain):
        return _date(int(found[3]), _MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := _SERIAL.match(plain):
        return _SERIAL_ORIGIN + dt.timedelta(days=int(found[1]))
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_dates(texts: pd.Series, *, day_first: bool | None = None) -> pd.Series:
    """Dates of a column.

    Parameters
    ----------
    texts
        Text as vendors write it.
    day_first
        How to read ``03/07/2019``. None lets the column decide: a month above twelve anywhere
        tells the order; without one the day comes first.

    Returns
    -------
    pandas.Series
        Same index, dtype datetime64[us]; missing where the text is no date.
    """
    iso = texts.str.fullmatch(_ISO, na=False)
    result = pd.to_datetime(texts.where(iso), format="%Y-%m-%d", errors="coerce")
    result = result.where(result.dt.year.between(_FIRST_YEAR, _LAST_YEAR)).astype("datetime64[us]")
    if (other := texts[~iso & texts.notna()]).empty:
        return result
    first, second = day_month(other)
    order = is_day_first(first, second) if day_first is None else day_first
    known = {text: parse_date(text, day_first=order) for text in other.unique()}
    result.loc[other.index] = pd.to_datetime(other.map(known)).astype("datetime64[us]")
    return result


def day_month(texts: pd.Series) -> tuple[int, int]:
    """The largest first and second number of dates like ``03/07/2019``; 0 without such dates."""
    parts = texts.str.extract(_DAY_MONTH)
    largest = parts.apply(pd.to_numeric).max()
    return (0, 0) if largest.isna().any() else (int(largest.iloc[0]), int(largest.iloc[1]))


def is_day_first(first: int, second: int) -> bool:
    """Whether the day stands first, by the largest numbers in either place."""
    return not (second > 12 >= first)
