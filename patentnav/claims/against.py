"""Recount a subject against the rest: the share it would have had, and the share that others have.

The property is told by ``details["column"]``: ``years`` or ``lately`` (filed in the window, against the
years of the baseline), ``ended`` (no right or application lives any more) or a facet with its key.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import texts
from patentnav.claims.facets import facet
from patentnav.claims.recount import Recount, measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.claims.claim import Claim
    from patentnav.study import Study


@facet("country")
def _countries(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    """Countries of the owners of a publication."""
    held = facts.holder_places(study.patents)
    seen = dict.fromkeys(zip(texts(held["country"]), texts(held["publication_id"]), strict=True))
    return ((place, str(publication), Fraction(1)) for place, publication in seen)


def _ended(recount: Recount) -> tuple[set[str], set[str]]:
    """Units whose state is known, and those of which nothing lives."""
    living: set[str] = set()
    known: set[str] = set()
    for publication, state in recount.status_of.items():
        if pd.isna(state):
            continue
        unit = recount.unit_of[publication]
        if state in facts.LIVING:
            living.add(unit)
            known.add(unit)
        elif state in facts.DEAD:
            known.add(unit)
    return known, known - living


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last)


def _table(recount: Recount, claim: Claim) -> tuple[int, int, int, int]:
    """Units of the subject with and without the property, and of the rest."""
    column = str(claim.details["column"])
    row = str(claim.details.get("row", claim.subject))
    own = recount.units(row)
    if column in {"years", "lately"}:
        flagged = recount.units("set", claim.window)
        domain = flagged | recount.units("set", _years(claim.baseline))
        name = row.partition(":")[0]
        domain = domain & set().union(
            *(recount.units(f"{name}:{key}") for key in recount.facet(name))
        )
    elif column == "ended":
        living, ended = _ended(recount)
        domain, flagged = frozenset(living), frozenset(ended)
    else:
        flagged = recount.units(column)
        domain = recount.units("set")
        if column.startswith("region:"):
            domain = recount.units("region:inside") | recount.units("region:outside")
    rest = domain - own
    own = own & domain  # sets of a recount are shared
    return len(own & flagged), len(own - flagged), len(rest & flagged), len(rest - flagged)


@measure("expected")
def _expected(recount: Recount, claim: Claim) -> float | None:
    """Units that a subject would have at the pace of the rest since the years of the baseline."""
    _, without, rest_with, rest_without = _table(recount, claim)
    return without * rest_with / rest_without if rest_without else None


@measure("unlabelled")
def _unlabelled(recount: Recount, claim: Claim) -> int:
    """Units of the window that have no key of the facet ``details["facet"]``."""
    every = recount.units("set", claim.window)
    return len(every - recount.labelled(str(claim.details["facet"])))


@measure("with_property")
def _with(recount: Recount, claim: Claim) -> int:
    return _table(recount, claim)[0]


@measure("judged")
def _judged(recount: Recount, claim: Claim) -> int:
    """Units of the subject of which it is known whether they have the property."""
    own, without, *_ = _table(recount, claim)
    return own + without


@measure("share_of_subject")
def _own_share(recount: Recount, claim: Claim) -> float | None:
    own, without, *_ = _table(recount, claim)
    return own / (own + without) if own + without else None


@measure("share_of_rest")
def _rest_share(recount: Recount, claim: Claim) -> float | None:
    *_, rest_with, rest_without = _table(recount, claim)
    return rest_with / (rest_with + rest_without) if rest_with + rest_without else None
