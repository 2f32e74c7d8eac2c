"""Who works with whom: networks of inventors, applicants and classes that share a counted unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from patentnav import counting as units
from patentnav._explorable import Explorable
from patentnav._shown import presented
from patentnav.config import get_config
from patentnav.errors import ArgumentError, CoverageWarning, warn
from patentnav.facts import inventors_beside_owners, party_ids
from patentnav.network.weighted import WeightedArrays, symmetric
from patentnav.normalize import symbols

if TYPE_CHECKING:
    import networkx as nx

    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

Role = Literal["applicant", "original_assignee", "current_owner"]


@presented()
@dataclass(frozen=True, eq=False)
class Collaboration(Explorable):
    """A network of members of shared units.

    Attributes
    ----------
    nodes
        Indexed by node id: ``name, publications`` (number of counted units), ``first_year``,
        ``last_year``.
    edges
        ``source_id, target_id, weight`` (strength), ``distance`` (1 / weight), ``count`` (shared
        units); every pair once, source before target.
    arrays
        Ids and the symmetric matrix of strengths, as the measures take them.
    unit, counting
        What was counted and how.
    """

    _shown_by = "network"

    nodes: pd.DataFrame
    edges: pd.DataFrame
    arrays: WeightedArrays
    unit: str
    counting: str

    def to_networkx(self) -> nx.Graph:
        """The network with all attributes; for graphs that are looked at (up to about 10^6 edges)."""
        import networkx as nx

        graph = nx.Graph(unit=self.unit, counting=self.counting)
        columns = {name: _plain(self.nodes[name]) for name in self.nodes.columns}
        for place, node in enumerate(self.nodes.index.tolist()):
            values = {name: column[place] for name, column in columns.items()}
            graph.add_node(node, **{k: v for k, v in values.items() if v is not None})
        lists = [self.edges[c].tolist() for c in self.edges.columns]
        graph.add_edges_from(
            (source, target, {"weight": weight, "distance": distance, "count": count})
            for source, target, weight, distance, count in zip(*lists, strict=True)
        )
        return graph


def _plain(column: pd.Series) -> list[Any]:
    """Python values, None for NA."""
    return [None if pd.isna(v) else v for v in column.tolist()]


def inventors(
    patents: PatentSet, unit: units.Unit | None = None, *, counting: units.Counting = "fractional"
) -> nx.Graph:
    """Co-inventor network.

    Parameters
    ----------
    patents
        The set; after ``clean.resolve_inventors`` nodes are people (``inventor_id``), before they
        are names. Placeholders for unnamed inventors are no nodes.
    unit
        Unit in which inventions are counted; the configured one when omitted.
    counting
        Strength of a pair: ``fractional`` adds 1 / (n - 1) for every unit of n inventors
        (Newman), ``whole`` adds 1.

    Returns
    -------
    networkx.Graph
        Nodes with ``name``, ``publications`` (units), ``first_year``, ``last_year`` (by application
        date, else publication date); edges with ``weight`` (strength), ``distance`` (1 / weight),
        ``count`` (shared units). ``graph["unit"]`` and ``graph["counting"]`` say how it was made.

    Raises
    ------
    MissingTableError
        The set carries no inventors.

    References
    ----------
    Newman (2001), Scientific collaboration networks II, Physical Review E 64, 016132,
    doi:10.1103/PhysRevE.64.016132.
    """
    return inventor_collaboration(patents, unit, counting=counting).to_networkx()


def applicants(
    patents: PatentSet,
    unit: units.Unit | None = None,
    *,
    counting: units.Counting = "fractional",
    owner: OwnerLevel = "party",
    role: Role = "applicant",
) -> nx.Graph:
    """Co-applicant network.

    Parameters
    ----------
    patents, unit, counting
        As in :func:`inventors`; nodes are ``party_id`` after ``clean.resolve_parties``, else names.
    owner
        ``party`` (legal entities) or ``group`` (firms of one group are one node).
    role
        Role of the parties: ``applicant``, ``original_assignee`` or ``current_owner``.

    Returns
    -------
    networkx.Graph
        As :func:`inventors`.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    """
    made = applicant_collaboration(patents, unit, counting=counting, owner=owner, role=role)
    return made.to_networkx()


def inventor_collaboration(
    patents: PatentSet, unit: units.Unit | None = None, *, counting: units.Counting = "fractional"
) -> Collaboration:
    """As :func:`inventors`, as tables and arrays, for networks of any size."""
    table = patents.inventors
    name = _names(table)
    members = table[["publication_id"]].assign(node=table["inventor_id"].fillna(name), name=name)
    return _collaborate(patents, members, unit, counting)


def applicant_collaboration(
    patents: PatentSet,
    unit: units.Unit | None = None,
    *,
    counting: units.Counting = "fractional",
    owner: OwnerLevel = "party",
    role: Role = "applicant",
) -> Collaboration:
    """As :func:`applicants`, as tables and arrays, for networks of any size."""
    members = party_members(patents, owner=owner, role=role)
    return _collaborate(patents, members, unit, counting)


def party_members(
    patents: PatentSet, *, owner: OwnerLevel = "party", role: Role = "applicant"
) -> pd.DataFrame:
    """Parties of publications: ``publication_id, node, name``; no inventors beside their firm."""
    table = patents.parties
    table = table[table["role"] == role]
    table = table[~inventors_beside_owners(table)]
    node = party_ids(table, owner)
    return table[["publication_id"]].assign(node=node, name=_names(table))


def coclassification(
    patents: PatentSet,
    unit: units.Unit | None = None,
    *,
    scheme: str = "IPC",
    level: symbols.Level = "subclass",
    counting: units.Counting = "whole",
) -> nx.Graph:
    """Classes that occur together in one unit.

    Parameters
    ----------
    patents, unit
        As in :func:`inventors`.
    scheme
        Classification scheme, e.g. ``IPC`` or ``CPC``.
    level
        Level to which symbols are cut: ``section, class, subclass, group`` or ``subgroup``.
    counting
        As in :func:`inventors`.

    Returns
    -------
    networkx.Graph
        As :func:`inventors`, nodes are symbols.

    Raises
    ------
    MissingTableError
        The set carries no classifications.
    ArgumentError
        There is no such level.
    """
    levels = get_args(symbols.Level)
    if level not in levels:
        msg = f'level="{level}" is not one of {", ".join(levels)}.'
        raise ArgumentError(msg)
    table = patents.classifications
    table = table[table["scheme"] == scheme]
    symbol = symbols.level(table["symbol"], level)
    members = table[["publication_id"]].assign(node=symbol, name=symbol)
    return _collaborate(patents, members, unit, counting).to_networkx()


def _names(table: pd.DataFrame) -> pd.Series:
    """Canonical names; those of the source where the set was never cleaned."""
    if table["name"].notna().any():
        return table["name"]
    if len(table):
        warn(
            "Names are not cleaned (the column name is empty): the spelling of the source is used.",
            CoverageWarning,
        )
    return table["name_raw"]


def _collaborate(
    patents: PatentSet,
    members: pd.DataFrame,
    unit: units.Unit | None,
    counting: units.Counting,
) -> Collaboration:
    if counting not in {"whole", "fractional"}:
        msg = f'counting="{counting}" is not one of whole, fractional.'
        raise ArgumentError(msg)
    unit_name = unit or get_config().unit
    members = members.dropna(subset=["node"])
    unit_id = members["publication_id"].map(units.unit_ids(patents, unit))
    members = members.assign(unit_id=unit_id, year=members["publication_id"].map(_years(patents)))
    ids, unit_codes, node_codes = _codes(members)
    first, second, weight, count = project(unit_codes, node_codes, counting=counting)
    edges = pd.DataFrame(
        {
            "source_id": ids.take(first),
            "target_id": ids.take(second),
            "weight": weight,
            "distance": 1.0 / weight,
            "count": count,
        }
    )
    nodes = _node_table(members, ids)
    arrays = WeightedArrays(ids, symmetric(len(ids), first, second, weight))
    return Collaboration(nodes, edges, arrays, unit_name, counting)


def _codes(members: pd.DataFrame) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    """Sorted ids of nodes, and the distinct (unit, node) pairs as codes, sorted."""
    unit_codes, _ = pd.factorize(members["unit_id"], sort=True)
    node_codes, ids = pd.factorize(members["node"], sort=True)
    pairs = np.unique((unit_codes.astype(np.int64) << 32) | node_codes)
    return pd.Index(ids), pairs >> 32, pairs & 0xFFFFFFFF


def project(
    unit_codes: np.ndarray, node_codes: np.ndarray, *, counting: units.Counting
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """All pairs of nodes that share a unit.

    Parameters
    ----------
    unit_codes, node_codes
        Distinct memberships, sorted by unit and node.
    counting
        ``fractional``: a unit adds 1 / (members - 1) to each of its pairs, ``whole``: 1.

    Returns
    -------
    tuple of numpy.ndarray
        Codes of both nodes (the smaller first, sorted), strength, number of shared units.
    """
    cuts = np.flatnonzero(np.diff(unit_codes, prepend=-1))
    size = np.diff(cuts, append=len(unit_codes))
    own_size = np.repeat(size, size)
    # Every member pairs with the members behind it.
    behind = np.repeat(cuts + size, size) - np.arange(len(unit_codes)) - 1
    other = np.arange(behind.sum()) - np.repeat(np.cumsum(behind) - behind, behind)
    other += np.repeat(np.arange(1, len(unit_codes) + 1), behind)
    key = np.repeat(node_codes << 32, behind) | node_codes[other]
    order = np.argsort(key, kind="stable")
    key = key[order]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    count = np.diff(begins, append=len(key)).astype(np.int64)
    if counting == "whole":
        weight = count.astype(np.float64)
    else:
        share = np.repeat(1.0 / np.maximum(own_size - 1.0, 1.0), behind)[order]
        weight = np.add.reduceat(share, begins) if len(begins) else np.array([])
    pairs = key[begins]
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32), weight, count


def _node_table(members: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    grouped = members.groupby("node", sort=True)
    # The most frequent name of a person; equal ones by the alphabet.
    counts = members.groupby(["node", "name"], sort=True).size().reset_index(name="n")
    counts = counts.sort_values(["node", "n", "name"], ascending=[True, False, True])
    names = counts.drop_duplicates("node").set_index("node")["name"]
    table = pd.DataFrame(
        {
            "name": names,
            "publications": grouped["unit_id"].nunique(),
            "first_year": grouped["year"].min(),
            "last_year": grouped["year"].max(),
        }
    ).reindex(ids)
    table.index.name = "node"
    return table


def _years(patents: PatentSet) -> pd.Series:
    publications = patents.publications
    date = publications["application_date"].fillna(publications["publication_date"])
    years: pd.Series = date.dt.year.astype("Int64")
    return years
