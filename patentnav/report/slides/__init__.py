"""Slides of a report: which of its blocks each shows, as data, and what stands on each in words."""

from patentnav.report.slides.compose import Exhibit, Slide, slides
from patentnav.report.slides.plan import Plan, load

__all__ = ["Exhibit", "Plan", "Slide", "load", "slides"]
