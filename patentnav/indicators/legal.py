"""Time and law: how long the grant took, how long the right has lived and may live, its deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.counting import unit_ids
from patentnav.facts import DEAD, cutoff_date, end_dates, expiry_dates, grant_dates
from patentnav.indicators.registry import indicator, measured
from patentnav.indicators.scope import OECD

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_DEALS = ("transfer", "licence", "pledge")
_STATUS = "publications.legal_status"
_DAYS = 365.2425


@indicator(
    unit="days",
    better="lower",
    needs=("publications.application_date", "publications.grant_date | publications.granted"),
    source=OECD,
    known_at="grant",
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


@indicator(
    unit="years",
    better="higher",
    needs=(_STATUS, "publications.application_date"),
    source=OECD,
    known_at="later",
)
def renewal(patents: PatentSet) -> pd.Series:
    """Years from filing for which a granted right has been kept in force.

    To the end of the right, or to the last day the set knows of (:func:`cutoff_date`) where it is
    still in force: there it is a lower bound.

    Returns
    -------
    pandas.Series
        float64; NA for applications without a grant and where the end is not dated.

    Notes
    -----
    Old rights had more time: compare within a filing year, or compare ended rights only.
    """
    publications = patents.publications
    status = publications["legal_status"]
    cutoff = cutoff_date(patents)
    end = end_dates(patents).mask(status == "in_force", cutoff)
    years = (end - publications["application_date"]).dt.days / _DAYS
    never = grant_dates(patents).isna() & (status != "in_force")
    values = years.clip(lower=0).rename("renewal")
    return measured(
        values,
        {
            "no filing date": publications["application_date"].isna(),
            "no grant known": never,
            "end of the right not dated": end.isna(),
        },
    )


@indicator(
    unit="years",
    better="higher",
    needs=(_STATUS,),
    source="TRIPS Art. 33; Chinese Patent Law Art. 42",
    known_at="later",
)
def remaining_life(patents: PatentSet) -> pd.Series:
    """Years until the longest term ends, from the last day the set knows of; 0 for dead rights.

    Returns
    -------
    pandas.Series
        float64; NA where status, type or dates do not tell.

    Notes
    -----
    The longest term, not the expected one: most rights are given up earlier.
    """
    publications = patents.publications
    status = publications["legal_status"]
    expiry = expiry_dates(patents)
    now = pd.Series(cutoff_date(patents), index=expiry.index, dtype="datetime64[us]")
    years = ((expiry - now).dt.days / _DAYS).clip(lower=0)
    dead = status.isin(DEAD)
    unknown = ~dead & ~status.isin(["in_force", "pending"])
    values = years.mask(dead, 0.0).rename("remaining_life")
    return measured(values, {"legal status unknown": unknown, "end of term unknown": values.isna()})


@indicator(
    unit="events",
    better="higher",
    needs=("legal_events",),
    source="our own count",
    known_at="later",
)
def transactions(patents: PatentSet) -> pd.Series:
    """Number of recorded transfers, licences and pledges of the application.

    Returns
    -------
    pandas.Series
        Int64; NA where the source lists no such event of any publication.

    Notes
    -----
    Recording is voluntary for licences; transfers inside a group are counted too.
    """
    publications = patents.publications
    events = patents.legal_events
    deals = events[events["category"].isin(_DEALS)]
    own = deals.groupby("publication_id").size().reindex(publications.index, fill_value=0)
    source_lists_deals = (own > 0).groupby(publications["source_file"].fillna("")).transform("any")
    # The same record may stand with both documents of an application.
    counts = own.groupby(unit_ids(patents, "application")).transform("max")
    return measured(
        counts.rename("transactions"),
        {"its source lists no such events": ~source_lists_deals & (counts == 0)},
    )
