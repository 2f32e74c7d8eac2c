"""Recomputation of what is stated of portfolios: their states, layout, gaps, next steps, the choice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from patentnav import facts
from patentnav._strings import by_index, texts
from patentnav.claims.leading import lives
from patentnav.claims.recount import Recount, kept, measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim

_LIVING = {"in_force", "pending"}
_DEAD = {"lapsed", "expired", "refused", "withdrawn", "revoked", "ceased"}
_RESTORED = 2  # months after the priority year in which its loss is told


class Right(NamedTuple):
    """What is known of one publication; a study holds one per application."""

    id: str
    kind: str | None
    status: str | None
    granted: bool
    pct: bool | None
    pct_key: str
    family: str


@kept
def _rights(recount: Recount) -> dict[str, Right]:
    patents = recount.study.patents
    publications = recount.publications
    evidence = facts.pct_evidence(patents, "application")
    family = _families(recount)
    columns = [
        texts(publications[c]) for c in ("patent_type", "legal_status", "granted", "grant_date")
    ]
    rows = zip(
        recount.ids, *columns, texts(evidence["pct"]), texts(evidence["pct_key"]), strict=True
    )
    return {
        p: Right(
            p,
            None if pd.isna(kind) else str(kind),
            None if pd.isna(status) else str(status),
            pd.notna(day)
            or (pd.notna(granted) and bool(granted))
            or (pd.notna(status) and status in {"in_force", "expired"}),
            None if pd.isna(pct) else bool(pct),
            p if pd.isna(key) else str(key),
            family.get(p, p),
        )
        for p, kind, status, granted, day, pct, key in rows
    }


@kept
def _families(recount: Recount) -> dict[str, str]:
    """Family of every publication: its simple, else extended, else vendor one; else its application."""
    patents = recount.study.patents
    application = dict(zip(recount.ids, texts(recount.publications["application_id"]), strict=True))
    found = {p: p if pd.isna(a) else str(a) for p, a in application.items()}
    if not patents.has("families"):
        return found
    table = patents.families
    schemes = set(table["scheme"])
    for scheme in ("simple", "extended", "vendor"):
        if scheme in schemes:
            rows = zip(
                texts(table["scheme"]),
                texts(table["publication_id"]),
                texts(table["family_id"]),
                strict=True,
            )
            return found | {p: f for s, p, f in rows if s == scheme and p in found}
    return found


def _eligible(recount: Recount) -> list[list[Right]]:
    """Cells that may be cultivated: no remainders, of owners that live, of the region where there is one."""
    study = recount.study
    alive = None if study.inputs.applicant else study.alive_owners
    here = None if study.local is None else study.region_owners
    return [
        held
        for (owner, technology), held in cells(recount).items()
        if technology not in study.remainders
        and (alive is None or (owner in alive and lives(recount, owner, technology)))
        and (here is None or bool(here.reindex([owner]).fillna(False).iloc[0]))
    ]


@measure("portfolios_at_home")
def _portfolios_at_home(recount: Recount, claim: Claim) -> int:
    """Candidates of size not known to be mostly from abroad; ``untold``: without a word on PCT."""
    away = by_index(facts.foreign_origin(recount.study.patents, "CN"))
    least = max(1, recount.study.inputs.min_inventions // 10)
    total = 0
    for held in _eligible(recount):
        inventions, pct = _gate_counts(recount, held)
        known = [bool(away[one.id]) for one in held if not pd.isna(away[one.id])]
        if inventions >= least and 2 * sum(known) <= len(known):
            total += pct is None or not claim.details["untold"]
    return total


@kept
def cells(recount: Recount) -> dict[tuple[str, str], list[Right]]:
    """Rights of every pair of a first owner and a technology."""
    study = recount.study
    first = facts.owners(study.patents, study.owner_level)
    owner_of = dict(zip(texts(first["publication_id"]), texts(first["owner"]), strict=True))
    rights, cells = _rights(recount), defaultdict(list)
    for technology, held in recount.facet("technology").items():
        for publication in held:
            if publication in owner_of:
                cells[owner_of[publication], technology].append(rights[publication])
    return dict(cells)


def _cell(recount: Recount, claim: Claim) -> list[Right]:
    owner, _, technology = claim.subject.partition("&technology:")
    return cells(recount)[owner.removeprefix("owner:"), technology]


def _counts(held: list[Right], state: str) -> tuple[int, int]:
    """Inventions known to be in a state, and all PCT applications, as the gate counts them."""
    inventions = sum(one.kind == "invention" and _is(one, state) for one in held)
    return inventions, len({one.pct_key for one in held if one.pct})


def _is(one: Right, state: str) -> bool:
    if state == "filed":
        return True
    if state == "granted":
        return one.granted
    return one.status in _LIVING if state == "living" else one.status == "in_force"


@measure("portfolios_of_state")
def _portfolios_of_state(recount: Recount, claim: Claim) -> int:
    """Candidates with the inventions and PCT applications of the gate in ``details["state"]``."""
    inputs = recount.study.inputs
    counted = (_counts(held, claim.details["state"]) for held in _eligible(recount))
    return sum(n >= inputs.min_inventions and pct >= inputs.min_pct for n, pct in counted)


def _gate_counts(recount: Recount, held: list[Right]) -> tuple[int, int | None]:
    """Inventions and PCT applications as the gate counts them; None where PCT is told of none."""
    granted_only = recount.study.inputs.granted_only
    inventions = sum(one.kind == "invention" and (one.granted or not granted_only) for one in held)
    if all(one.pct is None for one in held):
        return inventions, None
    return inventions, len({one.pct_key for one in held if one.pct})


@measure("portfolio_contents")
def _portfolio_contents(recount: Recount, claim: Claim) -> int:
    """What the largest portfolios hold on the day: ``portfolios``, ``passing`` or ``value``."""
    asked = claim.details
    return held_by_largest(recount, asked["content"], asked["reading"], asked["counted"])[
        asked["what"]
    ]


@kept
def held_by_largest(recount: Recount, content: str, reading: str, counted: str) -> dict[str, int]:
    """Contents of the largest portfolios under one reading; ids and the day are taken as given."""
    inputs = recount.study.inputs
    order: list[tuple[int, int, str, list[Right]]] = []
    for name, held in _home_cells(recount).items():
        number = sum(one.kind == "invention" and _begun(recount, one) for one in held)
        pct = len({one.pct_key for one in held if one.pct})
        if number:
            order.append((-number, -pct, name, held))
    taken: set[str] = set()
    sizes: list[set[str]] = []
    for _, _, _, held in sorted(order, key=lambda one: one[:3]):
        families = {one.family for one in held}
        if len(sizes) < inputs.portfolios and not families & taken:
            taken |= families
            sizes.append(_held_of(recount, held, counted))
    least = inputs.min_inventions if content == "inventions" else inputs.min_pct
    value = min(map(len, sizes)) if reading == "each" else len(set().union(*sizes))
    return {
        "portfolios": len(sizes),
        "passing": sum(len(s) >= least for s in sizes),
        "value": value,
    }


def _held_of(recount: Recount, held: list[Right], counted: str) -> set[str]:
    """Inventions, PCT applications or their families that were there on the day."""
    there = [one for one in held if _begun(recount, one)]
    if counted in {"application", "family"}:
        return {one.pct_key if counted == "application" else one.family for one in there if one.pct}
    inventions = [one for one in there if one.kind == "invention"]
    return {one.id for one in inventions if counted == "filed" or _granted_then(recount, one)}


@kept
def _days(recount: Recount) -> dict[str, tuple[Any, Any]]:
    """Day of filing (else of publication) and of grant."""
    publications = recount.publications
    columns = [
        texts(publications[c]) for c in ("application_date", "publication_date", "grant_date")
    ]
    return {
        p: (published if pd.isna(filed) else filed, granted)
        for p, filed, published, granted in zip(recount.ids, *columns, strict=True)
    }


def _begun(recount: Recount, one: Right) -> bool:
    filed, last = _days(recount)[one.id][0], facts.cutoff_date(recount.study.patents)
    day = recount.study.as_of_day
    return bool(last is None or day >= last) if pd.isna(filed) else bool(filed <= day)


def _granted_then(recount: Recount, one: Right) -> bool:
    granted, last = _days(recount)[one.id][1], facts.cutoff_date(recount.study.patents)
    when = last if pd.isna(granted) else granted
    return one.granted and bool(when is None or when <= recount.study.as_of_day)


@kept
def _home_cells(recount: Recount) -> dict[str, list[Right]]:
    """Rights of every candidate by its id, of owners of the region where one is studied."""
    study, held = recount.study, cells(recount)
    here = None if study.local is None else study.region_owners
    columns = ("portfolio_id", "owner_id", "technology")
    return {
        name: held[owner, technology]
        for name, owner, technology in zip(
            *(texts(study.candidates[c]) for c in columns), strict=True
        )
        if here is None or bool(here.reindex([owner]).fillna(False).iloc[0])
    }


@measure("portfolio_lacks")
def _portfolio_lacks(recount: Recount, claim: Claim) -> int | None:
    """What one candidate lacks to the gate of ``details["part"]``: inventions or pct."""
    inventions, pct = _gate_counts(recount, _cell(recount, claim))
    inputs = recount.study.inputs
    if claim.details["part"] == "inventions":
        return max(0, inputs.min_inventions - inventions)
    return None if pct is None else max(0, inputs.min_pct - pct)


@measure("portfolio_part")
def _portfolio_part(recount: Recount, claim: Claim) -> int:
    """``main_groups``, ``offices``, ``living``, ``core`` or ``fence`` of one candidate."""
    held = _cell(recount, claim)
    part = str(claim.details["part"])
    if part == "main_groups":
        return len(set().union(*(_groups(recount).get(one.id, set()) for one in held)))
    if part == "offices":
        offices = set().union(*(_offices(recount)[one.id] for one in held))
        return len(offices - {"WO"})
    living = [one for one in held if one.status in _LIVING]
    core = [one for one in living if one.pct or _abroad(recount, one)]
    if part == "living":
        return len(living)
    if part == "core":
        return len(core)
    around = set().union(*(_groups(recount).get(one.id, set()) for one in core)) if core else set()
    inside = {one.id for one in core}
    rest = [one for one in living if one.id not in inside]
    return sum(bool(_groups(recount).get(one.id, set()) & around) for one in rest)


def _abroad(recount: Recount, one: Right) -> bool:
    """Whether its family has an office outside the owner's country, or two where that is not known to be home."""
    offices = _offices(recount)[one.id] - {"WO"}
    return bool(offices - {"CN"}) if _dates(recount)[one.id][4] else len(offices) > 1


@kept
def _groups(recount: Recount) -> dict[str, set[str]]:
    """IPC main groups of every publication, of CPC where there is no IPC."""
    table = recount.study.patents.classifications
    scheme = "IPC" if (table["scheme"] == "IPC").any() else "CPC"
    found: dict[str, set[str]] = defaultdict(set)
    for name, publication, symbol in zip(
        texts(table["scheme"]), texts(table["publication_id"]), texts(table["symbol"]), strict=True
    ):
        if name == scheme and not pd.isna(symbol) and len(symbol) > 4:  # more than a subclass
            found[publication].add(symbol.partition("/")[0])
    return found


@kept
def _offices(recount: Recount) -> dict[str, set[str]]:
    """Offices of the family of every publication, its own included."""
    authority = dict(zip(recount.ids, texts(recount.publications["authority"]), strict=True))
    found = {p: {a} for p, a in authority.items()}
    if recount.study.patents.has("families"):
        rows = facts.family_members(recount.study.patents)
        for publication, office in zip(
            texts(rows["publication_id"]), texts(rows["authority"]), strict=True
        ):
            found[publication].add(office)
    return found


@measure("open_priorities")
def _open_priorities(recount: Recount, claim: Claim) -> int:
    """Filings of candidates near the gate whose priority year is ``details["reason"]``: open or lost."""
    day = pd.Timestamp(claim.details["day"])
    cells = [_cell(recount, claim)] if claim.subject != "set" else _near(recount)
    dates = _dates(recount)
    total = 0
    for held in cells:
        for one in held:
            filed, first, office, entry, home = dates[one.id]
            fits = one.kind in {"invention", "utility_model"} or one.kind is None
            if office != "CN" or entry or not home or not fits or one.pct or one.status in _DEAD:
                continue
            if filed is None or first is None or first < filed or filed > day:
                continue
            end = first + pd.DateOffset(months=12)
            if claim.details["reason"] == "open":
                total += day <= end
            else:
                total += end < day <= first + pd.DateOffset(months=12 + _RESTORED)
    return total


@kept
def _dates(recount: Recount) -> dict[str, tuple[Any, ...]]:
    """Filing, earliest priority, office, national phase, home owner of every publication."""
    publications, patents = recount.publications, recount.study.patents
    foreign, entry = facts.foreign_origin(patents, "CN"), facts.national_phase(patents)
    first = dict(zip(recount.ids, texts(publications["earliest_priority_date"]), strict=True))
    if patents.has("priorities"):
        for publication, date in zip(
            texts(patents.priorities["publication_id"]),
            texts(patents.priorities["date"]),
            strict=True,
        ):
            if publication in first and not pd.isna(date):
                known = first[publication]
                first[publication] = date if pd.isna(known) else min(known, date)
    rows = zip(recount.ids, texts(publications["application_date"]), texts(publications["authority"]),
               foreign, entry, strict=True)  # fmt: skip
    return {
        p: (
            None if pd.isna(filed) else filed,
            None if pd.isna(first[p]) else first[p],
            office,
            bool(enters),
            not pd.isna(away) and not away,
        )
        for p, filed, office, away, enters in rows
    }


def _near(recount: Recount) -> list[list[Right]]:
    """Candidates that are not known to meet the gate and hold a tenth of its inventions."""
    inputs = recount.study.inputs
    found = []
    for held in _eligible(recount):
        inventions, pct = _gate_counts(recount, held)
        if inventions >= max(1, inputs.min_inventions // 10) and not (
            inventions >= inputs.min_inventions and (pct or 0) >= inputs.min_pct and pct is not None
        ):
            found.append(held)
    return found


@measure("portfolios_closable")
def _portfolios_closable(recount: Recount, _claim: Claim) -> int:
    """Candidates whose gap the next steps close together; the steps are taken as given."""
    study = recount.study
    gains: dict[str, tuple[int, int]] = {}
    allied: set[str] = set()
    columns = ("portfolio_id", "lever", "inventions", "pct")
    for name, lever, a, b in zip(*(study.additions[c] for c in columns), strict=True):
        if lever == "alliance":
            allied.add(name)
        elif not pd.isna(a) and not pd.isna(b):
            before = gains.get(name, (0, 0))
            gains[name] = (before[0] + int(a), before[1] + int(b))
    total = 0
    for name, owner, technology in zip(
        *(study.candidates[c] for c in ("portfolio_id", "owner_id", "technology")), strict=True
    ):
        if name not in gains and name not in allied:
            continue
        inventions, pct = _gate_counts(recount, cells(recount)[owner, technology])
        if pct is None:
            continue
        n, p = gains.get(name, (0, 0))
        inputs = study.inputs
        enough = inventions + n >= inputs.min_inventions and pct + p >= inputs.min_pct
        total += name in allied or enough
    return total


@measure("portfolios_closed_alone")
def _portfolios_closed_alone(recount: Recount, claim: Claim) -> int:
    """Gaps that the steps of one lever close, of alliances one; the steps are taken as given."""
    study, lever = recount.study, claim.details["lever"]
    gains: dict[str, list[tuple[int, int]]] = defaultdict(list)
    columns = ("portfolio_id", "lever", "inventions", "pct")
    for name, which, a, b in zip(*(study.additions[c] for c in columns), strict=True):
        if which == lever and not pd.isna(a) and not pd.isna(b):
            gains[name].append((int(a), int(b)))
    keys = ("portfolio_id", "owner_id", "technology")
    places = {n: (o, t) for n, o, t in zip(*(study.eligible[c] for c in keys), strict=True)}
    total = 0
    for name, rows in gains.items():
        inventions, pct = _gate_counts(recount, cells(recount)[places[name]])
        if pct is None:
            continue
        sums = rows if lever == "alliance" else [(sum(a for a, _ in rows), sum(b for _, b in rows))]
        inputs = study.inputs
        total += any(
            inventions + a >= inputs.min_inventions and pct + b >= inputs.min_pct for a, b in sums
        )
    return total


@measure("portfolios_chosen")
def _portfolios_chosen(recount: Recount, _claim: Claim) -> int:
    """Chosen portfolios that meet the gate and share no family with one before them."""
    study = recount.study
    taken: set[str] = set()
    total = 0
    chosen = study.selection.chosen
    for owner, technology in zip(
        texts(chosen["owner_id"]), texts(chosen["technology"]), strict=True
    ):
        held = cells(recount)[owner, technology]
        inventions, pct = _gate_counts(recount, held)
        families = {one.family for one in held}
        meets = inventions >= study.inputs.min_inventions and (pct or 0) >= study.inputs.min_pct
        if meets and not families & taken:
            total += 1
            taken |= families
    return min(total, study.inputs.portfolios)


@measure("selection_gap")
def _selection_gap(recount: Recount, _claim: Claim) -> float:
    """How much better another choice could be: from the bound and the scores of the chosen."""
    found = recount.study.selection
    total = sum(float(score) for score in found.chosen["score"])
    return (found.bound - total) / total
