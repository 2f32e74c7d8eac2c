"""Recompute what is said of deadlines, pledges and transfer: application by application."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources, facts
from patentnav._strings import by_index, texts
from patentnav.claims.recount import kept, measure
from patentnav.counting import best_unit, unit_ids

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_YEAR = 365.2425
_ENTRY = re.compile(r"CN((19|20)\d{2}[89]\d{7}|\d{2}[89]\d{5})")
_OVER = ("lapsed", "expired", "refused", "withdrawn", "revoked", "ceased")


def _day(value: Any) -> dt.date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _later(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _true(value: Any) -> bool:
    return not pd.isna(value) and bool(value)


_COLUMNS = (
    "legal_status", "legal_status_raw", "application_id", "application_date", "patent_type",
    "authority", "earliest_priority_date", "national_entry_date",
)  # fmt: skip


@kept
def _filings(recount: Recount, home: str) -> list[dict[str, Any]]:
    """Publications with what their family tells."""
    patents = recount.study.patents
    unit = best_unit(patents)
    family, application = by_index(unit_ids(patents, unit)), unit_ids_of(recount)
    evidence = facts.pct_evidence(patents, unit)
    pct, keys = by_index(evidence["pct"]), by_index(evidence["pct_key"])
    foreign = by_index(facts.foreign_origin(patents, home))
    stated: dict[str, dt.date] = {}
    if patents.has("priorities"):
        for publication, date in zip(
            texts(patents.priorities["publication_id"]),
            texts(patents.priorities["date"]),
            strict=True,
        ):
            day = _day(date)
            if day is not None and (publication not in stated or day < stated[publication]):
                stated[publication] = day
    offices: dict[str, set[str]] = defaultdict(set)
    if patents.has("families"):
        members = facts.family_members(patents)
        for publication, office in zip(
            texts(members["publication_id"]), texts(members["authority"]), strict=True
        ):
            offices[publication].add(str(office))
    rows = []
    said = _resources.load_toml("law", "deadlines")["stated"]
    for publication, row in zip(recount.ids, recount.rows(*_COLUMNS), strict=True):
        raw = "" if pd.isna(row["legal_status_raw"]) else row["legal_status_raw"]
        number = "" if pd.isna(row["application_id"]) else row["application_id"]
        rows.append(
            {
                "id": publication, "family": family[publication], "application": application[publication],
                "filed": _day(row["application_date"]), "type": row["patent_type"],
                "office": row["authority"],
                "priority": _day(row["earliest_priority_date"]) or stated.get(publication),
                "entry": bool(_ENTRY.fullmatch(number)) or not pd.isna(row["national_entry_date"]),
                "pct": pct[publication], "key": keys[publication],
                "foreign": foreign[publication], "open": bool(re.search(said["open"], raw)),
                "over": bool(re.search(said["ended"], raw))
                or row["legal_status"] == "international_ended",
                "have": offices[publication] | {str(row["authority"])},
            }
        )  # fmt: skip
    return rows


@measure("deadline_filings")
def _deadline_filings(recount: Recount, claim: Claim) -> int:
    """Applications of a kind of time limit that runs, or that ends within ``details["within"]`` days."""
    now = dt.date.fromisoformat(str(claim.details["now"]))
    rows = _filings(recount, str(claim.details["home"]))
    within = claim.details.get("within")
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if claim.details["kind"] == "priority_12":
        for row in rows:
            groups[row["application"]].append(row)
        ends = {k: _year(v, str(claim.details["home"]), now) for k, v in groups.items()}
    else:
        for row in rows:
            if not pd.isna(row["key"]):
                groups[row["family"]].append(row)
        ends = {k: _phase(v, now) for k, v in groups.items()}
    if within is None:
        return sum(1 for days in ends.values() if days)
    return sum(
        1 for days in ends.values() if any(d is not None and (d - now).days <= within for d in days)
    )


def _first(values: list[dt.date | None]) -> dt.date | None:
    return min((v for v in values if v is not None), default=None)


def _year(rows: list[dict[str, Any]], home: str, now: dt.date) -> list[dt.date | None]:
    origin = next((r["foreign"] for r in rows if not pd.isna(r["foreign"])), None)
    one = rows[0]
    if one["office"] != home or one["type"] not in {"invention", "utility_model"}:
        return []
    if any(r["entry"] for r in rows) or _true(one["pct"]) or _true(origin):
        return []
    priority, filed = _first([r["priority"] for r in rows]), _first([r["filed"] for r in rows])
    start = priority or filed
    if start is None or (priority is None and origin is None):
        return []
    end = _later(start, 12)
    return [end] if start <= now <= end else []


def _phase(rows: list[dict[str, Any]], now: dt.date) -> list[dt.date | None]:
    if any(r["over"] for r in rows):
        return []
    start = _first([r["priority"] for r in rows]) or _first([r["filed"] for r in rows])
    have: set[str] = set().union(*(r["have"] for r in rows))
    found: list[dt.date | None] = []
    table = _resources.load_toml("law", "deadlines")["national"]
    for office, entry in table.items():
        if office == "*" or office in have:
            continue
        ends = [] if start is None else [_later(start, m) for m in entry.values()]
        running = [e for e in ends if start is not None and start <= now <= e]
        found.extend(running)
        first = bool(ends) and start is not None and start <= now <= ends[0]
        if any(r["open"] for r in rows) and not first:
            found.append(None)
    return found


# Pledge


@kept
def _record(recount: Recount) -> dict[str, list[Any]] | None:
    patents = recount.study.patents
    if not patents.has("legal_events"):
        return None
    found: dict[str, list[Any]] = defaultdict(list)
    for row in patents.legal_events.itertuples(index=False):
        found[str(unit_ids_of(recount)[str(row.publication_id)])].append(row)
    return found


@kept
def unit_ids_of(recount: Recount) -> dict[str, str]:
    """Application by publication."""
    ids = unit_ids(recount.study.patents, "application")
    return by_index(ids)


@kept
def owners_of(recount: Recount) -> dict[str, set[str]]:
    """Owners by application."""
    found: dict[str, set[str]] = defaultdict(set)
    ids = unit_ids_of(recount)
    for owner, held in recount.facet("owner").items():
        for publication in held:
            found[ids[publication]].add(owner)
    return found


def _stands(rows: list[Any], law: dict[str, Any]) -> tuple[bool, bool]:
    """Whether something stands by its dated entries, and whether only undated ones say so."""

    def over(row: Any) -> bool:
        text = "" if pd.isna(row.text) else row.text
        code = "" if pd.isna(row.code) else row.code
        return (bool(re.search(law["ended"], text)) and code not in law["begins"]) or code in law[
            "ends"
        ]

    dated = sorted((row.date, not over(row)) for row in rows if not pd.isna(row.date))
    if dated:
        return dated[-1][1], False
    return False, any(not over(row) for row in rows)


@kept
def _colours(recount: Recount, day: str) -> dict[str, str]:
    """Colour of every application."""
    patents, now = recount.study.patents, pd.Timestamp(day)
    ends = by_index(facts.expiry_dates(patents))
    kinds, holding = _signing(recount) if patents.has("parties") else ({}, {})
    record, ids = _record(recount), unit_ids_of(recount)
    law = _resources.load_toml("law", "events")
    groups: dict[str, list[tuple[str, dict[Any, Any]]]] = defaultdict(list)
    for publication, row in zip(recount.ids, recount.rows(*_COLUMNS), strict=True):
        groups[ids[publication]].append((publication, row))
    found = {}
    for application, rows in groups.items():
        row = rows[0][1]
        filed = _first([_day(r["application_date"]) for _, r in rows])
        if (
            row["patent_type"] not in {"invention", "utility_model", "design"}
            or row["authority"] == "WO"
        ):
            continue
        if filed is not None and filed > now.date():
            continue
        events = None if record is None else [
            e for e in record.get(application, []) if pd.isna(e.date) or e.date <= now]  # fmt: skip
        dates = [ends[p] for p, _ in rows if not pd.isna(ends[p])]
        life = max((max(dates) - now).days / _YEAR, 0.0) if dates else None
        holders = holding.get(application, set())
        kind = kinds.get(min(holders)) if holders else None
        signers = (len(holders), kind)
        found[application] = _colour(row["legal_status"], life, signers, events, (now, law))
    return found


def _colour(
    status: Any, life: float | None, owner: tuple[int, Any], events: list[Any] | None,
    by: tuple[pd.Timestamp, dict[str, Any]],
) -> str:  # fmt: skip
    now, law = by
    force = status == "in_force"
    amber = pd.isna(status) or status not in {"in_force", *_OVER}
    red = status in _OVER or (force and life is not None and life < 1)
    amber |= force and (life is None or life < 3)
    number, kind = owner
    amber |= number != 1 or pd.isna(kind) or kind != "enterprise"
    if events is None:
        return "red" if red else "amber"
    pledged, undated = _stands([e for e in events if e.category == "pledge"], law["pledge"])
    preserved, _ = _stands([e for e in events if e.category == "preservation"], law["preservation"])

    def text(event: Any) -> str:
        return "" if pd.isna(event.text) else str(event.text)

    real = [e for e in events if not re.search(law["not_a_dispute"]["text"], text(e))]
    attacks = [e for e in real if e.category == "invalidation"]
    attacks.sort(
        key=lambda e: (not pd.isna(e.date), pd.Timestamp(0) if pd.isna(e.date) else e.date)
    )
    attacked = bool(attacks) and not re.search(law["dispute"]["closed"], text(attacks[-1]))
    disputes = attacks or [e for e in real if e.category in {"litigation", "opposition"}]
    deals = [e for e in events if e.category == "transfer" and not pd.isna(e.date)]
    moved = bool(deals) and any(e.date > now - pd.DateOffset(years=1) for e in deals)
    if red or pledged or preserved or attacked:
        return "red"
    return "amber" if amber or undated or disputes or moved else "green"


@measure("screened")
def _screened(recount: Recount, claim: Claim) -> int:
    """Applications screened, those of ``details["colour"]`` where one is given."""
    colours = _colours(recount, str(claim.details["now"]))
    wanted = claim.details.get("colour")
    return len(colours) if wanted is None else sum(1 for c in colours.values() if c == wanted)


# Transfer


@kept
def _signing(recount: Recount) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Type of every legal entity, and those that hold every application."""
    patents, ids = recount.study.patents, unit_ids_of(recount)
    parties = patents.parties
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for owner, kind in zip(
        texts(facts.party_ids(parties, "party")), texts(parties["party_type"]), strict=True
    ):
        if not pd.isna(owner) and not pd.isna(kind):
            tally[owner][kind] += 1
    kinds = {o: min((-n, kind) for kind, n in c.items())[1] for o, c in tally.items()}
    rows = facts.owners(patents, "party", which="all", inventors=False)
    found: dict[str, set[str]] = defaultdict(set)
    for publication, owner in zip(texts(rows["publication_id"]), texts(rows["owner"]), strict=True):
        if not pd.isna(owner):
            found[ids[publication]].add(owner)
    return kinds, found


@kept
def _schools(recount: Recount) -> set[str]:
    """Applications all of whose owners are, as legal entities, universities or institutes."""
    kinds, holding = _signing(recount)
    school = {"university", "research_institute"}
    return {a for a, held in holding.items() if held and {kinds.get(o) for o in held} <= school}


@kept
def _stages(recount: Recount, day: str) -> dict[str, int]:
    """Applications of universities and institutes alone that are left after every condition."""
    patents, now = recount.study.patents, pd.Timestamp(day)
    schools = _schools(recount)
    ends, grants = by_index(facts.expiry_dates(patents)), by_index(facts.grant_dates(patents))
    record, ids, holding = _record(recount), unit_ids_of(recount), owners_of(recount)
    counts = dict.fromkeys(("academic", "alive", "lasting", "idle"), 0)
    seen: set[str] = set()
    for publication, row in zip(recount.ids, recount.rows(*_COLUMNS), strict=True):
        application, filed = ids[publication], row["application_date"]
        held = holding.get(application, set())
        if application in seen or not held or pd.isna(filed) or filed > now:
            continue
        seen.add(application)
        if application not in schools or row["patent_type"] not in {"invention", "utility_model"}:
            continue
        counts["academic"] += 1
        if row["legal_status"] not in {"in_force", "pending"}:
            continue
        counts["alive"] += 1
        end = ends[publication]
        if pd.isna(end) or (end - now).days / _YEAR < 3:
            continue
        counts["lasting"] += 1
        granted = grants[publication] if row["legal_status"] == "in_force" else pd.NaT
        since = filed if pd.isna(granted) else granted
        used = {"transfer", "licence", "pledge", "litigation"}
        events = [] if record is None else record.get(application, [])
        if (now - since).days / _YEAR >= 3 and not any(e.category in used for e in events):
            counts["idle"] += 1
    return counts


@measure("offered")
def _offered(recount: Recount, claim: Claim) -> int:
    return _stages(recount, str(claim.details["now"]))[str(claim.details["stage"])]
