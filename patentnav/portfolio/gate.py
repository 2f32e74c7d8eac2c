"""The gate: how many inventions and PCT applications a portfolio must have, and what it lacks."""

from __future__ import annotations

import numpy as np
import pandas as pd


def judge(table: pd.DataFrame, min_inventions: int, min_pct: int) -> pd.DataFrame:
    """Three-valued: met by what is known, failed even with all that is unknown, else NA.

    Parameters
    ----------
    table
        ``inventions, inventions_unknown, untyped, pct, pct_unknown, pct_told`` of candidates, ``pct_told``
        the units of which PCT is told.
    min_inventions, min_pct
        The gate.

    Returns
    -------
    pandas.DataFrame
        The table with ``pct`` NA where the source tells nothing of PCT, ``meets_gate``, ``reason``
        (why NA), ``inventions_missing, pct_missing`` and the gate itself.
    """
    untold = table["pct_told"] == 0
    pct = table["pct"].mask(untold)
    most_pct = table["pct"] + table["pct_unknown"]
    most_inventions = table["inventions"] + table["inventions_unknown"]
    met = (table["inventions"] >= min_inventions) & (table["pct"] >= min_pct)
    possible = (most_inventions >= min_inventions) & (most_pct >= min_pct)
    meets = met.mask(~met & possible).mask(untold)
    short = meets.isna() & (table["inventions"] < min_inventions)
    reason = np.select(
        [untold, short & (table["untyped"] > 0), short, meets.isna()],
        ["pct_untold", "type_unknown", "status_unknown", "pct_unknown"],
        "",
    )
    return table.assign(
        pct=pct,
        meets_gate=meets.astype("boolean"),
        reason=pd.Series(reason, index=table.index, dtype="str"),
        inventions_missing=(min_inventions - table["inventions"]).clip(lower=0),
        pct_missing=(min_pct - pct).clip(lower=0),
        min_inventions=min_inventions,
        min_pct=min_pct,
    )


def shortfall(candidates: pd.DataFrame) -> pd.Series:
    """What a candidate lacks, in parts of the gate: 0 at the gate, 2 for nothing at all.

    A PCT count that is not known counts as none.
    """
    inventions = candidates["inventions_missing"].astype("float64")
    pct = candidates["pct_missing"].astype("Float64").fillna(candidates["min_pct"])
    needed = candidates[["min_inventions", "min_pct"]].clip(lower=1).astype("float64")
    return inventions / needed["min_inventions"] + pct.astype("float64") / needed["min_pct"]
