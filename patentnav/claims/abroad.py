"""Recompute what is said of markets, dependence and gaps: family by family, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, valuation
from patentnav._strings import by_index, texts
from patentnav.claims.recount import Recount, kept, measure
from patentnav.claims.ties import technologies_of
from patentnav.claims.uses import unit_ids_of
from patentnav.counting import unit_ids

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim

_DEAD = ("lapsed", "expired", "refused", "withdrawn", "revoked", "ceased")
_HALF, _ENDED, _TENTH = 0.5, 2, 90


def _state(status: Any) -> int:
    if pd.isna(status):
        return 3
    return {"in_force": 0, "pending": 1, **dict.fromkeys(_DEAD, 2)}.get(status, 3)


@kept
def _families(recount: Recount, home: str) -> dict[str, int]:
    """Families from home by what is told of their markets."""
    patents = recount.study.patents
    unit = by_index(unit_ids(patents, "family"))
    foreign = by_index(facts.foreign_origin(patents, home))
    pct = by_index(facts.pct_evidence(patents, "family")["pct"])
    status = recount.status_of
    office = dict(zip(recount.ids, texts(recount.publications["authority"]), strict=True))
    at_home: set[str] = set()
    strange: dict[str, bool] = {}
    filed: dict[str, list[Any]] = defaultdict(list)
    listed: set[str] = set()
    best: dict[str, dict[str, int]] = defaultdict(dict)

    def note(family: str, where: Any, state: int) -> None:
        if not pd.isna(where) and where not in {home, "WO"}:
            best[family][str(where)] = min(best[family].get(str(where), 3), state)

    for publication in recount.ids:
        family = unit[publication]
        if office[publication] == home:
            at_home.add(family)
        if not pd.isna(foreign[publication]):
            strange.setdefault(family, bool(foreign[publication]))
        filed[family].append(pct[publication])
        note(family, office[publication], _state(status[publication]))
    members = facts.family_members(patents)
    for publication, member, where in members.itertuples(index=False):
        listed.add(unit[publication])
        note(unit[publication], where, _state(status.get(member)))
    mine = {f for f in at_home if strange.get(f) is False}  # of unknown origin: anybody's
    counts = dict.fromkeys(("total", "home_only", "abroad", "lapsed", "untold"), 0)
    counts["unplaced"] = sum(1 for f in at_home if f not in strange)
    for family in mine:
        states = best.get(family, {})
        told = [bool(v) for v in filed[family] if not pd.isna(v)]
        counts["total"] += 1
        counts["abroad"] += bool(states)
        counts["home_only"] += not states and bool(told) and not any(told) and family in listed
        counts["lapsed"] += 2 in states.values()
        counts["untold"] += 3 in states.values()
    counts["filed"] = counts["total"] + counts["unplaced"]
    counts["rest"] = counts["total"] - counts["home_only"] - counts["abroad"]
    return counts


@measure("families_told_share")
def _families_told_share(recount: Recount, claim: Claim) -> Fraction:
    counts = _families(recount, str(claim.details["home"]))
    return Fraction(counts["total"], counts["filed"])


@measure("families_abroad")
def _families_abroad(recount: Recount, claim: Claim) -> int:
    return _families(recount, str(claim.details["home"]))[str(claim.details["which"])]


@kept
def standing(recount: Recount) -> dict[str, float]:
    """Percentile of publications by citations among their field and year, where it is known."""
    counts = recount.study.received[1]
    if counts is None:
        return {}
    found = valuation.core(recount.study.patents, counts)["percentile"].dropna()
    return dict(zip(found.index, found, strict=True))


@kept
def _ranked(recount: Recount, fewest: int, home: str) -> dict[str, dict[str, float | None]]:
    """Growth, dependence and weakness of every technology."""
    study = recount.study
    region = study.local if study.inputs.region else None
    local = facts.inside(study.patents, home) if region is None else region
    rated = standing(recount)
    growth = by_index(study.relative_growth) if study.relative_growth is not None else {}
    force = {p for p, s in recount.status_of.items()
             if not pd.isna(s) and s == "in_force"}  # fmt: skip
    found: dict[str, dict[str, float | None]] = {}
    for key, held in recount.facet("technology").items():
        if key in study.remainders:
            continue
        units: dict[str, list[str]] = defaultdict(list)
        for publication in held:
            units[recount.unit_of[publication]].append(publication)
        if len(units) < fewest:
            continue
        inside, known = {}, {}
        for unit, publications in units.items():
            told = [p for p in publications if not pd.isna(local[p])]
            if told:
                inside[unit] = any(bool(local[p]) for p in told)
                known[unit] = any(p in force for p in told)
        chosen = [u for u in inside if known[u]] or list(inside)
        if 2 * len(inside) < len(units):  # too few say where they are
            chosen = []
        grew = growth.get(key)
        tops = [any(rated[p] >= _TENTH for p in ps if p in rated)
                for ps in units.values() if any(p in rated for p in ps)]  # fmt: skip
        found[key] = {
            "impact": sum(tops) / len(tops) if tops else None,
            "growth": None if grew is None or pd.isna(grew) else float(grew),
            "dependence": sum(1 for u in chosen if not inside[u]) / len(chosen) if chosen else None,
            "weakness": -float(sum(inside.values())) if inside else None,
        }
    return found


@measure("dependent_technologies")
def _dependent(recount: Recount, claim: Claim) -> int:
    """Technologies judged; the undominated ones; those more than half of which lies outside."""
    rows = _ranked(recount, int(claim.details["fewest"]), str(claim.details["home"]))
    which = claim.details["which"]
    if which == "all":
        return len(rows)
    if which == "outside":
        return sum(
            1 for r in rows.values() if r["dependence"] is not None and r["dependence"] > _HALF
        )

    return len(_unbeaten(rows))


def _unbeaten(rows: dict[str, dict[str, float | None]]) -> set[str]:
    """Technologies that no other one beats in all that is known of them."""

    def beats(one: dict[str, float | None], other: dict[str, float | None]) -> bool:
        known = [c for c in other if other[c] is not None]
        pairs = [(one[c], other[c]) for c in known]
        if any(a is None or a < b for a, b in pairs):  # type: ignore[operator]
            return False
        return any(a > b for a, b in pairs)  # type: ignore[operator]

    told = {k: r for k, r in rows.items() if r["dependence"] is not None}
    return {k for k, r in told.items() if not any(beats(o, r) for o in rows.values())}


def unbeaten_technologies(recount: Recount, fewest: int, home: str) -> set[str]:
    """Technologies of the Pareto set by growth, impact, dependence and weakness."""
    return _unbeaten(_ranked(recount, fewest, home))


@kept
def _whole(recount: Recount) -> Recount:
    """The rows of the whole set, where the study is restricted to one applicant."""
    if not recount.study.inputs.applicant:
        return recount
    return Recount(recount.study.with_inputs(applicant=""))


@measure("gap_rows")
def _gap_rows(recount: Recount, claim: Claim) -> int:
    """Cells where only rivals are, or pending applications of the firm where rivals have more."""
    recount = _whole(recount)
    firm, rivals = str(claim.details["firm"]), frozenset(claim.details["rivals"])
    cells, sums = _living_cells(recount, firm, rivals)
    if claim.details["kind"] == "gap":
        least = int(claim.details["least"])
        return sum(1 for c in cells.values() if not c["own"] and len(c["rivals"]) >= least)
    ids = unit_ids_of(recount)
    pending = {ids[p] for p, s in recount.status_of.items()
               if not pd.isna(s) and s == "pending"}  # fmt: skip
    ahead = [c["own"] for c in sums.values()
             if max((len(c[r]) for r in rivals), default=0) > len(c["own"])]  # fmt: skip
    return sum(len(own & pending) for own in ahead)


Sides = dict[str, set[str]]


@kept
def _living_cells(
    recount: Recount, firm: str, rivals: frozenset[str]
) -> tuple[dict[tuple[str, Any], Sides], dict[str, Sides]]:
    """Living applications of the firm and its rivals, by technology and office, and by technology."""
    ids = unit_ids_of(recount)
    owners: dict[str, set[str]] = defaultdict(set)
    for owner, held in recount.facet("owner").items():
        for publication in held:
            owners[publication].add(owner)
    columns = (recount.publications[c] for c in ("authority", "legal_status"))
    office = {
        p: where for p, where, s in zip(recount.ids, *columns, strict=True) if _state(s) != _ENDED
    }
    cells: dict[tuple[str, Any], Sides] = defaultdict(lambda: defaultdict(set))
    sums: dict[str, Sides] = defaultdict(lambda: defaultdict(set))
    for technology in technologies_of(recount):
        for publication in recount.facet("technology")[technology]:
            for rival in owners[publication] & rivals if publication in office else ():
                sums[technology][rival].add(ids[publication])
            for side, among in (("own", frozenset({firm})), ("rivals", rivals)):
                if publication in office and owners[publication] & among:
                    sums[technology][side].add(ids[publication])
                    if not pd.isna(office[publication]) and office[publication] != "WO":
                        cells[technology, office[publication]][side].add(ids[publication])
    return cells, sums
