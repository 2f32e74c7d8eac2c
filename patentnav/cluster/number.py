"""How many groups a set supports, with the evidence for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.cluster.groups import begun, by_size, merged, tightest

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csr_matrix

    from patentnav._threads import Begun, Workers
    from patentnav.cluster.groups import Grouping, Tree

MOST = 100  # a map with more technologies is no overview
LEAST_SIZE = 10  # publications per technology on average
TOLERANCE = 0.025  # what more detail may cost of the best modularity Q, as a share of Q (1 - Q)
FEW = 20  # a set of fewer publications is one technology unless the user says otherwise
PER_AREA = 3  # technologies per area at least, on average,
FEWEST_AREAS, MOST_AREAS = 6, 12  # and so many areas of a set with technologies enough
GATHERED, FEWEST_GATHERED = 1.5, 4  # groups of an area at most: so many times the mean, or so many
DRAWS = 2
DRAW_SHARE = 0.8
DRAW_LIMIT = 10_000
NO_EVIDENCE = pd.DataFrame(
    {"n_clusters": np.empty(0, "int64"), "modularity": np.empty(0), "proposed": np.empty(0, "bool")}
)


def evidence(grown: Tree, graph: csr_matrix) -> pd.DataFrame:
    """Modularity of the neighbour graph for every number of groups.

    Modularity rises while a split follows gaps of the graph and falls when it cuts through dense
    ground; around its best value Q it is flat. The proposal is the largest number that loses no
    more than 2.5 % of Q (1 - Q): as much detail as costs nothing. The factor 1 - Q keeps sets with
    clear gaps from being cut further.

    Parameters
    ----------
    grown
        Tree of merges.
    graph
        Neighbour graph of the same vectors.

    Returns
    -------
    pandas.DataFrame
        ``n_clusters, modularity, proposed`` (one True), from one group to at most a hundred and
        to ten publications per group on average.

    References
    ----------
    Newman (2004), doi:10.1103/PhysRevE.69.066133.
    """
    n = len(grown.fine)
    most = max(min(MOST, n // LEAST_SIZE, grown.m), 1)
    between = _between(grown, graph)
    numbers = np.arange(1, most + 1)
    values = np.array([_modularity(between, grown.cut(int(k))) for k in numbers])
    top = values.max()
    proposed = numbers[values >= top - TOLERANCE * top * (1 - top)].max() if n >= FEW else 1
    return pd.DataFrame(
        {"n_clusters": numbers, "modularity": values, "proposed": numbers == proposed}
    )


def _between(grown: Tree, graph: csr_matrix) -> np.ndarray:
    """Weight of the graph between all pairs of fine groups: m x m."""
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    cell = grown.fine[rows] * grown.m + grown.fine[graph.indices]
    return np.bincount(cell, weights=graph.data, minlength=grown.m**2).reshape(grown.m, grown.m)


def _modularity(between: np.ndarray, labels: np.ndarray) -> float:
    total = between.sum()
    if total == 0:
        return 0.0
    same = labels[:, None] == labels
    strength = np.bincount(labels, weights=between.sum(axis=1))
    return float(between[same].sum() / total - ((strength / total) ** 2).sum())


def areas(
    vectors: np.ndarray,
    graph: csr_matrix,
    labels: np.ndarray,
    classes: np.ndarray | None = None,
    *,
    strain: Callable[[list[int], list[int]], float] | None = None,
    told: Callable[[list[int]], float] | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Areas that gather the groups, and the evidence for their number.

    At most one for three groups, six to twelve of many; among these numbers, that where modularity
    and the share of an area that its heading tells are best together.
    An area gathers no more groups than one name can tell of, as long as others are left to merge.

    Parameters
    ----------
    vectors, graph
        Smoothed vectors and neighbour graph.
    labels
        Group of every vector.
    classes
        What classes the groups have (:func:`patentnav.cluster.views.class_profiles`): they tell what
        is akin where words do not.
    strain
        What a union of technologies loses because no heading tells of all of them
        (:meth:`patentnav.cluster.fields.Headings.lost`).
    told
        Share of an area of such groups that its heading tells
        (:meth:`patentnav.cluster.fields.Headings.tells`).

    Returns
    -------
    tuple
        Area of every group, numbered by falling number of vectors; ``n_fields, modularity, told,
        proposed`` (one True); ``told`` is the mean over the areas.
    """
    k = int(labels.max()) + 1
    gathers = max(FEWEST_GATHERED, math.ceil(GATHERED * k / MOST_AREAS))
    grown = merged(vectors, labels, beside=classes, most=gathers, strain=strain)
    between = _between(grown, graph)
    most = min(max(k // PER_AREA, min(2, k)), MOST_AREAS)
    numbers = np.arange(min(FEWEST_AREAS if most >= FEWEST_AREAS else 2, k), most + 1)
    cuts = [grown.cut(int(n)) for n in numbers]
    values = np.array([_modularity(between, cut) for cut in cuts])
    shares = np.array([
        np.nan if told is None
        else np.mean([told(np.flatnonzero(cut == area).tolist()) for area in range(int(cut.max()) + 1)])
        for cut in cuts
    ])  # fmt: skip
    chosen = numbers[(values + np.nan_to_num(shares)).argmax()]
    ranked = by_size(grown.cut(int(chosen))[labels])
    of_group = np.array([ranked[labels == group][0] for group in range(k)])
    return of_group, pd.DataFrame(
        {
            "n_fields": numbers,
            "modularity": values,
            "told": shares,
            "proposed": numbers == chosen,
        }
    )


def draws(
    work: Workers, vectors: np.ndarray, k: int, *, random_state: int = 0
) -> list[tuple[np.ndarray, list[Begun[Grouping]]]]:
    """Random four fifths of the vectors, at most ten thousand, and their groupings at work.

    Each is grouped by a single tree: the best of four is steadier than that. There are none of a
    single group or too few vectors.
    """
    n = len(vectors)
    size = min(int(n * DRAW_SHARE), DRAW_LIMIT)
    if k < 2 or size < 2 * k:
        return []
    drawn = []
    for draw in range(DRAWS):
        generator = np.random.default_rng([random_state, draw])
        chosen = np.sort(generator.choice(n, size, replace=False))
        again = begun(work, vectors[chosen], k, random_state=random_state + 1 + draw, trees=1)
        drawn.append((chosen, again))
    return drawn


def stability(labels: np.ndarray, drawn: list[tuple[np.ndarray, list[Begun[Grouping]]]]) -> float:
    """Agreement of the grouping with those of :func:`draws`.

    Returns
    -------
    float
        Mean adjusted mutual information (1: the same, 0: chance); NaN where nothing was drawn.
    """
    from sklearn.metrics import adjusted_mutual_info_score

    if not drawn:
        return float("nan")
    return float(np.mean([adjusted_mutual_info_score(labels[chosen], tightest(again))
                          for chosen, again in drawn]))  # fmt: skip
