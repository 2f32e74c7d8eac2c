"""People of a set: profiles, teams, roles, moves, dependence of owners, candidates for a task, map.

Every figure is counted from filings; nothing is inferred from silence. A person with fewer than
``min_count`` counted units gets counts only: roles, impact and shares stay NA. Identities come from
:func:`patentnav.clean.resolve_inventors` and owners from :func:`patentnav.clean.resolve_parties`;
run both first. Every function takes ``masked=True``, which replaces names and ids by numbers that
say nothing; :func:`mask` does so for a whole set, so that everything made of it (reports, exported
networks, tables) is masked.
"""

from patentnav._guard import guard
from patentnav.talent.map import TalentMap, talent_map
from patentnav.talent.masking import mask, masks
from patentnav.talent.mobility import (
    LIKELY,
    affiliates,
    dependence,
    moves,
    region_flows,
    tenures,
)
from patentnav.talent.needs import holding, match, meeting
from patentnav.talent.people import MIN_RECORDS, coinventors, owners, people, profiles
from patentnav.talent.pool import FEWEST, LATELY, STAGES, STEPS, measures, pool, reach, residents
from patentnav.talent.rights import left_behind
from patentnav.talent.selection import candidates
from patentnav.talent.supply import supply
from patentnav.talent.teams import Teams, roles, teams

__all__ = [
    "FEWEST",
    "LATELY",
    "LIKELY",
    "MIN_RECORDS",
    "STAGES",
    "STEPS",
    "TalentMap",
    "Teams",
    "affiliates",
    "candidates",
    "coinventors",
    "dependence",
    "holding",
    "left_behind",
    "mask",
    "masks",
    "match",
    "measures",
    "meeting",
    "moves",
    "owners",
    "people",
    "pool",
    "profiles",
    "reach",
    "region_flows",
    "residents",
    "roles",
    "supply",
    "talent_map",
    "teams",
    "tenures",
]

guard(__name__)
