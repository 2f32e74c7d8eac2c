"""Publications beyond those that were grouped: millions by the technologies of a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav import text
from patentnav._progress import progress
from patentnav.cluster import graph, neighbours, vectors
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from patentnav.cluster.result import Technologies
    from patentnav.patentset import PatentSet

BLOCK = 20_000  # publications read at a time: what decides the memory
ROWS = 1000  # of these, compared at a time
VOTERS = 10  # nearest publications that say where one belongs
MIDDLES = 2.0  # weight of the nearest middles of technologies beside the voters in the latent space
SOFTNESS = 0.1  # difference of cosines by which one middle counts e times another


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
    grouped, in the same weights. The technologies' middles in that space have a say beside them, by
    their cosines. Words weigh as they do in the grouped set, so each answer is the publication's own.

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
    keys, number = np.unique(labels.to_numpy(dtype=str), return_inverse=True)
    grouped = _Grouped(vectors.words(known, own), number)
    told = technologies.labels.dropna()
    asked = _documents(others, language)
    found = told.reindex(asked.index).astype("str").rename("technology")
    asked = asked[found.isna().to_numpy()]
    for start in progress(range(0, len(asked), BLOCK), "assignment"):
        block = asked.iloc[start : start + BLOCK]
        votes = grouped.votes(vectors.words(block, own))
        said = votes.max(axis=1) > 0
        found[block.index[said]] = keys[votes[said].argmax(axis=1)]
    return found


def _documents(patents: PatentSet, language: str | None) -> pd.DataFrame:
    """In the language of the grouped set, where the set has text in it."""
    try:
        return text.documents(patents, language=None if language == "mixed" else language)
    except ArgumentError:
        return text.documents(patents)


class _Grouped:
    """Grouped publications: what their words weigh, and their places in the latent space.

    Others are weighed by the frequencies of these, so that what is said of a publication does not
    depend on those beside it.
    """

    def __init__(self, cut: vectors.Words, number: np.ndarray) -> None:
        self.number, self.k = number, int(number.max()) + 1
        self.counts, columns = vectors.counted(cut.counts())
        self.meaning = cut.meaning()[columns]
        self.factors = vectors.naming(cut.share_in_names()[columns], self.meaning)
        weights = text.bm25(self.counts, power=vectors.RARE_POWER, factors=self.factors)
        points, self.directions = vectors.decomposed(weights)
        self.points = vectors.unit(points)
        sums = np.zeros((self.k, self.points.shape[1]))
        np.add.at(sums, number, self.points)
        self.middles = vectors.unit(sums)
        stems = [text.stem(str(cut.tokens.vocabulary[c])) for c in columns]
        self.place = {stem: column for column, stem in enumerate(stems)}
        words = vectors.heaviest(text.bm25(self.counts, factors=self.meaning))
        n = words.shape[0]
        df = np.bincount(words.indices, minlength=words.shape[1])
        most = neighbours.POSTING_LIMIT if n > neighbours.EXACT_SPARSE_UP_TO else n
        self.searched = np.flatnonzero(df <= most)
        self.postings = words[:, self.searched].T.tocsr()

    def votes(self, cut: vectors.Words) -> np.ndarray:
        """Votes of the nearest by words and in the latent space: publications x technologies."""
        counts = self._mapped(cut)
        latent = text.bm25(counts, power=vectors.RARE_POWER, factors=self.factors, like=self.counts)
        places = vectors.unit(latent @ self.directions)
        words = vectors.heaviest(text.bm25(counts, factors=self.meaning, like=self.counts))
        votes = np.empty((len(places), self.k), dtype=np.float32)
        for start in range(0, len(votes), ROWS):
            rows = slice(start, start + ROWS)
            votes[rows] = graph.WORD_GRAPH * self._by_words(words[rows, self.searched])
            votes[rows] += self._by_place(places[rows])
        return votes

    def _mapped(self, cut: vectors.Words) -> csr_matrix:
        """Counts of the words that the grouped set knows, in its columns."""
        from scipy.sparse import csr_matrix

        counts = cut.counts()
        target = np.array([self.place.get(text.stem(str(w)), -1) for w in cut.tokens.vocabulary])
        kept = np.flatnonzero(target >= 0)
        turn = csr_matrix(
            (np.ones(len(kept), np.float32), (kept, target[kept])),
            shape=(counts.shape[1], len(self.place)),
        )
        mapped: csr_matrix = (counts @ turn).tocsr()
        return mapped

    def _by_words(self, words: csr_matrix) -> np.ndarray:
        """Shares of the votes of the nearest by their heaviest words."""
        votes = np.zeros((words.shape[0], self.k), dtype=np.float32)
        product = (words.tocsr() @ self.postings).tocsr()
        for row in range(product.shape[0]):
            span = slice(product.indptr[row], product.indptr[row + 1])
            near, cosine = product.indices[span], product.data[span]
            if len(near) > VOTERS:
                far = cosine >= np.partition(cosine, -VOTERS)[-VOTERS]
                near, cosine = near[far], cosine[far]
                # Equal ones by their place, so that the same are taken every time.
                best = np.lexsort((near, -cosine))[:VOTERS]
                near, cosine = near[best], cosine[best]
            np.add.at(votes[row], self.number[near], cosine)
        return _shares(votes)

    def _by_place(self, places: np.ndarray) -> np.ndarray:
        """Shares of the votes of the nearest, and of the middles, in the latent space."""
        votes = np.zeros((len(places), self.k), dtype=np.float32)
        near, cosines = neighbours.highest(places @ self.points.T, VOTERS)
        rows = np.repeat(np.arange(len(near)), near.shape[1])
        np.add.at(votes, (rows, self.number[near].ravel()), np.maximum(cosines, 0).ravel())
        closeness = places @ self.middles.T
        closeness = np.exp((closeness - closeness.max(axis=1, keepdims=True)) / SOFTNESS)
        told = places.any(axis=1, keepdims=True)
        return _shares(votes) + MIDDLES * told * _shares(closeness)


def _shares(votes: np.ndarray) -> np.ndarray:
    return np.asarray(votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-9))
