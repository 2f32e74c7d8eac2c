"""Recompute claims on the roadmap: how many nodes, lanes and path nodes, and who took up a term."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import network, planning, text
from patentnav._strings import texts
from patentnav.claims.core import USED, granted_offices, happened, highly_cited
from patentnav.claims.recount import kept, measure
from patentnav.claims.standing import adjusted
from patentnav.planning.roadmap import (
    AT_HOME,
    BIN,
    FOLLOWED_WITHIN,
    FOLLOWERS,
    KEY_ROUTES,
    LANES,
    LEVEL,
    PER_BIN,
    SEEN_BEFORE,
    SPAN,
    stands_in,
)

if TYPE_CHECKING:
    from typing import Any

    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

    Bins = dict[tuple[str, int], list[tuple[bool, str]]]


@kept
def _links(recount: Recount) -> set[tuple[str, str]]:
    """Citations inside the set, each once."""
    if not recount.study.patents.has("citations"):
        return set()
    edges, own = recount.study.patents.citations, set(recount.ids)
    pairs = zip(texts(edges["citing_id"]), texts(edges["cited_id"]), strict=True)
    return {(a, b) for a, b in pairs if a in own and b in own and a != b}


def _number_linked(recount: Recount) -> int:
    return len({end for pair in _links(recount) for end in pair})


@measure("cited_inside")
def _linked(recount: Recount, _claim: Claim) -> int:
    return _number_linked(recount)


@measure("cited_inside_share")
def _linked_share(recount: Recount, _claim: Claim) -> float:
    return _number_linked(recount) / len(recount.ids)


def _path(recount: Recount) -> set[str]:
    """Publications on the key routes; the routes themselves are tested against published networks."""
    frame = pd.DataFrame(sorted(_links(recount)), columns=["citing_id", "cited_id"])
    path = network.main_path(frame, search="key-route", key_routes=KEY_ROUTES)
    return {*path["citing_id"], *path["cited_id"]}


def _days(recount: Recount) -> dict[str, Any]:
    dates = recount.publications[recount.study.basis]
    return {p: d for p, d in zip(recount.ids, dates, strict=True) if not pd.isna(d)}


def _lane_of(recount: Recount, *, largest: bool) -> dict[str, str]:
    labels = {
        key: set(held)
        for key, held in recount.facet("technology").items()
        if key not in recount.study.remainders
    }
    chosen = sorted(labels, key=lambda key: (-len(labels[key]), key))
    chosen = chosen[:LANES] if largest else chosen
    return {publication: key for key in chosen for publication in labels[key]}


@kept
def _bins(recount: Recount, method: str, source: str) -> Bins:
    """Candidates of every lane and three years: whether on the path, and the publication."""
    cited = method == "citations"
    days, lanes, last = _days(recount), _lane_of(recount, largest=cited), recount.study.last_year
    fit = {p for p in lanes if p in days and days[p].year > last - SPAN}
    if cited:
        path = _path(recount)
        told = [
            highly_cited(recount, source),
            granted_offices(recount),
            happened(recount, set(USED)),
        ]
        candidates = {p for p in fit if p in path or any(t.get(p) for t in told)}
    else:
        path = set()
        candidates = fit & _first_carriers(recount).keys()
    taken: set[str] = set()
    bins: Bins = defaultdict(list)
    for publication in sorted(candidates, key=lambda p: (p not in path, days[p], p)):
        unit = recount.unit_of[publication]
        if unit not in taken:
            taken.add(unit)
            start = last - (last - days[publication].year) // BIN * BIN - BIN + 1
            bins[lanes[publication], start].append((publication in path, publication))
    if cited:
        return bins
    shown: dict[str, int] = defaultdict(int)
    for (lane, _), found in bins.items():
        shown[lane] += min(PER_BIN, len(found))
    kept = sorted(shown, key=lambda lane: (-shown[lane], lane))[:LANES]
    return {cell: found for cell, found in bins.items() if cell[0] in kept}


@kept
def _first_carriers(recount: Recount) -> dict[str, int]:
    """Owners that took up the most followed new term of each title that is the first with it."""
    days = _days(recount)
    if len(days) <= SEEN_BEFORE:
        return {}
    terms = planning.title_terms(recount.study.patents)
    owned: dict[str, set[str]] = defaultdict(set)
    for owner, held in recount.facet("owner").items():
        for publication in held:
            owned[publication].add(owner)
    order = sorted(days, key=lambda p: (days[p], p))
    holders: dict[str, list[set[str]]] = defaultdict(list)
    start: dict[str, str] = {}
    number: dict[str, int] = defaultdict(int)
    written: dict[str, list[str]] = defaultdict(list)
    titles = text.documents(recount.study.patents)["title"].dropna().to_dict()
    at_home: dict[str, int] = defaultdict(int)
    lanes = _lane_of(recount, largest=False)
    for publication in order:
        for term in terms.get(publication, ()):
            first = start.setdefault(term, publication)
            number[term] += 1
            written[term].append(str(titles.get(publication, "")))
            at_home[term] += lanes.get(publication) == lanes.get(first)
            if days[publication] <= days[first] + pd.DateOffset(years=FOLLOWED_WITHIN):
                holders[term].append(owned[publication])
    place = {publication: i for i, publication in enumerate(order)}
    takers = {t: _alone(held) for t, held in holders.items()}
    told = {t: f for t, f in start.items() if number[t] >= FOLLOWERS and takers[t] >= FOLLOWERS}
    q = adjusted({t: _chance(place[f], number[t], len(order)) for t, f in told.items()})
    best: dict[str, int] = {}
    for term, first in told.items():
        if any(2 * written[term].count(title) >= len(written[term]) for title in written[term]):
            continue  # one title copied
        if not stands_in(term, str(titles.get(first, "")).casefold()):
            continue  # put together from parts: no title has it
        of_its_own = at_home[term] >= AT_HOME * number[term]
        if place[first] >= SEEN_BEFORE and q[term] <= LEVEL and of_its_own:
            before = (str(titles.get(p, "")).casefold() for p in order[: place[first]])
            known = [part for part in (term, term[:-1], term[1:]) if part == term or len(part) > 1]
            known = [term] if term.isascii() else known
            if any(stands_in(part, title) for title in before for part in known):
                continue  # within another word of an earlier title, or another spelling of one
            best[first] = max(best.get(first, 0), takers[term])
    return best


def _alone(holders: list[set[str]]) -> int:
    """Owners, those who are joined by a publication counted once."""
    near: dict[str, set[str]] = defaultdict(set)
    for held in holders:
        for owner in held:
            near[owner] |= held
    seen: set[str] = set()
    found = 0
    for owner in near:
        found += owner not in seen
        waiting = [owner]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting.extend(near[one])
    return found


def _chance(before: int, carriers: int, total: int) -> float:
    """Chance that no carrier stands among the first, one after the other."""
    chance = 1.0
    for i in range(carriers):
        chance *= max(0, total - before - i) / (total - i)
    return chance


def _way(claim: Claim) -> tuple[str, str]:
    return str(claim.details["method"]), str(claim.details["source"])


@measure("roadmap_nodes")
def _nodes(recount: Recount, claim: Claim) -> int:
    return sum(min(PER_BIN, len(found)) for found in _bins(recount, *_way(claim)).values())


@measure("roadmap_on_path")
def _on_path(recount: Recount, claim: Claim) -> int:
    return sum(
        min(PER_BIN, sum(1 for on_path, _ in found if on_path))
        for found in _bins(recount, *_way(claim)).values()
    )


@measure("roadmap_lanes")
def _lanes(recount: Recount, claim: Claim) -> int:
    return len({lane for lane, _ in _bins(recount, *_way(claim))})


@measure("node_year")
def _node_year(recount: Recount, claim: Claim) -> int:
    return int(_days(recount)[str(claim.details["publication"])].year)


@measure("node_followers")
def _node_followers(recount: Recount, claim: Claim) -> int:
    return _first_carriers(recount)[str(claim.details["publication"])]
