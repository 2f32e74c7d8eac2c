"""The CD index: whether later work cites a node instead of, or together with, what it built on."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from patentnav._progress import progress
from patentnav.errors import ArgumentError, CoverageWarning, MissingColumnError, warn
from patentnav.network.arrays import CitationArrays, Graph, as_arrays, kernels
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS_OF_YEAR = 365  # Funk & Owen-Smith count five years as 1825 days
CHUNK_PAIRS = 5_000_000


class Counts(NamedTuple):
    """Per node, citing nodes inside the window."""

    citing: np.ndarray  # that cite it
    both: np.ndarray  # that cite it and one of its references
    all: np.ndarray  # that cite it or one of its references


def cd_index(
    graph: Graph, dates: pd.Series | Mapping | None = None, window: float | None = 5
) -> pd.Series:
    """CD index of every node: 1 where it eclipses what it cites, -1 where it consolidates it.

    ``CD = (i - j) / (i + j + k)`` over the nodes dated later than the focal node, at most
    ``window`` after it: ``i`` cite it and none of its references, ``j`` cite both, ``k`` cite
    its references only.

    Parameters
    ----------
    graph
        A ``PatentSet``, a frame ``citing_id, cited_id``, or a ``networkx.DiGraph`` from citing to
        cited (node attribute ``date``, where it has one).
    dates
        Date of nodes by id: datetimes, or numbers in any unit. For a ``PatentSet`` the publication
        date (of outside documents the date in ``citations``) unless given.
    window
        Years of 365 days after the focal date; with numbers as dates, in their unit. ``None``:
        all later citations.

    Returns
    -------
    pandas.Series
        Named ``disruption``, indexed by node id. NA where no later node cites the node or its
        references, and where the node has no date. Without any dates every citation counts; a
        ``CoverageWarning`` says so.

    Notes
    -----
    Nodes without a date count for nobody. The index of a node is final only when the window is
    closed at the end of the data.

    References
    ----------
    Funk & Owen-Smith (2017), A dynamic network measure of technological change, Management Science
    63(3), doi:10.1287/mnsc.2015.2366.
    """
    arrays = as_arrays(graph)
    days, span = _times(graph, arrays, dates, window)
    counts = window_counts(arrays, days, span)
    with np.errstate(invalid="ignore"):
        index = (counts.citing - 2.0 * counts.both) / counts.all
    return pd.Series(index, index=arrays.ids.rename("node"), name="disruption")


def window_counts(arrays: CitationArrays, times: np.ndarray | None, window: float | None) -> Counts:
    """Counts behind the CD index.

    Parameters
    ----------
    arrays
        The citation graph.
    times
        Time of every node (float64, NaN unknown), or None: every citation counts.
    window
        In the unit of ``times``; None: without end.
    """
    if times is None:
        everything = np.zeros(arrays.n, dtype=np.int64), np.full(arrays.n, arrays.n)
        return _range_counts(arrays, *everything)
    # In the order of time the window of a node is a range of codes.
    order = np.argsort(times, kind="stable")
    dated = times[order][: arrays.n - int(np.isnan(times).sum())]
    first = np.searchsorted(dated, times, side="right")
    end = np.inf if window is None else window
    last = np.searchsorted(dated, times + end, side="right")
    last[np.isnan(times)] = 0
    if (order[1:] > order[:-1]).all():
        return _range_counts(arrays, first, last)
    rank = np.empty(arrays.n, dtype=np.int32)
    rank[order] = np.arange(arrays.n, dtype=np.int32)
    counts = _range_counts(arrays.relabel(rank), first[order], last[order])
    return Counts(*(count[rank] for count in counts))


def _range_counts(arrays: CitationArrays, first: np.ndarray, last: np.ndarray) -> Counts:
    if compiled := kernels(arrays.edges):
        graph = (arrays.indptr, arrays.cited, *arrays.reverse)
        return Counts(*compiled.window_counts(graph, first, last))
    import scipy.sparse as sp

    matrix = arrays.matrix(np.int32)
    reverse = matrix.T.tocsr()
    n = arrays.n
    citing, both, either = (np.zeros(n, dtype=np.int64) for _ in range(3))
    received = np.diff(reverse.indptr)
    own = np.diff(matrix.indptr)
    ends = np.concatenate(([0], np.cumsum(received[matrix.indices], dtype=np.int64)))
    terms = np.cumsum(ends[matrix.indptr[1:]] - ends[matrix.indptr[:-1]] + own + received)
    cuts = np.flatnonzero(np.diff(terms // CHUNK_PAIRS)) + 1
    bounds = [0, *cuts.tolist(), n]
    for a, b in progress(itertools.pairwise(bounds), "CD index", total=len(bounds) - 1):
        users = sp.csr_array(reverse[a:b])
        rivals = sp.csr_array(matrix[a:b] @ reverse)
        # 1: cites a reference, 2: cites the node, 3: cites both.
        rivals.data[:] = 1
        users.data[:] = 2
        kinds = (users + rivals).tocoo()
        focal = a + kinds.row
        inside = (kinds.col >= first[focal]) & (kinds.col < last[focal]) & (kinds.col != focal)
        row, kind = kinds.row[inside], kinds.data[inside]
        either[a:b] = np.bincount(row, minlength=b - a)
        citing[a:b] = np.bincount(row[kind >= 2], minlength=b - a)
        both[a:b] = np.bincount(row[kind == 3], minlength=b - a)
    return Counts(citing, both, either)


def _times(
    graph: Graph,
    arrays: CitationArrays,
    dates: pd.Series | Mapping | None,
    window: float | None,
) -> tuple[np.ndarray | None, float | None]:
    """Time of every node as a number, and the window in the same unit."""
    if window is not None and not window > 0:
        msg = f"window={window} must be greater than 0, or None."
        raise ArgumentError(msg)
    if dates is None:
        known = _own_dates(graph, arrays)
        if known is None:
            warn(
                "No dates are given: every citation counts, the window is not applied. "
                "Pass dates= to apply it.",
                CoverageWarning,
            )
            return None, None
    else:
        known = pd.Series(dates)
    aligned = known[~known.index.duplicated()].reindex(arrays.ids)
    if pd.api.types.is_numeric_dtype(aligned.dtype):
        return aligned.to_numpy(dtype=np.float64, na_value=np.nan), window
    stamps = pd.to_datetime(aligned)
    days = (stamps - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    span = None if window is None else window * DAYS_OF_YEAR
    return days.to_numpy(dtype=np.float64), span


def _own_dates(graph: Graph, arrays: CitationArrays) -> pd.Series | None:
    if isinstance(graph, PatentSet):
        return _set_dates(graph)
    if isinstance(graph, (pd.DataFrame, CitationArrays)):
        return arrays.dates
    carried = dict(graph.nodes(data="date"))
    given = pd.Series(carried, dtype=object).dropna().infer_objects()
    return given if len(given) else None


def _set_dates(patents: PatentSet) -> pd.Series:
    table = patents.citations
    outside = [
        table[[node, date]].dropna().set_axis(["node", "date"], axis=1)
        for node, date in (("citing_id", "citing_date"), ("cited_id", "cited_date"))
    ]
    known = pd.concat(outside).groupby("node")["date"].min()
    own = patents.publications["publication_date"].dropna()
    dates: pd.Series = pd.concat([own, known[~known.index.isin(own.index)]])
    if not len(dates):
        msg = "No publication has a publication_date. Pass dates= with another date."
        raise MissingColumnError(msg)
    return dates
