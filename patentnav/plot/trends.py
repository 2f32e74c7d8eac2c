"""Lines, bars and heat tables. Every function draws a result that was computed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from patentnav.errors import MissingColumnError
from patentnav.i18n import text
from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

_LIFE_CYCLE = {"growth_rate": "-", "maturity": "--", "ageing": ":", "novelty": "-."}


def _need(frame: pd.DataFrame, *columns: str) -> None:
    lacking = [c for c in columns if c not in frame.columns]
    if lacking:
        msg = f"The frame to draw lacks {', '.join(lacking)} (it has {', '.join(frame.columns)})."
        raise MissingColumnError(msg)


def _unit(frame: pd.DataFrame | pd.Series, lang: str | None) -> str:
    return text(f"plot.unit.{frame.attrs.get('unit', 'application')}", lang)


def trend(
    activity: pd.DataFrame,
    *,
    ax: Axes | None = None,
    incomplete_from: int | None = None,
    labels: Mapping[str, str] | None = None,
    top: int = 7,
    lang: str | None = None,
) -> Axes:
    """Draw counts by year: bars for one series, lines for several groups.

    Parameters
    ----------
    activity
        ``year, count`` and, for several series, ``group``. ``activity.attrs`` may name ``unit``
        and ``basis``; they label the axes.
    ax
        Axes to draw on; new ones when omitted.
    incomplete_from
        First year whose counts are cut by the publication delay; drawn hatched or dashed and
        said so.
    labels
        Names of the groups to show.
    top
        Number of groups drawn, the largest ones.
    lang
        Language of the axis labels.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    """
    _need(activity, "year", "count")
    labels = labels or {}
    with _style.style():
        ax = _style.axes(ax)
        if "group" not in activity.columns:
            _bars(ax, activity, incomplete_from, lang)
        else:
            total = activity.groupby("group")["count"].sum()
            largest = sorted(total.index, key=lambda g: (-total[g], str(g)))[:top]
            colour = _style.colours(largest)
            markers = _style.palette()["markers"]
            for i, group in enumerate(largest):
                part = activity[activity["group"] == group].sort_values("year")
                _line(ax, part, incomplete_from, color=colour[group],
                      marker=markers[i % len(markers)],
                      label=_style.shorten(str(labels.get(group, group)), 11))  # fmt: skip
            if incomplete_from is not None and (activity["year"] >= incomplete_from).any():
                ax.axvspan(incomplete_from - 0.5, activity["year"].max() + 0.5, color="0.95",
                           zorder=0, label=text("plot.trend.incomplete", lang))  # fmt: skip
            ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
            ax.margins(y=0.12)
        ax.set_xlabel(text(f"plot.basis.{activity.attrs.get('basis', 'application_date')}", lang))
        ax.set_ylabel(_unit(activity, lang))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
        ax.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        ax.set_ylim(bottom=0)
        ax.grid(visible=False, axis="x")
    return ax


def _bars(ax: Axes, activity: pd.DataFrame, incomplete_from: int | None, lang: str | None) -> None:
    accent = _style.palette()["accent"]
    late = activity["year"] >= incomplete_from if incomplete_from is not None else None
    if late is None or not late.any():
        ax.bar(activity["year"], activity["count"], color=accent, width=0.75)
        return
    full, open_ = activity[~late], activity[late]
    ax.bar(full["year"], full["count"], color=accent, width=0.75)
    ax.bar(open_["year"], open_["count"], width=0.75, facecolor="white", edgecolor=accent,
           hatch="////", linewidth=0.8, label=text("plot.trend.incomplete", lang))  # fmt: skip
    ax.legend(loc="upper left")


def _line(ax: Axes, part: pd.DataFrame, incomplete_from: int | None, **look: str) -> None:
    full = part if incomplete_from is None else part[part["year"] < incomplete_from]
    ax.plot(full["year"], full["count"], **look)  # type: ignore[arg-type]
    if incomplete_from is not None and len(full) < len(part):
        late = part[part["year"] >= incomplete_from - 1]
        ax.plot(late["year"], late["count"], color=look["color"], linestyle=":", linewidth=1.2)


def ranking(
    values: pd.Series,
    *,
    ax: Axes | None = None,
    top: int = 15,
    labels: Mapping[str, str] | None = None,
    categories: pd.Series | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw the largest values as horizontal bars, the largest on top.

    Parameters
    ----------
    values
        Numbers indexed by name; ``values.attrs["unit"]`` labels the axis.
    ax
        Axes to draw on; new ones when omitted.
    top
        Number of bars.
    labels
        Names to show instead of the index.
    categories
        Category per name (party type, industry …): colours the bars and adds a legend.
    lang
        Language of the axis label.

    Returns
    -------
    matplotlib.axes.Axes
    """
    labels = labels or {}
    known = values.dropna()
    order = sorted(known.index, key=lambda k: (-known[k], str(k)))[:top]
    heights = np.arange(len(order))[::-1]
    with _style.style():
        ax = _style.axes(ax)
        if categories is None:
            colour = [_style.palette()["accent"]] * len(order)
        else:
            kinds = [str(categories.get(k, text("plot.unknown", lang))) for k in order]
            shade = _style.colours(sorted(set(kinds)))
            colour = [shade[kind] for kind in kinds]
            for kind in sorted(set(kinds)):
                ax.barh([0], [0], color=shade[kind], label=kind)
            ax.legend(loc="lower right")
        bars = ax.barh(heights, [float(known[k]) for k in order], color=colour, height=0.7)
        whole = all(float(known[k]).is_integer() for k in order)
        ax.bar_label(bars, fmt="{:,.0f}" if whole else "{:,.1f}", padding=3, fontsize=8.5)
        ax.set_yticks(heights, [_style.shorten(str(labels.get(k, k)), 18) for k in order])
        ax.set_xlabel(_unit(values, lang))
        ax.grid(visible=False, axis="y")
        ax.margins(x=0.12)
        ax.tick_params(axis="y", length=0)
    return ax


def composition(
    activity: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | None = None,
    top: int = 8,
    lang: str | None = None,
) -> Axes:
    """Draw how the shares of groups changed: one bar per year, stacked to 100 %.

    Parameters
    ----------
    activity
        ``group, year, count``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of the groups to show.
    top
        Number of groups named; the rest is one "other" band.
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
    _need(activity, "group", "year", "count")
    labels = labels or {}
    table = activity.pivot_table(index="year", columns="group", values="count", aggfunc="sum")
    table = table.fillna(0)
    total = table.sum()
    largest = sorted(total.index, key=lambda g: (-total[g], str(g)))[:top]
    rest = table.drop(columns=largest).sum(axis=1)
    share = table[largest].div(table.sum(axis=1), axis=0)
    with _style.style():
        ax = _style.axes(ax)
        colour = _style.colours(largest)
        base = np.zeros(len(share))
        for group in largest:
            name = _style.shorten(str(labels.get(group, group)), 14)
            ax.bar(share.index, share[group], bottom=base, color=colour[group], label=name,
                   width=0.86, edgecolor="white", linewidth=0.4)  # fmt: skip
            base += share[group].to_numpy()
        if rest.sum() > 0:
            ax.bar(share.index, 1 - base, bottom=base, color=_style.palette()["missing"],
                   label=text("plot.other", lang), width=0.86)  # fmt: skip
        ax.yaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
        ax.set_ylim(0, 1)
        ax.set_xlabel(text(f"plot.basis.{activity.attrs.get('basis', 'application_date')}", lang))
        ax.set_ylabel(text("plot.composition.share", lang))
        ax.grid(visible=False)
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
    return ax


def matrix(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    row_labels: Mapping[str, str] | None = None,
    column_labels: Mapping[str, str] | None = None,
    decimals: int = 0,
    lang: str | None = None,
) -> Axes:
    """Draw a table of numbers as shaded cells with the numbers written in.

    Parameters
    ----------
    table
        Numbers; NA cells stay white and empty (unknown is not zero).
    ax
        Axes to draw on; new ones when omitted.
    row_labels, column_labels
        Names to show instead of the index and the columns.
    decimals
        Digits after the point.
    lang
        Language of the colour bar's label.

    Returns
    -------
    matplotlib.axes.Axes
    """
    rows, columns = row_labels or {}, column_labels or {}
    values = np.asarray(table.to_numpy(dtype="float64", na_value=np.nan))
    with _style.style():
        ax = _style.axes(ax)
        shades = ax.imshow(values, aspect="auto", cmap=_style.palette()["sequential"] + "_r")
        known = values[np.isfinite(values)]
        middle = (known.min() + known.max()) / 2 if known.size else 0.0
        for (i, j), value in np.ndenumerate(values):
            if np.isfinite(value):
                ax.text(j, i, f"{value:,.{decimals}f}", ha="center", va="center", fontsize=8,
                        color="white" if value > middle else "0.1")  # fmt: skip
        names = [_style.shorten(str(columns.get(c, c)), 8) for c in table.columns]
        slanted = max((len(n) for n in names), default=0) > 4
        ax.set_xticks(range(len(names)), names, rotation=35 if slanted else 0,
                      ha="right" if slanted else "center")  # fmt: skip
        ax.set_yticks(
            range(len(table)), [_style.shorten(str(rows.get(r, r)), 14) for r in table.index]
        )
        ax.grid(visible=False)
        ax.tick_params(length=0)
        figure = ax.get_figure()
        if figure is not None:
            bar = figure.colorbar(shades, ax=ax, fraction=0.03, pad=0.02)
            bar.set_label(text("plot.matrix.count", lang), fontfamily=_style.font_family())
            bar.outline.set_visible(False)
    return ax


def life_cycle(
    coefficients: pd.DataFrame, *, ax: Axes | None = None, lang: str | None = None
) -> Axes:
    """Draw the four life-cycle coefficients by year.

    Parameters
    ----------
    coefficients
        ``year`` and any of ``growth_rate, maturity, ageing, novelty``; NA leaves a gap.
    ax
        Axes to draw on; new ones when omitted.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        ``year`` is absent.
    """
    _need(coefficients, "year")
    shown = [c for c in _LIFE_CYCLE if c in coefficients.columns]
    colour = _style.colours(shown)
    with _style.style():
        ax = _style.axes(ax)
        for column in shown:
            values = coefficients[column].to_numpy(dtype="float64", na_value=np.nan)
            ax.plot(coefficients["year"], values, linestyle=_LIFE_CYCLE[column], marker=".",
                    color=colour[column], label=text(f"plot.life_cycle.{column}", lang))  # fmt: skip
        ax.set_xlabel(text("plot.life_cycle.year", lang))
        ax.set_ylabel(text("plot.life_cycle.value", lang))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
        ax.set_ylim(bottom=0)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=4)
    return ax


def maturity(table: pd.DataFrame, *, ax: Axes | None = None, lang: str | None = None) -> Axes:
    """Draw the maturity map: applicants (x) against counts (y), one point per year, joined.

    Parameters
    ----------
    table
        ``year, applicants, count``.
    ax
        Axes to draw on; new ones when omitted.
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
    _need(table, "year", "applicants", "count")
    ordered = table.sort_values("year")
    with _style.style():
        ax = _style.axes(ax)
        ax.plot(ordered["applicants"], ordered["count"], color=_style.palette()["muted"],
                linewidth=1, zorder=2)  # fmt: skip
        points = ax.scatter(ordered["applicants"], ordered["count"], c=ordered["year"], s=34,
                            cmap=_style.palette()["sequential"], zorder=3)  # fmt: skip
        points.set_label("year")
        ax.set_xlabel(text("plot.life_cycle.applicants", lang))
        ax.set_ylabel(_unit(table, lang))
        ax.margins(0.08)
        _style.place_labels(
            ax,
            list(zip(ordered["applicants"], ordered["count"], strict=True))[::-1],
            [str(year) for year in ordered["year"]][::-1],
            size=8,
        )
    return ax
