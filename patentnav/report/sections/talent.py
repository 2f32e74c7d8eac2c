"""Part B, continued: inventors and their teams, with the talent map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import network, plot
from patentnav.report.blocks import Figure, Interactive, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.report.study import RECENT, TOP, most_frequent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.study import Study

_MAPPED = 150  # people on the map
_SMALLEST_TEAM = 3
_STEADY = 3  # inventions from which a person is listed


@dataclass(frozen=True)
class _Talent:
    """People, their output and ties."""

    graph: Any
    people: pd.DataFrame  # by inventor: name, count, recent_count, first_year, last_year, …
    teams: pd.Series


@section("position.talent", needs=("inventors",))
def talent(study: Study) -> Iterator[Block]:
    """Who invents, with whom."""
    found = _talent(study)
    people, sizes = found.people, found.teams.value_counts()
    real = sizes[sizes >= _SMALLEST_TEAM]
    values = {
        "n": len(people), "teams": len(real), "team_size": _SMALLEST_TEAM,
        "steady": int((people["count"] >= _STEADY).sum()), "steady_from": _STEADY,
        "recent": RECENT, "active": int((people["recent_count"] > 0).sum()),
        "start": study.last_year - RECENT + 1, "end": study.last_year, "unit": study.unit_word,
        "partners": float(people["partners"].mean()),
    }  # fmt: skip
    yield Text("position.talent.finding", values, "finding")
    yield Text("position.talent.body", {**values, "figure": Ref("talent_map"),
                                        "inventors": Ref("inventors"), "teams_table": Ref("teams")})  # fmt: skip
    yield _picture(study, found, values)
    shown = ["name", "applicant", "count", "recent_count", "partners", "team", "first_year",
             "last_year"]  # fmt: skip
    forms = {"first_year": "year", "last_year": "year", "count": "count", "recent_count": "count",
             "partners": "count"}  # fmt: skip
    listed = people[people["count"] >= _STEADY] if values["steady"] else people
    top = listed.rename(columns={"name": "inventor"})
    shown[0] = "inventor"
    yield Table("inventors", top[shown].reset_index(drop=True), forms, values,
                Text("position.talent.note", {"parts": study.note("whole").values["parts"]}, "note"),
                rows=TOP)  # fmt: skip
    yield Table("teams", _teams(found, real.index), {"count": "count", "members": "count"}, values,
                Text("position.talent.team_note", {"size": _SMALLEST_TEAM}, "note"), rows=TOP)  # fmt: skip


def _talent(study: Study) -> _Talent:
    rows = study.people
    counts = study.counts(rows[["publication_id", "inventor", "weight"]], "whole")
    graph = network.inventors(study.patents, study.unit)
    teams = network.communities(graph, study.inputs.random_state)
    yearly = _years(study, rows)
    names = most_frequent(rows, "inventor", "name").reindex(counts.index)
    people = pd.DataFrame({"name": names, "count": counts})
    people["recent_count"] = (
        yearly[yearly["year"].between(study.last_year - RECENT + 1, study.last_year)]
        .groupby("inventor")["unit_id"]
        .nunique()
    )
    people["recent_count"] = people["recent_count"].fillna(0).astype("int64")
    span = yearly.groupby("inventor")["year"].agg(["min", "max"])
    people["first_year"], people["last_year"] = span["min"], span["max"]
    people["partners"] = pd.Series(dict(graph.degree())).reindex(people.index).fillna(0)
    people["applicant"] = _employer(study, rows).reindex(people.index)
    people["team_id"] = teams.reindex(people.index)
    leaders = people.drop_duplicates("team_id").set_index("team_id")["name"]
    called = leaders.map({n: study.word("team_of", name=n) for n in leaders.unique()})
    people["team"] = people["team_id"].map(called)
    return _Talent(graph, people, teams)


def _years(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    years = study.patents.publications[study.basis].dt.year
    return pd.DataFrame(
        {"inventor": rows["inventor"].to_numpy(),
         "unit_id": study.unit_ids.reindex(rows["publication_id"]).to_numpy(),
         "year": years.reindex(rows["publication_id"]).to_numpy()}
    ).dropna(subset=["year"])  # fmt: skip


def _employer(study: Study, rows: pd.DataFrame) -> pd.Series:
    """Most frequent owner of a person's publications; NA where the export has no parties."""
    if not study.patents.has("parties"):
        return pd.Series(dtype="str")
    held = rows[["publication_id", "inventor"]].merge(
        study.owners[["publication_id", "name"]], on="publication_id"
    )
    return most_frequent(held, "inventor", "name")


def _teams(found: _Talent, chosen: pd.Index) -> pd.DataFrame:
    people = found.people[found.people["team_id"].isin(chosen)]
    groups = people.groupby("team_id", sort=True)
    applicants = most_frequent(people.dropna(subset=["applicant"]), "team_id", "applicant")
    frame = pd.DataFrame(
        {
            "team": groups["team"].first(), "members": groups.size(),
            "applicant": applicants,
            "leader_count": groups["count"].max(),
            "active_members": groups["recent_count"].agg(lambda v: int((v > 0).sum())),
        }
    )  # fmt: skip
    order = np.lexsort((frame.index.to_numpy(), -frame["leader_count"].to_numpy(),
                        -frame["members"].to_numpy()))  # fmt: skip
    return frame.iloc[order].reset_index(drop=True).astype({"leader_count": "int64"})


def _picture(study: Study, found: _Talent, values: dict[str, Any]) -> Figure:
    """The people with the largest output, placed by their ties."""
    people = found.people.head(_MAPPED)
    graph = found.graph.subgraph(people.index)
    layout = network.layout(graph, study.inputs.random_state).reindex(people.index).dropna()
    teams = people["team_id"].reindex(layout.index)
    names = people.drop_duplicates("team_id").set_index("team_id")["team"].astype(str)
    shown = people.loc[layout.index]
    table = pd.DataFrame(
        {"inventor": shown["name"], "applicant": shown["applicant"], "team": shown["team"],
         "count": shown["count"], "x": layout["x"], "y": layout["y"]}
    ).reset_index(drop=True)  # fmt: skip
    lang, unit = study.lang, study.unit
    return Figure(
        Table("talent_map", table, {"count": "count"}, {**values, "mapped": len(layout)},
              Text("position.talent.map_note", {"mapped": len(layout), "n": values["n"]}, "note")),
        lambda ax: plot.talent_map(graph, layout, ax=ax, teams=teams, team_names=dict(names),
                                   unit=unit, lang=lang),
        size=(8.4, 6.4),
        interactive=_live(study, graph, layout, shown),
    )  # fmt: skip


def _live(study: Study, graph: Any, layout: pd.DataFrame, shown: pd.DataFrame) -> Interactive:
    sizes = shown["team"].value_counts()
    largest = sizes[sizes >= _SMALLEST_TEAM].head(10).index
    group = shown["team"].where(shown["team"].isin(largest), study.word("other_people"))
    label = [
        study.word("person", name=r.name_, applicant=r.applicant_, count=r.count_)
        for r in pd.DataFrame(
            {"name_": shown["name"], "applicant_": shown["applicant"].fillna("–"),
             "count_": shown["count"]}
        ).itertuples(index=False)
    ]  # fmt: skip
    points = pd.DataFrame(
        {"x": layout["x"], "y": layout["y"], "group": group, "name": shown["name"] + " "
         + shown["applicant"].fillna(""), "label": label,
         "size": 7 + 24 * np.sqrt(shown["count"] / shown["count"].max())}
    )  # fmt: skip
    ends = [(*layout.loc[a], *layout.loc[b]) for a, b in sorted(graph.edges)
            if a in layout.index and b in layout.index]  # fmt: skip
    edges = pd.DataFrame(ends, columns=["x0", "y0", "x1", "y1"]) if ends else None
    return Interactive("talent_map", points, edges)
