"""Technologies: groups of publications by text, their names, their map."""

from patentnav._guard import guard
from patentnav.cluster.assign import assign
from patentnav.cluster.drawn import with_groups
from patentnav.cluster.landscape import Landscape, landscape
from patentnav.cluster.result import Described, Technologies
from patentnav.cluster.review import review, reviewed
from patentnav.cluster.technologies import technologies
from patentnav.cluster.updates import changes
from patentnav.cluster.views import sentence_encoder

__all__ = [
    "Described",
    "Landscape",
    "Technologies",
    "assign",
    "changes",
    "landscape",
    "review",
    "reviewed",
    "sentence_encoder",
    "technologies",
    "with_groups",
]

guard(__name__)
