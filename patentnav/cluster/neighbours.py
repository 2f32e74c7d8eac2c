"""Nearest neighbours by cosine: exact in small sets, by cells of similar vectors in large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav._progress import progress
from patentnav.cluster.groups import seeds

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PER_VECTOR = 10
EXACT_UP_TO = 20_000
CELL_SIZE = 200  # vectors per cell, about
PROBED = 12  # cells searched for every vector
POSTING_LIMIT = 1000  # above EXACT_SPARSE_UP_TO, words in more documents find no neighbours
EXACT_SPARSE_UP_TO = 50_000
BLOCK = 1024
TIE = 1e-5  # where many rows are equal, the first ones must not become hubs
FOLDS = 32  # columns of which only the largest is looked at first
PIECES, LONGEST_PIECE = (
    64,
    32,
)  # of a sparse row, likewise: about so many, of so many entries at most


def nearest(vectors: np.ndarray, k: int, *, random_state: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest other vectors of every vector.

    Parameters
    ----------
    vectors
        n x d, rows of unit length.
    k
        Neighbours wanted; fewer in a set of no more than k.

    Returns
    -------
    tuple of numpy.ndarray
        Indices (int32, -1 where fewer were found) and cosines (float32), both n x k, nearest first.

    Notes
    -----
    Above ``EXACT_UP_TO`` vectors only the ``PROBED`` nearest of about n / 200 cells (k-means on a
    sample) are searched for every vector, so the cost grows with n^1.5 at most.
    """
    n = len(vectors)
    k = min(k, n - 1)
    if n <= EXACT_UP_TO:
        return _exact(vectors, k)
    return _by_cells(vectors, k, random_state)


def highest(similarity: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of the k largest of every row, largest first, ties by column."""
    n = similarity.shape[1]
    k = min(k, n)
    if n < FOLDS * max(2 * k, FOLDS):
        return _partitioned(similarity, k)
    # The k-th of the largest of folds is no more than the k-th of all: few folds reach it.
    width = n // FOLDS
    largest = _largest_of_folds(similarity, width)
    floor = np.partition(largest, -k, axis=1)[:, -k]
    rows, fold = np.divmod(np.flatnonzero(largest >= floor[:, None]), width)
    columns = fold[:, None] + width * np.arange(FOLDS + 1)
    values = np.where(columns < n, similarity[rows[:, None], np.minimum(columns, n - 1)], -np.inf)
    kept = (values >= floor[rows, None]) & (columns < n)
    rows, columns, values = np.repeat(rows, kept.sum(axis=1)), columns[kept], values[kept]
    order = np.lexsort((columns, -values, rows))
    columns, values = columns[order], values[order]
    counts = np.bincount(rows, minlength=len(similarity))
    places = (np.cumsum(counts) - counts)[:, None] + np.arange(k)
    found, highest = columns[places], values[places]
    # Which of equal ones beyond the k-th are left out is for the partition to say.
    more = np.flatnonzero(counts > k)
    tied = more[values[places[more, -1] + 1] == highest[more, -1]]
    if len(tied):
        found[tied], highest[tied] = _partitioned(similarity[tied], k)
    return found, highest


def _largest_of_folds(similarity: np.ndarray, width: int) -> np.ndarray:
    """The largest of every ``width``-th column, by row: rows x ``width``."""
    largest = similarity[:, :width].copy()
    for start in range(width, similarity.shape[1], width):
        columns = similarity[:, start : start + width]
        part = largest[:, : columns.shape[1]]
        np.maximum(part, columns, out=part)
    return largest


def _partitioned(similarity: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    found = np.argpartition(similarity, -k, axis=1)[:, -k:]
    found.sort(axis=1)
    values = np.take_along_axis(similarity, found, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(values, order, axis=1)


def _exact(vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    n = len(vectors)
    indices = np.empty((n, k), dtype=np.int32)
    cosines = np.empty((n, k), dtype=np.float32)
    for start in progress(range(0, n, BLOCK), "neighbours"):
        stop = min(start + BLOCK, n)
        similarity = vectors[start:stop] @ vectors.T
        similarity[np.arange(stop - start), np.arange(start, stop)] = -np.inf
        indices[start:stop], cosines[start:stop] = highest(similarity, k)
    return indices, cosines


def _by_cells(vectors: np.ndarray, k: int, random_state: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.cluster import MiniBatchKMeans

    n = len(vectors)
    n_cells = max(n // CELL_SIZE, 2)
    start = seeds(vectors, n_cells, random_state=random_state)
    model = MiniBatchKMeans(
        n_cells, init=start, batch_size=8192, n_init=1, max_iter=10, random_state=random_state
    ).fit(vectors)
    centres = model.cluster_centers_.astype(np.float32)
    cell = np.asarray(model.labels_)
    order = np.argsort(cell, kind="stable")
    bounds = np.searchsorted(cell[order], np.arange(n_cells + 1))
    probes, _ = highest(centres @ centres.T, min(PROBED, n_cells))
    indices = np.full((n, k), -1, dtype=np.int32)
    cosines = np.zeros((n, k), dtype=np.float32)
    for c in progress(range(n_cells), "neighbours"):
        members = order[bounds[c] : bounds[c + 1]]
        if not len(members):
            continue
        pool = np.sort(np.concatenate([order[bounds[p] : bounds[p + 1]] for p in probes[c]]))
        similarity = vectors[members] @ vectors[pool].T
        own = np.searchsorted(pool, members)
        similarity[np.arange(len(members)), own] = -np.inf
        found, values = highest(similarity, k)
        width = found.shape[1]
        real = np.isfinite(values)
        indices[members, :width] = np.where(real, pool[found], -1)
        cosines[members, :width] = np.where(real, values, 0)
    return indices, cosines


def _scatter(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Numbers in [0, 1) that order equal neighbours of a row as if by lot, the same every time."""
    mixed = (columns.astype(np.uint64) + rows.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(40)) / 2.0**24).astype(np.float32)


def nearest_sparse(weights: csr_matrix, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest other rows of a sparse matrix with rows of unit length.

    Returns and cost as in :func:`nearest`: above ``EXACT_SPARSE_UP_TO`` rows, columns with more
    than ``POSTING_LIMIT`` entries are not followed.
    """
    n = weights.shape[0]
    k = min(k, n - 1)
    searched = weights
    if n > EXACT_SPARSE_UP_TO:
        df = np.bincount(weights.indices, minlength=weights.shape[1])
        searched = weights[:, np.flatnonzero(df <= POSTING_LIMIT)].tocsr()
    columns = searched.T.tocsr()
    indices = np.full((n, k), -1, dtype=np.int32)
    cosines = np.zeros((n, k), dtype=np.float32)
    for start in progress(range(0, n, BLOCK), "neighbours by words"):
        product = searched[start : start + BLOCK] @ columns
        row, near = _within_reach(product, k, start)
        row, column = row + start, product.indices[near]
        value = product.data[near] + TIE * _scatter(row, column)
        order = np.lexsort((column, -value, row))
        row, column, value = row[order], column[order], value[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        first = place < k
        indices[row[first], place[first]] = column[first]
        cosines[row[first], place[first]] = value[first]
        # Which of equal ones beyond the k-th are left out is for the partition to say.
        beyond = np.flatnonzero(place == k)
        for one in row[beyond[value[beyond] == value[beyond - 1]]].tolist():
            span = slice(*product.indptr[one - start : one - start + 2])
            column, value = product.indices[span], product.data[span]
            column, value = column[column != one], value[column != one]
            value = value + TIE * _scatter(np.full(len(column), one), column)
            top = np.argpartition(value, -k)[-k:]
            top = top[np.lexsort((column[top], -value[top]))]
            indices[one], cosines[one] = column[top], value[top]
    return indices, cosines


def _within_reach(product: csr_matrix, k: int, start: int) -> tuple[np.ndarray, np.ndarray]:
    """Entries that may be among the k largest of their row once equal ones are scattered.

    Rows and places in ``product`` of these, of other columns than the row's own, which is that of
    row ``start`` in the first row. Only pieces of a row are looked at whose largest entry is not
    below the (k + 1)-th of all such: that is no more than the k-th of the other entries.
    """
    sizes = np.diff(product.indptr)
    width = np.clip(sizes // PIECES, 1, LONGEST_PIECE)
    pieces = -(-sizes // width)
    row = np.repeat(np.arange(len(sizes)), pieces)
    first = np.cumsum(pieces) - pieces
    begin = product.indptr[row] + width[row] * (np.arange(len(row)) - first[row])
    if not len(begin):
        return row, begin
    largest = np.maximum.reduceat(product.data, begin)
    table = np.full((len(sizes), max(int(pieces.max()), k + 1)), -np.inf, dtype=largest.dtype)
    table[row, np.arange(len(row)) - first[row]] = largest
    floor = np.partition(table, -(k + 1), axis=1)[:, -(k + 1)] - 2 * TIE
    row, begin = row[largest >= floor[row]], begin[largest >= floor[row]]
    ends = product.indptr[row + 1]
    places = begin[:, None] + np.arange(int(width.max()))
    inside = places < np.minimum(begin + width[row], ends)[:, None]
    row, places = np.repeat(row, inside.sum(axis=1)), places[inside]
    chosen = (product.data[places] >= floor[row]) & (product.indices[places] != row + start)
    return row[chosen], places[chosen]
