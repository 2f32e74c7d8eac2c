"""Distinct names of a set, and which of them may be one person's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from patentnav.clean import chinese, inventor_names
from patentnav.clean.linkage import components, row_products

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.clean.inventor_names import PersonName


@dataclass(frozen=True)
class NameGraph:
    """Which names may be one person's.

    Attributes
    ----------
    component
        Component of every name; names of different components exclude each other.
    penalty
        Log odds taken off for two names (sparse, names x names, symmetric, never positive).
    compatible
        1 where two names may be one person's, a name with itself included (same shape).
    han
        Whether each name is in Chinese characters.
    """

    component: np.ndarray
    penalty: Any
    compatible: Any
    han: np.ndarray

    @classmethod
    def of(cls, names: Sequence[PersonName]) -> NameGraph:
        """Compare the names that have a family name and a beginning in common."""
        from scipy.sparse import csr_matrix, identity

        found: dict[tuple[int, int], float] = {}
        for bucket in _buckets(names):
            for at, a in enumerate(bucket):
                for b in bucket[at + 1 :]:
                    if (a, b) not in found:
                        value = inventor_names.penalty(names[a].given, names[b].given)
                        if value is not None:
                            found[(a, b)] = value
        pairs = np.array(list(found), dtype=int).reshape(-1, 2)
        taken_off = np.array(list(found.values()), dtype=float)
        n = len(names)
        sides = (np.r_[pairs[:, 0], pairs[:, 1]], np.r_[pairs[:, 1], pairs[:, 0]])
        penalty = csr_matrix((np.r_[taken_off, taken_off], sides), shape=(n, n))
        compatible = csr_matrix((np.ones(len(sides[0])), sides), shape=(n, n)) + identity(n)
        han = np.array([not n.given and chinese.has_cjk(n.surname) for n in names], dtype=bool)
        component = components(pairs[:, 0], pairs[:, 1], n)
        return cls(component, penalty, compatible.tocsr(), han)


def _buckets(names: Sequence[PersonName]) -> Iterator[list[int]]:
    """Positions of names that are worth comparing: all others exclude each other."""
    buckets: dict[tuple[str, str], list[int]] = {}
    for position, name in enumerate(names):
        for form in inventor_names.comparable_forms(name):
            buckets.setdefault((name.surname, form), []).append(position)
    return (bucket for bucket in buckets.values() if len(bucket) > 1)


@dataclass(frozen=True)
class Spellings:
    """Names under which each item (a set of filings) occurs.

    Attributes
    ----------
    main
        Most frequent name of every item.
    """

    main: np.ndarray
    _single: np.ndarray
    _count: np.ndarray
    _sides: tuple[Any, Any, Any, Any]

    @classmethod
    def of(cls, item: np.ndarray, name: np.ndarray, graph: NameGraph) -> Spellings:
        """Names of items.

        Parameters
        ----------
        item
            Item of every mention, numbered from 0 without gaps.
        name
            Name of every mention.
        graph
            The names.
        """
        from scipy.sparse import csr_matrix, diags

        n = int(item.max()) + 1 if len(item) else 0
        shape = (n, len(graph.han))
        held = csr_matrix((np.ones(len(item)), (item, name)), shape=shape)
        held.sort_indices()
        count = np.diff(held.indptr)
        owner = np.repeat(np.arange(n), count)
        order = np.lexsort((held.indices, -held.data, owner))
        main = held.indices[order[held.indptr[:-1]]]
        held.data = np.ones_like(held.data)
        share = diags(1 / np.maximum(count, 1)) @ held
        sides = (
            (share @ graph.penalty).tocsr(),
            share.tocsr(),
            (held @ graph.compatible).tocsr(),
            held,
        )
        return cls(main, count == 1, count, sides)

    def terms(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Log odds taken off for the names of pairs of items; -inf where they exclude each other."""
        alike = self._single[first] & self._single[second]
        alike &= self.main[first] == self.main[second]
        off = np.zeros(len(first), dtype=np.float32)
        other = np.flatnonzero(~alike)
        if len(other):
            a, b = first[other], second[other]
            penalised, share, compatible, held = self._sides
            possible = row_products(compatible, held, a, b) >= self._count[a] * self._count[b]
            off[other] = np.where(possible, row_products(penalised, share, a, b), -np.inf)
        return off
