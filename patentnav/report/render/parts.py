"""What slides are put together from: panels, lists, tables, charts and pictures that fit their place."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn

from patentnav import _resources, i18n
from patentnav.plot.drawing import png
from patentnav.report.blocks import Figure, Table, column_label
from patentnav.report.render import columns, fitting, shapes
from patentnav.report.render.charts import chart_of
from patentnav.report.render.deck import EMU, Box
from patentnav.report.slides.sentences import shorter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pptx.slide import Slide as Page

    from patentnav.report.document import Report
    from patentnav.report.render.charts import Chart
    from patentnav.report.slides import Exhibit

AFTER = 0.45  # space between paragraphs, in the height of the letters
PAD = 12.0  # inside a panel
_SAID = 16.0  # height of the line below an exhibit that says what it leaves out
_SMALLEST, _LARGEST = 0.88, 1.15  # of its own size, at which a picture is shown


class Parts:
    """Places parts on slides; each returns what has no room, for the notes.

    Attributes
    ----------
    report, lang
        The report and its language.
    look, sizes, limit
        How slides are set (``data/templates/pptx.toml``).
    tag
        Language tag of texts.
    """

    def __init__(self, report: Report) -> None:
        self.report, self.lang = report, report.lang
        self.look: Mapping[str, Any] = _resources.load_toml("templates", "pptx")
        self.sizes, self.limit = self.look["size"], self.look["limit"]
        self.tag: str = self.look[report.lang]["language"]

    def word(self, key: str, **values: Any) -> str:
        """Wording below ``report.slides``."""
        return i18n.text(f"report.slides.{key}", self.lang, **values)

    def headed(
        self, page: Page, box: Box, head: str, points: Sequence[str], most: int | None = None
    ) -> list[str]:
        """A heading with bullets below it; what has no room."""
        size = 13.0
        high = fitting.height([head], box.width, size, bold=True) if head else 0.0
        if head:
            place = Box(box.left, box.top, box.width, high)
            shapes.text_box(
                page, place, [head], size, lang=self.tag, bold=True, colour=shapes.HEADING
            )
            high += 8.0
        below = Box(box.left, box.top + high, box.width, box.height - high)
        return self.points(page, points, below, most)

    def panel(self, page: Page, box: Box) -> None:
        """A light rectangle behind texts."""
        shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu)
        shape.fill.solid()
        shape.fill.fore_color.theme_color = shapes.PANEL
        shape.line.fill.background()
        style = shape._element.find(qn("p:style"))  # noqa: SLF001
        shape._element.remove(style)  # noqa: SLF001 (its shadow)

    def points(
        self, page: Page, points: Sequence[str], box: Box, most: int | None = None
    ) -> list[str]:
        """Bullets, as many as fit; the others go to the notes, and the slide says how many."""
        if not points:
            return []
        sizes = self.sizes["points"]
        room = (box.width - shapes.bullet_indent(sizes[0]), box.height)
        some = points[: most or self.limit["points"]]
        size, count = fitting.as_many(some, room, sizes, after=AFTER)
        texts = list(points[:count])
        if count < len(points):
            line = fitting.height(["x"], room[0], sizes[0]) * 2
            size, count = fitting.as_many(some, (room[0], room[1] - line), sizes, after=AFTER)
            texts = [*points[:count], self.word("points_more", count=len(points) - count)]
        shapes.text_box(page, box, texts, size, lang=self.tag, after=AFTER * size, bullets=True)
        return list(points[count:])

    def numbered(
        self,
        page: Page,
        rows: Sequence[tuple[str, str, str]],
        box: Box,
        name: str,
        *,
        more: int = 0,
        kept: float = 0.0,
    ) -> tuple[list[str], float]:
        """Numbered texts with the section they come from, as a table; what is left out, and its foot.

        ``more`` texts are left out already; ``kept`` is room that the rows do not spread into.
        """
        head = (self.word("order"), name, self.word("basis"))
        basis = max(fitting.width(r[2], self.sizes["rows"][0], bold=True) for r in (head, *rows))
        basis += 3 * shapes.MARGIN
        first = max(
            40.0, fitting.width(head[0], self.sizes["rows"][0], bold=True) + 3 * shapes.MARGIN
        )
        basis = min(max(basis, first), box.width * 0.2)
        widths = [first, box.width - first - basis, basis]
        cells: list[tuple[str, ...]] = [head, *rows]
        if not any(place for _, _, place in rows):  # all stand in the section that the slide names
            widths, cells = [first, box.width - first], [cell[:2] for cell in cells]
        size, shown = self.rows_that_fit(cells, widths, box.height - 20, head=True,
                                          sizes=self.sizes["rows"])  # fmt: skip
        room = replace(box, height=box.height - 20 - kept)
        made = shapes.table(page, room, cells[:shown], widths, size, lang=self.tag,
                            right=[False] * len(widths),
                            strong=0)  # fmt: skip
        foot = box.top + made.height / EMU
        left = [row[1] for row in cells[shown:]]
        if left or more:
            said = self.word("more", shown=shown - 1, total=len(rows) + more)
            self.small(page, Box(box.left, foot, box.width, 20.0), said)
            foot += 20.0
        return left, foot

    def small(self, page: Page, box: Box, text: str) -> None:
        """Small print at the foot of a box."""
        line = Box(box.left, box.top + box.height - 14, box.width, 14)
        shapes.text_box(page, line, [text], self.sizes["small"][0], lang=self.tag, grey=True)

    def rows_that_fit(
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

    def show(self, page: Page, exhibit: Exhibit, box: Box) -> list[str]:
        """A figure or table below its heading; what was left out."""
        block, table = exhibit.block, exhibit.table
        high = self.look["content"]["heading"]
        below = Box(box.left, box.top + high, box.width, box.height - high - _SAID)
        said: list[str] = []
        if isinstance(block, Table):
            said = self._table(page, exhibit, below)
        elif (chart := self._chart_of(block)) is not None:
            said = self._chart(page, block, chart, below)
        else:
            self._picture(page, block, below)
        text = self.word(
            "exhibit", label=self.report.label(block.id), caption=table.caption(self.lang)
        )
        size = fitting.size_of([text], (box.width, high), self.sizes["heading"], bold=True)
        if size is None:
            size = self.sizes["heading"][-1]
            text = begin(text, Box(0, 0, box.width, high), size)
        if said:
            self.small(page, box, i18n.text("report.word.list_separator", self.lang).join(said))
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
        table = figure.table
        forms = [table.form(str(c)) for c in table.frame.columns if table.is_numeric(str(c))]
        plain = forms.count("count") <= 1 and set(forms) <= {"count", "share", found.forms[1]}
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
        drawn = png(figure.draw, (box.width / 72 / scale, box.height / 72 / scale))
        left, top, width, height = box.emu
        # What stands outside the axes, such as a legend, changes the shape of the picture.
        wide, high = struct.unpack(">II", drawn[16:24])  # of a PNG file
        shrunk = min(width / wide, height / high)
        shown = round(wide * shrunk), round(high * shrunk)
        picture = page.shapes.add_picture(
            io.BytesIO(drawn),
            left + (width - shown[0]) // 2, top + (height - shown[1]) // 2, *shown,
        )  # fmt: skip
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
        while not shown or (shown < min(3, len(cells)) + 1 and len(names) > 2):
            names = names[:-1]
            part = Table(table.id, table.frame[names], table.forms, table.values)
            heads, cells = (
                part.labels(self.lang),
                list(part.cells(self.lang, self.limit["table_rows"])),
            )
            widths, size, shown = self._laid_out(part, heads, cells, box)
        right = [part.is_numeric(name) for name in names]
        made = shapes.table(
            page, box, [heads, *cells][:shown], widths, size, lang=self.tag, right=right
        )
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
            found = columns.layout(needs, box.width, size * 1.15)
            if not found.fits and len(names) > 1:
                continue  # a number would be broken
            widths = list(found.widths)
            widths = [w * box.width / sum(widths) for w in widths]
            _, shown = self.rows_that_fit(
                [heads, *cells], widths, box.height, head=True, sizes=[size]
            )
            if shown > best[2]:
                best = (widths, size, shown)
            if shown == len(cells) + 1:
                break
        return best


def inside(panel: Box) -> Box:
    """The room in a panel."""
    return Box(panel.left + PAD, panel.top + PAD, panel.width - 2 * PAD, panel.height - 2 * PAD)


def begin(text: str, box: Box, size: float) -> str:
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
