"""The roadmap of technologies: lanes, columns of years, nodes and the citations between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pandas as pd

from patentnav.i18n import text
from patentnav.plot import _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

_APART = 0.2  # from the middle of a lane, where a cell has two nodes
_LONGEST = 7  # Chinese characters of a term; numbers of publications are never cut


class Steps(Protocol):
    """What is drawn of a :class:`patentnav.planning.Roadmap`."""

    @property
    def nodes(self) -> pd.DataFrame:
        """``publication_id, technology, start, end``."""

    @property
    def edges(self) -> pd.DataFrame:
        """``earlier_id, later_id``; None with terms."""


def roadmap(
    nodes: Steps | pd.DataFrame,
    edges: pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw a roadmap: a lane per technology, a column per three years, arrows from cited to citing.

    Parameters
    ----------
    nodes, edges
        What :func:`patentnav.planning.roadmap` returned, or its parts: ``publication_id, technology, start, end`` and
        ``on_path, used`` or ``term``; ``earlier_id, later_id``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of the technologies.
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
    nodes, edges = _parts(nodes, edges)
    _frames.need(nodes, "publication_id", "technology", "start", "end")
    _frames.need(edges, "earlier_id", "later_id")
    names = _frames.named(labels)
    lanes = sorted(nodes["technology"].unique())
    columns = sorted(nodes[["start", "end"]].drop_duplicates().itertuples(index=False, name=None))
    height = {lane: len(lanes) - 1 - i for i, lane in enumerate(lanes)}
    place = {start: i for i, (start, _) in enumerate(columns)}
    look = _style.palette()
    terms = "term" in nodes.columns
    spots: dict[str, tuple[float, float]] = {}
    for (lane, start), group in nodes.groupby(["technology", "start"], sort=True):
        for i, publication in enumerate(group["publication_id"]):
            shift = 0.0 if len(group) == 1 else _APART - i * 2 * _APART / (len(group) - 1)
            spots[str(publication)] = (place[start], height[lane] + shift)
    with _style.style():
        ax = _style.axes(ax, (1.6 + 0.8 * len(columns), 1.2 + 0.6 * len(lanes)))
        for lane in lanes:
            if height[lane] % 2 == 0:
                ax.axhspan(height[lane] - 0.5, height[lane] + 0.5, color="0.96", zorder=0)
        for earlier, later in zip(edges["earlier_id"], edges["later_id"], strict=True):
            bend = 0.25 if spots[earlier][0] == spots[later][0] else 0.08
            ax.annotate(
                "", spots[later], xytext=spots[earlier], zorder=1,
                arrowprops={"arrowstyle": "-|>", "color": look["missing"], "linewidth": 0.9,
                            "shrinkA": 4, "shrinkB": 4, "connectionstyle": f"arc3,rad={bend}"},
            )  # fmt: skip
        for key, shown in _kinds(nodes, terms=terms).items():
            here = [spots[str(p)] for p in nodes.loc[shown, "publication_id"]]
            if here:
                x, y = zip(*here, strict=True)
                mark, filled = {"path": ("o", True), "used": ("D", True), "other": ("o", False),
                                "term": ("o", True)}[key]  # fmt: skip
                colour = look["bad"] if key == "used" else look["accent"]
                ax.scatter(x, y, marker=mark, s=26, zorder=3, edgecolor=colour,
                           facecolor=colour if filled else "white",
                           label=None if terms else text(f"plot.roadmap.{key}", lang))  # fmt: skip
        written = nodes["term"] if terms else nodes["publication_id"]
        for publication, label in zip(nodes["publication_id"], written, strict=True):
            x0, y0 = spots[str(publication)]
            shown_label = _style.shorten(str(label), _LONGEST) if terms else str(label)
            ax.annotate(shown_label, (x0, y0), xytext=(0, 5), textcoords="offset points",
                        ha="center", va="bottom", fontsize=6.5, zorder=4,
                        fontfamily=_style.font_family())  # fmt: skip
        ax.set_yticks([height[n] for n in lanes],
                      [_style.wrapped(_style.shorten(str(names.get(n, n)), 14), 16) for n in lanes])  # fmt: skip
        ax.set_xticks(range(len(columns)), [f"{a}–{b % 100:02d}" for a, b in columns])
        for label in (*ax.get_yticklabels(), *ax.get_xticklabels()):
            label.set_fontsize(7.5)
        ax.set_xlim(-0.6, len(columns) - 0.4)
        ax.set_ylim(-0.5, len(lanes) - 0.45)
        ax.grid(visible=False)
        ax.tick_params(length=0)
        if not terms:
            ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, fontsize=8)
    return ax


def _parts(
    nodes: Steps | pd.DataFrame, edges: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and edges, as they were given or of a result; of terms there are no edges."""
    drawn = nodes if isinstance(nodes, pd.DataFrame) else nodes.nodes
    ties = edges if isinstance(nodes, pd.DataFrame) else nodes.edges
    return drawn, pd.DataFrame({"earlier_id": [], "later_id": []}) if ties is None else ties


def _kinds(nodes: pd.DataFrame, *, terms: bool) -> dict[str, pd.Series]:
    """Which nodes are drawn alike."""
    if terms:
        return {"term": nodes["term"].notna()}
    used = nodes["used"].fillna(False).astype(bool)
    path = nodes["on_path"].astype(bool)
    return {"path": path & ~used, "used": used, "other": ~path & ~used}
