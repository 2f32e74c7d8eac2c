"""Citation graphs without cycles, in an order in which sums over paths are one pass.

Every pass exists twice, with equal results: vectorised by levels here, compiled for large graphs.
The rows of the graph (what a node cites) serve both directions: sums from the sources of knowledge
pull along them, sums from its last users push.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patentnav.network.arrays import CitationArrays, Graph, as_arrays, kernels, spans

if TYPE_CHECKING:
    from types import ModuleType


class Level(NamedTuple):
    """Nodes that do not depend on each other, and where their edges are."""

    nodes: np.ndarray  # with at least one reference
    places: np.ndarray  # their edges
    begins: np.ndarray  # first edge of each node among places
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class Flow:
    """A citation graph without cycles.

    Attributes
    ----------
    arrays
        The graph.
    order
        Nodes, each before all that it cites.
    cuts
        ``order[cuts[k]:cuts[k + 1]]`` do not cite each other; None where only the compiled passes
        run, which need the order alone.
    cyclic
        Number of edges left out because they lay inside strongly connected components.
    """

    arrays: CitationArrays
    order: np.ndarray
    cuts: np.ndarray | None
    cyclic: int

    @functools.cached_property
    def layers(self) -> list[np.ndarray]:
        """Nodes by their longest distance from an uncited node; no two of one layer are linked."""
        order, cuts = (self.order, self.cuts) if self.cuts is not None else _order(self.arrays)
        return np.split(order, cuts[1:-1])

    @functools.cached_property
    def received(self) -> np.ndarray:
        """How often every node is cited."""
        return np.bincount(self.arrays.cited, minlength=self.arrays.n)

    @functools.cached_property
    def levels(self) -> list[Level]:
        """The nodes that cite, from the uncited on."""
        degree = np.diff(self.arrays.indptr)
        levels = []
        for layer in self.layers:
            nodes = layer[degree[layer] > 0]
            counts = degree[nodes]
            if len(nodes):
                places = spans(self.arrays.indptr[nodes], counts)
                levels.append(Level(nodes, places, np.cumsum(counts) - counts, counts))
        return levels

    def compiled(self, values: np.ndarray) -> ModuleType | None:
        """The compiled passes, where they fit the values and pay."""
        return None if values.dtype == object else kernels(self.arrays.edges)

    @property
    def rows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the compiled passes run over."""
        return self.order, self.arrays.indptr, self.arrays.cited

    def counts(self, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Paths through every edge, and paths that reach every node.

        Parameters
        ----------
        starts, ends
            Number of paths that begin and that end at every node.
        """
        if compiled := self.compiled(starts):
            both = np.column_stack((starts, ends))
            return compiled.path_counts(*self.rows, both), both[:, 0]
        cited = self.arrays.cited
        before, after = starts.copy(), ends.copy()
        for level in reversed(self.levels):
            before[level.nodes] += np.add.reduceat(before[cited[level.places]], level.begins)
        for level in self.levels:
            sums = np.repeat(after[level.nodes], level.counts)
            np.add.at(after, cited[level.places], sums)
        weight = before[cited]
        weight *= np.repeat(after, np.diff(self.arrays.indptr))
        return weight, before

    def heaviest_onward(self, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Largest sum of weights of a path from every node to a sink, and its first edge.

        Edge -1 where nobody cites the node; among equal sums that of the smallest citing id.
        """
        best = np.zeros(self.arrays.n, dtype=weight.dtype)
        edge = np.full(self.arrays.n, -1, dtype=np.int64)
        if compiled := self.compiled(weight):
            compiled.heaviest_onward(self.rows, weight, best, edge)
            return best, edge
        for level in self.levels:
            sums = np.repeat(best[level.nodes], level.counts) + weight[level.places]
            np.maximum.at(best, self.arrays.cited[level.places], sums)
        tight = np.flatnonzero(best[self.arrays.citing] + weight == best[self.arrays.cited])
        # Edges are in the order of their citing node: written backwards, the first one stays.
        edge[self.arrays.cited[tight[::-1]]] = tight[::-1]
        return best, edge

    def heaviest_back(self, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Largest sum of weights of a path from a source to every node, and its last edge."""
        best = np.zeros(self.arrays.n, dtype=weight.dtype)
        edge = np.full(self.arrays.n, -1, dtype=np.int64)
        if compiled := self.compiled(weight):
            compiled.heaviest_back(self.rows, weight, best, edge)
            return best, edge
        for level in reversed(self.levels):
            sums = best[self.arrays.cited[level.places]] + weight[level.places]
            best[level.nodes] = np.maximum.reduceat(sums, level.begins)
        tight = np.flatnonzero(best[self.arrays.cited] + weight == best[self.arrays.citing])
        edge[self.arrays.citing[tight[::-1]]] = tight[::-1]
        return best, edge


def flow(graph: Graph) -> Flow:
    """Order a citation graph; leave out the edges inside strongly connected components."""
    arrays = as_arrays(graph)
    if (arrays.citing > arrays.cited).all() and kernels(arrays.edges):
        # Ids in order of time, as patent numbers often are.
        return Flow(arrays, np.arange(arrays.n - 1, -1, -1, dtype=np.int32), None, 0)
    order, cuts = _order(arrays)
    if len(order) == arrays.n:
        return Flow(arrays, order, cuts, 0)
    from scipy.sparse.csgraph import connected_components

    _, component = connected_components(arrays.matrix(np.int8), directed=True, connection="strong")
    acyclic = arrays.select(component[arrays.citing] != component[arrays.cited])
    return Flow(acyclic, *_order(acyclic), cyclic=arrays.edges - acyclic.edges)


def _order(arrays: CitationArrays) -> tuple[np.ndarray, np.ndarray]:
    """Nodes by their longest distance from an uncited node, without those on or behind cycles."""
    waiting = np.bincount(arrays.cited, minlength=arrays.n)
    if compiled := kernels(arrays.edges):
        order, cuts = compiled.order(arrays.indptr, arrays.cited, waiting)
        return order, cuts
    found = [np.flatnonzero(waiting == 0)]
    while len(found[-1]):
        nodes = found[-1]
        counts = arrays.indptr[nodes + 1] - arrays.indptr[nodes]
        cited = arrays.cited[spans(arrays.indptr[nodes], counts)]
        np.subtract.at(waiting, cited, 1)
        done = np.sort(cited[waiting[cited] == 0])
        found.append(done[np.concatenate((done[:1] == done[:1], done[1:] != done[:-1]))])
    return np.concatenate(found), np.cumsum([0, *(len(nodes) for nodes in found)])
