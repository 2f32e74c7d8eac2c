"""Whether a set is of one trade, or what one word hit in many."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts, text
from patentnav._strings import texts
from patentnav.clean import chinese, latin
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
    _, borne, titles = common_word(study)
    return bool(titles) and borne < BORNE * titles


def common_word(study: Study) -> tuple[str, int, int]:
    """The word in most titles, the number of titles it stands in, and that of all titles.

    Words of any trade (method, device) are left out (:func:`patentnav.text.stop_words`); an empty word
    where there is none.
    """
    return study.remembered("common_word", lambda: _common_word(study))


def _common_word(study: Study) -> tuple[str, int, int]:
    try:
        titles = text.documents(study.patents)["title"].dropna().astype("str").str.casefold()
    except MissingTableError:
        return "", 0, 0
    if titles.empty:
        return "", 0, 0
    cut = text.tokens(titles).lists()
    counts = Counter(word for title in cut for word in set(title) if len(word) > 1)
    most = sorted(counts, key=lambda word: (-counts[word], word))[:_LOOKED_AT]
    found = standing_in({*most}, texts(titles))
    best = min(most, key=lambda word: (-len(found[word]), word), default="")
    return best, len(found[best]) if best else 0, len(titles)


def name_hit(study: Study) -> str:
    """A word that most of the leading owners of a mixed set have in their names; empty where there is none.

    Legal forms, lines of business and places are no such words. The search hit the names then, and
    who leads tells of the search.
    """
    if not (study.patents.has("parties") and is_mixed(study)):
        return ""
    return study.remembered("name_hit", lambda: _name_hit(study))


def _name_hit(study: Study) -> str:
    named = _names(study)
    held: dict[str, set[str]] = {}
    for owner in sorted(_leading(study)):
        own = named.loc[named["owner"] == owner, "name"]
        pieces = {run[i : i + size] for name in own for run in _HAN.findall(name)
                  for size in (2, 3, 4) for i in range(len(run) - size + 1)}  # fmt: skip
        pieces |= {w.casefold() for name in own for w in latin.words_of(name)
                   if w.isascii() and len(w) >= _WORD and latin.is_own_word(w)}  # fmt: skip
        for piece in pieces:
            held.setdefault(piece, set()).add(owner)
    shared = [p for p, owners in held.items() if len(owners) >= _SHARED
              and not chinese.is_form_or_business(p)]  # fmt: skip
    return min(shared, key=lambda p: (-len(held[p]), -len(p), p), default="")


def _names(study: Study) -> pd.DataFrame:
    """Every name of every owner, as printed and as standardised: ``publication_id, owner, name``."""
    rows = facts.holders(study.patents)
    ids = facts.party_ids(rows, study.owner_level)
    parts = [pd.DataFrame({"publication_id": rows["publication_id"], "owner": ids, "name": rows[c]})
             for c in ("name", "name_raw", "name_standard") if c in rows]  # fmt: skip
    return pd.concat(parts).dropna().astype("str").drop_duplicates(ignore_index=True)


def bearers(study: Study, piece: str) -> tuple[pd.Index, int]:
    """Publications with an owner in whose name a word stands, and how many of the leading owners bear it."""
    named = _names(study)
    with_it = named[named["name"].str.casefold().str.contains(piece, regex=False)]
    leading = _leading(study)
    return pd.Index(with_it["publication_id"].unique()), len(leading & set(with_it["owner"]))


def _leading(study: Study) -> set[str]:
    owned = study.firms[["publication_id", "owner"]].drop_duplicates()
    sizes = owned.groupby("owner").size()
    return {*sorted(sizes.index, key=lambda owner: (-sizes[owner], owner))[:LEADING]}


LEADING, _SHARED = 5, 3  # owners looked at, and of these that share a word
_HAN, _WORD = re.compile(r"[\u4e00-\u9fff]+"), 4  # characters of a Latin word


_LOOKED_AT = 20  # words in most titles, of which it is looked up where they stand
