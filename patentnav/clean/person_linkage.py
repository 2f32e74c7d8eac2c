"""From mentions to people: sure groups of one name first, then groups of names that may be one.

Three passes, each average linkage on log odds. The first joins mentions of one name on sure evidence
only; the next two compare the groups with all their filings together, across spellings of the name.
Average linkage does not chain strangers through one common acquaintance.

The pairs of a block are taken in pieces: memory grows with the largest block, not with the set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._progress import progress
from patentnav.clean import learning
from patentnav.clean.linkage import components, members
from patentnav.clean.name_graph import Spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.clean.evidence import Comparison, Evidence
    from patentnav.clean.name_graph import NameGraph

SURE_CUT = 1.0
CUT = -1.0
CAP, IMPOSSIBLE = 10.0, 1e9
DOUBT = 2.0
# A block of more items is compared in parts; the next pass compares the groups of all parts.
LARGEST = 12_000
# Blocks of more items are compared by products of matrices, smaller ones pair by pair.
DENSE = 40
PAIRS_AT_ONCE = 500_000
ROWS_AT_ONCE = 200_000


@dataclass(frozen=True)
class People:
    """Result of :func:`link`.

    Attributes
    ----------
    labels
        Person of every mention (int from 0).
    strength
        Mean log odds that joins the mention's person together; NaN for a single mention.
    rival
        Best mean log odds with another person; NaN when there is no other candidate.
    doubtful
        ``first, second`` (mentions), ``log_odds``, ``joined``: pairs near the cut, each shown by
        the first mention of a group; ``joined`` tells what was decided.
    """

    labels: np.ndarray
    strength: np.ndarray
    rival: np.ndarray
    doubtful: pd.DataFrame


@dataclass(frozen=True)
class _Model:
    """What the pairs of one pass are compared with."""

    compared: Comparison
    spellings: Spellings
    rarity: np.ndarray
    weights: learning.Weights

    def log_odds(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Log odds of pairs of items; -inf where they are two people for sure."""
        return self._weighed(*self.compared.pairs(first, second), first, second)

    def of_block(self, group: np.ndarray) -> np.ndarray:
        """Log odds of all pairs of a block, the first item with each later one, and so on."""
        n = len(group)
        step = max(ROWS_AT_ONCE // n, 1)
        parts = []
        for start in range(0, n, step):
            rows = np.arange(start, min(start + step, n))
            features, one_filing = self.compared.block(group[rows], group[start:])
            later = np.arange(start, n)[None, :] > rows[:, None]
            first, second = np.nonzero(later)
            seen = (features[:, later], one_filing[later])
            parts.append(self._weighed(*seen, group[rows[first]], group[start + second]))
        return np.concatenate(parts)

    def _weighed(
        self, features: np.ndarray, one_filing: np.ndarray, first: np.ndarray, second: np.ndarray
    ) -> np.ndarray:
        main = self.spellings.main
        rare = np.maximum(self.rarity[main[first]], self.rarity[main[second]])
        odds = self.weights.log_odds(features, rare) + self.spellings.terms(first, second)
        result: np.ndarray = np.where(one_filing, -np.inf, odds).astype(np.float32)
        return result


def link(
    evidence: Evidence,
    name: np.ndarray,
    graph: NameGraph,
    rarity: np.ndarray,
    *,
    joined: np.ndarray | None = None,
) -> People:
    """Group mentions into people.

    Parameters
    ----------
    evidence
        Profiles of the mentions, sorted so that their order does not depend on the input's.
    name
        Position of the name of each mention.
    graph
        The names.
    rarity
        Rarity of each name.
    joined
        Pairs of mentions that were decided to be one person, shape (pairs, 2).
    """
    decided = np.empty((0, 2), dtype=int) if joined is None else joined
    labels = np.unique(components(decided[:, 0], decided[:, 1], len(name)), return_inverse=True)[1]
    # Mentions decided to be one person go by the name of theirs that is most frequent in the set.
    order = np.lexsort((name, -np.bincount(name)[name], labels))
    name = name[order[np.unique(labels[order], return_index=True)[1]]][labels]
    labels = sure_groups(evidence, (labels, name), graph, rarity)
    names = (graph, rarity)
    labels = _pass(evidence, (labels, name), names, cut=CUT, block=graph.component).merged
    found = _pass(evidence, (labels, name), names, cut=CUT, block=graph.component, summary=True)
    n = int(found.merged.max()) + 1 if len(name) else 0
    strength = found.inside.reindex(range(n)).to_numpy()[found.merged]
    rival = found.rival.reindex(range(n)).to_numpy()[found.merged]
    return People(found.merged, strength, rival, found.doubtful)


def sure_groups(
    evidence: Evidence,
    mentions: tuple[np.ndarray, np.ndarray],
    graph: NameGraph,
    rarity: np.ndarray,
) -> np.ndarray:
    """First pass: groups of mentions (label and name of each) of one name on sure evidence."""
    block = np.arange(len(graph.han))
    return _pass(evidence, mentions, (graph, rarity), cut=SURE_CUT, block=block).merged


@dataclass(frozen=True)
class _Found:
    """Merged label of every mention and, where asked for, what joins and parts people."""

    merged: np.ndarray
    inside: pd.Series
    rival: pd.Series
    doubtful: pd.DataFrame


def _pass(
    evidence: Evidence,
    mentions: tuple[np.ndarray, np.ndarray],
    names: tuple[NameGraph, np.ndarray],
    *,
    cut: float,
    block: np.ndarray,
    summary: bool = False,
) -> _Found:
    """Average linkage of items inside the blocks of their names."""
    labels, name = mentions
    graph, rarity = names
    spellings = Spellings.of(labels, name, graph)
    compared = evidence.grouped(labels).compared()
    own = block[spellings.main]
    merged = np.arange(len(own))
    seen: list[_Seen] = []
    stage = learning.FILINGS if cut == SURE_CUT else learning.GROUPS
    for script, is_han in (("han", True), ("latin", False)):
        model = _Model(compared, spellings, rarity, learning.shipped(script, stage))
        items = np.flatnonzero(graph.han[spellings.main] == is_han)
        for groups in progress(list(_chunks(items, own[items])), "inventors"):
            odds = _odds_of(groups, model)
            bounds = np.cumsum([0, *(len(g) * (len(g) - 1) // 2 for g in groups)])
            _join(groups, odds, bounds, cut, merged)
            if summary:
                seen.append(_Seen.of(groups, odds, merged))
    found = np.unique(merged, return_inverse=True)[1]
    if not summary:
        nothing = pd.Series(dtype="float64")
        return _Found(found[labels], nothing, nothing, pd.DataFrame())
    return _summary(seen, merged, found, labels)


def _chunks(items: np.ndarray, block: np.ndarray) -> Iterator[list[np.ndarray]]:
    """Blocks of at least two items, together until there are enough pairs."""
    chunk: list[np.ndarray] = []
    pairs = 0
    for group in members(block):
        for part in np.array_split(items[group], -(-len(group) // LARGEST)):
            chunk.append(part)
            pairs += len(part) * (len(part) - 1) // 2
            if pairs >= PAIRS_AT_ONCE:
                yield chunk
                chunk, pairs = [], 0
    if chunk:
        yield chunk


def _odds_of(groups: list[np.ndarray], model: _Model) -> np.ndarray:
    """Log odds of the pairs of all groups, one group after the other."""
    found: list[np.ndarray] = []
    small: list[np.ndarray] = []
    for group in groups:
        if len(group) <= DENSE:
            small.append(group)
            continue
        if small:
            found.append(model.log_odds(*_pairs_of(small)))
            small = []
        found.append(model.of_block(group))
    if small:
        found.append(model.log_odds(*_pairs_of(small)))
    return np.concatenate(found)


def _pairs_of(groups: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of each group, the first item with each later one, and so on."""
    items = np.concatenate(groups)
    size = np.array([len(g) for g in groups])
    end = np.repeat(np.cumsum(size), size)
    position = np.arange(len(items))
    later = end - position - 1
    first = np.repeat(position, later)
    within = np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)
    return items[first], items[first + 1 + within]


def _join(
    groups: list[np.ndarray], odds: np.ndarray, bounds: np.ndarray, cut: float, merged: np.ndarray
) -> None:
    """Give the items of each group that are one person the label of the first of them."""
    most = np.maximum.reduceat(odds, bounds[:-1])
    least = np.minimum.reduceat(odds, bounds[:-1])
    distance = CAP - np.clip(odds, -CAP, CAP).astype(np.float64)
    distance[np.isinf(odds)] = IMPOSSIBLE
    for at in np.flatnonzero(most >= cut):
        group = groups[at]
        if least[at] >= cut:
            merged[group] = group[0]
        else:
            merged[group] = group[_average_linkage(distance[bounds[at] : bounds[at + 1]], cut)]


def _average_linkage(distance: np.ndarray, cut: float) -> np.ndarray:
    """Position of the first member of the group of each item, from the distances of all pairs."""
    from scipy.cluster.hierarchy import linkage

    tree = linkage(distance, method="average")
    n = len(tree) + 1
    # Read from the root: a node below the cut belongs to the node it joins into.
    group = np.arange(2 * n - 1)
    sides = tree[:, :2].astype(int)
    for row in np.flatnonzero(tree[:, 2] <= CAP - cut + 1e-9)[::-1]:
        group[sides[row]] = group[n + row]
    _, first, inverse = np.unique(group[:n], return_index=True, return_inverse=True)
    result: np.ndarray = first[inverse]
    return result


@dataclass(frozen=True)
class _Seen:
    """Mean log odds inside and between people, and the least alike pair of items of each."""

    between: pd.DataFrame
    weakest: pd.DataFrame

    @classmethod
    def of(cls, groups: list[np.ndarray], odds: np.ndarray, merged: np.ndarray) -> _Seen:
        """Sum up the pairs of some groups that are not far from the cut."""
        first, second = _pairs_of(groups)
        value = np.clip(odds, -CAP, CAP)
        near = value > CUT - 4 * DOUBT
        first, second, value = first[near], second[near], value[near]
        one, other = merged[first], merged[second]
        pairs = pd.DataFrame(
            {
                "first": np.minimum(one, other),
                "second": np.maximum(one, other),
                "log_odds": value.astype(float),
            }
        )
        mean = pairs.groupby(["first", "second"])["log_odds"].mean()
        weak = (one == other) & (value < CUT + DOUBT)
        inside = pd.DataFrame(
            {
                "person": one[weak],
                "log_odds": value[weak].astype(float),
                "first": first[weak],
                "second": second[weak],
            }
        )
        inside = inside.sort_values(["person", "log_odds", "first", "second"])
        weakest: pd.DataFrame = inside.drop_duplicates("person")
        return cls(mean.reset_index(), weakest)


def _summary(
    seen: list[_Seen], merged: np.ndarray, found: np.ndarray, labels: np.ndarray
) -> _Found:
    """What joins each person and its best rival; doubtful pairs by the first mention of each."""
    columns = ["first", "second", "log_odds"]
    nothing = pd.DataFrame({c: pd.Series(dtype="float64") for c in columns})
    mean = pd.concat([s.between for s in seen]) if seen else nothing
    weakest = pd.concat([s.weakest for s in seen]) if seen else nothing
    inside = mean[mean["first"] == mean["second"]]
    across = mean[mean["first"] != mean["second"]]
    number = pd.Series(found, index=np.arange(len(merged)))
    mirrored = across.rename(columns={"first": "second", "second": "first"})
    rival = pd.concat([across, mirrored]).groupby("first")["log_odds"].max()
    strength = inside.set_index("first")["log_odds"]
    strength.index, rival.index = (number[s.index].to_numpy() for s in (strength, rival))
    item = pd.Series(np.arange(len(labels))).groupby(labels).min()
    person = item.groupby(merged).min()
    doubtful = pd.concat(
        [
            _shown(across[across["log_odds"] > CUT - DOUBT], person, joined=False),
            _shown(weakest, item, joined=True),
        ],
        ignore_index=True,
    )
    return _Found(found[labels], strength, rival, doubtful)


def _shown(pairs: pd.DataFrame, mention: pd.Series, *, joined: bool) -> pd.DataFrame:
    """Pairs by the first mention of each side."""
    return pd.DataFrame(
        {
            "first": mention.reindex(pairs["first"].astype(int)).to_numpy(),
            "second": mention.reindex(pairs["second"].astype(int)).to_numpy(),
            "log_odds": pairs["log_odds"].to_numpy(dtype=float),
            "joined": joined,
        }
    )
