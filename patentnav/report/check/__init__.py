"""Texts written elsewhere, held against a report."""

from patentnav.report.check.text import check_text

__all__ = ["check_text"]
