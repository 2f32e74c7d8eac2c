"""Deadlines, screens, matches, ties and pools as figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from patentnav.i18n import text
from patentnav.plot import _bars, _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

_NAME = 14  # columns of a label
_PAIR = 40  # of two firms and a technology


def deadlines(
    table: pd.DataFrame, *, ax: Axes | None = None, months: int = 12, lang: str | None = None
) -> Axes:
    """Draw how many time limits end in which month.

    Parameters
    ----------
    table
        What :func:`patentnav.planning.deadlines` returned: ``kind, deadline, days_left, surcharge``.
    ax
        Axes to draw on; new ones when omitted.
    months
        Months drawn, from the first that has any.
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
    _frames.need(table, "kind", "deadline", "surcharge")
    dated = table.dropna(subset=["deadline"])
    month = dated["deadline"].dt.to_period("M")
    first = month.min() if len(dated) else pd.Period("2000-01", "M")
    shown = pd.period_range(first, periods=months, freq="M")
    kind = dated["kind"].where(~dated["surcharge"].astype(bool), "surcharge")
    look = _style.palette()
    colours = {
        "priority_12": look["accent"],
        "pct_national": look["good"],
        "surcharge": look["missing"],
    }
    x = np.arange(months)
    with _style.style():
        ax = _style.axes(ax, (7.2, 3.2))
        start = np.zeros(months)
        for name, colour in colours.items():
            count = (
                month[kind == name]
                .value_counts()
                .reindex(shown, fill_value=0)
                .to_numpy(dtype=float)
            )
            if count.any():
                ax.bar(x, count, bottom=start, color=colour, width=0.7,
                       label=text(f"plot.deadlines.{name}", lang))  # fmt: skip
            start = start + count
        for place, total in zip(x, start, strict=True):
            if total:
                ax.text(
                    float(place),
                    float(total),
                    f"{total:,.0f}",
                    ha="center",
                    va="bottom",
                    fontsize=8,
                )
        ax.set_xticks(
            x, [f"{p.year}-{p.month:02d}" for p in shown], rotation=45, ha="right", fontsize=8
        )
        ax.set_ylabel(text("plot.deadlines.axis", lang))
        ax.set_ylim(0, 1.12 * max(float(start.max(initial=1.0)), 1.0))
        ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
        ax.grid(visible=False, axis="x")
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, fontsize=8)
    return ax


def pledge(
    table: pd.DataFrame, *, ax: Axes | None = None, top: int = 12, lang: str | None = None
) -> Axes:
    """Draw how many applications each reason speaks against.

    Parameters
    ----------
    table
        What :func:`patentnav.operation.pledge` returned: ``colour, reason``.
    ax
        Axes to draw on; new ones when omitted.
    top
        Reasons drawn, the most frequent ones.
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
    _frames.need(table, "colour", "reason")
    rows = table.assign(key=table["reason"].str.split("; ")).explode("key")
    count = rows.groupby(["key", "colour"]).size().unstack(fill_value=0)
    count = count.reindex(columns=["green", "amber", "red"], fill_value=0)
    order = count.assign(total=count.sum(axis=1), name=count.index.astype("str"))
    order = order.sort_values(["total", "name"], ascending=[False, True]).head(top)
    look = _style.palette()
    colours = {"green": look["good"], "amber": "#E0A526", "red": look["bad"]}
    parts = [(order[c].to_numpy(dtype=float), colours[c], text(f"operation.colour.{c}", lang)) for c in colours]  # fmt: skip
    names = [text(f"operation.reason.{k}", lang) for k in order.index]
    return _bars.stacked(ax, names, parts, text("plot.pledge.axis", lang))


def transfer(
    table: pd.DataFrame, *, ax: Axes | None = None, top: int = 12, lang: str | None = None
) -> Axes:
    """Draw the similarity of the best firm of each patent, and what size alone would rank it.

    Parameters
    ----------
    table
        What :func:`patentnav.operation.transfer` returned: ``publication_id, firm_name, rank, text,
        size_rank``.
    ax
        Axes to draw on; new ones when omitted.
    top
        Patents drawn, the first ones.
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
    _frames.need(table, "publication_id", "firm_name", "rank", "text", "size_rank")
    shown = table[table["rank"] == 1].head(top)
    heights = _bars.heights(len(shown))
    look = _style.palette()
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.3 + 0.3 * max(len(shown), 1)))
        values = shown["text"].to_numpy(dtype=float)
        ax.hlines(heights, 0, values, color=look["missing"], linewidth=2)
        ax.scatter(values, heights, s=34, color=look["accent"], zorder=3)
        for y, value, name, size in zip(
            heights, values, shown["firm_name"], shown["size_rank"], strict=True
        ):
            words = text(
                "plot.transfer.firm", lang, firm=_style.shorten(str(name), 12), size=int(size)
            )
            ax.text(float(value) + 0.015, float(y), words, va="center", fontsize=8)
        ax.set_xlim(0, 1.5)
        ax.set_xticks(np.arange(0, 1.01, 0.2))
        names = [str(p) for p in shown["publication_id"]]
        _bars.rows(ax, names, text("plot.transfer.axis", lang), whole=False)
    return ax


def alliances(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 12,
    lang: str | None = None,
) -> Axes:
    """Draw the ties of the leaders: overlap of profiles by what the partner adds.

    Parameters
    ----------
    table
        What :func:`patentnav.operation.alliances` returned: ``technology, leader_name, partner_name, joint,
        cites, cited, coupling``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of technologies.
    top
        Pairs drawn, those with most ties.
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
    ways = ("joint", "cites", "cited", "coupling")
    _frames.need(table, "technology", "leader_name", "partner_name", *ways)
    counts = table[list(ways)].astype("float64").fillna(0)
    shown = table.assign(_all=counts.sum(axis=1)).sort_values(
        "_all", ascending=False, kind="stable"
    )
    shown = shown.head(top)
    look = _style.palette()
    colours = (look["accent"], look["good"], look["rise"], look["missing"])
    parts = [
        (shown[w].astype("float64").fillna(0).to_numpy(), colour, text(f"plot.alliances.{w}", lang))
        for w, colour in zip(ways, colours, strict=True)
    ]
    names = _frames.named(labels)
    pairs = [
        text("plot.alliances.pair", lang, leader=_style.shorten(str(a), 7), partner=_style.shorten(str(b), 7),
             technology=str(names.get(t, t)).split(" ")[0])
        for a, b, t in zip(shown["leader_name"], shown["partner_name"], shown["technology"], strict=True)
    ]  # fmt: skip
    axis = text("plot.alliances.axis", lang)
    return _bars.stacked(ax, pairs, parts, axis, shortened=_PAIR, size=8)


def cross_licences(
    table: pd.DataFrame, *, ax: Axes | None = None, top: int = 12, lang: str | None = None
) -> Axes:
    """Draw of each pair the shares in both directions.

    Parameters
    ----------
    table
        What :func:`patentnav.operation.cross_licences` returned: ``name_a, name_b, share_a, share_b``.
    ax
        Axes to draw on; new ones when omitted.
    top
        Pairs drawn, the first ones.
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
    _frames.need(table, "name_a", "name_b", "share_a", "share_b", "expected_a", "expected_b")
    shown = table.head(top)
    heights = _bars.heights(len(shown))
    look = _style.palette()
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.3 + 0.34 * max(len(shown), 1)))
        for side, colour, shape in (("a", look["accent"], "o"), ("b", look["rise"], "s")):
            ax.scatter(shown[f"share_{side}"], heights, color=colour, marker=shape, s=34, zorder=3,
                       label=text(f"plot.licences.{side}", lang))  # fmt: skip
            ax.scatter(shown[f"expected_{side}"], heights, color=look["missing"], marker=shape, s=18,
                       zorder=2, label=text(f"plot.licences.expected_{side}", lang))  # fmt: skip
        ax.hlines(heights, shown[["share_a", "share_b"]].min(axis=1), shown[["share_a", "share_b"]].max(axis=1),
                  color=look["missing"], zorder=1)  # fmt: skip
        names = [f"{_style.shorten(str(a), 8)} – {_style.shorten(str(b), 8)}"
                 for a, b in zip(shown["name_a"], shown["name_b"], strict=True)]  # fmt: skip
        ax.set_xlim(0, 1.05)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        _bars.rows(ax, names, text("plot.licences.axis", lang), whole=False, legend=2)
    return ax


def pools(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 12,
    lang: str | None = None,
) -> Axes:
    """Draw complements (right) against likely substitutes (left) of every technology.

    Parameters
    ----------
    table
        What :func:`patentnav.operation.pools` returned: ``technology, complements, substitutes, owners,
        largest_share, candidate``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of technologies.
    top
        Technologies drawn, the first ones.
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
    _frames.need(
        table, "technology", "complements", "substitutes", "owners", "largest_share", "candidate"
    )
    names = _frames.named(labels)
    shown = table.head(top)
    heights = _bars.heights(len(shown))
    look = _style.palette()
    with _style.style():
        ax = _style.axes(ax, (7.2, 1.3 + 0.3 * max(len(shown), 1)))
        right = shown["complements"].astype("float64").fillna(0).to_numpy()
        left = shown["substitutes"].to_numpy(dtype=float)
        ax.barh(
            heights,
            right,
            color=look["good"],
            height=0.7,
            label=text("plot.pools.complements", lang),
        )
        ax.barh(
            heights,
            -left,
            color=look["bad"],
            height=0.7,
            label=text("plot.pools.substitutes", lang),
        )
        widest = max(float(right.max(initial=0)), float(left.max(initial=0)), 1.0)
        for y, a, b in zip(heights, right, left, strict=True):
            for value, side in ((a, 1), (b, -1)):
                if value:
                    ax.text(float(side * (value + 0.02 * widest)), float(y), f"{value:,.0f}", va="center", fontsize=8,
                            ha="left" if side > 0 else "right")  # fmt: skip
        for y, owners, share, candidate in zip(
            heights, shown["owners"], shown["largest_share"], shown["candidate"], strict=True
        ):
            key = "candidate" if candidate is True or candidate is np.True_ else "cell"
            ax.annotate(text(f"plot.pools.{key}", lang, owners=int(owners), share=float(share)), (1.01, y),
                        xycoords=("axes fraction", "data"), va="center", fontsize=8,
                        fontfamily=_style.font_family(), annotation_clip=False)  # fmt: skip
        ax.axvline(0, color="0.35", linewidth=0.8)
        ax.set_xlim(-1.15 * max(float(left.max(initial=0)), 0.2 * widest), 1.15 * max(float(right.max(initial=0)), 0.2 * widest))  # fmt: skip
        ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
        ticks = [_style.shorten(str(names.get(t, t)), _NAME) for t in shown["technology"]]
        _bars.rows(ax, ticks, text("plot.pools.axis", lang), legend=2)
    return ax
