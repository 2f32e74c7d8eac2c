"""Search path counts of citation networks and the main path.

Knowledge flows from the cited to the citing node. Search path counts are defined on graphs without
cycles: loops, repeated edges and every edge inside a strongly connected component are left out, and
their numbers are stated in ``attrs``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.network.flow import Flow, flow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from patentnav.network.arrays import Graph

Method = Literal["spc", "splc", "spnp"]
Search = Literal["global", "local", "key-route"]

METHODS = ("spc", "splc", "spnp")
SEARCHES = ("global", "local", "key-route")
EXACT_FLOAT = 2.0**53  # every integer below is a float64
EXACT_EDGES = 500_000  # graphs up to this size are counted in Python integers when floats round


def _edge_counts(dag: Flow, method: Method, dtype: Any) -> tuple[np.ndarray, Any]:
    """Paths through every edge, and (for spc) the paths of the whole network."""
    arrays = dag.arrays
    source, sink = np.diff(arrays.indptr) == 0, dag.received == 0
    # A path may begin at every node (splc, spnp) or at sources only; end likewise (spnp).
    starts = np.ones(arrays.n, dtype=dtype) if method != "spc" else source.astype(dtype)
    ends = np.ones(arrays.n, dtype=dtype) if method == "spnp" else sink.astype(dtype)
    if dtype is object:
        starts, ends = starts * 1, ends * 1  # booleans to Python integers
    weight, before = dag.counts(starts, ends)
    total = before[sink & ~source].sum() if method == "spc" else None
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
    degree = int(max(np.diff(dag.arrays.indptr).max(), dag.received.max()))
    additions = 2 * len(dag.layers) * degree + 1
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
    return {"loops": dag.arrays.loops, "duplicates": dag.arrays.duplicates, "cyclic": dag.cyclic}


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
        of equal sum the one with the smaller ids, from its end back, is taken.

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
        edges = np.array([], dtype=np.int64)
    elif search == "global":
        edges = _global_path(dag, weight)
    elif search == "local":
        edges = _local_path(dag, weight, start)
    else:
        edges = _key_routes(dag, weight, key_routes)
    citing, cited = _ends(dag, edges)
    order = _flow_order(citing, cited)
    frame = pd.DataFrame(
        {
            "citing_id": dag.arrays.ids.take(citing[order]),
            "cited_id": dag.arrays.ids.take(cited[order]),
            "weight": weight[edges[order]],
        }
    )
    total = weight[edges].sum()
    frame.attrs.update({"method": method, "search": search, **facts, **_left_out(dag)})
    frame.attrs["sum"] = float(total) if isinstance(total, np.floating) else int(total)
    return frame


def _ends(dag: Flow, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    citing = np.searchsorted(dag.arrays.indptr, edges, side="right") - 1
    return citing, dag.arrays.cited[edges]


def _flow_order(citing: np.ndarray, cited: np.ndarray) -> np.ndarray:
    """Order of the edges of a path from its sources on; edges of one step by their ids."""
    reverse = flow(pd.DataFrame({"citing_id": cited, "cited_id": citing}))
    step = np.empty(reverse.arrays.n, dtype=np.int64)
    for distance, layer in enumerate(reverse.layers):
        step[layer] = distance
    return np.lexsort((citing, cited, step[reverse.arrays.ids.get_indexer(pd.Index(cited))]))


def _sources(dag: Flow) -> np.ndarray:
    return np.flatnonzero((np.diff(dag.arrays.indptr) == 0) & (dag.received > 0))


def _onward(dag: Flow, edge: np.ndarray, node: int) -> Iterator[int]:
    """Edges from a node to a sink."""
    while (chosen := int(edge[node])) >= 0:
        yield chosen
        node = int(np.searchsorted(dag.arrays.indptr, chosen, side="right")) - 1


def _back(dag: Flow, edge: np.ndarray, node: int) -> Iterator[int]:
    """Edges from a node to a source."""
    while (chosen := int(edge[node])) >= 0:
        yield chosen
        node = int(dag.arrays.cited[chosen])


def _global_path(dag: Flow, weight: np.ndarray) -> np.ndarray:
    best, edge = dag.heaviest_back(weight)
    return np.fromiter(_back(dag, edge, int(np.argmax(best))), dtype=np.int64)


def _key_routes(dag: Flow, weight: np.ndarray, key_routes: int) -> np.ndarray:
    if key_routes < 1:
        msg = f"key_routes={key_routes} must be at least 1."
        raise ArgumentError(msg)
    limit = np.sort(weight)[-min(key_routes, len(weight))]
    keys = np.flatnonzero(weight >= limit)
    onward, back = dag.heaviest_onward(weight)[1], dag.heaviest_back(weight)[1]
    edges = set(keys.tolist())
    for citing, cited in zip(*_ends(dag, keys), strict=True):
        edges.update(_onward(dag, onward, int(citing)))
        edges.update(_back(dag, back, int(cited)))
    return np.array(sorted(edges))


def _local_path(dag: Flow, weight: np.ndarray, start: Iterable[Any] | None) -> np.ndarray:
    cited = dag.arrays.cited
    top = np.zeros(dag.arrays.n, dtype=weight.dtype)
    np.maximum.at(top, cited, weight)
    heaviest = np.flatnonzero(weight == top[cited])
    heaviest = heaviest[np.argsort(cited[heaviest], kind="stable")]
    citing, of_node = _ends(dag, heaviest)
    if start is None:
        sources = _sources(dag)
        frontier = sources[top[sources] == top[sources].max()].tolist()
    else:
        wanted = list(start)
        found = dag.arrays.ids.get_indexer(pd.Index(wanted))
        if (found < 0).any():
            msg = f'start: the network has no node "{wanted[int(np.argmin(found))]}".'
            raise ArgumentError(msg)
        frontier = found.tolist()
    seen, edges = set(frontier), []
    while frontier:
        low, high = np.searchsorted(of_node, (node := frontier.pop(), node + 1))
        for place in range(int(low), int(high)):
            edges.append(int(heaviest[place]))
            following = int(citing[place])
            if following not in seen:
                seen.add(following)
                frontier.append(following)
    return np.array(sorted(edges), dtype=np.int64)
