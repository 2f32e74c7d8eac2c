"""What expert readers struck out of whole reports, or missed in them: a test per kind."""

from __future__ import annotations

import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import findings
from patentnav.findings.breadth import effective_fields, is_mixed
from patentnav.report import Cover
from patentnav.report.blocks import Text
from patentnav.report.build import _of_the_search, _sentences
from patentnav.report.edition import Edition
from patentnav.report.registry import maker
from patentnav.report.render import docx
from patentnav.report.sections import summary
from patentnav.report.sections.chain import _share_documents
from patentnav.report.sections.direction import _drawn
from patentnav.report.statements import Statements
from patentnav.study import Study
from tests.unit.claims.test_standing_claims import GROWTH, made, report_of, rows_of
from tests.unit.report.test_summary import drawn

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = pd.DataFrame(columns=["publication_id", "industry", "sub_sector", "weight"])


# Growth from next to nothing


@pytest.fixture(scope="module")
def sparse() -> Study:
    """Of two technologies little is left before 2015; of one of them also little after."""
    patents, technologies = drawn(planted=False)
    labels, years = technologies.labels, patents.publications["application_date"].dt.year
    gone = pd.Series(False, index=labels.index)
    for name, before, after in (("T05", 6, 10), ("T06", 3, 10_000)):
        for first, last, most in ((2000, 2014, before), (2015, 2019, after)):
            own = labels.index[(labels == name) & years.between(first, last)]
            gone[own[most:]] = True
    kept = gone.index[~gone]
    tables = {"publications": patents.publications.loc[kept],
              "parties": patents.parties[patents.parties["publication_id"].isin(kept)]}  # fmt: skip
    technologies.labels = labels[kept]
    return Study(pnav.PatentSet.from_tables(tables), technologies=technologies,
                 memberships=NOTHING, cutoff="2021-06-30")  # fmt: skip


def test_what_appeared_has_no_rate_and_no_expectation(sparse: Study) -> None:
    found = [one for one in findings.find(sparse) if one.row == "T06" and one.column == "years"]
    assert found
    assert found[0].without < 10
    (said,) = Statements(Edition(sparse, "zh", Cover())).of(found)
    assert said.clause == "new"
    names = {claim.measure for claim in said.text.claims}
    assert "expected" not in names
    assert "relative_growth" not in names
    shown = summary._table([said]).frame
    assert shown[["finding_expected", "finding_ratio"]].isna().all(axis=None)


def test_what_is_behind_from_next_to_nothing_is_not_told(sparse: Study) -> None:
    cells = findings.candidates(sparse)
    cell = cells[(cells["row"] == "T05") & (cells["column"] == "years")].iloc[0]
    assert cell["q"] < 0.05  # chance does not explain it
    assert "T05" not in {one.row for one in findings.find(sparse)}


# What is left over


def test_what_is_left_over_is_at_the_end_of_every_table(tmp_path: Path) -> None:
    outline = """
title = {{ zh = "试", en = "Test" }}
{inputs}
[[part]]
id = "direction"
number = "1"
sections = ["growth", "emergence", "strength"]
"""
    report = report_of(tmp_path, GROWTH, outline=outline)
    tables = {one.id: one.whole.frame["technology"].tolist() for one in report.tables}
    for name in ("growth", "emergence", "leaders"):
        told = list(dict.fromkeys(tables[name]))
        if name != "leaders":
            assert told[-1].startswith("T9"), name
    leaders = next(one.frame["technology"].tolist() for one in report.tables if one.id == "leaders")
    assert leaders[-1].startswith("T9")
    figure = next(one for one in report.figures if one.id == "technology_trend")
    assert not figure.table.frame["technology"].str.startswith("T9").any()


# Concentration


def test_a_fall_among_the_dispersed_is_no_fall_of_concentration() -> None:
    rows = [row for k in range(30) for row in rows_of(8 if k < 4 else 4, 2012, "T1", f"早{k}公司")]
    rows += [row for k in range(60) for row in rows_of(2, 2017, "T1", f"晚{k}公司")]
    patents, technologies = made([*rows, *rows_of(1, 2020, "T2", "末公司")])
    edition = Edition(Study(patents, technologies=technologies), "zh", Cover())
    told = next(b for b in maker("direction.concentration").make(edition) if isinstance(b, Text))
    assert told.key == "direction.concentration.falling_low"
    said = "".join(map(str, told.runs("zh")))
    assert said.startswith("申请人分散")


# A search that hit many trades


def of_fields(symbols: list[str], titles: list[str]) -> Study:
    ids = [f"CN{1000 + i}A" for i in range(len(titles))]
    publications = pd.DataFrame(
        {"title": titles, "application_date": pd.Timestamp("2018-01-01"), "authority": "CN"},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    classes = pd.DataFrame(
        {"publication_id": ids, "scheme": "IPC", "symbol": [symbols[i % len(symbols)] for i in range(len(ids))]}
    )  # fmt: skip
    return Study(
        pnav.PatentSet.from_tables({"publications": publications, "classifications": classes})
    )


TRADES = ["A61K31/00", "G06F17/00", "B60W30/00", "H01L21/00", "C12N15/00", "B25J9/00", "E04B1/00",
          "H04W4/00", "G01N33/00", "A63F13/00", "F02B1/00", "C08L1/00"]  # fmt: skip
THINGS = [
    "齿轮箱",
    "疫苗",
    "芯片",
    "座椅",
    "轮胎",
    "灯具",
    "水泵",
    "机器人",
    "地图",
    "服装",
    "茶叶",
    "桥梁",
]


def test_many_fields_without_a_common_word_are_no_industry() -> None:
    titles = [f"一种{THINGS[i % 12]}" for i in range(240)]
    many = of_fields(TRADES, titles)
    assert effective_fields(many) > 8
    assert is_mixed(many)
    one_subject = of_fields(TRADES, [f"{title}的氢能装置" for title in titles])
    assert not is_mixed(one_subject)  # broad, but of one thing
    assert not is_mixed(of_fields(TRADES[:2], titles))


# The cover


def test_words_that_all_titles_share_name_no_part_of_them() -> None:
    study = of_fields(TRADES[:2], [f"虚拟现实{THINGS[i % 12]}" for i in range(60)])
    common = _of_the_search(study)
    assert common("虚拟现实")
    assert not common("虚拟现实座椅")


# Sections that say only what the data lack


def test_sections_without_data_stand_in_the_appendix_alone(tmp_path: Path) -> None:
    outline = """
title = {{ zh = "试", en = "Test" }}
{inputs}
[[part]]
id = "direction"
number = "1"
sections = ["flow", "trend", "effects", "applicants"]
[[part]]
id = "methods"
number = "A"
sections = ["limits"]
"""
    report = report_of(tmp_path, GROWTH, outline=outline)
    apart = {one.id for one in report.sections if one.apart}
    assert apart == {"direction.flow", "direction.effects"}
    numbers = [one.number for one in report.body if one.part == "direction" and one.level == 2]
    assert numbers == ["1.1", "1.2"]
    lines = [b for b in report.section("direction.applicants").blocks
             if isinstance(b, Text) and b.key == "told_apart"]  # fmt: skip
    assert len(lines) == 1
    file = report.save(tmp_path / "x.docx")
    text = zipfile.ZipFile(file).read("word/document.xml").decode()
    for name in apart:
        assert f'w:name="{name.replace(".", "_")}"' not in text  # no heading, no bookmark
        assert (
            report.section(name).title("zh") in text
        )  # but named, in its chapter and the appendix


# Figures


def test_a_long_run_of_years_with_next_to_nothing_is_not_drawn() -> None:
    years = pd.DataFrame({"year": range(1901, 2020), "count": [1, *[0] * 98, *[50] * 20]})
    drawn_years, before = _drawn(years)
    assert drawn_years["year"].min() == 2000
    assert before == 1
    assert _drawn(years.tail(15).reset_index(drop=True))[1] == 0


def test_columns_that_hardly_differ_are_not_shaded() -> None:
    values = pd.DataFrame(
        {"share": [0.95, 0.98, 1.0], "units": [5.0, 50.0, 500.0]}, index=list("abc")
    )
    ax = pnav.plot.scoreboard(values, values.astype(str))
    shades = np.ma.masked_invalid(ax.images[0].get_array())
    assert np.ma.getmaskarray(shades)[:, 0].all()
    assert not np.ma.getmaskarray(shades)[:, 1].any()


def test_documents_of_several_links_are_pointed_out_only_where_there_are_some() -> None:
    for two, told in ((False, False), (True, True)):
        rows = [{"publication_id": f"P{i}", "link": "a" if i % 2 else "b"} for i in range(4)]
        rows += [{"publication_id": "P0", "link": "a"}] if two else []
        assert _share_documents(pd.DataFrame(rows)) is told


def test_what_falls_is_not_shaded_for_falling_less() -> None:
    values = pd.DataFrame(
        {"rate": [-0.085, -0.4, None], "mixed": [-0.2, 0.1, 0.9]}, index=list("abc")
    )
    ax = pnav.plot.scoreboard(values, values.astype(str))
    shades = np.ma.masked_invalid(ax.images[0].get_array())
    assert np.ma.getmaskarray(shades)[:, 0].all()
    assert np.ma.getmaskarray(shades)[:, 1].tolist() == [True, False, False]
    assert shades[2, 1] > shades[1, 1]


# Places that were read from names


@pytest.mark.parametrize(
    ("second", "source", "key"),
    [(58, "name", "near"), (50, "name", "first"), (58, "source", "first")],
)
def test_of_places_that_are_near_none_is_first(second: int, source: str, key: str) -> None:
    rows = rows_of(60, 2017, "T1", "广东甲机械有限公司") + rows_of(
        second, 2017, "T1", "江苏乙机械有限公司"
    )
    patents, technologies = made([*rows, *rows_of(20, 2017, "T1", "四川丙机械有限公司")])
    region = {"广": "广东省", "江": "江苏省", "四": "四川省"}
    parties = patents.parties.assign(
        region=patents.parties["name_raw"].str[0].map(region), place_source=source
    )
    tables = {n: getattr(patents, n) for n in patents.tables if n != "parties"}
    study = Study(
        pnav.PatentSet.from_tables({**tables, "parties": parties}), technologies=technologies
    )
    texts = [b for b in maker("direction.places").make(Edition(study, "zh", Cover()))
             if isinstance(b, Text)]  # fmt: skip
    assert texts[0].values["most"].key == f"direction.places.most.{key}"
    part = SimpleNamespace(id="direction.places", blocks=texts)
    assert pnav.claims.check(list(_sentences(part, "zh")), study) == []


# Pages


def test_contents_that_nearly_fit_stay_on_one_page(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH)
    for entries, closer in ((20, False), (50, True), (90, False)):
        writer = docx._Writer(report, None)
        before = writer.document.styles["TOC 2"].paragraph_format.line_spacing
        writer._fit_contents(entries)
        style = writer.document.styles["TOC 2"]
        spacing = style.paragraph_format.line_spacing
        assert (spacing != before) is closer
        if closer:
            page = writer.document.sections[-1]
            room = page.page_height - page.top_margin - page.bottom_margin
            assert entries * spacing < room
            assert style.font.size < spacing
