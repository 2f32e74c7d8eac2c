"""When: the years that are complete, and the delay of publication that leaves others unfinished."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

# Applications are published 18 months after filing (EPC Art. 93, Chinese Patent Law Art. 34).
PUBLICATION_MONTHS = 18
FILING_DATES = ("application_date", "earliest_priority_date")
_MOST = 0.9  # part of the grants that a year must have to be called complete


def incomplete_from(
    patents: PatentSet,
    basis: str = "application_date",
    *,
    cutoff: pd.Timestamp | None = None,
    months: int = PUBLICATION_MONTHS,
) -> int | None:
    """First year of a filing date whose counts may still grow.

    Applications are published 18 months after filing, so the years from 18 months before the last
    publication of the set onwards are incomplete. A set of grants alone waits longer: nine tenths
    of its own delays are taken instead where they are.

    Parameters
    ----------
    patents
        The set.
    basis
        Date column of ``publications``.
    cutoff
        Until when publications were searched; the last publication date of the set when omitted.
    months
        Delay of publication.

    Returns
    -------
    int or None
        None where the basis is not a filing date or no publication date is known.
    """
    publications = patents.publications
    last = publications["publication_date"].max() if cutoff is None else cutoff
    if basis not in FILING_DATES or pd.isna(last):
        return None
    opened = last - pd.DateOffset(months=months)
    if publications["granted"].astype("boolean").fillna(False).all():
        waited = publications["publication_date"] - publications[basis]
        delay = cast("pd.Timedelta", waited.quantile(_MOST))
        if pd.notna(delay):
            opened = min(opened, last - delay)
    return int(opened.year)


def complete_years(patents: PatentSet, years: pd.Series, basis: str) -> pd.Series:
    """Whether years hold all that will be counted in them.

    Other dates than those of filing are known when they happen, so that every year is complete.

    Parameters
    ----------
    patents
        The set.
    years
        Years.
    basis
        Date column of ``publications`` to which the years belong.

    Returns
    -------
    pandas.Series
        boolean, in the order of ``years``; NA where no publication date tells.
    """
    if basis not in FILING_DATES:
        return pd.Series(True, index=years.index, dtype="boolean")
    late = incomplete_from(patents, basis)
    if late is None:
        return pd.Series(pd.NA, index=years.index, dtype="boolean")
    return (years < late).astype("boolean")
