"""Talent: what is known of the people of the first tier, what fits, what stays behind, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import i18n, plot
from patentnav import talent as people_of
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.need import RULES, need_name, owner_of, rules
from patentnav.report.sections.official import measures_table, needed
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_CARDS, _SPAN, _FIELDS, _BEST = 10, 12, 2, 5


@section("assess.cards", needs=("inventors",))
def cards(edition: Edition) -> Iterator[Block]:
    """What filings say of the people of the first tier, and what they allowed to be said besides."""
    study = edition.study
    found = study.side_by_side
    first = found[found["tier"] == 1].head(_CARDS)
    claim = edition.claims("assess.cards")
    values = {**rules(edition, claim), "table": Ref("talent_cards"), "figure": Ref("card_years"),
              "count": claim.parameter("count", len(first))}  # fmt: skip
    yield Text("assess.cards.body", values)
    fields = _fields(edition, first.index)
    for person, row in zip(first.index, first.to_dict("records"), strict=True):
        yield _card(edition, claim, str(person), str(row["name"]), fields.get(str(person), ""))
    note = Text("assess.cards.note", values, "note")
    counts = _years(edition, first)
    if len(counts) > 1:
        drawn = counts.set_axis(first["name"].reindex(counts.index))
        data = drawn.rename_axis("inventor").stack().reset_index()
        data.columns = pd.Index(["inventor", "year", "units"])
        yield Text("assess.cards.figure", values)
        yield Figure(
            Table("card_years", data, {"year": "year", "units": "count"}, values, note),
            drawing(plot.matrix, drawn, lang=edition.lang), size=(6.3, 1.6 + 0.32 * len(drawn)),
        )  # fmt: skip
    facts = _facts(edition, first)
    profiles = people_of.profiles(study.patents, study.unit).reindex(first.index)
    teams = study.talents.people["team_name"].reindex(first.index)
    whole = pd.DataFrame(
        {
            "inventor": edition.apart(first["name"]), "applicant": profiles["main_owner"], "units": profiles["units"],
            "late_units": first["late"], "output": first["output"], "lead_share": first["lead"],
            "fields": pd.Series(fields).reindex(first.index),
            "team": teams.map(lambda n: edition.word("team_of", name=n), na_action="ignore"),
            "first_year": profiles["first_year"], "last_year": profiles["last_year"],
        }
    )  # fmt: skip
    if facts is not None:
        whole["told_facts"] = facts.reindex(first.index)
    forms = {"units": "count", "late_units": "count", "output": "number", "lead_share": "share",
             "first_year": "year", "last_year": "year"}  # fmt: skip
    whole = whole.reset_index(drop=True)
    shown = whole.drop(columns=["fields", "team"])
    yield Table("talent_cards", shown, forms, values, note, rows=None, detail=whole)
    if facts is None:
        if study.inputs.masked and "TF" in study.user_tables:
            yield Text("assess.cards.masked", {}, "note")
        else:
            yield edition.gap(_no_facts())
    else:
        yield Text(
            "assess.cards.consent",
            {"n": claim.parameter("facts", int(facts.notna().sum()))},
            "note",
        )


def _no_facts() -> UnavailableError:
    return gap("missing.user_table", user_table="TF", columns=("fact", "value", "consent"),
               section="assess.cards")  # fmt: skip


def _card(edition: Edition, claim: ClaimMaker, person: str, name: str, fields: str) -> Text:
    """The numbers of one person in a sentence."""
    row = edition.study.side_by_side.loc[[person]].to_dict("records")[0]
    profiles = people_of.profiles(edition.study.patents, edition.study.unit)
    units = int(profiles["units"][person])

    def part(which: str, value: Any, unit: str) -> Any:
        return claim(f"{which}.{person}", "index" if which == "output" else "count", f"person:{person}",
                     "person_part", value, label=name, unit=unit,
                     details={"part": which, "years": people_of.LATELY})  # fmt: skip

    unit = edition.study.unit
    values = {
        "name": name, "unit": edition.unit_word, "fields": fields, "units": part("units", int(units), unit),
        "late": part("late", int(row["late"]), unit), "lead": part("lead", round(float(row["lead"]) * units), unit),
        "output": part("output", float(row["output"]), "units"),
        "since": str(edition.study.last_year - people_of.LATELY + 1),
    }  # fmt: skip
    return Text(f"assess.cards.{'card' if fields else 'card_plain'}", values, "bullet")


def _fields(edition: Edition, ids: pd.Index) -> dict[str, str]:
    """The technologies of most units of people, in words."""
    study = edition.study
    rows = study.inventor_units
    rows = rows[rows["inventor_id"].isin(ids)].merge(study.technology_of, on="publication_id")
    rows = rows[~rows["technology"].isin(study.remainders)]
    counts = rows.groupby(["inventor_id", "technology"])["unit_id"].nunique().reset_index(name="n")
    counts = counts.sort_values(["inventor_id", "n", "technology"], ascending=[True, False, True])
    top = counts.groupby("inventor_id").head(_FIELDS)
    between = edition.word("separator")
    return {
        str(who): between.join(edition.technology_names[str(t)] for t in part["technology"])
        for who, part in top.groupby("inventor_id")
    }


def _years(edition: Edition, first: pd.DataFrame) -> pd.DataFrame:
    """Units of people by year, of the last years; years without a filing are zero."""
    study = edition.study
    rows = study.inventor_units
    rows = rows[rows["inventor_id"].isin(first.index)]
    years = rows["date"].dt.year
    last = int(years.max())
    span = range(max(int(years.min()), last - _SPAN + 1), last + 1)
    counts = rows.assign(year=years).groupby(["inventor_id", "year"])["unit_id"].nunique().unstack()
    return counts.reindex(index=first.index, columns=span).fillna(0).astype(int)


def _facts(edition: Edition, first: pd.DataFrame) -> pd.Series | None:
    """What people allowed to be said of them, in words, by id; None where there is no such table."""
    tables = edition.study.user_tables
    if "TF" not in tables or not len(tables["TF"].frame) or edition.study.inputs.masked:
        return None
    frame = tables["TF"].frame
    frame = frame[frame["consent"].fillna(False).astype(bool)]
    owners = owner_of(edition, first.index)
    said: dict[str, str] = {}
    for person, name in first["name"].items():
        own = frame[frame["inventor_id"] == person]
        if own.empty:
            own = frame[(frame["name"] == name) & (frame["owner"] == owners.get(str(person)))]
        parts = [
            edition.word("told_fact", fact=edition.word(f"fact_{f}"), value=v)
            for f, v in zip(own["fact"], own["value"], strict=True)
        ]
        if parts:
            said[str(person)] = edition.word("list_separator").join(parts)
    return pd.Series(said, dtype="str").reindex(first.index)


@section("assess.match", needs=("inventors", "texts"))
def match(edition: Edition) -> Iterator[Block]:
    """How far the filings of people lie in what is sought."""
    needed(edition, "assess.match", "TN", "technology")
    study = edition.study
    chosen = study.pool.index[study.pool["sure"]]
    found = study.matched[study.matched["inventor_id"].isin(chosen)]
    claim = edition.claims("assess.match")
    needs = study.needs
    values = {**rules(edition, claim), "table": Ref("talent_match"), "figure": Ref("need_people"),
              "best": claim.parameter("best", _BEST)}  # fmt: skip
    if len(found):
        yield Text("assess.match.body", values)
    names = study.pool["name"]
    for need in needs.to_dict("records"):
        rows = found[found["need_id"] == need["need_id"]].dropna(subset=["cosine"])
        label = need_name(edition, need)
        if rows.empty:
            yield Text("assess.match.nobody", {"need": label}, "bullet")
            continue
        row = rows.iloc[0]
        person, key = str(row["inventor_id"]), str(need["need_id"])
        about = {"label": str(names[person]), "details": {"need": key}}
        said: dict[str, Any] = {
            "need": label, "name": str(names[person]), "unit": edition.unit_word,
            "units": claim(f"units.{key}", "count", f"person:{person}", "need_person_units",
                           int(row["units"]), **about),
            "cosine": claim(f"cosine.{key}", "index", f"person:{person}", "need_cosine",
                            float(row["cosine"]), unit="ratio", **about),
        }  # fmt: skip
        if pd.notna(row["gap"]):
            said["gap"] = edition.technology_names[str(row["gap"])]
        yield Text(f"assess.match.{'apart' if 'gap' in said else 'close'}", said, "bullet")
    if found.empty:
        return
    best = found.groupby("need_id", sort=False).head(_BEST)
    note = Text("assess.match.note", values, "note")
    labels = {str(n["need_id"]): need_name(edition, n) for n in needs.to_dict("records")}
    wide = found[found["inventor_id"].isin(best["inventor_id"])].pivot(
        index="inventor_id", columns="need_id", values="units"
    )
    wide = wide.loc[list(dict.fromkeys(best["inventor_id"]))].head(_CARDS + _BEST)
    wide.index = pd.Index(names.reindex(wide.index), name="inventor")
    if len(wide) > 1:
        data = wide.stack().reset_index()
        data.columns = pd.Index(["inventor", "need_id", "need_units"])
        data = data.assign(need=data["need_id"].map(labels))[["inventor", "need", "need_units"]]
        yield Text("assess.match.figure", values)
        yield Figure(
            Table("need_people", data, {"need_units": "count"}, values, note),
            drawing(plot.matrix, wide, lang=edition.lang), size=(6.3, 1.6 + 0.32 * len(wide)),
        )  # fmt: skip
    shown = pd.DataFrame(
        {
            "need": best["need_id"].map(labels), "inventor": best["inventor_id"].map(names),
            "applicant": owner_of(edition, pd.Index(best["inventor_id"])).to_numpy(),
            "need_units": best["units"], "need_share": best["share"], "need_match": best["cosine"],
            "need_gap": best["gap"].map(edition.technology_names),
            "must_unmet": _unmet(edition, best),
        }
    ).reset_index(drop=True)  # fmt: skip
    forms = {"need_units": "count", "need_share": "share", "need_match": "number"}
    yield Table("talent_match", shown, forms, values, note, rows=None)


def _unmet(edition: Edition, best: pd.DataFrame) -> pd.Series:
    """Terms that a need demands and no filing of the person holds."""
    study = edition.study
    demanded = study.needs.set_index("need_id")["must"]
    held: dict[str, set[str]] = {}
    people = study.patents.inventors[["inventor_id", "publication_id"]].dropna()
    own = people.groupby("inventor_id")["publication_id"].agg(set)
    between = edition.word("list_separator")
    said = []
    for need, person in zip(best["need_id"], best["inventor_id"], strict=True):
        wanted = demanded.get(need)
        lacks = []
        for term in wanted if isinstance(wanted, list | tuple) else ():
            if term not in held:
                held[term] = set(people_of.holding(study.patents, [term]))
            if not held[term] & own[person]:
                lacks.append(term)
        said.append(between.join(lacks) or None)
    return pd.Series(said, index=best.index, dtype="str")


@section("assess.rights", needs=("inventors", "parties"))
def rights(edition: Edition) -> Iterator[Block]:
    """What stays with former owners, and what was filed close to a likely change."""
    study = edition.study
    found = study.left_behind
    claim = edition.claims("assess.rights")

    def number(which: str, value: int, unit: str) -> Any:
        return claim(which, "count", "set", "left_part", value, unit=unit,
                     details={"which": which, **RULES})  # fmt: skip

    values: dict[str, Any] = {
        **rules(edition, claim), "likely": claim.parameter("likely", people_of.LIKELY),
        "moves": number("moves", len(found), "move"),
        "people": number("people", int(found["inventor_id"].nunique()), "person"),
        "table": Ref("talent_rights"),
    }  # fmt: skip
    if found.empty:
        yield Text("assess.rights.none", values, "finding")
        return
    for which in ("stays", "before", "after"):
        values[which] = number(which, int(found[which].sum()), "right")
    yield Text("assess.rights.finding", values, "finding")
    yield Text("assess.rights.body", values)
    shown = found.sort_values(["after", "before", "inventor_id"], ascending=[False, False, True])
    shown = shown[
        ["name", "from_owner", "last_date", "to_owner", "first_date", "stays", "before", "after"]
    ]
    shown = shown.rename(
        columns={"name": "inventor", "before": "filed_before", "after": "filed_after"}
    )
    forms = {"last_date": "date", "first_date": "date", "stays": "count", "filed_before": "count",
             "filed_after": "count"}  # fmt: skip
    note = Text("assess.rights.note", values, "note")
    yield Table("talent_rights", shown.reset_index(drop=True), forms, values, note, rows=TOP)
    tables = study.user_tables
    if (
        "TF" not in tables
        or not tables["TF"].frame["fact"].isin(["non_compete_until", "left_on"]).any()
    ):
        yield edition.gap(gap("missing.user_table", user_table="TF", columns=("fact", "value", "consent"),
                              section="assess.rights"))  # fmt: skip


@section("talent.measures", needs=("inventors",))
def measures(edition: Edition) -> Iterator[Block]:
    """What follows from what was found; a row only where a rule fired."""
    study = edition.study
    confirm = edition.word("to_confirm")
    rows: list[tuple[str, ...]] = []

    def row(action: str, subject: str, place: str, success: str) -> None:
        rows.append((confirm, edition.word(f"talent_{action}"), subject,
                     i18n.text(f"report.{place}.title", edition.lang), confirm, success))  # fmt: skip

    try:
        needs, met = study.needs, study.need_members
    except UnavailableError as error:
        yield edition.gap(error)
    else:
        people = study.patents.inventors[["publication_id", "inventor_id"]].dropna()
        chosen = study.pool.index[study.pool["sure"]]
        for need in needs.to_dict("records"):
            own = people[
                people["publication_id"].isin(
                    met.loc[met["need_id"] == need["need_id"], "publication_id"]
                )
            ]
            found = int(own.loc[own["inventor_id"].isin(chosen), "inventor_id"].nunique())
            label, asked = need_name(edition, need), need.get("count")
            if own.empty:
                row("widen", label, "need.branches", edition.word("talent_success_widen"))
            elif asked is not None and pd.notna(asked) and found < asked:
                row(
                    "look",
                    label,
                    "select.pool",
                    edition.word("talent_success_look", count=int(asked)),
                )
    pool = study.pool[study.pool["sure"]]
    shared = pool.loc[pool["namesakes"] > 0, "name"]
    if len(shared):
        row("verify", _some(edition, shared), "select.pool", edition.word("talent_success_verify"))
    try:
        left = study.left_behind
    except UnavailableError:
        left = pd.DataFrame({"name": [], "after": [], "before": []})
    close = left.loc[(left["after"] > 0) | (left["before"] > 0), "name"].drop_duplicates()
    if len(close):
        row(
            "check_rights",
            _some(edition, close),
            "assess.rights",
            edition.word("talent_success_rights"),
        )
    if not rows:
        yield Text("talent.measures.none", {})
        return
    count = edition.claims("talent.measures").parameter("count", len(rows))
    yield Text("talent.measures.body", {"count": count, "table": Ref("people_measures")})
    yield measures_table("people_measures", rows)


def _some(edition: Edition, names: pd.Series) -> str:
    """The first names, and how many there are."""
    listed = edition.word("list_separator").join(names.head(3).astype(str))
    return (
        listed
        if len(names) <= 3
        else edition.word("talent_and_more", names=listed, count=len(names))
    )
