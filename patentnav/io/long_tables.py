"""Tables that have a row for every value of a list: the rows of one publication become its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav.merge import RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

# Lists of which each row of such a table holds one value, and what tells their kinds apart.
_LISTS = {"parties": "role", "inventors": "", "classifications": "scheme"}


def united(
    publications: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Give the lists of all rows of a publication to the first of them.

    Parameters
    ----------
    publications
        Records of one piece of a file; they stay, so that every row of the file is accounted for.
    tables
        What hangs on them, with the column ``record``.

    Returns
    -------
    dict of pandas.DataFrame
        The tables; parties, inventors and symbols in the order of the rows, each once.
    """
    numbers = publications["publication_id"]
    first = publications.groupby(numbers)[RECORD].transform("min").fillna(publications[RECORD])
    record = dict(zip(publications[RECORD], first.astype(np.int64), strict=True))
    result = dict(tables)
    for name, kind in _LISTS.items():
        if name in tables:
            result[name] = _joined(tables[name], record, kind)
    return result


def _joined(rows: pd.DataFrame, record: Mapping[int, int], kind: str) -> pd.DataFrame:
    moved = rows.assign(**{RECORD: rows[RECORD].map(record)})
    own = [c for c in moved.columns if c not in {"position", "is_first"}]
    moved = moved.drop_duplicates(own).sort_values(
        [RECORD, kind] if kind else RECORD, kind="stable", ignore_index=True
    )
    lists = moved.groupby([RECORD, kind] if kind else RECORD, sort=False)
    moved["position"] = lists.cumcount() + 1
    if "is_first" in moved:
        moved["is_first"] = moved["position"] == 1
    return moved
