"""A project of research and development against what is known: prior art, room, base, verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, i18n, indicators, planning, plot, tables
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.official import measures_table, needed
from patentnav.report.sections.ties import figure_size, named_technologies
from patentnav.report.sections.uses import moment, titles
from patentnav.study import RECENT
from patentnav.study.gaps import gap
from patentnav.text.documents import BODY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition
    from patentnav.study import Study

_SHOWN = ("title", "text", "features", "classes", "markets", "team", "budget", "start", "as_of")
_AHEAD, _MONTHS, _ROUTES = 3, 12, 3
_CROWDED = 0.5  # of the rights in force in three hands


def _needs(edition: Edition, place: str) -> dict[str, Any]:
    """The project; raises what is missing without the table."""
    needed(edition, place, "PJ", "text", "features", "classes")
    row: dict[str, Any] = edition.study.project_row
    return row


def _near(edition: Edition) -> pd.DataFrame:
    found = edition.study.nearest
    if found.empty:
        raise gap("missing.project.nothing_near")
    return found


def _technologies(edition: Edition) -> list[str]:
    _near(edition)
    found = list(edition.study.project_technologies)
    if not found:
        raise gap("missing.project.no_technology")
    return found


def hits(study: Study) -> pd.DataFrame:
    """Features of the project that publications mention; none where it names none."""
    features = study.project_row["features"]
    if not features:
        raise gap("missing.project.no_features")
    return planning.feature_hits(study.patents, list(features))


@section("project.card")
def card(edition: Edition) -> Iterator[Block]:
    """The project as applied for, in the same words."""
    row = _needs(edition, "project.card")
    told = tables.load("PJ")
    separator = edition.word("list_separator")
    rows = []
    for name in _SHOWN:
        value = row.get(name)
        if isinstance(value, tuple):
            value = separator.join(map(str, value))
        elif value is None or pd.isna(value):
            value = ""
        elif isinstance(value, pd.Timestamp):
            value = f"{value:%Y-%m-%d}"
        elif name == "budget":
            value = f"{value:,.10g} {tables.unit_name(told.columns[name].unit, edition.lang)}"
        if value:
            rows.append((told.label(name, edition.lang), str(value)))
    yield Text("project.card.body", {"project": str(row["title"]), "table": Ref("card_of_project")})
    frame = pd.DataFrame(rows, columns=["project_item", "project_told"])
    yield Table("card_of_project", frame, {}, {}, Text("project.card.note", {}, "note"), rows=None)


@section("project.prior", needs=("texts",))
def prior(edition: Edition) -> Iterator[Block]:
    """The publications nearest to the project, and which of its features they mention."""
    row = _needs(edition, "project.prior")
    study, found = edition.study, _near(edition)
    told = hits(study)
    claim = edition.claims("project.prior")
    features = tuple(dict.fromkeys(row["features"]))
    number = told.sum(axis=1)
    near = number.reindex(found["publication_id"])
    values: dict[str, Any] = {
        "project": str(row["title"]), "near": claim.parameter("near", len(found)),
        "m": claim.parameter("m", len(features)),
        "k": claim("k", "count", "set", "project_hits", int(near.max()), unit="feature",
                   details={"which": "near", "features": features}),
        "all": claim("all", "count", "set", "project_hits", int((number == len(features)).sum()),
                     unit="publications", details={"which": "all", "features": features}),
        "table": Ref("prior_art"),
    }  # fmt: skip
    yield Text(
        "project.prior.finding" if values["all"].value else "project.prior.none", values, "finding"
    )
    yield Text("project.prior.body", values)
    yield Text(f"project.prior.note{'' if _has_bodies(study) else '_titles'}", values, "note")
    names = study.owner_names if study.patents.has("parties") else pd.Series(dtype="str")
    first = (study.owners.drop_duplicates("publication_id").set_index("publication_id")["owner"]
             if len(names) else pd.Series(dtype="str"))  # fmt: skip
    ids = found["publication_id"]
    separator = edition.word("list_separator")
    shown = pd.DataFrame(
        {"publication_id": ids, "title": titles(edition, ids),
         "applicant": first.reindex(ids).map(names).to_numpy() if len(names) else None,
         "similarity": found["similarity"],
         "features_hit": near.to_numpy(),
         "features_named": [separator.join(told.columns[told.loc[p].to_numpy()]) for p in ids],
         "legal_status": edition.named("legal_status", study.patents.publications["legal_status"].reindex(ids)).to_numpy()}
    )  # fmt: skip
    forms = {"publication_id": "code", "similarity": "number", "features_hit": "count"}
    yield Table("prior_art", shown, forms, values, edition.note(), rows=TOP)


@section("project.window", needs=("parties", "publications.legal_status"))
def window(edition: Edition) -> Iterator[Block]:
    """The project's technologies: filings of the last years against those before, and what ends."""
    row = _needs(edition, "project.window")
    study, now = edition.study, moment(edition)
    wanted = _technologies(edition)
    if not study.is_dated or len(study.capped):
        raise gap("missing.firm.capped")
    claim = edition.claims("project.window")
    last = study.last_year
    late, early = (last - RECENT + 1, last), (last - 2 * RECENT + 1, last - RECENT)
    rows = named_technologies(edition)
    years = study.unit_years
    lines, table = {}, []
    for i, technology in enumerate(wanted[:_ROUTES]):
        units = study.unit_ids.reindex(rows.loc[rows["technology"] == technology, "publication_id"])
        own = years.reindex(units.unique()).dropna().astype(int)
        now_count, before = int(own.between(*late).sum()), int(own.between(*early).sum())
        label = edition.technology_names[technology]
        about: dict[str, Any] = {"label": label}
        values: dict[str, Any] = {
            "technology": label, "piece": edition.piece, "unit": edition.unit_word,
            "first": str(late[0]), "last": str(late[1]), "before_first": str(early[0]),
            "before_last": str(early[1]),
            "now": claim(f"now.{i}", "count", f"technology:{technology}", "units", now_count, window=late, **about),
            "before": claim(f"before.{i}", "count", f"technology:{technology}", "units", before, window=early, **about),
        }  # fmt: skip
        yield Text("project.window.finding", values, "finding")
        force = _force(study, technology, rows)
        ends = facts.expiry_dates(study.patents).reindex(force)
        ends = ends.groupby(study.unit_ids.reindex(force)).max().dropna()
        near = int((ends <= now + pd.DateOffset(years=_AHEAD)).sum())
        if len(ends):
            values |= {
                "near": claim(f"near.{i}", "share", f"technology:{technology}", "technology_ending",
                              near / len(ends), unit="ratio", label=label,
                              details={"now": f"{now:%Y-%m-%d}", "ahead": _AHEAD}),
                "ahead": claim.parameter("ahead", _AHEAD),
                "rights": claim(f"rights.{i}", "count", f"technology:{technology}&status:in_force", "units",
                                study.unit_ids.reindex(force).nunique()),
            }  # fmt: skip
            yield Text("project.window.ending", values)
        lines[label] = own[own <= last].value_counts().sort_index()
        table.append((label, before, now_count, study.unit_ids.reindex(force).nunique(), near if len(ends) else pd.NA))  # fmt: skip
    said: dict[str, Any] = {
        "project": str(row["title"]),
        "table": Ref("window_by_technology"),
        "figure": Ref("project_course"),
    }
    yield Text("project.window.body", said)
    span = range(last - 2 * RECENT + 1, last + 1)
    counts = pd.DataFrame(lines).reindex(span).fillna(0)
    counts.index = pd.Index([str(y) for y in counts.index], name="year")
    note = edition.note("whole", dated=True)
    columns = ["technology", "before_count", "recent_count", "rights", "expiring"]
    data = counts.reset_index().melt("year", var_name="technology", value_name="count")
    yield Figure(Table("project_course", data, {"count": "count"}, said, note),
                 drawing(plot.stacks, counts, edition.unit_axis), size=figure_size(len(counts)))  # fmt: skip
    frame = pd.DataFrame(table, columns=columns).astype({"expiring": "Int64"})
    yield Table("window_by_technology", frame, {}, said, note, rows=None)


def _force(study: Study, technology: str, rows: pd.DataFrame) -> pd.Index:
    status = study.patents.publications["legal_status"]
    ids = pd.Index(rows.loc[rows["technology"] == technology, "publication_id"].unique())
    found: pd.Index = ids[status.reindex(ids).eq("in_force").fillna(False).to_numpy()]
    return found


def team_units(study: Study, names: tuple[str, ...]) -> pd.Index:
    """Units of the set that name somebody called like a member of the team."""
    given = study.given
    if not names or not given.has("inventors"):
        return pd.Index([])
    rows = given.inventors
    called = rows["name_raw"].fillna(rows["name"]).astype("str").str.strip().str.casefold()
    ids = set(rows.loc[called.isin([n.strip().casefold() for n in names]), "publication_id"])
    found: pd.Index = pd.Index(
        sorted(study.unit_ids[study.unit_ids.index.isin(list(ids))].unique())
    )
    return found


@section("project.base", needs=("parties",))
def base(edition: Edition) -> Iterator[Block]:
    """What the applicant and the team have in the project's technologies."""
    row = _needs(edition, "project.base")
    study = edition.study
    if not study.inputs.firm and not row["team"]:
        raise gap("missing.project.no_team")
    claim = edition.claims("project.base")
    wanted = tuple(_technologies(edition))
    values: dict[str, Any] = {"project": str(row["title"]), "unit": edition.unit_word, "piece": edition.piece,
                              "names": edition.word("list_separator").join(edition.technology_names[t] for t in wanted)}  # fmt: skip
    rows = named_technologies(edition)
    field = set(rows.loc[rows["technology"].isin(wanted), "publication_id"])
    if study.inputs.firm:
        own = study.firm_ids[study.firm_ids.isin(list(field))]
        values |= {
            "firm": str(study.owner_names[study.firm]),
            "own": claim("own", "count", f"owner:{study.firm}", "project_base", study.unit_ids.reindex(own).nunique(),
                         label=str(study.owner_names[study.firm]), details={"technologies": wanted}),
        }  # fmt: skip
        yield Text("project.base.finding", values, "finding")
    if not row["team"]:
        return
    units = team_units(study, row["team"])
    values |= {
        "members": claim.parameter("members", len(set(row["team"]))),
        "team": claim("team", "count", "set", "project_team", len(units), details={"recent": None}),
    }  # fmt: skip
    if study.is_dated:
        span = (study.last_year - RECENT + 1, study.last_year)
        recent = study.unit_years.reindex(units).between(*span).sum()
        values |= {"years": claim.parameter("years", RECENT),
                   "recent": claim("recent", "count", "set", "project_team", int(recent), window=span,
                                   details={"recent": RECENT})}  # fmt: skip
        yield Text("project.base.team", values, "finding")
    else:
        yield Text("project.base.undated", values, "finding")
    yield Text("project.base.note", values, "note")


@section("project.routes", needs=("texts", "publications.legal_status"))
def routes(edition: Edition) -> Iterator[Block]:
    """Other technologies with the effect that the nearest publications have most."""
    row = _needs(edition, "project.routes")
    study = edition.study
    near, wanted = _near(edition), _technologies(edition)
    effects = study.effects
    column = next(c for c in effects.columns if c not in {"publication_id", "weight"})
    told = effects.loc[
        effects["publication_id"].isin(near["publication_id"]), column
    ].value_counts()
    if told.empty:
        raise gap("missing.project.no_effect")
    effect = min(told.index, key=lambda e: (-told[e], str(e)))
    rows = named_technologies(edition)
    rows = rows[
        rows["publication_id"].isin(effects.loc[effects[column] == effect, "publication_id"])
    ]
    status = study.patents.publications["legal_status"]
    kept = rows.assign(force=status.reindex(rows["publication_id"]).eq("in_force").fillna(False).to_numpy(),
                       unit_id=study.unit_ids.reindex(rows["publication_id"]).to_numpy())  # fmt: skip
    kept = kept[~kept["technology"].isin(wanted)]
    table = pd.DataFrame({"units": kept.groupby("technology")["unit_id"].nunique(),
                          "rights": kept[kept["force"]].groupby("technology")["unit_id"].nunique()})  # fmt: skip
    table = table[table["units"] >= _ROUTES].fillna(0).astype(int)
    claim = edition.claims("project.routes")
    details = {"effect": str(effect), "column": column, "own": tuple(wanted), "fewest": _ROUTES}
    values: dict[str, Any] = {
        "project": str(row["title"]), "effect": _effect(edition, str(effect)),
        "n": claim("n", "count", "set", "project_routes", len(table), unit="technology", details=details),
        "free": claim("free", "count", "set", "project_routes", int((table["rights"] == 0).sum()),
                      unit="technology", details={**details, "free": True}),
        "fewest": claim.parameter("fewest", _ROUTES), "unit": edition.unit_word, "table": Ref("routes_by_technology"),
    }  # fmt: skip
    yield Text("project.routes.finding" if len(table) else "project.routes.none", values, "finding")
    if table.empty:
        return
    yield Text("project.routes.note", values, "note")
    table = table.sort_values("units", ascending=False, kind="stable").reset_index()
    table["technology"] = table["technology"].map(edition.technology_names)
    yield Table("routes_by_technology", table, {}, values, edition.note("whole"), rows=TOP)


def _effect(edition: Edition, key: str) -> str:
    return str(indicators.effect_labels(edition.lang).get(key, key))


@section("project.monitor", needs=("texts", "publications.publication_date"))
def monitor(edition: Edition) -> Iterator[Block]:
    """What was published since the project's day, or in the last year, and how much of it is near."""
    row = _needs(edition, "project.monitor")
    study, near = edition.study, _near(edition)
    since = row.get("as_of")
    asked = isinstance(since, pd.Timestamp) and not pd.isna(since)
    day = since if asked else moment(edition) - pd.DateOffset(months=_MONTHS)
    claim = edition.claims("project.monitor")
    dates = study.patents.publications["publication_date"]
    new = dates.index[(dates > day).fillna(False)]
    hit = near[near["publication_id"].isin(new)]
    details = {"since": f"{day:%Y-%m-%d}"}
    values: dict[str, Any] = {
        "since": details["since"], "near": claim.parameter("near", len(near)),
        "new": claim("new", "count", "set", "project_new", len(new), unit="publications", details=details),
        "close": claim("close", "count", "set", "project_new", len(hit), unit="publications",
                       details={**details, "near": True}),
        "table": Ref("project_new"),
    }  # fmt: skip
    yield Text(f"project.monitor.{'finding' if len(new) else 'none'}", values, "finding")
    yield Text("project.monitor.note", values, "note")
    if hit.empty:
        return
    ids = hit["publication_id"].reset_index(drop=True)
    shown = pd.DataFrame({"publication_id": ids, "title": titles(edition, ids),
                          "publication_date": dates.reindex(ids).to_numpy(),
                          "similarity": hit["similarity"].to_numpy()})  # fmt: skip
    forms = {"publication_id": "code", "similarity": "number", "publication_date": "date"}
    yield Table("project_new", shown, forms, values, edition.note(), rows=TOP)


Judged = tuple[str, str, dict[str, Any]]  # state, wording of the evidence, its values


def _has_bodies(study: Study) -> bool:
    """Whether any text but titles is there, in which a feature could be mentioned."""
    texts = study.patents.texts
    return bool(texts["field"].isin(BODY_FIELDS).any())


def _novelty(study: Study, claim: ClaimMaker) -> Judged:
    if not _has_bodies(study):
        raise gap("missing.project.titles")
    told = hits(study)
    features = tuple(told.columns)
    number = int((told.sum(axis=1) == len(features)).sum())
    values = {"all": claim("all", "count", "set", "project_hits", number, unit="publications",
                           details={"which": "all", "features": features}),
              "m": claim.parameter("m", len(features))}  # fmt: skip
    return "doubtful" if number else "supported", "novelty", values


def _need(study: Study, claim: ClaimMaker) -> Judged:
    if len(study.capped):
        raise gap("missing.firm.capped")  # counts of years are cut off
    technology = study.project_technologies[0]
    growth = study.relative_growth
    if growth is None or growth.get(technology) is None or growth.isna()[technology]:
        raise gap("missing.project.no_technology")
    last = study.last_year
    late, early = (last - RECENT + 1, last), (last - 2 * RECENT + 1, last - RECENT)
    rows = study.technology_of
    units = study.unit_ids.reindex(
        rows.loc[rows["technology"] == technology, "publication_id"]
    ).unique()
    years = study.unit_years.reindex(units)
    counts = [int(years.between(*w).sum()) for w in (late, early)]
    values = {name: claim(name, "count", f"technology:{technology}", "units", n, window=w)
              for name, n, w in zip(("now", "before"), counts, (late, early), strict=True)}  # fmt: skip
    state = "supported" if counts[0] > counts[1] else "doubtful"
    return state, "need", {**values, "technology": technology}


def _crowding(study: Study, claim: ClaimMaker) -> Judged:
    technology = study.project_technologies[0]
    held: dict[str, set[str]] = {}
    rows = study.technology_of
    ids = _force(study, technology, rows)
    owners = study.owners[study.owners["publication_id"].isin(ids)]
    for owner, part in owners.groupby("owner"):
        held[str(owner)] = set(study.unit_ids.reindex(part["publication_id"]))
    units = study.unit_ids.reindex(ids).nunique()
    if units < RECENT:
        raise gap("missing.project.no_technology")
    top = sorted(held, key=lambda o: (-len(held[o]), o))[:3]
    share = len(set().union(*(held[o] for o in top))) / units
    values = {"share": claim("share", "share", f"technology:{technology}", "project_crowding", share, unit="ratio"),
              "technology": technology, "half": claim.parameter("half", _CROWDED),
              "rights": claim("rights", "count", f"technology:{technology}&status:in_force", "units", units)}  # fmt: skip
    return "doubtful" if share > _CROWDED else "supported", "crowding", values


def _base(study: Study, claim: ClaimMaker) -> Judged:
    team = study.project_row["team"]
    if not team:
        raise gap("missing.project.no_team")
    number = len(team_units(study, team))
    values = {
        "team": claim("team", "count", "set", "project_team", number, details={"recent": None})
    }
    return "supported" if number else "doubtful", "base", values


_CRITERIA: dict[str, Callable[[Study, ClaimMaker], Judged]] = {
    "need": _need, "novelty": _novelty, "crowding": _crowding, "base": _base,
}  # fmt: skip
_UNTOLD = ("barrier", "exploitability")  # what patents of a set cannot tell: left to the reviewers


@section("project.verdict", needs=("texts", "parties"))
def verdict(edition: Edition) -> Iterator[Block]:
    """Criterion by criterion what speaks for and against; the reviewers decide, there is no total."""
    row = _needs(edition, "project.verdict")
    study = edition.study
    _technologies(edition)
    claim = edition.claims("project.verdict")
    told, rows = [], []
    for name, rule in _CRITERIA.items():
        try:
            state, key, values = rule(study, claim)
        except UnavailableError:
            state, key, values = "unknown", "", {}
        if key:
            named = {
                **values,
                "piece": edition.piece,
                "unit": edition.unit_word,
                "years": claim.parameter("years", RECENT),
            }
            if "technology" in values:
                named["technology"] = edition.technology_names[values["technology"]]
            told.append(
                Text(
                    f"project.verdict.{key}",
                    {**named, "state": edition.word(f"verdict_{state}")},
                    "bullet",
                )
            )
        rows.append((name, state))
    rows += [(name, "unknown") for name in _UNTOLD]
    states = [s for _, s in rows]
    said: dict[str, Any] = {
        s: claim.parameter(s, states.count(s)) for s in ("supported", "doubtful", "unknown")
    }
    yield Text("project.verdict.finding", {**said, "project": str(row["title"])}, "finding")
    yield from told
    yield Text("project.verdict.body", {"table": Ref("verdict")})
    frame = pd.DataFrame(
        {"verdict_criterion": [edition.word(f"verdict_{n}") for n, _ in rows],
         "verdict_state": [edition.word(f"verdict_{s}") for s in states],
         "verdict_ask": [edition.word(f"verdict_{n}_ask") for n, _ in rows]}
    )  # fmt: skip
    yield Table("verdict", frame, {}, {}, Text("project.verdict.note", {}, "note"), rows=None)


@section("project.measures", needs=("texts",))
def measures(edition: Edition) -> Iterator[Block]:
    """What follows, each with its evidence; a row only where a rule fired."""
    row = _needs(edition, "project.measures")
    study, confirm = edition.study, edition.word("to_confirm")
    rows = []

    def add(name: str, what: str, place: str) -> None:
        rows.append((confirm, edition.word(f"project_action_{name}"), what,
                     i18n.text(f"report.{place}.title", edition.lang), confirm,
                     edition.word(f"project_success_{name}")))  # fmt: skip

    near = study.nearest
    if not row["features"]:
        add("features", str(row["title"]), "project.prior")
    elif len(near):
        number = hits(study).sum(axis=1).reindex(near["publication_id"])
        most = number[number == number.max()].index[:3]
        add("read", edition.word("list_separator").join(most), "project.prior")
    if not row["team"]:
        add("team", str(row["title"]), "project.base")
    if len(near):
        add("watch", str(row["title"]), "project.monitor")
    if not rows:
        yield Text("project.measures.none", {})
        return
    count = edition.claims("project.measures").parameter("count", len(rows))
    yield Text("project.measures.body", {"count": count, "table": Ref("measures_of_project")})
    yield measures_table("measures_of_project", rows)
