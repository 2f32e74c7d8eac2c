"""Who is who: applications and families, organisations, people. Set in, set out."""

from __future__ import annotations

from patentnav.clean.families import deduplicate
from patentnav.clean.inventors import inventor_groups, resolve_inventors
from patentnav.clean.parties import party_groups, resolve_parties

__all__ = ["deduplicate", "inventor_groups", "party_groups", "resolve_inventors", "resolve_parties"]
