"""Weights of words in texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def bm25(
    counts: csr_matrix,
    *,
    power: float = 1.0,
    factors: np.ndarray | None = None,
    like: csr_matrix | None = None,
    k1: float = 1.2,
    b: float = 0.75,
) -> csr_matrix:
    """BM25 weights of a term matrix, rows of unit length.

    ``tf (k1 + 1) / (tf + k1 (1 - b + b L / mean L)) * idf^power`` with
    ``idf = log(1 + (N - df + 0.5) / (df + 0.5))``.

    Parameters
    ----------
    counts
        Texts x terms, counts.
    power
        Exponent of the idf; above one favours rare terms.
    factors
        Further factor of every term.
    like
        Texts whose frequencies and mean length count, over the same terms; the texts themselves
        where omitted. What a text weighs does then not depend on those beside it.
    k1, b
        Saturation of repeats and correction for length.

    Returns
    -------
    scipy.sparse.csr_matrix
        float32; rows without terms stay empty.

    References
    ----------
    Robertson, Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond,
    doi:10.1561/1500000019.
    """
    known = counts if like is None else like
    n = known.shape[0]
    df = np.bincount(known.indices, minlength=known.shape[1])
    idf = np.log1p((n - df + 0.5) / (df + 0.5)) ** power
    if factors is not None:
        idf = idf * factors
    length = np.asarray(counts.sum(axis=1)).ravel()
    relative = length / max(float(known.sum()) / max(n, 1), 1e-12)
    saturation = np.repeat(k1 * (1 - b + b * relative), np.diff(counts.indptr))
    tf = counts.data
    weighted = counts.copy()
    weighted.data = (tf * (k1 + 1) / (tf + saturation) * idf[counts.indices]).astype(np.float32)
    return unit_rows(weighted)


def unit_rows(matrix: csr_matrix) -> csr_matrix:
    """Scale the rows of a sparse matrix to unit length; empty rows stay empty."""
    scaled = matrix.copy()
    squares = np.add.reduceat(
        np.append(scaled.data.astype(np.float64) ** 2, 0.0), scaled.indptr[:-1]
    ) if scaled.shape[0] else np.empty(0)  # fmt: skip
    norm = np.sqrt(np.where(np.diff(scaled.indptr) > 0, squares, 0.0))
    norm[norm == 0] = 1.0
    scaled.data = (scaled.data / np.repeat(norm, np.diff(scaled.indptr))).astype(np.float32)
    return scaled
