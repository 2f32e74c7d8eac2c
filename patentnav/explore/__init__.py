"""Interactive maps and networks in a notebook, and the data of those on the page of a report.

One script draws both (``data/templates/map.js``). In a notebook the selection comes back to Python;
that needs the extra ``explore`` (anywidget), all else does not.
"""

from patentnav._guard import guard
from patentnav.explore.explorer import Explorer
from patentnav.explore.parts import Interactive, Overlay
from patentnav.explore.views import network, patent_map, talent_map

__all__ = [
    "Explorer",
    "Interactive",
    "Overlay",
    "network",
    "patent_map",
    "talent_map",
]

guard(__name__)
