"""Profiles of people: output, fields, years, owners, co-inventors, impact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import counting, facts, indicators
from patentnav._memo import shared
from patentnav.counting import most_frequent
from patentnav.errors import MissingColumnError
from patentnav.talent.masking import masks, shown

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

MIN_RECORDS = 5


@shared
def people(patents: PatentSet, unit: Unit | None = None) -> pd.DataFrame:
    """One row per person and counted unit.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``inventor_id, name, unit_id, publication_id`` (the unit's first), ``weight`` (one divided
        by the unit's people), ``date`` (application date, else publication date), ``confidence``.

    Raises
    ------
    MissingColumnError
        The inventors are not resolved.
    """
    if not patents.has("inventors", "inventor_id"):
        msg = "The set has no inventor_id. Run clean.resolve_inventors first."
        raise MissingColumnError(msg)
    rows = patents.inventors.dropna(subset=["inventor_id"])
    publications = patents.publications
    date = publications["application_date"].fillna(publications["publication_date"])
    rows = rows.assign(
        unit_id=counting.unit_ids(patents, unit).reindex(rows["publication_id"]).to_numpy(),
        date=date.reindex(rows["publication_id"]).to_numpy(),
    )
    rows = rows.sort_values(["inventor_id", "date", "publication_id"], kind="stable")
    rows = rows.drop_duplicates(["inventor_id", "unit_id"])
    size = rows.groupby("unit_id")["inventor_id"].transform("size")
    columns = ["inventor_id", "name", "unit_id", "publication_id", "weight", "date", "confidence"]
    return rows.assign(weight=1 / size)[columns].reset_index(drop=True)


def profiles(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_count: int = MIN_RECORDS,
    masked: bool = False,
) -> pd.DataFrame:
    """What the filings say of every person.

    Parameters
    ----------
    patents
        A set with resolved inventors; resolved parties, classifications and citations add columns.
    unit
        Counted unit; the configured one when omitted.
    min_count
        Below this number of units only counts are given.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``inventor_id``, most units first: ``name, units, output`` (fractional count),
        ``first_year, last_year, years_active`` (years with a filing), ``coinventors``,
        ``enough`` (at least ``min_count`` units), ``main_field`` (IPC or CPC subclass of most
        units), ``field_share``, ``main_owner, owner_share, owners`` (number of groups),
        ``region`` (of the main owner's filings), ``impact`` (mean of the citations received
        relative to the set's filings of the same field and year; 1 is usual), ``impact_units``
        (units it rests on), ``confidence`` (lowest of the identity). Not known is NA.
    """
    rows = people(patents, unit)
    groups = rows.groupby("inventor_id")
    table = pd.DataFrame(
        {
            "name": most_frequent(rows, "inventor_id", "name"),
            "units": groups.size(),
            "output": groups["weight"].sum(),
            "first_year": groups["date"].min().dt.year.astype("Int64"),
            "last_year": groups["date"].max().dt.year.astype("Int64"),
            "years_active": rows["date"].dt.year.groupby(rows["inventor_id"]).nunique(),
            "coinventors": _coinventors(rows),
        }
    )
    table["enough"] = table["units"] >= min_count
    enough = table["enough"]
    field, field_share, _ = _main(rows, _fields(patents))
    table["main_field"] = field.reindex(table.index)
    table["field_share"] = field_share.reindex(table.index)
    owned = owners(patents)
    owner, owner_share, number = _main(rows, owned.rename(columns={"owner": "value"}))
    table["main_owner"] = owner.reindex(table.index)
    table["owner_share"] = owner_share.reindex(table.index)
    table["owners"] = number.reindex(table.index).astype("Int64")
    table["region"] = _main(rows, _regions(owned))[0].reindex(table.index)
    impact = _impact(patents).reindex(rows["publication_id"]).to_numpy()
    known = pd.Series(impact, index=rows["inventor_id"]).groupby(level=0)
    table["impact"] = known.mean().reindex(table.index).where(enough)
    table["impact_units"] = known.count().reindex(table.index).astype("Int64")
    table["confidence"] = groups["confidence"].min()
    judged = ["field_share", "owner_share"]
    table[judged] = table[judged].where(enough)
    order = np.lexsort((table.index.to_numpy(), -table["output"], -table["units"]))
    return shown(table.iloc[order], patents, masked=masked)


def coinventors(
    patents: PatentSet, unit: Unit | None = None, *, masked: bool = False
) -> pd.DataFrame:
    """Who filed with whom.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    unit
        Counted unit; the configured one when omitted.
    masked
        Replace ids by numbers.

    Returns
    -------
    pandas.DataFrame
        ``inventor_id, coinventor_id, units`` (filed together), ``first_year, last_year`` (of
        these); every pair in both directions, most units first.
    """
    pairs = _pairs(people(patents, unit))
    pairs = pairs.rename(columns={"inventor_id_co": "coinventor_id"})
    groups = pairs.groupby(["inventor_id", "coinventor_id"])
    table = pd.DataFrame(
        {
            "units": groups["unit_id"].nunique(),
            "first_year": groups["date"].min().dt.year.astype("Int64"),
            "last_year": groups["date"].max().dt.year.astype("Int64"),
        }
    ).reset_index()
    order = ["inventor_id", "units", "coinventor_id"]
    table = table.sort_values(order, ascending=[True, False, True], ignore_index=True)
    if masked:
        code = masks(patents)
        for column in ("inventor_id", "coinventor_id"):
            table[column] = table[column].map(code)
    return table


@shared
def owners(patents: PatentSet) -> pd.DataFrame:
    """Owners of publications at the level of the group.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, owner`` (name of the group's most frequent party), ``group_id, region,
        city``; the current owner where the source says it, else applicants. People who own their
        own filings are left out; a set without parties gives no rows.
    """
    columns = ["publication_id", "owner", "group_id", "region", "city"]
    if not patents.has("parties"):
        return pd.DataFrame({c: pd.Series(dtype="str") for c in columns})
    held = facts.holder_places(patents)
    held = held[(held["party_type"] != "individual").fillna(True)]
    named = facts.owners(patents, "group", which="all", individuals=False)
    label = named.drop_duplicates("owner").set_index("owner")["name"]
    group = facts.party_ids(held, "group")
    rows = held.assign(owner=group.map(label), group_id=group)
    return rows[columns].drop_duplicates(["publication_id", "owner"]).reset_index(drop=True)


def _coinventors(rows: pd.DataFrame) -> pd.Series:
    pairs = _pairs(rows).drop_duplicates(["inventor_id", "inventor_id_co"])
    found = pairs.groupby("inventor_id").size()
    return found.reindex(rows["inventor_id"].unique(), fill_value=0)


def _pairs(rows: pd.DataFrame) -> pd.DataFrame:
    both = rows[["unit_id", "inventor_id", "date"]].merge(
        rows[["unit_id", "inventor_id", "name"]], on="unit_id", suffixes=("", "_co")
    )
    return both[both["inventor_id"] != both["inventor_id_co"]]


def _main(rows: pd.DataFrame, values: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Most frequent value of every person, its share of the person's units, number of values."""
    joined = rows.merge(values[["publication_id", "value"]].dropna(), on="publication_id")
    counts = joined.groupby(["inventor_id", "value"])["unit_id"].nunique().reset_index(name="n")
    counts = counts.sort_values(["inventor_id", "n", "value"], ascending=[True, False, True])
    number = counts.groupby("inventor_id").size()
    best = counts.drop_duplicates("inventor_id").set_index("inventor_id")
    units = rows.groupby("inventor_id").size()
    return best["value"], best["n"] / units.reindex(best.index), number


def _fields(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("classifications"):
        return pd.DataFrame(
            {"publication_id": pd.Series(dtype="str"), "value": pd.Series(dtype="str")}
        )
    classes = patents.classifications
    classes = classes[classes["scheme"].isin(["IPC", "CPC"])]
    field = classes.assign(value=classes["symbol"].str.extract(r"^([A-HY]\d{2}[A-Z])")[0])
    return field[["publication_id", "value"]].dropna().drop_duplicates()


def _regions(owned: pd.DataFrame) -> pd.DataFrame:
    return owned.rename(columns={"region": "value"}).drop_duplicates(["publication_id", "value"])


def _impact(patents: PatentSet) -> pd.Series:
    if not patents.has("citations"):
        return pd.Series(np.nan, index=patents.publications.index)
    return indicators.compute(patents, ["technology_relevance"])["technology_relevance"]
