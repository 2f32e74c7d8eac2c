"""The files: same bytes, fonts, fields, accessibility, no request, no live cell."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from lxml import etree, html

import patentnav as pnav
from patentnav.explore import Interactive
from patentnav.report.blocks import Figure, Section, Table, Text
from patentnav.report.document import Report

from .conftest import make_set, quiet

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def document(saved: dict[str, Path]) -> docx.document.Document:
    return docx.Document(str(saved["docx"]))


@pytest.fixture(scope="module")
def page(saved: dict[str, Path]) -> html.HtmlElement:
    return html.fromstring(saved["html"].read_text(encoding="utf-8"))


def unpacked(content: bytes) -> bytes:
    """All that a file holds, that of packages in packages too."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(unpacked(package.read(name)) for name in package.namelist())


def small(text: str = "x", **more) -> Report:
    """A report of one table and one map, without any computation."""
    frame = pd.DataFrame({"applicant": [text, "b"], "count": [1, pd.NA]})
    blocks = (Text("methods.limits.general"), Table("owners", frame, values={}))
    return Report("t", "", "zh", (("事实", "值"),), (Section("path", 1, "1", blocks),), **more)


def test_the_same_set_gives_the_same_bytes(saved: dict[str, Path], tmp_path: Path) -> None:
    again = quiet(make_set(), lang="zh", region="济南", n_clusters=3)
    for form, first in saved.items():
        second = again.save(tmp_path / f"again.{form}")
        assert (
            hashlib.sha256(second.read_bytes()).digest()
            == hashlib.sha256(first.read_bytes()).digest()
        ), form


@pytest.mark.parametrize("form", ["docx", "pptx", "xlsx"])
def test_packages_hold_no_clock_time(saved: dict[str, Path], form: str) -> None:
    with zipfile.ZipFile(saved[form]) as package:
        assert {e.date_time[0] for e in package.infolist()} <= {1980, 2000}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r">(\d{4})-", core)) == {"2000"}


# docx


def test_styles_name_east_asian_fonts_and_no_theme_font(document) -> None:
    for name, font in (("Normal", "宋体"), ("Heading 1", "黑体"), ("Table Text", "宋体")):
        fonts = document.styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == font
        assert not [k for k in fonts.attrib if "heme" in k]


def test_contents_are_filled_and_linked(document, report: Report) -> None:
    entries = [p for p in document.paragraphs if p.style.name.startswith("TOC ")]
    listed = [p.text.rstrip("\t") for p in entries if p.style.name != "TOC Heading"]
    assert listed == [s.heading("zh") for s in report.body]
    anchors = {h.get(qn("w:anchor")) for p in entries for h in p._p.iter(qn("w:hyperlink"))}
    marks = {b.get(qn("w:name")) for b in document.element.body.iter(qn("w:bookmarkStart"))}
    assert anchors <= marks


def test_fields_are_balanced_and_refer_to_bookmarks(document) -> None:
    body = document.element.body
    kinds = [c.get(qn("w:fldCharType")) for c in body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 30
    codes = [c.text.split() for c in body.iter(qn("w:instrText"))]
    marks = {b.get(qn("w:name")) for b in body.iter(qn("w:bookmarkStart"))}
    assert {code[1] for code in codes if code[0] == "REF"} <= marks
    assert {code[1] for code in codes if code[0] == "SEQ"} == {"图", "表"}
    ids = [b.get(qn("w:id")) for b in body.iter(qn("w:bookmarkStart"))]
    assert len(ids) == len(set(ids))


def test_tables_repeat_their_heading_and_pictures_are_described(document, report: Report) -> None:
    assert len(document.tables) == len(report.tables)
    for table in document.tables:
        assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
    described = [p.get("descr") for p in document.element.body.iter(qn("wp:docPr"))]
    assert described == [f.alt("zh") for f in report.figures]
    assert all(len(d) > 8 for d in described)


@pytest.mark.parametrize("form", ["docx", "html", "pptx", "xlsx"])
def test_a_title_longer_than_a_property_can_be_written(form: str, tmp_path: Path) -> None:
    words = {"title": "t" * 400, "subtitle": "s" * 400, "author": "a" * 400, "banner": "b" * 400}
    report = Report(**words, lang="en", facts=(), sections=())
    file = report.save(tmp_path / f"x.{form}")
    if form == "docx":
        assert docx.Document(str(file)).core_properties.title == "t" * 255
    assert file.stat().st_size > 1000


def test_a_title_with_control_characters_can_be_written(tmp_path: Path) -> None:
    small("a\x0b\x01b").save(tmp_path / "x.docx")
    assert "a  b" in docx.Document(str(tmp_path / "x.docx")).tables[0].rows[1].cells[0].text


# html


def test_the_page_is_well_formed_and_self_contained(saved: dict[str, Path], page) -> None:
    assert page.get("lang") == "zh-CN"
    for attribute in ("src", "href"):
        for value in page.xpath(f"//@{attribute}"):
            assert value.startswith(("data:", "#")), value[:80]
    assert not page.xpath("//link | //iframe | //object | //form[@action]")


def test_the_policy_allows_the_carried_scripts_only(page) -> None:
    import base64

    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    allowed = re.findall(r"'sha256-([^']+)'", policy)
    scripts = [s.text for s in page.xpath("//script[not(@type)]")]
    found = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert found == allowed
    assert len(found) == 1


def test_every_link_leads_somewhere_and_ids_are_once(page) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {h[1:] for h in page.xpath("//a/@href")} <= set(ids)


def test_headings_go_down_by_one_and_pictures_are_described(page, report: Report) -> None:
    levels = [int(h.tag[1]) for h in page.xpath("//main//*[self::h1 or self::h2 or self::h3]")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert page.xpath("//main//img/@alt") == [f.alt("zh") for f in report.figures]
    assert all(t.xpath("./thead//th[@scope='col']") for t in page.xpath("//table"))


def test_maps_hold_every_publication(page, patents: pnav.PatentSet) -> None:
    data = json.loads(page.xpath("//figure[@data-map='patent_map']/script/text()")[0])
    assert set(data["name"]) == set(patents.publications.index)
    n = len(data["name"])
    assert n == len(data["x"]) == len(data["y"]) == len(data["label"]) == len(data["numbers"])
    for overlay in data["overlays"]:
        assert len(overlay["of"]) == n
        counts = Counter(overlay["of"])
        assert [counts[g] for g in range(len(overlay["groups"]))] == [
            g["count"] for g in overlay["groups"]
        ]
    assert [o["label"] for o in data["overlays"]] == ["技术", "申请人", "年份", "产业", "法律状态"]
    assert {g["name"] for g in data["overlays"][4]["groups"]} == {"有效", "审查中", "未缴费终止"}


def test_a_dot_tells_what_is_known_of_its_publication(page, patents: pnav.PatentSet) -> None:
    data = json.loads(page.xpath("//figure[@data-map='patent_map']/script/text()")[0])
    i = data["name"].index(patents.publications.index[4])
    told = {f["label"]: f["values"][f["of"][i]] for f in data["facts"] if f["of"][i] >= 0}
    assert told["申请人"] == patents.parties["name_raw"].iloc[4]
    assert told["年份"] == str(patents.publications["application_date"].dt.year.iloc[4])
    assert data["label"][i] == patents.publications["title"].iloc[4]
    assert data["numbers"][i] == [
        data["name"][i],
        "=" + patents.publications["application_id"].iloc[4],
    ]
    assert page.xpath(f"//*[@id='{data['see']['id']}']")


def test_the_other_publications_of_an_application_find_it_too() -> None:
    both = make_set()
    frame = both.publications.copy()
    frame["application_id"] = frame["application_id"].where(
        ~frame.index.isin(frame.index[:2]), "CN201012345678"
    )
    tables = {name: getattr(both, name) for name in both.tables} | {"publications": frame}
    built = quiet(pnav.PatentSet.from_tables(tables), lang="zh", n_clusters=3)
    shown = next(f.interactive for f in built.figures if f.id == "patent_map")
    found = [n for n in shown.numbers if "=CN201012345678" in n]
    assert [sorted(n) for n in found] == [sorted(["=CN201012345678", *frame.index[:2]])]


def test_a_masked_report_names_nobody(tmp_path: Path) -> None:
    patents = make_set()
    names = {n for n in patents.inventors["name_raw"] if len(n) > 1}
    built = quiet(patents, lang="zh", n_clusters=3, masked=True)
    assert any(len(t.frame) for t in built.tables if t.id == "inventors")
    for form in ("html", "xlsx", "docx", "pptx"):
        content = unpacked(built.save(tmp_path / f"masked.{form}").read_bytes())
        assert not [name for name in names if name.encode() in content], form


def test_the_talent_map_can_be_coloured_by_team_or_region(page) -> None:
    data = json.loads(page.xpath("//figure[@data-map='talent_map']/script/text()")[0])
    team, region = data["overlays"]
    assert [team["label"], region["label"]] == ["团队", "地区"]
    assert len(team["of"]) == len(region["of"]) == len(data["x"]) == len(data["size"])
    assert len(data["edges"][0]) == 4


def test_a_title_is_never_markup(tmp_path: Path) -> None:
    nasty = "</script><script>alert(1)</script><img src=x onerror=alert(1)>&amp;"
    points = pd.DataFrame({"x": [0.0], "y": [1.0], "group": [nasty], "name": [nasty],
                           "label": [nasty]})  # fmt: skip
    frame = pd.DataFrame({"applicant": [nasty]})
    figure = Figure(
        Table("talent_map", frame, values={"mapped": 1}), lambda ax: ax.plot([0]),
        interactive=Interactive("talent_map", points),
    )  # fmt: skip
    report = Report(nasty, nasty, "zh", ((nasty, nasty),), (Section("path", 1, "1", (figure,)),))
    text = report.save(tmp_path / "x.html").read_text(encoding="utf-8")
    page = html.fromstring(text)
    assert len(page.xpath("//script")) == 2
    assert len(page.xpath("//img")) == 1
    data = json.loads(page.xpath("//figure/script/text()")[0])
    assert data["name"] == [nasty]
    assert data["label"] == [nasty]  # written as text, never as markup


def test_a_report_without_maps_carries_no_script(tmp_path: Path) -> None:
    page = html.fromstring(small().save(tmp_path / "x.html").read_text(encoding="utf-8"))
    assert not page.xpath("//script")


# xlsx


def test_every_figure_and_table_has_a_sheet_with_its_data(saved, report: Report) -> None:
    book = openpyxl.load_workbook(saved["xlsx"])
    labels = [report.label(b.id) for b in report.blocks() if isinstance(b, Table | Figure)]
    assert book.sheetnames == ["目录", *labels, "陈述"]
    rows = list(book["陈述"].iter_rows(min_row=4, values_only=True))
    assert {row[2] for row in rows} <= {"数量", "占比", "名次", "名称", "年份或日期", "走向", "比较",
                                        "关联", "指数", "参数", "建议"}  # fmt: skip
    assert not {row[13] for row in rows if row[13]} & {"fisher", "Fisher", "negative binomial"}
    for table in report.tables:
        sheet = book[report.label(table.id)]
        rows = [r for r in sheet.iter_rows(values_only=True) if any(v is not None for v in r)]
        head = next(i for i, r in enumerate(rows) if r[0] == table.labels("zh")[0])
        assert len(rows) - head - 1 == len(table.whole.frame)


def test_unknown_cells_stay_empty_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    file = small('=HYPERLINK("http://x","y")').save(tmp_path / "x.xlsx")
    with zipfile.ZipFile(file) as package:
        sheets = [package.read(n) for n in package.namelist() if "worksheets/sheet" in n]
    assert not any(list(etree.parse(io.BytesIO(s)).iter("{*}f")) for s in sheets)
    book = openpyxl.load_workbook(file)
    values = [c.value for row in book["表1"].iter_rows() for c in row]
    assert '\'=HYPERLINK("http://x","y")' in values
    assert 0 not in values


def test_a_banner_stands_in_every_file(tmp_path: Path) -> None:
    report = small(banner="合成数据")
    file = report.save(tmp_path / "x.docx")
    assert "合成数据" in docx.Document(str(file)).sections[0].header.paragraphs[0].text
    assert "合成数据" in report.save(tmp_path / "x.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(report.save(tmp_path / "x.xlsx"))
    assert all(any("合成数据" in str(c.value) for row in s.iter_rows() for c in row) for s in book)


# figures


def test_figures_are_written_by_number(report: Report, tmp_path: Path) -> None:
    files = report.save_figures(tmp_path / "figures")
    assert [f.name for f in files][:2] == ["01-trend.png", "02-life_cycle.png"]
    assert all(f.read_bytes().startswith(b"\x89PNG") for f in files)
    assert b"Software" not in files[0].read_bytes()[:300]


def test_a_set_of_titles_alone_still_has_its_map() -> None:
    full = make_set()
    bare = full.publications[["title", "language"]]
    built = quiet(pnav.PatentSet.from_tables({"publications": bare, "texts": full.texts}),
                  lang="en", n_clusters=3)  # fmt: skip
    shown = next(f.interactive for f in built.figures if f.id == "patent_map")
    assert next(o.label for o in shown.overlays if o.groups) == "Technology"
    assert shown.numbers[0] == [shown.points["name"].iloc[0]]
