"""Technologies: groups of publications by text, their names, their map."""

from patentnav.cluster.technologies import Technologies, technologies

__all__ = ["Technologies", "technologies"]
