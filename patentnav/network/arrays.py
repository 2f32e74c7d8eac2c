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

from patentnav.errors import ArgumentError
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    from types import ModuleType

    import networkx as nx
    import scipy.sparse as sp

COMPILED_FROM = 200_000  # edges from which importing and compiling numba pays


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

    ids: np.ndarray
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
    def reverse(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The graph by cited node: ``(indptr, citing, edge)``, ``edge`` numbering the edges."""
        import scipy.sparse as sp

        numbered = sp.csr_array(
            (np.arange(self.edges, dtype=np.int32), self.cited, self.indptr),
            shape=(self.n, self.n),
        ).tocsc()
        return numbered.indptr.astype(np.int64), numbered.indices, numbered.data

    def matrix(self, dtype: Any = np.float64) -> sp.csr_array:
        """Sparse matrix with a one at (citing, cited)."""
        import scipy.sparse as sp

        # 32-bit pointers keep scipy's products on 32-bit indices.
        small = np.int32 if self.edges < np.iinfo(np.int32).max else np.int64
        ones = np.ones(self.edges, dtype=dtype)
        return sp.csr_array((ones, self.cited, self.indptr.astype(small)), shape=(self.n, self.n))

    def select(self, keep: np.ndarray) -> CitationArrays:
        """The same nodes with some of the edges (a boolean per edge)."""
        counts = np.concatenate(([0], np.cumsum(keep)))[self.indptr]
        return CitationArrays(
            self.ids, counts, self.cited[keep], self.loops, self.duplicates, self.dates
        )

    def frame(self, **columns: Any) -> pd.DataFrame:
        """Edges as a frame ``citing_id, cited_id`` and further columns."""
        return pd.DataFrame(
            {"citing_id": self.ids[self.citing], "cited_id": self.ids[self.cited], **columns}
        )


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
        from patentnav.network.citations import set_arrays

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
    known = citing.notna().to_numpy() & cited.notna().to_numpy()
    if not known.all():
        citing, cited = citing[known], cited[known]
    ids, codes = encode(citing, cited, nodes)
    sources, targets = codes[: len(citing)], codes[len(citing) : 2 * len(citing)]
    loops = sources == targets
    key = (sources.astype(np.int64) << 32) | targets
    if loops.any():
        key = key[~loops]
    if not (key[1:] > key[:-1]).all():
        key.sort()
        fresh = np.concatenate((np.ones(min(len(key), 1), dtype=bool), key[1:] != key[:-1]))
        kept = key[fresh]
    else:
        kept = key
    counts = np.bincount(kept >> 32, minlength=len(ids))
    indptr = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    codes32 = (kept & 0xFFFFFFFF).astype(np.int32)
    return CitationArrays(ids, indptr, codes32, int(loops.sum()), len(key) - len(kept), dates=dates)


def encode(citing: pd.Series, cited: pd.Series, nodes: Any) -> tuple[np.ndarray, np.ndarray]:
    """Sorted ids and the code of every given id."""
    parts = [citing, cited] if nodes is None else [citing, cited, pd.Series(nodes)]
    parts = [p for p in parts if len(p)]
    if not parts:
        return np.array([], dtype=object), np.array([], dtype=np.int32)
    joined = pd.concat(parts, ignore_index=True)
    if pd.api.types.is_integer_dtype(joined.dtype):
        return encode_integers(joined.to_numpy(dtype=np.int64))
    codes, uniques = pd.factorize(joined)
    ids = np.asarray(uniques, dtype=object)
    try:
        order = np.argsort(ids, kind="stable")
    except TypeError:  # ids of several types: any fixed order will do
        order = np.array(sorted(range(len(ids)), key=lambda i: (str(type(ids[i])), str(ids[i]))))
    rank = np.empty(len(ids), dtype=np.int32)
    rank[order] = np.arange(len(ids), dtype=np.int32)
    return ids[order], rank[codes]


def encode_integers(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted distinct integers and the position of every value among them (int32)."""
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values) + 1_000_000:
        ids, codes = np.unique(values, return_inverse=True)
        return ids, codes.astype(np.int32)
    # Dense numbers need no sort: mark, count, look up.
    offset = values - low
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[offset] = True
    rank = np.cumsum(seen, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(seen) + low, rank[offset]


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
