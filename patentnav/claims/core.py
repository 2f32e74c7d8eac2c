"""Recompute claims on core patents: every criterion again, publication by publication."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts
from patentnav._strings import texts
from patentnav.claims.recount import kept, measure
from patentnav.indicators.cohort import fields

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

# A letter may tell the kind of right (TWI, BRPI); of Japan, the emperor's era: examined, not yet granted.
_GRANTED = re.compile(r"(?:JP|(?!JP)[A-Z]{2,4})\d+[BC]\d?")
USED = {"licence", "pledge", "litigation", "award"}
_OFTEN = 5  # citations from which a publication is cited often, however young its cohort
Told = dict[str, bool]  # by publication; what is not there is not known


def _received(recount: Recount, source: str) -> dict[str, int]:
    """Citations received, counted from the columns or tables that ``source`` names."""
    patents = recount.study.patents
    if source == "vendor":
        column = facts.stated_counts(patents, "forward_citation_count")
        return {p: int(v) for p, v in zip(recount.ids, column, strict=True) if not pd.isna(v)}
    if source == "others":
        whole = facts.stated_counts(patents, "forward_citation_count")
        own_part = texts(recount.publications["forward_self_citation_count"])
        rows = zip(recount.ids, texts(whole), own_part, strict=True)
        return {
            p: max(0, int(v) - (0 if pd.isna(s) else int(s))) for p, v, s in rows if not pd.isna(v)
        }
    pairs = set()
    if source in {"inside", "links"}:
        edges = patents.citations
        pairs = set(zip(texts(edges["citing_id"]), texts(edges["cited_id"]), strict=True))
    own = set(recount.ids)
    if source == "inside":
        tally = dict.fromkeys(recount.ids, 0)
        for citing, cited in pairs:
            if citing in own and cited in own and citing != cited:
                tally[cited] += 1
        return tally
    if source == "links":
        from patentnav import indicators  # which sources list citing documents is a fact of theirs

        told = indicators.forward_citations(
            patents, window=None, unit=recount.study.unit, self_citations=not patents.has("parties")
        )
        return {str(p): int(v) for p, v in told.items() if not pd.isna(v)}
    return {}


@kept
def highly_cited(recount: Recount, source: str) -> Told:
    """Whether a publication is among the tenth of its cohort that is cited most; left out: not told."""
    received = _received(recount, source)
    field_of = fields(recount.study.patents)
    filed = recount.publications["application_date"]
    cohorts: dict[tuple[object, ...], list[int]] = {}
    keys: dict[str, list[tuple[object, ...]]] = {}
    for publication, field, date in zip(recount.ids, field_of, filed, strict=True):
        if publication not in received or pd.isna(date):
            continue
        narrow = [] if pd.isna(field) else [(field, date.year)]
        keys[publication] = [*narrow, (date.year,)]
        for key in keys[publication]:
            cohorts.setdefault(key, []).append(received[publication])
    for members in cohorts.values():
        members.sort()
    told: Told = {}
    for publication, both in keys.items():
        for key in both:
            members = cohorts[key]
            if len(members) < 20:
                continue
            own = received[publication]
            as_often = len(members) - bisect_left(members, own)
            told[publication] = own >= _OFTEN and 10 * as_often <= len(members)
            break
    return told


def granted_offices(recount: Recount) -> Told:
    """Whether its family is granted at three offices or more; left out: not told."""
    patents = recount.study.patents
    if not patents.has("families"):
        return {}
    publications = recount.publications
    granted_here = {
        p
        for p, granted, date in zip(
            recount.ids,
            texts(publications["granted"]),
            texts(publications["grant_date"]),
            strict=True,
        )
        if granted is True or (not pd.isna(granted) and bool(granted)) or not pd.isna(date)
    }
    filed: dict[str, set[str]] = {}
    held: dict[str, set[str]] = {}
    members = facts.family_members(patents)
    for publication, member, office in zip(
        *(texts(members[c]) for c in ("publication_id", "member_id", "authority")), strict=True
    ):
        if office == "WO":
            continue
        filed.setdefault(publication, set()).add(office)
        if _GRANTED.fullmatch(member) or member in granted_here:
            held.setdefault(publication, set()).add(office)
    told = {p: False for p, offices in filed.items() if len(offices) < 3}
    return told | {p: True for p, offices in held.items() if len(offices) >= 3}


def happened(recount: Recount, categories: set[str]) -> Told:
    """Whether an event of these categories is told of its application; left out: not told."""
    patents = recount.study.patents
    if not patents.has("legal_events"):
        return {}
    events = patents.legal_events
    touched = {
        p
        for p, c in zip(texts(events["publication_id"]), texts(events["category"]), strict=True)
        if c in categories
    }
    files = ["" if pd.isna(f) else f for f in recount.publications["source_file"]]
    applications = [
        p if pd.isna(a) else a
        for p, a in zip(recount.ids, texts(recount.publications["application_id"]), strict=True)
    ]
    telling = {f for p, f in zip(recount.ids, files, strict=True) if p in touched}
    concerned = {a for p, a in zip(recount.ids, applications, strict=True) if p in touched}
    rows = zip(recount.ids, files, applications, strict=True)
    return {p: a in concerned for p, f, a in rows if f in telling or a in concerned}


def _maintained(recount: Recount) -> Told:
    patents = recount.study.patents
    moment = facts.cutoff_date(patents)
    if moment is None:
        return {}
    ends = facts.end_dates(patents)
    told: Told = {}
    later: dict[pd.Timestamp, pd.Timestamp] = {}  # few dates are different ones
    publications = recount.publications
    for publication, filed, status, end in zip(
        recount.ids,
        texts(publications["application_date"]),
        texts(publications["legal_status"]),
        ends,
        strict=True,
    ):
        if pd.isna(filed):
            continue
        if filed not in later:
            later[filed] = filed + pd.DateOffset(years=10)
        due = later[filed]
        if due > moment or status in {"refused", "withdrawn"}:
            told[publication] = False
        elif status == "in_force":
            told[publication] = True
        elif status in {"lapsed", "expired", "ceased", "revoked"} and not pd.isna(end):
            told[publication] = bool(end >= due)
    return told


@kept
def _criteria(recount: Recount, source: str) -> list[Told]:
    status = recount.status_of
    attacked = happened(recount, {"invalidation"})
    upheld = {}
    for publication, was in attacked.items():
        known = not pd.isna(status[publication])
        if not was or known:
            upheld[publication] = was and status[publication] == "in_force"
    path = recount.study.main_path
    on_path = {} if path is None else {p: p in path for p in recount.ids}
    return [
        highly_cited(recount, source), granted_offices(recount), happened(recount, USED), upheld,
        _maintained(recount), on_path,
    ]  # fmt: skip


def _tally(recount: Recount, claim: Claim) -> list[tuple[int, int]]:
    """Criteria that hold and that are known, of every publication."""
    return _tallied(recount, str(claim.details["source"]))


@kept
def _tallied(recount: Recount, source: str) -> list[tuple[int, int]]:
    criteria = _criteria(recount, source)
    return [
        (sum(1 for c in criteria if c.get(p)), sum(1 for c in criteria if p in c))
        for p in recount.ids
    ]


@measure("core_judged")
def _judged(recount: Recount, claim: Claim) -> int:
    return sum(1 for _, known in _tally(recount, claim) if known >= 4)


@measure("core_patents")
def _core(recount: Recount, claim: Claim) -> int:
    return sum(1 for true, known in _tally(recount, claim) if true >= 2 and known >= 4)


@measure("core_any")
def _any(recount: Recount, claim: Claim) -> int:
    return sum(1 for true, _ in _tally(recount, claim) if true)


@measure("core_known")
def _known(recount: Recount, claim: Claim) -> int:
    """Criteria that are known of any publication."""
    return sum(1 for told in _criteria(recount, str(claim.details["source"])) if told)


@measure("core_cited")
def _core_cited(recount: Recount, claim: Claim) -> int:
    return sum(highly_cited(recount, str(claim.details["source"])).values())


def _among(recount: Recount, claim: Claim) -> list[str]:
    """Publications of the count that ``details["among"]`` names."""
    if claim.details["among"] == "core_cited":
        told = highly_cited(recount, str(claim.details["source"]))
        return [p for p, holds in told.items() if holds]
    core = claim.details["among"] == "core_patents"
    least, known = (2, 4) if core else (1, 0)
    tallied = zip(recount.ids, _tally(recount, claim), strict=True)
    return [p for p, (true, told) in tallied if true >= least and told >= known]


@measure("core_living")
def _core_living(recount: Recount, claim: Claim) -> int:
    return sum(recount.status_of[p] in facts.LIVING for p in _among(recount, claim))


@measure("core_dead")
def _core_dead(recount: Recount, claim: Claim) -> int:
    return sum(recount.status_of[p] in facts.DEAD for p in _among(recount, claim))


@measure("core_phase")
def _core_phase(recount: Recount, claim: Claim) -> int:
    """International applications whose phase is over: what came of them lives in national ones."""
    return sum(recount.status_of[p] == "international_ended" for p in _among(recount, claim))


@measure("core_untold")
def _core_untold(recount: Recount, claim: Claim) -> int:
    """Those of which the set tells neither: unknown is not ended."""
    told = {*facts.LIVING, *facts.DEAD, "international_ended"}
    return sum(recount.status_of[p] not in told for p in _among(recount, claim))
