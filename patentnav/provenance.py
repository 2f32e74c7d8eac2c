"""What was done to a set: one step per transformation, printed in the report's appendix."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Step:
    """One transformation.

    Attributes
    ----------
    name
        Public name of the function, e.g. ``clean.deduplicate``.
    parameters
        Arguments that shaped the result, as plain values.
    rows_in, rows_out
        Publications before and after.
    version
        Version of patentnav.
    inputs
        SHA-256 of the files read in this step, by file name.
    """

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows_in: int = 0
    rows_out: int = 0
    version: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain form for JSON."""
        plain = asdict(self)
        plain["parameters"] = dict(sorted(plain["parameters"].items()))
        plain["inputs"] = dict(sorted(plain["inputs"].items()))
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Step:
        """Inverse of :meth:`to_dict`."""
        return cls(**plain)


def distinct(steps: Iterable[Step]) -> list[Step]:
    """Steps without those that are equal to an earlier one, in their order."""
    found: list[Step] = []
    for step in steps:
        if step not in found:
            found.append(step)
    return found
