"""The summary: what stands out, recomputed and checked, and the answer to a question."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import findings, i18n
from patentnav.report.blocks import Text
from patentnav.study import Study

from .conftest import quiet

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report.document import Report

OUTLINE = """
title = { zh = "摘要", en = "Summary" }
[[part]]
id = "summary"
sections = ["findings"]
[[part]]
id = "methods"
number = "A"
sections = ["limits"]
"""
GIANT = "甲集团有限公司"


def drawn(*, planted: bool, by_one: bool = False) -> tuple[pnav.PatentSet, SimpleNamespace]:
    """6,000 publications of 20 technologies at random; planted: T03 has three times, perhaps by one owner."""
    rng = np.random.default_rng(11)
    rates = np.outer(np.linspace(0.8, 1.2, 20), np.full(20, 15.0))
    technology, year = (a.ravel() for a in np.indices(rates.shape))
    counts = rng.poisson(rates).ravel()
    extra = np.where(planted & (technology == 2) & (year >= 15), 2 * counts, 0)
    giant = np.concatenate([np.zeros(counts.sum(), bool), np.ones(extra.sum(), bool)])
    technology = np.concatenate([np.repeat(technology, counts), np.repeat(technology, extra)])
    year = np.concatenate([np.repeat(year, counts), np.repeat(year, extra)])
    n = len(year)
    ids = [f"CN{100000000 + i}A" for i in range(n)]
    filed = pd.to_datetime([f"{2000 + y}-05-15" for y in year])
    owner = np.where(giant & by_one, GIANT, [f"单位{o}有限公司" for o in rng.integers(0, 60, n)])
    publications = pd.DataFrame(
        {"application_id": [f"CN{200000000 + i}" for i in range(n)], "authority": "CN",
         "kind_code": "A", "patent_type": "invention", "application_date": filed,
         "publication_date": filed + pd.DateOffset(months=18)},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame(
        {"publication_id": ids, "name_raw": owner, "party_id": [f"P-{o}" for o in owner],
         "party_type": "enterprise"}
    )  # fmt: skip
    labels = pd.Series([f"T{t + 1:02d}" for t in technology], index=publications.index)
    names = pd.Series({f"T{t + 1:02d}": f"方向{t + 1}" for t in range(20)})
    patents = pnav.PatentSet.from_tables({"publications": publications, "parties": parties})
    return patents, SimpleNamespace(labels=labels, names=names)


def built(tmp_path: Path, *, planted: bool, by_one: bool = False, **inputs) -> Report:
    outline = tmp_path / "short.toml"
    outline.write_text(OUTLINE, encoding="utf-8")
    patents, technologies = drawn(planted=planted, by_one=by_one)
    none = pd.DataFrame(columns=["publication_id", "industry", "sub_sector", "weight"])
    return quiet(patents, outline=outline, technologies=technologies, memberships=none,
                 cutoff="2021-06-30", strict=True, **inputs)  # fmt: skip


def lines(report: Report) -> list[str]:
    return [
        report.plain(b) for b in report.section("summary.findings").blocks if isinstance(b, Text)
    ]


def test_a_set_drawn_at_random_has_no_finding_and_says_so(tmp_path: Path) -> None:
    report = built(tmp_path, planted=False, lang="zh")
    assert report.findings.empty
    assert any("没有一项数量显著偏离预期" in line for line in lines(report))


def test_what_one_owner_files_is_no_movement_of_the_technology(tmp_path: Path) -> None:
    """All that was added to T03 is one owner's: the owner stands out, the technology does not."""
    found = built(tmp_path, planted=True, by_one=True, lang="zh").findings
    assert "technology:T03" not in set(found["subject"])
    assert f"owner:P-{GIANT}" in set(found["subject"].str.partition("&")[0])


def test_a_planted_shift_is_found_and_recounted(tmp_path: Path) -> None:
    report = built(tmp_path, planted=True, lang="zh", question="方向3还值得投入吗")
    found = report.findings
    about = found[found["subject"] == "technology:T03"]
    assert about["direction"].tolist()[0] == 1
    assert about["claim_id"].isin(found["claim_id"].head(3)).any()
    assert (found["q"] < 0.05).all()
    assert found["baseline"].notna().all()
    sentence = next(line for line in lines(report) if "方向3" in line and "年" in line)
    assert "倍" in sentence
    answer = next(line for line in lines(report) if line.startswith("就“方向3还值得投入吗”"))
    assert "方向3" in answer.split("，", 1)[1]
    assert report.claims["claim_id"].is_unique
    table = next(t for t in report.tables if t.id == "findings")
    assert not table.frame.isna().all().any()  # no column of dashes


def test_years_cut_off_an_export_make_no_finding() -> None:
    patents, technologies = drawn(planted=True)
    signs = pd.DataFrame(
        {
            "file": ["a.xlsx"],
            "sign": ["cap"],
            "column": [None],
            "rows": [10_000],
            "note": ["10,000"],
        }
    )
    tables = {name: getattr(patents, name) for name in ("publications", "parties")}
    none = pd.DataFrame(columns=["publication_id", "industry", "sub_sector", "weight"])
    for given, years in (
        (patents, True),
        (pnav.PatentSet.from_tables({**tables, "signs": signs}), False),
    ):
        study = pnav.Study(given, technologies=technologies, memberships=none, cutoff="2021-06-30")
        assert (pnav.findings.candidates(study)["column"] == "years").any() == years


# Words that judge without a number, and words that say why.
JUDGING = {
    "zh": "遥遥领先|迅猛|优势明显|大幅|飞速|强劲|显著优势|举足轻重|蓬勃|长足|众多|突飞猛进",
    "en": r"\b(impressive|dramatic|remarkabl[ey]|strong(?:ly)? (?:growth|rise)|rapidly|huge|soar\w*|leading edge)\b",
}
CAUSAL = {
    "zh": "导致|促使|引发|带动|归因于|得益于",
    "en": r"\b(caused by|leads? to|led to|thanks to|driven by)\b",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_adjective_without_a_number_and_no_cause(lang: str) -> None:
    """Over all locale files of the language."""
    for key, text in i18n.shipped(lang).items():
        if re.search(JUDGING[lang], text):
            assert re.search(r"\{\w+:[^}]+\}", text), f"{key}: {text}"
        if key.startswith("report."):
            assert not re.search(CAUSAL[lang], text), f"{key}: {text}"


def test_sentences_of_findings_are_short() -> None:
    """At most 60 characters, names and numbers apart."""
    for key, text in i18n.shipped("zh").items():
        if re.fullmatch(r"report\.findings\.\w+\.\w+\.[ab]", key):
            bare = re.sub(r"\{[^}]*\}", "", text)
            assert len(re.findall("[\u4e00-\u9fff]", bare)) <= 60, key


def test_findings_are_of_the_subjects_asked_for() -> None:
    patents, technologies = drawn(planted=True)
    none = pd.DataFrame(columns=["publication_id", "industry", "sub_sector", "weight"])
    study = Study(patents, technologies=technologies, memberships=none, cutoff="2021-06-30")
    every = findings.find(study)
    assert {one.row for one in every} >= {"T03"}
    some = findings.find(study, subjects={"technology": {"T03"}})
    assert {(one.family.rows, one.row) for one in some} == {("technology", "T03")}
    assert {one.q for one in some} >= {one.q for one in every if one.row == "T03"}
    assert findings.find(study, subjects={}) == ()
