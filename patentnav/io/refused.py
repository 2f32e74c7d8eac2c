"""Files that are no table, named for what they are."""

from __future__ import annotations

import re

from patentnav.errors import FormatError

_PRINTED = "It holds pages, no table. Export the list as xlsx or csv."
_PACKED = "Unpack it and read what is in it."
_SIGNATURES = (
    (b"%PDF-", "a PDF file", _PRINTED),
    (b"{\\rtf", "an RTF document", _PRINTED),
    (b"Rar!\x1a\x07", "a RAR archive", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _PACKED),
    (b"BZh", "a bzip2 archive", _PACKED),
    (b"\xfd7zXZ\x00", "an xz archive", _PACKED),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _PACKED),
    (b"PAR1", "a Parquet file", "Read it with pandas and give the frame to PatentSet.from_tables."),
    (b"SQLite format 3\x00", "an SQLite database", "Write the table to csv and read that."),
    (b"\x89PNG", "a picture", _PRINTED),
    (b"\xff\xd8\xff", "a picture", _PRINTED),
    (b"GIF8", "a picture", _PRINTED),
)
_XML = re.compile(rb"<(?:\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w.:-]*[\s/>])")
_BIBTEX = re.compile(rb"^\s*(?:%[^\n]*\n\s*)*@\w+\s*\{\s*[^,\s]*\s*,", re.IGNORECASE)
_ENDNOTE = re.compile(rb"^\s*%0 \w", re.MULTILINE)
_REFERENCES = "Export the list as RIS, xlsx or csv."
_OLE_STREAMS = (
    ("WordDocument", "a Word document", _PRINTED),
    ("PowerPoint Document", "a presentation", _PRINTED),
    ("__substg1.0", "an e-mail", "Save what is attached to it and read that."),
)


def refuse(head: bytes, file: str) -> None:
    """Raise for a file that is known and is no table.

    Raises
    ------
    FormatError
        It is one; the message names it and says what to do.
    """
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for begin, what, remedy in _SIGNATURES:
        if plain.startswith(begin):
            _raise(file, what, remedy)
    if _XML.match(plain):
        _raise(file, "XML of no kind that is known", "Export the list as xlsx or csv.")
    if _BIBTEX.match(plain):
        _raise(file, "a BibTeX file", _REFERENCES)
    if _ENDNOTE.match(plain) and plain.startswith(b"%0 "):
        _raise(file, "an EndNote file", _REFERENCES)


def refuse_ole(content: bytes, file: str) -> None:
    """Raise for a compound file of Microsoft that is no workbook.

    Raises
    ------
    FormatError
        It is a document, a presentation or an e-mail.
    """
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return
    for stream, what, remedy in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            _raise(file, f"{what} under another name", remedy)


def _raise(file: str, what: str, remedy: str) -> None:
    msg = f'"{file}" is {what}. {remedy}'
    raise FormatError(msg)
