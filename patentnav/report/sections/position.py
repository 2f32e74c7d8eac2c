"""Part B, where the studied set stands: region, industries, specialisation, owners, status, use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import indicators, planning, plot
from patentnav.planning import INTERVAL, LEVEL, THIN
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.actions import standing_in
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_USE = ("transfer", "licence", "pledge", "preservation", "litigation", "invalidation",
        "opposition", "award")  # fmt: skip
_COARSE = 5  # top nodes of a taxonomy up to which its second level is told instead


def _level(edition: Edition) -> str:
    """Level of the taxonomy that is told: its second where the first is coarse or chosen."""
    inputs, tree = edition.study.inputs, edition.study.tree
    second = inputs.industry or len(tree.top) <= _COARSE
    return "sub_sector" if second and len(tree.nodes) > len(tree.top) else "industry"


@section("position.industries")
def industries(edition: Edition, *, links_told: bool = False) -> Iterator[Block]:
    """How the set divides among the industries of the taxonomy.

    Where the links of the same breakdown were told before (``links_told``), and are these
    industries, there is nothing to add.
    """
    study = edition.study
    if study.inputs.sub_sector:
        return
    rows, level = study.memberships, _level(edition)
    told = rows.dropna(subset=[level])
    if told.empty:
        raise gap("missing.industries")
    counts = study.counts(told[["publication_id", level, "weight"]])
    if len(counts) < 2:
        return
    links = planning.link_members(study.memberships, study.tree)["link"]
    if links_told and set(counts.index) == set(links):
        return
    names = edition.industry_names
    claim = edition.claims("position.industries")
    first = str(counts.index[0])
    assigned = study.unit_ids.reindex(told["publication_id"].unique()).nunique()
    subject, more = f"{level}:{first}", {"label": names[first], "rule": "fractional"}
    values = {
        "taxonomy": study.tree.titles.get(edition.lang, study.tree.name),
        "n": claim("n", "count", "set", "distinct", len(counts), unit=level,
                   details={"facet": level}, rule="fractional"),
        "first": claim("first", "name", "set", "largest", first, unit=level,
                       details={"facet": level, "rank": 1}, rule="fractional"),
        "name": names[first], "unit": edition.unit_word,
        "count": claim("count", "count", subject, "units", counts.iloc[0], **more),
        "share": claim("share", "share", subject, "share", counts.iloc[0] / counts.sum(),
                       baseline="set", **(more | {"unit": "ratio"})),
        "assigned": claim("assigned", "count", "set", "known_units", assigned,
                          details={"facet": level}),
        "assigned_share": claim("assigned_share", "share", "set", "known_share",
                                assigned / study.units, unit="ratio", details={"facet": level}),
    }  # fmt: skip
    told_as = "whole" if float(counts.iloc[0]).is_integer() else "finding"
    yield Text(f"position.industries.{told_as}", values, "finding")
    figure = _industry_figure(edition, counts, level, values)
    key = "body" if level == "industry" else "body_fields"
    yield Text(
        f"position.industries.{key}",
        {**values, "figure": Ref("industries"), "table": Ref("sub_sectors")},
    )
    if "growth" in figure.table.frame:
        yield Text(
            "position.industries.grown",
            {"first": study.last_year - RECENT + 1, "last": study.last_year, "fewest": THIN},
            "note",
        )
    yield figure
    parts = rows.dropna(subset=["sub_sector"])
    if level == "industry" and len(parts):
        yield _sub_sectors(edition, parts, values)


def _industry_figure(
    edition: Edition, counts: pd.Series, level: str, values: dict[str, Any]
) -> Figure:
    study, names, lang = edition.study, edition.industry_names, edition.lang
    every = counts
    if level == "industry":
        every = counts.reindex(
            [*counts.index, *(i for i in study.tree.top if i not in counts.index)]
        )
    frame = pd.DataFrame(
        {"industry": names.reindex(every.index).to_numpy(), "count": every.fillna(0).to_numpy()}
    )
    frame["share"] = frame["count"] / frame["count"].sum()
    grown = _recent_growth(edition, every.index, level)
    if not len(study.capped) and not all(pd.isna(g) for g in grown):
        frame["growth"] = grown
    bars = counts.set_axis(names.reindex(counts.index))
    bars.attrs = dict(counts.attrs)
    forms = {"count": "number", "share": "share", "growth": "percent_change"}
    return Figure(
        Table("industries", frame, forms, {**values, "first": values["name"]},
              edition.note("fractional"), rows=None if level == "industry" else TOP),
        drawing(plot.ranking, bars, lang=lang),
    )  # fmt: skip


def _sub_sectors(edition: Edition, parts: pd.DataFrame, values: dict[str, Any]) -> Table:
    study, names = edition.study, edition.industry_names
    sub = study.counts(parts[["publication_id", "sub_sector", "weight"]])
    parent = {k: names[n.parent] for k, n in study.tree.nodes.items() if n.parent}
    table = pd.DataFrame(
        {"industry": sub.index.map(parent), "sub_sector": names.reindex(sub.index).to_numpy(),
         "count": sub.to_numpy(), "share": (sub / sub.sum()).to_numpy()}
    )  # fmt: skip
    return Table("sub_sectors", table, {"count": "number", "share": "share"}, values,
                 edition.note("fractional"), rows=TOP)  # fmt: skip


def _recent_growth(edition: Edition, order: pd.Index, level: str) -> list[float]:
    """Compound growth from the first to the last of the recent years, by industry; NA from a base of few units."""
    study = edition.study
    members = study.memberships.dropna(subset=[level])[["publication_id", level, "weight"]]
    yearly = study.by_year(members)
    grown = indicators.growth(yearly, span=RECENT - 1)
    last = grown[grown["year"] == study.last_year].set_index("group")["growth"]
    base = yearly[yearly["year"] == study.last_year - RECENT + 1].set_index("group")["count"]
    last = last.where(base.reindex(last.index, fill_value=0.0) >= THIN)
    return [float(v) for v in last.reindex(order)]


@section("position.specialisation")
def specialisation(edition: Edition) -> Iterator[Block]:
    """In which industries the region, or the set, is stronger and weaker than a comparison."""
    study = edition.study
    if study.inputs.reference is not None:
        yield from _against_reference(edition)
        return
    if study.inputs.region and study.compared_with != "set" and _level(edition) == "industry":
        yield from _against_benchmark(edition)
        return
    if study.local is None:
        if study.inputs.applicant or not study.inputs.region:
            return
        raise gap("missing.comparison")
    level, names = _level(edition), edition.industry_names
    rows = study.memberships.dropna(subset=[level])
    frame = standing_in(rows, level, study.local, study.unit_ids)
    frame = frame.rename(columns={"technology": "group"})
    if frame.empty:
        raise gap("missing.comparison")
    frame = frame.sort_values(["advantage", "group"], ascending=[False, True], ignore_index=True)
    shown = frame["advantage_q"] < LEVEL
    alone = (frame["own_count"] > 0) & (frame["rest_count"] == 0)
    above = alone | (frame["advantage"] > 1)
    strong = frame[shown & above & (frame["own_count"] >= THIN)]
    weak = frame[shown & (frame["advantage"] < 1)]
    claim = edition.claims("position.specialisation")
    values: dict[str, Any] = {
        "region": study.inputs.region, "unit": edition.unit_word,
        "total": claim.parameter("total", len(frame)), "interval": claim.parameter("interval", INTERVAL), "thin": claim.parameter("thin", THIN),
        "level": claim.parameter("level", LEVEL),
        "n": claim("n", "count", "set", "groups_with_advantage", len(strong), unit=level,
                   details={"facet": level, "fewest": THIN}),
    }  # fmt: skip
    if len(strong) and pd.isna(strong["advantage"].iloc[0]):
        values["first"] = names[str(strong["group"].iloc[0])]
        yield Text("position.specialisation.alone", values, "finding")
    elif len(strong):
        values |= _most(edition, claim, strong.iloc[0], level, "first")
        yield Text("position.specialisation.strong", values, "finding")
    else:
        yield Text("position.specialisation.none", values, "finding")
    if len(weak):
        # The surest, not the smallest ratio: of a small group nothing at all says little.
        weak = weak.assign(_less=weak["own_share"] - weak["rest_share"])
        surest = weak.sort_values(["advantage_q", "_less", "group"]).iloc[0]
        least = _most(edition, claim, surest, level, "last")
        yield Text("position.specialisation.weak", {**values, **least}, "finding")
    yield Text("position.specialisation.body", {**values, "table": Ref("specialisation")})
    table = pd.DataFrame(
        {
            "industry": frame["group"].map(names), "count": frame["own_count"],
            "share": frame["own_share"], "reference_share": frame["rest_share"],
            "advantage": frame["advantage"], "advantage_low": frame["advantage_low"],
            "advantage_high": frame["advantage_high"], "advantage_q": frame["advantage_q"],
        }
    )  # fmt: skip
    forms = {"share": "share", "reference_share": "share", "advantage_q": "p",
             "advantage": "number", "advantage_low": "number", "advantage_high": "number"}  # fmt: skip
    yield Table("specialisation", table, forms, values, edition.note("whole"), rows=None)


def _most(
    edition: Edition, claim: ClaimMaker, row: pd.Series, level: str, place: str
) -> dict[str, Any]:
    """Claims on the strongest or the weakest industry of the region."""
    group = str(row["group"])
    label, cell = edition.industry_names[group], f"specialisation/{group}"
    subject = f"{level}:{group}&region:inside"
    more = {"label": label, "unit": "ratio", "baseline": "region:outside"}
    return {
        place: label,
        f"{place}_own": claim(f"{place}.own", "count", subject, "units", row["own_count"],
                              label=label, rule="whole", evidence=(f"{cell}/count",)),
        f"{place}_advantage": claim(
            f"{place}.advantage", "comparison", subject, "advantage", row["advantage"],
            direction=1 if row["advantage"] > 1 else -1, test="fisher", n=int(row["own_count"] + row["rest_count"]),
            q=float(row["advantage_q"]), evidence=(f"{cell}/advantage",), **more),
        f"{place}_low": claim(f"{place}.low", "comparison", subject, "advantage_low",
                              row["advantage_low"], **more),
        f"{place}_high": claim(f"{place}.high", "comparison", subject, "advantage_high",
                               row["advantage_high"], **more),
    }  # fmt: skip


def _against_benchmark(edition: Edition) -> Iterator[Block]:
    """The region against the counts of another one that the client gave (table BC)."""
    study, names = edition.study, edition.industry_names
    frame = study.rta.reset_index(names="group")
    years = tuple(study.rta.attrs["years"])
    frame = frame.sort_values(["advantage", "group"], ascending=[False, True], ignore_index=True)
    strong = frame[(frame["advantage_low"] > 1) & (frame["own_count"] >= THIN)]
    weak = frame[frame["advantage_high"] < 1]
    claim = edition.claims("position.specialisation")
    values: dict[str, Any] = {
        "region": study.inputs.region, "unit": edition.unit_word, "other": study.compared_with,
        "start": claim.parameter("start", years[0]), "end": claim.parameter("end", years[1]),
        "interval": claim.parameter("interval", INTERVAL), "thin": claim.parameter("thin", THIN),
    }  # fmt: skip
    for name, side in (("above", strong), ("below", weak)):
        values[name] = claim(name, "count", "set", "compared_groups", len(side), unit="industry",
                             window=years, details={"side": name, "fewest": THIN})  # fmt: skip
    for name, row in (("above", strong.head(1)), ("below", weak.tail(1))):
        if row.empty:
            yield Text(f"position.specialisation.benchmark_none_{name}", values, "finding")
            continue
        one = row.iloc[0]
        key = str(one["group"])
        more: dict[str, Any] = {"label": names[key], "unit": "ratio", "window": years}
        said = {
            "industry": names[key],
            "own": claim(f"{key}.own", "count", f"industry:{key}&region:inside", "units",
                         one["own_count"], label=names[key], rule="whole", window=years),
            **{what: claim(f"{key}.{what}", "index", f"industry:{key}", "compared_advantage",
                           float(one[column]), details={"what": what, "industry": key}, **more)
               for what, column in (("value", "advantage"), ("low", "advantage_low"), ("high", "advantage_high"))},
        }  # fmt: skip
        yield Text(f"position.specialisation.benchmark_{name}", {**values, **said}, "finding")
    yield Text("position.specialisation.benchmark_body", {**values, "table": Ref("specialisation")})
    columns = {"own_count": "count", "own_share": "share", "rest_share": "reference_share"}
    table = frame.assign(industry=frame["group"].map(names)).rename(columns=columns)
    kept = ["industry", *columns.values(), "advantage", "advantage_low", "advantage_high"]
    forms = {"share": "share", "reference_share": "share", **dict.fromkeys(kept[4:], "number")}
    yield Table("specialisation", table[kept], forms, values, edition.note("whole"), rows=None)


def _against_reference(edition: Edition) -> Iterator[Block]:
    """The set against counts that the user gave."""
    study, names = edition.study, edition.industry_names
    members = study.memberships[["publication_id", "industry", "weight"]]
    frame = indicators.specialisation(
        study.patents, members, reference=study.inputs.reference, unit=study.unit
    )
    frame = frame.sort_values(["rta", "group"], ascending=[False, True], ignore_index=True)
    known = frame[frame["rta"].notna() & (frame["count"] >= THIN)]
    if known.empty:
        raise gap("missing.comparison")
    best, claim = known.iloc[0], edition.claims("position.specialisation")
    group = str(best["group"])
    values = {
        "scope": edition.scope(), "first": names[group], "unit": edition.unit_word,
        "thin": claim.parameter("thin", THIN),
        "count": claim("count", "count", f"industry:{group}", "units", best["count"],
                       label=names[group], rule="fractional"),
        "rta": claim("rta", "index", f"industry:{group}", "reference_advantage", best["rta"],
                     label=names[group], unit="ratio", rule="fractional", baseline="reference"),
    }  # fmt: skip
    yield Text("position.specialisation.reference", values, "finding")
    yield Text("position.specialisation.reference_body",
               {**values, "table": Ref("specialisation")})  # fmt: skip
    table = frame.assign(industry=frame["group"].map(names))
    table = table[["industry", "count", "share", "reference_share", "rta", "symmetric"]]
    yield Table("specialisation", table, {"count": "number", "share": "share",
                                          "reference_share": "share"}, values,
                edition.note("fractional"), rows=None)  # fmt: skip


@section("position.applicant_types", needs=("parties", "parties.party_type"))
def applicant_types(edition: Edition) -> Iterator[Block]:
    """Firms, universities, institutes, persons; and how often they file together."""
    study = edition.study
    if study.inputs.applicant:
        return
    owners = study.owners.assign(party_type=study.owners["owner"].map(study.owner_types))
    known = owners.dropna(subset=["party_type"])
    if known.empty:
        raise gap("missing.column", table="parties", column="party_type")
    counts = study.counts(known[["publication_id", "party_type", "weight"]])
    claim = edition.claims("position.applicant_types")
    joint, owned = _joint(edition)
    first = str(counts.index[0])
    named = edition.named("party_type", pd.Series(counts.index))
    unknown = int(owners["owner"].nunique() - known["owner"].nunique())
    values = {
        "first": named.iloc[0], "unit": edition.unit_word,
        "share": claim("share", "share", f"owner_type:{first}", "share",
                       counts.iloc[0] / counts.sum(), label=named.iloc[0], unit="ratio",
                       rule="fractional", baseline="set"),
        "joint": claim("joint", "count", "set", "joint_units", joint),
        "joint_share": claim("joint_share", "share", "set", "joint_share", joint / owned,
                             unit="ratio"),
        "unknown": claim("unknown", "count", "set", "owners_of_type", unknown, unit="owner",
                         details={"type": ""}),
    }  # fmt: skip
    if len(counts) > 1:
        yield Text("position.applicant_types.finding", values, "finding")
    if joint:
        yield Text("position.applicant_types.joint", values, "finding")
    if len(counts) > 1:
        yield Text("position.applicant_types.body", {**values, "table": Ref("applicant_types")})
        if unknown:
            yield Text("position.applicant_types.unknown", values, "note")
        people = known.drop_duplicates("owner")["party_type"].value_counts()
        frame = pd.DataFrame(
            {"party_type": named.to_numpy(), "owners": people.reindex(counts.index).to_numpy(),
             "count": counts.to_numpy(), "share": (counts / counts.sum()).to_numpy()}
        )  # fmt: skip
        yield Table("applicant_types", frame, {"count": "number", "share": "share"}, values,
                    edition.note("fractional"))  # fmt: skip


def _joint(edition: Edition) -> tuple[int, int]:
    """Units with two or more owners, inventors who are named as owners apart; and owned units."""
    study = edition.study
    rows = study.owners.assign(
        unit_id=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    owned = rows["unit_id"].nunique()
    others = rows.merge(study.inventing_owners, on=["publication_id", "owner"], how="left",
                        indicator=True)  # fmt: skip
    firms = others[others["_merge"] == "left_only"].groupby("unit_id")["owner"].nunique()
    return int((firms > 1).sum()), int(owned)


@section("position.legal_status", needs=("publications.legal_status",))
def legal_status(edition: Edition) -> Iterator[Block]:
    """What is pending, in force and gone."""
    study = edition.study
    status = study.patents.publications["legal_status"].dropna()
    status = status[status != "unknown"]
    if status.empty:
        raise gap("missing.status")
    rows = pd.DataFrame(
        {"status": status, "unit_id": study.unit_ids.reindex(status.index)}
    ).drop_duplicates()
    counts = rows["status"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    counts.attrs = {"unit": study.unit, "counting": "whole"}
    known = rows["unit_id"].nunique()
    claim = edition.claims("position.legal_status")
    details = {"facet": "status", "without": ("unknown",)}
    names = edition.named("legal_status", pd.Series(counts.index))
    values: dict[str, Any] = {
        "unit": edition.unit_word,
        "known": claim("known", "count", "set", "known_units", known, details=details),
        "known_share": claim("known_share", "share", "set", "known_share", known / study.units,
                             unit="ratio", details=details),
    }  # fmt: skip
    for word, state in (("force_share", "in_force"), ("pending_share", "pending")):
        values[word] = claim(word, "share", f"status:{state}", "share_of_known",
                             int(counts.get(state, 0)) / known, unit="ratio",
                             details=details)  # fmt: skip
    told = [k for k in ("force_share", "pending_share") if values[k].value]
    key = "finding" if len(told) == 2 else {"force_share": "force", "pending_share": "pending"}.get(
        told[0] if told else "", "gone")  # fmt: skip
    yield Text(f"position.legal_status.{key}", values, "finding")
    every = "body" if values["known"].value < study.units else "body_all"
    yield Text(f"position.legal_status.{every}", {**values, "figure": Ref("legal_status")})
    lang = edition.lang
    bars = counts.set_axis(names)
    bars.attrs = dict(counts.attrs)
    frame = pd.DataFrame({"legal_status": names.to_numpy(), "count": counts.to_numpy()})
    frame["share"] = frame["count"] / known
    yield Figure(
        Table("legal_status", frame, {"count": "count", "share": "share"}, values,
              edition.note("whole")),
        drawing(plot.ranking, bars, lang=lang),
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
    covered = study.unit_ids.reindex(study.patents.legal_events["publication_id"]).nunique()
    claim = edition.claims("position.operation")
    touched = int(events["unit_id"].nunique())
    most = str(frame["count"].idxmax())
    details = {"facet": "event", "keys": _USE}
    values = {
        "unit": edition.unit_word, "most": names.iloc[list(frame.index).index(most)],
        "touched": claim("touched", "count", "set", "units_with_any", touched, details=details),
        "share": claim("share", "share", "set", "share_with_any", touched / study.units,
                       unit="ratio", details=details),
        "most_count": claim("most", "count", f"event:{most}", "units",
                            int(frame["count"].max()), rule="whole"),
        "covered": claim("covered", "share", "set", "known_share", covered / study.units,
                         unit="ratio", details={"facet": "event"}),
    }  # fmt: skip
    yield Text("position.operation.finding", values, "finding")
    yield Text("position.operation.body", {**values, "table": Ref("operation")})
    frame = frame.reset_index(drop=True)
    frame.insert(0, "event", names)
    yield Table("operation", frame, {"count": "count"}, values, edition.note("whole"))
