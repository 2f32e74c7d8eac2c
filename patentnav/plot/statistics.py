"""Figures of statistics: amounts in order, quadrants of two measures, courses over years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.plot import _bars, _style

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from matplotlib.axes import Axes


def amounts(
    values: pd.Series, label: str, *, ax: Axes | None = None, marked: Collection[str] = ()
) -> Axes:
    """Draw values as horizontal bars in their own order, negative ones to the left.

    Parameters
    ----------
    values
        Numbers by name, the first on top; what is not known has no bar.
    label
        What they measure, with the unit.
    ax
        Axes to draw on; new ones when omitted.
    marked
        Names whose bars stand out.

    Returns
    -------
    matplotlib.axes.Axes
    """
    known = values.dropna().astype("float64")
    heights = _bars.heights(len(known))
    palette = _style.palette()
    with _style.style():
        ax = _style.axes(ax)
        colour = [palette["bad"] if name in marked else palette["accent"] for name in known.index]
        bars = ax.barh(heights, known.to_numpy(), color=colour, height=0.7)
        whole = bool((known == known.round()).all())
        form = "{:,.0f}" if whole else "{:,.1f}" if float(known.abs().max()) >= 10 else "{:,.2f}"
        ax.bar_label(bars, fmt=form, padding=3, fontsize=8.5)
        _bars.rows(ax, [_style.shorten(str(n), 18) for n in known.index], label, whole=False)
        ax.locator_params(axis="x", integer=whole)
        if (known < 0).any():
            ax.axvline(0, color=palette["muted"], linewidth=0.8)
        ax.margins(x=0.16)
    return ax


def quadrants(
    points: pd.DataFrame,
    labels: tuple[str, str],
    *,
    ax: Axes | None = None,
    centre: tuple[float, float] = (1.0, 1.0),
    marked: Collection[str] = (),
    ratios: bool = True,
) -> Axes:
    """Draw two measures against each other, divided where neither is more nor less.

    Parameters
    ----------
    points
        Indexed by name: ``x, y`` and, for whiskers, ``low, high`` of ``y``.
    labels
        What the axes measure, x and y.
    ax
        Axes to draw on; new ones when omitted.
    centre
        Where the lines cross.
    marked
        Names whose dots stand out.
    ratios
        Whether both are ratios: twice as much is as far from one as half; zeros are not drawn.

    Returns
    -------
    matplotlib.axes.Axes
    """
    known = points.dropna(subset=["x", "y"])
    known = known[(known["x"] > 0) & (known["y"] > 0)] if ratios else known
    palette = _style.palette()
    with _style.style():
        ax = _style.axes(ax, (6.3, 4.2))
        ax.axvline(centre[0], color=palette["muted"], linewidth=0.8)
        ax.axhline(centre[1], color=palette["muted"], linewidth=0.8)
        if "low" in known.columns:
            ends = np.vstack([known["y"] - known["low"], known["high"] - known["y"]])
            ax.errorbar(known["x"], known["y"], yerr=ends.clip(min=0), fmt="none",
                        ecolor=palette["missing"], elinewidth=1, capsize=2)  # fmt: skip
        colour = [palette["bad"] if name in marked else palette["accent"] for name in known.index]
        ax.scatter(known["x"], known["y"], c=colour, s=36, zorder=3)
        if ratios:
            for axis in (ax.xaxis, ax.yaxis):
                axis.axes.set(**{f"{axis.axis_name}scale": "log"})
                axis.set_major_formatter("{x:g}")
                axis.set_minor_formatter(_few_ticks)
        ax.margins(0.18)
        ax.set_xlabel(labels[0])
        ax.set_ylabel(labels[1])
        places = [(float(x), float(y)) for x, y in zip(known["x"], known["y"], strict=True)]
        names = [_style.shorten(str(name), 12) for name in known.index]
        _style.place_labels(ax, places, names)
    return ax


def _few_ticks(value: float, _place: object) -> str:
    """A tick between the powers of ten: those at two and five times are written."""
    leading = float(f"{value:e}"[:3])
    return f"{value:g}" if leading in {2.0, 5.0} else ""


def courses(values: pd.DataFrame, label: str, *, ax: Axes | None = None) -> Axes:
    """Draw several courses over years.

    Parameters
    ----------
    values
        Years by name; what is not known is a gap.
    label
        What they measure.
    ax
        Axes to draw on; new ones when omitted.

    Returns
    -------
    matplotlib.axes.Axes
    """
    with _style.style():
        ax = _style.axes(ax)
        shade = _style.colours([str(c) for c in values.columns])
        for place, name in enumerate(values.columns):
            ax.plot(values.index, values[name], color=shade[str(name)], marker=_style.marker(place),
                    markersize=4, label=str(name))  # fmt: skip
        years = [int(year) for year in values.index]
        ax.set_xticks(years if len(years) <= 12 else years[:: -(-len(years) // 12)])
        ax.set_ylabel(label)
        ax.legend(loc="best", fontsize=8)
    return ax
