"""Whom to look at: a pool by stated rules, measures of its people side by side, and ways to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from patentnav import counting, facts
from patentnav.talent.mobility import LIKELY
from patentnav.talent.people import MIN_RECORDS, people, profiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

FEWEST, LATELY, STEPS = 3, 3, 3  # units, years, steps from person to person
STAGES = ("all", "enough", "active", "in_field", "sure")


def residents(patents: PatentSet, region: str, unit: Unit | None = None) -> pd.Series:
    """Whether most of the filings of a person that say a place are of owners in a region.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    region
        An area (:func:`patentnav.facts.inside`).
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.Series
        boolean by ``inventor_id``; NA where no filing says its place. Half of them suffice.
    """
    rows = people(patents, unit)
    every = pd.Index(sorted(rows["inventor_id"].unique()), name="inventor_id")
    if not patents.has("parties"):
        return pd.Series(pd.NA, index=every, dtype="boolean", name="inside")
    flags = facts.inside(patents, region).reindex(rows["publication_id"])
    numbers = flags.to_numpy(dtype=float, na_value=np.nan)
    share = pd.Series(numbers, index=rows["inventor_id"]).dropna().groupby(level=0).mean()
    share = share.reindex(every)
    return (share >= 0.5).astype("boolean").mask(share.isna()).rename("inside")


def pool(
    patents: PatentSet,
    last_year: int,
    unit: Unit | None = None,
    *,
    field: Iterable[str] | None = None,
    min_count: int = FEWEST,
    years: int = LATELY,
    sure: float = LIKELY,
) -> pd.DataFrame:
    """People by the rules of a pool, each rule a column.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    last_year
        Last complete year.
    unit
        Counted unit; the configured one when omitted.
    field
        Publications of the field; every one when omitted.
    min_count
        Units from which a person is looked at.
    years
        Years up to ``last_year`` in which one must have filed; later filings count as well.
    sure
        Confidence of the identity from which it is sure.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``inventor_id``, most units first: ``name, units, late`` (units of those years),
        ``namesakes`` (other people of the same name in the set), ``confidence`` (lowest of the
        identity), and the rules in the order of a funnel, each of which holds only where those before
        it do: ``all, enough, active, in_field, sure``. A person without a year is not active.
    """
    rows = people(patents, unit)
    rows = rows.assign(
        late=rows["date"].dt.year > last_year - years,
        inside=True if field is None else rows["unit_id"].isin(_units(patents, field, unit)),
    )  # fmt: skip
    groups = rows.groupby("inventor_id")
    table = pd.DataFrame(
        {
            "name": groups["name"].first(), "units": groups.size(),
            "late": groups["late"].sum().astype("int64"), "confidence": groups["confidence"].min(),
        }
    )  # fmt: skip
    table["namesakes"] = table.groupby("name")["name"].transform("size").fillna(1).astype(int) - 1
    steps = {
        "all": pd.Series(True, index=table.index), "enough": table["units"] >= min_count,
        "active": table["late"] > 0, "in_field": groups["inside"].any(),
        "sure": table["confidence"].fillna(0) >= sure,
    }  # fmt: skip
    holds = pd.Series(True, index=table.index)
    for name, rule in steps.items():
        holds &= rule
        table[name] = holds
    order = np.lexsort((table.index.to_numpy(), -table["units"]))
    return table.iloc[order][["name", "units", "late", "namesakes", "confidence", *STAGES]]


def _units(patents: PatentSet, field: Iterable[str], unit: Unit | None) -> set[str]:
    return set(counting.unit_ids(patents, unit).reindex(pd.Index(list(field))).dropna())


def measures(
    patents: PatentSet,
    last_year: int,
    unit: Unit | None = None,
    *,
    years: int = LATELY,
    min_count: int = MIN_RECORDS,
) -> pd.DataFrame:
    """Measures of people that can be put side by side and are never added up.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    last_year
        Last complete year.
    unit
        Counted unit; the configured one when omitted.
    years
        Years up to ``last_year`` of ``late``.
    min_count
        Units below which nobody is judged.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``inventor_id``, people with at least ``min_count`` units only: ``output`` (units
        shared by their people), ``impact`` (mean of the citations received against those of the same
        field and year; NA without citations), ``lead`` (share of the units in which the person is
        named first), ``late`` (units of the last years).

    Notes
    -----
    Who is named first led the work in many places and is first in the alphabet in some.
    """
    rows = people(patents, unit)
    table = profiles(patents, unit, min_count=min_count)
    table = table[table["enough"]]
    first = patents.inventors.dropna(subset=["inventor_id"])
    first = first[first["position"] == 1].drop_duplicates(["publication_id", "inventor_id"])
    pairs = pd.MultiIndex.from_frame(first[["publication_id", "inventor_id"]])
    leads = pd.MultiIndex.from_frame(rows[["publication_id", "inventor_id"]]).isin(pairs)
    marked = rows.assign(lead=leads, late=rows["date"].dt.year > last_year - years)
    groups = marked.groupby("inventor_id")
    return pd.DataFrame(
        {
            "output": table["output"].astype("float64"), "impact": table["impact"].astype("float64"),
            "lead": groups["lead"].mean().reindex(table.index),
            "late": groups["late"].sum().reindex(table.index).astype("int64"),
        }
    )  # fmt: skip


def reach(
    rows: pd.DataFrame, near: Iterable[str], far: Iterable[str], *, steps: int = STEPS
) -> pd.DataFrame:
    """How many steps from co-inventor to co-inventor lie between people and a circle of others.

    Parameters
    ----------
    rows
        People and units: ``inventor_id, unit_id`` (:func:`patentnav.talent.people.people`).
    near
        The circle that is known, such as the people of a region.
    far
        People looked at.
    steps
        Most steps that are told.

    Returns
    -------
    pandas.DataFrame
        A row per person of ``far``, nearest first: ``inventor_id, steps`` (NA: more than ``steps``, or
        no way), ``via`` (the person next to the circle's side of a shortest way: of those named with
        most often the first by id; NA where there is no way), ``together`` (units filed with anybody of
        the circle).
    """
    graph = nx.Graph()
    members = rows.groupby("unit_id")["inventor_id"].agg(list)
    for named in members[members.map(len) > 1]:
        for i, one in enumerate(named):
            for other in named[i + 1 :]:
                count = graph.get_edge_data(one, other, {"units": 0})["units"]
                graph.add_edge(one, other, units=count + 1)
    circle = {one for one in near if one in graph}
    asked = sorted(set(far) - set(near))
    distance = (
        nx.multi_source_dijkstra_path_length(graph, circle, cutoff=steps, weight=None)
        if circle
        else {}
    )
    known = set(near)
    units_near = {unit for unit, named in members.items() if known & set(named)}
    own = rows[rows["inventor_id"].isin(asked)]
    together = own[own["unit_id"].isin(units_near)].groupby("inventor_id")["unit_id"].nunique()
    found = []
    for person in asked:
        away = distance.get(person)
        via = None
        if away is not None:
            nearer = [n for n in graph[person] if distance.get(n) == away - 1]
            via = min(nearer, key=lambda n: (-graph[person][n]["units"], n))
        found.append((person, away, via, int(together.get(person, 0))))
    table = pd.DataFrame(found, columns=["inventor_id", "steps", "via", "together"])
    table = table.astype(
        {"steps": "Int64", "via": "str", "inventor_id": "str", "together": "int64"}
    )
    return table.sort_values(["steps", "inventor_id"], ignore_index=True)
