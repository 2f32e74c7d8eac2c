"""What the largest portfolios hold on a day, under each reading of a target for their contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import counting
from patentnav.facts import cutoff_date
from patentnav.portfolio import cells
from patentnav.portfolio.gate import largest, of_one_owner

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_COUNTED = {"inventions": ("filed", "granted"), "pct": ("application", "family")}
_COLUMNS = {
    "content": "str", "reading": "str", "counted": "str", "portfolios": "Int64",
    "passing": "Int64", "value": "Int64",
}  # fmt: skip


def contents(
    patents: PatentSet, candidates: pd.DataFrame, n: int = 30, *, as_of: Any = None
) -> pd.DataFrame:
    """Inventions and PCT applications of the ``n`` largest portfolios, under each reading.

    "So many inventions in the portfolios" can mean each of them or all together, filed or granted;
    of PCT applications each can be counted, or one a family.

    Parameters
    ----------
    patents
        The set that the candidates were made of.
    candidates
        What :func:`patentnav.portfolio.candidates` returned; alliances are left out.
    n
        Portfolios that are wanted: those of most inventions filed until the day, of which no two
        share a family.
    as_of
        Day; the last one that the set knows of when omitted. A right whose filing is not dated
        counts from its publication on, one whose grant is not dated from the last day of the set on.

    Returns
    -------
    pandas.DataFrame
        Eight rows: ``content`` (``inventions, pct``), ``reading`` (``each, together``), ``counted``
        (``filed, granted``, or ``application, family``), ``portfolios`` looked at, ``passing`` (those
        that hold what the gate asks for), ``value`` (of ``each`` that of the one that holds least, of
        ``together`` the sum, what two share counted once; a lower bound where some rights say
        nothing). NA where the set does not tell, or what it does not tell decides about the gate.

    Raises
    ------
    MissingColumnError
        The candidates lack a column that is needed.
    ArgumentError
        ``n`` is not positive.

    Examples
    --------
    >>> from patentnav import datasets, portfolio
    >>> patents = datasets.city(n=200).patents
    >>> found = contents(patents, portfolio.candidates(patents, owner="party"), n=2)
    >>> found["counted"].unique().tolist()
    ['filed', 'granted', 'application', 'family']
    """
    own = of_one_owner(candidates, ("members", "unit"), n)
    if own.empty:
        return pd.DataFrame(columns=[*_COLUMNS]).astype(_COLUMNS)
    held = own[["portfolio_id", "members"]].explode("members")
    rights = _rights(patents, str(own["unit"].iloc[0]), as_of)
    held = held.join(rights, on="members").drop_duplicates(["portfolio_id", "unit_id"])
    filed = held[held["filed"].fillna(False)].groupby("portfolio_id").size()
    size = filed.reindex(own["portfolio_id"], fill_value=0).to_numpy()
    chosen = largest(own.assign(_n=size, _p=own["pct"]), n)["portfolio_id"]
    least = {"inventions": own["min_inventions"].max(), "pct": own["min_pct"].max()}
    rows = [
        (content, reading, counted, *_counted(held, chosen, counted, int(least[content]), reading))
        for content, ways in _COUNTED.items()
        for reading in ("each", "together")
        for counted in ways
    ]
    return pd.DataFrame(rows, columns=[*_COLUMNS]).astype(_COLUMNS)


def _rights(patents: PatentSet, unit: Any, as_of: Any) -> pd.DataFrame:
    """By publication: unit, and whether it is an invention filed or granted, a PCT filing, that day."""
    known = cells.facts(patents, unit, granted_only=False, alive=None)
    publications, units = patents.publications, counting.unit_ids(patents, unit)
    first = publications["application_date"].fillna(publications["publication_date"])
    first = first.groupby(units).transform("min")
    granted = publications["grant_date"].groupby(units).transform("min")
    last = cutoff_date(patents)
    # A set without any date is taken as it is.
    end = pd.Timestamp.min if last is None else last
    day = end if as_of is None else pd.Timestamp(as_of)
    in_time = (first <= day) | (first.isna() & (day >= end))
    late = granted.fillna(end) > day
    pct = (known["has_pct"] & in_time).mask(~known["told"])
    return pd.DataFrame(
        {
            "unit_id": known["unit_id"],
            "filed": known["filed"] & in_time,
            "granted": known["granted"] & in_time & ~late,
            "pct": pct,
            "application": known["pct_key"].fillna(known["unit_id"]),
            "family": known["family_id"],
        }
    )


def _counted(
    held: pd.DataFrame, chosen: pd.Series, counted: str, least: int, reading: str
) -> tuple[Any, Any, Any]:
    """Portfolios, those with what the gate asks for, and the value; NA where it is not told."""
    rows = held[held["portfolio_id"].isin(chosen)]
    state = counted if counted in _COUNTED["inventions"] else "pct"
    if not len(chosen) or rows[state].isna().all():
        return (pd.NA, pd.NA, pd.NA)
    hit = rows[rows[state].fillna(False).astype(bool)]
    named = hit["unit_id"] if state == counted else hit[counted]
    each = named.groupby(hit["portfolio_id"]).nunique().reindex(chosen, fill_value=0)
    more = rows[state].isna().groupby(rows["portfolio_id"]).sum().reindex(chosen, fill_value=0)
    passing = int((each >= least).sum())
    if reading == "each":
        low, high = int(each.min()), int((each + more).min())
    else:
        low = int(named.nunique())
        high = low + int(more.sum())
    # What is known is told, unless what is not known would decide.
    return (len(chosen), passing, pd.NA if low < least <= high else low)
