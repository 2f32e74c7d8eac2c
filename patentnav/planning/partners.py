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
    technologies: Collection[str],
    unit_ids: pd.Series,
    among: pd.Series | None = None,
    min_count: int = FEWEST,
    alive: Collection[str] | None = None,
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
    alive
        Those who file still and whose rights live; all when omitted.

    Returns
    -------
    pandas.DataFrame
        Indexed by owner (or inventor), most units first: ``name, count`` (distinct units),
        ``technology`` (of most of them), ``technology_count`` (units in it). ``attrs["left_out"]``:
        how many reach ``min_count`` and are not alive.
    """
    who = str(members.columns[1])
    rows = technology_of[technology_of["technology"].isin(list(technologies))]
    if among is not None:
        here = rows["publication_id"].map(among).fillna(False).to_numpy(dtype=bool)
        rows = rows[here]
    joined = members.merge(rows[["publication_id", "technology"]], on="publication_id")
    joined = joined.assign(unit_id=unit_ids.reindex(joined["publication_id"]).to_numpy())
    counts = joined.groupby(who, sort=True)["unit_id"].nunique()
    counts = counts.sort_values(ascending=False, kind="stable")
    counts = counts[counts >= min_count]
    living = counts if alive is None else counts[counts.index.isin(list(alive))]
    units = joined.drop_duplicates([who, "technology", "unit_id"])
    main = most_frequent(units, who, "technology").reindex(living.index)
    by_technology = units.groupby([who, "technology"]).size()
    pairs = pd.MultiIndex.from_arrays([living.index, main])
    table = pd.DataFrame(
        {
            "name": most_frequent(joined, who, "name").reindex(living.index),
            "count": living,
            "technology": main,
            "technology_count": by_technology.reindex(pairs).to_numpy(),
        }
    )
    table.attrs["left_out"] = len(counts) - len(living)
    return table
