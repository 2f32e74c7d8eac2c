"""Recompute claims on what lies inside a region: its owners, its deals, its centres."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from patentnav.claims import fit
from patentnav.claims.cities import rows_of
from patentnav.claims.deals import all_deals
from patentnav.claims.recount import kept, measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_EARTH = 6371.0
_EXACT = 9


@kept
def _sides(recount: Recount) -> dict[str, bool]:
    """Whether an owner is of the region, by most of its publications of known place."""
    inside, outside = (recount.facet("region").get(k, {}) for k in ("inside", "outside"))
    found = {}
    for owner, held in recount.facet("owner").items():
        here, there = (sum(1 for p in held if p in side) for side in (inside, outside))
        if here or there:
            found[owner] = here > there
    return found


def _between(recount: Recount) -> list[tuple[bool | None, bool | None, str]]:
    """Sides and unit of every transfer and licence between different owners."""
    sides = _sides(recount)
    return [
        (sides.get(giver), sides.get(taker), unit)
        for giver, taker, unit, kind in all_deals(recount)
        if giver != taker and kind != "pledge"
    ]


@measure("flow_units")
def _flow(recount: Recount, claim: Claim) -> int:
    """Units of deals that go ``in``, ``out`` or stay ``within`` the region."""
    course = {"in": (False, True), "out": (True, False), "within": (True, True)}
    wanted = course[str(claim.details["what"])]
    return len({unit for giver, taker, unit in _between(recount) if (giver, taker) == wanted})


@measure("flow_deals")
def _flow_deals(recount: Recount, claim: Claim) -> int:
    """Deals between different owners; with ``known`` only those of two known places."""
    rows = _between(recount)
    return sum(
        1 for g, t, _ in rows if not claim.details["known"] or (g is not None and t is not None)
    )


@kept
def _held(recount: Recount, window: tuple[int, int]) -> dict[str, frozenset[str]]:
    """Units of the region by owner, in the window."""
    own = recount.units("region:inside", window)
    found = {o: recount.units(f"owner:{o}", window) & own for o in recount.facet("owner")}
    return {owner: units for owner, units in found.items() if units}


@measure("local_top_share")
def _top(recount: Recount, claim: Claim) -> float | None:
    """Part of the region's units that any of its ``top`` largest owners holds."""
    window = claim.window or (0, 0)
    held = _held(recount, window)
    largest = sorted(held, key=lambda o: (-len(held[o]), o))[: int(claim.details["top"])]
    units: set[str] = set()
    for owner in largest:
        units |= held[owner]
    whole = recount.units("region:inside", window)
    return len(units) / len(whole) if whole else None


@measure("local_owners")
def _owners(recount: Recount, claim: Claim) -> int:
    """Owners in the region in the window; with ``new`` those without any unit there before."""
    window = claim.window or (0, 0)
    held = _held(recount, window)
    if not claim.details["new"]:
        return len(held)
    own = recount.units("region:inside")
    count = 0
    for owner in held:
        years = [
            recount.year_of[u]
            for u in recount.units(f"owner:{owner}") & own
            if u in recount.year_of
        ]
        count += min(years) >= window[0]
    return count


# Centres


def _centre(
    weights: dict[str, float], places: dict[str, tuple[float, float]]
) -> tuple[float, float]:
    total = math.fsum(w for n, w in weights.items() if n in places)
    lon, lat = (
        math.fsum(w * places[n][i] for n, w in weights.items() if n in places) / total
        for i in (0, 1)
    )
    return lon, lat


@measure("centre_distance")
def _distance(recount: Recount, claim: Claim) -> float | None:
    """Kilometres between the centres of patents and of output, in the first or last common year."""
    tables = recount.study.user_tables
    places, codes = {}, {}
    for row in rows_of(tables["DU"].frame):
        codes[str(row.region_code)] = str(row.name)
        if not pd.isna(row.lon) and not pd.isna(row.lat):
            places[str(row.name)] = (float(row.lon), float(row.lat))
    output: dict[int, dict[str, float]] = defaultdict(dict)
    for row in rows_of(tables["CS"].frame):
        if row.indicator == "gdp" and str(row.region_code) in codes and not pd.isna(row.value):
            output[int(row.year)][codes[str(row.region_code)]] = float(row.value)
    filed: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for place, units in fit.districts(recount).items():
        for unit in units:
            year = recount.year_of.get(unit)
            if year is not None and year <= recount.study.last_year:
                filed[year][place] += 1
    years = sorted(set(output) & set(filed))
    year = years[0 if claim.details["first"] else -1]
    (x1, y1), (x2, y2) = (_centre(dict(w[year]), places) for w in (filed, output))
    ends = [
        (math.cos(math.radians(y)) * math.cos(math.radians(x)),
         math.cos(math.radians(y)) * math.sin(math.radians(x)), math.sin(math.radians(y)))
        for x, y in ((x1, y1), (x2, y2))
    ]  # fmt: skip
    return 2 * _EARTH * math.asin(min(1.0, math.dist(*ends) / 2))  # by the chord


# Ranks


@measure("industries_compared")
def _compared(recount: Recount, claim: Claim) -> int:
    return len(fit.compared(recount, claim)[0])


@measure("patents_output_p")
def _p(recount: Recount, claim: Claim) -> float | None:
    """Probability of a rank correlation as far from zero; by Student's t above nine industries."""
    from itertools import permutations

    one, other = fit.compared(recount, claim)
    rho = fit.spearman(one, other)
    if rho is None:
        return None
    if len(one) <= _EXACT:
        every = [fit.spearman(one, list(order)) or 0.0 for order in permutations(other)]
        return sum(abs(r) >= abs(rho) - 1e-12 for r in every) / len(every)
    from scipy.special import betainc

    free = len(one) - 2
    return float(betainc(free / 2, 0.5, 1 - rho * rho)) if abs(rho) < 1 else 0.0
