"""What is cited: citations received, and the main path of those inside the set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts, indicators, network
from patentnav._strings import among

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

_LINKS = 30  # citations inside the set from which a main path means something


def received(patents: PatentSet, unit: Unit) -> tuple[str, pd.Series | None]:
    """Citations received and what they were taken from; those by the owner itself left out if told.

    ``others``: the vendor's own numbers, which are complete to the day of the export, less those
    by the owner itself; ``vendor``: these numbers where the latter are not told; else ``links``: the
    lists of citing documents, without those of the set by the same first owner; else ``inside``: citations between publications of the
    set; else ``none``.
    """
    stated = facts.stated_counts(patents, "forward_citation_count")
    if stated.notna().any():
        own = patents.publications["forward_self_citation_count"]
        if not (own.notna() & stated.notna()).any():
            return "vendor", stated
        return "others", (stated - own.fillna(0)).clip(lower=0)
    if patents.has("citations") and len(patents.citations):
        whole = not patents.has("parties")
        counts = indicators.forward_citations(patents, window=None, unit=unit, self_citations=whole)
        if counts.notna().any():
            return "links", counts
        degree = dict(network.citations(patents).in_degree())
        ids = patents.publications.index
        inside = pd.Series([degree.get(i, 0) for i in ids], index=ids, dtype="int64")
        return ("inside", inside) if inside.any() else ("none", None)
    return "none", None


def main_path(patents: PatentSet) -> frozenset[str] | None:
    """Publications on the main path of the citations inside the set; None where these are too few."""
    if not patents.has("citations"):
        return None
    edges = patents.citations[["citing_id", "cited_id"]].drop_duplicates()
    inside = among(edges["citing_id"], patents.publications.index)
    inside &= among(edges["cited_id"], patents.publications.index)
    edges = edges[inside & (edges["citing_id"] != edges["cited_id"])]
    if len(edges) < _LINKS:
        return None
    path = network.main_path(edges.sort_values(["citing_id", "cited_id"], ignore_index=True))
    return frozenset({*path["citing_id"], *path["cited_id"]})
