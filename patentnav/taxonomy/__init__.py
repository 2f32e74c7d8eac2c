"""Taxonomies as data: industries, fields and branches with their classes and words.

A taxonomy is a TOML file (see ``data/taxonomies``) or a user's spreadsheet. :func:`load` reads and
checks one, :func:`report` holds it against a set for its editor, :func:`search_expression` writes
a node for the analyst's database.
"""

from __future__ import annotations

from patentnav._guard import guard
from patentnav.taxonomy.load import load, names
from patentnav.taxonomy.members import members
from patentnav.taxonomy.model import NONE, Clause, Node, Rule, Taxonomy
from patentnav.taxonomy.review import Review, report
from patentnav.taxonomy.search import search_expression, search_expressions

__all__ = [
    "NONE", "Clause", "Node", "Review", "Rule", "Taxonomy", "load", "members", "names", "report",
    "search_expression", "search_expressions",
]  # fmt: skip

guard(__name__)
