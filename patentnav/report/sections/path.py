"""Part C, what to do: portfolios to cultivate, technologies to strengthen or fill, partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import plot
from patentnav.counting import most_frequent
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import UnavailableError, section
from patentnav.report.study import RECENT, THIN, TOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.study import Study

_FEWEST = 3  # units in recent years from which a partner is listed
_COURSES = ("strengthen", "fill", "keep", "observe")


@section("path.portfolios", needs=("parties", "publications.patent_type"))
def portfolios(study: Study) -> Iterator[Block]:
    """Candidates against the gate, and what each lacks."""
    found = study.candidates
    gate = found.attrs["gate"]
    meets = found["meets_gate"].fillna(False).astype(bool)
    unknown = found["meets_gate"].isna()
    # Worth listing: what passes, cannot be judged, or holds at least a tenth of the gate.
    near = found["inventions"] >= max(1, gate["min_inventions"] // 10)
    values = {
        "n": len(found), "meets": int(meets.sum()), "unknown": int(unknown.sum()),
        "inventions": gate["min_inventions"], "pct": gate["min_pct"],
        "counted": study.word("granted_only" if gate["granted_only"] else "filed"),
        "near": int((near & ~meets).sum()), "unit": study.word(f"unit_{gate['unit']}"),
    }  # fmt: skip
    key = "finding" if meets.any() else "untold" if unknown.all() else "none"
    yield Text(f"path.portfolios.{key}", values, "finding")
    yield Text("path.portfolios.body",
               {**values, "figure": Ref("portfolios"), "table": Ref("candidates")})  # fmt: skip
    listed = found[near | meets].reset_index(drop=True)
    listed = listed if len(listed) else found.head(TOP)
    lang = study.lang
    shown = pd.DataFrame(
        {
            "portfolio_id": listed["portfolio_id"], "applicant": listed["owner"],
            "technology": listed["technology"].map(study.technology_names),
            "inventions": listed["inventions"], "pct": listed["pct"],
            "meets_gate": listed["meets_gate"].map({True: study.word("yes"), False: study.word("no")}),
            "inventions_missing": listed["inventions_missing"],
            "pct_missing": listed["pct_missing"], "score": listed["score"],
        }
    )  # fmt: skip
    shown["meets_gate"] = shown["meets_gate"].fillna(study.word("cannot_tell"))
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
def technologies(study: Study) -> Iterator[Block]:
    """A course for every technology, by a stated rule."""
    frame = courses(study)
    counts = frame["course"].value_counts().reindex(_COURSES, fill_value=0)
    values = {
        **{name: int(counts[name]) for name in _COURSES}, "total": len(frame), "recent": RECENT, "thin": THIN,
        "against": study.word("against_set" if study.local is None else "against_region",
                              region=study.inputs.region),
    }  # fmt: skip
    yield Text("path.technologies.finding", values, "finding")
    yield Text("path.technologies.rule", values)
    names = study.technology_names
    for course in _COURSES:
        here = frame.loc[frame["course"] == course, "technology"].map(names)
        if len(here):
            yield Text(f"path.technologies.{course}",
                       {"names": study.word("separator").join(here)}, "bullet")  # fmt: skip
    yield Text("path.technologies.body", {"table": Ref("courses")})
    shown = frame.assign(
        technology=frame["technology"].map(names),
        course=[study.word(f"course_{c}") for c in frame["course"]],
    )
    forms = {"count": "count", "share": "share", "growth_index": "number"}
    yield Table("courses", shown, forms, values, study.note("fractional", dated=True), rows=None)


def courses(study: Study) -> pd.DataFrame:
    """``technology, count, share, strength, growth_index, course``.

    Strength: the share of the region's units (or of the whole set) that lie in the technology,
    against the even share 1/k (without a region) or the set's share (with one).
    """
    frame = study.growth.copy()
    if frame["growth_index"].isna().all():
        raise UnavailableError("missing.growth", years=2 * RECENT)
    total = frame["count"] / frame["count"].sum()
    if study.local is None:
        frame["share"], expected = total, pd.Series(1 / len(frame), index=frame.index)
    else:
        members = study.technology_of
        here = members[members["publication_id"].map(study.local).to_numpy(dtype=bool)]
        own = study.counts(here).reindex(frame["technology"]).fillna(0.0).to_numpy()
        frame["share"], expected = own / max(own.sum(), 1), total
    frame["strength"] = frame["share"] / expected
    rising = frame["growth_index"].fillna(np.inf) >= 1  # new within the recent years: rising
    strong = frame["strength"] >= 1
    thin = frame["recent_count"] + frame["before_count"] < THIN
    cases = [thin, rising & strong, rising & ~strong, ~rising & strong]
    frame["course"] = np.select(cases, [_COURSES[3], *_COURSES[:3]], _COURSES[3])
    return frame[["technology", "count", "share", "strength", "growth_index", "course"]]


@section("path.partners", needs=("parties",))
def partners(study: Study) -> Iterator[Block]:
    """Owners active where technologies rise: facts for a search, no judgement."""
    frame = courses(study)
    wanted = frame.loc[frame["course"].isin(["strengthen", "fill"]), "technology"]
    recent = study.patents.publications[study.basis].dt.year > study.last_year - RECENT
    if study.local is not None:
        recent &= ~study.local
    members = study.technology_of
    members = members[members["technology"].isin(wanted)]
    members = members[members["publication_id"].map(recent).fillna(False).to_numpy(dtype=bool)]
    rows = study.owners.merge(members[["publication_id", "technology"]], on="publication_id")
    counts = study.distinct(rows, "owner")
    counts = counts[counts >= _FEWEST]
    if counts.empty:
        raise UnavailableError("missing.partners", fewest=_FEWEST, years=RECENT)
    focus = most_frequent(rows, "owner", "technology")
    table = pd.DataFrame(
        {
            "applicant": study.owner_names.reindex(counts.index),
            "party_type": study.named("party_type", study.owner_types).reindex(counts.index),
            "recent_count": counts,
            "technology": focus.reindex(counts.index).map(study.technology_names),
        }
    ).reset_index(drop=True)  # fmt: skip
    values = {
        "n": len(table), "fewest": _FEWEST, "recent": RECENT, "unit": study.unit_word,
        "technologies": len(wanted),
        "where": study.word("outside_region" if study.local is not None else "all_owners",
                            region=study.inputs.region),
    }  # fmt: skip
    yield Text("path.partners.finding", values, "finding")
    yield Text("path.partners.body", {**values, "table": Ref("partners")})
    yield Table("partners", table, {"recent_count": "count"}, values, study.note("whole"), rows=TOP)
    yield from _people(study, members, values)


def _people(study: Study, members: pd.DataFrame, values: dict[str, object]) -> Iterator[Block]:
    if not study.patents.has("inventors"):
        return
    rows = study.people.merge(members[["publication_id", "technology"]], on="publication_id")
    counts = study.distinct(rows, "inventor")
    counts = counts[counts >= _FEWEST]
    if counts.empty:
        return
    held = rows.merge(study.owners[["publication_id", "name"]], on="publication_id",
                      suffixes=("_inventor", ""))  # fmt: skip
    employers = most_frequent(held, "inventor", "name").reindex(counts.index)
    focus = most_frequent(rows, "inventor", "technology").reindex(counts.index)
    table = pd.DataFrame(
        {
            "inventor": most_frequent(rows, "inventor", "name").reindex(counts.index),
            "applicant": employers, "recent_count": counts,
            "technology": focus.map(study.technology_names),
        }
    ).reset_index(drop=True)  # fmt: skip
    yield Text("path.partners.people", {**values, "people": len(table), "table": Ref("people")})
    yield Table("people", table, {"recent_count": "count"}, values,
                Text("path.partners.note", {}, "note"), rows=TOP)  # fmt: skip
