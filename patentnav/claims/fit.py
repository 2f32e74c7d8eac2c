"""Recompute claims on how patents of a region stand to output, staff, firms and districts."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav._strings import texts
from patentnav.claims.cities import cells, rows_of
from patentnav.claims.recount import kept, measure
from patentnav.valuation import high_value

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_NORMAL = 1.959963984540054
_NONE_SEEN = 3.6888794541139363
_NEAR = (0.9, 1.1)
_OWNING = {"applicant", "current_owner", "original_assignee"}


@kept
def in_force(recount: Recount) -> frozenset[str]:
    """Units of the region that are inventions in force."""
    inside = recount.members("region:inside")
    held = set(recount.facet("status").get("in_force", {})) & set(
        recount.facet("patent_type").get("invention", {})
    )
    return frozenset(recount.unit_of[p] for p in inside & held)


@measure("in_force_inventions")
def _in_force(recount: Recount, _claim: Claim) -> int:
    return len(in_force(recount))


@measure("over_official")
def _over_official(recount: Recount, claim: Claim) -> float | None:
    """Inventions in force of the set over the official number, less one."""
    about = claim.details
    official = cells(recount).get((str(about["city"]), int(about["year"]), "invention_in_force"))
    return len(in_force(recount)) / official - 1 if official else None


@measure("density_bound")
def _density(recount: Recount, claim: Claim) -> float | None:
    """Bound of the set's inventions in force per head, as the mean of a Poisson count."""
    about = claim.details
    people = cells(recount).get((str(about["city"]), int(about["year"]), "population"))
    return (
        _poisson_bound(len(in_force(recount)), upper=bool(about["upper"])) / people
        if people
        else None
    )


def _poisson_bound(count: int, *, upper: bool) -> float:
    """Mean under which a count as extreme has a probability of 2.5 %, by bisection."""
    if not count and not upper:
        return 0.0

    def tail(mean: float) -> float:
        last = count if upper else count - 1
        terms = [math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(last + 1)]
        below = math.fsum(terms)
        return below if upper else 1 - below

    low, high = 1e-9, count + 12 * math.sqrt(count + 1) + 12
    for _ in range(200):
        middle = (low + high) / 2
        beyond = tail(middle) < 0.025
        if beyond == upper:
            high = middle
        else:
            low = middle
    return (low + high) / 2


# Industries


def _local(recount: Recount, industry: str, years: tuple[int, int] | None) -> frozenset[str]:
    return recount.units(f"industry:{industry}&region:inside", years)


@kept
def _output(recount: Recount, column: str, year: int) -> dict[str, float]:
    """A column of the table IS by industry, of the region."""
    home = recount.study.home.code
    rows = recount.study.user_tables["IS"].frame
    found = {}
    for row in rows[["region_code", "year", "industry", column]].itertuples(index=False, name=None):
        code, told, industry, value = row
        if code == home and told == year and not pd.isna(value):
            found[str(industry)] = float(value)
    return found


@kept
def _amounts(recount: Recount, column: str, year: int, years: tuple[int, int]) -> dict[str, float]:
    """Amounts by industry of the table IS: patents, inventors, or a column of it."""
    rows = recount.study.user_tables["IS"].frame
    home = recount.study.home.code
    names = {str(i) for c, y, i in zip(texts(rows["region_code"]), texts(rows["year"]), texts(rows["industry"]), strict=True)
             if c == home and y == year}  # fmt: skip
    if column == "patents":
        return {i: float(len(_local(recount, i, years))) for i in names}
    if column == "inventors":
        people: dict[str, set[str]] = defaultdict(set)
        by_publication: dict[str, set[str]] = defaultdict(set)
        table = recount.study.patents.inventors
        for who, publication in zip(
            texts(table["inventor_id"]), texts(table["publication_id"]), strict=True
        ):
            if not pd.isna(who):
                by_publication[str(publication)].add(str(who))
        for i in names:
            for publication in recount.members(f"industry:{i}&region:inside"):
                year_of = recount.year_of.get(recount.unit_of[publication], 0)
                if years[0] <= year_of <= years[1]:
                    people[i] |= by_publication[publication]
        return {i: float(len(people[i])) for i in names}
    return _output(recount, column, year)


def _shares(amounts: dict[str, float]) -> dict[str, float]:
    total = math.fsum(amounts.values())
    return {name: value / total for name, value in amounts.items()} if total else {}


def _pair(recount: Recount, claim: Claim) -> tuple[dict[str, float], dict[str, float]]:
    year, years = int(claim.details["year"]), claim.window or (0, 0)
    one, other = (str(claim.details[k]) for k in ("one", "other"))
    return (
        _shares(_amounts(recount, one, year, years)),
        _shares(_amounts(recount, other, year, years)),
    )


@measure("structure_overlap")
def _overlap(recount: Recount, claim: Claim) -> float | None:
    """Sum of the smaller of two shares over the industries."""
    s, v = _pair(recount, claim)
    if not s or not v:
        return None
    return 1 - math.fsum(abs(s.get(i, 0) - v.get(i, 0)) for i in {*s, *v}) / 2


@measure("mean_overlap")
def _mean_overlap(recount: Recount, claim: Claim) -> float | None:
    """Mean overlap of patents with the columns ``details["others"]``."""
    year, years = int(claim.details["year"]), claim.window or (0, 0)
    s = _shares(_amounts(recount, "patents", year, years))
    found = []
    for other in claim.details["others"]:
        v = _shares(_amounts(recount, str(other), year, years))
        found.append(1 - math.fsum(abs(s.get(i, 0) - v.get(i, 0)) for i in {*s, *v}) / 2)
    return math.fsum(found) / len(found) if found else None


@measure("structure_gap")
def _gap(recount: Recount, claim: Claim) -> float | None:
    """Difference of the two shares of an industry, in percentage points."""
    s, v = _pair(recount, claim)
    key = str(claim.details["industry"])
    return 100 * (s[key] - v.get(key, 0)) if s else None


@measure("largest_structure_gap")
def _largest_gap(recount: Recount, claim: Claim) -> str | None:
    """Industry whose share of the first is furthest from that of the second."""
    s, v = _pair(recount, claim)
    gaps = {i: s.get(i, 0) - v.get(i, 0) for i in {*s, *v}}
    return min(gaps, key=lambda i: (-round(abs(gaps[i]), 12), i)) if gaps else None


@kept
def _quotients(recount: Recount, year: int) -> dict[str, float]:
    """Location quotients of value added, the region not in its reference."""
    home = recount.study.home.code
    rest: dict[str, float] = defaultdict(float)
    rows = recount.study.user_tables["IS"].frame
    for code, told, industry, value in rows[
        ["region_code", "year", "industry", "value_added"]
    ].itertuples(index=False, name=None):
        if code != home and told == year and not pd.isna(value):
            rest[str(industry)] += float(value)
    own, whole = _shares(_output(recount, "value_added", year)), _shares(rest)
    return {i: own[i] / whole[i] for i in own if whole.get(i)}


@kept
def _reference(recount: Recount, years: tuple[int, int]) -> dict[str, int]:
    """Units of what the region is compared with, by industry."""
    study = recount.study
    found: dict[str, float] = defaultdict(float)
    if study.compared_with != "set":
        for row in rows_of(study.user_tables["BC"].frame):
            fits = (
                row.region == study.compared_with
                and row.scheme == study.tree.name
                and row.measure == "filed"
            )
            if fits and years[0] <= row.year <= years[1] and not pd.isna(row.value):
                found[str(row.group)] += float(row.value)
        return {i: round(v) for i, v in found.items()}
    elsewhere = recount.units("region:outside") - recount.units("region:inside")
    for industry in recount.facet("industry"):
        rest = recount.units(f"industry:{industry}", years) & elsewhere
        if rest:
            found[industry] = len(rest)
    return {i: int(v) for i, v in found.items()}


@kept
def _advantages(recount: Recount, years: tuple[int, int]) -> dict[str, tuple[float, float, float]]:
    """Advantage with its interval by industry."""
    reference = _reference(recount, years)
    own = {i: len(_local(recount, i, years)) for i in {*recount.facet("industry"), *reference}}
    x_all, y_all = sum(own.values()), sum(reference.values())
    found = {}
    for i, x in own.items():
        y = reference.get(i, 0)
        if not y or not x_all:
            continue
        value = x * y_all / (x_all * y)
        if not x:
            found[i] = (0.0, 0.0, (_NONE_SEEN / x_all) / (y / y_all))
            continue
        spread = _NORMAL * math.sqrt(1 / x - 1 / x_all + 1 / y - 1 / y_all)
        found[i] = (value, value * math.exp(-spread), value * math.exp(spread))
    return found


@measure("compared_advantage")
def _advantage(recount: Recount, claim: Claim) -> float | None:
    """``value``, ``low`` or ``high`` of the advantage of an industry over the window."""
    place = ("value", "low", "high").index(str(claim.details["what"]))
    found = _advantages(recount, claim.window or (0, 0)).get(str(claim.details["industry"]))
    return None if found is None else found[place]


@measure("compared_groups")
def _compared_groups(recount: Recount, claim: Claim) -> int:
    """Industries whose interval lies above one (of those with enough), or below."""
    years = claim.window or (0, 0)
    count = 0
    for industry, (_, low, high) in _advantages(recount, years).items():
        enough = len(_local(recount, industry, years)) >= int(claim.details["fewest"])
        above = low > 1 and enough
        count += above if claim.details["side"] == "above" else high < 1
    return count


@measure("location_quotient")
def _quotient(recount: Recount, claim: Claim) -> float | None:
    return _quotients(recount, int(claim.details["year"])).get(str(claim.details["industry"]))


@measure("industries_in_quadrant")
def _in_quadrant(recount: Recount, claim: Claim) -> int:
    advantages = _advantages(recount, claim.window or (0, 0))
    quotients = _quotients(recount, int(claim.details["year"]))
    count = 0
    for i in {*advantages, *recount.facet("industry")} & set(recount.study.rta.index):
        _, low, high = advantages.get(i, (0.0, 0.0, math.inf))
        q = quotients.get(i, 1.0)
        side = "" if low <= 1 <= high else "strong" if low > 1 else "weak"
        output = "more" if q > _NEAR[1] else "less" if q < _NEAR[0] else ""
        name = {("strong", "more"): "matched", ("strong", "less"): "technology_first",
                ("weak", "more"): "industry_first", ("weak", "less"): "weak"}.get((side, output), "unclear")  # fmt: skip
        count += name == claim.details["quadrant"]
    return count


@measure("patents_output_rank")
def _spearman(recount: Recount, claim: Claim) -> float | None:
    """Rank correlation of advantage and location quotient over the industries known to both."""
    return spearman(*compared(recount, claim))


def compared(recount: Recount, claim: Claim) -> tuple[list[float], list[float]]:
    """Advantage and location quotient of the industries that are known to both."""
    advantages = _advantages(recount, claim.window or (0, 0))
    quotients = _quotients(recount, int(claim.details["year"]))
    names = sorted(set(advantages) & set(quotients))
    return [advantages[i][0] for i in names], [quotients[i] for i in names]


def spearman(one: list[float], other: list[float]) -> float | None:
    """Correlation of ranks, equals sharing the mean rank."""
    ranks = [
        [sum(v < own for v in values) + (sum(v == own for v in values) + 1) / 2 for own in values]
        for values in (one, other)
    ]
    mean = (len(one) + 1) / 2
    a, b = ([r - mean for r in held] for held in ranks)
    scale = math.sqrt(math.fsum(x * x for x in a) * math.fsum(x * x for x in b))
    return math.fsum(x * y for x, y in zip(a, b, strict=True)) / scale if scale else None


@measure("patents_per_output")
def _per_output(recount: Recount, claim: Claim) -> float | None:
    """Units of the window per value added of a year, all industries of the table."""
    year, years = int(claim.details["year"]), claim.window or (0, 0)
    total = math.fsum(_output(recount, "value_added", year).values())
    units: set[str] = set()
    for i in _amounts(recount, "patents", year, years):
        units |= _local(recount, i, years)
    return len(units) / total if total else None


@measure("industries_apart")
def _apart(recount: Recount, claim: Claim) -> int:
    """Industries whose share of patents rose while that of output fell, by ``least`` at least."""
    least = float(claim.details["least"])
    first, last = int(claim.details["first"]), int(claim.details["last"])
    span = int(claim.details["span"])
    early = _shares(_amounts(recount, "patents", last, (first - span + 1, first)))
    late = _shares(_amounts(recount, "patents", last, (last - span + 1, last)))
    before, now = (_shares(_output(recount, "value_added", y)) for y in (first, last))
    both = set(early) & set(late) & set(before) & set(now)
    return sum(1 for i in both if late[i] - early[i] >= least and before[i] - now[i] >= least)


# Shift and share


@measure("shift_part")
def _shift(recount: Recount, claim: Claim) -> float:
    """``change``, ``total``, ``mix`` or ``own`` over all industries of the reference."""
    early, late = tuple(claim.details["early"]), tuple(claim.details["late"])
    before, after = _reference(recount, early), _reference(recount, late)
    growth = sum(after.values()) / sum(before.values()) - 1
    parts = dict.fromkeys(("change", "total", "mix", "own"), 0.0)
    for i, base in before.items():
        x, now = (len(_local(recount, i, w)) for w in (early, late))
        group = after.get(i, 0) / base - 1
        parts["change"] += now - x
        parts["total"] += x * growth
        parts["mix"] += x * (group - growth)
        parts["own"] += now - x - x * growth - x * (group - growth)
    return parts[str(claim.details["what"])]


# Enterprises and districts


@measure("listed_enterprises")
def _listed(recount: Recount, claim: Claim) -> int:
    """Enterprises of the table EL with a tag; of them those that own what ``details["own"]`` says."""
    wanted, tag = str(claim.details.get("own", "")), str(claim.details.get("tag", ""))
    if wanted == "in_force":
        units: frozenset[str] = in_force(recount)
    elif claim.window is not None:
        units = recount.units("set", claim.window)
    else:
        units = recount.units("set")
    rows, names = recount.study.listed, set()
    for row in rows_of(rows):
        if tag and tag not in row.tags:
            continue
        owned = () if pd.isna(row.owner) else recount.units(f"owner:{row.owner}")
        if wanted == "none":
            if not owned:
                names.add(str(row.name))
        elif not wanted or set(owned) & units:
            names.add(str(row.name))
    return len(names)


@kept
def districts(recount: Recount) -> dict[str, set[str]]:
    """Units of the region by district: as the source says, else by the name in the address."""
    names = sorted(
        (str(n) for n in recount.study.user_tables["DU"].frame["name"]), key=lambda n: (-len(n), n)
    )
    inside, found = recount.members("region:inside"), defaultdict(set)
    table = recount.study.patents.parties
    columns = (texts(table[c]) for c in ("publication_id", "role", "district", "address"))
    for publication, role, said, address in zip(*columns, strict=True):
        if publication not in inside or role not in _OWNING:
            continue
        told = "" if pd.isna(said) else str(said)
        place = next(
            (n for n in names if told and n[:2] == told[:2] and n.startswith(told[:2])), None
        )
        if place is None and not pd.isna(address):
            place = next((n for n in names if n in str(address)), None)
        if place is not None:
            found[place].add(recount.unit_of[str(publication)])
    return dict(found)


@measure("district_share")
def _district(recount: Recount, claim: Claim) -> float | None:
    """Share of a district in the counts of all districts."""
    held = districts(recount)
    total = sum(len(units) for units in held.values())
    return len(held.get(str(claim.details["district"]), ())) / total if total else None


@measure("district_known")
def _known(recount: Recount, _claim: Claim) -> float | None:
    held = districts(recount)
    units = set().union(*held.values()) if held else set()
    whole = recount.units("region:inside")
    return len(units) / len(whole) if whole else None


@measure("district_output")
def _district_output(recount: Recount, claim: Claim) -> float | None:
    """Share of a district in the output of all districts told."""
    tables, about = recount.study.user_tables, claim.details
    codes = {str(r.region_code): str(r.name) for r in rows_of(tables["DU"].frame)}
    held: dict[str, float] = {}
    for row in rows_of(tables["CS"].frame):
        fits = row.indicator == "gdp" and int(row.year) == int(about["year"])
        if fits and str(row.region_code) in codes and not pd.isna(row.value):
            held[codes[str(row.region_code)]] = float(row.value)
    total = math.fsum(held.values())
    return held[str(about["district"])] / total if total else None


# Owners


@measure("share_of_kind")
def _kind(recount: Recount, claim: Claim) -> float | None:
    """Units of owners of a kind over all units of the region in the window."""
    types: Any = recount.study.owner_types
    units = recount.units("region:inside", claim.window)
    held: set[str] = set()
    for owner in recount.facet("owner"):
        if str(types.get(owner)) == claim.details["kind"]:
            held |= recount.units(f"owner:{owner}") & units
    return len(held) / len(units) if units else None


@measure("change_between")
def _change(recount: Recount, claim: Claim) -> float | None:
    """Change of the units of a subject from an earlier window, without those of one owner."""
    without = str(claim.details["without"])
    aside = recount.units(f"owner:{without}") if without else frozenset()
    early = tuple(claim.details["early"])
    before = recount.units(claim.subject, (early[0], early[1])) - aside
    now = recount.units(claim.subject, claim.window) - aside
    return len(now) / len(before) - 1 if before else None


@measure("high_value_share")
def _high_value(recount: Recount, claim: Claim) -> float | None:
    """Units in force that meet a criterion for sure, or may, over those in force."""
    study, held = recount.study, in_force(recount)
    found: set[str] = set()
    inside = recount.members("region:inside")
    criteria = high_value(study.patents)
    names = [c for c in criteria.columns if c not in {"valid_invention", "high_value"}]
    held_by: dict[Any, dict[Any, Any]] = criteria.to_dict("index")
    for publication in sorted(inside):
        row = [held_by[publication][n] for n in names]
        valid = held_by[publication]["valid_invention"]
        if pd.isna(valid) or not valid:
            continue
        sure = any(not pd.isna(v) and bool(v) for v in row)
        maybe = any(pd.isna(v) for v in row)
        if sure or (claim.details["bound"] == "high" and maybe):
            found.add(recount.unit_of[publication])
    return len(found) / len(held) if held else None
