"""Parallel lists: columns that describe the same items of a table, cell by cell, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.merge import RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Columns that describe the same items of a table, cell by cell, are parallel lists of one group.
PARALLEL = {"parties": "role", "inventors": "", "priorities": "", "families": "scheme"}
# Rows of these tables need one of these columns.
NAMED = {
    "parties": ("name", "name_raw", "name_standard"),
    "inventors": ("name", "name_raw"),
    "priorities": ("priority_number",),
}
# Why a cell of a list that is longer or shorter than its neighbour is left out.
UNEVEN = "not as many values as"
_ONE_FOR_ALL = {"country", "region", "city", "address", "party_type", "family_id"}


def fits(mine: np.ndarray, other: np.ndarray, fields: set[str]) -> np.ndarray:
    """Whether each row of the other list belongs to a list as long as mine, or to none of mine.

    Parameters
    ----------
    mine, other
        Record of each row of the two lists.
    fields
        What the other list tells; one value of some fields counts for a whole list.
    """
    size = max(mine.max(initial=0), other.max(initial=0)) + 1
    expected, found = np.bincount(mine, minlength=size)[other], np.bincount(other)[other]
    single = fields <= _ONE_FOR_ALL | {"role", "scheme"}
    fitting: np.ndarray = (expected == 0) | (found == expected) | ((found == 1) & single)
    return fitting


def joined(mine: pd.DataFrame, other: pd.DataFrame, fields: Sequence[str]) -> pd.DataFrame:
    """Outer join on record and position."""
    width = int(max(mine["position"].max(), other["position"].max(), 0)) + 1 if len(mine) else 1
    width = max(width, int(other["position"].max()) + 1) if len(other) else width
    left = mine[RECORD].to_numpy() * width + mine["position"].to_numpy()
    right = other[RECORD].to_numpy() * width + other["position"].to_numpy()
    if len(left) == len(right) and (left == right).all():
        result, other = mine.copy(deep=False), other.set_axis(mine.index)
    else:
        keys = np.union1d(left, right)
        result = _aligned(mine, left, keys)
        other = _aligned(other, right, keys)
        result[RECORD], result["position"] = keys // width, keys % width
    for name in fields:
        result[name] = result[name].fillna(other[name]) if name in result else other[name]
    return result


def _aligned(frame: pd.DataFrame, own: np.ndarray, keys: np.ndarray) -> pd.DataFrame:
    """Rows of a frame at the places of their keys; empty rows elsewhere."""
    place = np.full(len(keys), -1)
    place[np.searchsorted(keys, own)] = np.arange(len(own))
    return pd.DataFrame(
        {
            name: pd.Series(column.array.take(place, allow_fill=True))
            for name, column in frame.items()
        }
    )


def first_dates(priorities: Iterable[pd.DataFrame]) -> pd.Series | None:
    """Earliest priority date of every record that has one, with or without its number."""
    dated = [rows[[RECORD, "date"]] for rows in priorities if "date" in rows]
    return pd.concat(dated).groupby(RECORD)["date"].min() if dated else None
