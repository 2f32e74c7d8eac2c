"""What is sought, as publications that meet it, and how far people's own filings lie in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.errors import MissingColumnError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from patentnav.patentset import PatentSet

BY_GROUP, BY_WORDS = "group", "words"
_BETWEEN = re.compile("[;\uff1b,\uff0c\u3001/|]+")


def meeting(
    patents: PatentSet, needs: pd.DataFrame, groups: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """Publications that meet every need.

    Parameters
    ----------
    patents
        The set.
    needs
        ``need_id, technology`` and, where they are told, ``exclude`` (lists of terms): the user table
        TN of :mod:`patentnav.tables`.
    groups
        Publications by the name or id of an industry, a sub-sector or a technology.

    Returns
    -------
    pandas.DataFrame
        ``need_id, publication_id, by``: ``group`` where the technology is the name of a group, else
        ``words``, where title, abstract or claims hold one of its terms (between commas, semicolons
        or slashes). A publication whose title, abstract or owner holds a term of ``exclude`` meets
        nothing. Needs that no publication meets have no row.

    Raises
    ------
    MissingColumnError
        A need has no id or no technology.
    """
    for column in ("need_id", "technology"):
        if column not in needs.columns or needs[column].isna().any():
            msg = f'A need lacks its "{column}". Read the table with tables.read(…, "TN").'
            raise MissingColumnError(msg)
    known = {_folded(name): ids for name, ids in groups.items()}
    text = _texts(patents, owners=False)
    told = None
    parts = []
    for row in needs.to_dict("records"):
        named = known.get(_folded(str(row["technology"])))
        if named is None:
            found, by = _holding(text, terms(row["technology"])), BY_WORDS
        else:
            found, by = text.index.intersection(pd.Index(list(named))), BY_GROUP
        without = row.get("exclude")
        if isinstance(without, list | tuple) and without:
            told = _texts(patents, owners=True) if told is None else told
            found = found.difference(_holding(told, without))
        parts.append(
            pd.DataFrame(
                {"need_id": row["need_id"], "publication_id": found.sort_values(), "by": by}
            )
        )
    empty = pd.DataFrame({"need_id": [], "publication_id": [], "by": []})
    return pd.concat([empty, *parts], ignore_index=True).astype("str")


def terms(technology: object) -> list[str]:
    """Terms of a wish in words."""
    return [one.strip() for one in _BETWEEN.split(str(technology)) if one.strip()]


def holding(patents: PatentSet, words: Iterable[str]) -> pd.Index:
    """Publications whose title, abstract or claims hold one of the words."""
    return _holding(_texts(patents, owners=False), list(words))


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()


def _holding(text: pd.Series, words: Iterable[str]) -> pd.Index:
    wanted = [_folded(word) for word in words if _folded(word)]
    if not wanted:
        return text.index[:0]
    return text.index[text.str.contains("|".join(map(re.escape, wanted)), regex=True)]


def _texts(patents: PatentSet, *, owners: bool) -> pd.Series:
    """Words of every publication without spaces and capitals, those of its owners too if asked."""
    title = patents.publications["title"].astype("str").fillna("")
    found = title.groupby(level=0).first()
    if patents.has("texts"):
        rows = patents.texts
        rows = rows[rows["field"].isin(["title", "abstract", "claims"])].dropna(subset=["text"])
        joined = rows.groupby("publication_id")["text"].agg("\n".join)
        found = found + "\n" + joined.reindex(found.index).fillna("")
    if owners and patents.has("parties"):
        names = patents.parties.dropna(subset=["name_raw"])
        joined = names.groupby("publication_id")["name_raw"].agg("\n".join)
        found = found + "\n" + joined.reindex(found.index).fillna("")
    return found.str.replace(r"[ \t\u3000]+", "", regex=True).str.casefold()


def match(
    rows: pd.DataFrame, met: pd.DataFrame, technology_of: pd.DataFrame, *, unit_ids: pd.Series
) -> pd.DataFrame:
    """How far the filings of people lie in what is sought.

    Parameters
    ----------
    rows
        People and their publications: ``inventor_id, publication_id``.
    met
        What :func:`meeting` returned.
    technology_of
        ``publication_id, technology``.
    unit_ids
        Counted unit by publication (:func:`patentnav.counting.unit_ids`).

    Returns
    -------
    pandas.DataFrame
        A row per need and person with a unit in it: ``need_id, inventor_id, units`` (that meet the
        need), ``share`` (of the person's units), ``cosine`` (of the units of both by technology, 0 to
        1; NA where no technology is known), ``gap`` (the technology in which the need has most more
        of its units than the person; NA where none). Most units first.
    """
    held = rows[["inventor_id", "publication_id"]].assign(
        unit=unit_ids.reindex(rows["publication_id"]).to_numpy()
    )
    total = held.groupby("inventor_id")["unit"].nunique()
    mine = held.merge(met[["need_id", "publication_id"]], on="publication_id")
    units = mine.groupby(["need_id", "inventor_id"])["unit"].nunique().rename("units").reset_index()
    people = _profile(held, technology_of, "inventor_id")
    sought = _profile(
        met.assign(unit=unit_ids.reindex(met["publication_id"]).to_numpy()),
        technology_of,
        "need_id",
    )
    people, sought = people.align(sought, axis=1, fill_value=0.0)
    cosine: list[float] = []
    gap: list[str | None] = []
    for need, person in units[["need_id", "inventor_id"]].itertuples(index=False, name=None):
        if need not in sought.index or person not in people.index:
            cosine.append(np.nan)
            gap.append(None)
            continue
        one, other = people.loc[person], sought.loc[need]
        length = float(np.sqrt((one**2).sum() * (other**2).sum()))
        cosine.append(float((one * other).sum()) / length)
        lacks = other / other.sum() - one / one.sum()
        gap.append(str(lacks.idxmax()) if lacks.max() > 0 else None)
    found = units.assign(
        share=units["units"] / units["inventor_id"].map(total), cosine=cosine,
        gap=pd.Series(gap, dtype="str", index=units.index),
    )  # fmt: skip
    return found.sort_values(
        ["need_id", "units", "cosine", "inventor_id"], ascending=[True, False, False, True],
        ignore_index=True,
    )  # fmt: skip


def _profile(rows: pd.DataFrame, technology_of: pd.DataFrame, who: str) -> pd.DataFrame:
    """Units by technology, one row per person or need; columns sorted."""
    both = rows.merge(technology_of[["publication_id", "technology"]], on="publication_id")
    both = both.dropna(subset=["technology"])
    counts = both.groupby([who, "technology"])["unit"].nunique()
    return counts.unstack("technology", fill_value=0).astype("float64").sort_index(axis=1)
