"""What a firm holds, what others hold against its products, and who moves where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import facts
from patentnav.counting import unit_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

DISPUTES = ("litigation", "invalidation", "opposition")
HALF = 0.5  # of the features, from which a right is a lead
LATE_YEARS, LOWER = 10, 50.0
LEAST_HELD = 3  # rights in force of a holder who is looked at
MOVES = 3  # units from which a move is told
READ = ("title", "abstract", "first_claim", "claims")


def survival(patents: PatentSet, ids: Collection[str], *, years: int = 6) -> pd.Series:
    """Share of granted rights that still live so many years after grant (Kaplan-Meier).

    Parameters
    ----------
    patents
        The set.
    ids
        Publications; one right per application, those without grant date are left out.
    years
        Years after grant.

    Returns
    -------
    pandas.Series
        ``rights`` (granted, dated), ``ended`` (rights whose end is dated within the years),
        ``share`` (0 to 1, NA without rights), ``at_risk`` (rights followed to the last year),
        ``undated`` (granted rights that ended on a day that is not told, left out of the rest).
        Rights that live, or of which nothing is told, are followed to the day of the set.

    Notes
    -----
    Product-limit estimator, Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452. Rights that
    ended on a day that is not told are left out, so that the share is too high where many are: by no
    more than ``undated / (rights + undated)``, if all of them had ended within the years.
    """
    now = facts.moment(patents)
    frame = pd.DataFrame(
        {
            "application": unit_ids(patents, "application"), "granted": facts.grant_dates(patents),
            "ended": facts.end_dates(patents), "alive": facts.alive(patents),
        }
    )  # fmt: skip
    frame = frame[frame.index.isin(list(ids))].dropna(subset=["granted"])
    dead = (~frame["alive"].fillna(True).astype(bool)).to_numpy()
    told = ~dead | frame["ended"].notna().to_numpy()
    undated = frame.loc[~told, "application"].nunique()
    frame = frame[told]
    frame = frame.groupby("application").agg({"granted": "min", "ended": "max"})
    over = frame["ended"].notna()
    days = (frame["ended"].fillna(now) - frame["granted"]).dt.days
    limit = years * 365.2425
    share, at_risk = 1.0, len(frame)
    for day in sorted(days[over & (days <= limit)].unique()):
        share *= 1 - int((over & (days == day)).sum()) / int((days >= day).sum())
    at_risk = int((days >= limit).sum())
    return pd.Series(
        {"rights": len(frame), "ended": int((over & (days <= limit)).sum()),
         "share": share if len(frame) else np.nan, "at_risk": at_risk, "undated": undated},
        dtype="float64",
    )  # fmt: skip


def seldom_used(
    patents: PatentSet,
    ids: Collection[str],
    percentile: pd.Series,
    *,
    linked: Collection[str] = (),
    late: int = LATE_YEARS,
) -> pd.DataFrame:
    """Rights of a firm to look at before the next fee; never to be given up on this ground alone.

    Parameters
    ----------
    patents
        The set.
    ids
        Publications of the firm.
    percentile
        Standing by citations among field and year (0 to 100) by publication.
    linked
        Publications behind a product, which are left out.
    late
        Years since filing from which a right is late.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, application_date, percentile, life_years``: rights in force, filed ``late``
        years ago or more, in the lower half by citations, behind no product; the least cited first.
    """
    now = facts.moment(patents)
    rows = patents.publications[patents.publications.index.isin(list(ids))]
    rows = rows[(rows["legal_status"] == "in_force").fillna(False)]
    rows = rows[rows["application_date"] <= now - pd.DateOffset(years=late)]
    rows = rows[~rows.index.isin(list(linked))]
    life = (facts.expiry_dates(patents).reindex(rows.index) - now).dt.days / 365.2425
    found = pd.DataFrame(
        {"publication_id": rows.index, "application_date": rows["application_date"].to_numpy(),
         "percentile": percentile.reindex(rows.index).to_numpy(), "life_years": life.to_numpy()}
    )  # fmt: skip
    found = found[found["percentile"] < LOWER]
    return found.sort_values(["percentile", "publication_id"], ignore_index=True)


def feature_hits(patents: PatentSet, features: Sequence[str]) -> pd.DataFrame:
    """Which features the publications mention: all words of one in title, abstract or claims.

    Parameters
    ----------
    patents
        The set.
    features
        Features, words separated by blanks.

    Returns
    -------
    pandas.DataFrame
        Indexed by publication, boolean, a column per feature.

    Notes
    -----
    A mention is not a claim, and a synonym is not seen: hits are where to read, no comparison.
    """
    read = read_texts(patents)
    found = pd.DataFrame(index=read.index)
    for feature in dict.fromkeys(features):
        hit = pd.Series(data=True, index=read.index)
        for word in feature.casefold().split():
            hit &= read.str.contains(word, regex=False)
        found[feature] = hit
    return found


def read_texts(patents: PatentSet) -> pd.Series:
    """Title, abstract and claims of every publication in one text, in small letters."""
    title = patents.publications["title"].fillna("").astype("str")
    if patents.has("texts"):
        texts = patents.texts[patents.texts["field"].isin(READ)]
        body = texts.groupby("publication_id")["text"].agg(" ".join)
        title = title + " " + body.reindex(title.index).fillna("")
    return title.str.casefold()


def moves(
    patents: PatentSet,
    members: pd.DataFrame,
    chosen: Sequence[str],
    *,
    groups: pd.DataFrame,
    unit_ids: pd.Series,
    years: pd.Series,
    window: tuple[int, int],
    min_count: int = MOVES,
) -> pd.DataFrame:
    """Where owners who filed before file now and never did: technologies and offices.

    Parameters
    ----------
    patents
        The set.
    members
        ``publication_id, owner``.
    chosen
        Owners.
    groups
        ``publication_id, technology``.
    unit_ids, years
        Counted unit by publication, year by unit.
    window
        First and last year of what is new.
    min_count
        Units in the window from which a move is told.

    Returns
    -------
    pandas.DataFrame
        ``owner, kind`` (``technology``, ``office``), ``key, count``: owners in their order, most first.
        Nothing is told of owners with fewer than ``min_count`` units before the window, to whom all is
        new, and no office where the set has one only.
    """
    rows = members[members["owner"].isin(list(chosen))][["publication_id", "owner"]]
    offices = patents.publications["authority"].dropna()
    keys = pd.concat(
        [groups[["publication_id", "technology"]].rename(columns={"technology": "key"}).assign(kind="technology"),
         pd.DataFrame({"publication_id": offices.index, "key": offices.to_numpy(), "kind": "office"})]
    )  # fmt: skip
    rows = rows.merge(keys[keys["key"] != "WO"], on="publication_id")
    rows["unit_id"] = unit_ids.reindex(rows["publication_id"]).to_numpy()
    rows["year"] = rows["unit_id"].map(years)
    rows = rows.dropna(subset=["year"]).drop_duplicates(["owner", "kind", "key", "unit_id"])
    early = rows[rows["year"] < window[0]].groupby("owner")["unit_id"].nunique()
    rows = rows[rows["owner"].isin(early.index[early >= min_count])]
    if offices.nunique() < 2:
        rows = rows[rows["kind"] != "office"]
    by = ["owner", "kind", "key"]
    now = rows[rows["year"].between(*window)].groupby(by)["unit_id"].nunique()
    before = rows[rows["year"] < window[0]].groupby(by)["unit_id"].nunique()
    new = now[(now >= min_count) & ~now.index.isin(before.index)].rename("count").reset_index()
    place = {owner: i for i, owner in enumerate(chosen)}
    new = new.assign(place=new["owner"].map(place))
    new = new.sort_values(["place", "kind", "count", "key"], ascending=[True, False, False, True])
    return new.drop(columns="place").reset_index(drop=True)


def citing_units(patents: PatentSet, members: pd.DataFrame, firm: str, *, rivals: Sequence[str],
                 unit: Unit | None = None) -> pd.DataFrame:  # fmt: skip
    """Who cites the units of a firm that are not known to have ended.

    Parameters
    ----------
    patents
        The set, with citations.
    members
        ``publication_id, owner``.
    firm, rivals
        Ids of owners.
    unit
        Counted unit.

    Returns
    -------
    pandas.DataFrame
        ``cited, citing`` (units), ``side`` of the citing one (``own``: the firm is among its owners,
        ``rivals``, ``others``); one row per pair.
    """
    ids = unit_ids(patents, unit)
    alive = facts.alive(patents).fillna(True).astype(bool)
    mine = members.loc[members["owner"] == firm, "publication_id"]
    own = set(ids.reindex(mine).dropna())
    living = set(ids.reindex(mine[alive.reindex(mine).to_numpy()]).dropna())
    theirs = set(ids.reindex(members.loc[members["owner"].isin(list(rivals)), "publication_id"]))
    links = patents.citations.dropna(subset=["cited_id"])
    pairs = pd.DataFrame(
        {"cited": links["cited_id"].map(ids), "citing": links["citing_id"].map(ids)}
    ).dropna().drop_duplicates()  # fmt: skip
    pairs = pairs[pairs["cited"].isin(list(living)) & (pairs["citing"] != pairs["cited"])]
    side = np.select([pairs["citing"].isin(list(own)), pairs["citing"].isin(list(theirs))],
                     ["own", "rivals"], "others")  # fmt: skip
    return pairs.assign(side=side).sort_values(["cited", "citing"], ignore_index=True)


def holders_of(
    patents: PatentSet,
    members: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    unit_ids: pd.Series,
    percentile: pd.Series | None = None,
    min_count: int = LEAST_HELD,
) -> pd.DataFrame:
    """Owners of rights in force in some technologies, by how much, how good, with which team.

    Parameters
    ----------
    patents
        The set.
    members
        ``publication_id, owner`` of those who are looked at.
    groups
        ``publication_id, technology`` of the technologies that matter.
    unit_ids
        Counted unit by publication.
    percentile
        Standing by citations (0 to 100) by publication.
    min_count
        Units in force from which an owner is looked at.

    Returns
    -------
    pandas.DataFrame
        ``owner, rights`` (units in force), ``percentile`` (their median), ``team`` (inventors named on
        them; NA without inventors), ``disputes`` (of these units in litigation, invalidation or
        opposition), ``pareto`` (no other is at least as good in all that is known of both and better
        in one); most rights first.
    """
    force = patents.publications["legal_status"].eq("in_force").fillna(False)
    ids = set(patents.publications.index[force]) & set(groups["publication_id"])
    rows = members[members["publication_id"].isin(list(ids))][["publication_id", "owner"]]
    rows = rows.assign(unit_id=unit_ids.reindex(rows["publication_id"]).to_numpy())
    found = pd.DataFrame({"rights": rows.groupby("owner")["unit_id"].nunique()})
    found = found[found["rights"] >= min_count]
    rows = rows[rows["owner"].isin(found.index)]
    found["percentile"] = np.nan
    if percentile is not None:
        value = rows.assign(value=percentile.reindex(rows["publication_id"]).to_numpy())
        best = value.groupby(["owner", "unit_id"])["value"].max()
        found["percentile"] = best.groupby("owner").median().reindex(found.index)
    found["team"] = np.nan
    if patents.has("inventors", "inventor_id"):
        people = rows.merge(
            patents.inventors[["publication_id", "inventor_id"]], on="publication_id"
        )
        found["team"] = people.groupby("owner")["inventor_id"].nunique().reindex(found.index)
    found["disputes"] = 0
    if patents.has("legal_events"):
        events = patents.legal_events
        hit = set(events.loc[events["category"].isin(DISPUTES), "publication_id"])
        disputed = rows[rows["publication_id"].isin(list(hit))]
        number = disputed.groupby("owner")["unit_id"].nunique()
        found["disputes"] = number.reindex(found.index, fill_value=0)
    found["pareto"] = _undominated(found)
    found = found.astype({"rights": "Int64", "team": "Int64", "disputes": "Int64"}).reset_index()
    order = ["pareto", "rights", "owner"]
    return found.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _undominated(found: pd.DataFrame) -> np.ndarray:
    values = found[["rights", "percentile", "team"]].assign(calm=-found["disputes"])
    table = values.to_numpy(dtype="float64")
    table = np.where(np.isnan(table), -np.inf, table)
    as_good = (table[:, None, :] >= table[None, :, :]).all(axis=2)
    better = (table[:, None, :] > table[None, :, :]).any(axis=2)
    beaten: np.ndarray = np.asarray((as_good & better).any(axis=0))
    return ~beaten
