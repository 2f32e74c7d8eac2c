"""Exports that end at a limit of their source, as their publication dates show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_MONTHS = 3  # of the means on both sides of a cliff
_STEP = 2.0  # times the mean before
_FEWEST = 60  # publications of the months after a cliff


def cliff(patents: PatentSet) -> tuple[pd.Timestamp, float] | None:
    """First day of the month in which the number of publications jumps most.

    The mean of three months from there is at least twice that of the three months before: so looks
    an export that was sorted by date and cut.

    Parameters
    ----------
    patents
        The set.

    Returns
    -------
    tuple or None
        The month and how many times the mean before it is; None where there is no such jump, or
        publication dates are not known.
    """
    dates = patents.publications["publication_date"].dropna()
    if dates.empty:
        return None
    months = dates.dt.to_period("M").value_counts()
    span = pd.period_range(months.index.min(), months.index.max(), freq="M")
    counts = months.reindex(span, fill_value=0).astype("float64")
    mean = counts.rolling(_MONTHS).mean()
    before, after = mean.shift(1), mean.shift(1 - _MONTHS)
    ratio = (after / before).where((before > 0) & (after * _MONTHS >= _FEWEST))
    # A cliff goes up within a month: the month itself is already high.
    ratio = ratio.where(counts >= _STEP * before).dropna()
    if ratio.empty or ratio.max() < _STEP:
        return None
    month = ratio.idxmax()
    return month.to_timestamp(), float(ratio[month])
