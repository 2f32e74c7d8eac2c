"""Navigation reports: a set in, a document, a page and a workbook out.

Importing this package registers the sections and the renderers that come with it.
"""

from patentnav._guard import guard
from patentnav.explore import Interactive
from patentnav.report import render, sections
from patentnav.report.blocks import Figure, Ref, Section, Table, Text
from patentnav.report.build import build
from patentnav.report.check import check_text
from patentnav.report.document import Report
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.page import patent_page
from patentnav.report.registry import renderer, section

__all__ = [
    "Cover",
    "Edition",
    "Figure",
    "Interactive",
    "Ref",
    "Report",
    "Section",
    "Table",
    "Text",
    "build",
    "check_text",
    "patent_page",
    "render",
    "renderer",
    "section",
    "sections",
]


guard(__name__)
