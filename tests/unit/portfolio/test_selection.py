"""The choice equals brute force, keeps its rules, and says what it does not know."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pandas as pd
import pytest

from patentnav import ArgumentError, portfolio


def offers(rows, **columns):
    """rows: (id, score, members)."""
    frame = pd.DataFrame(rows, columns=["portfolio_id", "score", "members"])
    frame["meets_gate"] = pd.array([True] * len(frame), dtype="boolean")
    return frame.assign(**columns)


def instance(seed):
    """A small instance with owners, alliances, industries, must-haves and exclusions."""
    rng = np.random.default_rng(seed)
    size, families = int(rng.integers(4, 10)), int(rng.integers(6, 16))
    rows = [
        (f"P{i}", float(rng.integers(1, 30)),
         tuple(sorted(rng.choice(families, int(rng.integers(1, 4)), replace=False).astype(str))))
        for i in range(size)
    ]  # fmt: skip
    owners = [
        tuple(sorted(rng.choice(list("abcd"), int(rng.integers(1, 3)), replace=False)))
        for _ in rows
    ]
    table = offers(rows, owners=owners, industry=rng.choice(list("xyz"), size))
    limits = {"n": int(rng.integers(1, 5))}
    if rng.random() < 0.5:
        limits["max_per_owner"] = int(rng.integers(1, 3))
    if rng.random() < 0.4:
        limits["min_industries"] = int(rng.integers(1, 3))
    if rng.random() < 0.3:
        limits["must"] = [f"P{int(rng.integers(size))}"]
    if rng.random() < 0.3:
        limits["exclude"] = [f"P{int(rng.integers(size))}"]
    return table, limits


def brute_force(table, limits):
    """Greatest total of all choices that keep the rules; None where none does."""
    best = None
    must, banned = set(limits.get("must", ())), set(limits.get("exclude", ()))
    rows = list(table.itertuples())
    for size in range(limits["n"] + 1):
        for group in itertools.combinations(rows, size):
            ids = {row.portfolio_id for row in group}
            families = [one for row in group for one in row.members]
            owners = [one for row in group for one in row.owners]
            most = limits.get("max_per_owner", len(owners))
            if (
                must <= ids
                and not banned & ids
                and len(set(families)) == len(families)
                and all(owners.count(one) <= most for one in owners)
                and len({row.industry for row in group}) >= limits.get("min_industries", 0)
            ):
                total = sum(row.score for row in group)
                best = total if best is None else max(best, total)
    return best


def test_two_hundred_small_instances_equal_brute_force():
    refused = 0
    for seed in range(200):
        table, limits = instance(seed)
        best = brute_force(table, limits)
        if best is None:
            with pytest.raises(ArgumentError):
                portfolio.select(table, **limits)
            refused += 1
            continue
        found = portfolio.select(table, **limits)
        assert found.total == pytest.approx(best), (seed, limits)
        assert found.proven, seed
        assert found.gap == 0
        assert portfolio.members(found.chosen)["publication_id"].is_unique
    assert refused < 60


def test_alternatives_are_exchanges_that_keep_the_rules_and_lose_little():
    table = offers(
        [("a", 50.0, ("1",)), ("b", 49.5, ("1", "2")), ("c", 40.0, ("3",)), ("d", 20.0, ("4",))]
    )
    found = portfolio.select(table, 2)
    assert found.chosen["portfolio_id"].tolist() == ["a", "c"]
    rows = found.alternatives[["portfolio_out", "portfolio_in", "loss", "total"]].values.tolist()
    assert rows == [["a", "b", 0.5, 89.5]]


def test_must_haves_that_cannot_be_had_are_said():
    table = offers([("a", 5.0, ("1",)), ("b", 9.0, ("1",)), ("c", 1.0, ("2",))])
    assert portfolio.select(table, must=["a"]).chosen["portfolio_id"].tolist() == ["a", "c"]
    assert portfolio.select(table, exclude=["b", "c"]).chosen["portfolio_id"].tolist() == ["a"]
    with pytest.raises(ArgumentError, match="share a family"):
        portfolio.select(table, must=["a", "b"])
    with pytest.raises(ArgumentError, match="no candidate"):
        portfolio.select(table, must=["z"])
    with pytest.raises(ArgumentError, match="cannot be chosen"):
        portfolio.select(table, must=["a"], exclude=["a"])
    short = table.assign(meets_gate=pd.array([False, True, True], dtype="boolean"))
    with pytest.raises(ArgumentError, match="meeting=False"):
        portfolio.select(short, must=["a"])


def greedy(table, n):
    """The best first, then exchanges of one for one as long as any gains; families as sets."""
    rows = sorted(table.itertuples(), key=lambda row: (-row.score, row.portfolio_id))
    taken = []
    for row in rows:
        if len(taken) < n and all(set(row.members).isdisjoint(one.members) for one in taken):
            taken.append(row)
    gained = True
    while gained:
        gained = False
        for row in rows:
            if row in taken:
                continue
            for out in sorted(taken, key=lambda one: one.score):
                rest = [one for one in taken if one is not out]
                free = all(set(row.members).isdisjoint(one.members) for one in rest)
                if row.score > out.score and free:
                    taken, gained = [*rest, row], True
                    break
    return sum(row.score for row in taken)


def test_a_hopeless_instance_says_so_with_a_bound_within_its_limit():
    rng = np.random.default_rng(0)
    rows = [
        (f"P{i:04}", float(rng.uniform(1, 100)),
         tuple(f"{x:05}" for x in sorted(rng.choice(5_000, 60, replace=False))))
        for i in range(1_000)
    ]  # fmt: skip
    table = offers(rows)
    start = time.monotonic()
    found = portfolio.select(table, 30, time_limit=4)
    assert time.monotonic() - start < 12  # three times the limit, for a machine under load
    assert not found.proven
    assert found.total < found.bound < np.sort(table["score"])[::-1][:30].sum()
    assert found.total >= greedy(table, 30) - 1e-6
