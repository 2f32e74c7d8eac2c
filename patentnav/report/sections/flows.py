"""Part A, continued: from which countries, and from which provinces and cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav import facts, indicators, plot
from patentnav.claims import SIGNIFICANT
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from patentnav.facts import PlaceLevel
    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_THIN = 10  # units below which no share and no median is told
_TOP = 3  # places whose joint share is told
_EARLIER = 30  # units with a place before, from which shares are compared
_LEAST = 0.2  # part of the units that must have a place
_NEAR = 0.1  # of the largest, by which inferred places must differ for one of them to be first


@section("direction.flow")
def flow(edition: Edition) -> Iterator[Block]:
    """From where, and where to; nothing where all comes from one place and that is all there is."""
    study = edition.study
    known = indicators.origins(study.patents, study.unit)
    if known.empty:
        raise gap("missing.origin")
    profile = indicators.origin_profile(study.patents, study.unit)
    cells = indicators.flow(study.patents, study.unit)
    first = profile.iloc[0]
    if len(profile) < 2:
        listed, home = int(first["listed"]), first["home_only"]
        if listed >= _THIN and 0 < int(home) < listed:
            yield Text("direction.flow.home", _home(edition, first), "finding")
        return
    told = set(known["told_by"])
    values = _origin_claims(edition, profile, len(known))
    values["basis"] = edition.word("flow_by_both" if len(told) > 1 else f"flow_by_{min(told)}")
    values |= {"figure": Ref("origin_target"), "table": Ref("origins")}
    whole = len(known) == study.units
    counts = profile["count"]
    tied = len(counts) > 2 and counts.iloc[1] == counts.iloc[2]
    key = "all" if whole else "finding"
    yield Text(f"direction.flow.{key}{'_first' if tied else ''}", values, "finding")
    yield Text("direction.flow.body", values)
    yield from _abroad(edition, profile, cells)
    note, lang = edition.note("whole"), edition.lang
    codes = {*cells["origin"], *cells["target"]}
    names = {c: "PCT" if c == "WO" else edition.authority(c) for c in codes}
    shown = cells.assign(origin=cells["origin"].map(names), target=cells["target"].map(names))
    yield Figure(
        Table("origin_target", shown, {"count": "count"}, values, note),
        drawing(plot.origin_target, cells, names=names, unit=study.unit, lang=lang),
        size=(6.3, 3.4),
    )
    frame = profile.assign(origin=profile["origin"].map(names))
    frame = frame[["origin", "count", "share", "listed", "home_only_share", "offices", "abroad",
                   "lag_months"]]  # fmt: skip
    if not frame["listed"].any():
        frame = frame.drop(columns=["listed", "home_only_share", "offices"])
    if not frame["abroad"].any():
        frame = frame.drop(columns=["abroad", "lag_months"])
    forms = {"share": "share", "home_only_share": "share", "offices": "number",
             "lag_months": "number"}  # fmt: skip
    yield Table("origins", frame, forms, values, note, rows=TOP)
    if not profile["listed"].any():
        yield Text("direction.flow.unlisted", {}, "note")


def _origin_claims(edition: Edition, profile: pd.DataFrame, known: int) -> dict[str, Any]:
    study = edition.study
    claim = edition.claims("direction.flow")
    by = {"facet": "origin"}
    values: dict[str, Any] = {
        "known": claim("known", "count", "set", "known_units", known, details=by),
        "known_share": claim("known_share", "share", "set", "known_share", known / study.units,
                             unit="ratio", details=by),
        "n": claim("n", "count", "set", "distinct", len(profile), unit="origin", details=by),
        "unit": edition.unit_word, "piece": edition.piece,
    }  # fmt: skip
    for place, name in enumerate(("first", "second")):
        row = profile.iloc[place]
        code, label = str(row["origin"]), edition.authority(str(row["origin"]))
        cell = f"origins/{label}"
        values |= {
            name: claim(name, "name", "set", "largest", code, label=label, unit="origin",
                        details={**by, "rank": place + 1}, evidence=(cell,)),
            f"{name}_count": claim(f"{name}_count", "count", f"origin:{code}", "units",
                                   float(row["count"]), label=label, evidence=(f"{cell}/count",)),
            f"{name}_share": claim(f"{name}_share", "share", f"origin:{code}", "share_of_known",
                                   row["share"], label=label, unit="ratio", details=by,
                                   evidence=(f"{cell}/share",)),
        }  # fmt: skip
    return values


def _home(edition: Edition, row: pd.Series) -> dict[str, Any]:
    """How much of an origin stays at home."""
    claim = edition.claims("direction.flow")
    code, label = str(row["origin"]), edition.authority(str(row["origin"]))
    subject = f"origin:{code}"
    return {
        "origin": label, "unit": edition.unit_word, "piece": edition.piece,
        "listed": claim("listed", "count", subject, "family_listed", int(row["listed"]),
                        label=label),
        "home": claim("home", "count", subject, "home_only", int(row["home_only"]), label=label),
        "home_share": claim("home_share", "share", subject, "home_only_share",
                            float(row["home_only_share"]), label=label, unit="ratio",
                            evidence=(f"origins/{label}/home_only_share",)),
    }  # fmt: skip


def _abroad(edition: Edition, profile: pd.DataFrame, cells: pd.DataFrame) -> Iterator[Block]:
    """What stays at home, what comes to the office with most from elsewhere, and after how long."""
    first = profile.iloc[0]
    if first["listed"] >= _THIN and 0 < int(first["home_only"]) < int(first["listed"]):
        yield Text("direction.flow.home", _home(edition, first))
    claim = edition.claims("direction.flow")
    own = cells["origin"] == cells["target"]
    at = cells[cells["target"] != "WO"].groupby("target")["count"].sum()
    foreign = cells[~own & (cells["target"] != "WO")].groupby("target")["count"].sum()
    foreign = foreign[(foreign < at.reindex(foreign.index)) & (at.reindex(foreign.index) >= _THIN)]
    # An office of a region is nobody's home: all that it receives comes from elsewhere.
    if len(foreign) and foreign.max() >= _THIN:
        code = min(foreign.index[foreign == foreign.max()])
        label = edition.authority(str(code))
        yield Text("direction.flow.inflow", {
            "office": label, "unit": edition.unit_word,
            "at": claim("at", "count", f"target:{code}", "origin_known_at", int(at[code]),
                        label=label),
            "foreign_share": claim("foreign_share", "share", f"target:{code}", "foreign_share",
                                   foreign[code] / at[code], label=label, unit="ratio"),
        })  # fmt: skip
    late = profile[profile["abroad"] >= _THIN]
    if len(late):
        row = late.sort_values(["abroad", "origin"], ascending=[False, True]).iloc[0]
        label, subject = edition.authority(str(row["origin"])), f"origin:{row['origin']}"
        cell = f"origins/{label}"
        yield Text("direction.flow.lag", {
            "origin": label,
            "abroad": claim("abroad", "count", subject, "filings_abroad", int(row["abroad"]),
                            label=label, unit="filing", evidence=(f"{cell}/abroad",)),
            "lag": claim("lag", "index", subject, "abroad_lag", float(row["lag_months"]),
                         label=label, unit="month", evidence=(f"{cell}/lag_months",)),
        })  # fmt: skip


@section("direction.places", needs=("parties",))
def places(edition: Edition) -> Iterator[Block]:
    """Provinces and cities of the owners; nothing where there is one."""
    study = edition.study
    held = facts.holder_places(study.patents)
    if held["region"].isna().all():
        raise gap("missing.places")
    regions = _ranking(edition, "region")
    known = regions.attrs["known"]
    if known < _LEAST * study.units:
        raise gap("missing.few_places", known=known, total=study.units, share=known / study.units)
    if len(regions) < 2:
        return
    values = _place_claims(edition, regions, "province")
    values |= {"figure": Ref("provinces"), "table": Ref("province_table"),
               "top": edition.claims("direction.places").parameter("top", _TOP)}  # fmt: skip
    parts = "" if len(regions) > _TOP else "few_"
    whole = "all" if known == study.units else "finding"
    yield Text(f"direction.places.{parts}{whole}", values, "finding")
    yield Text("direction.places.body", values)
    yield from _risen(edition, regions)
    cities = _ranking(edition, "city") if held["city"].notna().any() else regions.head(0)
    if len(cities) > 1:
        yield Text("direction.places.cities",
                   {**_place_claims(edition, cities, "city"), "table": Ref("city_table")})  # fmt: skip
    yield from _inferred(edition, regions)
    note, lang = edition.note("whole"), edition.lang
    bars = regions.set_index("place")["count"].astype("float64")
    bars.attrs = {"unit": study.unit}
    yield Figure(
        Table("provinces", regions[["place", "count"]], {"count": "count"}, values, note),
        drawing(plot.ranking, bars, top=TOP, lang=lang),
        size=(6.3, 3.6),
    )
    forms = {"count": "count", "share": "share", "owners": "count", "inferred": "count",
             "before_share": "share", "recent_share": "share", "q_value": "p"}  # fmt: skip
    periods = _periods(edition)
    yield Table("province_table", _shown(regions), forms, periods, note, rows=TOP)
    if len(cities) > 1:
        yield Table("city_table", _shown(cities), forms, periods, note, rows=TOP)


def _periods(edition: Edition) -> dict[str, Any]:
    study = edition.study
    last = study.last_year if study.is_dated else 0
    return {"start": last - RECENT + 1, "end": last, "before": last - 2 * RECENT + 1,
            "until": last - RECENT}  # fmt: skip


def _ranking(edition: Edition, level: PlaceLevel) -> pd.DataFrame:
    study = edition.study
    # Where the export was cut off, what is missing of the years is not known.
    dated = study.is_dated and not len(study.capped)
    return indicators.place_ranking(
        study.patents, level, study.unit, until=study.last_year if dated else None,
        basis=study.basis if dated else "application_date", window=RECENT,
    )  # fmt: skip


def _shown(ranking: pd.DataFrame) -> pd.DataFrame:
    columns = ["place", "count", "share", "owners", "inferred", "before_share", "recent_share",
               "q_value"]  # fmt: skip
    here = [c for c in columns if c in ranking.columns]
    if (ranking["inferred"] == 0).all() or (ranking["inferred"] == ranking["count"]).all():
        here.remove("inferred")  # one sentence says it
    return ranking[here]


def _place_claims(edition: Edition, ranking: pd.DataFrame, facet: str) -> dict[str, Any]:
    study = edition.study
    claim = edition.claims("direction.places")
    known, by = int(ranking.attrs["known"]), {"facet": f"owner_{facet}"}
    first, second = ranking.iloc[0], ranking.iloc[1]
    table = f"{facet}_table"

    def part(name: str, row: pd.Series) -> Any:
        return claim(f"{facet}_{name}", "share", f"owner_{facet}:{row['place']}", "share_of_known",
                     row["share"], label=row["place"], unit="ratio", details=by,
                     evidence=(f"{table}/{row['place']}/share",))  # fmt: skip

    values = {
        "known": claim(f"{facet}_known", "count", "set", "known_units", known, details=by),
        "known_share": claim(f"{facet}_known_share", "share", "set", "known_share",
                             known / study.units, unit="ratio", details=by),
        "n": claim(f"{facet}_n", "count", "set", "distinct", len(ranking), unit=facet, details=by),
        "first": claim(f"{facet}_first", "name", "set", "largest", first["place"],
                       label=first["place"], unit=facet, details=by,
                       evidence=(f"{table}/{first['place']}",)),
        "second": claim(f"{facet}_second", "name", "set", "largest", second["place"],
                        label=second["place"], unit=facet, details={**by, "rank": 2}),
        "count": claim(f"{facet}_count", "count", f"owner_{facet}:{first['place']}", "units",
                       float(first["count"]), label=first["place"],
                       evidence=(f"{table}/{first['place']}/count",)),
        "second_count": claim(f"{facet}_second_count", "count", f"owner_{facet}:{second['place']}",
                              "units", float(second["count"]), label=second["place"],
                              evidence=(f"{table}/{second['place']}/count",)),
        "share": part("share", first), "second_share": part("second_share", second),
        "near": claim.parameter(f"{facet}_near", _NEAR),
        "top_share": claim(f"{facet}_top_share", "share", "set", "top_share_of_known",
                           _joint(edition, ranking, facet), unit="ratio",
                           details={**by, "top": _TOP}),
        "unit": edition.unit_word, "piece": edition.piece,
    }  # fmt: skip
    close = second["count"] > (1 - _NEAR) * first["count"] and ranking.attrs["inferred"]
    key = "near" if close else "first" if facet == "province" else "city"
    return {**values, "most": Text(f"direction.places.most.{key}", values)}


def _joint(edition: Edition, ranking: pd.DataFrame, facet: str) -> float:
    """Part of the units with a place that any of the first places holds."""
    level = "region" if facet == "province" else facet
    held = facts.holder_places(edition.study.patents).dropna(subset=level)
    spelled = held[level].map(lambda value: facts.place_name(str(value), level))
    rows = held.loc[spelled.isin(ranking["place"].head(_TOP)), "publication_id"]
    return float(edition.study.unit_ids.reindex(rows).nunique() / ranking.attrs["known"])


def _risen(edition: Edition, ranking: pd.DataFrame) -> Iterator[Block]:
    """The places whose share rose and fell most, of those that passed the test."""
    if "q_value" not in ranking.columns or ranking["before_count"].sum() < _EARLIER:
        return
    passed = ranking[ranking["q_value"] < SIGNIFICANT]
    shift = passed["recent_share"] - passed["before_share"]
    passed = passed.assign(shift=shift, moved=shift.abs())
    claim, span = edition.claims("direction.places"), _periods(edition)
    early, late = (span["before"], span["until"]), (span["start"], span["end"])
    for key, rows in (
        ("risen", passed[passed["shift"] > 0]),
        ("fallen", passed[passed["shift"] < 0]),
    ):
        if rows.empty:
            continue
        row = rows.sort_values("moved", ascending=False, kind="stable").iloc[0]
        subject, label = f"owner_province:{row['place']}", str(row["place"])
        sides = {
            name: claim(f"{key}_{name}", "share", subject, "share_of_known", row[f"{column}_share"],
                        label=label, unit="ratio", window=window, details={"facet": "owner_province"},
                        q=float(row["q_value"]), test="Fisher",
                        evidence=(f"province_table/{label}/{column}_share",))
            for name, column, window in (("early", "before", early), ("late", "recent", late))
        }  # fmt: skip
        yield Text(f"direction.places.{key}", {"place": label, **sides, **span})


def _inferred(edition: Edition, ranking: pd.DataFrame) -> Iterator[Block]:
    """Whether the places were read from names."""
    inferred, known = ranking.attrs["inferred"], ranking.attrs["known"]
    if inferred == known:
        yield Text("direction.places.all_inferred", {}, "note")
    elif inferred:
        claim = edition.claims("direction.places")
        share = claim("inferred", "share", "set", "inferred_at_level", inferred / known,
                      unit="ratio", details={"level": "region"})  # fmt: skip
        yield Text("direction.places.inferred", {"share": share}, "note")
