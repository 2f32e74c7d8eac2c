"""Recompute claims on cities from the rows of the user table CS: ratios, ranks, index, coupling."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from patentnav import matching
from patentnav.claims.recount import kept, measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_FLOOR = 0.01
_DRAWN = 1000


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Rows of a table, whose values have the names of the columns."""
    return [*frame.itertuples(index=False)]


@kept
def cells(recount: Recount) -> dict[tuple[str, int, str], float]:
    """Value by city, year and indicator; districts are no cities."""
    tables = recount.study.user_tables
    aside = {str(c) for c in tables["DU"].frame["region_code"]} if "DU" in tables else set()
    found = {}
    for row in rows_of(tables["CS"].frame):
        if row.value == row.value and str(row.region_code) not in aside:
            found[str(row.region_code), int(row.year), str(row.indicator)] = float(row.value)
    return found


@kept
def _every_cell(recount: Recount) -> dict[tuple[str, int, str], float]:
    """Value by region, districts among them, year and indicator."""
    rows = rows_of(recount.study.user_tables["CS"].frame)
    return {(str(r.region_code), int(r.year), str(r.indicator)): float(r.value) for r in rows
            if r.value == r.value}  # fmt: skip


def cities(recount: Recount) -> list[str]:
    """Codes of cities."""
    return sorted({city for city, _, _ in cells(recount)})


def ratio(recount: Recount, city: str, year: int, about: Mapping[str, Any]) -> float | None:
    """One indicator over another, ``lag`` years earlier, times ``scale``."""
    held = cells(recount)
    over = held.get((city, year + int(about.get("lag", 0)), str(about["over"])))
    under = held.get((city, year, str(about["under"])))
    return None if over is None or not under else over / under * float(about.get("scale", 1))


def _all(recount: Recount, claim: Claim) -> dict[str, float]:
    year = int(claim.details["year"])
    found = {city: ratio(recount, city, year, claim.details) for city in cities(recount)}
    return {city: value for city, value in found.items() if value is not None}


@measure("statistic")
def _statistic(recount: Recount, claim: Claim) -> float | None:
    """A figure of the table CS: ``city, year, indicator``."""
    about = claim.details
    return _every_cell(recount).get(
        (str(about["city"]), int(about["year"]), str(about["indicator"]))
    )


@measure("city_ratio")
def _ratio(recount: Recount, claim: Claim) -> float | None:
    return _all(recount, claim).get(str(claim.details["city"]))


@measure("city_ratio_rank")
def _rank(recount: Recount, claim: Claim) -> int | None:
    """Place of the city, 1 the highest; equals share the better place."""
    values = _all(recount, claim)
    own = values.get(str(claim.details["city"]))
    return None if own is None else 1 + sum(1 for v in values.values() if v > own)


@measure("city_ratio_cities")
def _number(recount: Recount, claim: Claim) -> int:
    return len(_all(recount, claim))


@measure("city_ratio_best")
def _best(recount: Recount, claim: Claim) -> str | None:
    values = _all(recount, claim)
    return min(values, key=lambda city: (-values[city], city)) if values else None


@measure("city_ratio_of_best")
def _of_best(recount: Recount, claim: Claim) -> float | None:
    values = _all(recount, claim)
    return values[str(claim.details["city"])] / max(values.values()) if values else None


@measure("steady_yields")
def _steady(recount: Recount, claim: Claim) -> int:
    """Yields under which the city's place moves by one at most over the lags 0 to 2."""
    return sum(1 for low, high in _spans(recount, claim) if high - low <= 1)


@measure("told_yields")
def _told(recount: Recount, claim: Claim) -> int:
    return len(_spans(recount, claim))


def _spans(recount: Recount, claim: Claim) -> list[tuple[int, int]]:
    """Best and worst place over the lags, of every yield that all lags know in one year."""
    city, spans = str(claim.details["city"]), []
    years = sorted({year for _, year, _ in cells(recount)}, reverse=True)
    for about in matching.ratios("yield").values():
        for year in years:
            places = []
            for lag in (0, 1, 2):
                values = {
                    c: ratio(recount, c, year, {**about, "lag": lag}) for c in cities(recount)
                }
                own = values[city]
                if own is None:
                    break
                places.append(1 + sum(1 for v in values.values() if v is not None and v > own))
            if len(places) == 3:
                spans.append((min(places), max(places)))
                break
    return spans


# Index


def _percentiles(values: Mapping[str, float]) -> dict[str, float]:
    """(Places below + half of the equals) over the number, in per cent."""
    n = len(values)
    return {
        city: 100 * (sum(v < own for v in values.values()) + (sum(v == own for v in values.values())) / 2) / n
        for city, own in values.items()
    }  # fmt: skip


@kept
def _index(recount: Recount, year: int, state: int) -> dict[str, dict[str, float]]:
    """Score, rank and range of ranks by city."""
    told = matching.ratios("index")
    raw = {m: {c: ratio(recount, c, year, one) for c in cities(recount)} for m, one in told.items()}
    raw = {m: v for m, v in raw.items() if any(x is not None for x in v.values())}
    whole = [c for c in cities(recount) if all(v[c] is not None for v in raw.values())]
    pct = {m: _percentiles({c: float(v[c] or 0) for c in whole}) for m, v in raw.items()}
    heads = list(dict.fromkeys(str(told[m]["head"]) for m in raw))
    parts = {
        c: [math.fsum(pct[m][c] for m in raw if told[m]["head"] == h)
            / sum(1 for m in raw if told[m]["head"] == h) for h in heads]
        for c in whole
    }  # fmt: skip
    drawn = np.random.default_rng(state).dirichlet(np.ones(len(heads)), size=_DRAWN).tolist()
    score = {c: math.fsum(parts[c]) / len(heads) for c in whole}
    places: dict[str, set[int]] = {c: set() for c in whole}
    for weights in drawn:
        sums = {
            c: round(sum(w * p for w, p in zip(weights, parts[c], strict=True)), 9) for c in whole
        }
        for c in whole:
            places[c].add(1 + sum(1 for v in sums.values() if v > sums[c]))
    return {
        c: {"score": score[c], "low": min(places[c]), "high": max(places[c]), "cities": len(whole),
            "rank": 1 + sum(1 for v in score.values() if round(v, 9) > round(score[c], 9))}
        for c in whole
    }  # fmt: skip


@measure("city_index")
def _indexed(recount: Recount, claim: Claim) -> float | None:
    """``score``, ``rank``, ``low`` and ``high`` (of the rank) or number of ``cities``."""
    about = claim.details
    found = _index(recount, int(about["year"]), recount.study.inputs.random_state)
    return found.get(str(about["city"]), {}).get(str(about["what"]))


# Coupling


@kept
def _systems(recount: Recount) -> dict[tuple[str, int], dict[str, float]]:
    """Scaled systems of all city-years that tell all of them."""
    told = matching.ratios("index")
    years = sorted({year for _, year, _ in cells(recount)})
    rows = [(c, y) for c in cities(recount) for y in years]
    raw = {m: {(c, y): ratio(recount, c, y, one) for c, y in rows} for m, one in told.items()}
    ends: dict[str, tuple[float, float]] = {}
    for m, values in raw.items():
        known = [v for v in values.values() if v is not None]
        if known:
            ends[m] = (min(known), max(known))
    systems = {n: ms for n, ms in matching.systems().items() if all(m in ends for m in ms)}
    found = {}
    for row in rows:
        held: dict[str, float] = {}
        for name, members in systems.items():
            parts = []
            for m in members:
                value, (low, high) = raw[m][row], ends[m]
                if value is not None:
                    part = (
                        1.0 if low == high else _FLOOR + (1 - _FLOOR) * (value - low) / (high - low)
                    )
                    parts.append(part)
            if len(parts) == len(members):
                held[name] = math.fsum(parts) / len(parts)
        if len(held) == len(systems) and held:
            found[row] = held
    return found


@measure("coordination")
def _coordination(recount: Recount, claim: Claim) -> float | None:
    """Square root of the geometric mean of the systems, which equal weights come to."""
    row = _systems(recount).get((str(claim.details["city"]), int(claim.details["year"])))
    return (
        None if row is None else math.exp(math.fsum(map(math.log, row.values())) / len(row)) ** 0.5
    )


@measure("system_value")
def _system(recount: Recount, claim: Claim) -> float | None:
    row = _systems(recount).get((str(claim.details["city"]), int(claim.details["year"])), {})
    return row.get(str(claim.details["system"]))


@measure("coupled_cities")
def _coupled_cities(recount: Recount, claim: Claim) -> int:
    """Cities, or years where ``details["what"]`` says so, that tell all systems."""
    place = 1 if claim.details["what"] == "years" else 0
    return len({row[place] for row in _systems(recount)})


# Gaps


@measure("growth_of_ratio")
def _growth(recount: Recount, claim: Claim) -> float | None:
    """Yearly growth of a ratio over the window of years."""
    if claim.window is None:
        return None
    first, last = claim.window
    city = str(claim.details["city"])
    before, now = (ratio(recount, city, y, claim.details) for y in (first, last))
    return (now / before) ** (1 / (last - first)) - 1 if before and now else None


@measure("units_to_catch_up")
def _needed(recount: Recount, claim: Claim) -> float | None:
    """How much more of ``over`` the city would need to have the ratio of the other."""
    about, year = claim.details, int(claim.details["year"])
    own = ratio(recount, str(about["city"]), year, about)
    best = ratio(recount, str(about["other"]), year, about)
    under = cells(recount).get((str(about["city"]), year, str(about["under"])))
    if own is None or best is None or under is None:
        return None
    return (best - own) * under / float(about.get("scale", 1))


@measure("years_to_catch_up")
def _years(recount: Recount, claim: Claim) -> float | None:
    if claim.window is None:
        return None
    about, (first, last) = claim.details, claim.window
    values = {
        c: [ratio(recount, str(about[c]), y, about) for y in (first, last)]
        for c in ("city", "other")
    }
    if not all(v for pair in values.values() for v in pair):
        return None
    pace = {
        c: math.log(float(v[1] or 0) / float(v[0] or 1)) / (last - first) for c, v in values.items()
    }
    ahead = math.log(float(values["other"][1] or 1) / float(values["city"][1] or 1))
    return ahead / (pace["city"] - pace["other"]) if pace["city"] > pace["other"] else None
