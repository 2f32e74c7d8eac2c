"""Groups of similar vectors: many fine groups, merged step by step, refined at the wanted number.

The tree of merges serves every number of groups, ties overview to detail, and gives k-means a better
start than chance; the best of a few trees is steadier still.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patentnav._threads import ENOUGH, workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadpoolctl import ThreadpoolController

    from patentnav._threads import Begun, Workers

FINE = 400  # fine groups at most, unless more are wanted; a smaller set starts from its vectors
PER_FINE = 8  # vectors per fine group, about, while that gives fewer
LEAST_FINE = 100
SAMPLE = 50_000  # fine groups are found on so many vectors of a larger set
SEEDED = 20_000  # vectors among which k-means finds its start
ROUNDS = 30
TREES = 4  # trees of which the best grouping is kept


@dataclass(frozen=True)
class Tree:
    """Fine groups and the order in which they merge.

    Attributes
    ----------
    fine
        Fine group of every vector, 0 … m - 1.
    merges
        m - 1 rows of two fine groups: the first absorbs the second.
    heights
        Growth of the within-group sum of squares at every merge (Ward).
    """

    fine: np.ndarray
    merges: np.ndarray
    heights: np.ndarray

    @property
    def m(self) -> int:
        """Number of fine groups."""
        return len(self.merges) + 1

    def cut(self, k: int) -> np.ndarray:
        """Group (0 … k - 1) of every fine group when ``k`` groups are left."""
        parent = np.arange(self.m)
        for into, gone in self.merges[: self.m - k]:
            parent[parent == gone] = into
        return np.asarray(np.unique(parent, return_inverse=True)[1])


@dataclass(frozen=True)
class Grouping:
    """Groups of vectors, and the sum of their squared distances to the means of their groups."""

    labels: np.ndarray
    spread: float


def tree(vectors: np.ndarray, *, n_groups: int = 0, random_state: int = 0) -> Tree:
    """Fine groups by k-means and their merges by Ward's criterion with group sizes.

    Parameters
    ----------
    vectors
        n x d.
    n_groups
        Groups wanted later; the tree has at least four times as many leaves where n allows.
    random_state
        Seed of the fine k-means.
    """
    n = len(vectors)
    m = max(min(FINE, max(n // PER_FINE, LEAST_FINE)), min(4 * n_groups, n))
    fine = _fine_groups(vectors, m, random_state) if n > FINE else _distinct(vectors)
    return merged(vectors, fine)


def merged(
    vectors: np.ndarray,
    labels: np.ndarray,
    *,
    beside: np.ndarray | None = None,
    most: int | None = None,
    strain: Callable[[list[int], list[int]], float] | None = None,
) -> Tree:
    """Tree of merges of given groups, for an overview of them.

    Parameters
    ----------
    vectors
        n x d.
    labels
        Group of every vector.
    beside
        Further columns of every group, beside its mean vector.
    most
        Groups that a union may gather, as long as other unions are left.
    strain
        What a union of two lists of groups costs beside its squared distances.
    """
    m = int(labels.max()) + 1
    sizes = np.bincount(labels, minlength=m).astype(np.float64)
    centres = group_means(vectors, labels, m).astype(np.float64)
    if beside is not None:
        centres = np.hstack([centres, beside])
    return Tree(labels, *_ward(centres, sizes, most, strain))


def _distinct(vectors: np.ndarray) -> np.ndarray:
    """Number of every vector among the different ones (to five decimals)."""
    return np.asarray(np.unique(vectors.round(5), axis=0, return_inverse=True)[1]).ravel()


def _more_than(vectors: np.ndarray, m: int) -> bool:
    """Whether more than ``m`` vectors are different (to five decimals); mostly the first ones are."""
    some = vectors[: 2 * m + 1].round(5)
    return len(np.unique(some, axis=0)) > m or len(np.unique(vectors.round(5), axis=0)) > m


@functools.cache
def _libraries() -> ThreadpoolController:
    """The libraries behind numpy: to look for them takes as long as the seeds of a small group."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def seeds(vectors: np.ndarray, m: int, *, random_state: int = 0) -> np.ndarray:
    """Start of k-means: m vectors far apart, by k-means++ on a sample of a larger set.

    In float64: float32 would be copied in pieces for every seed, at many times the cost. On one
    thread: the products are small, and threads that wait for each other cost more than they bring.

    References
    ----------
    Arthur, Vassilvitskii (2007), k-means++: the advantages of careful seeding.
    """
    from sklearn.cluster import kmeans_plusplus

    sample = vectors
    if len(vectors) > SEEDED:
        chosen = np.random.default_rng(random_state).choice(len(vectors), SEEDED, replace=False)
        sample = vectors[np.sort(chosen)]
    with _libraries().limit(limits=1, user_api="blas"):
        found, _ = kmeans_plusplus(sample.astype(np.float64), m, random_state=random_state)
    return np.asarray(found, dtype=vectors.dtype)


def _fine_groups(vectors: np.ndarray, m: int, random_state: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    sample = vectors
    if len(vectors) > SAMPLE:
        chosen = np.random.default_rng(random_state).choice(len(vectors), SAMPLE, replace=False)
        sample = vectors[np.sort(chosen)]
    if not _more_than(sample, m):
        return _distinct(vectors)
    start = seeds(sample, m, random_state=random_state)
    model = KMeans(m, init=start, n_init=1, max_iter=ROUNDS).fit(sample)
    labels = model.predict(vectors)
    return np.asarray(np.unique(labels, return_inverse=True)[1])


def group_means(vectors: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Mean vector of every group: k x d."""
    from scipy.sparse import csr_matrix

    n = len(labels)
    belongs = csr_matrix((np.ones(n, np.float32), (labels, np.arange(n))), shape=(k, n))
    sizes = np.bincount(labels, minlength=k)[:, None]
    return np.asarray(belongs @ vectors) / np.maximum(sizes, 1)


def _ward(
    centres: np.ndarray,
    sizes: np.ndarray,
    most: int | None = None,
    strain: Callable[[list[int], list[int]], float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Merge the two groups whose union adds least to the sum of squares, until one is left.

    Unions of more than ``most`` groups wait until no other is left.
    """
    m = len(centres)
    most = m if most is None else most
    members = [[group] for group in range(m)]
    gathered = np.ones(m, dtype=np.int64)
    beside = np.zeros((m, m))
    if strain is not None:
        for a, b in itertools.combinations(range(m), 2):
            beside[a, b] = beside[b, a] = strain(members[a], members[b])
    cost = _costs(centres, sizes) + beside
    alive = np.ones(m, dtype=bool)
    merges = np.empty((m - 1, 2), dtype=np.int64)
    heights = np.empty(m - 1)
    for step in range(m - 1):
        place = int(cost.argmin())
        if np.isinf(cost.flat[place]):
            most, cost = m, _costs(centres, sizes) + beside
            cost[~alive, :] = cost[:, ~alive] = np.inf
            place = int(cost.argmin())
        a, b = sorted(divmod(place, m))
        merges[step], heights[step] = (a, b), cost[a, b]
        both = sizes[a] + sizes[b]
        centres[a] = (sizes[a] * centres[a] + sizes[b] * centres[b]) / both
        sizes[a], alive[b] = both, False
        members[a] += members[b]
        gathered[a] += gathered[b]
        cost[b, :] = cost[:, b] = np.inf
        if strain is not None:
            for other in np.flatnonzero(alive):
                if other != a:
                    beside[a, other] = beside[other, a] = strain(members[a], members[other])
        to_new = both * sizes / (both + sizes) * ((centres - centres[a]) ** 2).sum(axis=1)
        to_new += beside[a]
        to_new[~alive | (gathered + gathered[a] > most)] = np.inf
        to_new[a] = np.inf
        cost[a, :] = cost[:, a] = to_new
    return merges, heights


def _costs(centres: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    squares = (centres**2).sum(axis=1)
    distance = np.maximum(squares[:, None] + squares - 2 * centres @ centres.T, 0)
    cost = distance * sizes[:, None] * sizes / (sizes[:, None] + sizes)
    np.fill_diagonal(cost, np.inf)
    return np.asarray(cost)


def refined(vectors: np.ndarray, labels: np.ndarray, *, random_state: int = 0) -> np.ndarray:
    """k-means started from the means of given groups; groups left empty vanish."""
    from sklearn.cluster import KMeans

    k = int(labels.max()) + 1
    if k < 2:
        return labels
    start = group_means(vectors, labels, k).astype(vectors.dtype)
    model = KMeans(k, init=start, n_init=1, max_iter=100, random_state=random_state)
    found = model.fit_predict(vectors)
    return np.asarray(np.unique(found, return_inverse=True)[1])


def best(vectors: np.ndarray, k: int, *, random_state: int = 0, trees: int = TREES) -> np.ndarray:
    """The tightest of some groupings: trees from several fine groups, cut at k and refined.

    Parameters
    ----------
    vectors
        n x d.
    k
        Groups wanted; fewer are found where there are fewer different vectors.
    random_state
        Seed of the fine groups.
    trees
        How many are tried; the tree of a small set has no chance in it, so one is enough there.

    Returns
    -------
    numpy.ndarray
        Group of every vector, numbered by falling size.
    """
    with workers(threads=trees > 1 and len(vectors) >= ENOUGH) as work:
        return tightest(begun(work, vectors, k, random_state=random_state, trees=trees))


def begun(
    work: Workers, vectors: np.ndarray, k: int, *, random_state: int = 0, trees: int = TREES
) -> list[Begun[Grouping]]:
    """Groupings of which :func:`tightest` takes one, as in :func:`best`, at work."""
    tried = range(trees if len(vectors) > FINE else 1)
    states = [int(np.random.default_rng([random_state, i]).integers(2**31)) for i in tried]
    return [work.begin(_grouping, vectors, k, state) for state in states]


def _grouping(vectors: np.ndarray, k: int, random_state: int) -> Grouping:
    grown = tree(vectors, n_groups=k, random_state=random_state)
    found = refined(vectors, grown.cut(min(k, grown.m))[grown.fine], random_state=random_state)
    return Grouping(found, _within(vectors, found))


def tightest(groupings: list[Begun[Grouping]]) -> np.ndarray:
    """The grouping with the smallest spread, the first of several, numbered by falling size."""
    return by_size(min((grouping() for grouping in groupings), key=lambda g: g.spread).labels)


def parted(vectors: np.ndarray, n: int) -> np.ndarray:
    """Parts of a group by k-means, numbered from 0; one where there are too few different vectors."""
    from sklearn.cluster import KMeans

    if not _more_than(vectors, n):
        return np.zeros(len(vectors), dtype=np.int64)
    start = seeds(vectors, n)
    found = KMeans(n, init=start, n_init=1, max_iter=100).fit_predict(vectors)
    return np.asarray(np.unique(found, return_inverse=True)[1])


def _within(vectors: np.ndarray, labels: np.ndarray) -> float:
    """Sum of squared distances to the means of the groups."""
    k = int(labels.max()) + 1
    sizes = np.bincount(labels, minlength=k)
    means = group_means(vectors, labels, k).astype(np.float64)
    squares = np.einsum("ij,ij->", vectors, vectors, dtype=np.float64)
    return float(squares - (sizes[:, None] * means**2).sum())


def by_size(labels: np.ndarray) -> np.ndarray:
    """Number groups by falling size; of equal ones, the one with the first member first."""
    sizes = np.bincount(labels)
    first = np.full(len(sizes), len(labels))
    np.minimum.at(first, labels, np.arange(len(labels)))
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[order] = np.arange(len(sizes))
    numbered: np.ndarray = rank[labels]
    return numbered
