"""Hills of a map, and the names of its regions: where they stand so that none hides another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Text

CELLS = 160
SMALLEST = 0.035  # standard deviation around a publication, of the map's radius
SPACING = 0.45  # the same, of the distance between publications spread evenly
ANCHOR = 0.15  # radius in which the densest place of a region is sought, of the map's spread
SAMPLED = 1000  # publications of a technology among which its densest place is sought
RINGS = (
    1.0,
    1.6,
    2.4,
    3.4,
    4.6,
    6.0,
    7.5,
    9.5,
    12.0,
    15.0,
    19.0,
    24.0,
)  # of a name to its region, in lines
ANGLES = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_AWAY = np.concatenate([[0.0], np.repeat(RINGS, len(ANGLES))])
_STEPS = np.column_stack(
    [trig(np.concatenate([[0.0], np.tile(ANGLES, len(RINGS))])) for trig in (np.cos, np.sin)]
)
SMALLER = (6.5, 5.5)  # points, for a name that has no room at its own size
SECOND = 0.6  # lines that the second text of a name must be nearer than the first
INK = "#141414"
COVERED = 1.2  # lines that a name moves to free a hundredth of the publications
HIDDEN, CROSSED = 3.0, 4.0  # the same, not to hide another region or cross another name
FAR = 0.6  # lines from where on a leader joins the name and its region
HALO = withStroke(linewidth=2.4, foreground="white")


@dataclass(frozen=True, eq=False)
class Density:
    """Publications per unit of area on a grid: ``density`` is rows by columns (y by x)."""

    x: np.ndarray
    y: np.ndarray
    density: np.ndarray


def density(layout: pd.DataFrame) -> Density:
    """Hills of a layout; the fewer publications, the wider each counts."""
    from scipy.ndimage import gaussian_filter

    points = layout[["x", "y"]].to_numpy(dtype="float64")
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    radius = max(float(np.hypot(*(points - middle).T).max()), 1e-9)
    width = radius * max(SMALLEST, SPACING * np.sqrt(np.pi / len(points)))
    edge = radius + 3 * width
    steps = np.linspace(-edge, edge, CELLS + 1)
    counts, _, _ = np.histogram2d(
        points[:, 1] - middle[1], points[:, 0] - middle[0], (steps, steps)
    )
    cell = 2 * edge / CELLS
    heights = gaussian_filter(counts, width / cell, mode="constant") / cell**2
    centre = (steps[:-1] + steps[1:]) / 2
    return Density(centre + middle[0], centre + middle[1], heights)


def outlines(hills: Density, levels: np.ndarray) -> pd.DataFrame:
    """Closed contour lines: ``level`` (position in ``levels``), ``line`` and ``x, y`` of its points.

    Parameters
    ----------
    hills
        The density; zero at the rim, so that every line closes.
    levels
        Shares of the highest hill.
    """
    from contourpy import LineType, contour_generator

    top = float(hills.density.max()) or 1.0
    maker = contour_generator(hills.x, hills.y, hills.density, line_type=LineType.Separate)
    parts, line = [], 0
    for level, height in enumerate(levels * top):
        for points in maker.lines(float(height)):
            parts.append(pd.DataFrame(points, columns=["x", "y"]).assign(level=level, line=line))
            line += 1
    return pd.concat(parts, ignore_index=True)[["level", "line", "x", "y"]]


def anchors(layout: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """``x, y`` of the densest place of every technology, the largest technology first.

    The middle of a technology with two hills would lie in the valley, on another one.
    """
    from scipy.spatial import cKDTree

    counts = labels.value_counts()
    order = sorted(counts.index, key=lambda t: (-counts[t], str(t)))
    reach = float(np.hypot(*layout[["x", "y"]].std(ddof=0))) or 1.0
    radius = reach * max(ANCHOR, 1.5 * np.sqrt(np.pi / max(len(layout), 1)))
    found = []
    for technology in order:
        own = layout[["x", "y"]].to_numpy(dtype="float64")[(labels == technology).to_numpy()]
        own = own[np.lexsort((own[:, 1], own[:, 0]))][:: -(-len(own) // SAMPLED)]
        tree = cKDTree(own)
        near = tree.query_ball_point(own, radius, return_length=True)
        top = own[int(np.argmax(near))]
        found.append(own[sorted(tree.query_ball_point(top, radius))].mean(axis=0))
    return pd.DataFrame(np.reshape(found, (-1, 2)), index=order, columns=["x", "y"])


@dataclass(frozen=True)
class Name:
    """A region's name: texts to try, the best first, its size in points and its colour."""

    texts: Sequence[str]
    size: float
    colour: str = INK


def name_regions(
    ax: Axes, centres: pd.DataFrame, names: Sequence[Name], layout: pd.DataFrame
) -> list[Text]:
    """Write names near their regions, the largest first, on as few publications as possible.

    Parameters
    ----------
    ax
        Axes whose limits and place are final.
    centres
        ``x, y`` by technology, in order of importance.
    names
        Name of each; one that finds no room at any size is left out.
    layout
        ``x, y`` of the publications.

    Returns
    -------
    list of matplotlib.text.Text
        The names that found a place; one away from its region has a leader line.
    """
    canvas = FigureCanvasAgg(ax.figure.get_figure(root=True))
    canvas.figure.draw_without_rendering()
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    frame = ax.get_window_extent(renderer)
    crowd = _Crowd(ax.transData.transform(layout[["x", "y"]].to_numpy(dtype="float64")), frame)
    usual = float(np.median([name.size for name in names])) if names else 1.0
    sheet = _Sheet(frame, usual * canvas.figure.dpi / 72 * 1.25, crowd)
    pixels = ax.transData.transform(centres.to_numpy(dtype="float64"))
    back = ax.transData.inverted()
    placed = []
    for i, (anchor, name) in enumerate(zip(pixels, names, strict=True)):
        others = np.delete(pixels, i, axis=0)
        found = _fitting(ax, renderer, sheet, name, (anchor, others))
        if found is None:
            continue
        text, box = found
        text.set_transform(ax.transData)
        x, y = back.transform(np.mean(_ends(box), axis=0))
        text.set_position((float(x), float(y)))
        # It lies on the axes already; counted again, it would push the next layout about.
        text.set_in_layout(False)
        if (leader := sheet.take(anchor, box)) is not None:
            ax.plot(
                *back.transform(np.array(leader)).T,
                color=name.colour,
                linewidth=0.6,
                zorder=7,
                solid_capstyle="round",
                marker="o",
                markevery=[0],
                markersize=2.0,
                scalex=False,
                scaley=False,
                path_effects=[withStroke(linewidth=1.6, foreground="white")],
            )
        placed.append(text)
    return placed


def _fitting(
    ax: Axes, renderer: Any, sheet: _Sheet, name: Name, place: tuple[np.ndarray, np.ndarray]
) -> tuple[Text, Bbox] | None:
    """The cheapest of a name's texts and its box; a smaller size only where nothing else helps.

    ``place`` is where the name belongs, and where the others do.
    """
    for size in (name.size, *(s for s in SMALLER if s < name.size)):
        best: tuple[float, Text, Bbox] | None = None
        for rank, words in enumerate(name.texts):
            text = _written(ax, words, size, name.colour)
            extent = text.get_window_extent(renderer)
            half = np.array([extent.width, extent.height]) / 2
            spot = sheet.spot(place[0], half, place[1])
            price = np.inf if spot is None else spot[0] + SECOND * rank
            if spot is None or (best is not None and best[0] <= price):
                text.remove()
                continue
            if best is not None:
                best[1].remove()
            best = price, text, spot[1]
        if best is not None:
            return best[1], best[2]
    return None


def _written(ax: Axes, words: str, size: float, colour: str) -> Text:
    return ax.text(
        0,
        0,
        words,
        ha="center",
        va="center",
        fontsize=size,
        color=colour,
        fontfamily=_style.font_family(),
        linespacing=1.05,
        zorder=8,
        path_effects=[HALO],
        gid="region",
        transform=None,
    )


class _Sheet:
    """What is taken of the axes, in pixels."""

    def __init__(self, frame: Bbox, line: float, crowd: _Crowd) -> None:
        self.frame, self.line, self.crowd = frame, line, crowd
        # Ends of boxes and leaders, as each name is tried against all before it.
        self.lows, self.highs, self.starts, self.ends = np.empty((4, 0, 2))

    def spot(
        self, anchor: np.ndarray, half: np.ndarray, others: np.ndarray
    ) -> tuple[float, Bbox] | None:
        """Price and place of the cheapest free box of half width and height ``half``, if any."""
        # As far as the box reaches in each direction, so that its rim is a ring's lines away.
        along = (half / np.maximum(np.abs(_STEPS), 1e-9)).min(axis=1)
        away = np.where(_AWAY > 0, _AWAY * self.line + along, 0.0)
        middles = anchor + _STEPS * away[:, None]
        low, high = middles - half, middles + half
        least, most = _ends(self.frame)
        free = (low >= least).all(axis=1) & (high <= most).all(axis=1)
        apart = (low[:, None] > self.highs) | (high[:, None] < self.lows)
        free &= apart.any(axis=2).all(axis=1)
        best: tuple[float, Bbox] | None = None
        for i in np.flatnonzero(free):
            if best is not None and _AWAY[i] >= best[0]:
                break
            box = Bbox([low[i], high[i]])
            price = float(_AWAY[i]) + self._harm(anchor, box, others)
            if best is None or price < best[0] - 1e-9:
                best = price, box
        return best

    def _harm(self, anchor: np.ndarray, box: Bbox, others: np.ndarray) -> float:
        """What a box and its leader hide, in lines of distance."""
        low, high = _ends(box)
        hidden = ((others > low) & (others < high)).all(axis=1).sum()
        end = np.clip(anchor, low, high)
        ways = ((anchor, end), (low, high), _diagonal(box))
        leaders = self.starts, self.ends
        crossed = np.any([_cross(a, b, *leaders) for a, b in ways], axis=0).sum()
        crossed += _cuts(anchor, end, self.lows, self.highs).sum()
        covered = 100 * self.crowd.share(low, high)
        return float(COVERED * covered + HIDDEN * hidden + CROSSED * crossed)

    def take(self, anchor: np.ndarray, box: Bbox) -> tuple[np.ndarray, np.ndarray] | None:
        """Take a box; the line from its region, where it is away from it."""
        low, high = _ends(box.padded(0.4 * self.line, 0.08 * self.line))
        self.lows, self.highs = np.vstack([self.lows, low]), np.vstack([self.highs, high])
        end = np.clip(anchor, *_ends(box))
        if np.hypot(*(anchor - end)) <= FAR * self.line:
            return None
        self.starts, self.ends = np.vstack([self.starts, anchor]), np.vstack([self.ends, end])
        return anchor, end


def _ends(box: Bbox) -> tuple[np.ndarray, np.ndarray]:
    """Lower left and upper right corner."""
    return np.array([box.x0, box.y0]), np.array([box.x1, box.y1])


def _cross(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Whether a line segment from ``a`` to ``b`` crosses each of those from ``c`` to ``d``."""

    def side(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
        (px, py), (qx, qy), (rx, ry) = p.T, q.T, r.T
        return np.asarray((qx - px) * (ry - py) - (qy - py) * (rx - px))

    apart = side(a, b, c) * side(a, b, d) < 0
    return np.asarray(apart & (side(c, d, a) * side(c, d, b) < 0))


def _cuts(a: np.ndarray, b: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Whether a line segment runs through each of some boxes."""
    left_top = np.column_stack([low[:, 0], high[:, 1]])
    right_bottom = np.column_stack([high[:, 0], low[:, 1]])
    through = _cross(a, b, low, high) | _cross(a, b, left_top, right_bottom)
    return np.asarray(through)


def _diagonal(box: Bbox) -> tuple[np.ndarray, np.ndarray]:
    return np.array([box.x0, box.y1]), np.array([box.x1, box.y0])


class _Crowd:
    """Number of publications under a box, by sums over a grid of pixels."""

    def __init__(self, pixels: np.ndarray, frame: Bbox, cell: float = 4.0) -> None:
        self.origin, self.cell = np.array([frame.x0, frame.y0]), cell
        side = [max(int(np.ceil(length / cell)), 1) for length in (frame.width, frame.height)]
        edges = [o + cell * np.arange(s + 1) for o, s in zip(self.origin, side, strict=True)]
        counts, _, _ = np.histogram2d(pixels[:, 0], pixels[:, 1], bins=edges)
        self.sums = np.pad(counts.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        self.total = max(len(pixels), 1)

    def share(self, low: np.ndarray, high: np.ndarray) -> float:
        """Share of the publications under a box."""
        last = np.array(self.sums.shape) - 1
        a = np.clip(((low - self.origin) // self.cell).astype(int), 0, last)
        b = np.clip(np.ceil((high - self.origin) / self.cell).astype(int), 0, last)
        inside = (
            self.sums[b[0], b[1]]
            - self.sums[a[0], b[1]]
            - self.sums[b[0], a[1]]
            + self.sums[a[0], a[1]]
        )
        return float(inside) / self.total
