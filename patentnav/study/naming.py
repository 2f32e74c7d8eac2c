"""Whether the name of a technology holds for the documents that a sentence counts."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources, i18n, text
from patentnav._memo import shared
from patentnav.errors import MissingTableError, UnavailableError
from patentnav.planning.roadmap import stands_in

if TYPE_CHECKING:
    from patentnav.cluster import Technologies
    from patentnav.patentset import PatentSet
    from patentnav.study.steps import Later

HALF = 0.5  # of the documents, that must bear a name which is said of them
ALIKE, TEMPLATE, RARE = (
    0.5,
    0.8,
    0.05,
)  # of titles: the same; of the same beginning; common in the set
_BEGINNING = {True: 12, False: 4}  # characters of a beginning, of letters and of others
_FEW = 5


def bears_name(
    patents: PatentSet,
    technologies: Later[Any],
    technology_of: Later[pd.DataFrame],
    given_technologies: Technologies | None,
) -> pd.Series:
    """Whether the title of a publication bears the name of its technology, or one of several in it.

    A name of several words is borne by a title that holds all of them. Where titles are lacking, or
    the technologies were given, by whoever knows what they are, nothing is said against any.
    """
    if given_technologies is not None:
        return pd.Series(dtype="bool")
    try:
        found, rows = technologies(), technology_of()
        titles = text.documents(patents)["title"].dropna().astype("str").str.casefold()
    except (UnavailableError, MissingTableError):
        return pd.Series(dtype="bool")
    told: dict[str, bool] = {}
    for technology, own in rows.groupby("technology")["publication_id"]:
        phrases = _phrases(str(found.names.get(str(technology), "")))
        mine = titles[titles.index.intersection(pd.Index(own.unique()))]
        told |= {str(p): not phrases or any(all(stands_in(w, title) for w in words) for words in phrases)
                 for p, title in mine.items()}  # fmt: skip
    return pd.Series(told, dtype="bool")


def _phrases(name: str) -> list[list[str]]:
    """Alternatives of a name, each as the words that a title must hold."""
    broad = {
        i18n.text("cluster.technology", lang, word="").strip().casefold()
        for lang in i18n.languages()
    }
    alternatives = []
    for part in _pattern("name_between").split(name.casefold()):
        told = part.strip()
        for word in broad:
            told = told.removesuffix(word).strip()
        words = [w for w in text.tokens(pd.Series([told])).lists()[0] if len(w) > 1] if told else []
        if told:
            alternatives.append(words or [told])
    return alternatives


def well_named(bears_name: pd.Series, technology_of: Later[pd.DataFrame]) -> frozenset[str] | None:
    """Technologies half of whose titles bear the name; None where it cannot be told."""
    if bears_name.empty:
        return None
    rows = technology_of()
    borne = bears_name.reindex(rows["publication_id"]).to_numpy()
    share = pd.Series(borne, index=rows["technology"].astype("str"), dtype="boolean")
    means = share.groupby(level=0).mean()
    return frozenset(means.index[(means >= HALF).fillna(False).astype(bool)])


def says_nothing(ids: pd.Index, titles: pd.Series, bears_name: pd.Series) -> bool:
    """Whether the name of a technology tells nothing of some of its publications.

    Fewer than half of them bear it, half have the very same title, or nearly all titles begin alike
    in a way that few others do: a habit of writing, not a subject.

    Parameters
    ----------
    ids
        The publications.
    titles
        Titles of the whole set, by publication.
    bears_name
        The step of this name.
    """
    borne = bears_name.reindex(ids).dropna()
    if len(borne) and float(borne.astype(bool).mean()) < HALF:
        return True
    own = _plain(titles).reindex(ids).dropna()
    if len(own) < _FEW:
        return False
    if own.value_counts().iloc[0] >= ALIKE * len(own):
        return True
    begins = own.map(_beginning)
    first = begins.value_counts()
    common = float((_beginnings(titles) == first.index[0]).mean())
    return bool(first.iloc[0] >= TEMPLATE * len(own) and common < RARE)


@shared
def _plain(titles: pd.Series) -> pd.Series:
    return titles.str.casefold().str.replace(_pattern("title_filled"), "", regex=True)


@shared
def _beginnings(titles: pd.Series) -> pd.Series:
    return _plain(titles).dropna().map(_beginning)


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(str(_resources.load_toml("text", "titles")[name]))


def _beginning(title: str) -> str:
    return title[: _BEGINNING[title[:4].isascii()]]
