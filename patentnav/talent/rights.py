"""What stays with former owners when people move, and what was filed close to a move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.talent.mobility import LIKELY, moves
from patentnav.talent.people import owners, people

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

CLOSE = 12  # months


def left_behind(
    patents: PatentSet, unit: Unit | None = None, *, min_probability: float = LIKELY
) -> pd.DataFrame:
    """Filings around the changes of owner that the filings of people show.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit; the configured one when omitted.
    min_probability
        Least probability of a change (:func:`patentnav.talent.moves`).

    Returns
    -------
    pandas.DataFrame
        The changes with ``stays`` (units with the former owner, which stay there), ``before`` (those
        of them filed in the year up to the first filing with the next owner) and ``after`` (units with
        the next owner filed within a year of the last filing with the former one).

    Notes
    -----
    A change of owner is no change of employment, and its day is not known: both filings bound it. In
    China an invention made within a year after an employment ended, related to its duties, is the
    former employer's (Implementing Regulations of the Patent Law, rule 13 of 2023); whether one is, a
    lawyer says.
    """
    table = moves(patents, unit, min_probability=min_probability)
    held = people(patents, unit).dropna(subset=["date"]).merge(owners(patents), on="publication_id")
    spans = dict(iter(held.groupby(["inventor_id", "owner"])))
    year = pd.DateOffset(months=CLOSE)
    rows = []
    for move in table.to_dict("records"):
        old = spans[move["inventor_id"], move["from_owner"]]
        new = spans[move["inventor_id"], move["to_owner"]]
        rows.append(
            (
                old["unit_id"].nunique(),
                old.loc[old["date"] > move["first_date"] - year, "unit_id"].nunique(),
                new.loc[new["date"] < move["last_date"] + year, "unit_id"].nunique(),
            )
        )
    counts = pd.DataFrame(
        rows, columns=["stays", "before", "after"], index=table.index, dtype="int64"
    )
    return table.join(counts)
