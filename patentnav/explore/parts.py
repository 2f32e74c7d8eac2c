"""A map as data, for drawing in a browser: dots, what is known of them, lines, names, hills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from patentnav.plot import Group


@dataclass(frozen=True)
class Overlay:
    """Something known of every dot of a map: told with it, and perhaps a choice of colours.

    Attributes
    ----------
    label
        What it is, in words.
    values
        Text by dot, in the order of the dots; NA where it is not known.
    groups
        Dots that are drawn alike (:func:`patentnav.plot.overlay`); no choice of colours without them.
    hover
        Whether pointing at a dot says it; selecting the dot always does.
    search
        Whether a search looks into it.
    """

    label: str
    values: pd.Series
    groups: Sequence[Group] | None = None
    hover: bool = False
    search: bool = False


@dataclass(frozen=True)
class Interactive:
    """What a browser can show of a figure beyond its picture.

    Attributes
    ----------
    kind
        ``patent_map``, ``talent_map`` or ``network``; names the wording of the search.
    points
        Columns ``x, y, name, label`` and any of ``size, group, region``: one row per dot. A search
        finds ``name`` and ``label`` (lines of plain text), which pointing at a dot shows too;
        ``group`` and ``region`` are overlays with the ten largest values in colour.
    edges
        ``x0, y0, x1, y1``: lines between dots, if any.
    names
        ``x, y, name``: names written on the map, the most important first, if any; with ``dot``, the
        row of ``points`` below which a name stands.
    rest
        Group of what belongs to no other group, drawn in grey.
    overlays
        What is known of the dots, if more than ``group`` and ``region``.
    numbers
        Numbers by dot that a search finds in any spelling; one of an application begins with ``=``.
    hills
        ``colour, line, x, y``: closed lines filled in their order, below the dots.
    see
        Id of the block that tells more of the dots, if any.
    """

    kind: Literal["patent_map", "talent_map", "network"]
    points: pd.DataFrame
    edges: pd.DataFrame | None = None
    names: pd.DataFrame | None = None
    rest: str | None = None
    overlays: tuple[Overlay, ...] = ()
    numbers: Sequence[Sequence[str]] | None = None
    hills: pd.DataFrame | None = None
    see: str | None = None
