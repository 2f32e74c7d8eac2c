"""Part C, continued: the layout of the chosen portfolios and of those that come next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.bounds import holding
from patentnav.report.sections.portfolios import (
    NEEDS,
    TOLD,
    any_of_size,
    named_portfolio,
    subject_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.report.blocks import Block, Style
    from patentnav.report.edition import ClaimMaker, Edition


@section("path.layout", needs=NEEDS)
def layout(edition: Edition) -> Iterator[Block]:
    """Breadth, offices, age, core and fence of the chosen portfolios and those that come next."""
    study = edition.study
    if not any_of_size(edition):
        return
    found = study.layout
    if found.empty:
        return
    claim = edition.claims("path.layout")
    names = {row["portfolio_id"]: named_portfolio(edition, row) for row in found.to_dict("records")}
    values: dict[str, Any] = {"unit": edition.word("unit_application"), "day": f"{study.day:%Y-%m-%d}",
                              "table": Ref("layout"), "figure": Ref("layouts")}  # fmt: skip
    first = found.iloc[0].to_dict()
    told = _laid_out(claim, first, names)
    known = pd.notna(first["core"]) and pd.notna(first["fence"])
    style: Style = "finding" if first["chosen"] else "body"
    if pd.notna(first["main_groups"]):
        yield Text(_extent("path.layout.finding", first, known=known), {**values, **told}, style)
    near = "near" if 2 * found["pct_told"].sum() >= len(found) else "near_untold"
    yield Text(f"path.layout.{'body' if found['chosen'].any() else near}", values)
    sound = holding(edition, study.candidates)["portfolio_id"]
    others = found.iloc[1:].dropna(subset=["main_groups"])
    others = others[others["portfolio_id"].isin(sound)].head(TOLD - 1)
    for row in others.to_dict("records"):
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
        return f"{key}_home_core" if known else f"{key}_home"
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
                f"{part}.{name}", "count", subject_of(row), "portfolio_part", int(row[part]),
                label=names[name], details={"part": part}, evidence=(f"layout/{name}/{part}",),
                unit=units.get(part, "right"),
            )  # fmt: skip
    return found
