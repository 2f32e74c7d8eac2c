"""People: which mentions of inventors are one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._version import __version__
from patentnav.clean import chinese, inventor_names, latin, learning, person_linkage
from patentnav.clean.evidence import Evidence
from patentnav.clean.rarity import Rarity
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError
from patentnav.provenance import Step

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_NEEDED = ("mention_id", "publication_id", "name")
_LISTS = ("coinventors", "applicants", "classifications")
_STOP_TITLE = 3


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
        Seed of the draws for learning the weights.

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
    people, _ = people_of(ordered, parsed, random_state)
    ids = ordered["mention_id"].astype("str")
    first = ids.groupby(people.labels).transform("first")
    result = pd.Series(first.to_numpy(), index=ordered["mention_id"], dtype="str")
    return result.reindex(mentions["mention_id"]).rename("inventor_id")


def _parsed(mentions: pd.DataFrame) -> list[inventor_names.PersonName]:
    if {"first_name", "last_name"} <= set(mentions.columns):
        pairs = zip(
            mentions["first_name"].fillna(""), mentions["last_name"].fillna(""), strict=True
        )
        parts = [inventor_names.parse_parts(str(first), str(last)) for first, last in pairs]
        whole = [inventor_names.parse(str(name)) for name in mentions["name"].fillna("")]
        return [p if p.surname else w for p, w in zip(parts, whole, strict=True)]
    return [inventor_names.parse(str(name)) for name in mentions["name"].fillna("")]


def people_of(
    mentions: pd.DataFrame, parsed: list[inventor_names.PersonName], random_state: int = 0
) -> tuple[person_linkage.People, learning.Weights]:
    """Group mentions that are sorted by id and whose names are taken apart.

    Returns
    -------
    People
        Labels and strengths per mention, pairs in doubt.
    Weights
        The model that was used.
    """
    names = sorted(set(parsed))
    position = {name: i for i, name in enumerate(names)}
    name = np.array([position[p] for p in parsed])
    # Spellings of one key are one name.
    keys, key_of = np.unique([n.key for n in names], return_inverse=True)
    first_of_key = np.array(
        [names[i] for i in np.unique(key_of, return_index=True)[1]], dtype=object
    )
    distinct = [inventor_names.PersonName(*n) for n in first_of_key]
    key = key_of[name]
    coinventors = _coinventors(mentions, parsed)
    rarity_of = Rarity([*names, *coinventors["parsed"].unique()])
    rarity = np.array([rarity_of.of(n) for n in distinct])
    graph = person_linkage.NameGraph.of(distinct)
    evidence = _evidence(mentions, coinventors, rarity_of)
    frame = pd.DataFrame(
        {
            "key": keys[key],
            "rarity": rarity[key],
            "alike": graph.component[key],
            "stratum": _stratum(mentions, parsed),
        }
    )
    weights = learning.learn(evidence.compared(), frame, random_state)
    return person_linkage.link(evidence, key, graph, rarity, weights), weights


def _stratum(mentions: pd.DataFrame, parsed: list[inventor_names.PersonName]) -> np.ndarray:
    """Family name; for Chinese names place and main class, where namesakes are hard to tell."""
    empty = pd.Series("", index=mentions.index)
    region = mentions["region"].fillna("") if "region" in mentions else empty
    main = (
        mentions["classifications"].fillna("").str[:4] if "classifications" in mentions else empty
    )
    place = (region.astype("str") + "\t" + main.astype("str")).to_numpy()
    return np.array([p.surname if p.given else q for p, q in zip(parsed, place, strict=True)])


def _coinventors(mentions: pd.DataFrame, parsed: list[inventor_names.PersonName]) -> pd.DataFrame:
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


def _evidence(
    mentions: pd.DataFrame,
    coinventors: pd.DataFrame,
    rarity: Rarity,
) -> Evidence:
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
        "work": _column(mentions, "publication_id"),
    }
    years = np.full(len(mentions), np.nan)
    if "date" in mentions:
        years = pd.to_datetime(mentions["date"]).dt.year.to_numpy(dtype=float, na_value=np.nan)
    return Evidence.of_mentions(values, years, weight)


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
    kept = {w for w in plain if len(w) > _STOP_TITLE}
    return sorted({w[:-1] if w.endswith("s") and not w.endswith("ss") else w for w in kept})


def resolve_inventors(patents: PatentSet, decisions: pd.DataFrame | None = None) -> PatentSet:
    """Say which person stands behind every inventor of a set.

    Parameters
    ----------
    patents
        A set with ``inventors``; ``parties`` (best after ``resolve_parties``), classifications and
        titles add evidence.
    decisions
        Reviewed merges and splits, see :mod:`patentnav.clean.decisions`.

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
    del decisions  # replay: to come
    inventors = patents.inventors.reset_index(drop=True)
    names = inventor_names.person_names(inventors["name_raw"])
    mentions = mentions_of(patents, inventors.assign(name=names))
    n = len(patents)
    if mentions.empty:
        step = Step("clean.resolve_inventors", {}, n, n, __version__)
        return patents.replace(step, inventors=inventors.assign(name=names))
    parsed = [inventor_names.parse(name) for name in mentions["name"]]
    people, weights = people_of(mentions, parsed)
    ids = "I-" + mentions["mention_id"].groupby(people.labels).transform("first")
    found = pd.DataFrame(
        {"inventor_id": ids.to_numpy(), "confidence": confidence_of(people)},
        index=mentions["item"],
    )
    item = _items(patents, inventors, names)
    resolved = inventors.assign(
        name=names,
        inventor_id=item.map(found["inventor_id"]).astype("str"),
        confidence=item.map(found["confidence"]).astype("float64"),
    )
    step = Step("clean.resolve_inventors", {"weights": weights.origin}, n, n, __version__)
    return patents.replace(step, inventors=resolved)


def confidence_of(people: person_linkage.People) -> np.ndarray:
    """Confidence of every mention's identity.

    For a person of several filings the probability that the mean pair is one person; for a person
    of one filing the probability that the nearest other person of that name is somebody else.
    """
    joined = 1 / (1 + np.exp(-people.strength))
    apart = 1 / (1 + np.exp(np.nan_to_num(people.rival, nan=-person_linkage.CAP)))
    confidence: np.ndarray = np.where(np.isnan(people.strength), apart, joined)
    return confidence


def _items(patents: PatentSet, inventors: pd.DataFrame, names: pd.Series) -> pd.Series:
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
    rows = inventors.assign(item=_items(patents, inventors, inventors["name"]))
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
