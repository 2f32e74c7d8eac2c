"""Statements of a report as values: made once, recomputed from the tables, held against each other."""

from patentnav._guard import guard
from patentnav.claims import chain, core, course, people, rights, standing  # register their measures
from patentnav.claims.check import Sentence, Violation, agree, check, require
from patentnav.claims.claim import COLUMNS, KINDS, SIGNIFICANT, Claim, Kind, table
from patentnav.claims.recount import FACETS, Recount, facet, measure, measures

__all__ = [
    "COLUMNS",
    "FACETS",
    "KINDS",
    "SIGNIFICANT",
    "Claim",
    "Kind",
    "Recount",
    "Sentence",
    "Violation",
    "agree",
    "chain",
    "check",
    "facet",
    "measure",
    "measures",
    "people",
    "require",
    "rights",
    "standing",
    "table",
]

guard(__name__)
