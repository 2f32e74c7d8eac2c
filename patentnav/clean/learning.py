"""Weights of the evidence, learned without labels, and how likely namesakes are one person.

Sure pairs: two items (filings, or groups of filings) of one very rare name are one person's, whatever
the evidence. Impossible pairs: a rare name takes the items of another rare name for its own; half of
these strangers live in one place or work in one class. A logistic regression tells the two apart by
the evidence. What share of the pairs of one name are one person depends on how common the name is;
that share is found by expectation and maximisation, with the evidence held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.clean.evidence import FEATURES
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from patentnav.clean.evidence import Comparison

RARE = -3.0
PAIRS = 60_000
PAIRS_OF_A_NAME = 300
ENOUGH_NAMES, ENOUGH_PAIRS = 200, 1000
FILINGS, GROUPS = "filings", "groups"
# A name of many pairs counts as the pairs to this power: a prolific person must not decide alone.
POWER = 0.5
STRATA = ("place", "field", "anywhere")
# Features of which more means more likely one person.
AGREEMENT = frozenset(
    (
        "coinventors_shared",
        "coinventors_share",
        "firm",
        "firm_word",
        "city",
        "region",
        "classes",
        "title",
    )
)
PENALTY = 0.3
EM_ROUNDS, BINS, ENOUGH_IN_BIN = 100, 9, 100


@dataclass(frozen=True)
class Weights:
    """A model of the log odds that two items with one name are one person.

    Attributes
    ----------
    evidence
        Weight of each feature of :data:`patentnav.clean.evidence.FEATURES`.
    constant
        Constant of the evidence.
    prior, slope
        The prior log odds are ``prior + slope * rarity``, see :mod:`patentnav.clean.rarity`.
    """

    evidence: np.ndarray
    constant: float
    prior: float
    slope: float

    def log_odds(self, features: np.ndarray, rarity: np.ndarray | float) -> np.ndarray:
        """Log odds of pairs: features (features, …), rarity (…) of the name."""
        seen = np.tensordot(self.evidence.astype(np.float32), features, axes=1)
        result: np.ndarray = seen + self.constant + self.prior + self.slope * rarity
        return result

    def to_frame(self) -> pd.DataFrame:
        """The model as a table: ``part, weight``."""
        parts = [*FEATURES, "constant", "prior", "rarity"]
        values = [*self.evidence, self.constant, self.prior, self.slope]
        return pd.DataFrame({"part": parts, "weight": values})


def shipped(script: str, stage: str) -> Weights:
    """Weights of the package for ``han`` or ``latin`` names, ``filings`` or ``groups`` of them."""
    table = _resources.load_toml("names", "inventor-weights")[script][stage]
    evidence = np.array([table["evidence"][name] for name in FEATURES])
    return Weights(evidence, table["constant"], table["prior"], table["slope"])


def learn(comparison: Comparison, names: pd.DataFrame, random_state: int = 0) -> Weights:
    """Learn the model from items themselves: the way the shipped weights were made.

    Parameters
    ----------
    comparison
        Profiles of the items.
    names
        One row per item in the same order: ``key`` (the name), ``filings`` of the name,
        ``rarity``, ``alike`` (names of one value may be one person's) and the columns of :data:`STRATA`, inside each of which a
        third of the impossible pairs is drawn (missing: with nobody).
    random_state
        Seed of the draws.

    Raises
    ------
    ArgumentError
        The set has too few rare names or too few impossible pairs.
    """
    rng = np.random.default_rng(random_state)
    # A name of one filing has no sure pair: as a stranger it would be told by its size alone.
    rare = ((names["rarity"] <= RARE) & (names["filings"] > 1)).to_numpy()
    same = _pairs_of_names(names, rare, rng)
    key = names["key"].to_numpy()[same[0]]
    first, second, weight = _impossible_pairs(names, rare, rng)
    if min(len(key), len(first)) < ENOUGH_PAIRS or len(np.unique(key)) < ENOUGH_NAMES:
        msg = (
            f"{len(key)} sure and {len(first)} impossible pairs of {len(np.unique(key))} rare "
            f"names are too few to learn from. Use the shipped weights or a larger set."
        )
        raise ArgumentError(msg)
    times = pd.Series(key)
    same_weight = times.map(times.value_counts()).to_numpy() ** -POWER
    evidence, constant = _regression(comparison, (*same, same_weight), (first, second, weight))
    model = Weights(evidence, constant, 0.0, 0.0)
    prior, slope = _prior(comparison, names, model, rng)
    return Weights(evidence, constant, prior, slope)


def _pairs_of_names(
    names: pd.DataFrame, which: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of mentions of one name, a few of each name."""
    first, second = [], []
    positions = pd.Series(np.flatnonzero(which))
    for _, group in positions.groupby(names["key"].to_numpy()[which], sort=True):
        n = len(group)
        if n < 2:
            continue
        members = group.to_numpy()
        a, b = np.triu_indices(n, k=1) if n <= 25 else _random_pairs(n, rng)
        first.append(members[a])
        second.append(members[b])
    if not first:
        return np.empty(0, dtype=int), np.empty(0, dtype=int)
    a, b = np.concatenate(first), np.concatenate(second)
    if len(a) > PAIRS:
        kept = np.sort(rng.choice(len(a), PAIRS, replace=False))
        a, b = a[kept], b[kept]
    return a, b


def _random_pairs(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    a = rng.integers(0, n, PAIRS_OF_A_NAME)
    b = (a + rng.integers(1, n, PAIRS_OF_A_NAME)) % n
    return np.minimum(a, b), np.maximum(a, b)


def _impossible_pairs(
    names: pd.DataFrame, rare: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of items of two rare names and their weights: neighbours at random in each stratum."""
    items = pd.Series(np.flatnonzero(rare)).groupby(names["key"].to_numpy()[rare]).agg(np.array)
    alike = names["alike"].to_numpy()
    drawn = []
    for column in STRATA:
        value = names[column][rare].groupby(names["key"][rare]).agg(_most_frequent)
        for _, people in value.groupby(value):
            order = rng.permutation(people.index.to_numpy())
            for one, other in zip(order[1:], order[:-1], strict=True):
                if alike[items[one][0]] != alike[items[other][0]]:
                    drawn.append(_across(items[one], items[other], rng))
    if not drawn:
        nothing = np.empty(0, dtype=int)
        return nothing, nothing, nothing.astype(float)
    a, b, weight = (np.concatenate(column) for column in zip(*drawn, strict=True))
    if len(a) > 2 * PAIRS:
        kept = np.sort(rng.choice(len(a), 2 * PAIRS, replace=False))
        a, b, weight = a[kept], b[kept], weight[kept]
    return a, b, weight


def _most_frequent(values: pd.Series) -> object:
    found = values.mode()
    return found.iloc[0] if len(found) else None


def _across(
    one: np.ndarray, other: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b = np.repeat(one, len(other)), np.tile(other, len(one))
    if len(a) > PAIRS_OF_A_NAME:
        kept = rng.choice(len(a), PAIRS_OF_A_NAME, replace=False)
        a, b = a[kept], b[kept]
    return a, b, np.full(len(a), float(len(a)) ** -POWER)


def _regression(
    comparison: Comparison,
    same: tuple[np.ndarray, np.ndarray, np.ndarray],
    other: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> tuple[np.ndarray, float]:
    features, label, share = [], [], []
    for (first, second, weight), target in ((same, 1.0), (other, 0.0)):
        seen, one_filing = comparison.pairs(first, second)
        apart = ~one_filing
        features.append(seen[:, apart].T.astype(float))
        label.append(np.full(apart.sum(), target))
        share.append(weight[apart] / weight[apart].sum() / 2)
    x, y, w = np.concatenate(features), np.concatenate(label), np.concatenate(share)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale < 1e-9, np.inf, scale)
    coefficients = _fit((x - mean) / scale, y, w * len(y))
    evidence = coefficients[:-1] / scale
    return evidence, float(coefficients[-1] - evidence @ mean)


def _fit(features: np.ndarray, label: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Logistic regression with an L2 penalty; agreement never speaks against one person."""
    from scipy.optimize import minimize

    design = np.c_[features, np.ones(len(features))]
    sign = np.where(label > 0, 1.0, -1.0)

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (design @ beta)
        wrong = 1 / (1 + np.exp(np.clip(margin, -500, 500)))
        value = weight @ np.logaddexp(0, -margin) + (beta[:-1] ** 2).sum() / (2 * PENALTY)
        slope = -(weight * sign * wrong) @ design
        slope[:-1] += beta[:-1] / PENALTY
        return float(value), slope

    bounds: list[tuple[float | None, float | None]]
    bounds = [(0, None) if f in AGREEMENT else (None, None) for f in FEATURES]
    bounds[FEATURES.index("gap")] = (None, 0)
    start = np.zeros(design.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    result: np.ndarray = found.x
    return result


def _prior(
    comparison: Comparison, names: pd.DataFrame, model: Weights, rng: np.random.Generator
) -> tuple[float, float]:
    a, b = _pairs_of_names(names, np.ones(len(names), dtype=bool), rng)
    features, one_filing = comparison.pairs(a, b)
    seen = np.tensordot(model.evidence, features[:, ~one_filing], axes=1) + model.constant
    rarity = names["rarity"].to_numpy()[a[~one_filing]]
    if not len(rarity):
        return model.prior, model.slope
    edges = np.unique(np.quantile(rarity, np.linspace(0, 1, BINS + 1)[1:-1]))
    bins = np.digitize(rarity, edges)
    points = []
    for number in np.unique(bins):
        inside = bins == number
        if inside.sum() >= ENOUGH_IN_BIN:
            points.append((rarity[inside].mean(), _share_by_em(seen[inside]), inside.sum()))
    if len(points) < 4:
        return model.prior, model.slope
    x, share, size = (np.array(column) for column in zip(*points, strict=True))
    share = np.clip(share, 0.005, 0.995)
    slope, prior = np.polyfit(x, np.log(share / (1 - share)), 1, w=np.sqrt(size))
    return float(prior), float(min(slope, 0.0))


def _share_by_em(seen: np.ndarray) -> float:
    share = 0.5
    for _ in range(EM_ROUNDS):
        odds = np.log(share / (1 - share))
        share = float(np.clip((1 / (1 + np.exp(-(seen + odds)))).mean(), 1e-4, 1 - 1e-4))
    return share
