"""Which rights end soon and which ended lately: when at the latest, in which technology, whose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav._strings import among
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError
from patentnav.facts import cutoff_date, end_dates, expiry_dates, grant_dates

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

ENDED = ("lapsed", "expired", "ceased", "revoked")
ENDINGS = ("ending", "lasting", "overdue", "undated", "ended", "ended_before", "ended_undated")
_YEARS = 3


def endings(
    patents: PatentSet,
    *,
    now: pd.Timestamp | None = None,
    ahead: int = _YEARS,
    back: int = _YEARS,
) -> pd.DataFrame:
    """When the right of every publication ends or ended, as far as that can be told.

    Parameters
    ----------
    patents
        The set.
    now
        Day from which is counted; the last day the set knows of when omitted.
    ahead, back
        Years that are near, ahead and back.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``, only granted rights (in force, or ended after their grant:
        ``lapsed, expired, revoked``, and ``ceased`` where a grant of the application is known, for
        applications are abandoned, too; a refused or withdrawn one never was a right):

        - ``state``: ``ending`` (in force, its longest term ends within ``ahead`` years), ``lasting``
          (later), ``overdue`` (in force by the export although the term is over: the export is
          older than it says, or the term was extended), ``undated`` (in force, end not known);
          ``ended`` (within the last ``back`` years; without a date, too, where it was granted since),
          ``ended_before``, ``ended_undated`` (ended, not known when);
        - ``date`` of the end; ``stated``: True where the source states that date, False where it is
          the filing date plus the statutory term: the right ends no later than that day unless the
          term is adjusted.

        ``attrs``: ``now, ahead, back``.

    Raises
    ------
    ArgumentError
        ``ahead`` or ``back`` is not positive.
    """
    if ahead < 1 or back < 1:
        msg = f"ahead={ahead} and back={back} must be at least 1."
        raise ArgumentError(msg)
    publications = patents.publications
    status = publications["legal_status"]
    day: Any = cutoff_date(patents) if now is None else now
    day = pd.NaT if day is None else day
    force, over = (status == "in_force").fillna(False), status.isin(ENDED)
    own = publications["granted"].fillna(False).astype(bool) | grant_dates(patents).notna()
    granted = own.groupby(unit_ids(patents, "application")).transform("any")
    over &= (status != "ceased").fillna(False) | granted
    due, gone = expiry_dates(patents), end_dates(patents)
    soon, since = day + pd.DateOffset(years=ahead), day - pd.DateOffset(years=back)
    young = grant_dates(patents) >= since  # what was granted since can only have ended since
    cases = [
        force & due.isna(), force & (due < day), force & (due <= soon), force,
        over & gone.isna() & young, over & gone.isna(), over & (gone >= since), over,
    ]  # fmt: skip
    names = ["undated", "overdue", "ending", "lasting", "ended", "ended_undated", "ended",
             "ended_before"]  # fmt: skip
    state = np.select([c.to_numpy(dtype=bool) for c in cases], names, "")
    frame = pd.DataFrame({"state": state, "date": due.where(force, gone)}, index=publications.index)
    frame["stated"] = over | publications["expiry_date"].notna()
    found = frame[frame["state"] != ""].astype({"state": "str"})
    found.attrs = {"now": day, "ahead": ahead, "back": back}
    return found


def ending_technologies(
    patents: PatentSet, states: pd.DataFrame, by: pd.DataFrame, *, unit: Unit | None = None
) -> pd.DataFrame:
    """Rights that end soon and that ended lately, by technology, with a test of their share.

    Parameters
    ----------
    patents
        The set.
    states
        What :func:`endings` returned.
    by
        Membership table ``publication_id, <technology>, weight``; counting is whole.
    unit
        Counted unit. A unit with several rights lasts as long as the last of them, in whatever
        technology: it is ``ending`` where none lasts.

    Returns
    -------
    pandas.DataFrame
        ``group, in_force`` (units in force whose end is known), ``ending, share`` (of these),
        ``q_value`` (share against that of all other technologies, exact test of Fisher,
        two-sided, for the number of technologies), ``sooner`` (True: significantly more of it ends
        soon), ``ended`` (lately), ``ended_undated``; most ending first.
    """
    name = next(c for c in by.columns if c != "publication_id")
    rows = by[["publication_id", name]].drop_duplicates().rename(columns={name: "group"})
    rows = rows[among(rows["publication_id"], states.index)]
    order = {"lasting": 0, "ending": 1, "undated": 2, "overdue": 3, "ended": 4,
             "ended_undated": 5, "ended_before": 6}  # fmt: skip
    rows = rows.assign(
        unit_id=unit_ids(patents, unit).reindex(rows["publication_id"]).to_numpy(),
        place=states["state"].reindex(rows["publication_id"]).map(order).to_numpy(),
    )
    words = {number: word for word, number in order.items()}
    state = rows.groupby("unit_id")["place"].min().map(words)
    best = rows[["group", "unit_id"]].drop_duplicates()
    best = best.assign(state=best["unit_id"].map(state).astype("str"))
    counts = best.groupby(["group", "state"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=[*order], fill_value=0).astype("int64")
    table = pd.DataFrame(
        {"in_force": counts["ending"] + counts["lasting"], "ending": counts["ending"]}
    )
    table["share"] = table["ending"] / table["in_force"].where(table["in_force"] > 0)
    table = table.join(_tested(table, best))
    table = table.assign(ended=counts["ended"], ended_undated=counts["ended_undated"])
    table = table.rename_axis("group").reset_index()
    return table.sort_values(
        ["ending", "ended", "ended_undated", "group"], ascending=[False, False, False, True],
        ignore_index=True,
    )  # fmt: skip


def _tested(table: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """Share that ends against that of the units that are in other technologies."""
    from scipy.stats import false_discovery_control, fisher_exact

    units = best.drop_duplicates("unit_id")["state"].value_counts()
    ending, lasting = int(units.get("ending", 0)), int(units.get("lasting", 0))
    p, ahead = [], []
    for own, force in zip(table["ending"], table["in_force"], strict=True):
        a, b = int(own), int(force - own)
        c, d = ending - a, lasting - b
        p.append(float(fisher_exact([[a, b], [c, d]]).pvalue))
        ahead.append(a * d > b * c)
    q = false_discovery_control(p) if p else np.array([])
    shown = pd.Series(q, index=table.index) < 0.05
    return pd.DataFrame(
        {"q_value": q, "sooner": shown & pd.Series(ahead, index=table.index, dtype=bool)},
        index=table.index,
    )
