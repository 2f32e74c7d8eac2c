"""The report as a Word document. Measures and styles are in ``data/templates/docx.toml``."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Emu, Pt

from patentnav import _resources, i18n
from patentnav._version import __version__
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.render import columns, ooxml, styles
from patentnav.report.render.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.text.paragraph import Paragraph

    from patentnav.report.blocks import Block, Section
    from patentnav.report.document import Report
    from patentnav.report.templates import Template

_POINT = 2.54 / 72  # centimetres
_PROPERTY = 255  # characters of a property of the file
_SHALLOW = 2.5  # lines of a row of a table in smaller letters
_MARGINS = 1.1  # margins of cells stay as wide where letters are smaller
# Points: of the heading of the contents, of a line of it, and of the closest line; letters to a line.
_TITLE, _LINE, _CLOSEST, _LEADING = 44.0, 15.5, 11.0, 1.2
_TOGETHER = 14  # rows of a table that stays on one page
_STYLES = {"lead": "Lead", "body": "Normal", "finding": "Finding", "bullet": "List Bullet",
           "note": "Note", "missing": "Missing"}  # fmt: skip
_WIDER = 1.15  # room for the letters of a template, which may be wider than Times
_BULLET = "List Bullet"


class _Plan(NamedTuple):
    """How a table is set."""

    heads: list[str]
    rows: list[list[str]]
    layout: columns.Layout
    style: str
    letter: float
    on_its_side: bool


def render(report: Report, template: Template | None = None) -> bytes:
    """Return the docx file."""
    return _Writer(report, template).write()


class _Writer:
    def __init__(self, report: Report, template: Template | None) -> None:
        self.report = report
        self.look: Mapping[str, Any] = _resources.load_toml("templates", "docx")
        self.own: Mapping[str, Any] = self.look[report.lang]
        self.is_house = template is None
        self.sheet = (
            styles.house(self.look, self.own)
            if template is None
            else styles.of_template(template, self.look)
        )
        self.document, self.width = self.sheet.document, self.sheet.width
        self.length = self.sheet.length  # of a turned page
        self.letter = self.look["style"]["Table Text"]["size"] * _POINT
        if template is not None:
            self.letter *= _WIDER
        self.bookmarks = ooxml.Bookmarks()
        self.pages = ooxml.Pages(self.document)
        self.flow = Flow(self.look, self.own["line_spacing"], self.width, self.own["line_height"])
        self.apart = {one.id for one in self.report.sections if one.apart}  # they have no bookmark
        self.style_ids: dict[str, str | None] = {}
        self.pictures = 0

    def write(self) -> bytes:
        self._properties()
        self._running_heads()
        self._cover()
        self._contents()
        for section in self.report.body:
            self._turn(on_its_side=False)
            self._heading(section)
            blocks = list(section.blocks)
            last = max((i for i, b in enumerate(blocks) if not isinstance(b, Text)),
                       default=-1)  # fmt: skip
            for i in range(len(blocks)):
                after = blocks[i + 1] if i + 1 < len(blocks) else None
                if isinstance(after, Table) and self._goes_behind(blocks[i], after):
                    blocks[i], blocks[i + 1] = after, blocks[i]
                    after = blocks[i + 1]
                self._block(blocks[i], after, stays=i > last or self._leads_aside(blocks[i:]))
        self._turn(on_its_side=False)
        return ooxml.package(self.document)

    def _turn(self, *, on_its_side: bool) -> None:
        if self.pages.turn(on_its_side=on_its_side):
            self.flow.turn()

    def _leads_aside(self, blocks: list[Block]) -> bool:
        """Whether text between two tables on their side stays there: upright it would fill no page."""
        if not self.pages.on_its_side:
            return False
        after = next((b for b in blocks if not isinstance(b, Text)), None)
        return isinstance(after, Table) and self._plan(after).on_its_side

    def _goes_behind(self, block: Block, after: Table) -> bool:
        """Whether a figure would leave much of the page empty that the table after it can fill."""
        if not isinstance(block, Figure) or not self.flow.leaves_a_gap(self._size(block)[1]):
            return False
        return len(after.frame.head(after.rows or len(after.frame))) > _TOGETHER and not self._plan(after).on_its_side  # fmt: skip

    def _size(self, block: Figure) -> tuple[float, float]:
        """Centimetres of a figure."""
        width = min(block.size[0] * 2.54, self.width)
        return width, width * block.size[1] / block.size[0]

    def _style(self, name: str) -> str:
        """What the document calls a style."""
        return self.sheet.names[name]

    def _paragraph(self, style: str, text: str = "") -> Paragraph:
        """A new paragraph in a style, which python-docx would look for among all of them each time."""
        made = self.document.add_paragraph(text)
        if style not in self.style_ids:
            name = self._style(style)
            known = self.document.part.get_style_id(name, WD_STYLE_TYPE.PARAGRAPH)
            self.style_ids[style] = known
        made._p.style = self.style_ids[style]  # noqa: SLF001
        return made

    def _properties(self) -> None:
        core = self.document.core_properties
        core.language = self.own["language"]
        # Longer ones are refused; the cover has the whole.
        core.title = self.report.title[:_PROPERTY]
        core.author = (self.report.author or f"patentnav {__version__}")[:_PROPERTY]
        core.comments = self.report.banner[:_PROPERTY]
        core.subject = self.report.subtitle[:_PROPERTY]
        core.keywords = core.category = core.content_status = ""

    def _running_heads(self) -> None:
        section = self.document.sections[0]
        if self.is_house:
            section.different_first_page_header_footer = True
        if styles.is_empty(section.header):
            section.header.paragraphs[0].text = " · ".join(
                x for x in (self.report.title, self.report.banner) if x
            )
        elif self.report.banner:
            section.header.add_paragraph(self.report.banner)
        if not styles.is_empty(section.footer):
            return
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
                self._paragraph(style, text)
        for i, (label, value) in enumerate(self.report.facts):
            line = self._paragraph("Cover Text", f"{label}\t{value}")
            if i == 0:
                line.paragraph_format.space_before = Pt(self.look["cover"]["facts"])

    def _contents(self) -> None:
        """Entries that link to the headings, with fields for their page numbers.

        Only the program that lays out the pages can know these. A TOC field would leave them
        blank in conversions: LibreOffice computes references, but no table of contents.
        """
        lang = self.report.lang
        contents = i18n.text("report.word.contents", lang)
        title = self._paragraph("TOC Heading", contents)
        title.paragraph_format.page_break_before = True
        self._fit_contents(len(self.report.body))
        for section in self.report.body:
            entry = self._paragraph(f"TOC {section.level}")
            anchor = ooxml.bookmark_name(section.id)
            ooxml.add_link(entry, section.heading(lang), anchor)
            entry.add_run("\t")
            ooxml.add_field(entry, f"PAGEREF {anchor} \\h", "")
        self.document.settings.element.append(ooxml.element("updateFields", val="true"))

    def _fit_contents(self, entries: int) -> None:
        """Set the lines of the contents closer where a few of them would make a page of their own."""
        page = self.document.sections[-1]
        margins = int(page.top_margin or 0) + int(page.bottom_margin or 0)
        room = Emu(int(page.page_height or 0) - margins).pt - _TITLE
        line = room / max(entries, 1)
        if not (self.is_house and _CLOSEST <= line < _LINE):
            return  # the styles of a client's template are left as they are
        for name in ("TOC 1", "TOC 2"):
            style = self.document.styles[name]
            style.paragraph_format.line_spacing = Pt(line)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            size = style.font.size.pt if style.font.size is not None else _LINE
            style.font.size = Pt(int(2 * min(size, line / _LEADING)) / 2)

    def _heading(self, section: Section) -> None:
        lang = self.report.lang
        heading = self.document.add_heading(level=section.level)
        heading.paragraph_format.page_break_before = section.level == 1
        if section.level == 1:
            self.flow.turn()
        self.flow.paragraph(section.heading(lang), f"Heading {section.level}")
        # References show the number, so the bookmark is around the number alone.
        heading.add_run(section.number or section.title(lang))
        self.bookmarks.around(heading, ooxml.bookmark_name(section.id))
        if section.number:
            heading.add_run(f" {section.title(lang)}")

    # Blocks

    def _block(self, block: Block, after: Block | None, *, stays: bool) -> None:
        if isinstance(block, Text):
            if not stays:  # lines below a table on its side stay there, and between two such tables
                self._turn(on_its_side=False)
            self.flow.paragraph(self.report.plain(block), _STYLES[block.style])
            paragraph = self._paragraph(_STYLES[block.style])
            # What leads to a figure or table stands on its page.
            paragraph.paragraph_format.keep_with_next = isinstance(after, Table | Figure)
            if block.style == "bullet" and _BULLET in self.sheet.made:
                paragraph.add_run("\u2022\t")  # a list of the template would have its own
            self._runs(paragraph, block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._figure(block)

    def _runs(self, paragraph: Paragraph, text: Text) -> None:
        for run in text.runs(self.report.lang):
            if isinstance(run, Ref) and run.target in self.apart:
                paragraph.add_run(self.report.label(run.target))
            elif isinstance(run, Ref):
                anchor = ooxml.bookmark_name(run.target)
                ooxml.add_field(paragraph, f"REF {anchor} \\h", self.report.label(run.target))
            else:
                paragraph.add_run(run)

    def _caption(self, kind: str, block: Table, *, keep: bool) -> None:
        lang = self.report.lang
        label = self.report.label(block.id)
        prefix = i18n.text(f"report.label.{kind}", lang, number="")
        paragraph = self._paragraph("Caption")
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.add_run(prefix)
        ooxml.add_field(paragraph, f"SEQ {prefix.strip()} \\* ARABIC", label.removeprefix(prefix))
        self.bookmarks.around(paragraph, ooxml.bookmark_name(block.id))
        paragraph.add_run(f"  {block.caption(lang)}")

    def _note(self, block: Table) -> None:
        if block.note is not None:
            self.flow.paragraph(self.report.plain(block.note), "Note")
            self._runs(self._paragraph("Note"), block.note)

    def _plan(self, block: Table) -> _Plan:
        """How a table is set: its rows, widths of columns, letters, on which side of the page."""
        lang = self.report.lang
        names = [str(c) for c in block.frame.columns]
        heads, rows = block.labels(lang), list(block.cells(lang, block.rows))
        needs = [
            columns.column(head, [row[i] for row in rows], wraps=block.wraps(name))
            for i, (head, name) in enumerate(zip(heads, names, strict=True))
        ]
        upright = columns.layout(needs, self.width, self.letter)
        turned = columns.layout(needs, self.length, self.letter)
        style, letter = "Table Text", self.letter
        on_its_side = columns.is_better(turned, upright)
        if on_its_side:
            smaller = self.look["style"]["Small Table Text"]["size"] * _POINT * _MARGINS
            small = columns.layout(needs, self.width, smaller)
            # Rather smaller letters than another page, but no column of a few characters.
            if small.fits and small.lines <= _SHALLOW:
                style, letter, on_its_side, upright = "Small Table Text", smaller, False, small
            elif not turned.fits:
                style, letter = "Small Table Text", smaller
                turned = columns.layout(needs, self.length, smaller)
        chosen = turned if on_its_side else upright
        return _Plan(heads, rows, chosen, style, letter, on_its_side)

    def _table(self, block: Table) -> None:
        lang, plan = self.report.lang, self._plan(block)
        self._turn(on_its_side=plan.on_its_side)
        self.flow.table(len(plan.rows), plan.layout.lines, plan.letter)
        self._caption("table", block, keep=True)
        widths = plan.layout.widths
        named = [columns.broken(h, w, plan.letter) for h, w in zip(plan.heads, widths, strict=True)]
        more = block.more(lang, block.rows)
        table = ooxml.table(
            [named, *plan.rows],
            widths,
            [block.is_numeric(str(name)) for name in block.frame.columns],
            style=self.document.styles[self._style(plan.style)].style_id,
            colour=self.look["colours"]["rule"],
            together=len(plan.rows) <= _TOGETHER,
            followed=more is not None or block.note is not None,
        )
        self.document.element.body.insert(-1, table)  # before the section's properties
        if more is not None:
            self.flow.paragraph(more, "Note")
            line = self._paragraph("Note", more)
            line.paragraph_format.keep_with_next = block.note is not None
        self._note(block)

    def _figure(self, block: Figure) -> None:
        self._turn(on_its_side=False)
        self.pictures += 1
        run = self._paragraph("Picture").add_run()
        width, height = self._size(block)
        share = self.flow.figure(height, note=block.table.note is not None)
        picture = io.BytesIO(self.report.pictures[block.id])
        run.add_picture(picture, width=Cm(width * share))
        alt = block.alt(self.report.lang)
        ooxml.describe(run, alt, self.report.label(block.id), self.pictures)
        self._caption("figure", block.table, keep=block.table.note is not None)
        self._note(block.table)
