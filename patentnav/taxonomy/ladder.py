"""The patterns that fit a symbol: itself and everything above it."""

from __future__ import annotations

import re

_PARTS = re.compile(r"^([A-HY])(?:(\d{2})(?:([A-Z])(?:(\d{1,4})(?:/(\d{2,6}))?)?)?)?$")


def patterns_above(symbol: str) -> list[str]:
    """All patterns that fit a symbol, the longest first.

    Examples
    --------
    >>> patterns_above("H04L9/0816")
    ['H04L9/0816', 'H04L9/081', 'H04L9/08', 'H04L9', 'H04L', 'H04', 'H']
    """
    found = _PARTS.match(symbol)
    if found is None:
        return []
    section, class_, letter, group, subgroup = found.groups()
    ladder = [section]
    for part in (class_, letter, group):
        if part is None:
            return ladder[::-1]
        ladder.append(ladder[-1] + part)
    if subgroup is not None:
        ladder += [f"{ladder[-1]}/{subgroup[:n]}" for n in range(2, len(subgroup) + 1)]
    return ladder[::-1]
