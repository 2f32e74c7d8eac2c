"""What stands behind listed firms, products and a team: as counted by hand, and refused when wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import planning
from patentnav.report.blocks import Table, Text
from patentnav.report.outline import load
from patentnav.study import Study

from .conftest import strict_report

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

LIGHT = """
title = { zh = "支撑", en = "Behind" }
[[part]]
id = "match"
number = "1"
sections = ["intensive", "position.products", "assess.team"]
"""
SECTIONS = ("match.intensive", "position.products", "assess.team")


@pytest.fixture(scope="module")
def made() -> tuple[Study, dict[str, pd.DataFrame]]:
    city = pnav.datasets.city(n=400)
    study = Study(city.patents, region="云泽", taxonomy="jinan-ten", owner="party")
    return study, pnav.datasets.user_tables(city).tables


@pytest.fixture(scope="module")
def full(made: Any, outline: Path) -> Report:
    return strict_report(made[0], outline, "zh", made[1])


def claims(report: Report, section: str) -> dict[str, Any]:
    return {c.id.partition(":")[2]: c.value for c in report.made.values() if c.section == section}


def table(report: Report, name: str) -> pd.DataFrame:
    return next(b for s in report.sections for b in s.tables if b.id == name).frame


def test_they_stand_in_the_outlines() -> None:
    for kind, section in zip(("region", "industry", "talent"), SECTIONS, strict=True):
        assert section in {entry.id for part in load(kind).parts for entry in part.entries}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_inputs_each_says_what_is_missing(made: Any, outline: Path, lang: str) -> None:
    report = strict_report(made[0], outline, lang, {})
    for section in SECTIONS:
        blocks = report.section(section).blocks
        assert [b.style for b in blocks if isinstance(b, Text)] == ["missing"]
        assert not any(isinstance(b, Table) for b in blocks)
    with report.reading():
        assert "PJ" in report.plain(report.section("assess.team").blocks[0])


def test_firms_are_counted_by_hand(full: Report, made: Any) -> None:
    study = made[0]
    found = claims(full, "match.intensive")
    shown = table(full, "intensive_firms").set_index("pi_firm")
    patents, last = study.patents, study.day
    rows = patents.publications
    first = last - pd.DateOffset(years=5)
    granted = pnav.facts.grant_dates(patents)
    lately = rows.index[(rows["patent_type"] == "invention") & granted.between(first, last)]
    parties = patents.parties[patents.parties["role"].isin(["applicant", "current_owner"])]
    some = shown[shown["pi_granted"] > 0].index[:5]
    assert len(some) == 5
    for name in some:
        own = parties.loc[parties["name"] == name, "publication_id"]
        own = own[own.isin(lately)]
        assert rows.loc[own, "application_id"].nunique() == shown.loc[name, "pi_granted"]
    told = shown.dropna(subset=["pi_rate"])
    assert found["mean"] == pytest.approx(
        1000 * told["pi_granted"].sum() / told["pi_employees"].sum()
    )
    assert found["above"] == int((told["pi_rate"] > found["mean"]).sum())
    assert found["known"] + found["unmatched"] + found["untold"] == found["listed"] == len(shown)
    assert shown["pi_granted"].isna().sum() == found["unmatched"]  # not matched is not zero


def test_products_are_those_of_the_list(full: Report, made: Any) -> None:
    found = claims(full, "position.products")
    listed = made[1]["PR"]
    assert found["products"] == listed["product_id"].nunique()
    rows = table(full, "product_groups")
    force = rows.groupby("product")["firm_in_force"].sum().reindex(listed["product"]).fillna(0)
    assert found["bare"] == int((force == 0).sum())
    assert rows.loc[rows["uncovered"], "firm_in_force"].eq(0).all()


def test_a_team_is_found_by_name_though_names_are_masked(full: Report, made: Any) -> None:
    study, tables = made
    names = tables["PJ"]["team"].iloc[0].split(";")
    given = study.given
    held = given.inventors.loc[given.inventors["name_raw"].isin(names), "publication_id"]
    wanted = given.publications.loc[held.unique(), "application_id"].nunique()
    found = claims(full, "assess.team")
    assert found["set.applications"] == wanted
    shown = table(full, "team_assets")
    states = ["firm_in_force", "firm_pending", "firm_ended"]
    assert (shown[states].sum(axis=1) <= shown["team_filings"]).all()
    text = " ".join(map(str, shown.to_numpy().ravel()))
    assert not any(name in text for name in names)


def test_a_team_of_the_input_comes_first(made: Any, outline: Path) -> None:
    study, tables = made
    people = study.given.inventors["name_raw"].value_counts()
    who = str(people.index[0])
    report = strict_report(study, outline, "zh", tables, team=[who])
    held = study.given.inventors.loc[study.given.inventors["name_raw"] == who, "publication_id"]
    wanted = study.given.publications.loc[held.unique(), "application_id"].nunique()
    assert claims(report, "assess.team")["set.applications"] == wanted
    nobody = strict_report(study, outline, "zh", tables, team=["查无此人"])
    (block,) = nobody.section("assess.team").blocks
    assert isinstance(block, Text)
    assert block.style == "missing"


@pytest.mark.parametrize(
    ("name", "column", "section"),
    [("patent_intensive", "granted", "match.intensive"), ("team_assets", "applications", "assess.team"),
     ("product_groups", "in_force", "position.products")],
)  # fmt: skip
def test_a_wrong_number_is_found(
    made: Any, outline: Path, monkeypatch: Any, name: str, column: str, section: str
) -> None:
    study, tables = made
    right = getattr(planning, name)

    def wrong(*given: Any, **named: Any) -> Any:
        found = right(*given, **named)
        about = dict(found.attrs)
        if column == "in_force":
            found = found.assign(in_force=0)
        else:
            found = found.assign(**{column: found[column] + 1})
        if column == "granted":
            found["per_thousand"] *= 2
        found.attrs = about
        return found

    monkeypatch.setattr(planning, name, wrong)
    other = study.with_inputs(lag_months=17)  # asked anew
    with pytest.raises(pnav.ClaimError, match=section.replace(".", r"\.")):
        strict_report(other, outline, "zh", tables)


def test_the_order_of_rows_does_not_matter(full: Report, made: Any, outline: Path) -> None:
    study, tables = made
    mixed = {code: frame.sample(frac=1, random_state=3) for code, frame in tables.items()}
    other = strict_report(study, outline, "zh", mixed)
    assert {c.id: c.value for c in other.made.values()} == {
        c.id: c.value for c in full.made.values()
    }
