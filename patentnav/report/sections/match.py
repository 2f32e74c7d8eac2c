"""Do patents fit science, staff, firms, industries and districts of the region."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import matching, plot
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.report.sections.official import needed
from patentnav.report.sections.region import ratio_claims, ratio_key
from patentnav.study.fit import WINDOW
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_LAGS = (0, 1, 2)
_TAGS_SHOWN = 4
_POINT = 0.001  # change of a share that is one: a tenth of a percentage point
_ALL = ""


@section("match.science")
def science(edition: Edition) -> Iterator[Block]:
    """What research yields: grants of the next year per effort, and the place among the cities."""
    needed(edition, "match.science", "CS", "rd_expenditure", "rd_personnel_fte")
    study = edition.study
    home = study.home
    claim = edition.claims("match.science")
    computed = matching.computed(study.statistics, "yield")
    rows: dict[str, pd.Series] = {}
    for name, about in matching.ratios("yield").items():
        if name not in computed:
            continue
        own = computed[name].xs(home.code, level="region_code").dropna()
        if own.empty:
            continue
        year = int(own.index.max())
        values = computed[name].xs(year, level="year").dropna()
        said = ratio_claims(edition, claim, name, {**about, "year": year}, values)
        said["later"] = str(year + about["lag"])
        yield Text(f"match.science.{ratio_key(values, home.code)}", said, "finding")
        rows[name] = values
    if not rows:
        raise gap("missing.user_table", user_table="CS", section="match.science",
                  columns=("rd_expenditure", "invention_granted", "papers"))  # fmt: skip
    first = next(iter(rows))
    frame = pd.DataFrame(rows).reset_index(names="city")
    frame["city"] = frame["city"].map(study.city_names)
    frame = frame.sort_values(first, ascending=False, ignore_index=True)
    bars, label = frame.set_index("city")[first], matching.ratios("yield")[first][edition.lang]
    values_told = {"figure": Ref("city_yield"), "table": Ref("city_yields"), "ratio": label}
    yield Text("match.science.body", values_told)
    yield Figure(
        Table("city_yield", frame[["city", first]], {first: "number"}, values_told,
              Text("region.official_note", {}, "note")),
        drawing(plot.amounts, bars, label, marked=[home.name]),
    )  # fmt: skip
    yield Table("city_yields", frame, dict.fromkeys(rows, "number"), values_told,
                Text("match.science.note", {}, "note"), rows=None)  # fmt: skip


def _structure(
    edition: Edition, claim: ClaimMaker, one: str, other: str, name: str
) -> dict[str, Any]:
    """Claims on the overlap of two columns of the chain, and the largest gap."""
    study = edition.study
    chain = study.chain
    gaps = matching.share_gaps(chain[one], chain[other])["gap"]
    largest = min(gaps.index, key=lambda i: (-round(abs(gaps[i]), 12), i))
    label = str(edition.industry_names.get(largest, largest))
    details = {"one": one, "other": other, "year": study.industry_year}
    about: dict[str, Any] = {"window": study.recent, "unit": "ratio"}
    return {
        "region": study.inputs.region, "year": str(study.industry_year),
        "first": str(study.recent[0]), "last": str(study.recent[1]),
        "overlap": claim(f"{name}.overlap", "index", "region:inside", "structure_overlap",
                         matching.overlap(chain[one], chain[other]), label=study.inputs.region,
                         details=details, **about),
        "industry": claim(f"{name}.industry", "name", "set", "largest_structure_gap", largest,
                          label=label, details={**details, "facet": "industry"}, **about),
        "gap": claim(f"{name}.gap", "index", f"industry:{largest}", "structure_gap",
                     float(gaps[largest]) * 100, label=label,
                     details={**details, "industry": largest}, window=study.recent, unit="point"),
    }  # fmt: skip


@section("match.talent", needs=("inventors",))
def talent(edition: Edition) -> Iterator[Block]:
    """Whether inventors are where research staff is."""
    needed(edition, "match.talent", "IS", "rd_personnel_fte")
    chain = edition.study.chain
    if "inventors" not in chain or "rd_personnel_fte" not in chain:
        raise gap("missing.column", table="inventors", column="inventor_id")
    claim = edition.claims("match.talent")
    values = _structure(edition, claim, "inventors", "rd_personnel_fte", "staff")
    more = float(values["gap"]) > 0
    yield Text("match.talent.more" if more else "match.talent.less", values, "finding")
    frame = _shown(edition, ["inventors", "rd_personnel_fte"])
    per = chain["inventors"] / chain["rd_personnel_fte"].where(chain["rd_personnel_fte"] > 0) * 100
    frame["per_staff"] = per.to_numpy()
    gaps = matching.share_gaps(chain["inventors"], chain["rd_personnel_fte"])["gap"] * 100
    bars = gaps.sort_values(ascending=False).rename(index=edition.industry_names.to_dict())
    label = edition.word("gap_points")
    yield Text("match.talent.body", {"figure": Ref("staff_gaps"), "table": Ref("staff")})
    drawn = pd.DataFrame({"industry": list(bars.index), "gap_points": bars.to_numpy()})
    yield Figure(
        Table("staff_gaps", drawn, {"gap_points": "number"}, values, edition.note("whole")),
        drawing(plot.amounts, bars, label),
    )  # fmt: skip
    forms = {"share_inventors": "share", "share_rd_personnel_fte": "share", "per_staff": "number",
             "inventors": "count", "rd_personnel_fte": "number"}  # fmt: skip
    yield Table("staff", frame, forms, values, Text("match.talent.note", values, "note"), rows=None)


def _shown(edition: Edition, columns: list[str]) -> pd.DataFrame:
    """Amounts and shares of the chain by industry, in words."""
    chain = edition.study.chain
    frame = pd.DataFrame({"industry": edition.industry_names.reindex(chain.index).to_numpy()})
    for column in columns:
        frame[column] = chain[column].to_numpy()
        frame[f"share_{column}"] = (chain[column] / chain[column].sum()).to_numpy()
    return frame


@section("match.enterprise", needs=("parties",))
def enterprise(edition: Edition) -> Iterator[Block]:
    """Whether the listed enterprises hold patents; no match is not no patent."""
    needed(edition, "match.enterprise", "EL", "name", "tags")
    study = edition.study
    rows = study.listed
    claim = edition.claims("match.enterprise")
    units = study.owners.assign(
        unit_id=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    held = {str(owner): set(rows) for owner, rows in units.groupby("owner")["unit_id"]}
    force, window = set(study.in_force_inventions), study.recent
    years = study.unit_years
    lately = set(years[years.between(window[1] - 2, window[1])].index)
    tags = [_ALL, *_frequent(rows)]
    told = []
    for tag in tags:
        own = rows[[not tag or tag in t for t in rows["tags"]]]
        found = own["owner"].map(lambda o: held.get(o, set()))
        valid = int(sum(bool(u & force) for u in found))
        active = int(sum(bool(u & lately) for u in found))
        told.append((tag, len(own), int(own["owner"].notna().sum()), active, valid))
    every = told[0]
    values: dict[str, Any] = {
        "region": study.inputs.region,
        "listed": claim("listed", "count", "set", "listed_enterprises", every[1], unit="firm",
                        details={"tag": ""}),
        "matched": claim("matched", "count", "set", "listed_enterprises", every[2], unit="firm",
                         details={"tag": "", "own": "any"}),
        "active": claim("active", "count", "set", "listed_enterprises", every[3], unit="firm",
                        window=(window[1] - 2, window[1]), details={"tag": "", "own": "any"}),
        "valid": claim("valid", "count", "set", "listed_enterprises", every[4], unit="firm",
                       details={"tag": "", "own": "in_force"}),
        "unmatched": claim("unmatched", "count", "set", "listed_enterprises", every[1] - every[2],
                           unit="firm", details={"tag": "", "own": "none"}),
        "first": str(window[1] - 2), "last": str(window[1]),
    }  # fmt: skip
    yield Text("match.enterprise.finding", values, "finding")
    yield Text("match.enterprise.body", {"table": Ref("listed")})
    columns = ["tag", "el_listed", "matched", "active", "valid"]
    frame = pd.DataFrame(told, columns=columns)
    frame["tag"] = [t or edition.word("all_of_them") for t in frame["tag"]]
    frame["valid_share"] = frame["valid"] / frame["el_listed"]
    forms = {**dict.fromkeys(columns[1:], "count"), "valid_share": "share"}
    yield Table(
        "listed", frame, forms, values, Text("match.enterprise.note", values, "note"), rows=None
    )


def _frequent(rows: pd.DataFrame) -> list[str]:
    """Tags, the most frequent first."""
    counts = rows["tags"].explode().dropna().value_counts()
    return sorted(counts.index, key=lambda t: (-counts[t], t))[:_TAGS_SHOWN]


@section("match.industry", needs=("parties",))
def industry(edition: Edition) -> Iterator[Block]:
    """Whether patents are where output is: overlap, quadrants, rank correlation."""
    needed(edition, "match.industry", "IS", "value_added")
    study = edition.study
    claim = edition.claims("match.industry")
    values = _structure(edition, claim, "patents", "value_added", "output")
    yield Text("match.industry.overlap", values, "finding")
    other = study.other_output
    if other is None:
        yield edition.gap(gap("missing.other_regions", user_table="IS"))
        return
    try:
        rta = study.rta
    except UnavailableError as error:
        yield edition.gap(error)
        return
    years = tuple(rta.attrs["years"])
    quotient = matching.location_quotient(study.chain["value_added"], other)
    quadrant = matching.quadrants(rta, quotient)
    about: dict[str, Any] = {"window": years, "details": {"year": study.industry_year}}
    for name in matching.QUADRANTS:
        values[name] = claim(name, "count", "set", "industries_in_quadrant",
                             int((quadrant == name).sum()), unit="industry", window=years,
                             details={"year": study.industry_year, "quadrant": name})  # fmt: skip
    values["other"] = (
        edition.word("rest_of_set") if study.compared_with == "set" else study.compared_with
    )
    yield Text("match.industry.quadrants", values, "finding")
    for name in matching.QUADRANTS[:3]:
        own = quadrant.index[quadrant == name]
        for key in sorted(own, key=lambda i: (-rta.loc[i, "advantage"], i)):
            yield _placed(edition, claim, str(key), name, quotient)
    yield from _ranked(edition, claim, rta, quotient, about)
    yield from _pictured(edition, rta, quotient, quadrant, values)


def _placed(
    edition: Edition, claim: ClaimMaker, key: str, quadrant: str, quotient: pd.Series
) -> Text:
    study = edition.study
    row: dict[Any, Any] = study.rta.loc[key].to_dict()
    years = tuple(study.rta.attrs["years"])
    label = str(edition.industry_names.get(key, key))
    more: dict[str, Any] = {"label": label, "unit": "ratio", "window": years}
    parts = {
        what: claim(f"{key}.{what}", "index", f"industry:{key}", "compared_advantage",
                    float(row[column]), details={"what": what, "industry": key}, **more)
        for what, column in (("value", "advantage"), ("low", "advantage_low"), ("high", "advantage_high"))
    }  # fmt: skip
    lq = claim(f"{key}.lq", "index", f"industry:{key}", "location_quotient", float(quotient[key]),
               label=label, unit="ratio", details={"industry": key, "year": study.industry_year})  # fmt: skip
    values = {
        "industry": label,
        "lq": lq,
        "quadrant": edition.word(f"quadrant_{quadrant}"),
        **parts,
    }
    return Text("match.industry.one", values, "bullet")


def _ranked(
    edition: Edition,
    claim: ClaimMaker,
    rta: pd.DataFrame,
    quotient: pd.Series,
    about: dict[str, Any],
) -> Iterator[Block]:
    try:
        rho, p = matching.spearman(rta["advantage"], quotient)
    except UnavailableError as error:
        yield edition.gap(error)
        return
    if math.isnan(rho):
        return
    known = int((rta["advantage"].notna() & quotient.reindex(rta.index).notna()).sum())
    values = {
        "rho": claim("rho", "index", "set", "patents_output_rank", rho, unit="ratio", **about),
        "p": claim("p", "index", "set", "patents_output_p", p, unit="ratio", **about),
        "groups": claim("groups", "count", "set", "industries_compared", known, unit="industry", **about),
    }  # fmt: skip
    yield Text("match.industry.rank", values)


def _pictured(
    edition: Edition,
    rta: pd.DataFrame,
    quotient: pd.Series,
    quadrant: pd.Series,
    values: dict[str, Any],
) -> Iterator[Block]:
    names = edition.industry_names
    frame = pd.DataFrame({
        "industry": names.reindex(rta.index).to_numpy(), "count": rta["own_count"].to_numpy(),
        "advantage": rta["advantage"].to_numpy(), "advantage_low": rta["advantage_low"].to_numpy(),
        "advantage_high": rta["advantage_high"].to_numpy(),
        "quotient": quotient.reindex(rta.index).to_numpy(),
        "quadrant": [edition.word(f"quadrant_{q}") for q in quadrant],
    }).sort_values("advantage", ascending=False, ignore_index=True)  # fmt: skip
    points = frame.set_index("industry")
    points = pd.DataFrame({"x": points["quotient"], "y": points["advantage"],
                           "low": points["advantage_low"], "high": points["advantage_high"]})  # fmt: skip
    labels = (edition.word("axis_quotient"), edition.word("axis_advantage"))
    forms = dict.fromkeys(("advantage", "advantage_low", "advantage_high", "quotient"), "number")
    note = Text("match.industry.note", values, "note")
    yield Text("match.industry.body", {"figure": Ref("fit_quadrants"), "table": Ref("fit_chain")})
    yield Figure(
        Table("fit_quadrants", frame, {**forms, "count": "count"}, values, note, rows=None),
        drawing(plot.quadrants, points, labels), size=(6.3, 4.2),
    )  # fmt: skip
    chain = edition.study.chain
    shares = chain / chain.sum()
    told = pd.DataFrame({"industry": names.reindex(chain.index).to_numpy()})
    for column in chain.columns:
        told[f"share_{column}"] = shares[column].to_numpy()
    yield Table("fit_chain", told, dict.fromkeys(told.columns[1:], "share"), values,
                Text("match.industry.chain_note", values, "note"), rows=None)  # fmt: skip


@section("match.economy", needs=("parties",))
def economy(edition: Edition) -> Iterator[Block]:
    """Patents per value added, and where shares of patents and of output part."""
    needed(edition, "match.economy", "IS", "value_added")
    study = edition.study
    claim = edition.claims("match.economy")
    chain, year = study.chain, study.industry_year
    total = float(chain["value_added"].sum())
    own = study.local_industries
    held = own[own["year"].between(*study.recent) & own["industry"].isin(list(chain.index))]
    values: dict[str, Any] = {
        "region": study.inputs.region, "unit": edition.unit_word, "year": str(year),
        "first": str(study.recent[0]), "last": str(study.recent[1]),
        "per": claim("per", "index", "region:inside", "patents_per_output",
                     held["unit_id"].nunique() / total, unit="ratio", label=study.inputs.region,
                     window=study.recent, details={"year": year}),
    }  # fmt: skip
    yield Text("match.economy.finding", values, "finding")
    rows = study.user_tables["IS"].frame
    told = sorted(rows.loc[rows["region_code"] == study.home.code, "year"].unique())
    years = [int(y) for y in told if y <= study.last_year]
    if len(years) < WINDOW:
        yield edition.gap(gap("missing.few_years", count=len(years), fewest=WINDOW))
        return
    yield from _apart(edition, claim, years[0], years[-1], values)


def _apart(
    edition: Edition, claim: ClaimMaker, first: int, last: int, values: dict[str, Any]
) -> Iterator[Block]:
    study = edition.study
    rows = study.user_tables["IS"].frame
    rows = rows[rows["region_code"] == study.home.code]
    output = rows.pivot(index="industry", columns="year", values="value_added")
    span = 3  # years of filings around a year of output
    own = study.local_industries
    shares = {}
    for year in (first, last):
        held = own[own["year"].between(year - span + 1, year)]
        counts = (
            held.groupby("industry")["unit_id"].nunique().reindex(study.chain.index, fill_value=0)
        )
        shares[year] = counts / counts.sum()
    made = output[[first, last]].dropna()
    made = made / made.sum()
    frame = pd.DataFrame({"patents": shares[last] - shares[first], "output": made[last] - made[first]}).dropna()  # fmt: skip
    apart = (frame["patents"] >= _POINT) & (frame["output"] <= -_POINT)
    values = {
        **values, "start": str(first), "end": str(last),
        "count": claim("apart", "count", "set", "industries_apart", int(apart.sum()), unit="industry",
                       details={"first": first, "last": last, "span": span, "least": _POINT}),
        "table": Ref("shares_changed"),
    }  # fmt: skip
    yield Text("match.economy.apart", values)
    shown = pd.DataFrame({
        "industry": edition.industry_names.reindex(frame.index).to_numpy(),
        "patent_share_change": frame["patents"].to_numpy() * 100,
        "output_share_change": frame["output"].to_numpy() * 100,
    })  # fmt: skip
    forms = dict.fromkeys(("patent_share_change", "output_share_change"), "number")
    yield Table("shares_changed", shown, forms, values, Text("match.economy.note", values, "note"), rows=None)  # fmt: skip


@section("match.coordination")
def coordination(edition: Edition) -> Iterator[Block]:
    """Coupling of patents, resources, industry and economy, with its parts and what it cannot show."""
    needed(edition, "match.coordination", "CS", "population", "gdp")
    study = edition.study
    found, home = study.coupled, study.home
    own = pd.DataFrame(found[found.index.get_level_values(0) == home.code])
    own = own.reset_index("region_code", drop=True)
    if len(own) < 2:
        raise gap("missing.few_years", count=len(own), fewest=2)
    claim = edition.claims("match.coordination")
    first, last = int(own.index.min()), int(own.index.max())
    values: dict[str, Any] = {"region": study.inputs.region, "first": str(first), "last": str(last)}
    for name, year in (("before", first), ("now", last)):
        values[name] = claim(name, "index", f"city:{home.code}", "coordination",
                             float(own["coordination"].to_dict()[year]), label=home.name, unit="ratio",
                             details={"city": home.code, "year": year})  # fmt: skip
    for name, level in (("cities", 0), ("years", 1)):
        values[name] = claim(name, "count", "set", "coupled_cities",
                             found.index.get_level_values(level).nunique(),
                             unit=name, details={"what": name})  # fmt: skip
    values["band"] = edition.word(f"band_{int(own['band'].iloc[-1])}")
    yield Text("match.coordination.finding", values, "finding")
    systems = pd.DataFrame(study.systems.xs(home.code, level="region_code")).loc[own.index]
    ends: dict[str, float] = {str(c): float(v) for c, v in systems.iloc[-1].items()}
    weakest = min(ends, key=lambda c: (ends[c], c))
    values["system"] = edition.word(f"system_{weakest}")
    values["lowest"] = claim("lowest", "index", f"city:{home.code}", "system_value",
                             ends[weakest], label=home.name, unit="ratio",
                             details={"city": home.code, "year": last, "system": weakest})  # fmt: skip
    yield Text("match.coordination.weakest", values)
    shown = systems.rename(columns={c: f"system_{c}" for c in systems.columns})
    shown = shown.join(own[["coupling", "level", "coordination"]]).reset_index()
    shown = shown.rename(columns={"coupling": "coupling_degree"})
    lines = systems.rename(columns={c: edition.word(f"system_{c}") for c in systems.columns})
    lines[edition.word("coordination")] = own["coordination"]
    label = edition.word("axis_coupling")
    forms = {"year": "year", **dict.fromkeys([c for c in shown.columns if c != "year"], "number")}
    yield Text("match.coordination.body", {"figure": Ref("coordination")})
    yield Figure(
        Table("coordination", shown, forms, values, Text("match.coordination.note", values, "note"), rows=None),
        drawing(plot.courses, lines, label),
    )  # fmt: skip


@section("match.lag")
def lag(edition: Edition) -> Iterator[Block]:
    """Whether the place of the region depends on the years between effort and yield."""
    needed(edition, "match.lag", "CS", "rd_expenditure", "rd_personnel_fte")
    study = edition.study
    home, statistics = study.home, study.statistics
    rows = []
    for about in matching.ratios("yield").values():
        if not {about["over"], about["under"]} <= set(statistics.columns):
            continue
        output, effort = (statistics[c].unstack("year") for c in (about["over"], about["under"]))
        spans = {k: matching.efficiency(output, effort, k) for k in _LAGS}
        years = set.intersection(*(
            set(f.loc[[home.code]].dropna(axis=1).columns) if home.code in f.index else set()
            for f in spans.values()
        ))  # fmt: skip
        if not years:
            continue
        year = max(years)
        ranks = [int((f[year].dropna() > f.loc[home.code, year]).sum()) + 1 for f in spans.values()]
        rows.append((about[edition.lang], int(year), *ranks, max(ranks) - min(ranks)))
    if not rows:
        raise gap(
            "missing.few_years", count=len(statistics.index.unique("year")), fewest=len(_LAGS)
        )
    claim = edition.claims("match.lag")
    city = {"city": home.code}
    values = {
        "region": study.inputs.region, "table": Ref("lag_ranks"),
        "told": claim("told", "count", f"city:{home.code}", "told_yields", len(rows), unit="ratio",
                      label=home.name, details=city),
        "steady": claim("steady", "count", f"city:{home.code}", "steady_yields",
                        sum(r[-1] <= 1 for r in rows), unit="ratio", label=home.name, details=city),
    }  # fmt: skip
    yield Text(
        f"match.lag.{'finding' if any(r[-1] <= 1 for r in rows) else 'none'}", values, "finding"
    )
    columns = ["ratio", "year", *(f"lag_{k}" for k in _LAGS), "lag_span"]
    forms = {"year": "year", **dict.fromkeys(columns[2:], "count")}
    yield Table("lag_ranks", pd.DataFrame(rows, columns=columns), forms, values,
                Text("match.lag.note", values, "note"), rows=None)  # fmt: skip
