"""Positions of nodes for drawing: teams stay together, components do not overlap."""

from __future__ import annotations

import numpy as np
import pandas as pd

from patentnav.network.communities import communities
from patentnav.network.weighted import WeightedArrays, WeightedGraph, as_weighted

STEPS = 60
DENSE = 1_500  # nodes whose pairwise distances are held at once


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
        if size <= DENSE:
            block = arrays.matrix[nodes][:, nodes].toarray()
            offset = _spring(block, rng)
        else:
            offset = _sunflower(size)
        where[nodes] = offset * (radius[t] - 0.4)
    return where, radius


def _sunflower(n: int) -> np.ndarray:
    """Points spread evenly over the unit disc."""
    k = np.arange(n)
    r, angle = np.sqrt((k + 0.5) / n), k * np.pi * (3.0 - np.sqrt(5.0))
    return np.column_stack((r * np.cos(angle), r * np.sin(angle)))


def _spring(strength: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Fruchterman-Reingold positions of a small dense graph, in the unit disc."""
    n = len(strength)
    where = _sunflower(n)[rng.permutation(n)]
    pull = np.sqrt(strength / strength.max()) if strength.max() > 0 else strength
    ideal = 1.0 / np.sqrt(n)
    for step in range(STEPS):
        delta = where[:, None, :] - where[None, :, :]
        distance = np.maximum(np.sqrt((delta**2).sum(axis=2)), 1e-3)
        force = ideal**2 / distance**2 - pull * distance / ideal
        move = (delta * force[:, :, None]).sum(axis=1)
        length = np.maximum(np.sqrt((move**2).sum(axis=1)), 1e-9)
        limit = 0.2 * (1.0 - step / STEPS) + 0.005
        where = where + move / length[:, None] * np.minimum(length, limit)[:, None]
        where -= where.mean(axis=0)
    reach = np.sqrt((where**2).sum(axis=1)).max()
    return where / reach if reach > 0 else where


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
        block = between[teams][:, teams].toarray() if len(teams) <= DENSE else None
        spot = _discs(block, radius[teams], rng)
        middle = (spot.max(axis=0) + spot.min(axis=0)) / 2.0
        centre[teams] = spot - middle
        discs.append(float((np.sqrt((centre[teams] ** 2).sum(axis=1)) + radius[teams]).max()))
        members.append(teams)
    for teams, place in zip(members, _pack(np.array(discs)), strict=True):
        centre[teams] += place
    return centre


def _discs(block: np.ndarray | None, radius: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Centres of the teams of one component, without overlap."""
    n = len(radius)
    if n == 1:
        return np.zeros((1, 2))
    if block is None:
        return _pack(radius)
    np.fill_diagonal(block, 0.0)
    spread = 1.3 * np.sqrt((radius**2).sum())
    return _separate(_spring(block, rng) * spread, radius)


def _separate(where: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Push overlapping discs apart."""
    need = radius[:, None] + radius[None, :] + 0.3
    np.fill_diagonal(need, 0.0)
    for _ in range(400):
        delta = where[:, None, :] - where[None, :, :]
        distance = np.maximum(np.sqrt((delta**2).sum(axis=2)), 1e-6)
        overlap = np.maximum(need - distance, 0.0)
        np.fill_diagonal(overlap, 0.0)
        if overlap.max() < 1e-3:
            return where
        where = (
            where
            + 0.5
            * (delta / distance[:, :, None] * overlap[:, :, None]).sum(axis=1)
            / np.maximum((overlap > 0).sum(axis=1), 1)[:, None]
        )
    # Slow cases are blown up until nothing overlaps.
    delta = where[:, None, :] - where[None, :, :]
    distance = np.maximum(np.sqrt((delta**2).sum(axis=2)), 1e-6)
    return where * max(1.0, float((need / distance).max()))


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
