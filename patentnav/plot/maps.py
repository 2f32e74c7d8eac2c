"""The patent map (a landscape of technologies) and the portfolio chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FixedLocator, MaxNLocator

from patentnav.errors import MissingColumnError
from patentnav.i18n import text
from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

_HILLS = LinearSegmentedColormap.from_list(
    "hills", ["#FFFFFF", "#EDF1EA", "#D5DFCF", "#B4C6AE", "#8FA98D"]
)


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
    names: Mapping[str, str] | None = None,
    top: int = 6,
    lang: str | None = None,
) -> Axes:
    """Draw the landscape: a point per publication, hills of activity, technologies by name.

    Parameters
    ----------
    technologies
        Result with ``labels``, ``names`` and ``layout``.
    ax
        Axes to draw on; new ones when omitted.
    hills
        Density grid (:func:`patentnav.cluster.landscape`); contour lines and shades.
    colour_by
        Overlay: a value per publication (applicant, industry, status, or a number such as the
        year). Without it points take the colour of their technology.
    names
        Names to show for values of ``colour_by``.
    top
        Number of overlay values with a colour of their own; the rest is grey.
    lang
        Language of the legend.

    Returns
    -------
    matplotlib.axes.Axes

    Notes
    -----
    The axes have no unit and no direction: only nearness means something.
    """
    layout = technologies.layout.dropna()
    labels = technologies.labels.reindex(layout.index)
    size = float(np.clip(12000 / max(len(layout), 1), 2.5, 24))
    with _style.style():
        ax = _style.axes(ax)
        if hills is not None:
            levels = np.linspace(0, float(np.max(hills.density)) or 1.0, 9)[1:]
            ax.contourf(hills.x, hills.y, hills.density, levels=levels, cmap=_HILLS, zorder=1,
                        extend="max")  # fmt: skip
            ax.contour(hills.x, hills.y, hills.density, levels=levels, colors="0.62",
                       linewidths=0.4, zorder=1)  # fmt: skip
        overlay = colour_by.reindex(layout.index) if colour_by is not None else labels
        if pd.api.types.is_numeric_dtype(overlay.dtype):
            _numeric_points(ax, layout, overlay, size)
        else:
            _group_points(ax, layout, overlay, size=size, names=names or {},
                          top=None if colour_by is None else top, lang=lang)  # fmt: skip
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.margins(0.06)
        ax.set_aspect("equal", adjustable="datalim")
        order = labels.value_counts()
        order = order.iloc[np.lexsort((order.index.astype(str), -order.to_numpy()))]
        centre = layout.groupby(labels)[["x", "y"]].median()
        _style.place_labels(
            ax,
            [(centre.loc[t, "x"], centre.loc[t, "y"]) for t in order.index],
            [f"{t} {_first_terms(str(technologies.names[t]), lang)}" for t in order.index],
            size=8.5,
            centred=True,
        )
    return ax


def _first_terms(name: str, lang: str | None, width: int = 10) -> str:
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


def _numeric_points(ax: Axes, layout: pd.DataFrame, values: pd.Series, size: float) -> None:
    known = values.notna().to_numpy()
    ax.scatter(layout["x"][~known], layout["y"][~known], s=size, linewidths=0, zorder=2,
               color=_style.palette()["missing"])  # fmt: skip
    points = ax.scatter(layout["x"][known], layout["y"][known], s=size, linewidths=0, zorder=3,
                        c=values[known].astype("float64"),
                        cmap=_style.palette()["sequential"])  # fmt: skip
    figure = ax.get_figure()
    if figure is not None:
        bar = figure.colorbar(points, ax=ax, fraction=0.03, pad=0.01)
        bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def _group_points(
    ax: Axes,
    layout: pd.DataFrame,
    values: pd.Series,
    *,
    size: float,
    names: Mapping[str, str],
    top: int | None,
    lang: str | None,
) -> None:
    counts = values.value_counts()
    order = sorted(counts.index, key=lambda v: (-counts[v], str(v)))
    shown = order if top is None else order[:top]
    colour = _style.colours(sorted(map(str, shown)) if top is None else map(str, shown))
    markers = _style.palette()["markers"]
    rest = ~values.isin(shown)
    if rest.any():
        label = None if top is None else text("plot.other", lang)
        ax.scatter(layout["x"][rest], layout["y"][rest], s=size * 0.8, linewidths=0, zorder=2,
                   color=_style.palette()["missing"], label=label)  # fmt: skip
    for i, value in enumerate(shown):
        here = values == value
        name = _style.shorten(str(names.get(value, value)), 12)
        ax.scatter(layout["x"][here], layout["y"][here], s=size, linewidths=0, zorder=3,
                   alpha=0.8, color=colour[str(value)], marker=markers[i % len(markers)],
                   label=None if top is None else name)  # fmt: skip
    if top is not None:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), markerscale=2)


def portfolios(
    candidates: pd.DataFrame,
    *,
    ax: Axes | None = None,
    min_inventions: int = 50,
    min_pct: int = 10,
    labelled: int = 12,
    lang: str | None = None,
) -> Axes:
    """Draw portfolio candidates against the gate: inventions (x) and PCT applications (y).

    Parameters
    ----------
    candidates
        ``owner, technology, inventions, pct, meets_gate``; the gate's parameters are taken from
        ``candidates.attrs["gate"]`` when it is there.
    ax
        Axes to draw on; new ones when omitted.
    min_inventions, min_pct
        The gate.
    labelled
        Number of candidates named, the largest ones.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    for column in ("owner", "inventions", "pct", "meets_gate"):
        if column not in candidates.columns:
            msg = f"The candidates to draw lack the column {column}."
            raise MissingColumnError(msg)
    gate = candidates.attrs.get("gate", {})
    min_inventions = gate.get("min_inventions", min_inventions)
    min_pct = gate.get("min_pct", min_pct)
    look = _style.palette()
    state = candidates["meets_gate"].astype("object").map({True: "meets", False: "below"})
    state = state.fillna("unknown")
    pct = candidates["pct"].to_numpy(dtype="float64", na_value=np.nan)
    with _style.style():
        ax = _style.axes(ax)
        for key, colour, marker in (
            ("below", look["bad"], "o"), ("meets", look["good"], "D"),
            ("unknown", look["muted"], "s"),
        ):  # fmt: skip
            here = (state == key).to_numpy()
            if here.any():
                # PCT unknown is drawn on the axis, with its own mark, never as a zero.
                ax.scatter(candidates["inventions"][here], np.nan_to_num(pct[here]), marker=marker,
                           s=36, color=colour, alpha=0.85, linewidths=0, zorder=3, clip_on=False,
                           label=text(f"plot.portfolio.{key}", lang))  # fmt: skip
        ax.axvline(min_inventions, color="0.35", linewidth=1, linestyle="--")
        ax.axhline(min_pct, color="0.35", linewidth=1, linestyle="--")
        widest = max(min_inventions, int(candidates["inventions"].max() or 0))
        tallest = max(min_pct, float(np.nan_to_num(pct).max(initial=0)))
        # Square roots keep small candidates apart and large ones on the page.
        ax.set_xscale("function", functions=(_root, np.square))
        ax.set_yscale("function", functions=(_root, np.square))
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_xlim(0, widest * 1.15)
        ax.set_ylim(0, tallest * 1.35)
        ax.xaxis.set_major_locator(FixedLocator(_round_ticks(widest, min_inventions)))
        ax.yaxis.set_major_locator(FixedLocator(_round_ticks(tallest, min_pct)))
        ax.set_xlabel(text("plot.portfolio.inventions", lang))
        ax.set_ylabel(text("plot.portfolio.pct", lang))
        gate_line = text("plot.portfolio.gate", lang, inventions=min_inventions, pct=min_pct)
        ax.legend(loc="upper left", title=gate_line, title_fontproperties={"size": 8.5,
                  "family": _style.font_family()})  # fmt: skip
        largest = candidates.assign(_pct=np.nan_to_num(pct)).sort_values(
            ["inventions", "_pct", "owner"], ascending=[False, False, True]
        )
        largest = largest.head(labelled)
        _style.place_labels(
            ax,
            list(zip(largest["inventions"], largest["_pct"], strict=True)),
            [_style.shorten(str(name), 9) for name in largest["owner"]],
            size=8,
            avoid=list(zip(candidates["inventions"], np.nan_to_num(pct), strict=True)),
        )
    return ax


def _root(values: np.ndarray) -> np.ndarray:
    roots: np.ndarray = np.sqrt(np.clip(values, 0, None))
    return roots


def _round_ticks(end: float, gate: int) -> list[float]:
    steps = [s * 10**k for k in range(6) for s in (1, 2, 5)]
    step = next((s for s in steps if end / s <= 5), steps[-1])
    ticks = {step * i for i in range(1, int(end // step) + 1)}
    return sorted({0.0, float(gate)} | {float(t) for t in ticks if abs(t - gate) > step / 3})
