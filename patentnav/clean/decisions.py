"""Doubtful identities for a person to judge, and the replay of what was decided.

A decision is one row: two mentions, each named by a publication number and a name, and whether they
are the ``same`` or ``different``. Ids of persons and parties never stand in it, so it keeps its
meaning when records are added.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _files, sheets
from patentnav.clean.linkage import components
from patentnav.errors import ArgumentError, DataQualityWarning, FormatError, warn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS = (
    "kind",
    "first_publication",
    "first_name",
    "second_publication",
    "second_name",
    "decision",
)
KINDS = ("inventor", "party")
SAME, DIFFERENT = "same", "different"


def write_review(review: pd.DataFrame, path: str | Path) -> Path:
    """Write a review table for marking; ``decision`` is to be filled with same or different.

    Parameters
    ----------
    review
        Result of :func:`patentnav.clean.review_inventors` or
        :func:`patentnav.clean.review_parties`.
    path
        ``.csv`` (UTF-8 with a byte order mark, so that spreadsheets show it) or ``.xlsx``.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ArgumentError
        The file has another ending.
    """
    file = _files.as_path(path)
    if file.suffix not in {".csv", ".xlsx"}:
        msg = f'A review table is .csv or .xlsx, "{file.name}" is neither. Change the ending.'
        raise ArgumentError(msg)
    return sheets.write_tables(file, {"review": review})


def read_decisions(path: str | Path) -> pd.DataFrame:
    """Read the marked rows of a review table.

    Parameters
    ----------
    path
        ``.csv`` or ``.xlsx``; rows without a decision are left out, other columns are kept.

    Returns
    -------
    pandas.DataFrame
        Checked by :func:`check_decisions`.

    Raises
    ------
    FormatError
        The file is no table with the columns of a decision.
    ArgumentError
        A decision is neither same nor different.
    """
    table = read_table(path, COLUMNS, "Start from a review table (clean.review_parties).")
    marked = table["decision"].str.strip().str.lower()
    marked = marked.mask(marked == "")  # a cell that is blank
    return check_decisions(table.assign(decision=marked).dropna(subset=["decision"]))


def read_table(path: str | Path, columns: Sequence[str], remedy: str) -> pd.DataFrame:
    """Read a table of the user's own that must have certain columns.

    Parameters
    ----------
    path
        See :func:`patentnav.sheets.read_table`.
    columns
        Columns that the table must have.
    remedy
        What to do where one is missing, for the message.

    Returns
    -------
    pandas.DataFrame
        All columns, as texts.

    Raises
    ------
    ArgumentError
        There is no such file.
    FormatError
        The file is no such table.
    """
    file = _files.as_path(path)
    table = sheets.read_table(file)
    missing = [c for c in columns if c not in table.columns]
    if missing:
        msg = f'"{file.name}" lacks the columns {", ".join(missing)}. {remedy}'
        raise FormatError(msg)
    return table.astype("str")


def given_decisions(decisions: pd.DataFrame | str | Path | None) -> pd.DataFrame | None:
    """Decisions as a table: as given, or read from a file."""
    return read_decisions(decisions) if isinstance(decisions, str | Path) else decisions


def check_decisions(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return decisions without repeated rows.

    Raises
    ------
    ArgumentError
        A column is missing, or a value is not one of the allowed ones.
    """
    missing = [c for c in COLUMNS if c not in decisions.columns]
    if missing:
        msg = f"decisions lacks {', '.join(missing)}; it needs {', '.join(COLUMNS)}."
        raise ArgumentError(msg)
    for column, allowed in (("kind", KINDS), ("decision", (SAME, DIFFERENT))):
        wrong = decisions.loc[~decisions[column].isin(allowed), column]
        if len(wrong):
            msg = f'decisions.{column} holds "{wrong.iloc[0]}"; allowed: {", ".join(allowed)}.'
            raise ArgumentError(msg)
    return decisions.drop_duplicates(list(COLUMNS), ignore_index=True)


def conflicts(decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions that contradict others: ``different`` although a chain of ``same`` joins the two.

    Returns
    -------
    pandas.DataFrame
        The contradicting ``different`` rows; a replay leaves them out and warns.
    """
    checked = check_decisions(decisions)
    ends = [
        checked["kind"]
        + "\t"
        + checked[f"{side}_publication"].astype("str")
        + "\t"
        + checked[f"{side}_name"].astype("str")
        for side in ("first", "second")
    ]
    code, _ = pd.factorize(pd.concat(ends), sort=True)
    first, second = code[: len(checked)], code[len(checked) :]
    same = (checked["decision"] == SAME).to_numpy()
    labels = components(first[same], second[same], int(code.max()) + 1 if len(code) else 0)
    contradicting: pd.DataFrame = checked[~same & (labels[first] == labels[second])]
    return contradicting


def pairs_of(
    decisions: pd.DataFrame | None, kind: str, position: Mapping[tuple[str, str], int]
) -> tuple[np.ndarray, np.ndarray]:
    """Decided pairs as positions of mentions.

    Parameters
    ----------
    decisions
        The decisions, or None.
    kind
        ``inventor`` or ``party``.
    position
        Position of each mention by publication and name.

    Returns
    -------
    same, different
        Integer arrays of shape (pairs, 2). Decisions on mentions that the set does not hold are
        left out; contradictions are left out and warned of.
    """
    nothing = np.empty((0, 2), dtype=int)
    if decisions is None or decisions.empty:
        return nothing, nothing
    checked = check_decisions(decisions)
    contradicting = conflicts(checked)
    if len(contradicting):
        example = contradicting.iloc[0]
        warn(
            f"{len(contradicting)} decisions say different although others join the two, e.g. "
            f"{example['first_name']} ({example['first_publication']}); they are left out. "
            "See clean.decision_conflicts.",
            DataQualityWarning,
        )
        checked = checked.drop(index=contradicting.index)
    checked = checked[checked["kind"] == kind]
    found: dict[str, list[tuple[int, int]]] = {SAME: [], DIFFERENT: []}
    for row in checked.to_dict("records"):
        first = position.get((row["first_publication"], row["first_name"]))
        second = position.get((row["second_publication"], row["second_name"]))
        if first is not None and second is not None and first != second:
            found[row["decision"]].append((first, second))
    same, different = (np.array(found[d], dtype=int).reshape(-1, 2) for d in (SAME, DIFFERENT))
    return same, different
