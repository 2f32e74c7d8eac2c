"""Claims of part A on small sets made by hand: what is told, and that a second count says the same."""

from __future__ import annotations

import dataclasses
import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import claims
from patentnav.report import Text
from patentnav.report.blocks import Table
from patentnav.report.build import _sentences
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.registry import maker
from patentnav.study import Study

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block


def publications(counts: Mapping[int, int], **columns: Any) -> pnav.PatentSet:
    """A set with so many applications a year, published 14 months later; the last year is open."""
    years = [year for year, count in sorted(counts.items()) for _ in range(count)]
    ids = [f"CN1{i:08d}A" for i in range(len(years))]
    filed = pd.to_datetime([f"{year}-03-15" for year in years])
    frame = pd.DataFrame(
        {
            "application_id": [f"CN{year}1{i:07d}" for i, year in enumerate(years)],
            "authority": "CN", "patent_type": "invention", "application_date": filed,
            "publication_date": filed + pd.DateOffset(months=14), "title": ids,
        },
        index=pd.Index(ids, name="publication_id"),
    ).assign(**columns)  # fmt: skip
    return pnav.PatentSet.from_tables({"publications": frame})


def with_table(patents: pnav.PatentSet, **tables: pd.DataFrame) -> pnav.PatentSet:
    known = {name: getattr(patents, name) for name in patents.tables}
    return pnav.PatentSet.from_tables({**known, **tables})


def owned(patents: pnav.PatentSet, owners: Sequence[str]) -> pnav.PatentSet:
    ids = patents.publications.index
    return with_table(
        patents, parties=pd.DataFrame({"publication_id": ids, "name_raw": owners[: len(ids)]})
    )


def made(study: Study, section: str, lang: str = "zh") -> tuple[Block, ...]:
    """Blocks of one section."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        return tuple(maker(section).make(Edition(study, lang, Cover())))


def told(blocks: Sequence[Block]) -> dict[str, Claim]:
    """Claims of the section by the last part of their id, and its finding's wording as ``key``."""
    texts = [b for b in blocks if isinstance(b, Text)]
    return {c.id.partition(":")[2]: c for t in texts for c in t.claims}


def finding(blocks: Sequence[Block]) -> str:
    return next(b.key for b in blocks if isinstance(b, Text) and b.style == "finding")


def sentences(blocks: Sequence[Block]) -> list[claims.Sentence]:
    return [claims.Sentence("x", b.key, b.claims, b.bare("zh"), b.style == "finding")
            for b in blocks if isinstance(b, Text)]  # fmt: skip


def assert_holds(blocks: Sequence[Block], study: Study) -> None:
    found = claims.check(sentences(blocks), study)
    assert not found, "\n".join(map(str, found))


PEAKED = {2012: 20, 2013: 60, 2014: 200, 2015: 150, 2016: 110, 2017: 80, 2018: 30, 2019: 5}


def test_a_decline_after_a_peak_is_no_growth() -> None:
    # 2018 and later are open: the last publication is of May 2020, 18 months before is 2018.
    study = Study(publications(PEAKED))
    blocks = made(study, "direction.trend")
    seen = told(blocks)
    assert finding(blocks) == "direction.trend.finding.falling"
    assert (seen["peak_year"].value, seen["peak"].value, seen["now"].value) == (2014, 200, 80)
    assert seen["fall"].value == pytest.approx(0.6)
    assert {seen[name].direction for name in ("course", "change", "rate", "fall")} == {-1}
    assert seen["steps"].value is True
    assert_holds(blocks, study)


@pytest.mark.parametrize(
    ("counts", "key"),
    [
        ([20, 40, 80, 160, 320, 400], "rising"),
        ([20, 40, 80, 160, 320, 310], "rising_below"),
        ([20, 300, 100, 50, 90, 150], "recovering"),
        ([20, 300, 100, 200, 150, 90], "falling_again"),
        ([200, 205, 198, 202, 199, 204], "steady"),
        ([30, 300, 100, 98, 101, 99], "settled"),
        ([1, 2, 1, 3, 2, 4], "short"),
    ],
)
def test_every_course_has_its_own_words(counts: list[int], key: str) -> None:
    years = dict(zip(range(2010, 2018), [*counts, 3, 1], strict=True))
    study = Study(publications(years))
    assert study.last_year == 2015
    blocks = made(study, "direction.trend")
    assert finding(blocks) == f"direction.trend.finding.{key}"
    assert_holds(blocks, study)


def test_a_capped_export_tells_no_direction() -> None:
    patents = publications(
        {**dict.fromkeys(range(2008, 2016), 5), 2016: 12, 2017: 300, 2018: 678, 2019: 1}
    )
    signs = pd.DataFrame(
        {"file": ["a.xlsx"], "sign": ["cap"], "column": [None], "rows": [3000], "note": ["3,000"]}
    )
    study = Study(with_table(patents, signs=signs))
    blocks = made(study, "direction.trend")
    assert finding(blocks).rpartition(".")[2] in {"capped", "cliff"}
    assert all(c.direction is None or c.measure == "cliff" for c in told(blocks).values())
    assert finding(made(study, "direction.life_cycle")) == "direction.life_cycle.capped"
    assert_holds(blocks, study)


def test_a_wrong_claim_is_caught() -> None:
    study = Study(publications(PEAKED))
    blocks = made(study, "direction.trend")
    for name, claim in told(blocks).items():
        if claim.kind == "parameter":
            continue
        value = (not claim.value) if isinstance(claim.value, bool) else claim.value + 1
        wrong = dataclasses.replace(claim, value=value)
        found = claims.check([claims.Sentence("x", name, (wrong,))], study)
        assert "recomputed" in [v.rule for v in found], name


def test_one_authority_has_no_section_and_is_a_limit() -> None:
    study = Study(publications(PEAKED))
    assert made(study, "direction.authorities") == ()
    keys = {b.key for b in made(study, "direction.trend") if isinstance(b, Text)}
    assert {"direction.trend.one_office", "direction.trend.one_type"} <= keys


def test_a_section_without_blocks_is_not_there_and_the_others_close_up(tmp_path: Path) -> None:
    outline = tmp_path / "short.toml"
    outline.write_text(
        """title = { zh = "短", en = "Short" }
        [[part]]
        id = "direction"
        number = "1"
        sections = ["trend", "authorities", "life_cycle"]
        """,
        encoding="utf-8",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        report = pnav.report.build(publications(PEAKED), outline, lang="zh", strict=True)
    ids = {s.id: s.number for s in report.sections}
    assert "direction.authorities" not in ids
    assert (ids["direction.trend"], ids["direction.life_cycle"]) == ("1.1", "1.2")


@pytest.mark.parametrize(
    ("owners", "key"),
    [
        (["甲公司"] * 40 + ["乙公司"] * 20 + [f"丙{i}公司" for i in range(40)], "finding"),
        (["甲公司"] * 40 + ["乙公司"] * 60, "few"),
        (["甲公司", "乙公司"] * 50, "alike"),
        (["甲公司"] * 40 + ["乙公司"] * 40 + ["丙公司"] * 20, "equal"),
        ([f"第{i}公司" for i in range(100)], "alike"),
    ],
)
def test_owners_are_told_as_they_are(owners: list[str], key: str) -> None:
    study = Study(owned(publications({2015: 40, 2016: 60}), owners))
    blocks = made(study, "direction.applicants")
    assert finding(blocks) == f"direction.applicants.{key}"
    assert_holds(blocks, study)


def test_one_owner_has_no_sections() -> None:
    study = Study(owned(publications({2015: 40, 2016: 60}), ["甲公司"] * 100))
    assert made(study, "direction.applicants") == ()
    assert made(study, "direction.concentration") == ()


def test_joined_spellings_are_told_only_where_there_are_some() -> None:
    apart = ["甲有限公司", "乙公司", "丙公司", "丁公司", "戊公司"] * 20
    together = ["甲有限公司", "甲 有限公司", "丙公司", "丁公司", "戊公司"] * 20
    for owners, expected in ((apart, False), (together, True)):
        study = Study(owned(publications({2015: 40, 2016: 60}), owners))
        keys = {b.key for b in made(study, "direction.applicants") if isinstance(b, Text)}
        assert any(k.startswith("direction.applicants.joined") for k in keys) is expected


def test_a_change_of_concentration_passes_a_test_or_is_none() -> None:
    spread = [f"第{i % 50}公司" for i in range(200)]
    held = ["甲公司"] * 150 + [f"第{i}公司" for i in range(50)]
    years = {2012: 100, 2013: 100, 2014: 100, 2015: 100, 2018: 1}
    for owners, key in (
        ([*spread, *spread, "甲公司"], "unchanged"),
        ([*spread, *held, "甲公司"], "rising"),
    ):
        study = Study(owned(publications(years), owners))
        blocks = made(study, "direction.concentration")
        assert finding(blocks) == f"direction.concentration.{key}"
        assert told(blocks)["after"].passed is (key == "rising")
        assert_holds(blocks, study)


def test_the_stage_is_told_only_where_curve_and_years_agree() -> None:
    logistic = [2, 4, 10, 22, 50, 105, 190, 270, 270, 190, 105, 50, 22, 10]
    done = dict(zip(range(2000, 2014), logistic, strict=True)) | {2014: 4, 2015: 2}
    growing = dict(
        zip(range(2005, 2016), [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 5], strict=True)
    )
    for counts, key in ((done, "saturation"), (growing, "growing")):
        study = Study(publications(counts))
        blocks = made(study, "direction.life_cycle")
        assert finding(blocks) == f"direction.life_cycle.{key}"
        assert_holds(blocks, study)
    # What was published of the open years is already more than the ceiling.
    refuted = done | {2014: 700, 2015: 500}
    study = Study(publications(refuted), lag_months=30)
    assert finding(made(study, "direction.life_cycle")) == "direction.life_cycle.refuted_receding"


@pytest.fixture(scope="module")
def study() -> Study:
    # The set doubles; T1 grows tenfold, T2 falls, T3 grows less than the set, T4 keeps pace.
    plan = {
        "T1": {2010: 4, 2011: 4, 2012: 4, 2013: 4, 2014: 4, 2015: 40, 2016: 40, 2017: 40, 2018: 40, 2019: 40},
        "T2": dict.fromkeys(range(2010, 2015), 30) | dict.fromkeys(range(2015, 2020), 15),
        "T3": dict.fromkeys(range(2010, 2015), 30) | dict.fromkeys(range(2015, 2020), 35),
        "T4": dict.fromkeys(range(2010, 2015), 20) | dict.fromkeys(range(2015, 2020), 36),
        "T5": {2012: 1, 2017: 2},
        "T6": dict.fromkeys(range(2010, 2020), 9),
    }  # fmt: skip
    label = [(y, t) for t, years in plan.items() for y, n in years.items() for _ in range(n)]
    label = sorted([*label, (2021, "T4")])
    counts = pd.Series([y for y, _ in label]).value_counts().to_dict()
    patents = publications(counts)
    found = pnav.cluster.technologies(_worded(patents, [t for _, t in label]), 3)
    labels = pd.Series([t for _, t in label], index=patents.publications.index, name="technology")
    names = pd.Series({t: t for t in plan} | {"T6": "其余：甲、乙"}, dtype="str")
    given_technologies = dataclasses.replace(found, labels=labels.astype("str"), names=names)
    owners = [f"{t}第{i % 7}公司" for i, (_, t) in enumerate(label)]
    return Study(owned(patents, owners), technologies=given_technologies)


class TestTechnologies:
    """Technologies given by hand, so that the test of their growth is known."""

    def test_slower_than_the_set_though_growing_is_a_state_of_its_own(self, study: Study) -> None:
        states = study.emergence.set_index("group")["state"]
        assert states[["T1", "T2", "T3", "T4", "T5"]].tolist() == [
            "emerging", "declining", "slower", "steady", "too_few",
        ]  # fmt: skip

    def test_the_judgement_leaves_remainders_out_and_holds(self, study: Study) -> None:
        blocks = made(study, "direction.emergence")
        seen = told(blocks)
        counts = {s: seen[s].value for s in ("emerging", "slower", "declining", "steady", "few")}
        assert counts == {"emerging": 1, "slower": 1, "declining": 1, "steady": 1, "few": 1}
        assert_holds(blocks, study)
        table = next(b for b in blocks if getattr(b, "id", "") == "emergence")
        states = table.frame["state"].tolist()
        assert states.index("与整体无显著差别") >= 3  # verdicts come first

    def test_growth_tells_only_what_passed(self, study: Study) -> None:
        blocks = made(study, "direction.growth")
        seen = told(blocks)
        assert (seen["gained"].value, seen["lost"].value) == (1, 2)
        assert seen["gained_name"].value == "T1"
        assert seen["gained_q"].passed
        assert_holds(blocks, study)
        table = next(b for b in blocks if getattr(b, "id", "") == "growth")
        small = table.frame[table.frame["before_count"] < 10]
        assert len(small)
        assert small["growth_index"].isna().all()

    def test_a_remainder_is_not_the_largest_technology(self, study: Study) -> None:
        blocks = made(study, "direction.technologies")
        seen = told(blocks)
        assert finding(blocks) == "direction.technologies.rest"
        assert (seen["n"].value, seen["rest"].value, seen["first"].value) == (5, 1, "T3")
        assert_holds(blocks, study)

    @pytest.mark.parametrize("section", ["direction.strength", "direction.relatedness"])
    def test_leaders_and_relations_hold(self, study: Study, section: str) -> None:
        try:
            blocks = made(study, section)
        except pnav.errors.UnavailableError:
            assert section == "direction.relatedness"
            return
        assert_holds(blocks, study)


def _worded(patents: pnav.PatentSet, labels: list[str]) -> pnav.PatentSet:
    words = {"T1": "固态电解质 烧结", "T2": "量子密钥 偏振", "T3": "焊接机器人 标定"}
    ids = patents.publications.index
    texts = [f"一种{words.get(t, '图像识别 网络')}方法{i % 17}" for i, t in enumerate(labels)]
    return with_table(
        patents,
        texts=pd.DataFrame({"publication_id": ids, "field": "abstract", "language": "zh", "text": texts}),
    )  # fmt: skip


class TestCore:
    """Core patents: at most a tenth as often cited, and the number of criteria that are known."""

    def test_a_tenth_of_the_cohort(self) -> None:
        cited = [100, 50, *[1] * 18, *[0] * 20]
        patents = publications({2015: 40}, forward_citation_count=cited)
        judged = pnav.valuation.core(patents, patents.publications["forward_citation_count"])
        assert judged["cited"].sum() == 2  # twenty are cited as often as the third: half of all
        assert judged["core"].isna().all()  # two criteria at most are known

    def test_unknown_is_not_false(self) -> None:
        judged = pnav.valuation.core(publications({2015: 5}))
        assert judged["cited"].isna().all()
        assert judged["offices"].isna().all()
        assert judged["used"].isna().all()
        assert judged["upheld"].isna().all()

    def test_candidates_where_too_few_criteria_are_known(self) -> None:
        patents = publications({2015: 40, 2016: 40, 2018: 1}, forward_citation_count=range(81))
        study = Study(patents)
        blocks = made(study, "direction.citations")
        assert finding(blocks) == "direction.citations.cited"
        assert told(blocks)["n"].value == 8  # four of either year of forty
        assert told(blocks)["unranked"].value == 1  # cited most of all, in a year of its own
        (table,) = [b for b in blocks if isinstance(b, Table)]
        assert (
            len(table.frame) == 8
        )  # and no other candidate: a patent in force for ten years is none
        assert_holds(blocks, study)

    def test_living_candidates_stand_before_dead_ones(self) -> None:
        """Four of forty are cited most: the first refused, the next in force, pending, untold."""
        states = [*["in_force"] * 36, None, "pending", "in_force", "refused"]
        patents = publications(
            {2015: 40, 2018: 1},
            forward_citation_count=range(41),
            legal_status=[*states, "withdrawn"],
        )
        study = Study(patents)
        blocks = made(study, "direction.citations")
        values = told(blocks)
        assert (values["n"].value, values["living"].value, values["dead"].value) == (4, 2, 1)
        assert values["unknown"].value == 1
        (table,) = [b for b in blocks if isinstance(b, Table)]
        assert table.frame["legal_status"].fillna("").tolist() == ["有效", "审查中", "", "驳回"]
        assert_holds(blocks, study)
        other = with_table(patents, publications=patents.publications.assign(legal_status="lapsed"))
        assert claims.check(sentences(blocks), Study(other))

    def test_two_of_four_known(self) -> None:
        patents = publications({2004: 40, 2018: 1}, forward_citation_count=range(41),
                               legal_status="in_force", source_file="a.xlsx")  # fmt: skip
        ids = patents.publications.index
        events = pd.DataFrame({"publication_id": [ids[39], ids[0], ids[1]],
                               "date": pd.Timestamp("2010-01-01"), "code": "X",
                               "category": ["licence", "pledge", "invalidation"]})  # fmt: skip
        study = Study(with_table(patents, legal_events=events))
        blocks = made(study, "direction.citations")
        assert finding(blocks) == "direction.citations.finding"
        # Cited (36 to 39), licensed (39, 0) and upheld (1); all of 2004 are in force after ten years.
        assert told(blocks)["n"].value == 6
        assert told(blocks)["judged"].value == 40  # the one of another year has no cohort
        assert_holds(blocks, study)

    def test_nothing_known_is_said(self) -> None:
        with pytest.raises(pnav.errors.UnavailableError):
            made(Study(publications({2015: 40})), "direction.citations")


def test_all_of_part_a_holds_on_the_city() -> None:
    city = pnav.datasets.city(n=600)
    study = Study(city.patents)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        report = pnav.report.build(study, lang="en")
    part = [s for s in report.sections if s.id.startswith("direction.")]
    assert len(part) > 8
    found = claims.check([one for s in part for one in _sentences(s, "en")], study)
    assert not found, "\n".join(map(str, found))
