"""Recorded deals from whom to whom: transfers, licences and pledges with both sides where told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.clean import regions
from patentnav.clean.party_types import party_types
from patentnav.counting import most_frequent, unit_ids
from patentnav.errors import MissingTableError
from patentnav.facts import holder_places, party_ids

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

DEALS = ("transfer", "licence", "pledge")
_BEFORE = ("original_assignee", "applicant")


def deals(
    patents: PatentSet, owner: OwnerLevel = "party", unit: Unit | None = None
) -> pd.DataFrame:
    """Transfers, licences and pledges on record, with both sides.

    The sides are those that the event names. A transfer whose event names none, of a publication
    for which the source has earlier and present owners, goes from the first of the earlier owners
    to the first of the present ones, if these differ; several transfers of one publication are then
    one, as what lay between is not known.

    Parameters
    ----------
    patents
        The set; with resolved parties the sides are joined with them by their spelling.
    owner
        ``party`` or ``group``.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        One row per deal, oldest first: ``publication_id, unit_id, category, date, from_id,
        from_name, to_id, to_name, told_by`` (``event`` or ``owners``; NA where a side is not
        told), ``from_type, to_type, from_place, to_place`` (province or state; NA where not known),
        ``internal`` (both sides the same owner or group; NA where a side is not told).

    Raises
    ------
    MissingTableError
        The set carries no legal events.
    """
    if not patents.has("legal_events"):
        msg = (
            "Deals need the table legal_events, which this set does not carry. Export legal events."
        )
        raise MissingTableError(msg)
    events = patents.legal_events
    rows = events[events["category"].isin(DEALS)]
    rows = rows[["publication_id", "category", "date", "party_from", "party_to"]]
    rows = rows.drop_duplicates().reset_index(drop=True)
    rows["told_by"] = pd.Series("event", index=rows.index).where(
        rows["party_from"].notna() & rows["party_to"].notna()
    )
    rows = _completed(rows, patents)
    known = _Known(patents, owner)
    for side in ("from", "to"):
        named = rows[f"party_{side}"]
        rows[f"{side}_id"] = known.ids(named)
        rows[f"{side}_name"] = known.names(rows[f"{side}_id"], named)
        rows[f"{side}_type"] = known.types(rows[f"{side}_id"], named)
        rows[f"{side}_place"] = known.places(rows[f"{side}_id"], named)
    same = (rows["from_id"] == rows["to_id"]).astype("boolean")
    rows["internal"] = same.mask(rows["told_by"].isna())
    rows["unit_id"] = unit_ids(patents, unit).reindex(rows["publication_id"]).to_numpy()
    order = ["date", "publication_id", "category", "from_id", "to_id"]
    columns = [
        "publication_id", "unit_id", "category", "date", "from_id", "from_name", "to_id", "to_name",
        "told_by", "from_type", "to_type", "from_place", "to_place", "internal",
    ]  # fmt: skip
    return rows.sort_values(order, ignore_index=True)[columns]


def _completed(rows: pd.DataFrame, patents: PatentSet) -> pd.DataFrame:
    """Transfers without sides take those of the owners before and now; one per publication."""
    silent = (rows["category"] == "transfer") & rows["told_by"].isna()
    if not silent.any() or not patents.has("parties"):
        return rows
    parties = patents.parties.sort_values(["publication_id", "position"], kind="stable")
    now = parties[parties["role"] == "current_owner"].drop_duplicates("publication_id")
    before = parties[parties["role"].isin(_BEFORE)]
    before = before.assign(rank=before["role"].map({r: i for i, r in enumerate(_BEFORE)}))
    before = before.sort_values(["publication_id", "rank"], kind="stable")
    before = before.drop_duplicates("publication_id")
    sides = {"party_from": before, "party_to": now}
    own = {side: party_ids(t).set_axis(t["publication_id"]) for side, t in sides.items()}
    both = own["party_from"].index.intersection(own["party_to"].index)
    differ = both[own["party_from"][both].to_numpy() != own["party_to"][both].to_numpy()]
    told = silent & rows["publication_id"].isin(differ)
    for side, table in sides.items():
        spelled = table.set_index("publication_id")["name_raw"]
        rows[side] = rows[side].mask(told, rows["publication_id"].map(spelled))
    rows["told_by"] = rows["told_by"].mask(told, "owners")
    # The last dated one stands for all.
    ordered = rows.sort_values(["publication_id", "date"], kind="stable", na_position="first")
    again = ordered["told_by"].eq("owners").fillna(False) & ordered.duplicated(
        ["publication_id", "told_by"], keep="last"
    )
    return ordered[~again].reset_index(drop=True)


class _Known:
    """What the set knows of parties, by their spelling."""

    def __init__(self, patents: PatentSet, owner: OwnerLevel) -> None:
        empty = pd.Series(dtype="str")
        self._id = self._name = self._type = self._place = empty
        if not patents.has("parties"):
            return
        rows = patents.parties.assign(owner=party_ids(patents.parties, owner))
        spelled = pd.concat([rows.assign(spelling=rows[c]) for c in ("name_raw", "name")])
        self._id = most_frequent(spelled.dropna(subset=["spelling"]), "spelling", "owner")
        named = rows.assign(shown=rows["name"].fillna(rows["name_raw"]))
        self._name = most_frequent(named, "owner", "shown")
        self._type = most_frequent(rows, "owner", "party_type")
        places = holder_places(patents)
        places = places.assign(owner=party_ids(places, owner))
        self._place = most_frequent(places, "owner", "region")

    def ids(self, named: pd.Series) -> pd.Series:
        return named.map(self._id).astype("str").fillna(named)

    def names(self, ids: pd.Series, named: pd.Series) -> pd.Series:
        return ids.map(self._name).astype("str").fillna(named)

    def types(self, ids: pd.Series, named: pd.Series) -> pd.Series:
        return ids.map(self._type).astype("str").fillna(party_types(named))

    def places(self, ids: pd.Series, named: pd.Series) -> pd.Series:
        """Place as the set has it, else read from the front of the name."""
        read = {
            name: regions.cut_front(name)[0].province for name in sorted(named.dropna().unique())
        }
        found = named.map(read).astype("str")
        return ids.map(self._place).astype("str").fillna(found.mask(found == ""))
