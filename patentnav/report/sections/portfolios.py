"""Part C, continued: portfolios against the gate, and the choice of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot, valuation
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.bounds import (
    close_by,
    lower_bounds,
    pct_columns,
    so_called,
    unfair,
)
from patentnav.study.portfolios import of_grants, of_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

NEEDS = ("parties", "publications.patent_type")
TOLD = 3  # portfolios told one by one
_FEW = 5  # foreign owners that are named
_UNTOLD = 0.5  # part of the candidates that cannot be judged, above which no gate is drawn


@section("path.portfolios", needs=NEEDS)
def portfolios(edition: Edition) -> Iterator[Block]:
    """Candidates against the gate, and what each lacks."""
    study = edition.study
    inside = study.local is not None
    found = study.eligible
    gate = found.attrs["gate"]
    claim = edition.claims("path.portfolios")
    values: dict[str, Any]
    if found.empty:
        key = "nobody" if inside else "nothing"
        values = {"region": study.inputs.region, "rule": edition.living_owners()}
        yield Text(f"path.portfolios.{key}", values, "finding")
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
    values = {
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
    if key == "none" and unknown.any():
        key = "none_told"
    yield Text(f"path.portfolios.{key}", values, "finding")
    yield from _abroad(edition, claim)
    if key == "far":
        return
    lacking = unfair(edition, claim)
    if lacking and key != "untold":
        yield Text("path.portfolios.needs_pct", {**values, **lacking})
    yield Text("path.portfolios.body", {**values, "table": Ref("candidates")})
    listed = found[near | meets].reset_index(drop=True)
    listed = listed if len(listed) else found.head(TOP)
    listed = listed.assign(owner=listed["owner_id"].map(study.owner_names))
    told = told and float(unknown.mean()) <= _UNTOLD
    drawn = told and float(listed["pct"].isna().mean()) <= _UNTOLD
    yield from _gated(edition, found, listed, values, told=drawn)
    if told and not inside:
        yield from _readings(edition, values)


def _abroad(edition: Edition, claim: ClaimMaker) -> Iterator[Text]:
    """Foreign owners of candidates of size, told as rivals and not cultivated."""
    found = of_size(edition.study.foreign_candidates)
    if found.empty:
        return
    names = found.sort_values(["inventions", "portfolio_id"], ascending=[False, True])["owner"]
    names = names.drop_duplicates()
    count = claim("abroad", "count", "set", "portfolios_abroad", len(found), unit="portfolio")
    key = "abroad_more" if len(names) > _FEW else "abroad"
    between = edition.word("list_separator").join(names.head(_FEW))
    yield Text(f"path.portfolios.{key}", {"abroad": count, "names": between})


def _whose(edition: Edition, *, inside: bool, alive: bool) -> str:
    """Whose candidates are counted, in words."""
    key = {(True, True): "region_living", (True, False): "inside", (False, True): "living"}
    known = key.get((inside, alive))
    if not known:
        return ""
    rule = edition.living_owners() if alive else ""
    return edition.word(f"portfolios_{known}", region=edition.study.inputs.region, rule=rule)


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
            "pct_missing": listed["pct_missing"], "score": listed["score"], "quality": 100 * listed["quality"],
        }
    )  # fmt: skip
    shown["meets_gate"] = shown["meets_gate"].fillna(edition.word("cannot_tell"))
    note = Text(
        f"path.portfolios.note{'' if values['unknown'].value else '_judged'}", values, "note"
    )
    cards = found["quality_of"].dropna()
    if len(cards):
        named = [valuation.load(card).names or {} for card in str(cards.iloc[0]).split("+")]
        words = edition.word("list_separator").join(n[edition.lang] for n in named)
        yield Text("path.portfolios.quality", {"cards": words}, "note")
    else:
        yield Text("path.portfolios.no_quality", {}, "note")
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
    if key == "readings_none":  # a table of noughts says no more
        return
    words = {True: edition.word("yes"), False: edition.word("no")}
    # Sums of many are no matter of the gate of one: they would always reach it.
    table = table[table["reading"] == "each"]
    shown = pd.DataFrame(
        {
            "counted": [edition.word(f"counted_{one}") for one in table["counted"]],
            "portfolios": table["portfolios"], "inventions": table["inventions"],
            **pct_columns(table),
            "reached": table["met"].map(words).fillna(edition.word("cannot_tell")),
        }
    )  # fmt: skip
    yield from lower_bounds(shown)
    yield Table(
        "readings", shown, {}, shared, Text("path.portfolios.readings_note", shared, "note")
    )


def any_of_size(edition: Edition) -> bool:
    """Whether any candidate meets the gate or holds a tenth of its inventions."""
    found = edition.study.eligible
    if found.empty:
        return False
    meets = found["meets_gate"].fillna(False).astype(bool)
    near = found["inventions"] >= (found["min_inventions"] // 10).clip(lower=1)
    return bool((meets | near).any())


def named_portfolio(edition: Edition, row: Mapping[Any, Any]) -> str:
    """A portfolio in words: its owner and technology."""
    technology = edition.technology_names[str(row["technology"])]
    return edition.word("portfolio_named", owner=row["owner"], technology=technology)


def subject_of(row: Mapping[Any, Any]) -> str:
    """The cell of a portfolio, as claims name it."""
    return f"owner:{row['owner_id']}&technology:{row['technology']}"


def lacks(edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], table: str) -> Text:
    """A portfolio and what it lacks to the gate."""
    name, label = str(row["portfolio_id"]), named_portfolio(edition, row)
    found: dict[str, Any] = {"portfolio": so_called(edition, row, label)}
    for part in ("inventions", "pct"):
        if row[f"{part}_missing"]:
            found[part] = claim(
                f"lacks_{part}.{name}", "count", subject_of(row), "portfolio_lacks",
                int(row[f"{part}_missing"]), label=label, unit="lack", details={"part": part},
                evidence=(f"{table}/{name}/{part}_missing",),
            )  # fmt: skip
    key = "both" if len(found) > 2 else "pct" if "pct" in found else "inventions"
    most = any(row[f"{part}_unknown"] > 0 for part in ("inventions", "pct") if part in found)
    return Text(f"path.selection.lacks_{key}{'_most' if most else ''}", found)


@section("path.selection", needs=NEEDS)
def selection(edition: Edition) -> Iterator[Block]:
    """The best disjoint choice of portfolios that meet the gate, how sure it is, and near misses."""
    if not any_of_size(edition):
        return
    study = edition.study
    found = study.selection
    claim = edition.claims("path.selection")
    chosen, misses = found.chosen, of_size(found.near_misses)
    close = misses["portfolio_id"].isin(list(close_by(misses)))
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
    if key == "finding" and len(chosen) == 1:  # of one a sentence says all
        key = "single"
        values["portfolio"] = named_portfolio(edition, chosen.iloc[0].to_dict())
    yield Text(f"path.selection.{key}", values, "finding" if len(chosen) else "body")
    if len(chosen) == target:  # else all that meet the gate are chosen
        yield Text("path.selection.proven" if found.proven else "path.selection.unproven", values)
    lacking = unfair(edition, claim)
    # Nearest first by the rule that is said; whatever it holds is told.
    near = [] if lacking else misses[close].head(TOLD).to_dict("records")
    values["granted"] = claim.parameter("granted", of_grants(study.inputs.min_inventions))
    if lacking:
        yield Text("path.selection.needs_pct", lacking)
    if len(misses):
        more = int(close.sum()) > TOLD
        values["told"] = claim.parameter("told", TOLD)
        rest = "others" if not near else "nearest" if more else "near"
        yield Text(f"path.selection.{rest}", values)
    for row in near:
        lack = lacks(edition, claim, row, "candidates")
        yield Text("path.selection.missed", {"lacks": lack}, "bullet")
    note = Text("path.selection.note", values, "note")
    names, lang = edition.technology_names, edition.lang
    drawn = pd.concat([chosen, misses[close].head(TOP)], ignore_index=True)
    if len(chosen) > 1 and drawn["pct"].isna().mean() <= _UNTOLD:
        data = drawn[["portfolio_id", "inventions", "pct"]].assign(applicant=drawn["owner"])
        yield Text("path.selection.figure", values)
        yield Figure(
            Table("chosen", data, {"portfolio_id": "code"}, values, note),
            drawing(plot.portfolios, drawn, lang=lang),
            size=(6.3, 4.4),
        )
    if len(chosen) and key != "single":
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
