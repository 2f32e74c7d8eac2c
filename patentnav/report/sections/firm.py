"""A firm among all others: what it holds, its products, its rivals and their moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, planning, plot, valuation
from patentnav.errors import UnavailableError
from patentnav.findings.cells import spans
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.official import needed
from patentnav.report.sections.ties import figure_size, named_technologies
from patentnav.report.sections.uses import counted, moment, titles
from patentnav.study import RECENT
from patentnav.study.gaps import gap
from patentnav.study.portfolios import CARD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition
    from patentnav.study import Study

STATES = ("in_force", "pending", "ended", "state_unknown")
_AHEAD, _YEARS, _FEWEST = 3, 6, 10
_UNDATED = (
    0.05  # part of the granted rights that ended on no known day, above which no life is estimated
)
_TOLD = 3


def named(edition: Edition) -> dict[str, Any]:
    """Values that every sentence on the firm has: its name, the units, how they are called."""
    study = edition.study
    return {"firm": str(study.owner_names[study.firm]), "unit": edition.unit_word,
            "piece": edition.piece}  # fmt: skip


def rivals_of(study: Study) -> tuple[str, ...]:
    """Rivals, none where the set shows none."""
    try:
        return study.rivals
    except UnavailableError:
        return ()


def alone(study: Study) -> None:
    """Refuse where the set holds one firm's patents only, so that nobody else can be seen.

    Raises
    ------
    UnavailableError
        The search was for one firm, or the study is restricted to it.
    """
    if study.inputs.applicant:
        raise gap("missing.firm.alone", firm=study.inputs.applicant)
    try:
        only = study.firm_alone
    except UnavailableError:  # no firm at all, so not one only
        return
    if only and not study.inputs.rivals:
        raise gap("missing.firm.alone", firm=str(study.owner_names[study.firm]))


def allies_of(study: Study) -> tuple[str, ...]:
    """Owners of a unit that the firm owns too."""
    held = study.owners.assign(
        unit_id=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    mine = held.loc[held["owner"] == study.firm, "unit_id"]
    found = set(held.loc[held["unit_id"].isin(mine), "owner"]) - {study.firm}
    return tuple(sorted(found))


def units_of(study: Study, ids: Any) -> pd.Index:
    """Counted units of publications."""
    found: pd.Index = pd.Index(sorted(study.unit_ids.reindex(pd.Index(ids)).dropna().unique()))
    return found


def states(study: Study, ids: pd.Index) -> pd.Series:
    """State of every publication in one of four words."""
    status = study.patents.publications["legal_status"].reindex(ids)
    alive = facts.alive(study.patents).reindex(ids)
    found = pd.Series("state_unknown", index=ids)
    found[alive.eq(False).fillna(False).to_numpy()] = "ended"
    found[status.eq("pending").fillna(False).to_numpy()] = "pending"
    found[status.eq("in_force").fillna(False).to_numpy()] = "in_force"
    return found


@section("firm.assets", needs=("parties",))
def assets(edition: Edition) -> Iterator[Block]:
    """What the firm holds by type and state, what ends soon, how long its rights live."""
    study = edition.study
    firm, ids = study.firm, study.firm_ids
    claim, now = edition.claims("firm.assets"), moment(edition)
    values = named(edition)
    subject, label = f"owner:{firm}", values["firm"]
    values |= {
        "total": claim("total", "count", subject, "units", len(units_of(study, ids)), label=label),
        "ahead": claim.parameter("ahead", _AHEAD), "years": claim.parameter("years", _YEARS),
        "figure": Ref("firm_states"), "table": Ref("firm_types"), "now": f"{now:%Y-%m-%d}",
    }  # fmt: skip
    told = states(study, ids)
    if (told == "state_unknown").all():
        yield Text("firm.assets.stateless", values, "finding")
        yield Text("firm.assets.body", values)
        yield from _held(edition, told, values)
        return
    for state in ("in_force", "pending"):
        own = units_of(study, told.index[told == state])
        values[state] = claim(state, "count", f"{subject}&status:{state}", "units", len(own))
    ends = facts.expiry_dates(study.patents).reindex(told.index[told == "in_force"])
    last = ends.groupby(study.unit_ids.reindex(ends.index)).max().dropna()
    near = int((last <= now + pd.DateOffset(years=_AHEAD)).sum())
    values["near"] = claim("near", "count", subject, "firm_ending", near, label=label,
                           details={"now": values["now"], "ahead": _AHEAD})  # fmt: skip
    yield Text("firm.assets.finding", values, "finding")
    lives = planning.survival(study.patents, list(ids), years=_YEARS)
    undated = lives["undated"]
    if undated > _UNDATED * (lives["rights"] + undated):
        values["undated"] = claim("undated", "count", subject, "firm_undated", int(undated),
                                  label=label, unit="filing")  # fmt: skip
        yield Text("firm.assets.undated", values)
    elif lives["at_risk"] >= _FEWEST:
        values["lasting"] = claim("lasting", "share", subject, "firm_survival", float(lives["share"]),
                                  label=label, unit="ratio", details={"years": _YEARS})  # fmt: skip
        values["rights"] = claim("rights", "count", subject, "firm_granted", int(lives["rights"]),
                                 label=label, unit="filing")  # fmt: skip
        yield Text("firm.assets.survival", values)
    yield Text("firm.assets.body", values)
    if not study.inputs.firm:
        yield Text("firm.assets.chosen", values, "note")
    yield from _held(edition, told, values)
    yield from _graded(edition, ids, values)


def _graded(edition: Edition, ids: pd.Index, values: dict[str, Any]) -> Iterator[Block]:
    """Rights by tier of the scorecard, beside those of all owners."""
    study = edition.study
    card = valuation.load(CARD)
    every = study.graded["tier"].dropna()
    own = every[every.index.isin(ids)]
    values = {
        **values,
        "card": (card.names or {}).get(edition.lang, card.name),
        "table": Ref("firm_tiers"),
    }
    if len(own) < _FEWEST:
        count = edition.claims("firm.assets").parameter("fewest", _FEWEST)
        yield Text("firm.assets.few_graded", {**values, "fewest": count}, "note")
        return
    claim = edition.claims("firm.assets")
    best = next(iter(card.tiers))
    subject, label = f"owner:{study.firm}", values["firm"]

    def told(name: str, of: str, series: pd.Series, tier: str, *, share: bool = False) -> Claim:
        hits = int(series.isin([tier]).sum()) if tier else len(series)
        return claim(name, "share" if share else "count", of, "rights_in_tier",
                     hits / len(series) if share else hits, unit="ratio" if share else "right",
                     label="" if of == "set" else label, details={"tier": tier})  # fmt: skip

    values |= {
        "tier": best, "graded": told("graded", subject, own, ""),
        "best": told("best", subject, own, best),
        "share": told("best_share", subject, own, best, share=True),
        "others": told("all_share", "set", every, best, share=True),
        "parts": edition.word("list_separator").join(
            edition.word("tier_from", tier=t, least=f"{least:g}") for t, least in card.tiers.items()
        ),
    }  # fmt: skip
    yield Text("firm.assets.graded", values)
    rows = [(t, int((own == t).sum()), float((own == t).mean()), float((every == t).mean()))
            for t in card.tiers]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["tier_name", "firm_rights", "firm_share", "set_share"])
    forms = {"firm_rights": "count", "firm_share": "share", "set_share": "share"}
    yield Table("firm_tiers", frame, forms, values, Text("firm.assets.graded_note", values, "note"), rows=None)  # fmt: skip


def _held(edition: Edition, told: pd.Series, values: dict[str, Any]) -> Iterator[Block]:
    """Units by type and state, best state first: a unit stands once in every type."""
    study = edition.study
    kinds = study.patents.publications["patent_type"].reindex(told.index)
    rows = pd.DataFrame({"kind": kinds.to_numpy(), "state": told.to_numpy(),
                         "unit_id": study.unit_ids.reindex(told.index).to_numpy()})  # fmt: skip
    rows["order"] = rows["state"].map({s: i for i, s in enumerate(STATES)})
    rows = rows.dropna(subset=["kind"]).sort_values("order").drop_duplicates(["kind", "unit_id"])
    counts = rows.groupby(["kind", "state"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(STATES), fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    counts.index = pd.Index(edition.named("patent_type", pd.Series(counts.index, dtype="str")))
    words = {s: edition.word(f"firm_{s}") for s in STATES}
    note = edition.note("whole")
    shown = counts.rename_axis("patent_type").reset_index().rename(columns={s: f"firm_{s}" for s in STATES})  # fmt: skip
    yield Figure(Table("firm_states", shown, {}, values, note),
                 drawing(plot.stacks, counts, edition.unit_axis, names=words),
                 size=figure_size(len(counts)))  # fmt: skip
    offices = study.patents.publications["authority"].reindex(told.index)
    places = pd.DataFrame({"authority": offices.to_numpy(), "state": told.to_numpy(),
                           "unit_id": study.unit_ids.reindex(told.index).to_numpy()})  # fmt: skip
    places["order"] = places["state"].map({s: i for i, s in enumerate(STATES)})
    places = places.dropna(subset=["authority"]).sort_values("order")
    places = places.drop_duplicates(["authority", "unit_id"])
    table = places.groupby(["authority", "state"]).size().unstack(fill_value=0)
    table = table.reindex(columns=list(STATES), fill_value=0)
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    told_table = table.rename(columns={s: f"firm_{s}" for s in STATES}).reset_index()
    told_table["authority"] = told_table["authority"].map(edition.authority)
    yield Table("firm_types", told_table, {}, values, note, rows=TOP)


@section("firm.products", needs=("parties", "publications.legal_status"))
def products(edition: Edition) -> Iterator[Block]:
    """Where the firm's products are sold without a right in force behind them."""
    needed(edition, "firm.products", "PR", "keywords", "publication_ids", "markets")
    study = edition.study
    rows, found = study.products, study.coverage
    claim, values = edition.claims("firm.products"), named(edition)
    subject, label = f"owner:{study.firm}", values["firm"]
    sold = rows[rows["markets"].map(len) > 0]
    cells = int(sold["markets"].map(lambda m: len(set(m))).sum())
    bare = found[found["uncovered"].astype(bool)]
    values |= {
        "count": claim("count", "count", subject, "firm_products", len(rows), unit="product",
                       label=label, details={"which": "products"}),
        "cells": claim("cells", "count", subject, "firm_products", cells, unit="cell", label=label,
                       details={"which": "cells"}),
        "bare": claim("bare", "count", subject, "firm_products", len(bare), unit="cell", label=label,
                      details={"which": "bare"}),
        "table": Ref("product_cells"), "figure": Ref("product_states"),
    }  # fmt: skip
    share = rows.loc[rows["product_id"].isin(bare["product_id"]), "revenue_share"].dropna()
    if len(share):
        values["revenue"] = claim("revenue", "share", subject, "firm_products", float(share.sum()),
                                  unit="ratio", label=label, details={"which": "revenue"})  # fmt: skip
        yield Text("firm.products.finding", values, "finding")
    else:
        yield Text("firm.products.no_revenue" if len(bare) else "firm.products.covered", values, "finding")  # fmt: skip
    unknown = found.attrs.get("unknown_ids", [])
    if unknown:
        yield Text("firm.products.unknown", {**values, "names": edition.word("list_separator").join(unknown[:_TOLD])}, "note")  # fmt: skip
    yield Text("firm.products.body", values)
    yield Text("firm.products.note", values, "note")
    if found.empty:
        return
    sums = found.groupby("product", sort=False)[["in_force", "pending"]].sum()
    words = {s: edition.word(f"firm_{s}") for s in ("in_force", "pending")}
    data = sums.reset_index().rename(
        columns={"in_force": "firm_in_force", "pending": "firm_pending"}
    )
    yield Figure(Table("product_states", data, {}, values, counted(edition)),
                 drawing(plot.stacks, sums, edition.word("unit_application"), names=words),
                 size=figure_size(len(sums)))  # fmt: skip
    shown = pd.DataFrame(
        {"product": found["product"], "office": found["office"].map(edition.authority),
         "firm_in_force": found["in_force"], "firm_pending": found["pending"],
         "life_years": found["life_years"], "revenue_share": found["revenue_share"],
         "uncovered": found["uncovered"].astype(bool)}
    )  # fmt: skip
    forms = {"life_years": "number", "revenue_share": "share"}
    yield Table("product_cells", shown, forms, values, counted(edition), rows=TOP)


def linked(study: Study) -> frozenset[str]:
    """Publications that the client lists behind a product."""
    try:
        return frozenset(p for ids in study.products["publication_ids"] for p in ids)
    except UnavailableError:
        return frozenset()


@section("firm.upkeep", needs=("parties", "publications.legal_status"))
def upkeep(edition: Edition) -> Iterator[Block]:
    """Rights in force to look at before the next fee; never to be given up on this ground alone."""
    study = edition.study
    if study.percentile is None:
        raise gap("missing.firm.no_citations")
    behind = linked(study)
    found = planning.seldom_used(
        study.patents, list(study.firm_ids), study.percentile, linked=behind
    )
    claim, values = edition.claims("firm.upkeep"), named(edition)
    now = facts.moment(study.patents)
    values |= {
        "n": claim("n", "count", f"owner:{study.firm}", "firm_seldom", len(found), unit="right",
                   label=values["firm"], details={"now": f"{now:%Y-%m-%d}", "late": planning.LATE_YEARS}),
        "late": claim.parameter("late", planning.LATE_YEARS), "table": Ref("upkeep"),
    }  # fmt: skip
    if len(found):
        yield Text("firm.upkeep.finding", values, "finding")
    else:  # no news: not among the points of the summary
        yield Text("firm.upkeep.none", values)
    if not behind:
        yield Text("firm.upkeep.unlisted", values, "note")
    if found.empty:
        return
    yield Text("firm.upkeep.body", values)
    shown = found.assign(title=titles(edition, found["publication_id"]))
    shown = shown[["publication_id", "title", "application_date", "percentile", "life_years"]]
    forms = {"publication_id": "code", "percentile": "number", "life_years": "number"}
    yield Table("upkeep", shown, forms, values, edition.note(), rows=TOP)


@section("firm.rivals", needs=("parties",))
def rivals(edition: Edition) -> Iterator[Block]:
    """The firm beside its rivals: size, course, law, reach, technologies, who cites whom."""
    study = edition.study
    firm, others = study.firm, study.rivals
    try:
        technologies: pd.DataFrame | None = named_technologies(edition)
    except UnavailableError:
        technologies = None
    years = (study.last_year - RECENT + 1, study.last_year) if study.is_dated and not len(study.capped) else None  # fmt: skip
    table = planning.compare(
        study.patents, study.owners, [firm, *others], unit=study.unit, years=years,
        basis=study.basis if study.is_dated else "application_date", technology_of=technologies,
        percentile=study.percentile, ventures=facts.ventures(study.patents, study.owner_level),
    )  # fmt: skip
    claim, values = edition.claims("firm.rivals"), named(edition)
    names = study.owner_names
    separator = edition.word("list_separator")
    values |= {
        "n": claim.parameter("n", len(others)),
        "names": separator.join(str(names[o]) for o in others),
        "own": claim("own", "count", f"owner:{firm}", "units", int(table["units"].iloc[0]),
                     label=values["firm"]),
        "table": Ref("rivals_compared"), "figure": Ref("firm_rival_sizes"),
    }  # fmt: skip
    overlap = (table.set_index("owner")["overlap"].drop(firm).dropna() if "overlap" in table
               else pd.Series(dtype="float64"))  # fmt: skip
    if len(overlap):
        near = min(overlap.index, key=lambda o: (-overlap[o], o))
        values |= {
            "near": str(names[near]),
            "overlap": claim("overlap", "index", f"organisation:{near}", "firm_overlap",
                             float(overlap[near]), unit="ratio", label=str(names[near]),
                             details={"firm": firm}),
        }  # fmt: skip
        yield Text("firm.rivals.finding", values, "finding")
    else:
        yield Text("firm.rivals.sizes", values, "finding")
    if study.inputs.rivals:
        yield Text("firm.rivals.given", values, "note")
    else:
        yield Text("firm.rivals.found", {**values, "rule": edition.living_owners()}, "note")
    cited = _citations(study, others)
    if cited is not None:
        for column in ("cites_firm", "cited_by_firm"):
            told = pd.Series(cited[column], index=table.index[1:], dtype="Int64")
            table[column] = told.reindex(table.index)
        most = max(range(len(others)), key=lambda i: (cited["cites_firm"][i], -i))
        if cited["cites_firm"][most]:
            for name, pair in (("to", (others[most], firm)), ("back", (firm, others[most]))):
                number = cited["cites_firm" if name == "to" else "cited_by_firm"][most]
                values[name] = claim(name, "count", "set", "firm_citing", number, unit="citing",
                                     details={"citing": pair[0], "cited": pair[1]})  # fmt: skip
            values["other"] = str(names[others[most]])
            yield Text("firm.rivals.citing", values)
    yield Text("firm.rivals.body", values)
    kept = ["units", "rate", "in_force_share", "offices", "pct_share", "percentile", "overlap",
            "cites_firm", "cited_by_firm"]  # fmt: skip
    table.insert(1, "applicant", names.reindex(table["owner"]).to_numpy())
    shown = table[["applicant", *[c for c in kept if c in table]]].copy()
    for column in ("cites_firm", "cited_by_firm"):
        if column in shown:
            shown[column] = shown[column].astype("Int64")
    bars = table.set_index("applicant")["units"].sort_values(ascending=False, kind="stable")
    note = edition.note("whole")
    yield Figure(Table("firm_rival_sizes", shown[["applicant", "units"]], {"units": "count"}, values, note),
                 drawing(plot.amounts, bars, edition.unit_axis, marked=[values["firm"]]),
                 size=figure_size(len(bars)))  # fmt: skip
    forms = {"rate": "percent_change", "in_force_share": "share", "pct_share": "share",
             "percentile": "number", "overlap": "share", "units": "count"}  # fmt: skip
    yield Table("rivals_compared", shown, forms, values, note, rows=None)


def _citations(study: Study, others: tuple[str, ...]) -> dict[str, list[int]] | None:
    """Units of every rival that cite the firm, and units of the firm that cite it."""
    if not study.patents.has("citations"):
        return None
    ids, held = study.unit_ids, study.owners
    links = study.patents.citations.dropna(subset=["cited_id"])
    pairs = pd.DataFrame(
        {"citing": links["citing_id"].map(ids), "cited": links["cited_id"].map(ids)}
    )
    pairs = pairs.dropna().drop_duplicates()
    pairs = pairs[pairs["citing"] != pairs["cited"]]
    own = {o: set(ids.reindex(held.loc[held["owner"] == o, "publication_id"])) for o in (study.firm, *others)}  # fmt: skip

    def count(one: str, other: str) -> int:
        hit = pairs["citing"].isin(list(own[one])) & pairs["cited"].isin(list(own[other]))
        return int(pairs.loc[hit, "citing"].nunique())

    return {"cites_firm": [count(o, study.firm) for o in others],
            "cited_by_firm": [count(study.firm, o) for o in others]}  # fmt: skip


@section("firm.moves", needs=("parties",))
def moves(edition: Edition) -> Iterator[Block]:
    """Technologies and offices where rivals file now and never did before."""
    study = edition.study
    if len(study.capped):
        raise gap("missing.firm.capped")
    # The last years only: to a rival that began within a longer period, all would be new.
    window = spans(study, "lately")[1]
    found = planning.moves(study.patents, study.owners, list(study.rivals), groups=named_technologies(edition),
                           unit_ids=study.unit_ids, years=study.unit_years, window=window)  # fmt: skip
    claim, values = edition.claims("firm.moves"), named(edition)
    names, between = study.owner_names, edition.word("list_separator")
    held = study.owners.assign(
        unit_id=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    held = held[held["unit_id"].map(study.unit_years).lt(window[0]).fillna(False).to_numpy(bool)]
    before = held.groupby("owner")["unit_id"].nunique()
    seen = [o for o in study.rivals if before.get(o, 0) >= planning.MOVES]
    unseen = [o for o in study.rivals if o not in seen]
    values |= {
        "first": claim.parameter("first", window[0]), "last": claim.parameter("last", window[1]),
        "fewest": claim.parameter("fewest", planning.MOVES), "table": Ref("rival_moves"),
        "rivals": between.join(str(names[o]) for o in seen),
        "unseen": between.join(str(names[o]) for o in unseen),
    }  # fmt: skip
    if not seen:
        yield Text("firm.moves.unseen", values, "finding")
        return
    several = study.patents.publications["authority"].nunique() > 1
    if found.empty:
        yield Text("firm.moves.none" if several else "firm.moves.none_home", values, "finding")
        if unseen:
            yield Text("firm.moves.left_out", values, "note")
        return
    counts = found.groupby("owner").size()
    kinds = found.groupby(["owner", "kind"]).size().unstack(fill_value=0)
    most = min(counts.index, key=lambda o: (-counts[o], list(study.rivals).index(o)))
    about = {"fewest": planning.MOVES, "rival": str(most)}
    for kind in ("technology", "office"):
        number = int(((found["owner"] == most) & (found["kind"] == kind)).sum())
        values[kind] = claim(kind, "count", "set", "firm_moves", number, unit="move", window=window,
                             details={**about, "kind": kind})  # fmt: skip
    alike = kinds.index[(kinds == kinds.loc[most]).all(axis=1)]  # nobody is named before his equals
    values["rival"] = between.join(str(names[o]) for o in seen if o in alike)
    yield Text("firm.moves.finding" if several else "firm.moves.finding_home", values, "finding")
    yield Text("firm.moves.body" if several else "firm.moves.body_home", values)
    if unseen:
        yield Text("firm.moves.left_out", values, "note")
    shown = pd.DataFrame(
        {"applicant": found["owner"].map(names), "move": found["kind"].map(
            {k: edition.word(f"move_{k}") for k in ("technology", "office")}),
         "move_into": [edition.technology_names.get(k, k) if kind == "technology" else edition.authority(k)
                       for k, kind in zip(found["key"], found["kind"], strict=True)],
         "count": found["count"]}
    )  # fmt: skip
    yield Table(
        "rival_moves",
        shown,
        {"count": "count"},
        values,
        edition.note("whole", dated=True),
        rows=TOP,
    )
