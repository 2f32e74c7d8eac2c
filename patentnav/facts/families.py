"""Families: their members and the offices at which these were filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav._memo import shared
from patentnav._strings import among
from patentnav.counting import FAMILY_SCHEMES

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.patentset import PatentSet


@shared
def family_members(patents: PatentSet) -> pd.DataFrame:
    """Members of the family of every publication that has one.

    The first scheme of simple, extended, vendor that the set carries.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, member_id, authority``: one row per member, the publication included.
    """
    families = patents.families
    present = [s for s in FAMILY_SCHEMES if (families["scheme"] == s).any()]
    chosen = families[families["scheme"].isin(present[:1])]
    own = chosen[among(chosen["publication_id"], patents.publications.index)]
    members = own[["family_id", "publication_id"]].merge(
        chosen[["family_id", "publication_id"]].rename(columns={"publication_id": "member_id"}),
        on="family_id",
    )
    office = members["member_id"].map(patents.publications["authority"])
    members = members.assign(authority=office.fillna(members["member_id"].str.slice(0, 2)))
    return members[["publication_id", "member_id", "authority"]].drop_duplicates()
