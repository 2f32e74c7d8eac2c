"""Who owns: one rule for the owner of a publication, at the level of the legal entity or group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from patentnav.counting import most_frequent
from patentnav.errors import ArgumentError, MissingTableError

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

OwnerLevel = Literal["party", "group"]
OwnerChoice = Literal["first", "all"]

__all__ = ["OwnerChoice", "OwnerLevel", "check_owner_level", "holders", "owners", "party_ids"]


def owners(
    patents: PatentSet,
    owner: OwnerLevel = "party",
    *,
    which: OwnerChoice = "first",
    individuals: bool = True,
) -> pd.DataFrame:
    """Owner of every publication, as a membership table for ``by=``.

    The current owner where the source states one, else the applicant. An owner is its
    ``party_id`` (``group_id`` where ``owner="group"``) once parties are resolved, else its
    normalised name, else the name as written.

    Parameters
    ----------
    patents
        The set.
    owner
        ``party`` (legal entity) or ``group`` (firms of one group together).
    which
        ``first`` (the first named) or ``all`` (co-owners share the publication equally).
    individuals
        Whether people who own their own filings count as owners.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, owner, weight, name``: ``owner`` is the id, ``name`` its most frequent
        name. Publications without a party are left out.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    ArgumentError
        ``owner`` or ``which`` has another value.
    """
    if which not in {"first", "all"}:
        msg = f'which="{which}" is not one of first, all.'
        raise ArgumentError(msg)
    named = holders(patents)
    named = named.assign(name=named["name"].fillna(named["name_raw"]))
    named = named.assign(owner=party_ids(named, owner))
    if not individuals:
        named = named[(named["party_type"] != "individual").fillna(True)]
    if which == "first":
        named = named.drop_duplicates("publication_id")
    named = named.drop_duplicates(["publication_id", "owner"])
    size = named.groupby("publication_id")["owner"].transform("size")
    labels = most_frequent(named, "owner", "name")
    return pd.DataFrame(
        {
            "publication_id": named["publication_id"],
            "owner": named["owner"],
            "weight": 1.0 / size,
            "name": named["owner"].map(labels),
        }
    ).reset_index(drop=True)


def holders(patents: PatentSet) -> pd.DataFrame:
    """Parties that own: the current owners where the source states any, else the applicants.

    Returns
    -------
    pandas.DataFrame
        Rows of ``parties``, in order of publication and position.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    """
    if not patents.has("parties"):
        msg = "Owners need the table parties, which this set does not carry. Export applicants."
        raise MissingTableError(msg)
    parties = patents.parties
    rank = parties["role"].map({"current_owner": 0, "applicant": 1, "original_assignee": 2})
    named = parties.assign(rank=rank).dropna(subset="rank")
    best = named.groupby("publication_id")["rank"].transform("min")
    return named[named["rank"] == best].sort_values(["publication_id", "position"], kind="stable")


def check_owner_level(owner: str) -> None:
    """Refuse what is no level of owners.

    Raises
    ------
    ArgumentError
        It is neither ``party`` nor ``group``.
    """
    if owner not in {"party", "group"}:
        msg = f'owner level "{owner}" is not one of party, group.'
        raise ArgumentError(msg)


def party_ids(parties: pd.DataFrame, owner: OwnerLevel = "party") -> pd.Series:
    """Id of every row of ``parties``: its party or group once resolved, else its name.

    Parameters
    ----------
    parties
        Rows of the table ``parties``.
    owner
        ``party`` (legal entity) or ``group`` (firms of one group together).

    Returns
    -------
    pandas.Series
        In the order of the rows; NA where not even a name is known.

    Raises
    ------
    ArgumentError
        ``owner`` has another value.
    """
    check_owner_level(owner)
    name = parties["name"].fillna(parties["name_raw"])
    ids: pd.Series = parties["party_id"].fillna(name)
    return parties["group_id"].fillna(ids) if owner == "group" else ids
