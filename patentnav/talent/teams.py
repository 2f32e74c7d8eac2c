"""Teams and roles of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import network
from patentnav._memo import shared
from patentnav._shown import presented
from patentnav._strings import by_index
from patentnav.counting import most_frequent
from patentnav.network.weighted import as_weighted
from patentnav.talent.masking import masks, shown
from patentnav.talent.people import MIN_RECORDS, owners, people, profiles

if TYPE_CHECKING:
    import networkx as nx

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet


@shared
def ties(patents: PatentSet, unit: Unit | None) -> nx.Graph:
    """Co-inventor network of a set (:func:`patentnav.network.inventors`)."""
    return network.inventors(patents, unit)


@presented()
@dataclass(frozen=True)
class Teams:
    """Teams of a set.

    Attributes
    ----------
    members
        Team of every person (``inventor_id`` -> ``team``), 0 the largest.
    table
        One row per team: ``team, people, units, key_person, key_name, key_share`` (share of the
        team's units the key person took part in), ``main_owner, first_year, last_year, stability``.
    """

    members: pd.Series
    table: pd.DataFrame


def teams(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_people: int = 3,
    random_state: int = 0,
    masked: bool = False,
) -> Teams:
    """Communities of people who file together.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    unit
        Counted unit.
    min_people
        Smaller communities are no team.
    random_state
        Seed of the communities.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    Teams
        ``stability`` is the mean, over four other seeds, of the largest share (Jaccard) that a
        community found with that seed has in common with the team: 1 means always found.
    """
    graph = as_weighted(ties(patents, unit))
    found = network.communities(graph, random_state)
    size = found.groupby(found).transform("size")
    members = found[size >= min_people].rename("team").rename_axis("inventor_id").sort_index()
    others = [network.communities(graph, random_state + i) for i in range(1, 5)]
    rows = people(patents, unit)
    rows = rows.assign(team=members.reindex(rows["inventor_id"]).to_numpy())
    rows = rows.dropna(subset=["team"])
    groups = rows.groupby("team")
    taken = rows.groupby(["team", "inventor_id"])["unit_id"].nunique().reset_index(name="taken")
    taken = taken.sort_values(["team", "taken", "inventor_id"], ascending=[True, False, True])
    key = taken.drop_duplicates("team").set_index("team")
    owned = rows.merge(owners(patents)[["publication_id", "owner"]], on="publication_id")
    table = pd.DataFrame(
        {
            "people": members.groupby(members).size(),
            "units": groups["unit_id"].nunique(),
            "key_person": key["inventor_id"],
            "main_owner": most_frequent(owned, "team", "owner"),
            "first_year": groups["date"].min().dt.year.astype("Int64"),
            "last_year": groups["date"].max().dt.year.astype("Int64"),
            "stability": _stability(members, others),
        }
    )
    table["key_share"] = key["taken"] / table["units"]
    table["key_name"] = table["key_person"].map(most_frequent(rows, "inventor_id", "name"))
    table = table.rename_axis("team").reset_index()
    if masked:
        code = masks(patents)
        members = members.rename(index=code)
        table["key_person"] = table["key_name"] = table["key_person"].map(code)
    return Teams(members, table)


def roles(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_count: int = MIN_RECORDS,
    random_state: int = 0,
    masked: bool = False,
) -> pd.DataFrame:
    """Roles of people, each with one definition.

    Parameters
    ----------
    patents, unit, min_count, masked
        As in :func:`profiles`.
    random_state
        Seed of the teams and of sampled paths.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``inventor_id``: ``name, units, team`` and the nullable booleans

        - ``core``: among the tenth of the judged people with the greatest fractional output;
        - ``key_person``: took part in at least half of the units of a team, and in more than any
          other member (people who always file together have none);
        - ``bridge``: has co-inventors in at least two other teams and is among the tenth of the
          judged people with the greatest betweenness;
        - ``rising``: first filing at most six years before the set's last year, at least three
          units in the last three years and at least twice as many as in the three before.

        NA for people with fewer than ``min_count`` units.
    """
    table = profiles(patents, unit, min_count=min_count)
    found = teams(patents, unit, random_state=random_state)
    flags = judged(patents, table, found, unit=unit, random_state=random_state)
    team = found.members.reindex(table.index).astype("Int64")
    result = pd.concat([table[["name", "units"]], team.rename("team"), flags], axis=1)
    return shown(result, patents, masked=masked)


def judged(
    patents: PatentSet,
    table: pd.DataFrame,
    found: Teams,
    *,
    unit: Unit | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    """Roles of people whose profiles and teams are known.

    Parameters
    ----------
    patents, unit, random_state
        As in :func:`roles`.
    table
        Result of :func:`patentnav.talent.profiles`, not masked.
    found
        Result of :func:`teams`, not masked.

    Returns
    -------
    pandas.DataFrame
        ``core, key_person, bridge, rising`` as :func:`roles` defines them, index of ``table``.
    """
    rows = people(patents, unit)
    graph = ties(patents, unit)
    team = found.members.reindex(table.index)
    last = rows["date"].dt.year.max()
    year = rows["date"].dt.year
    recent = rows[year > last - 3].groupby("inventor_id").size().reindex(table.index).fillna(0)
    before = rows[year.between(last - 5, last - 3)].groupby("inventor_id").size()
    before = before.reindex(table.index).fillna(0)
    between = network.centrality(graph, random_state=random_state)["betweenness"]
    between = between.reindex(table.index)
    young = (table["first_year"] >= last - 6).fillna(False)
    enough = table["enough"]
    flags = pd.DataFrame(
        {
            "core": _top_tenth(table["output"], enough),
            "key_person": _key_people(rows, found, table.index),
            "bridge": _top_tenth(between, enough) & (_other_teams(graph, team) >= 2),
            "rising": young & (recent >= 3) & (recent >= 2 * before),
        }
    )
    return flags.astype("boolean").where(enough)


def _stability(members: pd.Series, others: list[pd.Series]) -> pd.Series:
    size = members.groupby(members).size()
    shares = []
    for other in others:
        found = other.reindex(members.index)
        cells = pd.DataFrame({"team": members, "other": found}).value_counts().reset_index(name="n")
        whole = (
            cells["team"].map(size) + cells["other"].map(other.groupby(other).size()) - cells["n"]
        )
        shares.append((cells["n"] / whole).groupby(cells["team"]).max())
    return pd.concat(shares, axis=1).mean(axis=1) if shares else size * np.nan


def _top_tenth(values: pd.Series, enough: pd.Series) -> pd.Series:
    judged = values[enough].dropna()
    if judged.empty:
        return pd.Series(False, index=values.index)
    return (values >= judged.quantile(0.9)).fillna(False) & (values > 0)


def _key_people(rows: pd.DataFrame, found: Teams, index: pd.Index) -> pd.Series:
    team = found.members.reindex(rows["inventor_id"]).to_numpy()
    rows = rows.assign(team=team).dropna(subset=["team"])
    taken = rows.groupby(["team", "inventor_id"])["unit_id"].nunique().reset_index(name="n")
    units = rows.groupby("team")["unit_id"].nunique()
    rank = taken.groupby("team")["n"].rank(ascending=False, method="max")
    key = taken.loc[(taken["n"] >= taken["team"].map(units) / 2) & (rank == 1), "inventor_id"]
    return pd.Series(index.isin(key), index=index)


def _other_teams(graph: object, team: pd.Series) -> pd.Series:
    known = by_index(team.dropna())
    found = {
        person: len(
            {known[n] for n in graph.neighbors(person) if n in known}  # type: ignore[attr-defined]
            - {known.get(person)}
        )
        for person in team.index
        if person in graph  # type: ignore[operator]
    }
    return pd.Series(found, dtype="float64").reindex(team.index).fillna(0)
