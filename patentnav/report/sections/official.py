"""What sections that rest on the user's own tables share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import tables
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_SOURCES = 3  # publishers of a table that are named


def needed(
    edition: Edition, place: str, code: str, *columns: str, among: Collection[str] = ()
) -> pd.DataFrame:
    """Rows of a user table; any of ``columns``, or of ``among``, must be told.

    Raises
    ------
    UnavailableError
        The table, or all of the columns (of a long table: indicators), are not there; says what
        the section would answer with them.
    """
    about = {"user_table": code, "columns": columns, "section": place}
    held = edition.study.user_tables
    if code not in held or not len(held[code].frame):
        raise gap("missing.user_table", **about)
    frame = held[code].frame
    declared = tables.load(code)
    told = (
        set(frame["indicator"]) if declared.indicators else set(frame.columns[frame.notna().any()])
    )
    if columns and not told & {*columns, *among}:
        raise gap("missing.user_table", **about)
    return frame


@section("methods.tables")
def given_tables(edition: Edition) -> Iterator[Block]:
    """The user's own tables: file, rows, years, publisher; what was set aside."""
    held = edition.study.user_tables
    if not held:
        yield Text("methods.tables.none", {})
        return
    claim = edition.claims("methods.tables")
    values = {
        "count": claim.parameter("count", len(held)),
        "rows": claim.parameter("rows", sum(t.rows for t in held.values())),
        "aside": claim.parameter("aside", sum(t.set_aside for t in held.values())),
        "table": Ref("user_tables"),
    }  # fmt: skip
    yield Text("methods.tables.finding", values)
    yield Text("methods.tables.body", values)
    rows, early = [], []
    for code, table in held.items():
        frame = table.frame
        name = f"{code} {table.definition.titles[edition.lang]}"
        years: list[int] = list(frame["year"].dropna()) if "year" in frame else []
        span = f"{min(years)}\u2013{max(years)}" if len(years) else "\u2013"
        sources = sorted(frame["source"].dropna().unique())
        separator = edition.word("list_separator")
        told = separator.join(sources[:_SOURCES]) + ("\u2026" if len(sources) > _SOURCES else "")
        rows.append((name, table.file, len(frame), table.set_aside, span, told, table.sha256[:12]))
        if frame["preliminary"].any():
            early.append(name)
    columns = ["ut_table", "ut_file", "ut_rows", "ut_aside", "ut_years", "ut_source", "ut_hash"]
    forms = {"ut_rows": "count", "ut_aside": "count", "ut_hash": "code"}
    yield Table("user_tables", pd.DataFrame(rows, columns=columns), forms, {}, None, rows=None)
    if early:
        yield Text("methods.tables.preliminary", {"names": edition.word("list_separator").join(early)}, "note")  # fmt: skip
