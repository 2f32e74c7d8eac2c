"""Nearest neighbours against brute force, equal ones included."""

import numpy as np
from scipy.sparse import csr_matrix, random_array

from patentnav.cluster import neighbours
from patentnav.cluster.vectors import unit


def test_the_largest_of_a_row_are_those_of_a_whole_sort():
    generator = np.random.default_rng(0)
    values = generator.integers(0, 10_000, size=(40, 3_001)).astype(np.float32)
    values[3] = 7.0  # all are equal
    values[5, :40] = 20_000.0  # more equal ones than are asked for
    values[6, ::300] = -np.inf
    columns, largest = neighbours.highest(values, 10)
    expected = -np.sort(-values, axis=1)[:, :10]
    assert np.array_equal(largest, expected)
    assert np.array_equal(np.take_along_axis(values, columns, axis=1), expected)
    falling = np.diff(largest, axis=1) < 0
    assert (falling | (np.diff(columns, axis=1) > 0)).all()  # equal ones by column
    assert all(len(set(row)) == 10 for row in columns.tolist())


def test_a_partition_of_whole_rows_finds_the_same():
    points = unit(np.random.default_rng(1).normal(size=(1_500, 8)))
    points[700:] = points[:800]  # every neighbour is there twice
    similarity = points[:300] @ points.T
    for found, expected in zip(
        neighbours.highest(similarity, 10), neighbours._partitioned(similarity, 10), strict=True
    ):
        assert np.array_equal(found, expected)


def test_neighbours_by_words_are_those_of_all_pairs():
    weights = random_array((400, 90), density=0.08, rng=2, dtype=np.float32, format="csr")
    dense = unit(weights.toarray())
    dense[11] = 0.0  # without a word
    dense[20:26] = dense[20]  # equal ones, fewer than are asked for
    indices, cosines = neighbours.nearest_sparse(csr_matrix(dense), 10)
    similarity = dense @ dense.T
    np.fill_diagonal(similarity, -np.inf)
    for row in range(len(dense)):
        met = np.flatnonzero(similarity[row] > 0)
        kept = indices[row][indices[row] >= 0]
        assert len(kept) == min(len(met), 10)
        assert set(kept) <= set(met)
        if len(kept):
            least = similarity[row, kept].min()
            left = np.setdiff1d(met, kept)
            assert not len(left) or similarity[row, left].max() <= least + 2 * neighbours.TIE
    assert (indices[11] == -1).all()
    assert set(indices[20]) >= set(range(21, 26))
    assert (np.diff(cosines, axis=1) <= 0).all()


def test_neighbours_by_words_in_blocks_are_those_of_each_row_by_itself():
    weights = random_array((700, 40), density=0.2, rng=3, dtype=np.float32, format="csr")
    dense = unit(np.round(weights.toarray(), 1))  # many equal similarities
    dense[300:340] = dense[300]  # more equal ones than are asked for
    sparse = csr_matrix(dense)
    indices, cosines = neighbours.nearest_sparse(sparse, 10)
    product = (sparse @ sparse.T.tocsr()).tocsr()
    for row in range(len(dense)):
        span = slice(product.indptr[row], product.indptr[row + 1])
        column, value = product.indices[span], product.data[span]
        column, value = column[column != row], value[column != row]
        value = value + neighbours.TIE * neighbours._scatter(np.full(len(column), row), column)
        order = np.lexsort((column, -value))[:10]
        assert np.array_equal(cosines[row, : len(order)], value[order])
        last = len(value) <= 10 or np.sort(value)[-11] < value[order[-1]]
        if last:  # else it is open which of the equal ones beyond the tenth are left out
            assert np.array_equal(indices[row, : len(order)], column[order])
