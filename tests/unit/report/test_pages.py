"""The look of the files: widths, pages on their side, contents, cards, native charts."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import openpyxl
import pandas as pd
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from patentnav import i18n
from patentnav.report import Figure, Report, Section, Table, Text
from patentnav.report.render import columns
from patentnav.report.render.charts import chart_of

if TYPE_CHECKING:
    from pathlib import Path

SOFFICE, PDFTOTEXT = shutil.which("soffice"), shutil.which("pdftotext")


def report(*blocks, lang: str = "en", **more) -> Report:
    """A report of some blocks, with any caption they ask for."""
    ids = {b.id for b in blocks if isinstance(b, Table | Figure)}
    words = {f"report.{kind}.{i}": f"About {i}" for i in ids for kind in ("caption", "alt")}
    texts = {**i18n.wording(lang), **words}
    parts = (Section("path", 1, "1"), Section("path.technologies", 2, "1.1", blocks))
    return Report("Title", "", lang, (("Fact", "value"),), parts, wording=texts, **more)


def figure(name: str, frame: pd.DataFrame, forms: dict[str, str]) -> Figure:
    return Figure(Table(name, frame, forms), lambda ax: ax.plot([0]))


# Widths


@given(
    cells=st.lists(
        st.lists(st.text("aW1 ,.电-", max_size=40), min_size=3, max_size=3), min_size=1, max_size=5
    ),
    page=st.floats(20, 60),
)
def test_columns_fill_the_page_and_break_nothing_where_there_is_room(cells, page) -> None:
    needs = [
        columns.column(head, [row[i] for row in cells], wraps=i == 2)
        for i, head in enumerate(("Number", "电池数量", "Text"))
    ]
    found = columns.layout(needs, page, 1.0)
    assert sum(found.widths) <= page + 1e-6
    assert found.fits == (sum(c.least for c in needs) <= page)
    if found.fits:
        for need, width in zip(needs, found.widths, strict=True):
            assert width >= need.least - 1e-6
        # Numbers and identifiers stand on one line.
        assert needs[0].least >= max(columns.measure(row[0]) for row in cells)


def test_a_heading_is_never_cut_within_a_word() -> None:
    """Short cells below longer headings: the table has room, so no heading may be narrower than its words."""
    heads = ["Rank", "Applicant (owner)", "Type", "Count", "Share", "Recent", "Inventor"]
    cells = ["1", "THALES SA", "Enterprise", "97", "1.6%", "49", "#12"]
    needs = [columns.column(h, [c], wraps=len(c) > 8) for h, c in zip(heads, cells, strict=True)]
    for page in (sum(n.least for n in needs), 50.0, 60.0, 90.0):
        found = columns.layout(needs, page, 1.0)
        assert found.fits
        for need, width in zip(needs, found.widths, strict=True):
            assert width >= need.least - 1e-9
    # DejaVu Serif, which stands in for Times, is wider than Times: "Without" of it is 4.5 letters wide.
    assert columns.column("Without", ["1"], wraps=False).least > 4.5 + 1.2  # the margins of a cell


def test_a_number_stays_with_the_mark_behind_it() -> None:
    listed = columns.column("T", ["CN111538328A\u3001CN217360286U"], wraps=True)
    alone = columns.column("T", ["CN111538328A"], wraps=True)
    assert listed.least >= alone.least + 1.0


def test_a_narrow_table_becomes_wider_and_a_text_gets_what_numbers_leave() -> None:
    one = [columns.column(h, ["12"], wraps=False) for h in ("Year", "Count")]
    assert sum(columns.layout(one, 50, 1.0).widths) == pytest.approx(2 * sum(c.whole for c in one))
    text = "several words of a title that goes on and on"
    two = [columns.column("Number", ["1"], wraps=False), columns.column("T", [text], wraps=True)]
    number, rest = columns.layout(two, 20, 1.0).widths
    assert number == pytest.approx(two[0].least)
    assert rest == pytest.approx(20 - number)


def test_a_heading_of_chinese_characters_is_cut_in_its_middle() -> None:
    assert columns.broken("近期主体数", 4.0, 1.0) == "近期主\n体数"
    assert columns.broken("近期主体数", 9.0, 1.0) == "近期主体数"
    assert columns.broken("Recent owners", 4.0, 1.0) == "Recent owners"


# docx


def wide() -> Table:
    names = ["publication_id", "first_applicant", "title", "authority", "kind_code", "legal_status"]
    numbers = ["count", "year", "share", "rank", "claim_count", "family_size", "grant_lag"]
    row = dict.fromkeys(names, "US20190123456A1") | dict.fromkeys(numbers, 1234567)
    return Table("wide", pd.DataFrame([row] * 3), dict.fromkeys(names, "code"))


def test_a_wide_table_stands_on_a_page_on_its_side(tmp_path: Path) -> None:
    small = Table("small", pd.DataFrame({"year": [2019], "count": [3]}))
    after = Text("methods.limits.general")
    words = {f"report.column.{c}": c for c in wide().frame.columns}
    built = report(small, wide(), after)
    built.wording.update(words)
    document = docx.Document(str(built.save(tmp_path / "x.docx")))
    assert [s.orientation for s in document.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    assert [s.page_width > s.page_height for s in document.sections] == [False, True, False]
    assert [s.different_first_page_header_footer for s in document.sections] == [True, False, False]
    assert {s.header.paragraphs[0].text for s in document.sections} == {"Title"}
    for table, section in zip(document.tables, document.sections, strict=False):
        taken = sum(int(c.get(qn("w:w"))) for c in table._tbl.tblGrid)
        room = section.page_width - section.left_margin - section.right_margin
        assert taken <= room / 635 + len(table.columns)


def test_a_line_between_two_wide_tables_takes_no_page_of_its_own(tmp_path: Path) -> None:
    lead = Text("methods.limits.general")
    built = report(wide(), lead, replace(wide(), id="wider"))
    built.wording.update({f"report.column.{c}": c for c in wide().frame.columns})
    document = docx.Document(str(built.save(tmp_path / "x.docx")))
    assert [s.orientation for s in document.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip


def test_contents_ask_for_page_numbers_of_their_headings(tmp_path: Path) -> None:
    document = docx.Document(str(report(Text("methods.limits.general")).save(tmp_path / "x.docx")))
    marks = {b.get(qn("w:name")) for b in document.element.body.iter(qn("w:bookmarkStart"))}
    codes = [c.text.split() for c in document.element.body.iter(qn("w:instrText"))]
    asked = [code[1] for code in codes if code[0] == "PAGEREF"]
    assert asked == ["_Ref_path", "_Ref_path_technologies"]
    assert set(asked) <= marks


def test_what_leads_to_a_table_stays_with_it_and_a_short_one_on_its_page(tmp_path: Path) -> None:
    frame = pd.DataFrame({"year": range(2000, 2003), "count": 1})
    note = Text("methods.limits.general", style="note")
    blocks = (Text("methods.limits.general"), Table("short", frame, note=note))
    document = docx.Document(str(report(*blocks).save(tmp_path / "x.docx")))
    lead = next(p for p in document.paragraphs if p.style.name == "Normal" and p.text)
    assert lead.paragraph_format.keep_with_next
    rows = document.tables[0].rows
    assert all(c.paragraphs[0].paragraph_format.keep_with_next for r in rows for c in r.cells)


def test_the_cover_names_client_author_and_date(resolved, tmp_path: Path) -> None:
    from .conftest import quiet

    outline = tmp_path / "brief.toml"
    outline.write_text(
        'title = { zh = "简", en = "Brief" }\n[[part]]\nid = "path"\nsections = ["direction.authorities"]\n',
        encoding="utf-8",
    )
    built = quiet(
        resolved, outline=outline, lang="zh", client="某市", author="某所", date="2024年5月"
    )
    assert built.facts[-3:] == (
        ("委托单位", "某市"),
        ("编制单位", "某所"),
        ("报告日期", "2024年5月"),
    )
    document = docx.Document(str(built.save(tmp_path / "x.docx")))
    assert document.core_properties.author == "某所"
    assert "委托单位\t某市" in [p.text for p in document.paragraphs]


@pytest.mark.office
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_converted_pages_break_no_number_identifier_or_class(
    lang: str, tmp_path: Path, request
) -> None:
    if SOFFICE is None or PDFTOTEXT is None:
        pytest.skip("LibreOffice or poppler is not installed")
    built: Report = request.getfixturevalue("report" if lang == "zh" else "english")
    file = built.save(tmp_path / "x.docx")
    subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    text = subprocess.run([PDFTOTEXT, "-layout", str(tmp_path / "x.pdf"), "-"], check=True,
                          capture_output=True, text=True).stdout  # fmt: skip
    words = set(re.split(r"\s+", text))
    for table in built.tables:
        fixed = [i for i, c in enumerate(map(str, table.frame.columns)) if not table.wraps(c)]
        forms = [table.form(str(c)) for c in table.frame.columns]
        for row in table.cells(lang, table.rows):
            for i in fixed:
                if forms[i] != "text":
                    assert row[i] in words, (table.id, row[i])
    entries = re.findall(r"^\s*(\S.*?)\.{4,}\s*(\d+)$", text, re.M)
    assert len(entries) == len(built.body)
    pages = [int(page) for _, page in entries]
    assert pages == sorted(pages)
    assert pages[0] >= 3


# html


def test_a_wide_table_is_a_card_for_each_row_on_a_phone(tmp_path: Path) -> None:
    built = report(Table("small", pd.DataFrame({"year": [2019], "count": [3]})), wide())
    built.wording.update({f"report.column.{c}": c for c in wide().frame.columns})
    page = html.fromstring(built.save(tmp_path / "x.html").read_text(encoding="utf-8"))
    small, big = page.xpath("//div[contains(@class, 'scroll')]")
    assert "cards" not in small.get("class")
    assert "cards" in big.get("class")
    heads = [h.text for h in big.xpath(".//th")]
    for row in big.xpath(".//tbody/tr"):
        assert [c.get("data-label") for c in row.xpath("./td")] == heads
    # As blocks, rows and cells would lose what they are to a screen reader.
    assert {n.get("role") for n in big.xpath(".//table|.//tr|.//td|.//th")} == {
        "table", "row", "cell", "columnheader",
    }  # fmt: skip


# xlsx


def chart_cells(file: Path, sheet: str) -> dict[str, list]:
    """Values behind the series of the one chart of a sheet, and its categories."""
    book = openpyxl.load_workbook(file)
    (chart,) = book[sheet]._charts

    def cells(reference: str) -> list:
        name, _, place = reference.rpartition("!")
        found = book[name.strip("'")][place.replace("$", "")]
        rows = found if isinstance(found, tuple) else ((found,),)
        return [c.value for row in rows for c in row]

    told = {cells(s.tx.strRef.f)[0]: cells(s.val.numRef.f) for s in chart.series}
    first = chart.series[0].cat
    return told | {"": cells((first.numRef or first.strRef).f)}


def test_years_are_columns_of_the_cells_of_the_table(tmp_path: Path) -> None:
    frame = pd.DataFrame({"year": [2018, 2019], "count": [3, 5], "is_complete": [True, False]})
    built = report(figure("x", frame, {"year": "year"}))
    built.wording["report.column.is_complete"] = "Complete"
    file = built.save(tmp_path / "x.xlsx")
    assert chart_cells(file, "Figure 1") == {"Count": [3, 5], "": [2018, 2019]}
    sheet = openpyxl.load_workbook(file)["Figure 1"]
    assert [c.value for c in sheet["C"] if c.value is not None][-2:] == ["yes", "no"]
    assert not sheet._images


def test_groups_by_year_are_stacked_the_largest_first_and_the_rest_together(tmp_path: Path) -> None:
    rows = [(y, f"G{g:02}L", float(g + 1)) for y in (2019, 2018) for g in range(10)]
    frame = pd.DataFrame(rows, columns=["year", "subclass", "count"])
    found = chart_of(Table("x", frame, {"year": "year", "subclass": "code"}), "rest")
    assert found.kind == "stacked"
    assert found.frame.columns.tolist() == ["year", *(f"G{g:02}L" for g in range(9, 1, -1)), "rest"]
    assert found.frame["year"].tolist() == [2018, 2019]
    assert found.frame["rest"].tolist() == [3.0, 3.0]
    built = report(figure("x", frame, {"year": "year", "subclass": "code"}))
    told = chart_cells(built.save(tmp_path / "x.xlsx"), "Figure 1")
    assert told["G09L"] == [10, 10]
    assert told[""] == [2018, 2019]


def test_a_ranking_is_bars_and_coefficients_are_lines() -> None:
    ranking = pd.DataFrame({"applicant": [f"a{i}" for i in range(30)], "count": range(30, 0, -1)})
    found = chart_of(Table("x", ranking), "rest")
    assert (found.kind, len(found.frame), found.places) == ("bar", 20, (0, 1))
    lines = pd.DataFrame({"year": [2019, 2018], "inventions": [1, 2], "maturity": [0.5, 0.4]})
    found = chart_of(Table("x", lines, {"year": "year"}), "rest")
    assert (found.kind, found.places) == ("line", None)  # the table has them in another order
    assert found.frame["maturity"].tolist() == [0.4, 0.5]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": [0.1, 0.2], "y": [0.1, 0.2], "name": ["a", "b"], "label": ["c", "d"]}),
        pd.DataFrame({"applicant": ["a", "a"], "count": [1, 2]}),
        pd.DataFrame({"applicant": ["a"], "count": [1]}),
        pd.DataFrame({"applicant": ["a", "b"]}),
    ],
)
def test_what_is_neither_keeps_its_picture(frame: pd.DataFrame, tmp_path: Path) -> None:
    assert chart_of(Table("x", frame), "rest") is None
