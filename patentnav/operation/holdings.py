"""Applications and who holds them now: the ground of all that is done with patents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts
from patentnav._memo import shared
from patentnav._strings import texts
from patentnav.counting import most_frequent, unit_ids

if TYPE_CHECKING:
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

YEAR = 365.2425
ACADEMIC = ("university", "research_institute")


@shared
def applications(patents: PatentSet) -> pd.DataFrame:
    """One row per application.

    Parameters
    ----------
    patents
        The set.

    Returns
    -------
    pandas.DataFrame
        Indexed by application: ``publication_id`` (its grant where there is one, else its first
        publication), ``status`` (of that publication, else of any), ``alive`` (boolean, NA where the
        source does not say), ``filed, granted, ends`` (dates), ``type, authority, title``.
    """
    publications = patents.publications
    alive = facts.alive(patents).astype("boolean")
    frame = pd.DataFrame(
        {
            "application": unit_ids(patents, "application"), "publication_id": publications.index,
            "status": publications["legal_status"], "alive": alive,
            "filed": publications["application_date"], "granted": facts.grant_dates(patents),
            "ends": facts.expiry_dates(patents), "type": publications["patent_type"],
            "authority": publications["authority"], "title": publications["title"],
            "document": publications["granted"].fillna(False).astype(bool),
            "published": publications["publication_date"],
        }
    )  # fmt: skip
    frame = frame.reset_index(drop=True).sort_values(
        ["application", "document", "published", "publication_id"],
        ascending=[True, False, True, True], ignore_index=True,
    )  # fmt: skip
    groups = frame.groupby("application", sort=True)
    one = groups.first()
    return one.assign(filed=groups["filed"].min(), ends=groups["ends"].max()).drop(
        columns=["document", "published"]
    )


@shared
def held(patents: PatentSet, owner: OwnerLevel = "group") -> pd.DataFrame:
    """Who holds which application: all co-owners, inventors named beside a firm left out.

    Parameters
    ----------
    patents
        The set.
    owner
        ``party`` or ``group``.

    Returns
    -------
    pandas.DataFrame
        ``application, owner, name, kind`` (most frequent type of the owner, NA where unknown), sorted.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    """
    rows = facts.owners(patents, owner, which="all", inventors=False)
    rows = rows.assign(
        application=unit_ids(patents, "application").reindex(rows["publication_id"]).to_numpy()
    )
    parties = patents.parties
    types = most_frequent(
        parties.assign(owner=facts.party_ids(parties, owner)), "owner", "party_type"
    )
    rows = rows.dropna(subset=["owner", "application"]).assign(kind=rows["owner"].map(types))
    found = rows.drop_duplicates(["application", "owner"])
    columns = ["application", "owner", "name", "kind"]
    return found.sort_values(["application", "owner"], ignore_index=True)[columns]


def events_of(patents: PatentSet) -> pd.DataFrame | None:
    """Legal events with their application; None where the set carries none.

    Parameters
    ----------
    patents
        The set.

    Returns
    -------
    pandas.DataFrame or None
        The table with the column ``application``, oldest first, undated ones first.
    """
    if not patents.has("legal_events"):
        return None
    events = patents.legal_events
    own = unit_ids(patents, "application").reindex(events["publication_id"]).to_numpy()
    order = ["application", "date", "category", "code", "text"]
    return events.assign(application=own).sort_values(order, na_position="first", ignore_index=True)


def owner_places(patents: PatentSet, owner: OwnerLevel, level: str = "city") -> pd.Series:
    """Most frequent place of every owner; NA where none is known.

    Parameters
    ----------
    patents
        The set.
    owner
        ``party`` or ``group``.
    level
        ``country``, ``region``, ``city`` or ``district``.

    Returns
    -------
    pandas.Series
        Indexed by owner.
    """
    rows = facts.holder_places(patents)
    rows = rows.assign(owner=facts.party_ids(rows, owner))
    return most_frequent(rows, "owner", level)


def reasons(*columns: pd.Series) -> pd.Series:
    """Keys of the reasons of every row, joined; empty ones left out.

    Parameters
    ----------
    *columns
        Keys, empty where one does not hold; of one index.

    Returns
    -------
    pandas.Series
    """
    table = pd.concat([c.astype("str") for c in columns], axis=1).fillna("")
    rows = zip(*(texts(table.iloc[:, i]) for i in range(table.shape[1])), strict=True)
    joined = ["; ".join([k for k in row if k]) for row in rows]
    return pd.Series(joined, index=table.index, dtype="str")


def key(mask: pd.Series, name: str) -> pd.Series:
    """A reason where it holds, else an empty text.

    Parameters
    ----------
    mask
        Where it holds; NA means no.
    name
        The reason.

    Returns
    -------
    pandas.Series
    """
    holds = mask.fillna(False).astype(bool)
    return pd.Series(name, index=mask.index, dtype="str").where(holds, "")
