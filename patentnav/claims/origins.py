"""Recompute what is said of origins, offices and places, unit by unit."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources, facts
from patentnav._strings import by_index, texts
from patentnav.claims.facets import facet
from patentnav.claims.recount import Recount, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from patentnav.claims.claim import Claim
    from patentnav.study import Study

_ONE = Fraction(1)
_MONTH = 30.436875  # days
_LATE = pd.Timestamp.max


def _first_told(study: Study) -> dict[str, tuple[str, pd.Timestamp | None]]:
    """Origin and first priority date by unit."""
    patents = study.patents
    unit = by_index(study.unit_ids)
    offices = {row["code"] for row in _resources.load_csv("vocabularies", "st3")} - {"WO", "IB"}
    found: dict[str, list[tuple[int, pd.Timestamp, int, str]]] = defaultdict(list)
    if patents.has("priorities"):
        table = patents.priorities
        columns = (
            texts(table[c]) for c in ("publication_id", "authority", "priority_number", "date")
        )
        for publication, said, number, date in zip(*columns, strict=True):
            office = number[:2] if pd.isna(said) else said
            if office in offices:
                day = _LATE if pd.isna(date) else date
                found[unit[publication]].append((0, day, 0, office))
    if patents.has("parties", "country"):
        held = facts.holder_places(patents)
        columns = (
            texts(held[c]) for c in ("publication_id", "position", "country", "place_source")
        )
        for publication, position, country, source in zip(*columns, strict=True):
            if not pd.isna(country) and (pd.isna(source) or source != "name"):
                found[unit[publication]].append((1, _LATE, int(position), country))
    first = {u: min(rows) for u, rows in found.items()}
    return {u: (row[3], None if row[1] is _LATE else row[1]) for u, row in first.items()}


@facet("origin")
def _origins(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    told = _first_told(study)
    for publication, unit in by_index(study.unit_ids).items():
        if unit in told:
            yield told[unit][0], str(publication), _ONE


@facet("target")
def _targets(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    """Offices of a unit, with each of its publications."""
    patents = study.patents
    offices: dict[str, set[str]] = defaultdict(set)
    unit = by_index(study.unit_ids)
    for publication, office in zip(unit, texts(patents.publications["authority"]), strict=True):
        if not pd.isna(office):
            offices[unit[publication]].add(office)
    if patents.has("families"):
        members = facts.family_members(patents)
        for publication, office in zip(
            texts(members["publication_id"]), texts(members["authority"]), strict=True
        ):
            offices[unit[publication]].add(office)
    for publication, held in unit.items():
        for office in sorted(offices[held]):
            yield office, str(publication), _ONE


def _places(level: str) -> Callable[[Study], Iterable[tuple[Any, str, Fraction]]]:
    def rows(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
        held = facts.holder_places(study.patents)
        for publication, place in zip(
            texts(held["publication_id"]), texts(held[level]), strict=True
        ):
            if not pd.isna(place):
                yield facts.place_name(str(place), level), publication, _ONE

    rows.__qualname__ = f"_places.{level}"
    return rows


facet("owner_province")(_places("region"))
facet("owner_city")(_places("city"))


def _listed(recount: Recount, subject: str) -> tuple[frozenset[str], frozenset[str]]:
    """Units of an origin whose family is listed, and those of them filed nowhere else."""
    patents = recount.study.patents
    if not patents.has("families"):
        return frozenset(), frozenset()
    members = facts.family_members(patents)
    told = {recount.unit_of[p] for p in members["publication_id"]}
    origin = subject.partition(":")[2]
    units = recount.units(subject) & told
    away: frozenset[str] = frozenset()
    for office in recount.facet("target"):
        if office != origin:
            away |= recount.units(f"target:{office}")
    return units, units - away


@measure("family_listed")
def _family_listed(recount: Recount, claim: Claim) -> int:
    return len(_listed(recount, claim.subject)[0])


@measure("home_only")
def _home_only(recount: Recount, claim: Claim) -> int:
    return len(_listed(recount, claim.subject)[1])


@measure("home_only_share")
def _home_only_share(recount: Recount, claim: Claim) -> float | None:
    told, home = _listed(recount, claim.subject)
    return len(home) / len(told) if told else None


def _origin_known(recount: Recount, office: str) -> tuple[frozenset[str], frozenset[str]]:
    """Units at an office whose origin is told, and those from elsewhere."""
    here = recount.units(f"target:{office}")
    known: frozenset[str] = frozenset()
    for origin in recount.facet("origin"):
        known |= recount.units(f"origin:{origin}")
    own = recount.units(f"origin:{office}")
    return here & known, (here & known) - own


@measure("origin_known_at")
def _known_at(recount: Recount, claim: Claim) -> int:
    return len(_origin_known(recount, claim.subject.partition(":")[2])[0])


@measure("foreign_share")
def _foreign_share(recount: Recount, claim: Claim) -> float | None:
    known, foreign = _origin_known(recount, claim.subject.partition(":")[2])
    return len(foreign) / len(known) if known else None


def _lags(recount: Recount, claim: Claim) -> list[float]:
    told = _first_told(recount.study)
    origin = claim.subject.partition(":")[2]
    columns = (recount.publications[c] for c in ("authority", "application_date"))
    found = []
    for publication, office, filed in zip(recount.ids, *columns, strict=True):
        said, first = told.get(recount.unit_of[publication], ("", None))
        if said != origin or first is None or pd.isna(filed) or pd.isna(office):
            continue
        days = (filed - first).days
        if office not in {origin, "WO"} and days >= 0:
            found.append(days / _MONTH)
    return found


@measure("filings_abroad")
def _abroad(recount: Recount, claim: Claim) -> int:
    return len(_lags(recount, claim))


@measure("abroad_lag")
def _abroad_lag(recount: Recount, claim: Claim) -> float | None:
    lags = _lags(recount, claim)
    return median(lags) if lags else None


@measure("inferred_at_level")
def _inferred(recount: Recount, claim: Claim) -> float | None:
    """Part of the units with a place of a level all of whose places were read from names."""
    level = str(claim.details["level"])
    held = facts.holder_places(recount.study.patents)
    sources: dict[str, set[bool]] = defaultdict(set)
    columns = (texts(held[c]) for c in ("publication_id", level, "place_source"))
    for publication, place, source in zip(*columns, strict=True):
        if not pd.isna(place):
            sources[recount.unit_of[publication]].add(not pd.isna(source) and source == "name")
    return sum(1 for s in sources.values() if s == {True}) / len(sources) if sources else None


@measure("top_share_of_known")
def _top_share_of_known(recount: Recount, claim: Claim) -> float | None:
    """Part of the units with any key of a facet that its largest ``details["top"]`` keys hold."""
    name = str(claim.details["facet"])
    held = {key: recount.units(f"{name}:{key}", claim.window) for key in recount.facet(name)}
    order = sorted(held, key=lambda key: (-len(held[key]), key))
    known: set[str] = set().union(*held.values())
    top: set[str] = set().union(*(held[key] for key in order[: int(claim.details["top"])]))
    return len(top) / len(known) if known else None
