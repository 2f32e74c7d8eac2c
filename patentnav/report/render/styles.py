"""A document without text: the house styles, or those of a client's template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from patentnav.errors import FormatError
from patentnav.report.render import ooxml
from patentnav.report.render.packages import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document
    from docx.section import _Footer, _Header

    from patentnav.report.templates import Template

REQUIRED = ("Normal", "Title", "Heading 1", "Heading 2")  # that a template must have
_CONTENTS = ("TOC 1", "TOC 2")
_EMU = 360_000  # in a centimetre


@dataclass(frozen=True)
class Sheet:
    """An empty document.

    Attributes
    ----------
    document
        Without text; a template keeps its page, headers and footers.
    names
        What its styles are called, by our names.
    made
        Styles that it did not have and that were added.
    width, length
        Room for the text on an upright page and on one on its side, in centimetres.
    """

    document: Document
    names: Mapping[str, str]
    made: frozenset[str]
    width: float
    length: float


def house(look: Mapping[str, Any], own: Mapping[str, Any]) -> Sheet:
    """A document in the house styles."""
    document: Document = docx.Document()
    page = look["page"]
    width = float(page["width"] - page["left"] - page["right"])
    _page(document, page)
    _styles(document, look, own, width)
    names = {name: name for name in look["style"]}
    return Sheet(
        document, names, frozenset(), width, float(page["height"] - page["top"] - page["bottom"])
    )


def of_template(template: Template, look: Mapping[str, Any]) -> Sheet:
    """A client's template without its text; styles that it lacks are added on its own base.

    Raises
    ------
    FormatError
        It is no document, or lacks a style that nothing can stand for.
    """
    package = opened(template.content, ".docx", template.name)
    try:
        document: Document = docx.Document(package)
    except (KeyError, ValueError, etree.XMLSyntaxError) as error:
        msg = f'The template "{template.name}" is damaged: {error}. Save it anew and call again.'
        raise FormatError(msg) from error
    # Word writes the names of its own styles in small letters.
    known = {s.name.casefold(): s.name for s in document.styles
             if s.name and s.type == WD_STYLE_TYPE.PARAGRAPH}  # fmt: skip
    missing = [name for name in REQUIRED if name.casefold() not in known]
    if missing:
        named = ", ".join(f'"{name}"' for name in missing)
        msg = (
            f'The template "{template.name}" lacks the paragraph styles {named}. Open it in Word, apply '
            "each once (or copy them from another document with the organizer), and save it again."
        )
        raise FormatError(msg)
    body = document.element.body
    for child in list(body):
        if child is not body.sectPr:
            body.remove(child)
    made = {name for name in look["style"] if name.casefold() not in known}
    section = document.sections[0]
    width = (section.page_width - section.left_margin - section.right_margin) / _EMU
    length = (section.page_height - section.top_margin - section.bottom_margin) / _EMU
    for name in sorted(made):
        _add(document, name, look["style"][name])
        if name in _CONTENTS:
            _dotted(document.styles[name], width)
    names = {name: known.get(name.casefold(), name) for name in look["style"]}
    return Sheet(document, names, frozenset(made), width, length)


def is_empty(part: _Header | _Footer) -> bool:
    """Whether a header or footer shows nothing."""
    if part.is_linked_to_previous:
        return True
    shown = part._element  # noqa: SLF001
    pictures = any(shown.iter(qn("w:drawing"), qn("w:pict"), qn("w:fldSimple"), qn("w:instrText")))
    return not pictures and not "".join(shown.itertext()).strip()


def _add(document: Document, name: str, plan: Mapping[str, Any]) -> None:
    """A style of ours with the letters of the template: their shape and colour are its own."""
    made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    made.font.size, made.font.bold = Pt(plan["size"]), plan.get("bold", False)
    shape = made.paragraph_format
    shape.space_before, shape.space_after = Pt(plan.get("before", 0)), Pt(plan.get("after", 0))
    shape.left_indent = Pt(plan.get("left", 0))
    shape.first_line_indent = Pt(-plan["hanging"]) if plan.get("hanging") else Pt(0)
    if plan.get("centred"):
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if name in {"Picture", "Lead"}:
        shape.keep_with_next = True
    if name in {"Picture", "Table Text"}:
        shape.line_spacing = 1.0


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
    for name in _CONTENTS:
        _dotted(styles[name], width)


def _dotted(style: Any, width: float) -> None:
    """Dots up to the numbers of pages."""
    stops = style.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
