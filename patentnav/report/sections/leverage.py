"""What a firm can do with its position: fences, licensees, holders to look at, listing, measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts, i18n, planning, plot
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.firm import alone, linked, named, rivals_of, units_of
from patentnav.report.sections.official import measures_table
from patentnav.report.sections.ties import figure_size, named_technologies
from patentnav.report.sections.uses import titles
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition
    from patentnav.study import Study

_SIDES = ("own", "rivals", "others")
_ITEMS = ("co_owned", "acquired", "pledged", "disputed")
_EVENTS = {"acquired": ("transfer",), "pledged": ("pledge",), "disputed": planning.DISPUTES}


def citing(study: Study) -> pd.DataFrame:
    """Who cites the firm's living units (:func:`patentnav.planning.citing_units`)."""
    return planning.citing_units(study.patents, study.owners, study.firm, rivals=list(rivals_of(study)),
                                 unit=study.unit)  # fmt: skip


@section("layout.fence", needs=("parties", "citations"))
def fence(edition: Edition) -> Iterator[Block]:
    """What stands around the firm's living rights: units that cite them, own ones and others'."""
    study = edition.study
    alone(study)
    pairs = citing(study)
    claim, values = edition.claims("layout.fence"), named(edition)
    values |= {"figure": Ref("fence_bars"), "table": Ref("fence")}
    for side in _SIDES:
        number = int(pairs.loc[pairs["side"] == side, "citing"].nunique())
        values[side] = claim(side, "count", f"owner:{study.firm}", "firm_fence", number, unit="citing",
                             label=values["firm"], details={"side": side, "rivals": rivals_of(study)})  # fmt: skip
    values["cited"] = claim("cited", "count", f"owner:{study.firm}", "firm_fence", int(pairs["cited"].nunique()),
                            unit="cited", label=values["firm"],
                            details={"side": "cited", "rivals": rivals_of(study)})  # fmt: skip
    if pairs.empty:
        yield Text("layout.fence.none", values, "finding")
        return
    yield Text("layout.fence.finding", values, "finding")
    several = int(pairs.groupby("cited")["citing"].nunique().max()) > 1
    yield Text("layout.fence.body" if several else "layout.fence.listed", values)
    yield Text("layout.fence.note", values, "note")
    counts = pairs.groupby(["cited", "side"])["citing"].nunique().unstack(fill_value=0)
    counts = counts.reindex(columns=list(_SIDES), fill_value=0)
    counts = counts.assign(_all=counts.sum(axis=1)).sort_values(
        "_all", ascending=False, kind="stable"
    )
    first = study.unit_ids[
        study.unit_ids.isin(counts.index) & study.unit_ids.index.isin(study.firm_ids)
    ]
    lead = pd.Series(first.index, index=first.to_numpy()).groupby(level=0).min()
    counts.index = pd.Index(lead.reindex(counts.index).to_numpy(), name="publication_id")
    sides = counts[list(_SIDES)]
    shown = sides.rename(columns={s: f"citing_{s}" for s in _SIDES}).reset_index()
    shown.insert(1, "title", titles(edition, shown["publication_id"]))
    words = {s: edition.word(f"side_{s}") for s in _SIDES}
    if several:  # else all bars are one
        yield Figure(Table("fence_bars", shown.drop(columns="title").head(TOP), {"publication_id": "code"}, values, edition.note("whole")),
                     drawing(plot.stacks, sides, edition.unit_axis, names=words),
                     size=figure_size(len(sides)))  # fmt: skip
    yield Table("fence", shown, {"publication_id": "code"}, values, edition.note("whole"), rows=TOP)


@section("operate.licence", needs=("parties", "citations"))
def licence(edition: Edition) -> Iterator[Block]:
    """Other owners who cite the firm's living rights: whom to ask, no wish is known."""
    study = edition.study
    alone(study)
    pairs = citing(study)
    pairs = pairs[pairs["side"] != "own"]
    held = study.firms[["publication_id", "owner"]]
    held = held.assign(citing=study.unit_ids.reindex(held["publication_id"]).to_numpy())
    by = pairs.merge(held.drop_duplicates(["citing", "owner"]), on="citing")
    by = by[by["owner"] != study.firm]
    claim, values = edition.claims("operate.licence"), named(edition)
    values |= {
        name: claim(name, "count", f"owner:{study.firm}", "firm_cited", int(by[column].nunique()),
                    unit=name, label=values["firm"], details={"which": name, "rivals": rivals_of(study)})
        for name, column in (("cited", "cited"), ("owners", "owner"))
    }  # fmt: skip
    values["table"] = Ref("licensees")
    if by.empty:
        yield Text("operate.licence.none", values, "finding")
        return
    yield Text("operate.licence.finding", values, "finding")
    yield Text("operate.licence.body", values)
    yield Text("operate.licence.note", values, "note")
    table = by.groupby("owner").agg(
        cited_units=("cited", "nunique"), citing_units=("citing", "nunique")
    )
    table = table.sort_values("citing_units", ascending=False, kind="stable")
    years = study.owner_life["last_filing"].reindex(table.index)
    shown = pd.DataFrame(
        {"applicant": study.owner_names.reindex(table.index).to_numpy(),
         "party_type": edition.named("party_type", study.owner_types.reindex(table.index)).to_numpy(),
         "cited_units": table["cited_units"].to_numpy(), "citing_units": table["citing_units"].to_numpy(),
         "last_filing": years.to_numpy(), "is_rival": table.index.isin(list(rivals_of(study)))}
    )  # fmt: skip
    yield Table(
        "licensees", shown, {"last_filing": "year"}, values, edition.note("whole"), rows=TOP
    )


@section("operate.targets", needs=("parties", "publications.legal_status"))
def targets(edition: Edition) -> Iterator[Block]:
    """Holders in the firm's technologies by rights, citations, team and disputes; no advice to buy."""
    study = edition.study
    if study.firm_alone:
        raise gap("missing.firm.alone", firm=str(study.owner_names[study.firm]))
    rows = named_technologies(edition)
    rows = rows[rows["technology"].isin(study.firm_technologies)]
    kinds = study.owner_types.reindex(study.firms["owner"])
    firms = (kinds.isna() | (kinds == "enterprise")).fillna(True).astype(bool).to_numpy()
    others = study.firms[firms & (study.firms["owner"] != study.firm).to_numpy()]
    found = planning.holders_of(study.patents, others, rows, unit_ids=study.unit_ids,
                                percentile=study.percentile)  # fmt: skip
    if found.empty:
        raise gap("missing.firm.no_holders", fewest=planning.LEAST_HELD)
    claim, values = edition.claims("operate.targets"), named(edition)
    known = [c for c in ("rights", "percentile", "team", "disputes") if found[c].notna().any()]
    for which, number in (("all", len(found)), ("pareto", int(found["pareto"].sum()))):
        values[which] = claim(which, "count", f"owner:{study.firm}", "firm_holders", number, unit="owner",
                              label=values["firm"], details={"which": which, "fewest": planning.LEAST_HELD})  # fmt: skip
    values |= {
        "fewest": claim.parameter("fewest", planning.LEAST_HELD), "table": Ref("holders_to_look_at"),
        "parts": edition.word("list_separator").join(edition.word(f"holder_{c}") for c in known),
    }  # fmt: skip
    yield Text("operate.targets.finding", values, "finding")
    yield Text("operate.targets.body", values)
    yield Text("operate.targets.note", values, "note")
    shown = pd.DataFrame({"applicant": study.owner_names.reindex(found["owner"]).to_numpy()})
    for column in ("rights", "percentile", "team", "disputes"):
        shown[f"holder_{column}"] = found[column].to_numpy()
    shown["pareto"] = found["pareto"].astype(bool).to_numpy()
    yield Table("holders_to_look_at", shown, {"holder_percentile": "number"}, values, edition.note("whole"), rows=TOP)  # fmt: skip


def listing_items(study: Study) -> dict[str, pd.Index | None]:
    """Units that a prospectus has to explain, by item; None where the set does not tell."""
    held = study.owners
    units = study.unit_ids.reindex(held["publication_id"]).to_numpy()
    keyed = held.assign(unit_id=units)
    own = set(keyed.loc[keyed["owner"] == study.firm, "unit_id"])
    shared = keyed[keyed["unit_id"].isin(list(own)) & (keyed["owner"] != study.firm)]
    found: dict[str, pd.Index | None] = {"co_owned": pd.Index(sorted(shared["unit_id"].unique()))}
    told = study.patents.has("legal_events")
    for item, categories in _EVENTS.items():
        if not told:
            found[item] = None
            continue
        events = study.patents.legal_events
        hit = events.loc[events["category"].isin(categories), "publication_id"]
        found[item] = units_of(study, study.firm_ids[study.firm_ids.isin(hit)])
    return found


@section("operate.listing", needs=("parties",))
def listing(edition: Edition) -> Iterator[Block]:
    """What has to be explained before a listing: shared, acquired, pledged and disputed rights."""
    study = edition.study
    items = listing_items(study)
    claim, values = edition.claims("operate.listing"), named(edition)
    values["table"] = Ref("listing")
    rows = []
    for item in _ITEMS:
        units = items[item]
        if units is None:
            continue
        values[item] = claim(item, "count", f"owner:{study.firm}", "firm_listing", len(units),
                             unit="right", label=values["firm"], details={"item": item})  # fmt: skip
        rows.append(
            (edition.word(f"listing_{item}"), len(units), edition.word(f"listing_{item}_ask"))
        )
    told = items["pledged"] is not None
    yield Text(
        "operate.listing.finding" if told else "operate.listing.eventless", values, "finding"
    )
    yield Text("operate.listing.body", values)
    yield Text("operate.listing.note", values, "note")
    frame = pd.DataFrame(rows, columns=["listing_item", "units", "listing_ask"])
    yield Table("listing", frame, {"units": "count"}, values, edition.note("whole"), rows=None)


def _uncovered(study: Study) -> list[str]:
    rows = study.coverage
    return [str(p) for p in rows.loc[rows["uncovered"].astype(bool), "product"].drop_duplicates()]


def _unlisted(study: Study) -> list[str]:
    return [] if "PR" in study.user_tables else [str(study.owner_names[study.firm])]


def _late(study: Study) -> list[str]:
    if study.percentile is None:
        return []
    rows = planning.seldom_used(study.patents, list(study.firm_ids), study.percentile, linked=linked(study))  # fmt: skip
    return list(rows["publication_id"])


def _ending(study: Study) -> list[str]:
    force = study.patents.publications["legal_status"].reindex(study.firm_ids).eq("in_force")
    ends = facts.expiry_dates(study.patents).reindex(study.firm_ids[force.fillna(False)])
    limit = facts.moment(study.patents) + pd.DateOffset(years=3)
    return list(ends.index[ends <= limit])


def _cited(study: Study) -> list[str]:
    if not study.patents.has("citations"):
        return []
    pairs = citing(study)
    rows = pairs[pairs["side"] == "rivals"]
    ids = study.unit_ids[study.unit_ids.isin(rows["cited"])]
    return [p for p in ids.index if p in set(study.firm_ids)]


def _gaps(study: Study, kind: str, column: str) -> list[str]:
    found = study.lacking
    return [str(v) for v in found.loc[found["kind"] == kind, column].drop_duplicates()]


def _lacking(study: Study) -> list[str]:
    names = study.technologies.names
    return [f"{k} {names[k]}" for k in _gaps(study, "gap", "technology")]


def _pending(study: Study) -> list[str]:
    return _gaps(study, "continue", "publication_id")


_RULES: dict[str, tuple[str, Callable[[Study], list[str]]]] = {
    "cover": ("firm.products", _uncovered),
    "list": ("firm.products", _unlisted),
    "ends": ("firm.assets", _ending),
    "review": ("firm.upkeep", _late),
    "gaps": ("layout.gaps", _lacking),
    "continue": ("layout.gaps", _pending),
    "rivals": ("layout.fence", _cited),
}
_SHOWN = 3


@section("firm.measures", needs=("parties",))
def measures(edition: Edition) -> Iterator[Block]:
    """What follows from what was found, each with its evidence; a row only where a rule fired."""
    study = edition.study
    confirm = edition.word("to_confirm")
    rows = []
    for name, (place, rule) in _RULES.items():
        try:
            found = rule(study)
        except UnavailableError:
            continue  # the section itself says what is missing
        if not found:
            continue
        told = edition.word("list_separator").join(found[:_SHOWN])
        if len(found) > _SHOWN:
            told = edition.word("measure_more", names=told, count=len(found))
        rows.append((confirm, edition.word(f"firm_action_{name}"), told,
                     i18n.text(f"report.{place}.title", edition.lang), confirm,
                     edition.word(f"firm_success_{name}")))  # fmt: skip
    values = named(edition)
    if not rows:
        yield Text("firm.measures.none", values)
        return
    values |= {"count": edition.claims("firm.measures").parameter("count", len(rows)),
               "table": Ref("measures_of_firm")}  # fmt: skip
    yield Text("firm.measures.body", values)
    yield measures_table("measures_of_firm", rows)
