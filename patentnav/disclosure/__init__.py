"""Public editions: which cells to hide so that nobody can compute them from the others."""

from patentnav._guard import guard
from patentnav.disclosure.editions import after, write_record
from patentnav.disclosure.lattice import Cells, lattice, stacked
from patentnav.disclosure.primary import KINDS, sensitive
from patentnav.disclosure.protection import Protected, protect
from patentnav.disclosure.ranges import ranges

__all__ = [
    "KINDS",
    "Cells",
    "Protected",
    "after",
    "lattice",
    "protect",
    "ranges",
    "sensitive",
    "stacked",
    "write_record",
]

guard(__name__)
