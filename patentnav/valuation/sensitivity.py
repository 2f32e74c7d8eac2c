"""How much scores, ranks and tiers depend on the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.valuation.explain import weighted
from patentnav.valuation.score import PERCENTILE
from patentnav.valuation.scorecard import Scorecard, load

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.valuation.explain import Weighted

Draws = Literal["near", "any"]
RANGE = (0.05, 0.95)
_ROWS, _AT_ONCE = 20_000, 20


def sensitivity(
    scores: pd.DataFrame,
    scorecard: str | Path | Scorecard = "default",
    n: int = 200,
    *,
    draws: Draws = "near",
    spread: float = 0.3,
    random_state: int = 0,
) -> pd.DataFrame:
    """Tell how much scores, ranks and tiers depend on the weights.

    Weights are drawn ``n`` times, and everything is scored and ranked again.

    Parameters
    ----------
    scores
        What :func:`patentnav.valuation.score` returned, or some of its rows; ranks are among these.
    scorecard
        The scorecard that they were made with.
    n
        Number of draws.
    draws
        ``near``: Dirichlet around the weights of the card; ``any``: every division of the weights is
        as likely (Dirichlet with ones), as if nothing were known of them.
    spread
        Of ``near``: standard deviation of a weight of average size, relative to it; 0.3 means that
        two thirds of such weights lie within about a third of their own.
    random_state
        Seed.

    Returns
    -------
    pandas.DataFrame
        Indexed like ``scores``: ``score, low, high`` (5 and 95 % of the draws), ``rank`` (1 is best,
        equals share the better one), ``rank_best, rank_worst`` (5 and 95 % of the draws) and
        ``tier_stability`` (share of the draws in which the score falls into the same tier); NA
        without a score.

    Raises
    ------
    ArgumentError
        The scores were made with another scorecard, or ``n`` or ``spread`` is not positive.
    """
    if n < 1 or not spread > 0:
        msg = f"n={n} and spread={spread:g} must be positive."
        raise ArgumentError(msg)
    card = scorecard if isinstance(scorecard, Scorecard) else load(scorecard)
    entries = weighted(scores)
    weights = np.array([entry.weight for entry in entries])
    if len(scores):
        _check_card(card, entries)
    percentiles = scores[[e.indicator + PERCENTILE for e in entries]].to_numpy(dtype=float)
    drawn = _drawn(weights, n, draws, spread, random_state) if len(scores) else np.ones((n, 1))
    own = scores["score"].to_numpy(dtype=float)
    there = ~np.isnan(own)
    low, high, stable, best, worst, rank = (np.full(len(scores), np.nan) for _ in range(6))
    least = np.array(sorted(card.tiers.values()))
    places = np.empty((int(there.sum()), n), dtype=np.int32)
    part = percentiles[there]
    for start in range(0, n, _AT_ONCE):
        again = _scored(part, drawn[start : start + _AT_ONCE])
        for column in range(again.shape[1]):
            places[:, start + column] = _ranks(again[:, column])
    if there.any():
        best[there], worst[there] = _quantiles(places)
        rank[there] = _ranks(own[there])
    rows = np.flatnonzero(there)
    for start in range(0, len(rows), _ROWS):
        here = rows[start : start + _ROWS]
        again = _scored(percentiles[here], drawn)
        low[here], high[here] = np.quantile(again, RANGE, axis=1)
        same = np.digitize(again, least) == np.digitize(own[here], least)[:, None]
        stable[here] = same.mean(axis=1)
    return pd.DataFrame(
        {
            "score": own, "low": low, "high": high,
            "rank": pd.array(rank, "Float64").astype("Int64"),
            "rank_best": pd.array(best, "Float64").astype("Int64"),
            "rank_worst": pd.array(worst, "Float64").astype("Int64"),
            "tier_stability": stable,
        },
        index=scores.index,
    )  # fmt: skip


def _check_card(card: Scorecard, entries: list[Weighted]) -> None:
    """The weights must be those of the card, or of what is left of it at an earlier moment."""
    of = {name: entry.weight for entry in card.entries for name in entry.indicator}
    own = np.array([of.get(entry.indicator, 0.0) for entry in entries])
    given = np.array([entry.weight for entry in entries])
    if own.min() <= 0 or not np.allclose(given, own / own.sum()):
        msg = (
            f'The scores were not made with the scorecard "{card.name}": its weights are others. '
            "Pass scorecard= as it was given to valuation.score."
        )
        raise ArgumentError(msg)


def _drawn(
    weights: np.ndarray, n: int, draws: Draws, spread: float, random_state: int
) -> np.ndarray:
    rng = np.random.default_rng(random_state)
    k = len(weights)
    if draws == "any" or k == 1:
        return rng.dirichlet(np.ones(k), n)
    # The variance of a Dirichlet share m is m (1 - m) / (c + 1); c for a share of 1 / k.
    concentration = max((k - 1) / spread**2 - 1, 1e-3)
    return rng.dirichlet(concentration * weights, n)


def _scored(percentiles: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Scores of rows (with one known percentile at least) under every draw."""
    known = (~np.isnan(percentiles)).astype(float) @ drawn.T
    total = np.nan_to_num(percentiles) @ drawn.T
    # A draw may give the known ones next to nothing.
    scored: np.ndarray = total / np.maximum(known, 1e-12)
    return scored


def _ranks(values: np.ndarray) -> np.ndarray:
    """1 for the greatest; equals, to the last digits of a sum, share the better rank."""
    rounded = np.round(values, 9)
    ordered = np.sort(rounded)
    ranks: np.ndarray = len(ordered) - np.searchsorted(ordered, rounded, side="right") + 1
    return ranks


def _quantiles(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranks, whole numbers that occurred, at both ends of the range."""
    places.sort(axis=1)
    n = places.shape[1]
    low, high = (int(np.floor(RANGE[0] * (n - 1))), int(np.ceil(RANGE[1] * (n - 1))))
    return places[:, low].astype(float), places[:, high].astype(float)
