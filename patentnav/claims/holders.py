"""Recompute claims on owners: concentration, leaders, and the cliff of an export that was cut."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from patentnav.claims.recount import counts_of, measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount


@measure("hhi")
def _hhi(recount: Recount, claim: Claim) -> float | None:
    """Sum of the squared shares of the keys of the facet."""
    counts = counts_of(recount, str(claim.details["facet"]), claim)
    whole = sum(counts.values(), Fraction(0))
    if not whole:
        return None
    return float(sum((count / whole) ** 2 for count in counts.values()))


@measure("effective_number")
def _effective_number(recount: Recount, claim: Claim) -> float | None:
    """Keys of equal size that would be as concentrated as those of the facet."""
    concentration = _hhi(recount, claim)
    return 1 / concentration if concentration else None


@measure("leaders")
def _leaders(recount: Recount, claim: Claim) -> int:
    """Keys of the facet that share the largest count."""
    counts = counts_of(recount, str(claim.details["facet"]), claim)
    largest = max(counts.values(), default=Fraction(0))
    return sum(1 for count in counts.values() if count == largest)


@measure("cliff")
def _cliff(recount: Recount, claim: Claim) -> float | None:
    """Publications of three months from the month on, over those of the three months before."""
    year, month = (int(part) for part in str(claim.details["month"]).split("-"))
    start = 12 * year + month
    before = after = 0
    for date in recount.study.given.publications["publication_date"]:
        if pd.isna(date):
            continue
        distance = 12 * date.year + date.month - start
        after += 0 <= distance < 3
        before += -3 <= distance < 0
    return after / before if before else None
