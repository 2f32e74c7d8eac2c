"""What a second reading found: answers beside the question, cut-off years, and owners who are no subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

import patentnav as pnav
from patentnav.findings.cells import FAMILIES
from patentnav.findings.rank import Finding, choose
from patentnav.report import Cover
from patentnav.report.blocks import Table, Text
from patentnav.report.edition import Edition
from patentnav.report.sections import branches

from .test_standing_claims import GROWTH, keys_of, made, report_of, rows_of, value

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE = """
title = {{ zh = "试", en = "Test" }}
{inputs}
[[part]]
id = "summary"
sections = ["findings"]
[[part]]
id = "direction"
number = "1"
sections = ["trend", "life_cycle", "roadmap", "strength", "applicants", "citations"]
[[part]]
id = "position"
number = "2"
sections = ["region", "specialisation"]
[[part]]
id = "path"
number = "3"
sections = ["technologies", "branches", "portfolios"]
[[part]]
id = "methods"
number = "A"
sections = ["limits"]
"""
QUESTION = "本地区强在哪里,弱在哪里?"


def report_with(tmp_path: Path, rows: list[dict[str, Any]], **more: Any) -> pnav.report.Report:
    return report_of(tmp_path, rows, outline=OUTLINE, **more)


def answer(report: pnav.report.Report) -> Text:
    blocks = [b for b in report.section("summary.findings").blocks if isinstance(b, Text)]
    return next(b for b in blocks if b.key.startswith("summary.findings.")
                and b.key.rpartition(".")[2] in {"asked", "answer", "after"})  # fmt: skip


def test_the_answer_is_about_the_region_asked_for(tmp_path: Path) -> None:
    report = report_with(tmp_path, GROWTH, region="深圳", question=QUESTION)
    claims = {c.id: c for c in answer(report).claims}
    held = [c for c in claims.values() if c.measure == "advantage"]
    assert held
    assert all("region:inside" in c.subject and c.passed for c in held)
    assert claims["position.region:rank"].value == 2
    asked = [c for c in claims.values() if c.subject.startswith("owner:")]
    assert asked == []  # no owner is named in the question


def test_nearness_rests_on_the_strengths_that_passed_their_test() -> None:
    patents, technologies = made(GROWTH)
    study = pnav.Study(patents, technologies=technologies, region="深圳")
    held = branches._held(Edition(study, "zh", Cover()))
    strong = study.courses.loc[study.courses["strong"].eq(True), "technology"]
    assert held == set(strong) == {"T3"}


def test_portfolios_are_those_of_the_region_and_no_remainders(tmp_path: Path) -> None:
    rows = [*GROWTH, *rows_of(30, 2018, "T9", "甲电池有限公司", city="深圳市")]
    rows += rows_of(2, 2019, "T1", "甲电池有限公司", city="深圳市")  # of 2012 alone it is given up
    report = report_with(tmp_path, rows, region="深圳", min_inventions=20, min_pct=0)
    shown = next(t for t in report.section("path.portfolios").tables if t.id == "candidates").frame
    assert set(shown["applicant"]) == {"甲电池有限公司", "戊通信有限公司"}
    assert not shown["technology"].str.contains("其余").any()
    assert value(report, "path.portfolios:all") == 2


def test_leading_owners_of_the_region_and_those_without_a_place_are_named(tmp_path: Path) -> None:
    rows = [
        *rows_of(30, 2018, "T1", "深圳市海风科技有限公司"),
        *rows_of(12, 2018, "T1", "北京蓝天科技有限公司"),
        *rows_of(50, 2018, "T1", "华为技术有限公司"),
    ]
    report = report_with(tmp_path, rows, region="深圳")
    told = {b.key: {c.label: c.value for c in b.claims} for b in
            report.section("position.region").blocks if isinstance(b, Text)}  # fmt: skip
    assert told["position.region.owners"].get("深圳市海风科技有限公司") == 30
    assert told["position.region.unplaced"].get("华为技术有限公司") == 50


def capped(rows: list) -> pnav.PatentSet:
    patents, _ = made(rows)
    signs = pd.DataFrame(
        {"file": ["a.xlsx"], "sign": ["cap"], "column": [None], "rows": [len(rows)], "note": ["x"]}
    )
    names = ("publications", "parties", "inventors", "texts", "classifications")
    return pnav.PatentSet.from_tables({**{n: getattr(patents, n) for n in names}, "signs": signs})


def test_nothing_is_read_from_years_that_were_cut_off(tmp_path: Path) -> None:
    _, technologies = made(GROWTH)
    outline = tmp_path / "brief.toml"
    outline.write_text(OUTLINE.format(inputs=""), encoding="utf-8")
    report = pnav.report.build(capped(GROWTH), outline, "zh", strict=True, region="深圳",
                               technologies=technologies)  # fmt: skip
    years = next(t for t in report.section("direction.trend").tables if t.id == "years").frame
    assert "growth" not in years
    assert "完整" not in set(years["completeness"])
    keys = keys_of(report)
    assert "direction.strength.capped" in keys
    assert not any(k.startswith("direction.strength.entrants") for k in keys)
    assert not report.section("direction.roadmap").tables
    assert not report.section("direction.life_cycle").tables


def test_growth_stands_between_complete_years_and_on_ten_units(tmp_path: Path) -> None:
    report = report_with(tmp_path, [*GROWTH, *rows_of(1, 2011, "T1", "甲电池有限公司")])
    years = next(t for t in report.section("direction.trend").tables if t.id == "years").frame
    last = int(value(report, "direction.trend:last"))
    before = years.set_index("year")["count"].shift(-1)
    for year, growth in years.set_index("year")["growth"].dropna().items():
        assert year <= last
        assert before[year] >= 10, growth


def test_people_who_own_have_no_name_where_names_are_masked(tmp_path: Path) -> None:
    rows = [*GROWTH, *rows_of(12, 2018, "T1", "王小明", city="北京市", people=["王小明"])]
    masked = report_with(tmp_path, rows, region="深圳")
    shown = [cell for t in masked.blocks() if isinstance(t, Table)
             for row in t.whole.cells("zh") for cell in row]  # fmt: skip
    assert not any("王小明" in cell for cell in shown)
    named = report_with(tmp_path, rows, region="深圳", masked=False)
    owners = next(t for t in named.section("direction.applicants").tables if t.id == "owners")
    assert "王小明" in set(owners.frame["applicant"])


def test_one_fact_is_found_once() -> None:
    by_name = {f.name: f for f in FAMILIES}

    def finding(family: str, row: str, column: str, with_it: int, without: int) -> Finding:
        return Finding(by_name[family], row, column, with_it, without, 10, 5000, 1.0, 20.0, 0.001,
                       with_it / 1000, {}, {}, "holds", 5)  # fmt: skip

    its = finding("owner_technology", "G1", "technology:T03", 290, 22)
    same = finding("technology_authority", "T03", "authority:US", 180, 120)
    other = finding("technology_authority", "T05", "authority:US", 180, 120)
    assert list(choose([its, same, other])) == [its, other]
