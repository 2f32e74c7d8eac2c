"""Who is who: applications and families, organisations, people. Set in, set out."""

from __future__ import annotations

from patentnav._guard import guard
from patentnav.clean.decisions import conflicts as decision_conflicts
from patentnav.clean.decisions import read_decisions, write_review
from patentnav.clean.families import deduplicate, families
from patentnav.clean.inventors import (
    inventor_groups,
    inventor_weights,
    resolve_inventors,
    review_inventors,
)
from patentnav.clean.parties import party_evidence, resolve_parties, review_parties
from patentnav.clean.party_names import party_groups
from patentnav.clean.pinyin import inventor_candidates
from patentnav.clean.quality import identity_scores
from patentnav.clean.vendor_names import vendor_disagreements

__all__ = [
    "decision_conflicts",
    "deduplicate",
    "families",
    "identity_scores",
    "inventor_candidates",
    "inventor_groups",
    "inventor_weights",
    "party_evidence",
    "party_groups",
    "read_decisions",
    "resolve_inventors",
    "resolve_parties",
    "review_inventors",
    "review_parties",
    "vendor_disagreements",
    "write_review",
]

guard(__name__)
