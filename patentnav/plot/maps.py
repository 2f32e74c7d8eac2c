"""The patent map: a landscape of technologies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from patentnav import i18n
from patentnav.errors import ArgumentError
from patentnav.i18n import text
from patentnav.plot import _overlay, _regions, _style
from patentnav.plot._overlay import Group, overlay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

SIZE = (6.3, 6.9)  # inches: the width of a page's text
POINTS = 7.5  # size of the names of technologies
LISTED = 36  # technologies up to which all are named, and a key with all stands below the map
NAMED_OF_MANY = 30
ON_MAP, IN_KEY = 11, 16  # width of names in Chinese characters
KEY_SHARE = 0.4  # of the height of the axes, at the most for that key
LEVELS = np.array([0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])  # of the highest hill
STEPS = np.array([0.12, 0.3, 0.5, 0.75, 1.0])  # of the largest change
INK = 0.2  # of the axes, for all marks together
BANDS = 8.0  # points, legend and note


@dataclass(frozen=True, eq=False)
class MapParts:
    """A patent map as data, for drawing elsewhere.

    Attributes
    ----------
    groups
        Publications by technology, with colour and shape; masks over the rows of ``layout``.
    names
        ``x, y, name`` by technology, the largest first: where its name belongs.
    hills
        ``level, colour, line, x, y``: closed contour lines from low to high, each filled with its colour.
    layout
        ``x, y`` by publication, without those that have no place.
    """

    groups: list[Group]
    names: pd.DataFrame
    hills: pd.DataFrame
    layout: pd.DataFrame


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


def patent_map(
    technologies: Mapped,
    *,
    ax: Axes | None = None,
    hills: Hills | None = None,
    colour_by: pd.Series | None = None,
    names: Mapping[Any, str] | pd.Series | None = None,
    top: int = 6,
    title: str | None = None,
    labelled: int | None = None,
    note: bool = True,
    key: bool = True,
    lang: str | None = None,
) -> Axes:
    """Draw the landscape: a mark per publication, hills of activity, technologies by name.

    Parameters
    ----------
    technologies
        Result with ``labels``, ``names`` and ``layout``.
    ax
        Axes to draw on; new ones as wide as a page's text when omitted.
    hills
        Density grid (:func:`patentnav.cluster.landscape`), of all or of some publications. When
        omitted, that of all publications with a width that suits their number.
    colour_by
        Overlay, a value per publication: a category (applicant, industry, legal status), a truth
        value (a mask of one's own: the others turn grey) or a number such as the year (cut into up to
        five classes of about equal size). Without it marks show their technology.
    names
        Names to show for values of ``colour_by``; those of legal status are known.
    top
        Number of categories with a colour of their own, ten at the most; the rest is grey.
    title
        What the overlay is, above its legend; the name of ``colour_by`` when omitted.
    labelled
        Number of technologies named on the map, the largest; the others show their id. All of up to
        36, else 30, when omitted.
    note
        Whether a line below says what is drawn.
    key
        Whether a list of the technologies stands below a map without overlay, where it has room.
    lang
        Language of the figure's own words.

    Returns
    -------
    matplotlib.axes.Axes
        Names of technologies have the gid ``region``. The legend counts publications.

    Raises
    ------
    ArgumentError
        No publication has a place; ``top`` is below one.

    Notes
    -----
    The axes have no unit and no direction: only nearness means something. Publications without text
    have no place; the note counts them. Unknown values and those outside ``top`` lie below all others,
    and of the others the rare ones lie on top and are larger, so that a large one hides none.
    """
    layout, labels = _placed(technologies)
    with _style.style():
        ax = _style.axes(ax, SIZE)
        size = float(np.clip(INK * _extent(ax).min() ** 2 / len(layout), 1.6, 24))
        _hills(ax, hills or _regions.density(layout))
        centres = _regions.anchors(layout, labels)
        if colour_by is None:
            drawn = _overlay.regions(labels, centres, _called(technologies, centres, IN_KEY, lang))
            size *= 0.7
        else:
            drawn = overlay(colour_by.reindex(layout.index), names=names, top=top, lang=lang)
        for i, group in enumerate(drawn):
            _marks(ax, layout, group, size, 3 + i / (len(drawn) + 1))
        _frame(ax)
        below = _note(ax, technologies, layout, lang) if note else 0.0
        if colour_by is not None:
            word = title if title is not None else _overlay_word(colour_by, lang)
            _legend(ax, drawn, below=below,
                    title=text("plot.map.legend", lang, name=word).lstrip())  # fmt: skip
        elif key and len(centres) <= LISTED and _has_room(ax, len(centres)):
            _legend(ax, [g for g in drawn if g.name], below=below,
                    title=text("plot.map.legend", lang, name=text("plot.map.technology", lang)))  # fmt: skip
        _names(ax, centres, _called(technologies, centres, ON_MAP, lang), (labelled, layout))
    return ax


def map_parts(technologies: Mapped, *, lang: str | None = None) -> MapParts:
    """Marks, names and hills of the patent map, for drawing by other means.

    Parameters
    ----------
    technologies
        Result with ``labels``, ``names`` and ``layout``.
    lang
        Language whose separators the names have.

    Returns
    -------
    MapParts

    Raises
    ------
    ArgumentError
        No publication has a place.
    """
    layout, labels = _placed(technologies)
    centres = _regions.anchors(layout, labels)
    names = _called(technologies, centres, ON_MAP, lang)
    called = [names[str(t)] for t in centres.index]
    groups = _overlay.regions(labels, centres, _called(technologies, centres, IN_KEY, lang))
    hills = _regions.outlines(_regions.density(layout), LEVELS)
    shades = _shades()
    colours = [to_hex(shades[level]) for level in hills["level"]]
    hills.insert(1, "colour", colours)
    return MapParts(groups, centres.assign(name=called), hills, layout)


def landscape_change(
    technologies: Mapped,
    before: Hills,
    after: Hills,
    *,
    ax: Axes | None = None,
    names: tuple[str, str] | None = None,
    labelled: int | None = None,
    note: bool = True,
    lang: str | None = None,
) -> Axes:
    """Draw where activity gained and lost weight between two landscapes of one map.

    Parameters
    ----------
    technologies
        Result with ``labels``, ``names`` and ``layout``.
    before, after
        Two landscapes over the same grid, e.g. of two periods
        (:func:`patentnav.cluster.landscape` with ``which``); or of two applicants.
    ax
        Axes to draw on; new ones when omitted.
    names
        Names of the two, for the note.
    labelled
        Number of technologies named on the map, the largest; the others show their id. All of up to
        36, else 30, when omitted.
    note
        Whether a line below says what is drawn.
    lang
        Language of the figure's own words.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        The grids differ, or one of the landscapes holds no publication.

    Notes
    -----
    Each landscape is first divided by its number of publications: the map shows shares, so that growth
    of the whole does not colour everything. A fall is hatched, for greyscale.
    """
    same = before.density.shape == after.density.shape
    if not (same and np.allclose(before.x, after.x) and np.allclose(before.y, after.y)):
        msg = "The two landscapes lie on different grids. Make both of the same technologies and cells."
        raise ArgumentError(msg)
    counts = [_publications(h) for h in (before, after)]
    if min(counts) < 0.5:
        msg = "One of the two landscapes holds no publication, so there is no change to show."
        raise ArgumentError(msg)
    layout, labels = _placed(technologies)
    change = after.density / counts[1] - before.density / counts[0]
    most = float(np.abs(change).max()) or 1.0
    with _style.style():
        ax = _style.axes(ax, SIZE)
        look = _style.palette()
        ax.scatter(layout["x"], layout["y"], s=float(np.clip(12000 / len(layout), 1.2, 10)),
                   linewidths=0, color=look["missing"], zorder=2)  # fmt: skip
        for sign, colour, hatch in ((1, look["rise"], None), (-1, look["fall"], "/////")):
            shades = [(*to_rgb(colour), a) for a in np.linspace(0.25, 0.85, len(STEPS) - 1)]
            with mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": "white"}):
                ax.contourf(after.x, after.y, sign * change, levels=STEPS * most, colors=shades,
                            hatches=[hatch], zorder=3)  # fmt: skip
            ax.contour(after.x, after.y, sign * change, levels=STEPS[:-1] * most, colors=[colour],
                       linewidths=0.7, linestyles="-" if sign > 0 else "--", zorder=3)  # fmt: skip
        _frame(ax)
        below = 0.0
        if note:
            told = names or (text("plot.map.before", lang), text("plot.map.after", lang))
            below = _write(ax, text("plot.map.change_note", lang, before=told[0], after=told[1],
                                    n_before=round(counts[0]), n_after=round(counts[1])))  # fmt: skip
        entries = [
            Patch(facecolor=look[key], alpha=0.75, edgecolor="white", hatch=hatch, linewidth=0,
                  label=text(f"plot.map.{key}", lang))
            for key, hatch in (("rise", None), ("fall", "/////"))
        ]  # fmt: skip
        ax.legend(handles=entries, **_below(ax, below), ncols=2)
        centres = _regions.anchors(layout, labels)
        _names(ax, centres, _called(technologies, centres, ON_MAP, lang), (labelled, layout))
    return ax


def _placed(technologies: Mapped) -> tuple[pd.DataFrame, pd.Series]:
    # By number, so that of two marks on one place always the same lies on top.
    layout = technologies.layout.dropna().sort_index()
    if layout.empty:
        msg = "No publication has a place on the map: none has text. Read titles or abstracts."
        raise ArgumentError(msg)
    return layout, technologies.labels.reindex(layout.index)


def _publications(hills: Hills) -> float:
    """Number of publications under the hills: their integral."""
    cell = (hills.x[1] - hills.x[0]) * (hills.y[1] - hills.y[0])
    return float(hills.density.sum() * cell)


def _hills(ax: Axes, hills: Hills) -> None:
    top = float(np.max(hills.density)) or 1.0
    ax.contourf(hills.x, hills.y, hills.density, levels=[*LEVELS * top, np.inf], colors=_shades(),
                zorder=1)  # fmt: skip
    # The whole grid, so that maps of parts of a set have the same scale.
    ax.update_datalim([(hills.x[0], hills.y[0]), (hills.x[-1], hills.y[-1])])
    lines = np.linspace(0.78, 0.45, len(LEVELS))
    ax.contour(hills.x, hills.y, hills.density, levels=LEVELS * top, zorder=1.5,
               colors=[str(v) for v in lines], linewidths=np.linspace(0.4, 0.8, len(LEVELS)))  # fmt: skip


def _shades() -> list[tuple[float, float, float, float]]:
    """Colour of the ground from each level up."""
    shades = LinearSegmentedColormap.from_list("hills", _style.palette()["hills"])
    return [shades((i + 1) / len(LEVELS)) for i in range(len(LEVELS))]


def _marks(ax: Axes, layout: pd.DataFrame, group: Group, size: float, zorder: float) -> None:
    here, area = layout[group.here], size * group.area
    if group.open:
        ax.scatter(here["x"], here["y"], s=area, marker=group.marker, facecolors="none",
                   edgecolors=group.colour, linewidths=0.5, zorder=zorder, gid="marks")  # fmt: skip
        return
    # A white rim keeps neighbours apart where there is room for one.
    rim = 0.35 if area >= 7 else 0.0
    ax.scatter(here["x"], here["y"], s=area, marker=group.marker, color=group.colour,
               edgecolors="white", linewidths=rim, zorder=zorder, gid="marks")  # fmt: skip


def _frame(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.margins(0.01)
    ax.set_aspect("equal", adjustable="datalim")


def _called(
    technologies: Mapped, centres: pd.DataFrame, width: int, lang: str | None
) -> dict[str, str]:
    """Id and first terms of every technology."""
    names = technologies.names
    return {
        str(t): f"{t} {_first_terms(str(names[t]), lang, width)}".strip() for t in centres.index
    }


def _first_terms(name: str, lang: str | None, width: int) -> str:
    """Terms of a name that fit, whole ones; a first term that does not is shortened."""
    for separator in (text("cluster.separator", lang), "\u3001", ", "):
        terms = name.split(separator)
        if len(terms) > 1:
            break
    shown = terms[0]
    for term in terms[1:]:
        if len(_style.shorten(longer := shown + separator + term, width)) < len(longer):
            break
        shown = longer
    return str(_style.shorten(shown, width))


def _names(
    ax: Axes,
    centres: pd.DataFrame,
    called: Mapping[str, str],
    wanted: tuple[int | None, pd.DataFrame],
) -> None:
    labelled, layout = wanted
    _keep_inside(ax)
    if labelled is None:
        labelled = len(centres) if len(centres) <= LISTED else NAMED_OF_MANY
    variants = [[called[str(t)], str(t)] if i < labelled else [str(t)]
                for i, t in enumerate(centres.index)]  # fmt: skip
    _regions.name_regions(ax, centres, variants, layout, POINTS)


def _keep_inside(ax: Axes) -> None:
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


def _overlay_word(values: pd.Series, lang: str | None) -> str:
    """Wording for the name of a series, where there is one; else the name itself."""
    if values.name is None:
        return ""
    key = f"plot.map.by.{values.name}"
    return text(key, lang) if i18n.has(key, lang) else str(values.name)


def _extent(ax: Axes) -> np.ndarray:
    """Width and height of the axes in points, as far as they are settled."""
    figure = ax.figure.get_figure(root=True)
    figure.draw_without_rendering()
    return np.asarray(ax.get_window_extent().size) * 72 / figure.dpi


def _has_room(ax: Axes, entries: int) -> bool:
    """Whether a key of so many entries leaves enough of the axes for the map."""
    width, height = _extent(ax)
    rows = -(-entries // max(int(width // 170), 1))
    return bool(rows * BANDS * 1.5 <= KEY_SHARE * height)


def _note(ax: Axes, technologies: Mapped, layout: pd.DataFrame, lang: str | None) -> float:
    lost = len(technologies.layout) - len(layout)
    told = text("plot.map.note", lang, n=len(layout), count=len(technologies.names))
    if lost:
        told += text("plot.map.lost", lang, n=lost)
    return _write(ax, told + text("plot.map.reading", lang))


def _write(ax: Axes, note: str) -> float:
    """Write a note below the axes; its height in points."""
    lines = _style.wrapped(note, max(int(_extent(ax)[0] / (0.52 * BANDS)), 20))
    ax.set_xlabel(lines, fontsize=BANDS, color="0.25", loc="left", linespacing=1.3)
    ax.xaxis.label.set_fontfamily(_style.font_family())
    return (lines.count("\n") + 1) * BANDS * 1.4 + 4


def _below(ax: Axes, offset: float) -> dict[str, Any]:
    figure = ax.figure.get_figure(root=True)
    moved = ax.transAxes + ScaledTranslation(0, -(offset + 3) / 72, figure.dpi_scale_trans)
    return {
        "loc": "upper left", "bbox_to_anchor": (0.0, 0.0), "bbox_transform": moved,
        "borderaxespad": 0.0, "borderpad": 0.0, "handletextpad": 0.3, "columnspacing": 1.2,
        "prop": {"size": BANDS, "family": _style.font_family()},
    }  # fmt: skip


def _legend(ax: Axes, groups: Sequence[Group], *, title: str, below: float) -> None:
    """Legend in columns below the note; every entry with its count."""
    ordered = sorted(groups, key=lambda g: g.order)
    labels = [f"{_style.shorten(g.name, 18)} {g.count:,}" for g in ordered]
    widest = max(map(_style.columns, labels), default=1) * 0.53 * BANDS + 3.2 * BANDS
    columns = int(np.clip(_extent(ax)[0] // widest, 1, max(len(labels), 1)))
    handles = [
        Line2D([], [], linestyle="", marker=g.marker, markersize=5.5, color=g.colour,
               markerfacecolor="none" if g.open else g.colour, markeredgewidth=0.8 if g.open else 0,
               label=label)
        for g, label in zip(ordered, labels, strict=True)
    ]  # fmt: skip
    legend = ax.legend(handles=handles, ncols=columns, title=title, labelspacing=0.3,
                       title_fontproperties={"size": BANDS, "family": _style.font_family()},
                       **_below(ax, below))  # fmt: skip
    legend.set_alignment("left")
