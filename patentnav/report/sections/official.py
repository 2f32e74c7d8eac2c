"""What sections that rest on the user's own tables share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from scipy.stats import binomtest

from patentnav import tables
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from patentnav.report.blocks import Block, Section
    from patentnav.report.edition import Edition
    from patentnav.tables import UserTable

_SOURCES = 3  # publishers of a table that are named
_EXAMPLES = 3  # values of cells that set rows aside
_FRAME = "DataFrame"  # what a table is called that came as one


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
    about: dict[str, Any] = {"user_table": code, "columns": columns, "section": place}
    held = edition.study.user_tables
    if code in held and not len(held[code].frame):
        raise gap("missing.set_aside", rows=held[code].rows, **about)
    if code not in held:
        raise gap("missing.user_table", **about)
    frame = held[code].frame
    declared = tables.load(code)
    told = (
        set(frame["indicator"]) if declared.indicators else set(frame.columns[frame.notna().any()])
    )
    if columns and not told & {*columns, *among}:
        raise gap("missing.user_table", **about)
    return frame


def measures_table(id_: str, rows: Sequence[tuple[str, ...]]) -> Table:
    """A table of measures: what is concerned, what to do, why, how success is seen, who, by when.

    Parameters
    ----------
    id_
        Of the table.
    rows
        Lead, action, object, evidence, deadline, success measure.
    """
    made = ["subject", "action", "object", "evidence", "deadline", "success"]
    frame = pd.DataFrame(rows, columns=[f"measure_{name}" for name in made])
    read = ["object", "action", "evidence", "success", "subject", "deadline"]
    return Table(id_, frame[[f"measure_{name}" for name in read]], {}, {}, None, rows=None)


@section("methods.tables", collects=True)
def given_tables(edition: Edition, _built: Sequence[Section]) -> Iterator[Block]:
    """The user's own tables that the report uses: file, rows, years, publisher; what was set aside."""
    given = edition.study.user_tables
    held = {code: given[code] for code in sorted(edition.tables) if code in given}
    if not held:
        yield Text("methods.tables.unused" if given else "methods.tables.none", {})
        return
    claim = edition.claims("methods.tables")
    values = {
        "count": claim.parameter("count", len(held)),
        "rows": claim.parameter("rows", sum(t.rows for t in held.values())),
        "aside": claim.parameter("aside", sum(t.set_aside for t in held.values())),
        "table": Ref("user_tables"),
    }  # fmt: skip
    any_aside = any(t.set_aside for t in held.values())
    yield Text(f"methods.tables.{'finding' if any_aside else 'whole'}", values)
    yield Text("methods.tables.body", values)
    rows, early = [], []
    for code, table in held.items():
        frame = table.frame
        name = f"{code} {table.definition.titles[edition.lang]}"
        years: list[int] = list(frame["year"].dropna()) if "year" in frame else []
        span = "\u2013" if not years else f"{min(years)}\u2013{max(years)}"
        span = str(min(years)) if years and min(years) == max(years) else span
        sources = sorted(frame["source"].dropna().unique())
        separator = edition.word("list_separator")
        told = separator.join(sources[:_SOURCES]) + ("\u2026" if len(sources) > _SOURCES else "")
        rows.append(
            (
                name,
                _file(edition, table.file),
                len(frame),
                table.set_aside,
                span,
                told,
                table.sha256[:12],
            )
        )
        if frame["preliminary"].any():
            early.append(name)
    columns = ["ut_table", "ut_file", "ut_rows", "ut_aside", "ut_years", "ut_source", "ut_hash"]
    forms = {"ut_rows": "count", "ut_aside": "count", "ut_hash": "code"}
    yield Table("user_tables", pd.DataFrame(rows, columns=columns), forms, {}, None, rows=None)
    faults = _faults(edition, held)
    if len(faults):
        yield Text("methods.tables.faults", {"table": Ref("user_faults")})
        yield Table(
            "user_faults", faults, {"ut_aside": "count", "examples": "text"}, {}, None, rows=None
        )
    if early:
        yield Text("methods.tables.preliminary", {"names": edition.word("list_separator").join(early)}, "note")  # fmt: skip


def _file(edition: Edition, file: str) -> str:
    return edition.word("from_program") if file == _FRAME else file


def _faults(edition: Edition, held: Mapping[str, UserTable]) -> pd.DataFrame:
    """Columns for whose cells rows of the user's tables were set aside, with examples."""
    rows = []
    for code, table in held.items():
        bad = table.issues[table.issues["severity"] == "error"]
        if not table.set_aside or bad.empty:
            continue
        for column, group in bad.groupby("column", sort=True):
            examples = edition.word("list_separator").join(sorted(set(group["value"]))[:_EXAMPLES])
            name = f"{code} {table.definition.titles[edition.lang]}"
            label = table.definition.label(str(column), edition.lang)
            rows.append((name, label, table.set_aside, examples))
    return pd.DataFrame(rows, columns=["ut_table", "ut_column", "ut_aside", "examples"])


@section("methods.retrieval")
def retrieval(edition: Edition) -> Iterator[Block]:
    """How exact and complete the searches were, by the client's samples and lists."""
    held = edition.study.user_tables
    if "SQ" not in held or held["SQ"].frame.empty:
        return
    yield Text("methods.retrieval.body", {"table": Ref("retrieval")})
    rows = []
    for row in held["SQ"].frame.to_dict("records"):
        told = [row["query_id"], row["database"], row["searched_on"], row["hits"]]
        for hit, of in (("sample_relevant", "sample_n"), ("known_found", "known_n")):
            told += interval(row[hit], row[of])
        rows.append(told)
    parts = ["", "_low", "_high"]
    columns = ["query_id", "database", "searched_on", "hits",
               *(f"{name}{part}" for name in ("precision", "recall") for part in parts)]  # fmt: skip
    forms = {"hits": "count", "searched_on": "date", "query_id": "code",
             **dict.fromkeys(columns[4:], "share")}  # fmt: skip
    note = Text("methods.retrieval.note", {}, "note")
    yield Table("retrieval", pd.DataFrame(rows, columns=columns), forms, {}, note, rows=None)


def interval(hits: Any, of: Any) -> list[float]:
    """Share with its 95 % interval by Wilson; unknown where nothing was looked at."""
    if pd.isna(hits) or pd.isna(of) or not of:
        return [math.nan] * 3
    found = binomtest(int(hits), int(of)).proportion_ci(method="wilson")
    return [hits / of, float(found.low), float(found.high)]
