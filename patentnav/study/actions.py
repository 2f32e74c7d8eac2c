"""What to do: courses of technologies, owners and people to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav import counting, planning
from patentnav.study.gaps import gap
from patentnav.study.groups import RECENT

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet


def courses(
    patents: PatentSet,
    growth: pd.DataFrame,
    technology_of: pd.DataFrame,
    local: pd.Series | None,
    unit: Unit,
) -> pd.DataFrame:
    """A course for every technology (:func:`patentnav.planning.courses`)."""
    if growth["growth_index"].isna().all():
        raise gap("missing.growth", years=2 * RECENT)
    if local is None:
        return planning.courses(growth)
    inside = technology_of["publication_id"].map(local).fillna(False).to_numpy(dtype=bool)
    here = technology_of[inside]
    rows = counting.unit_frame(patents, here, unit=unit, counting="fractional")
    own = rows.groupby("group", observed=True)["weight"].sum()
    return planning.courses(growth, own)


def sought(patents: PatentSet, basis: str, last_year: int, local: pd.Series | None) -> pd.Series:
    """Publications in which partners are looked for: recent ones, of owners elsewhere."""
    recent: pd.Series = patents.publications[basis].dt.year > last_year - RECENT
    return recent if local is None else recent & ~local.fillna(False).astype(bool)


def partners(
    owners: pd.DataFrame,
    technology_of: pd.DataFrame,
    courses: pd.DataFrame,
    unit_ids: pd.Series,
    sought: pd.Series,
) -> pd.DataFrame:
    """Owners active where technologies rise (:func:`patentnav.planning.partners`)."""
    return _partners(owners, technology_of, courses, unit_ids, sought)


def partner_people(
    people: pd.DataFrame,
    technology_of: pd.DataFrame,
    courses: pd.DataFrame,
    unit_ids: pd.Series,
    sought: pd.Series,
) -> pd.DataFrame:
    """People active where technologies rise (:func:`patentnav.planning.partners`)."""
    return _partners(people, technology_of, courses, unit_ids, sought)


def _partners(
    members: pd.DataFrame,
    technology_of: pd.DataFrame,
    courses: pd.DataFrame,
    unit_ids: pd.Series,
    sought: pd.Series,
) -> pd.DataFrame:
    wanted = courses.loc[courses["course"].isin(planning.WANTED), "technology"].tolist()
    return planning.partners(
        members, technology_of, technologies=wanted, unit_ids=unit_ids, among=sought
    )
