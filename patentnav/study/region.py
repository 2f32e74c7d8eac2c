"""The studied region among other places: its units, its rank and where the places come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts
from patentnav.clean import regions
from patentnav.facts import place_name
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from patentnav.facts import OwnerLevel, PlaceLevel
    from patentnav.patentset import PatentSet


def region_level(patents: PatentSet, region: str) -> PlaceLevel:
    """Level of the studied region: district, city, province (``region``) or country.

    A Chinese place has the level of its deepest division, another the first level at which some
    owner is said to be in a place of that name.
    """
    asked, rest = regions.cut_front(region.strip(), leave=0)
    if not rest and asked != regions.NOWHERE:
        return "district" if asked.district else "city" if asked.city else "region"
    held = facts.holder_places(patents)
    wanted = region.strip().casefold()
    for level in facts.PLACES:
        if held[level].dropna().str.casefold().str.startswith(wanted).any():
            return level  # type: ignore[return-value]
    return "region"


def place_units(
    patents: PatentSet, local: pd.Series | None, region_level: PlaceLevel, unit_ids: pd.Series
) -> pd.Series:
    """Units by place, at the level of the studied region, most first; one spelling per place.

    Raises
    ------
    UnavailableError
        No region is studied, or no place is known to compare it with.
    """
    if local is None:
        raise gap("missing.region")
    held = facts.holder_places(patents).dropna(subset=[region_level])
    names = {
        str(value): place_name(str(value), region_level) for value in held[region_level].unique()
    }
    rows = pd.DataFrame(
        {"place": held[region_level].map(names).to_numpy(),
         "unit_id": unit_ids.reindex(held["publication_id"]).to_numpy()}
    )  # fmt: skip
    counts = rows.groupby("place")["unit_id"].nunique()
    return counts.sort_values(ascending=False, kind="stable")


def inferred_places(patents: PatentSet, unit_ids: pd.Series) -> pd.Series:
    """Units by what the place of their owners rests on: ``source``, ``address`` or ``name``.

    A unit whose owners say several things has the surest; one whose owners say none is left out.
    """
    held = facts.holder_places(patents)
    held = held[held[[*facts.PLACES]].notna().any(axis=1)]
    order = {"source": 0, "address": 1, "name": 2}
    rank = held["place_source"].map(order).fillna(0)
    best = rank.groupby(unit_ids.reindex(held["publication_id"]).to_numpy()).min()
    words = {number: word for word, number in order.items()}
    return best.map(words)


def region_owners(
    patents: PatentSet, owner_level: OwnerLevel, region: str, region_level: PlaceLevel
) -> pd.Series:
    """Whether each owner lies in the studied region: where most of its publications say it does.

    boolean by owner; NA where no publication says a place of that level.
    """
    held = facts.holder_places(patents)
    name = place_name(region, region_level).casefold()
    written = held[region_level].dropna().unique()
    here = {v: place_name(str(v), region_level).casefold().startswith(name) for v in written}
    own = pd.DataFrame(
        {"owner": facts.party_ids(held, owner_level).to_numpy(),
         "inside": held[region_level].map(here).astype("boolean").to_numpy()}
    ).dropna(subset="owner")  # fmt: skip
    return own.groupby("owner")["inside"].mean().astype("Float64").gt(0.5)
