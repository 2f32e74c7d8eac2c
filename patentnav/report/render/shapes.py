"""Texts, tables and native charts on a slide, each measured before it is placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from patentnav._xml import xml_text
from patentnav.plot import palette, shorten
from patentnav.report.blocks import write
from patentnav.report.render import fitting
from patentnav.report.render.deck import EMU
from patentnav.sheets import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide
    from pptx.text.text import TextFrame, _Paragraph

    from patentnav.report.render.charts import Chart
    from patentnav.report.render.deck import Box

MARGIN = 4.0  # of a cell, left and right
_ROW = 5.0  # room above and below the text of a row
_LOOSE = (
    0.8  # more room of a row where the table does not fill its place, in the height of the letters
)
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the table style without fills and lines
_TYPES = {
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED, "line": XL_CHART_TYPE.LINE,
    "stacked": XL_CHART_TYPE.COLUMN_STACKED, "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}  # fmt: skip
_NUMBERS = {"count": "#,##0", "share": "0%", "percent_change": "+0%;-0%;0%"}
_LABELLED = 15  # places on the axis up to which values are written at the marks
_NAME = 15  # Chinese characters of a name on an axis or in a legend
INK, HEADING, ACCENT, PANEL = (MSO_THEME_COLOR.TEXT_1, MSO_THEME_COLOR.TEXT_2, MSO_THEME_COLOR.ACCENT_1,
                               MSO_THEME_COLOR.BACKGROUND_2)  # fmt: skip


def text_box(
    slide: Slide,
    box: Box,
    texts: Sequence[str],
    size: float,
    *,
    lang: str,
    colour: MSO_THEME_COLOR = INK,
    grey: bool = False,
    bold: bool = False,
    after: float = 0.0,
    bullets: bool = False,
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
) -> Any:
    """A box of paragraphs without margins, which were measured at this size."""
    shape = slide.shapes.add_textbox(*box.emu)
    frame = shape.text_frame
    bare(frame, anchor)
    for i, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        say(paragraph, text, size, lang=lang, colour=colour, grey=grey, bold=bold)
        if i < len(texts) - 1:
            paragraph.space_after = Pt(after)
        if bullets:
            _bullet(paragraph, size)
    return shape


def bare(frame: TextFrame, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> None:
    """A frame without margins that neither grows nor shrinks."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, anchor


def say(
    paragraph: _Paragraph,
    text: str,
    size: float | None,
    *,
    lang: str,
    colour: MSO_THEME_COLOR | None = None,
    grey: bool = False,
    bold: bool | None = None,
) -> None:
    """Write a paragraph; the size and colour of the template where none is given."""
    run = paragraph.add_run()
    run.text = xml_text(text, " ")
    run._r.get_or_add_rPr().set("lang", lang)  # noqa: SLF001
    run.font.bold = bold
    if size is not None:
        run.font.size = Pt(size)
        paragraph.line_spacing = Pt(round(size * fitting.SPACING, 1))
        paragraph.space_before = Pt(0)
    if colour is not None:
        run.font.color.theme_color = colour
    if grey:
        run.font.color.brightness = 0.35


def _bullet(paragraph: _Paragraph, size: float) -> None:
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    indent = round(bullet_indent(size) * EMU)
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    # After spacing and before nothing else, as the schema orders them.
    properties.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="Arial"/>'))
    properties.append(parse_xml(f'<a:buChar {nsdecls("a")} char="\u2022"/>'))


def bullet_indent(size: float) -> float:
    """Room before the text of a bullet."""
    return 0.9 * size


# Tables


def row_heights(
    rows: Sequence[Sequence[str]], widths: Sequence[float], size: float, *, head: bool
) -> list[float]:
    """Heights of rows, in points; the first is bold where it is a heading."""
    return [
        max(
            fitting.height([cell], width - 2 * MARGIN, size, bold=head and i == 0)
            for cell, width in zip(row, widths, strict=True)
        )
        + 2 * _ROW
        for i, row in enumerate(rows)
    ]


def table(
    slide: Slide,
    box: Box,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    size: float,
    *,
    lang: str,
    right: Sequence[bool],
    head: bool = True,
    strong: int | None = None,
) -> GraphicFrame:
    """A native table with rules only; ``strong`` is a column in the accent colour."""
    heights = row_heights(rows, widths, size, head=head)
    spare = (box.height - sum(heights)) / len(rows)
    heights = [high + min(max(0.0, spare), _LOOSE * size) for high in heights]
    left, top, width, _ = box.emu
    height = Emu(round(sum(heights) * EMU))
    frame: GraphicFrame = slide.shapes.add_table(len(rows), len(widths), left, top, width, height)
    made = frame.table
    made.first_row, made.horz_banding = head, False
    made._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN  # noqa: SLF001
    for column, wide in zip(made.columns, widths, strict=True):
        column.width = Emu(round(wide * EMU))
    for i, (cells, high) in enumerate(zip(rows, heights, strict=True)):
        made.rows[i].height = Emu(round(high * EMU))
        for j, text in enumerate(cells):
            cell = made.cell(i, j)
            cell.margin_left = cell.margin_right = Pt(MARGIN)
            cell.margin_top = cell.margin_bottom = Pt(_ROW - 1)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            is_head = head and i == 0
            colour = HEADING if is_head else ACCENT if j == strong else INK
            paragraph = cell.text_frame.paragraphs[0]
            say(paragraph, text, size, lang=lang, colour=colour, bold=is_head or j == strong)
            paragraph.alignment = PP_ALIGN.RIGHT if right[j] else PP_ALIGN.LEFT
            _rule(cell, thick=is_head)
    return frame


def _rule(cell: Any, *, thick: bool) -> None:
    """A line below a cell."""
    width, colour = (12700, '<a:schemeClr val="tx2"/>') if thick else (
        6350, '<a:schemeClr val="bg1"><a:lumMod val="85000"/></a:schemeClr>')  # fmt: skip
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(  # noqa: SLF001
        f'<a:lnB {nsdecls("a")} w="{width}" cap="flat" cmpd="sng" algn="ctr"><a:solidFill>{colour}'
        '</a:solidFill><a:prstDash val="solid"/></a:lnB>'
    ))  # fmt: skip


# Charts


def chart(
    slide: Slide,
    box: Box,
    data: Chart,
    names: Sequence[str],
    *,
    lang: str,
    pale: Sequence[bool] = (),
) -> GraphicFrame:
    """A native chart; ``names`` are those of its series, ``pale`` places are drawn lighter."""
    frame, bars = data.frame, data.kind == "bar"
    form = data.forms[1]
    number = _NUMBERS.get(form, "General" if form != "number" else "0.00")
    cells = CategoryChartData(number_format=number)
    labels = [write(value, data.forms[0], lang) for value in frame.iloc[:, 0]]
    cells.categories = [guarded(shorten(label, _NAME)) for label in labels]
    for i, name in enumerate(names, start=1):
        values = [None if pd.isna(v) else float(v) for v in frame.iloc[:, i]]
        cells.add_series(guarded(shorten(name, _NAME)), values)
    shown: GraphicFrame = slide.shapes.add_chart(_TYPES[data.kind], *box.emu, cells)
    made = shown.chart
    made.font.size = Pt(11)
    made.has_title = False
    made.has_legend = len(names) > 1
    if made.has_legend:
        made.legend.position = XL_LEGEND_POSITION.BOTTOM
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(10)
    _axes(made, bars=bars, number=number)
    plotted = made.plots[0]
    if data.kind != "line":
        plotted.gap_width = 50
    if len(names) == 1 and len(frame) <= _LABELLED:
        plotted.has_data_labels = True
        marks = plotted.data_labels
        marks.number_format, marks.number_format_is_linked = number, False
        marks.font.size = Pt(10)
        made.value_axis.visible = False
        made.value_axis.has_major_gridlines = False
    _colours(plotted, data.kind, pale)
    return shown


def _axes(made: Any, *, bars: bool, number: str) -> None:
    places, values = made.category_axis, made.value_axis
    places.has_major_gridlines = False
    places.major_tick_mark = values.major_tick_mark = XL_TICK_MARK.NONE
    places.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    places.format.line.color.theme_color = INK
    places.format.line.color.brightness = 0.5
    places.reverse_order = bars  # the first on top
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    values.major_gridlines.format.line.color.brightness = -0.15
    values.format.line.fill.background()
    values.tick_labels.number_format = number
    values.tick_labels.number_format_is_linked = False


def _colours(plotted: Any, kind: str, pale: Sequence[bool]) -> None:
    accents = [getattr(MSO_THEME_COLOR, f"ACCENT_{i}") for i in range(1, 7)]
    several = len(plotted.series) > 1
    for i, series in enumerate(plotted.series):
        rest = several and kind == "stacked" and i == len(accents) - 1
        colour = accents[i % len(accents)]
        if kind == "line":
            series.smooth = False
            series.format.line.width = Pt(2.25)
            series.format.line.color.theme_color = colour
            continue
        series.format.fill.solid()
        if rest:  # the others together
            series.format.fill.fore_color.rgb = RGBColor.from_string(palette()["missing"][1:])
        else:
            series.format.fill.fore_color.theme_color = colour
        for place, light in enumerate(pale):
            if light and not several:
                fill = series.points[place].format.fill
                fill.solid()
                fill.fore_color.theme_color = colour
                fill.fore_color.brightness = 0.6
