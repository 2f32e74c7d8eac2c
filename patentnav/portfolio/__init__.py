"""Portfolios: candidates, the gate they must pass, what is missing, and the best disjoint choice."""

from patentnav._guard import guard
from patentnav.portfolio.candidates import candidates
from patentnav.portfolio.members import members
from patentnav.portfolio.selection import Selection, select

__all__ = ["Selection", "candidates", "members", "select"]

guard(__name__)
