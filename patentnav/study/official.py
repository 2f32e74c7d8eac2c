"""What the user's own tables say: the region's code, the panel of cities, targets and their states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from patentnav import kpi
from patentnav import tables as user
from patentnav.errors import UnavailableError
from patentnav.study.gaps import gap
from patentnav.study.reads import UserTables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.study.steps import Later
    from patentnav.tables import UserTable
    from patentnav.taxonomy import Taxonomy


class Home(NamedTuple):
    """The studied region as the user's tables call it."""

    code: str
    name: str


def user_tables(tables: Mapping[str, Any] | None, tree: Taxonomy) -> dict[str, UserTable]:
    """The user's tables, read and checked against each other (:func:`patentnav.tables.read_all`)."""
    if not tables:
        return UserTables()
    return UserTables(user.read_all(tables, industries=tree.nodes))


def home(user_tables: dict[str, UserTable], region: str) -> Home:
    """The studied region in the table of cities.

    Raises
    ------
    UnavailableError
        No region is studied, there is no such table, or the region is not in it.
    """
    if not region:
        raise gap("missing.region")
    if "CS" not in user_tables:
        raise gap("missing.no_table", user_table="CS")
    rows = user_tables["CS"].frame.drop_duplicates("region_code")
    rows = rows[~rows["region_code"].isin(list(_districts(user_tables)))]
    for test in (_equal, _starts):
        for code, name in rows[["region_code", "region"]].itertuples(index=False, name=None):
            if test(region, code, name):
                return Home(str(code), str(name))
    raise gap("missing.not_in_table", user_table="CS", region=region)


def _districts(user_tables: dict[str, UserTable]) -> set[str]:
    """Codes of districts, which are no cities."""
    return set(user_tables["DU"].frame["region_code"]) if "DU" in user_tables else set()


def _equal(region: str, code: str, name: str) -> bool:
    return region in {code, name}


def _starts(region: str, _code: str, name: str) -> bool:
    return name.startswith(region) or region.endswith(name)


def statistics(user_tables: dict[str, UserTable]) -> pd.DataFrame:
    """Indicators of cities: rows ``region_code, year``, a column per indicator, NA where not told.

    Raises
    ------
    UnavailableError
        There is no table of cities.
    """
    if "CS" not in user_tables:
        raise gap("missing.no_table", user_table="CS")
    rows = user_tables["CS"].frame.dropna(subset=["value"])
    rows = rows[~rows["region_code"].isin(list(_districts(user_tables)))]
    panel = rows.pivot(index=["region_code", "year"], columns="indicator", values="value")
    return panel.sort_index()


def city_names(user_tables: dict[str, UserTable]) -> pd.Series:
    """Name by code of the cities in the table CS; empty without it."""
    if "CS" not in user_tables:
        return pd.Series(dtype="str")
    rows = user_tables["CS"].frame
    return rows.drop_duplicates("region_code", keep="last").set_index("region_code")["region"]


def targets(user_tables: dict[str, UserTable]) -> pd.DataFrame:
    """Targets: the user's table KT, else those of the data file."""
    return user_tables["KT"].frame if "KT" in user_tables else kpi.targets()


def as_of_day(
    user_tables: dict[str, UserTable], as_of: Any, cutoff: pd.Timestamp | None
) -> pd.Timestamp:
    """Day on which the targets are judged: as chosen, else the end of the last period reported.

    Raises
    ------
    UnavailableError
        No day is given, nothing is reported and the set has no date.
    """
    if as_of is not None:
        return pd.Timestamp(as_of)
    if "KA" in user_tables and len(user_tables["KA"].frame):
        return max(kpi.last_day(str(p)) for p in user_tables["KA"].frame["period"])
    if cutoff is None:
        raise gap("missing.dates")
    return cutoff


def states(
    targets: pd.DataFrame, user_tables: dict[str, UserTable], as_of_day: pd.Timestamp
) -> pd.DataFrame:
    """State of every target (:func:`patentnav.kpi.evaluate`)."""
    actuals = user_tables["KA"].frame if "KA" in user_tables else None
    return kpi.evaluate(targets, actuals, as_of_day)


def proved(
    targets: pd.DataFrame, contents: Later[pd.DataFrame], as_of_day: pd.Timestamp
) -> pd.DataFrame:
    """What the set itself proves of targets (:func:`patentnav.kpi.proved`); empty where it tells nothing."""
    try:
        return kpi.proved(targets, contents(), as_of_day)
    except UnavailableError:
        return kpi.proved(targets.head(0), None, as_of_day)


def read_otherwise(
    targets: pd.DataFrame,
    user_tables: dict[str, UserTable],
    as_of_day: pd.Timestamp,
    proved: pd.DataFrame,
) -> pd.DataFrame:
    """States under each reading of an ambiguous target (:func:`patentnav.kpi.readings`).

    What the user reports stands; readings of which nothing is reported are told from the set, as far
    as patents prove them.
    """
    actuals = user_tables["KA"].frame if "KA" in user_tables else None
    if actuals is None or proved.empty:
        return kpi.readings(targets, actuals, as_of_day)
    told = set(zip(actuals["kpi"], actuals["reading"].fillna(""), strict=True))
    own = [key not in told for key in zip(proved["kpi"], proved["reading"], strict=True)]
    return kpi.readings(targets, pd.concat([actuals, proved[own]]), as_of_day)
