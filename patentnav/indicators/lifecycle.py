"""Where a technology stands in its life: coefficients, logistic curve, maturity map."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.counting import unit_frame, unit_ids, unit_years
from patentnav.errors import MissingColumnError
from patentnav.facts import complete_years, grant_dates, owners

if TYPE_CHECKING:
    from patentnav.counting import Counting, Unit
    from patentnav.patentset import PatentSet

_TYPES = {"invention": "inventions", "utility_model": "utility_models", "design": "designs"}
TRAILING_YEARS = 5
_CURVE = [
    "years",
    "until",
    "total",
    "K",
    "r",
    "t0",
    "K_error",
    "r2",
    "r2_yearly",
    "growth_year",
    "maturity_year",
    "saturation_year",
    "progress",
    "stage",
    "reliable",
]
_MIN_YEARS = 8
_MAX_K_ERROR = 0.25
_MIN_R2_YEARLY = 0.5
_SATURATED = 0.9


def life_cycle(
    patents: PatentSet,
    by: str | pd.DataFrame | None = None,
    unit: Unit | None = None,
    *,
    counting: Counting = "fractional",
    basis: str = "application_date",
) -> pd.DataFrame:
    r"""Life-cycle coefficients of every year.

    With :math:`a, b, c` the inventions, utility models and designs of the year and :math:`A` the
    inventions of the trailing five years (this one included):

    - growth rate :math:`v = a / A`
    - maturity coefficient :math:`\alpha = a / (a + b)` (not :math:`a/b`)
    - ageing coefficient :math:`\beta = (a + b) / (a + b + c)`
    - novelty coefficient :math:`N = \sqrt{v^2 + \alpha^2}`

    Rising :math:`v`: growth; falling :math:`\alpha`: maturity; falling :math:`\beta`: ageing;
    the larger :math:`N`, the newer the technology.

    Parameters
    ----------
    patents
        The set. It must hold all types of patents, or :math:`\alpha` and :math:`\beta` mean
        nothing.
    by
        Column or membership table: one life cycle per group.
    unit
        ``publication``, ``application`` or ``family``; the configured one when omitted.
    counting
        ``fractional`` or ``whole``, where a unit has several groups.
    basis
        Date column of ``publications``.

    Returns
    -------
    pandas.DataFrame
        ``group`` (when ``by`` is given), ``year, inventions, utility_models, designs,
        growth_rate, maturity, ageing, novelty, complete``. A coefficient is NA where its denominator is
        zero; ``growth_rate`` and ``novelty`` also in the first four years, whose trailing five
        the set does not hold; ``maturity, ageing`` and ``novelty`` where the set holds inventions
        alone. Years that are not ``complete`` are still filling: their ``growth_rate`` falls for
        that alone. Annotated in ``attrs``: ``types`` it holds; ``untyped``, units left out for want
        of a patent type.

    Raises
    ------
    MissingColumnError
        No publication has a patent type or that date.

    References
    ----------
    The coefficients are those of Chinese patent-information practice; implementations differ in
    the root of :math:`N`, see the explanation page "Life cycle".
    """
    publications = patents.publications
    if not patents.has("publications", "patent_type"):
        msg = "No publication has a patent_type, so the life cycle cannot be told. Export it."
        raise MissingColumnError(msg)
    types = publications["patent_type"].groupby(unit_ids(patents, unit)).first()
    years = unit_years(patents, basis, unit)
    if by is None:
        frame = pd.DataFrame({"unit_id": years.index, "group": "", "weight": 1.0})
    else:
        frame = unit_frame(patents, by, unit=unit, counting=counting)
    frame = frame.assign(
        type=frame["unit_id"].map(types).map(_TYPES), year=frame["unit_id"].map(years)
    )
    untyped = int(frame.loc[frame["type"].isna(), "unit_id"].nunique())
    result = _coefficients(frame.dropna(subset=["type", "year"]))
    held = [name for name in _TYPES.values() if (result[name] > 0).any()]
    if held == ["inventions"]:  # then both are 1 for ever, which would read as "young for ever"
        result[["maturity", "ageing", "novelty"]] = np.nan
    if by is None:
        result = result.drop(columns="group")
    result["complete"] = complete_years(patents, result["year"], basis)
    result.attrs = {
        "unit": unit or get_config().unit,
        "counting": counting,
        "basis": basis,
        "untyped": untyped,
        "trailing_years": TRAILING_YEARS,
        "types": held,
    }
    return result


def _coefficients(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ["group", "year", *_TYPES.values()]
    if frame.empty:
        return _with_coefficients(pd.DataFrame(columns=columns))
    counts = frame.groupby(["group", "year", "type"], observed=True)["weight"].sum()
    wide = counts.unstack("type", fill_value=0).reindex(columns=[*_TYPES.values()], fill_value=0.0)
    span = range(int(frame["year"].min()), int(frame["year"].max()) + 1)
    groups = wide.index.get_level_values("group").unique()
    grid = pd.MultiIndex.from_product([groups, span], names=["group", "year"])
    full = wide.reindex(grid, fill_value=0.0).rename_axis(columns=None).reset_index()
    return _with_coefficients(full[columns])


def _with_coefficients(counts: pd.DataFrame) -> pd.DataFrame:
    a, b, c = (counts[name].astype("float64") for name in _TYPES.values())
    by_group = a.groupby(counts["group"])
    # Plain sums, not rolling(): a running sum leaves residues where five zeros follow a count.
    trailing = sum((by_group.shift(k) for k in range(1, TRAILING_YEARS)), a)
    v, alpha = _ratio(a, trailing), _ratio(a, a + b)
    return counts.assign(
        year=counts["year"].astype("int64"),
        growth_rate=v,
        maturity=alpha,
        ageing=_ratio(a + b, a + b + c),
        novelty=np.sqrt(v**2 + alpha**2),
    )


def _ratio(part: pd.Series, whole: pd.Series | np.ndarray) -> np.ndarray:
    top, bottom = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    ratio: np.ndarray = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return ratio


def s_curve(activity: pd.DataFrame, *, until: int | None = None) -> pd.DataFrame:
    r"""Fit a logistic curve to cumulated counts: :math:`N(t) = K / (1 + e^{-r (t - t_0)})`.

    Parameters
    ----------
    activity
        What :func:`patentnav.indicators.activity` returned.
    until
        Last year used; when omitted, the last that is ``complete``, or the last of counts that
        do not tell.

    Returns
    -------
    pandas.DataFrame
        One row (per ``group`` where there are groups): ``years`` used (from the first with a
        count), ``until`` (the last of them), ``total`` counted, ``K`` (saturation), ``r`` (speed), ``t0`` (year of the turn),
        ``K_error`` (standard error of K), ``r2`` (of the cumulated counts), ``r2_yearly`` (of the
        counts of the years against the steps of the curve), ``growth_year, maturity_year,
        saturation_year`` (10, 50, 90 % of K), ``progress`` (total / K), ``stage`` (``growth``
        before the turn, ``maturity`` after it, ``saturation`` from 90 % of K) and ``reliable``.

    Notes
    -----
    ``r2`` of cumulated counts is high for almost any rising series, so it is no proof;
    ``r2_yearly`` is the honest one. A fit is called ``reliable`` only where it used at least eight
    years, K is known to 25 %, the turn lies inside the years used and ``r2_yearly`` is at least
    0.5. Before the turn K cannot be told, for any ceiling fits counts that only accelerate: ``K``
    and what follows from it are NA there, and so is the stage where the curve does not follow the
    years. Whether a technology before its turn emerges is asked of
    :func:`patentnav.indicators.emergence`. ``K_error`` takes the cumulated counts as independent
    and is too small rather than too large. Where no fit exists, all is NA.

    References
    ----------
    Logistic growth in technology forecasting: Ernst 1997, Small Business Economics 9(4),
    doi:10.1023/A:1007921808138.
    """
    groups = activity.groupby("group", sort=True) if "group" in activity else [("", activity)]
    rows = []
    for name, part in groups:
        used = part if until is None else part[part["year"] <= until]
        if until is None and "complete" in part.columns:
            used = part[part["complete"].fillna(True).astype(bool)]
        used = used.sort_values("year")
        used = used[used["count"].cumsum() > 0]  # the years of others tell nothing of this one
        rows.append({"group": name, **_fit_curve(used)})
    result = pd.DataFrame(rows, columns=["group", *_CURVE])
    result = result.astype({"reliable": "boolean", "stage": "str", "until": "Int64"})
    result.attrs = dict(activity.attrs)
    return result if "group" in activity else result.drop(columns="group")


def _fit_curve(used: pd.DataFrame) -> dict[str, object]:
    year = used["year"].to_numpy(dtype=float)
    count = used["count"].to_numpy(dtype=float)
    total = count.cumsum()
    row: dict[str, object] = dict.fromkeys(_CURVE, np.nan)
    row |= {"years": len(year), "until": int(year[-1]) if len(year) else pd.NA}
    row |= {"total": total[-1] if len(total) else 0.0, "stage": None}
    row["reliable"] = pd.NA
    if len(year) < 4 or total[-1] <= 0:
        return row
    fit = _logistic(year, total)
    if fit is None:
        return row
    (k, r, t0), k_error, curve = fit
    r2, r2_yearly = _r2(total, curve), _r2(count[1:], np.diff(curve))
    row |= {"r2": r2, "r2_yearly": r2_yearly, "reliable": False}
    follows = r2_yearly >= _MIN_R2_YEARLY
    if t0 > year[-1]:  # any ceiling fits what only accelerates
        return row | {"stage": "growth" if follows else None}
    if not k_error <= k:
        return row
    half_width = np.log(9) / r  # from 50 % to 10 % or 90 %
    progress = total[-1] / k
    reliable = len(year) >= _MIN_YEARS and t0 >= year[0] and k_error <= _MAX_K_ERROR * k
    return row | {
        "K": k,
        "r": r,
        "t0": t0,
        "K_error": k_error,
        "growth_year": t0 - half_width,
        "maturity_year": t0,
        "saturation_year": t0 + half_width,
        "progress": progress,
        "stage": "saturation" if progress >= _SATURATED else "maturity",
        "reliable": bool(reliable and follows),
    }


def _r2(seen: np.ndarray, fitted: np.ndarray) -> float:
    spread = ((seen - seen.mean()) ** 2).sum()
    return float(1 - ((seen - fitted) ** 2).sum() / spread) if spread > 0 else float("nan")


def _logistic(
    year: np.ndarray, total: np.ndarray
) -> tuple[tuple[float, float, float], float, np.ndarray] | None:
    """Least-squares logistic (K, r, t0), standard error of K, fitted totals; None without a fit."""
    from scipy.optimize import OptimizeWarning, curve_fit
    from scipy.special import expit

    def curve(t: np.ndarray, k: float, r: float, t0: float) -> np.ndarray:
        value: np.ndarray = k * expit(r * (t - t0))
        return value

    middle = float(np.interp(total[-1] / 2, total, year))
    bounds = ([total[-1] * 0.9, 1e-3, year[0] - 50], [total[-1] * 1000, 5.0, year[-1] + 100])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)  # an unknown error is returned as such
        try:
            best, covariance = curve_fit(
                curve, year, total, p0=[total[-1] * 1.5, 0.3, middle], bounds=bounds, maxfev=5000
            )
        except RuntimeError:  # scipy's word for: did not converge
            return None
    k, r, t0 = (float(v) for v in best)
    return (k, r, t0), float(np.sqrt(covariance[0, 0])), curve(year, *best)


def maturity_map(
    patents: PatentSet, *, unit: Unit | None = None, basis: str = "application_date"
) -> pd.DataFrame:
    """Units against owners by year, as on a maturity map.

    Many owners entering with few patents each: inception; both rising: growth; owners leaving:
    consolidation.

    Parameters
    ----------
    patents
        The set.
    unit
        Counted unit; the configured one when omitted.
    basis
        Date column of ``publications``.

    Returns
    -------
    pandas.DataFrame
        ``year, units, owners, granted_share`` (of the units, NA where no grant is known in the
        set), ``complete``: years that are not are still filling, their fall is no consolidation.

    References
    ----------
    European Patent Office, assessing the life cycle of technologies with patent data.
    """
    years = unit_years(patents, basis, unit)
    holders = owners(patents, which="all")
    units = unit_ids(patents, unit)
    frame = pd.DataFrame(
        {
            "owner": holders["owner"],
            "year": holders["publication_id"].map(units).map(years),
        }
    ).dropna()
    known = years.dropna()
    granted = grant_dates(patents).notna().groupby(units).any()
    share = granted.reindex(known.index).astype(float).groupby(known).mean()
    result = pd.DataFrame(
        {
            "units": known.value_counts(),
            "owners": frame.groupby("year")["owner"].nunique(),
            "granted_share": share if granted.any() else share * np.nan,
        }
    ).sort_index()
    result["owners"] = result["owners"].fillna(0)
    result = result.rename_axis("year").reset_index()
    result = result.astype({"year": "int64", "units": "int64", "owners": "int64"})
    result["complete"] = complete_years(patents, result["year"], basis)
    result.attrs = {"unit": unit or get_config().unit, "basis": basis}
    return result
