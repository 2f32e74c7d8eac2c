"""Facts of the IPC that a taxonomy is held against: its subclasses and what replaced old classes."""

from __future__ import annotations

import functools
import re

from patentnav import _resources
from patentnav.normalize.ladder import patterns_above, subclasses


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
