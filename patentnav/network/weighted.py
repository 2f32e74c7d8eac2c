"""Undirected weighted graphs as a symmetric sparse matrix, and what may be given as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.network.arrays import CitationArrays, encode

if TYPE_CHECKING:
    import networkx as nx
    import scipy.sparse as sp


@dataclass(frozen=True, eq=False)
class WeightedArrays:
    """An undirected graph: sorted ids and the symmetric matrix of strengths, without loops."""

    ids: pd.Index
    matrix: sp.csr_array

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.ids)

    def pattern(self) -> sp.csr_array:
        """The matrix with a one for every edge."""
        ones = self.matrix.copy()
        ones.data = np.ones_like(ones.data)
        return ones

    def series(self, values: Any, name: str) -> pd.Series:
        """Values of the nodes, indexed by id."""
        return pd.Series(values, index=self.ids.rename("node"), name=name)


WeightedGraph: TypeAlias = "nx.Graph | pd.DataFrame | WeightedArrays | CitationArrays"


def as_weighted(graph: WeightedGraph) -> WeightedArrays:
    """Turn any accepted form of an undirected graph into arrays.

    Parameters
    ----------
    graph
        A ``networkx.Graph`` (edge attribute ``weight``, 1 where absent; a ``DiGraph`` is taken
        without its directions), a frame whose first two columns are the ends of edges, with
        ``weight`` where it has one, or arrays made before.

    Returns
    -------
    WeightedArrays
        Repeated edges are added up, loops left out.

    Raises
    ------
    ArgumentError
        Anything else is given, or a weight is not a positive number.
    """
    if isinstance(graph, WeightedArrays):
        return graph
    if isinstance(graph, CitationArrays):
        return _added_up(graph.ids, graph.citing, graph.cited, np.ones(graph.edges))
    if isinstance(graph, pd.DataFrame):
        ends = graph.iloc[:, 0], graph.iloc[:, 1]
        weight = graph["weight"] if "weight" in graph.columns else pd.Series(1.0, graph.index)
        nodes = None
    elif hasattr(graph, "is_directed"):
        triples = list(graph.edges(data="weight", default=1.0))
        first, second, weights = zip(*triples, strict=True) if triples else ((), (), ())
        ends = pd.Series(first), pd.Series(second)
        weight, nodes = pd.Series(weights, dtype=float), list(graph.nodes())
    else:
        msg = (
            "A graph is a networkx.Graph or a DataFrame of edges (two columns of ids, weight), "
            f"not {type(graph).__name__}."
        )
        raise ArgumentError(msg)
    strengths = weight.to_numpy(dtype=np.float64, na_value=np.nan)
    if not (strengths > 0).all():
        msg = "Every weight must be a number greater than 0. Drop the other edges and call again."
        raise ArgumentError(msg)
    ids, (first_codes, second_codes, *_) = encode(*ends, *(() if nodes is None else (nodes,)))
    return _added_up(ids, first_codes, second_codes, strengths)


def _added_up(
    ids: pd.Index, first: np.ndarray, second: np.ndarray, weight: np.ndarray
) -> WeightedArrays:

    edge = first != second
    first, second, weight = first[edge], second[edge], weight[edge]
    # Sorted before adding up: the sums are the same in any order of rows.
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((weight, high, low))
    return WeightedArrays(ids, symmetric(len(ids), low[order], high[order], weight[order]))


def symmetric(n: int, first: np.ndarray, second: np.ndarray, weight: np.ndarray) -> sp.csr_array:
    """Symmetric matrix of pairs; weights of repeated pairs are added up."""
    import scipy.sparse as sp

    upper = sp.coo_array((weight, (first, second)), shape=(n, n)).tocsr()
    return sp.csr_array(upper + upper.T)
