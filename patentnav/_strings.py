"""Columns of text at once: pandas takes these one value or one group at a time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXT = pa.large_string()


def among(values: pd.Series | pd.Index, known: pd.Series | pd.Index) -> np.ndarray:
    """Tell which texts of a column are among those of another; a missing one where one is missing.

    The same as ``values.isin(known)``, which wraps every known text by itself.
    """
    held = pa.array(known, type=_TEXT, from_pandas=True)
    if isinstance(held, pa.ChunkedArray):
        held = held.combine_chunks()
    asked = pa.array(values, type=_TEXT, from_pandas=True)
    return np.asarray(pc.is_in(asked, value_set=held).to_numpy(zero_copy_only=False), dtype=bool)


def texts(column: pd.Series | pd.Index) -> list[Any]:
    """Values of a column, as a list; a missing text is NaN.

    The same as ``list(column)``, which asks arrow for every value by itself.
    """
    values: list[Any] = column.to_numpy(dtype=object).tolist()
    return values


def by_index(column: pd.Series) -> dict[Any, Any]:
    """Values of a column by their index; the same as ``dict(column.items())``."""
    return dict(zip(texts(column.index), texts(column), strict=True))


def joined(rows: pd.DataFrame, by: Sequence[str], column: str, separator: str) -> pd.Series:
    """Texts of every group, joined in the order of the rows.

    The same as ``rows.groupby(by)[column].agg(separator.join)``, which makes a column per group.
    """
    groups = rows.groupby(list(by), sort=True, observed=True)
    number = groups.ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    order = order[np.searchsorted(number[order], 0) :]  # a missing key belongs to no group
    told = texts(rows[column].iloc[order])
    sizes = groups.size()
    ends = np.cumsum(sizes.to_numpy()).tolist()
    lines = [separator.join(told[a:b]) for a, b in pairwise([0, *ends])]
    return pd.Series(lines, index=sizes.index, name=column, dtype="str")
