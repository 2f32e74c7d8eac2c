"""What is said to rise, fall or stand: the rule that is told is the one applied, and one count of it."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.cluster import Technologies
from patentnav.report import Cover
from patentnav.report.blocks import Section, Text, unjoined
from patentnav.report.build import _sentences
from patentnav.report.edition import Edition
from patentnav.report.registry import maker
from patentnav.report.sections import summary
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
    assert "后来转慢的" in said
    assert "后一时期之内已显著转慢" in said


def test_as_many_can_be_tested_in_every_section(moved: Study) -> None:
    assert moved.emergence.set_index("group").loc["T3", "state"] == "too_few"
    assert claim_of(checked(moved, "path.technologies"), "total") == 3
    assert claim_of(checked(moved, "direction.emergence"), "judged") == 3


def test_what_one_owner_moved_of_late_is_marked_and_named(moved: Study) -> None:
    row = moved.emergence.set_index("group").loc["T2"]
    assert row["late_q"] < 0.05
    assert moved.owner_names[row["late_carried_by"]] == "独家光学有限公司"
    texts = checked(moved, "direction.emergence")
    told = next(t for t in texts if t.key == "direction.emergence.lately_one_owner")
    assert told.values["names"] == "T2 T2"
    assert claim_of(texts, "lately_one_owner") == 1
    assert "一个主体" in Edition(moved, "zh", Cover()).technology_states["T2"]


# A field whose classes do not move together


def of_classes(rows: list[tuple[int, int, str]]) -> Study:
    """Applications by number, year and symbol."""
    parts = [(year, symbol) for count, year, symbol in rows for _ in range(count)]
    ids = [f"CN{100_000_000 + i}A" for i in range(len(parts))]
    filed = pd.to_datetime([f"{year}-03-01" for year, _ in parts])
    publications = pd.DataFrame(
        {"application_date": filed, "publication_date": filed + pd.DateOffset(months=6),
         "authority": "CN", "title": "一种装置", "patent_type": "invention", "kind_code": "A"},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    publications.iloc[-1, publications.columns.get_loc("publication_date")] = pd.Timestamp(
        "2022-12-01"
    )
    classes = pd.DataFrame(
        {"publication_id": ids, "scheme": "IPC", "symbol": [symbol for _, symbol in parts]}
    )
    patents = pnav.PatentSet.from_tables({"publications": publications, "classifications": classes})
    return Study(patents)


def late_links(study: Study) -> dict[str, Text]:
    texts = checked(study, "direction.chain")
    told = next(t for t in texts if t.key.startswith("direction.chain.lately.rising"))
    return {str(part.values["link"]): part for part in unjoined(told.values["names"])}


def test_a_field_that_one_subclass_makes_is_told_with_it() -> None:
    # G09B goes on while all else of "control" stops; "optics" goes on as a whole.
    study = of_classes(
        [(40, 2012, "G09B9/00"), (200, 2017, "G09B9/00"), (200, 2020, "G09B9/00"),
         (20, 2012, "G05B19/00"), (60, 2017, "G05B19/00"), (5, 2020, "G05B19/00"),
         (40, 2012, "G02B27/01"), (100, 2017, "G02B27/01"), (100, 2020, "G02F1/00"),
         (200, 2012, "G06F3/01"), (900, 2017, "G06F3/01"), (300, 2020, "G06F3/01")]
    )  # fmt: skip
    told = late_links(study)
    control = told["控制"]
    assert control.key == "direction.chain.lately.subclass"
    assert control.values["subclass"] == "G09B 教育、演示用具"
    assert control.values["share"].value == pytest.approx(440 / 525)
    assert control.values["without"].value == pytest.approx((5 / 60) / (600 / 1200))
    assert told["光学"].values["part"].key == "direction.chain.part.none"  # 140 and 100


def test_counts_stand_beside_the_multiple() -> None:
    study = of_classes(
        [(40, 2012, "G02B27/01"), (100, 2017, "G02B27/01"), (100, 2020, "G02B27/01"),
         (200, 2012, "G06F3/01"), (900, 2017, "G06F3/01"), (300, 2020, "G06F3/01")]
    )  # fmt: skip
    (optics,) = late_links(study).values()
    assert [optics.values[n].value for n in ("before", "now")] == [100, 100]
    assert optics.values["part"].key == "direction.chain.part.mainly"


# What the summary tells of it


def now_of(study: Study) -> list[Text]:
    edition = Edition(study, "zh", Cover())
    built = [
        Section(name, 2, "1", tuple(maker(name).make(edition)))
        for name in ("direction.chain", "direction.emergence", "path.technologies")
    ]
    return list(summary._now(edition, built, advised=False))


def test_what_is_to_be_read_is_few_and_counted() -> None:
    small = (of_many(20, 2012, "T1") + of_many(40, 2017, "T1") + of_many(30, 2020, "T1")
             + of_many(500, 2012, "T2") + of_many(900, 2017, "T2") + of_many(400, 2020, "T2"))  # fmt: skip
    patents, technologies = made(small)
    study = Study(patents, technologies=technologies)
    told = {t.key: t for t in now_of(study)}
    look = told["summary.findings.look"]
    assert look.values["count"].value == 30
    assert look.values["share"].value == pytest.approx(30 / 430)
    part = SimpleNamespace(id="summary.findings", blocks=[look])
    assert pnav.claims.check(list(_sentences(part, "zh")), study) == []
    patents, technologies = made(
        small + of_many(60, 2012, "T3") + of_many(60, 2017, "T3") + of_many(70, 2020, "T3")
    )
    keys = {t.key for t in now_of(Study(patents, technologies=technologies))}
    assert "summary.findings.look" not in keys  # 100 of 500 are no choice
    assert "summary.findings.no_measure" in keys


def test_a_name_that_does_not_hold_is_no_headline(monkeypatch: pytest.MonkeyPatch) -> None:
    patents, technologies = made(
        of_many(20, 2012, "T1") + of_many(40, 2017, "T1") + of_many(60, 2020, "T1")
        + of_many(200, 2012, "T2") + of_many(500, 2017, "T2") + of_many(200, 2020, "T2")
    )  # fmt: skip
    study = Study(patents, technologies=technologies)
    late = study.unit_years[study.unit_years == 2020].index
    borne = pd.Series([one not in set(late) for one in study.unit_ids], index=study.unit_ids.index)
    assert any("lately_up" in t.values["text"].key for t in now_of(study) if "text" in t.values)
    monkeypatch.setattr(Study, "bears_name", borne)
    edition = Edition(study, "zh", Cover())
    keys = {b.key for b in maker("direction.emergence").make(edition) if isinstance(b, Text)}
    assert "direction.emergence.lately_up_apart" in keys
    assert "direction.emergence.lately_up" not in keys
    assert not [
        t for t in now_of(study) if "text" in t.values and "lately_up" in t.values["text"].key
    ]


def test_a_field_is_not_told_beside_its_technology() -> None:
    edition_of = of_classes(
        [(40, 2012, "G02B27/01"), (100, 2017, "G02B27/01"), (100, 2020, "G02B27/01"),
         (200, 2012, "G06F3/01"), (900, 2017, "G06F3/01"), (300, 2020, "G06F3/01")]
    )  # fmt: skip
    classes = edition_of.patents.classifications.set_index("publication_id")["symbol"]
    labels = classes.str[:3].map({"G02": "T1", "G06": "T2"})
    names = pd.Series({"T1": "T1", "T2": "T2"})
    empty = pd.DataFrame()
    technologies = Technologies(labels, names, names, names, empty, empty, empty, empty, empty,
                                pd.Series(1.0, index=labels.index))  # fmt: skip
    study = Study(edition_of.patents, technologies=technologies)
    told = [t.values["text"].key for t in now_of(study) if "text" in t.values]
    assert told == ["direction.emergence.lately_up"]
