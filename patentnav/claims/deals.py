"""Recompute what is said of deals: event by event, side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav._strings import texts
from patentnav.claims.recount import Recount, kept, measure
from patentnav.clean.party_types import party_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.claims.claim import Claim


@dataclass(frozen=True)
class _Deal:
    publication: str
    category: str
    date: Any
    giver: str
    taker: str
    told_by: str
    spelled: tuple[str, str]

    @property
    def internal(self) -> bool:
        return self.giver == self.taker


def _rows(table: pd.DataFrame) -> list[Any]:
    return [*table.itertuples(index=False)]


@kept
def _spelled(recount: Recount) -> tuple[dict[str, str], dict[str, str]]:
    """Owner by spelling, and type by owner, the most frequent of each."""
    patents = recount.study.patents
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    types: dict[str, Counter[str]] = defaultdict(Counter)
    if not patents.has("parties"):
        return {}, {}
    level = recount.study.owner_level
    for row in _rows(patents.parties):
        owner = _owner(row, level)
        for spelling in (row.name_raw, row.name):
            if not pd.isna(spelling):
                spellings[spelling][owner] += 1
        if not pd.isna(row.party_type):
            types[owner][row.party_type] += 1
    return {k: _most(v) for k, v in spellings.items()}, {k: _most(v) for k, v in types.items()}


def _owner(row: Any, level: str) -> str:
    named = row.name_raw if pd.isna(row.name) else row.name
    party = named if pd.isna(row.party_id) else row.party_id
    return str(party if level == "party" or pd.isna(row.group_id) else row.group_id)


def _most(tally: Mapping[str, int]) -> str:
    return min(tally, key=lambda key: (-tally[key], key))


def _sides(recount: Recount) -> dict[str, tuple[str, str]]:
    """Spelling of the first owner before and of the first one now, where these differ."""
    patents = recount.study.patents
    if not patents.has("parties"):
        return {}
    order = {"original_assignee": 0, "applicant": 1}
    before: dict[str, tuple[int, int, str, str]] = {}
    now: dict[str, tuple[int, str, str]] = {}
    for row in _rows(patents.parties):
        party = _owner(row, "party")
        if row.role in order:
            one = (order[row.role], int(row.position), row.name_raw, party)
            before[row.publication_id] = min(before.get(row.publication_id, one), one)
        elif row.role == "current_owner":
            other = (int(row.position), row.name_raw, party)
            now[row.publication_id] = min(now.get(row.publication_id, other), other)
    both = before.keys() & now.keys()
    return {p: (before[p][2], now[p][1]) for p in both if before[p][3] != now[p][2]}


@kept
def _deals(recount: Recount) -> list[_Deal]:
    events = recount.study.patents.legal_events
    owner, _ = _spelled(recount)
    sides = _sides(recount)
    seen: dict[tuple[Any, ...], _Deal] = {}
    for row in _rows(events):
        if row.category not in {"transfer", "licence", "pledge"}:
            continue
        publication, day = row.publication_id, None if pd.isna(row.date) else row.date
        giver, taker = ("" if pd.isna(v) else v for v in (row.party_from, row.party_to))
        if giver and taker:
            told = "event"
        elif row.category == "transfer" and publication in sides:
            told, (giver, taker) = "owners", sides[publication]
        else:
            told = ""
        key = (publication, "owners") if told == "owners" else (
            publication, row.category, day, giver, taker)  # fmt: skip
        seen[key] = _Deal(publication, row.category, day, owner.get(giver, giver),
                          owner.get(taker, taker), told, (giver, taker))  # fmt: skip
    return list(seen.values())


def all_deals(recount: Recount) -> list[tuple[str, str, str, str]]:
    """Giver, taker, unit and kind of every deal that names both sides."""
    return [(d.giver, d.taker, recount.unit_of[str(d.publication)], d.category)
            for d in _deals(recount) if d.told_by]  # fmt: skip


def _chosen(recount: Recount, claim: Claim) -> list[_Deal]:
    """Deals of ``details["category"]`` with both sides; those between owners with ``external``."""
    found = [d for d in _deals(recount) if d.category == claim.details["category"] and d.told_by]
    if claim.details.get("external"):
        found = [d for d in found if not d.internal]
    if "told_by" in claim.details:
        found = [d for d in found if d.told_by == claim.details["told_by"]]
    return found


@measure("deals")
def _count(recount: Recount, claim: Claim) -> int:
    return len(_chosen(recount, claim))


@measure("deals_internal")
def _internal(recount: Recount, claim: Claim) -> int:
    return sum(1 for d in _chosen(recount, claim) if d.internal)


@measure("deal_units")
def _units(recount: Recount, claim: Claim) -> int:
    return len({recount.unit_of[d.publication] for d in _chosen(recount, claim)})


@measure("deal_direction")
def _direction(recount: Recount, claim: Claim) -> int:
    """Deals from one type of party to another."""
    return _directions(recount, claim)[(claim.details["from"], claim.details["to"])]


def _directions(recount: Recount, claim: Claim) -> Counter[tuple[Any, Any]]:
    _, types = _spelled(recount)
    return Counter(
        (_type(d.giver, d.spelled[0], types), _type(d.taker, d.spelled[1], types))
        for d in _chosen(recount, claim)
    )


def _type(owner: str, spelled: str, types: Mapping[str, str]) -> str | None:
    return types.get(owner) or party_type(spelled)


@measure("deal_direction_share")
def _direction_share(recount: Recount, claim: Claim) -> float | None:
    told = {k: n for k, n in _directions(recount, claim).items() if None not in k}
    if not told:
        return None
    return told[(claim.details["from"], claim.details["to"])] / sum(told.values())


def _side(recount: Recount, claim: Claim) -> Counter[str]:
    """Units by taker; persons are left out."""
    _, types = _spelled(recount)
    pairs = {(d.taker, recount.unit_of[d.publication]) for d in _chosen(recount, claim)
             if _type(d.taker, d.spelled[1], types) != "individual"}  # fmt: skip
    return Counter(taker for taker, _ in pairs)


@measure("largest_taker")
def _largest_taker(recount: Recount, claim: Claim) -> str | None:
    tally = _side(recount, claim)
    return _most(tally) if tally else None


@measure("taken_units")
def _taken(recount: Recount, claim: Claim) -> int:
    return _side(recount, claim)[str(claim.details["taker"])]


@measure("givers_of")
def _givers(recount: Recount, claim: Claim) -> int:
    return len({d.giver for d in _chosen(recount, claim) if d.taker == claim.details["taker"]})


@measure("transferred_again")
def _again(recount: Recount, _claim: Claim) -> int:
    """Units with transfers on two or more days."""
    events = recount.study.patents.legal_events
    days: dict[str, set[Any]] = defaultdict(set)
    columns = (texts(events[c]) for c in ("publication_id", "category", "date"))
    for publication, category, date in zip(*columns, strict=True):
        if category == "transfer" and not pd.isna(date):
            days[recount.unit_of[publication]].add(date)
    return sum(1 for found in days.values() if len(found) > 1)
