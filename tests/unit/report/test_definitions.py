"""The appendix: every measure with a definition is defined once, and acceptance says what is there."""

from __future__ import annotations

import tomllib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import patentnav as pnav
from patentnav.report.blocks import Table, Text, column_label
from patentnav.report.outline import load

if TYPE_CHECKING:
    from patentnav.report import Report

LOCALES = Path(pnav.__file__).parent / "data" / "locale"
KINDS = ["region", "industry", "enterprise", "rnd", "talent", "portfolio", "kpi", "whitepaper"]
LIGHT = """
title = { zh = "短", en = "Short" }
[[part]]
id = "direction"
number = "1"
sections = ["concentration", "emergence"]
[[part]]
id = "methods"
number = "A"
sections = ["sources", "steps", "definitions", "limits", { use = "acceptance", params = { standard = "GB/T 39551.3" } }]
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    file = tmp_path_factory.mktemp("outline") / "light.toml"
    file.write_text(LIGHT, encoding="utf-8")
    city = pnav.datasets.city(n=400)
    study = pnav.Study(city.patents, n_clusters=5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        return {lang: pnav.report.build(study, file, lang, strict=True, question="何去何从？")
                for lang in ("zh", "en")}  # fmt: skip


def table(report: Report, name: str) -> Table:
    return next(t for t in report.tables if t.id == name)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_stands_in_the_tables_is_defined_where_it_stands_first(
    reports: dict[str, Report], lang: str
) -> None:
    report = reports[lang]
    rows = table(report, "definitions").frame
    assert not rows["definition_name"].duplicated().any()
    assert {column_label(c, lang) for c in ("cr4", "hhi", "relative_growth", "q_value")} <= set(
        rows["definition_name"]
    )
    assert (rows["definition"].str.len() > 5).all()
    headings = {s.title(lang) for s in report.sections}
    assert set(rows["definition_place"]) <= headings
    shown = {column_label(str(c), lang) for t in report.tables for c in t.frame.columns}
    assert set(rows["definition_name"]) <= shown


def test_both_languages_define_the_same_and_columns_exist() -> None:
    told = {}
    for lang in ("zh", "en"):
        file = LOCALES / f"{lang}-report-definitions.toml"
        told[lang] = tomllib.loads(file.read_text("utf-8"))["report"]
        for name in told[lang]["definition"]:
            column_label(name, lang)  # there is such a column
        assert set(told[lang]["definition_source"]) <= set(told[lang]["definition"])
    for part in ("definition", "definition_source"):
        assert list(told["zh"][part]) == list(told["en"][part])


def test_indicators_of_the_card_are_defined_in_both_languages() -> None:
    from patentnav import i18n

    for entry in pnav.valuation.load("default").entries:
        for name in entry.indicator:
            for lang in ("zh", "en"):
                assert i18n.has(f"indicators.definition.{name}", lang), name


def test_acceptance_states_facts_and_leaves_two_blank(reports: dict[str, Report]) -> None:
    rows = table(reports["zh"], "acceptance").frame
    facts = rows.set_index("acceptance_item")["acceptance_facts"]
    assert facts.index.tolist() == [
        "目标",
        "方法",
        "数据来源与质量",
        "报告质量",
        "成果运用",
        "宣传",
    ]
    assert "何去何从" in facts["目标"]
    assert "GB/T 39551.3" in facts["方法"]
    assert "查全、查准未测定" in facts["数据来源与质量"]
    assert "0项不符" in facts["报告质量"]
    assert facts["成果运用"] == facts["宣传"] == "（由委托方填写）"


def test_what_lacks_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "light.toml"
    file.write_text(LIGHT, encoding="utf-8")
    city = pnav.datasets.city(n=100).patents
    tables = {"publications": city.publications, "classifications": city.classifications}
    bare = pnav.PatentSet.from_tables(tables)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = pnav.report.build(bare, file, "zh")
    missing = {s.id for s in report.sections for b in s.blocks
               if isinstance(b, Text) and b.style == "missing" and not s.id.startswith("methods")}  # fmt: skip
    facts = table(report, "acceptance").frame.set_index("acceptance_item")["acceptance_facts"]
    assert missing
    assert f"{len(missing)}节没有结论或结论不全" in facts["报告质量"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_them(kind: str) -> None:
    entries = load(kind).entries()
    assert "methods.definitions" in entries
    assert ("methods.acceptance" in entries) == (kind != "whitepaper")


def test_a_report_without_measures_says_so(tmp_path: Path) -> None:
    file = tmp_path / "bare.toml"
    text = 'title = { zh = "空", en = "Bare" }\n[[part]]\nid = "methods"\nsections = ["steps", "definitions"]\n'
    file.write_text(text, encoding="utf-8")
    patents = pnav.datasets.city(n=60).patents
    report: Any = pnav.report.build(patents, file, "en")
    told = next(s for s in report.sections if s.id == "methods.definitions").blocks
    assert [b.key for b in told] == ["methods.definitions.none"]
