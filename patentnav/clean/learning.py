"""Weights of the evidence, learned without labels, and how likely namesakes are one person.

Sure pairs: two mentions of one very rare name are one person, whatever the evidence. Impossible
pairs: two mentions with different names that exclude each other are two people. A logistic
regression tells the two apart by the evidence. What share of the pairs of one name are one person
depends on how common the name is; that share is found by expectation and maximisation, with the
evidence held fixed.
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
# Features of which more means more likely one person.
AGREEMENT = frozenset(
    ("coinventors_shared", "coinventors_share", "firm", "firm_word", "city", "region", "classes",
     "title")
)  # fmt: skip
PENALTY = 0.3
FIRM = ("firm", "firm_word", "firm_other", "firm_none")
CLASSES_AND_PLACE = ("classes", "classes_none", "city", "region")
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


def shipped(script: str) -> Weights:
    """Weights of the package for names in ``han`` or ``latin`` script (see the data file)."""
    table = _resources.load_toml("names", "inventor-weights")[script]
    evidence = np.array([table["evidence"][name] for name in FEATURES])
    return Weights(evidence, table["constant"], table["prior"], table["slope"])


def learn(
    comparison: Comparison,
    names: pd.DataFrame,
    random_state: int = 0,
    *,
    incomplete: bool = False,
) -> Weights:
    """Learn the model from mentions themselves: the way the shipped weights were made.

    Parameters
    ----------
    comparison
        Profiles of the mentions.
    names
        One row per mention in the same order: ``key`` (the name), ``rarity``, ``alike`` (names of
        one value may be one person's), ``stratum`` and ``wider`` (half of the impossible pairs are
        drawn inside each).
    random_state
        Seed of the draws.
    incomplete
        Every pair counts also without its firms, and without firms, classes and places, so that
        the weights hold for exports that lack them.

    Raises
    ------
    ArgumentError
        The set has too few rare names or too few impossible pairs.
    """
    rng = np.random.default_rng(random_state)
    same = _pairs_of_names(names, names["rarity"].to_numpy() <= RARE, rng)
    other = _impossible_pairs(names, rng)
    rare = names["key"].to_numpy()[same[0]]
    if min(len(rare), len(other[0])) < ENOUGH_PAIRS or len(np.unique(rare)) < ENOUGH_NAMES:
        msg = (
            f"{len(rare)} sure and {len(other[0])} impossible pairs of {len(np.unique(rare))} rare "
            f"names are too few to learn from. Use the shipped weights or a larger set."
        )
        raise ArgumentError(msg)
    evidence, constant = _regression(comparison, same, other, rare, incomplete=incomplete)
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
    names: pd.DataFrame, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of different people: half of them hard to tell, half from anywhere."""
    drawn = [_pairs_inside(names, column, rng) for column in ("stratum", "wider")]
    return np.concatenate([d[0] for d in drawn]), np.concatenate([d[1] for d in drawn])


def _pairs_inside(
    names: pd.DataFrame, column: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(names[column].to_numpy(), kind="stable")
    stratum = names[column].to_numpy()[order]
    bounds = np.flatnonzero(np.r_[True, stratum[1:] != stratum[:-1], True])
    size = np.diff(bounds)
    start = np.repeat(bounds[:-1], size)
    length = np.repeat(size, size)
    repeats = max(1, 2 * PAIRS // max(len(order), 1))
    a = np.tile(np.arange(len(order)), repeats)
    b = start[a] + rng.integers(0, 2**31, len(a)) % length[a]
    key = names["key"].to_numpy()[order]
    group = names["alike"].to_numpy()[order]
    good = (key[a] != key[b]) & (group[a] != group[b])
    a, b = order[a[good]], order[b[good]]
    if len(a) > PAIRS // 2:
        kept = np.sort(rng.choice(len(a), PAIRS // 2, replace=False))
        a, b = a[kept], b[kept]
    return a, b


def _regression(
    comparison: Comparison,
    same: tuple[np.ndarray, np.ndarray],
    other: tuple[np.ndarray, np.ndarray],
    rare: np.ndarray,
    *,
    incomplete: bool,
) -> tuple[np.ndarray, float]:
    positive, one_filing = comparison.pairs(*same)
    negative, colleagues = comparison.pairs(*other)
    positive, negative = positive[:, ~one_filing], negative[:, ~colleagues]
    # A prolific person must not decide alone.
    times = pd.Series(rare[~one_filing])
    weight = times.map(times.value_counts()).to_numpy() ** -0.7
    features = np.concatenate([positive, negative], axis=1).T.astype(float)
    label = np.r_[np.ones(positive.shape[1]), np.zeros(negative.shape[1])]
    share = np.r_[weight / weight.sum(), np.full(negative.shape[1], 1 / negative.shape[1])]
    if incomplete:
        firm = _without(features, FIRM)
        features = np.concatenate([features, firm, _without(firm, CLASSES_AND_PLACE)])
        label, share = np.tile(label, 3), np.tile(share, 3) / 3
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale < 1e-9, np.inf, scale)
    coefficients = _fit((features - mean) / scale, label, share * len(label) / 2)
    evidence = coefficients[:-1] / scale
    return evidence, float(coefficients[-1] - evidence @ mean)


def _without(features: np.ndarray, kinds: tuple[str, ...]) -> np.ndarray:
    """The features as they are where some evidence is not known."""
    result = features.copy()
    for name in kinds:
        result[:, FEATURES.index(name)] = 1.0 if name.endswith("_none") else 0.0
    return result


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
