"""Portfolios: candidates, the gate, their layout, what would close the gap, the best disjoint choice."""

from patentnav._guard import guard
from patentnav.portfolio.additions import LEVERS, additions, closing
from patentnav.portfolio.candidates import candidates
from patentnav.portfolio.contents import contents
from patentnav.portfolio.gate import readings
from patentnav.portfolio.layout import layout
from patentnav.portfolio.lines import family_lines, product_lines
from patentnav.portfolio.members import members
from patentnav.portfolio.selection import Selection, select

__all__ = [
    "LEVERS",
    "Selection",
    "additions",
    "candidates",
    "closing",
    "contents",
    "family_lines",
    "layout",
    "members",
    "product_lines",
    "readings",
    "select",
]

guard(__name__)
