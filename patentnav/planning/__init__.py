"""What to do: courses of technologies and owners to look at as partners."""

from patentnav._guard import guard
from patentnav.planning.courses import COURSES, LEVEL, THIN, courses
from patentnav.planning.partners import FEWEST, partners
from patentnav.planning.standing import standing

__all__ = ["COURSES", "FEWEST", "LEVEL", "THIN", "courses", "partners", "standing"]

guard(__name__)
