"""What is said to rise, fall or stand: the rule that is told is the one applied, and one count of it."""

from __future__ import annotations

import pytest

from patentnav.report import Cover
from patentnav.report.edition import Edition
from patentnav.study import Study

from .test_kinds_of_truth import checked, claim_of
from .test_standing_claims import made, rows_of


def of_many(count: int, year: int, technology: str) -> list[dict[str, object]]:
    """Applications of as many owners."""
    return [row for i in range(count) for row in rows_of(1, year, technology, f"众{i}机械有限公司")]


@pytest.fixture(scope="module")
def moved() -> Study:
    """T1 outran the others and fell behind since; T2 stopped of late, by one owner; T3 is of few."""
    patents, technologies = made(
        of_many(12, 2012, "T1") + of_many(90, 2017, "T1") + of_many(4, 2020, "T1")
        + of_many(20, 2012, "T2") + of_many(14, 2017, "T2") + of_many(6, 2020, "T2")
        + rows_of(40, 2017, "T2", "独家光学有限公司")
        + of_many(9, 2012, "T3") + of_many(2, 2017, "T3")
        + of_many(80, 2012, "T4") + of_many(70, 2017, "T4") + of_many(60, 2020, "T4")
    )  # fmt: skip
    return Study(patents, technologies=technologies)


def test_what_fell_behind_since_is_said_not_to_rise(moved: Study) -> None:
    state = moved.emergence.set_index("group")["state"]
    assert state["T1"] == "turned"
    texts = checked(moved, "path.technologies")
    assert claim_of(texts, "rising") == 0
    edition = Edition(moved, "zh", Cover())
    said = "".join(
        r.text if hasattr(r, "text") else str(r) for t in texts for r in t.runs(edition.lang)
    )
    assert "后来没有转慢" in said
    assert "后一时期之内已显著转慢" in said


def test_as_many_can_be_tested_in_every_section(moved: Study) -> None:
    assert moved.emergence.set_index("group").loc["T3", "state"] == "too_few"
    assert claim_of(checked(moved, "path.technologies"), "total") == 3
    assert claim_of(checked(moved, "direction.emergence"), "judged") == 3


def test_what_one_owner_moved_of_late_is_marked_and_named(moved: Study) -> None:
    row = moved.emergence.set_index("group").loc["T2"]
    assert row["late_q"] < 0.05
    assert row["late_carried_by"] == "独家光学有限公司"
    texts = checked(moved, "direction.emergence")
    told = next(t for t in texts if t.key == "direction.emergence.lately_one_owner")
    assert told.values["names"] == "T2"
    assert claim_of(texts, "lately_one_owner") == 1
    assert "一个主体" in Edition(moved, "zh", Cover()).technology_states["T2"]
