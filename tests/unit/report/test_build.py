"""Building: outline, numbers, gaps."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import _resources
from patentnav.provenance import Step
from patentnav.report import outline as outlines
from patentnav.report import registry
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.build import build
from patentnav.study import Study

from .conftest import OWNERS, quiet

if TYPE_CHECKING:
    from patentnav.report.document import Report


def texts(report: Report, section: str, style: str | None = None) -> list[str]:
    return [report.plain(b) for b in report.section(section).blocks
            if isinstance(b, Text) and (style is None or b.style == style)]  # fmt: skip


def table(report: Report, name: str) -> Table:
    return next(t for t in report.tables if t.id == name)


def test_the_outlines_name_registered_sections_and_every_section_is_used() -> None:
    named = {s for kind in _resources.names("reports") for s in outlines.load(kind).entries()}
    own = {m.id for m in registry.makers().values() if m.make.__module__.startswith("patentnav.")}
    assert named == own


def test_parts_follow_direction_position_path() -> None:
    assert [part.id for part in outlines.load("industry").parts] == [
        "summary", "direction", "position", "path", "methods",
    ]  # fmt: skip


def test_only_what_cannot_be_told_is_missing(report: Report, english: Report) -> None:
    def missing(built: Report) -> list[str]:
        return [s.id for s in built.sections
                if any(isinstance(b, Text) and b.style == "missing" for b in s.blocks)]  # fmt: skip

    few = {"direction.effects"}  # the texts state none
    for built in (report, english):
        here = [
            m for m in missing(built) if m.startswith(("position.", "path.", "direction.effects"))
        ]
        assert few <= set(here)
        assert not {"position.specialisation", "path.partners", "position.region"} & set(here)


@pytest.mark.parametrize("name", ["report", "english"])
def test_every_reference_leads_somewhere_and_every_label_is_once(name: str, request) -> None:
    built: Report = request.getfixturevalue(name)
    ids = [b.id for b in built.blocks() if isinstance(b, Table | Figure)]
    assert len(ids) == len(set(ids))
    for block in built.blocks():
        if isinstance(block, Text):
            assert "\x02" not in built.plain(block)
    numbers = [built.label(t.id) for t in built.tables]
    assert numbers == [built._label("table", i) for i in range(1, len(numbers) + 1)]


def test_every_figure_and_table_is_mentioned(report: Report) -> None:
    mentioned = {r.target for b in report.blocks() if isinstance(b, Text)
                 for r in b.runs("zh") if isinstance(r, Ref)}  # fmt: skip
    shown = {b.id for b in report.blocks() if isinstance(b, Table | Figure)}
    assert shown - mentioned <= {"authorities", "versions"}


def test_numbers_of_the_trend(report: Report, patents: pnav.PatentSet) -> None:
    years = patents.publications["application_date"].dt.year
    shown = table(report, "years").frame
    assert dict(zip(shown["year"], shown["count"], strict=True)) == dict(years.value_counts())
    last = patents.publications["publication_date"].max() - pd.DateOffset(months=18)
    complete = shown.loc[shown["completeness"] == "完整", "year"]
    assert complete.max() == last.year - 1


def test_owners_are_ranked_by_units(report: Report) -> None:
    shown = table(report, "owners").frame
    assert sorted(shown["applicant"]) == sorted(OWNERS)
    assert shown["count"].tolist() == [30, 30, 30]


def test_the_summary_of_a_set_too_small_to_judge_says_so(report: Report) -> None:
    assert report.findings.empty
    assert any("不足40个" in text for text in texts(report, "summary.findings"))


def test_a_region_is_measured_against_the_places_elsewhere(report: Report) -> None:
    shown = table(report, "specialisation").frame
    # Quantum keys and robots are the region's; the electrolyte is elsewhere and serves two industries.
    assert shown["share"].sum() == pytest.approx(1.0)
    assert shown.loc[shown["reference_share"] == 0, "share"].tolist() == [0.5]
    elsewhere = shown[shown["share"] == 0]
    assert (elsewhere["reference_share"] == 1).all()
    assert len(elsewhere) == 1
    assert (elsewhere["advantage"] == 0).all()
    assert (elsewhere["advantage_high"] > 0).all()  # none seen is not none at all


def test_the_gate_is_a_parameter_and_is_printed(resolved: pnav.PatentSet, technologies) -> None:
    built = quiet(resolved, lang="zh", technologies=technologies, min_inventions=7, min_pct=1)
    assert any("不少于7件" in t for t in texts(built, "path.portfolios"))
    rules = table(built, "rules").frame
    assert rules["value"].str.contains("≥7件").any()


def test_courses_follow_the_stated_rule(report: Report) -> None:
    shown = table(report, "courses").frame
    assert len(shown)
    for row in shown.itertuples():
        rising = row.state in {"兴起", "增长"}
        shown_strength = row.advantage_q < 0.05
        if row.course in {"强化", "补齐", "观察"}:
            assert rising
        if row.course in {"强化", "补齐", "保持"}:
            assert shown_strength
        if pd.isna(row.course):
            assert not rising


ABSENT = {
    "inventors": "position.talent",
    "legal_events": "position.operation",
    "parties": "direction.applicants",
    "classifications": "direction.structure",
}


@pytest.mark.parametrize(("name", "section"), ABSENT.items())
def test_a_missing_table_is_said_not_counted_as_zero(
    resolved: pnav.PatentSet, technologies, name: str, section: str
) -> None:
    tables = {t: getattr(resolved, t) for t in resolved.tables if t != name}
    built = quiet(pnav.PatentSet.from_tables(tables), lang="zh", technologies=technologies)
    said = texts(built, section)
    assert len(said) == 1
    assert said == texts(built, section, "missing")
    assert any(said[0][:20] in t for t in texts(built, "methods.limits", "bullet"))


def test_a_set_of_bare_numbers_still_gives_a_report(tmp_path: Path) -> None:
    frame = pd.DataFrame(index=pd.Index(["CN1A", "CN2A", "US3B2"], name="publication_id"))
    built = quiet(pnav.PatentSet.from_tables({"publications": frame}), lang="zh")
    for form in ("docx", "html", "xlsx"):
        assert built.save(tmp_path / f"r.{form}").stat().st_size > 1000
    assert "不表示数量为零" in texts(built, "direction.applicants")[0]


def test_an_industry_restricts_the_report(patents: pnav.PatentSet) -> None:
    built = quiet(patents, lang="zh", industry="quantum", n_clusters=2)
    assert "量子科技" in built.title
    assert table(built, "years").frame["count"].sum() == 30
    assert "direction.applicants" not in {s.id for s in built.sections}  # one owner has them all


def test_synthetic_data_are_called_so(resolved: pnav.PatentSet, technologies) -> None:
    tables = {t: getattr(resolved, t) for t in resolved.tables}
    made = pnav.PatentSet.from_tables(tables, [Step("datasets.city", {"n": len(resolved)})])
    assert "synthetic" in quiet(made, lang="en", technologies=technologies).banner
    assert quiet(resolved, lang="en", technologies=technologies).banner == ""


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        ({"outline": "industri"}, pnav.UnknownNameError, "industry"),
        ({"lang": "fr"}, pnav.UnknownNameError, "fr"),
        ({"cut_off": "2020-01-01"}, pnav.UnknownNameError, "cutoff"),
        ({"industry": "quantm"}, pnav.UnknownNameError, "quantum"),
    ],
)
def test_wrong_use_is_told(patents: pnav.PatentSet, inputs, error, words: str) -> None:
    with pytest.raises(error, match=words):
        build(patents, **inputs)


def test_wrong_files_are_told(report: Report, tmp_path: Path) -> None:
    with pytest.raises(pnav.ArgumentError, match="docx"):
        report.save(tmp_path / "report.pdf")
    with pytest.raises(pnav.ArgumentError, match="does not exist"):
        report.save(tmp_path / "none" / "report.docx")


def test_no_number_is_typed_into_the_wording() -> None:
    """Digits in prose come from values; what remains are names and definitions."""
    locale = Path(pnav.__file__).parent / "data" / "locale" / "en-report.toml"
    entries = tomllib.loads(locale.read_text(encoding="utf-8"))["report"]
    allowed = r"SHA-256|CR4|CR8|HHI|18 months|\(0 to 1(00)?\)|1 / number|RTA[-+]1|above 1|below 1|of 1 or more|0–1"
    for part in ("summary", "direction", "position", "path"):
        for text in _strings(entries[part]):
            bare = re.sub(r"\{[^}]*\}", "", re.sub(allowed, "", text))
            assert not re.search(r"\d", bare), text


def _strings(node: object) -> list[str]:
    if isinstance(node, dict):
        return [s for v in node.values() for s in _strings(v)]
    return [str(node)]


def test_periods_of_the_test_are_those_of_the_growth_index(report: Report) -> None:
    growth = table(report, "growth").frame.set_index("technology")
    tested = table(report, "emergence").frame.set_index("technology")
    for column in ("recent_count", "before_count"):
        assert tested[column].to_dict() == growth[column].reindex(tested.index).to_dict()


def test_the_workbook_has_every_owner_of_a_technology(report: Report) -> None:
    shown = table(report, "leaders")
    assert shown.frame["owners_of"].sum() == len(shown.whole.frame) == 3
    assert shown.whole.frame["count"].tolist() == [30, 30, 30]


EFFECTS = ("从而提高了安全性", "降低了成本", "提高了效率")


def test_effects_of_one_technology_are_told_against_chance(patents: pnav.PatentSet) -> None:
    """Each of three fields has an effect of its own: nine cells, ten expected in each."""
    rows = patents.texts
    field = pd.Series({x: i % 3 for i, x in enumerate(sorted(patents.publications.index))})
    own = rows["publication_id"].map(field)
    said = rows["text"].str.rstrip("。") + "，" + own.map(dict(enumerate(EFFECTS))) + "。"
    abstract = rows["field"] == "abstract"
    tables = {name: getattr(patents, name) for name in ("publications", "parties", "inventors")}
    stated = pnav.PatentSet.from_tables(
        {**tables, "texts": rows.assign(text=rows["text"].where(~abstract, said))}
    )
    built = quiet(stated, lang="zh", n_clusters=3)
    figure = next(b for b in built.blocks() if isinstance(b, Figure) and b.id == "effect_matrix")
    cells = figure.table.frame
    assert sorted(cells["count"]) == [0] * 6 + [30] * 3
    assert cells["expected"].round(6).eq(10).all()
    assert cells["state"].value_counts().to_dict() == {"显著偏少": 6, "显著偏多": 3}
    finding = texts(built, "direction.effects", "finding")[0]
    assert "90件" in finding
    assert "6个显著少于" in finding


def test_years_of_grants_alone_wait_for_their_own_delay(patents: pnav.PatentSet) -> None:
    """Granted four years after filing: the last four years are incomplete, not the last 18 months."""
    publications = patents.publications
    granted = publications.assign(
        granted=True, publication_date=publications["application_date"] + pd.DateOffset(years=4)
    )
    alone = pnav.PatentSet.from_tables({"publications": granted, "parties": patents.parties})
    both = pnav.PatentSet.from_tables({"publications": publications, "parties": patents.parties})
    last = granted["publication_date"].max().year  # filed in 2020 at the latest
    assert Study(alone).incomplete_from == last - 4
    assert Study(both).incomplete_from == 2020
