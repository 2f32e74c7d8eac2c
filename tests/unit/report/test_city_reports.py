"""The outlines region and kpi: with all user tables, with none, in both languages, strictly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.report.blocks import Table, Text
from patentnav.report.outline import load
from patentnav.report.sections.official import interval
from patentnav.study import Study

from .conftest import strict_report

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

# What is new in the two outlines; the rest of region is tested where it is at home.
LIGHT = """
title = { zh = "城市", en = "City" }
[[part]]
id = "strength"
number = "1"
title = { zh = "竞争力", en = "Strength" }
sections = ["region.scale", "region.quality", "region.owners", "region.shift", "region.flows",
            "region.services", "region.index"]
[[part]]
id = "match"
number = "2"
title = { zh = "匹配", en = "Matching" }
sections = ["science", "talent", "enterprise", "industry", "economy", "coordination", "lag", "districts"]
[[part]]
id = "portrait"
number = "3"
title = { zh = "画像", en = "Portrait" }
sections = ["quadrant", "gaps", "measures"]
[[part]]
id = "kpi"
number = "4"
title = { zh = "指标", en = "Targets" }
sections = ["summary", "table", "pace", "evidence", "untold", "measures"]
[[part]]
id = "methods"
number = "A"
sections = ["tables", "retrieval", "limits"]
"""
NEEDS = {
    "CS": ["region.scale", "region.services", "region.index", "match.science", "match.coordination", "match.lag",
           "portrait.gaps"],
    "IS": ["match.talent", "match.industry", "match.economy", "portrait.quadrant", "portrait.measures"],
    "EL": ["match.enterprise"],
    "DU": ["match.districts"],
    "KA": ["kpi.summary", "kpi.pace", "kpi.untold", "kpi.measures"],
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> tuple[Study, dict[str, pd.DataFrame], dict[str, Any]]:
    city = pnav.datasets.city(n=400)
    tables = pnav.datasets.user_tables(city)
    study = Study(city.patents, region="云泽", taxonomy="jinan-ten", owner="party")
    return study, tables.tables, tables.truth


def texts(report: Report, section: str, *styles: str) -> list[str]:
    with report.reading():
        return [report.plain(b) for s in report.sections if s.id == section for b in s.blocks
                if isinstance(b, Text) and (not styles or b.style in styles)]  # fmt: skip


@pytest.fixture(scope="module")
def full(made: Any, outline: Path) -> Report:
    return strict_report(made[0], outline, "zh", made[1])


def claims(report: Report, section: str) -> dict[str, Any]:
    return {c.id.partition(":")[2]: c.value for c in report.made.values() if c.section == section}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["region", "kpi"])
def test_outlines_have_all_their_wording(lang: str, name: str) -> None:
    from patentnav.report import wording

    wording.check(load(name), lang)


def test_with_all_tables_nothing_is_missing(full: Report) -> None:
    missing = [
        b.key
        for s in full.sections
        for b in s.blocks
        if isinstance(b, Text) and b.style == "missing"
    ]
    assert missing == []
    for section in full.sections:
        assert section.level == 1 or section.blocks, section.id


def test_planted_truth_is_told(full: Report, made: Any) -> None:
    study, _, truth = made
    scale = claims(full, "region.scale")
    assert scale["invention_density.rank"] == truth["density_rank"]
    assert scale["invention_density.cities"] == truth["cities"]
    # The official number is of applications; the set counts families, and owners of known place.
    assert 1 / (1 + scale["deviation"]) == pytest.approx(truth["official_ratio"], abs=0.05)
    enterprise = claims(full, "match.enterprise")
    assert (enterprise["listed"], enterprise["matched"]) == (truth["listed"], truth["matched"])
    shares = truth["shares"]
    others, own = shares["others"] / shares["others"].sum(), shares["city"] / shares["city"].sum()
    lq = claims(full, "match.industry").get("equipment.lq")
    if lq is not None:
        assert lq == pytest.approx((own / others)["equipment"], rel=1e-3)
    assert study.with_inputs(tables=made[1]).home.name == "云泽市"


def test_states_are_counted_by_hand(full: Report, made: Any) -> None:
    found = claims(full, "kpi.summary")
    assert found["total"] == 34
    assert sum(found[s] for s in ("met", "on_pace", "nearly", "behind", "unknown")) == 34
    # K05, K15, M1 and M6 have what they ask for.
    assert found["met"] == 4
    told = " ".join(texts(full, "kpi.untold", "finding"))
    assert "K02" in told
    assert "K18" in told


def test_what_portfolios_hold_stands_where_the_client_reports_nothing(
    full: Report, made: Any
) -> None:
    found = claims(full, "kpi.evidence")
    assert found["inventions.filed.total"] > found["inventions.granted.total"]
    assert found["inventions.filed.value"] <= found["inventions.filed.total"]
    table = next(t for s in full.sections if s.id == "kpi.untold" for t in s.tables)
    rows = table.frame[table.frame["kpi_name"].str.startswith("K02")].set_index("kpi_reading")
    own = rows[rows["kpi_source"] == "本数据集"]
    # The client reports each portfolio, filed and granted; nothing of all together.
    assert own.index.tolist() == ["全部组合合计，按申请", "全部组合合计，按授权"]
    assert own["kpi_actual"].tolist() == [
        found["inventions.filed.total"], found["inventions.granted.total"]
    ]  # fmt: skip
    assert not rows["kpi_actual"].isna().any()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_with_no_table_every_section_says_what_is_missing(
    made: Any, outline: Path, lang: str
) -> None:
    report = strict_report(made[0], outline, lang, None)
    for code, sections in NEEDS.items():
        for section in sections:
            said = texts(report, section, "missing")
            assert said, section
            assert code in said[0], section
            assert {"zh": "不按零处理", "en": "not zero"}[lang] in said[0]
            assert texts(report, section) == said, f"{section} says more than what is missing"
            assert not [c for c in report.made.values() if c.section == section]


@pytest.mark.parametrize("left_out", ["CS", "IS", "EL", "DU", "KA", "BC", "NR", "KT"])
def test_without_one_table_its_sections_only_are_missing(
    made: Any, outline: Path, left_out: str
) -> None:
    study, tables, _ = made
    report = strict_report(study, outline, "zh", {c: t for c, t in tables.items() if c != left_out})
    missing = {
        s.id
        for s in report.sections
        for b in s.blocks
        if isinstance(b, Text) and b.style == "missing"
    }
    assert set(NEEDS.get(left_out, [])) <= missing
    if left_out in {"BC", "NR", "KT"}:
        # Without KT the seed's targets stand, which have no bases; without BC the few owners of
        # other places are what the region is compared with.
        assert missing <= {"kpi.pace", "match.industry", "region.shift", "kpi.evidence"}
        assert ("kpi.evidence" in missing) == (left_out == "NR")


def test_few_cities_have_no_index(made: Any, outline: Path) -> None:
    study, tables, _ = made
    codes = ["990100", "990200", "990300", "990400"]
    own = tables["CS"][tables["CS"]["region_code"].isin(codes)]
    report = strict_report(study, outline, "zh", {**tables, "CS": own})
    assert "5" in texts(report, "region.index", "missing")[0]
    assert claims(report, "region.scale")["invention_density.cities"] == 4


def test_the_order_of_rows_does_not_matter(full: Report, made: Any, outline: Path) -> None:
    study, tables, _ = made
    mixed = {code: frame.sample(frac=1, random_state=5) for code, frame in tables.items()}
    other = strict_report(study, outline, "zh", mixed)
    assert claims_of(other) == claims_of(full)


def claims_of(report: Report) -> dict[str, Any]:
    return {c.id: c.value for c in report.made.values()}


def test_a_wrong_number_is_found(made: Any, outline: Path) -> None:
    """The recount is another way: a section that computes wrongly does not pass."""
    import patentnav.matching as matching

    study, tables, _ = made
    right = matching.overlap
    try:
        matching.overlap = lambda one, other: right(one, other) + 0.01
        with pytest.raises(pnav.ClaimError, match="overlap"):
            strict_report(study, outline, "zh", tables)
    finally:
        matching.overlap = right


def test_tables_of_the_client_that_sections_use_are_listed(made: Any, full: Report) -> None:
    table = next(
        b for s in full.sections for b in s.blocks if isinstance(b, Table) and b.id == "user_tables"
    )
    told = {name.split()[0] for name in table.frame["ut_table"]}
    assert told >= {*NEEDS}
    assert told < {*made[1]}  # products, projects and talent fields are used by no section here
    assert not told & {"PR", "PJ", "TF"}
    assert table.frame["ut_aside"].sum() == 0


def test_files_open(full: Report, tmp_path: Path) -> None:
    for form in ("docx", "html", "xlsx"):
        assert full.save(tmp_path / f"r.{form}").stat().st_size > 20_000


def test_the_users_own_outline_replaces_ours(made: Any, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    own = '[[part]]\nid = "kpi"\ntitle = { zh = "我的", en = "Mine" }\nsections = ["summary"]\n'
    (tmp_path / "reports" / "kpi.toml").write_text(own, encoding="utf-8")
    study, tables, _ = made
    with pnav.config_context(data_path=(tmp_path,)):
        report = strict_report(study, "kpi", "zh", tables)
    assert [s.id for s in report.sections] == ["kpi", "kpi.summary"]


strange_industries = pytest.mark.filterwarnings("ignore::patentnav.errors.DataQualityWarning")


@strange_industries
def test_the_taxonomy_is_that_of_the_clients_industries(made: Any) -> None:
    study, tables, _ = made
    chosen = Study(study.given, region="云泽", tables=tables)
    assert chosen.tree.name == "jinan-ten"
    strange = tables["IS"].assign(industry="no-" + tables["IS"]["industry"])
    assert Study(study.given, region="云泽", tables={"IS": strange}).tree.name != "jinan-ten"
    assert (
        Study(study.given, region="云泽", tables=tables, taxonomy="wipo-35").tree.name == "wipo-35"
    )


@strange_industries
def test_a_table_that_failed_is_not_called_missing(made: Any, outline: Path) -> None:
    study, tables, _ = made
    wrong = {**tables, "IS": tables["IS"].assign(industry="no-" + tables["IS"]["industry"])}
    report = strict_report(study, outline, "zh", wrong)
    for name in NEEDS["IS"]:
        (block,) = [b for b in report.section(name).blocks if b.style == "missing"]  # type: ignore[union-attr]
        assert block.key == "missing.set_aside", name
    faults = next(t for t in report.tables if t.id == "user_faults").frame
    assert "no-culture" in faults["examples"].iloc[0]
    assert list(faults["ut_aside"]) == [len(tables["IS"])]
    told = report.plain(report.section("methods.limits").blocks[1])  # type: ignore[arg-type]
    assert told.count("节") == 1, "one reason, told once for all sections"


def test_a_search_that_was_measured_is_not_called_unmeasured(full: Report, made: Any) -> None:
    rows = texts(full, "methods.limits", "bullet")
    assert made[1]["SQ"].notna().all(axis=None)
    assert not any("未测定" in row for row in rows)
    assert interval(88, 100) == pytest.approx([0.88, 0.802, 0.930], abs=5e-4)  # design: 80.2-93.0 %
    assert all(math.isnan(x) for x in interval(pd.NA, 100))


def test_one_reference_for_the_region(made: Any) -> None:
    """Where the client gave a benchmark, no chapter compares with the few owners of other places."""
    study, tables, _ = made
    report = strict_report(study, "region", "zh", tables)
    keys = {b.key for b in report.section("position.specialisation").blocks if isinstance(b, Text)}
    assert {k for k in keys if k.startswith("position.specialisation.benchmark")}
    (table,) = report.section("position.specialisation").tables
    frame = table.frame
    other = next(
        t for t in report.section("match.industry").tables if t.id == "fit_quadrants"
    ).frame
    both = frame.merge(other, on="industry")
    assert len(both) >= 5
    assert both["advantage_x"].tolist() == pytest.approx(both["advantage_y"].tolist(), nan_ok=True)
    # The note names what counts all data, not the chapter.
    note = texts(report, "position.industries", "note")[0]
    assert "本章" not in note
    assert "1.5" in note
    # 1.8 lists people of the region in one of its tables, and counts all of them in its result.
    (people,) = report.section("position.talent").blocks[:1]
    assert isinstance(people, Text)
    assert people.values["n"].value == study.people["inventor"].nunique()
    assert "1.8" in note
    # The summary says what 1.6 says, and nothing of technologies in its place.
    summary = "".join(texts(report, "summary.findings", "body"))
    above = next(b for b in report.section("position.specialisation").blocks
                 if isinstance(b, Text) and b.key.endswith("above"))  # fmt: skip
    assert str(above.values["other"]) in summary
    assert "显著强于区外" not in summary


def test_equal_cities_have_no_ranks() -> None:
    from patentnav.report.sections.region import ratio_key

    assert ratio_key(pd.Series({"a": 46.79, "b": 46.78}), "a") == "even"
    assert ratio_key(pd.Series({"a": 46.0, "b": 40.0}), "b") == "follows"
    assert ratio_key(pd.Series({"a": 46.0, "b": 40.0}), "a") == "leads"
    assert ratio_key(pd.Series({"a": 46.0}), "a") == "alone"


def test_no_change_is_divided_by_a_handful_elsewhere(made: Any, outline: Path) -> None:
    study, tables, _ = made
    report = strict_report(study, outline, "zh", {c: t for c, t in tables.items() if c != "BC"})
    block = report.section("region.shift").blocks[0]
    assert block.key in {"missing.thin_reference", "missing.comparison"}  # type: ignore[union-attr]


def test_the_summary_of_a_region_tells_its_answers_without_being_asked(made) -> None:
    """Rank among cities and overlap of structures stand in front whether or not there is a question."""
    study, tables, _ = made
    said = {}
    for question in ("", "创新质量如何？"):
        report = pnav.report.build(study, "region", lang="zh", question=question, tables=tables)
        section = next(s for s in report.sections if s.id == "summary.findings")
        said[question] = {
            (c.measure, c.subject) for b in section.blocks if isinstance(b, Text) for c in b.claims
        }
    measures = {measure for measure, _ in said[""]}
    assert {"city_index", "mean_overlap"} <= measures
    assert measures >= {m for m, _ in said["创新质量如何？"]}


def test_a_region_without_others_of_its_level_has_no_rank(made) -> None:
    study, _, _ = made
    places = study.place_units
    report = pnav.report.build(study, "region", lang="zh")
    section = report.section("position.region")
    ranked = any(b.key == "position.region.finding" for b in section.blocks if isinstance(b, Text))
    others = places[~places.index.str.startswith("云泽")]
    assert ranked == bool(len(others))
    assert ranked == any(isinstance(b, Table) and b.id == "places" for b in section.blocks)
