"""What stands behind the firms, products and teams that the client lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import planning, plot
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.official import needed
from patentnav.report.sections.ties import figure_size
from patentnav.report.sections.uses import counted
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_FEWEST = 3  # firms of known staff, below which no mean of them is a measure
_STATES = ("in_force", "pending", "ended")
_NAMED = 3


@section("match.intensive", needs=("parties", "publications.patent_type"))
def intensive(edition: Edition) -> Iterator[Block]:
    """Listed enterprises by inventions granted in five years per thousand employees."""
    needed(edition, "match.intensive", "EL", "employees")
    study = edition.study
    found = study.intensive
    known = found[found["per_thousand"].notna()]
    if len(known) < _FEWEST:
        raise gap("missing.few_firms", count=len(known), fewest=_FEWEST)
    claim = edition.claims("match.intensive")
    first = known.iloc[0]

    def number(which: str, value: int) -> Any:
        return claim(which, "count", "set", "intensive_firms", value, unit="firm",
                     details={"which": which, "years": planning.INTENSIVE_YEARS})  # fmt: skip

    values: dict[str, Any] = {
        "region": study.inputs.region, "years": claim.parameter("years", planning.INTENSIVE_YEARS),
        "listed": number("listed", len(found)), "known": number("known", len(known)),
        "above": number("above", int(known["intensive"].fillna(False).sum())),
        "unmatched": number("unmatched", int(found["owner"].isna().sum())),
        "untold": number("untold", int((found["reason"] == "employees_untold").sum())),
        "mean": claim("mean", "index", "set", "intensive_rate", float(found.attrs["mean"]),
                      unit="per_thousand", details={"firm": "", "years": planning.INTENSIVE_YEARS}),
        "firm": str(first["name"]),
        "rate": claim("rate", "index", f"owner:{first['owner']}", "intensive_rate", float(first["per_thousand"]),
                      label=str(first["name"]), unit="per_thousand",
                      details={"firm": str(first["name"]), "years": planning.INTENSIVE_YEARS}),
        "figure": Ref("intensive_rates"), "table": Ref("intensive_firms"),
    }  # fmt: skip
    yield Text("match.intensive.finding", values, "finding")
    yield Text("match.intensive.body", values)
    note = Text("match.intensive.note", values, "note")
    shown = pd.DataFrame(
        {
            "pi_firm": found["name"], "pi_employees": found["employees"],
            "pi_granted": found["granted"], "pi_in_force": found["in_force"],
            "pi_rate": found["per_thousand"],
            "pi_reason": [edition.word(f"intensive_{key}") for key in found["reason"]],
        }
    )  # fmt: skip
    forms = {"pi_employees": "count", "pi_granted": "count", "pi_in_force": "count", "pi_rate": "number"}  # fmt: skip
    drawn = known.head(TOP)
    bars = drawn.set_index("name")["per_thousand"]
    yield Figure(
        Table("intensive_rates", shown.loc[drawn.index, ["pi_firm", "pi_rate"]], forms, values, note),
        drawing(plot.amounts, bars, edition.word("axis_per_thousand")),
        size=figure_size(len(bars)),
    )  # fmt: skip
    yield Table("intensive_firms", shown, forms, values, note, rows=TOP)


@section("position.products", needs=("publications.legal_status",))
def products(edition: Edition) -> Iterator[Block]:
    """Groups of products that the client lists: what stands behind each, whoever holds it."""
    needed(edition, "position.products", "PR", "keywords", "publication_ids")
    study = edition.study
    found = study.product_groups
    claim = edition.claims("position.products")
    told = found.groupby("product_id", sort=False)[["in_force", "pending"]].sum()
    listed = found.attrs["listed"]
    bare = [p for p in listed["product_id"] if p not in told.index or not told.loc[p, "in_force"]]
    names = listed.set_index("product_id")["product"].astype("str")

    def number(which: str, value: int) -> Any:
        return claim(which, "count", "set", "product_groups", value, unit="product",
                     details={"which": which})  # fmt: skip

    values: dict[str, Any] = {
        "n": number("products", len(listed)), "bare": number("bare", len(bare)),
        "names": edition.word("list_separator").join(names[p] for p in bare[:_NAMED]),
        "figure": Ref("product_group_states"), "table": Ref("product_groups"),
        "unit": edition.word("unit_application"),
    }  # fmt: skip
    yield Text(f"position.products.{'finding' if bare else 'covered'}", values, "finding")
    if found.empty:
        return
    yield Text("position.products.body", values)
    yield Text("position.products.note", values, "note")
    words = {s: edition.word(f"firm_{s}") for s in ("in_force", "pending")}
    sums = told.set_axis(names.reindex(told.index).rename("product"))
    data = sums.reset_index().rename(
        columns={"in_force": "firm_in_force", "pending": "firm_pending"}
    )
    note = counted(edition)
    yield Figure(Table("product_group_states", data, {}, values, note),
                 drawing(plot.stacks, sums, edition.word("unit_application"), names=words),
                 size=figure_size(len(sums)))  # fmt: skip
    shown = pd.DataFrame(
        {"product": found["product"], "office": found["office"].map(edition.authority),
         "firm_in_force": found["in_force"], "firm_pending": found["pending"],
         "life_years": found["life_years"], "uncovered": found["uncovered"].astype(bool)}
    )  # fmt: skip
    yield Table("product_groups", shown, {"life_years": "number"}, values, note, rows=TOP)


@section("assess.team", needs=("inventors", "parties"))
def team(edition: Edition) -> Iterator[Block]:
    """What a team made, by who holds it: what stays where it is when people move."""
    study = edition.study
    found = study.team_assets
    claim = edition.claims("assess.team")
    first = found.iloc[0]
    subject, label = f"owner:{first['owner']}", str(first["name"])

    def number(which: str, value: int, about: str, unit: str = "filing") -> Any:
        return claim(f"{about.partition(':')[0]}.{which}", "count", about, "team_assets", value,
                     unit=unit, label=label if about != "set" else "", details={"which": which})  # fmt: skip

    values: dict[str, Any] = {
        "members": number("members", len(study.team_ids), "set", "person"),
        "owners": number("owners", len(found), "set", "owner"),
        "all": number("applications", round(first["applications"] / first["share"]), "set"),
        "owner": label, "held": number("applications", int(first["applications"]), subject),
        "in_force": number("in_force", int(first["in_force"]), subject),
        "pending": number("pending", int(first["pending"]), subject),
        "unit": edition.word("unit_application"), "figure": Ref("team_states"), "table": Ref("team_assets"),
    }  # fmt: skip
    yield Text("assess.team.finding", values, "finding")
    yield Text("assess.team.body", values)
    note = Text("assess.team.note", values, "note")
    words = {s: edition.word(f"firm_{s}") for s in _STATES}
    counts = found.set_index("name")[list(_STATES)].rename_axis("applicant")
    if len(counts) > 1:
        data = counts.head(TOP).reset_index().rename(columns={s: f"firm_{s}" for s in _STATES})
        yield Text("assess.team.figure", values)
        yield Figure(
            Table("team_states", data, dict.fromkeys(data.columns[1:], "count"), values, note),
            drawing(plot.stacks, counts, edition.word("unit_application"), names=words),
            size=figure_size(len(counts)),
        )  # fmt: skip
    shown = pd.DataFrame(
        {
            "applicant": found["name"], "team_filings": found["applications"],
            "team_share": found["share"], "firm_in_force": found["in_force"],
            "firm_pending": found["pending"], "firm_ended": found["ended"],
            "members": found["members"], "life_years": found["life_years"],
            "team_last": found["last_filed"],
        }
    )  # fmt: skip
    forms = {"team_filings": "count", "team_share": "share", "members": "count",
             "life_years": "number", "team_last": "date"} | {f"firm_{s}": "count" for s in _STATES}  # fmt: skip
    yield Table("team_assets", shown, forms, values, note, rows=TOP)
