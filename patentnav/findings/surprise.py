"""How surprising a count is: tests that leave noise alone, and a score that ranks what is left.

Counts vary more than Poisson has it: with true rates that differ by a third, a Poisson test never
leaves a family of random cells without a "finding". The spread is therefore taken from the family
itself, robustly, so that the surprises in it do not hide themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

MEDIAN = 0.4549  # of chi-square with one degree of freedom
FEWEST_CELLS = 40  # of a family, below which its spread is not known
_USABLE = 3.0  # expected units from which a cell tells of the spread
_CEILING = 20.0  # bits beyond which certainty adds nothing
_PRIOR = 5.0  # units added on both sides, so that small numbers do not look like large effects
_SURE = 0.05  # probability from which nothing is shown
_WIDEST = 1e6


def effect(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Size of a difference: ``|ln((o + 5) / (E + 5))|``; 30 against 18 gives 0.42."""
    o, e = np.asarray(observed, float), np.asarray(expected, float)
    size: Floats = np.abs(np.log((o + _PRIOR) / (e + _PRIOR)))
    return size


def significance(q: ArrayLike) -> Floats:
    """Certainty from 0 to 1: ``min(-log2 q, 20) / 20``."""
    floor = np.maximum(np.asarray(q, float), 2.0**-_CEILING)
    bits: Floats = np.minimum(-np.log2(floor), _CEILING)
    return bits / _CEILING


def score(
    q: ArrayLike, observed: ArrayLike, expected: ArrayLike, touched: ArrayLike, act: ArrayLike
) -> Floats:
    """Rank of a surprise: certainty x effect x root of the share of units touched x consequence."""
    size = significance(q) * effect(observed, expected)
    scores: Floats = size * np.sqrt(np.asarray(touched, float)) * np.asarray(act, float)
    return scores


def dispersion(
    observed: ArrayLike, expected: ArrayLike, known: ArrayLike = 0.0, *, errors: float = 0.0
) -> float:
    r"""Spread :math:`\alpha` of a family of counts, variance :math:`E + \alpha E^2`.

    Parameters
    ----------
    observed, expected
        Counts of the cells.
    known
        Part of the spread that is known beforehand: that of the expectation itself.
    errors
        Standard errors of the sample median to stay on the safe side by; 0 takes the median.

    Returns
    -------
    float
        The value at which the median of :math:`(o-E)^2 / (E + \alpha E^2)` is that of chi-square,
        .4549; 0 where the counts vary no more than Poisson has it.

    Notes
    -----
    The median is not moved by a few surprises. Of 40 cells it is known within 8 percentage points
    only, hence ``errors``.
    """
    o, e = np.asarray(observed, float), np.asarray(expected, float)
    before = np.broadcast_to(np.asarray(known, float), o.shape)
    level = min(0.5 + errors * 0.5 / np.sqrt(max(len(o), 1)), 0.95)

    def excess(alpha: float) -> float:
        return float(np.quantile((o - e) ** 2 / (e + (alpha + before) * e**2), level)) - MEDIAN

    if not len(o) or excess(0.0) <= 0:
        return 0.0
    widest = 1.0
    while excess(widest) > 0 and widest < _WIDEST:
        widest *= 2
    return float(optimize.brentq(excess, 0.0, widest)) if widest < _WIDEST else widest


def tails(observed: ArrayLike, expected: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Probabilities of as few and of as many, negative binomial; Poisson where ``alpha`` is 0."""
    from scipy import stats  # slow to import

    o, e = np.asarray(observed, float), np.asarray(expected, float)
    spread = np.broadcast_to(np.asarray(alpha, float), e.shape)
    size = 1.0 / np.where(spread > 0, spread, 1.0)
    chance = size / (size + e)
    poisson = stats.poisson.cdf(o, e), stats.poisson.sf(o - 1, e)
    wide = stats.nbinom.cdf(o, size, chance), stats.nbinom.sf(o - 1, size, chance)
    few, many = (np.where(spread > 0, w, p) for w, p in zip(wide, poisson, strict=True))
    return few, many


def two_sided(few: ArrayLike, many: ArrayLike) -> Floats:
    """Twice the smaller tail, at most 1."""
    p: Floats = np.minimum(1.0, 2.0 * np.minimum(np.asarray(few), np.asarray(many)))
    return p


def count_spread(observed: ArrayLike, expected: ArrayLike, known: ArrayLike = 0.0) -> float:
    """Spread of a family of counts, on the safe side; NaN where it has too few cells to tell.

    Parameters
    ----------
    observed, expected
        Counts of the cells.
    known
        Part of the spread that comes from the expectation, being estimated itself.
    """
    o, e = np.asarray(observed, float), np.asarray(expected, float)
    before = np.broadcast_to(np.asarray(known, float), o.shape)
    usable = e >= _USABLE
    if int(usable.sum()) < FEWEST_CELLS:
        return float("nan")
    return dispersion(o[usable], e[usable], before[usable], errors=1.0)


def count_test(observed: ArrayLike, expected: ArrayLike, spread: ArrayLike) -> Floats:
    """Two-sided probabilities of counts, NaN where the spread is."""
    alpha = np.broadcast_to(np.asarray(spread, float), np.shape(observed))
    p = two_sided(*tails(observed, expected, np.nan_to_num(alpha)))
    return np.where(np.isnan(alpha), np.nan, p)


def share_spread(table: ArrayLike) -> float:
    """Spread (intra-class correlation) of a family of shares, on the safe side; NaN if too few.

    Parameters
    ----------
    table
        Rows of four: units with the property and without it, of the member and of the rest.
    """
    _, _, binomial, squares, n = _shares(table)
    usable = binomial >= _USABLE
    if int(usable.sum()) < FEWEST_CELLS:
        return float("nan")
    level = 0.5 + 0.5 / np.sqrt(int(usable.sum()))

    def excess(rho: float) -> float:
        scaled = squares[usable] / (binomial[usable] * (1 + (n[usable] - 1) * rho))
        return float(np.quantile(scaled, level)) - MEDIAN

    if excess(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(excess, 0.0, 1.0)) if excess(1.0) < 0 else 1.0


def share_test(table: ArrayLike, spread: float) -> Floats:
    """Two-sided probabilities of shares against the rest.

    Fisher's exact test where shares vary no more than chance has it, else beta-binomial, whichever
    is larger; NaN where the spread is.
    """
    from scipy import stats  # slow to import

    rows = np.asarray(table, int).reshape(-1, 4)
    plain = exact(rows)
    if np.isnan(spread):
        return np.full(len(rows), np.nan)
    if spread <= 0:
        return plain
    o, share, _, _, n = _shares(table)
    rho = min(spread, 1 - 1e-6)
    one, other = share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho
    few, many = stats.betabinom.cdf(o, n, one, other), stats.betabinom.sf(o - 1, n, one, other)
    p: Floats = np.maximum(plain, two_sided(few, many))
    return p


def exact(table: ArrayLike) -> Floats:
    """Two-sided probabilities of tables of two by two (rows of four), Fisher's exact test."""
    from scipy import stats

    rows = np.asarray(table, int).reshape(-1, 4)
    return np.array([stats.fisher_exact(row.reshape(2, 2)).pvalue for row in rows], dtype=float)


def fewest_to_doubt(table: Sequence[int], most: int, least: float) -> int:
    """Units, up to ``most``, that must be of the rest before the plain exact test shows nothing.

    Where ``least`` is below 1, units with the property that the subject must have besides.
    """
    o, a, b, c = table

    def shown(moved: int) -> bool:
        row = (o - moved, a, b + moved, c) if least >= 1 else (o + moved, a, b, c)
        return bool(exact(row)[0] < _SURE)

    low, high = 0, max(most, 0)  # the answer lies in (low, high], where the test fails by then
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if shown(middle) else (low, middle)
    return high


def _shares(table: ArrayLike) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Units with the property, share of the rest, binomial variance, square of the difference, n."""
    o, a, b, c = np.asarray(table, float).reshape(-1, 4).T
    n, rest = o + a, b + c
    share = (b + 0.5) / (rest + 1.0)  # never 0 or 1
    return o, share, n * share * (1 - share), (o - n * share) ** 2, n


def adjusted(p: ArrayLike, families: ArrayLike | None = None) -> Floats:
    """Probabilities after the correction of Benjamini and Hochberg; NaN stays NaN and does not count.

    Parameters
    ----------
    p
        Probabilities.
    families
        Family of each. All together weigh the same, so that a thousand cells of one do not drown the
        twenty of another; the false discovery rate over all of them stays what it is.

    References
    ----------
    Genovese, Roeder & Wasserman 2006, Biometrika 93(3), doi:10.1093/biomet/93.3.509.
    """
    from scipy import stats

    values = np.asarray(p, float)
    known = ~np.isnan(values)
    out = np.full(values.shape, np.nan)
    if not known.any():
        return out
    factor = np.ones(int(known.sum()))
    if families is not None:
        _, code, size = np.unique(
            np.asarray(families)[known], return_inverse=True, return_counts=True
        )
        factor = size[code] * len(size) / known.sum()
    out[known] = stats.false_discovery_control(np.minimum(1.0, values[known] * factor))
    return out


def fewest_to_lose(observed: int, expected: float, least: float) -> int:
    """Units to take away (or to add, where ``least`` is below 1) until the ratio passes ``least``."""
    room = observed - least * expected if least >= 1 else least * expected - observed
    return max(0, int(np.floor(room)) + 1)
