"""Time and law: how long the grant took, how long the right has lived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.counting import unit_ids
from patentnav.indicators._registry import indicator, measured
from patentnav.indicators.scope import OECD

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.patentset import PatentSet


def grant_dates(patents: PatentSet) -> pd.Series:
    """Grant date of the application of every publication: stated, else that of its grant document.

    Returns
    -------
    pandas.Series
        Dates, indexed by ``publication_id``; missing where no grant is known.
    """
    publications = patents.publications
    document = publications["publication_date"].where(publications["granted"].fillna(False))
    own = publications["grant_date"].fillna(document)
    return own.groupby(unit_ids(patents, "application")).transform("min")


@indicator(
    unit="days",
    better="lower",
    needs=("publications.application_date", "publications.grant_date | publications.granted"),
    source=OECD,
)
def grant_lag(patents: PatentSet) -> pd.Series:
    """Days from filing to grant of the application.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where no grant (or no filing date) is known.

    Notes
    -----
    Only granted applications have one, so a recent year shows its quick grants only: compare
    within a cohort (``grant_lag_index``).
    """
    filed = patents.publications["application_date"]
    granted = grant_dates(patents)
    lag = (granted - filed).dt.days.astype("Int64").rename("grant_lag")
    impossible = (lag < 0).fillna(False)
    return measured(
        lag,
        {
            "no filing date": filed.isna(),
            "no grant known": granted.isna(),
            "grant before filing": impossible,
        },
    )
