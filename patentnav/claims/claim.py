"""A claim: one statement of a report as a value that can be recomputed, compared and cited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal[
    "count",  # how many
    "share",  # what part of something
    "rank",  # the place in an order
    "name",  # which one holds a place
    "date",  # a year or a day
    "trend",  # a change over years, with a direction
    "comparison",  # against a baseline
    "association",  # two things that meet more or less than chance has it
    "index",  # a concentration, an advantage and the like
    "parameter",  # a choice or threshold that the report states
    "recommendation",  # what to do, resting on other claims
]
KINDS: tuple[str, ...] = Kind.__args__  # type: ignore[attr-defined]
SIGNIFICANT = 0.05  # q from which a test is passed
COLUMNS = (
    "claim_id", "section", "kind", "subject", "label", "measure", "value", "unit", "window", "rule",
    "baseline", "baseline_value", "direction", "test", "n", "q", "evidence", "rests_on",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Claim:
    """One statement.

    In the values of a text it stands for its value: ``"{total:,}"`` is written as if the number
    itself were there, and the text knows what it rests on.

    Attributes
    ----------
    id
        ``<section>:<name>``, unique in a report.
    kind
        One of ``KINDS``.
    subject
        Whom it is about: ``set``, or facets joined by ``&``, e.g. ``technology:T03``,
        ``owner:P-CN1A-1&authority:US`` (:mod:`patentnav.claims.recount` lists the facets).
    measure
        What is said of it (``units``, ``share``, ``rate``, …): a name of the register of
        :func:`patentnav.claims.measure`.
    value
        A number, a name or a year; None where the data do not tell.
    label
        Name of the subject as it is printed; of a claim that is a name, of its value.
    unit
        What the value counts: publication, application, family, person, year, ratio …
    window
        First and last year that count; None for all years.
    rule
        ``whole`` or ``fractional`` counting; empty where nothing is shared.
    baseline, baseline_value
        What it is compared with (a subject or a window such as ``2010-2014``), and its value.
    direction
        1 rising or more, -1 falling or less, 0 steady or as expected; None where it has none.
    test, n, q
        Test that was made, units it rests on, and probability after correction for many tests.
    evidence
        Cells it rests on: ``<table>/<row key>/<column>``.
    rests_on
        Ids of the claims that a recommendation cites.
    details
        What the recomputation needs beyond subject and window.
    """

    id: str
    kind: Kind
    subject: str
    measure: str
    value: Any
    label: str = ""
    unit: str = ""
    window: tuple[int, int] | None = None
    rule: str = ""
    baseline: str = ""
    baseline_value: float | None = None
    direction: int | None = None
    test: str = ""
    n: int | None = None
    q: float | None = None
    evidence: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            msg = f'"{self.kind}" is no kind of claim. It is one of {", ".join(KINDS)}.'
            raise ArgumentError(msg)

    @property
    def section(self) -> str:
        """Section that makes the claim."""
        return self.id.partition(":")[0]

    @property
    def passed(self) -> bool:
        """Whether a test was made and passed."""
        return self.q is not None and self.q < SIGNIFICANT

    @property
    def about(self) -> tuple[Any, ...]:
        """What two claims must share to be about the same thing."""
        details = tuple(sorted((str(k), str(v)) for k, v in self.details.items()))
        return (self.subject, self.measure, self.unit, self.window, self.rule, self.baseline,
                details)  # fmt: skip

    def __format__(self, spec: str) -> str:
        return format(self._printed, spec)

    def __str__(self) -> str:
        return str(self._printed)

    @property
    def _printed(self) -> Any:
        """The value; a name is printed by its label, as the value is a key."""
        return self.label if self.kind == "name" and self.label else self.value

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def row(self) -> dict[str, Any]:
        """The claim as a row of the table of claims."""
        plain = {name: getattr(self, name, None) for name in COLUMNS if name != "claim_id"}
        window = None if self.window is None else f"{self.window[0]}-{self.window[1]}"
        return {
            "claim_id": self.id,
            **plain,
            "window": window,
            "evidence": "; ".join(self.evidence),
            "rests_on": "; ".join(self.rests_on),
        }


def table(claims: Iterable[Claim]) -> pd.DataFrame:
    """Claims as a table, one row each: the columns ``COLUMNS``."""
    frame = pd.DataFrame([claim.row() for claim in claims], columns=[*COLUMNS])
    return frame.astype({"n": "Int64", "direction": "Int64", "q": "float64"})
