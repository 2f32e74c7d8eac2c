"""Navigation reports: a set in, a document, a page and a workbook out."""

from patentnav.report.blocks import Figure, Interactive, Ref, Section, Table, Text
from patentnav.report.build import build
from patentnav.report.document import Report
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover

__all__ = [
    "Cover", "Edition", "Figure", "Interactive", "Ref", "Report", "Section", "Table", "Text", "build",
]  # fmt: skip
