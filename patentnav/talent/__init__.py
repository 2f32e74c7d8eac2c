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
from patentnav.talent.mobility import LIKELY, dependence, moves, region_flows, tenures
from patentnav.talent.people import MIN_RECORDS, coinventors, owners, people, profiles
from patentnav.talent.selection import candidates
from patentnav.talent.teams import Teams, roles, teams

__all__ = [
    "LIKELY",
    "MIN_RECORDS",
    "TalentMap",
    "Teams",
    "candidates",
    "coinventors",
    "dependence",
    "mask",
    "masks",
    "moves",
    "owners",
    "people",
    "profiles",
    "region_flows",
    "roles",
    "talent_map",
    "teams",
    "tenures",
]

guard(__name__)
