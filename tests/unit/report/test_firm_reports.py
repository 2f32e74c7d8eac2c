"""The outlines enterprise and rnd: with all user tables, with none, in both languages, strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts, planning
from patentnav.report.blocks import Table, Text
from patentnav.report.outline import load
from patentnav.study import Study

from .conftest import strict_report

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

# What is new in the two outlines; the rest is tested where it is at home.
LIGHT = """
title = { zh = "企业", en = "Firm" }
[[part]]
id = "own"
number = "1"
sections = ["firm.assets", "firm.products", "firm.upkeep", "firm.rivals", "firm.moves"]
[[part]]
id = "risk"
number = "2"
sections = ["barriers", "screen", "blocking", "disputes"]
[[part]]
id = "layout"
number = "3"
sections = ["gaps", "fence", { use = "operate.pledge", subject = "firm" }]
[[part]]
id = "operate"
number = "4"
sections = ["licence", "targets", "listing", "firm.measures"]
[[part]]
id = "project"
number = "5"
sections = ["card", "prior", "window", "base", "routes", "monitor", "verdict", "measures"]
[[part]]
id = "methods"
number = "A"
sections = ["tables", "limits"]
"""
NEEDS = {
    "PR": ["firm.products", "risk.screen"],
    "PJ": ["project.card", "project.prior", "project.window", "project.base", "project.routes",
           "project.monitor", "project.verdict", "project.measures"],
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> tuple[Study, dict[str, pd.DataFrame]]:
    city = pnav.datasets.city(n=700)
    tables = pnav.datasets.user_tables(city).tables
    firm = str(tables["PR"]["owner"].iloc[0])
    return Study(city.patents, taxonomy="jinan-ten", firm=firm), tables


@pytest.fixture(scope="module")
def full(made: Any, outline: Path) -> Report:
    return strict_report(made[0], outline, "zh", made[1])


def texts(report: Report, section: str, *styles: str) -> list[str]:
    with report.reading():
        return [report.plain(b) for s in report.sections if s.id == section for b in s.blocks
                if isinstance(b, Text) and (not styles or b.style in styles)]  # fmt: skip


def claims(report: Report, section: str) -> dict[str, Any]:
    return {c.id.partition(":")[2]: c.value for c in report.made.values() if c.section == section}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["enterprise", "rnd"])
def test_outlines_have_all_their_wording(lang: str, name: str) -> None:
    from patentnav.report import wording

    for goal in ("", *load(name).goals):
        wording.check(load(name).for_goal(goal), lang)


def test_with_all_tables_nothing_is_missing(full: Report) -> None:
    missing = [(s.id, b.key) for s in full.sections for b in s.blocks
               if isinstance(b, Text) and b.style == "missing"]  # fmt: skip
    # The largest firm has its field to itself: nobody else is in its way.
    assert missing == [("risk.barriers", "missing.firm.no_barriers")]
    for section in full.sections:
        assert section.level == 1 or section.blocks, section.id


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_with_no_table_sections_say_what_is_missing(made: Any, outline: Path, lang: str) -> None:
    report = strict_report(made[0], outline, lang, None)
    for code, sections in NEEDS.items():
        for section in sections:
            said = texts(report, section, "missing")
            assert said, section
            assert code in said[0], section
            assert {"zh": "不按零处理", "en": "not zero"}[lang] in said[0]
            assert texts(report, section) == said, f"{section} says more than what is missing"
            assert not claims(report, section)
    assert claims(report, "firm.assets")["total"] > 0


def test_assets_are_those_of_the_tables(full: Report, made: Any) -> None:
    study = made[0]
    parties = study.patents.parties
    ids = set(
        parties.loc[facts.party_ids(parties, study.owner_level) == study.firm, "publication_id"]
    )
    rows = study.patents.publications.loc[sorted(ids)]
    told = claims(full, "firm.assets")
    units = study.unit_ids
    assert told["total"] == units.reindex(rows.index).nunique()
    force = rows.index[rows["legal_status"] == "in_force"]
    assert told["in_force"] == units.reindex(force).nunique()


def test_rights_are_graded_beside_those_of_all_owners(full: Report, made: Any) -> None:
    study = made[0]
    tiers = pnav.valuation.score(study.patents, unit="application")["tier"].dropna()
    parties = study.patents.parties
    own = parties.loc[
        facts.party_ids(parties, study.owner_level) == study.firm, "publication_id"
    ].unique()
    mine = tiers[tiers.index.isin(own)]
    told = claims(full, "firm.assets")
    assert told["graded"] == len(mine) >= 10
    assert told["best"] == (mine == "A").sum()
    assert told["all_share"] == pytest.approx((tiers == "A").mean())
    table = next(t for t in full.tables if t.id == "firm_tiers").frame
    assert list(table["tier_name"]) == ["A", "B", "C", "D"]
    assert table["firm_rights"].sum() == len(mine)
    assert table["set_share"].sum() == pytest.approx(1)


def test_products_with_listed_rights_are_covered_at_home(full: Report) -> None:
    """Planted: the first product's listed patents are in force at home, nothing abroad or behind the second."""
    told = claims(full, "firm.products")
    assert (told["count"], told["cells"], told["bare"]) == (2, 4, 3)
    assert told["revenue"] == pytest.approx(0.8)
    table = next(t for t in full.tables if t.id == "product_cells").frame
    assert list(table["uncovered"]) == [False, True, True, True]


def test_leads_by_hand(made: Any, outline: Path) -> None:
    study, tables = made
    mine = set(study.firm_ids)
    rows = study.patents.publications
    force = rows[(rows["legal_status"] == "in_force").fillna(False) & ~rows.index.isin(mine)]
    title = next(t for t in force["title"].dropna() if len(t) > 8)
    product = tables["PR"].iloc[[0]].assign(features=title, markets="CN")
    report = strict_report(study, outline, "zh", {**tables, "PR": product})
    read = planning.read_texts(study.patents)
    wanted = sum(
        1 for p in force.index if title.casefold() in read[p] and rows.loc[p, "authority"] == "CN"
    )
    assert claims(report, "risk.screen")["n.0"] == wanted >= 1
    assert "不是侵权结论" in texts(report, "risk.screen", "finding")[0]


def test_own_sections_count_the_firm_alone(full: Report, made: Any) -> None:
    study = made[0]
    own = study.patents.filter(study.firm_ids).publications["application_id"].nunique()
    assert claims(full, "operate.pledge")["total"] == own
    assert str(study.owner_names[study.firm]) in texts(full, "operate.pledge", "note")[0]


def test_a_verdict_has_no_total(full: Report) -> None:
    told = claims(full, "project.verdict")
    assert told["supported"] + told["doubtful"] + told["unknown"] == 6
    assert "score" not in " ".join(
        c.id for c in full.made.values() if c.section == "project.verdict"
    )


def test_a_project_without_team_is_unknown_not_weak(made: Any, outline: Path) -> None:
    study, tables = made
    alone = tables["PJ"].assign(team="")
    report = strict_report(study.with_inputs(firm=""), outline, "zh", {**tables, "PJ": alone})
    assert "不按零处理" in texts(report, "project.base", "missing")[0]
    assert "team" not in claims(report, "project.verdict")
    assert claims(report, "project.verdict")["unknown"] == 3


def test_an_applicant_is_refused_with_the_remedy(made: Any) -> None:
    study = made[0]
    with pytest.raises(pnav.ArgumentError, match="firm="):
        _ = study.with_inputs(firm="", applicant=study.firm).firm
    with pytest.raises(pnav.UnknownNameError, match="firm of the set"):
        _ = study.with_inputs(firm="没有这家企业").firm


def test_given_rivals_stand(made: Any, outline: Path) -> None:
    study, tables = made
    chosen = str(study.owner_names[study.rivals[-1]])
    report = strict_report(study, outline, "zh", tables, rivals=(chosen,))
    table = next(t for t in report.tables if t.id == "rivals_compared").frame
    assert list(table["applicant"])[1:] == [chosen]
    assert chosen in texts(report, "layout.gaps", "finding")[0]


@pytest.mark.parametrize("name", ["survival", "holders_of", "moves"])
def test_a_wrong_number_is_found(made: Any, outline: Path, name: str, monkeypatch: Any) -> None:
    """The recount is another way: a section that computes wrongly does not pass."""
    study, tables = made
    if name == "holders_of":
        study = study.with_inputs(firm=study.rivals[0])
        assert claims(strict_report(study, outline, "zh", tables), "operate.targets")["all"] >= 1
    right = getattr(planning, name)

    def wrong(*args: Any, **named: Any) -> Any:
        found = right(*args, **named)
        if name == "survival":
            return found.where(found.index != "share", found["share"] * 0.9)
        if name == "moves":
            owner = study.rivals[0]
            more = {"owner": owner, "kind": "office", "key": "JP", "count": 9}
            return pd.concat([found, pd.DataFrame([more])], ignore_index=True)
        return pd.concat([found, found.iloc[:1]], ignore_index=True)

    monkeypatch.setattr(planning, name, wrong)
    with pytest.raises(pnav.ClaimError):
        strict_report(study, outline, "zh", tables)


def test_the_order_of_rows_does_not_matter(full: Report, made: Any, outline: Path) -> None:
    study, tables = made
    mixed = {code: frame.sample(frac=1, random_state=5) for code, frame in tables.items()}
    other = strict_report(study, outline, "zh", mixed)
    assert {c.id: c.value for c in other.made.values()} == {
        c.id: c.value for c in full.made.values()
    }


def test_files_open(full: Report, tmp_path: Path) -> None:
    for form in ("docx", "html", "xlsx", "pptx"):
        assert full.save(tmp_path / f"r.{form}").stat().st_size > 20_000


def test_tables_and_sections_have_names_of_their_own(full: Report) -> None:
    """Bookmarks of a document write a dot as a line: a table must not be called like a section."""
    ids = {b.id for b in full.blocks() if isinstance(b, Table)}
    assert not ids & {s.id.replace(".", "_") for s in full.sections}


def test_titles_alone_support_no_novelty(made: Any, outline: Path) -> None:
    """A feature that no title mentions may well be disclosed: unknown, not supported."""
    study, tables = made
    held = {
        n: getattr(study.given, n)
        for n in ("publications", "parties", "inventors", "classifications")
    }
    held["texts"] = study.given.texts[study.given.texts["field"] == "title"]
    bare = pnav.PatentSet.from_tables(held)
    report = strict_report(
        Study(bare, taxonomy="jinan-ten", firm=study.inputs.firm), outline, "zh", tables
    )
    assert "all" not in claims(report, "project.verdict")
    notes = texts(report, "project.prior", "note") + texts(report, "risk.screen", "note")
    assert sum("只有标题" in note for note in notes) == 2
    assert not any("只能看标题和摘要" in note for note in notes)


def test_deadlines_of_others_are_not_the_projects(made: Any) -> None:
    study, tables = made
    for firm, shown in (("", False), (study.inputs.firm, True)):
        report = strict_report(
            study.with_inputs(firm=firm), "rnd", "zh", tables, question="是否立项？"
        )
        blocks = report.section("layout.deadlines").blocks
        missing = [b.key for b in blocks if isinstance(b, Text) and b.style == "missing"]
        assert missing == ([] if shown else ["missing.project.no_firm"])
        front = [b.key for b in report.section("summary.findings").blocks if isinstance(b, Text)]
        assert "summary.findings.asked_sections" in front
        assert "summary.findings.found" not in front, (
            "what stands out in the set is not the project's"
        )
