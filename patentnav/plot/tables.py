"""Tables as figures: shaded cells, and crossed groupings as bubbles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.ticker import MaxNLocator

from patentnav.i18n import text
from patentnav.plot import _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

_BUBBLE = 520.0  # area of the largest bubble, in square points


def matrix(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    row_labels: Mapping[str, str] | pd.Series | None = None,
    column_labels: Mapping[str, str] | pd.Series | None = None,
    decimals: int = 0,
    lang: str | None = None,
) -> Axes:
    """Draw a table of numbers as shaded cells with the numbers written in.

    Parameters
    ----------
    table
        Numbers; NA cells stay white and empty (unknown is not zero).
    ax
        Axes to draw on; new ones when omitted.
    row_labels, column_labels
        Names to show instead of the index and the columns.
    decimals
        Digits after the point.
    lang
        Language of the colour bar's label.

    Returns
    -------
    matplotlib.axes.Axes
    """
    rows, columns = _frames.named(row_labels), _frames.named(column_labels)
    values = np.asarray(table.to_numpy(dtype="float64", na_value=np.nan))
    with _style.style():
        ax = _style.axes(ax)
        shades = ax.imshow(values, aspect="auto", cmap=_style.palette()["sequential"] + "_r")
        known = values[np.isfinite(values)]
        middle = (known.min() + known.max()) / 2 if known.size else 0.0
        for (i, j), value in np.ndenumerate(values):
            if np.isfinite(value):
                ax.text(
                    j,
                    i,
                    f"{value:,.{decimals}f}",
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if value > middle else "0.1",
                )
        names = [_style.shorten(str(columns.get(c, c)), 8) for c in table.columns]
        slanted = max((len(n) for n in names), default=0) > 4
        ax.set_xticks(
            range(len(names)),
            names,
            rotation=35 if slanted else 0,
            ha="right" if slanted else "center",
        )
        ax.set_yticks(
            range(len(table)), [_style.shorten(str(rows.get(r, r)), 14) for r in table.index]
        )
        ax.grid(visible=False)
        ax.tick_params(length=0)
        figure = ax.get_figure()
        if figure is not None:
            ticks = MaxNLocator(integer=True) if decimals == 0 else None
            bar = figure.colorbar(shades, ax=ax, fraction=0.03, pad=0.02, ticks=ticks)
            bar.set_label(text("plot.matrix.count", lang), fontfamily=_style.font_family())
            bar.outline.set_visible(False)
    return ax


def cross(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    row_labels: Mapping[str, str] | pd.Series | None = None,
    column_labels: Mapping[str, str] | pd.Series | None = None,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw two crossed groupings as bubbles, such as technologies and their effects.

    The area of a bubble is the count. What is denser than chance and what is thinner have colours of
    their own; where less is filed than chance would give, a dashed ring shows what was expected.

    Parameters
    ----------
    table
        What :func:`patentnav.indicators.white_spots` returned: ``row, column, count, expected,
        state``, every pair.
    ax
        Axes to draw on; new ones, of a size that holds the names, when omitted.
    row_labels, column_labels
        Names to show instead of those of the table.
    unit
        What is counted, for the legend; as the frame is annotated when omitted, and not named where
        it is not.
    lang
        Language of the legend.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    _frames.need(table, "row", "column", "count", "expected", "state")
    of_rows, of_columns = _frames.named(row_labels), _frames.named(column_labels)
    rows, columns = list(dict.fromkeys(table["row"])), list(dict.fromkeys(table["column"]))
    y = table["row"].map({name: len(rows) - 1 - i for i, name in enumerate(rows)})
    x = table["column"].map({name: i for i, name in enumerate(columns)})
    largest = max(float(table["count"].max()), float(table["expected"].max()), 1.0)
    area = _BUBBLE / largest
    look = _style.palette()
    shades = {"dense": look["accent"], "chance": look["missing"], "white": look["bad"]}
    with _style.style():
        ax = _style.axes(ax, (2.6 + 0.55 * len(columns), 1.6 + 0.42 * len(rows)))
        for state, colour in shades.items():
            here = table["state"] == state
            ax.scatter(
                x[here],
                y[here],
                s=area * table.loc[here, "count"].to_numpy(dtype=float),
                color=colour,
                alpha=0.75,
                linewidth=0,
                zorder=2,
                label=text(f"plot.cross.{state}", lang) if here.any() else None,
            )
        gaps = table["state"] == "white"
        if gaps.any():
            ax.scatter(
                x[gaps],
                y[gaps],
                s=area * table.loc[gaps, "expected"].to_numpy(dtype=float),
                facecolor="none",
                edgecolor=look["bad"],
                linestyle="--",
                linewidth=1.2,
                zorder=3,
                label=text("plot.cross.expected", lang),
            )
        for i, j, n in zip(x, y, table["count"], strict=True):
            if n > 0:
                ax.text(i, j, f"{int(n):,}", ha="center", va="center", fontsize=7.5, zorder=4)
        names = [_style.shorten(str(of_columns.get(c, c)), 10) for c in columns]
        ax.set_xticks(range(len(columns)), names, rotation=40, ha="right", rotation_mode="anchor")
        row_names = [_style.shorten(str(of_rows.get(r, r)), 16) for r in rows]
        ax.set_yticks(range(len(rows) - 1, -1, -1), row_names)
        ax.set_xlim(-0.6, len(columns) - 0.4)
        ax.set_ylim(-0.6, len(rows) - 0.4)
        ax.tick_params(length=0)
        ax.set_axisbelow(True)
        legend = ax.legend(
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=2,
            title=_frames.unit_label(table, unit, lang),
        )
        for handle in legend.legend_handles:
            if isinstance(handle, PathCollection):
                handle.set_sizes([60.0])
    return ax
