"""Where each target stands: reached, on pace, behind, or not to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav.kpi.periods import last_day, months, position

if TYPE_CHECKING:
    from collections.abc import Iterator

STATES = ("met", "on_pace", "nearly", "behind", "unknown")
REASONS = (
    "no_actual", "no_target", "no_base", "base_zero", "missing_year", "not_due", "first_year",
)  # fmt: skip
_NEARLY = 0.9
_PATHS = ("stock", "cumulative", "implied")
# Readings of the same figures; any other is another way of counting and needs figures of its own.
_COMPUTED = ("", "cagr", "every_year", "over_period")
_COLUMNS = {
    "id": "str", "type": "str", "class": "str", "unit": "str", "reading": "str", "target": "float64",
    "base": "float64", "base_year": "Int64", "by": "Int64", "actual": "float64", "period": "str",
    "attainment": "float64", "planned": "float64", "pace": "float64", "forecast": "float64",
    "need": "float64", "estimated": "bool", "state": "str", "reason": "str", "source": "str",
}  # fmt: skip


@dataclass(frozen=True)
class _Result:
    actual: float | None = None
    period: str | None = None
    source: str | None = None
    base: float | None = None
    attainment: float | None = None
    planned: float | None = None
    pace: float | None = None
    forecast: float | None = None
    need: float | None = None
    estimated: bool = False
    state: str = "unknown"
    reason: str = ""


@dataclass(frozen=True)
class _Target:
    kind: str
    target: float | None
    by: int | None
    base_year: int | None
    base: float | None
    least: bool  # more is better


def evaluate(
    targets: pd.DataFrame, actuals: pd.DataFrame | None, as_of: Any, *, reading: str = ""
) -> pd.DataFrame:
    r"""State of every target on a day.

    Stock and cumulative targets have the pace :math:`\pi = (X - B)/(P - B)` with
    :math:`P = B + (T - B)(t - t_0)/(t_1 - t_0)`, the forecast
    :math:`X + (X - B)/(t - t_0) (t_1 - t)` and the need :math:`(T - X)/(t_1 - t)` a year; growth
    targets :math:`P = X_0 (1 + g)^n`; floors hold in every year; ratios and gates are what they are.

    Parameters
    ----------
    targets
        User table KT (:func:`targets`).
    actuals
        User table KA; None where there is none.
    as_of
        Day on which the state is told; later periods are not looked at.
    reading
        Reading under which the values were counted, or for growth targets how they are read:
        ``cagr`` (the mean growth, as when omitted), ``every_year`` (the least growth of a year),
        ``base_<year>`` (another first year), ``over_period`` (the growth of all years together). Any
        other reading has figures of its own: rows of KA that say so.

    Returns
    -------
    pandas.DataFrame
        One row per target, in their order: ``id, type, class, unit, reading, target, base,
        base_year, by, actual, period, attainment, planned, pace, forecast, need, estimated`` (a part
        of a year taken for the whole), ``state`` (``met, on_pace, nearly`` (at least nine tenths),
        ``behind, unknown``), ``reason`` (why it is unknown), ``source``. What is not known is NA:
        no target is at zero because nobody said anything.

    Examples
    --------
    >>> t = pd.DataFrame({"id": ["a"], "type": ["stock"], "target": [50.0], "by": [2021],
    ...                   "base_year": [2018], "base": [10.0], "op": [">="], "class": ["U"],
    ...                   "unit": [""]})
    >>> k = pd.DataFrame({"kpi": ["a"], "period": ["2020"], "value": [30.0], "source": ["s"]})
    >>> evaluate(t, k, "2020-12-31").loc[0, ["planned", "pace", "forecast", "need"]].astype(
    ...     float).round(2).tolist()
    [36.67, 0.75, 40.0, 20.0]
    """
    day = pd.Timestamp(as_of)
    rows = []
    for row in _records(targets):
        known = _series(actuals, str(row["id"]), day, reading)
        target = _target(row, reading)
        found = _of_kind(target, known, day, reading)
        rows.append({
            "id": row["id"], "type": row["type"], "class": row.get("class"), "unit": row.get("unit"),
            "reading": reading, "target": target.target, "by": target.by,
            "base_year": target.base_year, **vars(found),
        })  # fmt: skip
    frame = pd.DataFrame(rows, columns=[*_COLUMNS])
    return frame.astype(_COLUMNS)


def readings(targets: pd.DataFrame, actuals: pd.DataFrame | None, as_of: Any) -> pd.DataFrame:
    """States of ambiguous targets under each of their readings.

    Parameters
    ----------
    targets, actuals, as_of
        As :func:`evaluate`; the column ``reading`` of the targets lists the readings.

    Returns
    -------
    pandas.DataFrame
        Columns of :func:`evaluate`, one row per target and reading; targets with one reading only
        are not there.
    """
    parts = []
    for _, row in targets.iterrows():
        one = row.to_frame().T
        for name in row["reading"]:
            parts.append(evaluate(one, actuals, as_of, reading=str(name)))
    empty = evaluate(targets.head(0), actuals, as_of)
    return pd.concat(parts, ignore_index=True) if parts else empty


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _target(row: dict[str, Any], reading: str) -> _Target:
    def known(name: str) -> Any:
        value = row.get(name)
        return None if value is None or pd.isna(value) else value

    year = known("base_year")
    base = known("base")
    if reading.startswith("base_"):
        asked = int(reading.removeprefix("base_"))
        base = base if asked == year else None
        year = asked
    return _Target(
        str(row["type"]), known("target"), None if known("by") is None else int(row["by"]),
        None if year is None else int(year), None if base is None else float(base),
        known("op") != "<=",
    )  # fmt: skip


def _series(
    actuals: pd.DataFrame | None, kpi: str, day: pd.Timestamp, reading: str
) -> list[dict[str, Any]]:
    """What was reported until the day, oldest first; the value of a ratio from its parts."""
    if actuals is None:
        return []
    rows = []
    for row in _records(actuals[actuals["kpi"] == kpi]):
        said = row.get("reading")
        said = "" if said is None or pd.isna(said) else str(said)
        computed = reading in _COMPUTED or reading.startswith("base_")
        if said != ("" if computed else reading) or last_day(row["period"]) > day:
            continue
        value = row.get("value")
        if value is None or pd.isna(value):
            over, under = row.get("numerator"), row.get("denominator")
            if over is None or under is None or pd.isna(over) or pd.isna(under) or not under:
                continue
            value = over / under
        rows.append({**row, "value": float(value), "at": position(row["period"])})
    return sorted(rows, key=lambda row: (row["at"], str(row["period"])))


def _of_kind(
    target: _Target, known: list[dict[str, Any]], day: pd.Timestamp, reading: str
) -> _Result:
    if target.target is None:
        return _Result(reason="no_target", **_last(known))
    if not known:
        return _Result(reason="no_actual", base=target.base)
    if target.kind == "growth":
        return _growth(target, known, reading)
    if target.kind == "floor":
        return _floor(target, known, day)
    if target.kind == "milestone":
        return _milestone(target, known, day)
    return _path(target, known) if target.kind in _PATHS else _ratio(target, known)


def _last(known: list[dict[str, Any]]) -> dict[str, Any]:
    if not known:
        return {}
    row = known[-1]
    source = row.get("source")
    return {"actual": row["value"], "period": row["period"],
            "source": None if source is None or pd.isna(source) else source}  # fmt: skip


def _reached(target: _Target, value: float) -> bool:
    assert target.target is not None  # noqa: S101 (checked before)
    return value >= target.target if target.least else value <= target.target


def _judged(result: _Result, pace: float | None, *, met: bool) -> _Result:
    if met:
        return replace(result, pace=pace, state="met", reason="")
    if pace is None:
        return result
    state = "on_pace" if pace >= 1 else "nearly" if pace >= _NEARLY else "behind"
    return replace(result, pace=pace, state=state, reason="")


def _ended(target: _Target, at: float) -> bool:
    return target.by is not None and at >= target.by


def _path(target: _Target, known: list[dict[str, Any]]) -> _Result:
    """A number that is to grow from its base to its target."""
    assert target.target is not None  # noqa: S101 (checked before)
    summed = _summed(target, known)
    if summed is None:
        return _Result(reason="missing_year", base=target.base, **_last(known))
    value, at = summed, known[-1]["at"]
    base = target.base
    if base is None:
        at_base = [row["value"] for row in known if row["at"] == target.base_year]
        base = at_base[0] if at_base and target.kind != "cumulative" else None
    if base is None and target.kind == "cumulative" and target.base_year is not None:
        base = 0.0  # what is counted from a year on begins at nothing
    result = _Result(**{**_last(known), "actual": value}, base=base, reason="no_base",
                     attainment=value / target.target if target.target else None)  # fmt: skip
    if base is None or target.by is None or target.base_year is None:
        return _judged(result, None, met=_reached(target, value))
    start, end = float(target.base_year), float(target.by)
    if at <= start or end <= start:
        return _judged(replace(result, reason="first_year"), None, met=_reached(target, value))
    share = min((at - start) / (end - start), 1.0)
    planned = base + (target.target - base) * share
    pace = (value - base) / (planned - base) if planned != base else None
    left = max(end - at, 0.0)
    result = replace(
        result, planned=planned, forecast=value + (value - base) / (at - start) * left,
        need=max(target.target - value, 0.0) / left if left else None,
    )  # fmt: skip
    return _judged(result, pace, met=_reached(target, value))


def _summed(target: _Target, known: list[dict[str, Any]]) -> float | None:
    """The last value; of figures of single years their sum, if none of the years is missing."""
    last = known[-1]
    flag = last.get("cumulative")
    if target.kind != "cumulative" or flag is None or pd.isna(flag) or bool(flag):
        return float(last["value"])
    by_year = {int(row["period"][:4]): row["value"] for row in known}
    first = min(by_year) if target.base_year is None else target.base_year + 1
    years = range(first, int(last["period"][:4]) + 1)
    if any(year not in by_year for year in years):
        return None
    return float(sum(by_year[year] for year in years))


def _whole_years(known: list[dict[str, Any]]) -> Iterator[tuple[int, float, bool]]:
    """Year, value, and whether a part of the year was taken for the whole."""
    by_year = {int(row["period"][:4]): row for row in known}  # the last period of a year
    for year, row in sorted(by_year.items()):
        behind = months(row["period"])
        yield year, row["value"] * 12 / behind, behind < 12


def _growth(target: _Target, known: list[dict[str, Any]], reading: str) -> _Result:
    every_year = reading == "every_year"
    assert target.target is not None  # noqa: S101 (checked before)
    values = {year: value for year, value, _ in _whole_years(known)}
    part = {year for year, _, estimated in _whole_years(known) if estimated}
    last = max(values)
    base = target.base if target.base is not None else values.get(target.base_year or -1)
    result = _Result(**{**_last(known), "actual": values[last]}, base=base, estimated=last in part)
    if base is None or target.base_year is None:
        return replace(result, reason="no_base")
    if base == 0:
        return replace(result, reason="base_zero")
    n = last - target.base_year
    if n < 1:
        return replace(result, reason="first_year")
    g, end = target.target, target.by or last
    if reading == "over_period" and end > target.base_year:
        g = (1 + g) ** (1 / (end - target.base_year)) - 1  # a year's part of it
    goal, planned = base * (1 + g) ** (end - target.base_year), base * (1 + g) ** n
    if every_year:
        rate = _least_growth({**values, target.base_year: base}, target.base_year, last)
        if rate is None:
            return replace(result, reason="missing_year")
    else:
        rate = (values[last] / base) ** (1 / n) - 1
    left = end - last
    result = replace(
        result, planned=planned, attainment=rate / g if g else None,
        forecast=base * (1 + rate) ** (end - target.base_year) if not every_year else None,
        need=max((goal / values[last]) ** (1 / left) - 1, 0.0) if left > 0 and values[last] > 0
        else None,
    )  # fmt: skip
    pace = (rate / g if every_year else (values[last] - base) / (planned - base)) if g else None
    met = rate >= g if every_year else values[last] >= goal
    return _judged(result, pace, met=bool(met and last >= end))


def _least_growth(values: dict[int, float], first: int, last: int) -> float | None:
    rates = []
    for year in range(first + 1, last + 1):
        if year not in values or not values.get(year - 1):
            return None
        rates.append(values[year] / values[year - 1] - 1)
    return min(rates)


def _floor(target: _Target, known: list[dict[str, Any]], day: pd.Timestamp) -> _Result:
    """A number that is to be reached in every year."""
    assert target.target is not None  # noqa: S101 (checked before)
    years = list(_whole_years(known))
    first = years[0][0] if target.base_year is None else target.base_year + 1
    held = {year: (value, part) for year, value, part in years if year >= first}
    if not held:
        return _Result(reason="first_year", **_last(known))
    worst = min(held, key=lambda year: (held[year][0], year))
    value, part = held[worst]
    result = _Result(**{**_last(known), "actual": value, "period": _period(known, worst)},
                     attainment=value / target.target if target.target else None,
                     estimated=part, reason="missing_year")  # fmt: skip
    over = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    asked = range(first, max(*held, min(over, target.by or over)) + 1)
    if value >= target.target and any(year not in held for year in asked):
        return result
    ended = target.by is not None and max(held) >= target.by and not part
    return _judged(result, result.attainment, met=value >= target.target and ended)


def _period(known: list[dict[str, Any]], year: int) -> str:
    return str([row["period"] for row in known if int(row["period"][:4]) == year][-1])


def _ratio(target: _Target, known: list[dict[str, Any]]) -> _Result:
    """A part of a whole, or what must be passed, as it is now."""
    assert target.target is not None  # noqa: S101 (checked before)
    told = _last(known)
    value = told["actual"]
    whole = target.target
    part = (value / whole if target.least else whole / value if value else None) if whole else None
    return _judged(_Result(**told, attainment=part), part, met=_reached(target, value))


def _milestone(target: _Target, known: list[dict[str, Any]], day: pd.Timestamp) -> _Result:
    """Something that is done or not; before its year has ended nothing can be said of its pace."""
    told = _last(known)
    done = told["actual"] >= 1
    result = _Result(**told, attainment=float(done), reason="not_due")
    due = target.by is not None and day >= pd.Timestamp(target.by, 12, 31)
    return _judged(result, 0.0 if due else None, met=done)
