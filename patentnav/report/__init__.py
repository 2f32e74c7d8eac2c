"""Navigation reports: a set in, a document, a page and a workbook out."""

from patentnav.report.blocks import Figure, Interactive, Ref, Section, Table, Text
from patentnav.report.build import build
from patentnav.report.document import Report
from patentnav.report.study import Inputs

__all__ = [
    "Figure", "Inputs", "Interactive", "Ref", "Report", "Section", "Table", "Text", "build",
]  # fmt: skip
