"""Dates in any of the forms vendors write, as datetime64.

Forms: ``2019-07-03``, ``2019/7/3``, ``2019.07.03``, with or without a time or zone; ``20190703``;
``03.07.2019``; ``03/07/2019`` and ``03/07/19`` (day or month first: see :class:`Order`);
``30 Dec 2022``, ``5-Mar-16``, ``Dec 30, 2022`` and ``2016-Mar-05``, with names of months in
English, German, French, Spanish, Italian or Portuguese; year, month and day with the Chinese or
Korean characters; years of the Republic of China (``108/03/05``, ``1080305``) and of the Japanese
eras (with their characters, or ``R5.3.5``, ``H30.4.1``, ``S63.1.7``); serial numbers of a
spreadsheet.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace

import pandas as pd

_YMD = re.compile(r"^(\d{4})\s*[-/.\u5e74\ub144]\s*(\d{1,2})\s*[-/.\u6708\uc6d4]\s*(\d{1,2})(?!\d)")
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SHORT = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_SHORTS = r"^\s*(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(?:\d{4}|\d{2})(?!\d)"
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0+)?$")
_NAMED = re.compile(
    r"^(\d{1,2})(?:\.|st|nd|rd|th)?[\s-]*(?:de\s+)?([^\W\d_]{3,})\.?[\s,-]*(?:del?\s+)?"
    r"(\d{4}|'?\d{2})(?:\s+\d{1,2}:\d{2}\S*)?$",
    re.IGNORECASE,
)
_NAMED_US = re.compile(
    r"^([^\W\d_]{3,})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4})$", re.IGNORECASE
)
_NAMED_YEAR = re.compile(r"^(\d{4})[\s-]+([^\W\d_]{3,})\.?[\s-]+(\d{1,2})$", re.IGNORECASE)
_SERIAL = re.compile(r"^([1-6]\d{4})(?:\.\d+)?$")
_MONTHS = (  # how names of months begin; a longer beginning stands before a shorter one
    ("jan", 1), ("gen", 1), ("ene", 1), ("feb", 2), ("fev", 2), ("mar", 3), ("mrz", 3),
    ("apr", 4), ("avr", 4), ("abr", 4), ("may", 5), ("mai", 5), ("mag", 5), ("juil", 7),
    ("jun", 6), ("juin", 6), ("giu", 6), ("jul", 7), ("lug", 7), ("aug", 8), ("aou", 8),
    ("ago", 8), ("sep", 9), ("set", 9), ("oct", 10), ("okt", 10), ("ott", 10), ("out", 10),
    ("nov", 11), ("dec", 12), ("dez", 12), ("dic", 12),
)  # fmt: skip
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1790, 2100
_PIVOT = 35  # two-digit years up to 35 are of this century

# Years counted from the founding of the Republic of China (year 1 is 1912) and from the beginning
# of a Japanese reign (the year before year 1).
_MINGUO_ORIGIN = 1911
_MINGUO = re.compile(r"^(\d{3})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?!\d)")
_MINGUO_COMPACT = re.compile(r"^([01]\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\.0+)?$")
_SIX_DIGITS = r"^\d{6}$"
_MINGUO_LATE = 200
_ERAS = {
    "\u6c11\u56fd": _MINGUO_ORIGIN, "\u6c11\u570b": _MINGUO_ORIGIN,
    "\u4ee4\u548c": 2018, "\u5e73\u6210": 1988, "\u662d\u548c": 1925, "\u5927\u6b63": 1911,
    "\u660e\u6cbb": 1867, "R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867,
}  # fmt: skip
_ERA = re.compile(
    r"^(?:\u4e2d\u83ef|\u4e2d\u534e)?"
    r"(\u6c11\u56fd|\u6c11\u570b|\u4ee4\u548c|\u5e73\u6210|\u662d\u548c|\u5927\u6b63|\u660e\u6cbb|[RHSTM])"
    r"\s*(\d{1,3}|\u5143)\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_BARE_ERA = re.compile(r"^(\d{2,3})\s*\u5e74\s*(\d{1,2})\s*\u6708\s*(\d{1,2})")


@dataclass(frozen=True)
class Order:
    """How the short dates of a column are to be read, by all of them.

    Attributes
    ----------
    first, second
        The largest first and second number of dates like ``03/07/2019``; 0 without such dates.
    minguo
        Whether a year of the Republic of China stands in the column.
    stated
        What is said of the order, or known of the other columns of the file.
    """

    first: int = 0
    second: int = 0
    minguo: bool = False
    stated: bool | None = None

    @property
    def written(self) -> bool:
        """Whether there are such dates at all."""
        return self.first > 0 and not self.year_first

    @property
    def year_first(self) -> bool:
        """Whether two digits of the year come first: ``98-03-07``."""
        return self.first > 31

    @property
    def day_first(self) -> bool | None:
        """Whether the day stands before the month; None where the values do not tell."""
        if self.stated is not None:
            return self.stated
        if self.first > 12 >= self.second:
            return True
        return False if self.second > 12 >= self.first > 0 else None

    @property
    def rule(self) -> tuple[bool, bool, bool]:
        """Day before month (where open: yes), year first, years of the Republic of China."""
        return self.day_first is not False, self.year_first, self.minguo

    def joined(self, other: Order) -> Order:
        """What two parts of a column tell together."""
        return Order(
            max(self.first, other.first), max(self.second, other.second),
            self.minguo or other.minguo, self.stated,
        )  # fmt: skip

    def read_as(self, *, day_first: bool | None) -> Order:
        """The order as something else tells it."""
        return replace(self, stated=day_first)


def order(texts: pd.Series) -> Order:
    """What the dates of a column tell of their order.

    Parameters
    ----------
    texts
        Text as vendors write it.
    """
    parts = texts.str.extract(_SHORTS)
    largest = parts.apply(pd.to_numeric).max()
    minguo = bool(texts.str.match(_MINGUO, na=False).any())
    compact = texts.str.match(_MINGUO_COMPACT, na=False)
    shorter = texts.str.match(_SIX_DIGITS, na=False)  # before the hundredth year
    minguo = bool(minguo or (compact.any() and (compact | shorter | texts.isna()).all()))
    if largest.isna().any():
        return Order(minguo=minguo)
    return Order(int(largest.iloc[0]), int(largest.iloc[1]), minguo)


def parse_date(text: str, *, by: Order | None = None) -> dt.date | None:
    """Return the date that a text states, or None.

    Parameters
    ----------
    text
        One cell.
    by
        How to read ``03/07/2019``; without it the day comes first. Where only one reading is a
        date, that one counts.

    Examples
    --------
    >>> parse_date("20220107"), parse_date("30 Dec 2022"), parse_date("43649")
    (datetime.date(2022, 1, 7), datetime.date(2022, 12, 30), datetime.date(2019, 7, 3))
    >>> parse_date("5-Mar-16"), parse_date("108/03/05"), parse_date("R5.3.5")
    (datetime.date(2016, 3, 5), datetime.date(2019, 3, 5), datetime.date(2023, 3, 5))
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _YMD.match(plain) or _COMPACT.match(plain):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    by = by or Order()
    if found := _SHORT.match(plain):
        return _short(int(found[1]), int(found[2]), found[3], by)
    if found := _SERIAL.match(plain):
        return _SERIAL_ORIGIN + dt.timedelta(days=int(found[1]))
    return _named(plain) or _of_an_era(plain, by)


def _short(first: int, second: int, last: str, by: Order) -> dt.date | None:
    day_first, year_first, minguo = by.rule
    if len(last) == 2 and minguo:
        return _date(_MINGUO_ORIGIN + first, second, int(last))
    if len(last) == 2 and year_first:
        return _date(_whole_year(first), second, int(last))
    year = int(last) if len(last) == 4 else _whole_year(int(last))
    day, month = (first, second) if day_first else (second, first)
    return _date(year, month, day) or _date(year, day, month)


def _whole_year(year: int) -> int:
    return year + (2000 if year <= _PIVOT else 1900)


def _named(plain: str) -> dt.date | None:
    """Dates that name their month."""
    if found := _NAMED.match(plain):
        year = found[3].lstrip("'")
        whole = int(year) if len(year) == 4 else _whole_year(int(year))
        return _date(whole, _month(found[2]), int(found[1]))
    if found := _NAMED_US.match(plain):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _NAMED_YEAR.match(plain):
        return _date(int(found[1]), _month(found[2]), int(found[3]))
    return None


def _month(name: str) -> int:
    plain = unicodedata.normalize("NFD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return next((number for begin, number in _MONTHS if plain.startswith(begin)), 0)


def _of_an_era(plain: str, by: Order) -> dt.date | None:
    """Dates whose year is counted from the founding of a republic or the beginning of a reign."""
    if found := _ERA.match(plain):
        year = 1 if not found[2].isdigit() else int(found[2])
        return _date(_ERAS[found[1].upper()] + year, int(found[3]), int(found[4]))
    found = _MINGUO.match(plain) or _BARE_ERA.match(plain)
    if found is None and by.minguo and (shorter := _MINGUO_COMPACT.match(plain.zfill(7))):
        found = shorter
    if found and int(found[1]) < _MINGUO_LATE:
        return _date(_MINGUO_ORIGIN + int(found[1]), int(found[2]), int(found[3]))
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_dates(
    texts: pd.Series, *, day_first: bool | None = None, by: Order | None = None
) -> pd.Series:
    """Dates of a column.

    Parameters
    ----------
    texts
        Text as vendors write it.
    day_first
        How to read ``03/07/2019``. None lets the column decide: a month above twelve anywhere
        tells the order; without one the day comes first.
    by
        The order, where more is known of the column than these texts.

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
    rule = by or order(other)
    if day_first is not None:
        rule = rule.read_as(day_first=day_first)
    known = {text: parse_date(text, by=rule) for text in other.unique()}
    result.loc[other.index] = pd.to_datetime(other.map(known)).astype("datetime64[us]")
    return result
