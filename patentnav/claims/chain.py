"""Recompute claims on the links of a breakdown: sizes, growth, leaders, the region's position."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav._strings import texts
from patentnav.claims.facets import facet
from patentnav.claims.recount import measure
from patentnav.claims.standing import adjusted, fisher, turned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount
    from patentnav.study import Study

_LEVEL = 0.05


@facet("link")
def _links(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    """Lowest nodes of the tree that a publication is placed in."""
    parents = {node.parent for node in study.tree.nodes.values()}
    table = study.memberships
    columns = (texts(table[c]) for c in ("publication_id", "industry", "sub_sector"))
    for publication, industry, sub_sector in zip(*columns, strict=True):
        if not pd.isna(sub_sector):
            yield sub_sector, publication, Fraction(1)
        elif industry not in parents:
            yield industry, publication, Fraction(1)


@measure("leading_owner")
def _leading_owner(recount: Recount, claim: Claim) -> str | None:
    """Owner, no person, of most units of the subject; of equals the smaller id."""
    here = recount.units(claim.subject)
    kinds = recount.study.owner_types
    tally = {
        owner: len({recount.unit_of[p] for p in held} & here)
        for owner, held in recount.facet("owner").items()
        if kinds.get(owner) != "individual" or pd.isna(kinds.get(owner))
    }
    return min(tally, key=lambda owner: (-tally[owner], owner), default=None)


@measure("links_of_state")
def _links_of_state(recount: Recount, claim: Claim) -> int:
    """Links of a course: ``rising``, ``falling``, ``turned``, ``holding`` or ``slower``, by a test."""
    return len(moved(recount, claim)[str(claim.details["state"])])


@measure("links_bare")
def _links_bare(recount: Recount, _claim: Claim) -> int:
    """Lowest nodes of the breakdown in which no publication lies."""
    nodes = recount.study.tree.nodes
    parents = {node.parent for node in nodes.values()}
    return sum(1 for key in nodes if key not in parents and key not in recount.facet("link"))


@measure("links_unplaced")
def _links_unplaced(recount: Recount, claim: Claim) -> float:
    """Publications in no link; with ``details["share"]`` of all."""
    placed = set().union(*(held.keys() for held in recount.facet("link").values()))
    out = sum(1 for publication in recount.ids if publication not in placed)
    return out / len(recount.ids) if claim.details.get("share") else out


@measure("links_tested")
def _links_tested(recount: Recount, claim: Claim) -> int:
    first, last = claim.window or (0, 0)
    early = _window(claim)
    both = (early[0], last)
    fewest = int(claim.details["fewest"])
    untold = moved(recount, claim)["untold"]
    return sum(
        len(recount.units(f"link:{key}", both)) >= fewest
        for key in recount.facet("link")
        if first <= last and key not in untold
    )


def _window(claim: Claim) -> tuple[int, int]:
    first, _, last = claim.baseline.partition("-")
    return int(first), int(last)


def moved(recount: Recount, claim: Claim) -> dict[str, set[str]]:
    """Links by their course against all others: of two windows, and within the later one."""
    late, early = claim.window or (0, 0), _window(claim)
    every: set[str] = set()
    units = {key: recount.units(f"link:{key}") for key in recount.facet("link")}
    for held in units.values():
        every |= held
    now, before = recount.units("set", late) & every, recount.units("set", early) & every
    to_date = recount.units("set", (0, late[1]))
    cells = {
        key: (len(held & now), len(held & before), len(now - held), len(before - held))
        for key, held in units.items()
        if held & to_date
    }
    q = adjusted({key: fisher(*cell) for key, cell in cells.items()})
    over = turned(recount, {key: units[key] & every for key in cells}, late)
    found: dict[str, set[str]] = defaultdict(set)
    for key, (a, b, c, d) in cells.items():
        if q[key] > _LEVEL or a + b < int(claim.details["fewest"]):
            continue
        if a * d > b * c:
            found["turned" if key in over else "rising" if a > b else "holding"].add(key)
        else:
            thin = b < int(claim.details["fewest"])  # no base of a rate
            found["untold" if thin else "falling" if a < b else "slower"].add(key)
    return found


@measure("links_of_position")
def _links_of_position(recount: Recount, claim: Claim) -> int:
    """Links in which the region is strong, weak, empty or shows nothing."""
    return sum(
        1 for place in _positions(recount, claim).values() if place == claim.details["position"]
    )


def _positions(recount: Recount, claim: Claim) -> dict[str, str]:
    held = {key: recount.units(f"link:{key}") for key in recount.facet("link")}
    placed: set[str] = set()
    for units in held.values():
        placed |= units
    inside = recount.units("region:inside") & placed
    outside = (recount.units("region:outside") & placed) - inside
    told = {k: u & (inside | outside) for k, u in held.items() if u & (inside | outside)}
    cells = {k: (len(u & inside), len(u & outside)) for k, u in told.items()}
    p = {k: fisher(a, len(inside) - a, b, len(outside) - b) for k, (a, b) in cells.items()}
    q = adjusted(p)
    found = {}
    for key, (own, rest) in cells.items():
        ahead = own * len(outside) > rest * len(inside)
        if q[key] >= _LEVEL or not rest or (ahead and own < int(claim.details["fewest"])):
            found[key] = "even"
        elif ahead:
            found[key] = "strong"
        else:
            found[key] = "weak" if own else "empty"
    return found
