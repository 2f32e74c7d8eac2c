"""Citation graphs as two integer arrays (CSR), and what may be given as one.

Codes of nodes follow the sorted order of their ids, and the edges are sorted by (citing, cited), so
that nothing depends on the order of rows of the input.
"""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from patentnav import counting
from patentnav._shown import presented
from patentnav.errors import ArgumentError
from patentnav.network.edges import unit_edges
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    from types import ModuleType

    import networkx as nx
    import scipy.sparse as sp

COMPILED_FROM = 200_000  # edges from which importing and compiling numba pays


@presented("network.citations(patents)")
@dataclass(frozen=True, eq=False)
class CitationArrays:
    """A citation graph in compressed rows: node ``i`` cites ``cited[indptr[i]:indptr[i + 1]]``.

    Attributes
    ----------
    ids
        Sorted ids of the nodes; a code is a position in it.
    indptr, cited
        Row pointers (int64) and cited codes (int32), sorted in each row.
    loops, duplicates
        Number of edges of the input left out because a node cites itself or because the same
        edge came before.
    """

    ids: pd.Index
    indptr: np.ndarray
    cited: np.ndarray
    loops: int = 0
    duplicates: int = 0
    dates: pd.Series | None = field(default=None, repr=False)

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.ids)

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.cited)

    @functools.cached_property
    def citing(self) -> np.ndarray:
        """Citing code of every edge (int32), in the order of ``cited``."""
        counts = np.diff(self.indptr)
        return np.repeat(np.arange(self.n, dtype=np.int32), counts)

    @functools.cached_property
    def reverse(self) -> tuple[np.ndarray, np.ndarray]:
        """The graph by cited node: ``(indptr, citing)``, sorted in each row."""
        if compiled := kernels(self.edges):
            made: tuple[np.ndarray, np.ndarray] = compiled.transpose(self.indptr, self.cited)
            return made
        turned = self.matrix(np.int8).tocsc()
        return turned.indptr.astype(np.int64), turned.indices

    def matrix(self, dtype: Any = np.float64) -> sp.csr_array:
        """Sparse matrix with a one at (citing, cited)."""
        import scipy.sparse as sp

        # 32-bit pointers keep scipy's products on 32-bit indices.
        small = np.int32 if self.edges < np.iinfo(np.int32).max else np.int64
        ones = np.ones(self.edges, dtype=dtype)
        return sp.csr_array((ones, self.cited, self.indptr.astype(small)), shape=(self.n, self.n))

    def relabel(self, rank: np.ndarray) -> CitationArrays:
        """The graph with node ``i`` at code ``rank[i]``."""
        ids = self.ids.take(np.argsort(rank))
        made = rows(rank[self.citing], rank[self.cited], self.n)
        return CitationArrays(ids, *made[:2], self.loops, self.duplicates)

    def select(self, keep: np.ndarray) -> CitationArrays:
        """The same nodes with some of the edges (a boolean per edge)."""
        counts = np.concatenate(([0], np.cumsum(keep)))[self.indptr]
        return CitationArrays(
            self.ids, counts, self.cited[keep], self.loops, self.duplicates, self.dates
        )

    def frame(self, **columns: Any) -> pd.DataFrame:
        """Edges as a frame ``citing_id, cited_id`` and further columns."""
        ends = {"citing_id": self.ids.take(self.citing), "cited_id": self.ids.take(self.cited)}
        return pd.DataFrame({**ends, **columns}, copy=False)


Graph: TypeAlias = "PatentSet | pd.DataFrame | nx.DiGraph | CitationArrays"


def as_arrays(graph: Graph) -> CitationArrays:
    """Turn any accepted form of a citation graph into arrays.

    Parameters
    ----------
    graph
        A :class:`~patentnav.patentset.PatentSet` (its publications and what they cite), a frame
        with ``citing_id`` and ``cited_id``, a ``networkx.DiGraph`` (citing to cited), or arrays
        made before, which are returned as they are.

    Returns
    -------
    CitationArrays
        Without loops and repeated edges; their numbers are kept.

    Raises
    ------
    ArgumentError
        Anything else is given.
    """
    if isinstance(graph, CitationArrays):
        return graph
    if isinstance(graph, PatentSet):
        return set_arrays(graph)
    if isinstance(graph, pd.DataFrame):
        absent = {"citing_id", "cited_id"} - set(graph.columns)
        if absent:
            msg = (
                f"A frame of citations needs the columns citing_id and cited_id; "
                f"{' and '.join(sorted(absent))} is missing. Rename the columns and call again."
            )
            raise ArgumentError(msg)
        return from_edges(graph["citing_id"], graph["cited_id"])
    if hasattr(graph, "is_directed") and graph.is_directed():
        ends = list(graph.edges())
        return from_edges(
            pd.Series([u for u, _ in ends], dtype=None if ends else object),
            pd.Series([v for _, v in ends], dtype=None if ends else object),
            nodes=list(graph.nodes()),
        )
    msg = (
        "A citation graph is a PatentSet, a DataFrame citing_id, cited_id or a networkx.DiGraph, "
        f"not {type(graph).__name__}."
    )
    raise ArgumentError(msg)


def set_arrays(patents: PatentSet, unit: counting.Unit | None = "publication") -> CitationArrays:
    """Arrays of the citation graph of a set: its units and all that they cite or are cited by."""
    edges = unit_edges(patents, unit)
    nodes = counting.unit_ids(patents, unit).unique()
    return from_edges(edges["citing_id"], edges["cited_id"], nodes=nodes)


def from_edges(
    citing: pd.Series, cited: pd.Series, *, nodes: Any = None, dates: pd.Series | None = None
) -> CitationArrays:
    """Arrays of a list of edges.

    Parameters
    ----------
    citing, cited
        Ids of both ends; rows with an empty end are left out.
    nodes
        Ids of nodes that exist with or without an edge.
    dates
        Dates of nodes, indexed by id, kept for the measures that need them.
    """
    known = _known(citing, cited)
    if known is not None:
        citing, cited = citing[known], cited[known]
    ids, (sources, targets, *_) = encode(citing, cited, *(() if nodes is None else (nodes,)))
    indptr, codes, loops, repeated = rows(sources, targets, len(ids))
    return CitationArrays(ids, indptr, codes, loops, repeated, dates=dates)


def rows(
    sources: np.ndarray, targets: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Sorted rows of edges given by codes; numbers of loops and of repeated edges left out."""
    if compiled := kernels(len(sources)):
        indptr, codes, loops, kept = compiled.rows(sources, targets, n)
        return indptr, codes[:kept], loops, len(sources) - loops - kept
    key = sources.astype(np.int64)
    key <<= 32
    key |= targets
    loops = int(np.count_nonzero(sources == targets))
    if loops:
        key = key[sources != targets]
    given = len(key)
    if not (key[1:] > key[:-1]).all():
        key.sort()
        key = key[np.concatenate(([True], key[1:] != key[:-1]))]
    counts = np.bincount(key >> 32, minlength=n)
    indptr = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    # The lower half of every key, whatever the order of bytes of the machine.
    return indptr, key.astype(np.uint32).view(np.int32), loops, given - len(key)


def _known(citing: pd.Series, cited: pd.Series) -> np.ndarray | None:
    """Rows with both ends, None for all."""
    if all(isinstance(end.dtype, np.dtype) and end.dtype.kind in "iu" for end in (citing, cited)):
        return None
    known = (citing.notna() & cited.notna()).to_numpy(dtype=bool)
    return None if known.all() else known


def encode(*parts: Any) -> tuple[pd.Index, list[np.ndarray]]:
    """Sorted distinct ids of several columns, and the code of every given id (int32) by column."""
    columns = [pd.Series(part) for part in parts]
    filled = [c for c in columns if len(c)]
    if not filled:
        return pd.Index([], dtype=object), [np.array([], dtype=np.int32) for _ in columns]
    if all(isinstance(c.dtype, np.dtype) and c.dtype.kind in "iu" for c in filled):
        return _encode_integers([c.to_numpy(dtype=np.int64) for c in columns])
    codes, uniques = _factorize(pd.concat(filled, ignore_index=True))
    ids = pd.Index(uniques, tupleize_cols=False)
    try:
        order = ids.argsort()
    except TypeError:  # ids of several types: any fixed order will do
        named = [(str(type(node)), str(node)) for node in ids]
        order = np.array(sorted(range(len(ids)), key=named.__getitem__))
    rank = np.empty(len(ids), dtype=np.int32)
    rank[order] = np.arange(len(ids), dtype=np.int32)
    cuts = np.cumsum([len(c) for c in columns])[:-1]
    return ids.take(order), np.split(rank[codes], cuts)


def _factorize(column: pd.Series) -> tuple[np.ndarray, Any]:
    """Codes and distinct values; runs of one value (sorted edges have them) are looked up once."""
    if not isinstance(column.dtype, pd.StringDtype):
        return pd.factorize(column)
    fresh = column.ne(column.shift()).fillna(True).to_numpy(dtype=bool)
    codes, uniques = pd.factorize(column[fresh])
    return codes[np.cumsum(fresh) - 1], uniques


def _encode_integers(columns: list[np.ndarray]) -> tuple[pd.Index, list[np.ndarray]]:
    filled = [c for c in columns if len(c)]
    low, high = int(min(c.min() for c in filled)), int(max(c.max() for c in filled))
    if high - low > 4 * sum(map(len, columns)) + 1_000_000:
        ids, codes = np.unique(np.concatenate(columns), return_inverse=True)
        cuts = np.cumsum([len(c) for c in columns])[:-1]
        return pd.Index(ids), np.split(codes.astype(np.int32), cuts)
    # Dense numbers need no sort: mark, count, look up.
    if len(columns) == 2 and (compiled := kernels(len(columns[0]))):
        seen, sources, targets = compiled.dense_codes(*columns, low, high - low + 1)
        return pd.Index(np.flatnonzero(seen) + low), [sources, targets]
    seen = np.zeros(high - low + 1, dtype=bool)
    for column in columns:
        seen[column - low] = True
    if seen.all():
        return pd.Index(np.arange(low, high + 1)), [(c - low).astype(np.int32) for c in columns]
    rank = np.cumsum(seen, dtype=np.int32)
    rank -= 1
    return pd.Index(np.flatnonzero(seen) + low), [rank[column - low] for column in columns]


def installed(package: str) -> bool:
    """Tell whether an optional package of the extra ``speed`` is there."""
    return importlib.util.find_spec(package) is not None


def kernels(edges: int) -> ModuleType | None:
    """The compiled kernels, when numba is installed and the graph is large enough to pay."""
    if edges < COMPILED_FROM or not installed("numba"):
        return None
    from patentnav.network import compiled

    return compiled


def spans(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Concatenation of ``range(start, start + length)`` of every pair."""
    total = int(lengths.sum())
    ends = np.cumsum(lengths)
    shift = np.repeat(starts - (ends - lengths), lengths)
    return shift + np.arange(total, dtype=shift.dtype)
