"""How many, when, of whom: activity over the years, growth and shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.counting import unit_frame, unit_years
from patentnav.errors import ArgumentError
from patentnav.facts import complete_years

if TYPE_CHECKING:
    from patentnav.counting import Counting, Unit
    from patentnav.patentset import PatentSet


def activity(
    patents: PatentSet,
    by: str | pd.DataFrame | None = None,
    unit: Unit | None = None,
    *,
    counting: Counting = "fractional",
    basis: str = "application_date",
) -> pd.DataFrame:
    """Count units per year, and per group where one is named.

    A unit counts in the year of the earliest date among its publications. Years without any are
    listed with 0; units without a date are left out and their number is stated.

    Parameters
    ----------
    patents
        The set.
    by
        Column of ``publications`` or membership table ``publication_id, <group>, weight``.
    unit
        ``publication``, ``application`` or ``family``; the configured one when omitted.
    counting
        ``fractional`` (the groups of a unit share it) or ``whole`` (each counts one).
    basis
        Date column of ``publications``.

    Returns
    -------
    pandas.DataFrame
        ``group, year, count, complete`` (``group`` absent when ``by`` is None). ``complete`` is
        False in years that may still grow because applications filed then may not be published
        yet (:func:`patentnav.facts.incomplete_from`), and NA where that cannot be told. Annotated in ``attrs``:
        ``unit, counting, basis``, ``undated`` (units left out).

    Raises
    ------
    MissingColumnError
        No publication has that date, or the column ``by`` does not exist.

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> patents = pnav.PatentSet.from_tables({"publications": pd.DataFrame(
    ...     {"application_date": ["2019-03-01", "2021-05-01"]}, index=["CN1A", "CN2A"])})
    >>> activity(patents)["count"].tolist()
    [1.0, 0.0, 1.0]
    """
    years = unit_years(patents, basis, unit)
    known = years.dropna()
    span = range(int(known.min()), int(known.max()) + 1) if len(known) else range(0)
    if by is None:
        counts = known.value_counts().reindex(span, fill_value=0).astype("float64")
        result = counts.rename_axis("year").rename("count").reset_index()
    else:
        frame = unit_frame(patents, by, unit=unit, counting=counting)
        frame = frame.assign(year=frame["unit_id"].map(years)).dropna(subset="year")
        table = (
            frame.groupby(["group", "year"], observed=True)["weight"].sum().unstack(fill_value=0)
        )
        table = table.reindex(columns=span, fill_value=0.0).sort_index()
        result = table.rename_axis(index="group", columns="year").melt(
            ignore_index=False, value_name="count"
        )
        result = result.reset_index().sort_values(["group", "year"], ignore_index=True)
    result["year"] = result["year"].astype("int64")
    result["complete"] = complete_years(patents, result["year"], basis)
    result.attrs = {
        "unit": unit or get_config().unit,
        "counting": counting,
        "basis": basis,
        "undated": int(years.isna().sum()),
    }
    return result


def _groups(counts: pd.DataFrame) -> list[str]:
    return [c for c in counts.columns if c not in {"year", "count", "complete", "share", "growth"}]


def growth(activity: pd.DataFrame, span: int = 1) -> pd.DataFrame:
    """Yearly growth of counts.

    ``(count_t / count_{t-span})^(1/span) - 1``, the compound rate over ``span`` years.

    Parameters
    ----------
    activity
        What :func:`activity` returned.
    span
        Years compared.

    Returns
    -------
    pandas.DataFrame
        The input with a column ``growth`` (0.1 is +10 %); NA in the first ``span`` years and where
        the earlier count is zero.

    Raises
    ------
    ArgumentError
        ``span`` is not positive.

    Examples
    --------
    >>> import pandas as pd
    >>> growth(pd.DataFrame({"year": [2018, 2019, 2020], "count": [10, 20, 15]}))["growth"].tolist()
    [nan, 1.0, -0.25]
    """
    if span < 1:
        msg = f"span={span} is not a positive number of years."
        raise ArgumentError(msg)
    keys = _groups(activity)
    earlier = activity[[*keys, "year", "count"]].assign(year=activity["year"] + span)
    merged = activity.merge(earlier, on=[*keys, "year"], how="left", suffixes=("", "_before"))
    before = merged["count_before"].astype("float64").to_numpy()
    now = merged["count"].astype("float64").to_numpy()
    ratio = np.divide(now, before, out=np.full(len(now), np.nan), where=before > 0)
    result = activity.assign(growth=ratio ** (1 / span) - 1)
    result.attrs = {**activity.attrs, "span": span}
    return result


def share(activity: pd.DataFrame) -> pd.DataFrame:
    """Share of each group in the total of its year.

    Parameters
    ----------
    activity
        What :func:`activity` returned with ``by``.

    Returns
    -------
    pandas.DataFrame
        The input with a column ``share`` (0 to 1, sums to 1 within a year); NA in a year without
        any.

    Examples
    --------
    >>> import pandas as pd
    >>> share(pd.DataFrame({"group": ["a", "b"], "year": 2020, "count": [3, 1]}))["share"].tolist()
    [0.75, 0.25]
    """
    total = activity.groupby("year")["count"].transform("sum")
    result = activity.assign(share=(activity["count"] / total.where(total > 0)).astype("float64"))
    result.attrs = dict(activity.attrs)
    return result


def growth_index(
    patents: PatentSet,
    by: str | pd.DataFrame,
    unit: Unit | None = None,
    *,
    until: int,
    basis: str = "application_date",
    window: int = 5,
    counting: Counting = "fractional",
) -> pd.DataFrame:
    """Weight of groups in the last years against their weight in the years before.

    Parameters
    ----------
    patents
        The set.
    by
        The groups: column of ``publications`` or membership table.
    unit, counting, basis
        As in :func:`activity`.
    until
        Last year that counts, the last complete one.
    window
        Years of either period.

    Returns
    -------
    pandas.DataFrame
        ``group, count`` (of all years), ``recent_count, before_count, recent_share, before_share``
        (0 to 1, of all groups in the period; NA where the period is empty), ``growth_index``
        (recent share / share before; NA where the group had nothing before), largest index first.
        A ratio of small counts is noise: see :func:`emergence` for a test.

    Raises
    ------
    ArgumentError
        ``window`` is not positive.

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> patents = pnav.PatentSet.from_tables({"publications": pd.DataFrame(
    ...     {"field": list("aabbb"), "application_date": ["2019", "2019", "2019", "2020", "2020"]},
    ...     index=["CN1A", "CN2A", "CN3A", "CN4A", "CN5A"])})
    >>> growth_index(patents, "field", until=2020, window=1)["growth_index"].round(2).tolist()
    [3.0, 0.0]
    """
    if window < 1:
        msg = f"window={window} is not a positive number of years."
        raise ArgumentError(msg)
    yearly = activity(patents, by, unit, counting=counting, basis=basis)
    total = unit_frame(patents, by, unit=unit, counting=counting)
    counts = total.groupby("group", sort=True, observed=True)["weight"].sum()
    frame = pd.DataFrame({"count": counts})
    last = {"recent": until, "before": until - window}
    for name, end in last.items():
        inside = yearly["year"].between(end - window + 1, end)
        part = yearly[inside].groupby("group", observed=True)["count"].sum()
        part = part.reindex(counts.index).fillna(0.0)
        frame[f"{name}_count"] = part
        frame[f"{name}_share"] = part / part.sum() if part.sum() else float("nan")
    frame["growth_index"] = frame["recent_share"] / frame["before_share"].where(
        frame["before_share"] > 0
    )
    frame = frame.rename_axis("group").reset_index()
    return frame.sort_values(["growth_index", "group"], ascending=[False, True], ignore_index=True)
