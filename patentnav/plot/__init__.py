"""Figures: functions that draw a result on matplotlib axes and return the axes.

No function here computes or shows; pass ``ax=`` to draw into a figure of your own, and the axes that
come back to :func:`save`.
"""

from patentnav._guard import guard
from patentnav.plot._overlay import Group, overlay
from patentnav.plot._style import (
    colours,
    figure,
    font_family,
    font_file,
    palette,
    save,
    shorten,
    style,
)
from patentnav.plot.candidates import portfolios
from patentnav.plot.chain import chain
from patentnav.plot.cooperation import cooperation
from patentnav.plot.decisions import alliances, cross_licences, deadlines, pledge, pools, transfer
from patentnav.plot.enterprise import stacks
from patentnav.plot.flows import deals, origin_target
from patentnav.plot.maps import MapParts, landscape_change, map_parts, patent_map
from patentnav.plot.networks import talent_map
from patentnav.plot.planning import gaps, key_technologies, overseas
from patentnav.plot.portfolio_bars import layouts, steps
from patentnav.plot.rights import barriers, endings
from patentnav.plot.roadmap import roadmap
from patentnav.plot.scoreboard import scoreboard
from patentnav.plot.standing import standing
from patentnav.plot.statistics import amounts, courses, quadrants
from patentnav.plot.tables import cross, matrix
from patentnav.plot.trends import composition, life_cycle, maturity, ranking, s_curve, trend

__all__ = [
    "Group",
    "MapParts",
    "alliances",
    "amounts",
    "barriers",
    "chain",
    "colours",
    "composition",
    "cooperation",
    "courses",
    "cross",
    "cross_licences",
    "deadlines",
    "deals",
    "endings",
    "figure",
    "font_family",
    "font_file",
    "gaps",
    "key_technologies",
    "landscape_change",
    "layouts",
    "life_cycle",
    "map_parts",
    "matrix",
    "maturity",
    "origin_target",
    "overlay",
    "overseas",
    "palette",
    "patent_map",
    "pledge",
    "pools",
    "portfolios",
    "quadrants",
    "ranking",
    "roadmap",
    "s_curve",
    "save",
    "scoreboard",
    "shorten",
    "stacks",
    "standing",
    "steps",
    "style",
    "talent_map",
    "transfer",
    "trend",
]

guard(__name__)
