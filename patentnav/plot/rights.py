"""Rights in force: places with their range, and what ends when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.i18n import text
from patentnav.plot import _bars, _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes


def barriers(
    cells: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    offices: Mapping[str, str] | pd.Series | None = None,
    top: int = 15,
    lang: str | None = None,
) -> Axes:
    """Draw the rank of technologies at offices, with the range it has without one component.

    Parameters
    ----------
    cells
        What :func:`patentnav.indicators.barriers` returned: ``group, authority, in_force,
        top_share, rank, rank_low, rank_high``.
    ax
        Axes to draw on; new ones when omitted.
    labels, offices
        Names of technologies and offices.
    top
        Number of cells drawn, the first ones.
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
    _frames.need(cells, "group", "authority", "in_force", "top_share", "rank", "rank_low",
                 "rank_high")  # fmt: skip
    names, places = _frames.named(labels), _frames.named(offices)
    shown = cells.dropna(subset=["rank"]).head(top)
    one_office = cells["authority"].nunique() == 1
    heights = _bars.heights(len(shown))
    look = _style.palette()
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.2 + 0.3 * len(shown)))
        low, high = (shown[c].to_numpy(dtype=float) for c in ("rank_low", "rank_high"))
        ax.hlines(heights, low, high, color=look["missing"], linewidth=5, zorder=1,
                  label=text("plot.barriers.range", lang))  # fmt: skip
        ax.scatter(shown["rank"].to_numpy(dtype=float), heights, s=34, color=look["accent"],
                   zorder=3, label=text("plot.barriers.rank", lang))  # fmt: skip
        ends = float(high.max(initial=1.0))
        for y, count, share in zip(heights, shown["in_force"], shown["top_share"], strict=True):
            key = "cell" if pd.notna(share) else "cell_few"
            words = text(f"plot.barriers.{key}", lang, count=int(count), share=float(share))
            ax.annotate(words, (1.01, y), xycoords=("axes fraction", "data"), va="center",
                        fontsize=8, fontfamily=_style.font_family(), annotation_clip=False)  # fmt: skip
        ticks = [
            _style.shorten(str(names.get(g, g)), 14 if one_office else 12)
            + ("" if one_office else f" · {places.get(a, a)}")
            for g, a in zip(shown["group"], shown["authority"], strict=True)
        ]
        ax.set_xlim(0.4, ends + 0.6)
        _bars.rows(ax, ticks, text("plot.barriers.axis", lang), legend=2, size=8.5)
    return ax


def endings(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 12,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw by technology the rights that end soon (right) and those that ended lately (left).

    Parameters
    ----------
    table
        What :func:`patentnav.indicators.ending_technologies` returned: ``group, ending, ended,
        ended_undated, sooner``. Ended rights without a date are drawn paler, to the left as well.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of technologies.
    top
        Number of technologies drawn, the first ones.
    unit
        What is counted, for the axis; as the frame is annotated when omitted.
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
    _frames.need(table, "group", "ending", "ended", "ended_undated", "sooner")
    names = _frames.named(labels)
    shown = table.head(top)
    heights = _bars.heights(len(shown))
    look = _style.palette()
    ending, ended, undated = (
        shown[c].to_numpy(dtype=float) for c in ("ending", "ended", "ended_undated")
    )
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.2 + 0.3 * len(shown)))
        _bar(
            ax,
            heights,
            ending,
            np.zeros(len(shown)),
            colour=look["bad"],
            label=text("plot.endings.ending", lang),
        )
        _bar(
            ax,
            heights,
            -ended,
            np.zeros(len(shown)),
            colour=look["muted"],
            label=text("plot.endings.ended", lang),
        )
        _bar(
            ax,
            heights,
            -undated,
            -ended,
            colour=look["missing"],
            label=text("plot.endings.ended_undated", lang),
        )
        widest = float(max(ending.max(initial=0), (ended + undated).max(initial=0), 1))
        for y, right, left in zip(heights, ending, ended + undated, strict=True):
            if right:
                ax.text(right + 0.015 * widest, y, f"{right:,.0f}", va="center", fontsize=8)
            if left:
                ax.text(-left - 0.015 * widest, y, f"{left:,.0f}", va="center", ha="right",
                        fontsize=8)  # fmt: skip
        sooner = shown["sooner"].to_numpy(dtype=bool)
        if sooner.any():
            ax.scatter(ending[sooner] + 0.12 * widest, heights[sooner], marker="^", s=26,
                       color=look["bad"], label=text("plot.endings.sooner", lang))  # fmt: skip
        ax.axvline(0, color="0.35", linewidth=0.8)
        ax.set_xlim(-(ended + undated).max(initial=0) - 0.14 * widest,
                    ending.max(initial=0) + 0.2 * widest)  # fmt: skip
        ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
        ticks = [_style.shorten(str(names.get(g, g)), 15) for g in shown["group"]]
        _bars.rows(ax, ticks, _frames.unit_label(table, unit, lang), legend=2)
    return ax


def _bar(
    ax: Axes,
    heights: np.ndarray,
    values: np.ndarray,
    start: np.ndarray,
    *,
    colour: str,
    label: str,
) -> None:
    if values.any():
        ax.barh(heights, values, left=start, color=colour, height=0.7, label=label)
