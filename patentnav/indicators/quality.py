"""Indicators relative to a cohort: index, breakthrough, composites, relevance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.indicators.comparison import distribution
from patentnav.indicators.diversity import generality
from patentnav.indicators.impact import (
    backward_citations,
    citations_received,
    forward_citations,
)
from patentnav.indicators.legal import grant_lag
from patentnav.indicators.registry import indicator, measured
from patentnav.indicators.scope import OECD, claim_count, family_size

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.indicators.baseline import Baseline
    from patentnav.patentset import PatentSet

TAIL = 0.01  # of a cohort, cut off at the top before dividing by the maximum
TOP = 0.01  # of a cohort: breakthrough
MIN_FOR_TOP = round(1 / TOP)  # members without which no top 1 % exists
_CITING = ("citations", "classifications", "publications.application_date")
_GRANT = ("publications.application_date", "publications.grant_date | publications.granted")
_COMPOSITE = (
    "citations",
    "classifications",
    "publications.claim_count",
    "publications.application_date",
    "families | publications.family_country_count",
)


def normalised(
    patents: PatentSet, values: pd.Series, baseline: Baseline | None, unit: Unit | None
) -> pd.Series:
    """Values of an indicator divided by the maximum of their cohort, 0 to 1.

    The top 1 % of the cohort is cut off first (Winsorised), so that one outlier does not flatten
    the others; in a cohort of at most 100 that is the plain maximum. 0 where the maximum is 0.
    """
    found, code = distribution(patents, values, baseline, unit)
    top = found.quantiles(code, 1 - TAIL)
    raw = values.to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(top > 0, np.minimum(raw / top, 1), np.where(raw <= 0, 0.0, 1.0))
    ratio = np.where(np.isnan(raw) | np.isnan(top), np.nan, ratio)
    return pd.Series(ratio, index=values.index, name=values.name)


@indicator(unit="0 to 1", better="higher", needs=_GRANT, source=OECD, known_at="grant")
def grant_lag_index(
    patents: PatentSet, *, baseline: Baseline | None = None, unit: Unit | None = None
) -> pd.Series:
    r"""Speed of the grant within the cohort: :math:`1 - \Delta t_p / \max_{q \in k(p)} \Delta t_q`.

    Parameters
    ----------
    patents
        The set.
    baseline
        Population with the cohorts of ``grant_lag``; the set itself when omitted.
    unit
        Unit that counts once in the set's own cohorts.

    Returns
    -------
    pandas.Series
        float64 (1: at once, 0: the slowest of its field and filing year); NA where no grant or no
        cohort is known.

    Notes
    -----
    The slowest grants of young cohorts are still to come, so their index falls with time.
    """
    lag = grant_lag(patents)
    found, code = distribution(patents, lag, baseline, unit)
    longest = found.quantiles(code, 1.0)
    days = lag.to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(longest > 0, 1 - days / longest, 0.0).clip(0, 1)
    index = np.where(np.isnan(days) | np.isnan(longest), np.nan, index)
    values = pd.Series(index, index=lag.index, name="grant_lag_index")
    return measured(
        values,
        {"no grant known": lag.isna(), "field or filing year unknown": np.isnan(longest)},
    )


@indicator(unit="yes or no", better="higher", needs=_CITING, source=OECD, known_at="later")
def breakthrough(
    patents: PatentSet, *, baseline: Baseline | None = None, unit: Unit | None = None
) -> pd.Series:
    """Whether a patent is among the 1 % most cited (five years) of its cohort.

    A patent is, when less than 1 % of the cohort have more citations and it has any; so ties at
    the border are in.

    Parameters
    ----------
    patents
        The set.
    baseline
        Population with the cohorts of ``forward_citations``; the set itself when omitted.
    unit
        Unit that cites, is cited and counts once in the set's own cohorts.

    Returns
    -------
    pandas.Series
        boolean; NA where the citations are not known, and in cohorts of fewer than 100, which
        have no top 1 %.
    """
    counts = forward_citations(patents, unit=unit)
    found, code = distribution(patents, counts, baseline, unit)
    raw = counts.to_numpy(dtype=float, na_value=np.nan)
    standing = found.standing(code, raw)
    values = pd.Series(
        (standing.above_share < TOP) & (raw > 0), index=counts.index, name="breakthrough"
    )
    size = found.sizes(code)
    missing = {
        "five-year citations unknown": np.isnan(raw),
        "field or filing year unknown": code < 0,
        f"cohort smaller than {MIN_FOR_TOP}": size < MIN_FOR_TOP,
    }
    return measured(values, missing)


@indicator(
    unit="times the cohort's mean",
    better="higher",
    needs=_CITING,
    source="Ernst & Omland 2011, World Patent Information 33(1), doi:10.1016/j.wpi.2010.08.008",
    known_at="later",
)
def technology_relevance(
    patents: PatentSet, *, baseline: Baseline | None = None, unit: Unit | None = None
) -> pd.Series:
    r"""Citations received, relative to the mean of the cohort; 1 is average.

    :math:`TR_p = C_p / \bar C_{k(p)}`, all citations seen. The cohort (field and filing year, and
    office where the baseline has it) takes out age, field and office practice.

    Parameters
    ----------
    patents
        The set.
    baseline
        Population with the cohorts of ``citations_received``; the set itself when omitted.
    unit
        Unit that cites and is cited.

    Returns
    -------
    pandas.Series
        float64; NA where citations or cohort are unknown or the whole cohort is uncited.
    """
    counts = citations_received(patents, unit=unit)
    found, code = distribution(patents, counts, baseline, unit)
    mean = found.means(code)
    raw = counts.to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = pd.Series(raw / mean, index=counts.index, name="technology_relevance")
    missing = {
        "citations unknown": np.isnan(raw),
        "field or filing year unknown": code < 0,
        "cohort uncited": ~(mean > 0),
    }
    return measured(values, missing)


def _composite(
    patents: PatentSet,
    parts: list[pd.Series],
    baseline: Baseline | None,
    unit: Unit | None,
    name: str,
) -> pd.Series:
    missing = {f"{part.name} unknown": part.isna().to_numpy(dtype=bool) for part in parts}
    scaled = pd.concat([normalised(patents, part, baseline, unit) for part in parts], axis=1)
    missing["field or filing year unknown"] = scaled.isna().any(axis=1).to_numpy(dtype=bool)
    return measured(scaled.mean(axis=1, skipna=False).rename(name), missing)


def _four(patents: PatentSet, unit: Unit | None) -> list[pd.Series]:
    return [
        forward_citations(patents, unit=unit),
        family_size(patents),
        claim_count(patents),
        generality(patents, unit=unit),
    ]


@indicator(unit="0 to 1", better="higher", needs=_COMPOSITE, source=OECD, known_at="later")
def composite_4(
    patents: PatentSet, *, baseline: Baseline | None = None, unit: Unit | None = None
) -> pd.Series:
    """Mean of four indicators, each divided by its cohort's maximum.

    Forward citations (five years), family size, claims and generality (see :func:`normalised`).

    Parameters
    ----------
    patents
        The set.
    baseline
        Population with the cohorts of the four; the set itself when omitted.
    unit
        Unit that cites and is cited.

    Returns
    -------
    pandas.Series
        float64; NA where any of the four is unknown.
    """
    return _composite(patents, _four(patents, unit), baseline, unit, "composite_4")


@indicator(
    unit="0 to 1", better="higher", needs=(*_COMPOSITE, _GRANT[1]), source=OECD, known_at="later"
)
def composite_6(
    patents: PatentSet, *, baseline: Baseline | None = None, unit: Unit | None = None
) -> pd.Series:
    """Mean of six: the four of :func:`composite_4`, backward citations and the grant-lag index.

    Parameters
    ----------
    patents
        The set.
    baseline
        Population with the cohorts; the set itself when omitted.
    unit
        Unit that cites and is cited.

    Returns
    -------
    pandas.Series
        float64; NA where any of the six is unknown.
    """
    parts = [*_four(patents, unit), backward_citations(patents, unit=unit)]
    speed = grant_lag_index(patents, baseline=baseline, unit=unit)
    five = _composite(patents, parts, baseline, unit, "composite_6")
    six = ((5 * five + speed) / 6).rename("composite_6")
    return measured(six, {"five of the parts unknown": five.isna(), "no grant known": speed.isna()})
