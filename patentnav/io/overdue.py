"""Applications that are said to be pending long after any examination ends: their state is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources

if TYPE_CHECKING:
    from collections.abc import Mapping

REASON = "filed too long ago to be pending still; the state is unknown"
_FIRST = 2  # years after filing within which an application is first published
_DATES = ("publication_date", "application_date", "grant_date")


def overdue(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Publications whose record says pending and cannot have been kept up.

    The years after which that is so stand in ``law/examination.toml``, counted from filing to the last
    day that the set knows of; what was published long after its filing (a division) is as old as that.

    Parameters
    ----------
    tables
        Canonical tables of the set: ``publications``, ``legal_events`` if there are any.

    Returns
    -------
    pandas.Series
        bool, one per row of ``publications``.
    """
    publications = tables["publications"]
    no = pd.Series(data=False, index=publications.index)
    if not {"legal_status", "application_date", "patent_type"} <= set(publications.columns):
        return no
    known = [publications[c].max() for c in _DATES if c in publications]
    if "legal_events" in tables:
        known.append(tables["legal_events"]["date"].max())
    last = max((day for day in known if pd.notna(day)), default=None)
    if last is None:
        return no
    years = _resources.load_toml("law", "examination")
    for kind, most in years.items():
        bound = last - pd.DateOffset(years=int(most))
        early = publications["application_date"] < bound
        if "publication_date" in publications:  # a division keeps the filing date of its parent
            late = publications["publication_date"] >= bound + pd.DateOffset(years=_FIRST)
            early &= ~late.fillna(False)
        no |= (early & publications["patent_type"].eq(kind).fillna(False)).astype(bool)
    return no & publications["legal_status"].eq("pending").fillna(False).astype(bool)


def without_overdue(
    tables: Mapping[str, pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Publications with the state of overdue ones unknown, and an account of what was changed.

    Parameters
    ----------
    tables
        As in :func:`overdue`.

    Returns
    -------
    pandas.DataFrame
        ``publications``; what the source said stays in ``legal_status_raw``.
    pandas.DataFrame
        ``file, row, column, value, repaired, reason`` of the publications changed.
    """
    publications = tables["publications"]
    late = overdue(tables)
    if not late.any():
        return publications, pd.DataFrame()
    rows = publications[late]
    told = pd.DataFrame(
        {
            "file": rows["source_file"], "row": rows["source_row"], "column": "legal_status",
            "value": rows["legal_status_raw"].fillna(rows["legal_status"]),
            "repaired": "unknown", "reason": REASON,
        }
    )  # fmt: skip
    status = publications["legal_status"].mask(late, "unknown")
    return publications.assign(legal_status=status), told.reset_index(drop=True)
