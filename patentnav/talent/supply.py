"""How many of the people of every technology file for a region, beside what chance would give."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom

_COLUMNS = ["technology", "people", "local", "expected", "ratio", "p_value", "q_value"]


def supply(rows: pd.DataFrame, technology_of: pd.DataFrame, resident: pd.Series) -> pd.DataFrame:
    """People of a region in every technology against its share of all people.

    Parameters
    ----------
    rows
        People and their publications of the years looked at: ``inventor_id, publication_id``.
    technology_of
        ``publication_id, technology``, without remainders.
    resident
        Whether people file for the region, by ``inventor_id``; NA: not known, not counted
        (:func:`patentnav.talent.residents`).

    Returns
    -------
    pandas.DataFrame
        A row per technology with anybody in it: ``technology, people`` (whose place is known),
        ``local`` (of the region), ``expected`` (people times the region's part of all people in any of
        the technologies), ``ratio`` (local over expected), ``p_value`` (so few or fewer if people were
        drawn at random, hypergeometric), ``q_value`` (Benjamini-Hochberg over the technologies). The
        lowest ratio first.
    """
    both = rows[["inventor_id", "publication_id"]].merge(
        technology_of[["publication_id", "technology"]], on="publication_id"
    )
    pairs = both[["inventor_id", "technology"]].dropna().drop_duplicates()
    inside = resident.reindex(pairs["inventor_id"])
    pairs = pairs[inside.notna().to_numpy()].assign(local=inside.dropna().astype(bool).to_numpy())
    if pairs.empty:
        return pd.DataFrame({column: [] for column in _COLUMNS}).astype({"technology": "str"})
    every = pairs.drop_duplicates("inventor_id")
    whole, own = len(every), int(every["local"].sum())
    groups = pairs.groupby("technology")["local"]
    table = pd.DataFrame({"people": groups.size(), "local": groups.sum().astype("int64")})
    table["expected"] = table["people"] * own / whole
    table["ratio"] = (table["local"] / table["expected"]).where(table["expected"] > 0)
    p = hypergeom.cdf(table["local"], whole, own, table["people"])
    table["p_value"] = np.clip(p, 0, 1)
    table["q_value"] = false_discovery_control(table["p_value"])
    table = table.reset_index().sort_values(["ratio", "technology"], ignore_index=True)
    return table[_COLUMNS]
