"""Which native chart a workbook shows for a figure, from the columns of the figure's table.

Numbers by year are columns or lines, numbers by year and group are stacked, numbers by name are
bars. What is none of these (maps, networks, matrices) keeps its picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    from patentnav.report.blocks import Table

_BARS = 20  # names of a bar chart
_GROUPS = 8  # that are told apart in a stacked chart


@dataclass(frozen=True)
class Chart:
    """A native chart.

    Attributes
    ----------
    kind
        ``column``, ``line``, ``stacked`` or ``bar``.
    frame
        Its data: the first column names the places on the axis, each further one is a series.
    forms
        How the columns are written.
    places
        Where the table itself has these columns, row by row; None where it has not.
    """

    kind: Literal["column", "line", "stacked", "bar"]
    frame: pd.DataFrame
    forms: tuple[str, ...]
    places: tuple[int, ...] | None = None


def chart_of(table: Table, rest: str, *, bars: int = _BARS, groups: int = _GROUPS) -> Chart | None:
    """The chart of a figure's table; None where its picture says more.

    Parameters
    ----------
    table
        The data of the figure.
    rest
        Name of all groups beyond the largest.
    bars
        Names of a bar chart at most.
    groups
        Groups that are told apart in a stacked chart.
    """
    frame = table.frame
    names = [str(name) for name in frame.columns]
    form = {name: table.form(name) for name in names}
    years = [name for name in names if form[name] == "year"]
    marks = [name for name in names if pd.api.types.is_bool_dtype(frame[name].dtype)]
    keys = [name for name in names if not table.is_numeric(name) and name not in marks]
    numbers = [n for n in names if n not in {*years, *keys, *marks} and form[n] != "date"]
    if len(frame) < 2 or not numbers:
        return None
    if len(years) == 1 and not keys and frame[years[0]].is_unique:
        # Coefficients are told by lines; the counts behind them would flatten these.
        shown = [n for n in numbers if form[n] != "count"] or numbers
        kind: Literal["column", "line"] = "column" if form[shown[0]] == "count" else "line"
        return _of_table(kind, table, [years[0], *shown], len(frame))
    if len(years) == 1 and len(keys) == 1 and len(numbers) == 1:
        return _stacked(table, years[0], keys[0], numbers[0], (rest, groups))
    if not years and len(keys) == 1 and frame[keys[0]].is_unique and frame[keys[0]].notna().all():
        return _of_table("bar", table, [keys[0], numbers[0]], bars)
    return None


def _of_table(
    kind: Literal["column", "line", "bar"], table: Table, names: list[str], rows: int
) -> Chart:
    frame = table.frame[names].head(rows)
    places: tuple[int, ...] | None = tuple(map(list(table.frame.columns).index, names))
    if kind != "bar" and not frame[names[0]].is_monotonic_increasing:
        frame, places = frame.sort_values(names[0], ignore_index=True), None
    return Chart(kind, frame, tuple(table.form(name) for name in names), places)


def _stacked(
    table: Table, year: str, key: str, number: str, others: tuple[str, int]
) -> Chart | None:
    rest, most = others
    frame = table.frame.dropna(subset=[year, key])
    if frame.duplicated([year, key]).any():
        return None
    order = frame.groupby(key, sort=True)[number].sum().sort_values(ascending=False, kind="stable")
    wide = frame.pivot(index=year, columns=key, values=number)[list(order.index)].sort_index()
    if len(order) > most:
        together = wide.iloc[:, most:].sum(axis=1)
        wide = wide.iloc[:, :most].assign(**{rest: together})
    forms = (table.form(year), *[table.form(number)] * len(wide.columns))
    return Chart("stacked", wide.rename_axis(columns=None).reset_index(), forms)
