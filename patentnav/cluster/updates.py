"""Technologies of a search that is run again: what is kept, and what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.cluster import remainder
from patentnav.cluster.continued import Carried
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from patentnav.cluster.names import Titles
    from patentnav.cluster.result import Space, Technologies

MOST = 0.5  # share of an earlier technology that makes the later one its successor
PART = 0.25  # share of it that makes the later one a part of it


def carried(earlier: Technologies, titles: Titles, space: Space, publications: pd.Index) -> Carried:
    """Earlier technologies, joined by the publications that are new.

    Raises
    ------
    ArgumentError
        No publication with a technology is in both sets.
    """
    known = earlier.labels.reindex(publications)
    known = known[known.isin(earlier.areas.index)]
    alive = [key for key in earlier.areas.index if (known == key).any()]
    if not alive:
        msg = (
            "earlier: none of its publications with a technology is in the set. Give the result of "
            "an earlier export of the same search."
        )
        raise ArgumentError(msg)
    number = pd.Series(range(len(alive)), index=alive)
    labels = known.map(number).reindex(publications).fillna(-1).to_numpy(dtype=np.int64)
    if (labels < 0).any():
        place, far = remainder.nearest_of(space.smoothed, labels, len(alive))
        old_remainder = publications[labels < 0].isin(earlier.labels.dropna().index)
        labels[labels < 0] = np.where(far | old_remainder, -1, place)
        labels = remainder.found_anew(titles, space.rows, space.smoothed, space.graph, labels)
    highest = max(int(key[1:]) for key in earlier.areas.index)
    width = len(str(earlier.areas.index[0])) - 1
    new = int(labels.max()) + 1 - len(alive)
    ids = [*alive, *(f"T{highest + i:0{width}d}" for i in range(1, new + 1))]
    return Carried(labels, ids, {key: str(earlier.names[key]) for key in alive})


def changes(earlier: Technologies, later: Technologies) -> pd.DataFrame:
    """What became of the technologies of an earlier result, by the publications in both.

    Returns
    -------
    pandas.DataFrame
        ``technology`` (of the later result, of the earlier one where it is gone), ``name, change,
        related`` (ids of the other result, a tuple), ``before, now`` (publications). ``change`` is
        ``kept`` (half of an earlier technology or more, of one alone), ``merged`` (of several),
        ``split`` (a quarter of an earlier technology or more, of which another quarter lies
        elsewhere), ``new`` or ``gone``. The remainders are left out.
    """
    old = earlier.labels.where(earlier.labels.isin(earlier.areas.index))
    new = later.labels.where(later.labels.isin(later.areas.index))
    both = pd.concat([old.rename("old"), new.rename("new")], axis=1, join="inner").dropna()
    shared = pd.crosstab(both["old"], both["new"])
    shared = shared.reindex(index=earlier.areas.index, columns=later.areas.index, fill_value=0)
    totals = old[old.index.isin(later.labels.index)].value_counts().reindex(shared.index)
    share = shared.div(totals.fillna(0).clip(lower=1), axis=0)
    several = (share >= PART).sum(axis=1) > 1
    rows: list[tuple[str, str, str, tuple[str, ...], int, int]] = []
    for key in later.areas.index:
        whole = tuple(share.index[share[key] >= MOST])
        parts = tuple(share.index[(share[key] >= PART) & several])
        if len(whole) > 1:
            change, related = "merged", whole
        elif parts:
            change, related = "split", parts
        elif whole:
            change, related = "kept", whole
        else:
            change, related = "new", ()
        before = int(earlier.sizes[list(related)].sum())
        rows.append((key, str(later.names[key]), change, related, before, int(later.sizes[key])))
    for key in earlier.areas.index:
        if (share.loc[key] < PART).all():
            rows.append((key, str(earlier.names[key]), "gone", (), int(earlier.sizes[key]), 0))
    return pd.DataFrame(rows, columns=["technology", "name", "change", "related", "before", "now"])
