"""The white paper: the year in numbers, for the public. Nothing here names a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import plot, tables
from patentnav.disclosure import primary
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.official import needed
from patentnav.study.gaps import gap
from patentnav.study.public import FIRMS, PEOPLE, REVENUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.claims import Claim
    from patentnav.disclosure import Protected
    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_FEWEST = 10  # units of an owner that is listed, and of a whole of which a share is given
_EVENTS = ("transfer", "licence", "pledge")


@section("paper.year", needs=("parties",))
def year(edition: Edition) -> Iterator[Block]:
    """The last full year in a few numbers, and what changed."""
    study = edition.study
    last = study.last_year
    inside = set(study.unit_ids.reindex(study.local_ids))
    years = study.unit_years[study.unit_years.index.isin(list(inside))]
    now, before = int((years == last).sum()), int((years == last - 1).sum())
    if now < _FEWEST:
        raise gap("missing.few_held", count=now, fewest=_FEWEST)
    claim = edition.claims("paper.year")
    label = study.inputs.region
    about: dict[str, Any] = {"label": label, "window": (last, last)}
    values: dict[str, Any] = {
        "region": label, "unit": edition.unit_word, "year": str(last),
        "count": claim("count", "count", "region:inside", "units", now, rule="whole", **about),
    }  # fmt: skip
    if before >= _FEWEST:
        values["change"] = claim(
            "change", "index", "region:inside", "change_between", now / before - 1, unit="ratio",
            details={"early": (last - 1, last - 1), "without": ""}, **about,
        )  # fmt: skip
    yield Text(
        "paper.year.finding" if "change" in values else "paper.year.alone", values, "finding"
    )
    owned = study.owners.assign(
        unit_id=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    owned = owned[owned["unit_id"].isin(years.index[years == last])]
    firms = owned[owned["owner"].map(study.owner_types) == "enterprise"]["unit_id"].nunique()
    values["firms"] = claim("firms", "share", "region:inside", "share_of_kind", firms / now,
                            unit="ratio", details={"kind": "enterprise"}, **about)  # fmt: skip
    yield Text("paper.year.firms", values, "bullet")
    yield Text("paper.year.note", values, "note")


@section("paper.creation", needs=("parties",))
def creation(edition: Edition) -> Iterator[Block]:
    """Filings of the last years, year by year."""
    study = edition.study
    first, last = study.recent
    inside = set(study.unit_ids.reindex(study.local_ids))
    years = study.unit_years[study.unit_years.index.isin(list(inside))]
    counts = years.value_counts().reindex(range(first, last + 1), fill_value=0)
    claim = edition.claims("paper.creation")
    peak = first + int(counts.to_numpy().argmax())
    values: dict[str, Any] = {
        "region": study.inputs.region, "unit": edition.unit_word,
        "first": claim.parameter("first", first), "last": claim.parameter("last", last),
        "count": claim("count", "count", "region:inside", "units", int(counts.sum()), rule="whole",
                       label=study.inputs.region, window=(first, last)),
        "peak": str(peak),
        "most": claim("most", "count", "region:inside", "units", int(counts[peak]), rule="whole",
                      label=study.inputs.region, window=(peak, peak)),
        "figure": Ref("paper_years"),
    }  # fmt: skip
    yield Text("paper.creation.finding", values, "finding")
    yield Text("paper.creation.body", values)
    frame = pd.DataFrame({"year": list(counts.index), "count": counts.to_numpy()})
    bars = pd.Series(counts.to_numpy(), index=[str(y) for y in counts.index])
    yield Figure(
        Table("paper_years", frame, {"year": "year", "count": "count"}, values,
              edition.note("whole", dated=True)),
        drawing(plot.amounts, bars, edition.unit_axis), size=(6.3, 2.4),
    )  # fmt: skip


@section("paper.owners", needs=("parties",))
def owners(edition: Edition) -> Iterator[Block]:
    """Organisations with ten units or more; persons are not listed."""
    study = edition.study
    first, last = study.recent
    inside = set(study.unit_ids.reindex(study.local_ids))
    years = study.unit_years[study.unit_years.index.isin(list(inside))]
    recent = years.index[years.between(first, last)]
    held = study.owners.assign(
        unit_id=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    held = held[held["unit_id"].isin(recent)]
    counts = held.groupby("owner")["unit_id"].nunique().sort_index()
    types = study.owner_types.reindex(counts.index)
    # Whoever may be a person is left out: firms and institutions are known to be ones.
    listed = counts[(counts >= _FEWEST) & types.notna() & (types != "individual")]
    listed = listed.sort_values(ascending=False, kind="stable")
    if listed.empty:
        raise gap("missing.few_held", count=0, fewest=_FEWEST)
    claim = edition.claims("paper.owners")
    values = {
        "region": study.inputs.region, "unit": edition.unit_word,
        "first": claim.parameter("first", first), "last": claim.parameter("last", last),
        "fewest": claim.parameter("fewest", _FEWEST), "table": Ref("public_owners"),
        "listed": claim("listed", "count", "region:inside", "organisations_with", len(listed),
                        unit="owner", window=(first, last), label=study.inputs.region,
                        details={"fewest": _FEWEST}),
    }  # fmt: skip
    yield Text("paper.owners.finding", values, "finding")
    yield Text("paper.owners.body", values)
    frame = pd.DataFrame({
        "applicant": study.owner_names.reindex(listed.index).to_numpy(),
        "party_type": edition.named("party_type", types.reindex(listed.index)).to_numpy(),
        "count": listed.to_numpy(),
    })  # fmt: skip
    yield Table("public_owners", frame, {"count": "count"}, values, edition.note("whole"), rows=TOP)


@section("paper.districts")
def districts(edition: Edition) -> Iterator[Block]:
    """Listed enterprises and their revenue by district and industry, as far as it may be shown."""
    needed(edition, "paper.districts", "EL", "district", "industry")
    study, shown = edition.study, edition.study.protected
    year = study.listed_year
    claim = edition.claims("paper.districts")
    values: dict[str, Any] = {
        "region": study.inputs.region, "year": str(year),
        "table": Ref("paper_firms"), "other": Ref("paper_branches"),
        "cross": Ref("paper_cross"),
    }  # fmt: skip
    total = f"{FIRMS} {year}|district=*|industry=*"
    if (count := shown.shown(total)) is not None:
        values["count"] = _firms(claim, "count", int(count))
        yield Text("paper.districts.finding", values, "finding")
    by_place = _line(shown, f"{FIRMS} {year}", "district").dropna()
    if len(by_place):
        most = str(by_place.sort_index().idxmax())
        values |= {
            "most": most,
            "largest": _firms(claim, "largest", int(by_place[most]), district=most),
        }
        yield Text("paper.districts.most", values, "bullet")
    yield Text("paper.districts.body", values)
    cross = _cross(shown, f"{FIRMS} {year}")
    if len(cross):
        yield Text("paper.districts.cross", values)
    for id_, dimension in (("paper_firms", "district"), ("paper_branches", "industry")):
        frame = pd.DataFrame({
            "el_firms": _line(shown, f"{FIRMS} {year}", dimension),
            "el_revenue": _line(shown, f"{REVENUE} {year}", dimension),
        }).astype("Float64").rename_axis(dimension).reset_index()  # fmt: skip
        yield _hiding(edition, id_, frame, values)
    if len(cross):
        yield _hiding(edition, "paper_cross", cross, values)


def _hiding(
    edition: Edition, id_: str, frame: pd.DataFrame, values: dict[str, Any], rows: int | None = None
) -> Table:
    """A table some of whose cells are not shown."""
    names = edition.industry_names.to_dict() | {"NA": edition.word("not_told")}
    for column in ("district", "industry"):
        if column in frame:
            frame[column] = frame[column].map(lambda one: names.get(one, one))
    forms = dict.fromkeys(frame.columns.drop(["district", "industry"], errors="ignore"), "count")
    return Table(id_, frame, forms, values, Text("paper.hidden", values, "note"), rows=rows)


def _firms(claim: ClaimMaker, name: str, value: int, **details: str) -> Claim:
    return claim(name, "count", "set", "listed_firms", value, unit="firm",
                 details={"district": "", "industry": "", **details})  # fmt: skip


def _line(shown: Protected, name: str, dimension: str) -> pd.Series:
    """Cells of a table along one dimension, the others in total; NA where they are hidden."""
    found = {}
    for cell, value, published in shown.own[["value", "published"]].itertuples(name=None):
        begin, *told = str(cell).split("|")
        key = dict(one.split("=", 1) for one in told)
        others = all(v == "*" for k, v in key.items() if k != dimension)
        if begin == name and key.get(dimension, "*") != "*" and others:
            found[key[dimension]] = value if published else np.nan
    return pd.Series(found, dtype="float64").sort_index()


def _cross(shown: Protected, name: str) -> pd.DataFrame:
    """Districts by industries, one row each where there is anything; NA where a cell is hidden."""
    rows = []
    for cell, value, published in shown.own[["value", "published"]].itertuples(name=None):
        begin, *told = str(cell).split("|")
        key = dict(one.split("=", 1) for one in told)
        if begin == name and "*" not in key.values() and (value or not published):
            rows.append((key["district"], key["industry"], value if published else np.nan))
    frame = pd.DataFrame(rows, columns=["district", "industry", "el_firms"])
    return frame.astype({"el_firms": "Float64"})


@section("paper.talent", needs=("parties", "inventors"))
def talent(edition: Edition) -> Iterator[Block]:
    """How many inventors; by industry where there are enough."""
    study, shown = edition.study, edition.study.protected
    first, last = study.recent
    name = f"{PEOPLE} {first}-{last}"
    total = shown.cells["value"].get(f"{name}|industry=*")
    fewest = primary.limits()["persons"]["fewest"]
    if total is None or not shown.cells.at[f"{name}|industry=*", "published"]:
        raise gap("missing.few_held", count=0, fewest=fewest)
    claim = edition.claims("paper.talent")
    values = {
        "region": study.inputs.region, "first": claim.parameter("first", first),
        "last": claim.parameter("last", last), "fewest": claim.parameter("fewest", fewest),
        "people": claim("people", "count", "region:inside", "inventors_of", int(total), unit="person",
                        label=study.inputs.region, window=(first, last)),
        "table": Ref("paper_people"),
    }  # fmt: skip
    yield Text("paper.talent.finding", values, "finding")
    yield Text("paper.talent.body", values)
    counts = _line(shown, name, "industry")
    frame = counts.astype("Float64").rename_axis("industry").reset_index(name="inventors")
    yield _hiding(edition, "paper_people", frame, values)


@section("paper.use", needs=("legal_events",))
def use(edition: Edition, *, indicators: Sequence[str] = ()) -> Iterator[Block]:
    """Transfers, licences and pledges on record, and what the office publishes of amounts."""
    study = edition.study
    first, last = study.recent
    claim = edition.claims("paper.use")
    events = study.patents.legal_events
    units = study.unit_ids.reindex(events["publication_id"]).to_numpy()
    when = events["date"].dt.year.between(first, last).fillna(False).to_numpy(dtype=bool)
    values: dict[str, Any] = {"unit": edition.unit_word, "first": claim.parameter("first", first),
                              "last": claim.parameter("last", last)}  # fmt: skip
    for name in _EVENTS:
        held = when & (events["category"] == name).fillna(False).to_numpy(dtype=bool)
        values[name] = claim(name, "count", "set", "event_units_between", int(pd.Series(units[held]).nunique()),
                             window=(first, last), details={"categories": [name]})  # fmt: skip
    yield Text("paper.use.finding", values, "finding")
    yield Text("paper.use.note", values, "note")
    if indicators:
        yield from _told(edition, "paper.use", indicators)


@section("paper.protection")
def protection(edition: Edition, *, indicators: Sequence[str] = ()) -> Iterator[Block]:
    """What the office publishes of protection."""
    yield from _told(edition, "paper.protection", indicators)


@section("paper.management")
def management(edition: Edition, *, indicators: Sequence[str] = ()) -> Iterator[Block]:
    """What the office publishes of management."""
    yield from _told(edition, "paper.management", indicators)


@section("paper.services")
def services(edition: Edition, *, indicators: Sequence[str] = ()) -> Iterator[Block]:
    """What the office publishes of services."""
    yield from _told(edition, "paper.services", indicators)


def _told(edition: Edition, place: str, wanted: Sequence[str]) -> Iterator[Block]:
    """Official numbers of a head with their source; nothing is computed but the change."""
    declared = tables.load("CS").indicators
    rows = needed(edition, place, "CS", *wanted)
    home = edition.study.home
    own = rows[(rows["region_code"] == home.code) & rows["indicator"].isin(wanted)]
    own = own.dropna(subset=["value"])
    if own.empty:
        raise gap("missing.user_table", user_table="CS", columns=tuple(wanted), section=place)
    claim = edition.claims(place)
    before = own.set_index(["indicator", "year"])["value"]
    newest = own.sort_values("year").drop_duplicates("indicator", keep="last")
    newest = newest.set_index("indicator").reindex(
        [n for n in wanted if n in set(own["indicator"])]
    )
    told = []
    for name, row in newest.iterrows():
        earlier = before.get((name, row["year"] - 1), np.nan)
        change = row["value"] / earlier - 1 if earlier and pd.notna(earlier) else np.nan
        told.append((declared[str(name)][edition.lang], int(row["year"]), row["value"],
                     tables.unit_name(str(row["unit"]), edition.lang), change, row["source"]))  # fmt: skip
    id_ = f"{place.partition('.')[2]}_numbers"
    values = {"region": home.name, "count": claim.parameter("count", len(told)), "table": Ref(id_)}
    if place != "paper.use":  # which begins with what the set tells
        yield _first_number(edition, place, newest)
    yield Text(f"{place}.body", values)
    columns = ["indicator", "year", "official_value", "official_unit", "change", "ut_source"]
    forms = {"year": "year", "official_value": "amount", "change": "percent_change"}
    yield Table(id_, pd.DataFrame(told, columns=columns), forms, values,
                Text("region.official_note", values, "note"), rows=None)  # fmt: skip


def _first_number(edition: Edition, place: str, newest: pd.DataFrame) -> Text:
    """The first of the official numbers in words."""
    home, name, row = edition.study.home, str(newest.index[0]), newest.iloc[0]
    year = int(row["year"])
    value = edition.claims(place)(
        name, "index", f"city:{home.code}", "statistic", float(row["value"]), label=home.name,
        details={"city": home.code, "year": year, "indicator": name},
    )  # fmt: skip
    told = tables.load("CS").indicators[name][edition.lang]
    unit = tables.unit_name(str(row["unit"]), edition.lang)
    values = {
        "region": home.name,
        "year": str(year),
        "indicator": told,
        "value": value,
        "unit": unit,
    }
    return Text("paper.first_number", values, "finding")


@section("paper.suppressed")
def suppressed(edition: Edition) -> Iterator[Block]:
    """How many cells are not shown, by reason; never which values."""
    shown = edition.study.protected
    counts = shown.counts
    claim = edition.claims("paper.suppressed")
    values = {
        "count": claim("count", "count", "set", "cells_hidden", int(counts.sum()), unit="cell"),
        "cells": claim("cells", "count", "set", "cells_in_all", len(shown.own), unit="cell"),
        "table": Ref("hidden_reasons"),
    }  # fmt: skip
    if not counts.sum():
        yield Text("paper.suppressed.none", values)
        return
    yield Text("paper.suppressed.finding", values)
    yield Text("paper.suppressed.body", values)
    reasons = [edition.word(f"hidden_{r}") for r in counts.index]
    frame = pd.DataFrame({"hidden_reason": reasons, "count": counts.to_numpy()})
    yield Table("hidden_reasons", frame, {"count": "count"}, values, None, rows=None)
