"""Owners who are active in given technologies: facts for a search, no judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.counting import most_frequent

if TYPE_CHECKING:
    from collections.abc import Collection

FEWEST = 3  # units in recent years from which a partner is listed


def partners(
    members: pd.DataFrame,
    technology_of: pd.DataFrame,
    *,
    technologies: Collection[str] | pd.Series,
    unit_ids: pd.Series,
    among: pd.Series | None = None,
    min_count: int = FEWEST,
) -> pd.DataFrame:
    """Owners or people with recent units in given technologies.

    Parameters
    ----------
    members
        Membership table of whom is looked for: ``publication_id, <owner or inventor>, …, name``.
    technology_of
        ``publication_id, technology``.
    technologies
        Technologies that count.
    unit_ids
        Counted unit by publication (:func:`patentnav.counting.unit_ids`).
    among
        Publications that count, as truth values by publication (recent ones, those of owners
        elsewhere); all when omitted, NA means no.
    min_count
        Units from which one is listed.

    Returns
    -------
    pandas.DataFrame
        Indexed by owner (or inventor), most units first: ``name, count`` (distinct units),
        ``technology`` (of most of them).
    """
    who = str(members.columns[1])
    rows = technology_of[technology_of["technology"].isin(technologies)]
    if among is not None:
        here = rows["publication_id"].map(among).fillna(False).to_numpy(dtype=bool)
        rows = rows[here]
    joined = members.merge(rows[["publication_id", "technology"]], on="publication_id")
    joined = joined.assign(unit_id=unit_ids.reindex(joined["publication_id"]).to_numpy())
    counts = joined.groupby(who, sort=True)["unit_id"].nunique()
    counts = counts.sort_values(ascending=False, kind="stable")
    counts = counts[counts >= min_count]
    return pd.DataFrame(
        {
            "name": most_frequent(joined, who, "name").reindex(counts.index),
            "count": counts,
            "technology": most_frequent(joined, who, "technology").reindex(counts.index),
        }
    )
