"""One position from several measures: percentile ranks, weights, and how far ranks depend on them."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.matching.few import CITIES, RANKED, enough

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXACT = 9  # ranks up to which all permutations are counted


def percentile_ranks(values: pd.DataFrame) -> pd.DataFrame:
    """Percentile rank of every city by measure: (rank from the lowest − ½) / number, in per cent.

    Parameters
    ----------
    values
        Cities by measures; higher is better; NA stays NA.

    Returns
    -------
    pandas.DataFrame
        0 to 100; equals share the mean.
    """
    ranks = values.rank(method="average")
    return (ranks - 0.5) / values.notna().sum() * 100


def entropy_weights(values: pd.DataFrame) -> pd.Series:
    r"""Weights by what a measure tells apart: :math:`e = -\sum p \ln p / \ln n`, :math:`w \propto 1 - e`.

    Parameters
    ----------
    values
        Cities by measures, not negative, all known.

    Returns
    -------
    pandas.Series
        By measure, sum 1; equal where no measure tells anything apart.
    """
    shares = values / values.sum()
    logs = np.log(shares.where(shares > 0, 1.0))
    entropy = -(shares * logs).sum() / math.log(len(values))
    spread = (1 - entropy).clip(lower=0)
    total = float(spread.sum())
    return spread / total if total > 0 else pd.Series(1 / len(spread), index=spread.index)


def index(
    values: pd.DataFrame,
    heads: Mapping[str, str],
    *,
    weightings: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Position of cities: mean percentile rank in each head, mean of the heads, range of ranks.

    Parameters
    ----------
    values
        Cities by measures; higher is better.
    heads
        Head of every measure.
    weightings
        Weightings of the heads that are drawn (Dirichlet, flat).
    random_state
        Seed of the weightings.

    Returns
    -------
    pandas.DataFrame
        Indexed by city, best first: ``score`` (0 to 100, heads weigh the same), ``rank``,
        ``rank_low, rank_high`` (best and worst over the weightings), ``entropy_rank`` (under
        entropy weights of the measures), a column per head. Cities that lack a measure are left
        out: they have no position, not a low one.

    Raises
    ------
    UnavailableError
        Fewer than 5 cities have all measures.
    """
    known = values.dropna()
    enough("cities", len(known), CITIES)
    ranks = percentile_ranks(known)
    parts = pd.DataFrame(
        {head: ranks[[m for m in ranks.columns if heads[str(m)] == head]].mean(axis=1)
         for head in dict.fromkeys(heads[str(m)] for m in ranks.columns)}
    )  # fmt: skip
    score = parts.mean(axis=1)
    rng = np.random.default_rng(random_state)
    drawn = rng.dirichlet(np.ones(parts.shape[1]), size=weightings)
    order = parts.sort_index()
    totals = np.round(order.to_numpy() @ drawn.T, 9)
    places = 1 + (totals[None, :, :] > totals[:, None, :]).sum(axis=1)
    weights = entropy_weights(known.clip(lower=0))
    weighted = (ranks * weights).sum(axis=1).round(9)
    frame = pd.DataFrame(
        {
            "score": score,
            "rank": score.round(9).rank(ascending=False, method="min").astype("int64"),
            "rank_low": pd.Series(places.min(axis=1), index=order.index),
            "rank_high": pd.Series(places.max(axis=1), index=order.index),
            "entropy_rank": weighted.rank(ascending=False, method="min").astype("int64"),
        }
    ).join(parts)
    frame = frame.rename_axis("city").reset_index()
    frame = frame.sort_values(["rank", "city"], ignore_index=True)
    return frame.set_index("city")


def spearman(one: pd.Series, other: pd.Series) -> tuple[float, float]:
    """Rank correlation with a two-sided permutation test, exact up to nine pairs.

    Parameters
    ----------
    one, other
        Values by group; only groups that both know.

    Returns
    -------
    tuple of float
        Coefficient and probability.

    Raises
    ------
    UnavailableError
        Fewer than six groups are known to both.
    """
    both = pd.concat([one.rename("a"), other.rename("b")], axis=1).dropna().sort_index()
    enough("groups", len(both), RANKED)
    a, b = (both[c].rank().to_numpy() for c in ("a", "b"))
    a, b = a - a.mean(), b - b.mean()
    scale = math.sqrt(float((a * a).sum() * (b * b).sum()))
    if not scale:
        return float("nan"), float("nan")
    rho = float((a * b).sum() / scale)
    if len(both) > _EXACT:
        from scipy.stats import spearmanr

        return rho, float(spearmanr(both["a"], both["b"]).pvalue)
    orders = np.array(list(itertools.permutations(range(len(b)))))
    every = (a * b[orders]).sum(axis=1) / scale
    return rho, float((np.abs(every) >= abs(rho) - 1e-12).mean())
