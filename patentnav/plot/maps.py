"""The patent map: a landscape of technologies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Patch

from patentnav.errors import ArgumentError
from patentnav.i18n import text
from patentnav.plot import _map, _overlay, _regions, _style
from patentnav.plot._overlay import Group, overlay

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from patentnav.plot._map import Hills, Mapped


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
        Number of technologies named on the map, the largest; up to 60 when omitted. What belongs to
        no technology is grey and has no name.
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
    Colours follow the place (:mod:`patentnav.plot._place`): what lies near looks alike, no colour
    occurs twice, and neighbours differ in shape. Names are wrapped, the larger the technology the
    larger, in the colour of their place, beside their densest place or with a line to it; all find
    room on a page's width. The axes have no unit and no direction: only nearness means something. Publications without text
    have no place; the note counts them. Unknown values and those outside ``top`` lie below all others,
    and of the others the rare ones lie on top and are larger, so that a large one hides none.
    """
    layout, labels = _map.placed_publications(technologies)
    with _style.style():
        ax = _style.axes(ax, _map.SIZE)
        size = float(np.clip(_map.INK * _map.extent_of(ax).min() ** 2 / len(layout), 1.6, 24))
        _map.draw_hills(ax, hills or _regions.density(layout))
        centres = _map.anchors_of(technologies, layout, labels)
        if colour_by is None:
            drawn = _overlay.regions(
                labels,
                centres,
                _map.called_names(technologies, centres, _map.IN_KEY, lang),
                _map.remainder_of(technologies),
            )
            size *= 0.7
        else:
            drawn = overlay(colour_by.reindex(layout.index), names=names, top=top, lang=lang)
        for i, group in enumerate(drawn):
            _map.draw_marks(ax, layout, group, size, 3 + i / (len(drawn) + 1))
        _map.draw_frame(ax)
        below = _map.write_note(ax, technologies, layout, lang) if note else 0.0
        if colour_by is not None:
            word = title if title is not None else _map.overlay_word(colour_by, lang)
            _map.write_legend(
                ax, drawn, below=below, title=text("plot.map.legend", lang, name=word).lstrip()
            )
        elif key and len(centres) <= _map.LISTED and _map.has_room(ax, len(centres)):
            _map.write_legend(
                ax,
                [g for g in drawn if g.name],
                below=below,
                title=text("plot.map.legend", lang, name=text("plot.map.technology", lang)),
            )
        _map.write_names(
            ax,
            centres,
            _map.called_names(technologies, centres, _map.ON_MAP, lang),
            labels.value_counts(),
            labelled=labelled,
            layout=layout,
        )
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
    layout, labels = _map.placed_publications(technologies)
    centres = _map.anchors_of(technologies, layout, labels)
    names = _map.called_names(technologies, centres, _map.ON_MAP, lang)
    called = [names[str(t)] for t in centres.index]
    groups = _overlay.regions(
        labels,
        centres,
        _map.called_names(technologies, centres, _map.IN_KEY, lang),
        _map.remainder_of(technologies),
    )
    hills = _regions.outlines(_regions.density(layout), _map.LEVELS)
    shades = _map.hill_shades()
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
        Number of technologies named on the map, the largest; up to 60 when omitted. What belongs to
        no technology is grey and has no name.
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
    counts = [_map.publications_of(h) for h in (before, after)]
    if min(counts) < 0.5:
        msg = "One of the two landscapes holds no publication, so there is no change to show."
        raise ArgumentError(msg)
    layout, labels = _map.placed_publications(technologies)
    change = after.density / counts[1] - before.density / counts[0]
    most = float(np.abs(change).max()) or 1.0
    with _style.style():
        ax = _style.axes(ax, _map.SIZE)
        look = _style.palette()
        ax.scatter(
            layout["x"],
            layout["y"],
            s=float(np.clip(12000 / len(layout), 1.2, 10)),
            linewidths=0,
            color=look["missing"],
            zorder=2,
        )
        for sign, colour, hatch in ((1, look["rise"], None), (-1, look["fall"], "/////")):
            shades = [(*to_rgb(colour), a) for a in np.linspace(0.25, 0.85, len(_map.STEPS) - 1)]
            with mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": "white"}):
                ax.contourf(
                    after.x,
                    after.y,
                    sign * change,
                    levels=_map.STEPS * most,
                    colors=shades,
                    hatches=[hatch],
                    zorder=3,
                )
            ax.contour(
                after.x,
                after.y,
                sign * change,
                levels=_map.STEPS[:-1] * most,
                colors=[colour],
                linewidths=0.7,
                linestyles="-" if sign > 0 else "--",
                zorder=3,
            )
        _map.draw_frame(ax)
        below = 0.0
        if note:
            period_names = names or (text("plot.map.before", lang), text("plot.map.after", lang))
            below = _map.write_below(
                ax,
                text(
                    "plot.map.change_note",
                    lang,
                    before=period_names[0],
                    after=period_names[1],
                    n_before=round(counts[0]),
                    n_after=round(counts[1]),
                ),
            )
        entries = [
            Patch(
                facecolor=look[key],
                alpha=0.75,
                edgecolor="white",
                hatch=hatch,
                linewidth=0,
                label=text(f"plot.map.{key}", lang),
            )
            for key, hatch in (("rise", None), ("fall", "/////"))
        ]
        ax.legend(handles=entries, **_map.legend_place(ax, below), ncols=2)
        centres = _map.anchors_of(technologies, layout, labels)
        _map.write_names(
            ax,
            centres,
            _map.called_names(technologies, centres, _map.ON_MAP, lang),
            labels.value_counts(),
            labelled=labelled,
            layout=layout,
        )
    return ax
