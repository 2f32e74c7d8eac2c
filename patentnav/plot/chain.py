"""The links of an industry chain as bars under their industries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.i18n import text
from patentnav.plot import _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

_STATES = {"emerging": "rising", "growing": "rising", "declining": "falling"}
_SIGNS = {"rising": ("^", "good"), "falling": ("v", "bad")}
_PLACES = {"strong": ("s", "good"), "weak": ("D", "bad"), "empty": ("o", "bad")}


def chain(
    links: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw the links of a breakdown: size, direction and the region's position.

    Parameters
    ----------
    links
        What :func:`patentnav.planning.chain` returned, with a column ``industry`` that names the
        heading of every link: ``industry, link, count, state`` and perhaps ``position``. Drawn in
        its order, a heading before the first link of each industry; industries with one link of
        the same name have no heading.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of the links.
    unit
        What is counted, for the axis.
    lang
        Language of axis and legend.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    _frames.need(links, "industry", "link", "count", "state")
    names = _frames.named(labels)
    look = _style.palette()
    rows: list[tuple[str, dict[str, object] | None]] = []
    for industry, group in links.groupby("industry", sort=False):
        own = [str(names.get(link, link)) for link in group["link"]]
        if own != [industry]:
            rows.append((str(industry), None))
        rows += list(zip(own, _records(group), strict=True))
    heights = np.arange(len(rows))[::-1]
    largest = float(links["count"].max())
    drawn: set[str] = set()
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.2 + 0.24 * len(rows)))
        for y, (_, row) in zip(heights, rows, strict=True):
            if row is None:
                continue
            count = float(str(row["count"]))
            ax.barh(y, count, color=look["accent"], height=0.7, zorder=2)
            ax.text(count + 0.012 * largest, y, f"{count:,.0f}", va="center", fontsize=8)
            sign = _STATES.get(str(row["state"]))
            if sign:
                _mark(ax, (count + 0.11 * largest, y), sign, _SIGNS[sign], drawn=drawn, lang=lang)
            place = str(row.get("position"))
            if place in _PLACES:
                spot = (count + 0.16 * largest, y)
                _mark(
                    ax, spot, place, _PLACES[place], drawn=drawn, lang=lang, hollow=place == "empty"
                )
        ax.set_yticks(heights, [_style.shorten(name, 17) for name, _ in rows])
        for label, (_, row) in zip(ax.get_yticklabels(), rows, strict=True):
            label.set_fontsize(8.5)
            if row is None:
                label.set_color(look["accent"])
        ax.set_xlabel(_frames.unit_label(links, unit, lang))
        ax.set_xlim(0, largest * 1.22)
        ax.set_ylim(-0.7, len(rows) - 0.3)
        ax.grid(visible=False, axis="y")
        ax.tick_params(axis="y", length=0)
        if drawn:
            ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=5, fontsize=8,
                      borderaxespad=0.2, handletextpad=0.3)  # fmt: skip
    return ax


def _records(group: pd.DataFrame) -> list[dict[str, object] | None]:
    return [{str(k): v for k, v in row.items()} for row in group.to_dict("records")]


def _mark(
    ax: Axes,
    spot: tuple[float, float],
    name: str,
    look: tuple[str, str],
    *,
    drawn: set[str],
    lang: str | None,
    hollow: bool = False,
) -> None:
    """One sign beside a bar; the first of its kind stands in the legend."""
    shape, colour = look[0], _style.palette()[look[1]]
    label = None if name in drawn else text(f"plot.chain.{name}", lang)
    drawn.add(name)
    ax.scatter(*spot, marker=shape, s=26, facecolor="none" if hollow else colour,
               edgecolor=colour, linewidth=1.1, zorder=3, label=label)  # fmt: skip
