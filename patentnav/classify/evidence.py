"""What a publication's classes and words say about the first-level nodes of a taxonomy."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from patentnav._strings import among, joined
from patentnav.taxonomy import NONE
from patentnav.taxonomy.match import SymbolMatcher, WordMatcher

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from patentnav.patentset import PatentSet
    from patentnav.taxonomy import Taxonomy

SCHEMES = ("IPC", "CPC")
BODY_FIELDS = ("abstract", "novelty", "use", "effect", "keywords", "first_claim", "claims")
APPLICANTS = ("applicant", "original_assignee", "current_owner")  # the first of these that is known
ABSTRACT_LENGTH = 800  # characters: the object and its use stand at the beginning
TITLE_VOTES, ABSTRACT_VOTES = 2.0, 1.0


@dataclass(frozen=True)
class Evidence:
    """Evidence of a set, one row per publication and one column per node.

    Attributes
    ----------
    index
        Publication ids.
    nodes
        First-level nodes of the taxonomy, then ``none``.
    classes
        Distribution of the classes over the nodes; rows of zeros where there is none.
    objects, keywords
        Share of object words of the title and of keyword votes.
    specific
        1 where an object word of a specific node stands in the title.
    strict
        True for the columns of strict nodes.
    forbidden
        True where a strict node lacks its words, or a negative word occurs.
    applicants
        Number of the first applicant; -1 without one.
    texts
        ``title, abstract`` by publication, see :func:`documents`.
    codes
        Distribution of what the vendor's industry codes point to; rows of zeros where there is none.
    labels
        ``publication_id, label, node``: the vendor's industry codes behind ``codes``, and those
        that name a node of the taxonomy and so stand for the classes.
    symbols
        ``publication_id, symbol, pattern, node, share``: what the classes claim.
    words
        ``publication_id, word, node``: the words found.
    """

    index: pd.Index
    nodes: tuple[str, ...]
    classes: np.ndarray
    objects: np.ndarray
    keywords: np.ndarray
    specific: np.ndarray
    strict: np.ndarray
    forbidden: np.ndarray
    applicants: np.ndarray
    texts: pd.DataFrame
    codes: np.ndarray
    labels: pd.DataFrame
    symbols: pd.DataFrame
    words: pd.DataFrame


def documents(patents: PatentSet) -> pd.DataFrame:
    """Titles and the beginnings of abstracts in all languages of a publication.

    Returns
    -------
    pandas.DataFrame
        ``title, abstract``, indexed like ``publications``; NA where there is none. A publication
        without abstract shows what says most instead (``BODY_FIELDS``, in this order).
    """
    publications = patents.publications
    parts = [publications["title"].dropna().rename("text").reset_index().assign(field="title")]
    if patents.has("texts"):
        texts = patents.texts
        wanted = texts["field"].isin(["title", *BODY_FIELDS]) & texts["text"].notna()
        parts.append(texts.loc[wanted, ["publication_id", "field", "text"]])
    rows = pd.concat(parts, ignore_index=True)
    rank = rows["field"].map({"title": -1} | {f: i for i, f in enumerate(BODY_FIELDS)})
    rows["kind"] = np.where(rank < 0, "title", "abstract")
    keys = ["publication_id", "kind"]
    rows = rows[rank == rank.groupby([rows[k] for k in keys]).transform("min")]
    rows["text"] = rows["text"].str.slice(0, ABSTRACT_LENGTH)
    rows = rows.drop_duplicates([*keys, "text"])
    single = ~rows.duplicated(keys, keep=False)
    several = joined(rows[~single], keys, "text", " | ").reset_index()
    rows = pd.concat([rows.loc[single, [*keys, "text"]], several])
    result = pd.DataFrame(index=publications.index)
    for kind in ("title", "abstract"):
        texts_of = rows[rows["kind"] == kind].set_index("publication_id")["text"]
        result[kind] = texts_of.reindex(publications.index).astype("str")
    return result


def symbol_rows(patents: PatentSet) -> pd.DataFrame:
    """IPC and CPC symbols with the part that each has in its publication.

    Every subclass of a publication counts the same, and every symbol inside a subclass: the main
    class of an export names the function, the others the object. Symbols of section Y are tags
    and left out.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, symbol, part``; parts of a publication sum to one.
    """
    if not patents.has("classifications"):
        return pd.DataFrame({"publication_id": [], "symbol": [], "part": []}).astype(
            {"publication_id": "str", "symbol": "str", "part": float}
        )
    rows = patents.classifications
    rows = rows[rows["scheme"].isin(SCHEMES) & rows["symbol"].str.match(r"[A-H]\d\d").fillna(False)]
    rows = rows[["publication_id", "symbol"]].drop_duplicates(ignore_index=True)
    subclass = rows["symbol"].str.slice(0, 4)
    inside = rows.groupby(["publication_id", subclass])["symbol"].transform("size")
    part = 1.0 / inside
    return rows.assign(part=part / part.groupby(rows["publication_id"]).transform("sum"))


def gather(patents: PatentSet, taxonomy: Taxonomy, *, certain: bool = True) -> Evidence:
    """Collect the evidence of a set.

    Parameters
    ----------
    patents
        The set; any of classes, titles and abstracts may be missing.
    taxonomy
        The taxonomy.
    certain
        Rules that need a word count only with it; otherwise they count as if it were there.
    """
    index = patents.publications.index
    nodes = (*taxonomy.top, NONE)
    texts = documents(patents)
    words = _words(texts, taxonomy)
    votes = _votes(words, index, nodes)
    rows = symbol_rows(patents)
    vendor_labels = _told(patents, taxonomy)
    rows = rows[~among(rows["publication_id"], vendor_labels["publication_id"])]
    claims = SymbolMatcher(taxonomy, taxonomy.top).claims(rows["symbol"])
    classes = _classes(
        rows,
        claims,
        index,
        nodes,
        votes["keywords"] > 0 if certain else None,
        rivals=taxonomy.match == "longest",
    )
    classes += _rows_to_one(_table(vendor_labels, vendor_labels["share"], index, nodes))
    pointed = _pointed(patents, taxonomy)
    codes = _rows_to_one(_table(pointed, pointed["share"], index, nodes))
    specific = [n != NONE and taxonomy.nodes[n].specific for n in nodes]
    strict = np.array([n != NONE and taxonomy.nodes[n].strict for n in nodes])
    forbidden = strict & (votes["phrases"] == 0) & (classes < 0.5)
    objects = votes["objects"] * [
        taxonomy.nodes[n].object_weight if n != NONE else 1 for n in nodes
    ]
    phrased = (objects * strict).any(axis=1)  # the phrase of a strict node says it all
    objects[phrased] *= strict
    return Evidence(
        index=index,
        nodes=nodes,
        classes=classes,
        objects=_rows_to_one(objects),
        keywords=_rows_to_one(votes["keywords"]),
        specific=(votes["objects"] > 0) * specific,
        strict=strict,
        forbidden=forbidden | (votes["negative"] > 0) & (votes["phrases"] == 0),
        applicants=_applicants(patents),
        texts=texts,
        codes=codes,
        labels=pd.concat([vendor_labels, pointed], ignore_index=True),
        symbols=rows.merge(claims, on="symbol"),
        words=words,
    )


def _applicants(patents: PatentSet) -> np.ndarray:
    """First applicant of every publication, as resolved where it is, as a number; -1 for none."""
    index = patents.publications.index
    if not patents.has("parties"):
        return np.full(len(index), -1)
    rows = patents.parties
    rows = rows[rows["role"].isin(APPLICANTS)]
    rank = rows["role"].map({role: i for i, role in enumerate(APPLICANTS)})
    rows = rows.assign(rank=rank).sort_values(["publication_id", "rank", "position"])
    rows = rows.drop_duplicates("publication_id").set_index("publication_id")
    who = rows["party_id"].fillna(rows["name_raw"].str.casefold()).reindex(index)
    return np.asarray(pd.factorize(who, sort=True)[0])


def _words(texts: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
    """Rows ``publication_id, word, node, kind, field``."""
    lists = [
        (word.casefold(), node, kind)
        for node in taxonomy.top
        for kind, words in (
            ("keywords", taxonomy.keywords(node)),
            ("objects", taxonomy.nodes[node].objects),
        )
        for word in words
    ]
    lists += [
        (word.casefold(), node.id, "negative")
        for node in taxonomy.nodes.values()
        for word in node.negative
    ]
    owners = pd.DataFrame(lists, columns=["word", "node", "kind"]).drop_duplicates()
    matcher = _matcher(tuple(owners["word"].unique()))
    found = [matcher.hits(texts[field]).assign(field=field) for field in ("title", "abstract")]
    hits = pd.concat(found, ignore_index=True).merge(owners.astype("str"), on="word")
    return hits.rename(columns={"key": "publication_id"})


@functools.lru_cache(maxsize=8)
def _matcher(words: tuple[str, ...]) -> WordMatcher:
    return WordMatcher(words)


def _votes(words: pd.DataFrame, index: pd.Index, nodes: Sequence[str]) -> dict[str, np.ndarray]:
    """Votes per publication and node, by kind of evidence."""
    title = words["field"] == "title"
    weight = pd.Series(np.where(title, TITLE_VOTES, ABSTRACT_VOTES), index=words.index)
    objects = words["kind"] == "objects"
    chosen = {
        "keywords": (words["kind"] == "keywords", weight),
        "objects": (objects & title, weight / TITLE_VOTES),
        "phrases": (objects, weight),
        "negative": (words["kind"] == "negative", weight),
    }
    return {
        kind: _table(words[mask], votes[mask], index, nodes)
        for kind, (mask, votes) in chosen.items()
    }


def _table(
    rows: pd.DataFrame, values: pd.Series, index: pd.Index, nodes: Sequence[str]
) -> np.ndarray:
    """Sum of values per publication and node; rows of other nodes are left out."""
    here = rows["node"].isin(nodes)
    rows, values = rows[here], values[here]
    at = (
        index.get_indexer(pd.Index(rows["publication_id"])),
        pd.Index(nodes).get_indexer(pd.Index(rows["node"])),
    )
    table: np.ndarray = sparse.coo_matrix(
        (values.to_numpy(dtype=float), at), shape=(len(index), len(nodes))
    ).toarray()
    return table


def _classes(
    rows: pd.DataFrame,
    claims: pd.DataFrame,
    index: pd.Index,
    nodes: Sequence[str],
    with_words: np.ndarray | None,
    *,
    rivals: bool,
) -> np.ndarray:
    """Mean of the symbols' distributions; rules with words have their share where these occur.

    Where nodes are rivals for a symbol, that share is taken from the others.
    """
    symbols = pd.Index(rows["symbol"].unique())
    at = (
        index.get_indexer(pd.Index(rows["publication_id"])),
        symbols.get_indexer(pd.Index(rows["symbol"])),
    )
    parts = sparse.csr_matrix((rows["part"], at), shape=(len(index), len(symbols)))

    def table(which: pd.Series) -> sparse.csr_matrix:
        some = claims[which]
        place = (
            symbols.get_indexer(pd.Index(some["symbol"])),
            pd.Index(nodes).get_indexer(pd.Index(some["node"])),
        )
        return sparse.csr_matrix((some["share"], place), shape=(len(symbols), len(nodes)))

    sure, gated = table(~claims["needs_words"]), table(claims["needs_words"])
    result: np.ndarray = (parts @ sure).toarray()
    for column in np.flatnonzero(gated.getnnz(axis=0)):
        share = gated[:, [column]]
        given = (parts @ share).toarray()[:, 0]
        open_ = np.ones(len(index)) if with_words is None else with_words[:, column].astype(float)
        if rivals:
            result -= (parts @ share.multiply(sure).tocsr()).toarray() * open_[:, None]
        result[:, column] += given * open_
    return _rows_to_one(np.clip(result, 0.0, None))


def _vendor_labels(patents: PatentSet, schemes: Collection[str]) -> pd.DataFrame:
    """Rows ``publication_id, scheme, symbol`` of the schemes by which vendors label records."""
    columns = ["publication_id", "scheme", "symbol"]
    if not patents.has("classifications"):
        return pd.DataFrame(columns=columns, dtype="str")
    rows = patents.classifications
    return rows.loc[rows["scheme"].isin(list(schemes)), columns]


def _told(patents: PatentSet, taxonomy: Taxonomy) -> pd.DataFrame:
    """Vendor labels that name a node: ``publication_id, label, place, node, share``.

    ``place`` is the node they name (of a longer code the longest beginning that is a node),
    ``node`` its first level.
    """
    rows = _vendor_labels(patents, [taxonomy.scheme] if taxonomy.scheme else [])
    named = {s: _node_of(s, taxonomy) for s in rows["symbol"].unique()}
    rows = rows.assign(place=rows["symbol"].map(named).astype("str")).dropna(subset="place")
    tops = {place: taxonomy.top_of(place) for place in rows["place"].unique()}
    rows = rows.assign(node=rows["place"].map(tops).astype("str"), share=1.0)
    return rows.assign(label=rows["scheme"] + " " + rows["symbol"])[
        ["publication_id", "label", "place", "node", "share"]
    ].drop_duplicates(ignore_index=True)


def _node_of(code: str, taxonomy: Taxonomy) -> str | None:
    while code and code not in taxonomy.nodes:
        code = code.rpartition(".")[0]
    return code or None


def _pointed(patents: PatentSet, taxonomy: Taxonomy) -> pd.DataFrame:
    """What the vendor's industry codes point to: ``publication_id, label, node, share``."""
    rows = _vendor_labels(patents, taxonomy.codes)
    pointed = [
        (scheme, symbol, node, share)
        for scheme, symbol in rows[["scheme", "symbol"]].drop_duplicates().itertuples(index=False)
        for node, share in _longest(taxonomy.codes[scheme], symbol).items()
    ]
    columns = ["scheme", "symbol", "node", "share"]
    types: dict[str, Any] = dict.fromkeys(columns, "str") | {"share": float}
    codes = pd.DataFrame(pointed, columns=columns).astype(types)
    table = rows.merge(codes, on=["scheme", "symbol"])
    return table.assign(label=table["scheme"] + " " + table["symbol"])[
        ["publication_id", "label", "node", "share"]
    ]


def _longest(codes: Mapping[str, Mapping[str, float]], symbol: str) -> Mapping[str, float]:
    fitting = [begin for begin in codes if symbol.startswith(begin)]
    return codes[max(fitting, key=len)] if fitting else {}


def _rows_to_one(table: np.ndarray) -> np.ndarray:
    total = table.sum(axis=1, keepdims=True)
    result: np.ndarray = np.divide(table, total, out=np.zeros_like(table, float), where=total > 0)
    return result
