"""Citation graph of a set of publications, at the level of publications, applications or families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import counting
from patentnav.network.arrays import CitationArrays, Graph, as_arrays, from_edges
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    import networkx as nx


def unit_edges(patents: PatentSet, unit: counting.Unit = "publication") -> pd.DataFrame:
    """Patent citations of a set between counted units.

    Returns
    -------
    pandas.DataFrame
        ``citing_id, cited_id``: ids of units where the publication is in the set (or, for
        families, is a listed member), else of the publication. A unit's citation of itself
        (of its own family) and repeated edges are still in.
    """
    table = patents.citations
    table = table.loc[
        (table["cited_kind"] != "literature").fillna(True) & table["cited_id"].notna(),
        ["citing_id", "cited_id"],
    ]
    if unit == "publication":
        return table.reset_index(drop=True)
    known = counting.unit_ids(patents, unit)
    if unit == "family" and patents.has("families"):
        # Members outside the set are cited too, often only they are.
        members = patents.families.sort_values(["family_id", "publication_id"])
        scheme = next((s for s in counting.FAMILY_SCHEMES if (members["scheme"] == s).any()), None)
        listed = members[members["scheme"] == scheme].drop_duplicates("publication_id")
        outside = listed.set_index("publication_id")["family_id"]
        known = pd.concat([known, outside[~outside.index.isin(known.index)]])
    ends = {end: table[end].map(known).fillna(table[end]) for end in table.columns}
    return pd.DataFrame(ends).reset_index(drop=True)


def set_arrays(patents: PatentSet, unit: counting.Unit = "publication") -> CitationArrays:
    """Arrays of the citation graph of a set: its units and all that they cite or are cited by."""
    edges = unit_edges(patents, unit)
    nodes = counting.unit_ids(patents, unit).unique()
    return from_edges(edges["citing_id"], edges["cited_id"], nodes=nodes)


def citations(graph: Graph, unit: counting.Unit = "publication") -> nx.DiGraph:
    """Citation graph, from citing to cited.

    Parameters
    ----------
    graph
        A ``PatentSet``; also a frame ``citing_id, cited_id`` or arrays, whose unit is their own.
    unit
        What a node of a ``PatentSet`` is: ``publication``, ``application`` or ``family``. A unit
        cites what any of its publications cites, once.

    Returns
    -------
    networkx.DiGraph
        Nodes in sorted order, with ``in_set`` (bool) where a set was given: documents outside it
        are nodes too. ``graph["loops"]`` and ``graph["duplicates"]`` count the citations of a
        node to itself and the repeated ones, which are left out.

    Raises
    ------
    MissingTableError
        The set carries no citations, or no families for ``unit="family"``.
    """
    import networkx as nx

    of_set = isinstance(graph, PatentSet)
    arrays = set_arrays(graph, unit) if isinstance(graph, PatentSet) else as_arrays(graph)
    built = nx.DiGraph(loops=arrays.loops, duplicates=arrays.duplicates)
    if isinstance(graph, PatentSet):
        own = arrays.ids.isin(counting.unit_ids(graph, unit))
        built.add_nodes_from(
            (node, {"in_set": inside})
            for node, inside in zip(arrays.ids.tolist(), own.tolist(), strict=True)
        )
    else:
        built.add_nodes_from(arrays.ids.tolist())
    frame: Any = arrays.frame()
    built.add_edges_from(zip(frame["citing_id"].tolist(), frame["cited_id"].tolist(), strict=True))
    if of_set:
        built.graph["unit"] = unit
    return built
