"""Portfolios: what is held, by the conditions of high value and by tiers of a scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot, valuation
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.uses import titles
from patentnav.study.gaps import gap
from patentnav.study.portfolios import CARD
from patentnav.valuation.explain import label_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_FEWEST = 10  # rights of which something is said
_STEADY = 0.9  # share of the draws from which a tier is steady
_REASONS = 2


def _where(edition: Edition) -> str:
    """Whose rights are taken stock of, in words."""
    region = edition.study.inputs.region
    return edition.word("assets_of", region=region) if region else edition.word("assets_all")


@section("assets.criteria", needs=("publications.legal_status", "publications.patent_type"))
def criteria(edition: Edition) -> Iterator[Block]:
    """Inventions in force by the conditions of high value: met, not met, not known."""
    study = edition.study
    found = valuation.high_value(study.patents).loc[study.held_ids]
    valid = found[found["valid_invention"].fillna(False).astype(bool)]
    if len(valid) < _FEWEST:
        raise gap("missing.few_held", count=len(valid), fewest=_FEWEST)
    claim = edition.claims("assets.criteria")
    names = list(valid.columns.drop(["valid_invention", "high_value"]))
    known = [n for n in names if valid[n].notna().any()]

    def number(which: str, value: int) -> Any:
        return claim(
            which, "count", "set", "asset_criteria", value, unit="right", details={"which": which}
        )

    values: dict[str, Any] = {
        "where": _where(edition), "unit": edition.word("unit_application"), "region": study.inputs.region,
        "held": number("held", len(valid)),
        "sure": number("sure", int(valid["high_value"].fillna(False).sum())),
        "maybe": number("maybe", int(valid["high_value"].isna().sum())),
        "known": claim.parameter("known", len(known)), "all": claim.parameter("all", len(names)),
        "table": Ref("asset_criteria"), "figure": Ref("criteria_met"),
    }  # fmt: skip
    yield Text("assets.criteria.finding", values, "finding")
    yield Text("assets.criteria.body", values)
    if len(known) < len(names):
        between = edition.word("list_separator")
        untold = between.join(edition.word(f"criterion_{n}") for n in names if n not in known)
        yield Text("assets.criteria.untold", {"names": untold})
    rows = [
        (edition.word(f"criterion_{n}"), int(valid[n].fillna(False).sum()),
         int((~valid[n].fillna(True).astype(bool)).sum()), int(valid[n].isna().sum()))
        for n in names
    ]  # fmt: skip
    columns = ["criterion", "units_met", "not_met", "not_known"]
    frame = pd.DataFrame(rows, columns=columns)
    forms = dict.fromkeys(columns[1:], "count")
    note = Text("assets.criteria.note", values, "note")
    told = frame[frame["criterion"].isin([edition.word(f"criterion_{n}") for n in known])]
    if len(told) > 1:
        yield Text("assets.criteria.figure", values)
        bars = pd.Series(told["units_met"].to_numpy(), index=told["criterion"])
        yield Figure(
            Table("criteria_met", told[["criterion", "units_met"]].reset_index(drop=True), forms, values, note),
            drawing(plot.amounts, bars, edition.word("axis_met")), size=(6.3, 2.4),
        )  # fmt: skip
    yield Table("asset_criteria", frame, forms, values, note, rows=None)


@section("assets.value", needs=("publications.legal_status",))
def value(edition: Edition) -> Iterator[Block]:
    """Living rights by tier of the scorecard, and how far the tiers depend on its weights."""
    study = edition.study
    scores = study.scores
    steady = study.steadiness
    claim = edition.claims("assets.value")
    card = valuation.load(CARD)
    counts = {tier: int((scores["tier"] == tier).sum()) for tier in card.tiers}
    firm = steady["tier_stability"] >= _STEADY
    best = next(iter(card.tiers))

    def number(which: str, value: int) -> Any:
        return claim(
            which, "count", "set", "asset_tier", value, unit="right", details={"tier": which}
        )

    values: dict[str, Any] = {
        "where": _where(edition), "unit": edition.word("unit_application"), "region": study.inputs.region,
        "all": number("", len(steady)), "best": number(best, counts[best]), "tier": best,
        "steady": claim("steady", "share", "set", "asset_tier_steady", float(firm.mean()), unit="ratio",
                        details={"least": _STEADY}),
        "least": claim.parameter("least", _STEADY), "table": Ref("asset_values"),
        "figure": Ref("asset_tiers"), "card": (card.names or {})[edition.lang],
        "parts": edition.word("list_separator").join(
            edition.word("tier_from", tier=t, least=f"{least:g}") for t, least in card.tiers.items()
        ),
    }  # fmt: skip
    yield Text("assets.value.finding", values, "finding")
    yield Text("assets.value.body", values)
    note = Text("assets.value.note", values, "note")
    bars = pd.Series(counts)
    data = pd.DataFrame({"tier_name": list(counts), "count": list(counts.values())})
    yield Figure(
        Table("asset_tiers", data, {"count": "count"}, values, note),
        drawing(plot.amounts, bars, edition.word("axis_rights")), size=(6.3, 2.2),
    )  # fmt: skip
    order = scores[scores["tier"].notna()].reset_index()
    order = order.sort_values(
        ["score", "publication_id"], ascending=[False, True], ignore_index=True
    )
    head = order.head(max(TOP, 200))
    ranges = steady.reindex(head["publication_id"])
    shown = pd.DataFrame(
        {
            "publication_id": head["publication_id"], "title": titles(edition, head["publication_id"]),
            "tier_name": head["tier"], "score": head["score"], "known_weight": head["coverage"],
            "rank_range": [f"{a:.0f}–{b:.0f}" for a, b in zip(ranges["rank_best"], ranges["rank_worst"], strict=True)],
            "main_reasons": _reasons(edition, scores, head["publication_id"]),
        }
    )  # fmt: skip
    yield Table("asset_values", shown, {"publication_id": "code", "score": "number", "known_weight": "share"},
                values, note, rows=TOP)  # fmt: skip


def _reasons(edition: Edition, scores: pd.DataFrame, ids: pd.Series) -> list[str]:
    """The indicators that contribute most to a score."""
    said = []
    for publication in ids:
        parts = valuation.explain(scores, publication).dropna(subset=["contribution"])
        parts = parts.sort_values(["contribution", "indicator"], ascending=[False, True]).head(
            _REASONS
        )
        names = [label_of(name, edition.lang) for name in parts["indicator"]]
        said.append(edition.word("list_separator").join(names))
    return said
