"""Chances that somebody of so many technologies is in a technology of such a size, solved group by group."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROUNDS, _CLOSE = 20_000, 1e-13


def breadth_chances(
    breadths: Mapping[int, int], sizes: Mapping[str, int]
) -> dict[int, dict[str, float]]:
    """Chance of every technology for those of every number of technologies.

    The logarithms of the odds add up from one part of the owner and one of the technology; on the
    mean every owner has its number of technologies and every technology its size.

    Parameters
    ----------
    breadths
        How many there are by number of technologies.
    sizes
        How many are in every technology.

    Returns
    -------
    dict
        By number of technologies and technology.
    """
    found: dict[int, dict[str, float]] = {b: dict.fromkeys(sizes, 0.0) for b in breadths}
    rows = {b: (b, n) for b, n in breadths.items()}  # what is left to place, and how many
    columns = dict(sizes)
    while rows and columns:
        whole = [b for b, (left, _) in rows.items() if left >= len(columns)]
        for b in whole:
            for key in columns:
                found[b][key] = 1.0
                columns[key] -= rows[b][1]
        done = [b for b, (left, _) in rows.items() if b in whole or left <= 0]
        if done:
            rows = {b: row for b, row in rows.items() if b not in done}
            continue
        people = sum(n for _, n in rows.values())
        held = [key for key, size in columns.items() if size >= people]
        for key in held:
            for b, (left, n) in rows.items():
                found[b][key] = 1.0
                rows[b] = (left - 1, n)
        gone = [key for key, size in columns.items() if key in held or size <= 0]
        if not gone:
            _solve(found, rows, columns)
            break
        columns = {key: size for key, size in columns.items() if key not in gone}
    return found


def _solve(
    found: dict[int, dict[str, float]],
    rows: Mapping[int, tuple[int, int]],
    columns: Mapping[str, int],
) -> None:
    alike = Counter(columns.values())  # technologies of one size have one chance
    x = {b: left / math.sqrt(sum(columns.values())) for b, (left, _) in rows.items()}
    y = {size: size / math.sqrt(sum(columns.values())) for size in alike}
    for _ in range(_ROUNDS):
        moved = 0.0
        for b, (left, _) in rows.items():
            new = left / math.fsum(n * y[s] / (1 + x[b] * y[s]) for s, n in alike.items())
            moved, x[b] = max(moved, abs(new - x[b]) / new), new
        for size in alike:
            y[size] = size / math.fsum(
                n * x[b] / (1 + x[b] * y[size]) for b, (_, n) in rows.items()
            )
        if moved <= _CLOSE:
            break
    for b in rows:
        for key, size in columns.items():
            odds = x[b] * y[size]
            found[b][key] = odds / (1 + odds)
