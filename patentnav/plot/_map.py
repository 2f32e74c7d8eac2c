"""Parts of the patent map: what is drawn of a landscape, and where its words find room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from patentnav import i18n
from patentnav.errors import ArgumentError
from patentnav.i18n import text
from patentnav.plot import _regions, _style
from patentnav.plot._place import WORDS, by_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from patentnav.plot._overlay import Group

SIZE = (6.3, 6.9)  # inches: the width of a page's text
POINTS = (7.0, 9.6)  # size of the names of the smallest and the largest technology
LISTED = 36  # technologies up to which a key with all stands below the map
NAMED = 60  # technologies named on the map, the largest
ON_MAP, IN_KEY = 27, 16  # width of names in Chinese characters
LINES = (18, 13)  # widths to try of a line of a name, in Latin characters
KEY_SHARE = 0.4  # of the height of the axes, at the most for that key
LEVELS = np.array([0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])  # of the highest hill
STEPS = np.array([0.12, 0.3, 0.5, 0.75, 1.0])  # of the largest change
INK = 0.2  # of the axes, for all marks together
BANDS = 8.0  # points, legend and note


class Mapped(Protocol):
    """What the patent map needs of a technologies result."""

    @property
    def labels(self) -> pd.Series:
        """Technology id by publication."""

    @property
    def names(self) -> pd.Series:
        """Label text by technology id."""

    @property
    def layout(self) -> pd.DataFrame:
        """Columns ``x, y`` by publication."""


class Hills(Protocol):
    """A density grid: ``x`` (n), ``y`` (m) and ``density`` (m × n)."""

    @property
    def x(self) -> np.ndarray:
        """Places of the columns."""

    @property
    def y(self) -> np.ndarray:
        """Places of the rows."""

    @property
    def density(self) -> np.ndarray:
        """Heights."""


def placed_publications(technologies: Mapped) -> tuple[pd.DataFrame, pd.Series]:
    # By number, so that of two marks on one place always the same lies on top.
    layout = technologies.layout.dropna().sort_index()
    if layout.empty:
        msg = "No publication has a place on the map: none has text. Read titles or abstracts."
        raise ArgumentError(msg)
    return layout, technologies.labels.reindex(layout.index)


def publications_of(hills: Hills) -> float:
    """Number of publications under the hills: their integral."""
    cell = (hills.x[1] - hills.x[0]) * (hills.y[1] - hills.y[0])
    return float(hills.density.sum() * cell)


def draw_hills(ax: Axes, hills: Hills) -> None:
    top = float(np.max(hills.density)) or 1.0
    ax.contourf(
        hills.x,
        hills.y,
        hills.density,
        levels=[*LEVELS * top, np.inf],
        colors=hill_shades(),
        zorder=1,
    )
    # The whole grid, so that maps of parts of a set have the same scale.
    ax.update_datalim([(hills.x[0], hills.y[0]), (hills.x[-1], hills.y[-1])])
    lines = np.linspace(0.78, 0.45, len(LEVELS))
    ax.contour(
        hills.x,
        hills.y,
        hills.density,
        levels=LEVELS * top,
        zorder=1.5,
        colors=[str(v) for v in lines],
        linewidths=np.linspace(0.4, 0.8, len(LEVELS)),
    )


def hill_shades() -> list[tuple[float, float, float, float]]:
    """Colour of the ground from each level up."""
    shades = LinearSegmentedColormap.from_list("hills", _style.palette()["hills"])
    return [shades((i + 1) / len(LEVELS)) for i in range(len(LEVELS))]


def draw_marks(ax: Axes, layout: pd.DataFrame, group: Group, size: float, zorder: float) -> None:
    here, area = layout[group.here], size * group.area
    if group.open:
        ax.scatter(
            here["x"],
            here["y"],
            s=area,
            marker=group.marker,
            facecolors="none",
            edgecolors=group.colour,
            linewidths=0.5,
            zorder=zorder,
            gid="marks",
        )
        return
    # A white rim keeps neighbours apart where there is room for one.
    rim = 0.35 if area >= 7 else 0.0
    ax.scatter(
        here["x"],
        here["y"],
        s=area,
        marker=group.marker,
        color=group.colour,
        edgecolors="white",
        linewidths=rim,
        zorder=zorder,
        gid="marks",
    )


def draw_frame(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.margins(0.01)
    ax.set_aspect("equal", adjustable="datalim")


def remainder_of(technologies: Mapped) -> tuple[str, str] | None:
    """Id and name of what belongs to no technology, where a result has such a thing."""
    key = getattr(technologies, "remainder", None)
    return None if key is None else (str(key), str(technologies.names[key]))


def anchors_of(technologies: Mapped, layout: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Where the technologies are, the largest first; the remainder is nowhere."""
    rest = remainder_of(technologies)
    return _regions.anchors(layout, labels if rest is None else labels.mask(labels == rest[0]))


def called_names(
    technologies: Mapped, centres: pd.DataFrame, width: int, lang: str | None
) -> dict[str, str]:
    """Id and first terms of every technology."""
    names = technologies.names
    return {str(t): f"{t} {first_terms(str(names[t]), lang, width)}".strip() for t in centres.index}


def first_terms(name: str, lang: str | None, width: int) -> str:
    """Terms of a name that fit, whole ones; a first term that does not is shortened."""
    for separator in (text("cluster.separator", lang), "\u3001", ", "):
        terms = name.split(separator)
        if len(terms) > 1:
            break
    label = terms[0]
    for term in terms[1:]:
        if len(_style.shorten(longer := label + separator + term, width)) < len(longer):
            break
        label = longer
    return str(_style.shorten(label, width))


def write_names(
    ax: Axes,
    centres: pd.DataFrame,
    called: Mapping[str, str],
    sizes: pd.Series,
    *,
    labelled: int | None,
    layout: pd.DataFrame,
) -> None:
    """Names of the largest technologies: wrapped, larger and in the colour of their place."""
    keep_inside(ax)
    named = centres.head(NAMED if labelled is None else labelled)
    colours = by_place(centres.to_numpy(dtype="float64"), WORDS)
    most = float(sizes.max()) if len(sizes) else 1.0
    low, high = POINTS
    names = [
        _regions.Name(
            tuple(dict.fromkeys(_style.wrapped(called[str(t)], width) for width in LINES)),
            low + (high - low) * float(np.sqrt(sizes[t] / most)),
            colour,
        )
        for t, colour in zip(named.index, colours, strict=False)
    ]
    _regions.name_regions(ax, named, names, layout)


def keep_inside(ax: Axes) -> None:
    """Raise the axes of a figure without layout until note and legend are on it."""
    figure = ax.figure.get_figure(root=True)
    if figure.get_layout_engine() is not None:
        return
    figure.draw_without_rendering()
    parts = [part for part in (ax.get_legend(), ax.xaxis.label) if part is not None]
    lacking = max(-min(part.get_window_extent().y0 for part in parts), 0.0) / figure.bbox.height
    box = ax.get_position()
    if 0 < lacking < box.height / 2:
        ax.set_position((box.x0, box.y0 + lacking, box.width, box.height - lacking))


def overlay_word(values: pd.Series, lang: str | None) -> str:
    """Wording for the name of a series, where there is one; else the name itself."""
    if values.name is None:
        return ""
    key = f"plot.map.by.{values.name}"
    return text(key, lang) if i18n.has(key, lang) else str(values.name)


def extent_of(ax: Axes) -> np.ndarray:
    """Width and height of the axes in points, as far as they are settled."""
    figure = ax.figure.get_figure(root=True)
    figure.draw_without_rendering()
    return np.asarray(ax.get_window_extent().size) * 72 / figure.dpi


def has_room(ax: Axes, entries: int) -> bool:
    """Whether a key of so many entries leaves enough of the axes for the map."""
    width, height = extent_of(ax)
    rows = -(-entries // max(int(width // 170), 1))
    return bool(rows * BANDS * 1.5 <= KEY_SHARE * height)


def write_note(ax: Axes, technologies: Mapped, layout: pd.DataFrame, lang: str | None) -> float:
    lost = len(technologies.layout) - len(layout)
    rest = remainder_of(technologies)
    count = len(technologies.names) - (rest is not None)
    note = text("plot.map.note", lang, n=len(layout), count=count)
    if rest is not None and (
        outside := int((technologies.labels.reindex(layout.index) == rest[0]).sum())
    ):
        note += text("plot.map.rest", lang, n=outside)
    if lost:
        note += text("plot.map.lost", lang, n=lost)
    return write_below(ax, note + text("plot.map.reading", lang))


def write_below(ax: Axes, note: str) -> float:
    """Write a note below the axes; its height in points."""
    lines = _style.wrapped(note, max(int(extent_of(ax)[0] / (0.52 * BANDS)), 20))
    ax.set_xlabel(lines, fontsize=BANDS, color="0.25", loc="left", linespacing=1.3)
    ax.xaxis.label.set_fontfamily(_style.font_family())
    return (lines.count("\n") + 1) * BANDS * 1.4 + 4


def legend_place(ax: Axes, offset: float) -> dict[str, Any]:
    figure = ax.figure.get_figure(root=True)
    moved = ax.transAxes + ScaledTranslation(0, -(offset + 3) / 72, figure.dpi_scale_trans)
    return {
        "loc": "upper left",
        "bbox_to_anchor": (0.0, 0.0),
        "bbox_transform": moved,
        "borderaxespad": 0.0,
        "borderpad": 0.0,
        "handletextpad": 0.3,
        "columnspacing": 1.2,
        "prop": {"size": BANDS, "family": _style.font_family()},
    }


def write_legend(ax: Axes, groups: Sequence[Group], *, title: str, below: float) -> None:
    """Legend in columns below the note; every entry with its count."""
    ordered = sorted(groups, key=lambda g: g.order)
    labels = [f"{_style.shorten(g.name, 18)} {g.count:,}" for g in ordered]
    widest = max(map(_style.columns, labels), default=1) * 0.53 * BANDS + 3.2 * BANDS
    columns = int(np.clip(extent_of(ax)[0] // widest, 1, max(len(labels), 1)))
    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=g.marker,
            markersize=5.5,
            color=g.colour,
            markerfacecolor="none" if g.open else g.colour,
            markeredgewidth=0.8 if g.open else 0,
            label=label,
        )
        for g, label in zip(ordered, labels, strict=True)
    ]
    legend = ax.legend(
        handles=handles,
        ncols=columns,
        title=title,
        labelspacing=0.3,
        title_fontproperties={"size": BANDS, "family": _style.font_family()},
        **legend_place(ax, below),
    )
    legend.set_alignment("left")
