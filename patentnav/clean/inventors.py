"""People: which mentions of inventors are one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._version import __version__
from patentnav.clean import inventor_names
from patentnav.provenance import Step

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


def resolve_inventors(patents: PatentSet, decisions: pd.DataFrame | None = None) -> PatentSet:
    """Say which person stands behind every inventor of a set.

    Parameters
    ----------
    patents
        A set with ``inventors``; ``parties`` (best after ``resolve_parties``) add evidence.
    decisions
        Reviewed merges and splits, see :mod:`patentnav.clean.decisions`.

    Returns
    -------
    PatentSet
        ``inventors`` gains ``name`` (one spelling; missing where the entry withholds the name or
        names no person), ``inventor_id`` (missing there too) and ``confidence`` (0 to 1).

    Raises
    ------
    MissingTableError
        The set has no ``inventors``.
    """
    del decisions  # replay: to come
    inventors = patents.inventors.reset_index(drop=True)
    names = inventor_names.person_names(inventors["name_raw"])
    person = names.notna()
    mentions = pd.DataFrame(
        {"publication_id": inventors["publication_id"], "key": inventor_names.keys(names)}
    )[person.to_numpy()]
    owners = _owners(patents)
    labels = _connected(mentions, owners)
    first = inventors.loc[mentions.index].assign(label=labels)
    first["id"] = "I-" + first["publication_id"] + "-" + first["position"].astype("str")
    ids = first.groupby("label")["id"].transform("first")
    alone = first.groupby("label")["id"].transform("size") == 1
    resolved = inventors.assign(
        name=names,
        inventor_id=ids.reindex(inventors.index).astype("str"),
        confidence=alone.map({True: 1.0, False: 0.8}).reindex(inventors.index).astype("float64"),
    )
    n = len(patents)
    step = Step("clean.resolve_inventors", {}, n, n, __version__)
    return patents.replace(step, inventors=resolved)


def _owners(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("parties"):
        return pd.DataFrame({"publication_id": [], "owner": []}, dtype="str")
    parties = patents.parties[patents.parties["role"] != "agent"]
    owner = parties["party_id"].fillna(parties["name_raw"])
    return pd.DataFrame({"publication_id": parties["publication_id"], "owner": owner})


def _connected(mentions: pd.DataFrame, owners: pd.DataFrame) -> np.ndarray:
    """Label mentions of one name that share an owner, a co-inventor or the application."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    flat = mentions.reset_index(names="mention")
    by_owner = flat.merge(owners, on="publication_id")
    by_owner = by_owner.assign(link="o" + by_owner["key"] + "\t" + by_owner["owner"])
    pairs = flat.merge(flat[["publication_id", "key"]], on="publication_id", suffixes=("", "_co"))
    pairs = pairs[pairs["key"] != pairs["key_co"]]
    pairs = pairs.assign(link="c" + pairs["key"] + "\t" + pairs["key_co"])
    links = pd.concat([by_owner[["mention", "link"]], pairs[["mention", "link"]]])
    mention = pd.Series(np.arange(len(flat)), index=flat["mention"])
    rows = mention.reindex(links["mention"]).to_numpy()
    columns, _ = pd.factorize(links["link"])
    n = len(flat) + (int(columns.max()) + 1 if len(columns) else 0)
    graph = coo_matrix((np.ones(len(rows)), (rows, columns + len(flat))), shape=(n, n))
    return connected_components(graph, directed=False)[1][: len(flat)]


def inventor_groups(mentions: pd.DataFrame, random_state: int = 0) -> pd.Series:
    """Group mentions of inventors into persons.

    Parameters
    ----------
    mentions
        ``mention_id, publication_id, name`` and any of ``first_name, last_name, coinventors,
        applicants, classifications, city, region, country, date``; several values in one cell are
        joined by ``|``.
    random_state
        Seed of every draw.

    Returns
    -------
    pandas.Series
        Person ids (str) indexed by ``mention_id``, in the order of ``mentions``.
    """
    del random_state
    ordered = mentions.sort_values("mention_id", kind="stable").set_index("mention_id")
    keys = inventor_names.keys(ordered["name"])
    frame = pd.DataFrame({"publication_id": ordered["publication_id"], "key": keys})
    owners = pd.DataFrame({"publication_id": [], "owner": []}, dtype="str")
    if "applicants" in ordered:
        owners = ordered[["publication_id"]].assign(owner=ordered["applicants"].str.split("|"))
        owners = owners.explode("owner").dropna().drop_duplicates()
    labels = pd.Series(_connected(frame, owners), index=ordered.index)
    first = ordered.index.to_series().groupby(labels).transform("first")
    return first.reindex(mentions["mention_id"]).astype("str").rename("inventor_id")
