"""Recompute claims on targets: state, pace, forecast and need from the rows of the user's tables."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav._strings import texts
from patentnav.claims.cities import rows_of
from patentnav.claims.portfolios import held_by_largest
from patentnav.claims.recount import kept, measure
from patentnav.errors import UnavailableError

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_YEAR = 12
_ALMOST = 0.9


def _end(period: str) -> tuple[int, int, int]:
    """Year, month and day at which a period ends."""
    year = int(period[:4])
    rest = period[4:]
    if not rest:
        return year, 12, 31
    month = 3 * int(rest[1]) if rest[0] == "Q" else int(rest[1:3])
    if rest.count("-") > 1:
        return year, month, int(rest[-2:])
    following = dt.date(year + month // _YEAR, month % _YEAR + 1, 1)
    return year, month, (following - dt.timedelta(days=1)).day


def _given(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _rows(recount: Recount, kpi: str, reading: str) -> list[tuple[int, int, float, Any]]:
    """Year, month, value and whether it is cumulative, oldest first."""
    tables, day = recount.study.user_tables, recount.study.as_of_day
    if "KA" not in tables:
        return []
    frame = tables["KA"].frame
    reported = any(
        r.kpi == kpi and _given(r.reading) and r.reading == reading for r in rows_of(frame)
    )
    if not reported and (held := _held(recount, kpi, reading)) is not None:
        return [(day.year, day.month, held, None)]
    wanted = (
        ""
        if reading in {"cagr", "every_year", "over_period"} or reading[:5] == "base_"
        else reading
    )
    found = []
    for row in rows_of(frame):
        said = row.reading if _given(row.reading) else ""
        year, month, last = _end(str(row.period))
        if row.kpi != kpi or said != wanted or (year, month, last) > (day.year, day.month, day.day):
            continue
        value = row.value
        if (
            not _given(value)
            and _given(row.numerator)
            and _given(row.denominator)
            and row.denominator
        ):
            value = row.numerator / row.denominator
        if _given(value):
            found.append((year, month, float(value), row.cumulative))
    return sorted(found, key=lambda one: one[:2])


def _held(recount: Recount, kpi: str, reading: str) -> float | None:
    """What the largest portfolios hold, where the target asks for it and the set tells it."""
    one = next(r for r in recount.study.targets.to_dict("records") if r["id"] == kpi)
    asked = str(one["evidence"]).split() if _given(one["evidence"]) else []
    content = next((c for c in ("inventions", "pct") if f"portfolio.{c}" in asked), "")
    how, _, counted = reading.partition("_")
    if not content or not counted:
        return None
    try:
        told = recount.study.contents
    except UnavailableError:
        return None
    how = {"total": "together"}.get(how, how)
    row = told[
        (told["content"] == content) & (told["reading"] == how) & (told["counted"] == counted)
    ]
    if row["value"].isna().all():
        return None  # what is not told cannot be counted again
    return float(held_by_largest(recount, content, how, counted)["value"])


@kept
def _told(recount: Recount, kpi: str, reading: str) -> dict[str, Any]:
    """All that is told of a target under a reading."""
    one = next(r for r in recount.study.targets.to_dict("records") if r["id"] == kpi)
    rows = _rows(recount, kpi, reading)
    if not _given(one["target"]) or not rows:
        return {
            "state": "unknown",
            "actual": rows[-1][2] if rows and not _given(one["target"]) else None,
        }
    kind, goal = str(one["type"]), float(one["target"])
    by = int(one["by"]) if _given(one["by"]) else None
    first = int(one["base_year"]) if _given(one["base_year"]) else None
    base = float(one["base"]) if _given(one["base"]) else None
    if reading[:5] == "base_":
        asked = int(reading[5:])
        base, first = (base if asked == first else None), asked
    more = one["op"] != "<="
    if kind == "growth":
        return _growing(rows, goal, by, first, base=base, reading=reading)
    if kind == "floor":
        return _yearly(rows, goal, by, first, recount.study.as_of_day)
    if kind == "milestone":
        done = rows[-1][2] >= 1
        day = recount.study.as_of_day
        due = by is not None and (day.year, day.month, day.day) >= (by, 12, 31)
        state = "met" if done else "behind" if due else "unknown"
        return {"state": state, "actual": rows[-1][2], "attainment": float(done)}
    if kind in {"stock", "cumulative", "implied"}:
        return _growing_to(kind, rows, goal, by=by, first=first, base=base, more=more)
    value = rows[-1][2]
    part = value / goal if more and goal else goal / value if value and not more else None
    met = value >= goal if more else value <= goal
    return {"state": _state(part, met=met), "actual": value, "attainment": part,
            "pace": part}  # fmt: skip


def _state(pace: float | None, *, met: bool) -> str:
    if met:
        return "met"
    if pace is None:
        return "unknown"
    return "behind" if pace < _ALMOST else "nearly" if pace < 1 else "on_pace"


def _growing_to(
    kind: str, rows: list[Any], goal: float, *, by: int | None, first: int | None,
    base: float | None, more: bool,
) -> dict[str, Any]:  # fmt: skip
    year, month, value, flag = rows[-1]
    if kind == "cumulative" and _given(flag) and not flag:
        yearly = {y: v for y, _, v, _ in rows}
        start = min(yearly) if first is None else first + 1
        if set(range(start, year + 1)) - set(yearly):
            return {"state": "unknown", "actual": value}
        value = sum(yearly[y] for y in range(start, year + 1))
    if base is None:
        if kind == "cumulative":
            base = 0.0 if first is not None else None
        else:
            base = next((v for y, m, v, _ in rows if y == first and m == _YEAR), None)
    told: dict[str, Any] = {"actual": value, "attainment": value / goal if goal else None}
    met = value >= goal if more else value <= goal
    gone = None if first is None else year - 1 + month / _YEAR - first
    if base is None or by is None or gone is None or gone <= 0 or first is None or by <= first:
        return {**told, "state": _state(None, met=met)}
    whole = by - first
    planned = base + (goal - base) * min(gone / whole, 1)
    left = max(whole - gone, 0)
    pace = (value - base) / (planned - base) if planned != base else None
    return {
        **told, "planned": planned, "pace": pace, "state": _state(pace, met=met),
        "forecast": value + (value - base) * left / gone,
        "need": max(goal - value, 0) / left if left else None,
    }  # fmt: skip


def _growing(
    rows: list[Any],
    goal: float,
    by: int | None,
    first: int | None,
    *,
    base: float | None,
    reading: str,
) -> dict[str, Any]:
    yearly = {y: v * _YEAR / m for y, m, v, _ in rows}
    last = max(yearly)
    base = yearly.get(first) if base is None and first is not None else base
    told: dict[str, Any] = {"actual": yearly[last], "state": "unknown"}
    if not base or first is None or last <= first:
        return told
    end = by or last
    rate = (
        (1 + goal) ** (1 / (end - first)) - 1 if reading == "over_period" and end > first else goal
    )
    whole = base * (1 + rate) ** (end - first)
    planned = base * (1 + rate) ** (last - first)
    if end > last and yearly[last] > 0:
        told["need"] = max((whole / yearly[last]) ** (1 / (end - last)) - 1, 0)
    told["planned"] = planned
    if reading == "every_year":
        steps = [(yearly.get(y), yearly.get(y - 1) if y - 1 > first else base)
                 for y in range(first + 1, last + 1)]  # fmt: skip
        if any(now is None or not before for now, before in steps):
            return {"actual": yearly[last], "state": "unknown"}
        grown = min(now / before - 1 for now, before in steps)  # type: ignore[operator]
        pace, met = grown / rate, grown >= rate and last >= end
    else:
        grown = (yearly[last] / base) ** (1 / (last - first)) - 1
        pace, met = (yearly[last] - base) / (planned - base), yearly[last] >= whole and last >= end
        told["forecast"] = base * (1 + grown) ** (end - first)
    return {**told, "attainment": grown / rate, "pace": pace, "state": _state(pace, met=met)}


def _yearly(
    rows: list[Any], goal: float, by: int | None, first: int | None, day: Any
) -> dict[str, Any]:
    start = rows[0][0] if first is None else first + 1
    held = {y: (v * _YEAR / m, m) for y, m, v, _ in rows if y >= start}
    if not held:
        return {"actual": rows[-1][2], "state": "unknown"}
    value = min(v for v, _ in held.values())
    part = next(m < _YEAR for _, (v, m) in sorted(held.items()) if v == value)
    over = day.year - (0 if (day.month, day.day) == (12, 31) else 1)
    until = max(*held, min(over, by or over))
    told = {"actual": value, "attainment": value / goal if goal else None}
    if value >= goal and set(range(start, until + 1)) - set(held):
        return {**told, "state": "unknown"}
    met = value >= goal and by is not None and max(held) >= by and not part
    return {**told, "pace": told["attainment"], "state": _state(told["attainment"], met=met)}


def _of(recount: Recount, claim: Claim) -> dict[str, Any]:
    return _told(recount, claim.subject.partition(":")[2], str(claim.details.get("reading", "")))


@measure("target_value")
def _value(recount: Recount, claim: Claim) -> Any:
    """What ``details["what"]`` names: actual, attainment, planned, pace, forecast, need."""
    return _of(recount, claim).get(str(claim.details["what"]))


@measure("target_state")
def _state_of(recount: Recount, claim: Claim) -> Any:
    return _of(recount, claim)["state"]


@measure("targets_in_state")
def _in_state(recount: Recount, claim: Claim) -> int:
    """Targets in the state ``details["state"]``; all where it is empty."""
    ids = [str(i) for i in recount.study.targets["id"]]
    tally = Counter(_told(recount, i, "")["state"] for i in ids)
    wanted = claim.details.get("state")
    return tally[wanted] if wanted else len(ids)


@measure("targets_reported")
def _reported(recount: Recount, _claim: Claim) -> int:
    """Targets of which a value is told."""
    ids = [str(i) for i in recount.study.targets["id"]]
    return sum(_told(recount, i, "").get("actual") is not None for i in ids)


@measure("event_units_between")
def _event_units(recount: Recount, claim: Claim) -> int:
    """Units with an event of a category of ``details["categories"]`` dated in the window."""
    if claim.window is None:
        return 0
    first, last = claim.window
    table, wanted = recount.study.patents.legal_events, set(claim.details["categories"])
    found = set()
    for publication, category, date in zip(
        texts(table["publication_id"]), texts(table["category"]), texts(table["date"]), strict=True
    ):
        if category in wanted and not pd.isna(date) and first <= date.year <= last:
            found.add(recount.unit_of[str(publication)])
    return len(found)


@measure("registered_projects")
def _projects(recount: Recount, claim: Claim) -> int:
    """Rows of the register NR of the kind ``details["kind"]`` until the day, accepted ones or all."""
    kind, day = claim.details["kind"], recount.study.as_of_day
    count = 0
    for row in rows_of(recount.study.user_tables["NR"].frame):
        late = not pd.isna(row.finished_on) and row.finished_on > day
        accepted = not pd.isna(row.accepted) and bool(row.accepted)
        count += row.kind == kind and not late and (accepted or not claim.details.get("accepted"))
    return count
