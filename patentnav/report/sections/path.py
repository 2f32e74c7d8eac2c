"""Part C, what to do: portfolios to cultivate, technologies to strengthen or fill, partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import plot
from patentnav.counting import most_frequent
from patentnav.planning import COURSES, FEWEST, THIN, WANTED
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition


@section("path.portfolios", needs=("parties", "publications.patent_type"))
def portfolios(edition: Edition) -> Iterator[Block]:
    """Candidates against the gate, and what each lacks."""
    study = edition.study
    found = study.candidates
    gate = found.attrs["gate"]
    meets = found["meets_gate"].fillna(False).astype(bool)
    unknown = found["meets_gate"].isna()
    # Worth listing: what passes, cannot be judged, or holds at least a tenth of the gate.
    near = found["inventions"] >= max(1, gate["min_inventions"] // 10)
    values = {
        "n": len(found), "meets": int(meets.sum()), "unknown": int(unknown.sum()),
        "inventions": gate["min_inventions"], "pct": gate["min_pct"],
        "counted": edition.word("granted_only" if gate["granted_only"] else "filed"),
        "near": int((near & ~meets).sum()), "unit": edition.word(f"unit_{gate['unit']}"),
    }  # fmt: skip
    key = "finding" if meets.any() else "untold" if unknown.all() else "none"
    yield Text(f"path.portfolios.{key}", values, "finding")
    yield Text("path.portfolios.body",
               {**values, "figure": Ref("portfolios"), "table": Ref("candidates")})  # fmt: skip
    listed = found[near | meets].reset_index(drop=True)
    listed = listed if len(listed) else found.head(TOP)
    lang = edition.lang
    shown = pd.DataFrame(
        {
            "portfolio_id": listed["portfolio_id"], "applicant": listed["owner"],
            "technology": listed["technology"].map(edition.technology_names),
            "inventions": listed["inventions"], "pct": listed["pct"],
            "meets_gate": listed["meets_gate"].map({True: edition.word("yes"), False: edition.word("no")}),
            "inventions_missing": listed["inventions_missing"],
            "pct_missing": listed["pct_missing"], "score": listed["score"],
        }
    )  # fmt: skip
    shown["meets_gate"] = shown["meets_gate"].fillna(edition.word("cannot_tell"))
    note = Text("path.portfolios.note", values, "note")
    if not unknown.all():
        drawn = shown[
            ["portfolio_id", "applicant", "technology", "inventions", "pct", "meets_gate"]
        ]
        listed.attrs = dict(found.attrs)
        yield Figure(
            Table("portfolios", drawn, {"portfolio_id": "code"}, values, note),
            lambda ax: plot.portfolios(listed, ax=ax, lang=lang),
            size=(6.3, 4.4),
        )
    yield Table("candidates", shown, {"portfolio_id": "code"}, values, note, rows=TOP)


@section("path.technologies", needs=("texts",))
def technologies(edition: Edition) -> Iterator[Block]:
    """A course for every technology, by a stated rule."""
    study = edition.study
    frame = study.courses
    counts = frame["course"].value_counts().reindex(COURSES, fill_value=0)
    values = {
        **{name: int(counts[name]) for name in COURSES}, "total": len(frame), "recent": RECENT, "thin": THIN,
        "against": edition.word("against_set" if study.local is None else "against_region",
                              region=study.inputs.region),
    }  # fmt: skip
    yield Text("path.technologies.finding", values, "finding")
    yield Text("path.technologies.rule", values)
    names = edition.technology_names
    for course in COURSES:
        here = frame.loc[frame["course"] == course, "technology"].map(names)
        if len(here):
            yield Text(f"path.technologies.{course}",
                       {"names": edition.word("separator").join(here)}, "bullet")  # fmt: skip
    yield Text("path.technologies.body", {"table": Ref("courses")})
    shown = frame.assign(
        technology=frame["technology"].map(names),
        course=[edition.word(f"course_{c}") for c in frame["course"]],
    )
    forms = {"count": "count", "share": "share", "growth_index": "number"}
    yield Table("courses", shown, forms, values, edition.note("fractional", dated=True), rows=None)


@section("path.partners", needs=("parties",))
def partners(edition: Edition) -> Iterator[Block]:
    """Owners active where technologies rise: facts for a search, no judgement."""
    study = edition.study
    found = study.partners
    if found.empty:
        raise gap("missing.partners", fewest=FEWEST, years=RECENT)
    names = edition.technology_names
    table = pd.DataFrame(
        {
            "applicant": found["name"],
            "party_type": edition.named("party_type", study.owner_types).reindex(found.index),
            "recent_count": found["count"],
            "technology": found["technology"].map(names),
        }
    ).reset_index(drop=True)
    where = "all_owners" if study.local is None else "outside_region"
    values = {
        "n": len(table),
        "fewest": FEWEST,
        "recent": RECENT,
        "unit": edition.unit_word,
        "technologies": int(study.courses["course"].isin(WANTED).sum()),
        "where": edition.word(where, region=study.inputs.region),
    }
    yield Text("path.partners.finding", values, "finding")
    yield Text("path.partners.body", {**values, "table": Ref("partners")})
    yield Table(
        "partners", table, {"recent_count": "count"}, values, edition.note("whole"), rows=TOP
    )
    if study.patents.has("inventors"):
        yield from _people(edition, values)


def _people(edition: Edition, values: dict[str, object]) -> Iterator[Block]:
    study = edition.study
    found = study.partner_people
    if found.empty:
        return
    held = study.people.merge(
        study.owners[["publication_id", "name"]],
        on="publication_id",
        suffixes=("_inventor", ""),
    )
    table = pd.DataFrame(
        {
            "inventor": found["name"],
            "applicant": most_frequent(held, "inventor", "name").reindex(found.index),
            "recent_count": found["count"],
            "technology": found["technology"].map(edition.technology_names),
        }
    ).reset_index(drop=True)
    yield Text("path.partners.people", {**values, "people": len(table), "table": Ref("people")})
    note = Text("path.partners.note", {}, "note")
    yield Table("people", table, {"recent_count": "count"}, values, note, rows=TOP)
