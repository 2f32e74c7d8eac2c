"""What a report on a firm says of others: of the living, without the firm itself, and of what is new."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import planning
from patentnav.report.blocks import Text
from patentnav.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

OUTLINE = """
title = { zh = "企业", en = "Firm" }
[[part]]
id = "summary"
sections = [{ use = "findings", params = { about = "firm" } }]
[[part]]
id = "own"
sections = ["firm.assets", "firm.rivals", "firm.moves", "firm.measures"]
[[part]]
id = "risk"
sections = ["barriers"]
[[part]]
id = "layout"
sections = ["gaps"]
[[part]]
id = "methods"
sections = ["limits"]
"""
FIRM, NEAR, GONE, YOUNG, THIRD = "甲光学公司", "乙显示公司", "丙影视公司", "丁新公司", "戊大学"


def _set() -> tuple[pnav.PatentSet, pd.DataFrame]:
    """A rise of lenses in 2015-2019 by five owners; GONE lost all, YOUNG began in 2018."""
    rows = []

    def file(owner: str, technology: str, years: range, each: int, status: str) -> None:
        rows.extend((owner, technology, year, status) for year in years for _ in range(each))

    for owner in (FIRM, NEAR, THIRD):
        file(owner, "T1", range(2015, 2020), 8, "in_force")
        file(owner, "T2", range(2010, 2015), 4, "in_force")
    file(GONE, "T1", range(2015, 2020), 10, "lapsed")
    file(YOUNG, "T1", range(2018, 2020), 9, "in_force")
    file(NEAR, "T3", range(2018, 2020), 4, "pending")
    for i in range(40):
        file(f"其他{i}公司", "T2", range(2010, 2020), 1, "in_force")
    ids = [f"CN{100000 + i}A" for i in range(len(rows))]
    dates = pd.to_datetime([f"{year}-05-01" for _, _, year, _ in rows])
    publications = pd.DataFrame(
        {"application_date": dates, "publication_date": dates + pd.Timedelta(days=200), "authority": "CN",
         "legal_status": [r[3] for r in rows], "patent_type": "invention",
         "title": [f"一种{r[1]}装置{i}" for i, r in enumerate(rows)]}, index=ids,
    )  # fmt: skip
    last = {"application_date": pd.Timestamp("2021-09-01"), "publication_date": pd.Timestamp("2022-05-01"),
            "authority": "CN", "legal_status": "pending", "patent_type": "invention", "title": "末件"}  # fmt: skip
    publications.loc["CN999999A"] = last
    owners = [r[0] for r in rows] + ["末公司"]
    parties = pd.DataFrame(
        {"publication_id": publications.index, "role": "applicant", "position": 1, "name_raw": owners,
         "party_id": owners, "party_type": ["university" if o == THIRD else "enterprise" for o in owners]}
    )  # fmt: skip
    technology_of = pd.DataFrame(
        {"publication_id": ids, "technology": [r[1] for r in rows], "weight": 1.0}
    )
    return pnav.PatentSet.from_tables(
        {"publications": publications, "parties": parties}
    ), technology_of


def test_rivals_are_living() -> None:
    patents, _ = _set()
    found = Study(patents, owner="party", firm=FIRM, cutoff="2022-05-01")
    assert GONE not in found.rivals
    assert NEAR in found.rivals


def test_moves_are_of_those_who_were_there_before() -> None:
    patents, technology_of = _set()
    found = Study(patents, owner="party", firm=FIRM, cutoff="2022-05-01")
    told = planning.moves(
        patents, found.owners, [NEAR, YOUNG], groups=technology_of, unit_ids=found.unit_ids,
        years=found.unit_years, window=(2018, 2019),
    )  # fmt: skip
    assert [tuple(row) for row in told.to_numpy()] == [(NEAR, "technology", "T3", 8)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Study]:
    file = tmp_path_factory.mktemp("outline") / "firm.toml"
    file.write_text(OUTLINE, encoding="utf-8")
    city = pnav.datasets.city(n=1000)
    study = Study(city.patents, taxonomy="jinan-ten")
    small = str(study.owner_names[study.rivals[-1]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        study = study.with_inputs(firm=small)
        return pnav.report.build(study, file, "zh", question="应当补强什么？", strict=True), study


@pytest.mark.parametrize(("about", "listed"), [("", {FIRM, NEAR, THIRD, YOUNG}), ("firm", {THIRD})])
def test_nobody_is_sent_to_himself_or_to_his_rivals(
    tmp_path: Path, about: str, listed: set[str]
) -> None:
    """Lenses rise, filed by five: GONE is dead, and of a report on FIRM one is left that is no rival."""
    file = tmp_path / "partners.toml"
    params = f'{{ use = "partners", params = {{ about = "{about}" }} }}'
    file.write_text(f'title = {{ zh = "企", en = "F" }}\n[[part]]\nid = "path"\nsections = [{params}]\n',
                    encoding="utf-8")  # fmt: skip
    patents, technology_of = _set()
    labels = technology_of.set_index("publication_id")["technology"]
    names = pd.Series({"T1": "镜片", "T2": "座椅", "T3": "头盔"})
    found = SimpleNamespace(labels=labels.reindex(patents.publications.index), names=names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        report = pnav.report.build(
            patents, file, "zh", owner="party", firm=FIRM, cutoff="2022-05-01", technologies=found, strict=True,
        )  # fmt: skip
    advised = {c.label for c in report.made.values() if c.kind == "recommendation"}
    assert advised == listed
    assert set(next(t.frame for t in report.tables if t.id == "partners")["applicant"]) == listed


def test_the_answer_is_about_the_firm(made: tuple[Report, Study]) -> None:
    report, study = made
    firm = str(study.owner_names[study.firm])
    with report.reading():
        said = [
            report.plain(b)
            for b in report.section("summary.findings").blocks
            if isinstance(b, Text)
        ]
    answer = next(text for text in said if "应当补强什么" in text)
    assert firm in answer
    assert "年申请量" not in answer


def test_barriers_are_those_of_others(made: tuple[Report, Study]) -> None:
    """Counted by hand: rights in force in the technology of which the firm has no part."""
    report, study = made
    frame = next(t for t in report.tables if t.id == "barrier_components").frame
    mine = set(study.unit_ids.reindex(study.firm_ids))
    force = study.patents.publications["legal_status"].eq("in_force").fillna(False)
    names = {f"{k} {v}": k for k, v in study.technologies.names.items()}
    rows = study.technology_of
    for _, row in frame.iterrows():
        ids = rows.loc[rows["technology"] == names[row["technology"]], "publication_id"]
        units = set(study.unit_ids.reindex([p for p in ids if force[p]])) - mine
        assert len(units) >= int(row["others_rights"])
