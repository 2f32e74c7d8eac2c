"""The patterns that fit a symbol: itself and everything above it; what a wrong one was meant for."""

from __future__ import annotations

import functools
import re

from patentnav import _resources
from patentnav.errors import did_you_mean
from patentnav.normalize.symbols import canonical_symbol

_LOOK_ALIKE = str.maketrans("OQILSB", "001158")  # letters typed for the digits of a class
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


@functools.cache
def subclasses() -> frozenset[str]:
    """Subclasses of IPC 2026.01."""
    rows = _resources.load_csv("classes", "ipc-subclasses")
    return frozenset(row["class"] + letter for row in rows for letter in row["letters"])


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
