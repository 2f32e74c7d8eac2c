"""Part B, the studied region: total, share, rank, course, its owners and what its places rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav.clean import chinese
from patentnav.facts import place_name
from patentnav.planning import THIN
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.collaboration import organisations
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_NAMED = 5  # owners named, of the region and of unknown place
_LEAST = 3  # units of an owner that is named


@section("position.region", needs=("parties",))
def region(edition: Edition) -> Iterator[Block]:
    """Total, share, rank and trend of the studied region, and what its places rest on."""
    study = edition.study
    if not study.inputs.region:
        return
    counts = study.place_units
    claim = edition.claims("position.region")
    sides = _sides(edition)
    own, known = int(sides.sum()), len(sides)
    name = place_name(study.inputs.region, study.region_level)
    others = counts[~counts.index.str.casefold().str.startswith(name.casefold())]
    subject, more = "region:inside", {"label": study.inputs.region, "rule": "whole"}
    values = {
        "region": study.inputs.region, "unit": edition.unit_word,
        "count": claim("count", "count", subject, "units", own, evidence=(f"places/{study.inputs.region}/count",), **more),
        "share": claim("share", "share", subject, "share_of_known", own / known, unit="ratio",
                       details={"facet": "region"}, **more),
        "known": claim("known", "count", "set", "known_units", known,
                       details={"facet": "region"}),
        "rank": claim("rank", "rank", subject, "region_rank", 1 + int((others > own).sum()),
                      unit="place", **more),
        "places": claim("places", "count", "set", "places", 1 + len(others), unit="place"),
        "fewest": claim.parameter("fewest", THIN),
    }  # fmt: skip
    few = own < THIN
    # First of one says nothing.
    key = "few" if few else "finding" if len(others) else "alone"
    yield Text(f"position.region.{key}", values, "finding")
    if not few:
        yield from _trend_of_region(edition, claim, values)
    yield from _inferred(edition, claim, values)
    yield from _owners(edition, claim, values)
    if others.empty:
        return
    table = pd.concat([pd.Series({study.inputs.region: own}), others])
    table = table.sort_values(ascending=False, kind="stable")
    frame = pd.DataFrame(
        {"rank": table.rank(method="min", ascending=False).astype("int64").to_numpy(),
         "place": table.index, "count": table.to_numpy(), "share": (table / known).to_numpy()}
    )  # fmt: skip
    yield Text("position.region.body", {**values, "table": Ref("places")})
    yield Table("places", frame, {"rank": "count", "count": "count", "share": "share"}, values,
                edition.note("whole"), rows=TOP)  # fmt: skip


def _sides(edition: Edition) -> pd.Series:
    """Whether each unit of known place is the region's."""
    study = edition.study
    if study.local is None:
        raise gap("missing.region")
    known = study.local.dropna().astype(bool)
    return known.groupby(study.unit_ids.reindex(known.index).to_numpy()).any()


def _trend_of_region(
    edition: Edition, claim: ClaimMaker, values: dict[str, Any]
) -> Iterator[Block]:
    """Units of the region in the recent years and the years before."""
    study = edition.study
    sides = _sides(edition)
    years = study.unit_years.reindex(sides.index[sides])
    last = study.last_year
    now, before = (last - RECENT + 1, last), (last - 2 * RECENT + 1, last - RECENT)
    recent = int(years.between(*now).sum())
    earlier = int(years.between(*before).sum())
    if recent + earlier < THIN or not recent or not earlier:
        return
    direction = (recent > earlier) - (recent < earlier)
    subject, label = "region:inside", study.inputs.region
    told = {
        **values, "start": claim.parameter("start", now[0]), "end": claim.parameter("end", now[1]),
        "before_start": claim.parameter("before_start", before[0]),
        "before_end": claim.parameter("before_end", before[1]),
        "now": claim("now", "trend", subject, "units", recent, label=label, window=now,
                     rule="whole", direction=direction, baseline_value=float(earlier),
                     details={"course_of": "recent years"}),
        "before": claim("before", "count", subject, "units", earlier, label=label, window=before,
                        rule="whole"),
    }  # fmt: skip
    word = {1: "more", -1: "fewer", 0: "same"}[direction]
    yield Text(f"position.region.{word}", told, "finding")


def _inferred(edition: Edition, claim: ClaimMaker, values: dict[str, Any]) -> Iterator[Block]:
    """What the places rest on, where it is not what the source says."""
    told = edition.study.inferred_places
    if not len(told) or not (told == "name").any():
        return
    share = claim("inferred", "share", "set", "inferred_share", float((told == "name").mean()),
                  unit="ratio")  # fmt: skip
    every = "_all" if (told == "name").all() else ""
    yield Text(f"position.region.inferred{every}", {**values, "inferred": share}, "note")


def _owners(edition: Edition, claim: ClaimMaker, values: dict[str, Any]) -> Iterator[Block]:
    """The leading owners of the region, and the largest that no place has for want of one."""
    study = edition.study
    sizes = study.distinct(organisations(study), "owner")
    sizes = sizes[sizes >= _LEAST]
    inside = study.region_owners.reindex(sizes.index)
    own = sizes[inside.fillna(False).astype(bool)].head(_NAMED)
    if len(own):
        yield Text("position.region.owners", {**values, "names": _listed(edition, claim, own)})
    # A firm that mostly files in another script is not expected to name a place of this country.
    native = _written_in_chinese(edition).reindex(sizes.index, fill_value=False)
    silent = sizes[inside.isna() & native].head(_NAMED)
    told = study.inferred_places
    if len(silent) and len(told) and (told == "name").any():
        yield Text("position.region.unplaced", {**values, "names": _listed(edition, claim, silent)})


def _written_in_chinese(edition: Edition) -> pd.Series:
    """Whether most entries of an owner are written in Chinese."""
    study = edition.study
    held = facts.holders(study.patents)
    written = held["name_raw"].map(chinese.has_cjk, na_action="ignore").astype("boolean")
    owner = facts.party_ids(held, study.owner_level)
    return written.groupby(owner.to_numpy()).mean().gt(0.5).fillna(False).astype("bool")


def _listed(edition: Edition, claim: ClaimMaker, sizes: pd.Series) -> Text:
    """Owners with their units, joined."""
    joined: Text | None = None
    for owner, count in sizes.items():
        label = str(edition.study.owner_names[str(owner)])
        units = claim(f"owner.{owner}", "count", f"owner:{owner}", "units", int(count),
                      label=label, rule="whole")  # fmt: skip
        one = Text("position.region.owner", {"name": label, "count": units, "piece": edition.piece})
        joined = one if joined is None else Text("findings.joined", {"one": joined, "other": one})
    if joined is None:
        msg = "There is no owner to list."
        raise ValueError(msg)
    return joined
