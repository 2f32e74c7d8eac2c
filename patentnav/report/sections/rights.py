"""Part A, continued: who shuts others out where, and which rights end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import facts, indicators, plot
from patentnav.indicators.barriers import AHEAD, FEWEST_RIGHTS, TOP_HOLDERS
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition
    from patentnav.study import Study

_KNOWN = 0.5  # of the publications must have a legal status
_FIRM = 3  # worst rank without one measure with which a first place is told as such
_QUARTER = 4  # part of all ranks over which a rank that is told may range
_TOLD = 3  # cells and technologies told one by one
_FEW = 5  # rights of a technology from which its share that ends is told


def _named_technologies(study: Study) -> pd.DataFrame:
    """Technologies without what is left over."""
    rows = study.technology_of
    return rows[~rows["technology"].isin(study.remainders)]


def _moment(study: Study) -> pd.Timestamp:
    now = study.cutoff if study.cutoff is not None else facts.cutoff_date(study.patents)
    if now is None:
        raise gap("missing.dates")
    return now


def _told(study: Study) -> None:
    """Refuse a set of most of whose publications no legal state is known."""
    status = study.patents.publications["legal_status"]
    known = int(status.notna().sum() - (status == "unknown").sum())
    if known < _KNOWN * len(status):
        raise gap("missing.rights.few_states", share=known / len(status))


@section("direction.control", needs=("publications.legal_status", "parties"))
def control(edition: Edition) -> Iterator[Block]:
    """Technology by office: rights in force, the largest holders, the life left, and the index.

    Nothing of one applicant, who holds the whole.
    """
    study = edition.study
    if study.inputs.applicant:
        return
    _told(study)
    now = _moment(study)
    rows = _named_technologies(study)
    cells = indicators.barriers(study.patents, rows, study.owners, unit=study.unit, now=now)
    if cells.empty:
        raise gap("missing.rights.no_cells", fewest=FEWEST_RIGHTS)
    claim = edition.claims("direction.control")
    details = {"now": f"{now:%Y-%m-%d}", "ahead": AHEAD, "fewest": FEWEST_RIGHTS}
    values: dict[str, Any] = {
        "n": claim("n", "count", "set", "barrier_cells", len(cells), unit="cell", details=details),
        "fewest": claim.parameter("fewest", FEWEST_RIGHTS),
        "ahead": claim.parameter("ahead", AHEAD), "top": claim.parameter("top", TOP_HOLDERS),
        "unit": edition.unit_word, "now": f"{now:%Y-%m-%d}",
        "parts": edition.word("list_separator").join(
            edition.word(f"barrier_{c}") for c in cells.attrs["components"]
        ),
        "figure": Ref("barriers"), "table": Ref("control"),
    }  # fmt: skip
    ranked = cells.dropna(subset=["rank"])
    offices = cells["authority"].nunique()
    if len(ranked):
        leader = ranked.iloc[0].to_dict()
        first = _cell(edition, claim, leader, details)
        alone = bool((ranked["rank"] == 1).sum() == 1)
        key = "finding" if offices > 1 else "one_office"
        if not alone or leader["rank_high"] > _FIRM:
            key += "_open"
        elif leader["rank_high"] == 1:
            key += "_firm"
        yield Text(f"direction.control.{key}", {**values, **first}, "finding")
        yield Text("direction.control.body", values)
        # A rank that one measure moves by a quarter of all says nothing.
        firm = ranked.iloc[1:]
        firm = firm[firm["rank_high"] - firm["rank_low"] < len(ranked) / _QUARTER]
        for row in firm[firm["rank"] <= 1 + _TOLD].head(_TOLD).to_dict("records"):
            yield _line(edition, claim, row, details)
    else:
        yield Text("direction.control.few", values, "finding")
        yield Text("direction.control.listed", values)
        for row in cells.to_dict("records"):
            yield _line(edition, claim, row, details)
    yield from _control_limits(edition, cells)
    if len(ranked):
        yield _barrier_figure(edition, ranked, values)
    yield _barrier_table(edition, cells, values)


def _cell(
    edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], details: dict[str, Any]
) -> dict[str, Any]:
    """Claims on one cell; parts that are not known are left out."""
    technology, office = str(row["group"]), str(row["authority"])
    name = f"{technology}.{office}"
    label = f"{edition.technology_names[technology]} ({office})"
    subject, cell = f"technology:{technology}&authority:{office}", f"control/{name}"

    def part(which: str, value: Any, unit: str, kind: Any = "count") -> Any:
        return claim(f"{which}.{name}", kind, subject, "barrier_part", value, label=label,
                     unit=unit, details={**details, "part": which},
                     evidence=(f"{cell}/{which}",))  # fmt: skip

    values: dict[str, Any] = {
        "technology": edition.technology_names[technology], "office": edition.authority(office),
        "unit": edition.unit_word, "ahead": claim.parameter("ahead", AHEAD),
        "top": claim.parameter("top", TOP_HOLDERS),
        "rights": part("in_force", int(row["in_force"]), edition.study.unit),
    }  # fmt: skip
    if row["holders"] > 1:
        share = part("top_share", float(row["top_share"]), "ratio", "share")
        values["held"] = Text("direction.control.held", {**values, "share": share})
    else:
        holders = part("holders", int(row["holders"]), "owner")
        values["held"] = Text("direction.control.held_few", {"holders": holders})
    if pd.notna(row["remaining_life"]):
        life = part("remaining_life", float(row["remaining_life"]), "years", "index")
        near = int(row["expiring"])
        told = {"life": life, "ahead": values["ahead"], "unit": edition.unit_word}
        if near:
            told["near"] = part("expiring", near, edition.study.unit)
        values["life"] = Text(f"direction.control.{'life_near' if near else 'life'}", told)
    else:
        values["life"] = Text("direction.control.life_unknown", {})
    if pd.notna(row["rank"]):
        about = {"label": label, "unit": "rank", "details": details}
        for which, measure in (("rank", "barrier_rank"), ("rank_low", "barrier_rank_low"),
                               ("rank_high", "barrier_rank_high")):  # fmt: skip
            values[which] = claim(f"{which}.{name}", "rank", subject, measure, int(row[which]),
                                  evidence=(f"{cell}/{which}",), **about)  # fmt: skip
    return values


def _line(
    edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], details: dict[str, Any]
) -> Text:
    ranked = pd.notna(row["rank"])
    one = edition.study.patents.publications["authority"].nunique() == 1
    key = "line" if ranked else "line_unranked"
    suffix = "_one" if one else ""
    return Text(f"direction.control.{key}{suffix}", _cell(edition, claim, row, details), "bullet")


def _control_limits(edition: Edition, cells: pd.DataFrame) -> Iterator[Block]:
    yield Text("direction.control.note", {}, "note")
    if edition.study.patents.has("families"):
        yield Text("direction.control.families", {}, "note")
    if cells["disputes"].isna().all():
        yield Text("direction.control.no_disputes", {}, "note")


def _barrier_figure(edition: Edition, ranked: pd.DataFrame, values: dict[str, Any]) -> Figure:
    names, lang = edition.technology_names, edition.lang
    offices = {a: edition.authority(a) for a in ranked["authority"].unique()}
    shown = ranked.head(TOP)
    data = pd.DataFrame(
        {"technology": shown["group"].map(names), "authority": shown["authority"].map(offices),
         "rank": shown["rank"], "rank_low": shown["rank_low"], "rank_high": shown["rank_high"]}
    ).reset_index(drop=True)  # fmt: skip
    forms = {"rank": "count", "rank_low": "count", "rank_high": "count"}
    return Figure(
        Table("barriers", data, forms, values, edition.note("whole")),
        drawing(plot.barriers, ranked, labels=names, offices=offices, lang=lang),
        size=(6.3, 1.2 + 0.27 * len(shown)),
    )


def _barrier_table(edition: Edition, cells: pd.DataFrame, values: dict[str, Any]) -> Table:
    shown = pd.DataFrame(
        {
            "rank": cells["rank"], "technology": cells["group"].map(edition.technology_names),
            "authority": cells["authority"].map(edition.authority),
            "rights": cells["in_force"], "holders": cells["holders"],
            "top_three": cells["top_share"], "remaining_life": cells["remaining_life"],
            "expiring": cells["expiring"], "disputes": cells["disputes"],
            "barrier_index": cells["index"], "rank_low": cells["rank_low"],
            "rank_high": cells["rank_high"],
        }
    )  # fmt: skip
    if shown["disputes"].isna().all():
        shown = shown.drop(columns="disputes")
    if shown["rank"].isna().all():
        shown = shown.drop(columns=["rank", "barrier_index", "rank_low", "rank_high"])
    forms = {"top_three": "share", "remaining_life": "number", "barrier_index": "number",
             "rank": "count", "rank_low": "count", "rank_high": "count"}  # fmt: skip
    return Table("control", shown, forms, values, edition.note("whole"), rows=TOP)


@section("direction.expiry", needs=("publications.legal_status",))
def expiry(edition: Edition) -> Iterator[Block]:
    """What ends within three years and what ended lately: a risk for holders, a chance for others."""
    study = edition.study
    _told(study)
    now = _moment(study)
    states = indicators.endings(study.patents, now=now)
    units = indicators.ending_technologies(
        study.patents, states,
        pd.DataFrame({"publication_id": states.index, "whole": "set"}), unit=study.unit,
    )  # fmt: skip
    if units.empty or not units[["ending", "ended"]].to_numpy().any():
        raise gap("missing.rights.no_ends", years=states.attrs["ahead"])
    table = indicators.ending_technologies(
        study.patents, states, _named_technologies(study), unit=study.unit
    )
    table.attrs = {"unit": study.unit}
    claim = edition.claims("direction.expiry")
    details = {"now": f"{now:%Y-%m-%d}", "ahead": states.attrs["ahead"],
               "back": states.attrs["back"]}  # fmt: skip
    values = _totals(edition, claim, units.iloc[0].to_dict(), details)
    yield from _whole(units.iloc[0].to_dict(), values)
    if len(table) > 1 and table["ending"].any():
        yield from _technologies(edition, claim, table, details)
    yield from _expiry_limits(states, values)
    if len(table) > 1:
        yield from _expiry_shown(edition, table, values)
    yield from _soon(edition, states, values)


def _totals(
    edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], details: dict[str, Any]
) -> dict[str, Any]:
    def number(name: str, states: tuple[str, ...], value: int) -> Any:
        return claim(name, "count", "set", "rights_of_state", value,
                     details={**details, "states": states})  # fmt: skip

    return {
        "unit": edition.unit_word, "now": str(details["now"]),
        "ahead": claim.parameter("ahead", details["ahead"]),
        "back": claim.parameter("back", details["back"]),
        "dated": number("dated", ("ending", "lasting"), int(row["in_force"])),
        "ending": number("ending", ("ending",), int(row["ending"])),
        "ended": number("ended", ("ended",), int(row["ended"])),
        "ended_undated": number("ended_undated", ("ended_undated",), int(row["ended_undated"])),
        "figure": Ref("endings"), "table": Ref("ending_technologies"),
        "list": Ref("ending_rights"),
    }  # fmt: skip


def _whole(row: Mapping[Any, Any], values: dict[str, Any]) -> Iterator[Block]:
    if row["ending"]:
        key = "finding" if row["ending"] < row["in_force"] else "every"
        yield Text(f"direction.expiry.{key}", values, "finding")
    if row["ended"]:
        yield Text("direction.expiry.ended", values, "finding" if not row["ending"] else "body")
    if row["ended_undated"]:
        yield Text("direction.expiry.undated", values)


def _technologies(
    edition: Edition, claim: ClaimMaker, table: pd.DataFrame, details: dict[str, Any]
) -> Iterator[Block]:
    """Where most ends, and where significantly more of what there is ends than elsewhere."""
    sooner = table[table["sooner"] & (table["in_force"] >= _FEW)]
    names = edition.technology_names

    def rights(row: Mapping[Any, Any]) -> dict[str, Any]:
        key = str(row["group"])
        about = {"label": names[key], "unit": edition.study.unit}
        subject, cell = f"technology:{key}", f"ending_technologies/{names[key]}"
        told = {**details, "states": ("ending",)}
        force = {**details, "states": ("ending", "lasting")}
        return {
            "technology": names[key], "unit": edition.unit_word,
            "count": claim(f"ending.{key}", "count", subject, "technology_rights",
                           int(row["ending"]), details=told, evidence=(f"{cell}/ending",),
                           **about),
            "force": claim(f"force.{key}", "count", subject, "technology_rights",
                           int(row["in_force"]), details=force,
                           evidence=(f"{cell}/rights",), **about),
            "share": claim(f"share.{key}", "share", subject, "technology_rights_share",
                           row["share"], label=names[key], unit="ratio", details=details,
                           evidence=(f"{cell}/share",)),
        }  # fmt: skip

    first = table.iloc[0]
    unique = first["ending"] > table["ending"].iloc[1:].max()
    if unique and _FEW <= first["ending"] < first["in_force"]:
        yield Text("direction.expiry.first", rights(first.to_dict()))
    if sooner.empty:
        return
    number = claim("sooner", "count", "set", "technologies_sooner", int(table["sooner"].sum()),
                   unit="technology", details=details, test="fisher")  # fmt: skip
    yield Text("direction.expiry.sooner", {"n": number}, "finding")
    for row in sooner.head(_TOLD).to_dict("records"):
        yield Text("direction.expiry.line", rights(row), "bullet")


def _expiry_limits(states: pd.DataFrame, values: dict[str, Any]) -> Iterator[Block]:
    force = states[states["state"].isin(["ending", "lasting", "overdue"])]
    if len(force) and not force["stated"].all():
        key = "estimated" if not force["stated"].any() else "partly_estimated"
        yield Text(f"direction.expiry.{key}", values, "note")
    for state in ("undated", "overdue"):
        count = int((states["state"] == state).sum())
        if count:
            yield Text(f"direction.expiry.note_{state}", {"count": count}, "note")
    yield Text("direction.expiry.note", {}, "note")


def _expiry_shown(edition: Edition, table: pd.DataFrame, values: dict[str, Any]) -> Iterator[Block]:
    names, lang = edition.technology_names, edition.lang
    told = table[table[["ending", "ended", "ended_undated"]].any(axis=1)]
    dated = table[["ending", "ended"]].to_numpy().any()
    if told.empty or not (dated or told["ended_undated"].max() >= _FEW):
        return  # single rights that ended at some time compare nothing
    yield Text("direction.expiry.body", values)
    top = told.head(TOP)
    data = pd.DataFrame(
        {"technology": top["group"].map(names), "ending": top["ending"],
         "ended_all": top["ended"] + top["ended_undated"]}
    )  # fmt: skip
    yield Figure(
        Table("endings", data, {}, values, edition.note("whole")),
        drawing(plot.endings, top, labels=names, top=TOP, lang=lang),
        size=(6.3, 1.2 + 0.27 * len(top)),
    )
    shown = pd.DataFrame(
        {
            "technology": told["group"].map(names), "rights": told["in_force"],
            "ending": told["ending"], "share": told["share"], "q_value": told["q_value"],
            "ended": told["ended"], "ended_undated": told["ended_undated"],
        }
    ).reset_index(drop=True)  # fmt: skip
    unknown = [c for c in ("ended", "ended_undated") if not shown[c].any()]
    if not shown["ending"].any():
        unknown += ["ending", "share", "q_value"]
    shown = shown.drop(columns=unknown)
    forms = {"share": "share", "q_value": "p"}
    yield Table("ending_technologies", shown, forms, values, edition.note("whole"), rows=TOP)


def _soon(edition: Edition, states: pd.DataFrame, values: dict[str, Any]) -> Iterator[Block]:
    """The rights that end soon, by date."""
    study = edition.study
    rows = states[states["state"] == "ending"]
    if rows.empty:
        return
    rows = rows.assign(_id=rows.index.astype("str")).sort_values(["date", "_id"])
    ids = rows.index
    publications = study.patents.publications
    held = pd.Series(dtype="str")
    if study.patents.has("parties"):
        held = edition.filed_names()
    label = _named_technologies(study).set_index("publication_id")["technology"]
    frame = pd.DataFrame(
        {
            "publication_id": ids, "title": publications["title"].reindex(ids).to_numpy(),
            "applicant": held.reindex(ids).to_numpy(),
            "technology": label.map(edition.technology_names).reindex(ids).to_numpy(),
            "end_date": rows["date"].to_numpy(),
            "end_basis": np.where(rows["stated"], edition.word("end_stated"),
                                  edition.word("end_latest")),
        }
    )  # fmt: skip
    yield Text("direction.expiry.rights", values)
    forms = {"publication_id": "code", "end_date": "date"}
    yield Table("ending_rights", frame, forms, values, None, rows=TOP)
