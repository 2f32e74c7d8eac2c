"""Part C, continued: what portfolios below the gate lack, and what of it can be closed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot
from patentnav.plot.drawing import drawing
from patentnav.portfolio import LEVERS
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.bounds import (
    common_levers,
    unfair,
)
from patentnav.report.sections.portfolios import (
    NEEDS,
    TOLD,
    any_of_size,
    lacks,
    named_portfolio,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition


@section("path.additions", needs=NEEDS)
def additions(edition: Edition) -> Iterator[Block]:
    """What portfolios below the gate could add, by lever, and the fewest levers that close the gap."""
    if not any_of_size(edition):
        return
    study = edition.study
    found, steps = study.additions, study.closing
    claim = edition.claims("path.additions")
    day = f"{study.day:%Y-%m-%d}"
    closed = _closed(steps)

    def dated(reason: str) -> Claim:
        n = int(found["reason"].isin([reason, f"{reason}_after_grant"]).sum())
        return claim(reason, "count", "set", "open_priorities", n, unit="right",
                     details={"reason": reason, "day": day})  # fmt: skip

    values: dict[str, Any] = {
        "day": day, "table": Ref("next_steps"), "figure": Ref("step_bars"),
        "list": Ref("open_priorities"), "open": dated("open"), "lost": dated("lost"),
        "closable": claim("closable", "count", "set", "portfolios_closable", len(closed),
                          unit="portfolio"),
        "unknown": claim("unknown", "count", "set", "portfolios", int(study.eligible["meets_gate"].isna().sum()),
                         unit="portfolio",
                         details={"which": "unknown", "inside": study.local is not None, "named": True,
                                  "alive": not study.inputs.applicant}),
    }  # fmt: skip
    lacking = unfair(edition, claim)
    if lacking:
        yield Text("path.additions.needs_pct", lacking)
        yield from _priority_years(edition, values)
    else:
        yield from _ways(edition, claim, values, closed)


def _priority_years(edition: Edition, values: dict[str, Any]) -> Iterator[Block]:
    """What can still be filed under the PCT, or could until lately."""
    told = [key for key in ("open", "lost") if values[key].value]
    for key in told:
        yield Text(f"path.additions.{key}", values)
    if told:
        yield from _open_table(edition, values)


def _ways(
    edition: Edition,
    claim: ClaimMaker,
    values: dict[str, Any],
    closed: Mapping[str, tuple[str, ...]],
) -> Iterator[Block]:
    """What closes the gaps of which both parts are told; where nothing does, one sentence."""
    study = edition.study
    if not closed:
        yield Text("path.additions.none", values)
    else:
        yield Text("path.additions.finding", values, "finding")
    if values["unknown"].value:
        yield Text("path.additions.unknown", values)
    if not closed:
        yield from _priority_years(edition, values)
        return
    yield Text("path.additions.body", values)
    words = {one: edition.word(f"lever_{one}") for one in LEVERS}
    common = common_levers(study.closing)
    for lever, alone in common.items():
        details = {"lever": lever}
        yield Text("path.additions.common", {
            "lever": words[lever],
            "alone": claim(f"alone.{lever}", "count", "set", "portfolios_closed_alone", alone,
                           unit="portfolio", details=details),
            "closable": values["closable"],
        })  # fmt: skip
    told = {name: levers for name, levers in closed.items() if not set(levers) & set(common)}
    if len(told) > TOLD:
        yield Text("path.additions.nearest", {"told": claim.parameter("told", TOLD)})
    yield from _helped(edition, claim, told, words)
    if values["open"].value:
        yield Text("path.additions.open", values)
    elif (study.additions["lever"] == "pct_open").any():
        yield Text("path.additions.none_open", values)
    if values["lost"].value:
        yield Text("path.additions.lost", values)
    if len(closed) > 1:  # of one the line says all
        yield from _listed(edition, values, closed, words)
    if values["open"].value or values["lost"].value:
        yield from _open_table(edition, values)


def _listed(
    edition: Edition,
    values: dict[str, Any],
    closed: Mapping[str, tuple[str, ...]],
    words: Mapping[str, str],
) -> Iterator[Block]:
    """All portfolios whose gap can be closed, and with what, in a picture and a table."""
    study = edition.study
    candidates = study.eligible.set_index("portfolio_id", drop=False)
    note = Text("path.additions.note", values, "note")
    order, steps = _nearest(study.eligible, closed), study.closing
    wide = steps.pivot_table(index="portfolio_id", columns="lever", values="rows", aggfunc="sum")
    names = {name: named_portfolio(edition, candidates.loc[name].to_dict()) for name in order[:TOP]}
    table = _steps_table(edition, (order, wide), (closed, words), (values, note))
    several = "fewest_steps" in table.frame
    yield Text(f"path.additions.listed{'' if several else '_alike'}", values)
    bars = steps.set_index("portfolio_id").loc[order[:TOP]].reset_index()
    yield Text("path.additions.figure", values)
    yield Figure(
        Table("step_bars", bars[["portfolio_id", "rows"]].assign(lever=bars["lever"].map(words)),
              {"portfolio_id": "code"}, values, note),
        drawing(plot.steps, bars, labels=names, lang=edition.lang),
        size=(6.3, 1.2 + 0.3 * len(names)),
    )  # fmt: skip
    yield table


def _closed(steps: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The fewest levers of every portfolio whose gap can be closed."""
    own = steps[steps["in_smallest"]]
    return {str(name): tuple(part["lever"]) for name, part in own.groupby("portfolio_id")}


def _nearest(candidates: pd.DataFrame, of: Mapping[str, Any]) -> list[str]:
    """Portfolios in order of what they lack, in parts of the gate."""
    rows = candidates[candidates["portfolio_id"].isin(list(of))]
    lacks = rows["inventions_missing"].astype("float64") / rows["min_inventions"].clip(lower=1)
    pct = rows["pct_missing"].astype("Float64").fillna(rows["min_pct"]).astype("float64")
    short = lacks + pct / rows["min_pct"].clip(lower=1)
    order = rows.assign(short=short).sort_values(["short", "portfolio_id"])
    return [str(name) for name in order["portfolio_id"]]


def _helped(
    edition: Edition,
    claim: ClaimMaker,
    closed: Mapping[str, tuple[str, ...]],
    words: Mapping[str, str],
) -> Iterator[Text]:
    """The portfolios nearest to the gate, those that the same levers help in one line."""
    candidates = edition.study.eligible.set_index("portfolio_id", drop=False)
    told: dict[str, list[dict[Any, Any]]] = {}
    for name in _nearest(edition.study.eligible, closed)[:TOLD]:
        joined = edition.word("step_joint").join(words[one] for one in closed[name])
        told.setdefault(joined, []).append(candidates.loc[name].to_dict())
    for joined, rows in told.items():
        yield _lacking(edition, claim, rows, joined)


def _lacking(
    edition: Edition, claim: ClaimMaker, rows: Sequence[Mapping[Any, Any]], levers: str
) -> Text:
    """Portfolios that the same levers help: what each lacks, and the fewest that close the gaps."""
    each = [lacks(edition, claim, row, "next_steps") for row in rows]
    joint = functools.reduce(
        lambda one, other: Text("findings.clauses", {"one": one, "other": other}), each
    )
    return Text("path.additions.line", {"lacks": joint, "levers": levers}, "bullet")


def _steps_table(
    edition: Edition,
    rows: tuple[list[str], pd.DataFrame],
    closing: tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]],
    told: tuple[dict[str, Any], Text],
) -> Table:
    order, wide = rows
    closed, words = closing
    listed = edition.study.candidates.set_index("portfolio_id").loc[order]
    shown = pd.DataFrame(
        {
            "portfolio_id": order, "applicant": listed["owner"].to_numpy(),
            "technology": listed["technology"].map(edition.technology_names).to_numpy(),
            "inventions_missing": listed["inventions_missing"].array,
            "pct_missing": listed["pct_missing"].array,  # whole numbers, some of them missing
        }
    )  # fmt: skip
    for lever in LEVERS:
        if lever in wide:
            shown[f"step_{lever}"] = wide[lever].reindex(order).astype("Int64").to_numpy()
    fewest = {
        name: edition.word("step_joint").join(words[one] for one in closed[name])
        for name in order
        if name in closed
    }
    several = len(set(fewest.values())) > 1 or len(fewest) < len(order)
    shown["fewest_steps"] = [fewest.get(name, edition.word("not_closed")) for name in order]
    if not several:  # what is the same for all tells nothing
        shown = shown.drop(columns="fewest_steps")
    values, note = told
    forms = {"portfolio_id": "code"} | {f"step_{lever}": "count" for lever in LEVERS}
    return Table("next_steps", shown, forms, values, note, rows=TOP)


def _open_table(edition: Edition, values: dict[str, Any]) -> Iterator[Block]:
    """Filings whose priority year is open, was lost lately, or of which it cannot be told."""
    rows = edition.study.additions
    rows = rows[rows["lever"] == "pct_open"]
    # What can still be done first, then what is over, then what is not told.
    rows = rows.assign(over=rows["days_left"] < 0).sort_values(
        ["over", "days_left", "publication_id"], na_position="last"
    )
    if rows.empty:
        return
    shown = pd.DataFrame(
        {
            "publication_id": rows["publication_id"], "applicant": rows["owner"],
            "technology": rows["technology"].map(edition.technology_names),
            "deadline": rows["deadline"], "days_left": rows["days_left"],
            "state": [edition.word(f"priority_{one}") for one in rows["reason"]],
        }
    ).reset_index(drop=True)  # fmt: skip
    forms = {"deadline": "date", "days_left": "count", "publication_id": "code"}
    yield Table("open_priorities", shown, forms, values,
                Text("path.additions.open_note", values, "note"), rows=TOP)  # fmt: skip
