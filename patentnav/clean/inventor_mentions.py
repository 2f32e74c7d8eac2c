"""Mentions of inventors: one row per name and filing, and the evidence around each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.clean import chinese, inventor_names, latin
from patentnav.clean.evidence import Evidence
from patentnav.counting import unit_ids

if TYPE_CHECKING:
    from patentnav.clean.rarity import Rarity
    from patentnav.patentset import PatentSet

_SHORT_WORD = 3


def items_of(patents: PatentSet, inventors: pd.DataFrame, names: pd.Series) -> pd.Series:
    """One item per name and application: documents of one application repeat their inventors."""
    application = unit_ids(patents, "application").reindex(inventors["publication_id"])
    key = names.map({n: inventor_names.parse(n).key for n in names.dropna().unique()})
    item = pd.Series(application.to_numpy(), index=names.index) + "\t" + key.astype("str")
    return item.where(names.notna())


def mentions_of(patents: PatentSet, inventors: pd.DataFrame) -> pd.DataFrame:
    """Mentions of a set's inventors with the evidence around them, sorted by ``mention_id``.

    Parameters
    ----------
    patents
        The set.
    inventors
        Its inventors with ``name``.

    Returns
    -------
    pandas.DataFrame
        ``mention_id`` (publication and position), ``item`` (application and name),
        ``publication_id`` (of the application), ``name, applicants, groups, classifications, city,
        region, country, date, title``; one row per name and application.
    """
    rows = inventors.assign(item=items_of(patents, inventors, inventors["name"]))
    rows = rows.dropna(subset=["name"])
    position = rows["position"].astype("str")
    rows = rows.assign(mention_id=rows["publication_id"] + "-" + position)
    rows = rows.sort_values(["mention_id"], kind="stable").drop_duplicates("item")
    frame = rows[["mention_id", "item", "name", "city", "region", "country"]].copy()
    publication = rows["publication_id"]
    frame["publication_id"] = rows["item"].str.split("\t").str[0]
    publications = patents.publications
    date = publications["application_date"].fillna(publications["publication_date"])
    frame["date"] = date.reindex(publication).to_numpy()
    frame["title"] = publications["title"].reindex(publication).to_numpy()
    for column, values in _context(patents).items():
        found = values.reindex(publication).to_numpy()
        known = (
            frame[column] if column in frame else pd.Series(None, index=frame.index, dtype="str")
        )
        frame[column] = known.where(known.notna(), pd.Series(found, index=frame.index))
    return frame.reset_index(drop=True)


def _context(patents: PatentSet) -> dict[str, pd.Series]:
    context: dict[str, pd.Series] = {}
    if patents.has("parties"):
        parties = patents.parties
        first = parties[parties["role"].isin(["applicant", "original_assignee"])]
        first = first[(first["party_type"] != "individual").fillna(True)]
        first = first.sort_values(["publication_id", "role", "position"])
        first = first[first["role"] == first.groupby("publication_id")["role"].transform("first")]
        name = first["name"].fillna(first["name_raw"])
        context["applicants"] = _joined(first, name)
        context["groups"] = _joined(first, first["group_id"])
        for column in ("city", "region", "country"):
            known = first.dropna(subset=[column]).drop_duplicates("publication_id")
            context[column] = known.set_index("publication_id")[column]
    if patents.has("classifications"):
        classes = patents.classifications
        classes = classes[classes["scheme"].isin(["IPC", "CPC"])]
        classes = classes.sort_values(["publication_id", "is_first", "scheme", "position"],
                                      ascending=[True, False, False, True])  # fmt: skip
        context["classifications"] = _joined(classes, classes["symbol"].str[:4])
    return context


def _joined(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
    pairs = pd.DataFrame({"publication_id": rows["publication_id"], "value": values})
    pairs = pairs.dropna().drop_duplicates()
    pairs["value"] = pairs["value"].str.replace("|", " ", regex=False)
    return pairs.groupby("publication_id")["value"].agg("|".join)


def strata(mentions: pd.DataFrame, parsed: list[inventor_names.PersonName]) -> pd.DataFrame:
    """Where strangers are drawn for learning: columns of :data:`patentnav.clean.learning.STRATA`.

    Latin names: inside the family name. Chinese names: of one place, of one main class, anywhere;
    missing where the place or the class is not known.
    """
    nothing = pd.Series(None, index=mentions.index, dtype="str")
    place = mentions.get("region", nothing).astype("str")
    field = mentions.get("classifications", nothing).astype("str").str[:4]
    anywhere = pd.Series("", index=mentions.index, dtype="str")
    surname = pd.Series([p.surname if p.given else None for p in parsed], index=mentions.index)
    table = {
        "place": surname.fillna(place.where(place != "")),
        "field": surname.fillna(field.where(field != "")),
        "anywhere": surname.fillna(anywhere),
    }
    return pd.DataFrame(table)


def coinventors(mentions: pd.DataFrame, parsed: list[inventor_names.PersonName]) -> pd.DataFrame:
    """Co-inventors of every mention: ``mention`` (position), ``value`` (key), ``parsed`` (name)."""
    if "coinventors" in mentions:
        long = _split(mentions["coinventors"])
        table = {value: inventor_names.parse(value) for value in long["value"].unique()}
        long["parsed"] = long["value"].map(table)
    else:
        own = pd.DataFrame({"work": mentions["publication_id"], "parsed": parsed})
        own["mention"] = np.arange(len(own))
        long = own[["work", "mention"]].merge(own[["work", "parsed"]], on="work")[
            ["mention", "parsed"]
        ]
    long["value"] = [p.short for p in long["parsed"]]
    himself = np.array([p.short for p in parsed], dtype=object)[long["mention"]]
    others: pd.DataFrame = long[long["value"].to_numpy(dtype=object) != himself]
    return others


def _split(cells: pd.Series) -> pd.DataFrame:
    values = cells.reset_index(drop=True).astype("str").str.split("|").explode().str.strip()
    values = values[values.notna() & (values != "")]
    return pd.DataFrame({"mention": values.index.to_numpy(), "value": values.to_numpy()})


def evidence_of(
    mentions: pd.DataFrame,
    coinventors: pd.DataFrame,
    rarity: Rarity,
    different: np.ndarray,
) -> Evidence:
    """Evidence around every mention.

    Parameters
    ----------
    mentions
        The mentions, with any of the columns of :func:`patentnav.clean.inventor_groups`.
    coinventors
        Result of :func:`coinventors`.
    rarity
        Rarity of names.
    different
        Pairs of positions that were decided to be two people.
    """
    shown = coinventors.drop_duplicates("value")
    weight = {
        value: float(np.clip((2 - rarity.of(p)) / 6, 0.1, 1.2))
        for value, p in zip(shown["value"], shown["parsed"], strict=True)
    }
    firms = _column(mentions, "applicants")
    classes = _column(mentions, "classifications")
    groups = _column(mentions, "groups")
    named = {value: _firm(value) for value in firms["value"].unique()}
    words = firms.assign(value=[named[v][1] for v in firms["value"]])
    region = _column(mentions, "region")
    without = ~np.isin(np.arange(len(mentions)), region["mention"])
    country = _column(mentions, "country")
    region = pd.concat([region, country[without[country["mention"].to_numpy(dtype=int)]]])
    values = {
        "coinventors": coinventors[["mention", "value"]],
        "firm": firms.assign(value=[named[v][0] for v in firms["value"]]),
        "firm_word": groups if len(groups) else words,
        "city": _column(mentions, "city"),
        "region": region,
        "classes": classes.assign(value=classes["value"].str[:4]),
        "title": _title_words(mentions),
        "work": pd.concat([_column(mentions, "publication_id"), _apart(different)]),
    }
    years = np.full(len(mentions), np.nan)
    if "date" in mentions:
        years = pd.to_datetime(mentions["date"]).dt.year.to_numpy(dtype=float, na_value=np.nan)
    return Evidence.of_mentions(values, years, weight)


def _apart(different: np.ndarray) -> pd.DataFrame:
    # Two people stand in one filing: a made-up filing keeps decided pairs apart for good.
    number = np.repeat(np.arange(len(different)), 2).astype("str")
    values = pd.Series(number, dtype="str")
    return pd.DataFrame({"mention": different.ravel(), "value": "decision " + values})


def _column(mentions: pd.DataFrame, column: str) -> pd.DataFrame:
    if column not in mentions or mentions[column].isna().all():
        return pd.DataFrame({"mention": pd.Series(dtype="int64"), "value": pd.Series(dtype="str")})
    return _split(mentions[column])


def _firm(name: str) -> tuple[str, str]:
    """Key of a firm and its first word."""
    if chinese.has_cjk(name):
        parsed = chinese.parse(name)
        return parsed.entity, parsed.brand or parsed.entity
    stems = latin.stems_of(name)
    return " ".join(stems), stems[0]


def _title_words(mentions: pd.DataFrame) -> pd.DataFrame:
    if "title" not in mentions:
        return _column(mentions, "title")
    rows, words = [], []
    for row, title in enumerate(mentions["title"].fillna("").astype("str")):
        found = _words_of_title(title)
        rows += [row] * len(found)
        words += found
    return pd.DataFrame({"mention": np.array(rows, dtype="int64"), "value": words})


def _words_of_title(title: str) -> list[str]:
    if chinese.has_cjk(title):
        return sorted({title[i : i + 2] for i in range(len(title) - 1)})
    plain = {w.strip(".,;:()[]/\"'").lower() for w in title.replace("-", " ").split()}
    kept = {w for w in plain if len(w) > _SHORT_WORD}
    return sorted({w[:-1] if w.endswith("s") and not w.endswith("ss") else w for w in kept})
