"""Whether a set is of one trade, or what one word hit in many."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING

from patentnav import text
from patentnav._strings import texts
from patentnav.errors import CoverageWarning, MissingTableError, UnavailableError
from patentnav.planning.roadmap import standing_in

if TYPE_CHECKING:
    from patentnav.study import Study

# Chosen on 20 other exports: of one subject they are as broad as 2 to 6 fields of equal size; of a
# word that stands anywhere in the text (drone, pizza) as 10 to 13; a broad subject (hydrogen energy)
# is as broad, and half of its titles bear a word of it.
FIELDS = 8.0
BORNE = 1 / 3


def effective_fields(study: Study) -> float:
    """Technical fields of equal size that would be as concentrated as those of the set: 1 / HHI.

    NaN where the set has no classes.

    References
    ----------
    Laakso & Taagepera 1979, Comparative Political Studies 12(1), doi:10.1177/001041407901200101.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CoverageWarning)  # sections that need fields say it
            rows = study.fields.dropna(subset=["sub_sector"])
    except (UnavailableError, MissingTableError):
        return float("nan")
    if rows.empty:
        return float("nan")
    sizes = study.counts(rows[["publication_id", "sub_sector", "weight"]])
    return float(1 / ((sizes / sizes.sum()) ** 2).sum())


def is_mixed(study: Study) -> bool:
    """Whether a set is of many fields, with no word in a third of its titles: no trade of its own.

    Against "the rest" of such a set nothing can be measured: the rest is other trades.
    """
    return study.remembered("mixed", lambda: _mixed(study))


def _mixed(study: Study) -> bool:
    if not effective_fields(study) >= FIELDS:
        return False
    try:
        titles = text.documents(study.patents)["title"].dropna().astype("str").str.casefold()
    except MissingTableError:
        return False
    if titles.empty:
        return False
    cut = text.tokens(titles).lists()
    counts = Counter(word for title in cut for word in set(title) if len(word) > 1)
    most = sorted(counts, key=lambda word: (-counts[word], word))[:_LOOKED_AT]
    found = standing_in({*most}, texts(titles))
    return max((len(found[word]) for word in most), default=0) < BORNE * len(titles)


_LOOKED_AT = 20  # words in most titles, of which it is looked up where they stand
