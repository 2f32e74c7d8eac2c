"""A set under study: every result that reports, notebooks and batches draw on, computed once."""

from patentnav._guard import guard
from patentnav.study.gaps import gap
from patentnav.study.groups import FEWEST, RECENT
from patentnav.study.inputs import Inputs
from patentnav.study.study import Study

__all__ = ["FEWEST", "RECENT", "Inputs", "Study", "gap"]

guard(__name__)
