"""Workbooks of Excel 2003 as XML, which some sites write under the name .xls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.io import grids
from patentnav.io.readers import markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from patentnav.io.raw import RawTable

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{_SPACE}}}"
_WIDEST = 16_384
_LONGEST = 1_048_576
_MIDNIGHT = "T00:00:00.000"


def is_workbook(head: bytes) -> bool:
    """Whether a file begins as such a workbook."""
    return markup.root_name(head) == "Workbook" and _SPACE.encode() in head.replace(b"\0", b"")


def read_workbook(content: bytes, file: str, known: frozenset[str]) -> list[RawTable]:
    """The sheets that look like tables of patents.

    Raises
    ------
    FormatError
        The file is damaged, or no sheet has a filled cell.
    """
    found: list[grids.Grid] = []
    for document in markup.documents(content):
        for sheet in markup.elements(document, file, ["Worksheet"]):
            hidden = markup.find_text(sheet, "WorksheetOptions/Visible") not in {"", "SheetVisible"}
            name = sheet.get(f"{_SS}Name") or f"sheet {len(found) + 1}"
            found.append(grids.Grid(name, list(_rows(sheet, file)), hidden))
    if not found:
        msg = f'"{file}" is a workbook without a sheet. Export it again.'
        raise FormatError(msg)
    return grids.from_grids(found, file, known, "spreadsheetml")


def _rows(sheet: etree._Element, file: str) -> Iterator[list[str]]:
    number = 0
    for row in markup.find_all(sheet, "Table/Row"):
        place = _index(row, number + 1, _LONGEST, file)
        while number < place - 1:
            number += 1
            yield []
        number += 1
        yield list(_cells(row, file))


def _cells(row: etree._Element, file: str) -> Iterator[str]:
    number = 0
    for cell in markup.find_all(row, "Cell"):
        place = _index(cell, number + 1, _WIDEST, file)
        yield from [""] * (place - 1 - number)
        number = place
        yield _text(cell)
        across = cell.get(f"{_SS}MergeAcross", "")
        if across.isdigit() and number + int(across) <= _WIDEST:
            yield from [""] * int(across)
            number += int(across)


def _index(element: etree._Element, usual: int, most: int, file: str) -> int:
    """Place of a row or cell; those that are left out are counted."""
    stated = element.get(f"{_SS}Index", "")
    place = int(stated) if stated.isdigit() else usual
    if place > most:
        msg = f'"{file}" has a cell at place {place:,}, where no spreadsheet has one. Export it again.'
        raise FormatError(msg)
    return max(place, usual)


def _text(cell: etree._Element) -> str:
    data = markup.find(cell, "Data")
    if data is None:
        return ""
    text = "".join(str(piece) for piece in data.itertext()).strip()
    if data.get(f"{_SS}Type") == "DateTime":
        return text.removesuffix(_MIDNIGHT)
    return text
