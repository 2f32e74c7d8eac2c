"""Recompute who leads a technology: of those that live in it, and enough of it."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts
from patentnav.claims.recount import kept, measure

if TYPE_CHECKING:
    from collections.abc import Collection

    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_LIVING = {"in_force", "pending"}


def _named(recount: Recount) -> set[str]:
    return set(recount.facet("technology")) - set(recount.study.remainders)


@kept
def _leaders(recount: Recount, fewest: int, share: float) -> dict[str, set[str]]:
    """Owners that lead every technology: most of those that live there, and enough of it."""
    technologies, owners = recount.unit_shares("technology"), recount.unit_shares("owner")
    cells: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    for unit, keys in technologies.items():
        for key, weight in keys.items():
            for owner, part in owners.get(unit, {}).items():
                cells[key][owner] += weight * part
                held[key, owner].add(unit)
    named = _named(recount)
    best: dict[str, set[str]] = {}
    for key, counts in cells.items():
        living = {o: n for o, n in counts.items() if _lives(recount, held[key, o])}
        most = max(living.values(), default=Fraction(0))
        least = max(Fraction(fewest), Fraction(str(share)) * sum(counts.values(), Fraction(0)))
        if key in named and most >= least:
            best[key] = {owner for owner, count in living.items() if count == most}
    return best


@kept
def lives(recount: Recount, owner: str, technology: str) -> bool:
    """Whether an owner lives in a technology."""
    units = recount.units(f"owner:{owner}") & recount.units(f"technology:{technology}")
    return _lives(recount, units)


def _lives(recount: Recount, units: Collection[str]) -> bool:
    """Whether the last of units is a late one, and most of those with a known state are not over."""
    states = _unit_states(recount)
    known = [bool(states[unit] & _LIVING) for unit in units if unit in states]
    since = recount.study.filing_since
    late = since is None or any(recount.year_of.get(unit, 0) >= since for unit in units)
    return late and 2 * sum(known) >= len(known)


@kept
def _unit_states(recount: Recount) -> dict[str, set[str]]:
    """Known states of the publications of every unit that has any."""
    found: dict[str, set[str]] = defaultdict(set)
    for publication, state in recount.status_of.items():
        if not pd.isna(state) and state in _LIVING | set(facts.DEAD):
            found[recount.unit_of[publication]].add(state)
    return dict(found)


@measure("led")
def _led(recount: Recount, claim: Claim) -> int:
    """Technologies with a leader; leaders; technologies that the subject leads (``details["of"]``)."""
    best = _leaders(recount, int(claim.details["fewest"]), float(claim.details["share"]))
    of = claim.details["of"]
    if of == "technologies":
        return len(best)
    if of == "spread":
        return len(_named(recount) - set(best))
    if of == "leaders":
        return len(set().union(*best.values()))
    owner = claim.subject.partition(":")[2]
    return sum(1 for owners in best.values() if owner in owners)
