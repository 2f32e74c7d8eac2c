"""Periods of actual values as points on the line of years."""

from __future__ import annotations

import pandas as pd


def last_day(period: str) -> pd.Timestamp:
    """Last day of a period.

    Parameters
    ----------
    period
        ``2020``, ``2020Q3``, ``2020-06`` or ``2020-06-30``.

    Returns
    -------
    pandas.Timestamp

    Examples
    --------
    >>> str(last_day("2020Q3").date())
    '2020-09-30'
    """
    year = int(period[:4])
    if "Q" in period:
        return pd.Timestamp(year, 3 * int(period[-1]), 1) + pd.offsets.MonthEnd(0)
    parts = period.split("-")
    if len(parts) == 1:
        return pd.Timestamp(year, 12, 31)
    if len(parts) == 2:
        return pd.Timestamp(year, int(parts[1]), 1) + pd.offsets.MonthEnd(0)
    return pd.Timestamp(period)


def months(period: str) -> int:
    """Months of its year that a period has behind it; 12 for a whole year."""
    return last_day(period).month


def position(period: str) -> float:
    """Place on the line of years: the end of 2020 is 2020, the end of its June 2019.5."""
    return int(period[:4]) - 1 + months(period) / 12
