"""Whether a technology moves as its words do, and not by how the set was divided or by another part of it."""

from __future__ import annotations

from collections import Counter
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
    from collections.abc import Collection

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


def name_moves(
    *,
    patents: PatentSet,
    technologies: Any,
    technology_of: pd.DataFrame,
    unit_ids: pd.Series,
    unit_years: pd.Series,
    last_year: int,
    capped: pd.DataFrame,
) -> pd.DataFrame:
    """Technologies whose movement lies mostly outside the documents that their name tells of.

    A group called by one of its parts can fall because another part of it does. Against what it would
    have had at the pace of the rest, a technology has more or fewer units; of these those that hold
    the words of the name have a share. Where that share is of the other sign, or less than half of
    what the named part is of the technology, the name does not stand for what moved.

    Returns
    -------
    pandas.DataFrame
        By technology, only those whose name does not hold: ``years`` and ``lately``, for either
        comparison None where it holds, else a tuple: up to ``TERMS`` other phrases or words of its titles
        whose documents are half of what moved or more; empty where there are none.
    """
    empty = pd.DataFrame({"years": [], "lately": []}, index=pd.Index([], dtype="str"))
    if len(capped):
        return empty
    try:
        titles = text.documents(patents)["title"].dropna().astype("str").str.casefold()
    except MissingTableError:
        return empty
    frame = pd.DataFrame({"unit": unit_ids.reindex(titles.index), "title": titles})
    frame["year"] = frame["unit"].map(unit_years)
    late, split = last_year - RECENT + 1, last_year - RECENT // 2
    spans = {
        "years": ((last_year - 2 * RECENT + 1, late - 1), (late, last_year)),
        "lately": ((late, split), (split + 1, last_year)),
    }
    here = {name: [frame["year"].between(*w).fillna(False) for w in pair]
            for name, pair in spans.items()}  # fmt: skip
    every = {name: [frame.loc[w, "unit"].nunique() for w in pair] for name, pair in here.items()}
    rows: dict[str, tuple[Any, ...]] = {}
    for technology, own in technology_of.groupby("technology")["publication_id"]:
        name = str(technologies.names.get(str(technology), ""))
        words = _words(name)
        mine = frame.reindex(frame.index.intersection(pd.Index(own.unique())))
        named = _with_any(words, mine["title"])
        if not words or mine.empty or not named.any():
            continue
        apart = {}
        for column, pair in here.items():
            before, now = (mine[w.reindex(mine.index)] for w in pair)
            rest = [n - part["unit"].nunique() for n, part in zip(every[column], (before, now), strict=True)]  # fmt: skip
            if not rest[0]:
                apart[column] = False
                continue
            pace = rest[1] / rest[0]
            whole = _excess(before, now, pace)
            part = _excess(before[named.reindex(before.index)], now[named.reindex(now.index)], pace)
            share = (
                float(named[[*before.index, *now.index]].mean()) if len(before) + len(now) else 1.0
            )
            apart[column] = bool(whole) and part / whole < share / 2
        if any(apart.values()):
            terms = {
                column: _moving_terms(
                    technologies, str(technology), words, mine, here[column], every[column]
                )
                for column in here
                if apart[column]
            }
            rows[str(technology)] = tuple(terms.get(column) for column in spans)
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(spans), dtype="object")


TERMS = 3  # phrases in place of a name
_FEW, _HALF = 5, 0.5  # titles with a word, and part of what moved, from which words tell it


def _with_any(words: Collection[str], titles: pd.Series) -> pd.Series:
    """Which titles hold one of the words."""
    found = pd.Series(False, index=titles.index)
    for places in standing_in(words, texts(titles)).values():
        found.iloc[places] = True
    return found


def _excess(before: pd.DataFrame, now: pd.DataFrame, pace: float) -> float:
    """Units of now beyond those that the pace would have made of the units of before."""
    return float(now["unit"].nunique() - before["unit"].nunique() * pace)


def _moving_terms(  # noqa: PLR0917 (what it needs)
    technologies: Any,
    technology: str,
    words: list[str],
    mine: pd.DataFrame,
    windows: list[pd.Series],
    every: list[int],
) -> tuple[str, ...]:
    """Phrases without a word of the name whose documents are half of what moved; none where no three are."""
    listed = getattr(technologies, "terms", None)
    if listed is None or listed.empty:  # of technologies that were given
        return ()
    own = listed.loc[listed["technology"].astype("str") == technology].sort_values("rank")["term"]
    cut = Counter(w for title in text.tokens(mine["title"]).lists() for w in set(title))
    often = [w for w, n in sorted(cut.items(), key=lambda item: (-item[1], item[0]))
             if len(w) > 1 and n >= _FEW and n <= COMMON * len(mine)]  # fmt: skip
    free = [t for t in dict.fromkeys([*own.astype("str"), *often])
            if not any(w in t.casefold() or t.casefold() in w for w in words)]  # fmt: skip
    before, now = (mine[w.reindex(mine.index)] for w in windows)
    pace = (every[1] - now["unit"].nunique()) / max(every[0] - before["unit"].nunique(), 1)
    whole = _excess(before, now, pace)
    held = {term: _with_any([term.casefold()], mine["title"]) for term in free}

    def part(rows: pd.Series) -> float:
        inside = before[rows.reindex(before.index)], now[rows.reindex(now.index)]
        return _excess(*inside, pace) / whole if whole else 0.0

    chosen: list[str] = []
    covered = pd.Series(False, index=mine.index)
    for _ in range(TERMS):
        best = max(
            free, key=lambda term: (part(covered | held[term]), -free.index(term)), default=""
        )
        if not best or part(covered | held[best]) <= part(covered):
            break
        chosen.append(best)
        covered |= held[best]
    return tuple(chosen) if part(covered) >= _HALF else ()
