"""Taxonomies as data: industries, fields and branches with their classes and words.

A taxonomy is a TOML file (see ``data/taxonomies``). :func:`load` reads and checks one.
"""

from __future__ import annotations

from patentnav.taxonomy.load import load, names
from patentnav.taxonomy.model import NONE, Node, Rule, Taxonomy

__all__ = ["NONE", "Node", "Rule", "Taxonomy", "load", "names"]
