"""Weights of phrases against a plain count with sets and loops."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from patentnav import text
from patentnav.cluster import names, scoring, vectors

WORDS = ["gearbox", "gearbox housing", "telescope", "oil lamp", "lamp", "nozzle ring", "nozzle",
         "pump", "battery pack", "battery"]  # fmt: skip


def drawn(seed: int, n: int = 400, k: int = 8) -> tuple[names.Titles, np.ndarray]:
    """Titles of two things each, whole texts, few owners and groups, by lot."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(-1, k, n)
    likely = 0.05 + (generator.random((k + 1, len(WORDS))) < 0.25)
    chosen = [
        generator.choice(len(WORDS), 2, replace=False, p=row / row.sum()) for row in likely[labels]
    ]
    numbers = generator.integers(0, 200, n)  # some titles stand several times
    titles = pd.Series([" for ".join([*(WORDS[c] for c in own), str(i)])
                        for own, i in zip(chosen, numbers, strict=True)])  # fmt: skip
    bodies = np.array(
        [f" {t} . {' '.join(generator.choice(WORDS, 1))}" for t in titles], dtype=object
    )
    points = vectors.unit(generator.random((n, 8)))
    phrases = text.noun_phrases(titles)
    owners = generator.integers(-1, 9, n)
    owners[(titles.str.contains("pump|nozzle ring") & (generator.random(n) < 0.9)).to_numpy()] = 3
    return names.Titles(phrases, points, owners, titles.to_numpy(object), bodies), labels


def held(about: names.Titles, column: int) -> set[int]:
    return set(np.flatnonzero(about.phrases.presence[:, [column]].toarray().ravel()).tolist())


def plain(about: names.Titles, labels: np.ndarray, group: int) -> dict[int, tuple[float, ...]]:
    """Weight, cover, support and fit of every phrase and word of a group."""
    k, n = int(labels.max()) + 1, len(labels)
    once: dict[tuple[str, int], int] = {}
    for i in range(n):
        if labels[i] >= 0:
            once.setdefault((about.texts[i], labels[i]), i)
    here = set(once.values())
    own = {i for i in here if labels[i] == group}
    members = {i for i in range(n) if labels[i] == group}
    placed = [i for i in range(n) if labels[i] >= 0]
    centre = np.mean([about.vectors[i] for i in members], axis=0)
    known = [int(o) for o in about.owners if o >= 0]
    result = {}
    for column, term in enumerate(about.phrases.texts):
        holds = held(about, column)
        cover, share = len(holds & own) / len(own), len(holds & here) / len(here)
        if len(holds & own) < max(min(3, len(own)), 0.01 * len(own)):
            continue
        lift = (len(holds & own) + 3 * share) / (len(own) + 3) / share
        common = max(about.phrases.rarest[column] / n, share)
        if lift < min(2.0, 1 + 0.6 * (len(here) / len(own) - 1)):
            continue
        if common > max(0.2, 1.5 / k) and lift * share < 3 * common:
            continue
        mean = np.mean([about.vectors[i] for i in holds & here], axis=0)
        fit = float(mean @ centre / np.linalg.norm(mean) / np.linalg.norm(centre))
        weight = cover**0.75 * math.log(lift) * (1 + 0.2 * min(len(term.split()) - 1, 3)) * fit**3
        owners = [int(about.owners[i]) for i in holds & members if about.owners[i] >= 0]
        if len(owners) >= 3:
            most = max(sorted(set(owners)), key=owners.count)
            if owners.count(most) >= 0.7 * len(owners) and known.count(most) < 0.5 * len(known):
                weight *= 0.3
        inside = np.mean([f" {term}" in about.bodies[i] for i in members])
        outside = np.mean([f" {term}" in about.bodies[i] for i in placed])
        support = math.sqrt(cover * max(inside, cover))
        weight *= (outside <= max(0.35, 1.5 / k)) * (support / cover) ** 0.75
        read = max((inside + 0.02) / (outside + 0.02), 1)
        weight *= (math.log(lift) + math.log(read)) / 2 / math.log(lift)
        if weight > 0:
            result[column] = (weight, cover, support, fit)
    return result


def complete(about: names.Titles, columns: list[int], members: set[int]) -> set[int]:
    """Without phrases that mostly stand inside a longer one."""
    own = {c: held(about, c) & members for c in columns}
    said = {c: f" {about.phrases.texts[c]} " for c in columns}
    return {c for c in columns
            if not any(said[c] in said[d] and len(own[c] & own[d]) >= 0.6 * len(own[c])
                       for d in columns if said[d] != said[c])}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_weights_are_those_of_a_plain_count(monkeypatch, seed):
    monkeypatch.setattr(scoring, "READ", 1000)  # all texts: which are chosen is no matter here
    about, labels = drawn(seed)
    tables = scoring.scored(about, labels)
    listed = 0
    for group in range(int(labels.max()) + 1):
        members = set(np.flatnonzero(labels == group).tolist())
        expected = plain(about, labels, group)
        for table, broad in zip(tables, (False, True), strict=True):
            mine = table[table["group"] == group]
            kind = [c for c in expected if about.phrases.broad[c] == broad]
            assert set(mine["phrase"]) == complete(about, kind, members)
            assert mine["rank"].tolist() == list(range(1, len(mine) + 1))
            assert mine["weight"].is_monotonic_decreasing
            for row in mine.itertuples():
                numbers = (row.weight, row.cover, row.support, row.fit)
                assert numbers == pytest.approx(expected[row.phrase], rel=1e-5)
            listed += len(mine)
    assert listed > 1


@pytest.mark.parametrize("seed", range(3))
def test_some_groups_are_told_as_among_all(seed):
    about, labels = drawn(seed)
    for read in (True, False):
        whole = scoring.scored(about, labels, read=read)
        some = scoring.scored(about, labels, groups=[1, 3], read=read)
        for table, part in zip(whole, some, strict=True):
            wanted = table[table["group"].isin([1, 3])].reset_index(drop=True)
            pd.testing.assert_frame_equal(part, wanted)
    assert all(len(table) == 0 for table in scoring.scored(about, labels, groups=[]))


def test_a_phrase_stands_inside_another_as_whole_words():
    assert names.within("oil lamp", "small oil lamp")
    assert not names.within("oil lamp", "oil lamps")
    assert not names.within("oil lamp", "oil lamp")
    assert names.within("电池", "锂电池组")
    assert not names.within("锂电池组", "电池")
