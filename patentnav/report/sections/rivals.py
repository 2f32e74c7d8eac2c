"""Part A, continued: the leading owners side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, planning, plot, valuation
from patentnav.errors import UnavailableError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text, column_label, write
from patentnav.report.edition import leading
from patentnav.report.registry import section
from patentnav.report.sections.collaboration import organisations
from patentnav.study import RECENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition
    from patentnav.study import Study

_TOP = 8  # owners side by side
_FEWEST = 10  # units of each
_TOLD = 3  # owners of whom a measure is known, from which the highest is named
_APART = 0.1  # between the highest and the lowest part in force, from which it is told
_CLEAR = 0.05  # overlap by which the closest is ahead of the next, to be named
_NEAR = 0.2  # overlap from which somebody is called close
_FORMS = {
    "units": "count", "joint": "count", "rate": "percent_change", "in_force_share": "share", "offices": "count",
    "pct_share": "share", "percentile": "number", "overlap": "number",
}  # fmt: skip


@section("direction.rivals", needs=("parties",))
def rivals(edition: Edition) -> Iterator[Block]:
    """The eight leading organisations and their equals by size, course, law, reach, impact and technologies.

    Nothing where fewer than two have ten units, or the study is of one owner.
    """
    study = edition.study
    members = organisations(study)
    sizes = study.distinct(members, "owner")
    chosen = [str(owner) for owner in leading(sizes[sizes >= _FEWEST], _TOP).index]
    if study.inputs.applicant or len(chosen) < 2:
        return
    table = _compared(study, members, chosen)
    names = study.owner_names
    table.insert(1, "applicant", names.reindex(table["owner"]).to_numpy())
    values = _claims(edition, table)
    values |= {"figure": Ref("rivals"), "table": Ref("rival_table")}
    partners = _partners(edition, table, values)
    said = [Text(f"direction.rivals.{key}", values) for key in _sayable(table)]
    if said:
        yield Text("direction.rivals.finding", {**values, "said": said[0]}, "finding")
    else:
        yield Text("direction.rivals.sizes", values, "finding")
    yield from said[1:]
    yield from partners
    yield Text("direction.rivals.body", values)
    shown = _columns(table)
    numbers = table.set_index("applicant")[shown].astype("float64")
    written = pd.DataFrame(
        {c: [write(v, _FORMS[c], edition.lang) for v in table[c]] for c in shown},
        index=numbers.index,
    )
    lang = edition.lang
    labels = {c: column_label(c, lang) for c in shown}
    explained = [edition.word("rivals_organisations")]
    explained += [
        edition.word(f"rivals_{c}", start=int(values["start"]), end=int(values["end"]),
                     base=int(values["base"]), first=names[str(table["owner"].iloc[0])])
        for c in ("rate", "in_force_share", "percentile", "overlap") if c in shown
    ]  # fmt: skip
    note = Text(
        "direction.rivals.note", {"parts": edition.word("full_stop").join(explained)}, "note"
    )
    yield Figure(
        Table("rivals", table[["applicant", *shown]], _FORMS, values, note),
        drawing(plot.scoreboard, numbers, written, column_labels=labels, lang=lang),
        size=(6.3, 1.0 + 0.36 * len(table)),
    )
    told = [c for c in ("first_count", "last_count") if "rate" in shown]
    full = table[["applicant", "units", *told, *[c for c in shown if c != "units"]]]
    if "main_technologies" in table.columns:
        words, separator = edition.technology_names, edition.word("separator")
        full = full.assign(
            main_technologies=[separator.join(words[str(t)] for t in own)
                               for own in table["main_technologies"]]
        )  # fmt: skip
    forms = {**_FORMS, "first_count": "count", "last_count": "count"}
    yield Table("rival_table", full, forms, values, note, rows=None)
    if "offices" in shown and not study.patents.has("families"):
        yield Text("direction.rivals.unlisted", {}, "note")


def _compared(study: Study, members: pd.DataFrame, chosen: list[str]) -> pd.DataFrame:
    try:
        technologies = study.technology_of
        technologies = technologies[~technologies["technology"].isin(study.remainders)]
    except UnavailableError:
        technologies = None
    source, counts = study.received
    percentile = None
    if source != "none":
        percentile = valuation.core(study.patents, counts)["percentile"]
    # Where the export was cut off, the counts of single years say nothing.
    years = None
    if study.is_dated and not len(study.capped):
        years = (study.last_year - RECENT + 1, study.last_year)
    return planning.compare(
        study.patents, members, chosen, unit=study.unit, years=years,
        basis=study.basis if study.is_dated else "application_date",
        technology_of=technologies, percentile=percentile,
        ventures=facts.ventures(study.patents, study.owner_level),
    )  # fmt: skip


def _columns(table: pd.DataFrame) -> list[str]:
    """Measures that are known of somebody and that tell the owners apart."""
    return [
        c for c in _FORMS
        if c in table.columns and table[c].notna().any()
        and (c == "units" or table[c].astype("float64").nunique() > 1)
        and (c != "joint" or table[c].fillna(0).any())
    ]  # fmt: skip


def _known(table: pd.DataFrame, by: str) -> pd.Series:
    """A measure by owner, where it is known from enough units."""
    if by not in table.columns:
        return pd.Series(dtype="float64")
    values = table.set_index("owner")[by].astype("float64")
    if by == "in_force_share":
        values = values[(table["decided"] >= planning.BASE).to_numpy()]
    return values.dropna()


def _single(values: pd.Series, end: float) -> bool:
    """Whether one owner alone has this value: nobody is named before his equals."""
    return int((values == end).sum()) == 1


def _sayable(table: pd.DataFrame) -> list[str]:
    """Keys of what can be said, the most telling first."""
    found = []
    rates = _known(table, "rate")
    if len(rates) >= _TOLD and _single(rates, rates.max()) and _single(rates, rates.min()):
        up, down = rates.max() > 0, rates.min() < 0
        found.append("rates" if up and down else "rising" if up else "falling")
    force = _known(table, "in_force_share")
    if len(force) >= _TOLD and force.max() - force.min() >= _APART:
        most, least = (_single(force, end) for end in (force.max(), force.min()))
        if most or least:
            found.append("force" if most and least else "force_most" if most else "force_least")
    overlap = _known(table, "overlap")
    if len(overlap) >= _TOLD - 1 and _single(overlap, overlap.max()):
        first, second, *_, last_but_one, last = overlap.sort_values(ascending=False).iloc[
            [0, 1, -2, -1]
        ]
        if first < _NEAR:
            found.append("apart")
        elif first - second >= _CLEAR:
            found.append("overlap" if last_but_one - last >= _CLEAR else "overlap_near")
    return found


def _partners(edition: Edition, table: pd.DataFrame, values: dict[str, Any]) -> list[Block]:
    """Owners that hold most of what they have together with the first: no rivals of it."""
    claim = edition.claims("direction.rivals")
    details = {"top": _TOP, "fewest": _FEWEST, "base": planning.BASE}
    mostly = table["joint"].fillna(0).astype("float64") > planning.MOSTLY * table["units"]
    told: list[Block] = []
    for row in table[mostly].to_dict("records"):
        subject, label = f"organisation:{row['owner']}", str(row["applicant"])
        told.append(Text("direction.rivals.partner", {
            **values, "owner": label,
            "joint": claim(f"joint.{row['owner']}", "count", subject, "partners_of_first",
                           int(row["joint"]), label=label, details=details,
                           evidence=(f"rival_table/{label}/joint",)),
            "units": claim(f"units.{row['owner']}", "count", subject, "units", float(row["units"]),
                           label=label, evidence=(f"rival_table/{label}/units",)),
        }))  # fmt: skip
    return told


def _claims(edition: Edition, table: pd.DataFrame) -> dict[str, Any]:
    study = edition.study
    claim = edition.claims("direction.rivals")
    names = table.set_index("owner")["applicant"]
    last = study.last_year if study.is_dated else 0
    span = (last - RECENT + 1, last)
    basis = {"top": _TOP, "fewest": _FEWEST, "base": planning.BASE}
    first, smallest = table.iloc[0], table.iloc[-1]

    def size(name: str, row: pd.Series) -> Any:
        return claim(name, "count", f"organisation:{row['owner']}", "units", float(row["units"]),
                     label=row["applicant"],
                     evidence=(f"rival_table/{row['applicant']}/units",))  # fmt: skip

    values: dict[str, Any] = {
        "n": claim("n", "count", "set", "leaders_compared", len(table), unit="owner",
                   details=basis),
        "first": claim("first", "name", "set", "largest", first["owner"], label=first["applicant"],
                       unit="owner", rule="whole", details={"facet": "organisation"}),
        "first_units": size("first_units", first), "last_units": size("last_units", smallest),
        "last": smallest["applicant"], "start": claim.parameter("start", span[0]),
        "end": claim.parameter("end", span[1]),
        "base": claim.parameter("base", planning.BASE),
        "unit": edition.unit_word, "piece": edition.piece,
    }  # fmt: skip
    for by, window in (("rate", span), ("in_force_share", None), ("overlap", None)):
        known = _known(table, by)
        if known.empty:
            continue
        details: dict[str, Any] = {**basis, "by": by}
        ends = (("highest", str(known.idxmax())), ("lowest", str(known.idxmin())))
        for end, owner in ends:
            key, label = f"{by}_{end}", str(names[owner])
            values[key] = claim(key, "name", "set", "extreme", owner, label=label, unit="owner",
                                window=window, details={**details, "end": end})  # fmt: skip
            values[f"{key}_value"] = claim(
                f"{key}_value", "index", f"organisation:{owner}", "compared", float(known[owner]),
                label=label, unit="ratio", window=window, details=details,
                evidence=(f"rival_table/{label}/{by}",),
            )  # fmt: skip
            if by == "rate":
                counted = table.set_index("owner")
                for side, year in (("first", span[0]), ("last", span[1])):
                    values[f"{key}_{side}"] = claim(
                        f"{key}_{side}", "count", f"organisation:{owner}", "units",
                        float(counted[f"{side}_count"][owner]), label=label, window=(year, year),
                        evidence=(f"rival_table/{label}/{side}_count",),
                    )  # fmt: skip
    return values
