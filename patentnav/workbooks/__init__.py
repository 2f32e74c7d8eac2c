"""Spreadsheets (xlsx, xls) decoded without ending the process or exhausting its memory."""

from patentnav.workbooks.decode import OLE, ZIP, ZIP_DAMAGE, certain, sheets

__all__ = ["OLE", "ZIP", "ZIP_DAMAGE", "certain", "sheets"]
