"""Facts of publications that every analysis needs, each with one definition.

Owners, places, classes, families, PCT applications, legal state and complete years. Everything above
(classification, networks, indicators, portfolios, reports) takes them from here.
"""

from patentnav._guard import guard
from patentnav.facts.classes import main_class_only, main_symbols, subclasses
from patentnav.facts.exports import cliff, stated_counts
from patentnav.facts.families import family_members
from patentnav.facts.legal import (
    DEAD,
    GRANTED,
    LIVING,
    alive,
    cutoff_date,
    end_dates,
    expiry_dates,
    grant_dates,
    moment,
    untimely,
)
from patentnav.facts.owners import (
    OwnerChoice,
    OwnerLevel,
    check_owner_level,
    group_names,
    holders,
    inventors_beside_owners,
    owners,
    party_ids,
)
from patentnav.facts.pct import foreign_origin, foreign_owners, national_phase, pct_evidence
from patentnav.facts.places import (
    PLACES,
    PlaceLevel,
    countries,
    holder_places,
    inside,
    place_name,
    places,
)
from patentnav.facts.ventures import ventures
from patentnav.facts.years import PUBLICATION_MONTHS, complete_years, incomplete_from

__all__ = [
    "DEAD",
    "GRANTED",
    "LIVING",
    "PLACES",
    "PUBLICATION_MONTHS",
    "OwnerChoice",
    "OwnerLevel",
    "PlaceLevel",
    "alive",
    "check_owner_level",
    "cliff",
    "complete_years",
    "countries",
    "cutoff_date",
    "end_dates",
    "expiry_dates",
    "family_members",
    "foreign_origin",
    "foreign_owners",
    "grant_dates",
    "group_names",
    "holder_places",
    "holders",
    "incomplete_from",
    "inside",
    "inventors_beside_owners",
    "main_class_only",
    "main_symbols",
    "moment",
    "national_phase",
    "owners",
    "party_ids",
    "pct_evidence",
    "place_name",
    "places",
    "stated_counts",
    "subclasses",
    "untimely",
    "ventures",
]

guard(__name__)
