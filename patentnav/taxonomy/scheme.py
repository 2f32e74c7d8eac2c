"""Facts of the IPC that a taxonomy is held against: its subclasses and what replaced old classes."""

from __future__ import annotations

import functools
import re

from patentnav import _resources
from patentnav.errors import did_you_mean
from patentnav.normalize.symbols import canonical_symbol
from patentnav.taxonomy.ladder import patterns_above

_LOOK_ALIKE = str.maketrans("OQILSB", "001158")  # letters typed for the digits of a class


@functools.cache
def subclasses() -> frozenset[str]:
    """Subclasses of IPC 2026.01."""
    rows = _resources.load_csv("classes", "ipc-subclasses")
    return frozenset(row["class"] + letter for row in rows for letter in row["letters"])


@functools.cache
def renewals() -> dict[str, tuple[tuple[str, ...], str]]:
    """Old pattern -> the patterns that took its content, and the edition of the change."""
    rows = _resources.load_csv("classes", "ipc-renewals")
    return {row["old"]: (tuple(row["new"].split()), row["edition"]) for row in rows}


@functools.cache
def _predecessors(since: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for old, (replacing, edition) in renewals().items():
        if _last(edition) > since:
            for new in replacing:
                found.setdefault(new, []).append(old)
    return {new: tuple(olds) for new, olds in found.items()}


def _last(edition: str) -> str:
    """Latest edition named in a cell."""
    named: list[str] = re.findall(r"\d{4}\.\d\d", edition)
    return max(named)


def with_predecessors(ladder: list[str], since: str = "") -> list[str]:
    """Patterns of a symbol, then those of the classes that it replaced after an edition.

    Examples
    --------
    >>> with_predecessors(["H10H", "H10", "H"])
    ['H10H', 'H10', 'H', 'H01L33', 'H01L', 'H01']
    >>> with_predecessors(["H10H", "H10", "H"], since="2026.01")
    ['H10H', 'H10', 'H']
    """
    known = _predecessors(since)
    older = [p for step in ladder for old in known.get(step, ()) for p in patterns_above(old)]
    return list(dict.fromkeys([*ladder, *older]))


def successors(pattern: str, since: str = "") -> tuple[str, ...]:
    """Patterns that took the content of a pattern, or of classes below it, after an edition.

    Examples
    --------
    >>> successors("H01L33")
    ('H10H',)
    """
    return tuple(
        dict.fromkeys(
            new
            for old, (replacing, edition) in renewals().items()
            if _last(edition) > since and pattern in patterns_above(old)
            for new in replacing
        )
    )


def replaced_by(pattern: str) -> tuple[tuple[str, ...], str] | None:
    """What took the content of a pattern that IPC 2026.01 no longer has; None where it still has it.

    A subclass counts as gone when the scheme lacks it; its successors are those of its groups.
    """
    ladder = patterns_above(pattern)
    for step in ladder:
        if step in renewals():
            return renewals()[step]
    if len(pattern) >= 4 and pattern[:4] not in subclasses():
        below = [entry for old, entry in renewals().items() if old.startswith(pattern[:4])]
        news = tuple(sorted({n[:4] for replacing, _ in below for n in replacing}))
        return news, max((edition for _, edition in below), default="")
    return None


def spelling_hint(pattern: str) -> str:
    """What a pattern that is none may have been meant for.

    Examples
    --------
    >>> spelling_hint("HO1M10")
    'Did you mean "H01M10"?'
    """
    text = re.sub(r"\s+", "", pattern).upper()
    mended = canonical_symbol(text[:1] + text[1:3].translate(_LOOK_ALIKE) + text[3:])
    close = f'"{mended}"' if mended is not None else did_you_mean(text[:4], subclasses(), n=2)
    return f"Did you mean {close}?" if close else "Write it like G06N, G06N10 or H04L9/08."
