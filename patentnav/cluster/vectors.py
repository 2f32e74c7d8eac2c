"""Vectors of documents: weighted words, and a latent space of a hundred directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patentnav import text

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

NAME_WEIGHT = 5  # a title counts as often: it names the thing, the abstract tells its surroundings
NAME_POWER = 0.25  # exponent of the share of a word's documents that have it in their name
MAX_SHARE = 0.2  # words in more of the documents than this tell nothing apart
SMALL = 200  # below this many documents a fifth of them is only a few: half may share a word
LARGE = 1000  # from here on, documents of frequent words alone are enough to be a group
FEW = 10  # below this every word counts
RARE_POWER = 1.25  # exponent of the idf in the latent space
DIMENSIONS = 100
WORDS_PER_DIMENSION = 30  # short titles hold few words: fewer directions tell them apart better
FEWEST_DIMENSIONS = 20
DENSE = 3  # a matrix with fewer rows or columns per direction is decomposed whole
BINDING = 0.5  # weight of words that tell how a thing is ("adaptive"): they bind without meaning
GENERAL = 0.85  # weight of words too general to name anything alone
HEAVIEST = 40  # words kept per document where documents are compared word by word


@dataclass(frozen=True)
class Words:
    """Names and bodies of the documents of a set, cut into words of one vocabulary.

    Attributes
    ----------
    tokens
        What the titles name, in order, then the rest of the titles and the bodies in the same
        order (:func:`patentnav.text.split_titles`).
    n
        Number of documents.
    """

    tokens: text.Tokens
    n: int

    def counts(self) -> csr_matrix:
        """Words per document, names counting ``NAME_WEIGHT`` times: n x vocabulary."""
        counts = self.tokens.counts()
        weighted: csr_matrix = (NAME_WEIGHT * counts[: self.n] + counts[self.n :]).tocsr()
        return weighted

    def share_in_names(self) -> np.ndarray:
        """Share of the documents of every word that have it in their name, 0 to 1.

        Words that hardly ever name a thing ("plurality") tell of no technology. The share of a rare
        word is drawn towards that of all words, as if by one more document.
        """
        counts = self.tokens.counts()
        names = np.bincount(counts[: self.n].indices, minlength=counts.shape[1])
        either = (counts[: self.n] + counts[self.n :]).tocsr()
        df = np.bincount(either.indices, minlength=counts.shape[1])
        usual = names.sum() / max(df.sum(), 1)
        return np.asarray((names + usual) / (df + 1))

    def meaning(self) -> np.ndarray:
        """Factor of the weight of every word: less for words that any subject may share.

        "Adaptive", "multi" and "universal" would gather publications that have nothing else in
        common; general words ("control", "sensor") say less than the thing that they stand with.
        """
        lists = [
            {text.stem(word) for lang in ("zh", "en") for word in listed(lang)}
            for listed in (text.binding_words, text.generic_words)
        ]
        stems = [text.stem(str(word)) for word in self.tokens.vocabulary]
        kinds = [lists[0], lists[1] - lists[0]]
        factors = np.ones(len(stems))
        for words, factor in zip(kinds, (BINDING, GENERAL), strict=True):
            factors[[stem in words for stem in stems]] = factor
        return factors


def words(documents: pd.DataFrame, dictionary: tuple[str, ...] = ()) -> Words:
    """Cut the documents of :func:`patentnav.text.documents`."""
    import pandas as pd

    names, rest = text.split_titles(documents["title"])
    bodies = rest.fillna("") + " . " + documents["body"].fillna("")
    texts = pd.concat([names, bodies], ignore_index=True)
    return Words(text.tokens(texts, words=dictionary), len(documents))


def usable(counts: csr_matrix) -> np.ndarray:
    """Columns of words that tell documents apart: not too rare, not in most of them."""
    n = counts.shape[0]
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    if n < FEW:
        return np.flatnonzero(df)
    least = 2 + np.searchsorted([500, 2000, 10_000], n, side="right")
    most = n * (MAX_SHARE if n >= SMALL else 0.5)
    return np.flatnonzero((df >= least) & (df <= most))


def counted(counts: csr_matrix) -> tuple[csr_matrix, np.ndarray]:
    """Counts of the words that tell documents apart, and the columns of these words.

    A document that has none of them ("solid battery", in a set about solid batteries) keeps its
    frequent words, by which it is near others of its kind; there they are rare enough to tell.
    """
    from scipy.sparse import diags, hstack

    columns = usable(counts)
    telling = counts[:, columns].tocsr()
    silent = np.diff(telling.indptr) == 0
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    common = np.flatnonzero(df > MAX_SHARE * counts.shape[0])
    if len(silent) < LARGE or not silent.any() or not len(common):
        return telling, columns
    frequent = (diags(silent.astype(np.float32)) @ counts[:, common]).tocsr()
    frequent.eliminate_zeros()
    among = np.bincount(frequent.indices, minlength=len(common))
    shared = np.flatnonzero((among >= 2) & (among <= MAX_SHARE * counts.shape[0]))
    both = hstack([telling, frequent[:, shared]]).tocsr()
    return both, np.concatenate([columns, common[shared]])


def heaviest(weights: csr_matrix, n: int = HEAVIEST) -> csr_matrix:
    """Keep the heaviest words of every document, rows of unit length again."""
    from scipy.sparse import csr_matrix

    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    order = np.lexsort((weights.indices, -weights.data, rows))
    place = np.arange(len(order)) - np.repeat(weights.indptr[:-1], np.diff(weights.indptr))
    kept = np.sort(order[place < n])
    pruned = csr_matrix(
        (weights.data[kept], (rows[kept], weights.indices[kept])), shape=weights.shape
    )
    return text.unit_rows(pruned)


def latent(
    counts: csr_matrix,
    share_in_names: np.ndarray,
    meaning: np.ndarray | None = None,
    *,
    dimensions: int = DIMENSIONS,
) -> np.ndarray:
    """Latent semantic space: left singular vectors times singular values, rows of unit length.

    Parameters
    ----------
    counts
        Documents x words.
    share_in_names
        Of every word, as :meth:`Words.share_in_names` gives it.
    meaning
        Factor of every word, as :meth:`Words.meaning` gives it.
    dimensions
        Directions at most.

    Returns
    -------
    numpy.ndarray
        float32, documents x at most ``dimensions``; documents without usable words are zero.

    Notes
    -----
    The singular vectors are exact (Lanczos), not those of a random projection: the last of these
    vary with the seed, and the groups with them.

    References
    ----------
    Deerwester et al. (1990), Indexing by latent semantic analysis.
    Lehoucq, Sorensen, Yang (1998), ARPACK users' guide, doi:10.1137/1.9780898719628.
    """
    weights = text.bm25(counts, power=RARE_POWER, factors=naming(share_in_names, meaning))
    return unit(decomposed(weights, dimensions)[0])


def naming(share_in_names: np.ndarray, meaning: np.ndarray | None = None) -> np.ndarray:
    """Factor of every word in the latent space: more for those that name things."""
    factors = np.where(share_in_names > 0, share_in_names, 1.0) ** NAME_POWER
    return factors if meaning is None else factors * meaning


def decomposed(weights: csr_matrix, dimensions: int = DIMENSIONS) -> tuple[np.ndarray, np.ndarray]:
    """Places of documents in their latent space, not of unit length, and its directions.

    Returns
    -------
    tuple
        Documents x directions; words x directions: other documents times these are placed beside
        them. Where a set supports no directions, its words are these.
    """
    from scipy.sparse.linalg import svds
    from threadpoolctl import threadpool_limits

    smaller = min(weights.shape)
    supported = max(weights.shape[1] // WORDS_PER_DIMENSION, FEWEST_DIMENSIONS)
    rank = min(dimensions, supported, smaller - 1)
    if rank < 2:
        dense = np.asarray(weights.toarray(), dtype=np.float32)
        return dense, np.eye(dense.shape[1], dtype=np.float32)
    if smaller < DENSE * rank:
        left, values, right = np.linalg.svd(weights.toarray(), full_matrices=False)
        return left[:, :rank] * values[:rank], right[:rank].T
    with threadpool_limits(1, user_api="blas"):  # many small steps: threads would wait
        left, values, right = svds(weights.astype(np.float64), rank, v0=np.ones(smaller))
    return left[:, ::-1] * values[::-1], right[::-1].T


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to unit length, float32; zero rows stay zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    norms[norms < 1e-12] = 1.0
    return np.asarray(vectors / norms, dtype=np.float32)
