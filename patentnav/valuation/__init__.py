"""What a patent is worth to its owner: scorecards and the statutory criteria.

Scores are relative (percentiles within a cohort) and explain themselves; they are no price.
"""

from __future__ import annotations

from patentnav._guard import guard
from patentnav.valuation.core import CORE_CRITERIA, core
from patentnav.valuation.criteria import (
    CRITERIA,
    high_value,
    high_value_bounds,
    high_value_evidence,
)
from patentnav.valuation.explain import describe, explain
from patentnav.valuation.score import coverage, score
from patentnav.valuation.scorecard import Entry, Scorecard, load
from patentnav.valuation.sensitivity import sensitivity

__all__ = [
    "CORE_CRITERIA",
    "CRITERIA",
    "Entry",
    "Scorecard",
    "core",
    "coverage",
    "describe",
    "explain",
    "high_value",
    "high_value_bounds",
    "high_value_evidence",
    "load",
    "score",
    "sensitivity",
]

guard(__name__)
