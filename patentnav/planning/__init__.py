"""What to do: courses of technologies, owners to look at as partners, rivals side by side."""

from patentnav._guard import guard
from patentnav.planning.calendars import calendar
from patentnav.planning.chain import LINKS, chain, link_members, positions
from patentnav.planning.courses import COURSES, LEVEL, THIN, courses
from patentnav.planning.deadlines import deadlines
from patentnav.planning.partners import FEWEST, partners
from patentnav.planning.rivals import BASE, compare, profiles
from patentnav.planning.roadmap import Roadmap, inner_citations, roadmap, title_terms
from patentnav.planning.standing import INTERVAL, standing

__all__ = [
    "BASE",
    "COURSES",
    "FEWEST",
    "INTERVAL",
    "LEVEL",
    "LINKS",
    "THIN",
    "Roadmap",
    "calendar",
    "chain",
    "compare",
    "courses",
    "deadlines",
    "inner_citations",
    "link_members",
    "partners",
    "positions",
    "profiles",
    "roadmap",
    "standing",
    "title_terms",
]

guard(__name__)
