"""Part A, where the industry is heading: time, authorities, classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import facts, indicators, plot, taxonomy
from patentnav.planning import THIN
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_LEADING = 5  # classes whose joint share is told


@section("direction.trend")
def trend(edition: Edition) -> Iterator[Block]:
    """Filings per year: start, peak, turn, last direction, and where the publication delay begins."""
    study = edition.study
    yearly = indicators.growth(study.activity)
    full = yearly[yearly["year"] <= study.last_year]
    if full.empty or not full["count"].any():
        raise gap("missing.years")
    claim = edition.claims("direction.trend")
    key, values = _course_of(edition, claim)
    values["figure"], values["table"] = Ref("trend"), Ref("years")
    yield Text(f"direction.trend.finding.{key}", values, "finding")
    cut = bool(len(study.capped))
    yield Text(f"direction.trend.body{'_capped' if cut else ''}", values)
    late = study.incomplete_from
    if late is not None:
        yield Text("direction.trend.late", {"year": claim.parameter("late", late)})
    undated = int(study.activity.attrs.get("undated", 0))
    if undated:
        yield Text("direction.trend.undated", {"count": undated, "unit": edition.unit_word}, "note")
    yield from _scope_limits(edition)
    note = edition.note(dated=True)
    lang = edition.lang
    drawn, before = _drawn(study.activity)
    if before:
        told = {"year": int(drawn["year"].min()), "count": before, "unit": edition.unit_word}
        yield Text("direction.trend.not_drawn", {**told, "table": Ref("years")}, "note")
    yield Figure(
        Table("trend", study.activity, {"year": "year", "count": "count"}, values, note),
        drawing(plot.trend, drawn, incomplete_from=late, lang=lang),
    )
    yield Table("years", _years(edition, yearly, cut=cut), _YEARS, values, note, rows=TOP)


def _drawn(activity: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Years to draw, without a long run of early ones that hold next to nothing, and what these hold."""
    so_far = activity["count"].to_numpy(dtype=float).cumsum()
    place = int(np.argmax(so_far > _EARLY * so_far[-1])) if len(so_far) else 0
    if place <= _RUN:
        return activity, 0
    drawn = activity.iloc[place:].reset_index(drop=True)
    drawn.attrs = dict(activity.attrs)
    return drawn, int(activity["count"].iloc[:place].sum())


_EARLY, _RUN = 0.01, 10  # part of all units, and years, of such a run
_YEARS = {"year": "year", "count": "count", "growth": "percent_change"}


def _years(edition: Edition, yearly: pd.DataFrame, *, cut: bool) -> pd.DataFrame:
    """Years, the latest first; growth only between complete years, from a base that carries it."""
    whole = yearly["year"] <= edition.study.last_year
    known = edition.word("complete_capped" if cut else "complete")
    shown = yearly[["year", "count"]].assign(
        growth=yearly["growth"].where(whole & (yearly["count"].shift() >= THIN)),
        completeness=np.where(whole, known, edition.word("incomplete")),
    )
    shown = shown.iloc[::-1].reset_index(drop=True)
    return shown.drop(columns="growth") if cut or shown["growth"].isna().all() else shown


def _course_of(edition: Edition, claim: ClaimMaker) -> tuple[str, dict[str, Any]]:
    """Wording of the course of the set, and its claims."""
    study = edition.study
    seen = study.course
    first, last, peak_year = (int(seen[c]) for c in ("first_year", "last_year", "peak_year"))
    whole = (first, last)

    def year_count(name: str, year: int, value: float) -> Any:
        return claim(name, "count", "set", "units", float(value), window=(year, year),
                     evidence=(f"years/{year}/count",))  # fmt: skip

    values: dict[str, Any] = {
        "scope": edition.scope(), "unit": edition.unit_word, "piece": edition.piece,
        "total": claim("total", "count", "set", "units", float(study.units)),
        "first": claim("first", "date", "set", "first_year", first),
        "last": claim.parameter("last", last),
        "peak_year": claim("peak_year", "date", "set", "peak_year", peak_year, window=whole,
                           evidence=(f"years/{peak_year}/year",)),
        "peak": year_count("peak", peak_year, seen["peak"]),
        "now": year_count("now", last, seen["last_count"]),
    }  # fmt: skip
    if len(study.capped):
        return _cut_off(edition, values, claim)
    if pd.isna(seen["direction"]):
        return "short", values
    direction, turn = int(seen["direction"]), int(seen["turn_year"])
    counts = study.activity.set_index("year")["count"]
    values["course"] = claim("course", "trend", "set", "course_direction", direction, window=whole,
                             direction=direction, test="two Poisson counts",
                             n=int(seen["total"]))  # fmt: skip
    values["turn"] = claim("turn", "date", "set", "turn_year", turn, window=whole)
    if direction == 0:
        span = (turn, last)
        plateau = counts[(counts.index >= turn) & (counts.index <= last)]
        values["low"] = claim("low", "count", "set", "lowest", int(plateau.min()), window=span)
        values["high"] = claim("high", "count", "set", "peak", int(plateau.max()), window=span)
        return ("steady" if turn <= peak_year else "settled"), values
    start = turn
    if direction > 0:  # the last years of a long rise; never from nothing
        start = max(turn, last - RECENT)
        while not counts[start]:
            start += 1
    span = (start, last)
    steps = np.sign(np.diff(counts[(counts.index >= start) & (counts.index <= last)]))
    monotone = bool((steps == direction).all())
    values["start"] = claim.parameter("start", start)
    values["before"] = year_count("before", start, counts[start])
    values["steps"] = claim("steps", "trend", "set", "monotone", monotone, window=span,
                            direction=direction)  # fmt: skip
    values["pace"] = edition.word("every_year" if monotone else "on_the_whole")
    values["change"] = claim("change", "trend", "set", "change", counts[last] / counts[start] - 1,
                             window=span, unit="ratio", direction=direction)  # fmt: skip
    if last > start:
        rate = (counts[last] / counts[start]) ** (1 / (last - start)) - 1
        values["rate"] = claim("rate", "trend", "set", "rate", float(rate), window=span,
                               unit="ratio per year", direction=direction,
                               baseline=f"{start}", baseline_value=float(counts[start]))  # fmt: skip
    if direction < 0:
        values["fall"] = claim("fall", "trend", "set", "fall", 1 - counts[last] / counts[start],
                               window=span, unit="ratio", direction=direction)  # fmt: skip
        return ("falling" if turn == peak_year else "falling_again"), values
    if peak_year <= turn:
        return "recovering", values
    return ("rising" if peak_year == last else "rising_below"), values


def _cut_off(
    edition: Edition, values: dict[str, Any], claim: ClaimMaker
) -> tuple[str, dict[str, Any]]:
    """What is said in place of a direction where the export ends at a limit."""
    values["rows"] = claim.parameter("rows", int(edition.study.capped["rows"].max()))
    found = facts.cliff(edition.study.given)
    if found is None:
        return "capped", values
    month, times = found
    values["month"] = edition.word("month", year=month.year, month=month.month)
    values["times"] = claim("times", "comparison", "set", "cliff", times, unit="ratio",
                            details={"month": f"{month:%Y-%m}"}, direction=1)  # fmt: skip
    return "cliff", values


def _scope_limits(edition: Edition) -> Iterator[Block]:
    """One authority or one type of patents does not stand for the others."""
    patents = edition.study.patents
    offices = patents.publications["authority"].dropna().unique()
    if len(offices) == 1:
        yield Text("direction.trend.one_office", {"first": edition.authority(offices[0])}, "note")
    kinds = patents.publications["patent_type"].dropna()
    if kinds.nunique() == 1:
        named = edition.named("patent_type", kinds.drop_duplicates()).iloc[0]
        yield Text("direction.trend.one_type", {"type": named}, "note")


@section("direction.authorities", needs=("publications.authority",))
def authorities(edition: Edition) -> Iterator[Block]:
    """Where protection is sought; nothing where all is sought at one authority."""
    study = edition.study
    counts = study.counts("authority", "whole")
    if len(counts) < 2:
        return
    claim = edition.claims("direction.authorities")
    first = str(counts.index[0])
    subject, label = f"authority:{first}", edition.authority(first)
    cell = f"authorities/{first}"
    values: dict[str, Any] = {
        "first": claim("first", "name", "set", "largest", first, label=label, unit="authority",
                       rule="whole", details={"facet": "authority"}, evidence=(cell,)),
        "count": claim("count", "count", subject, "units", counts.iloc[0], label=label,
                       rule="whole", evidence=(f"{cell}/count",)),
        "n": claim("n", "count", "set", "distinct", len(counts), unit="authority",
                   details={"facet": "authority"}, rule="whole"),
        "unit": edition.unit_word,
        "share": claim("share", "share", subject, "share", counts.iloc[0] / study.units,
                       label=label, unit="ratio", rule="whole", baseline="set",
                       evidence=(f"{cell}/share",)),
    }  # fmt: skip
    if counts.iloc[0] == study.units:  # all are there: what is told is the rest
        second = str(counts.index[1])
        name = edition.authority(second)
        values["second"] = claim("second", "name", "set", "largest", second, label=name,
                                 unit="authority", rule="whole",
                                 details={"facet": "authority", "rank": 2},
                                 evidence=(f"authorities/{second}",))  # fmt: skip
        values["second_count"] = claim("second_count", "count", f"authority:{second}", "units",
                                       counts.iloc[1], label=name, rule="whole",
                                       evidence=(f"authorities/{second}/count",))  # fmt: skip
    key = "everywhere" if "second" in values else "finding"
    if (
        study.unit == "family"
    ):  # of a family the documents that were exported are counted, no others
        key += "_exported"
    yield Text(f"direction.authorities.{key}", values, "finding")
    if study.unit == "family":
        yield Text("direction.authorities.by_document", {}, "note")
    frame = counts.rename_axis("authority").reset_index()
    frame.insert(1, "authority_name", frame["authority"].map(edition.authority))
    frame["share"] = frame["count"] / study.units
    forms = {"authority": "code", "count": "count", "share": "share"}
    yield Table("authorities", frame, forms, values, edition.note("whole"), rows=TOP)


@section("direction.structure", needs=("classifications",))
def structure(edition: Edition) -> Iterator[Block]:
    """IPC subclasses and how their weights moved; nothing where there is one."""
    study = edition.study
    table = study.patents.classifications
    scheme = "IPC" if (table["scheme"] == "IPC").any() else "CPC"
    rows = table.loc[table["scheme"] == scheme, ["publication_id", "symbol"]]
    rows = rows.assign(subclass=rows["symbol"].str[:4], weight=1.0).dropna(subset=["subclass"])
    if rows.empty:
        raise gap("missing.classes")
    members = rows[["publication_id", "subclass", "weight"]].drop_duplicates()
    counts = study.counts(members)
    if len(counts) < 2:
        return
    values = _class_claims(edition, counts, scheme)
    many = len(counts) > _LEADING
    yield Text(f"direction.structure.{'finding' if many else 'few'}", values, "finding")
    yield Text("direction.structure.body",
               {**values, "figure": Ref("structure"), "table": Ref("classes")})  # fmt: skip
    if facts.main_class_only(study.patents):
        yield Text("direction.structure.main_only", {"scheme": scheme}, "note")
    if len(study.capped):
        yield Text("direction.structure.capped", {}, "note")
    yearly = study.by_year(members)
    yearly = yearly[yearly["year"] <= study.last_year]
    lately = yearly[yearly["year"] > study.last_year - 2 * RECENT]
    lang = edition.lang
    forms = {"year": "year", "count": "number"}
    yield Figure(
        Table("structure", lately.rename(columns={"group": "subclass"}), {**forms, "subclass": "code"},
              values, edition.note("fractional", dated=True)),
        drawing(plot.composition, lately, lang=lang),
    )  # fmt: skip
    frame = counts.rename_axis("subclass").reset_index()
    frame["share"] = frame["count"] / counts.sum()
    forms = {"count": "number", "share": "share", "subclass": "code"}
    yield Table("classes", frame, forms, values, edition.note("fractional"), rows=TOP)
    if study.tree.name != "wipo-35":  # else the chain and the industries are these
        yield from _fields(edition)


def _class_claims(edition: Edition, counts: pd.Series, scheme: str) -> dict[str, Any]:
    claim = edition.claims("direction.structure")
    first = str(counts.index[0])
    by = {"facet": "subclass"}
    top = min(_LEADING, len(counts))
    return {
        "scheme": scheme, "top": claim.parameter("top", top),
        "n": claim("n", "count", "set", "distinct", len(counts), unit="subclass", details=by,
                   rule="fractional"),
        "first": claim("first", "name", "set", "largest", first, label=first, unit="subclass",
                       details=by, rule="fractional", evidence=(f"classes/{first}",)),
        "share": claim("share", "share", f"subclass:{first}", "share",
                       counts.iloc[0] / counts.sum(), label=first, unit="ratio", rule="fractional",
                       baseline="set", evidence=(f"classes/{first}/share",)),
        "top_share": claim("top_share", "share", "set", "top_share",
                           counts.head(top).sum() / counts.sum(), unit="ratio", rule="fractional",
                           details={**by, "top": top}),
    }  # fmt: skip


def _fields(edition: Edition) -> Iterator[Block]:
    """The technical fields of WIPO, which have names where subclasses have codes."""
    study = edition.study
    tree = taxonomy.load("wipo-35")
    rows = study.fields.dropna(subset=["sub_sector"])
    counts = study.counts(rows[["publication_id", "sub_sector", "weight"]])
    if len(counts) < 2:
        return
    names = tree.names(edition.lang)
    frame = pd.DataFrame(
        {
            "sector": [names[tree.nodes[i].parent or i] for i in counts.index],
            "technical_field": names.reindex(counts.index).to_numpy(),
            "count": counts.to_numpy(), "share": (counts / counts.sum()).to_numpy(),
        }
    )  # fmt: skip
    claim = edition.claims("direction.structure")
    first, label = str(counts.index[0]), frame["technical_field"].iloc[0]
    by = {"facet": "wipo_field"}
    values = {
        "n": claim("fields", "count", "set", "distinct", len(counts), unit="field", details=by,
                   rule="fractional"),
        "first": claim("field", "name", "set", "largest", first, label=label, unit="field",
                       details=by, rule="fractional", evidence=(f"fields/{label}",)),
        "share": claim("field_share", "share", f"wipo_field:{first}", "share",
                       frame["share"].iloc[0], label=label, unit="ratio", rule="fractional",
                       baseline="set", evidence=(f"fields/{label}/share",)),
    }  # fmt: skip
    yield Text("direction.structure.fields", {**values, "table": Ref("fields")})
    forms = {"count": "number", "share": "share"}
    yield Table("fields", frame, forms, values, edition.note("fractional"), rows=10)
