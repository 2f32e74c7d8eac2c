"""People: which mentions of inventors are one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._strings import texts
from patentnav._version import __version__
from patentnav.clean import (
    colleagues,
    inventor_mentions,
    inventor_names,
    learning,
    mention_evidence,
    person_linkage,
)
from patentnav.clean import decisions as decided_pairs
from patentnav.clean.name_graph import NameGraph
from patentnav.errors import ArgumentError
from patentnav.provenance import Step

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.clean.evidence import Evidence
    from patentnav.patentset import PatentSet

_NEEDED = ("mention_id", "publication_id", "name")


def inventor_groups(mentions: pd.DataFrame, random_state: int = 0) -> pd.Series:
    """Group mentions of inventors into persons.

    Parameters
    ----------
    mentions
        ``mention_id, publication_id, name`` and any of ``first_name, last_name, coinventors,
        applicants, classifications, city, region, country, date, title``; several values in one
        cell are joined by ``|``. Co-inventors are taken from the mentions of the same publication
        where the column is missing.
    random_state
        Accepted for reproducible calls; nothing is drawn, the weights are fixed.

    Returns
    -------
    pandas.Series
        Person ids (str) indexed by ``mention_id``, in the order of ``mentions``: the first mention
        of the person. The same for any order of the rows.

    Raises
    ------
    ArgumentError
        A needed column is missing, or a ``mention_id`` stands twice.
    """
    missing = [c for c in _NEEDED if c not in mentions.columns]
    if missing:
        msg = f"mentions lacks {', '.join(missing)}; it needs {', '.join(_NEEDED)}."
        raise ArgumentError(msg)
    if mentions["mention_id"].duplicated().any():
        msg = "A mention_id stands twice in mentions; number the mentions."
        raise ArgumentError(msg)
    if mentions.empty:
        return pd.Series(dtype="str", name="inventor_id")
    ordered = mentions.sort_values("mention_id", kind="stable", ignore_index=True)
    parsed = _parsed(ordered)
    del random_state  # nothing is drawn: the weights are fixed
    people = people_of(ordered, parsed)
    ids = ordered["mention_id"].astype("str")
    first = ids.groupby(people.labels).transform("first")
    result = pd.Series(first.to_numpy(), index=ordered["mention_id"], dtype="str")
    return result.reindex(mentions["mention_id"]).rename("inventor_id")


def _parsed(mentions: pd.DataFrame) -> list[inventor_names.PersonName]:
    name = mentions["name"].fillna("").astype("str")
    if not {"first_name", "last_name"} <= set(mentions.columns):
        table = {text: inventor_names.parse(text) for text in name.unique()}
        return [table[text] for text in name]
    rows = pd.DataFrame({c: mentions[c].fillna("") for c in ("first_name", "last_name")})
    rows["name"] = name
    code = rows.groupby(list(rows.columns), sort=False).ngroup().to_numpy()
    distinct = rows.drop_duplicates().itertuples(index=False, name=None)
    parts = [
        found
        if (found := inventor_names.parse_parts(first, last)).surname
        else inventor_names.parse(whole)
        for first, last, whole in distinct
    ]
    return [parts[at] for at in code]


@dataclass(frozen=True)
class _Prepared:
    evidence: Evidence
    key: np.ndarray
    keys: np.ndarray
    graph: NameGraph
    rarity: np.ndarray
    colleagues: np.ndarray


def _prepared(
    mentions: pd.DataFrame, parsed: list[inventor_names.PersonName], different: np.ndarray
) -> _Prepared:
    # Spellings of one key are one name; the first in the alphabet stands for it.
    by_key: dict[str, inventor_names.PersonName] = {}
    own_key: dict[inventor_names.PersonName, str] = {}
    for name in sorted(set(parsed)):
        own_key[name] = name.key
        by_key.setdefault(name.key, name)
    keys = sorted(by_key)
    distinct = [by_key[k] for k in keys]
    position = {k: i for i, k in enumerate(keys)}
    evidence, rarity = mention_evidence.evidence_of(mentions, parsed, different)
    return _Prepared(
        evidence=evidence,
        key=np.array([position[own_key[name]] for name in parsed]),
        keys=np.array(keys, dtype=object),
        graph=NameGraph.of(distinct),
        rarity=np.array([rarity.of(name) for name in distinct]),
        colleagues=colleagues.of_one_firm(evidence, parsed, rarity, different),
    )


def people_of(
    mentions: pd.DataFrame,
    parsed: list[inventor_names.PersonName],
    decided: tuple[np.ndarray, np.ndarray] | None = None,
) -> person_linkage.People:
    """Group mentions that are sorted by id and whose names are taken apart.

    Parameters
    ----------
    mentions
        The mentions.
    parsed
        Their names.
    decided
        Pairs of positions decided to be the same and to be different.
    """
    same, different = decided or (np.empty((0, 2), dtype=int), np.empty((0, 2), dtype=int))
    p = _prepared(mentions, parsed, different)
    joined = np.concatenate([same, p.colleagues])
    return person_linkage.link(p.evidence, p.key, p.graph, p.rarity, joined=joined)


def inventor_weights(
    mentions: pd.DataFrame, random_state: int = 0, *, stage: str = learning.FILINGS
) -> pd.DataFrame:
    """Learn the weights of the evidence from mentions, without labels.

    The shipped weights (``data/names/inventor-weights.toml``) were made with this function; put a
    file of that name into the ``names`` folder of ``config.data_path`` to use others.

    Parameters
    ----------
    mentions
        As in :func:`inventor_groups`; where mentions of several exports are learned from together,
        ``collection`` says from which each comes: strangers are drawn inside a collection.
    random_state
        Seed of the draws.
    stage
        ``filings`` (weights of pairs of filings) or ``groups`` (of pairs of the groups that the
        first pass makes with the weights in force).

    Returns
    -------
    pandas.DataFrame
        ``part, weight``: features of :data:`patentnav.clean.evidence.FEATURES`, constant, prior and
        slope of the rarity.

    Raises
    ------
    ArgumentError
        There are too few rare names to learn from, or the stage is not one of the two.
    """
    if stage not in (learning.FILINGS, learning.GROUPS):
        msg = f'stage is "{stage}"; allowed: {learning.FILINGS}, {learning.GROUPS}.'
        raise ArgumentError(msg)
    ordered = mentions.sort_values("mention_id", kind="stable", ignore_index=True)
    parsed = _parsed(ordered)
    p = _prepared(ordered, parsed, np.empty((0, 2), dtype=int))
    names = inventor_mentions.strata(ordered, parsed).assign(
        key=p.keys[p.key], rarity=p.rarity[p.key], alike=p.graph.component[p.key]
    )
    names["filings"] = names.groupby("key")["key"].transform("size")
    evidence = p.evidence
    if stage == learning.GROUPS:
        alone = np.arange(len(ordered))
        labels = person_linkage.sure_groups(evidence, (alone, p.key), p.graph, p.rarity)
        evidence = evidence.grouped(labels)
        names = names.groupby(labels).first()
    return learning.learn(evidence.compared(), names, random_state).to_frame()


def resolve_inventors(
    patents: PatentSet, decisions: pd.DataFrame | str | Path | None = None
) -> PatentSet:
    """Say which person stands behind every inventor of a set.

    Parameters
    ----------
    patents
        A set with ``inventors``; ``parties`` (best after ``resolve_parties``), classifications and
        titles add evidence.
    decisions
        Reviewed merges and splits, see :mod:`patentnav.clean.decisions`, or the path of their table.

    Returns
    -------
    PatentSet
        ``inventors`` gains ``name`` (one spelling; missing where the entry withholds the name or
        names no person), ``inventor_id`` (missing there too; ``I-`` + publication + position of the
        person's first mention) and ``confidence`` (0 to 1, see :func:`confidence_of`).

    Raises
    ------
    MissingTableError
        The set has no ``inventors``.
    """
    decisions = decided_pairs.given_decisions(decisions)
    inventors = patents.inventors.reset_index(drop=True)
    names = inventor_names.person_names(inventors["name_raw"])
    named = inventors.assign(name=names)
    n = len(patents)
    found = _found_people(patents, named, decisions)
    if found is None:
        step = Step("clean.resolve_inventors", {}, n, n, __version__)
        return patents.replace(step, inventors=named)
    mentions, people = found
    ids = "I-" + mentions["mention_id"].groupby(people.labels).transform("first")
    table = pd.DataFrame(
        {"inventor_id": ids.to_numpy(), "confidence": confidence_of(people)},
        index=mentions["item"],
    )
    item = inventor_mentions.items_of(patents, inventors, names)
    resolved = named.assign(
        inventor_id=item.map(table["inventor_id"]).astype("str"),
        confidence=item.map(table["confidence"]).astype("float64"),
    )
    count = 0 if decisions is None else len(decisions)
    parameters = {"cut": person_linkage.CUT, "decisions": count}
    step = Step("clean.resolve_inventors", parameters, n, n, __version__)
    return patents.replace(step, inventors=resolved)


def _found_people(
    patents: PatentSet, named: pd.DataFrame, table: pd.DataFrame | None
) -> tuple[pd.DataFrame, person_linkage.People] | None:
    mentions = inventor_mentions.mentions_of(patents, named)
    if mentions.empty:
        return None
    parsed = [inventor_names.parse(name) for name in mentions["name"]]
    place = {} if table is None else _positions(patents, named, mentions)
    decided = decided_pairs.pairs_of(table, "inventor", place)
    return mentions, people_of(mentions, parsed, decided=decided)


def _positions(
    patents: PatentSet, named: pd.DataFrame, mentions: pd.DataFrame
) -> dict[tuple[str, str], int]:
    """Position of a mention by publication number and name, as written and in one spelling."""
    item = inventor_mentions.items_of(patents, named, named["name"])
    row = pd.Series(np.arange(len(mentions)), index=mentions["item"])
    known = named.assign(row=item.map(row))[item.notna()]
    found: dict[tuple[str, str], int] = {}
    for column in ("name_raw", "name"):
        keys = zip(texts(known["publication_id"]), texts(known[column]), strict=True)
        found.update(zip(keys, known["row"].astype(int).tolist(), strict=True))
    return found


def review_inventors(patents: PatentSet, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Merges and splits of persons that are in doubt, for somebody to judge.

    Parameters
    ----------
    patents
        A set with ``inventors``.
    decisions
        Decisions taken so far, see :mod:`patentnav.clean.decisions`.

    Returns
    -------
    pandas.DataFrame
        One row per pair of mentions whose log odds lie within 2 of the cut, the most doubtful
        first: ``kind, first_publication, first_name, second_publication, second_name, decision``
        (to be filled with ``same`` or ``different``), ``proposal`` (what the program decided),
        ``log_odds`` and for each side ``applicants, date, title``.
    """
    inventors = patents.inventors.reset_index(drop=True)
    named = inventors.assign(name=inventor_names.person_names(inventors["name_raw"]))
    found = _found_people(patents, named, decisions)
    shown = ["applicants", "date", "title"]
    columns = [
        *decided_pairs.COLUMNS,
        "proposal",
        "log_odds",
        *(f"{side}_{c}" for side in ("first", "second") for c in shown),
    ]
    if found is None:
        return pd.DataFrame(columns=columns, dtype="str")
    mentions, people = found
    card = mentions.reindex(columns=["name", *shown])
    card["publication"] = mentions["mention_id"].str.rsplit("-", n=1).str[0]
    card["date"] = pd.to_datetime(card["date"]).dt.strftime("%Y-%m-%d")
    doubtful = people.doubtful.assign(distance=people.doubtful["log_odds"] - person_linkage.CUT)
    doubtful = doubtful.sort_values(["distance", "first", "second"], key=abs, ignore_index=True)
    sides = [
        card.iloc[doubtful[side]].reset_index(drop=True).add_prefix(f"{side}_")
        for side in ("first", "second")
    ]
    proposal = np.where(doubtful["joined"], decided_pairs.SAME, decided_pairs.DIFFERENT)
    table = pd.concat([*sides, doubtful[["log_odds"]]], axis=1)
    table = table.assign(kind="inventor", proposal=proposal, decision="")
    return table[columns]


def confidence_of(people: person_linkage.People) -> np.ndarray:
    """Confidence of every mention's identity.

    For a person of several filings the probability that the mean pair is one person; for a person
    of one filing the probability that the nearest other person of that name is somebody else.
    """
    joined = 1 / (1 + np.exp(-people.strength))
    apart = 1 / (1 + np.exp(np.nan_to_num(people.rival, nan=-person_linkage.CAP)))
    confidence: np.ndarray = np.where(np.isnan(people.strength), apart, joined)
    return confidence
