"""What stands in a candidate: its publications and its families."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def members(candidates: pd.DataFrame) -> pd.DataFrame:
    """Publications of every candidate.

    Parameters
    ----------
    candidates
        What :func:`patentnav.portfolio.candidates` returned, or some of its rows; also
        ``Selection.chosen``.

    Returns
    -------
    pandas.DataFrame
        ``portfolio_id, publication_id``, in the order of the candidates.
    """
    return exploded(candidates, "members").rename(columns={"members": "publication_id"})


def exploded(candidates: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows ``portfolio_id, <column>`` of a column that holds tuples of ids."""
    long = candidates[["portfolio_id", column]].explode(column, ignore_index=True)
    return long.dropna(subset=column).astype({column: "str"}).reset_index(drop=True)
