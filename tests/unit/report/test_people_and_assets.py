"""The outlines talent and portfolio: with all user tables, with none, in both languages, strictly."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.report.blocks import Table, Text
from patentnav.report.outline import load
from patentnav.study import Study

from .conftest import strict_report

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

# What is new in the two outlines; the rest is tested where it is at home.
LIGHT = """
inputs = { masked = false }
title = { zh = "人才与组合", en = "People and portfolios" }
[[part]]
id = "need"
number = "1"
sections = ["branches"]
[[part]]
id = "select"
number = "2"
sections = ["pool", "ranking", "reach"]
[[part]]
id = "assess"
number = "3"
sections = ["cards", "match", "rights"]
[[part]]
id = "talent"
number = "4"
sections = ["measures"]
[[part]]
id = "assets"
number = "5"
sections = ["criteria", "value"]
[[part]]
id = "portfolio"
number = "6"
sections = ["keytech", "stability", "plan"]
"""


@pytest.fixture(scope="module")
def made() -> tuple[Study, dict[str, pd.DataFrame]]:
    city = pnav.datasets.city(n=500)
    study = Study(city.patents, region="云泽", taxonomy="jinan-ten", owner="party", masked=False)
    return study, pnav.datasets.user_tables(city).tables


@pytest.fixture(scope="module")
def full(made: Any, outline: Path) -> Report:
    return strict_report(made[0], outline, "zh", made[1])


def texts(report: Report, section: str, *styles: str) -> list[str]:
    with report.reading():
        return [report.plain(b) for s in report.sections if s.id == section for b in s.blocks
                if isinstance(b, Text) and (not styles or b.style in styles)]  # fmt: skip


def claims(report: Report, section: str) -> dict[str, Any]:
    return {c.id.partition(":")[2]: c.value for c in report.made.values() if c.section == section}


def table(report: Report, name: str) -> Table:
    return next(b for s in report.sections for b in s.tables if b.id == name)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["talent", "portfolio"])
def test_outlines_have_all_their_wording(lang: str, name: str) -> None:
    from patentnav.report import wording

    wording.check(load(name), lang)


def test_the_talent_outline_shows_names_and_the_portfolio_one_does_not() -> None:
    assert load("talent").inputs == {"masked": False}
    assert "masked" not in load("portfolio").inputs


def test_the_funnel_never_grows_and_is_counted_by_hand(full: Report, made: Any) -> None:
    found = claims(full, "select.pool")
    stages = [found[s] for s in pnav.talent.STAGES]
    assert stages == sorted(stages, reverse=True)
    patents = made[0].patents
    rows = patents.inventors.dropna(subset=["inventor_id"])
    units = rows.assign(u=made[0].unit_ids.reindex(rows["publication_id"]).to_numpy())
    counts = units.groupby("inventor_id")["u"].nunique()
    assert found["all"] == len(counts)
    assert found["enough"] == int((counts >= 3).sum())


def test_a_need_without_patents_is_said_to_have_none_and_becomes_a_measure(full: Report) -> None:
    told = " ".join(texts(full, "need.branches", "bullet"))
    assert "不表示没有这样的人才" in told
    rows = table(full, "people_measures").frame
    assert rows["measure_action"].str.contains("扩大检索").any()


def test_facts_are_shown_by_consent_only(made: Any, outline: Path) -> None:
    study, tables = made
    people = (
        study.side_by_side if study.inputs.tables else study.with_inputs(tables=tables).side_by_side
    )
    first = people[people["tier"] == 1]
    facts = pd.DataFrame(
        [
            {"inventor_id": first.index[0], "fact": "degree", "value": "博士甲", "consent": True},
            {"inventor_id": first.index[1], "fact": "degree", "value": "博士乙", "consent": False},
        ]
    ).assign(source="x", published_on="2025-01-01")  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = strict_report(study, outline, "zh", {**tables, "TF": facts})
    cells = table(report, "talent_cards").frame["told_facts"].dropna().str.cat()
    assert "博士甲" in cells
    assert "博士乙" not in str(report.sections)


def test_nobody_is_judged_from_few_units(full: Report, made: Any) -> None:
    study = made[0].with_inputs(tables=made[1])
    assert (study.pool.loc[study.side_by_side.index, "units"] >= pnav.talent.MIN_RECORDS).all()
    assert "score" not in table(full, "talent_tiers").frame.columns


def test_masked_reports_name_nobody(made: Any, outline: Path) -> None:
    study, tables = made
    names = set(study.patents.inventors["name"].dropna())
    report = strict_report(study, outline, "zh", tables, masked=True)
    shown = table(report, "talent_pool").frame["inventor"]
    assert shown.str.startswith("#").all()
    assert not names & set(shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_tables_what_is_missing_is_said(made: Any, outline: Path, lang: str) -> None:
    report = strict_report(made[0], outline, lang, None)
    never = {"zh": "不按零处理", "en": "not zero"}[lang]
    for section, code in {
        "need.branches": "TN",
        "assess.match": "TN",
        "assess.cards": "TF",
    }.items():
        said = [t for t in texts(report, section, "missing") if code in t]
        assert said, section
        assert never in said[0]
    assert texts(report, "assess.match") == texts(report, "assess.match", "missing")
    assert not claims(report, "assess.match")


def test_no_region_no_comparison_of_places(made: Any, outline: Path) -> None:
    report = strict_report(made[0].with_inputs(region=""), outline, "en", made[1])
    assert "local" not in claims(report, "select.ranking")
    assert texts(report, "select.reach", "missing")


def test_stock_is_the_regions(full: Report, made: Any) -> None:
    study = made[0]
    rows = study.patents.publications.loc[study.local_ids]
    held = (rows["legal_status"] == "in_force") & (rows["patent_type"] == "invention")
    found = claims(full, "assets.criteria")
    assert found["held"] == int(held.sum())
    assert found["sure"] + found["maybe"] <= found["held"]
    tiers = table(full, "asset_tiers").frame
    assert (
        tiers["count"].sum() == claims(full, "assets.value")["all"]
        if "all" in claims(full, "assets.value")
        else True
    )


def test_a_wrong_number_is_found(made: Any, outline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recount is another way: a pool that counts wrongly does not pass."""
    import patentnav.study.persons as persons

    right = persons.talent.pool

    def wrong(*args: Any, **kwargs: Any) -> pd.DataFrame:
        found = right(*args, **kwargs)
        found.iloc[-1, found.columns.get_loc("enough")] ^= True
        return found

    monkeypatch.setattr(persons.talent, "pool", wrong)
    with pytest.raises(pnav.ClaimError, match="enough"):
        strict_report(Study(made[0].given, region="云泽", taxonomy="jinan-ten", owner="party", masked=False),
              outline, "zh", made[1])  # fmt: skip
