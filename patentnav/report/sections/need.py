"""Talent: what is sought, who could be looked at, side by side, and the ways to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot
from patentnav import talent as people_of
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.official import needed
from patentnav.report.sections.ties import figure_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_TOLD = 5  # technologies with few people that are named
_LEAST, _LEVEL = 5, 0.05  # people expected from which few are few; false discovery rate
RULES = {"fewest": people_of.FEWEST, "years": people_of.LATELY, "sure": people_of.LIKELY}
_MEASURES = ("output", "impact", "lead", "late", "match")
_DRAWN = 12


def rules(edition: Edition, claim: ClaimMaker) -> dict[str, Any]:
    """Parameters of the pool, for its sentences."""
    return {
        "fewest": claim.parameter("fewest", people_of.FEWEST),
        "years": claim.parameter("years", people_of.LATELY),
        "least": claim.parameter("least", people_of.MIN_RECORDS),
        "until": str(edition.study.last_year), "since": str(edition.study.last_year - people_of.LATELY + 1),
        "unit": edition.unit_word, "region": edition.study.inputs.region,
    }  # fmt: skip


def owner_of(edition: Edition, ids: pd.Index) -> pd.Series:
    """Owner of most of the filings of people."""
    profiles = people_of.profiles(edition.study.patents, edition.study.unit)
    return profiles["main_owner"].reindex(ids)


@section("need.branches", needs=("inventors",))
def branches(edition: Edition) -> Iterator[Block]:
    """What is sought and who files in it; technologies with few people of the region."""
    study = edition.study
    try:
        needed(edition, "need.branches", "TN", "technology", "count")
    except UnavailableError as error:
        yield edition.gap(error)
    else:
        yield from _sought(edition)
    try:
        found = study.supply
    except UnavailableError as error:
        yield edition.gap(error)
        return
    claim = edition.claims("need.branches")
    window = study.recent
    few = found[(found["q_value"] < _LEVEL) & (found["expected"] >= _LEAST)]
    details = {"level": _LEVEL, "least": _LEAST}

    def number(which: str, value: int) -> Any:
        return claim(which, "count", "set", "people_supply", value, unit="technology",
                     details={**details, "which": which})  # fmt: skip

    values: dict[str, Any] = {
        "region": study.inputs.region, "all": number("all", len(found)), "scarce": number("scarce", len(few)),
        "first": claim.parameter("first", window[0]), "last": claim.parameter("last", window[1]),
        "least": claim.parameter("least", _LEAST), "table": Ref("talent_supply"), "figure": Ref("supply_ratio"),
    }  # fmt: skip
    yield Text(f"need.branches.{'scarce' if len(few) else 'even'}", values, "finding")
    for row in few.head(_TOLD).to_dict("records"):
        yield _scarce(edition, claim, row)
    yield Text("need.branches.body", values)
    names = edition.technology_names
    courses = _courses(edition)
    shown = pd.DataFrame(
        {
            "technology": found["technology"].map(names), "people": found["people"],
            "local_people": found["local"], "expected_people": found["expected"],
            "supply_ratio": found["ratio"], "q_value": found["q_value"],
            "course": found["technology"].map(courses),
        }
    )  # fmt: skip
    forms = {"expected_people": "number", "supply_ratio": "number", "q_value": "p",
             "people": "count", "local_people": "count"}  # fmt: skip
    note = Text("need.branches.note", values, "note")
    drawn = found[found["expected"] >= _LEAST].head(_DRAWN)
    if len(drawn) > 1:
        bars = pd.Series(drawn["ratio"].to_numpy(), index=drawn["technology"].map(names))
        data = pd.DataFrame({"technology": bars.index, "supply_ratio": bars.to_numpy()})
        yield Text("need.branches.figure", values)
        yield Figure(
            Table("supply_ratio", data, {"supply_ratio": "number"}, values, note),
            drawing(plot.amounts, bars, edition.word("axis_supply"),
                    marked=[names[t] for t in few["technology"]]),
            size=figure_size(len(bars)),
        )  # fmt: skip
    yield Table("talent_supply", shown, forms, values, note, rows=TOP)


def _courses(edition: Edition) -> dict[str, str]:
    """Course of technologies in words, where courses can be told."""
    try:
        found = edition.study.courses.dropna(subset=["course"])
    except UnavailableError:
        return {}
    return {
        t: edition.word(f"course_{c}")
        for t, c in zip(found["technology"], found["course"], strict=True)
    }


def _scarce(edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any]) -> Text:
    key = str(row["technology"])
    label = edition.technology_names[key]

    def part(which: str, kind: Any, unit: str) -> Any:
        return claim(f"{which}.{key}", kind, f"technology:{key}", "people_supply",
                     row[which], label=label, unit=unit, details={"which": which},
                     window=edition.study.recent)  # fmt: skip

    return Text(
        "need.branches.few",
        {"technology": label, "local": part("local", "count", "person"),
         "people": part("people", "count", "person"), "ratio": part("ratio", "index", "ratio")},
        "bullet",
    )  # fmt: skip


def _sought(edition: Edition) -> Iterator[Block]:
    """Every need: what meets it, and the people named there."""
    study = edition.study
    needs, met = study.needs, study.need_members
    claim = edition.claims("need.branches")
    people = study.patents.inventors[["publication_id", "inventor_id"]].dropna()
    held = met.merge(people, on="publication_id").drop_duplicates(["need_id", "inventor_id"])
    inside: pd.Series | None
    try:
        inside = study.resident.fillna(False).astype(bool)
    except UnavailableError:
        inside = None  # the technologies below say why
    chosen = study.pool.index[study.pool["sure"]]
    unmet = needs[~needs["need_id"].isin(met["need_id"])]
    yield Text(
        f"need.branches.{'sought_unmet' if len(unmet) else 'sought'}",
        {"count": claim.parameter("needs", len(needs)), "unmet": claim.parameter("unmet", len(unmet)),
         "table": Ref("talent_needs")},
        "finding",
    )  # fmt: skip
    rows = []
    for need in needs.to_dict("records"):
        key = str(need["need_id"])
        own = held.loc[held["need_id"] == key, "inventor_id"]
        units = study.unit_ids.reindex(met.loc[met["need_id"] == key, "publication_id"]).nunique()
        local = None if inside is None else int(inside.reindex(own).sum())
        counts = {
            "units": units,
            "all": len(own),
            "local": local,
            "pool": int(own.isin(chosen).sum()),
        }
        rows.append((need, counts))
        yield _need(edition, claim, need, counts)
    note = Text("need.branches.needs_note", rules(edition, claim), "note")
    ways = met.drop_duplicates("need_id").set_index("need_id")["by"]
    shown = pd.DataFrame(
        {
            "need": [n["need_id"] for n, _ in rows], "need_technology": [n["technology"] for n, _ in rows],
            "need_count": pd.array([n["count"] for n, _ in rows], dtype="Int64"),
            "need_by": [edition.word(f"need_by_{ways.get(n['need_id'], 'none')}") for n, _ in rows],
            "units": [c["units"] for _, c in rows], "people": [c["all"] for _, c in rows],
            "local_people": pd.array([c["local"] for _, c in rows], dtype="Int64"),
            "pool_people": [c["pool"] for _, c in rows],
        }
    )  # fmt: skip
    forms = dict.fromkeys(("units", "people", "local_people", "pool_people", "need_count"), "count")
    yield Table("talent_needs", shown, {**forms, "need": "code"}, {}, note, rows=None)


def need_name(edition: Edition, need: Mapping[Any, Any]) -> str:
    """Id and technology of a need."""
    return edition.word("need_named", need=need["need_id"], technology=need["technology"])


def _need(
    edition: Edition, claim: ClaimMaker, need: Mapping[Any, Any], counts: Mapping[str, Any]
) -> Text:
    key, label = str(need["need_id"]), need_name(edition, need)
    asked = need.get("count")
    values: dict[str, Any] = {
        "need": label,
        "unit": edition.unit_word,
        "region": edition.study.inputs.region,
    }
    values["asked"] = (
        edition.word("need_uncounted")
        if asked is None or pd.isna(asked)
        else edition.word("need_counted", count=int(asked))
    )
    if not counts["units"]:
        return Text("need.branches.unmet", values, "bullet")
    about = {"label": label, "details": {"need": key}}
    values["units"] = claim(
        f"units.{key}", "count", f"need:{key}", "need_units", counts["units"], **about
    )
    for among in ("all", "local", "pool"):
        if counts[among] is not None:
            values[among] = claim(
                f"{among}.{key}", "count", f"need:{key}", "need_people", counts[among], unit="person",
                label=label, details={"need": key, "among": among, **RULES},
            )  # fmt: skip
    return Text(
        f"need.branches.{'need' if counts['local'] is not None else 'need_anywhere'}",
        values,
        "bullet",
    )


@section("select.pool", needs=("inventors",))
def pool(edition: Edition) -> Iterator[Block]:
    """From all inventors to those looked at, rule by rule; namesakes listed."""
    study = edition.study
    found = study.pool
    claim = edition.claims("select.pool")
    fields = "TN" in study.user_tables
    stages = [s for s in people_of.STAGES if s != "in_field" or fields]
    values = rules(edition, claim)
    for stage in people_of.STAGES:
        values[stage] = claim(stage, "count", "set", "pool_people", int(found[stage].sum()),
                              unit="person", details={"stage": stage, **RULES})  # fmt: skip
    chosen = found[found["sure"]]
    shared = chosen[chosen["namesakes"] > 0]
    values |= {
        "shared": claim("shared", "count", "set", "pool_people", len(shared), unit="person",
                        details={"stage": "sure", "namesakes": True, **RULES}),
        "table": Ref("talent_pool"), "figure": Ref("pool_funnel"),
    }  # fmt: skip
    yield Text(f"select.pool.{'finding' if fields else 'everywhere'}", values, "finding")
    yield Text(f"select.pool.{'nobody' if chosen.empty else 'body'}", values)
    if len(shared):
        yield Text("select.pool.namesakes", values)
    note = Text("select.pool.note", values, "note")
    bars = pd.Series({edition.word(f"stage_{s}"): int(found[s].sum()) for s in stages})
    data = pd.DataFrame({"stage": bars.index, "people": bars.to_numpy()})
    yield Figure(
        Table("pool_funnel", data, {"people": "count"}, values, note),
        drawing(plot.amounts, bars, edition.word("axis_people")), size=(6.3, 2.4),
    )  # fmt: skip
    if chosen.empty:
        return
    shown = pd.DataFrame(
        {
            "inventor": edition.apart(chosen["name"]), "applicant": owner_of(edition, chosen.index),
            "units": chosen["units"], "late_units": chosen["late"],
            "namesakes": chosen["namesakes"], "confidence": chosen["confidence"],
        }
    ).reset_index(drop=True)  # fmt: skip
    forms = {"units": "count", "late_units": "count", "namesakes": "count", "confidence": "number"}
    yield Table("talent_pool", shown, forms, values, note, rows=TOP)


@section("select.ranking", needs=("inventors",))
def ranking(edition: Edition) -> Iterator[Block]:
    """People of the pool side by side by measures that are not added up, in tiers."""
    study = edition.study
    found = study.side_by_side
    claim = edition.claims("select.ranking")
    first = found[found["tier"] == 1]
    told = [m for m in _MEASURES if m in found and found[m].notna().any()]

    def number(which: str, value: int) -> Any:
        return claim(which, "count", "set", "tier_people", value, unit="person",
                     details={"which": which, **RULES})  # fmt: skip

    values: dict[str, Any] = {
        **rules(edition, claim),
        "judged": number("judged", len(found)), "best": number("first", len(first)),
        "steady": number("steady", int(found["steady"].sum())),
        "measures": edition.word("list_separator").join(edition.word(f"measure_{m}") for m in told),
        "table": Ref("talent_tiers"), "figure": Ref("first_tier"),
    }  # fmt: skip
    key = "anywhere"
    try:
        inside = study.resident.reindex(found.index)
        values["local"] = number("local", int(inside[found["tier"] == 1].fillna(False).sum()))
        key = "finding"
    except UnavailableError:
        inside = None
    yield Text(f"select.ranking.{key}", values, "finding")
    yield Text("select.ranking.body", values)
    note = Text("select.ranking.note", values, "note")
    board = first[told].head(_DRAWN).set_axis(first["name"].head(_DRAWN), axis=0)
    board = board[~board.index.duplicated()]
    written = board.copy().astype("object")
    for measure in told:
        form = "{:.0f}" if measure == "late" else "{:.1%}" if measure == "lead" else "{:.2f}"
        written[measure] = [form.format(v) if pd.notna(v) else "–" for v in board[measure]]
    labels = {m: edition.word(f"measure_{m}") for m in told}
    data = board.rename_axis("inventor").reset_index().rename(columns=_COLUMNS)
    if len(board) > 1:
        yield Text("select.ranking.figure", values)
        yield Figure(
            Table("first_tier", data, _FORMS, values, note),
            drawing(plot.scoreboard, board, written.astype("str"), column_labels=labels, lang=edition.lang),
            size=(6.3, 1.4 + 0.3 * len(board)),
        )  # fmt: skip
    shown = pd.DataFrame(
        {
            "talent_tier": found["tier"], "inventor": edition.apart(found["name"]),
            "applicant": owner_of(edition, found.index),
            "side": None if inside is None else inside.map(
                {True: edition.word("inside_region"), False: edition.word("outside_of_region")}
            ),
            **{_COLUMNS.get(m, m): found[m] for m in told}, "steady": found["steady"],
        }
    ).reset_index(drop=True)  # fmt: skip
    if inside is None:
        shown = shown.drop(columns="side")
    yield Table("talent_tiers", shown, _FORMS, values, note, rows=TOP)


_COLUMNS = {"lead": "lead_share", "late": "late_units", "match": "need_match"}
_FORMS = {"talent_tier": "count", "output": "number", "impact": "number", "lead_share": "share",
          "late_units": "count", "need_match": "number"}  # fmt: skip


@section("select.reach", needs=("inventors", "parties"))
def reach(edition: Edition) -> Iterator[Block]:
    """How many steps from the region's inventors to the pool's people elsewhere."""
    study = edition.study
    found = study.ways
    claim = edition.claims("select.reach")

    def within(name: str, steps: int | None, value: int) -> Any:
        return claim(name, "count", "set", "people_within", value, unit="person",
                     details={"steps": steps, **RULES})  # fmt: skip

    known = found["steps"].dropna().astype(int)
    steps = people_of.STEPS
    values: dict[str, Any] = {
        **rules(edition, claim), "steps": claim.parameter("steps", steps),
        "far": within("far", None, len(found)), "one": within("one", 1, int((known <= 1).sum())),
        "reached": within("reached", steps, len(known)), "table": Ref("talent_reach"),
        "figure": Ref("reach_steps"),
    }  # fmt: skip
    yield Text(f"select.reach.{'finding' if len(known) else 'none'}", values, "finding")
    if known.empty:
        return
    yield Text("select.reach.body", values)
    names = study.pool["name"]
    bars = pd.Series({edition.word("reach_step", steps=s): int((known == s).sum()) for s in range(1, steps + 1)}
                     | {edition.word("reach_none"): len(found) - len(known)})  # fmt: skip
    data = pd.DataFrame({"stage": bars.index, "people": bars.to_numpy()})
    note = Text("select.reach.note", values, "note")
    yield Figure(
        Table("reach_steps", data, {"people": "count"}, values, note),
        drawing(plot.amounts, bars, edition.word("axis_people")), size=(6.3, 2.2),
    )  # fmt: skip
    near = found.dropna(subset=["steps"])
    shown = pd.DataFrame(
        {
            "inventor": near["inventor_id"].map(names),
            "applicant": owner_of(edition, pd.Index(near["inventor_id"])).to_numpy(),
            "steps_away": near["steps"], "via": near["via"].map(names), "together": near["together"],
        }
    ).reset_index(drop=True)  # fmt: skip
    yield Table(
        "talent_reach", shown, {"steps_away": "count", "together": "count"}, values, note, rows=TOP
    )
