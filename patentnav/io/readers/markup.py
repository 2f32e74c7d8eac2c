"""XML without its dangers: no entity is resolved, no file or host is opened, memory is bounded."""

from __future__ import annotations

import functools
import html
import io
import re
from typing import TYPE_CHECKING

from lxml import etree

from patentnav.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DECLARATION = re.compile(rb"<\?xml\s")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*\[(.{0,65536}?)\]\s*>", re.DOTALL)
_ENTITY = re.compile(rb"<!ENTITY\s+([^>]{0,4096})>")
_HARMLESS = re.compile(
    rb"""^[\w.\-:]+\s+(?:(?:SYSTEM|PUBLIC)\b.*\bNDATA\s+\S+|["'][^&%"']{0,64}["'])\s*$""", re.DOTALL
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ROOT = re.compile(r"<(?:[\w.\-]+:)?([A-Za-z_][\w.\-]*)[\s/>]")
_LONGEST_PROLOGUE = 1 << 20
_EXCERPT = 200


def root_name(head: bytes) -> str:
    """Local name of the root element, from the first bytes of a file; empty where it is no XML."""
    text = _as_utf8(head).decode("utf-8", errors="ignore").lstrip("\ufeff \t\r\n")
    place = 0
    while text.startswith("<", place):
        if found := _ROOT.match(text, place):
            return found[1]
        place = _after(text, place)
        while place < len(text) and text[place].isspace():
            place += 1
    return ""


def _after(text: str, start: int) -> int:
    """Where a declaration, comment or document type that begins at ``start`` ends."""
    ends = {"<?": "?>", "<!--": "-->", "<!": ">"}
    end = next((e for begin, e in ends.items() if text.startswith(begin, start)), "")
    if end == ">":
        bracket = text.find("[", start)
        if 0 <= bracket < text.find(">", start):
            start = max(text.find("]", bracket), bracket)
    place = text.find(end, start) if end else -1
    return place + len(end) if place >= 0 else len(text)


def _as_utf8(content: bytes) -> bytes:
    if not content.startswith(_UTF16):
        return content
    text = content.decode("utf-16", errors="replace")
    return re.sub(r"(<\?xml[^>]*?)\s+encoding=[\"'][^\"']*[\"']", r"\1", text, count=1).encode()


def documents(content: bytes) -> Iterator[bytes]:
    """The XML documents of a file; bulk files hold thousands one after the other."""
    content = _as_utf8(content).lstrip(b"\xef\xbb\xbf \t\r\n")
    starts = [m.start() for m in _DECLARATION.finditer(content)] or [0]
    if starts[0] != 0:
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        yield content[start:end]


def refuse_entities(document: bytes, name: str) -> None:
    """Refuse a document that declares entities made of entities or of files.

    Raises
    ------
    FormatError
        Such an entity is declared.
    """
    prologue = document[:_LONGEST_PROLOGUE]
    found = _DOCTYPE.match(prologue, max(prologue.find(b"<!DOCTYPE"), 0))
    declared = _ENTITY.findall(found[1]) if found else []
    if len(declared) < prologue.count(b"<!ENTITY"):
        declared.append(b"?")  # a declaration of another form
    for entity in declared:
        if not _HARMLESS.match(entity.strip()):
            msg = (
                f'"{name}" declares XML entities that refer to others or to files and is refused. '
                "Download it again from the office."
            )
            raise FormatError(msg)


def elements(document: bytes, name: str, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Elements with the local names ``tags``, one at a time; each is emptied when the next comes.

    Raises
    ------
    FormatError
        The document declares dangerous entities, or is no well-formed XML from some place on
        (elements before it have been given).
    """
    refuse_entities(document, name)
    try:
        events = etree.iterparse(
            io.BytesIO(document), events=("end",), tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for _event, element in events:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        msg = f'"{name}" is damaged XML: {error}. Download it again.'
        raise FormatError(msg) from error


def reject(document: bytes, number: int, error: FormatError) -> tuple[int, str, str]:
    """Account of a document that could not be read to its end."""
    return number, document[:_EXCERPT].decode("utf-8", errors="replace"), str(error)


def text_of(element: etree._Element | None) -> str:
    """All text of an element in one line, named characters resolved; empty where there is none."""
    if element is None:
        return ""
    text = "".join(str(piece) for piece in element.itertext())
    return " ".join(html.unescape(text).split())


def local_name(element: etree._Element) -> str:
    """Tag without namespace."""
    return str(element.tag).rpartition("}")[2]


def find_text(element: etree._Element, path: str) -> str:
    """Text of the first descendant at ``path`` (local names, ``/`` between, ``//`` anywhere)."""
    return text_of(find(element, path))


def find(element: etree._Element, path: str) -> etree._Element | None:
    """First descendant at a path of local names."""
    return next(iter(find_all(element, path)), None)


def find_all(element: etree._Element, path: str) -> list[etree._Element]:
    """All descendants at a path of local names, whatever their namespace."""
    return list(element.iterfind(_any_namespace(path)))


@functools.cache
def _any_namespace(path: str) -> str:
    return "/".join(s if s in {"", ".", "..", "*"} else f"{{*}}{s}" for s in path.split("/"))
