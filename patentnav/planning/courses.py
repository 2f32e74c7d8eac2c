"""A course for every technology, from tests that it passed and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection

COURSES = ("strengthen", "fill", "keep", "observe")
THIN = 10  # units below which a comparison of periods says nothing
LEVEL = 0.05  # q below which a test is passed
_RISING = ("emerging", "growing")
_COLUMNS = (
    "technology", "total", "earlier", "recent", "relative_growth", "q_value", "state",
    "own_count", "rest_count", "advantage", "advantage_low", "advantage_high", "advantage_q", "rising",
    "strong", "course", "wanted",
)  # fmt: skip


def courses(
    judged: pd.DataFrame,
    standing: pd.DataFrame | None = None,
    *,
    remainders: Collection[str] = (),
) -> pd.DataFrame:
    """Say which technologies to strengthen, fill, keep or observe.

    A technology rises where :func:`patentnav.indicators.emergence` found it emerging or growing,
    and somebody is strong (weak) in it where the test of :func:`standing` finds more (fewer) of the
    own units there than elsewhere. Rising and strong: strengthen; rising and weak: fill; rising and
    neither shown: observe; strong and not rising: keep. All else has no course: nothing was shown.

    Parameters
    ----------
    judged
        ``technology, total, earlier, recent, relative_growth, q_value, state``.
    standing
        Result of :func:`standing`; None where nobody's strength is asked, and then no technology
        has a course, only those that rise are known.
    remainders
        Technologies that are what is left over: they have no course and are not wanted.

    Returns
    -------
    pandas.DataFrame
        ``technology, total, earlier, recent, relative_growth, q_value, state, own_count, rest_count, advantage,
        advantage_low, advantage_high, advantage_q`` (NA without ``standing``), ``rising``,
        ``strong`` (NA where the test shows neither), ``course`` (NA for none) and ``wanted``
        (partners are looked for: rising, and not known to be strong), in the order of ``judged``.
    """
    frame = judged.reset_index(drop=True)
    real = ~frame["technology"].isin(list(remainders))
    rising = frame["state"].isin(_RISING) & real
    frame["rising"] = rising
    if standing is None:
        frame["strong"] = pd.array([pd.NA] * len(frame), dtype="boolean")
        frame["course"] = pd.array([None] * len(frame), dtype="str")
        frame["wanted"] = rising
        return frame.reindex(columns=[*_COLUMNS])
    frame = frame.merge(standing, on="technology", how="left")
    shown = frame["advantage_q"] < LEVEL
    alone = (frame["own_count"] > 0) & (frame["rest_count"] == 0)
    above = alone | (frame["advantage"] > 1)
    strong, weak = shown & above & (frame["own_count"] >= THIN), shown & ~above
    frame["strong"] = strong.astype("boolean").mask(~(strong | weak))
    cases = [rising & strong, rising & weak, strong & real, rising]
    names = ["strengthen", "fill", "keep", "observe"]
    course = pd.Series(np.select(cases, names, ""), index=frame.index, dtype="str")
    frame["course"] = course.mask(course == "")
    frame["wanted"] = rising & ~strong
    return frame[[*_COLUMNS]]
