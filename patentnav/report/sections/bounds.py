"""What may be told of portfolios: lower bounds of PCT applications, who is close, and levers that tell nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.portfolio import LEVERS
from patentnav.report.blocks import Text
from patentnav.study.naming import HALF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_SEVERAL, _NEARLY_ALL = (
    5,
    0.9,
)  # gaps, and part of them, from which a lever that closes them tells nothing


def pct_columns(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """PCT applications as far as known, and how many units could add to them, if any could.

    Parameters
    ----------
    rows
        ``pct, pct_unknown``.

    Returns
    -------
    dict
        By column.
    """
    found = {"pct": rows["pct"]}
    if rows["pct"].notna().any() and (rows["pct_unknown"] > 0).any():
        found["pct_unknown"] = rows["pct_unknown"]
    return found


def lower_bounds(shown: pd.DataFrame) -> Iterator[Block]:
    """Say that counts of PCT applications are lower bounds, where some are.

    Parameters
    ----------
    shown
        The table, as made by :func:`pct_columns`.

    Yields
    ------
    Text
    """
    if "pct_unknown" in shown:
        lacks = "pct_missing" in shown
        yield Text(f"path.portfolios.lower{'_lacks' if lacks else ''}", {}, "note")


def common_levers(steps: pd.DataFrame) -> dict[str, int]:
    """Levers that alone close nearly every gap that can be closed, which tells no portfolio from another.

    Parameters
    ----------
    steps
        What each lever leaves of the gaps (:func:`patentnav.portfolio.closing`).

    Returns
    -------
    dict
        By lever: how many gaps it closes alone.
    """
    closable = steps.loc[steps["in_smallest"], "portfolio_id"].nunique()
    if closable < _SEVERAL:
        return {}
    alone = steps[steps["closes"].fillna(False).astype(bool)]
    counts = alone.groupby("lever")["portfolio_id"].nunique()
    return {lever: int(counts[lever]) for lever in LEVERS
            if counts.get(lever, 0) >= _NEARLY_ALL * closable}  # fmt: skip


def holding(edition: Edition, rows: pd.DataFrame) -> pd.DataFrame:
    """Portfolios half of whose titles bear the name of the technology by which they are called.

    Parameters
    ----------
    edition
        The edition.
    rows
        Candidates.

    Returns
    -------
    pandas.DataFrame
    """
    borne = edition.study.bears_name
    if borne.empty:
        return rows
    sizes = np.array([len(members) for members in rows["members"]], dtype=np.int64)
    place = borne.index.get_indexer(
        pd.Index([one for members in rows["members"] for one in members])
    )
    row = np.repeat(np.arange(len(rows)), sizes)[place >= 0]
    known = np.bincount(row, minlength=len(rows))
    bearing = np.bincount(row, borne.to_numpy()[place[place >= 0]], minlength=len(rows))
    told: np.ndarray = (known == 0) | (bearing >= HALF * known)
    return rows[told]


def close_by(candidates: pd.DataFrame) -> frozenset[str]:
    """Portfolios that have half of the gate or more, which alone are worth a word on what they lack.

    Parameters
    ----------
    candidates
        Candidates; those of which PCT applications are not told are not close.

    Returns
    -------
    frozenset of str
    """
    lacks = candidates[["inventions_missing", "pct_missing"]].astype("Float64")
    near = (2 * lacks["inventions_missing"] <= candidates["min_inventions"]) & (
        2 * lacks["pct_missing"] <= candidates["min_pct"]
    )
    return frozenset(candidates.loc[near.fillna(False).astype(bool), "portfolio_id"].astype(str))
