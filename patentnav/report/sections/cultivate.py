"""Portfolios: candidates in key technologies, what can shake the chosen ones, and the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, i18n, planning, plot, portfolio, valuation
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.abroad import measures_of
from patentnav.report.sections.bounds import common_levers
from patentnav.report.sections.firm import alone
from patentnav.report.sections.official import measures_table
from patentnav.report.sections.ties import figure_size, named_technologies
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_HOME = "CN"
_NEEDS = ("parties", "publications.patent_type")
_PART = 10  # part of the gate from which a candidate is near
_ROWS = 10  # portfolios that the plan names
RECORDS = ("joint", "blocked", "contested", "pledged")


def _listed(edition: Edition) -> pd.DataFrame:
    """The chosen portfolios, and where these are few the ones that come next."""
    study = edition.study
    ids = study.layout["portfolio_id"]
    return study.candidates.set_index("portfolio_id", drop=False).loc[ids].reset_index(drop=True)


@section("portfolio.keytech", needs=_NEEDS)
def keytech(edition: Edition) -> Iterator[Block]:
    """Key technologies (as in the section on dependence) with the candidates that the owners have there."""
    study = edition.study
    alone(study)  # of one firm's patents, all are its own, and none depends on others
    local = study.local if study.inputs.region else facts.inside(study.patents, _HOME)
    if local is None or local.isna().all():
        raise gap("missing.operation.no_places")
    counts = study.received[1]
    percentile = None if counts is None else valuation.core(study.patents, counts)["percentile"]
    found = planning.key_technologies(
        study.patents, named_technologies(edition), unit_ids=study.unit_ids, local=local,
        growth=study.relative_growth, percentile=percentile,
    )  # fmt: skip
    whole, found = found, found[found["pareto"]].reset_index(drop=True)
    if found.empty:
        raise gap("missing.operation.few_units", fewest=planning.FEWEST_UNITS)
    near = _near(edition)
    claim = edition.claims("portfolio.keytech")
    held = near.groupby("technology").size()
    best = near.sort_values(
        ["inventions", "portfolio_id"], ascending=[False, True]
    ).drop_duplicates("technology")
    best = best.set_index("technology")
    have = found["technology"].isin(held.index)

    def number(which: str, value: int) -> Any:
        return claim(which, "count", "set", "key_technology_candidates", value, unit="technology",
                     details={"fewest": planning.FEWEST_UNITS, "home": _HOME, "which": which, "part": _PART})  # fmt: skip

    values: dict[str, Any] = {
        "n": number("pareto", len(found)), "have": number("have", int(have.sum())),
        "near": claim.parameter("near", max(1, study.inputs.min_inventions // _PART)),
        "measures": edition.word(measures_of(whole)), "table": Ref("keytech_candidates"),
        "figure": Ref("keytech_bars"), "region": study.inputs.region,
    }  # fmt: skip
    yield Text("portfolio.keytech.finding", values, "finding")
    yield Text("portfolio.keytech.body", values)
    names = edition.technology_names
    shown = pd.DataFrame(
        {
            "technology": found["technology"].map(names), "units": found["units"],
            "dependence": found["dependence"], "own_count": found["strength"],
            "candidates": found["technology"].map(held).fillna(0).astype(int),
            "applicant": found["technology"].map(best["owner"]),
            "inventions": found["technology"].map(best["inventions"]).astype("Int64"),
            "pct": found["technology"].map(best["pct"]).astype("Int64"),
        }
    )  # fmt: skip
    forms = {"dependence": "share", "own_count": "count", "candidates": "count"}
    note = Text("portfolio.keytech.note", values, "note")
    drawn = shown[shown["inventions"].notna()].head(TOP)
    if len(drawn) > 1:
        bars = pd.Series(drawn["inventions"].to_numpy(dtype=float), index=drawn["technology"])
        yield Text("portfolio.keytech.figure", values)
        yield Figure(
            Table("keytech_bars", drawn[["technology", "inventions"]].reset_index(drop=True), {}, values, note),
            drawing(plot.amounts, bars, edition.word("axis_inventions")), size=figure_size(len(bars)),
        )  # fmt: skip
    yield Table("keytech_candidates", shown, forms, values, note, rows=TOP)


def _near(edition: Edition) -> pd.DataFrame:
    """Candidates in technologies that hold a tenth of the gate's inventions; of the region's owners."""
    study = edition.study
    rows = study.candidates
    wanted = ~rows["technology"].isin(study.remainders)
    wanted &= rows["inventions"] >= max(1, study.inputs.min_inventions // _PART)
    if study.local is not None:
        own = study.region_owners.reindex(rows["owner_id"]).fillna(False).astype(bool)
        wanted &= own.to_numpy()
    return rows[wanted]


def _records(edition: Edition) -> dict[str, set[str] | None]:
    """Publications with a record that can shake a right, by kind; None where the set tells none."""
    patents = edition.study.patents
    held = facts.owners(patents, edition.study.owner_level, which="all", inventors=False)
    often = held.groupby("publication_id")["owner"].nunique()
    found: dict[str, set[str] | None] = {"joint": set(often.index[often > 1])}
    cited = patents.citations if patents.has("citations", "category") else None
    if cited is None or cited["category"].isna().all():
        found["blocked"] = None
    else:
        hits = cited["category"].fillna("").str.contains(r"[XY]", regex=True)
        found["blocked"] = set(cited.loc[hits, "citing_id"].dropna())
    events = patents.legal_events if patents.has("legal_events") else None
    for name, kinds in (
        ("contested", ["invalidation", "opposition", "litigation"]),
        ("pledged", ["pledge"]),
    ):
        found[name] = (
            None if events is None or events.empty
            else set(events.loc[events["category"].isin(kinds), "publication_id"])
        )  # fmt: skip
    return found


@section("portfolio.stability", needs=_NEEDS)
def stability(edition: Edition) -> Iterator[Block]:
    """Rights of the chosen portfolios with records that can shake them."""
    listed = _listed(edition)
    held = portfolio.members(listed)
    records = _records(edition)
    told = [r for r in RECORDS if records[r] is not None]
    claim = edition.claims("portfolio.stability")
    own = set(held["publication_id"])
    touched = {r: own & (records[r] or set()) for r in told}

    def number(which: str, value: int) -> Any:
        return claim(
            which,
            "count",
            "set",
            "portfolio_records",
            value,
            unit="right",
            details={"which": which},
        )

    between = edition.word("list_separator")
    values: dict[str, Any] = {
        "portfolios": claim.parameter("portfolios", len(listed)), "rights": number("all", len(own)),
        "any": number("any", len(set().union(*touched.values()))), "unit": edition.word("unit_application"),
        "kinds": between.join(edition.word(f"record_{r}") for r in told), "table": Ref("stability"),
        "figure": Ref("stability_bars"),
    }  # fmt: skip
    some = bool(values["any"].value)
    key = "finding" if some else "none"
    yield Text(f"portfolio.stability.{key}", values, "finding" if some else "body")
    for record in told:
        if touched[record]:
            yield Text("portfolio.stability.line",
                       {"record": edition.word(f"record_{record}"), "count": number(record, len(touched[record])),
                        "unit": values["unit"]}, "bullet")  # fmt: skip
    untold = [edition.word(f"record_{r}") for r in RECORDS if r not in told]
    if untold:
        yield Text("portfolio.stability.untold", {"names": between.join(untold)})
    if not some:
        return
    yield Text("portfolio.stability.body", values)
    shown = pd.DataFrame(
        {
            "portfolio_id": listed["portfolio_id"], "applicant": listed["owner"],
            "technology": listed["technology"].map(edition.technology_names),
        }
    )  # fmt: skip
    ids = held.groupby("portfolio_id")["publication_id"].agg(set)
    for record in told:
        shown[f"record_{record}"] = [
            len(ids[p] & (records[record] or set())) for p in shown["portfolio_id"]
        ]
    note = Text("portfolio.stability.note", values, "note")
    forms = {"portfolio_id": "code"} | {f"record_{r}": "count" for r in told}
    bars = pd.Series({edition.word(f"record_{r}"): len(touched[r]) for r in told})
    if len(bars) > 1:
        yield Text("portfolio.stability.figure", values)
        data = pd.DataFrame({"record": bars.index, "count": bars.to_numpy()})
        yield Figure(
            Table("stability_bars", data, {"count": "count"}, values, note),
            drawing(plot.amounts, bars, edition.word("axis_rights")), size=(6.3, 2.2),
        )  # fmt: skip
    yield Table("stability", shown, forms, values, note, rows=TOP)


@section("portfolio.plan", needs=_NEEDS)
def plan(edition: Edition) -> Iterator[Block]:
    """What follows for every chosen portfolio and those whose gap can be closed; only where a rule fired."""
    study = edition.study
    confirm = edition.word("to_confirm")
    chosen = study.selection.chosen
    rows: list[tuple[str, ...]] = []

    def place(name: str) -> str:
        return i18n.text(f"report.{name}.title", edition.lang)

    def named(row: dict[Any, Any]) -> str:
        technology = edition.technology_names[str(row["technology"])]
        return edition.word("portfolio_named", owner=row["owner"], technology=technology)

    for row in chosen.head(_ROWS).to_dict("records"):
        rows.append((str(row["owner"]), edition.word("plan_keep"), named(row), place("path.selection"),
                     confirm, edition.word("plan_success_keep")))  # fmt: skip
    steps = study.closing
    closed = steps[steps["in_smallest"]].groupby("portfolio_id")["lever"].agg(tuple)
    common = set(common_levers(steps))
    closed = closed[[not common & set(levers) for levers in closed]]
    candidates = study.candidates.set_index("portfolio_id")
    day = edition.word("plan_by", day=_earliest(edition)) if _earliest(edition) else confirm
    for name, levers in closed.head(_ROWS).items():
        row = candidates.loc[str(name)].to_dict()
        words = edition.word("step_joint").join(edition.word(f"lever_{one}") for one in levers)
        rows.append((str(row["owner"]), edition.word("plan_close", levers=words), named(row),
                     place("path.additions"), day if "pct_open" in levers else confirm,
                     edition.word("plan_success_gate")))  # fmt: skip
    rows.extend(_to_look_up(edition, place("path.portfolios")))
    try:
        records = _records(edition)
        held = portfolio.members(chosen)
    except UnavailableError:
        records, held = {}, pd.DataFrame({"portfolio_id": [], "publication_id": []})
    shaken = (records.get("contested") or set()) | (records.get("pledged") or set())
    for name in held.loc[
        held["publication_id"].isin(list(shaken)), "portfolio_id"
    ].drop_duplicates():
        row = candidates.loc[str(name)].to_dict()
        rows.append((str(row["owner"]), edition.word("plan_check"), named(row), place("portfolio.stability"),
                     confirm, edition.word("plan_success_check")))  # fmt: skip
    if not rows:
        yield Text("portfolio.plan.none", {})
        return
    count = edition.claims("portfolio.plan").parameter("count", len(rows))
    yield Text("portfolio.plan.body", {"count": count, "table": Ref("cultivation_plan")})
    yield measures_table("cultivation_plan", rows)


def _to_look_up(edition: Edition, place: str) -> list[tuple[str, ...]]:
    """One row per owner of candidates of which it cannot be told whether they meet the gate."""
    found = edition.study.eligible
    found = found[found["meets_gate"].isna()]
    confirm, names = edition.word("to_confirm"), edition.technology_names
    rows: list[tuple[str, ...]] = []
    for _, own in found.groupby("owner_id", sort=False):
        owner, first = str(own["owner"].iloc[0]), str(own["technology"].iloc[0])
        named = edition.word("portfolio_named", owner=owner, technology=names[first])
        if len(own) > 1:
            named = edition.word("plan_and_more", named=named, count=len(own))
        rows.append((owner, edition.word("plan_look_up"), named, place, confirm,
                     edition.word("plan_success_look_up")))  # fmt: skip
    return rows[:_ROWS]


def _earliest(edition: Edition) -> str:
    """The first day on which an open priority year ends; empty where none is open."""
    rows = edition.study.additions
    open_ = rows[(rows["lever"] == "pct_open") & (rows["days_left"] >= 0)]
    return "" if open_.empty else f"{open_['deadline'].min():%Y-%m-%d}"
