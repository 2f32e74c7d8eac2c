"""Citation graph of a set of publications, at the level of publications, applications or families."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import counting
from patentnav.config import get_config
from patentnav.network.arrays import Graph, as_arrays, set_arrays
from patentnav.network.collaboration import party_members
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    import networkx as nx

    from patentnav.facts import OwnerLevel


def self_citations(
    patents: PatentSet,
    edges: pd.DataFrame,
    unit: counting.Unit = "publication",
    *,
    owner: OwnerLevel = "party",
) -> pd.Series:
    """Tell which citations stay inside one applicant.

    Parameters
    ----------
    patents
        The set.
    edges
        ``citing_id, cited_id`` of units.
    unit, owner
        The unit of the ids; ``party`` (legal entities) or ``group``.

    Returns
    -------
    pandas.Series
        Nullable booleans: true where citing and cited share an applicant, NA where the applicants
        of either end are not known (a document outside the set).
    """
    members = party_members(patents, owner=owner).dropna(subset=["node"])
    owned = pd.DataFrame(
        {
            "unit": members["publication_id"].map(counting.unit_ids(patents, unit)),
            "owner": pd.factorize(members["node"])[0],
        }
    ).drop_duplicates()
    table = edges[["citing_id", "cited_id"]].assign(edge=np.arange(len(edges)))
    known = table["citing_id"].isin(owned["unit"]) & table["cited_id"].isin(owned["unit"])
    pairs = table[known].merge(owned, left_on="citing_id", right_on="unit")
    pairs = pairs.merge(owned, left_on="cited_id", right_on="unit", suffixes=("", "_cited"))
    shared = pairs.loc[pairs["owner"] == pairs["owner_cited"], "edge"]
    marks = pd.Series(table["edge"].isin(shared).to_numpy(), index=edges.index, dtype="boolean")
    return marks.mask(~known.to_numpy()).rename("self_citation")


def citations(
    graph: Graph, unit: counting.Unit = "publication", *, owner: OwnerLevel = "party"
) -> nx.DiGraph:
    """Citation graph, from citing to cited.

    Parameters
    ----------
    graph
        A ``PatentSet``; also a frame ``citing_id, cited_id`` or arrays, whose unit is their own.
    unit
        What a node of a ``PatentSet`` is: ``publication``, ``application`` or ``family``. A unit
        cites what any of its publications cites, once.
    owner
        Whose citations of itself are self-citations: ``party`` (legal entity) or ``group``.

    Returns
    -------
    networkx.DiGraph
        Nodes in sorted order. From a ``PatentSet``: nodes with ``in_set`` (documents outside it
        are nodes too), edges with ``self_citation`` (citing and cited share an applicant) where
        the applicants of both ends are known. ``graph["loops"]`` and ``graph["duplicates"]`` count
        the citations of a node to itself and the repeated ones, which are left out.

    Raises
    ------
    MissingTableError
        The set carries no citations, or no families for ``unit="family"``.
    """
    import networkx as nx

    arrays = set_arrays(graph, unit) if isinstance(graph, PatentSet) else as_arrays(graph)
    built = nx.DiGraph(loops=arrays.loops, duplicates=arrays.duplicates)
    built.add_nodes_from(arrays.ids.tolist())
    frame = arrays.frame()
    ends = zip(frame["citing_id"].tolist(), frame["cited_id"].tolist(), strict=True)
    if not isinstance(graph, PatentSet):
        built.add_edges_from(ends)
        return built
    built.graph["unit"] = unit
    own = arrays.ids.isin(counting.unit_ids(graph, unit))
    nx.set_node_attributes(
        built, dict(zip(arrays.ids.tolist(), own.tolist(), strict=True)), "in_set"
    )
    if not graph.has("parties"):
        built.add_edges_from(ends)
        return built
    marks = self_citations(graph, frame, unit, owner=owner).tolist()
    built.add_edges_from(
        (citing, cited, {} if mark is pd.NA else {"self_citation": mark})
        for (citing, cited), mark in zip(ends, marks, strict=True)
    )
    return built


def flows(
    patents: PatentSet,
    by: str | pd.DataFrame | None = None,
    unit: counting.Unit | None = None,
    *,
    owner: OwnerLevel = "party",
) -> pd.DataFrame:
    """Citations between applicants, industries or any other groups.

    Parameters
    ----------
    patents
        The set; citations count where both ends are in it.
    by
        Name of a column of ``publications``, or a membership table ``publication_id, <group>,
        weight`` (such as ``classify.memberships``); ``None``: applicants.
    unit
        Unit between which a citation counts once; the configured one when omitted.
    owner
        For applicants: ``party`` (legal entities) or ``group``.

    Returns
    -------
    pandas.DataFrame
        ``citing, cited, count``, sorted by count (falling) and both groups. A citation is worth 1,
        split over the groups of both ends by their weights (of equal applicants in equal parts).
        ``attrs``: ``unit``, ``citations`` (between units of the set that have groups),
        ``outside`` (citations with an end outside the set or without a group).

    Raises
    ------
    MissingTableError
        The set carries no citations.
    """
    if by is None:
        by = (
            party_members(patents, owner=owner)[["publication_id", "node"]]
            .dropna()
            .drop_duplicates()
        )
    belonging = counting.shares(patents, by, "fractional")
    belonging = belonging.assign(
        unit=belonging["publication_id"].map(counting.unit_ids(patents, unit))
    )
    belonging = belonging.groupby(["unit", "group"], sort=True)["weight"].sum().reset_index()
    total = belonging.groupby("unit")["weight"].transform("sum")
    belonging["weight"] = belonging["weight"] / total
    edges = set_arrays(patents, unit).frame()
    inside = edges["citing_id"].isin(belonging["unit"]) & edges["cited_id"].isin(belonging["unit"])
    pairs = edges[inside].merge(belonging, left_on="citing_id", right_on="unit")
    pairs = pairs.merge(belonging, left_on="cited_id", right_on="unit", suffixes=("", "_cited"))
    pairs["count"] = pairs["weight"] * pairs["weight_cited"]
    table = pairs.rename(columns={"group": "citing", "group_cited": "cited"})
    table = table.groupby(["citing", "cited"], sort=True)["count"].sum().reset_index()
    table = table.sort_values(["count", "citing", "cited"], ascending=[False, True, True])
    table = table.reset_index(drop=True)
    table.attrs.update(
        {
            "unit": unit or get_config().unit,
            "citations": int(inside.sum()),
            "outside": int((~inside).sum()),
        }
    )
    return table
