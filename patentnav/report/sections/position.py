"""Part B, where the studied set stands: industries, specialisation, owners, status, use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import indicators, plot
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_USE = ("transfer", "licence", "pledge", "preservation", "litigation", "invalidation",
        "opposition", "award")  # fmt: skip


@section("position.industries")
def industries(edition: Edition) -> Iterator[Block]:
    """How the set divides among the industries of the taxonomy."""
    study = edition.study
    rows = study.memberships
    if rows.empty:
        raise gap("missing.industries")
    counts = study.counts(rows[["publication_id", "industry", "weight"]])
    names = edition.industry_names
    assigned = rows["publication_id"].nunique()
    values = {
        "taxonomy": study.tree.titles.get(edition.lang, study.tree.name), "n": len(counts),
        "first": names[counts.index[0]], "count": counts.iloc[0],
        "share": counts.iloc[0] / counts.sum(), "unit": edition.unit_word,
        "assigned": assigned, "unassigned": len(study.patents) - assigned,
        "assigned_share": assigned / len(study.patents),
    }  # fmt: skip
    yield Text("position.industries.finding", values, "finding")
    yield Text("position.industries.body",
               {**values, "figure": Ref("industries"), "table": Ref("sub_sectors")})  # fmt: skip
    every = counts.reindex([*counts.index, *(i for i in study.tree.top if i not in counts.index)])
    frame = pd.DataFrame(
        {"industry": names.reindex(every.index).to_numpy(), "count": every.fillna(0).to_numpy()}
    )
    frame["share"] = frame["count"] / frame["count"].sum()
    frame["growth"] = _recent_growth(edition, every.index)
    lang = edition.lang
    bars = counts.set_axis(names.reindex(counts.index))
    bars.attrs = dict(counts.attrs)
    forms = {"count": "number", "share": "share", "growth": "percent_change"}
    yield Figure(
        Table("industries", frame, forms, values, edition.note("fractional")),
        lambda ax: plot.ranking(bars, ax=ax, lang=lang),
    )
    parts = rows.dropna(subset=["sub_sector"])
    if len(parts):
        sub = study.counts(parts[["publication_id", "sub_sector", "weight"]])
        parent = {k: names[n.parent] for k, n in study.tree.nodes.items() if n.parent}
        table = pd.DataFrame(
            {"industry": sub.index.map(parent), "sub_sector": names.reindex(sub.index).to_numpy(),
             "count": sub.to_numpy(), "share": (sub / sub.sum()).to_numpy()}
        )  # fmt: skip
        yield Table("sub_sectors", table, {"count": "number", "share": "share"}, values,
                    edition.note("fractional"), rows=15)  # fmt: skip


def _recent_growth(edition: Edition, order: pd.Index) -> list[float]:
    """Compound growth over the last full years, by industry."""
    study = edition.study
    members = study.memberships[["publication_id", "industry", "weight"]]
    grown = indicators.growth(study.by_year(members), span=RECENT)
    last = grown[grown["year"] == study.last_year].set_index("group")["growth"]
    return [float(v) for v in last.reindex(order)]


@section("position.specialisation")
def specialisation(edition: Edition) -> Iterator[Block]:
    """What the region, or the set, does more than a comparison."""
    study = edition.study
    members = study.memberships[["publication_id", "industry", "weight"]]
    names = edition.industry_names
    if study.inputs.reference is not None:
        frame = indicators.specialisation(
            study.patents, members, reference=study.inputs.reference, unit=study.unit
        )
        against = edition.word("given_reference")
    elif study.sides is not None:
        frame = indicators.specialisation(study.patents, members, study.sides, unit=study.unit)
        frame = frame[frame["entity"] == "local"]
        against = edition.word("set_reference")
    else:
        raise gap("missing.comparison")
    frame = frame.sort_values(["rta", "group"], ascending=[False, True], ignore_index=True)
    known = frame.dropna(subset=["rta"])
    if known.empty:
        raise gap("missing.comparison")
    best = known.iloc[0]
    values = {
        "n": int((known["rta"] > 1).sum()), "total": len(known), "rta": best["rta"],
        "first": names[best["group"]], "against": against,
        "region": study.inputs.region or edition.scope(),
    }  # fmt: skip
    yield Text("position.specialisation.finding", values, "finding")
    yield Text("position.specialisation.body", {**values, "table": Ref("specialisation")})
    table = frame.assign(industry=frame["group"].map(names))
    table = table[["industry", "count", "share", "reference_share", "rta", "symmetric"]]
    yield Table("specialisation", table, {"count": "number", "share": "share",
                                          "reference_share": "share"}, values,
                edition.note("fractional"), rows=None)  # fmt: skip


@section("position.applicant_types", needs=("parties", "parties.party_type"))
def applicant_types(edition: Edition) -> Iterator[Block]:
    """Firms, universities, institutes, persons; and how often they file together."""
    study = edition.study
    owners = study.owners.assign(party_type=study.owners["owner"].map(study.owner_types))
    known = owners.dropna(subset=["party_type"])
    members = known[["publication_id", "party_type", "weight"]]
    counts = study.counts(members)
    holders = owners.assign(unit_id=study.unit_ids.reindex(owners["publication_id"]).to_numpy())
    joint = holders.groupby("unit_id")["owner"].nunique()
    named = edition.named("party_type", pd.Series(counts.index))
    values = {
        "first": named.iloc[0], "share": counts.iloc[0] / counts.sum(), "n": len(counts),
        "joint": int((joint > 1).sum()), "joint_share": float((joint > 1).mean()),
        "unit": edition.unit_word,
        "unknown": owners["owner"].nunique() - known["owner"].nunique(),
    }  # fmt: skip
    yield Text("position.applicant_types.finding", values, "finding")
    yield Text("position.applicant_types.body", {**values, "table": Ref("applicant_types")})
    people = known.drop_duplicates("owner")["party_type"].value_counts()
    frame = pd.DataFrame(
        {"party_type": named.to_numpy(), "owners": people.reindex(counts.index).to_numpy(),
         "count": counts.to_numpy(), "share": (counts / counts.sum()).to_numpy()}
    )  # fmt: skip
    yield Table("applicant_types", frame, {"count": "number", "share": "share"}, values,
                edition.note("fractional"))  # fmt: skip


@section("position.legal_status", needs=("publications.legal_status",))
def legal_status(edition: Edition) -> Iterator[Block]:
    """What is pending, in force and gone."""
    study = edition.study
    publications = study.patents.publications
    known = publications["legal_status"].dropna()
    known = known[known != "unknown"]
    if known.empty:
        raise gap("missing.status")
    counts = study.counts(pd.DataFrame({"publication_id": known.index, "status": known.to_numpy()}),
                          "whole")  # fmt: skip
    names = edition.named("legal_status", pd.Series(counts.index))
    force = float(counts.get("in_force", 0.0))
    values = {
        "known": len(known), "total": len(publications), "share": len(known) / len(publications),
        "force": force, "force_share": force / counts.sum(), "unit": edition.unit_word,
        "pending_share": float(counts.get("pending", 0.0)) / counts.sum(),
    }  # fmt: skip
    yield Text("position.legal_status.finding", values, "finding")
    yield Text("position.legal_status.body", {**values, "figure": Ref("legal_status")})
    lang = edition.lang
    bars = counts.set_axis(names)
    bars.attrs = dict(counts.attrs)
    frame = pd.DataFrame({"legal_status": names.to_numpy(), "count": counts.to_numpy()})
    frame["share"] = frame["count"] / frame["count"].sum()
    yield Figure(
        Table("legal_status", frame, {"count": "count", "share": "share"}, values,
              edition.note("whole")),
        lambda ax: plot.ranking(bars, ax=ax, lang=lang),
        size=(6.3, 2.8),
    )  # fmt: skip


@section("position.operation", needs=("legal_events",))
def operation(edition: Edition) -> Iterator[Block]:
    """Transfers, licences, pledges and disputes on record."""
    study = edition.study
    events = study.patents.legal_events
    events = events[events["category"].isin(_USE)]
    if events.empty:
        raise gap("missing.operation")
    events = events.assign(unit_id=study.unit_ids.reindex(events["publication_id"]).to_numpy())
    recent = events["date"].dt.year > study.last_year - RECENT
    groups = events.groupby("category")
    frame = pd.DataFrame({"events": groups.size(), "count": groups["unit_id"].nunique()})
    frame["recent_events"] = events[recent].groupby("category").size()
    frame["recent_events"] = frame["recent_events"].fillna(0).astype("int64")
    frame = frame.reindex([c for c in _USE if c in frame.index])
    names = edition.named("event", pd.Series(frame.index))
    covered = study.patents.publications.index.isin(study.patents.legal_events["publication_id"])
    values = {
        "touched": int(events["unit_id"].nunique()), "unit": edition.unit_word,
        "share": events["unit_id"].nunique() / study.units, "covered": int(covered.sum()),
        "total": len(study.patents), "recent": RECENT,
    }  # fmt: skip
    yield Text("position.operation.finding", values, "finding")
    yield Text("position.operation.body", {**values, "table": Ref("operation")})
    frame = frame.reset_index(drop=True)
    frame.insert(0, "event", names)
    yield Table("operation", frame, {"count": "count"}, values, edition.note("whole"))
