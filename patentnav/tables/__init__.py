"""Tables of the user: statistics, enterprises, products, targets; declared, read, checked."""

from patentnav._guard import guard
from patentnav.tables.definitions import Column, Definition, codes, definitions, load, unit_name
from patentnav.tables.issues import ISSUES
from patentnav.tables.read import read, read_all
from patentnav.tables.table import UserTable
from patentnav.tables.template import write_templates

__all__ = [
    "ISSUES",
    "Column",
    "Definition",
    "UserTable",
    "codes",
    "definitions",
    "load",
    "read",
    "read_all",
    "unit_name",
    "write_templates",
]

guard(__name__)
