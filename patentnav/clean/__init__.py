"""Who is who: applications and families, organisations, people. Set in, set out."""

from __future__ import annotations

from patentnav.clean.families import deduplicate
from patentnav.clean.inventors import inventor_groups, resolve_inventors
from patentnav.clean.parties import resolve_parties
from patentnav.clean.party_names import party_groups
from patentnav.clean.quality import identity_scores

__all__ = [
    "deduplicate",
    "identity_scores",
    "inventor_groups",
    "party_groups",
    "resolve_inventors",
    "resolve_parties",
]
