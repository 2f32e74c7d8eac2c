"""The data of the maps that a browser draws, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import i18n, plot
from patentnav.report.blocks import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.report.blocks import Figure, Interactive
    from patentnav.report.document import Report

_REST = "#C8CCD0"
_SPAN = 20_000  # places are whole numbers, so many on the longer side
_WORDS = (
    "none", "found", "more", "missing", "other_kind", "unknown", "all", "colour", "legend", "hint", "zoom",
    "zoom_in", "zoom_out", "zoom_all",
)  # fmt: skip


def data(figure: Figure, report: Report) -> str:
    """JSON of a figure's map, safe inside a script element; empty without one."""
    shown = figure.interactive
    if shown is None:
        return ""
    points = shown.points
    grid = _Grid(points)
    overlays = [*_columns(shown, report.lang), *shown.overlays]
    found: dict[str, Any] = {
        "x": grid.x(points["x"]), "y": grid.y(points["y"]),
        "name": points["name"].astype(str).to_list(), "label": points["label"].astype(str).to_list(),
        "overlays": [_overlay(o) for o in overlays if o.groups is not None],
        "facts": [_fact(o) for o in overlays],
        "edges": [], "names": [], "hills": [],
        "words": {w: i18n.text(f"report.map.{w}", report.lang) for w in _WORDS}
        | {"help": i18n.text(f"report.map.help_{shown.kind}", report.lang)},
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
    if shown.hills is not None:
        found["hills"] = _hills(shown.hills, grid)
    if shown.see is not None and any(t.id == shown.see for t in report.tables):
        text = i18n.text("report.map.see", report.lang, table=report.label(shown.see))
        found["see"] = {"id": shown.see, "text": text}
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


class _Grid:
    """Whole numbers for places: short to write, fine enough for any screen."""

    def __init__(self, points: pd.DataFrame) -> None:
        xy = points[["x", "y"]].to_numpy(dtype="float64")
        self.low = xy.min(axis=0) if len(xy) else np.zeros(2)
        width = float((xy.max(axis=0) - self.low).max()) if len(xy) else 0.0
        self.scale = _SPAN / width if width > 0 else 1.0

    def x(self, values: Any) -> list[int]:
        return self._whole(values, 0)

    def y(self, values: Any) -> list[int]:
        return self._whole(values, 1)

    def _whole(self, values: Any, axis: int) -> list[int]:
        moved = (np.asarray(values, dtype="float64") - self.low[axis]) * self.scale
        return [int(v) for v in np.rint(moved)]


def _columns(shown: Interactive, lang: str) -> Iterable[Overlay]:
    """Overlays of the columns ``group`` and ``region``."""
    for column, word in (("group", "by_team"), ("region", "by_region")):
        if column in shown.points.columns:
            values = shown.points[column].astype("str")
            label = i18n.text(f"report.word.{word}", lang)
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


def _overlay(overlay: Overlay) -> dict[str, Any]:
    groups = overlay.groups or ()
    of = np.zeros(len(overlay.values), dtype=int)
    for i, group in enumerate(groups):
        of[group.here] = i
    return {
        "label": overlay.label, "of": of.tolist(),
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


def _hills(hills: pd.DataFrame, grid: _Grid) -> list[dict[str, Any]]:
    found = []
    for colour, part in hills.groupby("colour", sort=False):
        pairs = pd.DataFrame({"line": part["line"], "x": grid.x(part["x"]), "y": grid.y(part["y"])})
        lines = [line[["x", "y"]].to_numpy().ravel().tolist() for _, line in pairs.groupby("line")]
        found.append({"colour": str(colour), "lines": lines})
    return found
