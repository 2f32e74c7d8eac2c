"""Where one patent stands in its cohorts, indicator by indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.i18n import text
from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes


def standing(
    percentiles: pd.Series,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw percentiles as distances from the middle of the cohort.

    Parameters
    ----------
    percentiles
        0 to 100 (100 is best) by indicator, drawn from the top.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names to show instead of the index.
    lang
        Language of the axis.

    Returns
    -------
    matplotlib.axes.Axes
    """
    names = {} if labels is None else labels
    values = percentiles.astype("float64")
    with _style.style():
        ax = _style.axes(ax, (6.3, 1.0 + 0.3 * len(values)))
        place = range(len(values))
        colours = ["C0" if v >= 50 else "0.6" for v in values]
        ax.barh(place, values - 50, left=50, color=colours, height=0.6)
        ax.axvline(50, color="0.3", linewidth=0.8)
        for i, value in enumerate(values):
            ax.annotate(
                f"{value:.0f}", (value, i), xytext=(4 if value >= 50 else -4, 0),
                textcoords="offset points", va="center", ha="left" if value >= 50 else "right",
                fontsize=8,
            )  # fmt: skip
        ax.set_yticks(place, [_style.shorten(str(names.get(n, n)), 18) for n in values.index])
        ax.invert_yaxis()
        ax.set_xlim(-6, 106)
        ax.set_xticks([0, 25, 50, 75, 100])
        ax.set_xlabel(text("plot.standing.x", lang))
        ax.grid(visible=False, axis="y")
    return ax
