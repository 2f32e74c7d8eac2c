"""Part C, what lies near to what one does: next technologies of the region or of the leading owners."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import indicators
from patentnav.errors import CoverageWarning
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_ROWS = 10
_LEAST = 3  # units below which an owner does not lead
_SOLID = 5  # units below which an advantage says nothing
_FAR = 2.0  # standard deviations from chance
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


def _of_region(edition: Edition, near: pd.DataFrame, common: str) -> Iterator[Block]:
    study = edition.study
    specialised = indicators.specialisation(
        study.patents, study.technology_of, study.sides, unit=study.unit
    )
    found = _next(specialised, "local", near, study.remainders)
    region = study.inputs.region
    if found.empty:
        raise gap("missing.no_advantage", region=region, fewest=_SOLID)
    names, close = edition.technology_names, found[found["z"] >= _FAR]
    values = {
        "region": region, "held": found.attrs["advantages"], "n": len(close), "ranked": len(found),
        "far": _FAR, "fewest": _SOLID, "common": common,
        "first": names[(close if len(close) else found)["group"].iloc[0]],
    }  # fmt: skip
    # Nearness is a hint for experts and no finding: it passes no test over all pairs.
    yield Text(f"path.branches.{'region' if len(close) else 'region_none'}", values)
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
        found = _next(specialised, owner, near, study.remainders)
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
    yield Text("path.branches.owners", values)
    yield Text("path.branches.owners_body", {**values, "table": Ref("branches")})
    yield Table("branches", frame.drop(columns="basis"), _FORMS, values,
                Text("path.branches.note", values, "note"), _ROWS, frame)  # fmt: skip


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
