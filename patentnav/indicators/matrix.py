"""Technology by effect: what inventions achieve, and the cells that chance does not leave empty."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.config import get_config
from patentnav.errors import MissingTableError
from patentnav.indicators.trend import unit_frame

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

FIELDS = ("effect", "abstract")  # the vendor's own statement first, else what the abstract says
LEVEL = 0.05


def effects(patents: PatentSet) -> pd.DataFrame:
    """Effects that publications claim for themselves.

    The patterns stand in ``data/text/effects.toml``; they read the vendor's effect field where a
    publication has one, else its abstract.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, effect, weight``, a membership table (weights of a publication sum to
        one). Publications that state none of the effects have no row.

    Raises
    ------
    MissingTableError
        The set carries neither effect statements nor abstracts.
    """
    texts = patents.texts
    texts = texts[texts["field"].isin(FIELDS)]
    if not len(texts):
        msg = (
            "The set carries neither effect statements nor abstracts, so effects cannot be read. "
            "Export the abstract column."
        )
        raise MissingTableError(msg)
    stated = texts.loc[texts["field"] == "effect", "publication_id"]
    texts = texts[(texts["field"] == "effect") | ~texts["publication_id"].isin(stated)]
    found = [
        pd.DataFrame({
            "publication_id": texts.loc[texts["text"].str.contains(pattern), "publication_id"],
            "effect": effect,
        })
        for effect, pattern in _patterns().items()
    ]  # fmt: skip
    rows = pd.concat(found).drop_duplicates().sort_values(["publication_id", "effect"])
    share = 1.0 / rows.groupby("publication_id")["effect"].transform("size")
    return rows.assign(weight=share).reset_index(drop=True)


def effect_labels(lang: str | None = None) -> pd.Series:
    """Labels of the effects in a language, indexed by effect."""
    entries = _resources.load_toml("text", "effects")
    lang = lang or get_config().lang
    return pd.Series({effect: entry[lang] for effect, entry in entries.items()}, name="label")


def _patterns() -> dict[str, re.Pattern[str]]:
    entries = _resources.load_toml("text", "effects")
    return {
        effect: _compiled(f"{entry['pattern_zh']}|{entry['pattern_en']}")
        for effect, entry in entries.items()
    }


@functools.lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def white_spots(
    patents: PatentSet,
    rows: str | pd.DataFrame,
    columns: str | pd.DataFrame,
    *,
    unit: Unit | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Cross two groupings and test every cell against what chance would fill.

    Parameters
    ----------
    patents
        The set.
    rows, columns
        Groupings, e.g. technologies and :func:`effects`: column of ``publications`` or membership
        table.
    unit
        Counted unit; the configured one when omitted.
    level
        False discovery rate of the states.

    Returns
    -------
    pandas.DataFrame
        ``row, column, count, expected, p_value, q_value, state``, every pair. Counting is whole, over
        the units in both groupings. ``expected`` and ``p_value`` (two-sided) are those of drawing
        the column's units from all at random (hypergeometric); ``q_value`` is adjusted for the
        number of cells. ``state``: ``white`` (significantly below chance), ``dense`` (above) or
        ``chance``: an empty cell that chance explains is no gap.

    References
    ----------
    Benjamini, Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    from scipy.stats import false_discovery_control, hypergeom

    first = unit_frame(patents, rows, unit=unit, counting="whole")
    second = unit_frame(patents, columns, unit=unit, counting="whole")
    both = first.merge(second, on="unit_id", suffixes=("_row", "_column"))
    n = both["unit_id"].nunique()
    cells = pd.crosstab(both["group_row"], both["group_column"])
    of_row = both.drop_duplicates(["unit_id", "group_row"])["group_row"].value_counts()
    of_column = both.drop_duplicates(["unit_id", "group_column"])["group_column"].value_counts()
    cells = cells.rename_axis(index="row", columns="column")
    long = cells.reset_index().melt(id_vars="row", value_name="count")
    long = long.sort_values(["row", "column"], ignore_index=True)
    r = long["row"].map(of_row).to_numpy(dtype=np.int64)
    c = long["column"].map(of_column).to_numpy(dtype=np.int64)
    count = long["count"].to_numpy()
    below = hypergeom.cdf(count, n, r, c)
    above = hypergeom.sf(count - 1, n, r, c)
    p = np.minimum(1.0, 2 * np.minimum(below, above))
    q = false_discovery_control(p) if len(p) else p
    expected = r * c / max(n, 1)
    state = np.select([(q <= level) & (count < expected), q <= level], ["white", "dense"], "chance")
    result = long.assign(expected=expected, p_value=p, q_value=q, state=state)
    result.attrs = {"unit": unit or get_config().unit, "counting": "whole", "units": n}
    return result
