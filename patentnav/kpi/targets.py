"""Targets as a table, from data files or the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources, tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def targets(source: str | Path | pd.DataFrame = "jinan-2021") -> pd.DataFrame:
    """Targets that are monitored.

    Parameters
    ----------
    source
        Name of an entry of ``kpi`` (``data/kpi``, the user's ``kpi``), or a user table KT.

    Returns
    -------
    pandas.DataFrame
        Columns of the user table KT, in the order of the file.

    Raises
    ------
    UnknownNameError
        There is no such entry.
    FormatError
        The table lacks a required column.

    Examples
    --------
    >>> frame = targets()
    >>> int((frame["type"] == "milestone").sum()), len(frame)
    (10, 34)
    """
    if isinstance(source, str) and "." not in source:
        entry = _resources.load_toml("kpi", source)
        shared = {k: v for k, v in entry.items() if k != "target"}
        rows = [{**shared, **row} for row in entry["target"]]
        table = tables.read(pd.DataFrame(rows), "KT")
        return _ordered(table.frame, [str(row["id"]) for row in rows])
    return tables.read(source, "KT").frame


def _ordered(frame: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    place = {name: i for i, name in enumerate(ids)}
    return frame.sort_values("id", key=lambda c: c.map(place), ignore_index=True)
