"""Recompute claims on the course of counts: direction, turning point, pace, and the stage of life."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from patentnav.claims.recount import measure

if TYPE_CHECKING:
    from typing import Any

    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_CLOSE = 0.02  # relative difference of two fits that are the same but for their search


def yearly(recount: Recount, subject: str, window: tuple[int, int] | None) -> dict[int, int]:
    """Units of every year from the first to the last of a window, zeros included."""
    tally: dict[int, int] = {}
    for unit in recount.units(subject):
        year = recount.year_of.get(unit)
        if year is not None and (window is None or window[0] <= year <= window[1]):
            tally[year] = tally.get(year, 0) + 1
    if not tally:
        return {}
    last = max(tally) if window is None else window[1]
    return {year: tally.get(year, 0) for year in range(min(tally), last + 1)}


def _apart(one: int, other: int) -> bool:
    gap = abs(one - other)
    return gap * gap > 4 * (one + other) and 10 * gap >= max(one, other)


def _turned(tally: dict[int, int]) -> tuple[int | None, int | None]:
    """Year of the turn and direction since, from the years backwards."""
    if len(tally) < 3 or max(tally.values()) < 10:
        return None, None
    backwards = sorted(tally, reverse=True)
    now = tally[backwards[0]]
    alike = [backwards[0]]
    for year in backwards[1:]:
        if _apart(tally[year], now):
            break
        alike.append(year)
    rest = backwards[len(alike) :]
    if len(alike) >= 3 or not rest:
        return alike[-1], 0
    falls = tally[rest[0]] > now
    extreme = rest[0]
    for year in rest[1:]:
        beyond = tally[year] >= tally[extreme] if falls else tally[year] <= tally[extreme]
        if beyond:
            extreme = year
        elif _apart(tally[year], tally[extreme]):
            break
    return extreme, -1 if falls else 1


@measure("course_direction")
def _direction(recount: Recount, claim: Claim) -> int | None:
    """Direction of the last movement: 1, 0 or -1."""
    return _turned(yearly(recount, claim.subject, claim.window))[1]


@measure("turn_year")
def _turn_year(recount: Recount, claim: Claim) -> int | None:
    """Year in which the last movement or the plateau begins."""
    return _turned(yearly(recount, claim.subject, claim.window))[0]


@measure("monotone")
def _monotone(recount: Recount, claim: Claim) -> bool:
    """Whether every year of the window goes the way ``direction`` says."""
    tally = yearly(recount, claim.subject, claim.window)
    first, last = claim.window or (min(tally), max(tally))
    way = claim.direction or 0
    return all(
        way * (tally.get(year, 0) - tally.get(year - 1, 0)) > 0
        for year in range(first + 1, last + 1)
    )


@measure("lowest")
def _lowest(recount: Recount, claim: Claim) -> int | None:
    first, last = claim.window or (0, 0)
    return min(
        (len(recount.units(claim.subject, (year, year))) for year in range(first, last + 1)),
        default=None,
    )


@measure("change")
def _change(recount: Recount, claim: Claim) -> float | None:
    """Relative change from the first to the last year of the window."""
    if claim.window is None:
        return None
    first, last = (len(recount.units(claim.subject, (year, year))) for year in claim.window)
    return last / first - 1 if first else None


@measure("fall")
def _fall(recount: Recount, claim: Claim) -> float | None:
    """What is lost from the first to the last year of the window, as a part of the first."""
    change = _change(recount, claim)
    return None if change is None else -change


@measure("growth_rate")
def _growth_rate(recount: Recount, claim: Claim) -> float | None:
    """Mean over the years of the window of inventions over those of five trailing years."""
    if claim.window is None:
        return None
    kinds = recount.publications["patent_type"]
    inventions: dict[int, int] = {}
    seen: set[str] = set()
    first_kind: dict[str, Any] = {}
    for publication, kind in zip(recount.ids, kinds, strict=True):
        unit = recount.unit_of[publication]
        if unit not in first_kind and isinstance(kind, str):
            first_kind[unit] = kind
    for unit, kind in first_kind.items():
        if kind == "invention" and unit in recount.year_of and unit not in seen:
            seen.add(unit)
            year = recount.year_of[unit]
            inventions[year] = inventions.get(year, 0) + 1
    rates = []
    for year in range(claim.window[0], claim.window[1] + 1):
        trailing = sum(inventions.get(year - back, 0) for back in range(5))
        if trailing:
            rates.append(inventions.get(year, 0) / trailing)
    return math.fsum(rates) / len(rates) if rates else None


def _ceiling(totals: list[int], years: list[int]) -> tuple[float, float] | None:
    """Ceiling and turn of the logistic curve: both nearest by a search, the ceiling in closed form."""
    best = (math.inf, 0.0, 0.0)
    low_r, high_r, low_t, high_t = 0.02, 3.0, float(years[0]), float(years[-1] + 10)
    for _ in range(12):
        rates = [low_r + (high_r - low_r) * i / 20 for i in range(21)]
        turns = [low_t + (high_t - low_t) * i / 20 for i in range(21)]
        for r in rates:
            for t in turns:
                shape = [1 / (1 + math.exp(min(700.0, -r * (y - t)))) for y in years]
                weight = math.fsum(s * s for s in shape)
                ceiling = math.fsum(s * n for s, n in zip(shape, totals, strict=True)) / weight
                miss = math.fsum((n - ceiling * s) ** 2 for n, s in zip(totals, shape, strict=True))
                if miss < best[0]:
                    best = (miss, ceiling, t)
                    chosen = (r, t)
        span_r, span_t = (high_r - low_r) / 6, (high_t - low_t) / 6
        low_r, high_r = max(1e-3, chosen[0] - span_r), chosen[0] + span_r
        low_t, high_t = chosen[1] - span_t, chosen[1] + span_t
    return best[1], best[2]


@measure("ceiling")
def _ceiling_of(recount: Recount, claim: Claim) -> float | None:
    """Ceiling of the logistic curve: what is claimed where a fit of our own comes to the same."""
    tally = yearly(recount, claim.subject, claim.window)
    years = sorted(tally)
    totals, running = [], 0
    for year in years:
        running += tally[year]
        totals.append(running)
    found = _ceiling(totals, years)
    if found is None:
        return None
    near = abs(found[0] - float(claim.value)) <= _CLOSE * found[0]
    return float(claim.value) if near else found[0]


@measure("progress")
def _progress(recount: Recount, claim: Claim) -> float | None:
    """Units to the end of the window over the ceiling that ``details`` give."""
    total = sum(yearly(recount, claim.subject, claim.window).values())
    return total / float(claim.details["ceiling"])
