"""Recompute what is said of rights of others: leads, citations, disputes, holders."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import by_index, texts
from patentnav.claims.abroad import standing
from patentnav.claims.firm import in_force, links, owned, text_of, units
from patentnav.claims.recount import kept, measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_OWN = 3  # publications that make a technology the firm's own
_DISPUTES = {"litigation", "invalidation", "opposition"}
_EVENTS = {"acquired": {"transfer"}, "pledged": {"pledge"}, "disputed": _DISPUTES}
READ = {"title", "abstract", "first_claim", "claims"}


def mentions(text: str, feature: str) -> bool:
    """Whether all words of a feature occur in a text."""
    return all(word in text for word in feature.casefold().split())


@measure("risk_leads")
def _leads(recount: Recount, claim: Claim) -> int:
    """Rights in force of others, in the markets, that mention half of the features or more."""
    features = list(dict.fromkeys(claim.details["features"]))
    markets = set(claim.details["markets"])
    told = text_of(recount, READ)
    own = owned(recount, str(claim.details["firm"]))
    office = dict(zip(recount.ids, texts(recount.publications["authority"]), strict=True))
    found = 0
    for publication in in_force(recount) - own:
        if markets and office[publication] not in markets:
            continue
        hits = sum(1 for f in features if mentions(told[publication], f))
        found += 2 * hits >= len(features)
    return found


@measure("firm_blocked")
def _blocked(recount: Recount, claim: Claim) -> float:
    """Own publications held back by X or Y, the documents cited, or how many categories are told."""
    own = owned(recount, claim.subject.partition(":")[2])
    rows = recount.study.patents.citations
    mine = [(a, b, c) for a, b, c in zip(texts(rows["citing_id"]), texts(rows["cited_id"]), texts(rows["category"]), strict=True)
            if a in own]  # fmt: skip
    if claim.details["which"] == "known":
        return sum(1 for *_, c in mine if not pd.isna(c)) / len(mine)
    hit = [(a, b) for a, b, c in mine if not pd.isna(c) and ("X" in c.upper() or "Y" in c.upper())]
    if claim.details["which"] == "citing":
        return len({a for a, _ in hit})
    return len({b for _, b in hit if not pd.isna(b)})


def _touched(recount: Recount, categories: set[str]) -> set[str]:
    if not recount.study.patents.has("legal_events"):
        return set()
    events = recount.study.patents.legal_events
    return {p for p, c in zip(texts(events["publication_id"]), texts(events["category"]), strict=True)
            if not pd.isna(c) and c in categories}  # fmt: skip


@measure("firm_disputed")
def _disputed(recount: Recount, claim: Claim) -> int:
    own = owned(recount, claim.subject.partition(":")[2])
    return len(units(recount, own & _touched(recount, _DISPUTES)))


@measure("firms_disputed")
def _firms_disputed(recount: Recount, claim: Claim) -> int:
    together = set().union(*(owned(recount, str(o)) for o in claim.details["owners"]))
    return len(units(recount, together & _touched(recount, _DISPUTES)))


@kept
def _around(
    recount: Recount, firm: str, rivals: tuple[str, ...]
) -> dict[str, set[tuple[str, str]]]:
    """Pairs of a citing unit and a living unit of the firm, by the side of the citing one."""
    mine = owned(recount, firm)
    alive = {p for p in mine if recount.status_of[p] not in facts.DEAD}
    living, own = units(recount, alive), units(recount, mine)
    theirs: set[str] = set()
    for rival in rivals:
        theirs |= units(recount, owned(recount, rival))
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for a, b in links(recount):
        if b in living:
            found["own" if a in own else "rivals" if a in theirs else "others"].add((a, b))
    return found


@measure("firm_fence")
def _fence(recount: Recount, claim: Claim) -> int:
    around = _around(recount, claim.subject.partition(":")[2], tuple(claim.details["rivals"]))
    side = str(claim.details["side"])
    if side == "cited":
        return len({b for pairs in around.values() for _, b in pairs})
    return len({a for a, _ in around.get(side, set())})


@measure("firm_cited")
def _cited(recount: Recount, claim: Claim) -> int:
    """Living units of the firm cited by other organisations, or the number of these."""
    firm = claim.subject.partition(":")[2]
    around = _around(recount, firm, tuple(claim.details["rivals"]))
    holders: dict[str, set[str]] = defaultdict(set)
    for owner, held in recount.facet("organisation").items():
        for unit in units(recount, set(held)):
            holders[unit].add(owner)
    cited, owners = set(), set()
    for side in ("rivals", "others"):
        for a, b in around.get(side, set()):
            if others := holders[a] - {firm}:
                cited.add(b)
                owners |= others
    return len(cited if claim.details["which"] == "cited" else owners)


@kept
def _held(recount: Recount, firm: str, fewest: int) -> dict[str, tuple[float, float, float, float]]:
    """Rights, citations, team and disputes of every enterprise in the firm's technologies."""
    study = recount.study
    mine, force = owned(recount, firm), in_force(recount)
    every = {k: set(h) for k, h in recount.facet("technology").items() if k not in study.remainders}
    strong = [h for h in every.values() if len(mine & h) >= _OWN]
    field: set[str] = set().union(*(strong or [h for h in every.values() if mine & h]))
    rated, touched = standing(recount), _touched(recount, _DISPUTES)
    people: dict[str, set[str]] = defaultdict(set)
    if study.patents.has("inventors", "inventor_id"):
        rows = study.patents.inventors
        for publication, person in zip(
            texts(rows["publication_id"]), texts(rows["inventor_id"]), strict=True
        ):
            if not pd.isna(person):
                people[publication].add(person)
    types = by_index(study.owner_types)
    found = {}
    for owner, held in recount.facet("owner").items():
        kind = types.get(owner)
        if owner == firm or not (pd.isna(kind) or kind == "enterprise"):
            continue
        own = set(held) & force & field
        rights = units(recount, own)
        if len(rights) < fewest:
            continue
        best: dict[str, float] = {}
        for publication in own & rated.keys():
            unit = recount.unit_of[publication]
            best[unit] = max(best.get(unit, 0.0), rated[publication])
        team = set().union(*(people[p] for p in own))
        found[owner] = (float(len(rights)), _median(sorted(best.values())), float(len(team) or -1),
                        -float(len(units(recount, own & touched))))  # fmt: skip
    return found


def _median(values: list[float]) -> float:
    if not values:
        return -1.0
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


@measure("firm_holders")
def _holders(recount: Recount, claim: Claim) -> int:
    held = _held(recount, claim.subject.partition(":")[2], int(claim.details["fewest"]))
    if claim.details["which"] == "all":
        return len(held)

    def beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
        return one != other and all(a >= b for a, b in zip(one, other, strict=True))

    return sum(1 for v in held.values() if not any(beats(o, v) for o in held.values()))


@measure("firm_listing")
def _listing(recount: Recount, claim: Claim) -> int:
    """Units shared with another owner, or of which an event is told."""
    firm, item = claim.subject.partition(":")[2], str(claim.details["item"])
    own = owned(recount, firm)
    if item != "co_owned":
        return len(units(recount, own & _touched(recount, _EVENTS[item])))
    mine = units(recount, own)
    others: set[Any] = set()
    for owner, held in recount.facet("owner").items():
        if owner != firm:
            others |= units(recount, set(held))
    return len(mine & others)
