"""Which places hold most, which grow, and what their names rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.counting import unit_ids, unit_years
from patentnav.errors import MissingColumnError
from patentnav.facts import holder_places, party_ids, place_name

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts import PlaceLevel
    from patentnav.patentset import PatentSet


def place_ranking(
    patents: PatentSet,
    level: PlaceLevel = "region",
    unit: Unit | None = None,
    *,
    until: int | None = None,
    basis: str = "application_date",
    window: int = 5,
    fewest: int = 10,
) -> pd.DataFrame:
    """Units by place of their owners, with growth tested and with what the places rest on.

    Parameters
    ----------
    patents
        A set whose parties have places (:func:`patentnav.facts.holder_places`).
    level
        ``country``, ``region`` (province or state), ``city`` or ``district``.
    unit
        Counted unit; the configured one when omitted.
    until
        Last year that counts for the growth, the last complete one; no growth when omitted.
    basis
        Date of the years.
    window
        Years of either period.
    fewest
        Units of both periods together from which a place is tested.

    Returns
    -------
    pandas.DataFrame
        ``place, count`` (whole: owners in several places count in each), ``share`` (of all units
        with a place of this level), ``owners``, ``inferred`` (units whose place was read from a
        name and from nothing surer), most first; with ``until`` also ``before_count,
        recent_count, before_share, recent_share`` (of the units with a place in the period; NA
        where it has none) and ``q_value`` (exact test of the place against all others in both
        periods, corrected after Benjamini and Hochberg; NA below ``fewest``). ``attrs``: ``known``
        (units with a place), ``inferred`` (of these, with no place but from names), ``units``,
        ``level``.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    MissingColumnError
        No owner has a place of that level.
    """
    held = holder_places(patents).dropna(subset=level)
    if held.empty:
        msg = f"No owner has a {level}. Export addresses, or derive places with clean.resolve_parties."
        raise MissingColumnError(msg)
    units = unit_ids(patents, unit)
    spelled = {str(v): place_name(str(v), level) for v in held[level].unique()}
    rows = pd.DataFrame(
        {
            "place": held[level].map(spelled).to_numpy(),
            "unit_id": units.reindex(held["publication_id"]).to_numpy(),
            "owner": party_ids(held).to_numpy(),
            "named": (held["place_source"] == "name").fillna(False).to_numpy(dtype=bool),
        }
    )
    known = rows["unit_id"].nunique()
    cells = rows.groupby(["place", "unit_id"])["named"].all().reset_index()
    frame = pd.DataFrame({"count": cells.groupby("place").size()})
    frame["share"] = frame["count"] / known
    frame["owners"] = rows.groupby("place")["owner"].nunique()
    frame["inferred"] = cells.groupby("place")["named"].sum().astype("int64")
    if until is not None:
        years = unit_years(patents, basis, unit)
        _growth(frame, cells.assign(year=cells["unit_id"].map(years)), (until, window, fewest))
    frame = frame.rename_axis("place").reset_index()
    frame = frame.sort_values(["count", "place"], ascending=[False, True], ignore_index=True)
    named = rows.groupby("unit_id")["named"].all()
    frame.attrs = {
        "known": int(known), "inferred": int(named.sum()), "units": int(units.nunique()),
        "level": level,
    }  # fmt: skip
    return frame


def _growth(frame: pd.DataFrame, cells: pd.DataFrame, span: tuple[int, int, int]) -> None:
    """Add the counts of both periods, the growth and its test."""
    from scipy.stats import false_discovery_control, fisher_exact

    until, window, fewest = span
    totals = {}
    for name, end in (("before", until - window), ("recent", until)):
        part = cells[cells["year"].between(end - window + 1, end).fillna(False)]
        counts = part.groupby("place").size().reindex(frame.index, fill_value=0)
        frame[f"{name}_count"], totals[name] = counts, part["unit_id"].nunique()
    for name, total in totals.items():
        frame[f"{name}_share"] = frame[f"{name}_count"] / total if total else np.nan
    before, recent = frame["before_count"], frame["recent_count"]
    frame["q_value"] = np.nan
    tested = frame.index[before + recent >= fewest]
    p = [
        fisher_exact(
            [[recent[k], before[k]], [totals["recent"] - recent[k], totals["before"] - before[k]]]
        ).pvalue
        for k in tested
    ]
    if p:
        frame.loc[tested, "q_value"] = false_discovery_control(p)
