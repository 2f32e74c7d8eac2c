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
def dense_codes(
    citing: np.ndarray, cited: np.ndarray, low: int, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which of ``low, low + 1, …`` occur, and the place of every value among them."""
    seen = np.zeros(size, dtype=np.bool_)
    for i in range(len(citing)):
        seen[citing[i] - low] = True
        seen[cited[i] - low] = True
    rank = np.empty(size, dtype=np.int32)
    count = 0
    for value in range(size):
        rank[value] = count
        count += seen[value]
    sources = np.empty(len(citing), dtype=np.int32)
    targets = np.empty(len(citing), dtype=np.int32)
    for i in range(len(citing)):
        sources[i] = rank[citing[i] - low]
        targets[i] = rank[cited[i] - low]
    return seen, sources, targets


@_compiled
def rows(
    sources: np.ndarray, targets: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Sorted rows without loops and repeated entries; numbers of loops and of entries kept."""
    indptr = np.zeros(n + 1, dtype=np.int64)
    loops = 0
    for i in range(len(sources)):
        if sources[i] == targets[i]:
            loops += 1
        else:
            indptr[sources[i] + 1] += 1
    for node in range(n):
        indptr[node + 1] += indptr[node]
    place = indptr[:-1].copy()
    placed = np.empty(indptr[n], dtype=np.int32)
    for i in range(len(sources)):
        source = sources[i]
        if source != targets[i]:
            placed[place[source]] = targets[i]
            place[source] += 1
    kept = 0
    begin = 0
    for node in range(n):
        end = indptr[node + 1]
        row = placed[begin:end]
        for j in range(1, len(row)):
            if row[j] < row[j - 1]:
                row.sort()
                break
        first = kept
        for value in row:
            if kept == first or placed[kept - 1] != value:
                placed[kept] = value
                kept += 1
        begin = end
        indptr[node + 1] = kept
    return indptr, placed, loops, kept


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
def path_counts(
    nodes: np.ndarray, indptr: np.ndarray, cited: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """Products of the paths before and after every edge.

    ``ends[:, 0]`` holds the paths that begin at a node and becomes those that reach it;
    ``ends[:, 1]`` the paths that end there and becomes those that leave it. Side by side they
    share a line of the cache.
    """
    weight = np.empty(len(cited))
    for i in range(len(nodes) - 1, -1, -1):
        node = nodes[i]
        total = ends[node, 0]
        for place in range(indptr[node], indptr[node + 1]):
            total += ends[cited[place], 0]
        ends[node, 0] = total
    for node in nodes:
        after = ends[node, 1]
        for place in range(indptr[node], indptr[node + 1]):
            target = cited[place]
            ends[target, 1] += after
            weight[place] = ends[target, 0] * after
    return weight


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
def transpose(indptr: np.ndarray, cited: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows by cited node, sorted."""
    n = len(indptr) - 1
    turned = np.zeros(n + 1, dtype=np.int64)
    for node in cited:
        turned[node + 1] += 1
    for node in range(n):
        turned[node + 1] += turned[node]
    place = turned[:-1].copy()
    citing = np.empty(len(cited), dtype=np.int32)
    for node in range(n):
        for edge in range(indptr[node], indptr[node + 1]):
            target = cited[edge]
            citing[place[target]] = node
            place[target] += 1
    return turned, citing


@_compiled
def window_counts(
    graph: tuple[np.ndarray, ...], first: np.ndarray, last: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per node, the nodes in its window that cite it, it and a reference of it, either.

    The window of a node is a range of codes, ``first`` to before ``last``; rows are sorted.
    """
    indptr, cited, reverse, citing = graph
    n = len(first)
    users = np.zeros(n, dtype=np.int64)
    both = np.zeros(n, dtype=np.int64)
    either = np.zeros(n, dtype=np.int64)
    seen = np.zeros(n, dtype=np.int32)  # the last focal node (plus one) of which x is a rival
    for focal in range(n):
        low, high = first[focal], last[focal]
        if low >= high:
            continue
        mark = focal + 1
        rivals = 0
        for place in range(indptr[focal], indptr[focal + 1]):
            reference = cited[place]
            for entry in range(reverse[reference + 1] - 1, reverse[reference] - 1, -1):
                node = citing[entry]
                if node < low:
                    break
                if node < high and node != focal and seen[node] != mark:
                    seen[node] = mark
                    rivals += 1
        for entry in range(reverse[focal], reverse[focal + 1]):
            node = citing[entry]
            if low <= node < high:
                users[focal] += 1
                if seen[node] == mark:
                    both[focal] += 1
        either[focal] = users[focal] + rivals - both[focal]
    return users, both, either
