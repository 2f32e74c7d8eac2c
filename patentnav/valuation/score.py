"""Scores of publications from a scorecard, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav._memo import sharing
from patentnav.errors import ArgumentError
from patentnav.indicators import registry
from patentnav.indicators.comparison import distribution
from patentnav.indicators.compute import covered
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
        whose indicator is known), then per indicator its value and its percentile
        (``<name>_percentile``, 100 best). ``attrs``: the ``scorecard`` as used, ``coverage`` for
        :func:`patentnav.indicators.coverage`, ``baseline``.

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
    columns = {name: values for name, values, _ in measured}
    percentiles = np.column_stack([p for _, _, p in measured])
    weights = np.array([entry.weight for entry in card.entries])
    dimension = np.array([entry.dimension for entry in card.entries])
    index = patents.publications.index
    share = (~np.isnan(percentiles)) @ weights / weights.sum()
    total = np.where(share >= max(card.min_coverage, 1e-12), _mean(percentiles, weights), np.nan)
    result = pd.DataFrame({"score": total}, index=index)
    for name in DIMENSIONS:
        own = dimension == name
        result[name] = _mean(percentiles[:, own], weights[own])
    result["tier"] = _tiers(result["score"], card)
    result["coverage"] = share
    for position, (name, values) in enumerate(columns.items()):
        result[name] = values
        result[name + PERCENTILE] = percentiles[:, position]
    used = [
        {"indicator": name, "dimension": entry.dimension, "weight": entry.weight}
        for name, entry in zip(columns, card.entries, strict=True)
    ]
    result.attrs = {
        "scorecard": {
            "name": card.name,
            "entries": used,
            "tiers": dict(card.tiers),
            "min_coverage": card.min_coverage,
        },
        "baseline": None if baseline is None else baseline.name,
        "coverage": [
            covered(name, values, _named(baseline, name)) for name, values in columns.items()
        ],
    }
    return result


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
    offered = [
        registry.one(registry.get(name), patents, baseline, unit) for name in entry.indicator
    ]
    known = [int(values.notna().sum()) for values in offered]
    best = known.index(max(known))
    name, values = entry.indicator[best], offered[best].rename(entry.indicator[best])
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


def _widening(cohort: tuple[str, ...], population: Baseline | None) -> Iterator[tuple[str, ...]]:
    """Cohorts from the stated one to the whole, the year kept longest."""
    has = cohort if population is None else tuple(c for c in cohort if c in population.by)
    if has:
        yield has
    if "year" in has and len(has) > 1:
        yield ("year",)
    yield ()


def explain(scores: pd.DataFrame, publication_id: str) -> pd.DataFrame:
    """Show where a score comes from.

    Parameters
    ----------
    scores
        What :func:`score` returned, or some of its rows.
    publication_id
        The publication.

    Returns
    -------
    pandas.DataFrame
        One row per indicator of the scorecard: ``indicator, dimension, value, percentile,
        weight`` (share of the known weights, NA where unknown), ``contribution`` = weight x
        percentile. Contributions sum to the score.

    Raises
    ------
    ArgumentError
        The frame has no such publication, or is no result of :func:`score`.
    """
    if publication_id not in scores.index:
        msg = f'The scores have no publication "{publication_id}".'
        raise ArgumentError(msg)
    entries = _entries(scores)
    row = scores.loc[publication_id]
    names = [e["indicator"] for e in entries]
    percentile = np.array([row[name + PERCENTILE] for name in names], dtype=float)
    weight = np.array([e["weight"] for e in entries], dtype=float)
    weight = np.where(np.isnan(percentile), np.nan, weight)
    weight = weight / np.nansum(weight) if np.nansum(weight) > 0 else weight
    return pd.DataFrame(
        {
            "indicator": names, "dimension": [e["dimension"] for e in entries],
            "value": pd.Series([row[name] for name in names]).astype("Float64"),
            "percentile": percentile, "weight": weight, "contribution": weight * percentile,
        }
    )  # fmt: skip


def _entries(scores: pd.DataFrame) -> list[dict[str, Any]]:
    if "scorecard" not in scores.attrs:
        msg = (
            "These scores no longer carry their scorecard (joining frames drops it). Pass what "
            "valuation.score returned, or rows of it."
        )
        raise ArgumentError(msg)
    entries: list[dict[str, Any]] = scores.attrs["scorecard"]["entries"]
    return entries


def sensitivity(
    scores: pd.DataFrame, n: int = 200, *, spread: float = 0.3, random_state: int = 0
) -> pd.DataFrame:
    """Tell how much scores and tiers depend on the weights.

    Weights are drawn ``n`` times around those of the scorecard (log-normal, ``spread`` the
    standard deviation of the logarithm), and everything is scored again.

    Parameters
    ----------
    scores
        What :func:`score` returned.
    n
        Number of draws.
    spread
        0.3 means that two thirds of the weights lie within about a third of their own.
    random_state
        Seed.

    Returns
    -------
    pandas.DataFrame
        Indexed like ``scores``: ``score, low, high`` (5 and 95 % of the draws) and
        ``tier_stability`` (share of the draws with the same tier); NA without a score.
    """
    entries = _entries(scores)
    percentiles = scores[[e["indicator"] + PERCENTILE for e in entries]].to_numpy(dtype=float)
    weights = np.array([e["weight"] for e in entries], dtype=float)
    rng = np.random.default_rng(random_state)
    drawn = weights * np.exp(rng.normal(0.0, spread, (n, len(weights))))
    least = np.array(sorted(scores.attrs["scorecard"]["tiers"].values()))
    own = scores["score"].to_numpy(dtype=float)
    low, high, stable = (np.full(len(scores), np.nan) for _ in range(3))
    for start in range(0, len(scores), 20_000):
        rows = slice(start, start + 20_000)
        part = np.nan_to_num(percentiles[rows])
        known = (~np.isnan(percentiles[rows])).astype(float) @ drawn.T
        with np.errstate(invalid="ignore", divide="ignore"):
            again = (part @ drawn.T) / known
        again[np.isnan(own[rows])] = np.nan
        low[rows], high[rows] = np.nan_to_num(np.quantile(again, [0.05, 0.95], axis=1), nan=np.nan)
        same = np.digitize(again, least) == np.digitize(own[rows], least)[:, None]
        stable[rows] = np.where(np.isnan(own[rows]), np.nan, same.mean(axis=1))
    return pd.DataFrame(
        {"score": own, "low": low, "high": high, "tier_stability": stable}, index=scores.index
    )
