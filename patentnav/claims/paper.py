"""Recompute claims of the white paper, and see that none of them tells what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav._strings import texts
from patentnav.claims.recount import measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_FEW_FIRMS = 5


@measure("organisations_with")
def _organisations(recount: Recount, claim: Claim) -> int:
    """Owners that are no persons with so many units of the subject in the window."""
    here, types = recount.units(claim.subject, claim.window), recount.study.owner_types
    found = 0
    for owner in recount.facet("owner"):
        kind = types.get(owner)
        if kind is None or pd.isna(kind) or kind == "individual":
            continue
        found += len(recount.units(f"owner:{owner}") & here) >= int(claim.details["fewest"])
    return found


@measure("inventors_of")
def _inventors(recount: Recount, claim: Claim) -> int:
    """Persons of the units of a subject in the window."""
    here, members = recount.units(claim.subject, claim.window), recount.members(claim.subject)
    people = set()
    for publication, person in zip(
        texts(recount.study.people["publication_id"]),
        texts(recount.study.people["inventor"]),
        strict=True,
    ):
        if publication in members and recount.unit_of[str(publication)] in here:
            people.add(person)
    return len(people)


@measure("listed_firms")
def _firms(recount: Recount, claim: Claim) -> int | None:
    """Enterprises of the last year of the table EL; None where so few may not be told."""
    frame, names = recount.study.user_tables["EL"].frame, set()
    last = max(int(y) for y in frame["year"] if not pd.isna(y))
    for row in frame.to_dict("records"):
        if pd.isna(row["year"]) or int(row["year"]) != last:
            continue
        if all(
            not claim.details[k] or claim.details[k] == row[k] for k in ("district", "industry")
        ):
            names.add(row["name"])
    return len(names) if len(names) >= _FEW_FIRMS else None


@measure("cells_hidden")
def _hidden(recount: Recount, _claim: Claim) -> int:
    return sum(1 for shown in recount.study.protected.own["published"] if not shown)


@measure("cells_in_all")
def _cells(recount: Recount, _claim: Claim) -> int:
    ids = recount.study.public_cells.table.index
    return sum(1 for cell in ids if not str(cell).startswith("edition "))
