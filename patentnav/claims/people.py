"""Recomputation of what is stated of inventors, teams, joint owners and candidate portfolios."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import by_index, texts
from patentnav.claims.facets import facet
from patentnav.claims.leading import lives
from patentnav.claims.recount import Recount, kept, measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.claims.claim import Claim
    from patentnav.study import Study


@measure("keys_reaching")
def _keys_reaching(recount: Recount, claim: Claim) -> int:
    """Keys of the facet ``details["facet"]`` with ``details["fewest"]`` units or more."""
    name, fewest = str(claim.details["facet"]), int(claim.details["fewest"])
    subjects = (f"{name}:{key}" for key in recount.facet(name))
    return sum(len(recount.units(subject, claim.window)) >= fewest for subject in subjects)


@measure("units_with_people")
def _units_with_people(recount: Recount, _claim: Claim) -> int:
    """Units that name an inventor."""
    return len({recount.unit_of[p] for held in recount.facet("person").values() for p in held})


@measure("mean_partners")
def _mean_partners(recount: Recount, _claim: Claim) -> float:
    """Mean number of people who are named with a person."""
    named: dict[str, set[str]] = defaultdict(set)
    for person, publications in recount.facet("person").items():
        for publication in publications:
            named[recount.unit_of[publication]].add(person)
    others = [
        len(set().union(*(named[recount.unit_of[p]] for p in publications)) - {person})
        for person, publications in recount.facet("person").items()
    ]
    return sum(others) / len(others)


@measure("teams")
def _teams(recount: Recount, claim: Claim) -> int:
    """Teams of ``details["fewest"]`` people or more; who is in which team is taken as given."""
    sizes = Counter(team for team in recount.study.talents.people["team"] if not pd.isna(team))
    return sum(size >= int(claim.details["fewest"]) for size in sizes.values())


@measure("joint_units")
def _joint_units(recount: Recount, _claim: Claim) -> int:
    """Units with two or more owners, inventors who are named as owners apart."""
    owners: dict[str, set[str]] = defaultdict(set)
    inventing = _inventing(recount)
    for owner, held in recount.facet("owner").items():
        for publication in held:
            if (owner, publication) not in inventing:
                owners[recount.unit_of[publication]].add(owner)
    return sum(len(found) > 1 for found in owners.values())


@kept
def _inventing(recount: Recount) -> set[tuple[str, str]]:
    held = facts.holders(recount.study.patents)
    ids = facts.party_ids(held, recount.study.owner_level)
    rows = zip(texts(ids), texts(held["publication_id"]), texts(held["is_inventor"]), strict=True)
    return {(owner, p) for owner, p, inventor in rows if not pd.isna(inventor) and inventor}


@measure("joint_share")
def _joint_share(recount: Recount, claim: Claim) -> float | None:
    owned = {
        recount.unit_of[p] for held in recount.facet("owner").values() for p in held
    }  # fmt: skip
    return _joint_units(recount, claim) / len(owned) if owned else None


@measure("owners_of_type")
def _owners_of_type(recount: Recount, claim: Claim) -> int:
    """Owners whose type is ``details["type"]``; of no known type where it is empty."""
    wanted = str(claim.details["type"])
    types = recount.study.owner_types
    told = (types.get(owner) for owner in recount.facet("owner"))
    return sum(("" if pd.isna(kind) else str(kind)) == wanted for kind in told)


@facet("owner_type")
def _owner_types(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    """Types of the owners of every publication, one row per owner."""
    types = study.owner_types
    rows = zip(texts(study.owners["owner"]), texts(study.owners["publication_id"]), strict=True)
    return ((types.get(owner), publication, Fraction(1)) for owner, publication in rows)


@measure("reference_advantage")
def _reference_advantage(recount: Recount, claim: Claim) -> float | None:
    """Share of a group among its facet over its share of the comparison population."""
    name, _, key = claim.subject.partition(":")
    own, reference = recount.weights(name), recount.study.inputs.reference
    if reference is None or key not in own or not float(reference.get(key, 0)):
        return None
    known = [k for k in own if k in reference.index]
    share = float(own[key]) / float(sum(own[k] for k in known))
    return share / (float(reference[key]) / float(sum(reference)))


@measure("portfolios")
def _portfolios(recount: Recount, claim: Claim) -> int:
    """Candidate portfolios: ``all``, those that meet the gate, ``near`` it, or ``unknown``."""
    kind = str(claim.details["which"])
    limits = frozenset(k for k in ("inside", "named", "alive") if claim.details.get(k))
    verdicts = _gated(recount, limits)
    if kind == "all":
        return len(verdicts)
    inputs = recount.study.inputs
    near = max(1, inputs.min_inventions // 10)
    if kind == "near":
        return sum(n >= near and met is not True for n, met in verdicts)
    wanted = {"meets": True, "unknown": None}[kind]
    return sum(met is wanted for _, met in verdicts)


@kept
def _gated(recount: Recount, limits: frozenset[str]) -> list[tuple[int, bool | None]]:
    """Inventions and verdict of every pair of a first owner and a technology.

    ``inside``: owners of the studied region only; ``named``: no remainders; ``alive``: owners
    that still file and whose rights mostly live.
    """
    study = recount.study
    inside, named, alive = (k in limits for k in ("inside", "named", "alive"))
    here = (
        set(study.region_owners.index[study.region_owners.fillna(False).astype(bool)])
        if inside
        else set()
    )
    inputs = study.inputs
    first = facts.owners(study.patents, study.owner_level)
    owner_of = dict(zip(texts(first["publication_id"]), texts(first["owner"]), strict=True))
    pct = facts.pct_evidence(study.patents, "application")
    status = study.patents.publications["legal_status"]
    granted = by_index(
        facts.grant_dates(study.patents).notna() | status.isin(["in_force", "expired"])
    )
    known_grant = by_index(study.patents.publications["granted"].notna())
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for technology, held in recount.facet("technology").items():
        for publication in () if named and technology in study.remainders else held:
            owner = owner_of.get(publication)
            if alive and owner not in study.alive_owners:
                continue
            if owner is not None and (not inside or owner in here):
                cells[owner_of[publication], technology].append(publication)
    if alive:
        cells = defaultdict(list, {k: v for k, v in cells.items() if lives(recount, *k)})
    types = dict(zip(recount.ids, texts(recount.publications["patent_type"]), strict=True))
    told = {p: None if pd.isna(said) else bool(said) for p, said in by_index(pct["pct"]).items()}
    keys = by_index(pct["pct_key"])
    verdicts = []
    for members in cells.values():
        inventions = [p for p in members if types[p] == "invention"]
        doubtful = sum(1 for p in members if pd.isna(types[p]))
        if inputs.granted_only:
            doubtful += sum(1 for p in inventions if not granted[p] and not known_grant[p])
            inventions = [p for p in inventions if granted[p]]
        filed = {p for p in members if told[p]}
        applications = {p if pd.isna(keys[p]) else keys[p] for p in filed}
        unsure = sum(1 for p in members if told[p] is None)
        numbers = ((len(inventions), doubtful, inputs.min_inventions),
                   (len(applications), unsure, inputs.min_pct))  # fmt: skip
        verdicts.append((len(inventions), _verdict(*numbers)))
    return verdicts


def _verdict(*counts: tuple[int, int, int]) -> bool | None:
    if all(known >= wanted for known, _, wanted in counts):
        return True
    if all(known + doubtful >= wanted for known, doubtful, wanted in counts):
        return None
    return False
