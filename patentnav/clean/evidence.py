"""Evidence that two sets of filings are one person's: few readable features.

An item is a set of filings (one mention at first, a cluster later) with its profile of co-inventors,
firms, places, classes, words of titles and years. Every feature compares two items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

FEATURES = (
    "coinventors_shared",  # summed weight of shared names, 1 at most
    "coinventors_share",  # the same, of the shorter list
    "coinventors_none",  # one side has no co-inventor
    "firm",  # cosine of the firms
    "firm_word",  # rarity of shared first words of firms
    "firm_none",  # one side has no firm
    "firm_other",  # both have firms and share no first word
    "city",
    "region",
    "classes",
    "classes_none",
    "title",
    "gap",  # ln(1 + years between the two spans)
)
# A value of a small set is weighed as if the set had this many mentions.
SMALL = 5000
# How the profile of a kind of evidence is weighted: power of idf, counted once or by filings, unit
# length or not.
_KINDS = {
    "coinventors": (0.0, True, False),
    "firm": (0.5, False, True),
    "firm_word": (1.0, True, False),
    "city": (0.5, False, True),
    "region": (0.5, False, True),
    "classes": (1.0, False, True),
    "title": (1.0, False, True),
    "work": (0.0, True, False),
}


@dataclass(frozen=True)
class Evidence:
    """Profiles of items.

    Attributes
    ----------
    counts
        Filings by value, one sparse matrix of items x values per kind of evidence.
    weights
        Weight of each value, per kind.
    first, last
        First and last year of each item, NaN when unknown.
    """

    counts: Mapping[str, Any]
    weights: Mapping[str, np.ndarray]
    first: np.ndarray
    last: np.ndarray

    @classmethod
    def of_mentions(
        cls, values: Mapping[str, pd.DataFrame], years: np.ndarray, rarity: Mapping[str, float]
    ) -> Evidence:
        """Profiles of single mentions.

        Parameters
        ----------
        values
            Per kind a frame ``mention`` (position), ``value``.
        years
            Year of each mention.
        rarity
            Weight of each co-inventor's name (rare names weigh more).
        """
        from scipy.sparse import csr_matrix

        n = len(years)
        counts, weights = {}, {}
        for kind, (power, _, _) in _KINDS.items():
            pairs = values[kind].drop_duplicates()
            column, names = pd.factorize(pairs["value"], sort=True)
            shape = (n, len(names))
            matrix = csr_matrix((np.ones(len(pairs)), (pairs["mention"], column)), shape=shape)
            counts[kind] = matrix
            if kind == "coinventors":
                weights[kind] = np.array([rarity[name] for name in names], dtype=float)
            else:
                frequency = np.bincount(column, minlength=len(names))
                weights[kind] = np.log((max(n, SMALL) + 1) / (frequency + 0.5)) ** power
        return cls(counts, weights, years, years)

    def grouped(self, labels: np.ndarray) -> Evidence:
        """Profiles of groups; ``labels`` numbers the groups from 0 without gaps."""
        from scipy.sparse import csr_matrix

        n = int(labels.max()) + 1 if len(labels) else 0
        sums = csr_matrix(
            (np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=(n, len(labels))
        )
        years = pd.DataFrame({"first": self.first, "last": self.last}).groupby(labels)
        return Evidence(
            {kind: (sums @ matrix).tocsr() for kind, matrix in self.counts.items()},
            self.weights,
            years["first"].min().to_numpy(),
            years["last"].max().to_numpy(),
        )

    def compared(self) -> Comparison:
        """The profiles made ready for comparing."""
        from scipy.sparse import diags

        ready = {}
        for kind, matrix in self.counts.items():
            _, once, unit = _KINDS[kind]
            profile = matrix.copy()
            if once:
                profile.data = np.ones_like(profile.data)
            weight = np.sqrt(self.weights[kind]) if once else self.weights[kind]
            profile = profile @ diags(weight)
            if unit:
                length = np.sqrt(np.asarray(profile.multiply(profile).sum(axis=1)).ravel())
                profile = diags(1 / np.where(length == 0, 1, length)) @ profile
            ready[kind] = profile.tocsr()
        co = ready["coinventors"]
        weight_of_list = np.asarray(co.multiply(co).sum(axis=1)).ravel()
        filled = {
            kind: np.diff(ready[kind].indptr) > 0 for kind in ("coinventors", "firm", "classes")
        }
        return Comparison(ready, weight_of_list, filled, (self.first, self.last))


@dataclass(frozen=True)
class Comparison:
    """Compares items; see :class:`Evidence`."""

    profiles: Mapping[str, Any]
    list_weight: np.ndarray
    filled: Mapping[str, np.ndarray]
    years: tuple[np.ndarray, np.ndarray]

    def block(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features of all pairs of some items and whether they share a filing.

        Returns
        -------
        numpy.ndarray
            Shape (features, items, items), float32.
        numpy.ndarray
            Boolean matrix: the two items stand in one filing, so they are two people.
        """
        dot = {}
        for kind, profile in self.profiles.items():
            rows = profile[positions]
            dot[kind] = (rows @ rows.T).toarray()
        sides = (positions[:, None], positions[None, :])
        return self._features(dot, *sides), dot["work"] > 0

    def pairs(self, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same for given pairs of positions: shape (features, pairs)."""
        parts = []
        for start in range(0, len(first), 50_000):
            a, b = first[start : start + 50_000], second[start : start + 50_000]
            dot = {
                kind: np.asarray(profile[a].multiply(profile[b]).sum(axis=1)).ravel()
                for kind, profile in self.profiles.items()
            }
            parts.append((self._features(dot, a, b), dot["work"] > 0))
        if not parts:
            return np.empty((len(FEATURES), 0), dtype=np.float32), np.empty(0, dtype=bool)
        return np.concatenate([p[0] for p in parts], axis=1), np.concatenate([p[1] for p in parts])

    def _features(self, dot: Mapping[str, np.ndarray], a: np.ndarray, b: np.ndarray) -> np.ndarray:
        shared = dot["coinventors"]
        shorter = np.minimum(self.list_weight[a], self.list_weight[b])
        both = {kind: has[a] & has[b] for kind, has in self.filled.items()}
        first, last = self.years
        gap = np.maximum(np.maximum(first[a], first[b]) - np.minimum(last[a], last[b]), 0)
        rows = (
            np.minimum(shared, 1),
            np.minimum(shared / np.maximum(shorter, 0.3), 1),
            ~both["coinventors"],
            dot["firm"],
            np.log1p(dot["firm_word"]),
            ~both["firm"],
            both["firm"] & (dot["firm_word"] == 0),
            dot["city"],
            dot["region"],
            dot["classes"],
            ~both["classes"],
            dot["title"],
            np.log1p(np.nan_to_num(gap)),
        )
        return np.stack([np.asarray(row, dtype=np.float32) for row in rows])
