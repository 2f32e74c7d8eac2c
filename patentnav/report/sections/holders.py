"""Part A, continued: the leading owners and how much they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import facts, indicators, plot
from patentnav.counting import unit_frame, unit_years
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_LEADERS = 10  # owners whose joint share is told
_FOUR = 4  # owners of CR4
_DRAWS = 499  # random partitions against which a change of concentration is held
_LEVEL = 0.05
# Herfindahl index from which a market is moderately and highly concentrated: U.S. Department of
# Justice and Federal Trade Commission, Merger Guidelines (2023), 2.1, there in ten-thousandths.
_BOUNDS = (0.10, 0.18)
_DEGREES = ("low", "moderate", "high")


@section("direction.applicants", needs=("parties",))
def applicants(edition: Edition) -> Iterator[Block]:
    """The leading owners; nothing where there is one."""
    study = edition.study
    counts = study.counts(study.owners[["publication_id", "owner", "weight"]], "whole")
    if len(counts) < 2:
        return
    names = study.owner_names
    frame = _ranking(edition, counts)
    values = _owner_claims(edition, counts)
    largest = counts.iloc[0]
    key = "scattered" if largest < 2 else "equal" if largest == counts.iloc[1] else "finding"
    if largest == counts.iloc[-1]:
        key = "alike"
    elif len(counts) <= _LEADERS and key == "finding":
        key = "few"
    yield Text(f"direction.applicants.{key}", values, "finding")
    yield Text("direction.applicants.body",
               {**values, "figure": Ref("applicants"), "table": Ref("owners")})  # fmt: skip
    yield from _joined(edition)
    lang = edition.lang
    person = (study.owner_types.reindex(counts.index) == "individual").to_numpy()
    if study.inputs.masked and person.any() and not person[0] and not person.all():
        # A number in a ranking tells nobody anything, least of all of inventors who applied themselves.
        yield Text("direction.applicants.persons", {"persons": int(person.sum())}, "note")
        frame, counts = frame[~person].reset_index(drop=True), _without(counts, person)
    named = counts.set_axis(names.reindex(counts.index))
    named.attrs = dict(counts.attrs)
    top = frame[["applicant", "count"]].head(TOP)
    yield Figure(
        Table("applicants", top, {}, values, edition.note("whole")),
        drawing(plot.ranking, named, top=TOP, lang=lang),
        size=(6.3, 3.7),
    )
    forms = {"rank": "count", "share": "share", "first_year": "year", "last_year": "year",
             "count": "count", "recent_count": "count"}  # fmt: skip
    note = edition.note("whole", periods="recent_count" in frame)
    yield Table("owners", frame, forms, values, note, rows=20)


def _without(counts: pd.Series, left_out: Any) -> pd.Series:
    kept: pd.Series = counts[~left_out]
    kept.attrs = dict(counts.attrs)
    return kept


def _ranking(edition: Edition, counts: pd.Series) -> pd.DataFrame:
    study = edition.study
    types = edition.named("party_type", study.owner_types)
    frame = pd.DataFrame(
        {
            # Equal counts share the better place.
            "rank": counts.rank(method="min", ascending=False).astype("int64"),
            "applicant": study.owner_names.reindex(counts.index),
            "party_type": types.reindex(counts.index), "count": counts,
            "share": counts / study.units,
        }
    )  # fmt: skip
    if study.is_dated:
        yearly = study.by_year(study.owners[["publication_id", "owner", "weight"]], "whole")
        recent = yearly[yearly["year"].between(study.last_year - RECENT + 1, study.last_year)]
        active = yearly[yearly["count"] > 0].groupby("group")["year"].agg(["min", "max"])
        frame["recent_count"] = recent.groupby("group")["count"].sum().reindex(counts.index)
        frame["first_year"] = active["min"].reindex(counts.index)
        frame["last_year"] = active["max"].reindex(counts.index)
    return frame.reset_index(drop=True)


def _owner_claims(edition: Edition, counts: pd.Series) -> dict[str, Any]:
    study = edition.study
    claim = edition.claims("direction.applicants")
    first, by = str(counts.index[0]), {"facet": "owner"}
    label = str(study.owner_names[counts.index[0]])
    top = min(_LEADERS, len(counts))
    span: dict[str, Any] = {"start": "", "end": ""}
    if study.is_dated:
        span = {"start": study.last_year - RECENT + 1, "end": study.last_year}
    return {
        "n": claim("n", "count", "set", "distinct", len(counts), unit="owner", details=by,
                   rule="whole"),
        "first": claim("first", "name", "set", "largest", first, label=label, unit="owner",
                       details=by, rule="whole", evidence=(f"owners/{label}",)),
        "count": claim("count", "count", f"owner:{first}", "units", counts.iloc[0], label=label,
                       rule="whole", evidence=(f"owners/{label}/count",)),
        "share": claim("share", "share", f"owner:{first}", "share",
                       counts.iloc[0] / study.units, label=label, unit="ratio", rule="whole",
                       baseline="set", evidence=(f"owners/{label}/share",)),
        "top": claim.parameter("top", top),
        "top_share": claim("top_share", "share", "set", "top_share",
                           _covered(edition, counts.index[:top]), unit="ratio", rule="whole",
                           details={**by, "top": top}),
        "equals": claim("equals", "count", "set", "leaders", int((counts == counts.iloc[0]).sum()),
                        unit="owner", details=by, rule="whole"),
        "unit": edition.unit_word, **span,
    }  # fmt: skip


def _covered(edition: Edition, owners: pd.Index) -> float:
    """Share of the units that any of these owners holds."""
    study = edition.study
    rows = study.owners[study.owners["owner"].isin(owners)]
    return float(study.unit_ids.reindex(rows["publication_id"]).nunique() / study.units)


def _joined(edition: Edition) -> Iterator[Block]:
    """How many spellings were joined, where any were."""
    held = facts.holders(edition.study.patents)
    ids = facts.party_ids(held, edition.study.owner_level)
    written = held["name_raw"].fillna(held["name"]).groupby(ids).nunique()
    joined = written[written > 1]
    if len(joined):
        claim = edition.claims("direction.applicants")
        key = "joined_group" if edition.study.owner_level == "group" else "joined"
        yield Text(f"direction.applicants.{key}",
                   {"owners": claim("several", "count", "set", "several_names", len(joined), unit="owner"),
                    "spellings": claim("names", "count", "set", "several_names", int(joined.sum()),
                                       unit="name", details={"names": True})}, "note")  # fmt: skip
    if held["role"].eq("current_assignee").any():
        yield Text("direction.applicants.current", {}, "note")


@section("direction.concentration", needs=("parties",))
def concentration(edition: Edition) -> Iterator[Block]:
    """How much the leaders hold, before and lately; nothing where the leaders are all there are."""
    study = edition.study
    members = study.owners[["publication_id", "owner", "weight"]]
    whole = indicators.concentration(study.patents, by=members, unit=study.unit).iloc[0]
    if whole["n"] <= _FOUR:
        return
    claim = edition.claims("direction.concentration")

    def index(name: str, measure: str, value: float, **more: Any) -> Any:
        return claim(name, "index", "set", measure, float(value), unit="ratio", rule="fractional",
                     details={"facet": "owner", "top": _FOUR}, **more)  # fmt: skip

    rows = [(edition.word("all_years"), whole)]
    values = {
        "cr4": index("cr4", "top_share", whole["cr4"]), "hhi": index("hhi", "hhi", whole["hhi"]),
        "n": claim("n", "count", "set", "distinct", int(whole["n"]), unit="owner",
                   rule="fractional", details={"facet": "owner"}),
    }  # fmt: skip
    level = sum(float(whole["hhi"]) >= bound for bound in _BOUNDS)
    key = "level"
    parts = _halves(edition) if study.is_dated and not len(study.capped) else None
    if parts is not None:
        half, before, after, p = parts
        for label, part in (("until", before), ("after", after)):
            rows.append((edition.word(label, year=half), part))
        first = int(study.course["first_year"])
        late = {"test": "random partition", "n": int(after["units"]), "q": p,
                "baseline": f"{first}-{half}"}  # fmt: skip
        up = after["cr4"] > before["cr4"]
        key = "unchanged" if p >= _LEVEL else "rising" if up else "falling"
        if key != "unchanged" and max(before["hhi"], after["hhi"]) < _BOUNDS[0]:
            key += "_low"  # it was dispersed before and after: no concentration rose or fell
        direction = 0 if p >= _LEVEL else 1 if up else -1
        values |= {
            "before": index("before", "top_share", before["cr4"], window=(first, half)),
            "after": index("after", "top_share", after["cr4"], window=(half + 1, study.last_year),
                           direction=direction, **late),
            "year": claim.parameter("year", half), "last": claim.parameter("last", study.last_year),
        }  # fmt: skip
    values["degree"] = edition.word(f"concentration_{_DEGREES[level]}")
    values["bound"] = claim.parameter("bound", _BOUNDS[0])
    yield Text(f"direction.concentration.{key}", values, "finding")
    halves = "body" if len(rows) > 1 else "body_whole"
    yield Text(f"direction.concentration.{halves}", {"table": Ref("concentration"), "bound": values["bound"],
                "high": claim.parameter("high", _BOUNDS[1])})  # fmt: skip
    frame = pd.DataFrame([row.rename(label) for label, row in rows])
    frame = frame.rename_axis("period").reset_index()
    frame = frame[["period", "units", "n", "cr4", "cr8", "hhi"]]
    forms = {"units": "count", "n": "count", "cr4": "share", "cr8": "share", "hhi": "ratio"}
    yield Table("concentration", frame, forms, {}, edition.note("fractional"))


def _halves(edition: Edition) -> tuple[int, pd.Series, pd.Series, float] | None:
    """Median year, concentration up to it and after it (complete years), and the test of the change.

    The test draws partitions of the same sizes at random: few units are concentrated by their
    number alone.
    """
    study = edition.study
    years = _years_of(edition)
    known = years[years <= study.last_year].dropna()
    half = int(known.median()) if len(known) else 0
    early = known.index[known <= half]
    late = known.index[known > half]
    if not len(early) or not len(late):
        return None
    cells = _cells(edition)
    cells = cells[cells["unit_id"].isin(known.index)]
    of_unit = cells["unit_id"].isin(set(early)).to_numpy()
    codes, weights = pd.factorize(cells["group"])[0], cells["weight"].to_numpy()
    units = pd.factorize(cells["unit_id"])[0]
    both = [_part(codes[side], weights[side]) for side in (of_unit, ~of_unit)]
    seen = abs(both[1]["cr4"] - both[0]["cr4"])
    rng = np.random.default_rng(0)
    order, size = np.arange(units.max() + 1), len(np.unique(units[of_unit]))
    beyond = 0
    for _ in range(_DRAWS):
        chosen = np.zeros(len(order), dtype=bool)
        chosen[rng.permutation(order)[:size]] = True
        side = chosen[units]
        one, other = (_cr4(codes[s], weights[s]) for s in (side, ~side))
        beyond += abs(one - other) >= seen
    return half, both[0], both[1], (beyond + 1) / (_DRAWS + 1)


def _years_of(edition: Edition) -> pd.Series:
    """Year of every counted unit."""
    return unit_years(edition.study.patents, edition.study.basis, edition.study.unit)


def _cells(edition: Edition) -> pd.DataFrame:
    """Shares of owners in units, sorted."""
    study = edition.study
    members = study.owners[["publication_id", "owner", "weight"]]
    cells = unit_frame(study.patents, members, unit=study.unit, counting="fractional")
    return cells.sort_values(["unit_id", "group"], ignore_index=True)


def _cr4(codes: np.ndarray, weights: np.ndarray) -> float:
    sums = np.bincount(codes, weights)
    return float(np.sort(sums)[-_FOUR:].sum() / sums.sum())


def _part(codes: np.ndarray, weights: np.ndarray) -> pd.Series:
    sums = np.bincount(codes, weights)
    share = np.sort(sums[sums > 0] / sums.sum())[::-1]
    return pd.Series(
        {"units": sums.sum(), "n": len(share), "cr4": share[:4].sum(), "cr8": share[:8].sum(),
         "hhi": (share**2).sum()}
    )  # fmt: skip
