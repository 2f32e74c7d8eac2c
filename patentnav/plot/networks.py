"""The talent map: people, their teams, roles, regions and ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D

from patentnav.errors import WrongKindError
from patentnav.i18n import text
from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    from matplotlib.axes import Axes

LISTED = 8  # groups in the legend, with a colour of their own
ALL_NAMED = 60  # people up to which everybody is named
NAMED = 30
_MARKERS = {"key_person": "D", "core": "s", "bridge": "^", "rising": "P"}
_ALONE = "#D3D8DC"
_TINT = 0.55  # of white, in the colours of groups outside the legend


class Talents(Protocol):
    """What is drawn of a :class:`patentnav.talent.TalentMap`."""

    @property
    def people(self) -> pd.DataFrame:
        """``x, y, team, team_name, role, region`` by person."""

    @property
    def graph(self) -> nx.Graph:
        """Ties of the people who are placed."""


def talent_map(
    graph: Talents | nx.Graph,
    layout: pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
    teams: pd.Series | None = None,
    team_names: Mapping[str, str] | None = None,
    roles: pd.Series | None = None,
    regions: pd.Series | None = None,
    colour: Literal["team", "region"] = "team",
    labelled: int | None = None,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw the network of inventors: area by output, shape by role, colour by team or region.

    Parameters
    ----------
    graph
        What :func:`patentnav.talent.talent_map` returned, with all that is drawn of it; or a graph
        with node attributes ``name`` and ``publications`` and edge attribute ``weight``
        (:func:`patentnav.network.inventors`).
    layout
        ``x, y`` by node of a graph (:func:`patentnav.network.layout`).
    ax
        Axes to draw on; new ones when omitted.
    teams
        Team by node (:func:`patentnav.network.communities`); missing for people without one.
    team_names
        Names of teams (as text) for the legend.
    roles
        ``key_person, core, bridge, rising`` by node; missing for others.
    regions
        Region by node; the legend says the main region of each team.
    colour
        What the colours say: the team or the region.
    labelled
        Number of people named, by output; a label without free room is left out. All of up to 60
        people, else 30, when omitted.
    unit
        Unit of ``publications``, for the legend; that of the graph when omitted.
    lang
        Language of the legend.

    Returns
    -------
    matplotlib.axes.Axes
        The eight largest groups have a colour of their own and stand in the legend; others share
        light colours, and people without a group are grey.

    Raises
    ------
    WrongKindError
        ``graph`` is neither, or a graph comes without its layout.
    """
    if hasattr(graph, "people"):
        placed = graph.people.dropna(subset=["x", "y"])
        layout = placed[["x", "y"]] if layout is None else layout
        teams = placed["team"] if teams is None else teams
        roles = placed["role"] if roles is None else roles
        regions = placed["region"] if regions is None else regions
        named = placed.dropna(subset="team").drop_duplicates("team").set_index("team")["team_name"]
        if team_names is None:
            team_names = {str(team): name for team, name in named.items()}
        graph = graph.graph
    if layout is None or not hasattr(graph, "nodes"):
        msg = (
            "A talent map is drawn of what patentnav.talent.talent_map(patents) returned, or of a "
            f"graph and its layout, not of {type(graph).__name__} alone. A graph gets its layout by "
            "patentnav.network.layout(graph)."
        )
        raise WrongKindError(msg)
    people = _people(graph, layout, {"team": teams, "region": regions, "role": roles})
    with _style.style():
        ax = _style.axes(ax)
        ax.set_axis_off()
        ax.set_aspect("equal", adjustable="box", anchor="W")
        _ties(ax, graph, people)
        colours = _colours(people[colour])
        _points(
            ax, people, people[colour].astype("object").map(colours).astype("object").fillna(_ALONE)
        )
        ax.margins(0.04)
        _legend(
            ax,
            people,
            colours,
            (colour, team_names or {}, unit or graph.graph.get("unit", "unstated"), lang),
        )
        count = labelled if labelled is not None else _named(len(people))
        chosen = people.sort_values(["output", "name"], ascending=[False, True], kind="stable")
        chosen = chosen.head(count)
        _style.place_labels(
            ax,
            list(zip(chosen["x"], chosen["y"], strict=True)),
            [_style.shorten(name, 8) for name in chosen["name"]],
            size=8,
        )
    return ax


def _named(people: int) -> int:
    return people if people <= ALL_NAMED else NAMED


def _people(
    graph: nx.Graph, layout: pd.DataFrame, groups: Mapping[str, pd.Series | None]
) -> pd.DataFrame:
    nodes = [n for n in layout.index if n in graph]
    people = layout.loc[nodes, ["x", "y"]].astype("float64")
    for name, values in groups.items():
        people[name] = pd.Series(dtype="str") if values is None else values.reindex(nodes)
    people["output"] = [float(graph.nodes[n].get("publications", 1.0)) for n in nodes]
    people["name"] = [str(graph.nodes[n].get("name", n)) for n in nodes]
    return people


def _ties(ax: Axes, graph: nx.Graph, people: pd.DataFrame) -> None:
    where = {node: place for place, node in enumerate(people.index)}
    ties = [
        (where[a], where[b], float(w))
        for a, b, w in graph.edges(data="weight", default=1.0)
        if a in where and b in where
    ]
    if not ties:
        return
    ends = np.array([(a, b) for a, b, _ in ties])
    weight = np.array([w for _, _, w in ties])
    thin = _size(len(people)) / _size(0)
    width = (0.3 + 1.8 * np.sqrt(weight / weight.max())) * np.sqrt(thin)
    xy = people[["x", "y"]].to_numpy()
    ax.add_collection(
        LineCollection(list(xy[ends]), linewidths=width, colors="0.72", alpha=0.7, zorder=2)
    )


def _size(people: int) -> float:
    """Area of the largest circle, in square points."""
    return float(np.clip(24000 / max(people, 1), 26, 170))


def _points(ax: Axes, people: pd.DataFrame, colour: pd.Series) -> None:
    share = people["output"] / max(people["output"].max(), 1e-9)
    largest = _size(len(people))
    area = largest * (0.2 + 0.8 * share)
    line = 0.7 * np.sqrt(largest / _size(0))
    for role in (None, *_MARKERS):
        here = people["role"].isna() if role is None else (people["role"] == role).fillna(False)
        if not here.any():
            continue
        shape = "o" if role is None else _MARKERS[role]
        ax.scatter(
            people.loc[here, "x"],
            people.loc[here, "y"],
            s=area[here],
            marker=shape,
            c=list(colour[here]),
            edgecolors="white" if role is None else "0.25",
            linewidths=line,
            zorder=3 if role is None else 4,
        )


def _colours(groups: pd.Series) -> dict[object, str]:
    counts = groups.value_counts()
    order = sorted(counts.index, key=lambda g: (-counts[g], str(g)))
    cycle = _style.palette()["cycle"]
    light = [_tint(c) for c in cycle[LISTED:]]
    rest = {g: light[i % len(light)] for i, g in enumerate(order[LISTED:])}
    return {**dict(zip(order, cycle[:LISTED], strict=False)), **rest}


def _tint(colour: str) -> str:
    red, green, blue = (c + (1 - c) * _TINT for c in to_rgb(colour))
    return to_hex((red, green, blue))


def _legend(
    ax: Axes,
    people: pd.DataFrame,
    colours: Mapping[object, str],
    words: tuple[str, Mapping[str, str], str, str | None],
) -> None:
    colour, names, unit, lang = words
    entries = []
    for group, shade in list(colours.items())[:LISTED]:
        label = str(group)
        if colour == "team":
            label = _label(people[people["team"] == group], str(names.get(label, label)), lang)
        entries.append(_entry(shade, "o", f"{label} ({(people[colour] == group).sum()})"))
    if len(colours) > LISTED:
        rest = text("plot.talent.others", lang, count=len(colours) - LISTED)
        entries.append(_entry(list(colours.values())[LISTED], "o", rest))
    if people[colour].isna().any():
        entries.append(_entry(_ALONE, "o", text(f"plot.talent.no_{colour}", lang)))
    for role, marker in _MARKERS.items():
        if (people["role"] == role).any():
            entries.append(_entry("0.75", marker, text(f"plot.talent.{role}", lang), edge="0.15"))
    legend = ax.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        title=text("plot.talent.size", lang, unit=text(f"plot.unit.{unit}", lang)),
        title_fontproperties={"size": 8, "family": _style.font_family()},
    )
    legend.set_alignment("left")


def _label(members: pd.DataFrame, name: str, lang: str | None) -> str:
    label = text("plot.talent.team_of", lang, name=_style.shorten(name, 8))
    region = members["region"].value_counts()
    if region.empty:
        return label
    usual = min(region.index[region == region.iloc[0]], key=str)
    return text("plot.talent.team_in", lang, team=label, region=usual)


def _entry(colour: str, marker: str, label: str, *, edge: str = "white") -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="",
        marker=marker,
        markersize=7,
        color=colour,
        markeredgecolor=edge,
        markeredgewidth=0.6,
        label=label,
    )
