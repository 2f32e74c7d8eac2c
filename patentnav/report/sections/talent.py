"""Part B, continued: inventors, their teams and roles, candidates and moves, with the talent map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import plot
from patentnav import talent as people_of
from patentnav.explore import Interactive
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_SMALLEST_TEAM = 3
_STEADY = 3  # inventions from which a person is listed, or is said to have moved
_NAMED = 0.9  # part of the units with inventors, below which the section says so
_YEARS = {"first_year": "year", "last_year": "year", "units": "count"}
_BEST = 5  # candidates shown per industry and side
_ROLES = ("key_person", "core", "bridge", "rising")


@section("position.talent", needs=("inventors",))
def talent(edition: Edition) -> Iterator[Block]:
    """Who invents, with whom, and whom owners depend on."""
    study = edition.study
    found = study.talents
    people = _people(edition)
    claim = edition.claims("position.talent")
    person = {"facet": "person"}
    filed = study.unit_ids.reindex(study.people["publication_id"]).map(study.unit_years)
    late = (study.last_year - RECENT + 1, study.last_year)
    active = study.people.loc[filed.between(*late).fillna(False).to_numpy(dtype=bool), "inventor"]
    steady = int((study.distinct(study.people, "inventor") >= _STEADY).sum())
    values: dict[str, Any] = {
        "n": claim("n", "count", "set", "distinct", people.index.nunique(), unit="person",
                   details=person, rule="whole"),
        "teams": claim("teams", "count", "set", "teams", len(found.teams), unit="team",
                       details={"fewest": _SMALLEST_TEAM}),
        "team_size": claim.parameter("team_size", _SMALLEST_TEAM),
        "steady": claim("steady", "count", "set", "keys_reaching", steady, unit="person",
                        details=person | {"fewest": _STEADY}),
        "steady_from": claim.parameter("steady_from", _STEADY), "recent": RECENT,
        "active": claim("active", "count", "set", "distinct", active.nunique(), unit="person",
                        details=person, rule="whole", window=late),
        "start": claim.parameter("start", late[0]), "end": claim.parameter("end", late[1]),
        "unit": edition.unit_word,
        "partners": claim("partners", "index", "set", "mean_partners",
                          float(people["coinventors"].mean()), unit="person"),
    }  # fmt: skip
    yield Text("position.talent.finding", values, "finding")
    if values["teams"].value:
        yield Text("position.talent.teams", values, "finding")
    named = study.unit_ids.reindex(study.people["publication_id"]).nunique()
    if named < _NAMED * study.units:
        values["units"] = claim("units", "count", "set", "units", study.units)
        values["named"] = claim("named", "count", "set", "units_with_people", named)
        yield Text("position.talent.partly", values)
    if study.inputs.masked:
        yield Text("position.talent.masked", {}, "note")
    if len(study.capped):
        yield Text("position.talent.no_rising", {}, "note")
    yield Text("position.talent.body", {**values, "figure": Ref("talent_map"),
                                        "inventors": Ref("inventors"), "teams_table": Ref("teams")})  # fmt: skip
    yield _picture(edition, values)
    yield _listed(edition, values)
    yield _teams(edition, values)
    yield from _candidates(edition, values)
    yield from _dependence(edition, values)
    yield from _moves(edition, values)


def _people(edition: Edition) -> pd.DataFrame:
    """People with their roles; nobody rises where the export was cut off, as what came before is not known."""
    people = edition.study.talents.people
    if not len(edition.study.capped):
        return people
    return people.assign(rising=False, role=people["role"].mask(people["role"] == "rising"))


def _listed(edition: Edition, values: dict[str, Any]) -> Table:
    people = _people(edition)
    listed = people[people["units"] >= _STEADY] if values["steady"].value else people
    table = pd.DataFrame(
        {
            "inventor": edition.apart(listed["name"]), "applicant": listed["main_owner"],
            "units": listed["units"], "output": listed["output"],
            "partners": listed["coinventors"], "team": listed["team_name"],
            "roles": _roles(edition, listed), "subclass": listed["main_field"],
            "impact": listed["impact"], "first_year": listed["first_year"],
            "last_year": listed["last_year"],
        }
    ).reset_index(drop=True)  # fmt: skip
    note = {"parts": edition.note("whole").values["parts"], "least": people_of.MIN_RECORDS}
    forms = {
        **_YEARS,
        "team": "code",
        "inventor": "code",
        "partners": "count",
        "output": "number",
        "impact": "number",
    }
    return Table("inventors", table, forms, values, Text("position.talent.note", note, "note"),
                 rows=TOP)  # fmt: skip


def _team_names(edition: Edition, people: pd.DataFrame) -> pd.Series:
    names = people["team_name"]
    return names.map({n: edition.word("team_of", name=n) for n in names.dropna().unique()})


def _roles(edition: Edition, people: pd.DataFrame) -> pd.Series:
    words = {role: edition.word(f"role_{role}") for role in _ROLES}
    flags = people[list(_ROLES)].fillna(False).astype(bool)
    told = [
        edition.word("separator").join(words[role] for role in _ROLES if row[role]) or None
        for row in flags.to_dict("records")
    ]
    return pd.Series(told, index=people.index, dtype="str")


def _teams(edition: Edition, values: dict[str, Any]) -> Table:
    study = edition.study
    found = study.talents.teams.sort_values(
        ["units", "people", "team"], ascending=[False, False, True]
    )
    table = pd.DataFrame(
        {
            "team": found["key_name"],
            "members": found["people"], "applicant": found["main_owner"],
            "units": found["units"], "key_share": found["key_share"],
            "stability": found["stability"], "first_year": found["first_year"],
            "last_year": found["last_year"],
        }
    ).reset_index(drop=True)  # fmt: skip
    if table["stability"].round(2).dropna().nunique() < 2:  # what all have alike tells nothing
        table = table.drop(columns="stability")
    forms = {
        **_YEARS,
        "team": "code",
        "members": "count",
        "key_share": "share",
        "stability": "number",
    }
    key = "team_note_stable" if "stability" in table else "team_note"
    note = Text(f"position.talent.{key}", {"size": _SMALLEST_TEAM}, "note")
    return Table("teams", table, forms, values, note, rows=TOP)


def _candidates(edition: Edition, values: dict[str, Any]) -> Iterator[Block]:
    """People per industry, inside and outside the studied region."""
    study = edition.study
    if not study.inputs.region or not study.patents.has("parties"):
        return
    rows = people_of.candidates(study.patents, study.memberships, study.inputs.region,
                                unit=study.unit)  # fmt: skip
    rows = rows.dropna(subset=["inside"])
    rows = rows[rows["units"] >= people_of.MIN_RECORDS]  # in the industry itself
    if rows.empty:
        return
    rows = rows.assign(rank=rows.groupby(["industry", "inside"]).cumcount() + 1)
    rows = rows[rows["rank"] <= _BEST].sort_values(
        ["industry", "inside", "rank"], ascending=[True, False, True], ignore_index=True
    )
    side = {True: edition.word("inside_region"), False: edition.word("outside_of_region")}
    table = pd.DataFrame(
        {
            "industry": rows["industry"].map(edition.industry_names),
            "side": rows["inside"].astype(bool).map(side), "rank": rows["rank"],
            "inventor": rows["name"], "applicant": rows["main_owner"], "units": rows["units"],
            "output": rows["output"], "impact": rows["impact"], "last_year": rows["last_year"],
        }
    )  # fmt: skip
    told = {**values, "region": study.inputs.region, "least": people_of.MIN_RECORDS,
            "best": _BEST, "table": Ref("talent_candidates")}  # fmt: skip
    yield Text("position.talent.candidates", told)
    yield Table("talent_candidates", table, {**_YEARS, "rank": "count", "impact": "number"}, told,
                Text("position.talent.candidates_note", told, "note"), rows=None)  # fmt: skip


def _dependence(edition: Edition, values: dict[str, Any]) -> Iterator[Block]:
    study = edition.study
    if not study.patents.has("parties"):
        return
    rows = people_of.dependence(study.patents, study.unit)
    if len(rows) < 2:  # one owner is compared with nobody
        return
    table = pd.DataFrame(
        {
            "applicant": rows["owner"], "units": rows["units"], "people": rows["people"],
            "inventor": rows["name"], "top_share": rows["top_share"],
            "people_for_half": rows["people_for_half"],
        }
    )  # fmt: skip
    yield Text("position.talent.dependence", {**values, "table": Ref("dependence")})
    yield Table("dependence", table, {**_YEARS, "people": "count", "top_share": "share",
                "people_for_half": "count"}, values, edition.note("whole"), rows=TOP)  # fmt: skip


def _moves(edition: Edition, values: dict[str, Any]) -> Iterator[Block]:
    study = edition.study
    if not study.patents.has("parties"):
        return
    every = people_of.moves(study.patents, study.unit)
    if every.empty:
        return
    likely = every[every["probability"] >= people_of.LIKELY]
    kin = people_of.affiliates(every)
    moved = likely[likely["units_before"] + likely["units_after"] >= _STEADY]
    claim = edition.claims("position.talent")
    told = {
        **values, "doubtful": len(every) - len(likely) - int(every["together"].sum()),
        "moves": len(moved), "couples": len(kin), "affiliates": Ref("affiliates"),
        "thin": len(likely) - len(moved),
        "people": int(moved["inventor_id"].nunique()), "table": Ref("moves"),
        "likely": claim.parameter("likely", people_of.LIKELY),
    }  # fmt: skip
    if moved.empty:
        if told["doubtful"]:
            yield Text("position.talent.no_moves", told)
        if told["thin"]:
            yield Text("position.talent.thin_moves", told)
        yield from _together(kin, told)
        return
    latest = moved.sort_values(
        ["probability", "first_date", "inventor_id"], ascending=[False, False, True]
    )
    table = latest[["name", "from_owner", "units_before", "last_date", "to_owner", "units_after",
                    "first_date", "probability"]]  # fmt: skip
    table = table.rename(columns={"name": "inventor"}).reset_index(drop=True)
    yield Text("position.talent.moves", told)
    if told["thin"]:
        yield Text("position.talent.thin_moves", told)
    forms = {"first_date": "date", "last_date": "date", "probability": "number",
             "units_before": "count", "units_after": "count"}  # fmt: skip
    note = Text("position.talent.moves_note", told, "note")
    yield Table("moves", table, forms, told, note, rows=TOP)
    yield from _together(kin, told)


def _together(kin: pd.DataFrame, told: dict[str, Any]) -> Iterator[Block]:
    """Owners between which people appear together: no moves of single people."""
    if kin.empty:
        return
    yield Text("position.talent.affiliates", told)
    forms = {"first_date": "date", "last_date": "date", "people": "count", "units_after": "count"}
    note = Text("position.talent.affiliates_note", told, "note")
    yield Table("affiliates", kin, forms, told, note, rows=TOP)


def _picture(edition: Edition, values: dict[str, Any]) -> Figure:
    """The people with the largest output, placed by their ties."""
    study = edition.study
    found = study.talents
    people = _people(edition).dropna(subset=["x"])
    table = pd.DataFrame(
        {"inventor": edition.apart(people["name"]), "applicant": people["main_owner"],
         "team": _team_names(edition, people), "roles": _roles(edition, people),
         "region": people["region"], "units": people["units"], "x": people["x"],
         "y": people["y"]}
    ).reset_index(drop=True)  # fmt: skip
    names = people.dropna(subset=["team"]).drop_duplicates("team").set_index("team")["team_name"]
    lang, unit = edition.lang, study.unit
    return Figure(
        Table("talent_map", table, {"units": "count"}, {**values, "mapped": len(people)},
              Text("position.talent.map_note", {"mapped": len(people), "n": values["n"]}, "note")),
        drawing(plot.talent_map, found.graph, people[["x", "y"]], teams=people["team"],
                                   team_names={str(t): n for t, n in names.items()},
                                   roles=people["role"], regions=people["region"].astype("str"), unit=unit,
                                   lang=lang),
        size=(8.4, 6.4),
        interactive=_live(edition, people),
    )  # fmt: skip


def _live(edition: Edition, people: pd.DataFrame) -> Interactive:
    study = edition.study
    team = _team_names(edition, people)
    unknown = edition.word("unknown")
    shown = pd.DataFrame(
        {"name": people["name"], "applicant": people["main_owner"], "region": people["region"],
         "team": team, "roles": _roles(edition, people)}
    ).astype("str").fillna(unknown)  # fmt: skip
    told = zip(
        *(shown[c] for c in shown.columns), people["units"],
        people["first_year"].astype("str"), people["last_year"].astype("str"), strict=True,
    )  # fmt: skip
    words = [*shown.columns, "count", "first", "last"]
    label = [edition.word("person", **dict(zip(words, row, strict=True))) for row in told]
    largest = float(np.clip(420 / np.sqrt(max(len(people), 1)), 6, 26))
    points = pd.DataFrame(
        {"x": people["x"], "y": people["y"], "group": _largest(edition, team),
         "region": _largest(edition, people["region"]),
         "name": shown["name"] + " " + people["main_owner"].fillna(""), "label": label,
         "size": largest * (0.3 + 0.7 * np.sqrt(people["units"] / people["units"].max()))}
    )  # fmt: skip
    where = people[["x", "y"]]
    ends = [(*where.loc[a], *where.loc[b]) for a, b in sorted(study.talents.graph.edges)]
    edges = pd.DataFrame(ends, columns=["x0", "y0", "x1", "y1"]) if ends else None
    return Interactive("talent_map", points, edges, rest=edition.word("other_people"))


def _largest(edition: Edition, groups: pd.Series) -> pd.Series:
    """The ten largest groups; the others together."""
    sizes = groups.value_counts()
    order = sorted(sizes.index, key=lambda g: (-sizes[g], str(g)))[:10]
    return groups.where(groups.isin(order), edition.word("other_people")).astype("str")
