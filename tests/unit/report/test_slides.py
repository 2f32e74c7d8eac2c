"""Slides: what stands on them, that it fits, and that it is what the report says."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pptx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx.util import Pt

import patentnav as pnav
from patentnav import _resources, i18n
from patentnav.errors import FormatError, UnknownNameError
from patentnav.report import Figure, Report, Section, Table, Text, check_text
from patentnav.report import outline as outlines
from patentnav.report.render import fitting, shapes
from patentnav.report.render.charts import chart_of
from patentnav.report.slides import load, slides
from patentnav.report.slides.plan import Pick, Plan, SlidePlan
from patentnav.report.slides.sentences import remainder, shorter

from .conftest import make_set, quiet

if TYPE_CHECKING:
    from pathlib import Path

FORMS = ["cover", "answer", "scope", *["exhibit"] * 5, "measures", "limits"]
KINDS = ["region", "industry", "enterprise", "rnd", "talent", "portfolio", "kpi", "whitepaper"]
EMU = 12700


@pytest.fixture(scope="module", params=["zh", "en"])
def built(request, report: Report, english: Report) -> Report:
    return report if request.param == "zh" else english


@pytest.fixture(scope="module")
def deck(built: Report, tmp_path_factory) -> Any:
    folder = tmp_path_factory.mktemp("deck")
    return pptx.Presentation(str(built.save(folder / f"{built.lang}.pptx")))


def plain_texts(report: Report) -> list[str]:
    return [report.plain(b) for b in report.blocks() if isinstance(b, Text)]


def boxes(page: Any) -> list[Any]:
    """Text boxes and titles with the size that was set."""
    return [s for s in page.shapes if s.has_text_frame and s.text_frame.text.strip()
            and s.text_frame.paragraphs[0].runs and s.text_frame.paragraphs[0].runs[0].font.size]  # fmt: skip


def test_ten_slides_as_the_plan_says(built: Report, deck) -> None:
    assert [one.form for one in slides(built)] == FORMS
    assert len(deck.slides) == 10
    assert built.slides.name == "industry"
    shown = [s.exhibit.block.id for s in slides(built) if s.exhibit]
    assert len(shown) == len(set(shown)) >= 5


def test_titles_are_statements_of_the_report_on_two_lines_at_most(built: Report, deck) -> None:
    texts = plain_texts(built)
    titles = [page.shapes.title for page in deck.slides]
    for title in titles[1:]:
        text = title.text_frame.text
        assert any(text in one for one in texts), text
        size = title.text_frame.paragraphs[0].runs[0].font.size.pt
        assert 20 <= size <= 24
        assert len(fitting.lines(text, title.width / EMU, size)) <= 2
    said = [t.text_frame.text for t in titles]
    assert len(set(said)) == len(said)


def test_nothing_lies_outside_its_slide_or_runs_over_its_box(deck) -> None:
    for page in deck.slides:
        for shape in page.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
        for shape in boxes(page):
            paragraphs = shape.text_frame.paragraphs
            size = paragraphs[0].runs[0].font.size.pt
            bullet = paragraphs[0]._p.find(".//{*}buChar") is not None
            room = shape.width / EMU - (shapes.bullet_indent(size) if bullet else 0.0)
            after = max((p.space_after.pt for p in paragraphs if p.space_after), default=0.0)
            bold = bool(paragraphs[0].runs[0].font.bold)
            taken = fitting.height([p.text for p in paragraphs], room, size, after=after, bold=bold)
            assert taken <= shape.height / EMU + 1, shape.text_frame.text


def test_tables_have_few_rows_that_hold_their_texts(deck) -> None:
    found = [s for page in deck.slides for s in page.shapes if s.has_table]
    assert found
    for shape in found:
        table = shape.table
        assert len(table.rows) <= 12
        assert len(table.columns) <= 5
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=True):
                size = cell.text_frame.paragraphs[0].runs[0].font.size.pt
                assert size >= 10
                bold = bool(cell.text_frame.paragraphs[0].runs[0].font.bold)
                taken = fitting.height(
                    [cell.text], column.width / EMU - 2 * shapes.MARGIN, size, bold=bold
                )
                assert taken <= row.height / EMU


def test_no_two_parts_of_a_slide_lie_on_each_other(deck) -> None:
    for page in list(deck.slides)[1:]:
        parts = [s for s in page.shapes if s.has_chart or s.has_table or s.shape_type == 13
                 or (s.has_text_frame and s.text_frame.text.strip())]  # fmt: skip
        for i, one in enumerate(parts):
            for other in parts[i + 1 :]:
                wide = min(one.left + one.width, other.left + other.width) - max(
                    one.left, other.left
                )
                high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
                assert wide <= EMU or high <= EMU, (one.name, other.name)


def test_every_slide_has_its_evidence_number_and_source(built: Report, deck) -> None:
    for one, page in zip(slides(built), deck.slides, strict=True):
        notes = page.notes_slide.notes_text_frame.text
        assert len(notes) > 20
        if one.form == "cover":
            continue
        if one.form not in {"limits", "scope"}:
            ids = re.findall(r"\[([\w.]+:[^\]]+)\]", notes)
            assert ids, one.form
            assert set(ids) <= set(built.made)
        assert page._element.xpath(".//a:fld[@type='slidenum']")
        texts = "\n".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
        assert one.source[:10] in texts


def test_what_is_not_on_a_slide_is_in_its_notes(built: Report, deck) -> None:
    for one, page in zip(slides(built), deck.slides, strict=True):
        shown = "\n".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
        shown += "\n".join(
            c.text for s in page.shapes if s.has_table for r in s.table.rows for c in r.cells
        )
        notes = page.notes_slide.notes_text_frame.text
        texts = [one.lead, *one.points, *(row[1] for row in one.rows), *one.titles[:1]]
        texts += [item for _, items in one.groups for item in items]
        for text in texts:
            assert text in shown or text in notes, text


def test_native_charts_have_the_numbers_of_the_report(built: Report, deck) -> None:
    figures = {built.label(f.id): f for f in built.figures}
    charts = [s for page in deck.slides for s in page.shapes if s.has_chart]
    assert charts
    for shape in charts:
        figure = figures[shape.name]
        found = chart_of(figure.table, i18n.text("plot.other", built.lang), bars=12, groups=5)
        for i, series in enumerate(shape.chart.series, start=1):
            expected = [None if pd.isna(v) else float(v) for v in found.frame.iloc[:, i]]
            assert list(series.values) == expected
        with zipfile.ZipFile(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)) as book:
            assert {entry.date_time[0] for entry in book.infolist()} == {2000}
            assert b"2000-01-01" in book.read("docProps/core.xml")


def test_years_not_all_published_are_lighter(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"year": [2020, 2021, 2022], "count": [3, 5, 1], "complete": [True, True, False]}
    )
    page = one_slide(Figure(Table("x", frame, {"year": "year"}), lambda ax: ax.plot([0])), tmp_path)
    chart = next(s for s in page.shapes if s.has_chart).chart
    light = chart._chartSpace.xpath(".//c:dPt/c:idx/@val")
    assert light == ["2"]
    assert any("not all published" in s.text_frame.text for s in page.shapes if s.has_text_frame)


def test_pictures_and_charts_are_described(built: Report, deck) -> None:
    shown = [s for page in deck.slides for s in page.shapes if s.has_chart or s.shape_type == 13]
    alts = {f.alt(built.lang) for f in built.figures}
    assert shown
    for shape in shown:
        assert shape._element.xpath(".//p:cNvPr")[0].get("descr") in alts


def test_the_titles_hold_against_the_report(built: Report, tmp_path: Path) -> None:
    file = tmp_path / "titles.txt"
    said = [one.titles[0] + ("。" if built.lang == "zh" else ".") for one in slides(built)[1:]]
    file.write_text("\n\n".join(said), encoding="utf-8")
    found = check_text(file, built)
    # The number of publications of the first sentence is no claim.
    assert not [row.sentence for row in found.itertuples() if "90" not in row.text]


def test_a_sentence_with_two_touching_names_can_be_checked(report: Report, tmp_path: Path) -> None:
    names = report.section("direction.applicants").blocks[0]
    text = report.plain(names)
    name = next(
        str(a) for a in next(t for t in report.tables if t.id == "owners").frame["applicant"]
    )
    file = tmp_path / "x.txt"
    file.write_text(text.replace(name, f"{name}{name}", 1), encoding="utf-8")
    check_text(file, report)  # told or not: it does not fail


# Texts that are too long, strange or missing


def one_slide(
    block: Figure | Table, tmp_path: Path, *texts: Text, lang: str = "en", **words: str
) -> Any:
    """The slide of a report of one block."""
    ids = {f"report.{kind}.{block.id}": f"About {block.id}" for kind in ("caption", "alt")}
    parts = (Section("path", 1, "1", part="path"),
             Section("path.technologies", 2, "1.1", (*texts, block), part="path"))  # fmt: skip
    plan = Plan("x", (SlidePlan("exhibit", (Pick("path.technologies"),)),))
    built = Report("Title", "", lang, (), parts, slides=plan,
                   wording={**i18n.wording(lang), **ids, "report.column.complete": "Complete", **words})  # fmt: skip
    return pptx.Presentation(str(built.save(tmp_path / "x.pptx"))).slides[0]


def test_no_cell_of_a_chart_is_a_formula_and_control_characters_go(tmp_path: Path) -> None:
    nasty = '=HYPERLINK("http://x","y")'
    frame = pd.DataFrame({"applicant": [nasty, "a\x0b\x01b\ufffe"], "count": [2, 1]})
    page = one_slide(Figure(Table("x", frame), lambda ax: ax.plot([0])), tmp_path)
    chart = next(s for s in page.shapes if s.has_chart).chart
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = [c for row in book.active.iter_rows() for c in row]
    assert all(c.data_type != "f" for c in cells)
    assert any(str(c.value).startswith("'=HYPER") for c in cells)
    page = one_slide(Table("x", frame), tmp_path)
    table = next(s for s in page.shapes if s.has_table).table
    assert table.cell(1, 0).text == nasty
    assert table.cell(2, 0).text == "a  b "


def test_a_long_table_says_how_many_of_its_rows_and_columns_it_shows(tmp_path: Path) -> None:
    names = ["applicant", "count", "year", "share", "rank", "claim_count", "family_size"]
    frame = pd.DataFrame({name: range(40) for name in names}).assign(
        applicant="Somebody of some town"
    )
    page = one_slide(Table("x", frame), tmp_path)
    table = next(s for s in page.shapes if s.has_table).table
    assert (len(table.rows), len(table.columns)) == (7, 5)
    texts = [s.text_frame.text for s in page.shapes if s.has_text_frame]
    assert "first 6 of 40 rows, 5 of 7 columns" in texts


def test_points_without_room_go_to_the_notes_and_the_slide_says_so(tmp_path: Path) -> None:
    point = "A long point that goes on and on about technologies and their owners. " * 6
    texts = [Text(f"own.{i}", {}, "finding") for i in range(9)]
    words = {f"report.own.{i}": f"{i} {point}" for i in range(9)}
    frame = pd.DataFrame({"applicant": ["a", "b"], "count": [1, 2]})
    page = one_slide(Table("x", frame), tmp_path, *texts, **words)
    shown = "\n".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
    notes = page.notes_slide.notes_text_frame.text
    left = [i for i in range(1, 9) if f"{i} A long" not in shown]
    assert left
    assert f"{len(left)} more in the notes." in shown
    assert all(f"{i} A long" in notes for i in left)


@pytest.mark.parametrize("word", ["x" * 900, "专利导航" * 200, "no end of words " * 60])
def test_a_title_of_one_endless_sentence_stays_in_its_box(word: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"applicant": ["a", "b"], "count": [1, 2]})
    text = Text("own.long", {}, "finding")
    page = one_slide(Table("x", frame), tmp_path, text, **{"report.own.long": word})
    title = page.shapes.title
    size = title.text_frame.paragraphs[0].runs[0].font.size.pt
    taken = fitting.height([title.text_frame.text], title.width / EMU, size)
    assert taken <= title.height / EMU
    assert word.strip() in page.notes_slide.notes_text_frame.text


def test_a_report_of_nothing_has_a_cover(tmp_path: Path) -> None:
    file = Report("Title", "", "en", (), ()).save(tmp_path / "x.pptx")
    deck = pptx.Presentation(str(file))
    assert [page.shapes.title.text_frame.text for page in deck.slides] == ["Title"]


# Measuring


@given(
    text=st.text("abW 专利导航，。（）“”-1 ", max_size=80),
    room=st.floats(30, 300),
    size=st.floats(8, 24),
)
def test_lines_keep_every_letter_and_are_no_wider_than_their_room(text, room, size) -> None:
    found = fitting.lines(text, room, size)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    for line in found:
        assert (
            fitting.width(line, size) <= room + 1e-6 or len(line) <= 3
        )  # marks that begin no line


def test_no_line_begins_with_a_closing_mark() -> None:
    text = "专利导航，专利导航。专利导航；专利导航）专利导航"
    for room in range(30, 200, 7):
        for line in fitting.lines(text, float(room), 10.0):
            assert line[0] not in "，。；）"


@given(st.text("ab专。.；;（）() :：“”1", max_size=60))
def test_shorter_forms_are_beginnings_and_lose_nothing(text: str) -> None:
    forms = shorter(text)
    assert list(forms) == sorted(forms, key=len, reverse=True)
    for form in forms:
        assert text.strip().startswith(form)
        rest = remainder(forms[0], form)
        kept = re.sub(r"[\W_]", "", form + rest).casefold()
        assert kept == re.sub(r"[\W_]", "", forms[0]).casefold()


def test_a_sentence_is_divided_outside_brackets_and_after_whole_words() -> None:
    text = "共有3项（甲；乙）；最多的是“A. B”：有2项。另有1项。"
    assert shorter(text) == ("共有3项（甲；乙）；最多的是“A. B”：有2项。另有1项",
                             "共有3项（甲；乙）；最多的是“A. B”：有2项", "共有3项（甲；乙）")  # fmt: skip
    assert shorter("Foo Co. Ltd. has 3.5 of 7. Bar none.")[1:] == ("Foo Co. Ltd. has 3.5 of 7",)


# Plans


@pytest.mark.parametrize("kind", [*KINDS, "general"])
def test_a_shipped_plan_is_ten_slides_and_finds_something_in_its_outline(kind: str) -> None:
    plan = load(kind)
    # What a white paper measures by are the official numbers, which stand as they are.
    forms = [f if kind != "whitepaper" or f != "measures" else "exhibit" for f in FORMS]
    assert [one.form for one in plan.slides] == forms
    if kind not in _resources.names("reports"):
        return  # the plan is there before the outline
    there = outlines.load(kind).entries()
    for one in plan.slides:
        if one.form == "exhibit":
            assert any(p.means(s) for p in one.show for s in there), one.show


def test_the_eight_kinds_have_a_plan_and_others_the_general_one() -> None:
    assert {*KINDS, "general"} == set(_resources.names("slides"))
    assert load("brief").name == "general"


def test_a_slide_whose_section_is_absent_gives_way_in_the_stated_order(report: Report) -> None:
    def shown(show: list[str], reserve: list[str]) -> list[str]:
        plan = Plan(
            "x", (SlidePlan("exhibit", tuple(map(Pick, show))),) * 2, tuple(map(Pick, reserve))
        )
        return [one.place.split()[-1] for one in slides(report, plan)]

    def title(section_id: str) -> str:
        return report.section(section_id).title("zh").split()[-1]

    assert shown(["region.scale", "direction.trend"], ["*"])[0] == title("direction.trend")
    assert shown(["region.scale"], ["direction.applicants", "position.legal_status"]) == [
        title("direction.applicants"), title("direction.applicants"),
    ]  # fmt: skip
    assert shown(["region.scale"], []) == []


def test_a_plan_of_ones_own_takes_the_place_of_the_packages(resolved, tmp_path: Path) -> None:
    folder = tmp_path / "slides"
    folder.mkdir()
    own = folder / "industry.toml"
    own.write_text(
        '[[slide]]\nform = "cover"\n[[slide]]\nshow = ["position.legal_status"]\n', encoding="utf-8"
    )
    with pnav.config_context(data_path=[tmp_path]):
        built = quiet(resolved, lang="en", n_clusters=3)
    deck = pptx.Presentation(str(built.save(tmp_path / "x.pptx")))
    assert len(deck.slides) == 2  # also after the folder is no longer in force
    for wrong, error, said in (
        ('[[slide]]\nshow = ["position.legal_statu"]', UnknownNameError, "position.legal_status"),
        ('[[slide]]\nform = "exhibits"', UnknownNameError, "exhibit"),
        ("[[slide]]\nshows = []", UnknownNameError, "show"),
        ("slides = 3", UnknownNameError, "slide"),
        ("reserve = []", FormatError, "no slides"),
        ('[[slide]]\nshow = "position"', FormatError, "lists of sections"),
    ):
        own.write_text(wrong, encoding="utf-8")
        with pnav.config_context(data_path=[tmp_path]), pytest.raises(error, match=said):
            load("industry")


def test_the_clients_question_stands_on_the_third_slide() -> None:
    built = quiet(make_set(), lang="zh", n_clusters=3, question="本市应补强哪些技术？")
    scope = next(one for one in slides(built) if one.form == "scope")
    assert ("委托问题", "本市应补强哪些技术？") in scope.facts


def test_sizes_are_given_from_the_largest_to_the_smallest() -> None:
    look = _resources.load_toml("templates", "pptx")
    for name, sizes in look["size"].items():
        assert sizes == sorted(sizes, reverse=True), name
        assert min(sizes) >= 8
    assert (
        Pt(look["page"]["width"]) == 12192000
    )  # 13.333 inches, as office programs make wide slides
