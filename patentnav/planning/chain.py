"""The links of a breakdown: how many units, whether they grow, who leads, how a region stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import facts, indicators
from patentnav.counting import unit_frame, unit_ids
from patentnav.errors import ArgumentError
from patentnav.planning.courses import LEVEL, THIN

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet
    from patentnav.taxonomy import Taxonomy

LINKS = ("strong", "weak", "empty", "even")


def link_members(memberships: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
    """Publications of the lowest nodes of a breakdown, its links.

    Parameters
    ----------
    memberships
        ``publication_id, industry, sub_sector, weight`` (:func:`patentnav.classify.memberships`).
    taxonomy
        The breakdown. A link is a sub-sector, or an industry that has none below it.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, link, weight``; a publication of which only the industry is known, though
        that has sub-sectors, is in no link. ``attrs["unplaced"]`` counts these.
    """
    industry, link = memberships["industry"], memberships["sub_sector"]
    whole = [node for node in taxonomy.top if not taxonomy.below(node)]
    link = link.fillna(industry.where(industry.isin(whole)))
    rows = pd.DataFrame(
        {"publication_id": memberships["publication_id"], "link": link,
         "weight": memberships["weight"]}
    )  # fmt: skip
    found = rows.dropna(subset=["link"]).reset_index(drop=True)
    every = memberships["publication_id"].nunique()
    found.attrs = {"unplaced": every - found["publication_id"].nunique()}
    return found


def chain(
    patents: PatentSet,
    members: pd.DataFrame,
    owners: pd.DataFrame | None = None,
    *,
    standing: pd.DataFrame | None = None,
    unit: Unit | None = None,
    basis: str | None = "application_date",
    until: int | None = None,
    window: int = 5,
) -> pd.DataFrame:
    """Size, growth with its test, leading owner and the region's position of every link.

    Parameters
    ----------
    patents
        The set.
    members
        ``publication_id, link, weight`` (:func:`link_members`). Counting is whole: a unit counts
        in each of its links.
    owners
        ``publication_id, owner``; without them no leader is told.
    standing
        What :func:`standing` found for the links, in its column ``technology``.
    unit
        Counted unit.
    basis
        Date of the years; None where the set has none: nothing is said of growth then.
    until
        Last year that counts for growth.
    window
        Years of the recent window and of that before.

    Returns
    -------
    pandas.DataFrame
        ``link, count, earlier, recent, relative_growth, q_value, late_growth, late_q, state`` (as in
        :func:`patentnav.indicators.emergence`; NA without dates), ``leader, leader_count,
        leader_share`` (of the link's units; NA where several hold most), and with ``standing`` ``own_count,
        advantage, advantage_low, advantage_high, advantage_q, position`` (:func:`positions`); the
        largest first, ties by id.

    Raises
    ------
    ArgumentError
        ``members`` has no row.
    """
    if members.empty:
        msg = "No publication belongs to a link. Check the breakdown with taxonomy.report."
        raise ArgumentError(msg)
    frame = unit_frame(patents, members, unit=unit, counting="whole")
    table = frame.groupby("group", observed=True)["unit_id"].nunique().rename("count").to_frame()
    if basis is None:
        for column in ("earlier", "recent"):
            table[column] = pd.Series(pd.NA, index=table.index, dtype="Int64")
        table[["relative_growth", "q_value", "late_growth", "late_q"]] = np.nan
        table["state"] = pd.Series(None, index=table.index, dtype="str")
    else:
        judged = indicators.emergence(
            patents, members, unit=unit, basis=basis, window=window, until=until
        )
        wanted = ["earlier", "recent", "relative_growth", "q_value", "late_growth", "late_q",
                  "state"]  # fmt: skip
        table = table.join(judged.set_index("group")[wanted])
        table["state"] = table["state"].fillna("too_few")
        for column in ("earlier", "recent"):
            table[column] = table[column].astype("Int64")
    if owners is not None:
        table = table.join(_leaders(patents, frame, owners, unit))
    if standing is not None:
        own = standing.set_index("technology").rename_axis("link")
        own = own.assign(position=positions(standing).to_numpy())
        wanted = ["own_count", "advantage", "advantage_low", "advantage_high", "advantage_q",
                  "position"]  # fmt: skip
        table = table.join(own[wanted])
    table = table.rename_axis("link").reset_index()
    return table.sort_values(["count", "link"], ascending=[False, True], ignore_index=True)


def leading_class(
    patents: PatentSet, members: pd.DataFrame, taxonomy: Taxonomy, *, unit: Unit | None = None
) -> pd.DataFrame:
    """The IPC subclass that most units of a link have, of those that the breakdown places there.

    A link is called after all of its classes: where one of them makes most of it, its movement is that
    class's.

    Parameters
    ----------
    patents
        The set.
    members
        ``publication_id, link, weight`` (:func:`link_members`).
    taxonomy
        The breakdown.
    unit
        Counted unit.

    Returns
    -------
    pandas.DataFrame
        By ``link``: ``subclass``, ``count`` of units of the link with it and ``share`` of the link's
        units; ties by symbol. Links without classes are not there.
    """
    columns = ["subclass", "count", "share"]
    if not patents.has("classifications"):
        return pd.DataFrame(columns=columns, index=pd.Index([], name="link", dtype="str"))
    defined = {
        (key, pattern)
        for key, node in taxonomy.nodes.items()
        for rule in node.rules
        for pattern in rule.include
    }
    rows = members[["publication_id", "link"]].merge(facts.subclasses(patents), on="publication_id")
    pairs = rows[["link", "subclass"]].drop_duplicates()
    placed = [
        any(k == link and (p.startswith(sub) or sub.startswith(p)) for k, p in defined)
        for link, sub in zip(pairs["link"], pairs["subclass"], strict=True)
    ]
    rows = rows.merge(pairs[placed], on=["link", "subclass"])
    ids = unit_ids(patents, unit)
    rows = rows.assign(unit_id=ids.reindex(rows["publication_id"]).to_numpy())
    counts = rows.groupby(["link", "subclass"], observed=True)["unit_id"].nunique().rename("count")
    table = counts.reset_index().sort_values(["count", "subclass"], ascending=[False, True])
    table = table.drop_duplicates("link").set_index("link").sort_index()
    whole = members.assign(unit_id=ids.reindex(members["publication_id"]).to_numpy())
    sizes = whole.groupby("link", observed=True)["unit_id"].nunique()
    return table.assign(share=table["count"] / sizes.reindex(table.index))[columns]


def positions(standing: pd.DataFrame, *, fewest: int = THIN, level: float = LEVEL) -> pd.Series:
    """Position of a region in every link, from the test against all others.

    Parameters
    ----------
    standing
        What :func:`standing` returned.
    fewest
        Own units from which a link can be strong.
    level
        q below which the test is passed.

    Returns
    -------
    pandas.Series
        In the order of ``standing``: ``strong`` (more than elsewhere), ``weak`` (fewer, but some),
        ``empty`` (none, where chance would hardly leave none), ``even`` (the test tells nothing:
        also where the own units are none and so few were to be expected that none means nothing).
    """
    shown = standing["advantage_q"] < level
    own, advantage = standing["own_count"], standing["advantage"]
    cases = [
        shown & (advantage > 1) & (own >= fewest),
        shown & (advantage < 1) & (own > 0),
        shown & (advantage < 1) & (own == 0),
    ]
    chosen = np.select([c.fillna(False).to_numpy(dtype=bool) for c in cases], LINKS[:3], "even")
    return pd.Series(chosen, index=standing.index, dtype="str", name="position")


def _leaders(
    patents: PatentSet, frame: pd.DataFrame, owners: pd.DataFrame, unit: Unit | None
) -> pd.DataFrame:
    held = owners[["publication_id", "owner"]].assign(weight=1.0)
    held = unit_frame(patents, held, unit=unit, counting="whole")
    pairs = frame[["unit_id", "group"]].merge(
        held[["unit_id", "group"]].rename(columns={"group": "owner"}), on="unit_id"
    )
    counts = pairs.groupby(["group", "owner"], observed=True)["unit_id"].nunique()
    table = counts.rename("leader_count").reset_index()
    most = table.groupby("group", observed=True)["leader_count"].transform("max")
    first = table[table["leader_count"] == most].drop_duplicates("group", keep=False)
    found = first.rename(columns={"owner": "leader"}).set_index("group")
    sizes = frame.groupby("group", observed=True)["unit_id"].nunique()
    return found.assign(leader_share=found["leader_count"] / sizes.reindex(found.index))
