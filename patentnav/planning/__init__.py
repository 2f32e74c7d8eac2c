"""What to do: courses of technologies and owners to look at as partners."""

from patentnav._guard import guard
from patentnav.planning.courses import COURSES, THIN, WANTED, courses
from patentnav.planning.partners import FEWEST, partners

__all__ = ["COURSES", "FEWEST", "THIN", "WANTED", "courses", "partners"]

guard(__name__)
