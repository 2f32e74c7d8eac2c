"""The gate: how many inventions and PCT applications a portfolio must have, and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.portfolio.cells import STATES

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable


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
    meets = met.mask(~met & possible)
    short = meets.isna() & (table["inventions"] < min_inventions)
    reason = np.select(
        [
            untold & meets.isna(),
            short & (table["untyped"] > 0),
            short,
            meets.isna(),
        ],
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


def of_one_owner(candidates: pd.DataFrame, columns: Iterable[str], n: int) -> pd.DataFrame:
    """Candidates that are no alliance, of which the ``n`` largest are to be looked at.

    Parameters
    ----------
    candidates
        What :func:`patentnav.portfolio.candidates` returned.
    columns
        Columns that are needed, beside the gate and the families.
    n
        Number of portfolios.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    MissingColumnError
        The candidates lack a column that is needed.
    ArgumentError
        ``n`` is not positive.
    """
    needed = ("partners", "families", "min_inventions", "min_pct", *columns)
    lacking = [column for column in needed if column not in candidates.columns]
    if lacking:
        msg = f"The candidates lack {', '.join(lacking)}. Make them with portfolio.candidates."
        raise MissingColumnError(msg)
    if n < 1:
        msg = f"n={n} is not positive."
        raise ArgumentError(msg)
    return candidates[candidates["partners"] == 1]


def readings(candidates: pd.DataFrame, n: int = 30) -> pd.DataFrame:
    """How a target of ``n`` portfolios comes out under each reading of its words.

    "At least ``n`` portfolios with so many inventions and PCT applications" can mean that each
    portfolio has them, or that the portfolios have them together; inventions can be those filed,
    living, granted or in force.

    Parameters
    ----------
    candidates
        What :func:`patentnav.portfolio.candidates` returned, all of it; alliances are left out.
    n
        Portfolios that are wanted.

    Returns
    -------
    pandas.DataFrame
        Two rows per way of counting: ``counted`` (``filed, living, granted, in_force``),
        ``reading`` (``each``, ``together``), ``portfolios`` (that meet the gate; or the largest up
        to ``n``, of which no two share a family), ``inventions`` that are counted and ``pct`` (all PCT
        applications, as the gate counts them), both as far
        as known, ``pct_unknown`` (units of these that could add to ``pct``), ``met``: whether ``n``
        portfolios meet the gate each, or the ``n`` largest together. NA where the set does not tell,
        and where what is unknown could make up what lacks.

    Raises
    ------
    MissingColumnError
        The candidates lack a column that is needed.
    ArgumentError
        ``n`` is not positive.
    """
    own = of_one_owner(candidates, ("pct_unknown", "alive", *STATES), n)
    untold = own["pct"].isna()
    rows = []
    for state in STATES:
        size = own[state]
        # PCT applications are the gate's, of whatever state the national right is in.
        filed = own["pct" if (own["alive"] == "all").all() else f"pct_{state}"]
        filed = filed.astype("Int64").mask(untold)
        meets = ((size >= own["min_inventions"]) & (filed >= own["min_pct"])).astype("boolean")
        known = bool(size.notna().any() and meets.notna().any())
        each = own[meets.fillna(False).astype(bool)]
        most = largest(own.assign(_n=size, _p=filed).dropna(subset=["_n"]), n)
        for reading, rows_of in (("each", each), ("together", most)):
            total, pct = size[rows_of.index].sum(), filed[rows_of.index].sum()
            more = int(own.loc[rows_of.index, "pct_unknown"].sum())
            if reading == "each":
                met, possible = len(each) >= n, len(each) + int(meets.isna().sum()) >= n
            else:
                enough = bool(len(own)) and len(rows_of) >= n
                enough = enough and bool(total >= own["min_inventions"].max())
                met = enough and bool(pct >= own["min_pct"].max())
                possible = enough and bool(pct + more >= own["min_pct"].max())
            if untold.all():
                pct = met = pd.NA  # type: ignore[assignment]
            elif possible and not met:
                met = pd.NA  # type: ignore[assignment]
            row = (state, reading, len(rows_of), total, pct, more, met)
            rows.append(row if known else (state, reading, *[pd.NA] * 5))
    names = ["counted", "reading", "portfolios", "inventions", "pct", "pct_unknown", "met"]
    table = pd.DataFrame(rows, columns=names)
    whole = dict.fromkeys(["portfolios", "inventions", "pct", "pct_unknown"], "Int64")
    return table.astype({**whole, "met": "boolean", "counted": "str", "reading": "str"})


def largest(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """The ``n`` candidates of most inventions (``_n``, then ``_p``), skipping those that share a family with one taken."""
    order = table[table["_n"] > 0].sort_values(
        ["_n", "_p", "portfolio_id"], ascending=[False, False, True]
    )
    taken: set[str] = set()
    places: list[Hashable] = []
    for place, families in zip(order.index, order["families"], strict=True):
        if len(places) == n:
            break
        if taken.isdisjoint(families):
            taken.update(families)
            places.append(place)
    return order.loc[places]
