"""Who owns together with whom: pairs, groups of owners that hang together, and who stays alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._explorable import Explorable
from patentnav._shown import presented
from patentnav._strings import among
from patentnav.network.collaboration import project
from patentnav.network.communities import communities

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


@presented("plot.cooperation(cooperation, layout=network.layout(cooperation.pairs))")
@dataclass(frozen=True, eq=False)
class Cooperation(Explorable):
    """Joint filings of owners.

    Attributes
    ----------
    nodes
        Indexed by owner, most joint units first: ``name, units, joint`` (units shared with
        another owner), ``partners``, ``group`` (0 the largest set of owners that hang together by
        joint units; NA for those who are alone) and ``community`` (inside these by modularity; NA
        likewise).
    pairs
        ``source_id, target_id, count`` (joint units), most first.
    units, joint
        Units with an owner, and those with several.
    """

    _shown_by = "network"

    nodes: pd.DataFrame
    pairs: pd.DataFrame
    units: int
    joint: int


def cooperation(
    patents: PatentSet, members: pd.DataFrame, unit_ids: pd.Series, *, random_state: int = 0
) -> Cooperation:
    """Joint units of owners.

    Parameters
    ----------
    patents
        The set; members outside it are left out.
    members
        Owners of publications: ``publication_id, owner, name``
        (:func:`patentnav.facts.owners` with ``which="all"``).
    unit_ids
        Counted unit by publication (:func:`patentnav.counting.unit_ids`).
    random_state
        Seed of the communities.

    Returns
    -------
    Cooperation
    """
    here = members[among(members["publication_id"], patents.publications.index)]
    rows = here.assign(unit_id=unit_ids.reindex(here["publication_id"]).to_numpy())
    rows = rows.drop_duplicates(["unit_id", "owner"])
    unit_codes, _ = pd.factorize(rows["unit_id"], sort=True)
    codes, ids = pd.factorize(rows["owner"], sort=True)
    keys = np.unique((unit_codes.astype(np.int64) << 32) | codes)
    first, second, _, count = project(keys >> 32, keys & 0xFFFFFFFF, counting="whole")
    pairs = pd.DataFrame(
        {"source_id": ids.take(first), "target_id": ids.take(second), "count": count}
    ).sort_values(["count", "source_id", "target_id"], ascending=[False, True, True])
    together = rows.groupby("unit_id")["owner"].transform("size") > 1
    nodes = pd.DataFrame({"name": rows.drop_duplicates("owner").set_index("owner")["name"]})
    nodes["units"] = rows.groupby("owner").size()
    nodes["joint"] = rows[together].groupby("owner").size().reindex(nodes.index, fill_value=0)
    ends = pd.concat([pairs["source_id"], pairs["target_id"]])
    nodes["partners"] = ends.value_counts().reindex(nodes.index, fill_value=0)
    nodes["group"] = _groups(pairs).reindex(nodes.index).astype("Int64")
    found = communities(pairs.rename(columns={"count": "weight"}), random_state)
    nodes["community"] = found.reindex(nodes.index).astype("Int64")
    nodes = nodes.rename_axis("owner").reset_index()
    nodes = nodes.sort_values(["joint", "units", "owner"], ascending=[False, False, True])
    return Cooperation(
        nodes.set_index("owner"),
        pairs.reset_index(drop=True),
        int(rows["unit_id"].nunique()),
        int(rows.loc[together, "unit_id"].nunique()),
    )


def _groups(pairs: pd.DataFrame) -> pd.Series:
    """Connected owners: 0 the most numerous, equals by their smallest id."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ids = pd.Index(sorted({*pairs["source_id"], *pairs["target_id"]}))
    ends = ids.get_indexer(pairs["source_id"]), ids.get_indexer(pairs["target_id"])
    graph = coo_array((np.ones(len(pairs)), ends), shape=(len(ids), len(ids)))
    labels = connected_components(graph, directed=False)[1] if len(ids) else np.empty(0, int)
    _, start, code, size = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(start), dtype=np.int64)
    rank[np.lexsort((start, -size))] = np.arange(len(start))
    return pd.Series(rank[code] if len(ids) else [], index=ids, dtype="int64")
