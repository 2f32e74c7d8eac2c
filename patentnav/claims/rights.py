"""Recompute claims on rights: barriers by technology and office, and what ends."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import texts
from patentnav.claims.recount import kept, measure
from patentnav.claims.standing import adjusted, fisher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_LEVEL = 0.05
_DAYS = 365.2425
_DISPUTES = {"litigation", "invalidation", "opposition"}
_OVER = {"lapsed", "expired", "ceased", "revoked"}
_HOLDERS = 3
Cell = tuple[str, str]


def _times(claim: Claim) -> tuple[str, int, int]:
    """Day, years ahead and years back (0 where they do not matter)."""
    return (str(claim.details["now"]), int(claim.details["ahead"]),
            int(claim.details.get("back", 0)))  # fmt: skip


def _limits(claim: Claim) -> tuple[str, int, int]:
    """Day, years ahead and fewest rights of a cell."""
    return str(claim.details["now"]), int(claim.details["ahead"]), int(claim.details["fewest"])


# Barriers


def _in_force(recount: Recount) -> dict[Cell, dict[str, list[str]]]:
    """Publications in force by unit of every technology at every office; no remainders."""
    rows = zip(
        recount.ids,
        texts(recount.publications["legal_status"]),
        texts(recount.publications["authority"]),
        strict=True,
    )
    office = {p: str(a) for p, status, a in rows
              if not pd.isna(status) and status == "in_force" and not pd.isna(a) and a != "WO"}  # fmt: skip
    found: dict[Cell, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for technology, held in recount.facet("technology").items():
        if technology in recount.study.remainders:
            continue
        for publication in held:
            if publication in office:
                cell = (technology, office[publication])
                found[cell][recount.unit_of[publication]].append(publication)
    return found


@kept
def _cells(
    recount: Recount, day: str, ahead: int, fewest: int, firm: str = ""
) -> dict[Cell, dict[str, float | None]]:
    """Components of every cell that is judged, of all rights or of those that a firm has no part in."""
    now = pd.Timestamp(day)
    soon = now + pd.DateOffset(years=ahead)
    ends = dict(zip(recount.ids, texts(facts.expiry_dates(recount.study.patents)), strict=True))
    owned: dict[str, set[str]] = defaultdict(set)
    for owner, held in recount.facet("owner").items():
        for publication in held:
            owned[publication].add(owner)
    disputed = _disputed(recount)
    found: dict[Cell, dict[str, float | None]] = {}
    mine = {recount.unit_of[p] for p in recount.facet("owner").get(firm, ())}
    for cell, rights in _in_force(recount).items():
        units = {unit: ids for unit, ids in rights.items() if unit not in mine}
        if len(units) < fewest:
            continue
        last = {}
        tally: dict[str, set[str]] = defaultdict(set)
        for unit, publications in units.items():
            dates = [ends[p] for p in publications if not pd.isna(ends[p])]
            if dates:
                last[unit] = max(dates)
            for publication in publications:
                for owner in owned[publication]:
                    tally[owner].add(unit)
        order = sorted(tally, key=lambda o: (-len(tally[o]), o))[:_HOLDERS]
        top: set[str] = set().union(*(tally[o] for o in order))
        years = sorted(max(0.0, (d - now).days / _DAYS) for d in last.values())
        near = sum(1 for d in last.values() if d <= soon)
        found[cell] = {
            "in_force": len(units),
            "holders": len(tally),
            "top_share": len(top) / len(units),
            "remaining_life": _median(years),
            "dated": len(last),
            "expiring": near if last else None,
            "lasting_share": 1 - near / len(last) if last else None,
            "disputes": None if disputed is None else len(disputed & units.keys()),
        }
    return found


def _disputed(recount: Recount) -> set[str] | None:
    if not recount.study.patents.has("legal_events"):
        return None
    events = recount.study.patents.legal_events
    rows = zip(texts(events["category"]), texts(events["publication_id"]), strict=True)
    found = {recount.unit_of[p] for c, p in rows if c in _DISPUTES and p in recount.unit_of}
    return found if events["category"].isin(_DISPUTES).any() else None


def _median(values: list[float]) -> float | None:
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _key(claim: Claim) -> Cell:
    parts = dict(part.split(":", 1) for part in claim.subject.split("&"))
    return parts["technology"], parts["authority"]


@measure("barrier_cells")
def _barrier_cells(recount: Recount, claim: Claim) -> int:
    return len(_cells(recount, *_limits(claim)))


@measure("barrier_part")
def _barrier_part(recount: Recount, claim: Claim) -> float | None:
    """Component ``details["part"]`` of the cell of a technology and an office."""
    firm = str(claim.details.get("firm", ""))
    return _cells(recount, *_limits(claim), firm)[_key(claim)][str(claim.details["part"])]


@kept
def _ranks(recount: Recount, day: str, ahead: int, fewest: int) -> dict[Cell, tuple[int, int, int]]:
    """Rank of every cell, the best and the worst without one component."""
    cells = _cells(recount, day, ahead, fewest)
    names = ("in_force", "top_share", "remaining_life", "lasting_share", "disputes")
    known = [n for n in names if all(c[n] is not None for c in cells.values())]
    if len(cells) >= 10:  # what is the same nearly everywhere tells no cell from another
        most = {n: max(Counter(c[n] for c in cells.values()).values()) for n in known}
        known = [n for n in known if 10 * most[n] <= 9 * len(cells)]
    logs: dict[str, dict[Cell, float]] = {}
    for name in known:
        values = {cell: float(parts[name] or 0) for cell, parts in cells.items()}
        logs[name] = {}
        for cell, value in values.items():
            below = sum(1 for other in values.values() if other < value)
            equal = sum(1 for other in values.values() if other == value)
            logs[name][cell] = math.log((below + equal / 2) / len(values))
    chosen = [known, *([n for n in known if n != left] for left in known)]
    places: list[dict[Cell, int]] = []
    for names_left in chosen:
        means = {c: round(math.exp(math.fsum(logs[n][c] for n in names_left) / len(names_left)), 12)
                 for c in cells}  # fmt: skip
        places.append({c: 1 + sum(1 for m in means.values() if m > means[c]) for c in cells})
    return {c: (places[0][c], min(p[c] for p in places), max(p[c] for p in places)) for c in cells}


@measure("barrier_rank")
def _barrier_rank(recount: Recount, claim: Claim) -> int:
    return _ranks(recount, *_limits(claim))[_key(claim)][0]


@measure("barrier_rank_low")
def _barrier_low(recount: Recount, claim: Claim) -> int:
    return _ranks(recount, *_limits(claim))[_key(claim)][1]


@measure("barrier_rank_high")
def _barrier_high(recount: Recount, claim: Claim) -> int:
    return _ranks(recount, *_limits(claim))[_key(claim)][2]


# Endings


@kept
def _states(recount: Recount, day: str, ahead: int, back: int) -> dict[str, tuple[str, Any]]:
    """State and date of every granted right."""
    patents = recount.study.patents
    now = pd.Timestamp(day)
    soon, since = now + pd.DateOffset(years=ahead), now - pd.DateOffset(years=back)
    due = zip(
        recount.ids,
        texts(recount.publications["legal_status"]),
        facts.expiry_dates(patents),
        facts.end_dates(patents),
        facts.grant_dates(patents),
        strict=True,
    )
    granted = _granted(recount)
    found: dict[str, tuple[str, Any]] = {}
    for publication, status, end, gone, since_when in due:
        if pd.isna(status) or (status == "ceased" and publication not in granted):
            continue
        if status == "in_force":
            if pd.isna(end):
                found[publication] = ("undated", end)
            else:
                word = "overdue" if end < now else "ending" if end <= soon else "lasting"
                found[publication] = (word, end)
        elif status in _OVER:
            known = not pd.isna(gone)
            word = "ended" if known and gone >= since else "ended_before"
            young = not pd.isna(since_when) and since_when >= since
            unknown = "ended" if young else "ended_undated"
            found[publication] = (word if known else unknown, gone)
    return found


def _granted(recount: Recount) -> set[str]:
    """Publications of applications that have a grant document or a date of grant."""
    table = recount.publications
    of = dict(zip(recount.ids, texts(table["application_id"]), strict=True))
    told = zip(recount.ids, texts(table["granted"]), table["grant_date"], strict=True)
    own = {publication for publication, yes, day in told if yes is True or not pd.isna(day)}
    applications = {of[publication] for publication in own if isinstance(of[publication], str)}
    return own | {publication for publication, number in of.items() if number in applications}


_ORDER = ("lasting", "ending", "undated", "overdue", "ended", "ended_undated", "ended_before")


def _units(
    recount: Recount, times: tuple[str, int, int], among: set[str] | None = None
) -> dict[str, str]:
    """State of every unit: that of the right that lasts longest."""
    best: dict[str, int] = {}
    for publication, (state, _) in _states(recount, *times).items():
        if among is not None and publication not in among:
            continue
        unit = recount.unit_of[publication]
        best[unit] = min(best.get(unit, len(_ORDER)), _ORDER.index(state))
    return {unit: _ORDER[place] for unit, place in best.items()}


@measure("rights_of_state")
def _rights_of_state(recount: Recount, claim: Claim) -> int:
    """Units of the whole set with any of the states ``details["states"]``."""
    wanted = set(claim.details["states"])
    return sum(1 for state in _units(recount, _times(claim)).values() if state in wanted)


@kept
def _by_technology(
    recount: Recount, day: str, ahead: int, back: int
) -> tuple[dict[str, dict[str, int]], Mapping[str, str]]:
    labels = {
        key: set(held)
        for key, held in recount.facet("technology").items()
        if key not in recount.study.remainders
    }
    units = _units(recount, (day, ahead, back), set().union(*labels.values()))
    told = _states(recount, day, ahead, back)
    found: dict[str, dict[str, int]] = {}
    for key, held in labels.items():
        own = {recount.unit_of[p] for p in held if p in told}
        if own:
            found[key] = {s: sum(1 for u in own if units[u] == s) for s in _ORDER}
    return found, units


@measure("technology_rights")
def _technology_rights(recount: Recount, claim: Claim) -> int:
    """Units of a technology with any of the states ``details["states"]``."""
    key = claim.subject.partition(":")[2]
    counts = _by_technology(recount, *_times(claim))[0][key]
    return sum(counts[s] for s in claim.details["states"])


@measure("technology_rights_share")
def _technology_share(recount: Recount, claim: Claim) -> float | None:
    """Part of a technology's rights with a known end that ends soon."""
    counts = _by_technology(recount, *_times(claim))[0][claim.subject.partition(":")[2]]
    whole = counts["ending"] + counts["lasting"]
    return counts["ending"] / whole if whole else None


@measure("technologies_sooner")
def _technologies_sooner(recount: Recount, claim: Claim) -> int:
    """Technologies of whose rights significantly more end soon than of all others."""
    found, units = _by_technology(recount, *_times(claim))
    ending = sum(1 for s in units.values() if s == "ending")
    lasting = sum(1 for s in units.values() if s == "lasting")
    cells = {k: (n["ending"], n["lasting"]) for k, n in found.items()}
    q = adjusted({k: fisher(a, b, ending - a, lasting - b) for k, (a, b) in cells.items()})
    return sum(1 for k, (a, b) in cells.items()
               if q[k] < _LEVEL and a * (lasting - b) > b * (ending - a))  # fmt: skip
