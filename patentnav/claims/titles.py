"""Titles counted again: units by the words that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts, text
from patentnav._strings import texts
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


@measure("worded_share")
def _worded_share(recount: Recount, claim: Claim) -> float:
    """Part of the titles in which one of ``details["words"]`` stands."""
    from patentnav.planning.roadmap import standing_in

    rows = titled(recount)
    found = standing_in(tuple(claim.details["words"]), [title for _, title in rows])
    return len({i for places in found.values() for i in places}) / len(rows)


@kept
def _bearing(recount: Recount, piece: str) -> frozenset[str]:
    """Publications with an owner in one of whose names a word stands."""
    held = facts.holders(recount.study.patents)
    columns = [c for c in ("name", "name_raw", "name_standard") if c in held]
    return frozenset(
        str(p)
        for p, *names in zip(
            texts(held["publication_id"]), *(texts(held[c]) for c in columns), strict=True
        )
        if any(not pd.isna(name) and piece in str(name).casefold() for name in names)
    )


@measure("named_units")
def _named_units(recount: Recount, claim: Claim) -> float:
    """Units with an owner whose name holds ``details["word"]``; with ``details["share"]`` of all."""
    found = len({recount.unit_of[p] for p in _bearing(recount, str(claim.details["word"]))
                 if p in recount.unit_of})  # fmt: skip
    return found / len(recount.units("set")) if claim.details.get("share") else found


@measure("named_leaders")
def _named_leaders(recount: Recount, claim: Claim) -> int:
    """Of the ``details["top"]`` largest owners that are no persons, those with the word in a name."""
    kinds = recount.study.owner_types
    own = recount.facet("owner")
    firms = [o for o in own if pd.isna(kinds.get(o)) or kinds.get(o) != "individual"]
    leading = sorted(firms, key=lambda o: (-len(own[o]), o))[: int(claim.details["top"])]
    held = facts.holders(recount.study.patents)
    ids = facts.party_ids(held, recount.study.owner_level)
    columns = [c for c in ("name", "name_raw", "name_standard") if c in held]
    with_it = set()
    for owner, *names in zip(texts(ids), *(texts(held[c]) for c in columns), strict=True):
        if any(not pd.isna(n) and claim.details["word"] in str(n).casefold() for n in names):
            with_it.add(owner)
    return sum(owner in with_it for owner in leading)


@measure("worded_units")
def _worded_units(recount: Recount, claim: Claim) -> int:
    """Units of the window with one of ``details["words"]`` in the title."""
    return len(recount.units("set", claim.window) & worded(recount, tuple(claim.details["words"])))
