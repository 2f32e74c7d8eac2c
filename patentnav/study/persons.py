"""People and what is sought: needs, the pool, measures side by side, ways to them, moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import indicators, planning, talent
from patentnav.errors import UnavailableError
from patentnav.study.gaps import gap, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.cluster import Technologies
    from patentnav.counting import Unit
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet
    from patentnav.study.steps import Later
    from patentnav.tables import UserTable
    from patentnav.taxonomy import Taxonomy


def team_ids(
    given: PatentSet,
    patents: PatentSet,
    team: Sequence[str],
    project_row: Later[dict[str, Any]],
) -> tuple[str, ...]:
    """Ids of the people of the team: those given by name or id, else those of the project.

    A name stands for everybody who is called so: namesakes cannot be told apart by it.

    Raises
    ------
    UnavailableError
        No team is given, or nobody of it is an inventor of the set.
    """
    require(patents, "inventors")
    asked = [team] if isinstance(team, str) else list(team)
    if not asked:
        try:
            asked = list(project_row()["team"])
        except UnavailableError:
            asked = []
    if not asked:
        raise gap("missing.team.not_given")
    wanted = {name.strip().casefold() for name in asked}
    key = ["publication_id", "position"]
    told = given.inventors
    called = told["name_raw"].astype("str").str.strip().str.casefold().isin(wanted)
    if "name" in told:
        called |= told["name"].astype("str").str.strip().str.casefold().isin(wanted)
    held = patents.inventors.dropna(subset=["inventor_id"])
    # Names may be masked in the set that is studied: who is meant is asked of the set as it came.
    rows = pd.MultiIndex.from_frame(told.loc[called, key])
    named = pd.MultiIndex.from_frame(held[key]).isin(rows)
    by_id = held["inventor_id"].astype("str").str.casefold().isin(wanted).to_numpy()
    found = tuple(sorted(held.loc[named | by_id, "inventor_id"].astype("str").unique()))
    if not found:
        raise gap("missing.team.not_found", count=len(asked))
    return found


def team_assets(
    patents: PatentSet, owner_level: OwnerLevel, team_ids: tuple[str, ...]
) -> pd.DataFrame:
    """What the team made, by who holds it (:func:`patentnav.planning.team_assets`)."""
    require(patents, "inventors", "parties")
    return planning.team_assets(patents, team_ids, owner=owner_level)


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
