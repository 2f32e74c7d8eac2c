"""Recount what is said of rights taken stock of and of the rights of portfolios."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import valuation
from patentnav._strings import texts
from patentnav.claims.abroad import unbeaten_technologies
from patentnav.claims.portfolios import cells
from patentnav.claims.recount import Recount, kept, measure
from patentnav.study.portfolios import CARD

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim

_GONE = {"lapsed", "expired", "refused", "withdrawn", "revoked", "ceased"}
_KINDS = {"contested": {"invalidation", "opposition", "litigation"}, "pledged": {"pledge"}}


def _stock(recount: Recount) -> set[str]:
    """Publications of the region; all where none is studied."""
    return recount.members("region:inside" if recount.study.inputs.region else "set")


@measure("asset_criteria")
def _asset_criteria(recount: Recount, claim: Claim) -> int:
    """Inventions in force: all, those that meet a condition for sure, those that may."""
    kind = dict(zip(recount.ids, texts(recount.publications["patent_type"]), strict=True))
    found = valuation.high_value(recount.study.patents).to_dict("index")
    which, total = claim.details["which"], 0
    for publication in _stock(recount):
        if recount.status_of[publication] != "in_force" or kind[publication] != "invention":
            continue
        row = [
            v for k, v in found[publication].items() if k not in {"valid_invention", "high_value"}
        ]
        sure = any(not pd.isna(v) and bool(v) for v in row)
        maybe = not sure and any(pd.isna(v) for v in row)
        total += {"held": True, "sure": sure, "maybe": maybe}[which]
    return total


def _tiers(recount: Recount) -> dict[str, str]:
    """Tier of every right taken stock of."""
    every, stock = tiers(recount), _stock(recount)
    return {publication: tier for publication, tier in every.items() if publication in stock}


@kept
def tiers(recount: Recount) -> dict[str, str]:
    """Tier of every right, from its percentiles and the weights, added up one by one."""
    card = valuation.load(CARD)
    scores = recount.study.graded
    weights = {
        (column.partition("_weight_")[0]): float(scores[column].iloc[0])
        for column in scores.columns
        if "_weight_" in column
    }
    found: dict[str, str] = {}
    rows = scores[[f"{name}_percentile" for name in weights]].to_dict("index")
    for right, row in rows.items():
        publication = str(right)
        known = {
            n: float(row[f"{n}_percentile"]) for n in weights if not pd.isna(row[f"{n}_percentile"])
        }
        share = sum(weights[n] for n in known)
        if not known or share < card.min_coverage - 1e-12:
            continue
        score = sum(weights[n] * p for n, p in known.items()) / share
        status = recount.status_of[publication]
        if card.tiers_of == "alive" and not pd.isna(status) and status in _GONE:
            continue
        reached = [(least, name) for name, least in card.tiers.items() if score >= least - 1e-9]
        if reached:
            found[publication] = max(reached)[1]
    return found


@measure("rights_in_tier")
def _rights_in_tier(recount: Recount, claim: Claim) -> int | float:
    """Rights of the subject in a tier (in any where none is named), or their share of those in any."""
    every, own = tiers(recount), recount.members(claim.subject)
    graded = [tier for publication, tier in every.items() if publication in own]
    wanted = claim.details["tier"]
    count = len([tier for tier in graded if not wanted or tier == wanted])
    return count / len(graded) if claim.kind == "share" else count


@measure("asset_tier")
def _asset_tier(recount: Recount, claim: Claim) -> int:
    """Rights in a tier; in any where none is named."""
    wanted = claim.details["tier"]
    return sum(not wanted or tier == wanted for tier in _tiers(recount).values())


@measure("asset_tier_steady")
def _asset_tier_steady(recount: Recount, claim: Claim) -> float:
    """Share of the rights in a tier that keep it in most draws; the draws are taken as given."""
    held = _tiers(recount)
    kept_in = recount.study.steadiness["tier_stability"]
    shares = dict(zip(kept_in.index, kept_in, strict=True))
    least = float(claim.details["least"])
    return sum(1 for p in held if shares[p] >= least) / len(held)


@measure("key_technology_candidates")
def _key_technology_candidates(recount: Recount, claim: Claim) -> int:
    """Technologies of the Pareto set; those in which a candidate near the gate stands."""
    found = unbeaten_technologies(recount, int(claim.details["fewest"]), str(claim.details["home"]))
    if claim.details["which"] == "pareto":
        return len(found)
    study = recount.study
    least = max(1, study.inputs.min_inventions // int(claim.details["part"]))
    here = study.region_owners if study.local is not None else None
    near = set()
    for (owner, technology), held in cells(recount).items():
        if here is not None and not (
            owner in here.index and not pd.isna(here[owner]) and bool(here[owner])
        ):
            continue
        number = sum(
            one.kind == "invention" and (one.granted or not study.inputs.granted_only)
            for one in held
        )
        if number >= least:
            near.add(technology)
    return len(found & near)


@measure("portfolio_records")
def _portfolio_records(recount: Recount, claim: Claim) -> int:
    """Rights of the portfolios laid out with a record of a kind, or of any."""
    own = {
        one.id for pair in _laid_out(recount) for one in cells(recount)[pair]
    }  # fmt: skip
    which = str(claim.details["which"])
    if which == "all":
        return len(own)
    records = _recorded(recount)
    wanted = set().union(*records.values()) if which == "any" else records[which]
    return len(own & wanted)


def _laid_out(recount: Recount) -> list[tuple[str, str]]:
    table = recount.study.layout
    return list(zip(texts(table["owner_id"]), texts(table["technology"]), strict=True))


@kept
def _recorded(recount: Recount) -> dict[str, set[str]]:
    patents = recount.study.patents
    found: dict[str, set[str]] = defaultdict(set)
    number: dict[str, int] = defaultdict(int)
    for held in recount.facet("owner").values():
        for publication in held:
            number[publication] += 1
    found["joint"] = {p for p, n in number.items() if n > 1}
    if patents.has("citations", "category"):
        table = patents.citations
        for publication, category in zip(
            texts(table["citing_id"]), texts(table["category"]), strict=True
        ):
            if not pd.isna(category) and set(str(category)) & {"X", "Y"}:
                found["blocked"].add(publication)
    if patents.has("legal_events"):
        table = patents.legal_events
        for publication, category in zip(
            texts(table["publication_id"]), texts(table["category"]), strict=True
        ):
            for name, kinds in _KINDS.items():
                if category in kinds:
                    found[name].add(publication)
    return found
