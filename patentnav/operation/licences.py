"""Pairs of owners who lie so near to each other that each may need the other's patents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.facts import check_owner_level
from patentnav.operation import nearness
from patentnav.operation.holdings import applications, held, key, reasons

if TYPE_CHECKING:
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

FEWEST, LEAST_PAIRS, TIMES = 5, 2, 1.5
LEAST_TEXT = (
    0.05  # similarity below which two texts share little more than the words of all patents
)
COLUMNS = (
    "owner_a", "name_a", "count_a", "owner_b", "name_b", "count_b", "a_to_b", "b_to_a", "share_a",
    "share_b", "strength", "expected_a", "expected_b", "times", "joint", "reason",
)  # fmt: skip


def cross_licences(
    patents: PatentSet, *, owner: OwnerLevel = "group", min_count: int = FEWEST
) -> pd.DataFrame:
    """Pairs of owners whose living applications are each other's nearest.

    Parameters
    ----------
    patents
        A set with parties and texts.
    owner
        ``party`` or ``group``.
    min_count
        Living applications (or of unknown state) from which an owner is looked at; persons are left
        out.

    Returns
    -------
    pandas.DataFrame
        One row per pair, the strongest first; listed where each has at least ``LEAST_PAIRS``
        applications whose nearest of another owner is the other's and both more than ``TIMES`` as many as
        the sizes alone would give: ``owner_a, name_a, count_a, owner_b, name_b, count_b`` (applications
        of each); ``a_to_b`` (a's applications whose nearest is b's), ``b_to_a``; ``share_a, share_b`` (of the
        owner's own); ``strength`` (the smaller of both: a licence in one direction only is no cross-
        licence); ``expected_a, expected_b`` (the other's part of all others' applications: size alone);
        ``times`` (the smaller ratio to it); ``joint`` (applications of both, which are left out of the
        rest); ``reason``: keys joined by ``; `` (``mutual, joint``).

    Raises
    ------
    MissingTableError
        The set carries no parties or no texts.
    ArgumentError
        ``min_count`` is not positive.

    Notes
    -----
    Near in words is not infringing: whether one works what the other has protected is for people to
    compare claim by claim. Ours; no labels exist. Refuted by: claims that do not read on the other's
    products; a licence that exists already.
    """
    check_owner_level(owner)
    if min_count < 1:
        msg = f"min_count={min_count} must be at least 1."
        raise ArgumentError(msg)
    rows = _held_alone(patents, owner)
    count = rows.groupby("owner").size()
    asked = count[count >= min_count].sort_index().index
    space = nearness.vectors(patents)
    linked = _nearest(space, rows, asked)
    pairs = _pairs(linked, count, asked)
    joint = _joint(patents, owner)
    pairs["joint"] = [
        joint.get((a, b), 0) for a, b in zip(pairs["owner_a"], pairs["owner_b"], strict=True)
    ]
    names = rows.drop_duplicates("owner").set_index("owner")["name"]
    pairs = pairs.assign(name_a=pairs["owner_a"].map(names), name_b=pairs["owner_b"].map(names))
    mutual = pd.Series(data=True, index=pairs.index)
    pairs["reason"] = reasons(key(mutual, "mutual"), key(pairs["joint"] > 0, "joint"))
    order = ["strength", "times", "owner_a", "owner_b"]
    found = pairs.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return found[list(COLUMNS)]


def _held_alone(patents: PatentSet, owner: OwnerLevel) -> pd.DataFrame:
    """Applications not known to have ended of one owner that is no person: ``owner, name, publication_id``."""
    parties = held(patents, owner)
    single = ~parties["application"].duplicated(keep=False)
    person = (parties["kind"] == "individual").fillna(False).astype(bool)
    one = applications(patents)
    rows = parties[single & ~person].merge(
        one[["publication_id", "alive"]], left_on="application", right_index=True
    )
    rows = rows[rows["alive"].fillna(True).astype(bool)]
    return rows.sort_values("publication_id", ignore_index=True)


def _nearest(space: nearness.Vectors, rows: pd.DataFrame, asked: pd.Index) -> pd.DataFrame:
    """Nearest other owner of every application of those asked: ``owner, nearest``."""
    owners = pd.Index(sorted(rows["owner"].unique()))
    code = owners.get_indexer(pd.Index(rows["owner"]))
    place = space.rows(rows["publication_id"])
    mine = np.flatnonzero(rows["owner"].isin(asked).to_numpy())
    right = space.text[place]
    found = nearness.nearest_other(right[mine], code[mine], right, code, LEAST_TEXT)
    kept = found >= 0
    return pd.DataFrame(
        {"owner": owners.to_numpy()[code[mine[kept]]], "nearest": owners.to_numpy()[found[kept]]}
    )


def _pairs(linked: pd.DataFrame, count: pd.Series, asked: pd.Index) -> pd.DataFrame:
    near = linked[linked["nearest"].isin(asked)]
    links = Counter(zip(near["owner"], near["nearest"], strict=True))
    total = int(count.sum())
    rows = []
    for (a, b), there in sorted(links.items()):
        back = links.get((b, a), 0)
        if a >= b or min(there, back) < LEAST_PAIRS:
            continue
        n_a, n_b = int(count[a]), int(count[b])
        share_a, share_b = there / n_a, back / n_b
        expected_a, expected_b = n_b / (total - n_a), n_a / (total - n_b)
        times = min(share_a / expected_a, share_b / expected_b)
        if times > TIMES:
            rows.append((a, n_a, b, n_b, there, back, share_a, share_b, min(share_a, share_b),
                         expected_a, expected_b, times))  # fmt: skip
    columns = ["owner_a", "count_a", "owner_b", "count_b", "a_to_b", "b_to_a", "share_a", "share_b",
               "strength", "expected_a", "expected_b", "times"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _joint(patents: PatentSet, owner: OwnerLevel) -> dict[tuple[str, str], int]:
    rows = held(patents, owner)[["application", "owner"]]
    several = rows[rows["application"].duplicated(keep=False)]
    both = several.merge(several, on="application")
    both = both[both["owner_x"] < both["owner_y"]]
    return Counter(zip(both["owner_x"], both["owner_y"], strict=True))
