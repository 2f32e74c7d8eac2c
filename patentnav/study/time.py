"""When: the date that years are counted on, the cut-off and the years that are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import counting, facts, indicators
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet
    from patentnav.study.steps import Later

_BASES = ("application_date", "earliest_priority_date", "publication_date")


def cutoff(given: PatentSet, given_cutoff: Any) -> pd.Timestamp | None:
    """Date of the search: as given, else the latest publication date."""
    last = given_cutoff
    if last is None:
        last = given.publications["publication_date"].max()
    return None if pd.isna(last) else pd.Timestamp(last)


def is_dated(patents: PatentSet) -> bool:
    """Whether there is a date to count years on."""
    return any(patents.has("publications", basis) for basis in _BASES)


def basis(patents: PatentSet) -> str:
    """Date on which years are counted: filing, else earliest priority, else publication."""
    for name in _BASES:
        if patents.has("publications", name):
            return name
    raise gap("missing.dates")


def incomplete_from(
    patents: PatentSet, basis: str, cutoff: pd.Timestamp | None, lag_months: int
) -> int | None:
    """First year whose filings may not all be published at the cut-off."""
    if cutoff is None:
        return None
    return facts.incomplete_from(patents, basis, cutoff=cutoff, months=lag_months)


def activity(patents: PatentSet, unit: Unit, basis: str) -> pd.DataFrame:
    """Units per year (:func:`patentnav.indicators.activity`)."""
    return indicators.activity(patents, unit=unit, basis=basis)


def unit_years(patents: PatentSet, basis: str, unit: Unit) -> pd.Series:
    """Year of every counted unit, that of its earliest date; NA where it has none."""
    return counting.unit_years(patents, basis, unit).astype("Int64")


def last_year(activity: pd.DataFrame, incomplete_from: int | None) -> int:
    """Last year whose counts are complete."""
    if activity.empty:
        raise gap("missing.dates")
    last = int(activity["year"].max())
    return last if incomplete_from is None else min(last, incomplete_from - 1)


def dated_basis(is_dated: bool, basis: Later[str]) -> str:  # noqa: FBT001 (a step's parameter)
    """The basis, or the filing date where no date is known at all: years are NA then."""
    return basis() if is_dated else "application_date"


def course(activity: pd.DataFrame, last_year: int) -> pd.Series:
    """Start, peak, turn and last direction of the set (:func:`patentnav.indicators.course`)."""
    return indicators.course(activity, until=last_year).iloc[0]


def capped(given: PatentSet) -> pd.DataFrame:
    """Files that end at a limit of their export: ``file, rows`` of the signs ``cap``."""
    signs = given.signs
    return signs.loc[signs["sign"] == "cap", ["file", "rows"]].reset_index(drop=True)
