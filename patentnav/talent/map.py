"""The talent map: people, ties, teams, roles and regions with their places on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import network
from patentnav._explorable import Explorable
from patentnav._memo import sharing
from patentnav._shown import presented
from patentnav.talent.masking import masks
from patentnav.talent.people import profiles
from patentnav.talent.teams import judged, teams, ties

if TYPE_CHECKING:
    import networkx as nx

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

ROLES = ("key_person", "core", "bridge", "rising")


@presented("plot.talent_map(talents)")
@dataclass(frozen=True, eq=False)
class TalentMap(Explorable):
    """What a talent map shows.

    Attributes
    ----------
    people
        Profiles (:func:`patentnav.talent.profiles`) of everybody, most units first, with ``team,
        team_name`` (that of its key person), the roles (:func:`patentnav.talent.roles`), ``role``
        (the first of key person, core, bridge, rising; missing for others) and ``x, y`` (missing
        for people who are not placed).
    graph
        Co-inventor network of the people who are placed; names as in ``people``.
    teams
        :attr:`Teams.table` of the whole set.
    """

    _shown_by = "talent_map"

    people: pd.DataFrame
    graph: nx.Graph
    teams: pd.DataFrame


def talent_map(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    top: int | None = None,
    random_state: int = 0,
    masked: bool = False,
) -> TalentMap:
    """Place people by their ties.

    Parameters
    ----------
    patents
        A set with resolved inventors; resolved parties add owners and regions.
    unit
        Counted unit.
    top
        Place only so many people, those with most units; all when omitted.
    random_state
        Seed of teams and places.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    TalentMap
        Teams and roles are those of the whole set, also when few people are placed.
    """
    with sharing():
        table = profiles(patents, unit)
        found = teams(patents, unit, random_state=random_state)
        flags = judged(patents, table, found, unit=unit, random_state=random_state)
        graph = _among(ties(patents, unit), frozenset(table.index[:top]))
    where = network.layout(graph, random_state).reindex(table.index)
    called = found.table.set_index("team")["key_name"]
    team = found.members.reindex(table.index).astype("Int64")
    people = table.assign(
        team=team,
        team_name=team.map(called).astype("str"),
        **flags,
        role=_first_role(flags),
        x=where["x"],
        y=where["y"],
    )
    everything = TalentMap(people, graph, found.table)
    return _masked(everything, masks(patents)) if masked else everything


def _among(whole: nx.Graph, people: frozenset[str]) -> nx.Graph:
    """The network of some people in the order of the whole; a view of it follows the hash seed."""
    import networkx as nx

    graph = nx.Graph(**whole.graph)
    graph.add_nodes_from((one, known) for one, known in whole.nodes(data=True) if one in people)
    ends = whole.edges(data=True)
    graph.add_edges_from((a, b, tie) for a, b, tie in ends if a in people and b in people)
    return graph


def _first_role(flags: pd.DataFrame) -> pd.Series:
    role = pd.Series(None, index=flags.index, dtype="str")
    for name in reversed(ROLES):
        role = role.mask(flags[name].fillna(False).astype(bool), name)
    return role


def _masked(found: TalentMap, code: dict[str, str]) -> TalentMap:
    import networkx as nx

    numbers = found.people.index.map(code)
    graph = nx.relabel_nodes(found.graph, code)
    nx.set_node_attributes(graph, {number: number for number in graph}, "name")
    table = found.teams.assign(key_person=found.teams["key_person"].map(code))
    table["key_name"] = table["key_person"]
    called = table.set_index("team")["key_name"]
    people = found.people.assign(
        name=numbers, team_name=found.people["team"].map(called).astype("str")
    )
    return TalentMap(people.set_axis(pd.Index(numbers, name="inventor_id")), graph, table)
