"""The same passes as the numpy versions beside which they are called, compiled by numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


def _compiled(function: F) -> F:
    made: F = numba.njit(cache=True)(function)
    return made


@_compiled
def levels(references: np.ndarray, indptr: np.ndarray, citing: np.ndarray) -> np.ndarray:
    """Longest number of steps from a node without references; -1 on and behind cycles."""
    n = len(references)
    waiting = references.copy()
    level = np.full(n, -1, dtype=np.int32)
    queue = np.empty(n, dtype=np.int32)
    filled = 0
    for node in range(n):
        if waiting[node] == 0:
            queue[filled] = node
            level[node] = 0
            filled += 1
    taken = 0
    while taken < filled:
        node = queue[taken]
        taken += 1
        following = level[node] + 1
        for place in range(indptr[node], indptr[node + 1]):
            user = citing[place]
            waiting[user] -= 1
            if waiting[user] == 0:
                queue[filled] = user
                filled += 1
                level[user] = following  # the queue is in order of level
    return level


@_compiled
def accumulate(rows: tuple[np.ndarray, ...], values: np.ndarray) -> None:
    """Add to every node the values of its neighbours, in the order of nodes."""
    nodes, starts, lengths, neighbours = rows
    for i in range(len(nodes)):
        total = 0.0
        for place in range(starts[i], starts[i] + lengths[i]):
            total += values[neighbours[place]]
        values[nodes[i]] += total


@_compiled
def best_sums(
    rows: tuple[np.ndarray, ...], edges: np.ndarray, weight: np.ndarray, best: np.ndarray
) -> None:
    """Largest sum of weights from every node on; without ``edges`` the place is the edge."""
    nodes, starts, lengths, neighbours = rows
    numbered = len(edges) > 0
    for i in range(len(nodes)):
        start = starts[i]
        top = best[neighbours[start]] + weight[edges[start] if numbered else start]
        for place in range(start + 1, start + lengths[i]):
            edge = edges[place] if numbered else place
            top = max(top, best[neighbours[place]] + weight[edge])
        best[nodes[i]] = top


@_compiled
def window_counts(
    graph: tuple[np.ndarray, ...], times: np.ndarray, low: float, high: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per node, the later nodes that cite it, it and a reference of it, either."""
    indptr, cited, reverse, citing = graph
    n = len(times)
    users = np.zeros(n, dtype=np.int64)
    both = np.zeros(n, dtype=np.int64)
    either = np.zeros(n, dtype=np.int64)
    # seen[x] is 2f + 1 when x cites a reference of f, 2f + 2 when x also cites f and is counted.
    seen = np.zeros(n, dtype=np.int64)
    for focal in range(n):
        mark = 2 * focal + 1
        time = times[focal]
        rivals = 0
        for place in range(indptr[focal], indptr[focal + 1]):
            reference = cited[place]
            for entry in range(reverse[reference], reverse[reference + 1]):
                node = citing[entry]
                after = times[node] - time
                if seen[node] < mark and low < after <= high and node != focal:
                    seen[node] = mark
                    rivals += 1
        for entry in range(reverse[focal], reverse[focal + 1]):
            node = citing[entry]
            after = times[node] - time
            if low < after <= high:
                users[focal] += 1
                if seen[node] == mark:
                    both[focal] += 1
        either[focal] = users[focal] + rivals - both[focal]
    return users, both, either
