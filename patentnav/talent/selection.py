"""People to look at for a task: candidates per industry branch inside and outside a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.talent.masking import shown
from patentnav.talent.people import MIN_RECORDS, people, profiles
from patentnav.talent.pool import residents

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet


def candidates(
    patents: PatentSet,
    memberships: pd.DataFrame,
    region: str,
    *,
    unit: Unit | None = None,
    min_count: int = MIN_RECORDS,
    masked: bool = False,
) -> pd.DataFrame:
    """People to look at for every industry branch, inside and outside a region.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    memberships
        ``publication_id, industry, weight``, e.g. of :func:`patentnav.classify.memberships`.
    region
        The studied area (:func:`patentnav.facts.inside`).
    unit, min_count, masked
        As in :func:`profiles`.

    Returns
    -------
    pandas.DataFrame
        ``industry, rank, inventor_id, name, units`` (in the industry), ``output`` (fractional,
        weighted by the membership), ``last_year, main_owner, inside`` (most filings are of owners
        in the region; NA where no filing says its region), ``impact``. People with fewer than
        ``min_count`` units in the set are left out: too little is known of them.
    """
    rows = people(patents, unit)
    table = profiles(patents, unit, min_count=min_count)
    table = table[table["enough"]]
    joined = rows.merge(
        memberships[["publication_id", "industry", "weight"]],
        on="publication_id",
        suffixes=("", "_industry"),
    )
    joined = joined[joined["inventor_id"].isin(table.index)]
    joined = joined.assign(output=joined["weight"] * joined["weight_industry"])
    found = joined.groupby(["industry", "inventor_id"]).agg(
        units=("unit_id", "nunique"), output=("output", "sum")
    )
    found = found.reset_index()
    about = table[["name", "last_year", "main_owner", "impact"]]
    found = found.join(about, on="inventor_id").join(
        residents(patents, region, unit), on="inventor_id"
    )
    found = found.sort_values(["industry", "output", "inventor_id"], ascending=[True, False, True])
    found["rank"] = found.groupby("industry").cumcount() + 1
    columns = [
        "industry",
        "rank",
        "inventor_id",
        "name",
        "units",
        "output",
        "last_year",
        "main_owner",
        "inside",
        "impact",
    ]
    return shown(found[columns].reset_index(drop=True), patents, masked=masked)
