"""What rows and tables must agree with: keys, indicators, units, courses, sums, consent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav.errors import did_you_mean
from patentnav.tables.issues import Issues

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from patentnav.tables.definitions import Definition
    from patentnav.tables.table import UserTable

_JUMP = 5.0  # times the year before, either way: perhaps another unit
_ROUNDED = 0.005  # relative deviation of a quotient from its parts
_OVER = 1.02  # parts of a whole together


def check(frame: pd.DataFrame, definition: Definition, issues: Issues) -> None:
    """Rows of one table; what does not hold is an issue."""
    if definition.rules.get("indicators"):
        _indicators(frame, definition, issues)
    if "consent" in definition.rules:
        _consent(frame, str(definition.rules["consent"]), issues)
    if "quotient" in definition.rules:
        _quotient(frame, definition.rules["quotient"], issues)
    for part, whole in definition.rules.get("parts", ()):
        over = (frame[part] > frame[whole]).fillna(False).astype(bool)
        for row, value in frame.loc[over, ["row", part]].itertuples(index=False, name=None):
            issues.error(row, part, value, f"more than {whole}", "Check both numbers.")
    if {"year", "published_on"} <= set(frame.columns):
        _published(frame, issues)
    _keys(frame, definition, issues)
    if "course" in definition.rules:
        _course(frame, definition, issues)


def _indicators(frame: pd.DataFrame, definition: Definition, issues: Issues) -> None:
    """A name in words becomes the id; a unit must be that of the indicator."""
    known = definition.indicators
    by_name = {given[lang]: name for name, given in known.items() for lang in ("zh", "en")}
    ids = []
    for row, said, unit in frame[["row", "indicator", "unit"]].itertuples(index=False, name=None):
        name = by_name.get(said, said) if isinstance(said, str) else said
        ids.append(name)
        if not isinstance(name, str):
            continue
        if name in known:
            if unit != known[name]["unit"]:
                remedy = f"It is counted in {known[name]['unit']}. Convert the value and the unit."
                issues.error(row, "unit", unit, f"not the unit of {name}", remedy)
            continue
        close = did_you_mean(name, [*known, *by_name])
        if close:
            issues.error(row, "indicator", name, "an unknown indicator", f"Did you mean {close}?")
        else:
            remedy = "It is kept as an indicator of your own."
            issues.warning(row, "indicator", name, "an indicator that is not declared", remedy)
    frame["indicator"] = pd.Series(ids, index=frame.index, dtype="str")


def _published(frame: pd.DataFrame, issues: Issues) -> None:
    """No figure is of a year after that of its publication."""
    late = (frame["year"] > frame["published_on"].dt.year).fillna(False).astype(bool)
    for row, year in frame.loc[late, ["row", "year"]].itertuples(index=False, name=None):
        remedy = "Check the year and the date of publication."
        issues.error(int(row), "year", year, "later than its publication", remedy)


def _consent(frame: pd.DataFrame, column: str, issues: Issues) -> None:
    refused = frame.loc[~frame[column].fillna(False).astype(bool), "row"]
    for row in refused:
        remedy = "Facts of a person are kept with the person's consent only. Delete the row, or get it."  # fmt: skip
        issues.error(int(row), column, "", "without consent", remedy)


def _quotient(frame: pd.DataFrame, columns: Any, issues: Issues) -> None:
    value, over, under = columns
    cells = frame[["row", value, over, under]].itertuples(index=False, name=None)
    for row, said, part, whole in cells:
        if pd.isna(part) or pd.isna(whole):
            continue
        if whole == 0:
            issues.error(row, under, whole, "a denominator of zero", "Leave it empty if unknown.")
        elif not pd.isna(said) and abs(said - part / whole) > _ROUNDED * max(abs(part / whole), 1e-12):  # fmt: skip
            remedy = f"{part:g} divided by {whole:g} is {part / whole:g}. Mend one of the three."
            issues.error(row, value, said, "not the quotient of its parts", remedy)


def _keys(frame: pd.DataFrame, definition: Definition, issues: Issues) -> None:
    key = list(definition.key)
    standing = frame[~frame["row"].isin(sorted(issues.bad))]
    again = standing[standing.duplicated(key, keep="first")]
    first = standing.drop_duplicates(key).set_index(key)["row"]
    for values in again[["row", *key]].itertuples(index=False, name=None):
        told = first.get(values[1] if len(key) == 1 else tuple(values[1:]))
        shown = " / ".join(str(v) for v in values[1:])
        remedy = f"Row {told} has the same {', '.join(key)}. Keep one of them."
        issues.error(int(values[0]), key[0], shown, "there already", remedy)


def _course(frame: pd.DataFrame, definition: Definition, issues: Issues) -> None:
    """A figure that is five times, or a fifth of, that of the year before."""
    value, group = str(definition.rules["course"]), list(definition.rules["group"])
    standing = frame[~frame["row"].isin(sorted(issues.bad))].dropna(subset=[value, "year"])
    ordered = standing.sort_values([*group, "year"], kind="stable")
    before: tuple[Any, ...] | None = None
    for row in ordered[[*group, "year", value, "row"]].itertuples(index=False, name=None):
        same = before is not None and row[: len(group)] == before[: len(group)]
        if same and before is not None and row[-3] == before[-3] + 1 and before[-2] > 0:
            times = row[-2] / before[-2]
            if times > _JUMP or times < 1 / _JUMP:
                remedy = f"{times:.3g} times that of {before[-3]} ({before[-2]:g}). Check the unit."
                issues.warning(int(row[-1]), value, row[-2], "a jump within a year", remedy)
        before = row


# Tables that others are held against: what a table says rests on these, too.
ACROSS = {"CS": ("DU",), "IS": ("CS", "DU")}


def across(
    tables: Mapping[str, UserTable], industries: Collection[str] | None
) -> dict[str, UserTable]:
    """Tables held against each other."""
    found = dict(tables)
    if "DU" in found:
        merged = found["DU"].frame.dropna(subset=["merged_into"])
        into = dict(zip(merged["region_code"], merged["merged_into"], strict=True))
        for code in ("CS", "IS"):
            if code in found and into:
                found[code] = _merged(found[code], into)
    if "IS" in found:
        found["IS"] = _totals(found["IS"], found.get("CS"))
        if industries is not None:
            found["IS"] = _known(found["IS"], industries)
    return found


def _merged(table: UserTable, into: Mapping[str, str]) -> UserTable:
    """Codes of regions that are part of another now, where the other has no figure of its own."""
    old = table.frame["region_code"].isin(list(into))
    if not old.any():
        return table
    issues = Issues(table.file, table.sheet)
    for code in sorted(table.frame.loc[old, "region_code"].unique()):
        remedy = (
            f"Give the figures of {into[code]} by today's borders; rows of {code} are left out."
        )
        issues.warning(0, "region_code", code, f"a region that is part of {into[code]} now", remedy)
    return _with(table, table.frame[~old].reset_index(drop=True), issues)


def _totals(table: UserTable, city: UserTable | None) -> UserTable:
    if city is None:
        return table
    issues = Issues(table.file, table.sheet)
    for column, indicator in table.definition.rules.get("sums", {}).items():
        whole = city.frame[city.frame["indicator"] == indicator]
        totals = whole.set_index(["region_code", "year"])["value"]
        parts = table.frame.groupby(["region_code", "year"])[column].sum(min_count=1)
        for place, total in parts.dropna().items():
            limit = totals.get(place)
            if limit is not None and total > limit * _OVER:
                remedy = f"{indicator} of {place[0]} in {place[1]} is {limit:g}. Check the unit."
                issues.warning(0, column, f"{total:g}", "more than the whole", remedy)
    return _with(table, table.frame, issues)


def _known(table: UserTable, industries: Collection[str]) -> UserTable:
    strange = ~table.frame["industry"].isin(list(industries))
    issues = Issues(table.file, table.sheet)
    for name in sorted(table.frame.loc[strange, "industry"].dropna().unique()):
        close = did_you_mean(name, industries)
        remedy = f"Did you mean {close}?" if close else f"Known: {', '.join(sorted(industries))}."
        issues.error(0, "industry", name, "no industry of the taxonomy", remedy)
    return _with(table, table.frame[~strange].reset_index(drop=True), issues)


def _with(table: UserTable, frame: pd.DataFrame, issues: Issues) -> UserTable:
    if not issues.rows:
        return table
    every = pd.concat([table.issues, issues.frame()], ignore_index=True)
    return replace(table, frame=frame, issues=every)
