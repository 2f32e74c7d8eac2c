"""Recompute what is said of a firm: right by right, product by product, pair by pair."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import texts
from patentnav.claims.abroad import standing
from patentnav.claims.players import held_together
from patentnav.claims.recount import kept, measure
from patentnav.claims.ties import technologies_of
from patentnav.counting import unit_ids
from patentnav.errors import PatentnavError

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_YEAR = 365.2425
_OVER = ("lapsed", "expired", "refused", "withdrawn", "revoked", "ceased")


def owned(recount: Recount, owner: str) -> set[str]:
    """Publications of an owner."""
    return set(recount.facet("owner").get(owner, {}))


def in_force(recount: Recount) -> set[str]:
    """Publications in force."""
    return {p for p, s in recount.status_of.items() if not pd.isna(s) and s == "in_force"}


def units(recount: Recount, publications: set[str]) -> set[str]:
    """Units of publications."""
    return {recount.unit_of[p] for p in publications if p in recount.unit_of}


@measure("firm_ending")
def _ending(recount: Recount, claim: Claim) -> int:
    """Units in force of an owner whose last right ends within some years."""
    own = owned(recount, claim.subject.partition(":")[2]) & in_force(recount)
    limit = pd.Timestamp(str(claim.details["now"])) + pd.DateOffset(
        years=int(claim.details["ahead"])
    )
    ends = dict(zip(recount.ids, texts(facts.expiry_dates(recount.study.patents)), strict=True))
    last: dict[str, list[Any]] = defaultdict(list)
    for publication in own:
        if not pd.isna(ends[publication]):
            last[recount.unit_of[publication]].append(ends[publication])
    return sum(1 for dates in last.values() if max(dates) <= limit)


@kept
def _lives(recount: Recount, owner: str) -> list[tuple[float, bool]]:
    """Days from grant to the end or to today, and whether it ended, of every granted application."""
    patents = recount.study.patents
    now = facts.moment(patents)
    ids = dict(unit_ids(patents, "application").items())
    granted, ended = (
        dict(facts.grant_dates(patents).items()),
        dict(facts.end_dates(patents).items()),
    )
    lives: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for publication in owned(recount, owner):
        status = recount.status_of[publication]
        dead = not pd.isna(status) and status in _OVER
        if pd.isna(granted[publication]) or (dead and pd.isna(ended[publication])):
            continue
        lives[ids[publication]].append((granted[publication], ended[publication]))
    found = []
    for rows in lives.values():
        start = min(g for g, _ in rows)
        over = [e for _, e in rows if not pd.isna(e)]
        found.append((((max(over) if over else now) - start).days, bool(over)))
    return found


@measure("firm_granted")
def _granted(recount: Recount, claim: Claim) -> int:
    return len(_lives(recount, claim.subject.partition(":")[2]))


@measure("firm_undated")
def _undated(recount: Recount, claim: Claim) -> int:
    """Granted applications that are over on a day that is not told."""
    patents = recount.study.patents
    ids, granted = dict(unit_ids(patents, "application").items()), facts.grant_dates(patents)
    ended = facts.end_dates(patents)
    found = set()
    for publication in owned(recount, claim.subject.partition(":")[2]):
        status = recount.status_of[publication]
        over = not pd.isna(status) and status in _OVER
        if over and not pd.isna(granted[publication]) and pd.isna(ended[publication]):
            found.add(ids[publication])
    return len(found)


@measure("firm_survival")
def _survival(recount: Recount, claim: Claim) -> float | None:
    """Product-limit estimate, day by day as an exact fraction."""
    lives = sorted(_lives(recount, claim.subject.partition(":")[2]))
    limit, share = int(claim.details["years"]) * _YEAR, Fraction(1)
    for day in sorted({d for d, over in lives if over and d <= limit}):
        at_risk = sum(1 for d, _ in lives if d >= day)
        ended = sum(1 for d, over in lives if over and d == day)
        share *= Fraction(at_risk - ended, at_risk)
    return float(share) if lives else None


def text_of(recount: Recount, fields: set[str]) -> dict[str, str]:
    """Title and texts of every publication in small letters."""
    found = {
        p: ["" if pd.isna(t) else str(t)]
        for p, t in zip(recount.ids, texts(recount.publications["title"]), strict=True)
    }
    patents = recount.study.patents
    if patents.has("texts"):
        rows = patents.texts
        for publication, field, text in zip(
            texts(rows["publication_id"]), texts(rows["field"]), texts(rows["text"]), strict=True
        ):
            if field in fields and publication in found:
                found[publication].append(str(text))
    return {p: " ".join(parts).casefold() for p, parts in found.items()}


@kept
def _behind(recount: Recount) -> list[tuple[dict[str, Any], set[str]]]:
    """The firm's products with its publications that are behind them."""
    own = owned(recount, recount.study.firm)
    products = recount.study.products.to_dict("records")
    return [
        ({str(k): v for k, v in product.items()}, found)
        for product, found in zip(products, behind(recount, products, own), strict=True)
    ]


def behind(recount: Recount, products: list[Any], own: set[str]) -> list[set[str]]:
    """Publications of ``own`` that are behind every product: those listed, and those with its words."""
    texts = text_of(recount, {"title", "abstract"})
    told = recount.study.given.publications["application_id"]
    application = {p: p if pd.isna(a) else a for p, a in told.items()}
    kept_as = {application.get(p, p): p for p in recount.ids}
    rows = []
    for product in products:
        listed = {
            p if p in own else kept_as.get(application.get(p, p))
            for p in product["publication_ids"]
        }
        found = {p for p in listed if p in own}
        for phrase in product["keywords"]:
            words = phrase.casefold().split()
            found |= {p for p in own if words and all(w in texts[p] for w in words)}
        rows.append(found)
    return rows


@measure("firm_products")
def _products(recount: Recount, claim: Claim) -> float:
    """Products; product and market cells; those without a right in force; their part of revenue."""
    which = claim.details["which"]
    rows = _behind(recount)
    if which == "products":
        return len(rows)
    if which == "cells":
        return sum(len(set(product["markets"])) for product, _ in rows)
    office = dict(zip(recount.ids, texts(recount.publications["authority"]), strict=True))
    force = in_force(recount)
    bare, revenue = 0, 0.0
    for product, found in rows:
        lacking = [
            m for m in set(product["markets"]) if not any(office[p] == m for p in found & force)
        ]
        bare += len(lacking)
        if lacking and not pd.isna(product.get("revenue_share")):
            revenue += float(product["revenue_share"])
    return revenue if which == "revenue" else bare


@measure("firm_seldom")
def _seldom(recount: Recount, claim: Claim) -> int:
    """Rights in force filed long ago, in the lower half by citations, behind no listed product."""
    limit = pd.Timestamp(str(claim.details["now"])) - pd.DateOffset(
        years=int(claim.details["late"])
    )
    rated = standing(recount)
    filed = dict(zip(recount.ids, texts(recount.publications["application_date"]), strict=True))
    try:
        listed = {p for ids in recount.study.products["publication_ids"] for p in ids}
    except PatentnavError:
        listed = set()
    own = owned(recount, claim.subject.partition(":")[2]) & in_force(recount)
    return sum(1 for p in own - listed if p in rated and rated[p] < 50
               and not pd.isna(filed[p]) and filed[p] <= limit)  # fmt: skip


@measure("firm_overlap")
def _overlap(recount: Recount, claim: Claim) -> float | None:
    """Sum of the smaller share of every technology, of what the firm and the subject hold without the other."""
    who = str(claim.details["firm"]), claim.subject.partition(":")[2]
    pair = [owned(recount, owner) for owner in who]
    both = held_together(recount, *who)
    if 2 * len(both) > len(units(recount, pair[1])):
        return None
    shares = []
    for owner in pair:
        held = {p for p in owner if recount.unit_of[p] not in both}
        counts = {
            t: len(held & set(recount.facet("technology")[t])) for t in technologies_of(recount)
        }
        whole = sum(counts.values())
        shares.append({t: n / whole for t, n in counts.items()} if whole else {})
    return sum(min(s, shares[1].get(t, 0.0)) for t, s in shares[0].items())


def links(recount: Recount) -> set[tuple[str, str]]:
    """Pairs of a citing and a cited unit of the set."""
    rows = recount.study.patents.citations
    pairs = zip(texts(rows["citing_id"]), texts(rows["cited_id"]), strict=True)
    found = {(recount.unit_of[a], recount.unit_of[b]) for a, b in pairs
             if a in recount.unit_of and not pd.isna(b) and b in recount.unit_of}  # fmt: skip
    return {(a, b) for a, b in found if a != b}


@measure("firm_citing")
def _citing(recount: Recount, claim: Claim) -> int:
    """Units of one owner that cite a unit of another."""
    one, other = (
        units(recount, owned(recount, str(claim.details[k]))) for k in ("citing", "cited")
    )
    return len({a for a, b in links(recount) if a in one and b in other})


@measure("firm_moves")
def _moves(recount: Recount, claim: Claim) -> int:
    """Technologies or offices with enough units of an owner in the window and none before it."""
    first, last = claim.window or (0, 0)
    own = owned(recount, str(claim.details["rival"]))
    if claim.details["kind"] == "technology":
        groups = {t: set(recount.facet("technology")[t]) for t in technologies_of(recount)}
    else:
        groups = {o: set(p) for o, p in recount.facet("authority").items() if o != "WO"}
    found = 0
    for publications in groups.values():
        years = [
            recount.year_of[u] for u in units(recount, own & publications) if u in recount.year_of
        ]
        now = sum(1 for y in years if first <= y <= last)
        found += now >= int(claim.details["fewest"]) and min(years) >= first
    return found
