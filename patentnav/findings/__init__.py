"""What stands out: cells of a study that surprise, tested, ranked and counted again."""

from patentnav._guard import guard
from patentnav.findings.cells import FAMILIES, Family, candidates
from patentnav.findings.checks import CHECKS
from patentnav.findings.rank import Finding, find, table

__all__ = ["CHECKS", "FAMILIES", "Family", "Finding", "candidates", "find", "table"]

guard(__name__)
