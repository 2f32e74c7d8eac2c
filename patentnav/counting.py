"""What is counted and how: units (publication, application, family) and shares of groups.

Every count of the package goes through here, so that the unit and the counting rule are said once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from patentnav import schema
from patentnav._guard import guard
from patentnav._memo import shared
from patentnav._strings import among
from patentnav.config import UNITS, get_config
from patentnav.errors import (
    ArgumentError,
    MissingColumnError,
    MissingTableError,
    UnknownNameError,
)

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

__all__ = [
    "best_unit",
    "dates",
    "most_frequent",
    "shares",
    "unit_frame",
    "unit_ids",
    "unit_years",
]

Unit = Literal["publication", "application", "family"]
Counting = Literal["whole", "fractional"]

FAMILY_SCHEMES = ("simple", "extended", "vendor")


def unit_ids(patents: PatentSet, unit: Unit | None = None) -> pd.Series:
    """Id of the counted unit of every publication.

    Parameters
    ----------
    patents
        The set.
    unit
        ``publication``, ``application`` or ``family``; the configured one when omitted. A family
        is the first of simple, extended, vendor that the set carries; a publication outside every
        family counts by its application, one without application number by itself.

    Returns
    -------
    pandas.Series
        Named ``unit_id``, indexed by ``publication_id``, dtype str.

    Raises
    ------
    MissingTableError
        ``family`` is asked of a set without families.
    ArgumentError
        The unit is none of the three.
    """
    return _unit_ids(patents, unit or get_config().unit)


@shared
def _unit_ids(patents: PatentSet, unit: str) -> pd.Series:
    if unit not in UNITS:
        msg = f'unit="{unit}" is not one of {", ".join(UNITS)}.'
        raise ArgumentError(msg)
    publications = patents.publications
    own = publications.index.to_series()
    if unit == "publication":
        return own.rename("unit_id")
    application = publications["application_id"].fillna(own)
    if unit == "application":
        return application.rename("unit_id")
    if not patents.has("families"):
        msg = (
            'The set carries no families, so unit="family" cannot be counted. Export family '
            'members, derive them with clean.families, or say unit="application".'
        )
        raise MissingTableError(msg)
    families = patents.families
    present = [s for s in FAMILY_SCHEMES if (families["scheme"] == s).any()]
    if not present:
        return application.rename("unit_id")
    chosen = families[families["scheme"] == present[0]].drop_duplicates("publication_id")
    family = own.map(chosen.set_index("publication_id")["family_id"])
    # All publications of one application share the family of any of them.
    shared = family.groupby(application).transform("first")
    return family.fillna(shared).fillna(application).rename("unit_id")


def best_unit(patents: PatentSet) -> Unit:
    """Finest honest unit that a set supports: family, else application, else publication."""
    if patents.has("families") and len(patents.families):
        return "family"
    return "application" if patents.has("publications", "application_id") else "publication"


def dates(patents: PatentSet, basis: str = "application_date") -> pd.Series:
    """Dates on a stated basis.

    Returns
    -------
    pandas.Series
        datetime64, indexed by ``publication_id``.

    Raises
    ------
    UnknownNameError
        ``basis`` is no date column of ``publications``.
    MissingColumnError
        No publication has that date.
    """
    columns = schema.table("publications").columns
    known = [name for name, column in columns.items() if column.dtype == "date"]
    if basis not in known:
        raise UnknownNameError("date column of publications", basis, known)
    series = patents.publications[basis]
    if series.notna().sum() == 0 and len(series):
        msg = f"No publication has {basis}. Count on another date, e.g. publication_date."
        raise MissingColumnError(msg)
    return series


@shared
def shares(
    patents: PatentSet, by: str | pd.DataFrame, counting: Counting = "fractional"
) -> pd.DataFrame:
    """Belonging of publications to groups.

    Parameters
    ----------
    patents
        The set.
    by
        Name of a column of ``publications`` (one group each), or a membership table
        ``publication_id, <group>, weight`` whose second column names the group.
    counting
        ``fractional``: weights of a publication sum to one; ``whole``: every group counts one.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, group, weight``; publications without a group are left out.

    Raises
    ------
    MissingColumnError
        The column does not exist.
    ArgumentError
        ``counting`` is neither of the two.
    """
    if counting not in {"whole", "fractional"}:
        msg = f'counting="{counting}" is not one of whole, fractional.'
        raise ArgumentError(msg)
    if isinstance(by, str):
        if by not in patents.publications.columns:
            msg = f'publications has no column "{by}". Add it with assign({by}=…).'
            raise MissingColumnError(msg)
        group = patents.publications[by].dropna()
        frame = pd.DataFrame(
            {"publication_id": group.index, "group": group.to_numpy(), "weight": 1.0}
        )
        return frame.reset_index(drop=True)
    name = next(c for c in by.columns if c != "publication_id")
    here = by[among(by["publication_id"], patents.publications.index)]
    weight = here["weight"] if "weight" in here.columns else pd.Series(1.0, index=here.index)
    frame = pd.DataFrame(
        {"publication_id": here["publication_id"], "group": here[name], "weight": weight}
    )
    frame = frame.groupby(["publication_id", "group"], sort=True)["weight"].sum().reset_index()
    if counting == "whole":
        return frame.assign(weight=1.0)
    total = frame.groupby("publication_id")["weight"].transform("sum")
    return frame.assign(weight=frame["weight"] / total)


def unit_frame(
    patents: PatentSet, by: str | pd.DataFrame, *, unit: Unit | None, counting: Counting
) -> pd.DataFrame:
    """Belonging of counted units to groups.

    Parameters
    ----------
    patents
        The set.
    by
        Column of ``publications`` or membership table, as in :func:`patentnav.counting.shares`.
    unit
        Counted unit; the configured one when None.
    counting
        ``fractional``: the weights of a unit sum to one (the mean over its publications);
        ``whole``: one in every group of any of its publications.

    Returns
    -------
    pandas.DataFrame
        ``unit_id, group, weight``.
    """
    return _unit_frame(patents, by, unit or get_config().unit, counting)


@shared
def _unit_frame(
    patents: PatentSet, by: str | pd.DataFrame, unit: str, counting: Counting
) -> pd.DataFrame:
    parts = shares(patents, by, counting)
    ids = _unit_ids(patents, unit)
    keyed = parts.assign(unit_id=parts["publication_id"].map(ids))
    grouped = keyed.groupby(["unit_id", "group"], sort=True, observed=True)["weight"]
    if counting == "whole":
        return grouped.max().reset_index()
    frame = grouped.sum().reset_index()
    total = frame.groupby("unit_id")["weight"].transform("sum")
    return frame.assign(weight=frame["weight"] / total)


def unit_years(patents: PatentSet, basis: str, unit: Unit | None) -> pd.Series:
    """Year of every unit on a date basis (its earliest), Int64, indexed by ``unit_id``."""
    first = dates(patents, basis).groupby(unit_ids(patents, unit)).min()
    years: pd.Series = first.dt.year.astype("Int64").rename("year")
    return years


def most_frequent(rows: pd.DataFrame, by: str, column: str) -> pd.Series:
    """Most frequent value of a column per group; the smallest of equally frequent ones.

    Parameters
    ----------
    rows
        A table with both columns.
    by, column
        The groups, and the values of which the most frequent is wanted; missing ones do not count.

    Returns
    -------
    pandas.Series
        Named by the column, indexed by group; a group without any value has no row.
    """
    counts = rows.groupby([by, column], sort=True, observed=True).size().rename("n").reset_index()
    counts = counts.sort_values([by, "n", column], ascending=[True, False, True])
    return counts.drop_duplicates(by).set_index(by)[column]


guard(__name__)
