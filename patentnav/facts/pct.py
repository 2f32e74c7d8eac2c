"""PCT applications: what tells of one, entries into the national phase, and where owners come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import shared
from patentnav._strings import among
from patentnav.clean import chinese
from patentnav.clean.party_links import brand_home
from patentnav.counting import unit_ids
from patentnav.facts.families import family_members
from patentnav.facts.owners import owners
from patentnav.facts.places import countries

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts.owners import OwnerLevel
    from patentnav.patentset import PatentSet

# CN2018 8 … and CN98 8 …: type digit 8 (invention) or 9 (utility model) of an entry into China.
_NATIONAL_PHASE = r"^CN(?:(?:19|20)\d{2}[89]\d{7}|\d{2}[89]\d{5})$"
_RECEIVING_OFFICE = r"^PCT/?([A-Z]{2})"
_MOSTLY = 0.5  # of a group's filings with a Chinese place, from which its other firms are Chinese
_ENTERED = 3  # filings from which entries from PCT applications tell of an owner
_KIND = r"[A-Z]\d?$"


@shared
def pct_evidence(patents: PatentSet, unit: Unit | None = None) -> pd.DataFrame:
    """What the set tells of a PCT application behind every publication.

    A unit has one when any of its publications carries a PCT number, is itself a WO document, has a
    WO family member, or is an entry into the national phase (by its date, or by the type digit 8
    or 9 of its Chinese application number), whoever owns it and wherever it was filed;
    :func:`foreign_origin` tells those that came in from elsewhere. An application number of another
    type is no entry, but a later PCT application may claim its priority: without other evidence
    nothing is told of it.

    Parameters
    ----------
    patents
        The set.
    unit
        Unit whose publications share their evidence; the configured one when None.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``: ``pct`` (boolean; NA where nothing is told), ``pct_key``
        (one spelling of the PCT application, to count each once; NA where none or where its number
        is not told, as in entries known by their type digit alone) and ``reason``
        (why NA: ``untold``; empty otherwise).
    """
    units = unit_ids(patents, unit)
    key = _keys(patents).groupby(units).transform("first")
    told = _told(patents, key).groupby(units).transform("any")
    entry = national_phase(patents).groupby(units).transform("any")
    has = key.notna() | entry
    untold = ~told & ~has
    reason = np.where(untold, "untold", "")
    return pd.DataFrame(
        {"pct": has.astype("boolean").mask(untold), "pct_key": key, "reason": reason}
    )


def _keys(patents: PatentSet) -> pd.Series:
    """WO number without kind, else PCT number, of every publication."""
    publications = patents.publications
    own = pd.Series(publications.index, index=publications.index).where(
        publications["authority"] == "WO"
    )
    key = publications["pct_publication_id"].fillna(own)
    if patents.has("families"):
        members = family_members(patents)
        wo = members[members["authority"] == "WO"].sort_values("member_id")
        first = wo.drop_duplicates("publication_id").set_index("publication_id")["member_id"]
        key = key.fillna(first.reindex(publications.index))
    key = key.str.replace(_KIND, "", regex=True)
    return key.fillna(publications["pct_application_id"])


def _told(patents: PatentSet, key: pd.Series) -> pd.Series:
    """Publications whose source has PCT numbers at all, or whose family is listed."""
    publications = patents.publications
    stated = publications["pct_publication_id"].notna() | publications["pct_application_id"].notna()
    told = stated.groupby(publications["source_file"].fillna("")).transform("any")
    if patents.has("families"):
        listed = among(publications.index, family_members(patents)["publication_id"])
        told = told | listed
    return told | key.notna()


def national_phase(patents: PatentSet) -> pd.Series:
    """Whether a publication is of an application that entered the national phase from a PCT one.

    Returns
    -------
    pandas.Series
        bool, indexed by ``publication_id``: its date of entry is told, or its Chinese application
        number has the type digit 8 (invention) or 9 (utility model), as the office gives them (ZC
        0006-2003).
    """
    publications = patents.publications
    digit = publications["application_id"].str.match(_NATIONAL_PHASE).fillna(False).astype(bool)
    return digit | publications["national_entry_date"].notna()


def _seats(parties: pd.DataFrame) -> pd.Series:
    """China, where the first applicant has a Chinese province or city, be it from its name."""
    first = parties[parties["role"] == "applicant"].sort_values(["publication_id", "position"])
    first = first.drop_duplicates("publication_id").set_index("publication_id")
    seats = countries(first)
    return seats.fillna(_seats_of_groups(first, seats))


def _seats_of_groups(first: pd.DataFrame, seats: pd.Series) -> pd.Series:
    """China for Chinese names of a group most of whose filings are told to be from there.

    A firm whose name says no place is where its sisters are; the daughters of a foreign firm in China
    are few beside it.
    """
    group = first["group_id"]
    name = first["name"].fillna(first["name_raw"])
    local = name.map(
        lambda n: bool(chinese.has_cjk(n) and not chinese.abroad(n)), na_action="ignore"
    )
    told = (seats == "CN").fillna(False).astype(bool).groupby(group).mean()
    home = (group.map(told) >= _MOSTLY).fillna(False) & local.fillna(False).astype(bool)
    return pd.Series("CN", index=first.index, dtype="str").where(home.astype(bool))


@shared
def foreign_origin(patents: PatentSet, home: str = "CN") -> pd.Series:
    """Whether an application came from elsewhere: by owner, receiving office, first priority.

    Where none of these is told, a Chinese province or city of the first applicant tells China, or that
    of most filings of its group.

    Parameters
    ----------
    patents
        The set.
    home
        Office code of the owners' country.

    Returns
    -------
    pandas.Series
        boolean, indexed by ``publication_id``; NA where nothing is told.
    """
    publications = patents.publications
    origin = pd.Series(None, index=publications.index, dtype="str")
    if patents.has("parties"):
        parties = patents.parties
        applicants = parties[parties["role"].isin(["applicant", "current_owner"])]
        located = applicants.dropna(subset="country").sort_values(["publication_id", "position"])
        country = located.drop_duplicates("publication_id").set_index("publication_id")["country"]
        origin = origin.fillna(country.reindex(publications.index))
    receiving = publications["pct_application_id"].str.extract(_RECEIVING_OFFICE, expand=False)
    origin = origin.fillna(receiving.mask(receiving == "IB").astype("str"))
    if patents.has("priorities"):
        first = patents.priorities.dropna(subset="authority").sort_values(
            ["publication_id", "date", "priority_number"]
        )
        first = first[first["authority"] != "WO"].drop_duplicates("publication_id")
        by_id = first.set_index("publication_id")["authority"]
        origin = origin.fillna(by_id.reindex(publications.index))
    if patents.has("parties"):
        origin = origin.fillna(_seats(patents.parties).reindex(publications.index))
    return (origin != home).astype("boolean").mask(origin.isna())


@shared
def foreign_owners(patents: PatentSet, owner: OwnerLevel = "group", home: str = "CN") -> pd.Series:
    """Whether owners are from elsewhere: by their filings, their brand, their entries from PCT.

    An owner is foreign whose filings are told to be so more often than not
    (:func:`foreign_origin`); at home, half of whose filings are told to be. Of the others, whose
    brand is known to be foreign (table of brands), and who entered the national phase with more than
    half of three filings or more, none of which is told to be from home.

    Parameters
    ----------
    patents
        A set with parties.
    owner
        ``party`` or ``group``.
    home
        Office code of the country.

    Returns
    -------
    pandas.Series
        boolean, by owner; NA where nothing is told.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    """
    held = owners(patents, owner)
    by = held["owner"]
    told = foreign_origin(patents, home).reindex(held["publication_id"]).array
    entered = national_phase(patents).reindex(held["publication_id"]).to_numpy(dtype=bool)
    rows = pd.DataFrame(
        {
            "away": pd.array(told, dtype="boolean").fillna(False),
            "here": pd.array(~told, dtype="boolean").fillna(False),
            "entered": entered,
        }
    ).astype("int64")
    sums = rows.groupby(by.to_numpy()).sum()
    size = by.value_counts().reindex(sums.index)
    brand = held.drop_duplicates("owner").set_index("owner")["name"].reindex(sums.index)
    seat = brand.map(lambda name: brand_home(str(name)), na_action="ignore").fillna("")
    found = pd.Series(pd.NA, index=sums.index, dtype="boolean")
    found = found.mask((sums["here"] > 0) & (sums["here"] >= sums["away"]), False)
    usual = (2 * sums["entered"] > size) & (size >= _ENTERED) & (sums["here"] == 0)
    found = found.mask(usual | seat.ne("") & seat.ne(home), True)
    found = found.mask((sums["here"] > 0) & (2 * sums["here"] >= size), False)
    return found.mask(sums["away"] > sums["here"], True).rename_axis("owner")
