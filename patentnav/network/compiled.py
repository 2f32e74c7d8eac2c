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
def order(
    indptr: np.ndarray, cited: np.ndarray, waiting: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Nodes by their longest distance from an uncited node, and where each distance begins."""
    n = len(waiting)
    queue = np.empty(n, dtype=np.int32)
    cuts = np.empty(n + 2, dtype=np.int64)
    filled = 0
    for node in range(n):
        if waiting[node] == 0:
            queue[filled] = node
            filled += 1
    cuts[0] = 0
    taken, count = 0, 1
    while taken < filled:
        cuts[count] = filled
        count += 1
        while taken < cuts[count - 1]:
            node = queue[taken]
            taken += 1
            for place in range(indptr[node], indptr[node + 1]):
                target = cited[place]
                waiting[target] -= 1
                if waiting[target] == 0:
                    queue[filled] = target
                    filled += 1
    return queue[:filled], cuts[:count]


@_compiled
def pull(rows: tuple[np.ndarray, ...], values: np.ndarray) -> None:
    """Add to every node the values of all that it cites, oldest first."""
    nodes, indptr, cited = rows
    for i in range(len(nodes) - 1, -1, -1):
        node = nodes[i]
        total = 0.0
        for place in range(indptr[node], indptr[node + 1]):
            total += values[cited[place]]
        values[node] += total


@_compiled
def push(rows: tuple[np.ndarray, ...], values: np.ndarray) -> None:
    """Add to every node the values of all that cite it, newest first."""
    nodes, indptr, cited = rows
    for node in nodes:
        value = values[node]
        for place in range(indptr[node], indptr[node + 1]):
            values[cited[place]] += value


@_compiled
def heaviest_onward(
    rows: tuple[np.ndarray, ...], weight: np.ndarray, best: np.ndarray, edge: np.ndarray
) -> None:
    """Largest sum of weights to a sink, and the first edge; equal sums: the smallest edge."""
    nodes, indptr, cited = rows
    for node in nodes:
        value = best[node]
        for place in range(indptr[node], indptr[node + 1]):
            target = cited[place]
            total = value + weight[place]
            if (
                edge[target] < 0
                or total > best[target]
                or (total == best[target] and place < edge[target])
            ):
                best[target] = total
                edge[target] = place


@_compiled
def heaviest_back(
    rows: tuple[np.ndarray, ...], weight: np.ndarray, best: np.ndarray, edge: np.ndarray
) -> None:
    """Largest sum of weights from a source, and the last edge; equal sums: the smallest edge."""
    nodes, indptr, cited = rows
    for i in range(len(nodes) - 1, -1, -1):
        node = nodes[i]
        for place in range(indptr[node], indptr[node + 1]):
            total = best[cited[place]] + weight[place]
            if edge[node] < 0 or total > best[node]:
                best[node] = total
                edge[node] = place


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
