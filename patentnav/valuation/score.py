"""Scores of publications from a scorecard, and on how much they rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import sharing
from patentnav.indicators import registry
from patentnav.indicators.comparison import distribution
from patentnav.indicators.compute import COVERAGE, covered
from patentnav.valuation.scorecard import DIMENSIONS, Entry, Scorecard, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentnav.counting import Unit
    from patentnav.indicators.baseline import Baseline
    from patentnav.patentset import PatentSet

PERCENTILE = "_percentile"


def score(
    patents: PatentSet,
    scorecard: str | Path | Scorecard = "default",
    baseline: Baseline | None = None,
    *,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Score publications from 0 to 100.

    Every indicator becomes its percentile within a cohort (half of the equals count as below);
    the score is the weighted mean of the percentiles that are known.

    Parameters
    ----------
    patents
        The set.
    scorecard
        Name of a scorecard, path of a TOML file, or a loaded one.
    baseline
        Population to compare with. Without one, or for an indicator it does not have, the set
        itself is the cohort, and the coverage says so.
    unit
        What citations are counted in; the configured unit when omitted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``: ``score``, its parts ``legal, technical, economic`` (0 to
        100, NA where unknown), ``tier`` (NA without a score), ``coverage`` (share of the weights
        whose indicator is known), then per indicator its value, its percentile
        (``<name>_percentile``, 100 best) and its weight in the scorecard
        (``<name>_weight_<dimension>``; all weights sum to 1). On how much of the set they rest is
        told by :func:`coverage`.

    Raises
    ------
    UnknownNameError
        The scorecard or an indicator in it does not exist.

    Notes
    -----
    Unknown indicators are left out and the other weights scaled up; below the scorecard's
    ``min_coverage`` there is no score. Publications of different coverage compare with care. A
    cohort below ``min_cohort`` is widened to the filing year, then to the whole set. A score is
    relative and no price.
    """
    card = scorecard if isinstance(scorecard, Scorecard) else load(scorecard)
    if baseline is not None:
        baseline.warn_of_unit(unit)
    with sharing():
        measured = [_measure(patents, entry, card, baseline, unit) for entry in card.entries]
    percentiles = np.column_stack([p for _, _, p in measured])
    weights = np.array([entry.weight for entry in card.entries])
    weights = weights / weights.sum()
    dimension = np.array([entry.dimension for entry in card.entries])
    index = patents.publications.index
    known_share = (~np.isnan(percentiles)) @ weights
    enough = known_share >= max(card.min_coverage, 1e-12)
    total = np.where(enough, _mean(percentiles, weights), np.nan)
    result = pd.DataFrame({"score": total}, index=index)
    for name in DIMENSIONS:
        own = dimension == name
        result[name] = _mean(percentiles[:, own], weights[own])
    result["tier"] = _tiers(result["score"], card)
    result["coverage"] = known_share
    for (name, values, percentile), weight, part in zip(measured, weights, dimension, strict=True):
        result[name] = values
        result[name + PERCENTILE] = percentile
        result[f"{name}_weight_{part}"] = weight
    result.attrs = {
        "scorecard": card.name,
        "baseline": "the set itself" if baseline is None else baseline.name,
    }
    return result


def coverage(
    patents: PatentSet,
    scorecard: str | Path | Scorecard = "default",
    baseline: Baseline | None = None,
    *,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Tell on how much of the set the scores of :func:`score` rest.

    Parameters
    ----------
    patents, scorecard, baseline, unit
        As in :func:`score`.

    Returns
    -------
    pandas.DataFrame
        A row per indicator of the scorecard (of several that may stand for each other, that which
        is used), as in :func:`patentnav.indicators.coverage`; ``cohort`` says where the population
        stands in and where the set itself.
    """
    card = scorecard if isinstance(scorecard, Scorecard) else load(scorecard)
    with sharing():
        used = [_best_known(patents, entry, baseline, unit) for entry in card.entries]
    rows = [
        covered(str(values.name), values, _named(baseline, str(values.name))) for values in used
    ]
    return pd.DataFrame(rows, columns=COVERAGE)


def _named(baseline: Baseline | None, name: str) -> str:
    if baseline is not None and name in baseline.indicators:
        return baseline.name
    return "the set itself"


def _mean(percentiles: np.ndarray, weights: np.ndarray) -> np.ndarray:
    known = (~np.isnan(percentiles)) @ weights
    total = np.nan_to_num(percentiles) @ weights
    mean: np.ndarray = np.divide(total, known, out=np.full(len(total), np.nan), where=known > 0)
    return mean


def _tiers(scores: pd.Series, card: Scorecard) -> pd.Series:
    tier = pd.Series(None, index=scores.index, dtype="str")
    for name, least in sorted(card.tiers.items(), key=lambda item: item[1]):
        tier = tier.mask((scores >= least).to_numpy(), name)
    return tier


def _measure(
    patents: PatentSet,
    entry: Entry,
    card: Scorecard,
    baseline: Baseline | None,
    unit: Unit | None,
) -> tuple[str, pd.Series, np.ndarray]:
    """Name, values and percentiles (100 best) of the indicator that an entry takes."""
    values = _best_known(patents, entry, baseline, unit)
    name = str(values.name)
    numbers = values.astype("float64").rename(name)
    raw = numbers.to_numpy()
    percentile = np.full(len(raw), np.nan)
    population = baseline if baseline is not None and name in baseline.indicators else None
    for by in _widening(entry.cohort, population):
        missing = np.isnan(percentile) & ~np.isnan(raw)
        if not missing.any():
            break
        found, code = distribution(patents, numbers, population, unit, by=by)
        standing = found.standing(code, raw)
        enough = standing.size >= (card.min_cohort if by else 1)
        percentile = np.where(missing & enough, standing.percentile, percentile)
    return name, values, percentile if entry.higher else 100 - percentile


def _best_known(
    patents: PatentSet, entry: Entry, baseline: Baseline | None, unit: Unit | None
) -> pd.Series:
    """Values, under its name, of the indicator of an entry that is known for most publications."""
    offered = [
        registry.one(registry.get(name), patents, baseline, unit) for name in entry.indicator
    ]
    known = [int(values.notna().sum()) for values in offered]
    best = known.index(max(known))
    chosen: pd.Series = offered[best].rename(entry.indicator[best])
    return chosen


def _widening(cohort: tuple[str, ...], population: Baseline | None) -> Iterator[tuple[str, ...]]:
    """Cohorts from the stated one to the whole, the year kept longest."""
    has = cohort if population is None else tuple(c for c in cohort if c in population.by)
    if has:
        yield has
    if "year" in has and len(has) > 1:
        yield ("year",)
    yield ()
