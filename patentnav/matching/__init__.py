"""Do patents fit science, firms, industries and the economy of a region: measures of matching."""

from patentnav._guard import guard
from patentnav.matching.course import coupling, gravity, moves, scaled, shift_share
from patentnav.matching.index import entropy_weights, index, percentile_ranks, spearman
from patentnav.matching.lists import computed, ratios, systems
from patentnav.matching.shares import (
    QUADRANTS,
    location_quotient,
    overlap,
    quadrants,
    share_gaps,
    specialisation,
)
from patentnav.matching.yields import efficiency, lag_ranks, poisson_interval

__all__ = [
    "QUADRANTS",
    "computed",
    "coupling",
    "efficiency",
    "entropy_weights",
    "gravity",
    "index",
    "lag_ranks",
    "location_quotient",
    "moves",
    "overlap",
    "percentile_ranks",
    "poisson_interval",
    "quadrants",
    "ratios",
    "scaled",
    "share_gaps",
    "shift_share",
    "spearman",
    "specialisation",
    "systems",
]

guard(__name__)
