"""The portrait of the region: its place on both axes, the gaps to others, and what follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import i18n, matching, plot
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.report.sections.official import measures_table, needed
from patentnav.report.sections.region import DENSITY
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_SIMILAR = 0.3  # relative difference in people up to which cities are of one size
_SPAN = 3  # years over which a pace is taken
_FAR = 50  # years beyond which no number of years is told
_LOW = 0.6  # overlap of structures below which a measure is proposed


@section("portrait.quadrant", needs=("parties",))
def quadrant(edition: Edition) -> Iterator[Block]:
    """Competitiveness beside matching: the place among cities, and the mean overlap of structures."""
    needed(edition, "portrait.quadrant", "IS", "value_added", "rd_personnel_fte")
    study = edition.study
    chain = study.chain
    claim = edition.claims("portrait.quadrant")
    others = [c for c in chain.columns if c != "patents"]
    overlaps = {c: matching.overlap(chain["patents"], chain[c]) for c in others}
    values: dict[str, Any] = {
        "region": study.inputs.region, "year": str(study.industry_year),
        "mean": claim("mean", "index", "region:inside", "mean_overlap",
                      math.fsum(overlaps.values()) / len(overlaps), label=study.inputs.region,
                      unit="ratio", window=study.recent,
                      details={"others": tuple(others), "year": study.industry_year}),
        "pairs": claim.parameter("pairs", len(others)),
    }  # fmt: skip
    key = "alone"
    try:
        own: dict[Any, Any] = study.city_index.loc[study.home.code].to_dict()
        year, code = study.index_year, study.home.code
        for what, value in (("rank", int(own["rank"])), ("cities", len(study.city_index))):
            kind: Any = "rank" if what == "rank" else "count"
            values[what] = claim(what, kind, f"city:{code}", "city_index", value,
                                 label=study.home.name, unit="place" if what == "rank" else "",
                                 details={"what": what, "city": code, "year": year})  # fmt: skip
        key = "both"
    except (UnavailableError, KeyError) as error:
        if isinstance(error, UnavailableError):
            yield edition.gap(error)
    yield Text(f"portrait.quadrant.{key}", values, "finding")
    bars = pd.Series({edition.word(f"pair_{c}"): overlaps[c] for c in others})
    frame = pd.DataFrame({"pair": list(bars.index), "overlap": bars.to_numpy()})
    label = edition.word("axis_overlap")
    yield Text("portrait.quadrant.body", {"figure": Ref("overlaps")})
    yield Figure(
        Table("overlaps", frame, {"overlap": "number"}, values, Text("portrait.quadrant.note", values, "note")),
        drawing(plot.amounts, bars, label), size=(6.3, 2.4),
    )  # fmt: skip


@section("portrait.gaps")
def gaps(edition: Edition) -> Iterator[Block]:
    """How much more the region would need to draw level with a city of its size, and how long."""
    needed(edition, "portrait.gaps", "CS", "population", "invention_in_force")
    study = edition.study
    home, year = study.home, study.index_year
    told = matching.ratios("index")[DENSITY]
    ratios = study.ratios.get(DENSITY)
    if ratios is None:
        raise gap("missing.user_table", user_table="CS", columns=("population", "invention_in_force"),
                  section="portrait.gaps")  # fmt: skip
    values_now = ratios.xs(year, level="year").dropna()
    people = study.statistics["population"].xs(year, level="year")
    similar = people[(people / people[home.code] - 1).abs() <= _SIMILAR].index
    ahead = values_now[values_now.index.isin(similar) & (values_now > values_now[home.code])]
    claim = edition.claims("portrait.gaps")
    values: dict[str, Any] = {"region": study.inputs.region, "year": str(year), "ratio": told[edition.lang],
                              "similar": claim.parameter("similar", _SIMILAR)}  # fmt: skip
    if ahead.empty:
        yield Text("portrait.gaps.none", values, "finding")
        return
    details = {k: told[k] for k in ("over", "under", "scale")}
    rows = []
    for code in sorted(ahead.index, key=lambda c: (ahead[c], c)):
        label = str(study.city_names[code])
        own = {**details, "city": home.code, "other": code, "year": year}
        more = (ahead[code] - values_now[home.code]) * people[home.code] / told["scale"]
        said: dict[str, Any] = {
            **values, "other": label,
            "needed": claim(f"{code}.needed", "index", f"city:{home.code}", "units_to_catch_up", more,
                            label=home.name, details=own),
        }  # fmt: skip
        pace = _pace(ratios, home.code, code, year)
        years = None
        if pace is not None:
            years, first = pace
            said["first"] = str(first)
            if years is not None:
                said["years"] = claim(f"{code}.years", "index", f"city:{home.code}", "years_to_catch_up",
                                      years, label=home.name, window=(first, year), unit="year", details=own)  # fmt: skip
        key = "years" if years is not None else "never" if pace is not None else "needed"
        if years is not None and years > _FAR:
            key, said["limit"] = "far", claim.parameter("limit", _FAR)
        yield Text(f"portrait.gaps.{key}", said, "finding")
        told_years = years is not None and years <= _FAR
        rows.append((label, ahead[code], more, years if told_years else math.nan))
    columns = ["city", DENSITY, "gap_needed", "gap_years"]
    yield Text("portrait.gaps.body", {"table": Ref("gaps")})
    yield Table("gaps", pd.DataFrame(rows, columns=columns),
                dict.fromkeys(columns[1:], "number") | {"gap_needed": "count"}, values,
                Text("portrait.gaps.note", values, "note"), rows=None)  # fmt: skip


def _pace(ratios: pd.Series, home: str, other: str, year: int) -> tuple[float | None, int] | None:
    """Years until the region draws level, None if never, and the first year of the pace."""
    first = year - _SPAN
    held = {}
    for code in (home, other):
        before, now = ratios.get((code, first)), ratios.get((code, year))
        if before is None or now is None or pd.isna(before) or pd.isna(now) or before <= 0:
            return None
        held[code] = (math.log(now / before) / _SPAN, now)
    faster = held[home][0] - held[other][0]
    return (math.log(held[other][1] / held[home][1]) / faster if faster > 0 else None), first


@section("portrait.measures", needs=("parties",))
def measures(edition: Edition) -> Iterator[Block]:
    """What follows from what was found, each with its evidence; a row only where a rule fired."""
    study = edition.study
    needed(edition, "portrait.measures", "IS", "value_added")
    confirm = edition.word("to_confirm")
    rows = []
    chain = study.chain
    names = edition.industry_names
    for other in [c for c in chain.columns if c != "patents"]:
        overlap = matching.overlap(chain["patents"], chain[other])
        if overlap < _LOW:
            gaps = matching.share_gaps(chain["patents"], chain[other])["gap"]
            least = min(gaps.index, key=lambda i: (gaps[i], i))
            rows.append((confirm, edition.word("action_align", pair=edition.word(f"pair_{other}")),
                         str(names.get(least, least)), _place(edition, "match.industry"), confirm,
                         edition.word("success_overlap", value=f"{overlap:.2f}", target=f"{_LOW:.2f}")))  # fmt: skip
    if study.other_output is not None:
        try:
            quotient = matching.location_quotient(chain["value_added"], study.other_output)
            found = matching.quadrants(study.rta, quotient)
        except UnavailableError as error:
            yield edition.gap(error)
            found = pd.Series(dtype="str")
        for key in found.index[found.isin(["technology_first", "industry_first"])]:
            rows.append((confirm, edition.word(f"action_{found[key]}"), str(names.get(key, key)),
                         _place(edition, "match.industry"), confirm, edition.word(f"success_{found[key]}")))  # fmt: skip
    if not rows:
        yield Text(
            "portrait.measures.none",
            {"low": edition.claims("portrait.measures").parameter("low", _LOW)},
        )
        return
    count = edition.claims("portrait.measures").parameter("count", len(rows))
    yield Text("portrait.measures.body", {"count": count, "table": Ref("region_measures")})
    yield measures_table("region_measures", rows)


def _place(edition: Edition, section_id: str) -> str:
    """Title of a section, as evidence in a table."""
    return i18n.text(f"report.{section_id}.title", edition.lang)
