"""Counts of PCT applications are lower bounds where a source tells of some patents only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.report.blocks import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from patentnav.report.blocks import Block


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
