"""Tables of web pages: vendors write them under the name .xls, alone or as a web archive."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
from typing import TYPE_CHECKING

from lxml import etree, html

from patentnav.errors import FormatError
from patentnav.io import encodings, grids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from patentnav.io.raw import RawTable

_PAGE = re.compile(
    rb"^(?:\s|\xef\xbb\xbf|<\?xml[^>]*>|<!--.{0,2000}?-->)*<(?:!doctype\s+html|html|head|body|table|meta|div|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_ARCHIVE = re.compile(rb"^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?MIME-Version:", re.IGNORECASE)
_HEAD = 1 << 12
_WIDEST = 1000  # columns that one cell may span


def is_page(head: bytes) -> bool:
    """Whether a file begins as a web page or as a bare table of one."""
    return bool(_PAGE.match(_as_ascii(head[:_HEAD])))


def is_archive(head: bytes) -> bool:
    """Whether a file begins as a web archive (MHTML)."""
    plain = head[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n ").replace(b"\r\n", b"\n")
    return bool(_ARCHIVE.match(plain)) and b"multipart/" in head[: 4 * _HEAD].lower()


def _as_ascii(head: bytes) -> bytes:
    return head.replace(b"\0", b"").lstrip(b"\xff\xfe") if head[:2] in encodings.BOMS else head


def read_page(
    content: bytes, file: str, known: frozenset[str], counted: Callable[[str], int]
) -> list[RawTable]:
    """The tables of a page that look like patents.

    Raises
    ------
    FormatError
        The page has no table.
    """
    found = list(_tables(content, file, counted))
    return _chosen(found, file, known, "html")


def read_archive(
    content: bytes, file: str, known: frozenset[str], counted: Callable[[str], int]
) -> list[RawTable]:
    """The tables of all pages of a web archive.

    Raises
    ------
    FormatError
        The archive has no page with a table.
    """
    message = email.message_from_bytes(
        content.lstrip(b"\xef\xbb\xbf\r\n "), policy=email.policy.HTTP
    )
    found: list[grids.Grid] = []
    for part in message.walk():
        if part.get_content_maintype() == "text" and part.get_content_subtype() == "html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                found += _tables(page, file, counted)
    return _chosen(found, file, known, "mhtml")


def _chosen(
    found: list[grids.Grid], file: str, known: frozenset[str], encoding: str
) -> list[RawTable]:
    if not found:
        msg = (
            f'"{file}" is a web page without a table: perhaps the site sent an error or wanted a '
            "login. Open it in a browser to see, and export the list again as xlsx or csv."
        )
        raise FormatError(msg)
    named = [grids.Grid(f"table {i}", g.rows) for i, g in enumerate(found, 1)]
    return grids.from_grids(named, file, known, encoding)


def _tables(content: bytes, file: str, counted: Callable[[str], int]) -> Iterator[grids.Grid]:
    text = _DECLARED.sub("", _text(content, file, counted))
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        msg = f'"{file}" is a damaged web page ({error}). Export the list again as xlsx or csv.'
        raise FormatError(msg) from error
    for table in root.iter("table"):
        rows = [list(_cells(row)) for row in table.iter("tr") if _own(row, table)]
        if any(rows):
            yield grids.Grid("", rows)


def _text(content: bytes, file: str, counted: Callable[[str], int]) -> str:
    """Text in the encoding that the page declares, where it is such; else by evidence."""
    declared = _CHARSET.search(content[:_HEAD])
    if declared and not content.startswith(tuple(encodings.BOMS)):
        name = declared[1].decode("ascii", errors="replace").lower()
        name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950"}.get(name, name)
        # Where the declaration is wrong, or a character is damaged, the bytes themselves tell.
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return content.decode(name)
    return encodings.to_utf8(content, file, known=counted)[0].decode()


def _own(row: html.HtmlElement, table: html.HtmlElement) -> bool:
    return next(row.iterancestors("table"), None) is table


def _cells(row: html.HtmlElement) -> Iterator[str]:
    for cell in row:
        if cell.tag in {"td", "th"}:
            yield _cell(cell)
            wide = str(cell.get("colspan", "1")).strip()
            if wide.isdigit():
                yield from [""] * (min(int(wide), _WIDEST) - 1)


def _cell(cell: html.HtmlElement) -> str:
    """Text of a cell; lines are kept where the page breaks them."""
    for tag in ("br", "p", "div", "li"):
        for element in cell.iter(tag):
            mark = "\u2028"
            if tag == "br":
                element.tail = mark + (element.tail or "")
            else:
                element.text = mark + (element.text or "")
    text = "".join(cell.itertext())
    return "\n".join(line for part in text.split("\u2028") if (line := " ".join(part.split())))
