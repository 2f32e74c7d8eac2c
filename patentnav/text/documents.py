"""One document per publication: which texts stand for it, and in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import shared
from patentnav._segments import word_lines
from patentnav._strings import among, joined
from patentnav.config import get_config
from patentnav.errors import ArgumentError, MissingTableError
from patentnav.text.scripts import detect

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

BODY_FIELDS = ("abstract", "novelty", "first_claim", "claims")
BODY_LENGTH = 4000  # characters; claims beyond that repeat themselves
SHORTEST_NAME = 12  # characters: a title that begins with a verb is all name
COVERS = 0.9  # a language that holds this share of the texts of a set stands for the set
# Some sources put the number for a lost title, Japanese ones with the letter of the era.
_MOST = 0.5  # part of the publications without more than a title
_NUMBER = r"\s*[A-Z]{2}\s*[HSTM]?[\s\d/.-]+(?:[A-Z]\d?)?\s*"


def documents(patents: PatentSet, *, language: str | None = None) -> pd.DataFrame:
    """One document per publication, in one language of the set where that is possible.

    The language that holds the titles and abstracts of at least nine tenths of the set stands for
    it (the configured one of several); a publication without text in it keeps what it has. Where no
    language does, all texts of a publication are joined, so that records that carry both languages
    tie the rest together.

    Parameters
    ----------
    patents
        The set: titles of ``publications`` and ``texts``, abstracts of ``texts``; where a
        publication has no abstract, its novelty statement or claims.
    language
        Prefer this language, whatever its coverage.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id`` in sorted order, every publication of the set: ``title``,
        ``body`` (NA where absent), ``language`` (codes joined by ``+``; NA without text),
        ``set_language``, the language of the set, ``mixed`` where none covers it.

    Raises
    ------
    MissingTableError
        No publication has a title or an abstract.
    """
    return _documents(patents, language, get_config().lang)


def titles_only(patents: PatentSet) -> bool:
    """Whether more than half of the publications have no text but a title.

    Parameters
    ----------
    patents
        The set.

    Returns
    -------
    bool

    Raises
    ------
    MissingTableError
        No publication has a title or an abstract.
    """
    return bool(documents(patents)["body"].fillna("").eq("").mean() > _MOST)


@shared
def _documents(patents: PatentSet, language: str | None, usual: str) -> pd.DataFrame:
    rows = _texts(patents)
    if not len(rows):
        msg = (
            "No publication has a title or an abstract, so there is nothing to read. Export the "
            "title and abstract columns, or join them with from_tables."
        )
        raise MissingTableError(msg)
    main = language or _main_language(rows, usual)
    if language and not (rows["language"] == language).any():
        known = ", ".join(sorted(rows["language"].unique()))
        msg = f'No text of the set is in language="{language}". It has: {known}.'
        raise ArgumentError(msg)
    if main is not None:
        here = rows["language"] == main
        without = ~among(rows["publication_id"], rows.loc[here, "publication_id"])
        rows = rows[here | without]
    index = patents.publications.index.sort_values()
    result = pd.DataFrame(index=index)
    for kind in ("title", "body"):
        result[kind] = _joined(rows[rows["kind"] == kind], "text", " . ").reindex(index)
    languages = rows.drop_duplicates(["publication_id", "language"])
    result["language"] = _joined(languages, "language", "+").reindex(index)
    result["set_language"] = pd.Series(main or "mixed", index=index, dtype="str")
    return result


def _texts(patents: PatentSet) -> pd.DataFrame:
    """Rows ``publication_id, kind, language, text``; one per publication, kind and language."""
    publications = patents.publications
    parts = [
        pd.DataFrame({"publication_id": publications.index, "field": "title",
                      "language": publications["language"].to_numpy(),
                      "text": publications["title"].to_numpy()})
    ]  # fmt: skip
    if patents.has("texts"):
        texts = patents.texts
        wanted = texts["field"].isin(["title", *BODY_FIELDS])
        parts.insert(0, texts.loc[wanted, ["publication_id", "field", "language", "text"]])
    rows = pd.concat(parts, ignore_index=True)
    rows["text"] = rows["text"].astype("str").str.slice(0, BODY_LENGTH)
    rows = rows[rows["text"].notna() & (rows["text"].str.strip() != "")]
    rows = rows[~rows["text"].str.fullmatch(_NUMBER)]
    unknown = rows["language"].isna()
    if unknown.any():
        rows["language"] = rows["language"].astype("str").where(~unknown, detect(rows["text"]))
    rank = {field: i for i, field in enumerate(("title", *BODY_FIELDS))}
    rows["rank"] = rows["field"].map(rank)
    rows["kind"] = np.where(rows["field"] == "title", "title", "body")
    rows = rows.sort_values(["publication_id", "language", "kind", "rank", "text"])
    return rows.drop_duplicates(["publication_id", "language", "kind"])


def _main_language(rows: pd.DataFrame, usual: str) -> str | None:
    total = len(rows.drop_duplicates(["publication_id", "kind"]))
    cover = rows.groupby("language").size() / total
    covering = cover[cover >= COVERS]
    if usual in covering.index:
        return usual
    if not len(covering):
        return None
    return str(covering.sort_values(ascending=False, kind="stable").index[0])


def _joined(rows: pd.DataFrame, column: str, by: str) -> pd.Series:
    values: pd.Series = rows.set_index("publication_id")[column]
    again = values.index.duplicated(keep=False)
    if not again.any():
        return values
    several = joined(rows[again], ["publication_id"], column, by)
    both: pd.Series = pd.concat([values[~again], several])
    return both


def split_titles(titles: pd.Series) -> tuple[pd.Series, pd.Series]:
    """What a title names, and what it tells of it.

    A long title such as those of Derwent ("Recovery of copper from cables, involves crushing ...")
    ends its name at a verb of ``data/text/title-ends-en.txt``; any other title is a name.

    Parameters
    ----------
    titles
        Titles; NA stays NA.

    Returns
    -------
    tuple of pandas.Series
        Names, and the rest of the titles, empty where nothing follows.

    Examples
    --------
    >>> name, rest = split_titles(pd.Series(["Display device having a lens array"]))
    >>> name[0], rest[0]
    ('Display device', 'having a lens array')
    """
    ends = "|".join(word_lines("title-ends-en"))
    parts = titles.str.extract(rf"(?is)^(.{{{SHORTEST_NAME},}}?)(?:[,;]?\s+((?:{ends}).*))?$")
    return parts[0].where(parts[0].notna(), titles), parts[1].where(
        titles.isna(), parts[1].fillna("")
    )
