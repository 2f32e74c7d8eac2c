"""Recompute claims on the movement of technologies: two windows, the later one, and one owner's part."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from patentnav.claims.recount import kept, measure
from patentnav.claims.technology import TIE, adjusted, hypergeometric, named_technologies

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

Tested = dict[str, dict[str, Any]]


def _tested(recount: Recount, claim: Claim) -> Tested:
    """Counts of two windows, q and state of every technology."""
    first, middle, last = (int(y) for y in claim.details["years"])
    return _states(recount, first, middle, last)


@kept
def _states(recount: Recount, first: int, middle: int, last: int) -> Tested:
    groups = sorted(recount.facet("technology"))
    early, late = (first, middle), (middle + 1, last)
    everything: dict[tuple[int, int], set[str]] = {}
    held: dict[tuple[str, tuple[int, int]], frozenset[str]] = {}
    split = last - (last - middle) // 2
    former, newest = (middle + 1, split), (split + 1, last)
    for window in (early, late, (0, last), former, newest):
        for group in groups:
            held[group, window] = recount.units(f"technology:{group}", window)
        everything[window] = set().union(*(held[group, window] for group in groups))
    before, after = len(everything[early]), len(everything[late])
    then, now = len(everything[former]), len(everything[newest])
    groups = [g for g in groups if held[g, (0, last)]]
    found: Tested = {}
    for group in groups:
        e, r = len(held[group, early]), len(held[group, late])
        chances = hypergeometric(before + after, e + r, after)
        own = chances[r]
        held_by = {w: held[group, w] for w in (early, late, former, newest)}
        new, old = len(held[group, newest]), len(held[group, former])
        later = hypergeometric(now + then, new + old, now)
        found[group] = {
            "late_behind": new * (then - old) <= old * (now - new),
            "late_p": min(1.0, math.fsum(c for c in later.values() if c <= later[new] * TIE)),
            "earlier": e, "recent": r, "ahead": r * (before - e) > e * (after - r),
            "p": min(1.0, math.fsum(c for c in chances.values() if c <= own * TIE)),
            "old": len(held[group, (0, last)]) - e - r, "total": len(held[group, (0, last)]),
            "sides": held_by, "windows": ((late, early), (newest, former)),
            "active": len({recount.year_of[u] for u in held[group, early] | held[group, late]}),
        }  # fmt: skip
    for group, q in zip(groups, adjusted([found[g]["p"] for g in groups]), strict=True):
        found[group]["q"] = q
    late_q = adjusted([found[g]["late_p"] for g in groups])
    for group, q in zip(groups, late_q, strict=True):
        one = found[group]
        one["late_q"] = q
        whole = {w: len(everything[w]) for pair in one["windows"] for w in pair}
        for name, windows, ahead, shown in (
            ("carried", one["windows"][0], one["ahead"], one["q"] <= 0.05),
            ("late_carried", one["windows"][1], not one["late_behind"], q <= 0.05),
        ):
            now, before = (one["sides"][w] for w in windows)
            rest = whole[windows[0]] - len(now), whole[windows[1]] - len(before)
            one[name] = shown and _of_one(recount, now, before, rest, ahead=ahead)
        one["state"] = _state(one)
    return found


def _of_one(
    recount: Recount, now: frozenset[str], before: frozenset[str], rest: tuple[int, int], *, ahead: bool
) -> bool:  # fmt: skip
    """Whether a movement is none without the owner of most units of the window that makes it."""
    held = owned(recount)
    tally = {owner: len(units & (now if ahead else before)) for owner, units in held.items()}
    top = min((o for o, n in tally.items() if n), key=lambda o: (-tally[o], o), default=None)
    if top is None:
        return False
    r, e = len(now - held[top]), len(before - held[top])
    if r + e < 10 or (not ahead and e < 10):
        return True
    if r * rest[1] <= e * rest[0] if ahead else r * rest[1] >= e * rest[0]:
        return True
    chances = hypergeometric(r + e + sum(rest), r + e, r + rest[0])
    return math.fsum(c for c in chances.values() if c <= chances[r] * TIE) > 0.05


@kept
def owned(recount: Recount) -> dict[str, frozenset[str]]:
    """Units by owner; without one that holds more than half of them all, whom the set is about."""
    if not recount.study.patents.has("parties"):
        return {}
    held = {
        o: frozenset(recount.unit_of[p] for p in own) for o, own in recount.facet("owner").items()
    }
    every = frozenset().union(*held.values())
    return {owner: units for owner, units in held.items() if 2 * len(units) <= len(every)}


def _state(one: dict[str, Any]) -> str:
    e, r = one["earlier"], one["recent"]
    if e + r < 10 or (one["q"] <= 0.05 and not one["ahead"] and e < 10):
        return "too_few"
    if one["q"] > 0.05 or one["carried"]:
        return "one_owner" if one["carried"] else "steady"
    if one["ahead"]:
        if one["late_q"] <= 0.05 and one["late_behind"]:
            return "turned"
        if r <= e:
            return "holding"
        return "emerging" if 4 * one["old"] <= one["total"] and one["active"] >= 3 else "growing"
    return "declining" if r < e else "slower"


def of_one_owner(recount: Recount, first: int, middle: int, last: int) -> set[str]:
    """Technologies whose movement one owner carries."""
    states = _states(recount, first, middle, last)
    return {group for group, one in states.items() if one["state"] == "one_owner"}


@measure("state_count")
def _state_count(recount: Recount, claim: Claim) -> int:
    """Technologies (no remainders) of the states ``details["states"]``."""
    tested, named = _tested(recount, claim), set(named_technologies(recount))
    wanted = set(str(claim.details["states"]).split(" "))
    return sum(1 for g, one in tested.items() if g in named and one["state"] in wanted)


@measure("lately")
def _lately(recount: Recount, claim: Claim) -> int:
    """Technologies (no remainders) that moved ``details["way"]`` of the others within the later window."""
    tested, named = _tested(recount, claim), set(named_technologies(recount))
    behind = int(claim.details["way"]) < 0
    return sum(
        1 for g, one in tested.items()
        if g in named and one["recent"] >= 10 and one["late_q"] <= 0.05
        and one["late_behind"] == behind and not one["late_carried"]
    )  # fmt: skip


@measure("test_q")
def _test_q(recount: Recount, claim: Claim) -> float:
    """Adjusted probability of the test of one technology against the others."""
    q: float = _tested(recount, claim)[claim.subject.partition(":")[2]]["q"]
    return q


@measure("shifted")
def _shifted(recount: Recount, claim: Claim) -> int:
    """Technologies whose share moved the way of the claim and did not turn back, by the test."""
    return len(_moves(recount, claim))


@measure("largest_shift")
def _largest_shift(recount: Recount, claim: Claim) -> str | None:
    """The one of them whose share moved most."""
    moves = _moves(recount, claim)
    return min(moves, key=lambda group: (-moves[group], group), default=None)


def _moves(recount: Recount, claim: Claim) -> dict[str, Fraction]:
    first, middle, last = (int(y) for y in claim.details["years"])
    tested, named = _tested(recount, claim), set(named_technologies(recount))
    way = int(claim.details["way"])
    before, after = (
        recount.weights("technology", window) for window in ((first, middle), (middle + 1, last))
    )
    all_before, all_after = (sum(w.values(), Fraction(0)) for w in (before, after))
    moves: dict[str, Fraction] = {}
    for group, one in tested.items():
        if group not in named or one["state"] in {"too_few", "steady", "turned", "one_owner"}:
            continue
        moved = (
            after.get(group, Fraction(0)) / all_after - before.get(group, Fraction(0)) / all_before
        )
        if way * moved > 0 and one["ahead"] == (way > 0):
            moves[group] = abs(moved)
    return moves
