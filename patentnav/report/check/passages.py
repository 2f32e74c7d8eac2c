"""The passages of a document: paragraphs, rows of tables and slides, each with its place."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav import _files
from patentnav.errors import ArgumentError, FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_MOST = 512 << 20  # bytes of one part of a document, unpacked
_SPACE = re.compile(r"\s+")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULER = re.compile(r"[\s|:=-]+$")
_LEAD = re.compile(r"\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+|\d{1,3}[.)]\s+)?")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_ENTITY = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>])")
_SILENT = {"script", "style", "template", "noscript", "head", "svg", "nav", "button", "select"}
_BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "div", "section", "article", "main",
    "figcaption", "caption", "blockquote", "dt", "dd", "body", "table", "thead", "tbody", "tfoot", "ul", "ol", "pre", "header",
    "footer", "figure", "details", "summary",
}  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """A piece of text with the place where it stands.

    Attributes
    ----------
    place
        ``paragraph 12``, ``table 3, row 2``, ``line 14`` or ``slide 2, paragraph 3``.
    text
        The text, without line breaks.
    cells
        The cells of a row of a table; empty for running text.
    heading
        Whether it is a heading.
    """

    place: str
    text: str
    cells: tuple[str, ...] = ()
    heading: bool = False


def passages(path: str | Path) -> list[Passage]:
    """Read the passages of a document.

    Parameters
    ----------
    path
        Ends in ``.docx``, ``.pptx``, ``.html``, ``.htm``, ``.md`` or ``.txt``.

    Returns
    -------
    list of Passage
        In reading order, without empty ones. What was deleted with changes tracked is not read.

    Raises
    ------
    ArgumentError
        The suffix is none of these.
    FormatError
        The file is not what its suffix says.
    FileError
        It cannot be read.
    """
    file = _files.as_path(path)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        msg = (
            f'A text to check is {", ".join(_READERS)}, not "{file.name}". Save it as one of these.'
        )
        raise ArgumentError(msg)
    found = reader(_files.read_file(file), file.name)
    return [one for one in found if one.text]


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _row(place: str, cells: list[str]) -> Passage:
    return Passage(place, " | ".join(c for c in cells if c), tuple(cells))


def _part(archive: zipfile.ZipFile, name: str, file: str) -> Any:
    """The root of an XML part of an Office document."""
    from lxml import etree  # slow to import

    if archive.getinfo(name).file_size > _MOST:
        msg = f'"{file}": {name} unpacks to more than {_MOST >> 20} MB. Save the document anew.'
        raise FormatError(msg)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        msg = f'"{file}": {name} is damaged ({error}). Save the document anew.'
        raise FormatError(msg) from error


def _opened(content: bytes, file: str, needed: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        msg = f'"{file}" is no Office document ({error}). Save it anew with its program.'
        raise FormatError(msg) from error
    if not any(name.startswith(needed) for name in archive.namelist()):
        msg = f'"{file}" has no {needed}. Check its suffix.'
        raise FormatError(msg)
    return archive


def _docx(content: bytes, file: str) -> Iterator[Passage]:
    with _opened(content, file, "word/document.xml") as archive:
        body = _part(archive, "word/document.xml", file).find(f"{_W}body")
    numbers = {"paragraph": 0, "table": 0}
    for element in body.iter(f"{_W}p", f"{_W}tbl"):
        if any(one.tag == f"{_W}tbl" for one in element.iterancestors()):
            continue
        if element.tag == f"{_W}p":
            numbers["paragraph"] += 1
            style = element.find(f"{_W}pPr/{_W}pStyle")
            name = "" if style is None else style.get(f"{_W}val", "")
            if name.lower().startswith("toc"):
                continue
            heading = name.lower().startswith(("heading", "title"))
            yield Passage(f"paragraph {numbers['paragraph']}", _docx_text(element), heading=heading)
            continue
        numbers["table"] += 1
        for i, row in enumerate(element.iter(f"{_W}tr"), start=1):
            cells = [_docx_text(cell) for cell in row.findall(f"{_W}tc")]
            yield _row(f"table {numbers['table']}, row {i}", cells)


def _docx_text(element: Any) -> str:
    pieces = []
    for one in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}p"):
        if one.tag == f"{_W}t":
            pieces.append(one.text or "")
        elif one is not element:
            pieces.append(" ")
    return _plain("".join(pieces))


def _pptx(content: bytes, file: str) -> Iterator[Passage]:
    with _opened(content, file, "ppt/slides/slide") as archive:
        found = [m for m in map(_SLIDE.fullmatch, archive.namelist()) if m]
        slides = sorted((int(m[1]), m[0]) for m in found)
        roots = [(number, _part(archive, name, file)) for number, name in slides]
    for number, root in roots:
        for i, row in enumerate(root.iter(f"{_A}tr"), start=1):
            cells = [_drawn(cell) for cell in row.findall(f"{_A}tc")]
            yield _row(f"slide {number}, row {i}", cells)
        free = [p for p in root.iter(f"{_A}p")
                if not any(one.tag == f"{_A}tr" for one in p.iterancestors())]  # fmt: skip
        for i, paragraph in enumerate(free, start=1):
            yield Passage(f"slide {number}, paragraph {i}", _drawn(paragraph))


def _drawn(element: Any) -> str:
    found = element.iter(f"{_A}t", f"{_A}br")
    return _plain("".join(one.text or " " for one in found))


def _html(content: bytes, file: str) -> Iterator[Passage]:
    from lxml import html  # slow to import

    text = _decoded(content)
    if not text.strip():
        return
    try:
        root = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except ValueError as error:
        msg = f'"{file}" is no page ({error}). Check its suffix.'
        raise FormatError(msg) from error
    count = 0
    tables: dict[Any, tuple[int, int]] = {}
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag not in _BLOCKS:
            continue
        around = [one.tag for one in element.iterancestors()]
        if _SILENT & {element.tag, *around} or (element.tag != "tr" and "tr" in around):
            continue
        if element.tag == "tr":
            table = next((one for one in element.iterancestors() if one.tag == "table"), None)
            number, rows = tables.get(table, (len(tables) + 1, 0))
            cells = [
                _plain(" ".join(cell.itertext())) for cell in element if cell.tag in {"td", "th"}
            ]
            tables[table] = (number, rows + 1)
            yield _row(f"table {number}, row {rows + 1}", cells)
            continue
        said = _own_text(element)
        if said:
            count += 1
            heading = element.tag[0] == "h" and element.tag[1:].isdigit()
            yield Passage(f"paragraph {count}", said, heading=heading)


def _own_text(element: Any) -> str:
    """Text of a block without that of the blocks inside it."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _BLOCKS | _SILENT:
            pieces.append(" " if child.tag == "br" else _own_text_of_run(child))
        pieces.append(child.tail or "")
    return _plain("".join(pieces))


def _own_text_of_run(element: Any) -> str:
    return "".join(element.itertext())


def _markdown(content: bytes, _file: str) -> Iterator[Passage]:
    fenced = False
    waiting: list[str] = []
    start = 0

    def paragraph() -> Iterator[Passage]:
        if waiting:
            yield Passage(f"line {start}", _plain(" ".join(waiting)))
            waiting.clear()

    for i, line in enumerate(_decoded(content).splitlines(), start=1):
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if fenced:
            continue
        bare = _ENTITY.sub(r"\1", _MARKS.sub("", _LINK.sub(r"\1", line)))
        if line.lstrip().startswith("|"):
            yield from paragraph()
            if not _RULER.match(line):
                cells = [_plain(cell) for cell in bare.strip().strip("|").split("|")]
                yield _row(f"line {i}", cells)
                continue
        lead = _LEAD.match(bare)
        said = bare[lead.end() :] if lead else bare
        if not said.strip():
            yield from paragraph()
            continue
        if lead and lead[0].strip():
            yield from paragraph()
        if line.lstrip().startswith("#"):
            yield Passage(f"line {i}", _plain(said), heading=True)
            continue
        start = start if waiting else i
        waiting.append(said)
    yield from paragraph()


def _text(content: bytes, _file: str) -> Iterator[Passage]:
    for i, line in enumerate(_decoded(content).splitlines(), start=1):
        yield Passage(f"line {i}", _plain(line))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


_READERS: dict[str, Callable[[bytes, str], Iterator[Passage]]] = {
    ".docx": _docx, ".pptx": _pptx, ".html": _html, ".htm": _html, ".md": _markdown, ".txt": _text,
}  # fmt: skip
