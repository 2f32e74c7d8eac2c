"""How strong who is in what, and who came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.counting import unit_frame, unit_years
from patentnav.errors import ArgumentError, CoverageWarning, warn
from patentnav.facts import incomplete_from, owners
from patentnav.indicators.structure import specialisation

if TYPE_CHECKING:
    from patentnav.counting import Counting, Unit
    from patentnav.patentset import PatentSet

STATES = ("stayed", "entered", "returned", "left")


def strength(
    patents: PatentSet,
    by: str | pd.DataFrame,
    entity: str | pd.DataFrame | None = None,
    *,
    unit: Unit | None = None,
    counting: Counting = "fractional",
    basis: str = "application_date",
) -> pd.DataFrame:
    """Size, share and specialisation of every entity in every group it is active in.

    Parameters
    ----------
    patents
        The set.
    by
        Groups, e.g. technologies: column of ``publications`` or membership table.
    entity
        Whose strength: column or membership table; the owners (co-owners share) when omitted.
    unit, counting
        As in :func:`patentnav.indicators.activity`.
    basis
        Date column of the years.

    Returns
    -------
    pandas.DataFrame
        ``group, rank, entity, name, count, group_share, entity_share, rta, first_year, last_year``,
        by group and rank. ``rank`` is that of the count in the group (1 the largest, ties equal);
        ``group_share`` the entity's part of the group's units that have an entity, ``entity_share``
        the group's part of the entity's (0 to 1); ``rta`` as in
        :func:`patentnav.indicators.specialisation`, against the set. Years are NA where no unit of
        the pair has a date. Pairs without units have no row.

    Notes
    -----
    An RTA above 1 says what an entity does more than the others here; of a count of one or two it
    says nothing. Leadership of a group is ``group_share`` and ``rank``, dependence of an entity on
    it is ``entity_share``.
    """
    holders = owners(patents, which="all") if entity is None else entity
    table = specialisation(patents, by, holders, unit=unit, counting=counting)
    settings = dict(table.attrs)
    table = table[table["count"] > 0].rename(columns={"share": "entity_share"})
    total = table.groupby("group")["count"].transform("sum")
    # Sums of thirds must not tie by their last bit.
    rank = table["count"].round(9).groupby(table["group"]).rank(method="min", ascending=False)
    span = _span(patents, by, holders, unit=unit, basis=basis)
    table = table.assign(
        group_share=table["count"] / total,
        rank=rank.astype("int64"),
        name=_names(table["entity"], holders),
    )
    pairs = pd.MultiIndex.from_frame(table[["entity", "group"]])
    spans = span.set_index(["entity", "group"]).reindex(pairs)
    for column in ("first_year", "last_year"):
        table[column] = spans[column].astype("Int64").array
    table = table.sort_values(["group", "rank", "entity"], ignore_index=True)
    columns = [
        "group",
        "rank",
        "entity",
        "name",
        "count",
        "group_share",
        "entity_share",
        "rta",
        "first_year",
        "last_year",
    ]
    result = table[columns]
    result.attrs = {**settings, "basis": basis}
    return result


def turnover(
    patents: PatentSet,
    by: str | pd.DataFrame,
    periods: tuple[tuple[int, int], tuple[int, int]],
    *,
    entity: str | pd.DataFrame | None = None,
    unit: Unit | None = None,
    basis: str = "application_date",
) -> pd.DataFrame:
    """Who entered and who left every group between two periods, by having filed at all.

    :func:`patentnav.indicators.entry_exit` tells the same of advantages.

    Parameters
    ----------
    patents
        The set.
    by
        Groups, e.g. technologies.
    periods
        First and last year of the earlier and of the later period.
    entity
        Who: column or membership table; the owners when omitted.
    unit
        Counted unit; counting is whole (a co-owner counts the unit too).
    basis
        Date column of ``publications``.

    Returns
    -------
    pandas.DataFrame
        ``group, entity, name, before, after, state``: units of the periods and ``stayed`` (in
        both), ``entered`` (in the later one, never before), ``returned`` (in the later one, before
        the earlier one, not in it), ``left`` (in the earlier one only). See :func:`churn`.

    Warns
    -----
    CoverageWarning
        The later period holds years that are still filling: some who "left" have not been
        published yet.

    Raises
    ------
    ArgumentError
        A period ends before it begins, or the later one does not follow the earlier one.
    """
    (a, b), (c, d) = periods
    if not a <= b < c <= d:
        msg = (
            f"periods={periods} must be two spans of years, the later after the earlier, such as "
            "((2010, 2014), (2015, 2019))."
        )
        raise ArgumentError(msg)
    open_from = incomplete_from(patents, basis)
    if open_from is not None and d >= open_from:
        warn(
            f"{max(c, open_from)} to {d} may still fill: applications filed then are not all "
            f"published. End the later period with {open_from - 1}, or entries are missed and "
            "departures overstated.",
            CoverageWarning,
        )
    holders = owners(patents, which="all") if entity is None else entity
    cells = _dated(patents, by, holders, unit=unit, basis=basis)
    period = np.select(
        [cells["year"].between(a, b), cells["year"].between(c, d), cells["year"] < a],
        ["before", "after", "earlier"],
        "none",
    )
    counts = cells.groupby(["group", "entity", period], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["earlier", "before", "after"], fill_value=0).astype("int64")
    counts = counts[(counts["before"] > 0) | (counts["after"] > 0)]
    was, now = counts["before"] > 0, counts["after"] > 0
    state = np.select(
        [was & now, was, counts["earlier"] > 0], ["stayed", "left", "returned"], "entered"
    )
    result = counts[["before", "after"]].rename_axis(columns=None).reset_index()
    result.insert(2, "name", _names(result["entity"], holders))
    result["state"] = pd.array(state, dtype="str")
    result = result.sort_values(["group", "entity"], ignore_index=True)
    result.attrs = {
        "unit": unit or get_config().unit,
        "counting": "whole",
        "basis": basis,
        "periods": periods,
        "incomplete_from": open_from,
    }
    return result


def churn(turnover: pd.DataFrame) -> pd.DataFrame:
    """Sum up :func:`turnover` by group.

    Parameters
    ----------
    turnover
        What :func:`turnover` returned.

    Returns
    -------
    pandas.DataFrame
        ``group, before, after`` (entities active in the periods), ``stayed, entered, returned,
        left`` (entities), ``entry_rate`` (entered, as part of those active after), ``exit_rate``
        (left, as part of those active before; 0 to 1, NA of none) and ``entrant_share`` (units of
        the later period that name an entrant, as part of all; units with several owners count with
        each).
    """
    state = turnover.groupby(["group", "state"]).size().unstack(fill_value=0)
    state = (
        state.reindex(columns=list(STATES), fill_value=0).astype("int64").rename_axis(columns=None)
    )
    before = state["stayed"] + state["left"]
    after = state["stayed"] + state["entered"] + state["returned"]
    units = turnover.groupby("group")["after"].sum()
    by_entrants = (
        turnover["after"].where(turnover["state"] == "entered", 0).groupby(turnover["group"])
    )
    result = pd.DataFrame({"before": before, "after": after}).join(state)
    result["entry_rate"] = result["entered"] / after.where(after > 0)
    result["exit_rate"] = result["left"] / before.where(before > 0)
    result["entrant_share"] = by_entrants.sum() / units.where(units > 0)
    result = result.reset_index()
    result.attrs = dict(turnover.attrs)
    return result


def _dated(
    patents: PatentSet,
    by: str | pd.DataFrame,
    holders: str | pd.DataFrame,
    *,
    unit: Unit | None,
    basis: str,
) -> pd.DataFrame:
    """Rows ``unit_id, entity, group, year`` of the units with a date."""
    years = unit_years(patents, basis, unit)
    groups = unit_frame(patents, by, unit=unit, counting="whole")[["unit_id", "group"]]
    who = unit_frame(patents, holders, unit=unit, counting="whole")[["unit_id", "group"]]
    cells = who.rename(columns={"group": "entity"}).merge(groups, on="unit_id")
    year = cells["unit_id"].map(years).astype("Int64")  # an empty map has no type of its own
    return cells.assign(year=year).dropna(subset="year")


def _span(
    patents: PatentSet,
    by: str | pd.DataFrame,
    holders: str | pd.DataFrame,
    *,
    unit: Unit | None,
    basis: str,
) -> pd.DataFrame:
    if not patents.has("publications", basis):
        columns = {"entity": "str", "group": "str", "first_year": "Int64", "last_year": "Int64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    cells = _dated(patents, by, holders, unit=unit, basis=basis)
    spans = cells.groupby(["entity", "group"], observed=True)["year"].agg(["min", "max"])
    return spans.rename(columns={"min": "first_year", "max": "last_year"}).reset_index()


def _names(entities: pd.Series, holders: str | pd.DataFrame) -> pd.Series:
    """Names of owners; any other entity is its own name."""
    if isinstance(holders, str) or "name" not in holders:
        return entities
    names = holders.drop_duplicates("owner").set_index("owner")["name"]
    return entities.map(names).fillna(entities)
