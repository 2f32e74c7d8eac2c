"""One name at one firm: one person, unless the firm is large enough for two of that name.

Co-inventors say little here. In a small firm somebody works with one colleague this year and with
others the next, so lists of co-inventors that have nobody in common are no sign of two people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.clean.evidence import Evidence
    from patentnav.clean.inventor_names import PersonName
    from patentnav.clean.rarity import Rarity

# Other bearers of the name to be expected among the firm's inventors, at most.
NAMESAKES = 0.05
# Above this many inventors a firm has departments that do not know each other: the evidence decides.
INVENTORS = 100
# Years without a filing, after which it is another period.
PERIOD = 5


def of_one_firm(
    evidence: Evidence, parsed: Sequence[PersonName], rarity: Rarity, different: np.ndarray
) -> np.ndarray:
    """Pairs of mentions that are one person because name, firm and period are the same.

    Parameters
    ----------
    evidence
        Profiles of the mentions.
    parsed
        Their names.
    rarity
        How frequent the names are.
    different
        Pairs of mentions decided to be two people; their names are left to the evidence, and so is
        a name that stands twice in one filing.

    Returns
    -------
    numpy.ndarray
        Shape (pairs, 2). Only Chinese names in characters: a name in pinyin has more bearers than its
        letters show.
    """
    share = {name: rarity.share(name) for name in set(parsed)}
    key = np.array([name.key for name in parsed], dtype=object)
    shares = np.array([share[name] for name in parsed])
    work = evidence.counts["work"].tocoo()
    filed = pd.DataFrame({"name": key[work.row], "work": work.col})
    twice = set(filed["name"][filed.duplicated()]) | set(key[different.ravel()])
    # A firm under its former name, or its subsidiary, is one group.
    held = {kind: evidence.counts[kind].tocoo() for kind in ("firm", "firm_word")}
    rows = pd.concat(
        [
            pd.DataFrame({"kind": kind, "firm": at.col, "name": key[at.row], "mention": at.row})
            for kind, at in held.items()
        ],
        ignore_index=True,
    )
    inventors = rows.groupby(["kind", "firm"])["name"].transform("nunique")
    small = (inventors <= INVENTORS) & (inventors * shares[rows["mention"]] < NAMESAKES)
    rows = rows[small & ~rows["name"].isin(twice)]
    rows = rows.assign(year=evidence.first[rows["mention"]])
    place = ["kind", "firm", "name"]
    rows = rows.sort_values([*place, "year", "mention"], ignore_index=True)
    before = rows.shift(1)
    one = (rows[place] == before[place]).all(axis=1)
    one &= (rows["year"] - before["year"]) <= PERIOD
    return np.column_stack([before["mention"][one], rows["mention"][one]]).astype(int)
