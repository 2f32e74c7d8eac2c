"""What to do: courses of technologies, owners to look at as partners, rivals side by side."""

from patentnav._guard import guard
from patentnav.planning.courses import COURSES, LEVEL, THIN, courses
from patentnav.planning.partners import FEWEST, partners
from patentnav.planning.rivals import BASE, compare, profiles
from patentnav.planning.standing import standing

__all__ = [
    "BASE",
    "COURSES",
    "FEWEST",
    "LEVEL",
    "THIN",
    "compare",
    "courses",
    "partners",
    "profiles",
    "standing",
]

guard(__name__)
