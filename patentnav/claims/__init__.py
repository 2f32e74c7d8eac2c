"""Statements of a report as values: made once, recomputed from the tables, held against each other."""

from patentnav._guard import guard
from patentnav.claims import (
    abroad,
    against,
    branches,
    chain,
    cities,
    core,
    course,
    deals,
    fit,
    holders,
    local,
    origins,
    paper,
    people,
    players,
    portfolios,
    rights,
    roadmap,
    standing,
    targets,
    technology,
    ties,
    uses,
)
from patentnav.claims.check import check, require
from patentnav.claims.claim import COLUMNS, KINDS, SIGNIFICANT, Claim, Kind, table
from patentnav.claims.facets import FACETS, facet
from patentnav.claims.recount import Recount, measure, measures
from patentnav.claims.sentence import Sentence, Violation, agree

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
    "abroad",
    "against",
    "agree",
    "branches",
    "chain",
    "check",
    "cities",
    "core",
    "course",
    "deals",
    "facet",
    "fit",
    "holders",
    "local",
    "measure",
    "measures",
    "origins",
    "paper",
    "people",
    "players",
    "portfolios",
    "require",
    "rights",
    "roadmap",
    "standing",
    "table",
    "targets",
    "technology",
    "ties",
    "uses",
]

guard(__name__)
