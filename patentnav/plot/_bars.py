"""Horizontal bars: rows with names, the first on top; stacked bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

NAME = 14  # columns of a label


def heights(count: int) -> np.ndarray:
    """Places of the rows, the first on top."""
    return np.arange(count)[::-1]


def rows(
    ax: Axes,
    names: Sequence[str],
    axis: str,
    *,
    whole: bool = True,
    legend: int = 0,
    size: float | None = None,
) -> None:
    """Names of the rows, what the bars measure, and a legend above.

    Parameters
    ----------
    ax
        Axes with the bars.
    names
        The names, the first on top.
    axis
        What is measured.
    whole
        Whether the ticks are whole numbers.
    legend
        Columns of the legend; none where zero.
    size
        Of the names, in points.
    """
    ax.set_yticks(heights(len(names)), list(names))
    ax.set_ylim(-0.6, max(len(names), 1) - 0.4)
    if size is not None:
        ax.tick_params(axis="y", labelsize=size)
    if whole:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
    ax.set_xlabel(axis)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    if legend:
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=legend, fontsize=8)


def stacked(
    ax: Axes | None,
    labels: Sequence[str],
    parts: Sequence[tuple[np.ndarray, str, str]],
    axis: str,
    *,
    whole: bool = True,
    shortened: int = NAME,
    size: float | None = None,
) -> Axes:
    """Horizontal bars, the first on top; parts are values, colour and name."""
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.3 + 0.3 * max(len(labels), 1)))
        start = np.zeros(len(labels))
        for values, colour, name in parts:
            if values.any():
                ax.barh(
                    heights(len(labels)), values, left=start, color=colour, height=0.7, label=name
                )
            start = start + values
        widest = float(start.max(initial=1.0)) or 1.0
        for y, total in zip(heights(len(labels)), start, strict=True):
            ax.text(total + 0.012 * widest, y, f"{total:,.0f}" if whole else f"{total:.0%}",
                    va="center", fontsize=8)  # fmt: skip
        ax.set_xlim(0, 1.1 * widest)
        if not whole:
            ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        told = any(values.any() for values, _, _ in parts) and len(parts) > 1
        names = [_style.shorten(str(name), shortened) for name in labels]
        rows(ax, names, axis, whole=whole, legend=len(parts) if told else 0, size=size)
    return ax
