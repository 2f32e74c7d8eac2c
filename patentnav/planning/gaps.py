"""Enterprise mining: where rivals file and the firm does not, and what to do with its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import facts
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.patentset import PatentSet

GAPS = ("gap", "fence", "acquire", "continue", "review")
LEAST_RIVALS, LEAST_LIFE, LATE, AHEAD, UPPER = 3, 5.0, 10, 5, 75.0
COLUMNS = (
    "kind", "technology", "office", "publication_id", "owner", "owner_name", "own", "rivals", "others",
    "life_years", "value", "reason",
)  # fmt: skip
_DAYS = 365.2425


def gaps(
    patents: PatentSet,
    technology_of: pd.DataFrame,
    members: pd.DataFrame,
    *,
    applicant: str,
    rivals: Sequence[str],
    percentile: pd.Series | None = None,
    as_of: Any = None,
    min_rivals: int = LEAST_RIVALS,
) -> pd.DataFrame:
    """What a firm lacks against its rivals, what surrounds it, and what of its own to look at.

    Parameters
    ----------
    patents
        The set with the firm and its rivals.
    technology_of
        ``publication_id, technology``, without remainders.
    members
        Owners of publications: ``publication_id, owner, name``
        (:func:`patentnav.facts.owners` with ``which="all"``).
    applicant
        Id of the firm among the owners.
    rivals
        Ids of its rivals.
    percentile
        Standing of publications by citations received (0 to 100); without it nothing is proposed for
        review on that ground.
    as_of
        Day from which is counted; the last day the set knows of when omitted.
    min_rivals
        Applications of the rivals in a technology at an office from which its lack is a gap.

    Returns
    -------
    pandas.DataFrame
        One row per proposal, kinds in this order:

        - ``gap``: a technology at an office where the firm has no living application and its rivals
          together at least ``min_rivals``; ``own`` (living ones at any office), ``rivals``;
        - ``fence``: a technology where the firm has living applications: ``own``, ``rivals`` and ``others``
          that cite them (applications of each that cite one of the firm's), most of others first; NA
          without citations, and then none is listed;
        - ``acquire``: a right in force of an owner who is neither, in a gap, with at least ``LEAST_LIFE``
          years left (``life_years``); ``value`` its percentile; to look into, no wish to sell is known;
        - ``continue``: a pending application of the firm in a technology where one of its rivals has more living
          ones than it; ``rivals``: of the largest rival;
        - ``review``: a right in force of the firm, granted or filed ``LATE`` years ago or more, in the
          lower half by citations and in a technology in which it has filed nothing for ``AHEAD``
          years: to be looked at before the next fee, never to be given up on this ground alone.

        ``reason``: keys joined by ``; `` (``rivals_only, own_elsewhere, own_nowhere, cited_by_rivals,
        cited_by_others, third_party, academic, cited_well, rivals_ahead, old, seldom_cited, left_field``).

    Raises
    ------
    ArgumentError
        The firm or a rival is no owner of the set, or ``min_rivals`` is not positive.

    Notes
    -----
    A gap in a set is a gap in that set: it may be filled by secrets, by a licence or by filings not
    yet published (18 months). Where rivals file is no proof that it pays. Refuted by: the firm's own
    list of products and licences.
    """
    if min_rivals < 1:
        msg = f"min_rivals={min_rivals} must be at least 1."
        raise ArgumentError(msg)
    known = set(members["owner"])
    for one in (applicant, *rivals):
        if one not in known:
            msg = f'"{one}" is no owner of the set. Take ids of the column owner of facts.owners.'
            raise ArgumentError(msg)
    now = facts.moment(patents, as_of)
    rows = _rows(patents, technology_of, members, (applicant, list(rivals)), now)
    if percentile is not None:
        best = percentile.groupby(unit_ids(patents, "application").reindex(percentile.index)).max()
        rows["value"] = rows["application"].map(best)
    cells = _cells(rows)
    lacks = _lacks(cells, min_rivals)
    parts = [
        lacks, _fences(patents, rows), _acquire(rows, lacks), _continue(rows), _review(rows, now),
    ]  # fmt: skip
    found = pd.concat([p.reindex(columns=list(COLUMNS)).astype(object) for p in parts if len(p)] or
                      [pd.DataFrame(columns=list(COLUMNS))], ignore_index=True)  # fmt: skip
    kinds = dict.fromkeys(("own", "rivals", "others"), "Int64")
    return found.astype({**kinds, "life_years": "float64", "value": "float64", "kind": "str",
                         "technology": "str", "office": "str", "publication_id": "str", "owner": "str",
                         "owner_name": "str", "reason": "str"})  # fmt: skip


def _rows(
    patents: PatentSet, technology_of: pd.DataFrame, members: pd.DataFrame,
    who: tuple[str, list[str]], now: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """One row per application, owner and technology."""
    applicant, rivals = who
    publications = patents.publications
    own = unit_ids(patents, "application")
    status = publications["legal_status"]
    frame = pd.DataFrame(
        {
            "publication_id": publications.index, "application": own, "office": publications["authority"],
            "force": (status == "in_force").fillna(False), "pending": (status == "pending").fillna(False),
            "alive": facts.alive(patents).fillna(True).astype(bool),
            "filed": publications["application_date"], "granted": facts.grant_dates(patents),
            "life_years": (facts.expiry_dates(patents) - now).dt.days / _DAYS,
        }
    ).reset_index(drop=True)  # fmt: skip
    frame = frame.merge(
        technology_of[["publication_id", "technology"]].dropna(), on="publication_id"
    )
    frame = frame.merge(members[["publication_id", "owner", "name"]], on="publication_id")
    frame["side"] = np.select(
        [frame["owner"] == applicant, frame["owner"].isin(rivals)], ["own", "rivals"], "others"
    )
    types = patents.parties.assign(owner=facts.party_ids(patents.parties, "party"))
    groups = patents.parties.assign(owner=facts.party_ids(patents.parties, "group"))
    kinds = (
        pd.concat([types, groups])
        .dropna(subset=["party_type"])
        .groupby("owner")["party_type"]
        .first()
    )
    frame["academic"] = frame["owner"].map(kinds).isin(["university", "research_institute"])
    frame["value"] = np.nan
    order = ["technology", "application", "owner", "publication_id"]
    return frame.sort_values(order, ignore_index=True)


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Living applications by technology, office and side."""
    living = rows[rows["alive"] & (rows["office"] != "WO")]
    count = (
        living.groupby(["technology", "office", "side"])["application"]
        .nunique()
        .unstack(fill_value=0)
    )
    return count.reindex(columns=["own", "rivals", "others"], fill_value=0)


def _lacks(cells: pd.DataFrame, least: int) -> pd.DataFrame:
    elsewhere = cells.groupby(level=0)["own"].sum()
    found = cells[(cells["own"] == 0) & (cells["rivals"] >= least)].reset_index()
    found = found.sort_values(["rivals", "technology", "office"], ascending=[False, True, True])
    own = found["technology"].map(elsewhere)
    where = np.where(own > 0, "rivals_only; own_elsewhere", "rivals_only; own_nowhere")
    return found.assign(kind="gap", own=own, reason=where)


def _fences(patents: PatentSet, rows: pd.DataFrame) -> pd.DataFrame:
    """Who cites the firm's living applications, by technology of the cited."""
    if not patents.has("citations"):
        return pd.DataFrame()
    own = unit_ids(patents, "application")
    links = patents.citations.dropna(subset=["cited_id"])
    links = pd.DataFrame(
        {"citing": links["citing_id"].map(own), "cited": links["cited_id"].map(own)}
    )
    links = links.dropna().drop_duplicates()
    mine = rows[(rows["side"] == "own") & rows["alive"]][
        ["application", "technology"]
    ].drop_duplicates()
    sides = rows[["application", "side"]].drop_duplicates()
    # An application of the firm is its own, whoever else holds it.
    firm = set(sides.loc[sides["side"] == "own", "application"])
    sides = sides[(sides["side"] == "own") | ~sides["application"].isin(firm)]
    rival = set(sides.loc[sides["side"] == "rivals", "application"])
    sides = sides[(sides["side"] != "others") | ~sides["application"].isin(rival)]
    hit = links.merge(mine, left_on="cited", right_on="application").drop(columns="application")
    hit = hit.merge(sides, left_on="citing", right_on="application")
    count = hit.groupby(["technology", "side"])["citing"].nunique().unstack(fill_value=0)
    count = count.reindex(columns=["own", "rivals", "others"], fill_value=0)
    count = count[(count["rivals"] > 0) | (count["others"] > 0)].reset_index()
    count = count.sort_values(["rivals", "others", "technology"], ascending=[False, False, True])
    why = ["; ".join(k for k, n in (("cited_by_rivals", r), ("cited_by_others", o)) if n)
           for r, o in zip(count["rivals"], count["others"], strict=True)]  # fmt: skip
    return count.assign(kind="fence", reason=why)


def _acquire(rows: pd.DataFrame, lacks: pd.DataFrame) -> pd.DataFrame:
    """Rights of third parties in the gaps."""
    if lacks.empty:
        return pd.DataFrame()
    held = rows[rows["side"] != "others"]["application"].unique()
    third = rows[(rows["side"] == "others") & rows["force"] & ~rows["application"].isin(held)]
    third = third[third["life_years"] >= LEAST_LIFE]
    third = third.merge(lacks[["technology", "office"]], on=["technology", "office"])
    third = third.drop_duplicates(["application", "technology"])
    why = ["; ".join(["third_party", *(["academic"] if a else []), *(["cited_well"] if v >= UPPER else [])])
           for a, v in zip(third["academic"], third["value"], strict=True)]  # fmt: skip
    third = third.assign(kind="acquire", owner_name=third["name"], reason=why)
    return third.sort_values(["value", "life_years", "publication_id"], ascending=[False, False, True],
                             na_position="last")  # fmt: skip


def _continue(rows: pd.DataFrame) -> pd.DataFrame:
    living = rows[rows["alive"]].groupby(["technology", "side", "owner"])["application"].nunique()
    # One firm is compared with one: the largest of the rivals, not all of them together.
    tally = living.groupby(level=["technology", "side"]).max().unstack(fill_value=0)
    tally = tally.reindex(columns=["own", "rivals"], fill_value=0)
    ahead = tally.index[tally["rivals"] > tally["own"]]
    mine = rows[(rows["side"] == "own") & rows["pending"] & rows["technology"].isin(ahead)]
    mine = mine.drop_duplicates(["application", "technology"])
    mine = mine.assign(kind="continue", own=mine["technology"].map(tally["own"]), owner_name=mine["name"],
                       rivals=mine["technology"].map(tally["rivals"]), reason="rivals_ahead")  # fmt: skip
    return mine.sort_values(
        ["rivals", "technology", "publication_id"], ascending=[False, True, True]
    )


def _review(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    mine = rows[rows["side"] == "own"]
    last = mine.groupby("technology")["filed"].max()
    left = last.index[last < now - pd.DateOffset(years=AHEAD)]
    since = mine["granted"].fillna(mine["filed"])
    old = since <= now - pd.DateOffset(years=LATE)
    seldom = mine["value"] < 50
    found = mine[mine["force"] & old & seldom.fillna(False) & mine["technology"].isin(left)]
    found = found.drop_duplicates(["application", "technology"])
    found = found.assign(
        kind="review", owner_name=found["name"], reason="old; seldom_cited; left_field"
    )
    return found.sort_values(["value", "publication_id"])
