"""The region's strength: density, quality, owners, structure, flows, services, one position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import facts, indicators, matching, plot, tables
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.official import needed
from patentnav.study.fit import WINDOW
from patentnav.study.gaps import gap
from patentnav.valuation import high_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

DENSITY = "invention_density"
_FEWEST = 10  # units of a share of which something is said
_NAMED = 4  # indicators that a gap names
_TOP = 10
_EVEN = 0.01  # of the largest, up to which ratios of cities do not differ


def ratio_claims(
    edition: Edition, claim: ClaimMaker, name: str, about: Mapping[str, Any], values: pd.Series
) -> dict[str, Any]:
    """Claims on a ratio of the region among the cities: value, rank, number, the best.

    Parameters
    ----------
    edition, claim
        The edition and the maker of the section's claims.
    name
        Of the ratio.
    about
        ``over, under, scale, lag, year``.
    values
        Ratio by city, all known.
    """
    home, names = edition.study.home, edition.study.city_names
    details = {k: about[k] for k in ("over", "under", "scale", "lag", "year")}
    own = {**details, "city": home.code}
    subject, label = f"city:{home.code}", home.name
    best = min(values.index, key=lambda c: (-values[c], c))
    return {
        "region": edition.study.inputs.region, "year": str(about["year"]), "ratio": about[edition.lang],
        "value": claim(f"{name}.value", "index", subject, "city_ratio", values[home.code],
                       label=label, unit="ratio", details=own),
        "rank": claim(f"{name}.rank", "rank", subject, "city_ratio_rank",
                      1 + int((values > values[home.code]).sum()), label=label, unit="place", details=own),
        "even": claim.parameter(f"{name}.even", _EVEN),
        "cities": claim(f"{name}.cities", "count", "set", "city_ratio_cities", len(values),
                        unit="city", details=details),
        "best": claim(f"{name}.best", "name", "set", "city_ratio_best", best, unit="city",
                      label=str(names[best]), details={**details, "facet": "city"}),
        "part": claim(f"{name}.part", "share", subject, "city_ratio_of_best",
                      values[home.code] / values[best], label=label, unit="ratio", details=own),
    }  # fmt: skip


def ratio_key(values: pd.Series, home: str) -> str:
    """Wording of a ratio: the region leads, follows, stands alone, or all are about the same."""
    if len(values) == 1:
        return "alone"
    if values.max() - values.min() <= _EVEN * values.max():
        return "even"  # a rank would tell of rounding
    return "leads" if values[home] >= values.max() else "follows"


@section("region.scale", needs=("parties",))
def scale(edition: Edition) -> Iterator[Block]:
    """Patents for the size of the region, its place among the cities, the official number."""
    needed(edition, "region.scale", "CS", "population", "invention_in_force", "gdp")
    study = edition.study
    home, statistics = study.home, study.statistics
    claim = edition.claims("region.scale")
    ratios, told = study.ratios, matching.ratios("index")
    year = study.index_year
    shown = [n for n in (DENSITY, "pct_density") if n in ratios]
    rows = {}
    for name in shown:
        held = ratios[name].xs(year, level="year").dropna()
        if home.code not in held.index:
            continue
        rows[name] = held
        said = ratio_claims(edition, claim, name, {**told[name], "year": year}, held)
        yield Text(f"region.scale.{ratio_key(held, home.code)}", said, "finding")
    own = pd.DataFrame(statistics.xs(home.code, level="region_code"))
    yield from _reconciled(edition, claim, own, year)
    if not rows:
        return
    frame = pd.DataFrame({"city": study.city_names, **rows}).dropna(subset=list(rows), how="all")
    frame = frame.sort_values(shown[0], ascending=False, ignore_index=True)
    bars = frame.set_index("city")[shown[0]]
    label = f"{told[shown[0]][edition.lang]}"
    values: dict[str, Any] = {"year": str(year), "table": Ref("city_density"), "figure": Ref("city_densities"),
              "region": study.inputs.region}  # fmt: skip
    yield Text("region.scale.body", values)
    yield Figure(
        Table("city_densities", frame[["city", shown[0]]], {shown[0]: "number"}, values,
              Text("region.official_note", values, "note")),
        drawing(plot.amounts, bars, label, marked=[home.name]),
    )  # fmt: skip
    yield Table("city_density", frame, dict.fromkeys(rows, "number"), values, None, rows=None)


def _reconciled(
    edition: Edition, claim: ClaimMaker, own: pd.DataFrame, year: int
) -> Iterator[Block]:
    """Inventions in force of the set beside the official number, and per head with its interval."""
    study = edition.study
    held, home = len(study.in_force_inventions), study.home
    subject, label = "region:inside", study.inputs.region
    values: dict[str, Any] = {
        "region": study.inputs.region, "unit": edition.unit_word, "year": str(year),
        "count": claim("held", "count", subject, "in_force_inventions", held, label=label),
    }  # fmt: skip
    official = own.get("invention_in_force", pd.Series(dtype=float)).get(year, np.nan)
    city = {"city": home.code, "year": year}
    if pd.notna(official) and official:
        values["official"] = claim("official", "index", f"city:{home.code}", "statistic",
                                   float(official), label=home.name,
                                   details={**city, "indicator": "invention_in_force"})  # fmt: skip
        values["deviation"] = claim("deviation", "index", subject, "over_official",
                                    held / official - 1, label=label, unit="ratio", details=city)  # fmt: skip
        yield Text("region.scale.reconciled", values)
    people = own.get("population", pd.Series(dtype=float)).get(year, np.nan)
    if pd.notna(people) and people:
        low, high = matching.poisson_interval(held)
        for name, bound in (("low", low), ("high", high)):
            values[name] = claim(f"bound.{name}", "index", subject, "density_bound", bound / people,
                                 label=label, details={**city, "upper": name == "high"})  # fmt: skip
        yield Text("region.scale.interval", values, "note")


@section("region.quality", needs=("parties", "publications.legal_status"))
def quality(edition: Edition) -> Iterator[Block]:
    """High-value inventions with both bounds, and each condition with what is not known."""
    study = edition.study
    ids = study.local_ids
    found = high_value(study.patents).loc[ids]
    units = study.unit_ids.reindex(ids)
    valid = found["valid_invention"].fillna(False).astype(bool)
    held = units[valid].nunique()
    if held < _FEWEST:
        raise gap("missing.few_held", count=int(held), fewest=_FEWEST)
    claim = edition.claims("region.quality")
    subject, label = "region:inside", study.inputs.region
    yes = found["high_value"].fillna(False).astype(bool)
    maybe = found["high_value"].isna() & valid
    sure, most = units[yes & valid].nunique(), units[(yes | maybe) & valid].nunique()
    more = {"label": label, "details": {"criterion": "high_value"}}
    values = {
        "region": label, "unit": edition.unit_word,
        "held": claim("held", "count", subject, "in_force_inventions", int(held), label=label),
        "sure": claim("sure", "share", subject, "high_value_share", sure / held, unit="ratio",
                      **{**more, "details": {"criterion": "high_value", "bound": "low"}}),
        "most": claim("most", "share", subject, "high_value_share", most / held, unit="ratio",
                      **{**more, "details": {"criterion": "high_value", "bound": "high"}}),
        "table": Ref("region_criteria"),
    }  # fmt: skip
    # That all of it may be says nothing.
    key = "finding" if most < held else "open"
    yield Text(f"region.quality.{key}", values, "finding")
    yield Text("region.quality.body", values)
    rows = []
    for name in found.columns.drop(["valid_invention", "high_value"]):
        told = found[name][valid]
        rows.append((edition.word(f"criterion_{name}"),
                     units[told.index[told.fillna(False).astype(bool)]].nunique(),
                     units[told.index[told.notna() & ~told.fillna(False).astype(bool)]].nunique(),
                     units[told.index[told.isna()]].nunique()))  # fmt: skip
    columns = ["criterion", "units_met", "not_met", "not_known"]
    frame = pd.DataFrame(rows, columns=columns)
    yield Table("region_criteria", frame, dict.fromkeys(columns[1:], "count"), values,
                edition.note("whole"), rows=None)  # fmt: skip


@section("region.owners", needs=("parties",))
def owners(edition: Edition) -> Iterator[Block]:
    """Who files in the region: firms' share, the largest ten, growth without the largest."""
    study = edition.study
    window = study.recent
    years = study.unit_years
    local = set(study.unit_ids.reindex(study.local_ids))
    here = years[years.between(*window) & years.index.isin(list(local))].index
    if len(here) < _FEWEST:
        raise gap("missing.few_held", count=len(here), fewest=_FEWEST)
    held = study.owners.assign(
        unit_id=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    held = held[held["unit_id"].isin(list(local))]
    now = held[held["unit_id"].isin(list(here))]
    counts = now.groupby("owner")["unit_id"].nunique().sort_index()
    counts = counts.sort_values(ascending=False, kind="stable")
    types = study.owner_types
    firms = now[now["owner"].map(types) == "enterprise"]["unit_id"].nunique()
    claim = edition.claims("region.owners")
    about: dict[str, Any] = {"label": study.inputs.region, "window": window}
    top = held[held["owner"] == counts.index[0]]
    values: dict[str, Any] = {
        "region": study.inputs.region, "unit": edition.unit_word,
        "first": claim.parameter("first", window[0]), "last": claim.parameter("last", window[1]),
        "count": claim("count", "count", "region:inside", "units", len(here), rule="whole", **about),
        "firms": claim("firms", "share", "region:inside", "share_of_kind", firms / len(here),
                       unit="ratio", details={"kind": "enterprise"}, **about),
        "owners": claim("owners", "count", "region:inside", "local_owners", len(counts), unit="owner",
                        details={"new": False}, **about),
        "new": claim("new", "count", "region:inside", "local_owners",
                     _entrants(held, years, counts.index, window[0]), unit="owner",
                     details={"new": True}, **about),
        "largest": claim("largest", "share", "region:inside", "local_top_share",
                         now[now["owner"].isin(list(counts.index[:_TOP]))]["unit_id"].nunique() / len(here),
                         unit="ratio", details={"top": _TOP}, **about),
        "top": claim.parameter("top", _TOP),
    }  # fmt: skip
    yield Text("region.owners.finding", values, "finding")
    before = (window[0] - WINDOW, window[0] - 1)
    early = years[years.between(*before) & years.index.isin(list(local))].index
    without = early.difference(pd.Index(top["unit_id"])), here.difference(pd.Index(top["unit_id"]))
    if len(early) >= _FEWEST and len(without[0]) >= _FEWEST:
        values |= {
            "all": claim("all", "index", "region:inside", "change_between", len(here) / len(early) - 1,
                         unit="ratio", details={"early": before, "without": ""}, **about),
            "rest": claim("rest", "index", "region:inside", "change_between",
                          len(without[1]) / len(without[0]) - 1, unit="ratio",
                          details={"early": before, "without": str(counts.index[0])}, **about),
            "before_first": claim.parameter("before_first", before[0]),
            "before_last": claim.parameter("before_last", before[1]),
        }  # fmt: skip
        yield Text("region.owners.without", values)
    frame = pd.DataFrame({
        "applicant": study.owner_names.reindex(counts.index).to_numpy(),
        "party_type": edition.named("party_type", types.reindex(counts.index)).to_numpy(),
        "count": counts.to_numpy(), "share": counts.to_numpy() / len(here),
    })  # fmt: skip
    if study.inputs.masked:
        person = (types.reindex(counts.index) == "individual").to_numpy()
        frame = frame[~person].reset_index(drop=True)
    left_out = {"table": Ref("local_owners"), "persons": len(counts) - len(frame)}
    yield Text(f"region.owners.{'body_masked' if left_out['persons'] else 'body'}", left_out)
    yield Table("local_owners", frame, {"count": "count", "share": "share"},
                values, edition.note("whole"), rows=TOP)  # fmt: skip


def _entrants(held: pd.DataFrame, years: pd.Series, active: pd.Index, first: int) -> int:
    """Owners whose first unit in the region is of the window."""
    own = held[held["owner"].isin(list(active))]
    began = own["unit_id"].map(years).groupby(own["owner"]).min()
    return int((began >= first).sum())


@section("region.shift", needs=("parties",))
def shift(edition: Edition) -> Iterator[Block]:
    """Change between two periods divided: the whole, the mix of industries, the region's own."""
    study = edition.study
    counts, own = study.compared_counts, study.local_industries
    years = sorted(int(y) for y in counts["year"].dropna().unique() if y <= study.last_year)
    half = min(WINDOW, (years[-1] - years[0] + 1) // 2) if years else 0
    if half < 2:
        raise gap("missing.few_years", count=len(years), fewest=4)
    # Of equal length, whether or not the reference has units in every year.
    late = (years[-1] - half + 1, years[-1])
    early = (late[0] - half, late[0] - 1)
    sums = {}
    for name, window in (("early", early), ("late", late)):
        sums[name] = counts[counts["year"].between(*window)].groupby("industry")["count"].sum()
        sums[f"own_{name}"] = (
            own[own["year"].between(*window)].groupby("industry")["unit_id"].nunique()
        )
    if not sums["early"].sum():
        raise gap("missing.comparison")
    large = sums["own_early"] >= _FEWEST
    own_groups = sums["own_early"].index[large if large.any() else sums["own_early"] > 0]
    thin = sums["early"].reindex(own_groups, fill_value=0) < _FEWEST
    if thin.any():
        raise gap("missing.thin_reference", thin=int(thin.sum()), fewest=_FEWEST)
    if sums["own_early"].sum() < _FEWEST:
        raise gap("missing.few_held", count=int(sums["own_early"].sum()), fewest=_FEWEST)
    parts = matching.shift_share(sums["own_early"].astype(float), sums["own_late"].astype(float),
                                 sums["early"].astype(float), ref_after=sums["late"].astype(float))  # fmt: skip
    claim = edition.claims("region.shift")
    values: dict[str, Any] = {
        "region": study.inputs.region, "unit": edition.unit_word, "other": _other(edition),
        "first": str(late[0]), "last": str(late[1]), "before_first": str(early[0]),
        "before_last": str(early[1]),
    }  # fmt: skip
    for what in ("change", "total", "mix", "own"):
        values[what] = claim(what, "index", "region:inside", "shift_part", float(parts[what].sum()),
                             label=study.inputs.region, unit="units",
                             details={"what": what, "early": early, "late": late})  # fmt: skip
    yield Text("region.shift.finding", values, "finding")
    yield Text("region.shift.body", {**values, "figure": Ref("shift_parts"), "table": Ref("shift")})
    bars = pd.Series(
        {edition.word(f"shift_{w}"): float(values[w]) for w in ("total", "mix", "own")}
    )
    frame = pd.DataFrame({"shift_name": list(bars.index), "count": bars.to_numpy()})
    yield Figure(
        Table("shift_parts", frame, {"count": "number"}, values, edition.note("whole")),
        drawing(plot.amounts, bars, edition.unit_axis), size=(6.3, 2.0),
    )  # fmt: skip
    told = parts.reset_index(names="industry")
    told["industry"] = told["industry"].map(edition.industry_names)
    told = told.rename(columns={c: f"shift_{c}" for c in parts.columns})
    whole = {f"shift_{c}": "count" for c in ("before", "after", "change")}
    forms = {str(c): "number" for c in told.columns[1:]} | whole
    yield Table("shift", told, forms, values, edition.note("whole"), rows=None)  # fmt: skip


def _other(edition: Edition) -> str:
    """What the region is compared with, in words."""
    name = edition.study.compared_with
    return edition.word("rest_of_set") if name == "set" else name


@section("region.flows", needs=("parties", "legal_events"))
def flows(edition: Edition) -> Iterator[Block]:
    """Transfers and licences that come, go and stay, where both places are known."""
    study = edition.study
    found = indicators.deals(study.patents, study.owner_level, study.unit).dropna(
        subset=["told_by"]
    )
    found = found[(found["category"] != "pledge") & (found["from_id"] != found["to_id"])]
    if found.empty:
        raise gap("missing.deals")
    side = _side(edition)
    both = pd.DataFrame({"from": found["from_id"].map(side), "to": found["to_id"].map(side),
                         "unit_id": found["unit_id"]}).dropna()  # fmt: skip
    claim = edition.claims("region.flows")
    label = study.inputs.region
    values: dict[str, Any] = {"region": label, "unit": edition.unit_word}
    cases = {"in": (False, True), "out": (True, False), "within": (True, True)}
    for name, (giver, taker) in cases.items():
        hit = both[(both["from"].astype(bool) == giver) & (both["to"].astype(bool) == taker)]
        values[name] = claim(name, "count", "region:inside", "flow_units", int(hit["unit_id"].nunique()),
                             label=label, details={"what": name})  # fmt: skip
    for name, number in (("known", len(both)), ("all", len(found))):
        values[name] = claim(name, "count", "set", "flow_deals", number, unit="deal",
                             details={"known": name == "known"})  # fmt: skip
    yield Text("region.flows.finding", values, "finding")
    yield Text("region.flows.note", values, "note")


def _side(edition: Edition) -> pd.Series:
    """Whether an owner is of the region, by most of its publications of known place."""
    study = edition.study
    inside = facts.inside(study.patents, study.inputs.region).dropna().astype(bool)
    rows = study.owners[study.owners["publication_id"].isin(inside.index)]
    share = inside.reindex(rows["publication_id"]).groupby(rows["owner"].to_numpy()).mean()
    return share > 0.5


@section("region.services")
def services(edition: Edition) -> Iterator[Block]:
    """What is told of protection and services, with its source; nothing is computed."""
    declared = tables.load("CS").indicators
    wanted = [n for n, one in declared.items() if one.get("head")]
    rows = needed(edition, "region.services", "CS", *wanted[:_NAMED], among=wanted)
    study = edition.study
    home = study.home
    own = rows[(rows["region_code"] == home.code) & rows["indicator"].isin(wanted)].dropna(
        subset=["value"]
    )
    if own.empty:
        raise gap(
            "missing.user_table",
            user_table="CS",
            columns=tuple(wanted[:_NAMED]),
            section="region.services",
        )
    claim = edition.claims("region.services")
    last = own.sort_values("year").drop_duplicates("indicator", keep="last")
    before = own.set_index(["indicator", "year"])["value"]
    told = []
    for row in last.sort_values("indicator").to_dict("records"):
        name, year = str(row["indicator"]), int(row["year"])
        earlier = before.get((name, year - 1), np.nan)
        told.append((edition.word(f"head_{declared[name]['head']}"), declared[name][edition.lang], year,
                     row["value"], tables.unit_name(str(row["unit"]), edition.lang),
                     row["value"] / earlier - 1 if earlier else np.nan, row["source"]))  # fmt: skip
    values = {"region": study.inputs.region, "count": claim.parameter("count", len(told)),
              "table": Ref("services")}  # fmt: skip
    yield Text("region.services.body", values)
    columns = [
        "head",
        "indicator",
        "year",
        "official_value",
        "official_unit",
        "change",
        "ut_source",
    ]
    frame = pd.DataFrame(told, columns=columns).sort_values(
        ["head", "indicator"], ignore_index=True
    )
    forms = {"year": "year", "official_value": "amount", "change": "percent_change"}
    yield Table("services", frame, forms, values, Text("region.official_note", values, "note"), rows=None)  # fmt: skip


@section("region.index")
def index(edition: Edition) -> Iterator[Block]:
    """One position among the cities, and how far it depends on the weights."""
    needed(edition, "region.index", "CS", "population", "gdp", "rd_expenditure")
    study = edition.study
    found, year, home = study.city_index, study.index_year, study.home
    if home.code not in found.index:
        raise gap("missing.not_in_table", user_table="CS", region=home.name)
    claim = edition.claims("region.index")
    own: dict[Any, Any] = found.loc[home.code].to_dict()
    values: dict[str, Any] = {"region": study.inputs.region, "year": str(year)}
    kinds: dict[str, tuple[str, Any]] = {
        "score": ("index", float(own["score"])), "rank": ("rank", int(own["rank"])),
        "low": ("rank", int(own["rank_low"])), "high": ("rank", int(own["rank_high"])),
        "cities": ("count", len(found)),
    }  # fmt: skip
    for what, (kind, value) in kinds.items():
        values[what] = claim(what, kind, f"city:{home.code}", "city_index", value,  # type: ignore[arg-type]
                             label=home.name, unit="place" if kind == "rank" else "",
                             details={"what": what, "city": home.code, "year": year})  # fmt: skip
    same = int(own["rank_low"]) == int(own["rank_high"])
    yield Text("region.index.same" if same else "region.index.finding", values, "finding")
    moved = found.index[found["entropy_rank"] != found["rank"]]
    names = edition.word("list_separator").join(study.city_names.reindex(moved))
    yield Text(
        "region.index.entropy" if len(moved) else "region.index.entropy_same", {"names": names}
    )
    shown = found.reset_index()
    shown["city"] = shown["city"].map(study.city_names)
    heads = [
        c
        for c in found.columns
        if c not in {"score", "rank", "rank_low", "rank_high", "entropy_rank"}
    ]
    shown = shown.rename(columns={h: f"head_{h}" for h in heads} | {"score": "index_score"})
    bars = shown.set_index("city")["index_score"]
    label = edition.word("index_score")
    yield Text("region.index.body", {"figure": Ref("city_index"), "table": Ref("city_heads")})
    yield Figure(
        Table("city_index", shown[["city", "index_score", "rank", "rank_low", "rank_high", "entropy_rank"]],
              {"index_score": "number"}, values, Text("region.index.note", values, "note")),
        drawing(plot.amounts, bars, label, marked=[home.name]),
    )  # fmt: skip
    columns = ["city", *(f"head_{h}" for h in heads)]
    yield Table(
        "city_heads", shown[columns], dict.fromkeys(columns[1:], "number"), values, None, rows=None
    )
