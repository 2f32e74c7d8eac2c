"""Generated citation graph with the sizes and skew of the US patents of 1975 to 1999.

Not data about any real patent: years by growing volume, lognormal numbers of references and ages
of what is cited, citations mostly inside one of 36 fields, a part of them copied from a reference.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

FIELDS, DAYS = 36, 25 * 365


def citation_graph(edges: int, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Edges ``citing_id, cited_id`` (integers, in order of time) and the day of every node."""
    rng = np.random.default_rng(seed)
    n = int(edges * 3_774_768 / 16_578_863)
    day = np.sort((DAYS * rng.random(n) ** 0.7).astype(np.int64))
    field = rng.integers(0, FIELDS, n)
    fitness = rng.lognormal(0.0, 0.75, n)
    order = np.argsort(field, kind="stable")  # by field, then time
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    begin = np.searchsorted(field[order], np.arange(FIELDS + 1))
    weight = np.concatenate(([0.0], np.cumsum(fitness[order])))

    wanted = rng.lognormal(1.7, 0.75, n) * (rng.random(n) < 0.66) * (day > 200)
    count = np.rint(wanted * 1.45 * edges / wanted.sum()).astype(np.int64)
    citing = np.repeat(np.arange(n), count)
    at = np.where(
        rng.random(len(citing)) < 0.8, field[citing], rng.integers(0, FIELDS, len(citing))
    )
    age = rng.lognormal(np.log(5.5 * 365), 0.75, len(citing))
    size = begin[at + 1] - begin[at]
    # Position in the field of something that old, blurred, then drawn by fitness.
    share = np.clip((day[citing] - age) / DAYS, 0.0, 1.0) ** (1 / 0.7)
    low = begin[at] + (np.clip(share - 0.03, 0.0, 1.0) * size).astype(np.int64)
    high = begin[at] + (np.clip(share + 0.03, 0.0, 1.0) * size).astype(np.int64)
    drawn = weight[low] + rng.random(len(citing)) * (weight[high] - weight[low])
    cited = order[np.clip(np.searchsorted(weight, drawn, side="right") - 1, 0, n - 1)]
    cited = _copied(cited, count, rng)
    held = (day[citing] > day[cited]) & (age < day[citing])
    key = np.unique((citing[held] << 32) | cited[held])
    if len(key) > edges:
        key = np.sort(rng.choice(key, edges, replace=False))
    return pd.DataFrame({"citing_id": key >> 32, "cited_id": key & 0xFFFFFFFF}), pd.Series(day)


def _copied(cited: np.ndarray, count: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Replace 30 % of the citations by a reference of the cited node."""
    ends = np.cumsum(count)
    copy = (rng.random(len(cited)) < 0.3) & (count[cited] > 0)
    chosen = cited[copy]
    pick = ends[chosen] - count[chosen] + (rng.random(len(chosen)) * count[chosen]).astype(np.int64)
    result = cited.copy()
    result[copy] = cited[pick]
    return result
