"""A course for every technology, by a stated rule on its growth and on one's own strength in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

COURSES = ("strengthen", "fill", "keep", "observe")
WANTED = COURSES[:2]  # technologies in which partners are looked for
THIN = 10  # units below which a comparison of periods says nothing


def courses(
    growth: pd.DataFrame, own: pd.Series | None = None, *, min_count: int = THIN
) -> pd.DataFrame:
    """Say which technologies to strengthen, fill, keep or observe.

    A technology rises where its growth index is at least 1 (or it is new); one is strong in it
    where the share of one's own units in it is at least what is expected: the share of the whole
    set, or the even share 1/k where nobody's own units are given. Rising and strong: strengthen;
    rising and weak: fill; strong only: keep; the rest, and technologies with few units in both
    periods: observe.

    Parameters
    ----------
    growth
        ``technology, count, recent_count, before_count, growth_index``, as
        :func:`patentnav.indicators.growth_index` returns (``group`` renamed).
    own
        Own units (of the region, of the enterprise) by technology.
    min_count
        Units of both periods together below which a technology is only observed.

    Returns
    -------
    pandas.DataFrame
        ``technology, count, share, strength`` (share / expected share), ``growth_index, course``,
        in the order of ``growth``.
    """
    frame = growth.copy()
    total = frame["count"] / frame["count"].sum()
    if own is None:
        frame["share"] = total
        frame["strength"] = total * len(frame)
    else:
        held = own.reindex(frame["technology"]).fillna(0.0).to_numpy()
        frame["share"] = held / max(held.sum(), 1)
        frame["strength"] = frame["share"] / total
    rising = frame["growth_index"].fillna(np.inf) >= 1  # new within the recent years: rising
    strong = frame["strength"] >= 1
    thin = frame["recent_count"] + frame["before_count"] < min_count
    cases = [thin, rising & strong, rising & ~strong, ~rising & strong]
    frame["course"] = np.select(cases, [COURSES[3], *COURSES[:3]], COURSES[3])
    return frame[["technology", "count", "share", "strength", "growth_index", "course"]]
