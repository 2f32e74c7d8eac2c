"""How often groups would meet in those who are in them, if these chose at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

CERTAIN = 1e-9  # variance that is none but for rounding
_ROUNDS, _CLOSE = 20_000, 1e-12


class Chance(NamedTuple):
    """Moments of the meetings of every pair of groups by chance, square."""

    mean: np.ndarray
    variance: np.ndarray
    third: np.ndarray  # central moment

    def tail(self, count: np.ndarray, ends: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Chance of so many meetings or more of the pairs ``ends``; NA where nothing is left to chance.

        The refined normal approximation of a sum of unequal chances, with correction for continuity.
        """
        from scipy.stats import norm

        mean, variance, third = (part[ends] for part in self)
        told = variance > CERTAIN
        spread = np.sqrt(np.where(told, variance, 1.0))
        z = (count - 0.5 - mean) / spread
        p = norm.sf(z) + third / spread**3 * (z**2 - 1) * norm.pdf(z) / 6
        found: np.ndarray = np.where(told, np.clip(p, 0.0, 1.0), np.nan)
        return found


def chance(table: csr_array) -> Chance:
    r"""How often groups meet where rows keep their breadth and groups their size.

    Of all random tables whose rows and columns have on the mean the sums of this one, the one that
    supposes nothing else has independent cells
    :math:`p_{ok} = x_o y_k / (1 + x_o y_k)`; two groups meet
    :math:`\sum_o p_{oi} p_{oj}` times. A row in nearly everything thus lifts what is expected of every
    pair, and makes no pair stand out.

    Parameters
    ----------
    table
        Rows (owners, people) by groups, 0 or 1.

    Returns
    -------
    Chance

    References
    ----------
    Saracco, Di Clemente, Gabrielli & Squartini 2015, Scientific Reports 5, 10595,
    doi:10.1038/srep10595; its projection: Saracco et al. 2017, New Journal of Physics 19, 053022,
    doi:10.1088/1367-2630/aa6b38; the tail: Hong 2013, Computational Statistics & Data Analysis 59,
    doi:10.1016/j.csda.2012.10.006.
    """
    breadth = np.asarray(table.sum(axis=1)).ravel()
    size = np.asarray(table.sum(axis=0)).ravel()
    # Rows of one breadth have one chance.
    breadths, many = np.unique(breadth, return_counts=True)
    p = _cells(breadths, many, size)
    first, second, third = ((p**k * many[:, None]).T @ p**k for k in (1, 2, 3))
    return Chance(first, first - second, first - 3 * second + 2 * third)


def _cells(breadths: np.ndarray, many: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Chance of every cell, by breadth of the row and group."""
    p = np.zeros((len(breadths), len(size)))
    rows, columns = np.ones(len(breadths), dtype=bool), np.ones(len(size), dtype=bool)
    left, wanted = breadths.astype(float), size.astype(float)
    # What must be full or empty has no finite x or y: it is set, and the rest solved.
    while rows.any() and columns.any():
        full = rows & (left >= columns.sum())
        empty = rows & (left <= 0)
        held = columns & (wanted >= many[rows].sum())
        bare = columns & (wanted <= 0)
        if not (full.any() or empty.any() or held.any() or bare.any()):
            break
        if full.any() or empty.any():
            p[np.ix_(full, columns)] = 1.0
            wanted = wanted - np.where(columns, many[full].sum(), 0)
            rows &= ~(full | empty)
            continue
        p[np.ix_(rows, held)] = 1.0
        left = left - np.where(rows, held.sum(), 0)
        columns &= ~(held | bare)
    if rows.any() and columns.any():
        p[np.ix_(rows, columns)] = _solved(left[rows], many[rows], wanted[columns])
    return p


def _solved(breadths: np.ndarray, many: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Cells of the rows and columns that are neither full nor empty."""
    total = float(size.sum())
    x, y = breadths / np.sqrt(total), size / np.sqrt(total)
    for _ in range(_ROUNDS):
        before = x
        x = breadths / (y / (1 + np.outer(x, y))).sum(axis=1)
        y = size / ((many * x)[:, None] / (1 + np.outer(x, y))).sum(axis=0)
        if np.all(np.abs(x - before) <= _CLOSE * x):
            break
    odds = np.outer(x, y)
    cells: np.ndarray = odds / (1 + odds)
    return cells
