"""Where a technology stands in its life: the four coefficients of Chinese practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.counting import unit_ids
from patentnav.errors import MissingColumnError
from patentnav.indicators.trend import unit_frame, unit_years

if TYPE_CHECKING:
    from patentnav.counting import Counting, Unit
    from patentnav.patentset import PatentSet

_TYPES = {"invention": "inventions", "utility_model": "utility_models", "design": "designs"}
TRAILING_YEARS = 5


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
        growth_rate, maturity, ageing, novelty``. A coefficient is NA where its denominator is
        zero; ``growth_rate`` and ``novelty`` also in the first four years, whose trailing five
        the set does not hold. ``attrs["untyped"]``: units left out for want of a patent type.

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
    if by is None:
        result = result.drop(columns="group")
    result.attrs = {
        "unit": unit or get_config().unit, "counting": counting, "basis": basis,
        "untyped": untyped, "trailing_years": TRAILING_YEARS,
    }  # fmt: skip
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
        growth_rate=v, maturity=alpha, ageing=_ratio(a + b, a + b + c),
        novelty=np.sqrt(v**2 + alpha**2),
    )  # fmt: skip


def _ratio(part: pd.Series, whole: pd.Series | np.ndarray) -> np.ndarray:
    top, bottom = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    ratio: np.ndarray = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return ratio
