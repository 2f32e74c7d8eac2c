"""Reference lists of CNKI in the form of GB/T 7714: one reference a paragraph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.io.encodings import decode
from patentnav.io.raw import from_records

if TYPE_CHECKING:
    from patentnav.io.raw import RawTable

# [n]inventors. title[P]. place: number,date -- the colon is full-width, lines may wrap.
_START = re.compile(r"^\s*\[(\d+)\]")
_BEGIN = re.compile(r"^\[\d+\]\s*(?P<inventors>\S.*?)[.\uff0e]\s(?P<title>.+)$")
_END = re.compile(
    r"^\s*[.\uff0e]\s*(?P<place>[^\uff1a:]*)[\uff1a:]\s*(?P<number>[A-Z]{2}[\dA-Z.]+)\s*"
    r"[,\uff0c]\s*(?P<date>\d{4}-\d{1,2}-\d{1,2})"
)
_NAMES = re.compile(r"[,\uff0c;\uff1b]")
_MARK = "[P]"
_EXCERPT = 200


def sniff(head: bytes, _name: str) -> bool:
    """Tell a reference list by its first reference and the mark of a patent."""
    if head[:2] in {b"PK", b"\xd0\xcf"} or _MARK.encode() not in head:
        return False
    text = head.decode("utf-8-sig", errors="ignore").lstrip()
    if not _START.match(text):
        text = head.decode("gb18030", errors="ignore").lstrip("\ufeff \r\n")
    return bool(_START.match(text))


def read(content: bytes, name: str) -> RawTable:
    """Read one record per reference; other literature than patents is set aside.

    Raises
    ------
    FormatError
        The file has no reference to a patent.
    """
    text, encoding = decode(content, name)
    records, rows, rejected = [], [], []
    for row, reference in _references(text):
        head, _, tail = reference.rpartition(_MARK)
        begin, end = _BEGIN.match(head), _END.match(tail)
        if begin is None or end is None:
            rejected.append((row, reference[:_EXCERPT], "no patent reference of GB/T 7714"))
            continue
        rows.append(row)
        records.append(
            {
                "inventors": [n.strip() for n in _NAMES.split(begin["inventors"]) if n.strip()],
                "title": begin["title"].strip(), "place": end["place"].strip(),
                "number": end["number"], "date": end["date"],
            }
        )  # fmt: skip
    if not records:
        msg = f'"{name}" has no patent reference in the form of GB/T 7714. Export it again.'
        raise FormatError(msg)
    return from_records(records, encoding, rows=rows, rejected=rejected)


def _references(text: str) -> list[tuple[int, str]]:
    """References with the line they begin in; wrapped lines are joined."""
    found: list[tuple[int, str]] = []
    for row, line in enumerate(text.split("\n"), 1):
        plain = " ".join(line.split())
        if _START.match(plain) or (plain and not found):
            found.append((row, plain))
        elif plain:
            start, before = found[-1]
            found[-1] = (start, before + plain)  # Chinese text wraps without a blank
    return found
