"""Recompute what is said of a project: feature by feature, publication by publication."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import texts
from patentnav.claims.firm import in_force, owned, text_of, units
from patentnav.claims.leads import READ, mentions
from patentnav.claims.recount import kept, measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount


@kept
def _hits(recount: Recount, features: tuple[str, ...]) -> dict[str, int]:
    texts = text_of(recount, READ)
    return {p: sum(1 for f in features if mentions(text, f)) for p, text in texts.items()}


@measure("project_hits")
def _features(recount: Recount, claim: Claim) -> int:
    """Most features that one of the nearest has, or publications that have all of them."""
    features = tuple(claim.details["features"])
    found = _hits(recount, features)
    if claim.details["which"] == "near":
        return max(found[p] for p in recount.study.nearest["publication_id"])
    return sum(1 for n in found.values() if n == len(features))


@measure("technology_ending")
def _ending(recount: Recount, claim: Claim) -> float | None:
    """Part of the units in force whose last right ends within some years."""
    own = set(recount.facet("technology")[claim.subject.partition(":")[2]]) & in_force(recount)
    limit = pd.Timestamp(str(claim.details["now"])) + pd.DateOffset(
        years=int(claim.details["ahead"])
    )
    ends = dict(zip(recount.ids, texts(facts.expiry_dates(recount.study.patents)), strict=True))
    last: dict[str, list[Any]] = defaultdict(list)
    for publication in own:
        if not pd.isna(ends[publication]):
            last[recount.unit_of[publication]].append(ends[publication])
    near = sum(1 for dates in last.values() if max(dates) <= limit)
    return near / len(last) if last else None


@measure("project_base")
def _base(recount: Recount, claim: Claim) -> int:
    own = owned(recount, claim.subject.partition(":")[2])
    field: set[str] = set().union(
        *(recount.facet("technology")[t] for t in claim.details["technologies"])
    )
    return len(units(recount, own & field))


@measure("project_team")
def _team(recount: Recount, claim: Claim) -> int:
    """Units that name somebody called like a member, those of the window where one is given."""
    names = {n.strip().casefold() for n in recount.study.project_row["team"]}
    rows = recount.study.given.inventors
    hit = set()
    for publication, raw, name in zip(
        texts(rows["publication_id"]), texts(rows["name_raw"]), texts(rows["name"]), strict=True
    ):
        called = name if pd.isna(raw) else raw
        if not pd.isna(called) and str(called).strip().casefold() in names:
            hit.add(publication)
    found = units(recount, hit)
    if claim.window is None:
        return len(found)
    first, last = claim.window
    return sum(1 for u in found if u in recount.year_of and first <= recount.year_of[u] <= last)


@measure("project_routes")
def _routes(recount: Recount, claim: Claim) -> int:
    """Other technologies with the effect; those of them in which none of these is in force."""
    told = recount.study.effects
    column, effect = str(claim.details["column"]), str(claim.details["effect"])
    have = {
        p
        for p, e in zip(texts(told["publication_id"]), told[column], strict=True)
        if str(e) == effect
    }
    force, found = in_force(recount), 0
    for key, held in recount.facet("technology").items():
        if key in recount.study.remainders or key in claim.details["own"]:
            continue
        here = have & set(held)
        if len(units(recount, here)) >= int(claim.details["fewest"]):
            found += not (claim.details.get("free") and here & force)
    return found


@measure("project_new")
def _new(recount: Recount, claim: Claim) -> int:
    """Publications since a day, all or those among the nearest."""
    since = pd.Timestamp(str(claim.details["since"]))
    dates = zip(recount.ids, texts(recount.publications["publication_date"]), strict=True)
    new = {p for p, d in dates if not pd.isna(d) and d > since}
    if claim.details.get("near"):
        new &= set(recount.study.nearest["publication_id"])
    return len(new)


@measure("project_crowding")
def _crowding(recount: Recount, claim: Claim) -> float | None:
    """Part of the units in force that the three largest holders have together."""
    own = set(recount.facet("technology")[claim.subject.partition(":")[2]]) & in_force(recount)
    held = {o: units(recount, own & set(p)) for o, p in recount.facet("owner").items()}
    top = sorted(held, key=lambda o: (-len(held[o]), o))[:3]
    every = units(recount, own)
    return len(set().union(*(held[o] for o in top))) / len(every) if every else None
