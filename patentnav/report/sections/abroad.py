"""Markets of families, technologies that lie in other hands, and what rivals have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, i18n, planning, plot
from patentnav.counting import unit_ids
from patentnav.errors import UnknownNameError
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.ties import figure_size, named_technologies
from patentnav.report.sections.uses import counted, reasons, titles
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_HOME = "CN"
_UNTOLD = (
    1 / 3
)  # of the families filed at home, of unknown origin, above which the part is told first
_LACKING = 3  # gaps that are named


@section("layout.overseas", needs=("families",))
def overseas(edition: Edition) -> Iterator[Block]:
    """Families by market: at home only, abroad, lapsed there."""
    study = edition.study
    whole = planning.overseas(study.patents, home=_HOME)
    found = _from_home(edition, whole)
    if found.empty:
        raise gap("missing.operation.no_home")
    claim = edition.claims("layout.overseas")

    def number(which: str, value: int) -> Any:
        return claim(which, "count", "set", "families_abroad", value, unit="families",
                     details={"home": _HOME, "which": which})  # fmt: skip

    abroad = found["offices"] != ""
    values: dict[str, Any] = {
        "total": number("total", len(found)),
        "home": number("home_only", int(found["home_only"].fillna(False).sum())),
        "abroad": number("abroad", int(abroad.sum())),
        "lapsed": number("lapsed", int((found["lapsed"] > 0).sum())),
        "untold": number("untold", int((found["untold"] != "").sum())),
        "unplaced": number("unplaced", len(whole) - len(found)), "home_office": edition.authority(_HOME),
        "figure": Ref("overseas"), "table": Ref("overseas_list"),
    }  # fmt: skip
    # Where no state abroad is known, nothing is known to have lapsed: that is not told as a zero.
    known = any((found[state] != "").any() for state in planning.STATES[:3])
    values["rest"] = number(
        "rest", values["total"].value - values["home"].value - values["abroad"].value
    )
    key = "finding" if values["lapsed"].value else "plain" if known else "stateless"
    if values["unplaced"].value > _UNTOLD * len(whole):
        # Said of some, and of whom it is not known: the part comes first.
        key += "_partial"
        values["filed"] = number("filed", len(whole))
        values["told"] = claim("told", "share", "set", "families_told_share", len(found) / len(whole),
                               unit="ratio", details={"home": _HOME})  # fmt: skip
    yield Text(f"layout.overseas.{key}", values, "finding")
    if values["rest"].value:
        yield Text("layout.overseas.rest", values)
    if values["unplaced"].value and "filed" not in values:
        yield Text("layout.overseas.unplaced", values)
    if not abroad.any():
        yield Text("layout.overseas.note", values, "note")
        return
    yield Text("layout.overseas.body", values)
    if values["untold"].value:
        yield Text("layout.overseas.untold", values, "note")
    yield Text("layout.overseas.note", values, "note")
    markets = planning.overseas_markets(study.patents, home=_HOME)
    markets = markets[markets["unit_id"].isin(found["unit_id"])]
    offices = {o: edition.authority(o) for o in sorted(markets["office"].unique())}
    data = markets.groupby(["office", "state"]).size().rename("count").reset_index()
    data = data.rename(columns={"state": "market_state"})
    data["market_state"] = data["market_state"].map({s: i18n.text(f"plot.overseas.{s}", edition.lang) for s in planning.STATES})  # fmt: skip
    data["office"] = data["office"].map(offices)
    note = counted(edition, "family")
    yield Figure(Table("overseas", data, {}, values, note),
                 drawing(plot.overseas, markets, labels=offices, lang=edition.lang),
                 size=figure_size(len(offices)))  # fmt: skip
    between = edition.word("list_separator")

    def named(column: str) -> pd.Series:
        return found[column].map(
            lambda codes: between.join(offices.get(o, o) for o in codes.split())
        )

    shown = pd.DataFrame(
        {
            "publication_id": found["publication_id"],
            "title": titles(edition, found["publication_id"]), "markets": named("offices"),
            "market_in_force": named("in_force"), "market_pending": named("pending"),
            "market_ended": named("ended"), "pct": found["pct"], "reason": reasons(edition, found["reason"]),
        }
    )  # fmt: skip
    blank = [
        c for c in ("market_in_force", "market_pending", "market_ended") if (shown[c] == "").all()
    ]
    shown = shown.drop(columns=blank)
    yield Table("overseas_list", shown, {"publication_id": "code"}, values, note, rows=TOP)


def _from_home(edition: Edition, found: pd.DataFrame) -> pd.DataFrame:
    """Families known to have come from home: what was only filed there may be anybody's."""
    patents = edition.study.patents
    foreign = facts.foreign_origin(patents, _HOME).groupby(unit_ids(patents, "family")).first()
    known = foreign.reindex(found["unit_id"]).notna().to_numpy()
    return found[known].reset_index(drop=True)


@section("position.dependence", needs=("parties",))
def dependence(edition: Edition) -> Iterator[Block]:
    """Technologies that grow, matter and lie in other hands, and how strong the region is in them."""
    study = edition.study
    local = study.local if study.inputs.region else facts.inside(study.patents, _HOME)
    if local is None or local.isna().all():
        raise gap("missing.operation.no_places")
    if local.dropna().all():  # owners abroad are those of which no place is told
        raise gap("missing.operation.no_foreigners", home=_HOME)
    growth = study.relative_growth
    found = planning.key_technologies(
        study.patents, named_technologies(edition), unit_ids=study.unit_ids, local=local, growth=growth,
        percentile=study.percentile,
    )  # fmt: skip
    if found.empty:
        raise gap("missing.operation.few_units", fewest=planning.FEWEST_UNITS)
    claim = edition.claims("position.dependence")

    def number(which: str, value: int) -> Any:
        return claim(which, "count", "set", "dependent_technologies", value, unit="technology",
                     details={"fewest": planning.FEWEST_UNITS, "home": _HOME, "which": which})  # fmt: skip

    values: dict[str, Any] = {
        "n": number("all", len(found)),
        "pareto": number("pareto", int(found["pareto"].sum())),
        "measures": edition.word(measures_of(found)),
        "outside": number("outside", int((found["dependence"] > 0.5).sum())),
        "fewest": claim.parameter("fewest", planning.FEWEST_UNITS),
        "where": study.inputs.region or edition.authority(_HOME), "region": study.inputs.region, "unit": edition.unit_word,
        "figure": Ref("key_technologies"), "table": Ref("key_technology_list"),
    }  # fmt: skip
    yield Text("position.dependence.finding", values, "finding")
    drawn = growth is not None
    yield Text(f"position.dependence.body{'' if drawn else '_undrawn'}", values)
    yield Text("position.dependence.note", values, "note")
    names = edition.technology_names
    note = counted(edition, study.unit)
    shown = pd.DataFrame(
        {
            "technology": found["technology"].map(names), "units": found["units"],
            "relative_growth": found["growth"], "top_tenth": found["impact"], "dependence": found["dependence"],
            "own_count": found["strength"], "pareto": found["pareto"],
            "reason": reasons(edition, found["reason"]),
        }
    )  # fmt: skip
    forms = {
        "relative_growth": "number",
        "dependence": "share",
        "own_count": "count",
        "top_tenth": "share",
    }
    data = shown[["technology", "units", "relative_growth", "dependence"]]
    if drawn:
        yield Figure(Table("key_technologies", data, forms, values, note),
                     drawing(plot.key_technologies, found, labels=names, lang=edition.lang),
                     size=(6.3, 4.0))  # fmt: skip
    else:
        shown = shown.drop(columns="relative_growth")
    yield Table("key_technology_list", shown, forms, values, note, rows=TOP)


def measures_of(found: pd.DataFrame) -> str:
    """Wording of what technologies were compared by.

    Parameters
    ----------
    found
        What :func:`patentnav.planning.key_technologies` found, those not in the Pareto set included.

    Returns
    -------
    str
        Key below ``report.word``.
    """
    told = [name for name in ("growth", "impact") if found[name].notna().any()]
    return {2: "dependence_all", 0: "dependence_two"}.get(
        len(told), "dependence_three" if "growth" in told else "dependence_no_growth"
    )


@section("layout.gaps", needs=("parties", "publications.legal_status"))
def gaps(edition: Edition, *, firm: str = "") -> Iterator[Block]:
    """What a firm lacks against its rivals, by technology and office; the largest firm unless named."""
    inputs = edition.study.inputs
    asked = firm or inputs.firm or inputs.applicant
    study = edition.study.with_inputs(applicant="", firm=asked)
    names = study.owner_names
    try:
        chosen, rivals = study.firm, list(study.rivals)
    except UnknownNameError as error:
        raise gap("missing.operation.no_firm", firm=asked) from error
    found = study.lacking
    claim = edition.claims("layout.gaps")
    kinds = found["kind"].value_counts()
    details = {"firm": chosen, "rivals": tuple(rivals), "least": planning.LEAST_RIVALS}
    values: dict[str, Any] = {
        "firm": str(names[chosen]), "least": claim.parameter("least", planning.LEAST_RIVALS),
        "rivals": edition.word("list_separator").join(str(names[o]) for o in rivals),
        "figure": Ref("gap_cells"), "table": Ref("gap_list"),
    }  # fmt: skip
    for kind in ("gap", "continue"):
        number = int(kinds.get(kind, 0))
        values[kind] = claim(kind, "count", "set", "gap_rows", number,
                             unit="cell", details={**details, "kind": kind})  # fmt: skip
    technologies = {str(k): f"{k} {v}" for k, v in study.technologies.names.items()}
    lacking = found.loc[found["kind"] == "gap", "technology"].drop_duplicates().map(technologies)
    quoted = [edition.word("quoted", name=name) for name in lacking.head(_LACKING)]
    values["lacking"] = edition.word("list_separator").join(quoted)
    kind = "finding" if kinds.get("gap", 0) else "none"
    alone = "" if kinds.get("continue", 0) else "_alone"
    yield Text(f"layout.gaps.{kind}{alone}", values, "finding")
    if found.empty:
        return
    yield Text("layout.gaps.body", values)
    yield Text("layout.gaps.note", values, "note")
    offices = {o: edition.authority(o) for o in sorted(found["office"].dropna().unique())}
    note = counted(edition)
    words = {k: edition.word(f"gap_{k}") for k in planning.GAPS}
    shown = pd.DataFrame(
        {
            "proposal": found["kind"].map(words), "technology": found["technology"].map(technologies),
            "office": found["office"].map(offices), "publication_id": found["publication_id"],
            "applicant": found["publication_id"].map(edition.filed_names()), "own_living": found["own"], "rivals_living": found["rivals"],
            "others_citing": found["others"], "life_years": found["life_years"],
            "reason": reasons(edition, found["reason"]),
        }
    )  # fmt: skip
    lacks = shown[(found["kind"] == "gap").to_numpy()]
    if len(lacks):
        data = lacks[["technology", "office", "rivals_living"]].reset_index(drop=True)
        yield Figure(
            Table("gap_cells", data, {}, values, note),
            drawing(plot.gaps, found, labels=technologies, offices=offices, lang=edition.lang),
            size=figure_size(len(lacks)),
        )
    forms = {"publication_id": "code", "life_years": "number"}
    yield Table("gap_list", shown, forms, values, note, rows=TOP)
