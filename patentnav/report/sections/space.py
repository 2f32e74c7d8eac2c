"""What the map tells: what emerges, which effects are thin, who is strong where, what lies near."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import indicators, plot
from patentnav.errors import CoverageWarning, MissingTableError
from patentnav.indicators.emergence import MIN_COUNT, OLD_SHARE, PERSISTENT
from patentnav.indicators.matrix import LEVEL
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import FEWEST, RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_STATES = ("emerging", "growing", "declining", "steady", "too_few")  # what is shown comes first
_ROWS = 10
_DRAWN = 12  # technologies of the matrix that a page holds
_LEADERS = 3
_LEAST = 3  # units below which an owner does not lead, enter or stand out
_SOLID = 5  # units below which an advantage says nothing
_FAR = 2.0  # standard deviations from chance
_FAR_PAIR = 3.0  # the same, for hundreds of pairs
_TESTABLE = 1.0  # expected in common, below which the distance from chance means nothing
_OWNERS = 10  # leading owners whose next technology is looked for
_MOST = 0.5  # of the set: such an owner is the set, against which it has no advantage


@section("direction.emergence", needs=("texts",))
def emergence(edition: Edition) -> Iterator[Block]:
    """Technologies against the pace of the set, tested."""
    study = edition.study
    frame = study.emergence
    judged = frame[frame["state"] != "too_few"]
    if judged.empty:
        raise gap("missing.emergence", fewest=MIN_COUNT, years=2 * RECENT)
    counts = judged["state"].value_counts()
    values = {
        **{state: int(counts.get(state, 0)) for state in _STATES}, "judged": len(judged),
        "few": len(frame) - len(judged), "fewest": MIN_COUNT, "level": LEVEL, "old": OLD_SHARE,
        "persistent": PERSISTENT, "span": 2 * RECENT, **_periods(edition),
    }  # fmt: skip
    yield Text("direction.emergence.finding", values, "finding")
    names = edition.technology_names
    for state in _STATES[:3]:
        here = frame.loc[frame["state"] == state, "group"].map(names)
        if len(here):
            yield Text(f"direction.emergence.{state}",
                       {"names": edition.word("separator").join(here)}, "bullet")  # fmt: skip
    yield Text("direction.emergence.body", {**values, "table": Ref("emergence")})
    frame = frame.iloc[frame["state"].map(_STATES.index).argsort(kind="stable")]
    whole = pd.DataFrame(
        {
            "technology": frame["group"].map(names), "before_count": frame["earlier"],
            "recent_count": frame["recent"], "relative_growth": frame["relative_growth"],
            "q_value": frame["q_value"].where(frame["state"] != "too_few"),
            "old_share": frame["old_share"], "recent_owners": frame["owners"],
            "top_owner_share": frame["top_owner_share"],
            "state": [edition.word(f"state_{state}") for state in frame["state"]],
        }
    )  # fmt: skip
    more = {
        "count": frame["total"], "growth": frame["growth"], "p_value": frame["p_value"],
        "years_active": frame["years_active"], "new_owners": frame["new_owners"],
    }  # fmt: skip
    forms = {"old_share": "share", "top_owner_share": "share", "q_value": "p",
             "p_value": "p", "growth": "percent_change"}  # fmt: skip
    if values["few"]:
        yield Text("direction.emergence.few", values)
    yield Table("emergence", whole, forms, values, edition.note("whole", dated=True), TOP,
                whole.assign(**more))  # fmt: skip
    yield Text("direction.emergence.caveat", values, "note")


def _periods(edition: Edition) -> dict[str, int]:
    study = edition.study
    last = study.last_year
    return {
        "start": last - RECENT + 1, "end": last, "before_start": last - 2 * RECENT + 1,
        "before_end": last - RECENT, "recent": RECENT,
    }  # fmt: skip


@section("direction.effects", needs=("texts",))
def effects(edition: Edition) -> Iterator[Block]:
    """Technologies by effects, and the cells that chance does not explain."""
    study = edition.study
    given = study.inputs.effects
    try:
        rows = indicators.effects(study.patents) if given is None else given
    except MissingTableError as error:
        raise gap("missing.effects") from error
    stated = rows.loc[rows["publication_id"].isin(study.patents.publications.index)]
    covered = stated["publication_id"].nunique()
    cells = indicators.white_spots(study.patents, study.technology_of, stated, unit=study.unit)
    units = cells.attrs["units"]
    if units < FEWEST:
        raise gap("missing.few_effects", count=units, fewest=FEWEST,
                               unit=edition.unit_word)  # fmt: skip
    labels = indicators.effect_labels(edition.lang)
    white, dense = (cells["state"] == state for state in ("white", "dense"))
    values = {
        "units": units, "unit": edition.unit_word, "cells": len(cells), "white": int(white.sum()),
        "dense": int(dense.sum()), "testable": int(cells["gap_testable"].sum()), "level": LEVEL,
        "technologies": cells["row"].nunique(), "effects": cells["column"].nunique(),
        "covered": covered, "total": len(study.patents), "share": covered / len(study.patents),
        "drawn": min(_DRAWN, cells["row"].nunique()),
    }  # fmt: skip
    yield Text(f"direction.effects.{'finding' if white.any() else 'none'}", values, "finding")
    told = "given" if given is not None else "vendor" if rows.attrs.get("vendor") else "abstract"
    yield Text("direction.effects.body", {
        **values, "figure": Ref("effect_matrix"),
        "source": edition.word(f"effects_{told}", vendor=rows.attrs.get("vendor", 0))})  # fmt: skip
    names = edition.technology_names
    whole = pd.DataFrame(
        {
            "technology": cells["row"].map(names), "effect": _labelled(cells["column"], labels),
            "count": cells["count"], "expected": cells["expected"], "q_value": cells["q_value"],
            "gap_testable": cells["gap_testable"].astype(bool).map(
                {True: edition.word("yes"), False: edition.word("no")}),
            "state": [edition.word(f"cell_{state}") for state in cells["state"]],
        }
    )  # fmt: skip
    forms = {"count": "count", "expected": "number", "q_value": "p"}
    drawn, lang = _drawn(cells, edition), edition.lang
    yield Figure(
        Table("effect_matrix", whole, forms, values, edition.note("whole")),
        lambda ax: plot.cross(drawn, ax=ax, row_labels=names, column_labels=labels, lang=lang),
        size=(6.3, 1.9 + 0.36 * drawn["row"].nunique()),
    )
    order = cells[white | dense].sort_values(["state", "q_value", "row", "column"],
                                             ascending=[False, True, True, True]).index  # fmt: skip
    if len(order):
        yield Text("direction.effects.cells", {**values, "table": Ref("effect_cells")})
        shown = whole.loc[order].drop(columns="gap_testable").reset_index(drop=True)
        yield Table("effect_cells", shown, forms, values, edition.note("whole"), _ROWS)
    yield Text("direction.effects.caveat", values, "note")


def _labelled(effects: pd.Series, labels: pd.Series) -> pd.Series:
    return effects.map(labels).fillna(effects).astype("str")


def _drawn(cells: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Cells of the largest technologies, and the columns by size."""
    study = edition.study
    largest = [g for g in study.counts(study.technology_of).index if g in set(cells["row"])]
    drawn = cells[cells["row"].isin(largest[:_DRAWN])]
    sizes = cells.groupby("column")["count"].sum()
    keyed = drawn.assign(
        _row=drawn["row"].map(largest.index), _column=-drawn["column"].map(sizes).astype("int64")
    )
    drawn = keyed.sort_values(["_row", "_column", "column"]).drop(columns=["_row", "_column"])
    drawn.attrs = dict(cells.attrs)
    return drawn


@section("direction.strength", needs=("texts", "parties"))
def strength(edition: Edition) -> Iterator[Block]:
    """Leading owners of every technology, and who came and went."""
    study = edition.study
    frame = study.strength
    if frame["entity"].nunique() < 2:
        raise gap("missing.one_owner")
    names = edition.technology_names
    leading = frame[(frame["count"] >= _LEAST) & frame["group"].isin(names)]
    if leading.empty:
        raise gap("missing.leaders", fewest=_LEAST, unit=edition.unit_word)
    first = leading.drop_duplicates("group")["name"].value_counts()
    first = first.sort_index().sort_values(ascending=False, kind="stable")
    values = {
        "total": frame["group"].nunique(), "led": int(first.sum()), "n": int(first.iloc[0]),
        "first": first.index[0], "leaders": len(first), "fewest": _LEAST, "top": _LEADERS,
        "unit": edition.unit_word,
    }  # fmt: skip
    changed = _changed(edition)
    if changed is not None:
        values |= _periods(edition)
    key = "one" if len(first) == 1 else "finding"
    yield Text(f"direction.strength.{key}", values, "finding")
    body = "undated" if changed is None else "body"
    yield Text(f"direction.strength.{body}", {**values, "table": Ref("leaders")})
    yield _leaders(edition, leading, changed, values)
    if changed is not None:
        yield from _entrants(edition, changed, values)


def _changed(edition: Edition) -> pd.DataFrame | None:
    """Owners of the recent period against the one before; None without dates."""
    study = edition.study
    if not study.is_dated:
        return None
    span = _periods(edition)
    periods = ((span["before_start"], span["before_end"]), (span["start"], span["end"]))
    changed = indicators.turnover(
        study.patents, study.technology_of, periods, entity=study.owners, unit=study.unit,
        basis=study.basis,
    )  # fmt: skip
    return None if changed.empty else changed


def _leaders(
    edition: Edition, leading: pd.DataFrame, changed: pd.DataFrame | None, values: dict[str, object]
) -> Table:
    study = edition.study
    order = study.counts(study.technology_of).index
    names, whole = edition.technology_names, study.strength
    best = leading.groupby("group", sort=False).head(_LEADERS)
    told = pd.Series(
        [edition.word("leader", name=n, share=s) for n, s in zip(best["name"], best["group_share"], strict=True)],
        index=best["group"], dtype="str",
    )  # fmt: skip
    table = pd.DataFrame(
        {
            "technology": order.map(names),
            "owners_of": whole.groupby("group").size().reindex(order).to_numpy(),
        }
    )  # fmt: skip
    if changed is not None:
        summed = indicators.churn(changed).set_index("group")
        for column in ("after", "entered", "left"):
            table[column] = summed[column].reindex(order, fill_value=0).astype("Int64").array
        table = table.rename(columns={"after": "recent_owners"})
    joined = told.groupby(level=0).agg(edition.word("list_separator").join)
    table["leaders"] = joined.reindex(order).to_numpy()
    detail = pd.DataFrame(
        {
            "technology": whole["group"].map(names), "rank": whole["rank"],
            "applicant": whole["name"], "count": whole["count"], "share": whole["group_share"],
            "entity_share": whole["entity_share"], "rta": whole["rta"],
            "first_year": whole["first_year"], "last_year": whole["last_year"],
        }
    )  # fmt: skip
    forms = {"share": "share", "entity_share": "share", "count": "number", "first_year": "year",
             "last_year": "year"}  # fmt: skip
    note = Text("direction.strength.note",
                {**values, "parts": edition.note("fractional", dated=study.is_dated).values["parts"]},
                "note")  # fmt: skip
    return Table("leaders", table, forms, values, note, TOP, detail)


def _entrants(
    edition: Edition, changed: pd.DataFrame, values: dict[str, object]
) -> Iterator[Block]:
    study = edition.study
    people = study.owner_types[study.owner_types == "individual"].index
    firms = changed[~changed["entity"].isin(people)]
    new = firms[(firms["state"] == "entered") & (firms["after"] >= _LEAST)]
    left = firms[(firms["state"] == "left") & (firms["before"] >= _LEAST)]["entity"].nunique()
    new = new.sort_values(["after", "group", "entity"], ascending=[False, True, True])
    if new.empty:
        yield Text("direction.strength.nobody", {**values, "gone": left})
        return
    yield Text("direction.strength.entrants", {**values, "new": new["entity"].nunique(),
                                               "gone": left, "table": Ref("entrants")})  # fmt: skip

    def told(rows: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "applicant": rows["name"], "technology": rows["group"].map(edition.technology_names),
                "before_count": rows["before"], "recent_count": rows["after"],
                "state": [edition.word(f"owner_{state}") for state in rows["state"]],
            }
        ).reset_index(drop=True)  # fmt: skip

    yield Table("entrants", told(new)[["applicant", "technology", "recent_count"]], {}, values,
                edition.note("whole", dated=True), _ROWS, told(changed))  # fmt: skip


@section("direction.relatedness", needs=("texts",))
def relatedness(edition: Edition) -> Iterator[Block]:
    """Pairs of technologies that share more than chance gives."""
    study = edition.study
    frame = study.related
    through = frame.attrs["through"]
    names = edition.technology_names
    tested = bool(frame["z"].notna().any())
    if tested:
        known = (frame["z"] >= _FAR_PAIR) & (frame["expected"] >= _TESTABLE)
        order = frame.assign(_known=known).sort_values(
            ["_known", "z", "source", "target"], ascending=[False, False, True, True]
        )
        near = order[order["_known"]]
    else:
        near = order = frame
    if near.empty:
        raise gap("missing.nothing_related", pairs=len(frame))
    best = near.iloc[0]
    groups = study.emergence["group"].nunique() if study.is_dated else len(names)
    values = {
        "source": names[best["source"]], "target": names[best["target"]], "count": best["count"],
        "expected": best["expected"], "relatedness": best["relatedness"], "n": len(near),
        "pairs": groups * (groups - 1) // 2, "far": _FAR_PAIR, "least": _TESTABLE,
        "common": edition.word(f"through_{through}"), "fewest": frame.attrs["min_count"],
    }  # fmt: skip
    key = "finding" if tested else "alike"
    yield Text(f"direction.relatedness.{key}", values, "finding")
    yield Text(f"direction.relatedness.{'body' if tested else 'alike_body'}",
               {**values, "table": Ref("related")})  # fmt: skip
    whole = pd.DataFrame(
        {
            "technology": order["source"].map(names), "other_technology": order["target"].map(names),
            "common": order["count"], "expected": order["expected"], "z": order["z"],
            "relatedness": order["relatedness"],
        }
    ).reset_index(drop=True)  # fmt: skip
    whole = whole if tested else whole.drop(columns=["expected", "z"])
    note = Text("direction.relatedness.note", values, "note")
    forms = {"expected": "number", "z": "number", "relatedness": "number"}
    yield Table("related", whole.head(len(near)), forms, values, note, _ROWS, whole)


@section("path.branches", needs=("texts", "parties"))
def branches(edition: Edition) -> Iterator[Block]:
    """What lies near to what the region, or else the leading owners, already do."""
    study = edition.study
    near = study.related
    common = edition.word(f"through_{near.attrs['through']}")
    if study.local is not None:
        yield from _of_region(edition, near, common)
    else:
        yield from _of_owners(edition, near, common)


def _of_region(edition: Edition, near: pd.DataFrame, common: str) -> Iterator[Block]:
    study = edition.study
    specialised = indicators.specialisation(
        study.patents, study.technology_of, study.sides, unit=study.unit
    )
    found = _next(specialised, "local", near)
    region = study.inputs.region
    if found.empty:
        raise gap("missing.no_advantage", region=region, fewest=_SOLID)
    names, close = edition.technology_names, found[found["z"] >= _FAR]
    values = {
        "region": region, "held": found.attrs["advantages"], "n": len(close), "ranked": len(found),
        "far": _FAR, "fewest": _SOLID, "common": common,
        "first": names[(close if len(close) else found)["group"].iloc[0]],
    }  # fmt: skip
    yield Text(f"path.branches.{'region' if len(close) else 'region_none'}", values, "finding")
    yield Text("path.branches.region_body", {**values, "table": Ref("branches")})
    table = pd.DataFrame(
        {
            "technology": found["group"].map(names), "density": found["density"] / 100,
            "density_expected": found["expected"] / 100, "z": found["z"],
            "local_count": found["count"], "count": found["total"],
            **_told(edition, found["group"]),
        }
    )  # fmt: skip
    detail = table.assign(basis=[_basis(edition, b) for b in found["basis"]])
    yield Table("branches", table, _FORMS, values, Text("path.branches.note", values, "note"),
                _ROWS, detail)  # fmt: skip


_FORMS = {
    "density": "share",
    "density_expected": "share",
    "local_count": "number",
    "count": "number",
}


def _of_owners(edition: Edition, near: pd.DataFrame, common: str) -> Iterator[Block]:
    study = edition.study
    counts = study.counts(study.owners[["publication_id", "owner", "weight"]], "whole")
    firms = study.owner_types.reindex(counts.index) != "individual"
    counts = counts[firms.fillna(value=True).to_numpy(dtype=bool) & (counts <= _MOST * study.units)]
    counts = counts.head(_OWNERS)
    specialised = indicators.specialisation(
        study.patents, study.technology_of, study.owners, unit=study.unit
    )
    known = set(specialised["entity"])
    best = []
    for owner in (o for o in counts.index if o in known):
        found = _next(specialised, owner, near)
        best.append(found[found["z"] >= _FAR].head(1).assign(name=study.owner_names[owner]))
    nearest = pd.concat(best, ignore_index=True) if best else pd.DataFrame()
    if nearest.empty:
        raise gap("missing.no_branches", top=len(counts), fewest=_SOLID)
    names = edition.technology_names
    frame = pd.DataFrame(
        {
            "applicant": nearest["name"], "technology": nearest["group"].map(names),
            "density": nearest["density"] / 100, "density_expected": nearest["expected"] / 100,
            "z": nearest["z"], "local_count": nearest["count"],
            "state": _told(edition, nearest["group"])["state"],
            "basis": [_basis(edition, b) for b in nearest["basis"]],
        }
    )  # fmt: skip
    values = {
        "n": len(frame), "top": len(counts), "first": frame["applicant"].iloc[0],
        "technology": frame["technology"].iloc[0], "far": _FAR, "fewest": _SOLID, "common": common,
    }  # fmt: skip
    yield Text("path.branches.owners", values, "finding")
    yield Text("path.branches.owners_body", {**values, "table": Ref("branches")})
    yield Table("branches", frame.drop(columns="basis"), _FORMS, values,
                Text("path.branches.note", values, "note"), _ROWS, frame)  # fmt: skip


def _next(specialised: pd.DataFrame, entity: str, near: pd.DataFrame) -> pd.DataFrame:
    """Ranked next branches; no rows where the entity has no advantage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)  # said in words instead
        found = indicators.next_branches(specialised, entity, near, min_count=_SOLID)
    ranked: pd.DataFrame = found[found["rank"].notna() & (found.attrs["advantages"] > 0)]
    ranked = ranked.reset_index(drop=True)
    ranked.attrs = dict(found.attrs)
    return ranked


def _told(edition: Edition, groups: pd.Series) -> dict[str, list[str | None]]:
    """Judgement and leading owner of technologies, to be read beside their nearness."""
    study = edition.study
    states = pd.Series(dtype="str")
    if study.is_dated:
        states = study.emergence.set_index("group")["state"]
    state = groups.map(states)
    best = study.strength[study.strength["count"] >= _LEAST].drop_duplicates("group")
    leader = groups.map(best.set_index("group")["name"])
    return {
        "state": [None if pd.isna(s) else edition.word(f"state_{s}") for s in state],
        "leader": [None if pd.isna(name) else str(name) for name in leader],
    }


def _basis(edition: Edition, told: str) -> str:
    held = [edition.technology_names[g] for g in told.split("; ") if g]
    return edition.word("separator").join(held)
