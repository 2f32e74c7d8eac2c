"""What reports of one set share is shared exactly where it is the same."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

import patentnav as pnav
from patentnav import facts
from patentnav.report.blocks import Figure, Text
from patentnav.study import reads

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

OUTLINE = """\
title = { zh = "短", en = "Short" }
among_all = true
[[part]]
id = "own"
sections = [
  "direction.trend", "firm.assets", "firm.rivals", { use = "layout.deadlines", subject = "firm" },
  "summary.findings", "methods.limits",
]
"""


@pytest.fixture(scope="module")
def city() -> pnav.PatentSet:
    return pnav.datasets.city(n=200).patents


@pytest.fixture
def study(city: pnav.PatentSet) -> pnav.Study:
    return pnav.Study(city, taxonomy="jinan-ten", owner="party")


@pytest.fixture(scope="module")
def firms(city: pnav.PatentSet) -> list[str]:
    rows = facts.owners(pnav.Study(city, taxonomy="jinan-ten").patents, "party", which="all")
    return list(rows["owner"].value_counts().index[:2])


def test_inputs_that_are_read_are_noted(study: pnav.Study) -> None:
    with reads.noted() as outer:
        _ = study.inputs.firm
        with reads.noted() as inner:
            _ = study.units  # reads the applicant, whom the publications depend on
    assert "firm" not in inner
    assert {"applicant", "industry", "unit"} <= inner
    assert outer == inner | {"firm"}
    assert type(study.inputs) is pnav.study.Inputs


def test_remembered_while_what_was_read_is_the_same(study: pnav.Study) -> None:
    made: list[str] = []

    def of(one: pnav.Study) -> str:
        def make() -> str:
            made.append(one.inputs.region)
            return f"in {one.inputs.region}"

        return one.remembered("key", make)

    assert (of(study), of(study)) == ("in ", "in ")
    assert len(made) == 2  # nothing is kept unless it is asked for
    study.remember()
    here, there, third = (study.with_inputs(region=r) for r in ("甲市", "乙市", "丙市"))
    made.clear()
    assert [of(s) for s in (here, there, here, here.with_inputs(firm="x"))] == [
        "in 甲市", "in 乙市", "in 甲市", "in 甲市"
    ]  # fmt: skip
    assert made == ["甲市", "乙市"]
    of(third)
    of(here)  # the one used last stayed beside it
    assert made == ["甲市", "乙市", "丙市"]


def test_what_else_it_depends_on_counts(study: pnav.Study) -> None:
    study.remember()
    assert [study.remembered("key", lambda i=i: i, i % 2) for i in range(4)] == [0, 1, 0, 1]


def test_what_one_choice_takes_away_and_the_next_gives_back_is_shared(
    study: pnav.Study, firms: list[str]
) -> None:
    own = study.with_inputs(applicant=firms[0])
    around = own.with_inputs(applicant="", firm=firms[0])
    assert around.patents is study.patents
    assert len(own.patents) < len(study.patents)


def shown(report: Report) -> dict[str, list[str]]:
    """Everything that a reader sees, section by section."""
    told: dict[str, list[str]] = {}
    for section in report.sections:
        told[section.id] = [
            report.plain(b) if isinstance(b, Text)
            else (b.table if isinstance(b, Figure) else b).frame.to_csv()
            for b in section.blocks
        ]  # fmt: skip
    return told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_on_firms_are_the_same_whether_they_share_or_not(
    lang: str, study: pnav.Study, firms: list[str], tmp_path: Path, city: pnav.PatentSet
) -> None:
    file = tmp_path / "short.toml"
    file.write_text(OUTLINE, encoding="utf-8")
    study.remember()

    def build(of: pnav.Study, firm: str) -> Report:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pnav.CoverageWarning)
            return pnav.report.build(of, file, lang, applicant=firm, strict=True)

    together = [build(study, firm) for firm in firms]
    alone = pnav.Study(city, taxonomy="jinan-ten", owner="party")
    for report, firm in zip(together, firms, strict=True):
        apart = build(alone, firm)
        assert shown(report) == shown(apart)
        assert report.claims.equals(apart.claims)
    of_the_set = {tuple(map(id, one.section("direction.trend").blocks)) for one in together}
    assert len(of_the_set) == 1  # the same objects
    assert len({tuple(shown(one)["firm.assets"]) for one in together}) == len(firms)


def test_what_was_made_before_is_read_again() -> None:
    """What is kept inside a recount says what it rests on, each time that it is asked for."""
    kept: reads.Noted[int] = reads.Noted()

    def make() -> int:
        reads.note(["firm"])
        return 7

    found = []
    for _ in range(2):
        with reads.noted() as names:
            assert kept.get("key", make) == 7
        found.append(set(names))
    assert found == [{"firm"}, {"firm"}]


def test_reports_on_industries_that_share_are_counted_again_each_for_itself() -> None:
    """The indexes of one industry do not count another: neither does the whole, nor a firm's own part."""
    patents = pnav.datasets.city(n=300).patents
    together = pnav.Study(patents, taxonomy="jinan-ten", n_clusters=6)
    together.remember()
    largest = together.memberships["industry"].value_counts().index[:2]
    asked = [("industry", {"industry": str(name)}) for name in largest]
    asked += [("enterprise", {"firm": str(together.rivals[0])})]
    for outline, choices in asked:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pnav.CoverageWarning)
            made = pnav.report.build(together, outline, "zh", strict=True, **choices)
        assert made.claims is not None
