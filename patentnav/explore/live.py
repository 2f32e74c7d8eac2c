"""The data of the maps that a browser draws, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _resources, i18n, plot
from patentnav.explore.parts import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from patentnav.explore.parts import Interactive

_WORDS_OF_KIND = ("help", "find", "title", "name", "label")
_REST = "#C8CCD0"
SPAN = 20_000  # places are whole numbers, so many on the longer side
_WORDS = (
    "none", "found", "more", "missing", "other_kind", "unknown", "all", "colour", "legend", "hint", "zoom",
    "zoom_in", "zoom_out", "zoom_all", "hint_pick", "picked", "unpick", "pick_hits", "lasso", "table",
    "columns",
)  # fmt: skip


def script(home: str) -> str:
    """Script that draws maps, for one of its homes: ``page`` or ``notebook``."""
    return "".join(_template(name, ".js") for name in ("map", home))


def css() -> str:
    """Style of maps."""
    return _template("map", ".css")


def _template(name: str, suffix: str) -> str:
    return _resources.path("templates", name, suffix).read_text(encoding="utf-8")


def data(
    shown: Interactive,
    lang: str,
    *,
    see: tuple[str, str] | None = None,
    span: int = SPAN,
    columns: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """What the script draws, to be written as JSON.

    Parameters
    ----------
    shown
        The map.
    lang
        Language of its words.
    see
        Id and text of a link to what tells more of the dots.
    span
        Whole numbers on the longer side.
    columns
        Key and label of what can be coloured by when it is asked for.
    """
    points = shown.points
    grid = Grid(points, span)
    overlays = [*_columns(shown, lang), *shown.overlays]
    words = {w: i18n.text(f"explore.{w}", lang) for w in _WORDS}
    words |= {w: i18n.text(f"explore.{w}_{shown.kind}", lang) for w in _WORDS_OF_KIND}
    found: dict[str, Any] = {
        "x": grid.x(points["x"]), "y": grid.y(points["y"]),
        "name": points["name"].astype(str).to_list(), "label": points["label"].astype(str).to_list(),
        "overlays": [overlay(o) for o in overlays if o.groups is not None],
        "facts": [_fact(o) for o in overlays],
        "edges": [], "names": [], "hills": [], "words": words | {"language": lang},
    }  # fmt: skip
    if shown.numbers is not None:
        found["numbers"] = [list(numbers) for numbers in shown.numbers]
    if "size" in points.columns:
        found["size"] = np.round(points["size"].to_numpy(dtype="float64"), 2).tolist()
    if shown.edges is not None:
        e = shown.edges
        ends = (grid.x(e["x0"]), grid.y(e["y0"]), grid.x(e["x1"]), grid.y(e["y1"]))
        found["edges"] = [list(edge) for edge in zip(*ends, strict=True)]
    if shown.names is not None:
        places = zip(
            grid.x(shown.names["x"]), grid.y(shown.names["y"]), shown.names["name"], strict=True
        )
        found["names"] = [list(place) for place in places]
        if "dot" in shown.names.columns:
            for place, dot in zip(found["names"], shown.names["dot"], strict=True):
                place.append(int(dot))
    if shown.hills is not None:
        found["hills"] = _hills(shown.hills, grid)
    if see is not None:
        found["see"] = {"id": see[0], "text": see[1]}
    if columns:
        found["columns"] = [list(column) for column in columns]
    return found


def written(found: dict[str, Any]) -> str:
    """The same as JSON, safe inside a script element."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


class Grid:
    """Whole numbers for places: short to write, fine enough for any screen."""

    def __init__(self, points: pd.DataFrame, span: int = SPAN) -> None:
        xy = points[["x", "y"]].to_numpy(dtype="float64")
        self.low = xy.min(axis=0) if len(xy) else np.zeros(2)
        width = float((xy.max(axis=0) - self.low).max()) if len(xy) else 0.0
        self.scale = span / width if width > 0 else 1.0

    def x(self, values: Any) -> list[int]:
        """Places from left to right."""
        return self._whole(values, 0)

    def y(self, values: Any) -> list[int]:
        """Places from low to high."""
        return self._whole(values, 1)

    def _whole(self, values: Any, axis: int) -> list[int]:
        moved = (np.asarray(values, dtype="float64") - self.low[axis]) * self.scale
        whole: list[int] = np.rint(moved).astype("int64").tolist()
        return whole

    def back(self, places: np.ndarray) -> np.ndarray:
        """Coordinates of places on the grid, n x 2."""
        return np.asarray(places / self.scale + self.low, dtype="float64")


def _columns(shown: Interactive, lang: str) -> Iterable[Overlay]:
    """Overlays of the columns ``group`` and ``region``."""
    for column, word in (("group", "by_team"), ("region", "by_region")):
        if column in shown.points.columns:
            values = shown.points[column].astype("str")
            label = i18n.text(f"explore.{word}", lang)
            yield Overlay(label, values, _grouped(values, shown.rest, lang))


def _grouped(values: pd.Series, rest: str | None, lang: str) -> list[plot.Group]:
    """Groups of a column, what belongs to none in grey below the others."""
    if rest is None:
        return plot.overlay(values, top=10, lang=lang)
    known = values.where(values != rest)
    groups = plot.overlay(known, top=10, lang=lang)
    return [
        plot.Group(g.here, rest, _REST, area=g.area, order=g.order) if g.open else g for g in groups
    ]


def overlay(shown: Overlay) -> dict[str, Any]:
    """A choice of colours."""
    groups = shown.groups or ()
    of = np.zeros(len(shown.values), dtype=int)
    for i, group in enumerate(groups):
        of[group.here] = i
    return {
        "label": shown.label, "of": of.tolist(),
        "groups": [
            {"name": g.name, "colour": g.colour, "shape": g.marker, "area": round(g.area**0.5, 2),
             "open": g.open, "order": g.order, "count": g.count}
            for g in groups
        ],
    }  # fmt: skip


def _fact(overlay: Overlay) -> dict[str, Any]:
    codes, values = pd.factorize(overlay.values, sort=True)
    return {
        "label": overlay.label, "of": codes.tolist(), "values": [str(v) for v in values],
        "hover": overlay.hover, "search": overlay.search,
    }  # fmt: skip


def _hills(hills: pd.DataFrame, grid: Grid) -> list[dict[str, Any]]:
    found = []
    for colour, part in hills.groupby("colour", sort=False):
        pairs = pd.DataFrame({"line": part["line"], "x": grid.x(part["x"]), "y": grid.y(part["y"])})
        lines = [line[["x", "y"]].to_numpy().ravel().tolist() for _, line in pairs.groupby("line")]
        found.append({"colour": str(colour), "lines": lines})
    return found
