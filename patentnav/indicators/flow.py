"""Where inventions come from and where protection is sought: origin and target of every unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources
from patentnav._memo import shared
from patentnav._strings import among
from patentnav.config import get_config
from patentnav.counting import unit_ids
from patentnav.facts import family_members, holder_places

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

PCT = "WO"  # a route, no office of its own that grants
_MONTH = 30.436875  # days


@shared
def origins(patents: PatentSet, unit: Unit | None = None) -> pd.DataFrame:
    """Country or office from which every unit comes.

    The office of the first priority (an application that claims none is its own first one where
    the source says so); where no priority is told, the country of the first owner that has one.
    The PCT is no origin. Places that were read from names do not count, as they tell the domestic
    owners only.

    Parameters
    ----------
    patents
        The set.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``unit_id``: ``origin`` (WIPO ST.3 code), ``told_by`` (``priority`` or
        ``owner``) and ``first_date`` (of the first priority, NaT where not told). Units whose
        origin is not told are left out.
    """
    units = unit_ids(patents, unit)
    told = [_by_priority(patents), _by_owner(patents)]
    rows = pd.concat([part for part in told if len(part)] or told[:1], ignore_index=True)
    rows = rows.assign(unit_id=units.reindex(rows["publication_id"]).to_numpy())
    rows["rank"] = (rows["told_by"] == "owner").astype("int64")
    rows = rows.sort_values(["unit_id", "rank", "first_date", "position", "origin"], kind="stable")
    first = rows.drop_duplicates("unit_id").set_index("unit_id")
    return first[["origin", "told_by", "first_date"]]


def _by_priority(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("priorities"):
        return _rows(pd.DataFrame(columns=["publication_id", "origin", "date"]), "priority")
    table = patents.priorities
    offices = {row["code"] for row in _resources.load_csv("vocabularies", "st3")} - {PCT, "IB"}
    spelled = table["priority_number"].str.slice(0, 2)
    office = table["authority"].fillna(spelled.where(spelled.isin(offices)))
    rows = table[["publication_id", "date"]].assign(origin=office.where(office.isin(offices)))
    return _rows(rows.dropna(subset="origin"), "priority")


def _by_owner(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("parties", "country"):
        return _rows(pd.DataFrame(columns=["publication_id", "origin", "date"]), "owner")
    held = holder_places(patents).dropna(subset="country")
    held = held[held["place_source"] != "name"] if len(held) else held
    rows = held[["publication_id", "position"]].assign(origin=held["country"])
    return _rows(rows, "owner")


def _rows(rows: pd.DataFrame, told_by: str) -> pd.DataFrame:
    undated = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    return pd.DataFrame(
        {
            "publication_id": rows["publication_id"].astype("str"),
            "origin": rows["origin"].astype("str"),
            "told_by": told_by,
            "first_date": rows["date"].astype("datetime64[us]") if "date" in rows else undated,
            "position": rows.get("position", 0),
        }
    )


@shared
def targets(patents: PatentSet, unit: Unit | None = None) -> pd.DataFrame:
    """Offices at which every unit was filed, as far as the set tells.

    Parameters
    ----------
    patents
        The set.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``unit_id, target, family``: one row per unit and office (``WO`` is the PCT), of its
        publications and, where families are listed, of their members. ``family``: whether the
        family of the unit is listed, without which offices outside the set are not known.
    """
    units = unit_ids(patents, unit)
    own = patents.publications["authority"].dropna()
    rows = pd.DataFrame({"publication_id": own.index, "target": own.to_numpy()})
    listed: set[str] = set()
    if patents.has("families"):
        members = family_members(patents)
        listed = set(units.reindex(members["publication_id"].unique()))
        more = members[["publication_id", "authority"]].rename(columns={"authority": "target"})
        rows = pd.concat([rows, more], ignore_index=True)
    rows["unit_id"] = units.reindex(rows["publication_id"]).to_numpy()
    rows = rows[["unit_id", "target"]].drop_duplicates()
    rows["family"] = rows["unit_id"].isin(listed)
    return rows.sort_values(["unit_id", "target"], ignore_index=True)


def flow(patents: PatentSet, unit: Unit | None = None) -> pd.DataFrame:
    """Units by origin and target.

    Parameters
    ----------
    patents
        The set.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``origin, target, count``, most first: a unit counts once in every office where it was
        filed, so a row of the matrix adds up to more than its units. ``attrs``: ``unit``, ``known``
        (units whose origin is told), ``units`` (all).

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> patents = pnav.PatentSet.from_tables({
    ...     "publications": pd.DataFrame({"authority": ["CN", "US", "US"]},
    ...                                  index=["CN1A", "US2A", "US3A"]),
    ...     "priorities": pd.DataFrame({"publication_id": ["CN1A", "US2A", "US3A"],
    ...                                 "priority_number": ["CN1", "CN1", "US9"]})})
    >>> flow(patents, "publication").to_numpy().tolist()
    [['CN', 'CN', 1], ['CN', 'US', 1], ['US', 'US', 1]]
    """
    known = origins(patents, unit)
    rows = targets(patents, unit).merge(known["origin"].rename_axis("unit_id").reset_index(),
                                        on="unit_id")  # fmt: skip
    counts = rows.groupby(["origin", "target"])["unit_id"].nunique().rename("count").reset_index()
    counts = counts.sort_values(
        ["count", "origin", "target"], ascending=[False, True, True], ignore_index=True
    )
    counts.attrs = {
        "unit": unit or get_config().unit,
        "known": len(known),
        "units": int(unit_ids(patents, unit).nunique()),
    }
    return counts


def origin_profile(patents: PatentSet, unit: Unit | None = None) -> pd.DataFrame:
    """What every origin files elsewhere, and how soon.

    Parameters
    ----------
    patents
        The set.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``origin, count, share`` (of the units whose origin is told), ``listed`` (units whose family
        is listed), ``home_only, home_only_share`` (of these, filed at no other office, the PCT
        included; NA where no family is listed), ``offices`` (mean per listed unit, without the
        PCT), ``abroad`` (filings of the set at other offices that have both dates) and
        ``lag_months`` (median from the first priority to the filing there; NA below one), most
        units first.
    """
    known = origins(patents, unit)
    where = targets(patents, unit)
    where = where[among(where["unit_id"], known.index)]
    where = where.assign(origin=known["origin"].reindex(where["unit_id"]).to_numpy())
    elsewhere = where["target"] != where["origin"]
    by_unit = where.assign(away=elsewhere, office=where["target"] != PCT).groupby("unit_id")
    units = by_unit.agg(family=("family", "any"), away=("away", "any"), offices=("office", "sum"))
    units["origin"] = known["origin"].reindex(units.index)
    listed = units[units["family"]]
    counts = known.groupby("origin").size()
    frame = pd.DataFrame({"count": counts, "share": counts / max(len(known), 1)})
    frame["listed"] = listed.groupby("origin").size()
    frame["home_only"] = (~listed["away"]).astype("int64").groupby(listed["origin"]).sum()
    frame["home_only_share"] = frame["home_only"] / frame["listed"]
    frame["offices"] = listed.groupby("origin")["offices"].mean()
    lags = _lags(patents, known, unit).groupby("origin")["months"]
    frame["abroad"], frame["lag_months"] = lags.size(), lags.median()
    for column in ("listed", "home_only", "abroad"):
        frame[column] = frame[column].astype("Int64")
    frame["listed"], frame["abroad"] = frame["listed"].fillna(0), frame["abroad"].fillna(0)
    frame = frame.rename_axis("origin").reset_index()
    return frame.sort_values(["count", "origin"], ascending=[False, True], ignore_index=True)


def _lags(patents: PatentSet, known: pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    """Months from first priority to filing, of publications at another office than the origin."""
    publications = patents.publications
    units = unit_ids(patents, unit)
    first = known.reindex(units.to_numpy())
    days = publications["application_date"].to_numpy() - first["first_date"].to_numpy()
    rows = pd.DataFrame(
        {
            "origin": first["origin"].to_numpy(),
            "office": publications["authority"].to_numpy(),
            "months": pd.Series(days).dt.days.to_numpy() / _MONTH,
        }
    ).dropna()
    away = (rows["office"] != rows["origin"]) & (rows["office"] != PCT) & (rows["months"] >= 0)
    return rows[away]
