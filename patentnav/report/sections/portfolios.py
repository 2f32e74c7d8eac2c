"""Part C, continued: portfolios against the gate, their layout, next steps and the choice."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot
from patentnav.portfolio import LEVERS
from patentnav.report.blocks import Figure, Ref, Table, Text, drawing
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.bounds import lower_bounds, pct_columns
from patentnav.study.portfolios import of_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block, Style
    from patentnav.report.edition import ClaimMaker, Edition

_NEEDS = ("parties", "publications.patent_type")
_TOLD = 3  # portfolios told one by one
_UNTOLD = 0.5  # part of the candidates that cannot be judged, above which no gate is drawn


@section("path.portfolios", needs=_NEEDS)
def portfolios(edition: Edition) -> Iterator[Block]:
    """Candidates against the gate, and what each lacks."""
    study = edition.study
    inside = study.local is not None
    found = study.eligible
    gate = found.attrs["gate"]
    claim = edition.claims("path.portfolios")
    if found.empty:
        key = "nobody" if inside else "nothing"
        yield Text(f"path.portfolios.{key}", {"region": study.inputs.region}, "finding")
        return
    meets = found["meets_gate"].fillna(False).astype(bool)
    unknown = found["meets_gate"].isna()
    # Worth listing: what passes, cannot be judged, or holds at least a tenth of the gate.
    near = found["inventions"] >= max(1, gate["min_inventions"] // 10)

    def number(which: str, value: int) -> Claim:
        return claim(which, "count", "set", "portfolios", value, unit="portfolio",
                     details={"which": which, "inside": inside, "named": True, "alive": alive})  # fmt: skip

    alive = not study.inputs.applicant
    where = _whose(edition, inside=inside, alive=alive)
    values: dict[str, Any] = {
        "region": study.inputs.region, "where": where, "n": number("all", len(found)), "meets": number("meets", int(meets.sum())),
        "unknown": number("unknown", int(unknown.sum())),
        "near": number("near", int((near & ~meets).sum())),
        "inventions": claim.parameter("inventions", gate["min_inventions"]),
        "pct": claim.parameter("pct", gate["min_pct"]),
        "counted": edition.word("granted_only" if gate["granted_only"] else "filed"),
        "unit": edition.word(f"unit_{gate['unit']}"),
    }  # fmt: skip
    told = bool(found["pct"].notna().any())
    few = (found["inventions"] < gate["min_inventions"]).all()
    key = "finding" if meets.any() else "untold" if unknown.all() else "none"
    if not told and few and not unknown.any():
        key = "short"
    if key in {"none", "short"} and not values["near"].value:
        key = "far"
    yield Text(f"path.portfolios.{key}", values, "finding")
    if key == "far":
        return
    yield Text("path.portfolios.body", {**values, "table": Ref("candidates")})
    listed = found[near | meets].reset_index(drop=True)
    listed = listed if len(listed) else found.head(TOP)
    listed = listed.assign(owner=listed["owner_id"].map(study.owner_names))
    told = told and float(unknown.mean()) <= _UNTOLD
    drawn = told and float(listed["pct"].isna().mean()) <= _UNTOLD
    yield from _gated(edition, found, listed, values, told=drawn)
    if told and not inside:
        yield from _readings(edition, values)


def _whose(edition: Edition, *, inside: bool, alive: bool) -> str:
    """Whose candidates are counted, in words."""
    key = {(True, True): "region_living", (True, False): "inside", (False, True): "living"}
    known = key.get((inside, alive))
    region = edition.study.inputs.region
    return edition.word(f"portfolios_{known}", region=region) if known else ""


def _gated(
    edition: Edition,
    found: pd.DataFrame,
    listed: pd.DataFrame,
    values: dict[str, Any],
    *,
    told: bool,
) -> Iterator[Block]:
    """The picture and the table of candidates."""
    verdict = {True: edition.word("yes"), False: edition.word("no")}
    shown = pd.DataFrame(
        {
            "portfolio_id": listed["portfolio_id"], "applicant": listed["owner"],
            "technology": listed["technology"].map(edition.technology_names),
            "inventions": listed["inventions"], **pct_columns(listed),
            "meets_gate": listed["meets_gate"].map(verdict),
            "inventions_missing": listed["inventions_missing"],
            "pct_missing": listed["pct_missing"], "score": listed["score"],
        }
    )  # fmt: skip
    shown["meets_gate"] = shown["meets_gate"].fillna(edition.word("cannot_tell"))
    note = Text(
        f"path.portfolios.note{'' if values['unknown'].value else '_judged'}", values, "note"
    )
    lang = edition.lang
    if told:
        drawn = shown[
            ["portfolio_id", "applicant", "technology", "inventions", "pct", "meets_gate"]
        ]
        listed.attrs = dict(found.attrs)
        yield Text("path.portfolios.figure", {"figure": Ref("portfolios")})
        if drawn["pct"].isna().any():
            yield Text("path.portfolios.on_the_axis", {}, "note")
        yield Figure(
            Table("portfolios", drawn, {"portfolio_id": "code"}, values, note),
            drawing(plot.portfolios, listed, lang=lang),
            size=(6.3, 4.4),
        )
    yield from lower_bounds(shown)
    yield Table("candidates", shown, {"portfolio_id": "code"}, values, note, rows=TOP)


def _readings(edition: Edition, values: dict[str, Any]) -> Iterator[Block]:
    """The gate read in two ways and inventions counted in four."""
    study = edition.study
    table = study.readings
    claim = edition.claims("path.portfolios")
    each = table[table["reading"] == "each"].set_index("counted")["portfolios"].dropna()
    told = {
        state: claim(state, "count", "set", "portfolios_of_state", int(each[state]),
                     unit="portfolio", details={"state": state})
        for state in each.index
    }  # fmt: skip
    target = claim.parameter("target", study.inputs.portfolios)
    shared = {**values, **told, "target": target, "table": Ref("readings")}
    whole = {"filed", "living", "granted", "in_force"} <= set(told)
    key = "readings" if whole else "readings_filed"
    if not any(one.value for one in told.values()):
        key = "readings_none"
    yield Text(f"path.portfolios.{key}", shared)
    words = {True: edition.word("yes"), False: edition.word("no")}
    shown = pd.DataFrame(
        {
            "counted": [edition.word(f"counted_{one}") for one in table["counted"]],
            "reading": [edition.word(f"reading_{one}") for one in table["reading"]],
            "portfolios": table["portfolios"], "inventions": table["inventions"],
            **pct_columns(table),
            "reached": table["met"].map(words).fillna(edition.word("cannot_tell")),
        }
    )  # fmt: skip
    yield from lower_bounds(shown)
    yield Table(
        "readings", shown, {}, shared, Text("path.portfolios.readings_note", shared, "note")
    )


def _of_size(edition: Edition) -> bool:
    """Whether any candidate meets the gate or holds a tenth of its inventions."""
    found = edition.study.eligible
    if found.empty:
        return False
    meets = found["meets_gate"].fillna(False).astype(bool)
    near = found["inventions"] >= (found["min_inventions"] // 10).clip(lower=1)
    return bool((meets | near).any())


def _named(edition: Edition, row: Mapping[Any, Any]) -> str:
    """A portfolio in words: its owner and technology."""
    technology = edition.technology_names[str(row["technology"])]
    return edition.word("portfolio_named", owner=row["owner"], technology=technology)


def _subject(row: Mapping[Any, Any]) -> str:
    return f"owner:{row['owner_id']}&technology:{row['technology']}"


@section("path.layout", needs=_NEEDS)
def layout(edition: Edition) -> Iterator[Block]:
    """Breadth, offices, age, core and fence of the chosen portfolios and those that come next."""
    study = edition.study
    if not _of_size(edition):
        return
    found = study.layout
    if found.empty:
        return
    claim = edition.claims("path.layout")
    names = {row["portfolio_id"]: _named(edition, row) for row in found.to_dict("records")}
    values: dict[str, Any] = {"unit": edition.word("unit_application"), "day": f"{study.day:%Y-%m-%d}",
                              "table": Ref("layout"), "figure": Ref("layouts")}  # fmt: skip
    first = found.iloc[0].to_dict()
    told = _laid_out(claim, first, names)
    known = pd.notna(first["core"]) and pd.notna(first["fence"])
    style: Style = "finding" if first["chosen"] else "body"
    if pd.notna(first["main_groups"]):
        yield Text(_extent("path.layout.finding", first, known=known), {**values, **told}, style)
    yield Text("path.layout.body" if found["chosen"].any() else "path.layout.near", values)
    for row in found.iloc[1:_TOLD].dropna(subset=["main_groups"]).to_dict("records"):
        known = pd.notna(row["core"]) and pd.notna(row["fence"])
        key = _extent("path.layout.line", row, known=known)
        yield Text(key, {**values, **_laid_out(claim, row, names)}, "bullet")
    note = Text("path.layout.note", values, "note")
    lang = edition.lang
    drawn = found.dropna(subset=["living", "core", "fence"])
    if len(drawn):
        yield Text("path.layout.figure", values)
        data = pd.DataFrame(
            {"portfolio_id": drawn["portfolio_id"], "living": drawn["living"],
             "core": drawn["core"], "fence": drawn["fence"]}
        ).reset_index(drop=True)  # fmt: skip
        yield Figure(
            Table("layouts", data, {"portfolio_id": "code"}, values, note),
            drawing(plot.layouts, drawn, labels=names, lang=lang),
            size=(6.3, 1.2 + 0.3 * min(len(drawn), TOP)),
        )
    shown = pd.DataFrame(
        {
            "portfolio_id": found["portfolio_id"], "applicant": found["owner"],
            "technology": found["technology"].map(edition.technology_names),
            "main_groups": found["main_groups"], "effective_groups": found["effective_groups"],
            "offices": found["offices"], "abroad_share": found["abroad_share"],
            "median_age": found["median_age"], "young_share": found["young_share"],
            "living": found["living"], "core": found["core"], "fence": found["fence"],
            "expiring_share": found["expiring_share"],
        }
    )  # fmt: skip
    forms = {"portfolio_id": "code", "effective_groups": "number", "abroad_share": "share",
             "median_age": "number", "young_share": "share", "expiring_share": "share"}  # fmt: skip
    yield Table("layout", shown, forms, values, note, rows=TOP)


def _extent(key: str, row: Mapping[Any, Any], *, known: bool) -> str:
    """The sentence that says what is told of offices, and of core and fence."""
    if pd.isna(row["offices"]):
        return f"{key}_home"
    return key if known else f"{key}_untold"


def _laid_out(
    claim: ClaimMaker, row: Mapping[Any, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """Claims on the layout of one portfolio."""
    name = str(row["portfolio_id"])
    found: dict[str, Any] = {"portfolio": names[name]}
    units = {"main_groups": "group", "offices": "office"}  # of the rest: rights
    for part in ("main_groups", "offices", "living", "core", "fence"):
        if pd.notna(row[part]):
            found[part] = claim(
                f"{part}.{name}", "count", _subject(row), "portfolio_part", int(row[part]),
                label=names[name], details={"part": part}, evidence=(f"layout/{name}/{part}",),
                unit=units.get(part, "right"),
            )  # fmt: skip
    return found


@section("path.additions", needs=_NEEDS)
def additions(edition: Edition) -> Iterator[Block]:
    """What portfolios below the gate could add, by lever, and the fewest levers that close the gap."""
    if not _of_size(edition):
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
    }  # fmt: skip
    if closed:
        yield Text("path.additions.finding", values, "finding")
    else:
        yield Text("path.additions.none", values)
    if found.empty:
        return
    yield Text("path.additions.body", values)
    candidates = study.eligible.set_index("portfolio_id", drop=False)
    words = {one: edition.word(f"lever_{one}") for one in LEVERS}
    near = _nearest(study.eligible, closed)
    told: dict[str, list[dict[Any, Any]]] = {}
    for name in near[:_TOLD]:
        joined = edition.word("step_joint").join(words[one] for one in closed[name])
        told.setdefault(joined, []).append(candidates.loc[name].to_dict())
    for joined, rows in told.items():
        yield _lacking(edition, claim, rows, joined)
    if values["open"].value:
        yield Text("path.additions.open", values)
    elif (found["lever"] == "pct_open").any():
        yield Text("path.additions.none_open", values)
    if values["lost"].value:
        yield Text("path.additions.lost", values)
    note = Text("path.additions.note", values, "note")
    wide = steps.pivot_table(index="portfolio_id", columns="lever", values="rows", aggfunc="sum")
    order = _nearest(study.eligible, dict.fromkeys(wide.index, ()))
    names = {name: _named(edition, candidates.loc[name].to_dict()) for name in order[:TOP]}
    lang = edition.lang
    if order and closed:
        yield Text("path.additions.listed", values)
        bars = steps.set_index("portfolio_id").loc[order[:TOP]].reset_index()
        yield Text("path.additions.figure", values)
        yield Figure(
            Table("step_bars", bars[["portfolio_id", "rows"]].assign(lever=bars["lever"].map(words)),
                  {"portfolio_id": "code"}, values, note),
            drawing(plot.steps, bars, labels=names, lang=lang),
            size=(6.3, 1.2 + 0.3 * len(names)),
        )  # fmt: skip
        yield _steps_table(edition, (order, wide), (closed, words), (values, note))
    if values["open"].value or values["lost"].value:
        yield from _open_table(edition, values)


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


def _lacking(
    edition: Edition, claim: ClaimMaker, rows: Sequence[Mapping[Any, Any]], levers: str
) -> Text:
    """Portfolios that the same levers help: what each lacks, and the fewest that close the gaps."""
    each = [_lacks(edition, claim, row, "next_steps") for row in rows]
    lacks = functools.reduce(
        lambda one, other: Text("findings.clauses", {"one": one, "other": other}), each
    )
    return Text("path.additions.line", {"lacks": lacks, "levers": levers}, "bullet")


def _lacks(edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], table: str) -> Text:
    """A portfolio and what it lacks to the gate."""
    name, label = str(row["portfolio_id"]), _named(edition, row)
    found: dict[str, Any] = {"portfolio": label}
    for part in ("inventions", "pct"):
        if row[f"{part}_missing"]:
            found[part] = claim(
                f"lacks_{part}.{name}", "count", _subject(row), "portfolio_lacks",
                int(row[f"{part}_missing"]), label=label, unit="lack", details={"part": part},
                evidence=(f"{table}/{name}/{part}_missing",),
            )  # fmt: skip
    key = "both" if len(found) > 2 else "pct" if "pct" in found else "inventions"
    most = any(row[f"{part}_unknown"] > 0 for part in ("inventions", "pct") if part in found)
    return Text(f"path.selection.lacks_{key}{'_most' if most else ''}", found)


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
            "inventions_missing": listed["inventions_missing"].to_numpy(),
            "pct_missing": listed["pct_missing"].to_numpy(),
        }
    )  # fmt: skip
    for lever in LEVERS:
        if lever in wide:
            shown[f"step_{lever}"] = wide[lever].reindex(order).astype("Int64").to_numpy()
    fewest = {
        name: edition.word("step_joint").join(words[one] for one in closed[name]) for name in closed
    }
    shown["fewest_steps"] = [fewest.get(name, edition.word("not_closed")) for name in order]
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


@section("path.selection", needs=_NEEDS)
def selection(edition: Edition) -> Iterator[Block]:
    """The best disjoint choice of portfolios that meet the gate, how sure it is, and near misses."""
    if not _of_size(edition):
        return
    study = edition.study
    found = study.selection
    claim = edition.claims("path.selection")
    chosen, misses = found.chosen, of_size(found.near_misses)
    target = study.inputs.portfolios
    values: dict[str, Any] = {
        "target": claim.parameter("target", target),
        "chosen": claim("chosen", "count", "set", "portfolios_chosen", len(chosen), unit="portfolio"),
        "table": Ref("selection"), "others": Ref("alternatives"), "figure": Ref("chosen"),
        "misses": Ref("candidates"),  # where they stand with what they lack
    }  # fmt: skip
    if not found.proven and len(chosen):
        values["gap"] = claim(
            "gap", "share", "set", "selection_gap", float(found.gap), unit="ratio"
        )
    key = "none" if chosen.empty else "full" if len(chosen) == target else "finding"
    yield Text(f"path.selection.{key}", values, "finding" if len(chosen) else "body")
    if len(chosen) == target:  # else all that meet the gate are chosen
        yield Text("path.selection.proven" if found.proven else "path.selection.unproven", values)
    near = [row for row in misses.head(_TOLD).to_dict("records") if pd.notna(row["pct_missing"])]
    if len(misses):
        yield Text("path.selection.near" if near else "path.selection.others", values)
    for row in near:
        lacks = _lacks(edition, claim, row, "candidates")
        yield Text("path.selection.missed", {"lacks": lacks}, "bullet")
    note = Text("path.selection.note", values, "note")
    names, lang = edition.technology_names, edition.lang
    drawn = pd.concat([chosen, misses.head(TOP)], ignore_index=True)
    if len(chosen) > 1 and drawn["pct"].isna().mean() <= _UNTOLD:
        data = drawn[["portfolio_id", "inventions", "pct"]].assign(applicant=drawn["owner"])
        yield Text("path.selection.figure", values)
        yield Figure(
            Table("chosen", data, {"portfolio_id": "code"}, values, note),
            drawing(plot.portfolios, drawn, lang=lang),
            size=(6.3, 4.4),
        )
    if len(chosen):
        shown = _portfolio_rows(chosen, names).assign(
            inventions=chosen["inventions"], **pct_columns(chosen), living=chosen["living"],
            in_force=chosen["in_force"], score=chosen["score"],
        )  # fmt: skip
        yield from lower_bounds(shown)
        yield Table("selection", shown, {"portfolio_id": "code"}, values, note, rows=None)
    if len(found.alternatives):
        owner = study.eligible.set_index("portfolio_id")
        swaps = found.alternatives
        shown = pd.DataFrame(
            {
                "portfolio_out": swaps["portfolio_out"],
                "applicant": swaps["portfolio_out"].map(owner["owner"]),
                "portfolio_in": swaps["portfolio_in"],
                "applicant_in": swaps["portfolio_in"].map(owner["owner"]), "loss": swaps["loss"],
            }
        )  # fmt: skip
        forms = {"portfolio_out": "code", "portfolio_in": "code", "loss": "number"}
        yield Text("path.selection.alternatives", values)
        yield Table("alternatives", shown, forms, values, note, rows=TOP)


def _portfolio_rows(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"portfolio_id": rows["portfolio_id"], "applicant": rows["owner"],
         "technology": rows["technology"].map(names)}
    )  # fmt: skip
