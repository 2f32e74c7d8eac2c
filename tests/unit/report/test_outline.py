"""Outlines: sections of other parts, titles, parameters, goals, wording of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import PatentSet
from patentnav.report import Ref, Table, Text, outline, registry, section
from patentnav.report.build import build
from patentnav.report.wording import literals

from .conftest import quiet


@section("test.years", needs=("publications.application_date",))
def years(edition, *, since: int = 1900):
    """Publications by year."""
    dates = edition.study.patents.publications["application_date"].dt.year
    counts = dates[dates >= since].value_counts().sort_index()
    yield Text("test.years.body" if len(counts) else "missing.years", {"count": len(counts)})
    yield _table(counts)


def _table(counts):
    return Table("years_shown", counts.rename_axis("year").reset_index(name="count"))


@section("test.refers")
def refers(edition):
    """Refers to a section elsewhere."""
    yield Text("test.years.body", {"count": Ref("test.years")})


@section("test.clash")
def clash(edition):
    """A table of a name that is taken."""
    yield _table(edition.study.patents.publications["application_date"].dt.year.value_counts())


@section("test.column")
def column(edition):
    """A column without heading."""
    yield Text("test.years.body", {"count": 1})
    counts = edition.study.patents.publications["authority"].value_counts()
    name = "years_shown"
    yield Table(name, counts.rename_axis("nowhere_named").reset_index())


WORDS = """
[wording.zh.report.test.years]
title = "年份"
body = "共{count}年"
[wording.zh.report.caption]
years_shown = "历年"
[wording.en.report.test.years]
title = "Years"
body = "{count} years"
[wording.en.report.caption]
years_shown = "By year"
"""
SHORT = (
    """
[[part]]
id = "test"
number = "1"
title = { zh = "甲", en = "First" }
sections = ["years", { use = "direction.structure", title = { en = "Where" } }]
"""
    + WORDS
)


@pytest.fixture
def ours(tmp_path: Path):
    """Write an outline and look at it, with its folder as the user's."""

    def write(text: str) -> Path:
        (tmp_path / "reports").mkdir(exist_ok=True)
        file = tmp_path / "reports" / "brief.toml"
        file.write_text(text, encoding="utf-8")
        return file

    with pnav.config_context(data_path=tmp_path):
        yield write


TITLE = 'title = { zh = "简", en = "Brief" }\n'


def test_a_section_of_another_part_stands_where_the_outline_says(ours, resolved) -> None:
    ours(TITLE + SHORT)
    built = quiet(resolved, outline="brief", lang="en")
    with built.reading():
        headings = [s.heading("en") for s in built.sections]
    assert headings == ["1 First", "1.1 Years", "1.2 Where"]
    assert [s.part for s in built.sections] == ["test"] * 3
    assert built.title == "Brief"
    assert built.section("direction.structure").blocks
    assert built.label("direction.structure") == "1.2"
    chinese = quiet(resolved, outline="brief", lang="zh")
    with chinese.reading():
        # The outline states that title in English only: the usual one is left.
        assert chinese.sections[2].title("zh") == pnav.i18n.text(
            "report.direction.structure.title", "zh"
        )


def test_the_title_of_one_outline_is_not_that_of_another(ours, resolved) -> None:
    ours(TITLE + SHORT)
    quiet(resolved, outline="brief", lang="en")
    assert pnav.i18n.text("report.direction.structure.title", "en") != "Where"
    assert not pnav.i18n.has("report.test.years.body", "en")


def test_a_title_may_be_another_wording(ours) -> None:
    text = TITLE + SHORT.replace('title = { en = "Where" }', 'title = "report.path.title"')
    ours(text)
    words = outline.load("brief").wording("en")
    assert words["report.direction.structure.title"] == words["report.path.title"]


def test_a_report_keeps_its_texts_when_the_folder_is_gone(resolved, tmp_path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "brief.toml").write_text(TITLE + SHORT, encoding="utf-8")
    with pnav.config_context(data_path=tmp_path):
        built = quiet(resolved, outline="brief", lang="zh")
    page = built.save(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "历年" in page
    assert "共11年" in page


def test_parameters_are_set_by_the_outline(ours, resolved) -> None:
    ours(TITLE + SHORT.replace('"years"', '{ use = "years", params = { since = 2015 } }'))
    built = quiet(resolved, outline="brief", lang="en")
    shown = next(t for t in built.tables if t.id == "years_shown")
    assert shown.frame["year"].tolist() == list(range(2015, 2021))


def test_a_report_of_talent_serves_two_goals() -> None:
    whole = outline.load("talent")
    assert whole.goals == ["assessment", "selection"]
    heads = {
        g: {s.id: s.number for s in whole.for_goal(g).plan() if s.level == 1}
        for g in ("", *whole.goals)
    }
    assert heads[""] == {
        "summary": "", "need": "1", "select": "2", "assess": "3", "advice": "4", "methods": "A",
    }  # fmt: skip
    assert heads["selection"] == {
        "summary": "",
        "need": "1",
        "select": "2",
        "advice": "3",
        "methods": "A",
    }
    assert heads["assessment"] == {
        "summary": "",
        "need": "1",
        "assess": "2",
        "advice": "3",
        "methods": "A",
    }


def test_goals_choose_parts_and_sections(ours) -> None:
    ours(
        TITLE
        + """
[[part]]
id = "direction"
sections = ["trend", { use = "citations", goal = ["audit", "buy"] }]
[[part]]
id = "position"
goal = ["buy"]
sections = ["industries"]
"""
    )
    whole = outline.load("brief")
    assert whole.goals == ["audit", "buy"]
    assert list(whole.for_goal("").entries()) == ["direction.trend"]
    assert list(whole.for_goal("audit").entries()) == ["direction.trend", "direction.citations"]
    assert [s.id for s in whole.for_goal("buy").plan()] == [
        "direction",
        "direction.trend",
        "direction.citations",
        "position",
        "position.industries",
    ]
    with pytest.raises(pnav.UnknownNameError, match=r'"audti".*"audit"'):
        whole.for_goal("audti")
    with pytest.raises(pnav.ArgumentError, match="no goals"):
        outline.load("industry").for_goal("audit")


def test_an_outline_is_taken_by_its_path(tmp_path, resolved) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TITLE + SHORT, encoding="utf-8")
    assert quiet(resolved, outline=str(file), lang="en").title == "Brief"
    with pytest.raises(pnav.FormatError, match="no outline file"):
        outline.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no parts"),
        ("[part]\nid = 1", "has no parts"),
        ('[[part]]\nid = "test"', "lacks its id"),
        ('[[part]]\nid = "test"\nsections = [1]', "a section is a name"),
        ('[[part]]\nid = "test"\nsections = ["yaers"]', 'section is called "test.yaers".*years'),
        ('[[part]]\nid = "test"\nsections = ["years", "test.years"]', '"test.years" twice'),
        ('[[part]]\nid = "test"\nsections = [{use = "years", parms = {}}]', '"params"'),
        ('[[part]]\nid = "test"\nsections = [{use = "years", params = {sinse = 1}}]', '"since"'),
        ('[[part]]\nid = "test"\ntitle = 3\nsections = ["years"]', "a title is"),
        ('[[part]]\nid = "test"\ntitle = {fr = "x"}\nsections = ["years"]', '"fr"'),
        ('[[part]]\nid = "test"\ngoal = "x"\nsections = ["years"]', "a list of names"),
        ("titel = 1", '"title"'),
    ],
)
def test_a_mistake_in_an_outline_is_named(ours, text, message) -> None:
    ours(text)
    with pytest.raises((pnav.FormatError, pnav.UnknownNameError), match=message):
        outline.load("brief")


# Wording before the work


def refused(error: type[Exception], message: str) -> None:
    """The build fails before it looks at the set, which is empty."""
    empty = PatentSet.from_tables({"publications": pd.DataFrame(columns=["title", "authority"])})
    with pytest.raises(error, match=message):
        build(empty, "brief", "en")


@pytest.mark.parametrize(
    ("lost", "key"),
    [
        ('title = { zh = "简", en = "Brief" }', "report.outline.brief"),
        ('title = { zh = "甲", en = "First" }', "report.test.title"),
        ('title = "Years"', "report.test.years.title"),
        ('body = "{count} years"', "report.test.years.body"),
        ('years_shown = "By year"', "report.caption.years_shown"),
    ],
)
def test_a_missing_wording_fails_before_the_work(ours, lost, key) -> None:
    ours((TITLE + SHORT).replace(lost, ""))
    table, _, name = key.rpartition(".")
    message = rf'"{key}".*Write {name} below \[{table}\] into a file locale/en-\*\.toml'
    refused(pnav.UnknownNameError, message)


def test_all_that_is_missing_is_named_at_once(ours) -> None:
    ours((TITLE + SHORT).replace(WORDS, ""))
    refused(pnav.UnknownNameError, r"Missing as well: .*caption\.years_shown")


def test_a_placeholder_that_is_not_given_fails_before_the_work(ours, tmp_path) -> None:
    ours(TITLE + SHORT)
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "en-x.toml").write_text('[report.word]\nmore_rows = "{shwon} rows"\n')
    refused(pnav.FormatError, r"report\.word\.more_rows.*\{shwon\}")


def test_a_reference_to_a_section_that_is_not_there_fails_before_the_work(ours) -> None:
    ours(
        TITLE
        + SHORT.replace('["years"', '["refers"')
        + '[wording.en.report.test.refers]\ntitle = "R"'
    )
    refused(pnav.FormatError, r"test\.refers refers to test\.years")


def test_two_tables_of_one_name_are_refused(ours, resolved) -> None:
    ours(
        TITLE
        + SHORT.replace('"years",', '"years", "clash",')
        + '[wording.en.report.test.clash]\ntitle = "C"'
    )
    with pytest.raises(pnav.ArgumentError, match='called "years_shown"'):
        quiet(resolved, outline="brief", lang="en")


def test_a_column_without_heading_fails_with_its_section(ours, resolved) -> None:
    ours(
        TITLE
        + SHORT.replace('["years",', '["column",')
        + '[wording.en.report.test.column]\ntitle = "C"'
    )
    with pytest.raises(pnav.UnknownNameError, match=r"report\.column\.nowhere_named"):
        quiet(resolved, outline="brief", lang="en")


def test_what_a_section_says_is_read_from_its_code_and_that_beside_it() -> None:
    found = literals(registry.maker("test.years").make)
    assert found.keys == {
        "report.test.years.body",
        "report.missing.years",
        "report.caption.years_shown",
    }
    assert literals(registry.maker("test.refers").make).references == {"test.years"}
    trend = literals(registry.maker("direction.trend").make)
    assert {"report.caption.trend", "report.alt.trend", "report.caption.years"} <= trend.keys


def test_no_table_or_figure_is_called_as_a_section_is() -> None:
    """In a document both are bookmarks without dots: one name for two stops the build."""
    sections = Path(pnav.report.__file__).parent / "sections"
    tables = {
        name for file in sorted(sections.glob("*.py"))
        for name in re.findall(r'Table\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
    }  # fmt: skip
    known = {one.replace(".", "_") for one in registry.makers()}
    assert tables
    assert not tables & known
