"""Stacked horizontal bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_NAME = 14  # columns of a label


def stacked(
    ax: Axes | None,
    labels: Sequence[str],
    parts: Sequence[tuple[np.ndarray, str, str]],
    axis: str,
    *,
    whole: bool = True,
) -> Axes:
    """Horizontal bars, the first on top; parts are values, colour and name."""
    heights = np.arange(len(labels))[::-1]
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.3 + 0.3 * max(len(labels), 1)))
        start = np.zeros(len(labels))
        for values, colour, name in parts:
            if values.any():
                ax.barh(heights, values, left=start, color=colour, height=0.7, label=name)
            start = start + values
        widest = float(start.max(initial=1.0)) or 1.0
        for y, total in zip(heights, start, strict=True):
            ax.text(total + 0.012 * widest, y, f"{total:,.0f}" if whole else f"{total:.0%}",
                    va="center", fontsize=8)  # fmt: skip
        ax.set_yticks(heights, [_style.shorten(str(name), _NAME) for name in labels])
        ax.set_xlim(0, 1.1 * widest)
        if whole:
            ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
        else:
            ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_xlabel(axis)
        ax.grid(visible=False, axis="y")
        ax.tick_params(axis="y", length=0)
        if any(values.any() for values, _, _ in parts) and len(parts) > 1:
            ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(parts), fontsize=8)
    return ax
