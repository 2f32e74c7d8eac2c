"""The course of counts over the years: start, peak, turning point and last direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEVIATIONS = 2.0  # standard deviations of two Poisson counts beyond which they differ
RELATIVE = 0.1  # of the larger count: less than that is no change worth a word
PLATEAU = 3  # years alike up to the last one from which a course is called steady
FEWEST = 10  # largest yearly count below which no direction can be told

_COLUMNS = [
    "years", "total", "first_year", "first_count", "last_year", "last_count", "peak_year", "peak",
    "turn_year", "turn_count", "direction", "monotone", "rate", "delayed_from",
]  # fmt: skip


def course(counts: pd.DataFrame, *, until: int | None = None) -> pd.DataFrame:
    r"""Tell where counts begin, peak and turn, and which way they went last.

    Two counts :math:`a` and :math:`b` differ where :math:`|a - b| > 2\sqrt{a + b}` (two standard
    deviations of the difference of two Poisson counts) and :math:`|a - b|` is at least a tenth of
    the larger one. Going back from the last year, the years that do not differ from it are alike:
    three or more of them (the last included) make the course steady. Else the first year that
    differs gives the direction, and the turning point is the extreme reached before (going further
    back) the counts move significantly the other way.

    Parameters
    ----------
    counts
        What :func:`patentnav.indicators.activity` returned.
    until
        Last year used; when omitted, the last that is ``complete``, or the last of counts that do
        not tell.

    Returns
    -------
    pandas.DataFrame
        One row (per ``group`` where there are groups): ``years`` from the first count to the last
        year used, ``total`` of them, ``first_year, first_count, last_year, last_count``,
        ``peak_year`` (the earliest of several) and ``peak``, ``turn_year, turn_count`` (where the
        last movement, or the plateau, begins), ``direction`` (1 rising, -1 falling, 0 steady; NA
        with fewer than three years or where no year counts ten), ``monotone`` (every year since
        the turn goes that way; NA of a steady course), ``rate`` (compound, yearly, since the turn;
        NA where nothing was counted then) and ``delayed_from`` (first year of ``counts`` after the last one
        used, whose counts are not read; NA if none).

    Raises
    ------
    ArgumentError
        A year stands twice in a group.

    Examples
    --------
    >>> import pandas as pd
    >>> seen = pd.DataFrame({"year": range(2014, 2020),
    ...                      "count": [119, 416, 1898, 1589, 1113, 868]})
    >>> course(seen)[["peak_year", "turn_year", "direction", "monotone"]].astype(int).iloc[0].tolist()
    [2016, 2016, -1, 1]
    """
    parts = counts.groupby("group", sort=True) if "group" in counts else [("", counts)]
    rows = [{"group": name, **_of_one(part, until)} for name, part in parts]
    result = pd.DataFrame(rows, columns=["group", *_COLUMNS])
    whole = ["years", "first_year", "last_year", "peak_year", "turn_year", "direction",
             "delayed_from"]  # fmt: skip
    result = result.astype(dict.fromkeys(whole, "Int64") | {"monotone": "boolean"})
    result.attrs = dict(counts.attrs)
    return result if "group" in counts else result.drop(columns="group")


def _of_one(part: pd.DataFrame, until: int | None) -> dict[str, object]:
    if part["year"].duplicated().any():
        year = int(part.loc[part["year"].duplicated(), "year"].iloc[0])
        msg = f"The year {year} stands twice in a group of counts. Sum them first."
        raise ArgumentError(msg)
    if until is not None:
        read = part["year"] <= until
    elif "complete" in part.columns:
        read = part["complete"].fillna(True).astype(bool)
    else:
        read = pd.Series(True, index=part.index)
    last = int(part.loc[read, "year"].max()) if read.any() else None
    row: dict[str, object] = dict.fromkeys(_COLUMNS, pd.NA)
    row |= {"years": 0, "total": 0.0}
    if last is None:
        return row
    later = part.loc[part["year"] > last, "year"]
    row["delayed_from"] = int(later.min()) if len(later) else pd.NA
    by_year = part[part["year"] <= last].set_index("year")["count"].astype("float64")
    if not (by_year > 0).any():
        return row
    first = int(by_year.index[by_year > 0].min())
    years = np.arange(first, last + 1)
    values = by_year.reindex(years, fill_value=0.0).to_numpy()
    peak = int(values.argmax())
    row |= {
        "years": len(years), "total": float(values.sum()), "first_year": first,
        "first_count": values[0], "last_year": last, "last_count": values[-1],
        "peak_year": int(years[peak]), "peak": values[peak],
    }  # fmt: skip
    if len(years) < PLATEAU or values[peak] < FEWEST:
        return row
    turn, direction = _last_movement(values)
    steps = np.sign(np.diff(values[turn:])).astype(int).tolist()
    span = len(values) - 1 - turn
    rate = (values[-1] / values[turn]) ** (1 / span) - 1 if span and values[turn] else np.nan
    return row | {
        "turn_year": int(years[turn]), "turn_count": values[turn], "direction": direction,
        "monotone": all(s == direction for s in steps) if direction else pd.NA, "rate": rate,
    }  # fmt: skip


def differ(one: float, other: float) -> bool:
    """Tell whether two yearly counts differ by more than chance and by more than a tenth."""
    apart = abs(one - other)
    return apart > DEVIATIONS * np.sqrt(one + other) and apart >= RELATIVE * max(one, other)


def _last_movement(values: Sequence[float] | np.ndarray) -> tuple[int, int]:
    """Place where the last movement begins, and its direction."""
    last = len(values) - 1
    alike = last
    while alike and not differ(values[alike - 1], values[last]):
        alike -= 1
    if last - alike + 1 >= PLATEAU or alike == 0:
        return alike, 0
    direction = 1 if values[last] > values[alike - 1] else -1
    turn = alike - 1
    for place in range(turn - 1, -1, -1):
        ahead = direction * (values[turn] - values[place])
        if ahead >= 0:  # as far from where it went, or further: the movement is older
            turn = place
        elif differ(values[place], values[turn]):
            break
    return turn, direction
