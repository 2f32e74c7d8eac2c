"""Lines, bars and heat tables. Every function draws a result that was computed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from patentnav.i18n import text
from patentnav.plot import _bars, _frames, _style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

NAME = 36  # columns of a line of a label in a ranking, which has two lines at most
_LIFE_CYCLE = {"growth_rate": "-", "maturity": "--", "ageing": ":", "novelty": "-."}


def trend(
    activity: pd.DataFrame,
    *,
    ax: Axes | None = None,
    incomplete_from: int | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 7,
    unit: str | None = None,
    basis: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw counts by year: bars for one series, lines for several groups.

    Parameters
    ----------
    activity
        What :func:`patentnav.indicators.activity` returned: ``year, count`` and, for several
        series, ``group``; where it has ``complete``, the years that are not are drawn hatched or
        dashed and said so.
    ax
        Axes to draw on; new ones when omitted.
    incomplete_from
        First year whose counts are cut by the publication delay, where it is not that of the
        column ``complete``.
    labels
        Names of the groups to show.
    top
        Number of groups drawn, the largest ones.
    unit, basis
        What is counted and on which date, for the axes; as the frame is annotated when omitted,
        and not named where it is not.
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
    _frames.need(activity, "year", "count")
    late = _frames.incomplete_from(activity, incomplete_from)
    labels = _frames.named(labels)
    with _style.style():
        ax = _style.axes(ax)
        if "group" not in activity.columns:
            _yearly(ax, activity, late, lang)
        else:
            total = activity.groupby("group")["count"].sum()
            largest = sorted(total.index, key=lambda g: (-total[g], str(g)))[:top]
            colour = _style.colours(largest)
            markers = _style.palette()["markers"]
            for i, group in enumerate(largest):
                part = activity[activity["group"] == group].sort_values("year")
                _line(
                    ax,
                    part,
                    late,
                    color=colour[group],
                    marker=markers[i % len(markers)],
                    label=_style.shorten(str(labels.get(group, group)), 11),
                )
            if late is not None and (activity["year"] >= late).any():
                ax.axvspan(
                    late - 0.5,
                    activity["year"].max() + 0.5,
                    color="0.95",
                    zorder=0,
                    label=text("plot.trend.incomplete", lang),
                )
            ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
            ax.margins(y=0.12)
        ax.set_xlabel(_frames.basis_label(activity, basis, lang))
        ax.set_ylabel(_frames.unit_label(activity, unit, lang))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
        ax.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        ax.set_ylim(bottom=0)
        ax.grid(visible=False, axis="x")
    return ax


def _yearly(
    ax: Axes, activity: pd.DataFrame, incomplete_from: int | None, lang: str | None
) -> None:
    accent = _style.palette()["accent"]
    late = activity["year"] >= incomplete_from if incomplete_from is not None else None
    if late is None or not late.any():
        ax.bar(activity["year"], activity["count"], color=accent, width=0.75)
        return
    full, open_ = activity[~late], activity[late]
    ax.bar(full["year"], full["count"], color=accent, width=0.75)
    ax.bar(
        open_["year"],
        open_["count"],
        width=0.75,
        facecolor="white",
        edgecolor=accent,
        hatch="////",
        linewidth=0.8,
        label=text("plot.trend.incomplete", lang),
    )
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
    labels: Mapping[str, str] | pd.Series | None = None,
    categories: pd.Series | None = None,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw the largest values as horizontal bars, the largest on top.

    Parameters
    ----------
    values
        Numbers indexed by name, such as ``frame.set_index("owner")["patents"]`` of
        :func:`patentnav.indicators.current_impact`.
    ax
        Axes to draw on; new ones when omitted.
    top
        Number of bars.
    labels
        Names to show instead of the index.
    categories
        Category per name (party type, industry …): colours the bars and adds a legend.
    unit
        What is counted, for the axis; as the frame is annotated when omitted, and not named where
        it is not.
    lang
        Language of the axis label.

    Returns
    -------
    matplotlib.axes.Axes
    """
    labels = _frames.named(labels)
    known = values.dropna()
    # Two may be called alike: bars are those of the rows, not of the names.
    rows = sorted(zip(known.index, known.to_numpy(dtype=float), strict=True),
                  key=lambda row: (-row[1], str(row[0])))[:top]  # fmt: skip
    order, lengths = [key for key, _ in rows], [float(value) for _, value in rows]
    heights = _bars.heights(len(order))
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
        bars = ax.barh(heights, lengths, color=colour, height=0.7)
        whole = all(length.is_integer() for length in lengths)
        ax.bar_label(bars, fmt="{:,.0f}" if whole else "{:,.1f}", padding=3, fontsize=8.5)
        ax.margins(x=0.12)
        shown = [_style.shorten(str(labels.get(k, k)), NAME - 4) for k in order]
        names = [_style.wrapped(name, NAME) for name in shown]
        _bars.rows(ax, names, _frames.unit_label(values, unit, lang), whole=False)
    return ax


def composition(
    activity: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | pd.Series | None = None,
    top: int = 8,
    basis: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw how the shares of groups changed: one bar per year, stacked to 100 %.

    Parameters
    ----------
    activity
        What :func:`patentnav.indicators.activity` returned: ``group, year, count``.
    ax
        Axes to draw on; new ones when omitted.
    labels
        Names of the groups to show.
    top
        Number of groups named; the rest is one "other" band.
    basis
        Date of the years, for the axis; as the frame is annotated when omitted,
        and not named where it is not.
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
    _frames.need(activity, "group", "year", "count")
    labels = _frames.named(labels)
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
            ax.bar(
                share.index,
                share[group],
                bottom=base,
                color=colour[group],
                label=name,
                width=0.86,
                edgecolor="white",
                linewidth=0.4,
            )
            base += share[group].to_numpy()
        if rest.sum() > 0:
            ax.bar(
                share.index,
                1 - base,
                bottom=base,
                color=_style.palette()["missing"],
                label=text("plot.other", lang),
                width=0.86,
            )
        ax.yaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
        ax.set_ylim(0, 1)
        ax.set_xlabel(_frames.basis_label(activity, basis, lang))
        ax.set_ylabel(text("plot.composition.share", lang))
        ax.grid(visible=False)
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
    return ax


def life_cycle(
    coefficients: pd.DataFrame, *, ax: Axes | None = None, lang: str | None = None
) -> Axes:
    """Draw the four life-cycle coefficients by year.

    Parameters
    ----------
    coefficients
        What :func:`patentnav.indicators.life_cycle` returned: ``year`` and any of ``growth_rate, maturity, ageing, novelty``; NA leaves a gap.
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
    _frames.need(coefficients, "year")
    drawn = [c for c in _LIFE_CYCLE if c in coefficients.columns]
    colour = _style.colours(drawn)
    with _style.style():
        ax = _style.axes(ax)
        for column in drawn:
            values = coefficients[column].to_numpy(dtype="float64", na_value=np.nan)
            ax.plot(
                coefficients["year"],
                values,
                linestyle=_LIFE_CYCLE[column],
                marker=".",
                color=colour[column],
                label=text(f"plot.life_cycle.{column}", lang),
            )
        ax.set_xlabel(text("plot.life_cycle.year", lang))
        ax.set_ylabel(text("plot.life_cycle.value", lang))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
        ax.set_ylim(bottom=0)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=4)
    return ax


def s_curve(
    activity: pd.DataFrame,
    fit: pd.DataFrame,
    *,
    group: str | None = None,
    ax: Axes | None = None,
    unit: str | None = None,
    basis: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw cumulated counts and the logistic curve fitted to them, with how far it can be trusted.

    Parameters
    ----------
    activity
        What :func:`patentnav.indicators.activity` returned: ``year, count`` and, for several
        series, ``group``. Years after those that were fitted are not drawn.
    fit
        What :func:`patentnav.indicators.s_curve` returned: ``years, until, K, r, t0, K_error,
        r2_yearly, reliable`` and, for several series, ``group``.
    group
        The series to draw, where there are several.
    ax
        Axes to draw on; new ones when omitted.
    unit, basis
        What is counted and on which date, for the axes; as the frame is annotated when omitted,
        and not named where it is not.
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
    _frames.need(activity, "year", "count")
    _frames.need(fit, "years", "until", "K", "r", "t0", "K_error", "r2_yearly", "reliable")
    if group is not None:
        activity, fit = activity[activity["group"] == group], fit[fit["group"] == group]
    row = fit.iloc[0]
    counts = activity.sort_values("year")
    counts = counts[counts["year"] <= row["until"]]
    counts = counts[counts["count"].cumsum() > 0]
    look = _style.palette()
    note = text("plot.s_curve.untold", lang)
    with _style.style():
        ax = _style.axes(ax)
        if np.isfinite(row["K"]):
            end = max(counts["year"].max(), row["t0"] + np.log(9) / row["r"])
            years = np.linspace(counts["year"].min(), end, 200)
            curve = row["K"] / (1 + np.exp(-row["r"] * (years - row["t0"])))
            ax.plot(
                years,
                curve,
                color=look["muted"],
                linestyle="-" if row["reliable"] else "--",
                linewidth=1.4,
                label=text("plot.s_curve.curve", lang),
            )
            ax.axhline(row["K"], color=look["muted"], linewidth=0.8, linestyle=":")
            trust = "reliable" if row["reliable"] else "unreliable"
            note = text(
                f"plot.s_curve.{trust}",
                lang,
                k=float(row["K"]),
                error=float(row["K_error"]),
                turn=float(row["t0"]),
                r2=float(row["r2_yearly"]),
            )
        ax.plot(
            counts["year"],
            counts["count"].cumsum(),
            linestyle="",
            marker="o",
            markersize=4.5,
            color=look["accent"],
            label=text("plot.s_curve.counts", lang),
        )
        ax.set_title(note, fontsize=9, loc="left", fontfamily=_style.font_family())
        ax.set_xlabel(_frames.basis_label(activity, basis, lang))
        ax.set_ylabel(_frames.unit_label(activity, unit, lang))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
        ax.margins(y=0.2)  # room for the legend above the ceiling
        ax.set_ylim(bottom=0)
        ax.legend(loc="upper left")
    return ax


def maturity(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    unit: str | None = None,
    lang: str | None = None,
) -> Axes:
    """Draw the maturity map: owners (x) against units (y), one point per year, joined.

    Parameters
    ----------
    table
        What :func:`patentnav.indicators.maturity_map` returned: ``year, owners, units``; where it
        has ``complete``, the years that are not are joined by
        dots.
    ax
        Axes to draw on; new ones when omitted.
    unit
        What is counted, for the axis; as the frame is annotated when omitted, and not named where
        it is not.
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
    _frames.need(table, "year", "owners", "units")
    ordered = table.sort_values("year")
    late = _frames.incomplete_from(table)
    open_ = ordered["year"] >= late if late is not None else ordered["year"] < ordered["year"].min()
    tail = ordered[open_ | open_.shift(-1, fill_value=False)] if open_.any() else ordered[:0]
    with _style.style():
        ax = _style.axes(ax)
        muted = _style.palette()["muted"]
        full = ordered[~open_]
        ax.plot(full["owners"], full["units"], color=muted, linewidth=1, zorder=2)
        if len(tail):
            ax.plot(
                tail["owners"],
                tail["units"],
                color=muted,
                linewidth=1,
                linestyle=":",
                zorder=2,
                label=text("plot.trend.incomplete", lang),
            )
            ax.legend(loc="lower right")
        points = ax.scatter(
            ordered["owners"],
            ordered["units"],
            c=ordered["year"],
            s=34,
            cmap=_style.palette()["sequential"],
            zorder=3,
        )
        points.set_label("year")
        ax.set_xlabel(text("plot.life_cycle.applicants", lang))
        ax.set_ylabel(_frames.unit_label(table, unit, lang))
        ax.margins(0.08)
        _style.place_labels(
            ax,
            list(zip(ordered["owners"], ordered["units"], strict=True))[::-1],
            [str(year) for year in ordered["year"]][::-1],
            size=8,
        )
    return ax
