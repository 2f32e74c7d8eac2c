"""The same measures written with networkx, as one would without patentnav."""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    import pandas as pd


def digraph(edges: pd.DataFrame) -> nx.DiGraph:
    """Citing to cited."""
    graph = nx.DiGraph()
    graph.add_edges_from(zip(edges["citing_id"].tolist(), edges["cited_id"].tolist(), strict=True))
    return graph


def spc(graph: nx.DiGraph) -> dict:
    """Search path counts of every edge (citing, cited)."""
    order = list(nx.topological_sort(graph))  # citing before cited
    after, before = {}, {}
    for node in order:
        after[node] = sum(after[user] for user in graph.pred[node]) or 1
    for node in reversed(order):
        before[node] = sum(before[cited] for cited in graph.succ[node]) or 1
    return {(u, v): after[u] * before[v] for u, v in graph.edges()}


def spc_and_main_path(graph: nx.DiGraph) -> list:
    """Search path counts, set as weights, and the heaviest path, oldest first."""
    nx.set_edge_attributes(graph, spc(graph), "weight")
    return nx.dag_longest_path(graph, weight="weight")[::-1]


def cd_index(graph: nx.DiGraph, day: dict, window: int) -> dict:
    """CD index by sets."""
    result = {}
    for node in graph:
        low, high = day[node], day[node] + window
        users = {u for u in graph.pred[node] if low < day[u] <= high}
        rivals = {
            u
            for ref in graph.succ[node]
            for u in graph.pred[ref]
            if low < day[u] <= high and u != node
        }
        every = users | rivals
        if every:
            result[node] = (len(users) - 2 * len(users & rivals)) / len(every)
    return result


def coupling(graph: nx.DiGraph, top: int = 10) -> dict:
    """Closest nodes by shared references."""
    result = {}
    for node in graph:
        shared = Counter(u for ref in graph.succ[node] for u in graph.pred[ref])
        del shared[node]
        result[node] = heapq.nlargest(top, shared.items(), key=lambda item: (item[1], -item[0]))
    return result


def pagerank(graph: nx.DiGraph) -> dict:
    """Converged to the same sum of changes as ours (networkx multiplies the tolerance by n)."""
    return nx.pagerank(graph, tol=1e-12 / max(len(graph), 1), max_iter=500)
