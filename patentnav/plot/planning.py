"""Markets, key technologies and gaps as figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.i18n import text
from patentnav.plot import _bars, _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes


_CELL = 24  # columns of a technology and an office


def overseas(
    markets: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 12,
    lang: str | None = None,
) -> Axes:
    """Draw families by market and state.

    Parameters
    ----------
    markets
        What :func:`patentnav.planning.overseas_markets` returned: ``unit_id, office, state``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of offices.
    top
        Markets drawn, those with most families.
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
    _frames.need(markets, "unit_id", "office", "state")
    count = markets.groupby(["office", "state"]).size().unstack(fill_value=0)
    count = count.assign(_all=count.sum(axis=1), _id=count.index.astype("str"))
    count = count.sort_values(["_all", "_id"], ascending=[False, True]).head(top)
    look = _style.palette()
    colours = {"in_force": look["good"], "pending": look["accent"], "ended": look["bad"],
               "untold": look["missing"]}  # fmt: skip
    parts = [
        (count[s].to_numpy(dtype=float) if s in count else np.zeros(len(count)), colour,
         text(f"plot.overseas.{s}", lang))
        for s, colour in colours.items()
    ]  # fmt: skip
    names = _frames.named(labels)
    return _bars.stacked(
        ax, [str(names.get(o, o)) for o in count.index], parts, text("plot.overseas.axis", lang)
    )


def key_technologies(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw technologies by dependence and growth; the Pareto set is filled and named.

    Parameters
    ----------
    table
        What :func:`patentnav.planning.key_technologies` returned: ``technology, units, dependence,
        growth_rank, pareto``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of technologies.
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
    _frames.need(table, "technology", "units", "dependence", "growth_rank", "pareto")
    names = _frames.named(labels)
    shown = table.dropna(subset=["dependence", "growth_rank"])
    look = _style.palette()
    size = 30 + 170 * shown["units"] / max(float(shown["units"].max()) if len(shown) else 1.0, 1.0)
    first = shown["pareto"].to_numpy(dtype=bool)
    with _style.style():
        ax = _style.axes(ax, (7.2, 4.4))
        for mask, colour, key in (
            (~first, look["missing"], "others"),
            (first, look["accent"], "pareto"),
        ):
            rows = shown[mask]
            if len(rows):
                ax.scatter(rows["dependence"], rows["growth_rank"], s=size[mask], color=colour, alpha=0.85,
                           label=text(f"plot.keytech.{key}", lang), zorder=2 + int(key == "pareto"))  # fmt: skip
        side = 1
        for row in shown[first].sort_values(["growth_rank", "dependence"]).to_dict("records"):
            ax.annotate(
                str(names.get(row["technology"], row["technology"])).split(" ")[0],
                (row["dependence"], row["growth_rank"]), xytext=(6, 5 * side),
                textcoords="offset points", fontsize=8, va="bottom" if side > 0 else "top",
            )  # fmt: skip
            side = -side
        right = max(0.12, 1.25 * float(shown["dependence"].max()) if len(shown) else 1.0)
        ax.set_xlim(-0.04 * right, right)
        ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= right])
        ax.set_ylim(-0.04, 1.08)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_xlabel(text("plot.keytech.dependence", lang))
        ax.set_ylabel(text("plot.keytech.growth", lang))
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, fontsize=8)
    return ax


def gaps(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    offices: Mapping[str, str] | pd.Series | None = None,
    top: int = 12,
    lang: str | None = None,
) -> Axes:
    """Draw what rivals have where the firm has nothing.

    Parameters
    ----------
    table
        What :func:`patentnav.planning.gaps` returned: ``kind, technology, office, own, rivals``.
    ax
        Axes to draw on; new ones when omitted.
    labels, offices
        Names of technologies and offices.
    top
        Gaps drawn, the largest.
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
    _frames.need(table, "kind", "technology", "office", "rivals")
    names, places = _frames.named(labels), _frames.named(offices)
    shown = table[table["kind"] == "gap"].head(top)
    cells = [f"{_style.shorten(str(names.get(t, t)), 10)} · {places.get(o, o)}"
             for t, o in zip(shown["technology"], shown["office"], strict=True)]  # fmt: skip
    parts: list[tuple[np.ndarray, str, str]] = [
        (
            shown["rivals"].to_numpy(dtype=float),
            _style.palette()["bad"],
            text("plot.gaps.rivals", lang),
        )
    ]
    axis = text("plot.gaps.rivals", lang)
    return _bars.stacked(ax, cells, parts, axis, shortened=_CELL, size=8)
