"""Sentences with the claims they make, and what is found wrong with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Number
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim

_EXACT = 1e-9  # relative difference that two ways of adding floats may have


@dataclass(frozen=True)
class Sentence:
    """A sentence of the report with the claims it makes.

    Attributes
    ----------
    section, text
        Where it stands and how it reads.
    claims
        Claims among its values.
    bare
        Names of its values that are numbers without a claim.
    finding
        Whether it is a main result.
    """

    section: str
    text: str
    claims: tuple[Claim, ...] = ()
    bare: tuple[str, ...] = ()
    finding: bool = False


@dataclass(frozen=True)
class Violation:
    """What is wrong, and the sentences that show it.

    Attributes
    ----------
    rule
        ``recomputed``, ``contradiction``, ``direction``, ``recommendation``, ``bare``, ``duplicate``,
        ``sign``, ``unit``, ``label``, ``window``, ``test`` or ``evidence``.
    message
        What is wrong.
    sentences
        The sentences, as printed.
    """

    rule: str
    message: str
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        shown = "".join(f"\n  - {sentence}" for sentence in self.sentences)
        return f"{self.rule}: {self.message}{shown}"


def agree(one: Any, other: Any) -> bool:
    """Tell whether two values are the same but for the rounding of floating-point sums."""
    if _is_missing(one) or _is_missing(other):
        return _is_missing(one) and _is_missing(other)
    if isinstance(one, Number) and isinstance(other, Number):
        return math.isclose(float(one), float(other), rel_tol=_EXACT, abs_tol=_EXACT)  # type: ignore[arg-type]
    return str(one) == str(other)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
