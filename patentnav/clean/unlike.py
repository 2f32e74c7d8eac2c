"""What the words of two names say, where their letters are alike.

"Mitsubishi Materials" and "Mitsubishi Electric", an advanced institute and a plain one, federal
universities whose long names differ in the town alone: letters join them, words keep them apart.
"""

from __future__ import annotations

import functools

from patentnav.clean import latin

MISSPELT = 5  # letters from which a word may be another one misspelt
VOWELS = "AEIOU"
ABBREVIATION = 5  # letters up to which a word may be letters of another one in their order
SHORTENED = 3  # letters from which a word may be the beginning of another one
NUMERALS = frozenset({"II", "III", "IV", "VI", "VII", "VIII", "IX"})
_DIRECTIONS = frozenset({"NORTH", "SOUTH", "EAST", "WEST", "CENTRAL"})
_KINDS = frozenset({"UNIV", "STATEUNIV", "FEDUNIV", "INST", "COLL", "POLYTECH", "HOCHSCHULE"})


@functools.lru_cache(maxsize=200_000)
def unlike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether the words of two names say different organisations.

    Universities and institutes differ by a word of their own on each side, by another kind of
    institution, or by a word such as *technology*, *advanced* or *south* on one side, or, if a Chinese
    town is all they share, by any word of its own; those of one
    state of the USA by kind and direction only, as a town names a campus there. Firms differ by
    their lines of business, or by a line of business against another word.

    Parameters
    ----------
    one, other
        Stems of the names.

    Examples
    --------
    >>> unlike(("MITSUBISHI", "MAT"), ("MITSUBISHI", "ELEC"))
    True
    >>> unlike(("HUGES", "AERO"), ("HUGHES", "AERO"))
    False
    """
    public = bool(_KINDS.intersection(one) and _KINDS.intersection(other))
    left, right = _without_partners(set(one) - set(other), set(other) - set(one))
    if not left and not right:
        return False
    t, generic = latin.tables(), latin.generic_stems()
    if (left | right) & NUMERALS or (left & t.towns and right & t.towns):
        return True
    if public:
        telling = _DIRECTIONS if set(one) & set(other) & t.contested else t.sciences
        own = left - generic, right - generic
        shared = (set(one) & set(other)) - generic
        of_a_town = bool(shared) and shared <= t.towns and not (left | right) & t.units
        return (
            (all(own) and telling is not _DIRECTIONS)
            or (any(own) and of_a_town)
            or bool(left & _KINDS and right & _KINDS)
            or bool((left | right) & telling and not (left | right) & t.units)
        )
    if left and right:
        fields = left & t.fields, right & t.fields
        own = left - generic, right - generic
        if all(own) and not (set(one) & set(other)) - generic:
            return True
        return all(fields) or bool((fields[0] and own[1]) or (fields[1] and own[0]))
    return bool((left | right) & t.fields)


def _without_partners(left: set[str], right: set[str]) -> tuple[set[str], set[str]]:
    """Words without a misspelt or shortened partner on the other side."""
    generic = latin.generic_stems()
    pairs = [
        (a, b)
        for a in sorted(left) for b in sorted(right)
        if not (a in generic and b in generic) and (_misspelt(a, b) or _shortened(a, b))
    ]  # fmt: skip
    return left - {a for a, _ in pairs}, right - {b for _, b in pairs}


def _misspelt(word: str, other: str) -> bool:
    shorter = min(len(word), len(other))
    if shorter >= MISSPELT and word[0] == other[0]:
        return latin.edit_distance(word, other) <= (2 if shorter >= 2 * MISSPELT else 1)
    return False


def _shortened(word: str, other: str) -> bool:
    """Beginning of the other word, or letters of it in their order: ``JR``, ``MGMT``.

    Words are cut behind a consonant: "Para" is no short form of "Parana".
    """
    short, long = sorted((word, other), key=len)
    if long.startswith(short):
        return len(short) >= SHORTENED and short[-1] not in VOWELS
    letters = iter(long)
    return (
        1 < len(short) <= ABBREVIATION
        and short[0] == long[0]
        and all(letter in letters for letter in short)
    )
