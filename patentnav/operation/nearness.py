"""How near publications and owners lie to one another, by words and by classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import shared
from patentnav._strings import among
from patentnav.normalize import symbols
from patentnav.text import bm25, documents, tokens, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scipy.sparse import csr_matrix

    from patentnav.patentset import PatentSet

_CHUNK = 4_000_000  # similarities held at once


@dataclass(frozen=True)
class Vectors:
    """Publications as vectors of unit length.

    Attributes
    ----------
    ids
        Publications, sorted.
    text
        BM25 weights of the words of title and abstract; an empty row without text.
    classes
        Main groups (IPC, else CPC), the rarer the heavier; an empty row without classes.
    """

    ids: pd.Index
    text: csr_matrix
    classes: csr_matrix

    def rows(self, publications: pd.Series) -> np.ndarray:
        """Row of every publication."""
        return self.ids.get_indexer(pd.Index(publications))


@shared
def vectors(patents: PatentSet) -> Vectors:
    """Words and classes of every publication.

    Parameters
    ----------
    patents
        The set.

    Returns
    -------
    Vectors

    Raises
    ------
    MissingTableError
        No publication has a title or an abstract.
    """
    read = documents(patents)
    words = tokens(read["title"].fillna("") + " . " + read["body"].fillna(""))
    return Vectors(read.index, bm25(words.counts()), _classes(patents, read.index))


def main_groups(patents: PatentSet) -> pd.DataFrame:
    """Main groups of publications, IPC else CPC: ``publication_id, main_group``."""
    table = patents.classifications
    scheme = "IPC" if (table["scheme"] == "IPC").any() else "CPC"
    rows = table[table["scheme"] == scheme]
    code, names = pd.factorize(rows["symbol"])
    groups = symbols.level(pd.Series(names, dtype="str"), "group")
    found = pd.DataFrame(
        {"publication_id": rows["publication_id"], "main_group": groups.array[code]}
    )
    return (
        found.dropna()
        .drop_duplicates()
        .sort_values(["publication_id", "main_group"], ignore_index=True)
    )


def _classes(patents: PatentSet, ids: pd.Index) -> csr_matrix:
    from scipy.sparse import csr_matrix

    found = main_groups(patents)
    found = found[among(found["publication_id"], ids)]
    column, names = pd.factorize(found["main_group"], sort=True)
    row = ids.get_indexer(pd.Index(found["publication_id"]))
    share = np.bincount(column, minlength=len(names))
    idf = np.log1p(len(ids) / np.maximum(share, 1))
    matrix = csr_matrix(
        (idf[column].astype(np.float32), (row, column)), shape=(len(ids), max(len(names), 1))
    )
    return unit_rows(matrix)


def nearest_by_owner(
    left: csr_matrix, right: csr_matrix, owner: np.ndarray, n_owners: int
) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Greatest similarity of every row of ``left`` to any row of ``right`` of each owner.

    Parameters
    ----------
    left, right
        Vectors of unit length over the same columns.
    owner
        Code of the owner of every row of ``right``.
    n_owners
        Number of owners.

    Yields
    ------
    tuple
        Rows of ``left``; their greatest similarities (rows × owners, 0 where nothing is shared); the
        row of ``right`` that has it (the first of equals, -1 where nothing is shared).
    """
    order = np.argsort(owner, kind="stable")  # the rows of an owner side by side
    present, first, size = np.unique(owner[order], return_index=True, return_counts=True)
    column = np.arange(len(order), dtype=np.int32)
    transposed = right[order].T.tocsr()
    step = max(1, _CHUNK // max(right.shape[0], 1))
    for start in range(0, left.shape[0], step):
        here = slice(start, min(start + step, left.shape[0]))
        product = left[here] @ transposed
        # float32 sums depend on the order of terms: rounded, equal ones are equal everywhere.
        product.data = np.round(product.data, 5)
        values = product.toarray()
        best = np.zeros((here.stop - here.start, n_owners), dtype=np.float32)
        which = np.full(best.shape, -1, dtype=np.int64)
        if len(order):
            highest = np.maximum.reduceat(values, first, axis=1)
            reached = values == np.repeat(highest, size, axis=1)
            place = np.minimum.reduceat(np.where(reached, column, len(order)), first, axis=1)
            best[:, present] = highest
            which[:, present] = np.where(highest > 0, order[place], -1)
        yield here, best, which


def nearest_other(
    left: csr_matrix, own: np.ndarray, right: csr_matrix, owner: np.ndarray, least: float
) -> np.ndarray:
    """Owner of the row of ``right`` that is nearest to every row of ``left`` and of another owner.

    What :func:`nearest_by_owner` finds, without the similarities to all the other owners.

    Parameters
    ----------
    left, right
        Vectors of unit length over the same columns.
    own, owner
        Codes of the owners of their rows.
    least
        Least similarity.

    Returns
    -------
    numpy.ndarray
        Code of the owner, the smallest of equally near ones; -1 where nobody else is so near.
    """
    transposed = right.T.tocsr()
    found = np.full(left.shape[0], -1, dtype=np.int64)
    step = max(1, _CHUNK // max(right.shape[0], 1))
    for start in range(0, left.shape[0], step):
        product = left[start : start + step] @ transposed
        values = np.round(product.data, 5)  # as in nearest_by_owner
        near = np.flatnonzero(values >= least)
        row = np.searchsorted(product.indptr, near, side="right") - 1
        holder = owner[product.indices[near]]
        other = holder != own[start + row]
        row, holder, values = row[other], holder[other], values[near[other]]
        if not len(row):
            continue
        first = np.flatnonzero(np.diff(row, prepend=-1))
        highest = np.maximum.reduceat(values, first)
        size = np.diff(first, append=len(row))
        reached = values == np.repeat(highest, size)
        code = np.where(reached, holder, np.iinfo(np.int64).max)
        found[start + row[first]] = np.minimum.reduceat(code, first)
    return found


def mid_ranks(values: np.ndarray) -> np.ndarray:
    """Percentile of every value in its row, equals sharing: (rank - 0.5) / n, between 0 and 1.

    Examples
    --------
    >>> mid_ranks(np.array([[0.0, 5.0, 5.0, 9.0]])).tolist()
    [[0.125, 0.5, 0.5, 0.875]]
    """
    ranks = pd.DataFrame(values).rank(axis=1, method="average").to_numpy()
    return np.asarray((ranks - 0.5) / max(values.shape[1], 1))
