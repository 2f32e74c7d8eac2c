"""What to do: courses of technologies and owners to look at as partners."""

from patentnav._guard import guard
from patentnav.planning.chain import LINKS, chain, link_members, positions
from patentnav.planning.courses import COURSES, LEVEL, THIN, courses
from patentnav.planning.partners import FEWEST, partners
from patentnav.planning.standing import standing

__all__ = [
    "COURSES", "FEWEST", "LEVEL", "LINKS", "THIN", "chain", "courses", "link_members", "partners",
    "positions", "standing",
]  # fmt: skip

guard(__name__)
