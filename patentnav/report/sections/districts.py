"""Districts of the region: their parts of patents and output, and where the centres lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import matching
from patentnav.errors import UnavailableError
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section
from patentnav.report.sections.official import needed
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition


@section("match.districts", needs=("parties",))
def districts(edition: Edition) -> Iterator[Block]:
    """Shares of districts in patents and output, and where the centres of both lie."""
    places = needed(edition, "match.districts", "DU", "lon", "lat")
    study = edition.study
    rows = study.districts
    counts = rows.groupby("district")["unit_id"].nunique()
    if counts.empty:
        raise gap("missing.column", table="parties", column="district")
    counts = counts.sort_index().sort_values(ascending=False, kind="stable")
    claim = edition.claims("match.districts")
    first = str(counts.index[0])
    local = study.unit_ids.reindex(study.local_ids).nunique()
    values: dict[str, Any] = {
        "region": study.inputs.region, "district": first,
        "share": claim("share", "share", f"district:{first}", "district_share",
                       counts.iloc[0] / counts.sum(), label=first, unit="ratio", details={"district": first}),
        "known": claim("known", "share", "region:inside", "district_known",
                       rows["unit_id"].nunique() / local, label=study.inputs.region, unit="ratio"),
    }  # fmt: skip
    output, year = _district_output(edition, places)
    if output is not None and first in output.index:
        values["output"] = claim("output", "share", f"district:{first}", "district_output",
                                 float(output[first] / output.sum()), label=first, unit="ratio",
                                 details={"district": first, "year": year})  # fmt: skip
        values["year"] = str(year)
    yield Text(
        "match.districts.finding" if "output" in values else "match.districts.alone",
        values,
        "finding",
    )
    yield from _centres(edition, claim, places, values)
    frame = pd.DataFrame({"district": counts.index, "count": counts.to_numpy(),
                          "share": (counts / counts.sum()).to_numpy()})  # fmt: skip
    forms = {"count": "count", "share": "share"}
    if output is not None:
        frame["output_share"] = (output / output.sum()).reindex(counts.index).to_numpy()
        forms["output_share"] = "share"
    yield Text("match.districts.body", {"table": Ref("districts")})
    yield Table("districts", frame, forms, values, edition.note("whole"), rows=None)


def _district_output(edition: Edition, places: pd.DataFrame) -> tuple[pd.Series | None, int]:
    """Output by district in the last year told; None where there is none."""
    held = edition.study.user_tables
    if "CS" not in held:
        return None, 0
    names = dict(zip(places["region_code"], places["name"], strict=True))
    rows = held["CS"].frame
    rows = rows[rows["region_code"].isin(list(names)) & (rows["indicator"] == "gdp")].dropna(
        subset=["value"]
    )
    if rows.empty:
        return None, 0
    year = int(rows["year"].max())
    last = rows[rows["year"] == year]
    return last.set_index(last["region_code"].map(names))["value"], year


def _centres(
    edition: Edition, claim: ClaimMaker, places: pd.DataFrame, values: dict[str, Any]
) -> Iterator[Block]:
    """How far the centre of patents lies from that of output."""
    study = edition.study
    held = study.user_tables
    if "CS" not in held:
        return
    names = dict(zip(places["region_code"], places["name"], strict=True))
    rows = held["CS"].frame
    rows = rows[rows["region_code"].isin(list(names)) & (rows["indicator"] == "gdp")]
    if rows.empty:
        return
    made = rows.assign(district=rows["region_code"].map(names)).pivot(index="district", columns="year", values="value")  # fmt: skip
    filed = study.districts.dropna(subset=["year"])
    filed = filed[filed["year"] <= study.last_year]
    counts = filed.groupby(["district", "year"])["unit_id"].nunique().unstack("year")
    where = places.set_index("name")[["lon", "lat"]].astype(float)
    try:
        one, other = matching.gravity(counts, where), matching.gravity(made, where)
        told = matching.moves(one, other)
    except UnavailableError as error:
        yield edition.gap(error)
        return
    years = one.index.intersection(other.index)
    said = dict(values)
    said["first_year"] = claim.parameter("first_year", int(years.min()))
    said["last_year"] = claim.parameter("last_year", int(years.max()))
    for name, key in (("distance", "distance"), ("before", "first_distance")):
        said[name] = claim(name, "index", "region:inside", "centre_distance", told[key], unit="km",
                           label=study.inputs.region, details={"first": name == "before"})  # fmt: skip
    yield Text("match.districts.centres", said)
