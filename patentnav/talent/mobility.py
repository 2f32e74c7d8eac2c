"""Changes of owner, flows between regions, dependence of owners on single people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.talent.masking import shown
from patentnav.talent.people import owners, people

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet


def tenures(patents: PatentSet, unit: Unit | None = None, *, masked: bool = False) -> pd.DataFrame:
    """Owners of every person over time.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        One row per person and owner (group), in the order of the first filing: ``inventor_id,
        name, owner, group_id, region, first, last`` (dates of the first and last filing),
        ``units``. Times of two owners may overlap; what lies between two filings is not known.
    """
    return shown(_spells(patents, unit), patents, masked=masked)


def _spells(patents: PatentSet, unit: Unit | None) -> pd.DataFrame:
    rows = people(patents, unit).dropna(subset=["date"])
    held = rows.merge(owners(patents), on="publication_id")
    spells = (
        held.groupby(["inventor_id", "group_id"])
        .agg(
            name=("name", "first"),
            owner=("owner", "first"),
            region=("region", "first"),
            first=("date", "min"),
            last=("date", "max"),
            units=("unit_id", "nunique"),
        )
        .reset_index()
    )
    order = ["inventor_id", "first", "last", "group_id"]
    spells = spells.sort_values(order, ignore_index=True)
    return spells[["inventor_id", "name", "owner", "group_id", "region", "first", "last", "units"]]


def moves(patents: PatentSet, unit: Unit | None = None, *, masked: bool = False) -> pd.DataFrame:
    """Changes of owner that a person's filings show on both sides.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        ``inventor_id, name, from_owner, to_owner, last_date`` (last filing with the former owner),
        ``first_date`` (first with the next), ``from_region, to_region, units_before, units_after``.
        A person moved when all filings with one owner lie before all filings with the next; owners
        of the same time (joint filings, two posts) are no move.
    """
    spells = _spells(patents, unit)
    earlier = spells.groupby("inventor_id").shift(1)
    reached = spells.groupby("inventor_id")["last"].cummax()
    latest = reached.groupby(spells["inventor_id"]).shift(1)
    moved = (latest < spells["first"]) & (earlier["last"] == latest)
    before, after = earlier[moved], spells[moved]
    table = pd.DataFrame(
        {
            "inventor_id": after["inventor_id"],
            "name": after["name"],
            "from_owner": before["owner"],
            "to_owner": after["owner"],
            "last_date": before["last"],
            "first_date": after["first"],
            "from_region": before["region"],
            "to_region": after["region"],
            "units_before": before["units"].astype("Int64"),
            "units_after": after["units"].astype("Int64"),
        }
    )
    return shown(table.reset_index(drop=True), patents, masked=masked)


def region_flows(moved: pd.DataFrame) -> pd.DataFrame:
    """People who moved between regions: ``from_region, to_region, people``; both known only."""
    known = moved.dropna(subset=["from_region", "to_region"])
    known = known[known["from_region"] != known["to_region"]]
    counts = known.groupby(["from_region", "to_region"])["inventor_id"].nunique()
    table = counts.reset_index(name="people")
    order = ["people", "from_region", "to_region"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def dependence(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_count: int = 10,
    masked: bool = False,
) -> pd.DataFrame:
    """How far owners depend on single people.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    min_count
        Owners with fewer units are left out.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        ``owner, units, people, inventor_id, name`` (the person with most units), ``top_share``
        (share of the owner's units with that person), ``people_for_half`` (fewest people, taken by
        their number of units, who together stand in half of the units).
    """
    held = people(patents, unit).merge(owners(patents), on="publication_id")
    table = []
    for owner, group in held.groupby("owner", sort=True):
        units = group["unit_id"].nunique()
        if units < min_count:
            continue
        counts = group.groupby(["inventor_id", "name"])["unit_id"].nunique().reset_index(name="n")
        counts = counts.sort_values(["n", "inventor_id"], ascending=[False, True])
        rank = pd.Series(np.arange(1, len(counts) + 1), index=counts["inventor_id"])
        rank = rank[~rank.index.duplicated()]
        first = rank.reindex(group["inventor_id"]).groupby(group["unit_id"].to_numpy()).min()
        half = int(first.sort_values().iloc[-(-units // 2) - 1])
        top = counts.iloc[0]
        table.append(
            (
                owner,
                units,
                counts["inventor_id"].nunique(),
                top["inventor_id"],
                top["name"],
                top["n"] / units,
                half,
            )
        )
    columns = ["owner", "units", "people", "inventor_id", "name", "top_share", "people_for_half"]
    frame = pd.DataFrame(table, columns=columns)
    frame = frame.sort_values(["top_share", "owner"], ascending=[False, True], ignore_index=True)
    return shown(frame, patents, masked=masked)
