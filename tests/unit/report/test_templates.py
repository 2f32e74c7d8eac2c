"""Clients' templates: their styles and layouts are taken, what they lack is named."""

from __future__ import annotations

import io
import random
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pandas as pd
import pptx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor
from docx.shared import Pt as WordPt
from pptx.util import Pt

from patentnav import cli
from patentnav.errors import ArgumentError, FormatError
from patentnav.project import load as load_project
from patentnav.report import Report, Section, Table, Text, renderer
from patentnav.report.render import fitting
from patentnav.report.render.packages import opened

from .test_slides import EMU, boxes

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "Old client's strategy"


def firm_deck(path: Path, change: Any = None) -> Path:
    """A template of a firm: 4:3, with a slide of its own and a mark on the master."""
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = SECRET
    deck.core_properties.author = SECRET
    deck.slide_master.name = "Firm"
    if change is not None:
        change(deck)
    deck.save(str(path))
    return path


def firm_document(path: Path, change: Any = None) -> Path:
    """A template of a firm: a narrow page, red headings, a header and a text of its own."""
    document = docx.Document()
    document.sections[0].left_margin = Cm(5)
    document.styles["Heading 1"].font.color.rgb = RGBColor(200, 0, 0)
    document.styles["Heading 1"].font.size = WordPt(33)
    document.sections[0].header.paragraphs[0].text = "Firm & Co."
    document.add_paragraph(SECRET)
    document.core_properties.keywords = SECRET
    if change is not None:
        change(document)
    document.save(str(path))
    return path


def content(file: Path) -> bytes:
    with zipfile.ZipFile(file) as package:
        return b"".join(map(package.read, package.namelist()))


def as_template(path: Path, target: Path, kind: str) -> Path:
    """The file as the program saves a template."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as package:
        for entry in source.infolist():
            package.writestr(
                entry.filename,
                source.read(entry).replace(f"{kind}.main+xml".encode(), b"template.main+xml")
                if entry.filename == "[Content_Types].xml"
                else source.read(entry),
            )
    return target


# Slides


def test_slides_take_the_layouts_of_a_template(report: Report, tmp_path: Path) -> None:
    file = report.save(tmp_path / "x.pptx", template=firm_deck(tmp_path / "firm.pptx"))
    deck = pptx.Presentation(str(file))
    assert (deck.slide_width, deck.slide_height) == (9144000, 6858000)
    assert [s.slide_layout.name for s in deck.slides] == ["Title Slide"] + ["Title Only"] * 9
    assert SECRET.encode() not in content(file)
    for page in deck.slides:
        for shape in page.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
        for shape in boxes(page):
            if shape.is_placeholder:
                continue
            paragraphs = shape.text_frame.paragraphs
            size = paragraphs[0].runs[0].font.size.pt
            after = max((p.space_after.pt for p in paragraphs if p.space_after), default=0.0)
            taken = fitting.height(
                [p.text for p in paragraphs], shape.width / EMU, size, after=after
            )
            assert taken <= shape.height / EMU + 1
    again = report.save(tmp_path / "y.pptx", template=tmp_path / "firm.pptx")
    assert again.read_bytes() == file.read_bytes()


def test_a_potx_is_a_template_too(report: Report, tmp_path: Path) -> None:
    plain = firm_deck(tmp_path / "firm.pptx")
    saved = as_template(plain, tmp_path / "firm.potx", "presentation")
    one = report.save(tmp_path / "one.pptx", template=plain)
    other = report.save(tmp_path / "other.pptx", template=saved)
    assert one.read_bytes() == other.read_bytes()


def test_a_layout_that_is_missing_is_named_with_the_remedy(report: Report, tmp_path: Path) -> None:
    def bare(deck: Any) -> None:
        for layout in list(deck.slide_layouts):
            if layout.name not in {"Title Slide", "Blank", "Picture with Caption"}:
                deck.slide_layouts.remove(layout)

    file = firm_deck(tmp_path / "firm.pptx", bare)
    with pytest.raises(
        FormatError, match=r'"firm\.pptx" has no layout for slides with a title only: "Title Only"'
    ) as told:
        report.save(tmp_path / "x.pptx", template=file)
    assert '"Blank"' in str(told.value)
    assert "slide master" in str(told.value)
    assert not (tmp_path / "x.pptx").exists()


def test_a_layout_is_found_by_its_name_where_it_has_no_type(report: Report, tmp_path: Path) -> None:
    def renamed(deck: Any) -> None:
        for layout, name in ((deck.slide_layouts[0], "封面"), (deck.slide_layouts[5], "仅标题")):
            del layout._element.attrib["type"]
            layout._element.cSld.set("name", name)
        deck.slide_layouts.remove(deck.slide_layouts[1])

    file = report.save(tmp_path / "x.pptx", template=firm_deck(tmp_path / "firm.pptx", renamed))
    names = [s.slide_layout.name for s in pptx.Presentation(str(file)).slides]
    assert names == ["封面"] + ["仅标题"] * 9


def test_a_layout_without_room_below_its_title_is_refused(report: Report, tmp_path: Path) -> None:
    def low(deck: Any) -> None:
        title = deck.slide_layouts[5].placeholders[0]
        title.left, title.top, title.width, title.height = Pt(20), Pt(300), Pt(600), Pt(100)

    with pytest.raises(FormatError, match="points below its title; 400 x 220 are needed"):
        report.save(tmp_path / "x.pptx", template=firm_deck(tmp_path / "firm.pptx", low))


# Documents


def test_a_document_takes_the_styles_of_a_template(report: Report, tmp_path: Path) -> None:
    file = report.save(tmp_path / "x.docx", template=firm_document(tmp_path / "firm.docx"))
    document = docx.Document(str(file))
    assert document.sections[0].left_margin == pytest.approx(Cm(5), abs=635)  # a twip
    assert document.styles["Heading 1"].font.size == WordPt(33)
    heads = [p for p in document.paragraphs if p.style.name == "Heading 1"]
    assert [h.text for h in heads] == [s.heading("zh") for s in report.sections if s.level == 1]
    assert document.sections[0].header.paragraphs[0].text == "Firm & Co."
    assert SECRET.encode() not in content(file)
    for table in document.tables:
        taken = sum(int(c.get(qn("w:w"))) for c in table._tbl.tblGrid)
        section = document.sections[0]
        upright = (section.page_width - section.left_margin - section.right_margin) / 635
        turned = (section.page_height - section.top_margin - section.bottom_margin) / 635
        assert taken <= max(upright, turned) + len(table.columns)
    again = report.save(tmp_path / "y.docx", template=tmp_path / "firm.docx")
    assert again.read_bytes() == file.read_bytes()


def test_styles_that_word_writes_in_small_letters_are_found(report: Report, tmp_path: Path) -> None:
    def small(document: Any) -> None:
        style = document.styles.add_style("Contents", WD_STYLE_TYPE.PARAGRAPH)
        style.element.find(qn("w:name")).set(qn("w:val"), "toc 1")
        style.font.size = WordPt(7)

    file = report.save(tmp_path / "x.docx", template=firm_document(tmp_path / "firm.docx", small))
    listed = [p for p in docx.Document(str(file)).paragraphs if p.style.name == "toc 1"]
    assert [p.text.rstrip("\t") for p in listed] == [
        s.heading("zh") for s in report.sections if s.level == 1
    ]


def test_styles_that_are_missing_are_named_with_the_remedy(report: Report, tmp_path: Path) -> None:
    def without(document: Any) -> None:
        for name in ("Title", "Heading 2", "List Bullet"):
            document.styles[name].delete()

    file = firm_document(tmp_path / "firm.docx", without)
    with pytest.raises(
        FormatError, match='lacks the paragraph styles "Title", "Heading 2"'
    ) as told:
        report.save(tmp_path / "x.docx", template=file)
    assert "organizer" in str(told.value)
    assert "List Bullet" not in str(told.value)


def test_a_template_without_bullets_still_has_them(report: Report, tmp_path: Path) -> None:
    file = firm_document(tmp_path / "firm.docx", lambda d: d.styles["List Bullet"].delete())
    document = docx.Document(str(report.save(tmp_path / "x.docx", template=file)))
    bullets = [p.text for p in document.paragraphs if p.style.name == "List Bullet"]
    assert bullets
    assert all(text.startswith("\u2022\t") for text in bullets)


def test_the_banner_stands_in_the_header_of_a_template(tmp_path: Path) -> None:
    report = Report("t", "", "en", (), (Section("path", 1, "1"),), banner="Synthetic")
    file = report.save(tmp_path / "x.docx", template=firm_document(tmp_path / "firm.docx"))
    said = [p.text for p in docx.Document(str(file)).sections[0].header.paragraphs]
    assert said == ["Firm & Co.", "Synthetic"]


# What is no template


@pytest.mark.parametrize(("form", "name", "said"), [
    ("html", "firm.docx", r"A \.html file takes no template; \.docx and \.pptx do"),
    ("docx", "firm.pptx", r"A \.docx file cannot have the template"),
    ("pptx", "firm.key", r"A template is a file of \.docx, \.pptx, \.dotx, \.potx"),
    ("pptx", "gone.pptx", "There is no template"),
])  # fmt: skip
def test_a_template_of_another_form_is_refused(
    form: str, name: str, said: str, tmp_path: Path
) -> None:
    report = Report("t", "", "en", (), ())
    if not name.startswith("gone"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ArgumentError, match=said):
        report.save(tmp_path / f"x.{form}", template=tmp_path / name)


@pytest.mark.parametrize("form", ["docx", "pptx"])
def test_changed_bytes_of_a_template_raise_nothing_else(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"firm.{form}"
    whole = (firm_deck(file) if form == "pptx" else firm_document(file)).read_bytes()
    drawn, told = random.Random(0), []
    for number in range(120):
        changed = bytearray(whole)
        for _ in range((1, 5, 40)[number % 3]):
            changed[drawn.randrange(len(changed))] = drawn.randrange(256)
        try:
            opened(bytes(changed), f".{form}", file.name)
        except FormatError as error:
            told.append(str(error))
    assert len(told) > 60
    assert all(one.count(file.name) == 1 for one in told)


@pytest.mark.parametrize("form", ["docx", "pptx"])
def test_a_damaged_template_is_named(form: str, tmp_path: Path) -> None:
    report, file = Report("t", "", "en", (), ()), tmp_path / f"firm.{form}"
    whole = firm_deck(file) if form == "pptx" else firm_document(file)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    for wrong in (b"", b"\xd0\xcf\x11\xe0" * 100, whole.read_bytes()[:3000], empty.getvalue()):
        file.write_bytes(wrong)
        with pytest.raises(FormatError, match=f"firm.{form}"):
            report.save(tmp_path / f"x.{form}", template=file)


def test_a_renderer_of_ones_own_may_take_a_template(tmp_path: Path, monkeypatch) -> None:
    from patentnav.report import registry

    monkeypatch.setattr(registry._RENDERERS, "_entries", dict(registry._RENDERERS._entries))

    @renderer(".tpl")
    def text(report: Report, template=None) -> bytes:
        return report.title.encode() + (template.content if template else b"")

    (tmp_path / "own.tpl").write_bytes(b" of ours")
    report = Report("t", "", "en", (), ())
    assert (
        report.save(tmp_path / "x.tpl", template=tmp_path / "own.tpl").read_bytes() == b"t of ours"
    )


# Project file and command line


def test_a_project_names_its_templates(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("x", encoding="utf-8")
    firm_deck(tmp_path / "firm.pptx")
    file = tmp_path / "project.toml"

    def written(templates: str, formats: str = '["docx", "pptx"]') -> Path:
        file.write_text(f'[input]\nfiles = ["in.csv"]\n[report]\nformats = {formats}\ntemplates = {templates}\n',
                        encoding="utf-8")  # fmt: skip
        return file

    assert load_project(written('["firm.pptx"]')).templates == {"pptx": tmp_path / "firm.pptx"}
    for templates, formats, said in (
        ('["gone.pptx"]', '["pptx"]', 'names "gone.pptx", which is no file'),
        ('["firm.pptx"]', '["docx"]', r'\[report\] formats has no "pptx"'),
        ('["firm.pptx", "firm.pptx"]', '["pptx"]', "two of one form"),
    ):
        with pytest.raises(ArgumentError, match=said):
            load_project(written(templates, formats))


def test_the_command_line_takes_templates(patents, tmp_path: Path, capsys) -> None:
    patents.save(tmp_path / "x.pnav")
    outline = tmp_path / "brief.toml"
    outline.write_text('title = { zh = "简", en = "Brief" }\n[[part]]\nid = "direction"\nsections = ["authorities"]\n',
                       encoding="utf-8")  # fmt: skip
    firm_deck(tmp_path / "firm.pptx")
    asked = ["report", str(tmp_path / "x.pnav"), "--outline", str(outline), "--lang", "en"]
    out = tmp_path / "x.pptx"
    assert cli.main([*asked, "-o", str(out), "--template", str(tmp_path / "firm.pptx")]) == cli.OK
    assert pptx.Presentation(str(out)).slide_width == 9144000
    wrong = [*asked, "-o", str(tmp_path / "x.html"), "--template", str(tmp_path / "firm.pptx")]
    assert cli.main(wrong) == cli.WRONG_USE
    assert 'No output takes the template "firm.pptx"' in capsys.readouterr().err


def test_a_table_fits_a_narrow_template(tmp_path: Path) -> None:
    names = ["publication_id", "title", "applicant", "count", "year"]
    frame = pd.DataFrame({name: ["A rather long cell of words " * 3] * 9 for name in names})
    section = Section("path", 1, "1", (Table("owners", frame, {"count": "text", "year": "text"}),
                                       Text("methods.limits.general")))  # fmt: skip
    report = Report("t", "", "en", (), (section,))
    file = report.save(tmp_path / "x.pptx", template=firm_deck(tmp_path / "firm.pptx"))
    deck = pptx.Presentation(str(file))
    for page in deck.slides:
        for shape in page.shapes:
            assert shape.top + shape.height <= deck.slide_height
