"""In what state: which rights are dead, when they were granted, ended or will expire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources
from patentnav._memo import shared
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

DEAD = ("lapsed", "expired", "refused", "withdrawn", "revoked", "ceased")
LIVING = ("in_force", "pending")
GRANTED = (
    "in_force",
    "expired",
)  # states that only a granted right can be in, whatever document is held
_ENDING = ("lapse", "expiry", "invalidation", "withdrawal", "refusal")
_DATES = ("publication_date", "application_date", "grant_date")


@shared
def cutoff_date(patents: PatentSet) -> pd.Timestamp | None:
    """Last day the set knows of: the latest of its publication, grant and event dates."""
    dates = [patents.publications[column].max() for column in _DATES]
    if patents.has("legal_events"):
        dates.append(patents.legal_events["date"].max())
    known = [d for d in dates if pd.notna(d)]
    return max(known) if known else None


def moment(patents: PatentSet, as_of: Any = None) -> pd.Timestamp:
    """The day from which is counted: the given one, else the last that the set knows of.

    Parameters
    ----------
    patents
        The set.
    as_of
        A day, or None.

    Returns
    -------
    pandas.Timestamp
        Without a time of day.

    Raises
    ------
    ArgumentError
        It is no day, or the set has no date at all.
    """
    try:
        last: Any = cutoff_date(patents) if as_of is None else as_of
        day: Any = pd.Timestamp(last)
    except (ValueError, TypeError) as error:
        msg = f'as_of="{as_of}" is no day. Write it as 2026-03-01.'
        raise ArgumentError(msg) from error
    if pd.isna(day):
        msg = "The set says no day on which it was made. Give one: as_of="
        raise ArgumentError(msg)
    found: pd.Timestamp = day.tz_localize(None).normalize()
    return found


def alive(patents: PatentSet) -> pd.Series:
    """Whether the right (or application) of a publication lives: in force or pending.

    Returns
    -------
    pandas.Series
        boolean, indexed by ``publication_id``; False where its end is known, NA where the source
        does not say. An international application that has run its course is not dead: what came
        of it lives in the national phases.
    """
    status = patents.publications["legal_status"]
    known = status.isin(DEAD) | status.isin(LIVING)
    return status.isin(LIVING).astype("boolean").where(known).rename("alive")


@shared
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
    first: pd.Series = own.groupby(unit_ids(patents, "application")).transform("min")
    return first


@shared
def end_dates(patents: PatentSet) -> pd.Series:
    """Day on which the right (or the application) of every dead publication ended, if known.

    The last ending event of the application, else the expected expiry where the status is
    ``expired``.

    Returns
    -------
    pandas.Series
        Dates, indexed by ``publication_id``; missing for living rights and undated ends.
    """
    publications = patents.publications
    units = unit_ids(patents, "application")
    ended = pd.Series(pd.NaT, index=publications.index, dtype="datetime64[us]")
    if patents.has("legal_events"):
        events = patents.legal_events
        ending = events[events["category"].isin(_ENDING)]
        last = ending.groupby("publication_id")["date"].max().reindex(publications.index)
        ended = last.groupby(units).transform("max").astype("datetime64[us]")
    expired = publications["expiry_date"].where(publications["legal_status"] == "expired")
    return ended.fillna(expired).where(publications["legal_status"].isin(DEAD))


@shared
def expiry_dates(patents: PatentSet) -> pd.Series:
    """Last day of the longest term: as exported, else filing date plus the statutory term."""
    publications = patents.publications
    terms = _resources.load_toml("law", "terms")
    filed = publications["application_date"]
    kind, office = publications["patent_type"], publications["authority"]
    years = pd.Series(float("nan"), index=publications.index)
    for name, by_office in terms.items():
        if name == "changes":
            continue
        own = office.map(by_office).astype(float).fillna(by_office.get("*", float("nan")))
        years = years.mask(kind == name, own)
    for change in terms.get("changes", ()):
        before = filed < pd.Timestamp(change["filed_before"])
        same = (kind == change["type"]) & (office == change["authority"]) & before
        years = years.mask(same, change["years"])
    computed = pd.Series(pd.NaT, index=publications.index, dtype="datetime64[us]")
    for term in sorted(years.dropna().unique()):
        here = years == term
        computed = computed.mask(here, filed + pd.DateOffset(years=int(term)))
    return publications["expiry_date"].fillna(computed)


def untimely(patents: PatentSet) -> pd.Series:
    """Which publications are said to have expired though their longest term is not over.

    Returns
    -------
    pandas.Series
        bool, indexed by ``publication_id``: the state says that the term ended, and the filing date
        with the statutory term (or the stated day) lies behind the last day the set knows of.
    """
    last = cutoff_date(patents)
    said = (patents.publications["legal_status"] == "expired").fillna(False).astype(bool)
    if last is None or not said.any():
        return said & False
    found: pd.Series = said & (expiry_dates(patents) > last).fillna(False)
    return found
