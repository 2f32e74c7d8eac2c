"""The report as a Word document. The measures are in ``data/templates/docx.toml``."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Pt, RGBColor

from patentnav import _resources, i18n
from patentnav._version import __version__
from patentnav.report import ooxml
from patentnav.report.blocks import Figure, Ref, Table, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from patentnav.report.document import Report

_STYLES = {"body": "Normal", "finding": "Finding", "bullet": "List Bullet", "note": "Note",
           "missing": "Missing"}  # fmt: skip


def render(report: Report) -> bytes:
    """Return the docx file."""
    return _Writer(report).write()


class _Writer:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.look: Mapping[str, Any] = _resources.load_toml("templates", "docx")
        self.own: Mapping[str, Any] = self.look[report.lang]
        self.document: Document = docx.Document()
        self.bookmarks = ooxml.Bookmarks()
        self.pictures = 0

    def write(self) -> bytes:
        _page(self.document, self.look["page"])
        _styles(self.document, self.look, self.own)
        self._properties()
        self._running_heads()
        self._cover()
        self._contents()
        for section in self.report.sections:
            heading = self.document.add_heading(section.heading(self.report.lang), section.level)
            heading.paragraph_format.page_break_before = section.level == 1
            self.bookmarks.around(heading, ooxml.bookmark_name(section.id))
            for block in section.blocks:
                self._block(block)
        return ooxml.package(self.document)

    def _properties(self) -> None:
        core = self.document.core_properties
        core.title, core.language = self.report.title, self.own["language"]
        core.author, core.comments = f"patentnav {__version__}", self.report.banner
        core.subject = self.report.subtitle

    def _running_heads(self) -> None:
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        head.text = " · ".join(x for x in (self.report.title, self.report.banner) if x)
        head.style = self.document.styles["Header"]
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        ooxml.add_field(foot, "PAGE", "1")
        foot.add_run(" / ")
        ooxml.add_field(foot, "NUMPAGES", "1")

    def _cover(self) -> None:
        for _ in range(5):
            self.document.add_paragraph()
        self.document.add_paragraph(self.report.title, "Title")
        if self.report.subtitle:
            self.document.add_paragraph(self.report.subtitle, "Subtitle")
        if self.report.banner:
            self.document.add_paragraph(self.report.banner, "Banner")
        self.document.add_paragraph()
        table = self.document.add_table(rows=0, cols=2)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for label, value in self.report.facts:
            cells = table.add_row().cells
            cells[0].paragraphs[0].text, cells[1].paragraphs[0].text = label, value
            for cell, width in zip(cells, (4.0, 9.5), strict=True):
                cell.width = Cm(width)
                cell.paragraphs[0].style = self.document.styles["Cover Text"]

    def _contents(self) -> None:
        """The table of contents is a field whose result is already there."""
        lang = self.report.lang
        title = self.document.add_paragraph(i18n.text("report.word.contents", lang), "TOC Heading")
        title.paragraph_format.page_break_before = True
        last = None
        for i, section in enumerate(self.report.sections):
            entry = self.document.add_paragraph(style=f"TOC {section.level}")
            anchor = ooxml.bookmark_name(section.id)
            entry.add_run(f"{section.heading(lang)}\t")
            ooxml.add_field(entry, f"PAGEREF {anchor} \\h", "")
            ooxml.add_link(entry, anchor)
            if i == 0:
                ooxml.open_field(entry, 'TOC \\o "1-2" \\h \\z \\u')
                link = entry._p.findall(qn("w:hyperlink"))[0]  # noqa: SLF001
                entry._p.append(link)  # noqa: SLF001 (after the field's opening)
            last = entry
        if last is not None:
            ooxml.close_field(last)

    # Blocks

    def _block(self, block: Text | Table | Figure) -> None:
        if isinstance(block, Text):
            self._runs(self.document.add_paragraph(style=_STYLES[block.style]), block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._figure(block)

    def _runs(self, paragraph: Paragraph, text: Text) -> None:
        for run in text.runs(self.report.lang):
            if isinstance(run, Ref):
                anchor = ooxml.bookmark_name(run.target)
                ooxml.add_field(paragraph, f"REF {anchor} \\h", self.report.label(run.target))
            else:
                paragraph.add_run(run)

    def _caption(self, kind: str, block: Table, *, keep: bool) -> None:
        lang = self.report.lang
        label = self.report.label(block.id)
        prefix = i18n.text(f"report.label.{kind}", lang, number="")
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.add_run(prefix)
        ooxml.add_field(paragraph, f"SEQ {prefix.strip()} \\* ARABIC", label.removeprefix(prefix))
        self.bookmarks.around(paragraph, ooxml.bookmark_name(block.id))
        paragraph.add_run(f"  {block.caption(lang)}")

    def _note(self, block: Table) -> None:
        if block.note is not None:
            self._runs(self.document.add_paragraph(style="Note"), block.note)

    def _table(self, block: Table) -> None:
        lang = self.report.lang
        self._caption("table", block, keep=True)
        columns = [str(c) for c in block.frame.columns]
        rows = [block.labels(lang), *block.cells(lang, block.rows)]
        table = ooxml.table(
            rows, _widths(rows, self._text_width()), [block.is_numeric(c) for c in columns],
            style=self.document.styles["Table Text"].style_id,
            colour=self.look["colours"]["rule"],
        )  # fmt: skip
        self.document.element.body.insert(-1, table)  # before the section's properties
        if block.rows is not None and len(block.frame) > block.rows:
            more = i18n.text("report.word.more_rows", lang, shown=block.rows,
                             total=len(block.frame))  # fmt: skip
            self.document.add_paragraph(more, "Note")
        self._note(block)

    def _figure(self, block: Figure) -> None:
        self.pictures += 1
        paragraph = self.document.add_paragraph(style="Picture")
        run = paragraph.add_run()
        width = min(block.size[0], self._text_width() / 2.54)
        run.add_picture(io.BytesIO(self.report.pictures[block.id]), width=Inches(width))
        alt = block.alt(self.report.lang)
        ooxml.describe(run, alt, self.report.label(block.id), self.pictures)
        self._caption("figure", block.table, keep=block.table.note is not None)
        self._note(block.table)

    def _text_width(self) -> float:
        page = self.look["page"]
        return float(page["width"] - page["left"] - page["right"])


def _page(document: Document, page: Mapping[str, float]) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(page["width"]), Cm(page["height"])
    section.top_margin, section.bottom_margin = Cm(page["top"]), Cm(page["bottom"])
    section.left_margin, section.right_margin = Cm(page["left"]), Cm(page["right"])


def _styles(document: Document, look: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    sizes, colours, styles = own["sizes"], look["colours"], document.styles
    for name in ("Finding", "Missing", "Note", "Table Text", "Cover Text", "Picture", "Banner",
                 "TOC Heading", "TOC 1", "TOC 2"):  # fmt: skip
        if name not in [s.name for s in styles]:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    # style: size, fonts, space before and after in points, colour
    plan: dict[str, tuple[float, str, float, float, str | None]] = {
        "Normal": (sizes["body"], "body", 0, 6, None),
        "Title": (sizes["title"], "heading", 0, 12, "heading"),
        "Subtitle": (sizes["subtitle"], "heading", 0, 18, "note"),
        "Banner": (sizes["body"], "heading", 6, 6, "banner"),
        "Heading 1": (sizes["h1"], "heading", 0, 14, "heading"),
        "Heading 2": (sizes["h2"], "heading", 16, 8, "heading"),
        "TOC Heading": (sizes["h1"], "heading", 0, 14, "heading"),
        "TOC 1": (sizes["body"], "heading", 8, 2, None),
        "TOC 2": (sizes["body"], "body", 0, 2, None),
        "Finding": (sizes["body"], "heading", 0, 8, "heading"),
        "Missing": (sizes["body"], "body", 4, 8, "note"),
        "List Bullet": (sizes["body"], "body", 0, 4, None),
        "Caption": (sizes["caption"], "heading", 8, 4, None),
        "Note": (sizes["note"], "body", 2, 8, "note"),
        "Table Text": (sizes["table"], "body", 1, 1, None),
        "Cover Text": (sizes["body"], "body", 2, 2, None),
        "Picture": (sizes["body"], "body", 8, 0, None),
        "Header": (sizes["note"], "body", 0, 0, "note"),
        "Footer": (sizes["note"], "body", 0, 0, "note"),
    }
    for name, (size, fonts, before, after, colour) in plan.items():
        style = styles[name]
        ooxml.set_fonts(style, own[fonts], own["language"])
        style.font.size, style.font.italic = Pt(size), False
        style.font.bold = name in {"Title", "Heading 1", "Heading 2", "TOC 1", "Banner"}
        style.font.color.rgb = RGBColor.from_string(colours[colour] if colour else "000000")
        shape = style.paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.line_spacing = own["line_spacing"] if name in {"Normal", "Finding"} else 1.15
    for name in ("Normal", "Finding"):
        styles[name].paragraph_format.widow_control = True
    _place(document, own, look)


def _place(document: Document, own: Mapping[str, Any], look: Mapping[str, Any]) -> None:
    """Alignment, indents and tabs."""
    styles = document.styles
    for name in ("Title", "Subtitle", "Banner", "Caption", "Picture", "TOC Heading"):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    borders = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        styles["Title"].element.pPr.remove(borders)
    styles["Picture"].paragraph_format.keep_with_next = True
    styles["Picture"].paragraph_format.line_spacing = 1.0
    page = look["page"]
    right = Cm(page["width"] - page["left"] - page["right"])
    for level, name in enumerate(("TOC 1", "TOC 2")):
        shape = styles[name].paragraph_format
        shape.left_indent = Pt(22 * level)
        shape.tab_stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    # Body text is indented; styles made from it are not.
    ooxml.set_indent(styles["Normal"], own["first_line_indent"])
    for style in styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name != "Normal":
            indent = style.element.get_or_add_pPr().get_or_add_ind()
            indent.set(qn("w:firstLineChars"), "0")
            if indent.get(qn("w:hanging")) is None:
                indent.set(qn("w:firstLine"), "0")


def _widths(rows: list[list[str]], total: float) -> list[float]:
    """Column widths in centimetres, by the longest cells; a Chinese character counts two."""
    needs = [min(max(5, *(_columns(row[i]) for row in rows)), 46) + 2 for i in range(len(rows[0]))]
    return [total * need / sum(needs) for need in needs]


def _columns(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
