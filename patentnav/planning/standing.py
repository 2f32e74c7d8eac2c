"""How much more of one's own units lie in a technology than of all others: ratio, interval, test."""

from __future__ import annotations

import numpy as np
import pandas as pd

INTERVAL = 0.95
_NORMAL = 1.959963984540054  # two-sided 95 %
_NONE_SEEN = 3.6888794541139363  # upper 95 % bound of a Poisson mean when none is seen, two-sided


def standing(own: pd.Series, rest: pd.Series, *, own_total: int, rest_total: int) -> pd.DataFrame:
    r"""Advantage of a region or owner in every technology, against everybody else.

    The reference is without the own units: a region that holds half of the set is not compared
    with itself.

    Parameters
    ----------
    own, rest
        Units by technology, own ones and those of all others; whole counts.
    own_total, rest_total
        All units of either side.

    Returns
    -------
    pandas.DataFrame
        ``technology, own_count, rest_count, own_share, rest_share, advantage`` (own share over
        that of the rest; NA where the rest has none), ``advantage_low, advantage_high`` (95 %),
        ``advantage_p`` (exact test of Fisher, two-sided), ``advantage_q`` (for the number of
        technologies), in the order of the index of ``own`` joined with that of ``rest``.

    Notes
    -----
    Interval of the ratio of two shares on the scale of logarithms (Katz et al. 1978, Biometrics
    34(3), doi:10.2307/2530610): :math:`\exp(\ln r \pm 1.96 \sqrt{1/x - 1/X + 1/y - 1/Y})`. Where
    one's own count is zero the lower bound is zero and the upper that of a Poisson mean.
    """
    names = own.index.union(rest.index)
    x = own.reindex(names, fill_value=0).to_numpy(dtype=float)
    y = rest.reindex(names, fill_value=0).to_numpy(dtype=float)
    frame = pd.DataFrame(
        {"technology": names.astype("str"), "own_count": x.astype("int64"),
         "rest_count": y.astype("int64")}
    )  # fmt: skip
    if not len(frame) or not own_total or not rest_total:
        empty = ["own_share", "rest_share", "advantage", "advantage_low", "advantage_high",
                 "advantage_p", "advantage_q"]  # fmt: skip
        return frame.assign(**dict.fromkeys(empty, np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (x / own_total) / (y / rest_total)
        error = np.sqrt(1 / x - 1 / own_total + 1 / y - 1 / rest_total)
        low, high = ratio * np.exp(-_NORMAL * error), ratio * np.exp(_NORMAL * error)
        bound = (_NONE_SEEN / own_total) / (y / rest_total)
    low, high = np.where(x == 0, 0.0, low), np.where(x == 0, bound, high)
    p = _fisher(x, y, own_total, rest_total)
    from scipy.stats import false_discovery_control

    known = y > 0
    return frame.assign(
        own_share=x / own_total, rest_share=y / rest_total,
        advantage=np.where(known, ratio, np.nan), advantage_low=np.where(known, low, np.nan),
        advantage_high=np.where(known, high, np.nan), advantage_p=p,
        advantage_q=false_discovery_control(p),
    )  # fmt: skip


def _fisher(x: np.ndarray, y: np.ndarray, own_total: int, rest_total: int) -> np.ndarray:
    from scipy.stats import fisher_exact

    cells = zip(x.astype(int), y.astype(int), strict=True)
    return np.array(
        [fisher_exact([[a, b], [own_total - a, rest_total - b]]).pvalue for a, b in cells],
        dtype=float,
    )
