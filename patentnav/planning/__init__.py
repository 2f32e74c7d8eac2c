"""What to do: courses of technologies, owners to look at as partners, rivals side by side."""

from patentnav._guard import guard
from patentnav.planning.assets import INTENSIVE_YEARS, patent_intensive, product_groups, team_assets
from patentnav.planning.calendars import calendar
from patentnav.planning.chain import LINKS, chain, leading_class, link_members, positions
from patentnav.planning.courses import COURSES, LEVEL, THIN, courses
from patentnav.planning.deadlines import DEADLINES, deadlines
from patentnav.planning.firms import (
    DISPUTES,
    HALF,
    LATE_YEARS,
    LEAST_HELD,
    MOVES,
    citing_units,
    feature_hits,
    holders_of,
    moves,
    read_texts,
    seldom_used,
    survival,
)
from patentnav.planning.gaps import GAPS, LEAST_RIVALS, gaps
from patentnav.planning.keytech import FEWEST_UNITS, key_technologies
from patentnav.planning.nearest import nearest_to
from patentnav.planning.overseas import STATES, overseas, overseas_markets
from patentnav.planning.partners import FEWEST, partners
from patentnav.planning.rivals import BASE, MOSTLY, compare, profiles
from patentnav.planning.roadmap import Roadmap, inner_citations, roadmap, title_terms
from patentnav.planning.standing import INTERVAL, standing

__all__ = [
    "BASE",
    "COURSES",
    "DEADLINES",
    "DISPUTES",
    "FEWEST",
    "FEWEST_UNITS",
    "GAPS",
    "HALF",
    "INTENSIVE_YEARS",
    "INTERVAL",
    "LATE_YEARS",
    "LEAST_HELD",
    "LEAST_RIVALS",
    "LEVEL",
    "LINKS",
    "MOSTLY",
    "MOVES",
    "STATES",
    "THIN",
    "Roadmap",
    "calendar",
    "chain",
    "citing_units",
    "compare",
    "courses",
    "deadlines",
    "feature_hits",
    "gaps",
    "holders_of",
    "inner_citations",
    "key_technologies",
    "leading_class",
    "link_members",
    "moves",
    "nearest_to",
    "overseas",
    "overseas_markets",
    "partners",
    "patent_intensive",
    "positions",
    "product_groups",
    "profiles",
    "read_texts",
    "roadmap",
    "seldom_used",
    "standing",
    "survival",
    "team_assets",
    "title_terms",
]

guard(__name__)
