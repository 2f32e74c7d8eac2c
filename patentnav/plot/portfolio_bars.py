"""Portfolios beside each other: core and fence, and what next steps would add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.i18n import text
from patentnav.plot import _bars, _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

LEVERS = ("pending", "pct_open", "own_neighbour", "partner", "alliance")
_NAME = 22  # columns of a name on the axis


def layouts(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 15,
    lang: str | None = None,
) -> Axes:
    """Draw the living rights of portfolios: core, fence around it, and the rest.

    Parameters
    ----------
    table
        What :func:`patentnav.portfolio.layout` returned: ``portfolio_id, living, core, fence``;
        those of which the legal status is not told are left out.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of portfolios by id.
    top
        Number of portfolios drawn, the first ones.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    _frames.need(table, "portfolio_id", "living", "core", "fence")
    shown = table.dropna(subset=["living"]).head(top)
    core, fence = (shown[c].fillna(0).to_numpy(dtype=float) for c in ("core", "fence"))
    rest = shown["living"].to_numpy(dtype=float) - core - fence
    look = _style.palette()
    parts = [("core", core, look["accent"]), ("fence", fence, look["good"]),
             ("rest", rest, look["missing"])]  # fmt: skip
    ids = shown["portfolio_id"].tolist()
    return _stacked(ids, parts, (ax, labels, lang), "plot.portfolio.living")


def steps(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 15,
    lang: str | None = None,
) -> Axes:
    """Draw how many inventions each lever offers to portfolios below the gate.

    Parameters
    ----------
    table
        What :func:`patentnav.portfolio.closing` returned: ``portfolio_id, lever, rows``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of portfolios by id.
    top
        Number of portfolios drawn, the first ones.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    _frames.need(table, "portfolio_id", "lever", "rows")
    ids = table["portfolio_id"].drop_duplicates().head(top).tolist()
    wide = table.pivot_table(index="portfolio_id", columns="lever", values="rows", aggfunc="sum")
    wide = wide.reindex(ids).fillna(0)
    shades = _style.colours(LEVERS)
    parts = [(one, wide[one].to_numpy(dtype=float), shades[one]) for one in LEVERS if one in wide]
    return _stacked(ids, parts, (ax, labels, lang), "plot.portfolio.steps")


def _stacked(
    ids: Sequence[str],
    parts: Sequence[tuple[str, np.ndarray, str]],
    how: tuple[Axes | None, Mapping[str, str] | pd.Series | None, str | None],
    axis: str,
) -> Axes:
    ax, labels, lang = how
    names = _frames.named(labels)
    heights = _bars.heights(len(ids))
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.2 + 0.3 * len(ids)))
        start = np.zeros(len(ids))
        for key, width, colour in parts:
            ax.barh(heights, width, left=start, height=0.66, color=colour, linewidth=0,
                    label=text(f"plot.portfolio.{key}", lang))  # fmt: skip
            start = start + width
        ticks = [_style.shorten(str(names.get(one, one)), _NAME) for one in ids]
        _bars.rows(ax, ticks, text(axis, lang), legend=len(parts), size=8.5)
    return ax
