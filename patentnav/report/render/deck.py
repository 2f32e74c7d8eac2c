"""An empty presentation: the house deck, or a client's template with its own layouts."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

from patentnav.errors import FormatError
from patentnav.plot import palette
from patentnav.report.render.packages import opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pptx.presentation import Presentation
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide, SlideLayout

    from patentnav.report.templates import Template

EMU = 12700  # in a point
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_ACCENTS = 6


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width and height as files have them."""
        left, top = round(self.left * EMU), round(self.top * EMU)
        return Emu(left), Emu(top), Emu(round(self.width * EMU)), Emu(round(self.height * EMU))


class Deck:
    """A presentation with the two layouts that the slides use, and the room that these leave.

    Attributes
    ----------
    presentation
        Without slides.
    cover, plain
        The layouts.
    title, content
        Where the title of a slide stands, and the room below it.
    is_house
        Whether it is the house deck.
    """

    def __init__(self, look: Mapping[str, Any], lang: str, template: Template | None) -> None:
        self.look, self.is_house = look, template is None
        if template is None:
            self.presentation = _house(look, look[lang])
            name = ""
        else:
            name = template.name
            self.presentation = _emptied(template)
        _drop_thumbnail(self.presentation)
        layouts = list(self.presentation.slide_layouts)
        self.cover = _layout(layouts, "cover", look, name)
        self.plain = _layout(layouts, "content", look, name)
        self.title = _box(_title(self.plain))
        self.cover_title = _box(_title(self.cover))
        self.content = self._content(name)

    @property
    def page(self) -> Box:
        """The slide."""
        shown = self.presentation
        return Box(0.0, 0.0, shown.slide_width / EMU, shown.slide_height / EMU)

    def _content(self, name: str) -> Box:
        """Between the title and what stands at the foot."""
        page, top = self.page, self.title.top + self.title.height + 14.0
        foot = [_box(s).top for s in self.plain.placeholders
                if s.placeholder_format.type in {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
                and _box(s).top > page.height / 2]  # fmt: skip
        bottom = min(foot, default=page.height - 24.0) - 6.0
        box = Box(self.title.left, top, self.title.width, bottom - top)
        limits = self.look["content"]
        if box.width < limits["least_width"] or box.height < limits["least_height"]:
            msg = (
                f'The layout "{self.plain.name}" of the template "{name}" leaves {box.width:.0f} x '
                f"{box.height:.0f} points below its title; {limits['least_width']:.0f} x "
                f"{limits['least_height']:.0f} are needed. Place its title above, over the whole width."
            )
            raise FormatError(msg)
        return box

    def add(self, layout: SlideLayout, footer: str, size: float) -> Slide:
        """A slide with its title, number and foot; other places to fill are taken away."""
        slide = self.presentation.slides.add_slide(layout)
        subtitle = PP_PLACEHOLDER.SUBTITLE
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type not in {*_TITLES, subtitle}:
                shape.element.getparent().remove(shape.element)
        for shape in layout.placeholders:
            kind = shape.placeholder_format.type
            if kind == PP_PLACEHOLDER.SLIDE_NUMBER or (kind == PP_PLACEHOLDER.FOOTER and footer):
                made = copy.deepcopy(shape.element)
                slide.shapes._spTree.append(made)  # noqa: SLF001
                if kind == PP_PLACEHOLDER.FOOTER:
                    _say(made, footer, size)
        return slide

    @property
    def footer(self) -> Box | None:
        """Where the foot of a slide stands, if the layout has one."""
        kind = PP_PLACEHOLDER.FOOTER
        found = [s for s in self.plain.placeholders if s.placeholder_format.type == kind]
        return _box(found[0]) if found else None


def _say(element: Any, text: str, size: float) -> None:
    """Let the copy of a placeholder say a text in the letters of the theme."""
    body = element.find(qn("p:txBody"))
    for old in body.findall(qn("a:p")):
        body.remove(old)
    paragraph = etree.SubElement(body, qn("a:p"))
    run = etree.SubElement(paragraph, qn("a:r"))
    letters = etree.SubElement(run, qn("a:rPr"), sz=str(round(size * 100)))
    for tag, font in (("a:latin", "+mn-lt"), ("a:ea", "+mn-ea")):
        etree.SubElement(letters, qn(tag), typeface=font)
    etree.SubElement(run, qn("a:t")).text = text


# A client's template


def _emptied(template: Template) -> Presentation:
    """The template without its slides."""
    package = opened(template.content, ".pptx", template.name)
    try:
        presentation = pptx.Presentation(package)
    except (KeyError, ValueError, etree.XMLSyntaxError) as error:
        msg = f'The template "{template.name}" is damaged: {error}. Save it anew and call again.'
        raise FormatError(msg) from error
    listed = presentation.slides._sldIdLst  # noqa: SLF001
    for one in list(listed):
        presentation.part.drop_rel(one.rId)
        listed.remove(one)
    _drop_sections(presentation)
    return presentation


def _drop_sections(presentation: Presentation) -> None:
    """Take away the list of sections, which names slides that are gone."""
    root = presentation.part._element  # noqa: SLF001
    for extension in root.findall(f"{qn('p:extLst')}/{qn('p:ext')}"):
        if any(child.tag.endswith("}sectionLst") for child in extension):
            extension.getparent().remove(extension)


def _drop_thumbnail(presentation: Presentation) -> None:
    """Take away the picture of the first slide, which is another now."""
    package = presentation.part.package
    for key, relation in list(package._rels.items()):  # noqa: SLF001
        if relation.reltype == RT.THUMBNAIL:
            package._rels.pop(key)  # noqa: SLF001


def _layout(
    layouts: Sequence[SlideLayout], role: str, look: Mapping[str, Any], name: str
) -> SlideLayout:
    wanted = look["layout"][role]
    usable = [one for one in layouts if _has_title(one)]
    for kind in wanted["types"]:
        for one in usable:
            if one._element.get("type") == kind:  # noqa: SLF001
                return one
    for known in wanted["names"]:
        for one in usable:
            if one.name.strip().casefold() == known.casefold():
                return one
    has = ", ".join(f'"{one.name}"' for one in layouts) or "none"
    names = " or ".join(f'"{one}"' for one in wanted["names"])
    msg = (
        f'The template "{name}" has no layout for {_ROLES[role]}: {names}, with a place for a title. Its '
        f"layouts are {has}. Add one in the slide master of PowerPoint, or rename one, and save again."
    )
    raise FormatError(msg)


_ROLES = {"cover": "the cover", "content": "slides with a title only"}


def _has_title(layout: SlideLayout) -> bool:
    return any(s.placeholder_format.type in _TITLES for s in layout.placeholders)


def _title(layout: SlideLayout) -> BaseShape:
    return next(s for s in layout.placeholders if s.placeholder_format.type in _TITLES)


def _box(shape: BaseShape) -> Box:
    return Box(*(value / EMU for value in (shape.left, shape.top, shape.width, shape.height)))


# The house deck


def _house(look: Mapping[str, Any], own: Mapping[str, str]) -> Presentation:
    """A wide deck on white with the colours of the palette, from the plain one of the library."""
    shown = pptx.Presentation()
    shown.slide_width = Emu(round(look["page"]["width"] * EMU))
    shown.slide_height = Emu(round(look["page"]["height"] * EMU))
    for layout in list(shown.slide_layouts):
        if layout._element.get("type") not in {"title", "titleOnly"}:  # noqa: SLF001
            shown.slide_layouts.remove(layout)
    boxes = {name: Box(*place) for name, place in look["box"].items()}
    cover, plain = shown.slide_layouts
    master = shown.slide_master
    _theme(master, look, own)
    for holder in (master, cover, plain):
        _place(holder, boxes, is_cover=holder is cover)
    _text_styles(master, look)
    _rectangle(cover, boxes["band"], "tx2")
    _rectangle(plain, boxes["rule"], "tx2")
    return shown


def _theme(master: Any, look: Mapping[str, Any], own: Mapping[str, str]) -> None:
    part = master.part.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    colours = look["colours"]
    accents = [palette()["accent"], *palette()["cycle"][1:_ACCENTS]]
    named = {"dk1": colours["ink"], "dk2": colours["heading"], "lt2": colours["panel"]}
    named |= {f"accent{i}": colour.lstrip("#") for i, colour in enumerate(accents, start=1)}
    for name, colour in named.items():
        slot = theme.find(f".//{_A}clrScheme/{_A}{name}")
        for old in list(slot):
            slot.remove(old)
        etree.SubElement(slot, f"{_A}srgbClr").set("val", colour)
    for kind in ("majorFont", "minorFont"):
        fonts = theme.find(f".//{_A}fontScheme/{_A}{kind}")
        fonts.find(f"{_A}latin").set("typeface", own["latin"])
        fonts.find(f"{_A}ea").set("typeface", own["east_asia"])
        for script in fonts.findall(f"{_A}font"):
            fonts.remove(script)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _place(holder: Any, boxes: Mapping[str, Box], *, is_cover: bool) -> None:
    places = {
        PP_PLACEHOLDER.TITLE: "title", PP_PLACEHOLDER.CENTER_TITLE: "cover_title",
        PP_PLACEHOLDER.SUBTITLE: "cover_text", PP_PLACEHOLDER.FOOTER: "footer",
        PP_PLACEHOLDER.SLIDE_NUMBER: "number",
    }  # fmt: skip
    for shape in list(holder.placeholders):
        kind = shape.placeholder_format.type
        dated = kind == PP_PLACEHOLDER.DATE
        if dated or (is_cover and kind in {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}):
            shape.element.getparent().remove(shape.element)
            continue
        if kind in places:
            shape.left, shape.top, shape.width, shape.height = boxes[places[kind]].emu
        properties = shape.text_frame._txBody.bodyPr  # noqa: SLF001
        for side in ("lIns", "tIns", "rIns", "bIns"):
            properties.set(side, "0")
        anchor = {"cover_title": "b", "title": "ctr"}.get(places.get(kind, ""), "t")
        properties.set("anchor", anchor)
        for fitting in list(properties):
            properties.remove(fitting)
        styles = shape.text_frame._txBody.find(qn("a:lstStyle"))  # noqa: SLF001
        for old in list(styles):
            styles.remove(old)
        aside = {PP_PLACEHOLDER.FOOTER: "l", PP_PLACEHOLDER.SLIDE_NUMBER: "r"}
        if kind in aside:
            styles.append(
                parse_xml(
                    f'<a:lvl1pPr {nsdecls("a")} algn="{aside[kind]}"><a:defRPr sz="900">'
                    '<a:solidFill><a:schemeClr val="tx1"><a:lumMod val="75000"/><a:lumOff val="25000"/>'
                    "</a:schemeClr></a:solidFill></a:defRPr></a:lvl1pPr>"
                )
            )
        elif kind == PP_PLACEHOLDER.SUBTITLE:
            styles.append(parse_xml(f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="l">'
                                    "<a:buNone/></a:lvl1pPr>"))  # fmt: skip


def _text_styles(master: Any, look: Mapping[str, Any]) -> None:
    """Titles flush left in the colour of headings."""
    style = master._element.find(f"{qn('p:txStyles')}/{qn('p:titleStyle')}")  # noqa: SLF001
    first = style.find(qn("a:lvl1pPr"))
    first.set("algn", "l")
    first.set("hangingPunct", "0")  # a mark at the end of a full line would stand beside the box
    run = first.find(qn("a:defRPr"))
    run.set("sz", str(round(look["size"]["title"][0] * 100)))
    run.set("b", "0")
    for old in run.findall(qn("a:solidFill")):
        run.remove(old)
    run.insert(0, parse_xml(f'<a:solidFill {nsdecls("a")}><a:schemeClr val="tx2"/></a:solidFill>'))


def _rectangle(layout: Any, box: Box, colour: str) -> None:
    """A filled rectangle behind what a layout holds."""
    left, top, width, height = box.emu
    tree = layout.shapes._spTree  # noqa: SLF001
    number = max(int(e.get("id")) for e in tree.iter(qn("p:cNvPr"))) + 1
    tree.insert(2, parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Rectangle {number}"/>'
        f'<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
    ))  # fmt: skip
