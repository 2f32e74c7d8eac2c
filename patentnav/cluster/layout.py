"""Two-dimensional layout: t-SNE on a graph of nearest neighbours, numpy and scipy only."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from patentnav._progress import progress

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEIGHBOURS = 10
EXAGGERATION = 12.0
SCHEDULE = (100, 250)  # steps with and without exaggeration
SHORT_SCHEDULE = (50, 120)
SHORT_ABOVE = 100_000
CELL = 0.5
MAX_CELLS = 300
STRIDE = 16  # the grid grows by so many cells: its kernels serve several steps
LONGEST_STEP = 5.0
BY_PAIRS_UP_TO = 400


def place(
    indices: np.ndarray, start: np.ndarray, *, schedule: tuple[int, int] | None = None
) -> np.ndarray:
    """Place documents so that nearest neighbours stay close.

    Parameters
    ----------
    indices
        Nearest neighbours of every document (n x k, nearest first, -1 for none); the first ten
        are used.
    start
        n x 2 or more: first two columns are the start.
    schedule
        Steps with and without exaggeration.

    Returns
    -------
    numpy.ndarray
        n x 2, float64, centred, the farthest document at distance one.

    Notes
    -----
    Every neighbour pulls alike (no search for a perplexity); all others push through a grid of
    charges convolved by FFT, so a step costs O(n) plus the grid.

    References
    ----------
    van der Maaten, Hinton (2008), Visualizing data using t-SNE. Linderman et al. (2019),
    doi:10.1038/s41592-018-0308-4 (FFT-accelerated interpolation). Böhm, Berens, Kobak (2022),
    Attraction-repulsion spectrum in neighbor embeddings (uniform weights on kNN).
    """
    n = len(indices)
    if n < 3:
        return np.column_stack([np.linspace(-1, 1, n) if n > 1 else np.zeros(n), np.zeros(n)])
    early, late = schedule or (SHORT_SCHEDULE if n > SHORT_ABOVE else SCHEDULE)
    pull = _pull(indices[:, : min(NEIGHBOURS, max((n - 1) // 3, 1))])
    # Both as numpy looks things up, which else makes a copy of the columns at each step.
    pairs = np.repeat(np.arange(n), np.diff(pull.indptr)), pull.indices.astype(np.intp)
    points = _start(start)
    speed = np.zeros_like(points)
    gains = np.ones_like(points)
    rate = n / EXAGGERATION
    push = _push_by_pairs if n <= BY_PAIRS_UP_TO else _push_by_grid
    for step in progress(range(early + late), "layout"):
        exaggeration, momentum = (EXAGGERATION, 0.5) if step < early else (1.0, 0.8)
        gradient = 4 * (exaggeration * _attraction(pull, pairs, points) - push(points))
        gains = np.where(np.sign(gradient) != np.sign(speed), gains + 0.2, gains * 0.8)
        np.maximum(gains, 0.01, out=gains)
        speed = momentum * speed - rate * gains * gradient
        length = np.hypot(speed[:, 0], speed[:, 1])
        speed *= np.minimum(1.0, LONGEST_STEP / np.maximum(length, 1e-12))[:, None]
        points = points + speed
        points -= points.mean(axis=0)
    reach = np.hypot(points[:, 0], points[:, 1]).max()
    return points / max(float(reach), 1e-12)


def _start(vectors: np.ndarray) -> np.ndarray:
    points = np.zeros((len(vectors), 2))
    width = min(2, vectors.shape[1])
    points[:, :width] = vectors[:, :width]
    points -= points.mean(axis=0)
    # Equal vectors would never part: a tiny step by order of row, on a golden-angle spiral.
    row = np.arange(len(points))
    spiral = np.sqrt((row + 0.5) / len(row))[:, None] * np.column_stack(
        [np.cos(2.399963 * row), np.sin(2.399963 * row)]
    )
    spread = max(float(points[:, 0].std()), 1e-12)
    begun: np.ndarray = points / spread * 1e-4 + spiral * 1e-6
    return begun


def _pull(indices: np.ndarray) -> csr_matrix:
    from scipy.sparse import csr_matrix

    n, k = indices.shape
    found = indices >= 0
    rows = np.repeat(np.arange(n), k)[found.ravel()]
    one_way = csr_matrix((np.ones(int(found.sum())), (rows, indices[found])), shape=(n, n))
    both = one_way.maximum(one_way.T).tocsr()
    both.data /= max(both.data.sum(), 1.0)
    return both


def _attraction(
    pull: csr_matrix, pairs: tuple[np.ndarray, np.ndarray], points: np.ndarray
) -> np.ndarray:
    """Pull of the neighbours; ``pairs`` are row and column of every entry of ``pull``."""
    from scipy.sparse import csr_matrix

    x, y = np.ascontiguousarray(points.T)
    rows, columns = pairs
    weight = (x[rows] - x[columns]) ** 2
    weight += (y[rows] - y[columns]) ** 2
    weight = pull.data / (1.0 + weight)
    weighted = csr_matrix((weight, pull.indices, pull.indptr), shape=pull.shape)
    summed = weighted @ np.column_stack([np.ones(len(points)), points])
    return np.asarray(summed[:, :1] * points - summed[:, 1:])


def _push_by_pairs(points: np.ndarray) -> np.ndarray:
    """Push of all other points, every pair by itself."""
    apart = points[:, None] - points
    near = 1.0 / (1.0 + (apart**2).sum(axis=2))
    total = near.sum() - len(points)
    return np.asarray((near[:, :, None] ** 2 * apart).sum(axis=1) / max(float(total), 1e-12))


def _push_by_grid(points: np.ndarray) -> np.ndarray:
    """Push of all other points, by charges on a grid."""
    from scipy.fft import fft, ifft, irfft, rfft

    low = points.min(axis=0)
    extent = float((points.max(axis=0) - low).max())
    cell = max(CELL if extent > 50 * CELL else extent / 50, extent / MAX_CELLS, 1e-12)
    side = STRIDE * (int(extent / cell) // STRIDE + 1) + 2
    corners, weights = _corners(points, low, cell, side)
    size, near, near_squared = _kernels(side, cell)
    scale = np.float32(1 / size**2)

    # One axis after the other: of the rows beside the grid nothing is known or wanted.
    def spread(charge: np.ndarray) -> np.ndarray:
        flat = np.bincount(corners.ravel(), (weights * charge).ravel(), minlength=side * side)
        grid = flat.reshape(side, side).astype(np.float32)
        return np.asarray(fft(rfft(grid, size, axis=1), size, axis=0, overwrite_x=True))

    def field(kernel: np.ndarray, charges: np.ndarray) -> np.ndarray:
        rows = ifft(kernel * charges, axis=0, norm="forward", overwrite_x=True)[:side]
        grid = irfft(rows, size, axis=1, norm="forward")[:, :side] * scale
        return np.asarray((grid.ravel()[corners] * weights).sum(axis=0))

    ones = spread(np.ones(len(points)))
    total = field(near, ones).sum() - len(points)
    mass = field(near_squared, ones)
    moments = [field(near_squared, spread(points[:, axis])) for axis in (0, 1)]
    push = points * mass[:, None] - np.column_stack(moments)
    return np.asarray(push / max(float(total), 1e-12))


@functools.lru_cache(maxsize=2)
def _kernels(side: int, cell: float) -> tuple[int, np.ndarray, np.ndarray]:
    """Size of the transforms and those of 1 / (1 + d²) and its square."""
    from scipy.fft import next_fast_len, rfft2

    size = int(next_fast_len(2 * side, real=True))
    offset = np.minimum(np.arange(size), size - np.arange(size)) * cell
    near = (1.0 / (1.0 + offset[:, None] ** 2 + offset[None, :] ** 2)).astype(np.float32)
    return size, rfft2(near), rfft2(near**2)


def _corners(
    points: np.ndarray, low: np.ndarray, cell: float, side: int
) -> tuple[np.ndarray, np.ndarray]:
    """Flat indices of the four grid nodes around every point and their bilinear weights: 4 x n."""
    scaled = (points - low) / cell
    node = np.minimum(scaled.astype(np.int64), side - 2)
    part = scaled - node
    flat = node[:, 0] * side + node[:, 1]
    corners = np.stack([flat, flat + 1, flat + side, flat + side + 1])
    fx, fy = part[:, 0], part[:, 1]
    weights = np.stack([(1 - fx) * (1 - fy), (1 - fx) * fy, fx * (1 - fy), fx * fy])
    return corners, weights


def kept_share(indices: np.ndarray, points: np.ndarray) -> float:
    """Share of the nearest neighbours that are among the nearest in the layout too."""
    from scipy.spatial import cKDTree

    k = indices.shape[1]
    near = np.asarray(cKDTree(points).query(points, k=min(k + 1, len(points)))[1])
    hits = (indices[:, :, None] == near.reshape(len(points), 1, -1)).any(axis=2)
    return float(hits[indices >= 0].mean()) if (indices >= 0).any() else float("nan")
