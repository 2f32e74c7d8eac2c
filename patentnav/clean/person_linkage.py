"""From mentions to people: sure groups of one name first, then groups of names that may be one.

Three passes, each average linkage on log odds. The first joins mentions of one name on sure evidence
only; the next two compare the groups with all their filings together, across spellings of the name.
Average linkage does not chain strangers through one common acquaintance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._progress import progress
from patentnav.clean import chinese, inventor_names, learning
from patentnav.clean.linkage import components, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.clean.evidence import Evidence
    from patentnav.clean.inventor_names import PersonName

SURE_CUT = 1.0
CUT = -1.0
CAP, IMPOSSIBLE = 10.0, 1e9
BATCH, LARGEST = 256, 2500
DOUBT = 2.0


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
class NameGraph:
    """Distinct names of a set and which of them may be one person's.

    Attributes
    ----------
    component
        Component of every name; names of different components exclude each other.
    penalty
        Log odds taken off for two names of one component, by ``(smaller, larger)`` position.
    han
        Whether each name is in Chinese characters.
    """

    component: np.ndarray
    penalty: dict[tuple[int, int], float]
    han: np.ndarray

    @classmethod
    def of(cls, names: Sequence[PersonName]) -> NameGraph:
        """Compare names of one family name with a common beginning or short form."""
        buckets: dict[tuple[str, str], list[int]] = {}
        for position, name in enumerate(names):
            if name.given:
                for form in inventor_names.family_of_forms(name.given[0]):
                    buckets.setdefault((name.surname, form), []).append(position)
        penalty: dict[tuple[int, int], float] = {}
        for bucket in buckets.values():
            for at, a in enumerate(bucket):
                for b in bucket[at + 1 :]:
                    value = inventor_names.penalty(names[a].given, names[b].given)
                    if value is not None:
                        penalty[(a, b)] = value
        pairs = np.array(sorted(penalty), dtype=int).reshape(-1, 2)
        han = np.array([not n.given and chinese.has_cjk(n.surname) for n in names], dtype=bool)
        return cls(components(pairs[:, 0], pairs[:, 1], len(names)), penalty, han)

    def matrix(self, names: np.ndarray) -> np.ndarray:
        """Penalties between some names; -inf where they exclude each other."""
        n = len(names)
        found = np.full((n, n), -np.inf)
        np.fill_diagonal(found, 0.0)
        for i in range(n):
            for j in range(i + 1, n):
                a, b = names[i], names[j]
                value = self.penalty.get((a, b) if a < b else (b, a))
                if value is not None:
                    found[i, j] = found[j, i] = value
        return found


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
    model = (graph, rarity)
    decided = np.empty((0, 2), dtype=int) if joined is None else joined
    start = np.unique(components(decided[:, 0], decided[:, 1], len(name)), return_inverse=True)[1]
    own = name[np.unique(start, return_index=True)[1]]
    labels = _pass(evidence.grouped(start), (own, own), model, SURE_CUT)[0][start]
    for _ in range(2):
        grouped = evidence.grouped(labels)
        spellings = _spellings(labels, name)
        block = graph.component[spellings["name"].groupby(spellings["item"]).first().to_numpy()]
        merged, pairs = _pass(grouped, (block, spellings), model, CUT)
        strength, rival, doubtful = _summary(merged, pairs, labels)
        labels = merged[labels]
    return People(labels, strength, rival, doubtful)


def _spellings(labels: np.ndarray, name: np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame({"item": labels, "name": name})
    counts = frame.value_counts().reset_index(name="mentions")
    return counts.sort_values(["item", "mentions", "name"], ascending=[True, False, True])


def _pass(
    evidence: Evidence,
    blocks: tuple[np.ndarray, np.ndarray | pd.DataFrame],
    model: tuple[NameGraph, np.ndarray],
    cut: float,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Average linkage inside blocks; labels without gaps and the pairs seen inside blocks."""
    block, spelling = blocks
    graph, rarity = model
    weights = {True: learning.shipped("han"), False: learning.shipped("latin")}
    compared = evidence.compared()
    found = np.arange(len(block))
    seen: list[pd.DataFrame] = []
    for batch in progress(list(_batches(block)), "inventors"):
        positions = np.concatenate(batch)
        features, one_filing = compared.block(positions)
        start = 0
        for group in batch:
            part = slice(start, start + len(group))
            start += len(group)
            off, rare = _name_terms(group, spelling, graph, rarity)
            script = bool(graph.han[_first_name(group, spelling)])
            odds = weights[script].log_odds(features[:, part, part], rare) + off
            odds = np.where(one_filing[part, part], -np.inf, odds)
            local = _average_linkage(odds, cut)
            found[group] = group[local]
            if isinstance(spelling, pd.DataFrame):
                seen.append(_pairs_of(group, odds))
    nothing = pd.DataFrame(columns=["first", "second", "log_odds"], dtype="float64")
    pairs = pd.concat(seen) if seen else nothing
    return np.unique(found, return_inverse=True)[1], pairs


def _batches(block: np.ndarray) -> Iterator[list[np.ndarray]]:
    batch: list[np.ndarray] = []
    size = 0
    for group in members(block):
        for part in np.array_split(group, -(-len(group) // LARGEST)):
            if size + len(part) > BATCH and batch:
                yield batch
                batch, size = [], 0
            batch.append(part)
            size += len(part)
    if batch:
        yield batch


def _first_name(group: np.ndarray, spelling: np.ndarray | pd.DataFrame) -> int:
    if isinstance(spelling, pd.DataFrame):
        row = np.searchsorted(spelling["item"].to_numpy(), group[0])
        return int(spelling["name"].to_numpy()[row])
    return int(spelling[group[0]])


def _name_terms(
    group: np.ndarray,
    spelling: np.ndarray | pd.DataFrame,
    graph: NameGraph,
    rarity: np.ndarray,
) -> tuple[np.ndarray | float, np.ndarray | float]:
    """Penalty and rarity of the names of each pair of a group."""
    if not isinstance(spelling, pd.DataFrame):
        return 0.0, float(rarity[spelling[group[0]]])
    item = spelling["item"].to_numpy()
    low, high = np.searchsorted(item, group), np.searchsorted(item, group, side="right")
    rows = np.concatenate([np.arange(a, b) for a, b in zip(low, high, strict=True)])
    owner = np.repeat(np.arange(len(group)), high - low)
    names, column = np.unique(spelling["name"].to_numpy()[rows], return_inverse=True)
    main = spelling["name"].to_numpy()[low]
    rare = np.maximum(rarity[main][:, None], rarity[main][None, :])
    if len(names) == 1:
        return 0.0, rare
    between = graph.matrix(names)
    has = np.zeros((len(group), len(names)))
    has[owner, column] = 1.0
    exclude = (has @ np.isinf(between) @ has.T) > 0
    share = has / has.sum(axis=1, keepdims=True)
    mean = share @ np.where(np.isinf(between), 0.0, between) @ share.T
    return np.where(exclude, -np.inf, mean), rare


def _average_linkage(odds: np.ndarray, cut: float) -> np.ndarray:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distance = np.where(np.isinf(odds), IMPOSSIBLE, CAP - np.clip(odds, -CAP, CAP))
    distance = distance.astype(np.float64)
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), method="average")
    clusters = fcluster(tree, CAP - cut + 1e-9, criterion="distance")
    _, first, inverse = np.unique(clusters, return_index=True, return_inverse=True)
    result: np.ndarray = first[inverse]
    return result


def _pairs_of(group: np.ndarray, odds: np.ndarray) -> pd.DataFrame:
    first, second = np.triu_indices(len(group), k=1)
    value = np.clip(odds[first, second], -CAP, CAP)
    near = value > CUT - 4 * DOUBT
    return pd.DataFrame(
        {"first": group[first[near]], "second": group[second[near]], "log_odds": value[near]}
    )


def _summary(
    merged: np.ndarray, pairs: pd.DataFrame, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Per mention the strength of its person and its best rival; doubtful pairs of persons."""
    first = merged[pairs["first"].to_numpy(dtype=int)]
    second = merged[pairs["second"].to_numpy(dtype=int)]
    both = pd.DataFrame(
        {
            "first": np.minimum(first, second),
            "second": np.maximum(first, second),
            "log_odds": pairs["log_odds"].to_numpy(dtype=float),
        }
    )
    mean = both.groupby(["first", "second"], as_index=False)["log_odds"].mean()
    n = int(merged.max()) + 1 if len(merged) else 0
    inside = mean[mean["first"] == mean["second"]].set_index("first")["log_odds"]
    across = mean[mean["first"] != mean["second"]]
    mirrored = across.rename(columns={"first": "second", "second": "first"})
    rival = pd.concat([across, mirrored]).groupby("first")["log_odds"].max()
    people = merged[labels]
    strength = inside.reindex(range(n)).to_numpy()[people]
    doubtful = pd.concat(
        [
            _shown(across[across["log_odds"] > CUT - DOUBT], people, joined=False),
            _shown(_weakest(pairs, merged), labels, joined=True),
        ],
        ignore_index=True,
    )
    return strength, rival.reindex(range(n)).to_numpy()[people], doubtful


def _weakest(pairs: pd.DataFrame, merged: np.ndarray) -> pd.DataFrame:
    """The least alike pair of groups inside every person, where it is in doubt."""
    first = merged[pairs["first"].to_numpy(dtype=int)]
    inside = pairs[first == merged[pairs["second"].to_numpy(dtype=int)]]
    inside = inside.assign(person=merged[inside["first"].to_numpy(dtype=int)])
    inside = inside[inside["log_odds"] < CUT + DOUBT]
    ordered = inside.sort_values(["person", "log_odds", "first", "second"])
    weakest: pd.DataFrame = ordered.drop_duplicates("person")
    return weakest


def _shown(pairs: pd.DataFrame, group: np.ndarray, *, joined: bool) -> pd.DataFrame:
    """Pairs of groups by the first mention of each."""
    mention = pd.Series(np.arange(len(group))).groupby(group).min()
    return pd.DataFrame(
        {
            "first": mention.reindex(pairs["first"].astype(int)).to_numpy(),
            "second": mention.reindex(pairs["second"].astype(int)).to_numpy(),
            "log_odds": pairs["log_odds"].to_numpy(dtype=float),
            "joined": joined,
        }
    )
