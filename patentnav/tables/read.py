"""Read a user table: every cell checked, rows that cannot stand set aside and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav.errors import DataQualityWarning, FormatError, UnknownNameError, did_you_mean, warn
from patentnav.tables import rules
from patentnav.tables.cells import CellError, narrowed, value_of, words
from patentnav.tables.definitions import Definition, codes, load
from patentnav.tables.issues import Issues
from patentnav.tables.raw import Raw, bare, raw, said_unit
from patentnav.tables.table import UserTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from patentnav.tables.definitions import Column

_DTYPES = {"number": "float64", "share": "float64", "count": "Int64", "year": "Int64",
           "boolean": "boolean", "date": "datetime64[us]"}  # fmt: skip


def read(
    source: str | Path | pd.DataFrame,
    code: str,
    *,
    sheet: str | None = None,
    latest: int | None = None,
) -> UserTable:
    """Read and check a user table.

    Parameters
    ----------
    source
        A file (.csv in UTF-8 or GB 18030, .xlsx, .toml with ``[[CODE]]`` rows) or a frame; headers
        in Chinese or English, or the names of the columns.
    code
        Which table, e.g. ``CS``.
    sheet
        Sheet of a workbook; the one whose name is or begins with the code, or the title, or the
        only one when omitted.
    latest
        Last year that a statistic can be of; 2100 when omitted.

    Returns
    -------
    UserTable
        What is empty stays empty: it is never a zero.

    Raises
    ------
    UnknownNameError
        There is no such table.
    ArgumentError
        The file does not exist or has another ending.
    FormatError
        It is damaged, or lacks a required column.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"region_code": "370100", "region": "J", "year": 2020, "indicator": "gdp",
    ...        "value": "10,140.9", "unit": "\u4ebf\u5143", "source": "S", "published_on": "2021-02-01"}
    >>> float(read(pd.DataFrame([row]), "CS").frame["value"].iloc[0])
    10140.9
    """
    definition = load(code)
    found = raw(source, definition, sheet)
    issues = Issues(found.file, found.sheet)
    places = _columns(found, definition, issues)
    frame = _values(found, definition, places, issues, latest)
    rules.check(frame, definition, issues)
    kept = frame[~frame["row"].isin(sorted(issues.bad))]
    if issues.bad:
        first = next(row for row in issues.rows if row[5] == "error")
        warn(
            f'{found.file} {found.sheet}: {len(issues.bad)} of {len(frame)} rows of the table {code} '
            f'are set aside. The first: row {first[2]}, column {first[3]}, "{first[4]}" is '
            f"{first[6]}. {first[7]} The attribute issues lists all.",
            DataQualityWarning,
        )  # fmt: skip
    key = [k for k in definition.key if k in kept.columns]
    order = kept.sort_values([*key, "row"], ignore_index=True).drop(columns="row")
    return UserTable(code, order, issues.frame(), found.file, found.sheet, found.sha256, len(frame))


def read_all(
    sources: Mapping[str, Any], *, latest: int | None = None, industries: Any = None
) -> dict[str, UserTable]:
    """Read several user tables and check them against each other.

    Codes of regions that were merged into others (``DU.merged_into``) are replaced; the industries
    of a region are held against its total.

    Parameters
    ----------
    sources
        Source by code, see :func:`read`; a :class:`UserTable` is taken as it is.
    latest
        Last year that a statistic can be of.
    industries
        Ids of industries that are known; not checked when omitted.

    Returns
    -------
    dict
        :class:`UserTable` by code.

    Raises
    ------
    UnknownNameError
        A code is none.
    FormatError, ArgumentError
        As :func:`read`.
    """
    for code in sources:
        if code not in codes():
            raise UnknownNameError("user table", code, codes())
    found = {
        code: source if isinstance(source, UserTable) else read(source, code, latest=latest)
        for code, source in sorted(sources.items())
    }
    known = None if industries is None else {str(one) for one in industries}
    return rules.across(found, known)


def _columns(found: Raw, definition: Definition, issues: Issues) -> dict[str, int]:
    """Place of every column among the headers."""
    names: dict[str, str] = {}
    for column in definition.columns.values():
        for name in (column.name, *column.labels.values(), *column.names):
            names.setdefault(bare(name), column.name)
    places: dict[str, int] = {}
    for place, header in enumerate(found.headers):
        if not header:
            continue
        told = names.get(bare(header))
        if told is None:
            every = [*definition.columns, *names]
            close = did_you_mean(bare(header), every)
            remedy = f"Did you mean {close}?" if close else "Its cells are not read."
            issues.warning(0, header, header, "an unknown column", remedy)
            continue
        if told in places:
            issues.warning(0, header, header, "a second column of this name", "Only the first is read.")  # fmt: skip
            continue
        places[told] = place
        _check_unit(header, definition.columns[told], issues)
    missing = [c for c in definition.columns.values() if c.required and c.name not in places]
    if missing:
        listed = ", ".join(f"{c.name} ({c.labels['zh']})" for c in missing)
        unknown = [row[3] for row in issues.rows if row[6] == "an unknown column"]
        hint = f" Not understood: {', '.join(unknown)}." if unknown else ""
        msg = (
            f'"{found.file}" {found.sheet}'.rstrip() + f" lacks columns of the table "
            f"{definition.code}: {listed}.{hint} `patentnav tables` writes a template."
        )
        raise FormatError(msg)
    return places


def _check_unit(header: str, column: Column, issues: Issues) -> None:
    unit = said_unit(header)
    if unit and column.unit and unit != column.unit and not unit.isascii():
        remedy = f"The column is in {column.unit}. Convert its numbers and mend the header."
        issues.error(0, column.name, header, f"in {unit}, another unit", remedy)


def _values(
    found: Raw,
    definition: Definition,
    places: Mapping[str, int],
    issues: Issues,
    latest: int | None,
) -> pd.DataFrame:
    data: dict[str, list[Any]] = {"row": found.rows}
    wrong_unit = {row[3] for row in issues.rows if row[5] == "error"}
    issues.bad.discard(0)
    for column in definition.columns.values():
        place = places.get(column.name)
        values: list[Any] = []
        for row, cells in zip(found.rows, found.cells, strict=True):
            text = None if place is None else cells[place]
            if column.name in wrong_unit:
                text = None  # a number in another unit is no number of this column
            values.append(_value(text, column, row, issues, latest))
        data[column.name] = values
    frame = pd.DataFrame(data)
    for column in definition.columns.values():
        dtype = _DTYPES.get(column.type)
        if dtype is not None:
            frame[column.name] = frame[column.name].astype(dtype)  # type: ignore[call-overload]
        elif column.type != "list":
            frame[column.name] = frame[column.name].astype("str")
    said = [c for c in ("note", "source") if c in frame.columns]
    marks = words()["preliminary"]
    frame["preliminary"] = [
        any(mark in str(text).casefold() for text in texts for mark in marks)
        for texts in frame[said].itertuples(index=False, name=None)
    ]
    return frame


def _value(text: str | None, column: Column, row: int, issues: Issues, latest: int | None) -> Any:
    if text is None:
        if column.required:
            remedy = "Fill the cell; a row without it cannot be used."
            issues.error(row, column.name, "", "empty", remedy)
        return () if column.type == "list" else None
    if column.name == "fact":
        text = words()["fact"].get(text, text)
    try:
        value = value_of(text, column, latest)
    except CellError as error:
        issues.error(row, column.name, text, error.problem, error.remedy)
        return () if column.type == "list" else None
    if column.type in {"number", "count", "share", "year"} and narrowed(text) != text:
        issues.note(row, column.name, text, "full-width characters were read as usual ones")
    if column.type == "list" and column.values:
        for one in value:
            if one not in column.values:
                close = did_you_mean(one, column.values)
                remedy = f"Did you mean {close}?" if close else "It is kept as it is."
                issues.warning(row, column.name, one, "an unknown value", remedy)
    return value
