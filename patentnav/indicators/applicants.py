"""Who filed: kinds of applicants, and how much else they filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import shared
from patentnav.clean.party_types import party_types
from patentnav.counting import unit_ids
from patentnav.facts import holders, party_ids
from patentnav.indicators.registry import indicator, measured

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

_FILED = {"applicant": 0, "original_assignee": 1, "current_owner": 2}


@shared
def filers(patents: PatentSet) -> pd.DataFrame:
    """Those who filed, with their type: applicants, else original assignees, else current owners.

    Today's owner comes last, on purpose: who bought a right is known after the filing.

    Returns
    -------
    pandas.DataFrame
        Rows of ``parties`` with ``type`` filled from the name where it is not resolved.
    """
    rank = patents.parties["role"].map(_FILED)
    parties = patents.parties[rank.notna()]
    rank = rank[rank.notna()]
    best = rank.groupby(parties["publication_id"]).transform("min")
    filed = parties[rank == best].sort_values(["publication_id", "position"], kind="stable")
    known = filed["party_type"].astype("str")
    open_ = known.isna()
    if open_.any():
        names = filed["name"].fillna(filed["name_raw"])
        known = known.mask(open_, party_types(names[open_]).reindex(filed.index))
    return filed.assign(type=known)


def _any_of(patents: PatentSet, types: set[str], name: str) -> pd.Series:
    """Whether any filer is of these types; NA where none is, and the type of one is not known."""
    index = patents.publications.index
    filed = filers(patents)
    hit = filed["type"].isin(types)
    by = filed["publication_id"]
    any_hit = hit.groupby(by).any().reindex(index)
    all_known = filed["type"].notna().groupby(by).all().reindex(index)
    values = any_hit.astype("boolean").rename(name)
    return measured(
        values,
        {
            "no applicant named": any_hit.isna(),
            "kind of an applicant not known": ~all_known.fillna(True).astype(bool)
            & ~any_hit.fillna(False).astype(bool),
        },
    )


@indicator(
    unit="yes or no",
    better="neither",
    needs=("parties",),
    source="Trajtenberg, Henderson & Jaffe 1997, doi:10.1080/10438599700000006",
    known_at="filing",
)
def university_applicant(patents: PatentSet) -> pd.Series:
    """Whether a university is among those who filed.

    Returns
    -------
    pandas.Series
        boolean, indexed by ``publication_id``; NA where no applicant is named, or the kind of one
        is not known and none is a university.

    Notes
    -----
    Cited more, kept less: a card has to say which of the two it asks for.
    """
    return _any_of(patents, {"university"}, "university_applicant")


@indicator(
    unit="yes or no", better="higher", needs=("parties",), source="our own", known_at="filing"
)
def organisation_applicant(patents: PatentSet) -> pd.Series:
    """Whether an organisation, not only people, filed.

    Returns
    -------
    pandas.Series
        boolean, indexed by ``publication_id``; NA where no applicant is named, or the kind of one
        is not known and none is an organisation.
    """
    filed = filers(patents)
    kinds = set(filed["type"].dropna()) - {"individual"}
    return _any_of(patents, kinds, "organisation_applicant")


@indicator(
    unit="applications or families",
    better="higher",
    needs=("parties",),
    source="our own count",
    known_at="later",
)
def owner_filings(patents: PatentSet, *, unit: Unit | None = None) -> pd.Series:
    """Units in the set of the first owner of a publication, its own included.

    Parameters
    ----------
    patents
        The set.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where no owner is named.

    Notes
    -----
    Counted over all years of the set, so it is no forecast. It says how much the owner files in
    what the set was searched for, not how large the owner is.
    """
    index = patents.publications.index
    first = holders(patents).drop_duplicates("publication_id")
    owner = pd.Series(party_ids(first).to_numpy(), index=first["publication_id"]).reindex(index)
    units = unit_ids(patents, unit)
    pairs = pd.DataFrame({"owner": owner.to_numpy(), "unit": units.to_numpy()}).dropna()
    size = pairs.drop_duplicates().groupby("owner")["unit"].size()
    values = owner.map(size).astype("Int64").rename("owner_filings")
    return measured(values, {"no owner named": values.isna()})


@indicator(
    unit="yes or no",
    better="higher",
    needs=("publications.patent_type",),
    source="our own",
    known_at="filing",
)
def invention_patent(patents: PatentSet) -> pd.Series:
    """Whether the publication is of an invention, not of a utility model or design.

    Returns
    -------
    pandas.Series
        boolean, indexed by ``publication_id``; NA where the type is not known.
    """
    kind = patents.publications["patent_type"]
    values = (kind == "invention").astype("boolean").rename("invention_patent")
    return measured(values, {"type not in the source": np.asarray(kind.isna())})
