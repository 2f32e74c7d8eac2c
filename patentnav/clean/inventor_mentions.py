"""Mentions of the inventors of a set: one row per name and application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav._strings import joined
from patentnav.clean import inventor_names
from patentnav.counting import unit_ids

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


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
    for column, values in context_of(patents).items():
        found = values.reindex(publication).to_numpy()
        known = (
            frame[column] if column in frame else pd.Series(None, index=frame.index, dtype="str")
        )
        frame[column] = known.where(known.notna(), pd.Series(found, index=frame.index))
    return frame.reset_index(drop=True)


def context_of(patents: PatentSet) -> dict[str, pd.Series]:
    """What surrounds the inventors of each publication, by column of mentions; joined by a bar."""
    context: dict[str, pd.Series] = {}
    if patents.has("vendor_values"):
        # Lists of references tell a province or country, but no applicant.
        values = patents.vendor_values
        place = values[values["name"] == "place"].drop_duplicates("publication_id")
        context["region"] = place.set_index("publication_id")["value"]
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
        classes = classes.sort_values(
            ["publication_id", "is_first", "scheme", "position"],
            ascending=[True, False, False, True],
        )
        context["classifications"] = _joined(classes, classes["symbol"].str[:4])
    return context


def _joined(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
    pairs = pd.DataFrame({"publication_id": rows["publication_id"], "value": values})
    pairs = pairs.dropna().drop_duplicates()
    pairs["value"] = pairs["value"].str.replace("|", " ", regex=False)
    return joined(pairs, ["publication_id"], "value", "|")


def strata(mentions: pd.DataFrame, parsed: list[inventor_names.PersonName]) -> pd.DataFrame:
    """Where strangers are drawn for learning: columns of :data:`patentnav.clean.learning.STRATA`.

    Latin names: inside the family name. Chinese names: of one place, of one main class, anywhere;
    missing where the place or the class is not known. All of one ``collection`` where that column
    is there.
    """
    nothing = pd.Series(None, index=mentions.index, dtype="str")
    place = mentions.get("region", nothing).astype("str")
    field = mentions.get("classifications", nothing).astype("str").str[:4]
    anywhere = mentions.get("collection", pd.Series("", index=mentions.index)).astype("str")
    surname = pd.Series([p.surname if p.given else None for p in parsed], index=mentions.index)
    table = {
        "place": surname.fillna(anywhere + place.where(place != "")),
        "field": surname.fillna(anywhere + field.where(field != "")),
        "anywhere": surname.fillna(anywhere),
    }
    return pd.DataFrame(table)
