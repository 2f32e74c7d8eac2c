"""Recount what is said of the firms, products and teams that the client lists."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import by_index, texts
from patentnav.claims.cities import rows_of
from patentnav.claims.firm import behind
from patentnav.claims.recount import Recount, kept, measure
from patentnav.counting import unit_ids

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim

_BEST = {"in_force": 0, "pending": 1}


@kept
def _granted(recount: Recount, years: int) -> dict[str, int]:
    """Inventions granted in the last years, by owner."""
    patents, now = recount.study.patents, recount.study.day
    ids, grants = by_index(unit_ids(patents, "application")), by_index(facts.grant_dates(patents))
    inventions = recount.facet("patent_type").get("invention", {})
    start = now - pd.DateOffset(years=years)
    found = {}
    for owner, held in recount.facet("owner").items():
        lately = {ids[p] for p in held
                  if p in inventions and not pd.isna(grants[p]) and start <= grants[p] <= now}  # fmt: skip
        found[owner] = len(lately)
    return found


def _staffed(recount: Recount, years: int) -> list[tuple[str, int, float]]:
    """Name, inventions granted and employees of the listed firms of which both are known."""
    granted = _granted(recount, years)
    rows = []
    for row in rows_of(recount.study.listed):
        if pd.isna(row.owner) or pd.isna(row.employees) or not row.employees > 0:
            continue
        rows.append((str(row.name), granted.get(str(row.owner), 0), float(row.employees)))
    return rows


@measure("intensive_rate")
def _intensive_rate(recount: Recount, claim: Claim) -> float:
    """Inventions granted per thousand employees: of one firm, of all together where none is named."""
    rows = _staffed(recount, int(claim.details["years"]))
    wanted = claim.details["firm"]
    own = [(n, staff) for name, n, staff in rows if not wanted or name == wanted]
    return 1000 * sum(n for n, _ in own) / sum(staff for _, staff in own)


@measure("intensive_firms")
def _intensive_firms(recount: Recount, claim: Claim) -> int:
    """Firms of the list: all, of known staff, above all together, not matched, of unknown staff."""
    which, years = claim.details["which"], int(claim.details["years"])
    listed = list(rows_of(recount.study.listed))
    rows = _staffed(recount, years)
    matched = sum(not pd.isna(row.owner) for row in listed)
    if which == "above":
        total, staff = sum(n for _, n, _ in rows), sum(s for _, _, s in rows)
        return sum(n * staff > total * s for _, n, s in rows)
    counts = {"listed": len(listed), "known": len(rows), "unmatched": len(listed) - matched,
              "untold": matched - len(rows)}  # fmt: skip
    return counts[str(which)]


@measure("product_groups")
def _product_groups(recount: Recount, claim: Claim) -> int:
    """Products of the list; those without a right in force at any office."""
    frame = recount.study.product_groups.attrs["listed"]
    if claim.details["which"] == "products":
        return len(frame)
    force = set(recount.facet("status").get("in_force", {}))
    office = dict(zip(recount.ids, texts(recount.publications["authority"]), strict=True))
    right = {p for p in force if office[p] != "WO"}
    found = behind(recount, frame.to_dict("records"), set(recount.ids))
    return sum(not (held & right) for held in found)


@kept
def _team(recount: Recount) -> dict[str, tuple[int, set[str]]]:
    """Best state and owners of every application that names somebody of the team."""
    patents = recount.study.patents
    wanted, ids = set(recount.study.team_ids), by_index(unit_ids(patents, "application"))
    table = patents.inventors
    own = {
        p for p, who in zip(texts(table["publication_id"]), texts(table["inventor_id"]), strict=True)
        if not pd.isna(who) and who in wanted
    }  # fmt: skip
    found: dict[str, Any] = {}
    owners: dict[str, set[str]] = defaultdict(set)
    for owner, held in recount.facet("owner").items():
        for publication in held:
            if publication in own:
                owners[ids[publication]].add(owner)
    for publication in own:
        status = recount.status_of[publication]
        rank = _BEST.get("" if pd.isna(status) else status, 2)
        application = ids[publication]
        found[application] = min(rank, found.get(application, 3))
    return {a: (rank, owners[a]) for a, rank in found.items() if owners[a]}


@measure("team_assets")
def _team_assets(recount: Recount, claim: Claim) -> int:
    """People, owners, applications; of one owner, all, in force or pending."""
    which = str(claim.details["which"])
    if which == "members":
        return len(recount.study.team_ids)
    held = _team(recount)
    if which == "owners":
        return len(set().union(*(owners for _, owners in held.values())))
    owner = claim.subject.partition(":")[2]
    rows = [rank for rank, owners in held.values() if not owner or owner in owners]
    return len(rows) if which == "applications" else rows.count(_BEST[which])
