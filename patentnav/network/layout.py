"""Positions of nodes for drawing: teams stay together, components do not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.network.communities import communities
from patentnav.network.weighted import WeightedArrays, WeightedGraph, as_weighted

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 60
DENSE = 500  # nodes up to which every pair repels
REACH = 2.5  # ideal distances within which nodes of larger graphs repel
SEPARATIONS = 400
WIDE = 4.0  # times the median radius: discs compared with all others
GAP = 0.3  # between discs


def layout(graph: WeightedGraph, random_state: int = 0) -> pd.DataFrame:
    """Positions of the nodes of a network.

    Every component is laid out by itself: first its communities as discs that attract each other
    by the strength between them, then the nodes inside each disc; discs never overlap. The
    components are packed around the largest one.

    Parameters
    ----------
    graph
        A ``networkx.Graph`` with edge attribute ``weight``, or a frame of edges.
    random_state
        Seed. The same graph and seed give the same positions, in any order of rows.

    Returns
    -------
    pandas.DataFrame
        ``x, y``, indexed by node id. The unit is about the distance of two neighbours.

    References
    ----------
    Forces: Fruchterman & Reingold (1991), doi:10.1002/spe.4380211102.
    """
    arrays = as_weighted(graph)
    index = arrays.ids.rename("node")
    if not arrays.n:
        return pd.DataFrame({"x": [], "y": []}, index=index, dtype=float)
    team = communities(arrays, random_state).to_numpy()
    component = _component(arrays)
    rng = np.random.default_rng(random_state)
    inner, radius = _inside(arrays, team, rng)
    centre = _arrange(arrays, team, component, radius, rng)
    where = centre[team] + inner
    where = where - where.mean(axis=0)
    return pd.DataFrame(where, columns=["x", "y"], index=index)


def _component(arrays: WeightedArrays) -> np.ndarray:
    from scipy.sparse.csgraph import connected_components

    return np.asarray(connected_components(arrays.matrix, directed=False)[1])


def _inside(
    arrays: WeightedArrays, team: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Offsets of nodes from the centre of their team, and the radius of every team."""
    where = np.zeros((arrays.n, 2))
    order = np.argsort(team, kind="stable")
    bounds = np.concatenate(([0], np.cumsum(np.bincount(team))))
    radius = np.empty(len(bounds) - 1)
    for t in range(len(radius)):
        nodes = order[bounds[t] : bounds[t + 1]]
        size = len(nodes)
        radius[t] = 0.5 + 0.62 * np.sqrt(size - 1)
        if size == 1:
            continue
        offset = _spring(arrays.matrix[nodes][:, nodes], rng)
        where[nodes] = offset * (radius[t] - 0.4)
    return where, radius


def _sunflower(n: int) -> np.ndarray:
    """Points spread evenly over the unit disc."""
    k = np.arange(n)
    r, angle = np.sqrt((k + 0.5) / n), k * np.pi * (3.0 - np.sqrt(5.0))
    return np.column_stack((r * np.cos(angle), r * np.sin(angle)))


def _spring(strength: Any, rng: np.random.Generator) -> np.ndarray:
    """Fruchterman-Reingold positions of a graph (symmetric strengths), in the unit disc."""
    n = strength.shape[0]
    where = _sunflower(n)[rng.permutation(n)]
    forces = _dense_forces(strength) if n <= DENSE else _near_forces(strength)
    for step in range(STEPS):
        move = forces(where)
        length = np.maximum(np.sqrt((move**2).sum(axis=1)), 1e-9)
        limit = 0.2 * (1.0 - step / STEPS) + 0.005
        where = where + move / length[:, None] * np.minimum(length, limit)[:, None]
        where -= where.mean(axis=0)
    reach = np.sqrt((where**2).sum(axis=1)).max()
    return where / reach if reach > 0 else where


def _dense_forces(strength: Any) -> Callable[[np.ndarray], np.ndarray]:
    """Forces between all pairs."""
    block = strength.toarray()
    pull = np.sqrt(block / block.max()) if block.max() > 0 else block
    ideal = 1.0 / np.sqrt(len(block))

    def forces(where: np.ndarray) -> np.ndarray:
        delta = where[:, None, :] - where[None, :, :]
        distance = np.maximum(np.sqrt((delta**2).sum(axis=2)), 1e-3)
        force = ideal**2 / distance**2 - pull * distance / ideal
        moved: np.ndarray = (delta * force[:, :, None]).sum(axis=1)
        return moved

    return forces


def _near_forces(strength: Any) -> Callable[[np.ndarray], np.ndarray]:
    """Attraction along ties, repulsion only of what is near: the cost grows with the ties."""
    ties = strength.tocoo()
    upper = ties.row < ties.col
    a, b = ties.row[upper], ties.col[upper]
    pull = np.sqrt(ties.data[upper] / ties.data.max()) if len(a) else ties.data[upper]
    ideal = 1.0 / np.sqrt(strength.shape[0])

    def forces(where: np.ndarray) -> np.ndarray:
        moved = np.zeros_like(where)
        delta = where[a] - where[b]
        force = -pull * np.sqrt((delta**2).sum(axis=1)) / ideal
        _push(moved, (a, b), delta * force[:, None])
        near = _near_pairs(where, REACH * ideal)
        delta = where[near[0]] - where[near[1]]
        distance = np.maximum(np.sqrt((delta**2).sum(axis=1)), 1e-3)
        _push(moved, near, delta * (ideal / distance)[:, None] ** 2)
        return moved

    return forces


def _near_pairs(where: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    from scipy.spatial import cKDTree

    pairs = cKDTree(where).query_pairs(reach, output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]  # sums do not depend on the tree
    return pairs[:, 0], pairs[:, 1]


def _push(moved: np.ndarray, pair: tuple[np.ndarray, np.ndarray], force: np.ndarray) -> None:
    """Add a force to the first of each pair and take it from the second."""
    for axis in (0, 1):
        moved[:, axis] += np.bincount(pair[0], force[:, axis], len(moved))
        moved[:, axis] -= np.bincount(pair[1], force[:, axis], len(moved))


def _arrange(
    arrays: WeightedArrays,
    team: np.ndarray,
    component: np.ndarray,
    radius: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Centres of the teams: components by themselves, then packed."""
    import scipy.sparse as sp

    count = len(radius)
    belongs = sp.csr_array(
        (np.ones(arrays.n), (np.arange(arrays.n), team)), shape=(arrays.n, count)
    )
    between = sp.csr_array(belongs.T @ arrays.matrix @ belongs)
    home = np.zeros(count, dtype=np.int64)
    home[team] = component
    centre = np.zeros((count, 2))
    discs, members = [], []
    order = np.argsort(home, kind="stable")
    for teams in np.split(order, np.flatnonzero(np.diff(home[order])) + 1):
        spot = _discs(between[teams][:, teams], radius[teams], rng)
        middle = (spot.max(axis=0) + spot.min(axis=0)) / 2.0
        centre[teams] = spot - middle
        discs.append(float((np.sqrt((centre[teams] ** 2).sum(axis=1)) + radius[teams]).max()))
        members.append(teams)
    for teams, place in zip(members, _pack(np.array(discs)), strict=True):
        centre[teams] += place
    return centre


def _discs(strength: Any, radius: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Centres of the teams of one component, without overlap."""
    n = len(radius)
    if n == 1:
        return np.zeros((1, 2))
    ties = strength.tolil()
    ties.setdiag(0.0)
    spread = 1.3 * np.sqrt((radius**2).sum())
    return _separate(_spring(ties.tocsr(), rng) * spread, radius)


def _separate(where: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Push overlapping discs apart; the few widest are compared with all, others with near ones."""
    wide = radius > WIDE * np.median(radius)
    for _ in range(SEPARATIONS):
        pair, overlap = _overlaps(where, radius, wide)
        if not len(overlap):
            return where
        delta = where[pair[0]] - where[pair[1]]
        distance = np.maximum(np.sqrt((delta**2).sum(axis=1)), 1e-6)
        moved = np.zeros_like(where)
        _push(moved, pair, delta * (overlap / distance)[:, None])
        count = np.bincount(np.concatenate(pair), minlength=len(where))
        where = where + 0.5 * moved / np.maximum(count, 1)[:, None]
    # Slow cases are blown up until nothing overlaps.
    pair, overlap = _overlaps(where, radius, wide)
    delta = where[pair[0]] - where[pair[1]]
    distance = np.maximum(np.sqrt((delta**2).sum(axis=1)), 1e-6)
    return where * float(((distance + overlap) / distance).max(initial=1.0))


def _overlaps(
    where: np.ndarray, radius: np.ndarray, wide: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Pairs of discs nearer than they may be, and by how much."""
    small = np.flatnonzero(~wide)
    reach = 2 * float(radius[small].max(initial=0)) + GAP
    one, other = _near_pairs(where[small], reach) if len(small) > 1 else (small[:0], small[:0])
    large = np.flatnonzero(wide)
    first, second = np.repeat(large, len(where)), np.tile(np.arange(len(where)), len(large))
    once = (first != second) & (~wide[second] | (first < second))
    first = np.concatenate((small[one], first[once]))
    second = np.concatenate((small[other], second[once]))
    delta = where[first] - where[second]
    overlap = radius[first] + radius[second] + GAP - np.sqrt((delta**2).sum(axis=1))
    real = overlap > 1e-3
    return (first[real], second[real]), overlap[real]


def _pack(radius: np.ndarray) -> np.ndarray:
    """Centres of discs around the largest, on a spiral of shells, without overlap."""
    where = np.zeros((len(radius), 2))
    order = np.lexsort((np.arange(len(radius)), -radius))
    gap = 0.6
    inner = float(radius[order[0]]) + gap  # the next shell begins here
    place = 1
    while place < len(order):
        widest = float(radius[order[place]])
        ring = inner + widest
        angle = 0.0
        first = place
        while place < len(order):
            r = float(radius[order[place]])
            half = np.arcsin(min(1.0, (r + gap / 2) / ring))
            if place > first and angle + 2 * half > 2 * np.pi:
                break
            where[order[place]] = ring * np.cos(angle + half), ring * np.sin(angle + half)
            angle += 2 * half
            place += 1
        inner = ring + widest + gap
    return where
