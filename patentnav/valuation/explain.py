"""Where a score comes from, and how much it depends on the weights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.valuation.score import PERCENTILE
from patentnav.valuation.scorecard import DIMENSIONS, Scorecard, load

if TYPE_CHECKING:
    from pathlib import Path

_WEIGHT = re.compile(rf"^(.+)_weight_({'|'.join(DIMENSIONS)})$")


class _Weighted(NamedTuple):
    """An indicator of the scorecard that made the scores, as their columns tell."""

    indicator: str
    dimension: str
    weight: float


def explain(scores: pd.DataFrame, publication_id: str) -> pd.DataFrame:
    """Show where a score comes from.

    Parameters
    ----------
    scores
        What :func:`patentnav.valuation.score` returned, or some of its rows, also joined with other
        columns; the publication is looked up in the index, else in a column ``publication_id``.
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
        The frame has no such publication, or lacks the columns of :func:`score`.
    """
    entries = _entries(scores)
    ids = scores["publication_id"] if "publication_id" in scores.columns else scores.index
    found = np.flatnonzero(np.asarray(ids == publication_id))
    if not len(found):
        msg = f'The scores have no publication "{publication_id}".'
        raise ArgumentError(msg)
    row = scores.iloc[found[0]]  # a join may have repeated it
    names = [entry.indicator for entry in entries]
    percentile = np.array([row[name + PERCENTILE] for name in names], dtype=float)
    weight = np.array([entry.weight for entry in entries])
    weight = np.where(np.isnan(percentile), np.nan, weight)
    weight = weight / np.nansum(weight) if np.nansum(weight) > 0 else weight
    return pd.DataFrame(
        {
            "indicator": names,
            "dimension": [entry.dimension for entry in entries],
            "value": pd.Series([row[name] for name in names]).astype("Float64"),
            "percentile": percentile,
            "weight": weight,
            "contribution": weight * percentile,
        }
    )


def _entries(scores: pd.DataFrame) -> list[_Weighted]:
    found = [(column, _WEIGHT.match(str(column))) for column in scores.columns]
    entries = [
        _Weighted(match[1], match[2], float(scores[column].iloc[0]) if len(scores) else np.nan)
        for column, match in found
        if match is not None
    ]
    lacking = [
        column
        for entry in entries
        for column in (entry.indicator, entry.indicator + PERCENTILE)
        if column not in scores.columns
    ]
    if not entries or lacking:
        named = ", ".join(lacking) or "<indicator>_weight_<dimension>"
        msg = (
            f"These are no scores of a scorecard: the columns {named} are missing. Pass what "
            "patentnav.valuation.score(patents) returned, with all its columns."
        )
        raise ArgumentError(msg)
    return entries


def sensitivity(
    scores: pd.DataFrame,
    scorecard: str | Path | Scorecard = "default",
    n: int = 200,
    *,
    spread: float = 0.3,
    random_state: int = 0,
) -> pd.DataFrame:
    """Tell how much scores and tiers depend on the weights.

    Weights are drawn ``n`` times around those of the scorecard (log-normal, ``spread`` the
    standard deviation of the logarithm), and everything is scored again.

    Parameters
    ----------
    scores
        What :func:`patentnav.valuation.score` returned, or some of its rows.
    scorecard
        The scorecard that they were made with.
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

    Raises
    ------
    ArgumentError
        The scores were made with another scorecard.
    """
    card = scorecard if isinstance(scorecard, Scorecard) else load(scorecard)
    entries = _entries(scores)
    weights = np.array([entry.weight for entry in entries])
    own_weights = np.array([entry.weight for entry in card.entries])
    if len(scores) and not (
        len(weights) == len(own_weights) and np.allclose(weights, own_weights / own_weights.sum())
    ):
        msg = (
            f'The scores were not made with the scorecard "{card.name}": its weights are others. '
            "Pass scorecard= as it was given to valuation.score."
        )
        raise ArgumentError(msg)
    percentiles = scores[[e.indicator + PERCENTILE for e in entries]].to_numpy(dtype=float)
    rng = np.random.default_rng(random_state)
    drawn = weights * np.exp(rng.normal(0.0, spread, (n, len(weights))))
    least = np.array(sorted(card.tiers.values()))
    own = scores["score"].to_numpy(dtype=float)
    low, high, stable = (np.full(len(scores), np.nan) for _ in range(3))
    for start in range(0, len(scores), 20_000):
        rows = slice(start, start + 20_000)
        part = np.nan_to_num(percentiles[rows])
        known = (~np.isnan(percentiles[rows])).astype(float) @ drawn.T
        with np.errstate(invalid="ignore", divide="ignore"):
            again = (part @ drawn.T) / known
        again[np.isnan(own[rows])] = np.nan
        low[rows], high[rows] = np.quantile(again, [0.05, 0.95], axis=1)
        same = np.digitize(again, least) == np.digitize(own[rows], least)[:, None]
        stable[rows] = np.where(np.isnan(own[rows]), np.nan, same.mean(axis=1))
    return pd.DataFrame(
        {"score": own, "low": low, "high": high, "tier_stability": stable}, index=scores.index
    )
