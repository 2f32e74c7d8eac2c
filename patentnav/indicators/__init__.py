"""Indicators: what a set shows, per year, per owner, per publication.

Counting functions return tidy frames; publication indicators are registered
(:func:`list`), computed by :func:`compute` and return Series indexed by ``publication_id``.
"""

from __future__ import annotations

from patentnav._guard import guard
from patentnav.indicators.applicants import (
    invention_patent,
    organisation_applicant,
    owner_filings,
    university_applicant,
)
from patentnav.indicators.barriers import barriers
from patentnav.indicators.baseline import Baseline
from patentnav.indicators.compute import compute, coverage
from patentnav.indicators.course import course
from patentnav.indicators.deals import deals
from patentnav.indicators.diversity import generality, originality, radicalness
from patentnav.indicators.emergence import emergence
from patentnav.indicators.endings import ending_technologies, endings
from patentnav.indicators.families import extended_family, priority_count, vendor_family_net
from patentnav.indicators.flow import flow, origin_profile, origins, targets
from patentnav.indicators.holders import current_impact, patent_control
from patentnav.indicators.impact import (
    backward_citations,
    citations_received,
    disruption,
    forward_citations,
    forward_citations_7,
    npl_citations,
    technology_cycle_time,
    vendor_forward_citations,
)
from patentnav.indicators.legal import grant_lag, remaining_life, renewal, transactions
from patentnav.indicators.lifecycle import life_cycle, maturity_map, s_curve
from patentnav.indicators.market import competitive_impact, market_coverage, portfolio_impact
from patentnav.indicators.matrix import effect_labels, effects, vendor_groups, white_spots
from patentnav.indicators.nearness import relatedness
from patentnav.indicators.pareto import tiers, undominated
from patentnav.indicators.pct import pct_application
from patentnav.indicators.places import place_ranking
from patentnav.indicators.quality import (
    breakthrough,
    composite_4,
    composite_6,
    grant_lag_index,
    technology_relevance,
)
from patentnav.indicators.registry import indicator, list
from patentnav.indicators.scope import (
    claim_count,
    cpc_main_groups,
    family_size,
    inventor_count,
    ipc_main_groups,
    patent_scope,
    vendor_family_size,
)
from patentnav.indicators.solutions import problem_solution
from patentnav.indicators.space import (
    Complexity,
    complexity,
    density,
    entry_exit,
    next_branches,
    proximity,
)
from patentnav.indicators.strength import churn, strength, turnover
from patentnav.indicators.structure import concentration, specialisation
from patentnav.indicators.text_impact import text_impact
from patentnav.indicators.trend import activity, growth, growth_index, share

__all__ = [
    "Baseline",
    "Complexity",
    "activity",
    "backward_citations",
    "barriers",
    "breakthrough",
    "churn",
    "citations_received",
    "claim_count",
    "competitive_impact",
    "complexity",
    "composite_4",
    "composite_6",
    "compute",
    "concentration",
    "course",
    "coverage",
    "cpc_main_groups",
    "current_impact",
    "deals",
    "density",
    "disruption",
    "effect_labels",
    "effects",
    "emergence",
    "ending_technologies",
    "endings",
    "entry_exit",
    "extended_family",
    "family_size",
    "flow",
    "forward_citations",
    "forward_citations_7",
    "generality",
    "grant_lag",
    "grant_lag_index",
    "growth",
    "growth_index",
    "indicator",
    "invention_patent",
    "inventor_count",
    "ipc_main_groups",
    "life_cycle",
    "list",
    "market_coverage",
    "maturity_map",
    "next_branches",
    "npl_citations",
    "organisation_applicant",
    "origin_profile",
    "originality",
    "origins",
    "owner_filings",
    "patent_control",
    "patent_scope",
    "pct_application",
    "place_ranking",
    "portfolio_impact",
    "priority_count",
    "problem_solution",
    "proximity",
    "radicalness",
    "relatedness",
    "remaining_life",
    "renewal",
    "s_curve",
    "share",
    "specialisation",
    "strength",
    "targets",
    "technology_cycle_time",
    "technology_relevance",
    "text_impact",
    "tiers",
    "transactions",
    "turnover",
    "undominated",
    "university_applicant",
    "vendor_family_net",
    "vendor_family_size",
    "vendor_forward_citations",
    "vendor_groups",
    "white_spots",
]

guard(__name__)
