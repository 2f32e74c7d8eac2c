"""Titles counted again: units by the words that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav import text
from patentnav.claims.recount import Recount, kept, measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim


@kept
def titled(recount: Recount) -> list[tuple[str, str]]:
    """Units and titles in small letters, a row per publication with a title."""
    titles = text.documents(recount.study.patents)["title"].dropna()
    return [(recount.unit_of[str(p)], str(title).casefold()) for p, title in titles.items()]


@kept
def worded(recount: Recount, words: tuple[str, ...]) -> set[str]:
    """Units one of whose titles has one of some words."""
    from patentnav.planning.roadmap import standing_in

    rows = titled(recount)
    found = standing_in(words, [title for _, title in rows])
    return {rows[i][0] for places in found.values() for i in places}


@measure("worded_units")
def _worded_units(recount: Recount, claim: Claim) -> int:
    """Units of the window with one of ``details["words"]`` in the title."""
    return len(recount.units("set", claim.window) & worded(recount, tuple(claim.details["words"])))
