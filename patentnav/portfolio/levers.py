"""The rules of the levers: what could be added to a portfolio, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav._strings import among
from patentnav.counting import unit_frame
from patentnav.facts import alive, foreign_origin, party_ids, subclasses
from patentnav.portfolio.alliances import TENTH
from patentnav.portfolio.members import members

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

PRIORITY, RESTORED = pd.DateOffset(months=12), pd.DateOffset(months=14)
NEAR = 0.1  # cosine of the IPC subclasses of two technologies from which they are neighbours
_PATENTABLE = ("invention", "utility_model")  # what a PCT application can be filed for
_KEY = ["portfolio_id", "unit_id"]


def units(patents: PatentSet, known: pd.DataFrame, home: str) -> pd.DataFrame:
    """What the levers ask of every unit, indexed by ``unit_id``."""
    publications = patents.publications
    at_home = publications["authority"] == home
    earliest = publications["earliest_priority_date"]
    if patents.has("priorities"):
        claimed = patents.priorities.groupby("publication_id")["date"].min()
        told = claimed.reindex(publications.index).astype("datetime64[us]")
        earliest = earliest.where(~(told < earliest) & (earliest.notna() | told.isna()), told)
    rows = pd.DataFrame(
        {
            "unit_id": known["unit_id"],
            "publication_id": publications.index,
            "published": publications["publication_date"],
            "filed": publications["application_date"].where(at_home),
            "priority": earliest,
            "at_home": at_home,
            "foreign": foreign_origin(patents, home),
            "living": alive(patents),
            "pending": (publications["legal_status"] == "pending").astype("boolean"),
            "type": publications["patent_type"],
        }
    )
    rows = rows.reset_index(drop=True)
    rows = rows.sort_values(["published", "publication_id"], na_position="last")
    groups = rows.groupby("unit_id")
    found = groups[["publication_id", "type"]].first()
    for name in ("published", "filed", "priority"):
        found[name] = groups[name].min()
    for name in ("at_home", "living", "pending"):
        found[name] = groups[name].max().astype("boolean")
    found["foreign"] = groups["foreign"].first().astype("boolean")
    same = known.groupby("unit_id")[["family_id", "counted", "pct", "has_pct", "pct_key"]].first()
    return found.join(same)


def open_priorities(own: pd.DataFrame, day: pd.Timestamp, *, only_granted: bool) -> pd.DataFrame:
    """Units for which a PCT application is still possible, was until lately, or cannot be told."""
    rows = own[
        own["at_home"].fillna(False).astype(bool)
        & (own["type"].isin(_PATENTABLE) | own["type"].isna())
        & own["living"].fillna(True).astype(bool)
        & ~own["has_pct"].fillna(False).astype(bool)
        & ~(own["filed"] > day)
    ]
    untold = rows["priority"].isna()
    # The priority is no later than the filing, the filing no later than the publication.
    latest = rows["priority"].fillna(rows["filed"]).fillna(rows["published"])
    deadline = latest + PRIORITY
    rows = rows.assign(deadline=deadline, untold=untold)
    rows = rows[~(day > latest + RESTORED)]
    reason = np.select(
        [
            rows["foreign"].fillna(False).astype(bool),
            rows["untold"] | rows["filed"].isna(),
            rows["foreign"].isna(),
            rows["priority"] < rows["filed"],
            day > rows["deadline"],
        ],
        ["foreign_owner", "priority_unknown", "origin_unknown", "later_filing", "lost"],
        "open",
    )  # fmt: skip
    rows = rows.assign(reason=reason)
    sure = rows["reason"].isin(["open", "lost"])
    rows = rows[sure | ~(day > rows["deadline"])]
    sure = rows["reason"].isin(["open", "lost"])
    is_open = rows["reason"] == "open"
    days = (rows["deadline"] - day).dt.days.astype("Int64")
    if only_granted:
        later = is_open & ~rows["counted"].fillna(False).astype(bool)
        rows["reason"] = rows["reason"].mask(later, "open_after_grant")
    return _rows(
        rows, "pct_open", inventions=0, pct=is_open.astype("Int64").where(sure),
        days_left=days.where(sure), deadline=rows["deadline"].where(sure),
    )  # fmt: skip


def pending(own: pd.DataFrame) -> pd.DataFrame:
    """Pending inventions, which count once they are granted."""
    rows = own[
        own["pending"].fillna(False).astype(bool)
        & (own["type"] == "invention")
        & ~own["counted"].fillna(False).astype(bool)
    ]
    more = rows["has_pct"] & ~rows["pct"].fillna(False)
    return _rows(rows.assign(reason="pending"), "pending", inventions=1, pct=more.astype("Int64"))


def _rows(rows: pd.DataFrame, lever: str, **columns: Any) -> pd.DataFrame:
    empty: dict[str, Any] = {"days_left": pd.NA, "deadline": pd.NaT, "with_id": pd.NA}
    frame = rows.assign(lever=lever, **{**empty, **columns})
    kept: pd.DataFrame = frame[["portfolio_id", "lever", "publication_id", "inventions", "pct",
                                "days_left", "reason", "deadline", "with_id"]]  # fmt: skip
    return kept.astype({"days_left": "Int64", "deadline": "datetime64[us]", "with_id": "str",
                        "inventions": "Int64", "pct": "Int64"})  # fmt: skip


def stock(single: pd.DataFrame, held: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Units that can be moved without breaking another portfolio: ``with_id, unit_id`` and facts.

    None that stands in a portfolio that meets or may meet the gate.
    """
    short = single["inventions"] + single["inventions_unknown"] < single["min_inventions"]
    few = single["pct"] + single["pct_unknown"] < single["min_pct"]
    safe = (short | few).fillna(False).astype(bool)
    closed = held.loc[among(held["portfolio_id"], single.loc[~safe, "portfolio_id"]), "unit_id"]
    rows = held[among(held["portfolio_id"], single.loc[safe, "portfolio_id"])]
    rows = rows[~among(rows["unit_id"], closed)].rename(columns={"portfolio_id": "with_id"})
    return rows.join(known, on="unit_id")


def neighbours(patents: PatentSet, single: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """Pairs of cells of one owner in technologies of like classes: ``portfolio_id, with_id, reason``."""
    names = ["portfolio_id", "with_id", "reason"]
    cells = single[["portfolio_id", "owner_id", "technology"]]
    pairs = cells.merge(
        cells.rename(columns={"portfolio_id": "with_id", "technology": "other"}), on="owner_id"
    )
    pairs = pairs[pairs["technology"] != pairs["other"]]
    if pairs.empty or not patents.has("classifications"):
        return pd.DataFrame(columns=names)
    like = _likeness(patents, single, unit, pairs)
    return pairs[like >= NEAR].assign(reason="like_classes")[names]


def _likeness(
    patents: PatentSet, single: pd.DataFrame, unit: Unit, pairs: pd.DataFrame
) -> np.ndarray:
    """Cosine of the distributions of two technologies over IPC subclasses (Jaffe 1986), per pair."""
    from scipy.sparse import csr_array

    long = members(single).merge(single[["portfolio_id", "technology"]], on="portfolio_id")
    by = long[["publication_id", "technology"]].drop_duplicates()
    frame = unit_frame(patents, by, unit=unit, counting="fractional")
    classes = unit_frame(patents, subclasses(patents), unit=unit, counting="fractional")
    joined = frame.merge(classes, on="unit_id", suffixes=("", "_class"))
    technology, names = pd.factorize(joined["group"], sort=True)
    kind, kinds = pd.factorize(joined["group_class"], sort=True)
    weight = (joined["weight"] * joined["weight_class"]).to_numpy()
    table = csr_array((weight, (technology, kind)), shape=(len(names), len(kinds)))
    table.sum_duplicates()
    length = np.sqrt(table.multiply(table).sum(axis=1))
    at = {name: i for i, name in enumerate(names)}
    one, other = (
        pairs[c].map(at).fillna(-1).to_numpy(dtype=np.int64) for c in ("technology", "other")
    )
    known = (one >= 0) & (other >= 0)
    like = np.zeros(len(pairs))
    product = np.asarray(table[one[known]].multiply(table[other[known]]).sum(axis=1)).ravel()
    like[known] = product / (length[one[known]] * length[other[known]])
    return like


def partners(patents: PatentSet, single: pd.DataFrame, level: OwnerLevel) -> pd.DataFrame:
    """Pairs of cells in one technology of owners with joint filings: ``portfolio_id, with_id, reason``."""
    parties = patents.parties
    parties = parties[parties["role"].isin(["applicant", "current_owner"])]
    held = parties[["publication_id", "role"]].assign(owner=party_ids(parties, level))
    person = (parties["party_type"] == "individual").fillna(False) | parties["is_inventor"].fillna(
        False
    )
    # One of the applicants may own alone by now: they have filed together all the same. A seller
    # and a buyer have not: they stand on one publication in different roles.
    held = held[~person.astype(bool)].dropna().drop_duplicates()
    held = held[held.duplicated(["publication_id", "role"], keep=False)]
    ties = held.merge(held.rename(columns={"owner": "other"}), on=["publication_id", "role"])
    ties = ties.loc[ties["owner"] != ties["other"], ["owner", "other"]].drop_duplicates()
    cells = single[["portfolio_id", "owner_id", "technology"]]
    found = cells.merge(ties, left_on="owner_id", right_on="owner").merge(
        cells.rename(columns={"portfolio_id": "with_id", "owner_id": "other_id"}),
        left_on=["other", "technology"], right_on=["other_id", "technology"],
    )  # fmt: skip
    return found.assign(reason="joint_filings")[["portfolio_id", "with_id", "reason"]]


def movable(
    below: pd.DataFrame, found: pd.DataFrame, pairs: pd.DataFrame, held: pd.DataFrame, lever: str
) -> pd.DataFrame:
    """Units of other cells that would add to a portfolio below the gate, each family once."""
    pairs = pairs[among(pairs["portfolio_id"], below["portfolio_id"])]
    rows = pairs.merge(found, on="with_id")
    own = held[among(held["portfolio_id"], below["portfolio_id"])].join(
        _families(found, held), on="unit_id"
    )
    rows = _without(rows, own, "unit_id")
    rows = _without(rows, own.dropna(subset="family_id"), "family_id")
    rows = rows.sort_values(["portfolio_id", "with_id", "publication_id"]).drop_duplicates(_KEY)
    counted = rows["counted"].astype("Int64")
    pct = rows["pct"].astype("Int64")
    key = rows["pct_key"].fillna(rows["unit_id"])
    again = rows.assign(key=key.where(pct == 1)).duplicated(["portfolio_id", "key"])
    pct = pct.mask(again & (pct == 1).fillna(False), 0)
    # Where nothing is told of PCT, only an invention that lacks is known to help.
    lacking = rows["portfolio_id"].map(below.set_index("portfolio_id")["inventions_missing"]) > 0
    helps = ((counted > 0) & lacking).fillna(False).astype(bool)
    adds = ~((counted == 0) & (pct == 0)).fillna(False).astype(bool) & (helps | pct.notna())
    return _rows(
        rows[adds],
        lever,
        inventions=counted[adds],
        pct=pct[adds],
        with_id=rows.loc[adds, "with_id"],
    )


def _families(found: pd.DataFrame, held: pd.DataFrame) -> pd.Series:
    known = found.drop_duplicates("unit_id").set_index("unit_id")["family_id"]
    return known.reindex(held["unit_id"].unique())


def _without(rows: pd.DataFrame, own: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows whose portfolio does not hold the unit or family already."""
    mine = pd.MultiIndex.from_frame(own[["portfolio_id", column]].astype("str"))
    return rows[~pd.MultiIndex.from_frame(rows[["portfolio_id", column]].astype("str")).isin(mine)]


def allies(
    below: pd.DataFrame, single: pd.DataFrame, held: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """Other owners below the gate in the same technology with whom it is reached."""
    enough = single["inventions"] >= (single["min_inventions"] // TENTH).clip(lower=1)
    fits = single[enough & ~single["meets_gate"].fillna(True).astype(bool)]
    columns = ["portfolio_id", "owner_id", "technology", "inventions", "pct"]
    mine = below.loc[among(below["portfolio_id"], fits["portfolio_id"]), [*columns, "min_inventions", "min_pct"]]  # fmt: skip
    pairs = mine.merge(fits[columns], on="technology", suffixes=("", "_ally"))
    pairs = pairs[pairs["owner_id"] != pairs["owner_id_ally"]]
    pairs = pairs[_reaches(pairs, pairs["inventions_ally"], pairs["pct_ally"])]
    if pairs.empty:
        return _rows(
            _unnamed(pairs), "alliance", inventions=pairs["inventions_ally"], pct=pairs["pct_ally"]
        )
    rows = held[among(held["portfolio_id"], fits["portfolio_id"])].join(known, on="unit_id")
    counted = rows[rows["counted"].fillna(False).astype(bool)]
    filed = rows[rows["pct"].fillna(False).astype(bool)]
    filed = filed.assign(key=filed["pct_key"].fillna(filed["unit_id"]))
    both = pd.MultiIndex.from_frame(pairs[["portfolio_id", "portfolio_id_ally"]])
    more = pairs["inventions_ally"] - _common(counted, "unit_id", both)
    more_pct = pairs["pct_ally"] - _common(filed, "key", both)
    good = _reaches(pairs, more, more_pct)
    frame = _unnamed(pairs[good])
    return _rows(frame, "alliance", inventions=more[good], pct=more_pct[good],
                 with_id=frame["portfolio_id_ally"])  # fmt: skip


def _unnamed(pairs: pd.DataFrame) -> pd.DataFrame:
    """Rows of a whole cell, which name no publication."""
    return pairs.assign(publication_id=None, reason="reaches_gate")


def _reaches(pairs: pd.DataFrame, inventions: pd.Series, pct: pd.Series) -> pd.Series:
    reaches = (pairs["inventions"] + inventions >= pairs["min_inventions"]) & (
        pairs["pct"] + pct >= pairs["min_pct"]
    )
    found: pd.Series = reaches.fillna(False).astype(bool)
    return found


def _common(rows: pd.DataFrame, key: str, pairs: pd.MultiIndex) -> np.ndarray:
    """How many keys two cells share, per pair."""
    held = rows[["portfolio_id", key]].drop_duplicates()
    held = held[held.duplicated(key, keep=False)]
    shared = held.merge(held, on=key, suffixes=("", "_ally"))
    counts = shared.groupby(["portfolio_id", "portfolio_id_ally"]).size()
    value: np.ndarray = counts.reindex(pairs).fillna(0).to_numpy(dtype="int64")
    return value
