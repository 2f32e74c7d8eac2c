"""A set that is no industry: the word that proves it, and who leads because of a name."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.findings.breadth import common_word, name_hit
from patentnav.report import Cover
from patentnav.report.blocks import Text
from patentnav.report.build import _sentences
from patentnav.report.edition import Edition
from patentnav.report.registry import maker
from patentnav.report.sections import summary
from patentnav.study import Study
from tests.unit.report.test_true_and_concluding import THINGS, TRADES


def broad(leaders: list[str], symbols: list[str] = TRADES) -> Study:
    """240 titles of twelve trades, 20 of every leader, the others of as many small firms."""
    n = 240
    ids = [f"CN{1000 + i}A" for i in range(n)]
    publications = pd.DataFrame(
        {"title": [f"{THINGS[i % 12]}的控制方法" if i % 12 == 2 else f"一种{THINGS[i % 12]}的制备方法"
                   for i in range(n)],
         "application_date": pd.Timestamp("2018-01-01"), "authority": "CN"},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    classes = pd.DataFrame(
        {"publication_id": ids, "scheme": "IPC",
         "symbol": [symbols[i % len(symbols)] for i in range(n)]}
    )  # fmt: skip
    names = [leaders[i % 12] if i % 12 < len(leaders) else f"众{i}机械有限公司" for i in range(n)]
    parties = pd.DataFrame(
        {"publication_id": ids, "name_raw": names, "party_type": "enterprise", "position": 1,
         "role": "applicant"}
    )  # fmt: skip
    tables = {"publications": publications, "classifications": classes, "parties": parties}
    return Study(pnav.PatentSet.from_tables(tables))


HIT = [
    "通用汽车公司",
    "通用电气公司",
    "上汽通用五菱汽车股份有限公司",
    "华为技术有限公司",
    "寒武纪科技股份有限公司",
]


def told(study: Study) -> list[Text]:
    return list(summary._mixed(Edition(study, "zh", Cover()), []))


def recounted(texts: list[Text], study: Study, section: str) -> None:
    part = SimpleNamespace(id=section, blocks=texts)
    assert pnav.claims.check(list(_sentences(part, "zh")), study) == []


def test_words_of_any_trade_prove_nothing_and_the_commonest_other_is_named() -> None:
    study = broad(HIT)
    word, held, titles = common_word(study)
    assert titles == 240
    assert held < 80
    assert word not in {"方法", "装置", "一种"}
    mixed = told(study)[0]
    assert mixed.values["word"] == word
    assert mixed.values["share"].value == pytest.approx(held / titles)
    recounted([mixed], study, "summary.findings")


def test_a_word_that_leading_names_share_is_said_to_be_what_was_hit() -> None:
    study = broad(HIT)
    assert name_hit(study) == "通用"
    said = next(t for t in told(study) if t.key == "name_hit")
    assert said.values["leaders"].value == 3
    assert said.values["count"].value == 60
    recounted([said], study, "summary.findings")
    blocks = list(maker("direction.applicants").make(Edition(study, "zh", Cover())))
    keys = [b.key for b in blocks if isinstance(b, Text)]
    assert "name_hit" in keys


@pytest.mark.parametrize(
    "leaders",
    [
        [
            "三星电子株式会社",
            "乐金电子公司",
            "京东方电子有限公司",
            "华为技术有限公司",
            "寒武纪科技公司",
        ],
        ["上海甲汽车有限公司", "上海乙药业有限公司", "上海丙电气有限公司", "丁公司", "戊公司"],
        ["通用汽车公司", "通用电气公司", "丙药业有限公司", "丁机械有限公司", "戊公司"],
    ],
)
def test_lines_of_business_places_and_two_of_five_are_no_hit(leaders: list[str]) -> None:
    assert name_hit(broad(leaders)) == ""


def test_in_a_set_of_one_trade_names_may_say_the_trade() -> None:
    assert name_hit(broad(HIT, TRADES[:2])) == ""
