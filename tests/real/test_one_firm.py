"""Searches for one firm: its own numbers as the raw file has them, and nothing said of others."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.report.blocks import Text

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

FILES = {
    "cambricon": ("exports/patentics/patentics_cambricon_titlerow_357.xlsx", 1),
    "thundersoft": ("exports/patentics/patentics_thundersoft_75cols_511.xlsx", 0),
}
LIGHT = """
title = { zh = "一家企业", en = "One firm" }
[[part]]
id = "own"
number = "1"
sections = [
  "firm.assets", "firm.upkeep", "layout.fence", "operate.licence",
  { use = "path.partners", params = { about = "firm" } }, "portfolio.keytech", "position.talent",
  "layout.deadlines", "path.portfolios", "operate.pledge",
]
"""
ALONE = ("layout.fence", "operate.licence", "path.partners", "portfolio.keytech")
pytestmark = pytest.mark.real


@pytest.fixture(scope="module", params=sorted(FILES))
def made(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, pd.DataFrame, Report]:
    name, skipped = FILES[request.param]
    file = tmp_path_factory.mktemp("outline") / "light.toml"
    file.write_text(LIGHT, encoding="utf-8")
    raw = pd.read_excel(shared_data / name, dtype=str, header=skipped)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patents = pnav.read(shared_data / name)
        return request.param, raw, pnav.report.build(patents, file, "zh", strict=True)


def claims(report: Report, section: str) -> dict[str, Any]:
    return {c.id.partition(":")[2]: c.value for c in report.made.values() if c.section == section}


def table(report: Report, name: str) -> pd.DataFrame:
    return next(b for s in report.sections for b in s.tables if b.id == name).frame


def test_nothing_is_said_of_others(made: Any) -> None:
    _, _, report = made
    for section in ALONE:
        (block,) = (b for b in report.section(section).blocks if isinstance(b, Text))
        assert block.style == "missing"
    assert not any(c.kind == "recommendation" for c in report.made.values())


def test_states_are_those_of_the_file(made: Any) -> None:
    _, raw, report = made
    one = raw.sort_values("申请号").drop_duplicates("申请号")
    found = claims(report, "operate.pledge")
    assert found["total"] == len(one)
    dead = one["法律状态"].isin(["驳回", "撤回", "失效"]).sum()
    assert found["red"] >= dead
    assert found["total"] - found["red"] <= len(one) - dead


def test_counts_that_are_all_zero_tell_nothing(made: Any) -> None:
    name, raw, report = made
    bare = (raw["被引用数"].fillna("0") == "0").all()
    assert bare == (name == "cambricon")
    keys = [b.style for b in report.section("firm.upkeep").blocks if isinstance(b, Text)]
    assert (keys == ["missing"]) == bare


def test_who_is_not_named_is_said(made: Any) -> None:
    name, raw, report = made
    one = raw.sort_values("申请号").drop_duplicates("申请号")
    hidden = one["发明人"].fillna("").str.contains("不公告发明人")
    found = claims(report, "position.talent")
    assert ("named" in found) == (name == "cambricon")
    if name == "cambricon":
        assert found["named"] == (~hidden).sum()
        assert found["units"] == len(one)


def test_pledges_end_on_the_day_of_the_term(made: Any) -> None:
    _, raw, report = made
    rows = table(report, "pledge_list")
    once = raw[~raw["标题"].duplicated(keep=False)].set_index("标题")
    rows = rows[rows["title"].isin(once.index)].head(20)
    day = report.section("operate.pledge").blocks[0].values["now"]
    now = pd.Timestamp(re.search(r"\d{4}-\d{2}-\d{2}", str(day))[0])
    assert len(rows) == 20
    for title, life in zip(rows["title"], rows["life_years"], strict=True):
        own = once.loc[title]
        years = 10 if own["专利类型"] == "实用新型" else 20
        end = pd.Timestamp(own["申请日"]) + pd.DateOffset(years=years)
        assert life == pytest.approx(max((end - now).days, 0) / 365.2425, abs=0.02)
