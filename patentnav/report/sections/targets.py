"""Monitoring of targets: states, pace, what proves them, how else they could be read, measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import i18n, plot
from patentnav.errors import UnavailableError
from patentnav.kpi import SOURCE, STATES
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.report.sections.official import measures_table, needed
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_ASKED = ("kpi", "period", "value")
_CONTENTS = ("inventions", "pct")  # of portfolios, that targets ask for
_NAMED = 6  # targets behind that are named in the summary
_GROWTH = "growth"
_AS_SHARES = {"growth", "ratio", "soft"}  # kinds whose target and attained value are parts of one


@section("kpi.summary")
def summary(edition: Edition) -> Iterator[Block]:
    """How many targets stand where, and which are behind."""
    needed(edition, "kpi.summary", "KA", *_ASKED)
    study = edition.study
    states = study.states
    claim = edition.claims("kpi.summary")
    counts = {s: int((states["state"] == s).sum()) for s in STATES}
    values: dict[str, Any] = {
        name: claim(name, "count", "set", "targets_in_state", count, unit="target",
                    details={"state": name})
        for name, count in counts.items()
    }  # fmt: skip
    values["total"] = claim("total", "count", "set", "targets_in_state", len(states), unit="target",
                            details={"state": ""})  # fmt: skip
    values["day"] = f"{study.as_of_day:%Y-%m-%d}"
    yield Text("kpi.summary.finding", values, "finding")
    behind = states[states["state"] == "behind"].sort_values(["pace", "id"])
    for row in _records(behind.head(_NAMED)):
        kind = "part" if pd.isna(row["planned"]) else "behind"
        key = (
            f"kpi.summary.{kind}" if pd.notna(row["pace"]) and row["pace"] else "kpi.summary.short"
        )
        yield Text(key, _told(edition, claim, row), "bullet")
    yield Text("kpi.summary.body", {"figure": Ref("kpi_states")})
    frame = pd.DataFrame(
        {"kpi_state": [edition.word(f"kpi_{s}") for s in STATES], "count": list(counts.values())}
    )
    bars = pd.Series(counts).set_axis(frame["kpi_state"])
    word = edition.word("noun_target")
    yield Figure(
        Table("kpi_states", frame, {"count": "count"}, values, Text("kpi.note", values, "note")),
        drawing(plot.amounts, bars, word), size=(6.3, 2.4),
    )  # fmt: skip


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _name(edition: Edition, row: dict[str, Any]) -> str:
    """Id and name of a target."""
    targets = edition.study.targets.set_index("id")
    name = targets.loc[row["id"], edition.lang]
    name = targets.loc[row["id"], "zh"] if pd.isna(name) else name
    return f"{row['id']} {name}"


def _unit(edition: Edition, row: dict[str, Any]) -> str:
    """Unit of the numbers of a target; it is given in Chinese only."""
    known = pd.notna(row["unit"]) and row["type"] not in _AS_SHARES and edition.lang == "zh"
    return str(row["unit"]) if known else ""


def _told(edition: Edition, claim: ClaimMaker, row: dict[str, Any]) -> dict[str, Any]:
    """Claims on one target."""
    label, reading = _name(edition, row), str(row["reading"] or "")
    values: dict[str, Any] = {
        "target": label, "by": str(row["by"]) if pd.notna(row["by"]) else edition.word("unknown"),
        "unit": _unit(edition, row),
    }  # fmt: skip
    for what in ("attainment", "planned", "pace", "forecast", "need", "actual"):
        value = None if pd.isna(row[what]) else float(row[what])
        if value is not None:
            values[what] = claim(
                f"{row['id']}.{what}{'.' + reading if reading else ''}", "index",
                f"target:{row['id']}", "target_value", value, label=label, unit="ratio" if what in {"attainment", "pace"} else "",
                details={"what": what, "reading": reading},
            )  # fmt: skip
    return values


@section("kpi.table")
def table(edition: Edition) -> Iterator[Block]:
    """All targets beside what was reached; what nobody reported is a dash."""
    study = edition.study
    missing: UnavailableError | None = None
    try:
        needed(edition, "kpi.table", "KA", *_ASKED)
    except UnavailableError as error:
        missing = error
    states = study.states
    if missing is None:
        claim = edition.claims("kpi.table")
        reported = int(states["actual"].notna().sum())
        values = {
            "total": claim("total", "count", "set", "targets_in_state", len(states), unit="target",
                           details={"state": ""}),
            "reported": claim("reported", "count", "set", "targets_reported", reported, unit="target"),
        }  # fmt: skip
        yield Text("kpi.table.finding", values, "finding")
    yield Text("kpi.table.body", {"table": Ref("targets_told")})
    if missing is not None:
        yield edition.gap(missing)
    words = {"class": "kpi_class", "state": "kpi", "type": "kpi_type"}
    shown = pd.DataFrame({"kpi_name": [_name(edition, r) for r in _records(states)]})
    shown["kpi_type"] = [edition.word(f"kpi_type_{t}") for t in states["type"]]
    for column, source in (
        ("kpi_target", "target"),
        ("kpi_base", "base"),
        ("kpi_actual", "actual"),
    ):
        shown[column] = [_written(edition, v, r) for v, r in zip(states[source], _records(states), strict=True)]  # fmt: skip
    shown["kpi_period"] = states["period"].fillna("\u2013").astype("str")
    shown["kpi_attainment"] = states["attainment"]
    shown["kpi_state"] = [_state(edition, r) for r in _records(states)]
    shown["kpi_class"] = [
        "\u2013" if pd.isna(c) else edition.word(f"{words['class']}_{c}") for c in states["class"]
    ]
    shown["kpi_source"] = states["source"].fillna("\u2013").astype("str")
    yield Table("targets_told", shown, {"kpi_attainment": "share"},
                {"day": f"{study.as_of_day:%Y-%m-%d}"}, Text("kpi.table.note", {}, "note"), rows=None)  # fmt: skip


def _written(edition: Edition, value: Any, row: dict[str, Any]) -> str:
    """A number with its unit, as a target of this kind has it; a dash where it is not known."""
    if pd.isna(value):
        return "\u2013"
    if row["type"] == "milestone":
        return edition.word("kpi_done" if value >= 1 else "kpi_not_done")
    if row["type"] in {"ratio", "soft"} or (row["type"] == _GROWTH and value == row["target"]):
        return f"{value:.1%}"
    return f"{value:,.10g}{_unit(edition, row)}"


def _state(edition: Edition, row: dict[str, Any]) -> str:
    word = edition.word(f"kpi_{row['state']}")
    if row["state"] != "unknown" or not row["reason"]:
        return word
    return edition.word(
        "kpi_because", state=word, reason=edition.word(f"kpi_reason_{row['reason']}")
    )


@section("kpi.pace")
def pace(edition: Edition) -> Iterator[Block]:
    """How far, where the present pace leads, and what is needed a year."""
    needed(edition, "kpi.pace", "KA", *_ASKED)
    states = edition.study.states
    claim = edition.claims("kpi.pace")
    known = states.dropna(subset=["pace", "planned"])
    if known.empty:
        raise gap("missing.no_pace")
    yield Text("kpi.pace.body", {"table": Ref("targets_pace")})
    for row in _records(known[known["state"] != "met"].sort_values(["pace", "id"])):
        values = _told(edition, claim, row)
        kind = _GROWTH if row["type"] == _GROWTH else "path"
        key = f"kpi.pace.{kind}" if "need" in values and "forecast" in values else "kpi.pace.due"
        if key == "kpi.pace.growth" and not row["need"]:
            key = "kpi.pace.enough"
        yield Text(key, values, "finding" if row["state"] == "behind" else "bullet")
    shown = pd.DataFrame({"kpi_name": [_name(edition, r) for r in _records(known)]})
    for column in ("actual", "planned", "pace", "forecast"):
        shown[f"kpi_{column}"] = known[column].to_numpy()
    shown["kpi_need"] = [
        "\u2013" if pd.isna(r["need"]) else f"{r['need']:.1%}" if r["type"] == _GROWTH else f"{r['need']:,.4g}"
        for r in _records(known)
    ]  # fmt: skip
    shown["kpi_estimated"] = known["estimated"].to_numpy()
    shown["kpi_state"] = [edition.word(f"kpi_{s}") for s in known["state"]]
    forms = {"kpi_pace": "share", **dict.fromkeys(("kpi_actual", "kpi_planned", "kpi_forecast"), "number")}  # fmt: skip
    yield Table("targets_pace", shown, forms, {}, Text("kpi.pace.note", {}, "note"), rows=None)


@section("kpi.evidence")
def evidence(edition: Edition) -> Iterator[Block]:
    """What the records of the set prove, and what they only stand beside."""
    study = edition.study
    targets = study.targets
    claim = edition.claims("kpi.evidence")
    yield Text("kpi.evidence.rule", {})
    for row in _records(targets[targets["class"] == "P"]):
        yield from _proved(edition, claim, row)
    if study.inputs.region and study.local is not None:
        yield Text("kpi.evidence.region", {"region": study.inputs.region}, "note")
    for row in _records(targets[targets["class"] == "Q"]):
        yield from _beside(edition, claim, row)
    rows = targets[targets["evidence"].fillna("") == "NR"]
    if len(rows) and "NR" not in study.user_tables:
        missing = gap("missing.user_table", user_table="NR", columns=("kind", "accepted"),
                      section="kpi.evidence")  # fmt: skip
        yield edition.gap(missing)
    elif len(rows):
        yield from _registered(edition, claim)
    only = claim.parameter("only", int((targets["class"] == "U").sum()))
    yield Text("kpi.evidence.only", {"count": only}, "note")


def _proved(edition: Edition, claim: ClaimMaker, row: dict[str, Any]) -> Iterator[Block]:
    """Portfolios that pass the gate, and what the largest hold: what patents prove."""
    asked = str(row["evidence"]).split()
    content = next((c for c in _CONTENTS if f"portfolio.{c}" in asked), "")
    if not content and "portfolio.select" not in asked:
        return
    study = edition.study
    try:
        found = study.contents if content else study.home_candidates
    except UnavailableError as error:
        yield edition.gap(error)
        return
    inside = study.local is not None
    values: dict[str, Any] = {"target": _name(edition, row), "region": study.inputs.region}
    if content:
        told = found[found["content"] == content].dropna(subset=["portfolios"])
        if len(told):
            values["day"] = f"{study.as_of_day:%Y-%m-%d}"
            yield from _held(claim, content, told, values)
        else:
            why = edition.gap(gap(f"missing.portfolios_without_{content}"))
            yield Text("kpi.evidence.untold", {**values, "why": why}, "missing")
        return
    for which, wanted in (
        ("meets", found["meets_gate"].fillna(False)),
        ("unknown", found["meets_gate"].isna()),
    ):
        details = {"which": which, **({"inside": True} if inside else {})}
        values[which] = claim(f"portfolios.{which}", "count", "set", "portfolios",
                              int(wanted.sum()), unit="portfolio", details=details)  # fmt: skip
    yield Text("kpi.evidence.portfolios", values, "finding")


def _held(
    claim: ClaimMaker, content: str, told: pd.DataFrame, values: dict[str, Any]
) -> Iterator[Block]:
    """What the largest portfolios hold, by each way of counting: those that pass, the least, all."""
    for counted, rows in told.groupby("counted", sort=False):
        own: dict[str, Any] = dict(values)
        for row in _records(rows):
            names = ("portfolios", "passing", "value") if row["reading"] == "each" else ("value",)
            for what in names:
                if pd.isna(row[what]):
                    continue
                name = "total" if row["reading"] == "together" else what
                details = {
                    "content": content,
                    "reading": row["reading"],
                    "counted": counted,
                    "what": what,
                }
                own[name] = claim(f"{content}.{counted}.{name}", "count", "set", "portfolio_contents",
                                  int(row[what]), unit="portfolio" if what != "value" else "right",
                                  details=details)  # fmt: skip
        kind = "passing" if "total" not in own else "least" if "value" in own else "total"
        yield Text(f"kpi.evidence.{content}_{counted}_{kind}", own, "bullet")


def _beside(edition: Edition, claim: ClaimMaker, row: dict[str, Any]) -> Iterator[Block]:
    study = edition.study
    kinds = [k for k in str(row["evidence"]).split() if k in {"transfer", "licence", "pledge"}]
    if not kinds or not study.patents.has("legal_events"):
        missing = gap("missing.table", table="legal_events")
        yield Text("kpi.evidence.untold", {"target": _name(edition, row), "why": edition.gap(missing)}, "missing")  # fmt: skip
        return
    first = int(row["base_year"]) if pd.notna(row["base_year"]) else study.as_of_day.year - 1
    window = (first, max(first, study.as_of_day.year))
    table = study.patents.legal_events
    hit = table[table["category"].isin(kinds) & table["date"].dt.year.between(*window)]
    units = int(study.unit_ids.reindex(hit["publication_id"]).nunique())
    words = edition.named("event", pd.Series(kinds)).tolist()
    values = {
        "target": _name(edition, row), "events": edition.word("list_separator").join(words),
        "unit": edition.unit_word, "first": claim.parameter(f"{row['id']}.first", window[0]),
        "last": claim.parameter(f"{row['id']}.last", window[1]),
        "count": claim(f"{row['id']}.events", "count", "set", "event_units_between", units,
                       window=window, details={"categories": tuple(kinds)}),
    }  # fmt: skip
    yield Text("kpi.evidence.beside", values, "bullet")


def _registered(edition: Edition, claim: ClaimMaker) -> Iterator[Block]:
    frame = edition.study.user_tables["NR"].frame
    day = edition.study.as_of_day
    done = frame[~(frame["finished_on"] > day)]
    for kind in sorted(done["kind"].unique()):
        own = done[done["kind"] == kind]
        accepted = int(own["accepted"].fillna(False).astype(bool).sum())
        values = {
            "kind": edition.word(f"nr_{kind}"),
            "count": claim(f"{kind}.all", "count", "set", "registered_projects", len(own),
                           unit="project", details={"kind": kind}),
            "accepted": claim(f"{kind}.accepted", "count", "set", "registered_projects", accepted,
                              unit="project", details={"kind": kind, "accepted": True}),
        }  # fmt: skip
        yield Text("kpi.evidence.registered", values, "bullet")


@section("kpi.untold")
def untold(edition: Edition) -> Iterator[Block]:
    """Targets that can be read in several ways, with the result of each."""
    needed(edition, "kpi.untold", "KA", *_ASKED)
    study = edition.study
    found = study.read_otherwise
    claim = edition.claims("kpi.untold")
    several = found.groupby("id", sort=False)
    ambiguous = claim.parameter("ambiguous", several.ngroups)
    yield Text("kpi.untold.body", {"count": ambiguous, "table": Ref("kpi_readings")})
    for _, rows in several:
        known = rows[rows["state"] != "unknown"]
        if len(known) < 2 or known["state"].nunique() < 2:
            continue
        told = [_read(edition, claim, r) for r in _records(known)]
        values = {"target": _name(edition, _records(rows.head(1))[0]), "readings": _joined(told)}
        yield Text("kpi.untold.differ", values, "finding")
    shown = pd.DataFrame({"kpi_name": [_name(edition, r) for r in _records(found)]})
    shown["kpi_reading"] = [_reading(edition, r) for r in found["reading"]]
    shown["kpi_actual"] = found["actual"]
    shown["kpi_attainment"] = found["attainment"]
    shown["kpi_state"] = [_state(edition, r) for r in _records(found)]
    own = edition.word("kpi_from_patents")
    shown["kpi_source"] = [
        "\u2013" if pd.isna(s) else own if s == SOURCE else str(s) for s in found["source"]
    ]
    forms = {"kpi_actual": "amount", "kpi_attainment": "share"}
    yield Table("kpi_readings", shown, forms, {}, Text("kpi.untold.note", {}, "note"), rows=None)


def _reading(edition: Edition, name: str) -> str:
    if name.startswith("base_"):
        return edition.word("kpi_reading_base", year=name.removeprefix("base_"))
    key = f"report.word.kpi_reading_{name}"
    return i18n.text(key, edition.lang) if i18n.has(key, edition.lang) else name


def _read(edition: Edition, claim: ClaimMaker, row: dict[str, Any]) -> Text:
    state = claim(f"{row['id']}.{row['reading']}", "name", f"target:{row['id']}", "target_state",
                  row["state"], label=edition.word(f"kpi_{row['state']}"), unit="state",
                  details={"reading": row["reading"]})  # fmt: skip
    return Text("kpi.untold.one", {"reading": _reading(edition, row["reading"]), "state": state})


def _joined(parts: list[Text]) -> Text:
    told = parts[0]
    for other in parts[1:]:
        told = Text("kpi.untold.joined", {"one": told, "other": other})
    return told


@section("kpi.measures")
def measures(edition: Edition) -> Iterator[Block]:
    """What follows: what is behind needs a pace, what cannot be told needs a figure."""
    needed(edition, "kpi.measures", "KA", *_ASKED)
    study = edition.study
    targets = study.targets.set_index("id")
    rows = []
    for row in _records(study.states):
        behind = row["state"] in {"behind", "nearly"}
        if not behind and (row["state"] != "unknown" or row["reason"] == "not_due"):
            continue
        lead = targets.loc[row["id"], "lead"]
        action = "speed" if behind else str(row["reason"])
        rows.append((
            edition.word("to_confirm") if pd.isna(lead) else str(lead),
            edition.word(f"kpi_action_{action}"), _name(edition, row),
            _state(edition, row),
            edition.word("to_confirm") if pd.isna(row["by"]) else str(row["by"]),
            _written(edition, row["target"], row),
        ))  # fmt: skip
    if not rows:
        return
    count = edition.claims("kpi.measures").parameter("count", len(rows))
    yield Text("kpi.measures.body", {"count": count, "table": Ref("targets_measures")})
    yield measures_table("targets_measures", rows)
