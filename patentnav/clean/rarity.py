"""How many people of a set may bear a name, from its parts over distinct names.

Distinct names are counted, never mentions: a prolific person must not make a name look common.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import numpy as np

from patentnav import _resources
from patentnav.clean import chinese

if TYPE_CHECKING:
    from collections.abc import Collection

    from patentnav.clean.inventor_names import PersonName

# A rarer name than this is no further evidence: it may be a namesake all the same.
LOWEST, HIGHEST = -3.0, 3.0
# A small set says little about names: known shares of characters count as this many names, and
# namesakes are expected as in a set of SMALL distinct names.
KNOWN, SMALL = 2000, 5000
UNLISTED = 3e-5
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,3}")


@functools.cache
def _known_shares() -> tuple[dict[str, float], dict[str, float]]:
    rows = _resources.load_csv("names", "name-characters")
    surname = {row["character"]: float(row["surname"]) / 1e5 for row in rows}
    given = {row["character"]: float(row["given"]) / 1e5 for row in rows}
    return surname, given


class Rarity:
    """Log of the expected number of bearers of a name.

    Parameters
    ----------
    names
        All names of the set, co-inventors too.

    Notes
    -----
    Latin script: (surnames seen with the given name + 1) x (given names seen with the surname + 1)
    / distinct names. Chinese characters: distinct names x the shares of the surname's character and
    of each given character (``data/names/name-characters.csv`` and the set). Both clipped to
    -3 … 3.
    """

    def __init__(self, names: Collection[PersonName]) -> None:
        distinct = sorted(set(names))
        self._latin: dict[str, set[str]] = {}
        self._given: dict[str, set[str]] = {}
        self._first: dict[str, int] = {}
        self._other: dict[str, int] = {}
        self._n_latin = self._n_han = self._n_given = 0
        for name in distinct:
            if name.given:
                self._latin.setdefault(name.surname, set()).add(name.joined)
                self._given.setdefault(name.joined, set()).add(name.surname)
                self._n_latin += 1
            elif chinese.has_cjk(name.surname):
                self._n_han += 1
                text = name.surname
                self._first[text[0]] = self._first.get(text[0], 0) + 1
                for char in text[1:]:
                    self._other[char] = self._other.get(char, 0) + 1
                    self._n_given += 1

    def of(self, name: PersonName) -> float:
        """Log of the expected number of bearers."""
        if name.given:
            surnames = len(self._given.get(name.joined, ())) + 1
            given = len(self._latin.get(name.surname, ())) + 1
            expected = surnames * given / max(self._n_latin, 1)
        elif chinese.has_cjk(name.surname):
            expected = self._expected_han(name.surname)
        else:
            expected = 1.0
        return float(min(max(np.log(expected), LOWEST), HIGHEST))

    def share(self, name: PersonName) -> float:
        """Share of the people who bear a Chinese name of two or three characters; NaN for other names.

        Longer ones are mostly Japanese or transliterated: the shares of Chinese names say nothing of
        them.
        """
        if name.given or not _CHINESE.fullmatch(name.surname):
            return float("nan")
        return self._expected_han(name.surname) / max(self._n_han, SMALL)

    def _expected_han(self, text: str) -> float:
        surname, given = _known_shares()
        expected = max(self._n_han, SMALL) * _share(text[0], self._first, surname, self._n_han)
        for char in text[1:]:
            expected *= _share(char, self._other, given, self._n_given)
        return expected


def _share(char: str, seen: dict[str, int], known: dict[str, float], n: int) -> float:
    """Share of a character: that of the set and the known one, by their sizes."""
    return (seen.get(char, 0) + KNOWN * max(known.get(char, 0.0), UNLISTED)) / (n + KNOWN)
