"""Patent citations of a set as edges between counted units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import counting
from patentnav.config import get_config

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


def unit_edges(patents: PatentSet, unit: counting.Unit | None = "publication") -> pd.DataFrame:
    """Patent citations of a set between counted units.

    Returns
    -------
    pandas.DataFrame
        ``citing_id, cited_id``: ids of units where the publication is in the set (or, for
        families, is a listed member), else of the publication. A unit's citation of itself
        (of its own family) and repeated edges are still in.
    """
    unit = unit or get_config().unit  # type: ignore[assignment]
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
