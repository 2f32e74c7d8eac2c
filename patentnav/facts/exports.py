"""Exports that end at a limit of their source, as their publication dates show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_MONTHS = 3  # of the means on both sides of a cliff
_STEP = 2.0  # times the mean before
_FEWEST = 60  # publications of the months after a cliff
_ALL_ZERO = (
    20  # publications of a file from which a count that is 0 in all of them is one not exported
)


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


def stated_counts(patents: PatentSet, column: str) -> pd.Series:
    """Counts as the source gives them; NA where a whole file says 0.

    A column that was not filled is exported as zeros by some vendors: a file of 20 publications or
    more in which nothing is ever cited says nothing of citations.

    Parameters
    ----------
    patents
        The set.
    column
        A count of ``publications``, e.g. ``forward_citation_count``.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where nothing is told.
    """
    values = patents.publications[column]
    files = patents.publications["source_file"].fillna("")
    groups = values.groupby(files)
    bare = groups.transform("max").eq(0) & groups.transform("count").ge(_ALL_ZERO)
    return values.mask(bare.fillna(False).astype(bool))
