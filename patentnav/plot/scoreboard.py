"""Owners by measures: every value written, its place among the others as shade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.errors import MissingColumnError
from patentnav.i18n import text
from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

_APART = 0.1  # of the largest value of a column, by which its values must differ to be shaded


def scoreboard(
    values: pd.DataFrame,
    written: pd.DataFrame,
    *,
    ax: Axes | None = None,
    row_labels: Mapping[str, str] | pd.Series | None = None,
    column_labels: Mapping[str, str] | pd.Series | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw a table of measures with different units: the darker a cell, the larger in its column.

    A column whose values are within a tenth of the largest stays white, and so does what is below zero.

    Parameters
    ----------
    values
        Owners by measures; NA is not known and stays white.
    written
        The same cells as they are to be written.
    ax
        Axes to draw on; new ones when omitted.
    row_labels, column_labels
        Names to show instead of the index and the columns.
    lang
        Language of the note below.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        ``written`` has other rows or columns than ``values``.
    """
    if list(values.columns) != list(written.columns) or list(values.index) != list(written.index):
        msg = "The written cells of a scoreboard have other rows or columns than its values."
        raise MissingColumnError(msg)
    rows = {} if row_labels is None else row_labels
    columns = {} if column_labels is None else column_labels
    numbers = values.astype("float64")
    # What falls is no larger for falling less: of a measure with minus signs only what is above 0 is shaded.
    falls = numbers < 0
    numbers = numbers.mask(falls)
    low, high = numbers.min().mask(falls.any(), 0.0), numbers.max()
    apart = high - low > _APART * high.abs()  # else no value stands out, and no shade says one does
    shade = ((numbers - low) / (high - low).where(apart)).to_numpy()
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.0 + 0.42 * len(values)))
        ax.imshow(np.ma.masked_invalid(shade), aspect="auto", cmap="Blues", vmin=-0.1, vmax=1.5)
        for (i, j), cell in np.ndenumerate(written.to_numpy()):
            ax.text(j, i, str(cell), ha="center", va="center", fontsize=8, color="0.08")
        names = [_style.wrapped(str(columns.get(c, c)), 10) for c in values.columns]
        ax.set_xticks(range(len(names)), names, fontsize=8)
        ax.xaxis.set_ticks_position("top")
        ax.set_yticks(
            range(len(values)), [_style.shorten(str(rows.get(r, r)), 12) for r in values.index]
        )
        ax.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
        ax.set_yticks(np.arange(len(values) + 1) - 0.5, minor=True)
        ax.grid(visible=False)
        ax.grid(which="minor", color="white", linewidth=1.5)
        ax.tick_params(which="both", length=0)
        ax.set_xlabel(text("plot.scoreboard.shade", lang), fontsize=8)
    return ax
