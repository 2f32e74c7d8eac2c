"""Changes: shift and share, coupling of systems, centres of gravity."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.matching.few import PANEL, enough

FLOOR = 0.01  # least value of a scaled system: a product would be zero for ever
_EARTH = 6371.0  # kilometres


def shift_share(
    before: pd.Series, after: pd.Series, ref_before: pd.Series, *, ref_after: pd.Series
) -> pd.DataFrame:
    r"""Change of a region divided: :math:`\Delta x_i = x_i G + x_i (G_i - G) + x_i (g_i - G_i)`.

    Parameters
    ----------
    before, after
        The region by group in two periods.
    ref_before, ref_after
        The reference in the same periods.

    Returns
    -------
    pandas.DataFrame
        Indexed by group: ``before, after, change, total`` (as the whole reference grew), ``mix``
        (because the group grew otherwise), ``own`` (because the region grew otherwise than the
        group). Groups that the reference lacks in the first period are left out.

    Raises
    ------
    ArgumentError
        The reference has nothing in the first period.

    Examples
    --------
    >>> region, reference = pd.Series({"a": 100.0}), pd.Series({"a": 200.0, "b": 800.0})
    >>> later = pd.Series({"a": 300.0, "b": 900.0})
    >>> shift_share(region, pd.Series({"a": 180.0}), reference, ref_after=later).loc[
    ...     "a", ["total", "mix", "own"]].round(6).tolist()
    [20.0, 30.0, 30.0]
    """
    base = float(ref_before.sum())
    if not base:
        msg = "The reference has nothing in the first period. Choose a longer one."
        raise ArgumentError(msg)
    growth = float(ref_after.sum()) / base - 1
    names = ref_before.index[ref_before > 0].intersection(before.index.union(after.index))
    x = before.reindex(names, fill_value=0).astype("float64")
    now = after.reindex(names, fill_value=0).astype("float64")
    group = ref_after.reindex(names, fill_value=0) / ref_before.reindex(names) - 1
    total, mix = x * growth, x * (group - growth)
    return pd.DataFrame(
        {"before": x, "after": now, "change": now - x, "total": total, "mix": mix,
         "own": (now - x) - total - mix}
    )  # fmt: skip


def scaled(panel: pd.DataFrame) -> pd.DataFrame:
    """Measures from 0.01 to 1 over all cities and years: lowest to highest.

    Parameters
    ----------
    panel
        City-years by measures; higher is better.

    Returns
    -------
    pandas.DataFrame
        1 where a measure is the same everywhere; NA stays NA.
    """
    span = panel.max() - panel.min()
    same = span == 0
    part = (panel - panel.min()) / span.mask(same, 1.0)
    values = FLOOR + (1 - FLOOR) * part
    return values.mask(values.notna() & same, 1.0)


def coupling(systems: pd.DataFrame, weights: pd.Series | None = None) -> pd.DataFrame:
    r"""Coupling and coordination of systems: :math:`C = n (\prod U)^{1/n} / \sum U`, :math:`D = \sqrt{CT}`.

    With equal weights :math:`D` is the square root of the geometric mean of the systems: it tells
    nothing that these do not, depends on the cities that are compared, and shows neither structure
    nor delay. Print the systems beside it.

    Parameters
    ----------
    systems
        City-years by systems, each above 0 and at most 1 (:func:`scaled`).
    weights
        Weight by system, sum 1; equal ones when omitted.

    Returns
    -------
    pandas.DataFrame
        Same index: ``coupling, level`` (:math:`T = \sum w U`), ``coordination`` and ``band`` (0 to
        9: tenths of the coordination).

    Raises
    ------
    UnavailableError
        Fewer than five city-years are known.
    ArgumentError
        A value is outside its bounds.
    """
    known = systems.dropna()
    enough("panel", len(known), PANEL)
    return _coupled(known, weights)


def _coupled(known: pd.DataFrame, weights: pd.Series | None) -> pd.DataFrame:
    if ((known <= 0) | (known > 1)).any(axis=None):
        msg = "Systems lie above 0 and at most at 1. Scale them first (scaled)."
        raise ArgumentError(msg)
    n = known.shape[1]
    w = pd.Series(1 / n, index=known.columns) if weights is None else weights
    geometric = np.exp(np.log(known).sum(axis=1) / n)
    level = (known * w).sum(axis=1)
    together = n * geometric / known.sum(axis=1)
    coordination = np.sqrt(together * level)
    band = np.minimum((coordination * 10 + 1e-9).astype("int64"), 9)
    return pd.DataFrame(
        {"coupling": together, "level": level, "coordination": coordination, "band": band}
    )


def gravity(weights: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    r"""Centre of gravity by year: :math:`\bar X = \sum w x / \sum w`.

    Parameters
    ----------
    weights
        Districts by years.
    places
        Indexed by district: ``lon, lat`` in degrees.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: ``lon, lat``; years without any weight are left out.
    """
    names = weights.index.intersection(places.dropna(subset=["lon", "lat"]).index)
    held = weights.loc[names].fillna(0.0)
    rows = {}
    for year in held.columns:
        total = float(held[year].sum())
        if total:
            rows[year] = [float((held[year] * places.loc[names, c]).sum() / total)
                          for c in ("lon", "lat")]  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["lon", "lat"]).rename_axis("year")


def moves(one: pd.DataFrame, other: pd.DataFrame) -> dict[str, float]:
    """How far two centres lie apart, and whether they moved the same way.

    Parameters
    ----------
    one, other
        Centres by year (:func:`gravity`).

    Returns
    -------
    dict
        ``distance`` of the last common year and ``first_distance`` of the first, in kilometres;
        ``cosine`` of the moves from the first to the last (1 the same way, −1 opposite; NaN where
        one did not move).
    """
    years = sorted(one.index.intersection(other.index))
    if len(years) < 2:
        enough("years", len(years), 2)
    first, last = years[0], years[-1]
    ways = []
    for centre in (one, other):
        lat = math.radians(float(centre.loc[first, "lat"]))
        step = centre.loc[last] - centre.loc[first]
        ways.append((float(step["lon"]) * math.cos(lat), float(step["lat"])))
    lengths = math.hypot(*ways[0]) * math.hypot(*ways[1])
    product = ways[0][0] * ways[1][0] + ways[0][1] * ways[1][1]
    return {
        "distance": _apart(one.loc[last], other.loc[last]),
        "first_distance": _apart(one.loc[first], other.loc[first]),
        "cosine": product / lengths if lengths else float("nan"),
    }


def _apart(one: pd.Series, other: pd.Series) -> float:
    lat1, lat2 = math.radians(one["lat"]), math.radians(other["lat"])
    part = math.sin((lat2 - lat1) / 2) ** 2
    part += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other["lon"] - one["lon"]) / 2) ** 2  # fmt: skip
    return 2 * _EARTH * math.asin(math.sqrt(part))
