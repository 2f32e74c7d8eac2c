"""The forms of a report. Each registers itself by the suffix of its files.

What writes them is imported when a report is saved: the libraries behind are heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.report.registry import renderer

if TYPE_CHECKING:
    from patentnav.report.document import Report
    from patentnav.report.templates import Template

__all__ = ["docx_file", "html_file", "pptx_file", "xlsx_file"]


@renderer(".docx")
def docx_file(report: Report, template: Template | None = None) -> bytes:
    """A document of Word."""
    from patentnav.report.render.docx import render

    return render(report, template)


@renderer(".html")
def html_file(report: Report) -> bytes:
    """One self-contained page with interactive maps."""
    from patentnav.report.render.html import render

    return render(report)


@renderer(".pptx")
def pptx_file(report: Report, template: Template | None = None) -> bytes:
    """Ten slides with the evidence in their notes."""
    from patentnav.report.render.pptx import render

    return render(report, template)


@renderer(".xlsx")
def xlsx_file(report: Report) -> bytes:
    """A workbook of every table and the data behind every figure."""
    from patentnav.report.render.xlsx import render

    return render(report)
