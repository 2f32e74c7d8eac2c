"""From where to where: origins by offices as cells, deals between owners as bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from patentnav.i18n import text
from patentnav.plot import _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

_DARK = 0.55  # share from which a number is written in white
_GAP = 0.03  # between the bands of two owners, of the whole height
_SIDES = (0.0, 1.0)


def origin_target(
    flow: pd.DataFrame,
    *,
    ax: Axes | None = None,
    names: Mapping[str, str] | pd.Series | None = None,
    top: int = 8,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw origins (rows) by offices (columns): the number in the cell, the part of its row as shade.

    Parameters
    ----------
    flow
        What :func:`patentnav.indicators.flow` returned: ``origin, target, count``.
    ax
        Axes to draw on; new ones when omitted.
    names
        Names of offices by code.
    top
        Most origins and offices drawn, those with most units.
    unit
        What is counted, for the label; as the frame is annotated when omitted.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.axes.Axes
        The cell of an origin's own office has a frame.

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    _frames.need(flow, "origin", "target", "count")
    of = _frames.named(names)
    table = flow.pivot_table(index="origin", columns="target", values="count", aggfunc="sum")
    table = table.fillna(0)
    rows = _largest(table.max(axis=1))[:top]
    columns = _largest(table.loc[rows].sum())[:top]
    counts = table.loc[rows, columns].to_numpy(dtype="float64")
    part = counts / np.maximum(table.loc[rows].max(axis=1).to_numpy(), 1)[:, None]
    with _style.style():
        ax = _style.axes(ax)
        ax.imshow(np.ma.masked_equal(part, 0), aspect="auto", cmap="Blues", vmin=0, vmax=1.15)
        for (i, j), count in np.ndenumerate(counts):
            if count:
                colour = "white" if part[i, j] > _DARK else "0.1"
                ax.text(j, i, f"{count:,.0f}", ha="center", va="center", fontsize=8, color=colour)
            if rows[i] == columns[j]:
                edge = _style.palette()["bad"]
                ax.add_patch(
                    Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=edge, lw=1.6)
                )
        labels = [_style.shorten(str(of.get(c, c)), 7) for c in columns]
        ax.set_xticks(range(len(columns)), labels, rotation=30, ha="right", rotation_mode="anchor")
        ax.set_yticks(range(len(rows)), [_style.shorten(str(of.get(r, r)), 9) for r in rows])
        ax.set_xlabel(text("plot.flow.target", lang))
        origin = text("plot.flow.origin", lang)
        ax.set_ylabel(f"{origin} · {_frames.unit_label(flow, unit, lang)}")
        ax.grid(visible=False)
        ax.tick_params(length=0)
    return ax


def _largest(sums: pd.Series) -> list[str]:
    return sorted(sums.index, key=lambda key: (-sums[key], str(key)))


def deals(
    pairs: pd.DataFrame,
    *,
    ax: Axes | None = None,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw deals as bands from the giving side (left) to the taking side (right).

    Parameters
    ----------
    pairs
        ``from_name, to_name, count``, what :func:`patentnav.indicators.deals` returned, counted by
        pair; every row is drawn.
    ax
        Axes to draw on; new ones when omitted.
    unit
        What is counted, for the label.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.axes.Axes
        The width of a band is its number; numbers stand behind the names.

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    _frames.need(pairs, "from_name", "to_name", "count")
    cycle = _style.palette()["cycle"]
    total = max(float(pairs["count"].sum()), 1.0)
    left, right = (_places(pairs, side, total) for side in ("from_name", "to_name"))
    with _style.style():
        ax = _style.axes(ax)
        used = {**dict.fromkeys(left, 0.0)}
        taken = {**dict.fromkeys(right, 0.0)}
        colour = {name: cycle[i % len(cycle)] for i, name in enumerate(left)}
        rows = pairs.sort_values(["from_name", "to_name"], kind="stable")
        for giver, taker, count in rows[["from_name", "to_name", "count"]].itertuples(index=False):
            high = count / total
            y0 = left[giver][0] - used[giver]
            y1 = right[taker][0] - taken[taker]
            used[giver] += high
            taken[taker] += high
            ax.add_patch(PathPatch(_band(y0, y1, high), facecolor=colour[giver], alpha=0.45, lw=0))
        for ends, x, side in ((left, 0.0, "right"), (right, 1.0, "left")):
            for name, (top, high) in ends.items():
                shade = colour[name] if x == _SIDES[0] else "0.35"
                width = 0.012
                ax.add_patch(
                    Rectangle((x - width * (x == 0), top - high), width, high, color=shade)
                )
                label = f"{_style.shorten(str(name), 14)} {high * total:,.0f}"
                ax.text(x + (0.02 if x else -0.02), top - high / 2, label, ha=side, va="center",
                        fontsize=8)  # fmt: skip
        lowest = min(top - high for top, high in (*left.values(), *right.values()))
        ax.set_xlim(-0.75, 1.75)
        ax.set_ylim(lowest - 0.02, 1.1)
        for x, side in ((0.0, "from"), (1.0, "to")):
            ax.text(x, 1.04, text(f"plot.deals.{side}", lang), ha="center", fontsize=9)
        if unit is not None:
            ax.set_title(text(f"plot.unit.{unit}", lang), fontsize=8, loc="right")
        ax.set_axis_off()
    return ax


def _places(pairs: pd.DataFrame, side: str, total: float) -> dict[str, tuple[float, float]]:
    """Upper end and height of every name of a side, the largest on top."""
    sums = pairs.groupby(side)["count"].sum()
    found, y = {}, 1.0
    for name in _largest(sums):
        high = float(sums[name]) / total
        found[name] = (y, high)
        y -= high + _GAP
    return found


def _band(y0: float, y1: float, high: float) -> Path:
    middle = 0.5
    points = [
        (0.0, y0), (middle, y0), (middle, y1), (1.0, y1),
        (1.0, y1 - high), (middle, y1 - high), (middle, y0 - high), (0.0, y0 - high), (0.0, y0),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    return Path(points, [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])
