"""Alliances: two or three owners who reach the gate in one technology together, and none alone."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.errors import CoverageWarning, warn

if TYPE_CHECKING:
    from numpy.typing import NDArray

JOIN = " + "  # between the owners of an alliance
_MOST = 20_000  # groups that are looked at, those of most inventions and PCT applications
TENTH = 10  # a partner holds at least this part of the gate's inventions


def groups(
    table: pd.DataFrame, partners: int, min_inventions: int, min_pct: int
) -> list[tuple[int, ...]]:
    """Groups of rows of one technology whose sums reach the gate.

    Parameters
    ----------
    table
        Judged cells. Partners hold a tenth of the gate's inventions and do not meet it alone; of
        whom it is not known whether they do, none is taken.
    partners
        Largest number of owners, two or three.
    min_inventions, min_pct
        The gate.

    Returns
    -------
    list of tuple
        Row positions, sorted; what owners share is counted twice here and once by the caller.
    """
    pct = table["pct"].fillna(0)
    fits = (table["inventions"] >= max(1, min_inventions // TENTH)) & ~table["meets_gate"].fillna(
        True
    ).astype(bool)
    found: list[NDArray] = []
    for _, rows in table[fits].groupby("technology", sort=True, observed=True):
        at = table.index.get_indexer(rows.index)
        size = rows["inventions"].to_numpy(dtype="int64")
        filed = pct.loc[rows.index].to_numpy(dtype="int64")
        order = np.argsort(-size, kind="stable")
        at, size, filed = at[order], size[order], filed[order]
        for k in range(2, partners + 1):
            found += _reaching(at, size, filed, (k, min_inventions, min_pct))
    if not found:
        return []
    combined = [tuple(sorted(row)) for block in found for row in block.tolist()]
    if len(combined) > _MOST:
        n = table["inventions"].to_numpy(dtype="float64")
        p = pct.to_numpy(dtype="float64")
        gain = [
            sum(n[i] / min_inventions + p[i] / max(1, min_pct) for i in row) for row in combined
        ]
        keep = np.argsort(-np.array(gain), kind="stable")[:_MOST]
        warn(
            f"{len(combined)} alliances reach the gate; the {_MOST} with most inventions and PCT "
            "applications are looked at. Raise the gate or take finer groups to see all.",
            CoverageWarning,
        )
        combined = [combined[i] for i in sorted(keep)]
    return sorted(combined)


def _reaching(
    at: NDArray, size: NDArray, filed: NDArray, wanted: tuple[int, int, int]
) -> list[NDArray]:
    """Groups of ``k`` cells of one technology, largest first, that reach the gate together."""
    k, min_inventions, min_pct = wanted
    found = []
    for head in itertools.combinations(range(len(at)), k - 1):
        last = head[-1]
        # The cells come by size: from the first that is too small on, all are.
        if size[list(head)].sum() + (size[last + 1] if last + 1 < len(at) else 0) < min_inventions:
            continue
        rest = np.arange(last + 1, len(at))
        good = rest[
            (size[list(head)].sum() + size[rest] >= min_inventions)
            & (filed[list(head)].sum() + filed[rest] >= min_pct)
        ]
        if len(good):
            heads = np.tile(at[list(head)], (len(good), 1))
            found.append(np.column_stack([heads, at[good]]))
    return found


def joined(cells: pd.DataFrame, table: pd.DataFrame, rows: list[tuple[int, ...]]) -> pd.DataFrame:
    """Cells of the alliances: those of their partners under the name of all of them."""
    ids, names = table["owner_id"].tolist(), table["owner"].tolist()
    technology = table["technology"].tolist()
    long = pd.DataFrame(
        [
            (
                JOIN.join(ids[i] for i in row),
                JOIN.join(names[i] for i in row),
                ids[j],
                technology[j],
            )
            for row in rows
            for j in row
        ],
        columns=["alliance_id", "alliance", "owner_id", "technology"],
    )
    found = long.merge(cells[["unit_id", "owner_id", "technology"]], on=["owner_id", "technology"])
    found = found.drop(columns="owner_id").rename(
        columns={"alliance_id": "owner_id", "alliance": "owner"}
    )
    return found.drop_duplicates(["unit_id", "owner_id", "technology"], ignore_index=True)


def pruned(table: pd.DataFrame) -> pd.DataFrame:
    """Alliances that a best choice may need.

    One that has a part (a smaller alliance in the same technology) of at least its score is left
    out: the part stands in the way of less and is worth no less. What a choice can reach stays the
    same.
    """
    score = {
        (technology, tuple(sorted(owners))): value
        for technology, owners, value in zip(
            table["technology"], table["owners"], table["score"], strict=True
        )
    }
    keep = []
    for (technology, owners), value in score.items():
        parts = itertools.combinations(owners, len(owners) - 1) if len(owners) > 2 else ()
        keep.append(not any(score.get((technology, part), -np.inf) >= value for part in parts))
    return table[np.array(keep, dtype=bool)] if keep else table


def deduction() -> float:
    """Points of the score that every partner beyond the first costs."""
    entry = _resources.load_toml("scorecards", "portfolio")["alliance"]
    return float(entry["per_partner"])
