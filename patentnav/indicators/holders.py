"""Owners compared: the CHI indicators and the parts of patent control."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.facts import DEAD, family_members, owners
from patentnav.indicators._links import UNKNOWN_DAY, Links, links
from patentnav.indicators.impact import CHI, npl_citations, technology_cycle_time
from patentnav.indicators.registry import indicator

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

PREVIOUS_YEARS = 5


def _held(patents: PatentSet, by: pd.DataFrame | None, found: Links) -> pd.DataFrame:
    """Which unit whom: ``owner, unit`` (code), ``weight``; a unit once per owner."""
    table = owners(patents, which="all") if by is None else by
    who = next(c for c in table.columns if c != "publication_id")
    code = pd.Series(found.unit, index=patents.publications.index)
    rows = pd.DataFrame(
        {
            "owner": table[who],
            "unit": table["publication_id"].map(code),
            "weight": table.get("weight", pd.Series(1.0, index=table.index)),
        }
    ).dropna(subset=["owner", "unit"])
    rows = rows.groupby(["owner", "unit"], sort=True)["weight"].mean().reset_index()
    rows["weight"] /= rows.groupby("unit")["weight"].transform("sum")
    return rows.astype({"unit": "int64"})


def _years(day: np.ndarray) -> np.ndarray:
    """Calendar years of days; 0 where unknown."""
    known = day != UNKNOWN_DAY
    year = np.where(known, day, 0).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    return np.where(known, year + 1970, 0)


@indicator(
    level="owner",
    unit="times the average",
    better="higher",
    needs=("citations",),
    source=CHI,
    known_at="later",
)
def current_impact(
    patents: PatentSet,
    by: pd.DataFrame | None = None,
    year: int | None = None,
    *,
    unit: Unit | None = None,
) -> pd.DataFrame:
    r"""CHI indicators of owners in a year.

    Current impact index :math:`CII = \frac{C_i / K_i}{\sum C / \sum K}`: :math:`C_i` citations
    that year to the owner's patents of the previous five years, :math:`K_i` the number of these
    patents, sums over the set. Technology strength :math:`TS = K_i \cdot CII`.

    Parameters
    ----------
    patents
        The set.
    by
        Membership table ``publication_id, <owner>, weight``; all owners, shared, when omitted.
    year
        The citing year; the last full calendar year with citations when omitted.
    unit
        Unit that cites and is cited; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``owner, patents`` (:math:`K_i`), ``citations`` (:math:`C_i`), ``current_impact``
        (1 is average), ``technology_strength``, ``cycle_time`` (median age in years of the cited
        patents, median over the patents), ``science_linkage`` (mean number of non-patent
        references), ``science_strength`` (times the patents); strongest first. NA where nothing
        is known. ``attrs["year"]``.

    Notes
    -----
    The average is that of the set: 1 means as often cited as the others here.
    """
    found = links(patents, unit)
    if year is None:
        last = np.datetime64(found.observed_until if _seen(found) else 0, "D")
        year = int((last + np.timedelta64(1, "D")).astype("datetime64[Y]").astype(int)) + 1969
    published = _years(found.published)
    recent = (published >= year - PREVIOUS_YEARS) & (published < year)
    received = found.forward_counts(_years(found.day) == year)
    held = _held(patents, by, found)
    held = held[recent[held["unit"].to_numpy()]]
    cited = held["weight"].to_numpy() * received[held["unit"].to_numpy()]
    held = held.assign(cited=cited)
    cycle = _of_units(found, technology_cycle_time(patents, unit=unit))
    science = _of_units(found, npl_citations(patents)) if _tells_science(patents) else None
    held = held.assign(
        cycle=cycle[held["unit"].to_numpy()],
        science=np.nan if science is None else science[held["unit"].to_numpy()],
    )
    grouped = held.groupby("owner", sort=True)
    table = pd.DataFrame(
        {
            "patents": grouped["weight"].sum(),
            "citations": grouped["cited"].sum(),
            "cycle_time": grouped["cycle"].median(),
            "science_linkage": grouped["science"].mean(),
        }
    )
    average = table["citations"].sum() / table["patents"].sum() if len(table) else np.nan
    rate = table["citations"] / table["patents"]
    table["current_impact"] = rate / average if average > 0 else np.nan
    table["technology_strength"] = table["patents"] * table["current_impact"]
    table["science_strength"] = table["patents"] * table["science_linkage"]
    columns = [
        "patents",
        "citations",
        "current_impact",
        "technology_strength",
        "cycle_time",
        "science_linkage",
        "science_strength",
    ]
    result = table[columns].reset_index()
    result = result.sort_values(
        ["technology_strength", "patents", "owner"],
        ascending=[False, False, True],
        ignore_index=True,
    )
    result.attrs = {"year": year, "unit": unit or get_config().unit}
    return result


def _seen(found: Links) -> bool:
    return found.observed_until != UNKNOWN_DAY


def _tells_science(patents: PatentSet) -> bool:
    return patents.has("citations") or patents.has("publications", "npl_citation_count")


def _of_units(found: Links, values: pd.Series) -> np.ndarray:
    """Greatest known value among the publications of every unit; NaN where none is."""
    numbers = pd.Series(values.to_numpy(dtype=float, na_value=np.nan))
    highest: np.ndarray = numbers.groupby(found.unit).max().to_numpy()
    return highest


@indicator(
    level="owner",
    unit="share",
    better="higher",
    needs=("parties",),
    source="term of GB/T 39551.4-2020; its measurement is our own",
    known_at="later",
)
def patent_control(
    patents: PatentSet, by: pd.DataFrame | None = None, *, unit: Unit | None = None
) -> pd.DataFrame:
    """Patent control of owners in the technology of the set, by its parts.

    GB/T 39551.4-2020 calls patent control the ability to control a technology, products and their
    market share by patents; it gives no formula. Here it is the mean of an owner's shares in what
    can be seen of it:

    - ``quantity``: units,
    - ``in_force``: units in force,
    - ``citations``: citations received,
    - ``overseas``: units with a family member at another office than their own (WO not counted),
    - ``core``: units among the tenth most cited of the set (at least one citation).

    Parameters
    ----------
    patents
        The set: one technology or branch of a chain.
    by
        Membership table ``publication_id, <owner>, weight``; all owners, shared, when omitted.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``owner, units``, the five parts (0 to 1; each sums to 1 over the owners; NA for all where
        the set does not tell) and ``control``, the mean of the known ones, greatest first.

    Notes
    -----
    Shares of this set: a search that is too narrow or too wide changes them all.
    """
    found = links(patents, unit)
    held = _held(patents, by, found)
    publications = patents.publications
    status = publications["legal_status"]
    marks: dict[str, np.ndarray | None] = {
        "quantity": np.ones(found.units),
        "in_force": _any_of_unit(found, status == "in_force")
        if status.isin(["in_force", *DEAD]).any()
        else None,
        "citations": None,
        "overseas": None,
        "core": None,
    }
    if found.lists_citing.any():
        received = found.forward_counts().astype(float)
        marks["citations"] = received
        border = np.quantile(received, 0.9)
        marks["core"] = ((received >= border) & (received > 0)).astype(float)
    if patents.has("families"):
        members = family_members(patents)
        home = members["publication_id"].map(publications["authority"])
        abroad = members[(members["authority"] != home) & (members["authority"] != "WO")]
        marks["overseas"] = _any_of_unit(
            found, publications.index.to_series().isin(abroad["publication_id"])
        )
    table = pd.DataFrame({"units": held.groupby("owner", sort=True)["weight"].sum()})
    for name, mark in marks.items():
        table[name] = np.nan
        if mark is not None:
            part = (held["weight"] * mark[held["unit"].to_numpy()]).groupby(held["owner"]).sum()
            table[name] = part / part.sum() if part.sum() > 0 else np.nan
    table["control"] = table[[*marks]].mean(axis=1)
    result = table.reset_index().sort_values(
        ["control", "units", "owner"], ascending=[False, False, True], ignore_index=True
    )
    result.attrs = {"unit": unit or get_config().unit}
    return result


def _any_of_unit(found: Links, mask: pd.Series) -> np.ndarray:
    hit = np.zeros(found.units)
    np.maximum.at(hit, found.unit, mask.fillna(False).to_numpy(dtype=float))
    return hit
