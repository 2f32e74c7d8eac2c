"""Part A, where the industry is heading: time, life cycle, technologies, leaders, core patents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import classify, indicators, plot, taxonomy
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_STEADY = 0.02  # yearly growth (either way) below which a trend is called steady


@section("direction.trend")
def trend(edition: Edition) -> Iterator[Block]:
    """Filings per year, their growth, and what the publication delay hides."""
    study = edition.study
    yearly = indicators.growth(study.activity)
    full = yearly[yearly["year"] <= study.last_year]
    if full.empty:
        raise gap("missing.years")
    values = {
        "scope": edition.scope(), "unit": edition.unit_word, "total": study.units,
        "first": int(full["year"].min()), "last": study.last_year, "peak": full["count"].max(),
        "peak_year": int(full["year"].iloc[int(full["count"].argmax())]),
    }  # fmt: skip
    yield Text(*_direction_of(full, values), "finding")
    yield Text("direction.trend.body", {**values, "figure": Ref("trend"), "table": Ref("years")})
    undated = int(study.activity.attrs.get("undated", 0))
    if undated:
        yield Text("direction.trend.undated", {"count": undated, "unit": edition.unit_word}, "note")
    note = edition.note(dated=True)
    lang, late = edition.lang, study.incomplete_from
    yield Figure(
        Table("trend", study.activity, {"year": "year", "count": "count"}, values, note),
        lambda ax: plot.trend(study.activity, ax=ax, incomplete_from=late, lang=lang),
    )
    state = np.where(yearly["year"] <= study.last_year, edition.word("complete"),
                     edition.word("incomplete"))  # fmt: skip
    shown = yearly[["year", "count", "growth"]].assign(completeness=state)
    shown = shown.iloc[::-1].reset_index(drop=True)
    forms = {"year": "year", "count": "count", "growth": "percent_change"}
    yield Table("years", shown, forms, values, note, rows=TOP)


def _direction_of(full: pd.DataFrame, values: dict[str, object]) -> tuple[str, dict[str, object]]:
    """Wording by the compound growth over the last full years."""
    counts = full.set_index("year")["count"]
    last = int(counts.index[-1])
    span = min(RECENT, len(counts) - 1)
    before = counts.get(last - span, 0.0)
    if span < 1 or before <= 0:
        return "direction.trend.finding.short", values
    rate = float((counts[last] / before) ** (1 / span) - 1)
    key = "steady" if abs(rate) < _STEADY else "rising" if rate > 0 else "falling"
    more = {"span": span, "rate": rate, "start": last - span, "before": before,
            "now": counts[last]}  # fmt: skip
    return f"direction.trend.finding.{key}", {**values, **more}


@section("direction.authorities", needs=("publications.authority",))
def authorities(edition: Edition) -> Iterator[Block]:
    """Where protection is sought."""
    study = edition.study
    counts = study.counts("authority", "whole")
    claim = edition.claims("direction.authorities")
    first = str(counts.index[0])
    subject, label = f"authority:{first}", edition.authority(first)
    cell = f"authorities/{first}"
    values = {
        "first": label,
        "count": claim("first", "count", subject, "units", counts.iloc[0], label=label,
                       rule="whole", evidence=(f"{cell}/count",)),
        "n": claim("n", "count", "set", "distinct", len(counts), unit="authority",
                   details={"facet": "authority"}, rule="whole"),
        "unit": edition.unit_word,
        "share": claim("share", "share", subject, "share", counts.iloc[0] / study.units,
                       label=label, unit="ratio", rule="whole", baseline="set",
                       evidence=(f"{cell}/share",)),
    }  # fmt: skip
    one = "direction.authorities.one" if len(counts) == 1 else "direction.authorities.finding"
    yield Text(one, values, "finding")
    frame = counts.rename_axis("authority").reset_index()
    frame.insert(1, "authority_name", frame["authority"].map(edition.authority))
    frame["share"] = frame["count"] / study.units
    forms = {"authority": "code", "count": "count", "share": "share"}
    yield Table("authorities", frame, forms, values, edition.note("whole"), rows=TOP)


@section("direction.life_cycle", needs=("publications.patent_type",))
def life_cycle(edition: Edition) -> Iterator[Block]:
    """The four coefficients, read as trends."""
    study = edition.study
    frame = indicators.life_cycle(study.patents, unit=study.unit, basis=study.basis)
    frame = frame[frame["year"] <= study.last_year].reset_index(drop=True)
    known = frame.dropna(subset=["growth_rate"])
    if len(known) < RECENT:
        raise gap("missing.life_cycle", years=len(known), fewest=RECENT)
    if not frame[["utility_models", "designs"]].to_numpy().any():
        yield Text("direction.life_cycle.inventions_only", {}, "missing")
        known = known.assign(maturity=np.nan, ageing=np.nan, novelty=np.nan)
        frame = frame.assign(maturity=np.nan, ageing=np.nan, novelty=np.nan)
    # Means of the two last spans of three years: single years jump.
    late, early = known.tail(3)["growth_rate"].mean(), known.iloc[-6:-3]["growth_rate"].mean()
    stage = "growing" if late > early else "slowing"
    values = {"late": late, "early": early, "last": study.last_year}
    yield Text(f"direction.life_cycle.{stage}", values, "finding")
    yield Text("direction.life_cycle.body", {"figure": Ref("life_cycle")})
    shown = ["year", "inventions", "utility_models", "designs", "growth_rate", "maturity",
             "ageing", "novelty"]  # fmt: skip
    forms = {"year": "year", "inventions": "count", "utility_models": "count", "designs": "count"}
    lang = edition.lang
    yield Figure(
        Table("life_cycle", frame[shown], forms, values, edition.note(dated=True)),
        lambda ax: plot.life_cycle(known, ax=ax, lang=lang),
    )


@section("direction.structure", needs=("classifications",))
def structure(edition: Edition) -> Iterator[Block]:
    """IPC subclasses and how their weights moved."""
    study = edition.study
    table = study.patents.classifications
    scheme = "IPC" if (table["scheme"] == "IPC").any() else "CPC"
    rows = table.loc[table["scheme"] == scheme, ["publication_id", "symbol"]]
    if rows.empty:
        raise gap("missing.classes")
    rows = rows.assign(subclass=rows["symbol"].str[:4], weight=1.0)
    members = rows[["publication_id", "subclass", "weight"]].drop_duplicates()
    counts = study.counts(members)
    values = {
        "scheme": scheme, "n": len(counts), "first": counts.index[0], "second": counts.index[1]
        if len(counts) > 1 else "", "share": counts.iloc[0] / counts.sum(), "top": min(5, len(counts)),
        "top_share": counts.head(5).sum() / counts.sum(),
    }  # fmt: skip
    yield Text("direction.structure.finding", values, "finding")
    yield Text("direction.structure.body", {"figure": Ref("structure"), "table": Ref("classes")})
    yearly = study.by_year(members)
    yearly = yearly[yearly["year"] <= study.last_year]
    lately = yearly[yearly["year"] > study.last_year - 2 * RECENT]
    lang = edition.lang
    forms = {"year": "year", "count": "number"}
    yield Figure(
        Table("structure", lately.rename(columns={"group": "subclass"}), {**forms, "subclass": "code"},
              values, edition.note("fractional", dated=True)),
        lambda ax: plot.composition(lately, ax=ax, lang=lang),
    )  # fmt: skip
    frame = counts.rename_axis("subclass").reset_index()
    frame["share"] = frame["count"] / counts.sum()
    forms = {"count": "number", "share": "share", "subclass": "code"}
    yield Table("classes", frame, forms, values, edition.note("fractional"), rows=TOP)
    yield from _fields(edition)


def _fields(edition: Edition) -> Iterator[Block]:
    """The technical fields of WIPO, which have names where subclasses have codes."""
    study = edition.study
    tree = taxonomy.load("wipo-35")
    rows = classify.memberships(study.patents, tree).dropna(subset=["sub_sector"])
    if rows.empty:
        return
    counts = study.counts(rows[["publication_id", "sub_sector", "weight"]])
    names = tree.names(edition.lang)
    frame = pd.DataFrame(
        {
            "sector": [names[tree.nodes[i].parent or i] for i in counts.index],
            "technical_field": names.reindex(counts.index).to_numpy(),
            "count": counts.to_numpy(), "share": (counts / counts.sum()).to_numpy(),
        }
    )  # fmt: skip
    values = {"n": len(counts), "first": frame["technical_field"].iloc[0],
              "share": frame["share"].iloc[0]}  # fmt: skip
    yield Text("direction.structure.fields", {**values, "table": Ref("fields")})
    forms = {"count": "number", "share": "share"}
    yield Table("fields", frame, forms, values, edition.note("fractional"), rows=10)


@section("direction.applicants", needs=("parties",))
def applicants(edition: Edition) -> Iterator[Block]:
    """The leading owners."""
    study = edition.study
    counts = study.counts(study.owners[["publication_id", "owner", "weight"]], "whole")
    names, types = study.owner_names, edition.named("party_type", study.owner_types)
    yearly = study.by_year(study.owners[["publication_id", "owner", "weight"]], "whole")
    recent = yearly[yearly["year"].between(study.last_year - RECENT + 1, study.last_year)]
    lately = recent.groupby("group")["count"].sum()
    active = yearly[yearly["count"] > 0].groupby("group")["year"].agg(["min", "max"])
    frame = pd.DataFrame(
        {
            "rank": np.arange(1, len(counts) + 1), "applicant": names.reindex(counts.index),
            "party_type": types.reindex(counts.index), "count": counts,
            "share": counts / study.units, "recent_count": lately.reindex(counts.index),
            "first_year": active["min"].reindex(counts.index),
            "last_year": active["max"].reindex(counts.index),
        }
    ).reset_index(drop=True)  # fmt: skip
    values = {
        "n": len(counts), "first": frame["applicant"].iloc[0], "count": counts.iloc[0],
        "share": counts.iloc[0] / study.units, "unit": edition.unit_word,
        "top": min(10, len(counts)), "top_share": _covered(edition, counts.index[:10]),
        "recent": RECENT, "start": study.last_year - RECENT + 1, "end": study.last_year,
    }  # fmt: skip
    yield Text("direction.applicants.finding", values, "finding")
    yield Text("direction.applicants.body",
               {**values, "figure": Ref("applicants"), "table": Ref("owners")})  # fmt: skip
    lang = edition.lang
    named = counts.set_axis(names.reindex(counts.index))
    named.attrs = dict(counts.attrs)
    top = frame[["applicant", "count"]].head(TOP)
    yield Figure(
        Table("applicants", top, {}, values, edition.note("whole")),
        lambda ax: plot.ranking(named, ax=ax, top=TOP, lang=lang),
        size=(6.3, 3.7),
    )
    forms = {"rank": "count", "share": "share", "first_year": "year", "last_year": "year",
             "count": "count", "recent_count": "count"}  # fmt: skip
    yield Table("owners", frame, forms, values, edition.note("whole"), rows=20)


def _covered(edition: Edition, owners: pd.Index) -> float:
    """Share of the units that any of these owners holds."""
    study = edition.study
    rows = study.owners[study.owners["owner"].isin(owners)]
    return float(study.unit_ids.reindex(rows["publication_id"]).nunique() / study.units)


@section("direction.concentration", needs=("parties",))
def concentration(edition: Edition) -> Iterator[Block]:
    """How much the leaders hold, before and lately."""
    study = edition.study
    members = study.owners[["publication_id", "owner", "weight"]]
    dates = study.patents.publications[study.basis]
    rows = [(edition.word("all_years"), indicators.concentration(study.patents, unit=study.unit))]
    half = int(dates.dropna().dt.year.median())
    for label, mask in (
        (edition.word("until", year=half), dates.dt.year <= half),
        (edition.word("after", year=half), dates.dt.year > half),
    ):
        part = study.patents.filter(mask)
        if len(part):
            rows.append((label, indicators.concentration(part, by=members, unit=study.unit)))
    frame = pd.concat([one.assign(period=label) for label, one in rows], ignore_index=True)
    frame = frame[["period", "units", "n", "cr4", "cr8", "hhi"]]
    whole = frame.iloc[0]
    values = {"cr4": whole["cr4"], "hhi": whole["hhi"], "n": whole["n"]}
    if len(frame) == 3:
        before, after = frame.iloc[1], frame.iloc[2]
        key = "rising" if after["cr4"] > before["cr4"] else "falling"
        values |= {"before": before["cr4"], "after": after["cr4"], "year": half}
        yield Text(f"direction.concentration.{key}", values, "finding")
    else:
        yield Text("direction.concentration.level", values, "finding")
    yield Text("direction.concentration.body", {"table": Ref("concentration")})
    forms = {"units": "count", "n": "count", "cr4": "share", "cr8": "share", "hhi": "number"}
    yield Table("concentration", frame, forms | {"hhi": "ratio"}, {}, edition.note("fractional"))
