"""Publications beyond those that were grouped: millions by the technologies of a sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import text
from patentnav._progress import progress
from patentnav.cluster import graph, neighbours, vectors
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from patentnav.cluster.result import Technologies
    from patentnav.patentset import PatentSet

BLOCK = 20_000  # publications read at a time: what decides the memory
ROWS = 1000  # of these, compared at a time
VOTERS = 10  # nearest publications that say where one belongs


def assign(technologies: Technologies, patents: PatentSet, others: PatentSet) -> pd.Series:
    """Technology of publications that were not grouped, by the nearest ones that were.

    For sets of which a sample is enough to find the technologies: group a random sample of some ten
    thousand, then assign the rest. Time and memory grow with the number of ``others`` only.

    Parameters
    ----------
    technologies
        Result of :func:`patentnav.cluster.technologies`.
    patents
        The set that it was found in.
    others
        The set with further publications; those of ``patents`` in it keep their technology.

    Returns
    -------
    pandas.Series
        ``technology`` by ``publication_id`` of ``others``, as ``technologies.labels``: ``TX`` where
        the nearest belong to no technology, NA without a word that the grouped set knows.

    Raises
    ------
    ArgumentError
        ``patents`` holds no publication of the result.

    Notes
    -----
    The ten nearest publications by the words that weigh most (BM25) vote with their cosines, and so
    do the ten nearest in the latent space of the grouped set: the two graphs by which it was
    grouped, in the same weights. The order of the rows does not matter.

    Examples
    --------
    >>> sample = patents.filter(chosen)  # doctest: +SKIP
    >>> found = pnav.cluster.technologies(sample)  # doctest: +SKIP
    >>> labels = pnav.cluster.assign(found, sample, patents)  # doctest: +SKIP
    """
    language = technologies.parameters.get("language")
    known = _documents(patents, language)
    labels = technologies.labels.reindex(known.index)
    if not labels.notna().any():
        msg = "patents: none of its publications has a technology in the result. Give the set that was grouped."
        raise ArgumentError(msg)
    known, labels = known[labels.notna().to_numpy()], labels.dropna()
    own = tuple(technologies.parameters.get("words", ()))
    cut = vectors.words(known, own)
    counts, columns = vectors.counted(cut.counts())
    meaning = cut.meaning()[columns]
    factors = vectors.naming(cut.share_in_names()[columns], meaning)
    weights = text.bm25(counts, power=vectors.RARE_POWER, factors=factors)
    points, directions = vectors.decomposed(weights)
    latent = _Latent(vectors.unit(points), directions, factors)
    stems = [text.stem(str(cut.tokens.vocabulary[c])) for c in columns]
    place = {stem: column for column, stem in enumerate(stems)}
    keys, number = np.unique(labels.to_numpy(dtype=str), return_inverse=True)
    asked = _documents(others, language)
    found = pd.Series(pd.NA, index=asked.index, name="technology", dtype="str")
    for start in progress(range(0, len(asked), BLOCK), "assignment"):
        block = asked.iloc[start : start + BLOCK]
        read = _mapped(vectors.words(block, own), place)
        votes = graph.WORD_GRAPH * _votes(counts, read, meaning, number, len(keys))
        votes += latent.votes(counts, read, number, len(keys))
        told = votes.max(axis=1) > 0
        ids = block.index[told]
        found[ids] = keys[votes[told].argmax(axis=1)]
    grouped = technologies.labels.dropna()
    both = grouped.index.intersection(found.index)
    found[both] = grouped[both]
    return found


def _documents(patents: PatentSet, language: str | None) -> pd.DataFrame:
    """In the language of the grouped set, where the set has text in it."""
    try:
        return text.documents(patents, language=None if language == "mixed" else language)
    except ArgumentError:
        return text.documents(patents)


def _mapped(cut: vectors.Words, place: dict[str, int]) -> csr_matrix:
    """Counts of the words that the grouped set knows, in its columns."""
    from scipy.sparse import csr_matrix

    counts = cut.counts()
    target = np.array([place.get(text.stem(str(w)), -1) for w in cut.tokens.vocabulary])
    kept = np.flatnonzero(target >= 0)
    turn = csr_matrix(
        (np.ones(len(kept), np.float32), (kept, target[kept])), shape=(counts.shape[1], len(place))
    )
    mapped: csr_matrix = (counts @ turn).tocsr()
    return mapped


@dataclass(frozen=True)
class _Latent:
    """Latent space of the grouped publications: their places, its directions, the words' factors."""

    points: np.ndarray
    directions: np.ndarray
    factors: np.ndarray

    def votes(self, counts: csr_matrix, read: csr_matrix, number: np.ndarray, k: int) -> np.ndarray:
        """Share of the votes of the nearest in this space, by technology."""
        from scipy.sparse import vstack

        both = vstack([counts, read]).tocsr()
        weights = text.bm25(both, power=vectors.RARE_POWER, factors=self.factors)
        asked = vectors.unit(weights[counts.shape[0] :] @ self.directions)
        votes = np.zeros((len(asked), k), dtype=np.float32)
        n = min(VOTERS, len(self.points))
        for start in range(0, len(asked), ROWS):
            cosines = asked[start : start + ROWS] @ self.points.T
            near = np.argpartition(-cosines, n - 1, axis=1)[:, :n]
            row = start + np.repeat(np.arange(len(near)), n)
            weight = np.maximum(np.take_along_axis(cosines, near, axis=1), 0).ravel()
            np.add.at(votes, (row, number[near].ravel()), weight)
        return _shares(votes)


def _shares(votes: np.ndarray) -> np.ndarray:
    return np.asarray(votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-9))


def _votes(
    counts: csr_matrix, read: csr_matrix, meaning: np.ndarray, number: np.ndarray, k: int
) -> np.ndarray:
    """Share of the votes of the nearest grouped publications by words, by technology."""
    from scipy.sparse import vstack

    n = counts.shape[0]
    weights = vectors.heaviest(text.bm25(vstack([counts, read]).tocsr(), factors=meaning))
    grouped, asked = weights[:n].tocsr(), weights[n:].tocsr()
    df = np.bincount(grouped.indices, minlength=grouped.shape[1])
    large = n > neighbours.EXACT_SPARSE_UP_TO
    searched = np.flatnonzero(df <= (neighbours.POSTING_LIMIT if large else n))
    columns, asked = grouped[:, searched].T.tocsr(), asked[:, searched].tocsr()
    votes = np.zeros((asked.shape[0], k), dtype=np.float32)
    for start in range(0, asked.shape[0], ROWS):
        product = (asked[start : start + ROWS] @ columns).tocsr()
        for row in range(product.shape[0]):
            span = slice(product.indptr[row], product.indptr[row + 1])
            near, cosine = product.indices[span], product.data[span]
            if len(near) > VOTERS:
                # Equal ones by their place, so that the same are taken every time.
                best = np.lexsort((near, -cosine))[:VOTERS]
                near, cosine = near[best], cosine[best]
            np.add.at(votes[start + row], number[near], cosine)
    return _shares(votes)
