"""The small tables that a population leaves behind: baselines, applicants by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav._progress import progress
from patentnav.errors import ArgumentError, UnknownNameError
from patentnav.indicators.baseline import COHORT_COLUMNS, Baseline
from patentnav.population import measures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.network.collaboration import Role
    from patentnav.population.warehouse import Population

UNITS = ("publication", "application")


def baseline(
    population: Population,
    names: Iterable[str] | None = None,
    *,
    name: str | None = None,
    by: tuple[str, ...] = ("field", "year"),
    unit: str = "application",
) -> Baseline:
    """Distributions of indicators over a population.

    Parameters
    ----------
    population
        The population.
    names
        Indicators, of :data:`MEASURES`; all that the population can tell when omitted.
    name
        What the population is, as reports print it; its source when omitted.
    by
        Cohort columns, of ``field, year, authority``.
    unit
        ``application`` or ``publication``: what counts once (its latest publication), cites and is
        cited.

    Returns
    -------
    Baseline
        For ``indicators.compute(…, baseline=…)`` and ``valuation.score``. Defined as in
        :mod:`patentnav.indicators`, with the whole population as one source.

    Raises
    ------
    UnknownNameError
        An indicator or cohort column does not exist.
    ArgumentError
        The unit is another, or a wanted indicator needs what the population does not carry.
    """
    if unit not in UNITS:
        msg = f'unit="{unit}" is not one of {", ".join(UNITS)}.'
        raise ArgumentError(msg)
    for column in by:
        if column not in COHORT_COLUMNS:
            raise UnknownNameError("cohort column", column, COHORT_COLUMNS)
    wanted = _wanted(population, names)
    cohort = measures.cohorts(population, by, unit)
    cohort = population.staged(cohort.filter([cohort[column].notnull() for column in by]))
    counts = population.run(cohort.group_by(*by).agg(count=cohort.count()))
    tables = []
    for indicator in progress(wanted, "baseline", total=len(wanted)):
        values = measures.MEASURES[indicator][0](population, unit)
        values = values.filter(values.value.notnull())
        held = cohort.join(values, "publication_id").select(*by, value=values.value.cast("float64"))
        table = population.run(held.group_by(*by, "value").agg(count=held.count()))
        tables.append(table.assign(indicator=indicator))
    keys = ["indicator", *by, "value"]
    distributions = pd.concat(tables) if tables else pd.DataFrame(columns=[*keys, "count"])
    return Baseline(
        name or population.source,
        by,
        _plain(distributions, keys),
        _plain(counts, [*by]),
        {"unit": unit, "field": measures.FIELDS, "source": population.source},
    )


def _wanted(population: Population, names: Iterable[str] | None) -> list[str]:
    known = measures.MEASURES
    chosen = [*known] if names is None else list(names)
    wanted = []
    for name in chosen:
        if name not in known:
            raise UnknownNameError("indicator of populations", name, known)
        lacking = [need for need in known[name][1] if not population.has(need[0], *need[1])]
        if not lacking:
            wanted.append(name)
        elif names is not None:
            table, columns = lacking[0]
            msg = f"{name} needs {table} with {', '.join(columns)}, which the population lacks."
            raise ArgumentError(msg)
    return wanted


def _plain(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The same dtypes and order from every engine."""
    types = {"indicator": "str", "field": "str", "authority": "str", "year": "Int64",
             "value": "float64", "count": "int64"}  # fmt: skip
    frame = frame[[*keys, "count"]].astype({k: types[k] for k in [*keys, "count"]})
    return frame.sort_values(keys, ignore_index=True)


def applicants(
    population: Population, *, unit: str = "application", role: Role = "applicant"
) -> pd.DataFrame:
    """Counted units of every applicant by filing year.

    Parameters
    ----------
    population
        The population; its parties have names or ids.
    unit
        ``application`` or ``publication``.
    role
        Role of the parties.

    Returns
    -------
    pandas.DataFrame
        ``applicant, year, count``: units (whole counting), sorted; without units whose filing year
        is not known.

    Raises
    ------
    MissingTableError
        The population carries no parties.
    """
    parties = population.table("parties")
    parties = parties.filter(parties.role == role)
    node = parties["name"]
    if "name_raw" in parties.columns:
        node = node.fill_null(parties.name_raw)
    if "party_id" in parties.columns:
        node = parties.party_id.fill_null(node)
    named = parties.select("publication_id", applicant=node)
    dates = population.table("publications")
    dates = dates.select("publication_id", year=dates.application_date.year().cast("int64"))
    table = named.join(measures.units(population, unit), "publication_id")
    table = table.join(dates, "publication_id")
    table = table.filter(table.applicant.notnull() & table.year.notnull())
    first = table.group_by("applicant", "unit").agg(year=table.year.min())
    result = population.run(first.group_by("applicant", "year").agg(count=first.count()))
    result = result.astype({"applicant": "str", "year": "Int64", "count": "int64"})
    return result.sort_values(["applicant", "year"], ignore_index=True)
