"""The report as a Word document. Measures and styles are in ``data/templates/docx.toml``."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Pt, RGBColor

from patentnav import _resources, i18n
from patentnav._version import __version__
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.render import columns, ooxml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from patentnav.report.blocks import Block, Section
    from patentnav.report.document import Report, Template

_POINT = 2.54 / 72  # centimetres
_PROPERTY = 255  # characters of a property of the file
_TOGETHER = 14  # rows of a table that stays on one page
_STYLES = {"lead": "Lead", "body": "Normal", "finding": "Finding", "bullet": "List Bullet",
           "note": "Note", "missing": "Missing"}  # fmt: skip


def render(report: Report, template: Template | None = None) -> bytes:
    """Return the docx file."""
    return _Writer(report, template).write()


class _Writer:
    def __init__(self, report: Report, template: Template | None) -> None:
        self.report = report
        self.look: Mapping[str, Any] = _resources.load_toml("templates", "docx")
        self.own: Mapping[str, Any] = self.look[report.lang]
        page = self.look["page"]
        self.width = float(page["width"] - page["left"] - page["right"])
        self.length = float(page["height"] - page["top"] - page["bottom"])  # of a turned page
        self.letter = self.look["style"]["Table Text"]["size"] * _POINT
        self.document: Document = docx.Document()
        self.bookmarks = ooxml.Bookmarks()
        self.pages = ooxml.Pages(self.document)
        self.pictures = 0

    def write(self) -> bytes:
        _page(self.document, self.look["page"])
        _styles(self.document, self.look, self.own, self.width)
        self._properties()
        self._running_heads()
        self._cover()
        self._contents()
        for section in self.report.sections:
            self.pages.turn(on_its_side=False)
            self._heading(section)
            for block, after in itertools.zip_longest(section.blocks, section.blocks[1:]):
                self._block(block, after)
        self.pages.turn(on_its_side=False)
        return ooxml.package(self.document)

    def _properties(self) -> None:
        core = self.document.core_properties
        core.language = self.own["language"]
        # Longer ones are refused; the cover has the whole.
        core.title = self.report.title[:_PROPERTY]
        core.author = (self.report.author or f"patentnav {__version__}")[:_PROPERTY]
        core.comments = self.report.banner[:_PROPERTY]
        core.subject = self.report.subtitle[:_PROPERTY]

    def _running_heads(self) -> None:
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        section.header.paragraphs[0].text = " · ".join(
            x for x in (self.report.title, self.report.banner) if x
        )
        foot = section.footer.paragraphs[0]
        ooxml.add_field(foot, "PAGE", "1")
        foot.add_run(" / ")
        ooxml.add_field(foot, "NUMPAGES", "1")

    def _cover(self) -> None:
        for text, style in (
            (self.report.title, "Title"),
            (self.report.subtitle, "Subtitle"),
            (self.report.banner, "Banner"),
        ):
            if text:
                self.document.add_paragraph(text, style)
        for i, (label, value) in enumerate(self.report.facts):
            line = self.document.add_paragraph(f"{label}\t{value}", "Cover Text")
            if i == 0:
                line.paragraph_format.space_before = Pt(self.look["cover"]["facts"])

    def _contents(self) -> None:
        """Entries that link to the headings, with fields for their page numbers.

        Only the program that lays out the pages can know these. A TOC field would leave them
        blank in conversions: LibreOffice computes references, but no table of contents.
        """
        lang = self.report.lang
        title = self.document.add_paragraph(i18n.text("report.word.contents", lang), "TOC Heading")
        title.paragraph_format.page_break_before = True
        for section in self.report.sections:
            entry = self.document.add_paragraph(style=f"TOC {section.level}")
            anchor = ooxml.bookmark_name(section.id)
            ooxml.add_link(entry, section.heading(lang), anchor)
            entry.add_run("\t")
            ooxml.add_field(entry, f"PAGEREF {anchor} \\h", "")
        self.document.settings.element.append(ooxml.element("updateFields", val="true"))

    def _heading(self, section: Section) -> None:
        lang = self.report.lang
        heading = self.document.add_heading(level=section.level)
        heading.paragraph_format.page_break_before = section.level == 1
        # References show the number, so the bookmark is around the number alone.
        heading.add_run(section.number or section.title(lang))
        self.bookmarks.around(heading, ooxml.bookmark_name(section.id))
        if section.number:
            heading.add_run(f" {section.title(lang)}")

    # Blocks

    def _block(self, block: Block, after: Block | None) -> None:
        if isinstance(block, Text):
            self.pages.turn(on_its_side=False)
            paragraph = self.document.add_paragraph(style=_STYLES[block.style])
            # What leads to a figure or table stands on its page.
            paragraph.paragraph_format.keep_with_next = isinstance(after, Table | Figure)
            self._runs(paragraph, block)
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
        names = [str(c) for c in block.frame.columns]
        heads, rows = block.labels(lang), list(block.cells(lang, block.rows))
        needs = [
            columns.column(head, [row[i] for row in rows], wraps=block.wraps(name))
            for i, (head, name) in enumerate(zip(heads, names, strict=True))
        ]
        upright = columns.layout(needs, self.width, self.letter)
        turned = columns.layout(needs, self.length, self.letter)
        on_its_side = columns.is_better(turned, upright)
        self.pages.turn(on_its_side=on_its_side)
        self._caption("table", block, keep=True)
        widths = (turned if on_its_side else upright).widths
        named = [columns.broken(h, w, self.letter) for h, w in zip(heads, widths, strict=True)]
        more = block.more(lang, block.rows)
        table = ooxml.table(
            [named, *rows],
            widths,
            [block.is_numeric(name) for name in names],
            style=self.document.styles["Table Text"].style_id,
            colour=self.look["colours"]["rule"],
            together=len(rows) <= _TOGETHER,
            followed=more is not None or block.note is not None,
        )
        self.document.element.body.insert(-1, table)  # before the section's properties
        if more is not None:
            line = self.document.add_paragraph(more, "Note")
            line.paragraph_format.keep_with_next = block.note is not None
        self._note(block)

    def _figure(self, block: Figure) -> None:
        self.pages.turn(on_its_side=False)
        self.pictures += 1
        run = self.document.add_paragraph(style="Picture").add_run()
        width = min(block.size[0], self.width / 2.54)
        run.add_picture(io.BytesIO(self.report.pictures[block.id]), width=Inches(width))
        alt = block.alt(self.report.lang)
        ooxml.describe(run, alt, self.report.label(block.id), self.pictures)
        self._caption("figure", block.table, keep=block.table.note is not None)
        self._note(block.table)


def _page(document: Document, page: Mapping[str, float]) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(page["width"]), Cm(page["height"])
    section.top_margin, section.bottom_margin = Cm(page["top"]), Cm(page["bottom"])
    section.left_margin, section.right_margin = Cm(page["left"]), Cm(page["right"])


def _styles(
    document: Document, look: Mapping[str, Any], own: Mapping[str, Any], width: float
) -> None:
    known = {s.name for s in document.styles}
    for name, plan in look["style"].items():
        if name not in known:
            made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            made.base_style = document.styles["Normal"]
        style = document.styles[name]
        ooxml.set_fonts(style, own["fonts"][plan.get("fonts", "body")], own["language"])
        style.font.size, style.font.italic = Pt(plan["size"]), False
        style.font.bold = plan.get("bold", False)
        style.font.color.rgb = RGBColor.from_string(look["colours"][plan.get("colour", "ink")])
        shape = style.paragraph_format
        shape.space_before, shape.space_after = Pt(plan.get("before", 0)), Pt(plan.get("after", 0))
        shape.line_spacing = own["line_spacing"] if plan.get("body") else 1.15
        shape.left_indent = Pt(plan.get("left", 0))
        centred = plan.get("centred", False)
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        characters = own["first_line_characters"] if plan.get("body") else 0
        ooxml.set_first_line(style, characters, plan["size"], plan.get("hanging", 0))
    styles = document.styles
    borders = styles["Title"].element.pPr.find(qn("w:pBdr"))
    styles["Title"].element.pPr.remove(borders)
    styles["Picture"].paragraph_format.keep_with_next = True
    styles["Picture"].paragraph_format.line_spacing = 1.0
    styles["Missing"].paragraph_format.keep_together = True
    styles["Lead"].paragraph_format.keep_with_next = True
    for name in ("TOC 1", "TOC 2"):
        stops = styles[name].paragraph_format.tab_stops
        stops.add_tab_stop(Cm(width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
