"""Search path counts of citation networks and the main path.

Knowledge flows from the cited to the citing node. Search path counts are defined on graphs without
cycles: loops, repeated edges and every edge inside a strongly connected component are left out, and
their numbers are stated in ``attrs``.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.network.arrays import CitationArrays, Graph, as_arrays, kernels, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Method = Literal["spc", "splc", "spnp"]
Search = Literal["global", "local", "key-route"]

METHODS = ("spc", "splc", "spnp")
SEARCHES = ("global", "local", "key-route")
EXACT_FLOAT = 2.0**53  # every integer below is a float64
EXACT_EDGES = 500_000  # graphs up to this size are counted in Python integers when floats round


class Side(NamedTuple):
    """One direction of an ordered graph: the nodes that have neighbours, level by level."""

    nodes: np.ndarray
    starts: np.ndarray  # neighbours of nodes[i]: neighbours[starts[i]:starts[i] + lengths[i]]
    lengths: np.ndarray
    neighbours: np.ndarray
    edges: np.ndarray | None  # number of the edge at each place of neighbours; None: the place
    levels: np.ndarray  # nodes of level k: nodes[levels[k]:levels[k + 1]]

    def edge(self, places: np.ndarray) -> np.ndarray:
        """Numbers of the edges at places of ``neighbours``."""
        return places if self.edges is None else self.edges[places]

    def rows(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Per level: its nodes, the places of their neighbours, where each node's places begin."""
        for a, b in itertools.pairwise(self.levels):
            lengths = self.lengths[a:b]
            places = spans(self.starts[a:b], lengths)
            yield self.nodes[a:b], places, np.cumsum(lengths) - lengths


@dataclass(frozen=True, eq=False)
class Flow:
    """A citation graph without cycles, ordered from the sources of knowledge to its last users."""

    arrays: CitationArrays
    level: np.ndarray  # longest number of steps from a source
    cyclic: int  # edges left out because they lay inside strongly connected components

    def side(self, *, forward: bool) -> Side:
        """Rows to process from sources to sinks (neighbours: cited) or back (neighbours: citing)."""
        edges = None
        if forward:
            indptr, neighbours, level = self.arrays.indptr, self.arrays.cited, self.level
        else:
            indptr, neighbours, edges = self.arrays.reverse
            level = -self.level
        degree = np.diff(indptr)
        nodes = np.flatnonzero(degree)
        nodes = nodes[np.argsort(level[nodes], kind="stable")]
        cuts = np.flatnonzero(np.diff(level[nodes], prepend=level.min(initial=0) - 1, append=1))
        return Side(nodes, indptr[nodes], degree[nodes], neighbours, edges, cuts)


def flow(graph: Graph) -> Flow:
    """Order a citation graph; leave out the edges inside strongly connected components."""
    arrays = as_arrays(graph)
    level = _levels(arrays)
    if level.min(initial=0) >= 0:
        return Flow(arrays, level, 0)
    from scipy.sparse.csgraph import connected_components

    _, component = connected_components(arrays.matrix(np.int8), directed=True, connection="strong")
    keep = component[arrays.citing] != component[arrays.cited]
    acyclic = arrays.select(keep)
    return Flow(acyclic, _levels(acyclic), int(arrays.edges - acyclic.edges))


def _levels(arrays: CitationArrays) -> np.ndarray:
    """Longest number of steps from a node that cites nothing; -1 on and behind cycles."""
    indptr, citing, _ = arrays.reverse
    compiled = kernels(arrays.edges)
    if compiled is not None:
        return compiled.levels(np.diff(arrays.indptr), indptr, citing)  # type: ignore[no-any-return]
    waiting = np.diff(arrays.indptr)
    level = np.full(arrays.n, -1, dtype=np.int32)
    frontier = np.flatnonzero(waiting == 0)
    depth = 0
    while len(frontier):
        level[frontier] = depth
        users = citing[spans(indptr[frontier], indptr[frontier + 1] - indptr[frontier])]
        np.subtract.at(waiting, users, 1)
        users = users[waiting[users] == 0]
        frontier = np.unique(users)
        depth += 1
    return level


def _accumulate(side: Side, values: np.ndarray) -> np.ndarray:
    """Add to every node the values of its neighbours, level by level (in place)."""
    compiled = kernels(len(side.neighbours)) if values.dtype != object else None
    if compiled is not None:
        compiled.accumulate(side[:4], values)
        return values
    for nodes, places, begins in side.rows():
        values[nodes] += np.add.reduceat(values[side.neighbours[places]], begins)
    return values


def _edge_counts(dag: Flow, method: Method, dtype: Any) -> tuple[np.ndarray, Any]:
    """Paths through every edge, and (for spc) the paths of the whole network."""
    arrays = dag.arrays
    has_cited = np.diff(arrays.indptr) > 0
    has_citing = np.diff(arrays.reverse[0]) > 0
    # A path may begin at every node (splc, spnp) or at sources only; end likewise (spnp).
    starts = np.ones(arrays.n, dtype=dtype) if method != "spc" else (~has_cited).astype(dtype)
    ends = np.ones(arrays.n, dtype=dtype) if method == "spnp" else (~has_citing).astype(dtype)
    if dtype is object:
        starts, ends = starts * 1, ends * 1  # booleans to Python integers
    before = _accumulate(dag.side(forward=True), starts)
    after = _accumulate(dag.side(forward=False), ends)
    weight = before[arrays.cited] * after[arrays.citing]
    total = before[~has_citing & has_cited].sum() if method == "spc" else None
    return weight, total


def _weights(dag: Flow, method: Method) -> tuple[np.ndarray, dict[str, Any]]:
    """Counts as exact integers where possible, and how exact they are."""
    if method not in METHODS:
        msg = f'method="{method}" is not one of {", ".join(METHODS)}.'
        raise ArgumentError(msg)
    with np.errstate(over="ignore"):
        weight, total = _edge_counts(dag, method, np.float64)
    largest = max(float(weight.max(initial=0.0)), float(total or 0.0))
    if largest < EXACT_FLOAT:
        exact = {
            "exact": True,
            "relative_error": 0.0,
            "total": None if total is None else int(total),
        }
        return weight.astype(np.int64), exact
    if dag.arrays.edges <= EXACT_EDGES or not np.isfinite(largest):
        weight, total = _edge_counts(dag, method, object)
        return weight, {"exact": True, "relative_error": 0.0, "total": total}
    # Every level adds positive terms: one rounding per addition along a path, two passes, one product.
    additions = 2 * int(dag.level.max()) * int(np.diff(dag.arrays.indptr).max()) + 1
    bound = float(np.finfo(np.float64).eps * additions)
    return weight, {"exact": False, "relative_error": bound, "total": total}


def path_counts(graph: Graph, method: Method = "spc") -> pd.DataFrame:
    """Search path counts: how many paths of the network run through each citation.

    Parameters
    ----------
    graph
        A ``PatentSet``, a frame ``citing_id, cited_id``, or a ``networkx.DiGraph`` from citing to
        cited.
    method
        ``spc``: paths from every source to every sink; ``splc``: from every node to every sink;
        ``spnp``: from every node to every node. Sources cite nothing inside the network, sinks are
        not cited.

    Returns
    -------
    pandas.DataFrame
        ``citing_id, cited_id, weight``, sorted by both ids. ``weight`` is int64 below 2^53;
        where counts are larger it holds exact Python integers for networks of up to 500,000 edges
        and float64 beyond. ``attrs`` says: ``method``, ``exact``, ``relative_error`` (bound),
        ``total`` (paths from sources to sinks, for spc), ``loops``, ``duplicates``, ``cyclic``
        (edges left out, by reason).

    Raises
    ------
    ArgumentError
        The method is none of the three, or the graph is no citation graph.

    References
    ----------
    Hummon & Doreian (1989), Social Networks 11, doi:10.1016/0378-8733(89)90017-8; Batagelj (2003),
    Efficient algorithms for citation network analysis, arXiv:cs/0309023.

    Examples
    --------
    >>> import pandas as pd
    >>> from patentnav import network
    >>> edges = pd.DataFrame({"citing_id": ["B", "C", "D", "D"], "cited_id": ["A", "A", "B", "C"]})
    >>> network.path_counts(edges)["weight"].tolist()
    [1, 1, 1, 1]
    """
    dag = flow(graph)
    weight, facts = _weights(dag, method)
    frame = dag.arrays.frame(weight=weight)
    frame.attrs.update({"method": method, **facts, **_left_out(dag)})
    return frame


def _left_out(dag: Flow) -> dict[str, int]:
    return {
        "loops": dag.arrays.loops, "duplicates": dag.arrays.duplicates, "cyclic": dag.cyclic
    }  # fmt: skip


def main_path(
    graph: Graph,
    method: Method = "spc",
    search: Search = "global",
    *,
    start: Iterable[Any] | None = None,
    key_routes: int = 1,
) -> pd.DataFrame:
    """Main path of a citation network.

    Parameters
    ----------
    graph
        As in :func:`path_counts`.
    method
        Path counts that weigh the citations.
    search
        ``global``: the path from a source to a sink of the largest sum of weights. ``local``: from
        the source of the heaviest citation, always along the heaviest citations; equal ones are
        all followed. ``key-route``: the heaviest citations (equal ones included), each extended to
        a source and a sink along the path of the largest sum.
    start
        Nodes where a local search begins instead.
    key_routes
        Number of the heaviest citations from which a key-route search begins.

    Returns
    -------
    pandas.DataFrame
        ``citing_id, cited_id, weight``: the edges in the order of the flow, oldest first.
        ``attrs`` as in :func:`path_counts`, and ``search``, ``sum`` (of the weights). Among paths
        of equal sum the one with the smaller ids, from the source on, is taken.

    Raises
    ------
    ArgumentError
        A parameter has no such value, or a start node is not in the network.

    References
    ----------
    Liu & Lu (2012), An integrated approach for main path analysis, JASIST 63(3),
    doi:10.1002/asi.21692.
    """
    if search not in SEARCHES:
        msg = f'search="{search}" is not one of {", ".join(SEARCHES)}.'
        raise ArgumentError(msg)
    dag = flow(graph)
    weight, facts = _weights(dag, method)
    if not dag.arrays.edges:
        edges = np.array([], dtype=np.intp)
    elif search == "global":
        edges = _global_path(dag, weight)
    elif search == "local":
        edges = _local_path(dag, weight, start)
    else:
        edges = _key_routes(dag, weight, key_routes)
    arrays = dag.arrays
    cited, citing = arrays.cited[edges], arrays.citing[edges]
    order = np.lexsort((citing, cited, dag.level[cited]))
    edges, cited, citing = edges[order], cited[order], citing[order]
    frame = pd.DataFrame(
        {"citing_id": arrays.ids[citing], "cited_id": arrays.ids[cited], "weight": weight[edges]}
    )
    total = weight[edges].sum()
    frame.attrs.update({"method": method, "search": search, **facts, **_left_out(dag)})
    frame.attrs["sum"] = float(total) if isinstance(total, np.floating) else int(total)
    return frame


def _best_sums(side: Side, weight: np.ndarray) -> np.ndarray:
    """Largest sum of weights of a path from every node on, in the direction of the neighbours."""
    n = int(side.neighbours.max(initial=-1)) + 1
    best = np.zeros(max(n, int(side.nodes.max(initial=-1)) + 1), dtype=weight.dtype)
    compiled = kernels(len(side.neighbours)) if weight.dtype != object else None
    if compiled is not None:
        edges = np.empty(0, dtype=np.int32) if side.edges is None else side.edges
        compiled.best_sums(side[:4], edges, weight, best)
        return best
    for nodes, places, begins in side.rows():
        sums = best[side.neighbours[places]] + weight[side.edge(places)]
        best[nodes] = np.maximum.reduceat(sums, begins)
    return best


class _Walk:
    """Follows the path of the largest sum from a node on; equal sums go to the smaller id."""

    def __init__(self, dag: Flow, weight: np.ndarray, *, forward: bool) -> None:
        # The path towards sinks runs over citing nodes, found by processing from the sinks back.
        self.side = dag.side(forward=not forward)
        self.weight = weight
        self.best = _best_sums(self.side, weight)
        self.row = dict(zip(self.side.nodes.tolist(), range(len(self.side.nodes)), strict=True))

    def from_node(self, node: int) -> list[int]:
        """Edges of the path, in walking order."""
        path = []
        while (row := self.row.get(node)) is not None:
            start = int(self.side.starts[row])
            places = np.arange(start, start + int(self.side.lengths[row]))
            edges = self.side.edge(places)
            following = self.side.neighbours[places]
            choice = int(np.argmax(self.best[following] + self.weight[edges]))
            path.append(int(edges[choice]))
            node = int(following[choice])
        return path


def _sources(dag: Flow) -> np.ndarray:
    cites = np.diff(dag.arrays.indptr) > 0
    return np.flatnonzero(~cites & (np.diff(dag.arrays.reverse[0]) > 0))


def _global_path(dag: Flow, weight: np.ndarray) -> np.ndarray:
    walk = _Walk(dag, weight, forward=True)
    sources = _sources(dag)
    return np.array(walk.from_node(int(sources[np.argmax(walk.best[sources])])))


def _key_routes(dag: Flow, weight: np.ndarray, key_routes: int) -> np.ndarray:
    if key_routes < 1:
        msg = f"key_routes={key_routes} must be at least 1."
        raise ArgumentError(msg)
    limit = np.sort(weight)[-min(key_routes, len(weight))]
    onward, back = (_Walk(dag, weight, forward=f) for f in (True, False))
    edges: set[int] = set()
    for key in np.flatnonzero(weight >= limit).tolist():
        edges.add(key)
        edges.update(onward.from_node(int(dag.arrays.citing[key])))
        edges.update(back.from_node(int(dag.arrays.cited[key])))
    return np.array(sorted(edges))


def _local_path(dag: Flow, weight: np.ndarray, start: Iterable[Any] | None) -> np.ndarray:
    indptr, citing, number = dag.arrays.reverse

    def heaviest(node: int) -> np.ndarray:
        places = np.arange(int(indptr[node]), int(indptr[node + 1]))
        weights = weight[number[places]]
        return places[weights == weights.max()] if len(places) else places

    if start is None:
        sources = _sources(dag)
        top = np.array([weight[number[heaviest(int(s))[0]]] for s in sources])
        frontier = sources[top == top.max()].tolist()
    else:
        wanted = list(start)
        found = pd.Index(dag.arrays.ids).get_indexer(pd.Index(wanted))
        if (found < 0).any():
            msg = f'start: the network has no node "{wanted[int(np.argmin(found))]}".'
            raise ArgumentError(msg)
        frontier = found.tolist()
    seen, edges = set(frontier), []
    while frontier:
        node = frontier.pop()
        for place in heaviest(node).tolist():
            edges.append(int(number[place]))
            following = int(citing[place])
            if following not in seen:
                seen.add(following)
                frontier.append(following)
    return np.array(sorted(edges), dtype=np.intp)
