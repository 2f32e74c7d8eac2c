"""The report as slides. Measures are in ``data/templates/pptx.toml``, what is shown in ``data/slides``.

Every text is measured before it is placed. What does not fit becomes smaller down to a stated size,
then fewer whole sentences; what is left out stands in the notes, and the slide says so.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR

from patentnav._version import __version__
from patentnav._xml import xml_text
from patentnav.report.render import fitting, packages, shapes
from patentnav.report.render.deck import EMU, Box, Deck
from patentnav.report.render.parts import AFTER, PAD, Parts, begin, inside
from patentnav.report.slides import slides
from patentnav.report.slides.sentences import is_whole, remainder
from patentnav.sheets import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pptx.slide import Slide as Page

    from patentnav.report.document import Report
    from patentnav.report.slides import Slide
    from patentnav.report.templates import Template

_PROPERTY = 255  # characters of a property of the file
_STRIP = 38.0  # height of a single point that stands below its exhibit
_RELATED = 150.0  # height that measures leave to what is beside them
_LEAST = 90.0  # height of a panel that is worth its place


def render(report: Report, template: Template | None = None) -> bytes:
    """Return the pptx file."""
    return _Writer(report, template).write()


class _Writer(Parts):
    def __init__(self, report: Report, template: Template | None) -> None:
        super().__init__(report)
        self.deck = Deck(self.look, report.lang, template)
        self.foot = " · ".join(x for x in (report.title, report.banner) if x)

    def write(self) -> bytes:
        made: dict[str, Callable[[Page, Slide, Box], list[str]]] = {
            "answer": self._answer, "scope": self._scope, "exhibit": self._exhibit,
            "measures": self._rows, "limits": self._limits,
        }  # fmt: skip
        for one in slides(self.report):
            if one.form == "cover":
                self._cover(one)
                continue
            page = self.deck.add(self.deck.plain, self._footer(), self.sizes["small"][0])
            left = self._title(page, one)
            body = self._frame(page, one)
            self._notes(page, one, [*left, *made[one.form](page, one, body)])
        self._properties()
        file = io.BytesIO()
        self.deck.presentation.save(file)
        return packages.fixed(file.getvalue())

    def _properties(self) -> None:
        core = self.deck.presentation.core_properties
        core.title, core.subject = self.report.title[:_PROPERTY], self.report.subtitle[:_PROPERTY]
        core.author = (self.report.author or f"patentnav {__version__}")[:_PROPERTY]
        core.comments, core.language = self.report.banner[:_PROPERTY], self.tag
        core.created = core.modified = EPOCH
        core.revision, core.last_modified_by, core.keywords = 1, "", ""

    # What all slides have

    def _footer(self) -> str:
        """What the foot of a slide has room for: title and banner, or the banner, or the title."""
        box, size = self.deck.footer, self.sizes["small"][0]
        if box is None:
            return ""
        for text in (self.foot, self.report.banner, self.report.title):
            if text and fitting.height([text], box.width, size) <= max(
                box.height, size * fitting.SPACING
            ):
                return text
        return ""

    def _title(self, page: Page, one: Slide) -> list[str]:
        """The longest form of the title that fits; what of its sentence did not."""
        title, size = self._fitting_title(one)
        frame = page.shapes.title.text_frame
        paragraph = frame.paragraphs[0]
        shapes.say(paragraph, title, size, lang=self.tag)
        if self.deck.is_house and one.place:
            place = Box(*self.look["box"]["place"])
            text = fitting.lines(one.place, place.width, 10.0)[0]
            shapes.text_box(page, place, [text], 10.0, lang=self.tag, colour=shapes.ACCENT)
        return [] if title == one.titles[0] else [one.titles[0]]

    def _fitting_title(self, one: Slide) -> tuple[str, float]:
        """The longest form of a title that has two lines at most, else the topic; and its size."""
        box, sizes, most = self.deck.title, self.sizes["title"], self.limit["title_lines"]
        # Titles of a template may be bold or narrow: some room is left.
        room = box.width * (1.0 if self.deck.is_house else 0.85)
        # Rather smaller letters than a clause less.
        whole = [title for title in one.titles if is_whole(one.titles[0], title)]
        parts = [title for title in one.titles if title not in whole]
        choices = [
            (title, size)
            for some in (whole, parts, [one.topic])
            for size in sizes
            for title in some
        ]
        for title, size in choices:
            count = len(fitting.lines(title, room, size))
            if title and count <= most and count * size * fitting.SPACING <= box.height + 1:
                return title, size
        return begin(one.topic or one.titles[-1], replace(box, width=room), sizes[-1]), sizes[-1]

    def _frame(self, page: Page, one: Slide) -> Box:
        """Write the source line at the foot; the room above it."""
        content, high = self.deck.content, self.look["content"]["source"]
        banner = self.report.banner
        source = one.source
        if banner and banner not in self._footer():  # the foot has no room for it
            source = self.word("parts_join").join(x for x in (banner, source) if x)
        if not source:
            return content
        foot = Box(content.left, content.top + content.height - high, content.width, high)
        size, texts = self.sizes["source"][-1], [source]
        for size in self.sizes["source"]:
            if fitting.height(texts, foot.width, size) <= high:
                break
        else:
            texts = [begin(source, foot, size)]
        shapes.text_box(page, foot, texts, size, lang=self.tag, grey=True, anchor=MSO_ANCHOR.BOTTOM)
        return Box(content.left, content.top, content.width, content.height - high - 6.0)

    def _notes(self, page: Page, one: Slide, left: Sequence[str]) -> None:
        lines = list(one.notes)
        missing = [text for text in left if not any(text in line for line in lines)]
        if missing:
            lines = [self.word("notes_left"), *missing, *lines]
        frame = page.notes_slide.notes_text_frame
        frame.text = xml_text("\n".join(lines), " ")

    # Forms

    def _cover(self, one: Slide) -> None:
        page = self.deck.add(self.deck.cover, "", 0.0)
        box, sizes = self.deck.cover_title, self.sizes["cover"]
        size = fitting.size_of([one.titles[0]], (box.width * 0.9, box.height), sizes)
        paragraph = page.shapes.title.text_frame.paragraphs[0]
        shapes.say(paragraph, one.titles[0] if size else begin(one.titles[0], box, sizes[-1]),
                   size or sizes[-1], lang=self.tag)  # fmt: skip
        facts = [self.word("pair", label=label, value=value) for label, value in one.facts]
        texts = [t for t in (one.lead, *facts) if t]
        holder = next((s for s in page.placeholders
                       if s.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE), None)  # fmt: skip
        if holder is None:
            top = box.top + box.height + 12
            room = Box(box.left, top, box.width, max(120.0, self.deck.page.height - top - 40))
        else:
            room = Box(*(v / EMU for v in (holder.left, holder.top, holder.width, holder.height)))
            holder.element.getparent().remove(holder.element)
        banner = [self.report.banner] if self.report.banner else []
        size, _ = fitting.as_many([*texts, *banner], (room.width, room.height), self.sizes["facts"],
                                  after=AFTER)  # fmt: skip
        shape = shapes.text_box(
            page, room, [*texts, *banner], size, lang=self.tag, after=AFTER * size
        )
        frame = shape.text_frame
        if one.lead:
            frame.paragraphs[0].runs[0].font.color.theme_color = shapes.HEADING
            frame.paragraphs[0].runs[0].font.bold = True
        if banner:
            from pptx.dml.color import RGBColor

            colour = RGBColor.from_string(self.look["colours"]["banner"])
            frame.paragraphs[-1].runs[0].font.color.rgb = colour
        self._notes(page, one, [])

    def _answer(self, page: Page, one: Slide, body: Box) -> list[str]:
        """The answer in a panel, the findings as a list below."""
        if one.rows and one.lead == one.titles[0] + one.lead[-1:]:  # the title says it all
            name = self.word("finding" if one.rows_are_found else "points")
            return self.numbered(page, one.rows, body, name)[0]
        inner = body.width - 2 * PAD
        high = body.height * (0.36 if one.rows else 0.55)
        size, _ = fitting.as_many([one.lead], (inner, high - 2 * PAD), self.sizes["lead"])
        need = fitting.height([one.lead], inner, size) + 2 * PAD
        left = []
        if need > high:
            lead, left = begin(one.lead, Box(0, 0, inner, high - 2 * PAD), size), [one.lead]
            need = high
        else:
            lead = one.lead
        panel = Box(body.left, body.top, body.width, need)
        self.panel(page, panel)
        shapes.text_box(page, inside(panel), [lead], size, lang=self.tag)
        rest = Box(body.left, panel.top + need + 14, body.width, body.height - need - 14)
        if one.rows:
            name = self.word("finding" if one.rows_are_found else "points")
            return left + self.numbered(page, one.rows, rest, name)[0]
        return left + self.points(page, one.points, rest)

    def _scope(self, page: Page, one: Slide, body: Box) -> list[str]:
        gap = self.look["content"]["gap"]
        share = 0.5 if one.exhibit else 1.0
        half = Box(body.left, body.top, body.width * share - gap / 2 * (share < 1), body.height)
        rows = [(label, value) for label, value in one.facts]
        usual = self.sizes["table"][0]
        label = (
            max((fitting.width(a, usual, bold=True) for a, _ in rows), default=0.0)
            + 3 * shapes.MARGIN
        )
        widths = [min(label, half.width * 0.4), half.width - min(label, half.width * 0.4)]
        size, shown = self.rows_that_fit(rows, widths, half.height * 0.8, head=False)
        if shown:
            shapes.table(page, replace(half, top=half.top + self.look["content"]["heading"] - 4,
                                       height=half.height * 0.8), rows[:shown], widths, size, lang=self.tag,
                         right=[False, False], head=False, strong=0)  # fmt: skip
        left = [self.word("pair", label=a, value=b) for a, b in rows[shown:]]
        if one.exhibit:
            start = half.left + half.width + gap
            left += self.show(page, one.exhibit, Box(start, body.top, half.width, body.height))
        return left

    def _exhibit(self, page: Page, one: Slide, body: Box) -> list[str]:
        if one.exhibit is None:
            return self.points(page, one.points or one.titles[:1], body)
        rest = remainder(one.titles[0], self._title_of(one))
        points = (rest, *one.points) if rest else one.points
        if not points:
            return self.show(page, one.exhibit, body)
        content = self.look["content"]
        strip = fitting.height(points, body.width - 2 * PAD, self.sizes["points"][2])
        if len(points) == 1 and strip <= _STRIP:
            below = body.height - strip - 2 * PAD
            left = self.show(page, one.exhibit, replace(body, height=below - content["gap"]))
            panel = Box(body.left, body.top + below, body.width, strip + 2 * PAD)
            self.panel(page, panel)
            return left + self.points(page, points, inside(panel))
        wide = body.width * content["share"]
        left = self.show(page, one.exhibit, Box(body.left, body.top, wide, body.height))
        start = body.left + wide + content["gap"]
        panel = Box(start, body.top, body.left + body.width - start, body.height)
        self.panel(page, panel)
        return left + self.headed(page, inside(panel), self.word("points"), points)

    def _title_of(self, one: Slide) -> str:
        return self._fitting_title(one)[0]

    def _rows(self, page: Page, one: Slide, body: Box) -> list[str]:
        """The measures, and below them what else the same part finds."""
        name = self.word("measures" if one.rows_are_found else "conclusions")
        kept = _RELATED if one.points else 0.0
        left, foot = self.numbered(page, one.rows, body, name, more=one.more, kept=kept)
        below = Box(body.left, foot + 14, body.width, body.top + body.height - foot - 14)
        if not one.points or below.height < _LEAST:
            return [*left, *one.points]
        self.panel(page, below)
        return left + self.headed(page, inside(below), self.word("related"), one.points)

    def _limits(self, page: Page, one: Slide, body: Box) -> list[str]:
        """Headed lists side by side."""
        groups = list(one.groups[:2])
        for head, items in one.groups[2:]:
            groups[-1] = (groups[-1][0], (*groups[-1][1], head, *items))
        gap = self.look["content"]["gap"]
        wide = (body.width - gap * (len(groups) - 1)) / max(1, len(groups))
        body = replace(body, height=self._needed(groups, wide - 2 * PAD, body.height))
        left: list[str] = []
        for i, (head, items) in enumerate(groups):
            panel = Box(body.left + i * (wide + gap), body.top, wide, body.height)
            self.panel(page, panel)
            left += self.headed(page, inside(panel), head, items, len(items))
        return left

    def _needed(
        self, groups: Sequence[tuple[str, tuple[str, ...]]], wide: float, most: float
    ) -> float:
        """Height of panels side by side that hold headed lists at the usual size."""
        size = self.sizes["points"][0]
        room = wide - shapes.bullet_indent(size)
        needs = (fitting.height(items, room, size, after=AFTER * size)
                 + (fitting.height([head], wide, 13.0, bold=True) + 8.0 if head else 0.0)
                 for head, items in groups)  # fmt: skip
        needed: float = max(needs, default=0.0) + 2 * PAD + size
        return min(most, needed)
