"""Part C, what to do: technologies and partners, from what passed its test."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav.counting import most_frequent
from patentnav.planning import COURSES, FEWEST, INTERVAL, LEVEL, THIN
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.firm import allies_of, alone, rivals_of
from patentnav.study import RECENT
from patentnav.study.groups import STALE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_NAMED = 5  # technologies and partners that get a recommendation of their own
_ADVISED = ("strengthen", "fill")


@section("path.technologies", needs=("texts",))
def technologies(edition: Edition) -> Iterator[Block]:
    """Which technologies rise, and a course where a region's strength in them was tested."""
    study = edition.study
    frame = study.courses
    claim = edition.claims("path.technologies")
    early, late = _windows(edition)
    about = {"window": late, "baseline": f"{early[0]}-{early[1]}"}
    rising = frame[frame["rising"]]
    tested = frame[((frame["earlier"] + frame["recent"]) >= THIN)
                   & ~frame["technology"].isin(study.remainders)]  # fmt: skip
    values: dict[str, Any] = {
        "total": claim("total", "count", "set", "technologies_tested", len(tested),
                       unit="technology", details={"fewest": THIN}, **about),
        "rising": claim("rising", "count", "set", "technologies_rising", len(rising),
                        unit="technology", details={"fewest": THIN}, test="fisher", **about),
        "start": late[0], "end": late[1], "before_start": early[0], "before_end": early[1],
        "level": claim.parameter("level", LEVEL), "thin": claim.parameter("thin", THIN),
        "region": study.inputs.region,
    }  # fmt: skip
    values |= {name: claim.parameter(name, values[name])
               for name in ("start", "end", "before_start", "before_end")}  # fmt: skip
    grown = {name: _growth(edition, claim, row, about) for name, row in _rows(rising)}
    if study.standing is None:
        yield from _rising(values, grown)
    else:
        yield from _courses(edition, claim, frame, values, grown)
    if study.standing is None and not grown:
        return  # the tests stand where the technologies do: no course was made of them
    yield Text("path.technologies.body", {"table": Ref("courses")})
    yield _table(edition, frame, values)


def _windows(edition: Edition) -> tuple[tuple[int, int], tuple[int, int]]:
    last = edition.study.last_year
    return (last - 2 * RECENT + 1, last - RECENT), (last - RECENT + 1, last)


def _rows(frame: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    return [(str(row["technology"]), {str(k): v for k, v in row.items()})
            for row in frame.to_dict("records")]  # fmt: skip


def _growth(
    edition: Edition, claim: ClaimMaker, row: dict[str, Any], about: dict[str, Any]
) -> Text:
    """One technology that rises, with the numbers that show it."""
    name = str(row["technology"])
    label, cell = edition.moving_name(name), f"courses/{name}"
    subject = f"technology:{name}"
    before = tuple(int(y) for y in about["baseline"].split("-"))
    values = {
        "technology": label, "unit": edition.unit_word,
        "now": claim(f"recent.{name}", "count", subject, "units", row["recent"], label=label,
                     rule="whole", window=about["window"], evidence=(f"{cell}/recent",)),
        "before": claim(f"earlier.{name}", "count", subject, "units", row["earlier"], label=label,
                        rule="whole", window=before, evidence=(f"{cell}/earlier",)),
    }  # fmt: skip
    known = pd.notna(row["relative_growth"])
    values["times"] = claim(
        f"growth.{name}", "trend", subject, "relative_growth",
        row["relative_growth"] if known else None, label=label, unit="ratio", direction=1,
        test="fisher", n=int(row["recent"] + row["earlier"]), q=float(row["q_value"]),
        evidence=(f"{cell}/relative_growth", f"{cell}/q_value"), **about,
    )  # fmt: skip
    return Text("path.technologies.grew" if known else "path.technologies.new", values)


def _rising(values: dict[str, Any], grown: dict[str, Text]) -> Iterator[Block]:
    """Nobody's strength is asked: what rises and what does not, and no course."""
    key = "path.technologies.rising" if grown else "path.technologies.none_rising"
    yield Text(key, values, "finding")
    yield Text("path.technologies.rule_rising", values)
    shown = sorted(grown, key=lambda name: (-float(grown[name].values["now"]), name))
    for name in shown[:TOP]:
        yield Text("path.technologies.one", {"growth": grown[name]}, "bullet")


def _courses(
    edition: Edition,
    claim: ClaimMaker,
    frame: pd.DataFrame,
    values: dict[str, Any],
    grown: dict[str, Text],
) -> Iterator[Block]:
    """The courses of a region, each with what it rests on."""
    counts = frame["course"].value_counts()
    early, late = _windows(edition)
    for name in COURSES:
        details = {"course": name, "fewest": THIN, "facet": "technology"}
        values[name] = claim(name, "count", "set", "technologies_of_course",
                             int(counts.get(name, 0)), unit="technology", details=details,
                             window=late, baseline=f"{early[0]}-{early[1]}")  # fmt: skip
    parts = [
        Text(f"path.technologies.n_{name}", dict(values)) for name in COURSES if values[name].value
    ]
    if parts:
        values["parts"] = functools.reduce(_joined, parts)
        key = "path.technologies.finding" if grown else "path.technologies.only_strong"
        yield Text(key, values, "finding")
    else:
        yield Text("path.technologies.none", values, "finding")
    yield Text("path.technologies.rule", values)
    for course in COURSES:
        rows = frame[frame["course"] == course].sort_values("recent", ascending=False)
        told, advised = [], []
        for place, (name, row) in enumerate(_rows(rows.head(TOP))):
            held = _held(edition, claim, row)
            grew = grown.get(name)
            said = {"held": held, "technology": edition.technology_names[name], "unit": edition.unit_word,
                    "region": values["region"]}  # fmt: skip
            if grew is None:
                told.append(Text("path.technologies.keep", said, "bullet"))
                continue
            told.append(Text(f"path.technologies.{course}", said | {"growth": grew}, "bullet"))
            if course in _ADVISED and place < _NAMED:
                cited = (grew.values["times"].id, held.values["advantage"].id)
                advised.append(_advice(edition, claim, course, name, cited))
        if advised:
            measure = {"region": values["region"], "names": objects(advised),
                       "advice": edition.word(f"course_{course}")}  # fmt: skip
            yield Text(f"path.technologies.{course}_advice", measure, "lead")
        yield from told


def objects(advised: Sequence[Claim]) -> Text:
    """What one measure is about: the objects of recommendations of one action, joined.

    Parameters
    ----------
    advised
        Recommendations.

    Returns
    -------
    Text
    """
    quoted = [Text("findings.quoted", {"label": one.label, "advice": one}) for one in advised]
    return functools.reduce(
        lambda one, other: Text("findings.joined", {"one": one, "other": other}), quoted
    )


def _joined(one: Text, other: Text) -> Text:
    return Text("path.technologies.joined", {"one": one, "other": other})


def _held(edition: Edition, claim: ClaimMaker, row: dict[str, Any]) -> Text:
    """How strong the region is in a technology, with its interval."""
    name = str(row["technology"])
    label, cell = edition.technology_names[name], f"courses/{name}"
    subject, more = f"technology:{name}&region:inside", {"label": label, "unit": "ratio"}
    against = {
        "baseline": "region:outside",
        "test": "fisher",
        "n": int(row["own_count"] + row["rest_count"]),
    }
    direction = 0 if pd.isna(row["strong"]) else 1 if row["strong"] else -1
    alone = pd.isna(row["advantage"])
    values: dict[str, Any] = {
        "region": edition.study.inputs.region, "unit": edition.unit_word,
        "interval": claim.parameter("interval", INTERVAL),
        "own": claim(f"own.{name}", "count", subject, "units", row["own_count"], label=label,
                     rule="whole", evidence=(f"{cell}/own_count",)),
        "advantage": claim(f"advantage.{name}", "comparison", subject, "advantage",
                           None if alone else row["advantage"], direction=direction,
                           q=float(row["advantage_q"]), evidence=(f"{cell}/advantage",),
                           **more, **against),
    }  # fmt: skip
    for side in ("low", "high"):
        bound = None if alone else row[f"advantage_{side}"]
        values[side] = claim(f"{side}.{name}", "comparison", subject, f"advantage_{side}", bound,
                             baseline="region:outside", evidence=(f"{cell}/advantage_{side}",),
                             **more)  # fmt: skip
    return Text("path.technologies.alone" if alone else "path.technologies.held", values)


def _advice(
    edition: Edition, claim: ClaimMaker, course: str, name: str, cited: tuple[str, ...]
) -> Claim:
    """Who should do what in which technology, and how success is seen."""
    label = edition.technology_names[name]
    return claim(
        f"advice.{name}", "recommendation", f"technology:{name}", "recommendation",
        edition.word(f"course_{course}"), label=label, unit="", rests_on=cited,
        details={"actor": edition.study.inputs.region, "action": course, "object": label,
                 "success": "advantage_low>1" if course == "fill" else "relative_growth>=1"},
    )  # fmt: skip


def _table(edition: Edition, frame: pd.DataFrame, values: dict[str, Any]) -> Table:
    study = edition.study
    words = {name: edition.word(f"course_{name}") for name in COURSES}
    # What has a course stands in front.
    frame = frame.iloc[frame["course"].isna().to_numpy(dtype=bool).argsort(kind="stable")]
    listed = max(TOP, int(frame["course"].notna().sum()))
    shown = pd.DataFrame(
        {
            "technology": frame["technology"].map(edition.technology_names),
            "recent_count": frame["recent"], "before_count": frame["earlier"],
            "relative_growth": frame["relative_growth"], "q_value": frame["q_value"],
            "state": frame["technology"].map(edition.technology_states),
        }
    )  # fmt: skip
    if study.standing is not None:
        shown = shown.assign(
            own_count=frame["own_count"], advantage=frame["advantage"],
            advantage_low=frame["advantage_low"], advantage_high=frame["advantage_high"],
            advantage_q=frame["advantage_q"],
        )  # fmt: skip
        if frame["course"].notna().any():
            shown = shown.assign(course=frame["course"].map(words))
    kept = ~frame["technology"].isin(study.remainders)
    if study.standing is None:
        kept &= frame["rising"]
    shown = shown[kept.to_numpy(dtype=bool)]
    forms = {"recent_count": "count", "before_count": "count", "own_count": "count",
             "q_value": "p", "advantage_q": "p", "advantage": "number", "advantage_low": "number",
             "advantage_high": "number", "relative_growth": "number"}  # fmt: skip
    note = edition.note("whole", dated=True, periods=True)
    return Table("courses", shown.reset_index(drop=True), forms, values, note, rows=listed)


@section("path.partners", needs=("parties",))
def partners(edition: Edition, *, about: str = "") -> Iterator[Block]:
    """Living owners where technologies rise: facts for a search, no judgement.

    ``about="firm"``: neither the firm that is studied, nor its rivals, nor who files with it already.
    """
    study = edition.study
    if study.inputs.applicant:
        return
    if about == "firm":
        alone(study)
    wanted = study.courses.loc[study.courses["wanted"], "technology"].tolist()
    if not wanted:
        yield Text("path.partners.nothing_rises", {}, "finding")
        return
    found = study.partners
    subject = found.attrs["subject"]
    allies = allies_of(study) if about == "firm" else ()
    aside = (study.firm, *rivals_of(study), *allies) if about == "firm" else ()
    left_out = int(found.attrs["left_out"])
    already = found.loc[found.index.isin(allies), "name"].astype("str").tolist()
    found = found[~found.index.isin(aside)]
    claim = edition.claims("path.partners")
    _, late = _windows(edition)
    details = {"technologies": tuple(wanted), "fewest": FEWEST, "aside": aside}
    looked = {"window": late, "details": details}
    early = f"{late[0] - RECENT}-{late[0] - 1}"
    where = "outside_region" if study.local is not None else "all_owners"
    where = "neither_firm" if aside else where
    values: dict[str, Any] = {
        "n": claim("n", "count", "set", "partners", len(found), unit="owner", **looked),
        "left_out": claim("left_out", "count", "set", "partners_left_out",
                          left_out, unit="owner", **looked),
        "technologies": claim("technologies", "count", "set", "technologies_wanted", len(wanted),
                              unit="technology", window=late, baseline=early,
                              details={"fewest": THIN, "facet": "technology"}),
        "fewest": claim.parameter("fewest", FEWEST), "stale": claim.parameter("stale", STALE),
        "start": claim.parameter("start", late[0]), "end": claim.parameter("end", late[1]),
        "unit": edition.unit_word, "where": edition.word(where, region=study.inputs.region),
    }  # fmt: skip
    yield Text("path.partners.finding" if len(found) else "path.partners.none", values, "finding")
    if values["left_out"].value:
        yield Text("path.partners.left_out", values)
    if subject:
        name = study.owner_names[subject]
        yield Text("path.partners.subject", {**values, "owner": name})
    if already:
        names = edition.word("list_separator").join(already)
        yield Text("path.partners.already", {**values, "names": names})
    if found.empty:
        return
    yield Text("path.partners.body", {**values, "table": Ref("partners")})
    told = [
        _named(edition, claim, (str(owner), place), row, {**looked, "said": values})
        for place, (owner, row) in enumerate(found.head(_NAMED).iterrows())
    ]
    advice = {"names": objects([one for one, _ in told]), "advice": edition.word("look_into")}
    yield Text("path.partners.advice", {**values, **advice}, "lead")
    yield from (text for _, text in told)
    life = study.owner_life.reindex(found.index)
    table = pd.DataFrame(
        {
            "applicant": found["name"],
            "party_type": edition.named("party_type", study.owner_types).reindex(found.index),
            "recent_count": found["count"],
            "technology": found["technology"].map(edition.technology_names),
            "last_filing": life["last_filing"],
            "living": life["living"].where(life["living"] + life["dead"] > 0),
            "dead": life["dead"].where(life["living"] + life["dead"] > 0),
        }
    ).reset_index(drop=True)
    forms = {"recent_count": "count", "last_filing": "year", "living": "count", "dead": "count"}
    yield Table("partners", table, forms, values, edition.note("whole", periods=True), rows=TOP)
    if study.patents.has("inventors") and not study.inputs.masked:
        yield from _people(edition, claim, values, looked)


def _named(
    edition: Edition,
    claim: ClaimMaker,
    who: tuple[str, int],
    row: pd.Series,
    looked: dict[str, Any],
) -> tuple[Claim, Text]:
    """One partner: that it is to be looked into, and what it files and that it lives."""
    study = edition.study
    owner, place = who
    label, technology = str(row["name"]), str(row["technology"])
    life = study.owner_life.loc[owner]
    subject, cell = f"owner:{owner}", f"partners/{place}"
    said = looked.pop("said")
    late = looked["window"]
    about = {"window": late, "baseline": f"{late[0] - RECENT}-{late[0] - 1}"}
    rows = dict(_rows(study.courses))
    values: dict[str, Any] = {
        "owner": label, "unit": edition.unit_word, "start": said["start"], "end": said["end"],
        "growth": _growth(edition, claim, rows[technology], about),
        "count": claim(f"count.{place}", "count", subject, "units_sought", row["count"],
                       label=label, evidence=(f"{cell}/recent_count",), **looked),
        "living": claim(f"living.{place}", "count", subject, "living_units", life["living"],
                        label=label, evidence=(f"{cell}/living",)),
    }  # fmt: skip
    if pd.notna(life["last_filing"]):
        values["last"] = claim(f"last.{place}", "date", subject, "last_filing",
                               int(float(str(life["last_filing"]))), label=label, unit="year",
                               evidence=(f"{cell}/last_filing",))  # fmt: skip
    advice = claim(
        f"advice.{place}", "recommendation", f"{subject}&technology:{technology}", "recommendation",
        edition.word("look_into"), label=label, unit="",
        rests_on=(values["growth"].values["times"].id,),
        details={"actor": study.inputs.region, "action": "look_into", "object": label,
                 "success": "joint_units"},
    )  # fmt: skip
    known = life["living"] + life["dead"] > 0
    key = "path.partners.named" if known else "path.partners.named_untold"
    return advice, Text(key, values, "bullet")


def _people(
    edition: Edition,
    claim: ClaimMaker,
    values: dict[str, Any],
    looked: dict[str, Any],
) -> Iterator[Block]:
    study = edition.study
    found = study.partner_people
    if found.empty:
        return
    held = study.people.merge(
        study.owners[["publication_id", "name"]],
        on="publication_id",
        suffixes=("_inventor", ""),
    )
    table = pd.DataFrame(
        {
            "inventor": edition.apart(found["name"]),
            "applicant": most_frequent(held, "inventor", "name").reindex(found.index),
            "recent_count": found["count"],
            "technology": found["technology"].map(edition.technology_names),
        }
    ).reset_index(drop=True)
    people = claim("people", "count", "set", "partner_people", len(table), unit="person", **looked)
    yield Text("path.partners.people", {**values, "people": people, "table": Ref("people")})
    note = Text("path.partners.note", {}, "note")
    yield Table("people", table, {"recent_count": "count"}, values, note, rows=TOP)
