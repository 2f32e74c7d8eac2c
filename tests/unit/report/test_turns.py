"""A rise that is over within the later period: told as such, by claims, and never recommended."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import claims, findings
from patentnav.report import registry
from patentnav.report.blocks import Section, Text
from patentnav.report.build import _blocks, _sentences
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.outline import Entry
from patentnav.report.sections.summary import _concluded
from patentnav.study import Study

TURNED = "T05"
SECTIONS = ("direction.emergence", "direction.growth", "path.technologies", "path.partners")


def drawn(seed: int, *, planted: bool) -> Study:
    """20 technologies over 20 years; one leaps at the start of the last five and is all but gone at their end."""
    rng = np.random.default_rng(seed)
    rates = np.full((45, 20), 12.0)
    if planted:
        rates[4, 15:18], rates[4, 18:] = 80.0, 6.0
    technology, year = (a.ravel() for a in np.indices(rates.shape))
    counts = rng.poisson(rates).ravel()
    technology, year = np.repeat(technology, counts), np.repeat(year, counts)
    ids = pd.Index([f"CN{100000000 + i}A" for i in range(len(year))], name="publication_id")
    filed = pd.to_datetime([f"{2000 + y}-05-15" for y in year])
    publications = pd.DataFrame(
        {"application_id": [f"CN{200000000 + i}" for i in range(len(ids))], "authority": "CN",
         "application_date": filed, "publication_date": filed + pd.DateOffset(months=18)},
        index=ids,
    )  # fmt: skip
    parties = pd.DataFrame({"publication_id": ids, "name_raw": "单位有限公司", "party_id": "P-1"})
    found = SimpleNamespace(
        labels=pd.Series([f"T{t + 1:02d}" for t in technology], index=ids),
        names=pd.Series({f"T{t + 1:02d}": f"方向{t + 1}" for t in range(45)}),
    )
    none = pd.DataFrame(columns=["publication_id", "industry", "sub_sector", "weight"])
    texts = pd.DataFrame(
        {"publication_id": ids, "field": "title", "language": "zh", "text": "方法"}
    )
    patents = pnav.PatentSet.from_tables(
        {"publications": publications, "parties": parties, "texts": texts}
    )
    return Study(patents, technologies=found, memberships=none, cutoff="2021-12-31")


@pytest.fixture(scope="module")
def study() -> Study:
    return drawn(3, planted=True)


def made(study: Study, section: str, lang: str = "zh") -> Section:
    blocks = _blocks(Edition(study, lang, Cover()), registry.maker(section), Entry(section))
    return Section(section, 2, "", blocks)


def test_it_is_ahead_of_the_whole_yet_does_not_rise(study: Study) -> None:
    one = study.emergence.set_index("group").loc[TURNED]
    assert one["relative_growth"] > 2
    assert one["q_value"] < 0.001
    assert one["late_growth"] < 0.2
    assert one["state"] == "turned"
    assert not study.courses.set_index("technology").loc[TURNED, ["rising", "wanted"]].any()


def test_its_finding_says_when_it_turned_and_by_how_much(study: Study) -> None:
    found = {f.row: f for f in findings.find(study) if f.column == "years"}[TURNED]
    assert found.direction == 1
    assert found.verdict == "weakened"
    from patentnav.report.statements import Statements

    statement = Statements(Edition(study, "zh", Cover())).of([found])[0]
    assert statement.clause == "turned_down"
    told = {claim.id.rpartition(".")[2]: claim for claim in statement.text.claims}
    turn = told["turn"]
    assert (turn.window, turn.baseline, turn.direction) == ((2018, 2019), "2015-2017", -1)
    assert turn.value < 0.2
    assert turn.passed
    sentence = next(iter(_sentences(Section("summary.findings", 2, "", (statement.text,)), "zh")))
    assert claims.check([sentence], study) == []
    wrong = dataclasses.replace(turn, value=2.0)
    planted = dataclasses.replace(sentence, claims=(wrong,))
    assert {v.rule for v in claims.check([planted], study)} == {"recomputed", "sign"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_sections_hold_when_counted_again(study: Study, section: str, lang: str) -> None:
    sentences = [*_sentences(made(study, section, lang), lang)]
    assert any(sentence.finding for sentence in sentences)
    assert claims.check(sentences, study) == []


def test_the_section_counts_what_moves_of_late(study: Study) -> None:
    told = {c.id: c for b in made(study, "direction.emergence").blocks
            if isinstance(b, Text) for c in b.claims}  # fmt: skip
    assert told["direction.emergence:turned"].value == 1
    assert told["direction.emergence:lately_down"].value == 1
    assert told["direction.emergence:lately_down"].window == (2018, 2019)


def test_no_finding_that_the_test_of_its_section_does_not_show() -> None:
    """The summary may be stricter than the section, never looser."""
    for seed in range(6):
        study = drawn(seed, planted=bool(seed % 2))
        cells = findings.candidates(study)
        cells = cells[cells["family"] == "technology_years"].set_index("row")
        judged = study.emergence.set_index("group")["q_value"].reindex(cells.index)
        assert len(cells) == 45
        assert (cells["q"] >= judged - 1e-12).all()


def test_a_base_that_is_extrapolated_does_not_lead() -> None:
    """26 units that would have been 635 are 28 units of 7,805, not 635 of them."""
    from patentnav.findings.rank import gate

    row = {"family": "owner_years", "row": "P1", "column": "years", "q": 1e-29, "p": 1e-29}
    few = {**row, "with_it": 2, "without": 26, "rest_with": 5882, "rest_without": 241,
           "expected": 634.6}  # fmt: skip
    many = {**row, "row": "P2", "with_it": 1374, "without": 13, "rest_with": 2828,
            "rest_without": 138, "expected": 266.4}  # fmt: skip
    assert gate(pd.DataFrame([few, many]), 7805)["row"].tolist() == ["P2", "P1"]


def test_a_question_is_answered_with_what_the_path_concludes(study: Study) -> None:
    built = [made(study, section) for section in SECTIONS]
    question = Cover(question="技术机会在哪里，我市企业应当与谁合作？")
    said = [*_concluded(Edition(study, "zh", question), built)]
    assert [t.key for t in said] == ["summary.findings.concluded", "summary.findings.no_region"]
    ids = {c.id for c in said[0].claims}
    assert {"direction.emergence:lately_down", "path.technologies:rising"} <= ids
    assert [*_concluded(Edition(study, "zh", Cover()), built)] == []
