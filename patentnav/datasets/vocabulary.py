"""The invented city's words: technologies, industries and the bilingual lists of ``data/city``."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from patentnav import _resources

FIRST_YEAR, LAST_YEAR = 2006, 2025
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)

Pair = tuple[str, str]
"""A Chinese expression and its English form."""


@dataclass(frozen=True)
class Technology:
    """One technology of the city: its names, classes, words and development over the years."""

    id: str
    industry: str
    name: Pair
    curve: str
    symbols: tuple[str, ...]
    objects: tuple[Pair, ...]
    means: tuple[Pair, ...]
    problems: tuple[Pair, ...]
    effects: tuple[Pair, ...]


def table(name: str) -> dict[str, Any]:
    """A table of ``data/city``; read-only."""
    return _resources.load_toml("city", name)


def pair(text: str) -> Pair:
    """Split ``zh|en``."""
    zh, _, en = text.partition("|")
    return zh, en


def pairs(block: str) -> tuple[Pair, ...]:
    """Split a block of lines ``zh|en``."""
    return tuple(pair(line) for line in block.strip().splitlines())


@functools.cache
def technologies() -> tuple[Technology, ...]:
    """All technologies, in the order of the data files."""
    entries = {**table("technologies-1"), **table("technologies-2")}
    return tuple(
        Technology(
            id=name,
            industry=entry["industry"],
            name=(entry["zh"], entry["en"]),
            curve=entry["curve"],
            symbols=tuple(entry["ipc"]),
            objects=pairs(entry["objects"]),
            means=pairs(entry["means"]),
            problems=pairs(entry["problems"]),
            effects=pairs(entry["effects"]),
        )
        for name, entry in entries.items()
    )


def year_weights(curve: str) -> np.ndarray:
    """Share of a technology's filings per year of :data:`YEARS` (sums to one)."""
    logistic = {"mature": (2009.0, 0.55), "growing": (2016.0, 0.42), "emerging": (2021.0, 0.50)}
    if curve in logistic:
        middle, steepness = logistic[curve]
        weights = 1 / (1 + np.exp(-steepness * (YEARS - middle)))
    else:  # declining: a wave that has passed
        weights = np.exp(-0.5 * ((YEARS - 2013.5) / 3.5) ** 2) + 0.05
    return np.asarray(weights / weights.sum())
