"""Recount what lies near to what an owner or a region does: advantages, nearness, what chance gives.

Which technologies are related is taken as given (:attr:`patentnav.Study.related`); its counts are
recomputed where they are stated.
"""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from patentnav.claims.players import first_of
from patentnav.claims.recount import kept, measure
from patentnav.claims.standing import adjusted, strong_and_weak

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_LEVEL = 0.05
_NEIGHBOURS = 3  # related technologies below which a nearness says nothing


class _Near(NamedTuple):
    density: float
    expected: float
    z: float


@kept
def _cells(recount: Recount, facet: str) -> dict[str, dict[str, Fraction]]:
    """Fractional counts by key of the facet and technology."""
    technology, other = recount.unit_shares("technology"), recount.unit_shares(facet)
    cells: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for unit, held in other.items():
        for group, weight in technology.get(unit, {}).items():
            for key, part in held.items():
                cells[key][group] += weight * part
    return cells


@kept
def _weights(recount: Recount) -> dict[str, dict[str, float]]:
    """Related technologies of each, those related more than chance has it."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for row in recount.study.related.to_dict("records"):
        if pd.isna(row["chance"]) or row["relatedness"] > row["chance"]:
            weights[row["source"]][row["target"]] = float(row["relatedness"])
            weights[row["target"]][row["source"]] = float(row["relatedness"])
    return weights


@kept
def _totals(recount: Recount, facet: str) -> dict[str, Fraction]:
    """Fractional counts by technology, of all keys of the facet."""
    totals: dict[str, Fraction] = defaultdict(Fraction)
    for row in _cells(recount, facet).values():
        for group, value in row.items():
            totals[group] += value
    return totals


@kept
def _held(recount: Recount, facet: str, key: str, fewest: int) -> set[str]:
    """Technologies in which the key has an advantage (a region: by its test), of so many units at least."""
    if facet == "region":
        return strong_and_weak(recount, "technology", fewest)[0] - set(recount.study.remainders)
    totals, own = _totals(recount, facet), _cells(recount, facet).get(key, {})
    whole, mine = sum(totals.values(), Fraction(0)), sum(own.values(), Fraction(0))
    return {
        g for g, n in own.items()
        if n >= fewest and n * whole > totals[g] * mine and g not in recount.study.remainders
    }  # fmt: skip


@kept
def _around(recount: Recount, facet: str, key: str, fewest: int, solid: int) -> dict[str, _Near]:
    """Nearness of every technology in which the key has no advantage and that can be ranked."""
    held, totals, weights = (
        _held(recount, facet, key, fewest), _totals(recount, facet), _weights(recount),
    )  # fmt: skip
    others, k = len(totals) - 1, len(held)
    found: dict[str, _Near] = {}
    for group in totals:
        near = {g: w for g, w in weights.get(group, {}).items() if g in totals}
        if group in held or group in recount.study.remainders or not k:
            continue
        if len(near) < _NEIGHBOURS or totals[group] < solid or others < 2:
            continue
        every = math.fsum(near.values())
        density = math.fsum(w for g, w in near.items() if g in held) / every
        squares = math.fsum((w / every) ** 2 for w in near.values()) - 1 / others
        variance = k * (others - k) / (others * (others - 1)) * max(squares, 0.0)
        if variance > 0:
            z = (density - k / others) / math.sqrt(variance)
            found[group] = _Near(density, k / others, z)
    return found


def _examined(recount: Recount, claim: Claim) -> list[str]:
    """Owners that are looked at: the largest that are no persons, live, and are not half of the set."""
    subjects = str(claim.details.get("of_region", ""))
    if subjects:
        return [subjects]
    kinds = recount.study.owner_types
    counts = {
        owner: len({recount.unit_of[p] for p in held})
        for owner, held in recount.facet("owner").items()
    }
    most = len(set(recount.unit_of.values())) * float(claim.details["most"])
    fit = [
        owner for owner, n in counts.items()
        if owner in recount.study.alive_owners and n <= most
        and (pd.isna(kinds.get(owner)) or kinds.get(owner) != "individual")
    ]  # fmt: skip
    return first_of({owner: counts[owner] for owner in fit}, int(claim.details["top"]))


def _near(recount: Recount, claim: Claim) -> dict[tuple[str, str], tuple[_Near, float]]:
    """Nearness and corrected probability of every owner and technology that are looked at."""
    facet = str(claim.details["facet"])
    fewest, solid = int(claim.details["fewest"]), int(claim.details["solid"])
    pairs = {
        (key, group): near
        for key in _examined(recount, claim)
        for group, near in _around(recount, facet, key, fewest, solid).items()
    }
    names = {f"{key} {group}": (key, group) for key, group in pairs}
    q = adjusted({n: math.erfc(pairs[pair].z / math.sqrt(2)) / 2 for n, pair in names.items()})
    return {pair: (pairs[pair], q[name]) for name, pair in names.items()}


@measure("branches")
def _branches(recount: Recount, claim: Claim) -> int:
    """``details["of"]``: owners ``examined``, pairs ``tested``, ``near`` ones, owners ``with_near``, ``held``."""
    of, pairs = claim.details["of"], _near(recount, claim)
    passed = [pair for pair, (one, q) in pairs.items() if q <= _LEVEL and one.z > 0]
    if of == "examined":
        return len(_examined(recount, claim))
    if of == "held":
        facet, fewest = str(claim.details["facet"]), int(claim.details["fewest"])
        return len(_held(recount, facet, _examined(recount, claim)[0], fewest))
    return {"tested": len(pairs), "near": len(passed), "with_near": len({k for k, _ in passed})}[of]


@measure("nearness")
def _nearness(recount: Recount, claim: Claim) -> float:
    """Share of what is related to a technology in which there is an advantage; ``expected``: by chance."""
    key, group = (part.partition(":")[2] for part in claim.subject.split("&"))
    one, _ = _near(recount, claim)[key, group]
    return one.expected if claim.details.get("expected") else one.density
