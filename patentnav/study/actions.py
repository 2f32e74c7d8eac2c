"""What to do: courses of technologies, owners and people to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav import planning
from patentnav.study.gaps import gap
from patentnav.study.groups import RECENT

if TYPE_CHECKING:
    import pandas as pd


def standing(
    technology_of: pd.DataFrame, local: pd.Series | None, unit_ids: pd.Series
) -> pd.DataFrame | None:
    """The region in every technology against the places elsewhere; None where none can be told.

    A unit is the region's where any of its owners lies inside, and counts for nobody where no owner
    says a place (:func:`patentnav.planning.standing`).
    """
    if local is None:
        return None
    return standing_in(technology_of, "technology", local, unit_ids)


def standing_in(
    members: pd.DataFrame, by: str, local: pd.Series, unit_ids: pd.Series
) -> pd.DataFrame:
    """The region in every group of a membership table, its column ``by`` named ``technology``."""
    rows = members[["publication_id", by]].assign(
        unit_id=unit_ids.reindex(members["publication_id"]).to_numpy(),
        inside=local.reindex(members["publication_id"]).to_numpy(),
    )
    rows = rows.dropna(subset=["inside", by])
    inside = rows["inside"].astype(bool).groupby(rows["unit_id"]).transform("any")
    pairs = rows.assign(inside=inside).drop_duplicates(["unit_id", by])
    counts = {
        side: pairs[pairs["inside"] == side].groupby(by, observed=True).size()
        for side in (True, False)
    }
    units = pairs.drop_duplicates("unit_id")["inside"].value_counts()
    return planning.standing(
        counts[True],
        counts[False],
        own_total=int(units.get(True, 0)),
        rest_total=int(units.get(False, 0)),
    )


def courses(
    emergence: pd.DataFrame,
    standing: pd.DataFrame | None,
    remainders: frozenset[str],
    word_rises: pd.DataFrame,
) -> pd.DataFrame:
    """A course for every technology (:func:`patentnav.planning.courses`).

    A rise that the words of the technology do not share is none to act on.
    """
    apart = emergence["group"].isin(word_rises.index[~word_rises["rose"].astype(bool)])
    emergence = emergence.assign(state=emergence["state"].mask(apart, "steady"))
    judged = emergence.rename(columns={"group": "technology"})
    if (judged["state"] == "too_few").all():
        raise gap("missing.growth", years=2 * RECENT)
    return planning.courses(judged, standing, remainders=remainders)


def sought(unit_ids: pd.Series, unit_years: pd.Series, last_year: int,
           local: pd.Series | None) -> pd.Series:  # fmt: skip
    """Publications in which partners are looked for: of the recent full years, of owners elsewhere."""
    years = unit_ids.map(unit_years)
    recent: pd.Series = years.between(last_year - RECENT + 1, last_year).fillna(False).astype(bool)
    return recent if local is None else recent & ~local.fillna(False).astype(bool)


def firms(owners: pd.DataFrame, owner_types: pd.Series) -> pd.DataFrame:
    """Owners that are no persons; those of unknown type are in."""
    persons = owner_types.index[(owner_types == "individual").fillna(False).astype(bool)]
    return owners[~owners["owner"].isin(persons)]


def partners(
    *,
    firms: pd.DataFrame,
    technology_of: pd.DataFrame,
    courses: pd.DataFrame,
    unit_ids: pd.Series,
    sought: pd.Series,
    alive_owners: frozenset[str],
) -> pd.DataFrame:
    """Living firms active where technologies rise (:func:`patentnav.planning.partners`).

    An owner of more than half of all units is what the set is about and no partner to look for;
    ``attrs["subject"]``: its id, empty where there is none.
    """
    wanted = courses.loc[courses["wanted"], "technology"].tolist()
    held = firms.assign(unit_id=unit_ids.reindex(firms["publication_id"]).to_numpy())
    size = held.groupby("owner")["unit_id"].nunique()
    subject = next(iter(size.index[2 * size > unit_ids.nunique()]), "")
    found = planning.partners(
        firms[firms["owner"] != subject], technology_of, technologies=wanted, unit_ids=unit_ids,
        among=sought, alive=alive_owners,
    )  # fmt: skip
    found.attrs["subject"] = subject
    return found


def partner_people(
    people: pd.DataFrame,
    technology_of: pd.DataFrame,
    courses: pd.DataFrame,
    unit_ids: pd.Series,
    sought: pd.Series,
) -> pd.DataFrame:
    """People active where technologies rise (:func:`patentnav.planning.partners`)."""
    wanted = courses.loc[courses["wanted"], "technology"].tolist()
    return planning.partners(
        people, technology_of, technologies=wanted, unit_ids=unit_ids, among=sought
    )
