"""Whether a rise of a technology is one of its words, too, and not of how the set was divided."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import text
from patentnav._strings import texts
from patentnav.errors import MissingTableError
from patentnav.planning.roadmap import standing_in
from patentnav.study.groups import RECENT

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

UP = ("emerging", "growing")
COMMON = 0.2  # share of the titles from which a word is that of the search
OWN = 0.5  # of a technology's titles, in which its words must stand to speak for it
LEVEL = 0.05
COLUMNS = ["words", "before", "recent", "p_value", "rose"]


def word_rises(
    *,
    patents: PatentSet,
    technologies: Any,
    technology_of: pd.DataFrame,
    emergence: pd.DataFrame,
    unit_ids: pd.Series,
    unit_years: pd.Series,
    last_year: int,
) -> pd.DataFrame:
    """Rising technologies, counted again by the words of their names, wherever these stand.

    A technology found in the text can rise because its documents of earlier years were put elsewhere:
    "head-mounted" in one group, "head-worn" in another.

    Returns
    -------
    pandas.DataFrame
        By technology (those that rise, and in half of whose titles a word of the name stands; words of
        more than a fifth of all titles do not count): ``words`` (tuple), ``before`` and ``recent``
        (units of the two windows with one of them in the title), ``p_value`` (Fisher's exact test,
        two-sided, against all other units), ``rose`` (more, faster than the rest, and significant at the level that
        the correction for all technologies leaves the last one that passes).
    """
    from scipy.stats import fisher_exact

    try:
        titles = text.documents(patents)["title"].dropna().astype("str").str.casefold()
    except MissingTableError:  # technologies that were given, of a set without words
        return pd.DataFrame(columns=COLUMNS)
    if titles.empty:
        return pd.DataFrame(columns=COLUMNS)
    units = unit_ids.reindex(titles.index)
    years = units.map(unit_years)
    windows = {"recent": (last_year - RECENT + 1, last_year),
               "before": (last_year - 2 * RECENT + 1, last_year - RECENT)}  # fmt: skip
    every = {name: set(units[years.between(*w).fillna(False)]) for name, w in windows.items()}
    tested = emergence["q_value"].dropna()
    bound = LEVEL * int((tested <= LEVEL).sum()) / max(len(tested), 1)
    rows: dict[str, tuple[Any, ...]] = {}
    up = emergence.loc[emergence["state"].isin(UP), "group"].astype("str").tolist()
    words = {t: _words(str(technologies.names.get(t, ""))) for t in up}
    places = standing_in({*chain.from_iterable(words.values())}, texts(titles))
    for technology in up:
        said = {word: places[word] for word in words[technology]}
        said = {word: found for word, found in said.items() if len(found) / len(titles) <= COMMON}
        if not said:
            continue
        with_it = pd.Series(False, index=titles.index)
        with_it.iloc[np.concatenate([*said.values()])] = True
        own = technology_of.loc[technology_of["technology"] == technology, "publication_id"]
        if with_it.reindex(own.unique()).fillna(False).astype(bool).mean() < OWN:
            continue
        named = set(units[with_it])
        now, then = (len(every[w] & named) for w in ("recent", "before"))
        rest_now, rest_then = len(every["recent"]) - now, len(every["before"]) - then
        p = float(fisher_exact([[now, then], [rest_now, rest_then]]).pvalue)
        rose = p <= bound and now > then and now * rest_then > then * rest_now
        rows[technology] = (tuple(said), then, now, p, rose)
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS)


def _words(name: str) -> list[str]:
    """Words of a name, two characters or longer, in small letters."""
    found = text.tokens(pd.Series([name])).lists()[0]
    return list(dict.fromkeys(w.casefold() for w in found if len(w) > 1))
