"""Bars of a firm: what it holds by state, and its own beside others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.plot import _bars, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

TONES = ("good", "accent", "bad", "missing")


def stacks(
    counts: pd.DataFrame,
    label: str,
    *,
    ax: Axes | None = None,
    names: Mapping[str, str] | None = None,
    top: int = 12,
) -> Axes:
    """Draw numbers by row as stacked bars, in the order of rows and columns.

    Parameters
    ----------
    counts
        Numbers: a row per bar, up to four columns.
    label
        What they count.
    ax
        Axes to draw on; new ones when omitted.
    names
        Names of the columns.
    top
        Bars drawn, the first.

    Returns
    -------
    matplotlib.axes.Axes
    """
    shown, look = counts.head(top), _style.palette()
    told = names or {}
    parts = [
        (shown[column].to_numpy(dtype=float), look[tone], told.get(str(column), str(column)))
        for column, tone in zip(shown.columns, TONES, strict=False)
    ]
    return _bars.stacked(ax, [str(i) for i in shown.index], parts, label)
