"""The talent map: people, their teams and ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection

from patentnav.i18n import text
from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    from matplotlib.axes import Axes


def talent_map(
    graph: nx.Graph,
    layout: pd.DataFrame,
    *,
    ax: Axes | None = None,
    teams: pd.Series | None = None,
    team_names: Mapping[str, str] | None = None,
    labelled: int = 30,
    unit: str = "application",
    lang: str | None = None,
) -> Axes:
    """Draw the network of inventors: circle area by output, colour by team, strongest named.

    Parameters
    ----------
    graph
        Graph with node attributes ``name`` and ``publications`` and edge attribute ``weight``
        (:func:`patentnav.network.inventors`).
    layout
        ``x, y`` by node (:func:`patentnav.network.layout`).
    ax
        Axes to draw on; new ones when omitted.
    teams
        Team by node (:func:`patentnav.network.communities`).
    team_names
        Names of teams for the legend.
    labelled
        Number of people named, by output; a label without free room is left out.
    unit
        Unit of ``publications``, for the legend.
    lang
        Language of the legend.

    Returns
    -------
    matplotlib.axes.Axes
    """
    nodes = [n for n in layout.index if n in graph]
    xy = layout.loc[nodes, ["x", "y"]].to_numpy(dtype="float64")
    output = np.array([float(graph.nodes[n].get("publications", 1.0)) for n in nodes])
    names = [str(graph.nodes[n].get("name", n)) for n in nodes]
    team = teams.reindex(nodes) if teams is not None else pd.Series(index=nodes, dtype="str")
    where = {n: i for i, n in enumerate(nodes)}
    with _style.style():
        ax = _style.axes(ax)
        _ties(ax, graph, where, xy)
        scale = 900 / np.sqrt(max(len(nodes), 1))
        area = 6 + scale * output / max(output.max(initial=0), 1e-9)
        colour = _team_colours(team)
        ax.scatter(xy[:, 0], xy[:, 1], s=area, c=[colour[t] for t in team.astype("object")],
                   edgecolors="white", linewidths=0.5, zorder=3)  # fmt: skip
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.margins(0.05)
        ax.set_aspect("equal", adjustable="datalim")
        _legend(
            ax, colour, team, team_names=team_names or {}, unit=text(f"plot.unit.{unit}", lang),
            lang=lang,
        )  # fmt: skip
        order = sorted(range(len(nodes)), key=lambda i: (-output[i], names[i], str(nodes[i])))
        order = order[:labelled]
        _style.place_labels(ax, [tuple(xy[i]) for i in order],
                            [_style.shorten(names[i], 10) for i in order], size=8)  # fmt: skip
    return ax


def _ties(ax: Axes, graph: nx.Graph, where: Mapping[str, int], xy: np.ndarray) -> None:
    ties = [(where[a], where[b], float(w)) for a, b, w in graph.edges(data="weight", default=1.0)
            if a in where and b in where]  # fmt: skip
    if not ties:
        return
    ends = np.array([(a, b) for a, b, _ in ties])
    weight = np.array([w for _, _, w in ties])
    width = 0.3 + 1.8 * np.sqrt(weight / weight.max())
    ax.add_collection(
        LineCollection(list(xy[ends]), linewidths=width, colors="0.72", alpha=0.7, zorder=2)
    )


def _team_colours(team: pd.Series) -> dict[object, str]:
    counts = team.value_counts()
    order = sorted(counts.index, key=lambda t: (-counts[t], str(t)))
    cycle, grey = _style.palette()["cycle"], _style.palette()["missing"]
    colour: dict[object, str] = {t: cycle[i] if i < len(cycle) else grey
                                 for i, t in enumerate(order)}  # fmt: skip
    for value in team.unique():
        colour.setdefault(value, grey)
    return colour


def _legend(
    ax: Axes,
    colour: Mapping[object, str],
    team: pd.Series,
    *,
    team_names: Mapping[str, str],
    unit: str,
    lang: str | None,
) -> None:
    counts = team.value_counts()
    largest = sorted(counts.index, key=lambda t: (-counts[t], str(t)))[:8]
    for t in largest:
        default = f"{text('plot.talent.team', lang)} {t}"
        name = _style.shorten(str(team_names.get(t, default)), 14)
        ax.scatter([], [], s=40, color=colour[t], label=f"{name} ({counts[t]})")
    legend = ax.legend(
        loc="upper left", bbox_to_anchor=(1.0, 1.0), title=text("plot.talent.size", lang, unit=unit),
        title_fontproperties={"size": 8, "family": _style.font_family()},
    )  # fmt: skip
    legend.set_alignment("left")
