"""People and what is sought: needs, the pool, measures side by side, ways to them, moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import indicators, talent
from patentnav.errors import UnavailableError
from patentnav.study.gaps import gap, require

if TYPE_CHECKING:
    from patentnav.cluster import Technologies
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet
    from patentnav.study.steps import Later
    from patentnav.tables import UserTable
    from patentnav.taxonomy import Taxonomy


def needs(user_tables: dict[str, UserTable]) -> pd.DataFrame:
    """Rows of the table TN.

    Raises
    ------
    UnavailableError
        There is no such table, or no row in it.
    """
    if "TN" not in user_tables or not len(user_tables["TN"].frame):
        raise gap("missing.no_table", user_table="TN")
    return user_tables["TN"].frame.sort_values("need_id", ignore_index=True)


def need_groups(
    tree: Taxonomy,
    memberships: pd.DataFrame,
    technologies: Technologies,
    technology_of: pd.DataFrame,
) -> dict[str, list[str]]:
    """Publications by what a need may call them: ids and names of industries and technologies."""
    found: dict[str, list[str]] = {}
    for column in ("sub_sector", "industry"):
        rows = memberships.dropna(subset=[column])
        for node, ids in rows.groupby(column)["publication_id"]:
            for name in {str(node), *tree.nodes[str(node)].names.values()}:
                found[name] = sorted(set(ids))
    for key, ids in technology_of.groupby("technology")["publication_id"]:
        for name in {str(key), str(technologies.names[key])}:
            found[name] = sorted(set(ids))
    return found


def need_members(
    patents: PatentSet, needs: pd.DataFrame, need_groups: dict[str, list[str]]
) -> pd.DataFrame:
    """Publications that meet every need (:func:`patentnav.talent.meeting`)."""
    return talent.meeting(patents, needs, need_groups)


def inventor_units(patents: PatentSet, unit: Unit) -> pd.DataFrame:
    """People and the counted units in which they are named, one row each."""
    require(patents, "inventors.inventor_id")
    rows = talent.people(patents, unit)
    if rows.empty:
        raise gap("missing.table", table="inventors")
    return rows


def resident(patents: PatentSet, region: str, unit: Unit) -> pd.Series:
    """Whether people mostly file for owners of the region; NA where no filing says.

    Raises
    ------
    UnavailableError
        No region is studied, or nobody is known to be inside.
    """
    if not region:
        raise gap("missing.region")
    require(patents, "parties", "inventors.inventor_id")
    found = talent.residents(patents, region, unit)
    if not found.fillna(False).any():
        raise gap("missing.region")
    return found


def pool(
    patents: PatentSet, last_year: int, unit: Unit, need_members: Later[pd.DataFrame]
) -> pd.DataFrame:
    """People by the rules of the pool; the field is what meets a need, where needs are given."""
    require(patents, "inventors.inventor_id")
    try:
        field = need_members()["publication_id"]
    except UnavailableError:
        field = None
    return talent.pool(patents, last_year, unit, field=field)


def matched(
    need_members: pd.DataFrame,
    technology_of: pd.DataFrame,
    remainders: frozenset[str],
    unit_ids: pd.Series,
    patents: PatentSet,
) -> pd.DataFrame:  # fmt: skip
    """How far people's filings lie in every need (:func:`patentnav.talent.match`)."""
    rows = patents.inventors[["inventor_id", "publication_id"]].dropna().drop_duplicates()
    named = technology_of[~technology_of["technology"].isin(remainders)]
    return talent.match(rows, need_members, named, unit_ids=unit_ids)


def side_by_side(
    patents: PatentSet, pool: pd.DataFrame, last_year: int, unit: Unit, matched: Later[pd.DataFrame]
) -> pd.DataFrame:
    """Measures of the pool's people of whom enough is known, and the tiers that they give.

    ``output, impact, lead, late``, with needs ``match`` (the highest cosine); ``tier, steady``.

    Raises
    ------
    UnavailableError
        Nobody of the pool has enough units to be judged.
    """
    found = talent.measures(patents, last_year, unit)
    found = found[found.index.isin(pool.index[pool["sure"]])]
    if found.empty:
        raise gap("missing.people.few", fewest=talent.MIN_RECORDS)
    try:
        cosine = matched().groupby("inventor_id")["cosine"].max()
    except UnavailableError:
        cosine = pd.Series(dtype="float64")  # nothing is sought: the column goes
    found = found.assign(match=cosine.reindex(found.index))
    told = found.dropna(axis=1, how="all")
    found = told.join(indicators.tiers(told))
    names = pool["name"].reindex(found.index)
    order = found.assign(name=names).reset_index()
    order = order.sort_values(["tier", "output", "inventor_id"], ascending=[True, False, True])
    return found.loc[order["inventor_id"]].assign(name=names)


def ways(inventor_units: pd.DataFrame, resident: pd.Series, pool: pd.DataFrame) -> pd.DataFrame:
    """Ways from the region's people to the pool's people elsewhere (:func:`patentnav.talent.reach`).

    Raises
    ------
    UnavailableError
        Nobody of the pool is known to be elsewhere.
    """
    own = resident.fillna(False).astype(bool)
    chosen = pool.index[pool["sure"]]
    elsewhere = resident.reindex(chosen)
    far = chosen[(elsewhere == False).fillna(False).to_numpy(dtype=bool)]  # noqa: E712 (NA is neither)
    if not len(far):
        raise gap("missing.people.nobody_elsewhere")
    return talent.reach(inventor_units, own.index[own], far)


def left_behind(patents: PatentSet, unit: Unit, pool: pd.DataFrame) -> pd.DataFrame:
    """Filings around likely changes of owner of the pool's people."""
    require(patents, "parties", "inventors.inventor_id")
    found = talent.left_behind(patents, unit)
    return found[found["inventor_id"].isin(pool.index[pool["sure"]])].reset_index(drop=True)


def supply(  # noqa: PLR0917 (what a step needs)
    inventor_units: pd.DataFrame,
    technology_of: pd.DataFrame,
    remainders: frozenset[str],
    resident: pd.Series,
    unit_years: pd.Series,
    recent: tuple[int, int],
) -> pd.DataFrame:
    """People of the region in every technology in the last full years (:func:`patentnav.talent.supply`).

    Raises
    ------
    UnavailableError
        Nobody whose place is known filed in a technology.
    """
    years = unit_years.reindex(inventor_units["unit_id"])
    rows = inventor_units[years.between(*recent).fillna(False).to_numpy(dtype=bool)]
    named = technology_of[~technology_of["technology"].isin(remainders)]
    found = talent.supply(rows, named, resident)
    if found.empty:
        raise gap("missing.people.few", fewest=talent.MIN_RECORDS)
    return found
