"""The report as slides. Measures are in ``data/templates/pptx.toml``, what is shown in ``data/slides``.

Every text is measured before it is placed. What does not fit becomes smaller down to a stated size,
then fewer whole sentences; what is left out stands in the notes, and the slide says so.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn

from patentnav import _resources, i18n
from patentnav._version import __version__
from patentnav._xml import xml_text
from patentnav.report.blocks import Figure, Table, column_label
from patentnav.report.pictures import png
from patentnav.report.render import columns, fitting, packages, shapes
from patentnav.report.render.charts import chart_of
from patentnav.report.render.deck import EMU, Box, Deck
from patentnav.report.slides import slides
from patentnav.report.slides.sentences import remainder, shorter
from patentnav.sheets import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pptx.slide import Slide as Page

    from patentnav.report.document import Report, Template
    from patentnav.report.render.charts import Chart
    from patentnav.report.slides import Exhibit, Slide

_PROPERTY = 255  # characters of a property of the file
_AFTER = 0.45  # space between paragraphs, in the height of the letters
_PAD = 12.0  # inside a panel
_SAID = 16.0  # height of the line below an exhibit that says what it leaves out
_LEAST = 90.0  # height of a panel that is worth its place
_SMALLEST, _LARGEST = 0.88, 1.15  # of its own size, at which a picture is shown
_BAR_COLUMNS = 4  # of a figure whose bars tell it; a wider one says more in its picture


def render(report: Report, template: Template | None = None) -> bytes:
    """Return the pptx file."""
    return _Writer(report, template).write()


class _Writer:
    def __init__(self, report: Report, template: Template | None) -> None:
        self.report, self.lang = report, report.lang
        self.look: Mapping[str, Any] = _resources.load_toml("templates", "pptx")
        self.sizes, self.limit = self.look["size"], self.look["limit"]
        self.tag = self.look[report.lang]["language"]
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
            page = self.deck.add(self.deck.plain, self._footer())
            left = self._title(page, one)
            body = self._frame(page, one)
            self._notes(page, one, [*left, *made[one.form](page, one, body)])
        self._properties()
        file = io.BytesIO()
        self.deck.presentation.save(file)
        return packages.fixed(file.getvalue())

    def word(self, key: str, **values: Any) -> str:
        return i18n.text(f"report.slides.{key}", self.lang, **values)

    def _properties(self) -> None:
        core = self.deck.presentation.core_properties
        core.title, core.subject = self.report.title[:_PROPERTY], self.report.subtitle[:_PROPERTY]
        core.author = (self.report.author or f"patentnav {__version__}")[:_PROPERTY]
        core.comments, core.language = self.report.banner[:_PROPERTY], self.tag
        core.created = core.modified = EPOCH
        core.revision, core.last_modified_by, core.keywords = 1, "", ""

    # What all slides have

    def _footer(self) -> str:
        """The title and the banner, as far as they fit: the banner whole."""
        if self.deck.is_house:
            room, size = self.look["box"]["footer"][2], self.sizes["small"][0]
            if fitting.width(self.foot, size) > room and self.report.banner:
                return self.report.banner
            if fitting.width(self.foot, size) > room:
                return fitting.lines(self.foot, room - size, size)[0] + "\u2026"
        return self.foot

    def _title(self, page: Page, one: Slide) -> list[str]:
        """The longest form of the title that fits; what of its sentence did not."""
        box, sizes = self.deck.title, self.sizes["title"]
        title, size = self._fitting_title(one.titles, box, sizes)
        frame = page.shapes.title.text_frame
        paragraph = frame.paragraphs[0]
        house = self.deck.is_house
        shapes.say(paragraph, title, size if house or size < sizes[0] else None, lang=self.tag)
        if self.deck.is_house and one.place:
            place = Box(*self.look["box"]["place"])
            text = fitting.lines(one.place, place.width, 10.0)[0]
            shapes.text_box(page, place, [text], 10.0, lang=self.tag, colour=shapes.ACCENT)
        return [] if title == one.titles[0] else [one.titles[0]]

    def _fitting_title(
        self, titles: Sequence[str], box: Box, sizes: Sequence[float]
    ) -> tuple[str, float]:
        most = self.limit["title_lines"]
        # Titles of a template may be bold or narrow: some room is left.
        room = box.width * (1.0 if self.deck.is_house else 0.85)
        for size in sizes:
            for title in titles:
                shown = fitting.lines(title, room, size)
                if len(shown) <= most and len(shown) * size * fitting.SPACING <= box.height + 1:
                    return title, size
        shortest, size = titles[-1], sizes[-1]
        while fitting.height([shortest], room, size) > box.height and size > 8:
            size -= 1  # one clause that is longer than any: rather small than cut
        return shortest, size

    def _frame(self, page: Page, one: Slide) -> Box:
        """Write the source line at the foot; the room above it."""
        content, high = self.deck.content, self.look["content"]["source"]
        if not one.source:
            return content
        foot = Box(content.left, content.top + content.height - high, content.width, high)
        size, texts = self.sizes["source"][-1], [one.source]
        for size in self.sizes["source"]:
            if fitting.height(texts, foot.width, size) <= high:
                break
        else:
            texts = [_begin(one.source, foot, size)]
        shapes.text_box(page, foot, texts, size, lang=self.tag, grey=True, anchor=MSO_ANCHOR.BOTTOM)
        return Box(content.left, content.top, content.width, content.height - high - 6.0)

    def _notes(self, page: Page, one: Slide, left: Sequence[str]) -> None:
        lines = list(one.notes)
        missing = [text for text in left if text not in lines]
        if missing:
            lines = [self.word("notes_left"), *missing, *lines]
        frame = page.notes_slide.notes_text_frame
        frame.text = xml_text("\n".join(lines), " ")

    # Forms

    def _cover(self, one: Slide) -> None:
        page = self.deck.add(self.deck.cover, "")
        box, sizes = self.deck.cover_title, self.sizes["cover"]
        size = fitting.size_of([one.titles[0]], (box.width * 0.9, box.height), sizes)
        paragraph = page.shapes.title.text_frame.paragraphs[0]
        usual = size == sizes[0] and not self.deck.is_house
        shapes.say(paragraph, one.titles[0], None if usual else size or 18.0, lang=self.tag)
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
                                  after=_AFTER)  # fmt: skip
        shape = shapes.text_box(page, room, [*texts, *banner], size, lang=self.tag, after=_AFTER * size)
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
        inner = body.width - 2 * _PAD
        high = body.height * (0.36 if one.rows else 0.55)
        size, _ = fitting.as_many([one.lead], (inner, high - 2 * _PAD), self.sizes["lead"])
        need = fitting.height([one.lead], inner, size) + 2 * _PAD
        left = []
        if need > high:
            lead, left = _begin(one.lead, Box(0, 0, inner, high - 2 * _PAD), size), [one.lead]
            need = high
        else:
            lead = one.lead
        panel = Box(body.left, body.top, body.width, need)
        self._panel(page, panel)
        shapes.text_box(page, _inside(panel), [lead], size, lang=self.tag)
        rest = Box(body.left, panel.top + need + 14, body.width, body.height - need - 14)
        if one.rows:
            name = self.word("finding" if one.rows_are_found else "points")
            return left + self._list(page, one.rows, rest, name)[0]
        return left + self._points(page, one.points, rest)

    def _scope(self, page: Page, one: Slide, body: Box) -> list[str]:
        gap = self.look["content"]["gap"]
        share = 0.5 if one.exhibit else 1.0
        half = Box(body.left, body.top, body.width * share - gap / 2 * (share < 1), body.height)
        rows = [(label, value) for label, value in one.facts]
        usual = self.sizes["table"][0]
        label = max((fitting.width(a, usual, bold=True) for a, _ in rows), default=0.0) + 3 * shapes.MARGIN
        widths = [min(label, half.width * 0.4), half.width - min(label, half.width * 0.4)]
        size, shown = self._rows_that_fit(rows, widths, half.height * 0.8, head=False)
        if shown:
            shapes.table(page, replace(half, top=half.top + self.look["content"]["heading"] - 4,
                                       height=half.height * 0.8), rows[:shown], widths, size, lang=self.tag,
                         right=[False, False], head=False, strong=0)  # fmt: skip
        left = [self.word("pair", label=a, value=b) for a, b in rows[shown:]]
        if one.exhibit:
            start = half.left + half.width + gap
            left += self._show(page, one.exhibit, Box(start, body.top, half.width, body.height))
        return left

    def _exhibit(self, page: Page, one: Slide, body: Box) -> list[str]:
        if one.exhibit is None:
            return self._points(page, one.points or one.titles[:1], body)
        rest = remainder(one.titles[0], self._title_of(one))
        points = (rest, *one.points) if rest else one.points
        if not points:
            return self._show(page, one.exhibit, body)
        content = self.look["content"]
        wide = body.width * content["share"]
        left = self._show(page, one.exhibit, Box(body.left, body.top, wide, body.height))
        start = body.left + wide + content["gap"]
        panel = Box(start, body.top, body.left + body.width - start, body.height)
        self._panel(page, panel)
        return left + self._headed(page, _inside(panel), self.word("points"), points)

    def _title_of(self, one: Slide) -> str:
        return self._fitting_title(one.titles, self.deck.title, self.sizes["title"])[0]

    def _rows(self, page: Page, one: Slide, body: Box) -> list[str]:
        """The measures, and below them what else the same part finds."""
        left, foot = self._list(page, one.rows, body, self.word("measures"), more=one.more)
        below = Box(body.left, foot + 14, body.width, body.top + body.height - foot - 14)
        if not one.points or below.height < _LEAST:
            return [*left, *one.points]
        self._panel(page, below)
        return left + self._headed(page, _inside(below), self.word("related"), one.points)

    def _headed(self, page: Page, box: Box, head: str, points: Sequence[str]) -> list[str]:
        """A heading with bullets below it; what has no room."""
        size = 13.0
        high = fitting.height([head], box.width, size, bold=True) if head else 0.0
        if head:
            place = Box(box.left, box.top, box.width, high)
            shapes.text_box(page, place, [head], size, lang=self.tag, bold=True, colour=shapes.HEADING)
            high += 8.0
        below = Box(box.left, box.top + high, box.width, box.height - high)
        return self._points(page, points, below)

    def _limits(self, page: Page, one: Slide, body: Box) -> list[str]:
        """Headed lists side by side."""
        groups = list(one.groups[:2])
        for head, items in one.groups[2:]:
            groups[-1] = (groups[-1][0], (*groups[-1][1], head, *items))
        gap = self.look["content"]["gap"]
        wide = (body.width - gap * (len(groups) - 1)) / max(1, len(groups))
        left: list[str] = []
        for i, (head, items) in enumerate(groups):
            panel = Box(body.left + i * (wide + gap), body.top, wide, body.height)
            self._panel(page, panel)
            left += self._headed(page, _inside(panel), head, items)
        return left

    # Parts

    def _panel(self, page: Page, box: Box) -> None:
        shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu)
        shape.fill.solid()
        shape.fill.fore_color.theme_color = shapes.PANEL
        shape.line.fill.background()
        style = shape._element.find(qn("p:style"))  # noqa: SLF001
        shape._element.remove(style)  # noqa: SLF001 (its shadow)

    def _points(self, page: Page, points: Sequence[str], box: Box) -> list[str]:
        """Bullets, as many as fit; the others go to the notes, and the slide says how many."""
        if not points:
            return []
        sizes = self.sizes["points"]
        room = (box.width - shapes.bullet_indent(sizes[0]), box.height)
        size, count = fitting.as_many(points, room, sizes, after=_AFTER)
        texts = list(points[:count])
        if count < len(points):
            line = fitting.height(["x"], room[0], size) * 2
            size, count = fitting.as_many(points, (room[0], room[1] - line), sizes, after=_AFTER)
            texts = [*points[:count], self.word("points_more", count=len(points) - count)]
        shapes.text_box(page, box, texts, size, lang=self.tag, after=_AFTER * size, bullets=True)
        return list(points[count:])

    def _list(
        self, page: Page, rows: Sequence[tuple[str, str, str]], box: Box, name: str, more: int = 0
    ) -> tuple[list[str], float]:
        """Numbered texts with the section they come from, as a table; what is left out, and its foot."""
        head = (self.word("order"), name, self.word("basis"))
        basis = max(fitting.width(r[2], self.sizes["rows"][0], bold=True) for r in (head, *rows))
        basis += 3 * shapes.MARGIN
        first = max(40.0, fitting.width(head[0], self.sizes["rows"][0], bold=True) + 3 * shapes.MARGIN)
        basis = min(max(basis, first), box.width * 0.2)
        widths = [first, box.width - first - basis, basis]
        cells = [head, *rows]
        size, shown = self._rows_that_fit(cells, widths, box.height - 20, head=True,
                                          sizes=self.sizes["rows"])  # fmt: skip
        made = shapes.table(page, Box(box.left, box.top, box.width, 0.0), cells[:shown], widths, size,
                            lang=self.tag, right=[False] * 3, strong=0)  # fmt: skip
        foot = box.top + made.height / EMU
        left = [row[1] for row in cells[shown:]]
        if left or more:
            said = self.word("more", shown=shown - 1, total=len(rows) + more)
            self._small(page, Box(box.left, foot, box.width, 20.0), said)
            foot += 20.0
        return left, foot

    def _small(self, page: Page, box: Box, text: str) -> None:
        """Small print at the foot of a box."""
        line = Box(box.left, box.top + box.height - 14, box.width, 14)
        shapes.text_box(page, line, [text], self.sizes["small"][0], lang=self.tag, grey=True)

    def _rows_that_fit(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        high: float,
        *,
        head: bool,
        sizes: Sequence[float] | None = None,
    ) -> tuple[float, int]:
        """The size at which all rows fit, else how many do at the smallest."""
        sizes = sizes or self.sizes["table"]
        for size in sizes:
            if sum(shapes.row_heights(rows, widths, size, head=head)) <= high:
                return size, len(rows)
        taken, shown = 0.0, 0
        for one in shapes.row_heights(rows, widths, sizes[-1], head=head):
            if taken + one > high:
                break
            taken, shown = taken + one, shown + 1
        return sizes[-1], shown

    # Exhibits

    def _show(self, page: Page, exhibit: Exhibit, box: Box) -> list[str]:
        """A figure or table below its heading; what was left out."""
        block, table = exhibit.block, exhibit.table
        high = self.look["content"]["heading"]
        below = Box(box.left, box.top + high, box.width, box.height - high - _SAID)
        chart = self._chart_of(block) if isinstance(block, Figure) else None
        said: list[str] = []
        if chart is not None:
            said = self._chart(page, block, chart, below)
        elif isinstance(block, Figure):
            self._picture(page, block, below)
        else:
            said = self._table(page, exhibit, below)
        text = self.word("exhibit", label=self.report.label(block.id), caption=table.caption(self.lang))
        size = fitting.size_of([text], (box.width, high), self.sizes["heading"], bold=True)
        if size is None:
            size = self.sizes["heading"][-1]
            text = _begin(text, Box(0, 0, box.width, high), size)
        if said:
            self._small(page, box, i18n.text("report.word.list_separator", self.lang).join(said))
        line = Box(box.left, box.top, box.width, high)
        shapes.text_box(page, line, [text], size, lang=self.tag, bold=True, colour=shapes.HEADING)
        return []

    def _chart_of(self, figure: Figure) -> Chart | None:
        if figure.interactive is not None:
            return None
        rest = i18n.text("plot.other", self.lang)
        found = chart_of(figure.table, rest, bars=self.limit["bars"], groups=self.limit["groups"])
        if found is None or found.kind != "bar":
            return found
        counts = [c for c in figure.table.frame.columns if figure.table.form(str(c)) == "count"]
        plain = len(figure.table.frame.columns) <= _BAR_COLUMNS and len(counts) <= 1
        return found if plain else None

    def _chart(self, page: Page, figure: Figure, chart: Chart, box: Box) -> list[str]:
        table = figure.table
        known = set(map(str, table.frame.columns))
        names = [column_label(str(c), self.lang) if str(c) in known else str(c)
                 for c in chart.frame.columns[1:]]  # fmt: skip
        pale = _incomplete(table, chart)
        shown = shapes.chart(page, box, chart, names, lang=self.lang, pale=pale)
        _describe(shown, figure.alt(self.lang), self.report.label(figure.id))
        said = []
        if chart.kind == "bar" and len(chart.frame) < len(table.frame):
            said.append(self.word("bars", shown=len(chart.frame), total=len(table.frame)))
        if any(pale) and len(names) == 1 and chart.kind == "column":
            said.append(self.word("lighter"))
        return said

    def _picture(self, page: Page, figure: Figure, box: Box) -> None:
        """The figure drawn anew in the shape of its place."""
        scale = min(max(box.height / 72 / figure.size[1], _SMALLEST), _LARGEST)
        drawn = png(replace(figure, size=(box.width / 72 / scale, box.height / 72 / scale)))
        left, top, width, height = box.emu
        picture = page.shapes.add_picture(io.BytesIO(drawn), left, top, width, height)
        _describe(picture, figure.alt(self.lang), self.report.label(figure.id))

    def _table(self, page: Page, exhibit: Exhibit, box: Box) -> list[str]:
        table = exhibit.table
        by = exhibit.sort.removeprefix("-")
        if by:
            rising = by == exhibit.sort
            frame = table.frame.sort_values(by, ascending=rising, kind="stable", ignore_index=True)
            table = replace(table, frame=frame)
        names = list(exhibit.columns) or [str(c) for c in table.frame.columns]
        names = names[: self.limit["table_columns"]]
        part = Table(table.id, table.frame[names], table.forms, table.values)
        heads, cells = part.labels(self.lang), list(part.cells(self.lang, self.limit["table_rows"]))
        widths, size, shown = self._laid_out(part, heads, cells, box)
        while shown < min(3, len(cells)) + 1 and len(names) > 2:
            names = names[:-1]
            part = Table(table.id, table.frame[names], table.forms, table.values)
            heads, cells = part.labels(self.lang), list(part.cells(self.lang, self.limit["table_rows"]))
            widths, size, shown = self._laid_out(part, heads, cells, box)
        right = [part.is_numeric(name) for name in names]
        made = shapes.table(page, box, [heads, *cells][:shown], widths, size, lang=self.tag, right=right)
        _describe(made, table.caption(self.lang), self.report.label(table.id))
        said = []
        if shown - 1 < len(table.frame):
            key = "rows" if not by else "rows_rising" if rising else "rows_falling"
            of = {"column": column_label(by, self.lang)} if by else {}
            said.append(self.word(key, shown=shown - 1, total=len(table.frame), **of))
        if len(names) < len(table.frame.columns):
            said.append(self.word("columns", shown=len(names), total=len(table.frame.columns)))
        return said

    def _laid_out(
        self, table: Table, heads: Sequence[str], cells: Sequence[Sequence[str]], box: Box
    ) -> tuple[list[float], float, int]:
        """Widths of the columns, size and rows, the heading among them, that fit."""
        names = [str(c) for c in table.frame.columns]
        needs = [
            columns.column(head, [row[i] for row in cells], wraps=table.wraps(name))
            for i, (head, name) in enumerate(zip(heads, names, strict=True))
        ]
        best: tuple[list[float], float, int] = ([], 0.0, 0)
        for size in self.sizes["table"]:
            widths = list(columns.layout(needs, box.width, size * 1.15).widths)
            widths = [w * box.width / sum(widths) for w in widths]
            _, shown = self._rows_that_fit([heads, *cells], widths, box.height, head=True, sizes=[size])
            if shown > best[2]:
                best = (widths, size, shown)
            if shown == len(cells) + 1:
                break
        return best


def _inside(panel: Box) -> Box:
    return Box(panel.left + _PAD, panel.top + _PAD, panel.width - 2 * _PAD, panel.height - 2 * _PAD)


def _begin(text: str, box: Box, size: float) -> str:
    """The whole sentences of a text that fit; its beginning with an ellipsis where none does."""
    for form in shorter(text):
        if fitting.height([form], box.width, size) <= box.height:
            return form
    most = max(1, int(box.height / (size * fitting.SPACING)))
    kept = fitting.lines(text, box.width - 2 * size, size)[:most]
    return " ".join(kept) + "\u2026"


def _incomplete(table: Table, chart: Chart) -> list[bool]:
    """Places on the axis that are years not all published yet."""
    year = str(chart.frame.columns[0])
    if "complete" not in table.frame.columns or table.form(year) != "year":
        return []
    known = table.frame.drop_duplicates(year).set_index(year)["complete"]
    flags = chart.frame[year].map(known)
    return [not pd.isna(flag) and not flag for flag in flags]


def _describe(shape: Any, alt: str, name: str) -> None:
    """Name and alternative text of a chart, table or picture."""
    properties = shape._element.xpath(".//p:cNvPr")[0]  # noqa: SLF001
    properties.set("descr", alt)
    properties.set("name", name)
