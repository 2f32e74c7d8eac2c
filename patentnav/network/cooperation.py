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


STANDING_FROM = 3  # joint units from which a pair may be a standing one


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
        likewise). Standing pairs are left out of all but ``units``.
    pairs
        ``source_id, target_id, count`` (joint units), most first, and ``standing``: whether they
        nearly always file together.
    units, joint
        Units with an owner, and those of several that are no standing pair.
    standing
        Units of several owners who are standing pairs all.
    """

    _shown_by = "network"

    nodes: pd.DataFrame
    pairs: pd.DataFrame
    units: int
    joint: int
    standing: int = 0


def cooperation(
    patents: PatentSet,
    members: pd.DataFrame,
    unit_ids: pd.Series,
    *,
    standing: float | None = None,
    random_state: int = 0,
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
    standing
        Part of the units of either of two owners, from which a pair of ``STANDING_FROM`` joint units
        or more is a standing one: a parent and its daughter or institute, rather than two that chose
        each other. No pair is when omitted.
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
    sizes = rows.groupby("owner").size()
    always = pd.Series(False, index=pairs.index)
    if standing is not None:
        smaller = np.minimum(pairs["source_id"].map(sizes), pairs["target_id"].map(sizes))
        always = (pairs["count"] >= STANDING_FROM) & (pairs["count"] >= standing * smaller)
    pairs = pairs.assign(standing=always.astype(bool))
    joint, held = _shared(rows, pairs)
    ties = pairs[~pairs["standing"]]
    nodes = pd.DataFrame({"name": rows.drop_duplicates("owner").set_index("owner")["name"]})
    nodes["units"] = sizes
    nodes["joint"] = joint.groupby("owner")["unit_id"].nunique().reindex(nodes.index, fill_value=0)
    ends = pd.concat([ties["source_id"], ties["target_id"]])
    nodes["partners"] = ends.value_counts().reindex(nodes.index, fill_value=0)
    nodes["group"] = _groups(ties).reindex(nodes.index).astype("Int64")
    found = communities(
        ties.drop(columns="standing").rename(columns={"count": "weight"}), random_state
    )
    nodes["community"] = found.reindex(nodes.index).astype("Int64")
    nodes = nodes.rename_axis("owner").reset_index()
    nodes = nodes.sort_values(["joint", "units", "owner"], ascending=[False, False, True])
    return Cooperation(
        nodes.set_index("owner"),
        pairs.reset_index(drop=True),
        int(rows["unit_id"].nunique()),
        int(joint["unit_id"].nunique()),
        held - int(joint["unit_id"].nunique()),
    )


def _shared(rows: pd.DataFrame, pairs: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """``owner, unit_id`` of what an owner shares with another than its standing ones, and all shared units."""
    together = rows[rows.duplicated("unit_id", keep=False)][["unit_id", "owner"]]
    every = int(together["unit_id"].nunique())
    always = pairs[pairs["standing"]]
    if always.empty:
        return together, every
    both = together.merge(together, on="unit_id", suffixes=("", "_other"))
    both = both[both["owner"] != both["owner_other"]]
    low, high = (getattr(np, side)(both["owner"].astype(object), both["owner_other"].astype(object))
                 for side in ("minimum", "maximum"))  # fmt: skip
    known = pd.MultiIndex.from_frame(always[["source_id", "target_id"]])
    mine = ~pd.MultiIndex.from_arrays([low, high]).isin(known)
    return both.loc[mine, ["unit_id", "owner"]].drop_duplicates(), every


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
