"""The cooperation of owners as a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from patentnav.errors import ArgumentError
from patentnav.i18n import text
from patentnav.plot import _frames, _style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LISTED = 6  # communities with a colour of their own
_LARGEST = 240.0  # area of the largest circle, in square points
_WIDEST = 5.0  # line, in points


class Joint(Protocol):
    """What is drawn of a :class:`patentnav.network.Cooperation`."""

    @property
    def nodes(self) -> pd.DataFrame:
        """``name, joint, community`` by owner."""

    @property
    def pairs(self) -> pd.DataFrame:
        """``source_id, target_id, count``."""


def cooperation(
    nodes: Joint | pd.DataFrame,
    pairs: pd.DataFrame | None = None,
    layout: pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
    unit: str | None = None,
    labelled: int = 40,
    lang: str | None = None,
) -> Axes:
    """Draw joint filings: area by joint units, width by those of the pair, colour by community.

    Parameters
    ----------
    nodes
        What :func:`patentnav.network.cooperation` returned; or its owners, indexed by id: ``name,
        joint, community``.
    pairs
        ``source_id, target_id, count`` of owners that are given alone; those with an end that has no
        place are not drawn.
    layout
        ``x, y`` by owner (:func:`patentnav.network.layout`); the owners that are drawn.
    ax
        Axes to draw on; new ones when omitted.
    unit
        What is counted, for the legend.
    labelled
        Number of owners named, by joint units; a label without free room is left out.
    lang
        Language of the legend.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    ArgumentError
        Pairs or places are not given.
    """
    if not isinstance(nodes, pd.DataFrame):
        pairs = nodes.pairs
        nodes = nodes.nodes
    if pairs is None or layout is None:
        lacking = "pairs" if pairs is None else "layout"
        msg = (
            f"cooperation lacks {lacking}. Give what patentnav.network.cooperation returned, and "
            "layout=patentnav.network.layout(pairs): the places of its owners."
        )
        raise ArgumentError(msg)
    _frames.need(nodes, "name", "joint", "community")
    _frames.need(pairs, "source_id", "target_id", "count")
    _frames.need(layout, "x", "y")
    drawn = nodes.loc[layout.index].join(layout[["x", "y"]])
    drawn = drawn.sort_values(["joint", "name"], ascending=[False, True], kind="stable")
    ties = pairs[pairs["source_id"].isin(drawn.index) & pairs["target_id"].isin(drawn.index)]
    cycle, grey = _style.palette()["cycle"], _style.palette()["missing"]
    order = drawn.groupby("community")["joint"].sum().sort_values(ascending=False, kind="stable")
    colour = dict(zip(order.index[:_LISTED], cycle, strict=False))
    most = float(max(ties["count"].max(), 1)) if len(ties) else 1.0
    with _style.style():
        ax = _style.axes(ax, (7.2, 5.2))
        ends = layout[["x", "y"]]
        lines = np.stack(
            [ends.loc[ties["source_id"]].to_numpy(), ends.loc[ties["target_id"]].to_numpy()], axis=1
        )
        width = 0.5 + (_WIDEST - 0.5) * np.sqrt(ties["count"].to_numpy(dtype=float) / most)
        ax.add_collection(LineCollection(list(lines), linewidths=width, colors="0.72", zorder=1))
        area = _LARGEST * (0.08 + 0.92 * drawn["joint"] / max(drawn["joint"].max(), 1))
        shades = [colour.get(group, grey) for group in drawn["community"]]
        ax.scatter(drawn["x"], drawn["y"], s=area.to_numpy(dtype=float), c=shades,
                   edgecolors="white", linewidths=0.7, zorder=3)  # fmt: skip
        ax.margins(x=0.12, y=0.08)
        ax.set_axis_off()
        ax.autoscale_view()
        marks = [
            Line2D([], [], color="0.72", linewidth=0.5 + (_WIDEST - 0.5) * np.sqrt(n / most),
                   label=f"{n:,}")
            for n in sorted({1, max(1, round(most / 4)), int(most)})
        ]  # fmt: skip
        word = text(f"plot.unit.{unit or 'unstated'}", lang)
        ax.legend(handles=marks, loc="lower right", title=text("plot.cooperation.width", lang, unit=word),
                  fontsize=7.5, title_fontsize=7.5, frameon=False)  # fmt: skip
        points = list(zip(drawn["x"], drawn["y"], strict=True))
        names = [_style.shorten(str(name), 9) for name in drawn["name"]]
        _style.place_labels(ax, points[:labelled], names[:labelled], size=7.5, avoid=points)
    return ax
