"""The parts of WordprocessingML that python-docx has no words for.

Fields, bookmarks, East Asian fonts, three-line tables, and a package without clock times.
"""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from patentnav.report.render import packages
from patentnav.sheets import EPOCH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_FIRST_ROWS = 3  # of a table, its heading among them, which stay with the next
_LAST_ROWS = 2  # of a table, which stay with its note


def element(tag: str, **attributes: Any) -> Any:
    """A ``w:`` element with ``w:`` attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_fonts(style: ParagraphStyle, fonts: Mapping[str, str], language: str) -> None:
    """Give a style its Latin and East Asian fonts; theme fonts would win over both, so they go."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")) + properties.findall(qn("w:lang")):
        properties.remove(old)
    latin, east_asia = fonts["latin"], fonts["east_asia"]
    properties.insert(0, element("rFonts", ascii=latin, hAnsi=latin, cs=latin, eastAsia=east_asia))
    # Latin words in a Chinese text are English: as Chinese they would be broken anywhere.
    chinese = language.startswith("zh")
    own, east = ("en-US", language) if chinese else (language, "zh-CN")
    properties.append(element("lang", val=own, eastAsia=east))


def set_first_line(style: ParagraphStyle, characters: int, size: float, hanging: float) -> None:
    """Indent the first line by so many characters of a size, or let it hang by so many points."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    for name in ("firstLine", "firstLineChars", "hanging", "hangingChars"):
        indent.attrib.pop(qn(f"w:{name}"), None)
    if hanging:
        indent.set(qn("w:hanging"), str(round(hanging * 20)))
        return
    # Zeros are written too: a style inherits what it does not state.
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(round(characters * size * 20)))


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> Run:
    """A field with the result that is shown until the program computes it anew."""
    open_field(paragraph, instruction)
    run = paragraph.add_run(shown)
    close_field(paragraph)
    return run


def open_field(paragraph: Paragraph, instruction: str) -> None:
    """Begin a field; what follows up to :func:`close_field` is its result."""
    begin = paragraph.add_run()
    begin._r.append(element("fldChar", fldCharType="begin"))  # noqa: SLF001
    code = paragraph.add_run()
    text = element("instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    code._r.append(text)  # noqa: SLF001
    separate = paragraph.add_run()
    separate._r.append(element("fldChar", fldCharType="separate"))  # noqa: SLF001


def close_field(paragraph: Paragraph) -> None:
    """End a field."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))  # noqa: SLF001


class Bookmarks:
    """Hands out the numbers of bookmarks of one document."""

    def __init__(self) -> None:
        self._last = 0

    def around(self, paragraph: Paragraph, name: str, first: int = 0) -> None:
        """Bookmark what a paragraph holds from child ``first`` on."""
        self._last += 1
        runs = [c for c in paragraph._p if c.tag != qn("w:pPr")]  # noqa: SLF001
        runs[first].addprevious(element("bookmarkStart", id=self._last, name=name))
        runs[-1].addnext(element("bookmarkEnd", id=self._last))


class Pages:
    """The sections of a document: a wide table stands on pages that lie on their side."""

    def __init__(self, document: Document) -> None:
        self._body = document.element.body
        self.on_its_side = False

    def turn(self, *, on_its_side: bool) -> bool:
        """Let what follows stand on pages upright or on their side; whether that is a new page."""
        if on_its_side == self.on_its_side:
            return False
        # The properties of a section stand at its end: those of the last one at the end of the body.
        last = self._body.sectPr
        ended = copy.deepcopy(last)
        for first_only in last.findall(qn("w:titlePg")):
            last.remove(first_only)
        self._last_paragraph().get_or_add_pPr().append(ended)
        size, margins = last.find(qn("w:pgSz")), last.find(qn("w:pgMar"))
        _swap(size, "w", "h")
        _swap(margins, "top", "left")
        _swap(margins, "bottom", "right")
        if on_its_side:
            size.set(qn("w:orient"), "landscape")
        else:
            del size.attrib[qn("w:orient")]
        self.on_its_side = on_its_side
        return True

    def _last_paragraph(self) -> Any:
        last = self._body[-2]
        if last.tag != qn("w:p"):
            last = element("p")
            self._body.insert(-1, last)
        return last


def _swap(one: Any, first: str, second: str) -> None:
    a, b = qn(f"w:{first}"), qn(f"w:{second}")
    one.attrib[a], one.attrib[b] = one.attrib[b], one.attrib[a]


def bookmark_name(target: str) -> str:
    """Name of the bookmark of a block or section."""
    return "_Ref_" + target.replace(".", "_").replace("-", "_")


def add_link(paragraph: Paragraph, shown: str, anchor: str) -> None:
    """A link to a bookmark."""
    link = element("hyperlink", anchor=anchor, history="1")
    link.append(paragraph.add_run(shown)._r)  # noqa: SLF001
    paragraph._p.append(link)  # noqa: SLF001


def table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    right: Sequence[bool],
    *,
    style: str,
    colour: str,
    together: bool = False,
    followed: bool = False,
) -> Any:
    """A table as in Chinese print: thick rules above and below, a thin one below the heading.

    Parameters
    ----------
    rows
        Texts, with line ends where they must break; the first row is the heading and is repeated on
        every page.
    widths
        Of the columns, in centimetres.
    right
        Columns that are set flush right.
    style
        Id of the paragraph style of the cells.
    colour
        Of the rules.
    together
        Whether the table stays on one page.
    followed
        Whether the last rows stay with what follows, a note.
    """
    made, properties = element("tbl"), element("tblPr")
    made.append(properties)
    properties.append(element("tblW", w=0, type="auto"))
    properties.append(element("jc", val="center"))
    borders = element("tblBorders")
    for side, size, shade in (
        ("top", 12, colour),
        ("bottom", 12, colour),
        ("insideH", 2, "D9D9D9"),
    ):
        borders.append(element(side, val="single", sz=size, space=0, color=shade))
    properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    twips = [round(width * 567) for width in widths]
    grid = element("tblGrid")
    grid.extend(element("gridCol", w=width) for width in twips)
    made.append(grid)
    for i, values in enumerate(rows):
        row, look = element("tr"), element("trPr")
        look.append(element("cantSplit"))
        if i == 0:
            look.append(element("tblHeader"))
        row.append(look)
        last = i >= len(rows) - _LAST_ROWS and followed
        keep = i < _FIRST_ROWS or last or (together and i < len(rows) - 1)
        row.extend(
            _cell(value, width, style, right=flush, rule=colour if i == 0 else "", keep=keep)
            for value, width, flush in zip(values, twips, right, strict=True)
        )
        made.append(row)
    return made


def _cell(value: str, width: int, style: str, *, right: bool, rule: str, keep: bool) -> Any:
    """A cell; one with a rule is a heading."""
    cell, look = element("tc"), element("tcPr")
    look.append(element("tcW", w=width, type="dxa"))
    if rule:
        borders = element("tcBorders")
        borders.append(element("bottom", val="single", sz=6, space=0, color=rule))
        look.append(borders)
    cell.append(look)
    paragraph, properties, run = element("p"), element("pPr"), element("r")
    properties.append(element("pStyle", val=style))
    if keep:
        properties.append(element("keepNext"))
    if right:
        properties.append(element("jc", val="right"))
    if rule:
        bold = element("rPr")
        bold.append(element("b"))
        run.append(bold)
    for i, line in enumerate(value.split("\n")):
        if i:
            run.append(element("br"))
        text = element("t")
        text.text = line
        text.set(qn("xml:space"), "preserve")
        run.append(text)
    paragraph.extend([properties, run])
    cell.append(paragraph)
    return cell


def describe(run: Run, alt: str, name: str, number: int) -> None:
    """Give the picture of a run its alternative text, name and number."""
    properties = run._r.find(f".//{qn('wp:docPr')}")  # noqa: SLF001
    properties.set("descr", alt)
    properties.set("name", name)
    properties.set("id", str(number))


def package(document: Document) -> bytes:
    """The file, with one fixed time for all its parts: the same document gives the same bytes."""
    core = document.core_properties
    core.created = core.modified = EPOCH
    core.revision, core.last_modified_by = 1, ""
    raw = io.BytesIO()
    document.save(raw)
    return packages.fixed(raw.getvalue())
