"""Evidence that two sets of filings are one person's: few readable features.

An item is a set of filings (one mention at first, a cluster later) with its profile of co-inventors,
firms, places, classes, words of titles and years. Every feature compares two items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.clean.linkage import row_products

if TYPE_CHECKING:
    from collections.abc import Mapping

FEATURES = (
    "coinventors_shared",  # summed weight of shared names, 1 at most
    "coinventors_share",  # the same, of the shorter list
    "coinventors_none",  # one side has no co-inventor
    "coinventors_other",  # both have some and share none: ln of the filings with any, the fewer
    "filings",  # ln of the filings of the larger side: the more, the more chances to be alike
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
    filings, joint
        Number of filings of each item, and of those with co-inventors.
    """

    counts: Mapping[str, Any]
    weights: Mapping[str, np.ndarray]
    first: np.ndarray
    last: np.ndarray
    filings: np.ndarray
    joint: np.ndarray

    @classmethod
    def of_mentions(
        cls, counts: Mapping[str, Any], years: np.ndarray, coinventor_weights: np.ndarray
    ) -> Evidence:
        """Profiles of single mentions.

        Parameters
        ----------
        counts
            Per kind a sparse matrix of mentions x values, 1 where a mention has the value.
        years
            Year of each mention.
        coinventor_weights
            Weight of each co-inventor's name (rare names weigh more).
        """
        n = len(years)
        weights = {"coinventors": coinventor_weights}
        for kind, (power, _, _) in _KINDS.items():
            if kind != "coinventors":
                frequency = np.bincount(counts[kind].indices, minlength=counts[kind].shape[1])
                weights[kind] = np.log((max(n, SMALL) + 1) / (frequency + 0.5)) ** power
        joint = (np.diff(counts["coinventors"].indptr) > 0).astype(float)
        return cls(counts, weights, years, years, np.ones(n), joint)

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
            np.bincount(labels, self.filings, n),
            np.bincount(labels, self.joint, n),
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
        sizes = (self.filings, self.joint)
        return Comparison(ready, weight_of_list, filled, (self.first, self.last), sizes)


@dataclass(frozen=True)
class Comparison:
    """Compares items; see :class:`Evidence`."""

    profiles: Mapping[str, Any]
    list_weight: np.ndarray
    filled: Mapping[str, np.ndarray]
    years: tuple[np.ndarray, np.ndarray]
    sizes: tuple[np.ndarray, np.ndarray]

    def block(self, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features of every item of ``rows`` with every item of ``columns``.

        Returns
        -------
        numpy.ndarray
            Shape (features, rows, columns), float32.
        numpy.ndarray
            Boolean matrix: the two items stand in one filing, so they are two people.
        """
        dot = {
            kind: (profile[rows] @ profile[columns].T).toarray()
            for kind, profile in self.profiles.items()
        }
        return self._features(dot, rows[:, None], columns[None, :]), dot["work"] > 0

    def pairs(self, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same for given pairs of positions: shape (features, pairs)."""
        dot = {
            kind: row_products(profile, profile, first, second)
            for kind, profile in self.profiles.items()
        }
        return self._features(dot, first, second), dot["work"] > 0

    def _features(self, dot: Mapping[str, np.ndarray], a: np.ndarray, b: np.ndarray) -> np.ndarray:
        shared = dot["coinventors"]
        shorter = np.minimum(self.list_weight[a], self.list_weight[b])
        both = {kind: has[a] & has[b] for kind, has in self.filled.items()}
        filings, joint = self.sizes
        strangers = both["coinventors"] & (shared == 0)
        first, last = self.years
        gap = np.maximum(np.maximum(first[a], first[b]) - np.minimum(last[a], last[b]), 0)
        rows = (
            np.minimum(shared, 1),
            np.minimum(shared / np.maximum(shorter, 0.3), 1),
            ~both["coinventors"],
            np.where(strangers, np.log(np.maximum(np.minimum(joint[a], joint[b]), 1)), 0),
            np.log(np.maximum(filings[a], filings[b])),
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
