"""Targets and what was reached of them: attainment, pace, forecast, readings, what proves it."""

from patentnav._guard import guard
from patentnav.kpi.evaluate import REASONS, STATES, evaluate, readings
from patentnav.kpi.periods import last_day
from patentnav.kpi.proofs import SOURCE, proved
from patentnav.kpi.targets import targets

__all__ = ["REASONS", "SOURCE", "STATES", "evaluate", "last_day", "proved", "readings", "targets"]

guard(__name__)
