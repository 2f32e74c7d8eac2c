"""Part C, what lies near to what one does: next technologies of the region or of the leading owners."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import facts, indicators
from patentnav.errors import CoverageWarning
from patentnav.planning import LEVEL, THIN
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.edition import leading
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition
    from patentnav.study import Study

_ROWS = 10
_LEAST = 3  # units below which an owner does not lead
_SIZE = 50  # units of a technology, below which it is no direction
_SOLID = 5  # units below which an advantage says nothing
_OWNERS = 10  # leading owners whose next technology is looked for
_MOST = 0.5  # of the set: such an owner is the set, against which it has no advantage


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


def _held(edition: Edition) -> set[str]:
    """Technologies in which the region is significantly stronger than the places elsewhere."""
    study = edition.study
    if study.standing is None:
        return set()
    rows = study.standing
    above = (rows["advantage"] > 1) | (rows["advantage"].isna() & (rows["own_count"] > 0))
    strong = rows[(rows["advantage_q"] < LEVEL) & above & (rows["own_count"] >= THIN)]
    return set(strong["technology"]) - study.remainders


def _tested(found: pd.DataFrame) -> pd.DataFrame:
    """With ``q``, for all pairs that were looked at: somebody has a nearest technology by chance too."""
    from scipy.stats import false_discovery_control, norm

    tested = found.dropna(subset=["z"]).reset_index(drop=True)
    p = norm.sf(tested["z"].to_numpy(dtype=float))
    q = false_discovery_control(p) if len(p) else p
    return tested.assign(q=q, near=(q <= LEVEL) & (tested["z"] > 0))


def _hint(
    edition: Edition,
    claim: ClaimMaker,
    row: Mapping[Any, Any],
    subject: str,
    details: dict[str, Any],
) -> dict[str, Any]:
    """Nearness of one technology, what chance gives, and its test."""
    group = str(row["group"])
    label = edition.technology_names[group]
    about: dict[str, Any] = {"label": label, "unit": "ratio"}
    whom = f"{subject}&technology:{group}"
    return {
        "technology": label,
        "density": claim(
            "density", "comparison", whom, "nearness", row["density"] / 100, baseline="random",
            baseline_value=row["expected"] / 100, direction=1 if row["z"] > 0 else -1,
            test="normal", n=max(1, round(row["total"])), q=float(row["q"]), details=details,
            **about,
        ),
        "expected": claim("density_expected", "comparison", whom, "nearness",
                          row["expected"] / 100, details={**details, "expected": True}, **about),
    }  # fmt: skip


def _of_region(edition: Edition, near: pd.DataFrame, common: str) -> Iterator[Block]:
    study = edition.study
    specialised = indicators.specialisation(
        study.patents, study.technology_of, study.sides, unit=study.unit
    )
    region, held = study.inputs.region, _held(edition)
    # What the region does is what passed its test, as elsewhere in the report.
    other = (specialised["entity"] == "local") & ~specialised["group"].isin(held)
    specialised["rta"] = specialised["rta"].mask(other, 0.0)
    found = _tested(_next(specialised, "local", near, study.remainders)) if held else None
    if found is None or found.empty:
        if held:
            raise gap("missing.no_next", region=region)
        raise gap("missing.no_advantage", region=region, fewest=THIN)
    claim = edition.claims("path.branches")
    details = {"facet": "region", "of_region": "inside", "fewest": THIN, "solid": _SOLID}

    def counted(of: str, value: int) -> Claim:
        return claim(of, "count", "set", "branches", value, unit="technology",
                     details={**details, "of": of})  # fmt: skip

    order = found.assign(_sound=_sound(edition, found["group"]))
    by = ["near", "_sound", "density", "group"]
    found = order.sort_values(by, ascending=[False, False, False, True]).drop(columns="_sound")
    values = {
        "region": region, "held": counted("held", len(held)), "n": counted("near", int(found["near"].sum())),
        "ranked": counted("tested", len(found)), "level": claim.parameter("level", LEVEL),
        "fewest": claim.parameter("fewest", THIN), "common": common,
        **_hint(edition, claim, found.iloc[0].to_dict(), "region:inside", details),
    }  # fmt: skip
    # A hint for experts: it says where the like succeed, and recommends nothing.
    yield Text(f"path.branches.{'region' if found['near'].any() else 'region_none'}", values)
    yield Text("path.branches.region_body", {**values, "table": Ref("branches")})
    table = pd.DataFrame(
        {
            "technology": found["group"].map(edition.technology_names),
            "density": found["density"] / 100, "density_expected": found["expected"] / 100,
            "z": found["z"], "q_value": found["q"],
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
    "q_value": "p",
}


def _of_owners(edition: Edition, near: pd.DataFrame, common: str) -> Iterator[Block]:
    study = edition.study
    counts = study.counts(study.owners[["publication_id", "owner", "weight"]], "whole")
    firms = (study.owner_types.reindex(counts.index) != "individual").fillna(value=True)
    fit = firms.to_numpy(dtype=bool) & (counts <= _MOST * study.units).to_numpy()
    fit &= counts.index.isin(list(study.alive_owners))  # who files no more goes nowhere
    counts = leading(counts[fit], _OWNERS)
    specialised = indicators.specialisation(
        study.patents, study.technology_of, study.owners, unit=study.unit
    )
    rest = specialised["group"].isin(study.remainders)
    specialised["rta"] = specialised["rta"].mask(rest, 0.0)
    known = set(specialised["entity"])
    parts = [_next(specialised, owner, near, study.remainders).assign(owner=owner)
             for owner in counts.index if owner in known]  # fmt: skip
    parts = [part for part in parts if len(part)]
    found = _tested(pd.concat(parts, ignore_index=True)) if parts else pd.DataFrame()
    passed = found[found["near"]] if len(found) else found
    if passed.empty:
        raise gap(
            "missing.no_branches", rule=edition.living_owners(), top=len(counts), fewest=_SOLID
        )
    claim = edition.claims("path.branches")
    details = {"facet": "owner", "fewest": _SOLID, "solid": _SOLID, "most": _MOST, "top": _OWNERS}

    def counted(of: str, value: int, unit: str) -> Claim:
        return claim(of, "count", "set", "branches", value, unit=unit,
                     details={**details, "of": of})  # fmt: skip

    order = ["z", "density", "owner", "group"]  # the most surprising first
    passed = passed.sort_values(order, ascending=[False, False, True, True], kind="stable")
    shared = _in_ventures(study, counts)
    own = ~passed["owner"].isin(shared).to_numpy(dtype=bool)
    own &= (passed["count"] >= _LEAST).to_numpy(dtype=bool)  # a filing or two is no beginning
    # Too few to count as an advantage are no lack of one.
    ahead = specialised[specialised["rta"] > 1].set_index(["entity", "group"]).index
    own &= ~pd.MultiIndex.from_frame(passed[["owner", "group"]]).isin(ahead)
    own &= passed["group"].isin(_alive(study)).to_numpy(dtype=bool)
    own &= passed["owner"].isin(_filing(study)).to_numpy(dtype=bool)
    every, passed = passed, passed[np.array(_sound(edition, passed["group"])) & own]
    first = (passed if len(passed) else every).iloc[0].to_dict()
    values = {
        "n": counted("with_near", int(every["owner"].nunique()), "owner"),
        "top": counted("examined", len(counts), "owner"),
        "pairs": counted("tested", len(found), "pair"), "near": counted("near", len(every), "pair"),
        "rule": edition.living_owners(), "first": str(study.owner_names[first["owner"]]), "level": claim.parameter("level", LEVEL),
        "fewest": claim.parameter("fewest", _SOLID), "common": common,
        **_hint(edition, claim, first, f"owner:{first['owner']}", details),
    }  # fmt: skip
    if passed.empty:
        least = claim.parameter("least", _LEAST)
        yield Text("path.branches.owners_unnamed", {**values, "least": least})
        return
    frame = pd.DataFrame(
        {
            "applicant": passed["owner"].map(study.owner_names),
            "technology": passed["group"].map(edition.technology_names),
            "density": passed["density"] / 100, "density_expected": passed["expected"] / 100,
            "z": passed["z"], "q_value": passed["q"], "local_count": passed["count"],
            "state": _told(edition, passed["group"])["state"],
            "basis": [_basis(edition, b) for b in passed["basis"]],
        }
    ).reset_index(drop=True)  # fmt: skip
    yield Text("path.branches.owners", values)
    least = claim.parameter("least", _LEAST)
    if len(frame) == 1:  # the one that is told
        yield Text("path.branches.owners_single", {**values, "least": least})
        yield Text("path.branches.note", values, "note")
        return
    yield Text("path.branches.owners_body", {**values, "table": Ref("branches"), "least": least})
    yield Table("branches", frame.drop(columns="basis"), _FORMS, values,
                Text("path.branches.note", values, "note"), _ROWS, frame)  # fmt: skip


def _alive(study: Study) -> list[str]:
    """Technologies of some size in which there are filings of late and which do not fall behind: no dead end."""
    rows = study.technology_of
    counts, late = _of_late(study, rows["technology"], rows["publication_id"])
    slow: list[str] = []
    if study.relative_growth is not None:
        states = study.emergence.set_index("group")
        behind = (states["late_growth"] < 1) & (states["late_q"] <= LEVEL)
        fell = states["state"].isin(["declining", "slower", "turned"])
        slow = list(states.index[(behind | fell).fillna(value=False).astype(bool)])
    kept = (counts >= _SIZE) & (late >= _SOLID)
    return [str(group) for group in counts.index[kept] if group not in slow]


def _filing(study: Study) -> list[str]:
    """Owners with some filings in the last two years that are complete, or since."""
    rows = study.owners
    _, late = _of_late(study, rows["owner"], rows["publication_id"])
    return [str(owner) for owner in late.index[late >= _LEAST]]


def _of_late(study: Study, keys: pd.Series, ids: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Units by key: all, and those of the last two complete years or since."""
    years = study.patents.publications["application_date"].dt.year
    rows = pd.DataFrame(
        {"key": keys.to_numpy(), "unit": study.unit_ids.reindex(ids).to_numpy(),
         "year": years.reindex(ids).to_numpy()}
    )  # fmt: skip
    whole = rows.groupby("key")["unit"].nunique()
    recent = rows[rows["year"] >= study.recent[1] - 1]
    late = recent.groupby("key")["unit"].nunique().reindex(whole.index).fillna(0)
    return whole, late


def _in_ventures(study: Study, counts: pd.Series) -> list[str]:
    """Owners most of whose publications are of joint ventures: where these go, two decide."""
    rows = facts.ventures(study.patents, study.owner_level)
    if rows.empty:
        return []
    units = (
        study.unit_ids.reindex(rows["publication_id"]).groupby(rows["owner"].to_numpy()).nunique()
    )
    whole = counts.reindex(units.index).fillna(float("inf"))
    return [str(owner) for owner in units.index[2 * units > whole]]


def _sound(edition: Edition, groups: pd.Series) -> list[bool]:
    """Technologies half of whose titles bear their name: a direction that is called by another is none."""
    known = edition.study.well_named
    return [known is None or str(group) in known for group in groups]


def _next(
    specialised: pd.DataFrame, entity: str, near: pd.DataFrame, remainders: frozenset[str]
) -> pd.DataFrame:
    """Ranked next branches, no remainders; no rows where the entity has no advantage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)  # said in words instead
        found = indicators.next_branches(specialised, entity, near, min_count=_SOLID)
    wanted = found["rank"].notna() & ~found["group"].isin(remainders)
    ranked: pd.DataFrame = found[wanted & (found.attrs["advantages"] > 0)]
    ranked = ranked.reset_index(drop=True)
    ranked.attrs = dict(found.attrs)
    return ranked


def _told(edition: Edition, groups: pd.Series) -> dict[str, list[str | None]]:
    """Judgement and leading owner of technologies, to be read beside their nearness."""
    study = edition.study
    states = pd.Series(dtype="str")
    if study.relative_growth is not None:
        states = study.emergence.set_index("group")["state"]
    state = groups.map(states)
    best = study.strength[study.strength["leads"]].drop_duplicates("group")
    leader = groups.map(best.set_index("group")["name"])
    return {
        "state": [None if pd.isna(s) else edition.word(f"state_{s}") for s in state],
        "leader": [None if pd.isna(name) else str(name) for name in leader],
    }


def _basis(edition: Edition, told: str) -> str:
    held = [edition.technology_names[g] for g in told.split("; ") if g]
    return edition.word("separator").join(held)
