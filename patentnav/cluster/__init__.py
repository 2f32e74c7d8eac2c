"""Technologies: groups of publications by text, their names, their map."""

from patentnav._guard import guard
from patentnav.cluster.landscape import Landscape, landscape
from patentnav.cluster.result import Technologies
from patentnav.cluster.technologies import technologies
from patentnav.cluster.views import sentence_encoder

__all__ = ["Landscape", "Technologies", "landscape", "sentence_encoder", "technologies"]

guard(__name__)
