"""Cells of user tables as values: numbers, years, shares, dates, periods, codes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources
from patentnav.errors import PatentnavError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentnav.tables.definitions import Column

_PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|-(\d{1,2})(?:-(\d{1,2}))?)?", re.IGNORECASE)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SERIAL = (20_000, 80_000)  # days of a spreadsheet from 1954 to 2119
EARLIEST, LATEST = 1985, 2100


class CellError(PatentnavError, ValueError):
    """A cell cannot be what its column asks for: problem and remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def words() -> dict[str, Any]:
    """Words for empty, yes and no, and the like."""
    return _resources.load_toml("defaults", "tables")


def text_of(cell: Any) -> str | None:
    """A cell as text; None where it says nothing."""
    if cell is None or (not isinstance(cell, str | list | tuple) and pd.isna(cell)):
        return None
    if isinstance(cell, list | tuple):
        return ";".join(str(one) for one in cell) or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, pd.Timestamp):
        cell = cell.date()
    text = str(cell).strip()
    return None if text.casefold() in words()["empty"] else text


def narrowed(text: str) -> str:
    """Full-width digits and signs as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip()


def value_of(text: str, column: Column, latest: int | None) -> Any:
    """The value of a cell.

    Raises
    ------
    CellError
        It is none that the column can have.
    """
    value = _READERS[column.type](text)
    if column.type == "year":
        _check_year(value, column, latest)
    if column.least is not None and column.type != "year" and value < column.least:
        what = "a negative number" if value < 0 <= column.least else f"below {column.least:g}"
        raise CellError(what, f"The least is {column.least:g}. Check the figure and its sign.")
    if column.most is not None and value > column.most:
        raise CellError(f"above {column.most:g}", f"The most is {column.most:g}.")
    if column.values and column.type == "code" and value not in column.values:
        close = did_you_mean(value, column.values)
        remedy = f"Did you mean {close}?" if close else f"It is one of {', '.join(column.values)}."
        raise CellError("not a value of this column", remedy)
    return value


def _check_year(year: int, column: Column, latest: int | None) -> None:
    first, last = int(column.least or EARLIEST), latest or LATEST
    if not first <= year <= last:
        remedy = f"Years run from {first} to {last}. Write four digits."
        raise CellError("not a year that can be", remedy)


def _number(text: str) -> float:
    plain = narrowed(text).replace(",", "").replace(" ", "").replace("\u2212", "-")
    percent = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%"))
    except ValueError:
        remedy = "Write a plain number; its unit is that of the header. Leave it empty if unknown."
        raise CellError("not a number", remedy) from None
    if not abs(value) < float("inf"):
        raise CellError("not a number", "Leave the cell empty if the figure is unknown.")
    return value / 100 if percent else value


def _count(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise CellError("not a whole number", "Write a whole number.")
    return int(value)


def _year(text: str) -> int:
    plain = narrowed(text)
    found = re.fullmatch(r"(\d{4})\D?", plain)
    if found is None:
        raise CellError("not a year", "Write four digits, e.g. 2020.")
    return int(found[1])


def _share(text: str) -> float:
    value = _number(text)
    if not 0 <= value <= 1:
        remedy = "A share lies between 0 and 1: write 0.4 or 40%, not 40."
        raise CellError("not a share", remedy)
    return value


def _date(text: str) -> pd.Timestamp:
    plain = narrowed(text)
    if re.fullmatch(r"\d{5}(\.\d+)?", plain) and _SERIAL[0] < float(plain) < _SERIAL[1]:
        return pd.Timestamp("1899-12-30") + pd.Timedelta(days=int(float(plain)))
    parts = re.fullmatch(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})(?:\D.*)?", plain)
    whole = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain)
    found = parts or whole
    if found is None:
        raise CellError("not a date", "Write year-month-day, e.g. 2021-03-31.")
    try:
        return pd.Timestamp(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise CellError("not a day of the calendar", "Check month and day.") from None


def _period(text: str) -> str:
    plain = narrowed(text).upper()
    found = _PERIOD.fullmatch(plain)
    if found is None or int(found[3] or 1) not in range(1, 13):
        remedy = "Write a year (2020), a quarter (2020Q3), a month (2020-06) or a day."
        raise CellError("not a period", remedy)
    if found[4] is not None:
        return f"{_date(plain):%Y-%m-%d}"
    return plain if found[3] is None else f"{found[1]}-{int(found[3]):02d}"


def _boolean(text: str) -> bool:
    plain, known = narrowed(text).casefold(), words()
    for value, said in ((True, known["yes"]), (False, known["no"])):
        if plain in said or text in said:
            return value
    raise CellError("neither yes nor no", "Write yes or no.")


def _list(text: str) -> tuple[str, ...]:
    parts = re.split(f"[{re.escape(words()['list_separators'])}]", text)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _uscc(text: str) -> str:
    """Number of an organisation in China: 18 characters, the last a check digit modulo 31."""
    code = narrowed(text).upper()
    if len(code) != 18 or any(c not in _USCC for c in code):
        remedy = "It has 18 digits and capital letters without I, O, S, V, Z. Format it as text."
        raise CellError("not a unified social credit code", remedy)
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    if _USCC.index(code[17]) != -total % 31:
        raise CellError("its check digit does not fit", "Copy the number again from the licence.")
    return code


def _code(text: str) -> str:
    return narrowed(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "boolean": _boolean, "code": _code, "count": _count, "date": _date, "list": _list,
    "number": _number, "period": _period, "share": _share, "text": str.strip, "uscc": _uscc,
    "year": _year,
}  # fmt: skip
