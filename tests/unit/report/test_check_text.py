"""Texts written elsewhere, held against a small report made by hand."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import docx
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import claims
from patentnav.claims import Claim
from patentnav.report import Report, Section, Table, check_text
from patentnav.report.check.figures import numbers
from patentnav.report.check.vocabulary import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

OWNERS = ["甲电池有限公司", "乙科技有限公司", "丙大学"]


def small(lang: str = "zh") -> Report:
    """A report of three tables: owners, years, and technologies in two periods."""
    names = OWNERS if lang == "zh" else ["Alpha Batteries Ltd", "Beta Tech Inc", "Gamma University"]
    owners = pd.DataFrame(
        {"applicant": names, "count": [88, 50, 12], "share": [0.587, 0.333, 0.08]}
    )
    years = pd.DataFrame({"year": [2020, 2021, 2022], "count": [36, 77, 37]})
    technologies = pd.DataFrame({
        "technology": ["T01 固态电解质", "T02 焊接机器人"], "before_count": [6, 40],
        "recent_count": [59, 21], "growth_index": [4.25, 0.33],
    })  # fmt: skip
    tables = (
        Table("owners", owners, {"share": "share"}),
        Table("years", years, {"year": "year"}),
        Table("growth", technologies),
    )
    return Report("t", "", lang, (), (Section("direction.applicants", 2, "1.1", tables),))


def found(tmp_path: Path, text: str, lang: str = "zh", suffix: str = ".md") -> pd.DataFrame:
    path = tmp_path / f"text{suffix}"
    path.write_text(text, encoding="utf-8")
    return check_text(path, small(lang))


@pytest.mark.parametrize(
    "text",
    [
        "甲电池有限公司有88件，占58.7%。",
        "甲电池有限公司有88件，约占59%。",
        "甲电池有限公司约90件。",
        "甲电池有八十八件。",  # without the end of its name
        "2020年为36件，2021年增至77件。",
        "申请人中以甲电池有限公司最多，丙大学最少。",
        "“T01 固态电解质”由6件增至59件，增长指数4.25。",
        "焊接机器人的数量由40件降至21件。",
        "固态电解质明显上升。",
        "见图3、表2和第1.1节，分类号H01M10/0562，标准GB/T 39551.3。",
    ],
)
def test_what_the_report_says_is_not_listed(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text).empty


@pytest.mark.parametrize(
    ("text", "wrong", "kind"),
    [
        ("甲电池有限公司有89件。", "89", "number"),
        ("乙科技有限公司有88件。", "88", "number"),  # the number of another
        ("甲电池有限公司占85.7%。", "85.7%", "number"),
        ("甲电池有限公司有1.2万件。", "1.2万", "number"),
        ("2021年为36件，2020年为77件。", "36", "number"),
        ("丁集团有限公司进入该领域。", "丁集团有限公司", "name"),
        ("其中丙大学最多。", "最多", "direction"),
        ("固态电解质的数量下降。", "下降", "direction"),
        ("焊接机器人由40件增至21件。", "增至", "direction"),
        ("CN109999999A是核心专利。", "CN109999999A", "name"),
        ("市场规模将达到三百亿元。", "三百亿", "number"),
    ],
)
def test_what_the_report_does_not_say_is_listed(
    tmp_path: Path, text: str, wrong: str, kind: str
) -> None:
    listed = found(tmp_path, text)
    assert (wrong, kind) in set(zip(listed["text"], listed["kind"], strict=True))


def test_english(tmp_path: Path) -> None:
    good = "Alpha Batteries holds 88 publications, about 59% of all. From 36 in 2020 the count rose to 77 in 2021."
    assert found(tmp_path, good, "en").empty
    bad = "Beta Tech Inc holds 88 publications. From 36 in 2020 the count fell to 77 in 2021. Delta Drones LLC leads."
    listed = found(tmp_path, bad, "en")
    assert {"88", "fell", "Delta Drones LLC"} <= set(listed["text"])


def test_the_place_and_what_the_report_says_instead(tmp_path: Path) -> None:
    listed = found(tmp_path, "# 概况\n\n正文。\n\n甲电池有限公司有89件。\n")
    assert listed[["place", "text", "claim_id", "expected"]].to_numpy().tolist() == [
        ["line 5", "89", "owners/甲电池有限公司/count", "88"]
    ]


def test_every_form_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("甲电池有限公司有89件。")
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "乙科技有限公司", "51"
    document.save(str(tmp_path / "a.docx"))
    (tmp_path / "a.html").write_text(
        "<script>x = 7</script><p>甲电池有限公司有<b>89</b>件。</p>"
        "<table><tr><td>乙科技有限公司</td><td>51</td></tr></table>", encoding="utf-8")  # fmt: skip
    (tmp_path / "a.md").write_text(
        "甲电池有限公司有**89**件。\n\n| 乙科技有限公司 | 51 |\n", encoding="gb18030")  # fmt: skip
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    with zipfile.ZipFile(tmp_path / "a.pptx", "w") as slides:
        slides.writestr("ppt/slides/slide1.xml", f"<s {space}><a:p><a:t>甲电池有限公司有89件。</a:t></a:p>"
                        "<a:tr><a:tc><a:p><a:t>乙科技有限公司</a:t></a:p></a:tc>"
                        "<a:tc><a:p><a:t>51</a:t></a:p></a:tc></a:tr></s>")  # fmt: skip
    report = small()
    for suffix in ("docx", "html", "md", "pptx"):
        assert set(check_text(tmp_path / f"a.{suffix}", report)["text"]) == {"89", "51"}, suffix


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("no archive")
    with pytest.raises(pnav.errors.FormatError, match="no Office document"):
        check_text(tmp_path / "a.docx", small())
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(pnav.errors.ArgumentError, match=r"\.docx"):
        check_text(tmp_path / "a.pdf", small())


@pytest.mark.parametrize(
    ("text", "form", "low", "high"),
    [
        ("19万件", "plain", 185_000, 195_000), ("1,234.5项", "plain", 1234.45, 1234.55),
        ("约600项", "plain", 550, 650), ("超过600项", "plain", 600, 700),
        ("19.0%", "percent", 0.1895, 0.1905), ("三成", "percent", 0.25, 0.35),
        ("三分之一", "percent", 0.3183, 0.3483), ("4.25倍", "times", 4.245, 4.255),
        ("2019年", "year", 2019, 2019), ("第3位", "rank", 3, 3), ("一万二千件", "plain", 11999.5, 12000.5),
    ],
)  # fmt: skip
def test_a_number_stands_for_the_values_that_are_written_so(
    text: str, form: str, low: float, high: float
) -> None:
    (one,) = numbers(text, vocabulary("zh"))
    assert one.form == form
    assert (one.low, one.high) == pytest.approx((low, high), abs=1e-3)


def test_the_report_holds_against_itself(saved: dict[str, Path], report: Report) -> None:
    for form in ("docx", "html"):
        listed = check_text(saved[form], report)
        assert len(listed) <= 3, listed.to_string()


def test_claims_support_a_text(tmp_path: Path) -> None:
    from patentnav.report import Text

    count = Claim("direction.authorities:n", "count", "set", "distinct", 7, unit="authority")
    block = Text(
        "direction.authorities.finding", {"n": count, "first": "中国", "count": 5, "share": 0.1}
    )
    assert claims.table([count])["value"].tolist() == [7]
    section = Section(
        "direction.authorities", 2, "1.2", (Table("years", pd.DataFrame({"year": [2020]})),)
    )
    assert block.claims == (count,)
    report = Report("t", "", "zh", (), (section,))
    (tmp_path / "a.txt").write_text("共有7个受理局。", encoding="utf-8")
    assert set(check_text(tmp_path / "a.txt", report)["text"]) == {"7"}
