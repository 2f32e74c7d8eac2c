"""Claims of parts B, C and the appendix on small sets made by hand: one test per kind of fault."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts
from patentnav.cluster import Technologies
from patentnav.report.blocks import Text
from patentnav.talent.mobility import likeness

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE = """
title = {{ zh = "试", en = "Test" }}
{inputs}
[[part]]
id = "position"
number = "1"
sections = ["region", "industries", "specialisation", "applicant_types", "talent", "legal_status"]
[[part]]
id = "path"
number = "2"
sections = ["technologies", "partners"]
[[part]]
id = "methods"
number = "A"
sections = ["rules", "steps", "limits"]
"""


def made(rows: list[dict[str, Any]]) -> tuple[pnav.PatentSet, Technologies]:
    """A set of applications: year, technology, owners, place, inventors and status of each."""
    ids = [f"CN{100_000_000 + i}A" for i in range(len(rows))]
    filed = pd.to_datetime([f"{row['year']}-03-01" for row in rows])
    publications = pd.DataFrame(
        {
            "application_id": [f"CN2010{10_000_000 + i}" for i in range(len(rows))],
            "authority": [row.get("authority", "CN") for row in rows],
            "kind_code": "A",
            "patent_type": "invention",
            "application_date": filed,
            "publication_date": filed + pd.DateOffset(months=6),
            "title": [f"{row['technology']}装置{i}" for i, row in enumerate(rows)],
            "legal_status": [row.get("status", "in_force") for row in rows],
        },
        index=pd.Index(ids, name="publication_id"),
    )
    # The last publication makes all years of the rows complete.
    publications.iloc[-1, publications.columns.get_loc("publication_date")] = pd.Timestamp(
        "2022-12-01"
    )
    parties = [
        {"publication_id": one, "role": "applicant", "position": i, "name_raw": name,
         "city": row.get("city")}
        for one, row in zip(ids, rows, strict=True)
        for i, name in enumerate(row["owners"], start=1)
    ]  # fmt: skip
    people = [
        {"publication_id": one, "position": i, "name_raw": name}
        for one, row in zip(ids, rows, strict=True)
        for i, name in enumerate(row.get("people", ["张三"]), start=1)
    ]
    texts = pd.DataFrame(
        {"publication_id": ids, "field": "title", "language": "zh",
         "text": publications["title"].to_numpy()}
    )  # fmt: skip
    classes = pd.DataFrame({"publication_id": ids, "scheme": "IPC", "symbol": "H01M10/0562"})
    patents = pnav.PatentSet.from_tables(
        {
            "publications": publications,
            "parties": pd.DataFrame(parties),
            "inventors": pd.DataFrame(people),
            "texts": texts,
            "classifications": classes,
        }
    )
    labels = pd.Series([row["technology"] for row in rows], index=publications.index)
    names = pd.Series({name: name for name in sorted(labels.unique())})
    names = names.mask(names == "T9", "其余：零散")
    empty = pd.DataFrame()
    found = Technologies(
        labels, names, names, names, empty, empty, empty, empty, empty,
        pd.Series(1.0, index=labels.index),
    )  # fmt: skip
    return patents, found


def rows_of(
    count: int, year: int, technology: str, owner: str, **more: Any
) -> list[dict[str, Any]]:
    people = more.pop("people", ["张三"])
    return [
        {"year": year, "technology": technology, "owners": [owner], "people": people, **more}
        for _ in range(count)
    ]


def report_of(
    tmp_path: Path,
    rows: list[dict[str, Any]],
    *,
    inputs: str = "",
    outline: str = OUTLINE,
    **more: Any,
) -> pnav.report.Report:
    patents, technologies = made(rows)
    file = tmp_path / "brief.toml"
    file.write_text(outline.format(inputs=inputs), encoding="utf-8")
    more = {"technologies": technologies, "strict": True, "lang": "zh", **more}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pnav.report.build(patents, file, **more)


def value(report: pnav.report.Report, claim_id: str) -> Any:
    claims = report.claims.set_index("claim_id")
    return claims.loc[claim_id, "value"] if claim_id in claims.index else None


def keys_of(report: pnav.report.Report) -> set[str]:
    return {block.key for block in report.blocks() if isinstance(block, Text)}


# T1 rises (in the region and elsewhere), T2 falls, T9 is what is left over and rises most.
GROWTH = [
    *rows_of(2, 2012, "T1", "甲电池有限公司", city="深圳市"),
    *rows_of(10, 2012, "T1", "乙光学有限公司", city="北京市"),
    *rows_of(30, 2018, "T1", "乙光学有限公司", city="北京市"),
    *rows_of(30, 2018, "T1", "己仪器有限公司", city="北京市"),
    *rows_of(80, 2012, "T2", "丙机械有限公司", city="北京市"),
    *rows_of(30, 2018, "T2", "丙机械有限公司", city="北京市"),
    *rows_of(2, 2012, "T9", "丁软件有限公司", city="北京市"),
    *rows_of(40, 2018, "T9", "丁软件有限公司", city="北京市"),
    *rows_of(20, 2018, "T3", "戊通信有限公司", city="深圳市"),
    *rows_of(20, 2012, "T3", "戊通信有限公司", city="深圳市"),
    *rows_of(1, 2020, "T2", "丙机械有限公司", city="北京市"),
]


def test_without_a_region_nothing_is_strengthened(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH)
    assert value(report, "path.technologies:rising") == 1
    kinds = report.claims.set_index("claim_id")["kind"]
    advice = kinds.index[
        (kinds == "recommendation") & kinds.index.str.startswith("path.technologies")
    ]
    assert not len(advice)


def test_a_course_rests_on_a_test_of_growth_and_one_of_strength(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH, region="深圳")
    study = pnav.Study(*made(GROWTH)[:1], technologies=made(GROWTH)[1], region="深圳")
    courses = study.courses.set_index("technology")["course"]
    assert courses["T1"] == "fill"  # it rises; the region has 2 of 72, significantly fewer
    assert courses["T3"] == "keep"  # the region holds all of it; it does not rise
    assert courses[["T2", "T9"]].isna().all()  # falls; is a remainder
    claims = report.claims.set_index("claim_id")
    advice = claims.loc["path.technologies:advice.T1"]
    cited = advice["rests_on"].split("; ")
    assert {"path.technologies:growth.T1", "path.technologies:advantage.T1"} == set(cited)
    assert (claims.loc[cited, "q"] < 0.05).all()
    # By hand: 2 of the region's 42, 70 of 223 elsewhere.
    assert claims.loc["path.technologies:advantage.T1", "value"] == pytest.approx(
        (2 / 42) / (70 / 223)
    )


def test_a_base_of_one_is_no_ground(tmp_path: Path) -> None:
    rows = [*rows_of(1, 2012, "T1", "甲电池有限公司"), *rows_of(6, 2018, "T1", "甲电池有限公司"),
            *rows_of(20, 2012, "T2", "乙光学有限公司"), *rows_of(40, 2018, "T2", "乙光学有限公司")]  # fmt: skip
    report = report_of(tmp_path, rows)
    assert "path.technologies.none_rising" in keys_of(report)
    assert (report.claims["kind"] != "recommendation").all()


def test_the_dead_are_no_partners(tmp_path: Path) -> None:
    # All three file in T1 enough; one stopped in 2016, one has lost nearly everything.
    rows = [
        *rows_of(40, 2012, "T2", "丙机械有限公司"),
        *rows_of(10, 2020, "T2", "丙机械有限公司"),
        *rows_of(8, 2016, "T1", "停滞视听有限公司"),
        *rows_of(9, 2020, "T1", "失效影像有限公司", status="withdrawn"),
        *rows_of(7, 2020, "T1", "存续光学有限公司"),
    ]
    study = pnav.Study(made(rows)[0], technologies=made(rows)[1])
    assert study.courses.set_index("technology")["wanted"]["T1"]
    assert study.partners["name"].tolist() == ["存续光学有限公司"]
    report = report_of(tmp_path, rows)
    assert value(report, "path.partners:n") == 1
    assert value(report, "path.partners:left_out") == 2
    advised = report.claims[report.claims["kind"] == "recommendation"]
    assert advised["label"].tolist() == ["存续光学有限公司"]


def test_people_of_the_years_are_those_with_a_filing_in_them(tmp_path: Path) -> None:
    rows = [
        *rows_of(5, 2012, "T1", "甲电池有限公司", people=["王早"]),
        *rows_of(5, 2017, "T1", "甲电池有限公司", people=["李中"]),
        *rows_of(5, 2020, "T1", "甲电池有限公司", people=["赵近"]),
    ]
    # The years to 2018 are complete at this date: who files later only does not count for 2014-2018.
    report = report_of(tmp_path, rows, cutoff="2020-12-31")
    last = int(value(report, "position.talent:end"))
    assert last == 2018
    assert value(report, "position.talent:active") == 1
    assert value(report, "position.talent:n") == 3


def test_groups_are_called_by_the_name_of_most_publications() -> None:
    held = pd.DataFrame(
        {
            "publication_id": [f"P{i}" for i in range(10)],
            "owner": "G1",
            "name": ["海河光电子有限公司"] * 6 + ["海河显示技术有限公司"] * 4,
        }
    )
    assert facts.group_names(held)["G1"] == "海河光电子有限公司"
    branches = held.assign(
        name=[f"国网{place}省电力公司" for place in ("河南", "江苏", "山东", "甘肃", "湖北")] * 2
    )
    assert facts.group_names(branches)["G1"] == "国家电网"


def test_co_owners_of_one_group_do_not_hide_its_largest_party() -> None:
    rows = [
        {"year": 2018, "technology": "T1",
         "owners": ["海云天控股(北京)有限公司", "海云天致新电子科技(天津)有限公司"]},
        *rows_of(3, 2018, "T1", "海云天致新电子科技(天津)有限公司"),
    ]  # fmt: skip
    patents = pnav.clean.resolve_parties(made(rows)[0])
    one = patents.replace(
        patents.provenance[-1],
        parties=patents.parties.assign(group_id="G-1", name=patents.parties["name_raw"]),
    )
    names = facts.owners(one, "group", which="all")["name"].unique()
    assert names.tolist() == ["海云天致新电子科技(天津)有限公司"]


def test_an_inventor_beside_the_firm_is_no_owner(tmp_path: Path) -> None:
    rows = [
        {"year": 2018, "technology": "T1", "authority": "US", "people": ["SMITH JOHN A", "LEE ANN"],
         "owners": ["ACME ROBOTICS INC", "JOHN A SMITH", "LEE ANN"]}
        for _ in range(6)
    ]  # fmt: skip
    rows += [{"year": 2018, "technology": "T1", "authority": "US", "people": ["DOE JIM"],
              "owners": ["DOE JIM"]}]  # fmt: skip
    patents, _ = made(rows)
    study = pnav.Study(patents, masked=False)
    names = study.owners.groupby("name")["publication_id"].nunique()
    assert len(names) == 2
    assert sorted(names) == [1, 6]  # the firm, and who filed alone
    report = report_of(tmp_path, rows, lang="en")
    assert value(report, "position.applicant_types:joint") == 0
    assert "position.applicant_types.joint" not in keys_of(report)  # zero is no sentence


def test_the_region_comes_first_with_total_share_and_rank(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH, region="深圳")
    first = next(s for s in report.sections if s.id.startswith("position."))
    assert first.id == "position.region"
    n = len(GROWTH)
    assert value(report, "position.region:count") == 42
    assert value(report, "position.region:share") == pytest.approx(42 / n)
    assert value(report, "position.region:rank") == 2
    assert value(report, "position.region:now") == 20
    assert value(report, "position.region:before") == 22
    # What is about all data is said once in every part, with the sections that are not.
    notes = [(s.part, b.key) for s in report.sections for b in s.blocks
             if isinstance(b, Text) and b.key.startswith("national")]  # fmt: skip
    assert len(notes) == len({part for part, _ in notes})
    assert ("position", "national_these") in notes


def test_places_read_from_names_are_said_to_be(tmp_path: Path) -> None:
    rows = [
        *rows_of(12, 2018, "T1", "深圳市海风科技有限公司"),
        *rows_of(12, 2018, "T1", "甲电池有限公司", city="北京市"),
    ]
    report = report_of(tmp_path, rows, region="深圳")
    assert value(report, "position.region:inferred") == pytest.approx(0.5)


def test_few_units_give_no_rank(tmp_path: Path) -> None:
    rows = [*rows_of(4, 2018, "T1", "甲电池有限公司", city="深圳市"),
            *rows_of(40, 2018, "T1", "乙光学有限公司", city="北京市")]  # fmt: skip
    report = report_of(tmp_path, rows, region="深圳")
    assert "position.region.few" in keys_of(report)
    assert "position.region.finding" not in keys_of(report)


def test_a_report_of_one_firm_says_nothing_of_one_member_groups(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH, applicant="乙光学有限公司")
    sections = [s.id for s in report.sections]
    assert not {"position.region", "position.applicant_types", "path.partners"} & set(sections)
    assert dict(report.facts)["研究对象"] == "乙光学有限公司"
    shares = report.claims[report.claims["kind"] == "share"]
    assert not (shares["value"].astype(float) == 1).any() or set(
        shares.loc[shares["value"].astype(float) == 1, "measure"]
    ) <= {"known_share", "share_of_known"}


MOVES = [
    # One person goes to another firm; "moves" of others are a new name and a namesake at once.
    *rows_of(3, 2014, "T1", "甲电池有限公司", people=["欧阳慕容"]),
    *rows_of(3, 2018, "T1", "乙光学有限公司", people=["欧阳慕容"]),
    *rows_of(3, 2014, "T1", "上海乐橡科技有限公司", people=["司马长风"]),
    *rows_of(3, 2018, "T1", "乐橡科技有限公司", people=["司马长风"]),
]


def test_moves_between_names_of_one_firm_are_unlikely() -> None:
    assert likeness("上海乐橡科技有限公司", "乐橡科技有限公司") == 1.0
    assert likeness("海风科技有限公司", "清源机械有限公司") == 0.0
    patents = pnav.clean.resolve_inventors(pnav.clean.resolve_parties(made(MOVES)[0]))
    moved = pnav.talent.moves(patents)
    for row in moved.to_dict("records"):
        same = "乐橡" in row["from_owner"] and "乐橡" in row["to_owner"]
        assert (row["other_owner"] == 0.0) is same
        assert row["probability"] == pytest.approx(row["same_person"] * row["other_owner"])
    assert set(pnav.talent.moves(patents, min_probability=0.5)["from_owner"]) <= {"甲电池有限公司"}


def test_names_are_masked_unless_the_outline_says_otherwise(tmp_path: Path) -> None:
    def names(report: pnav.report.Report) -> set[str]:
        return set(next(t for t in report.tables if t.id == "inventors").frame["inventor"])

    assert names(report_of(tmp_path, MOVES)).isdisjoint({"欧阳慕容", "司马长风"})
    shown = report_of(tmp_path, MOVES, inputs="inputs = { masked = false }")
    assert {"欧阳慕容", "司马长风"} <= names(shown)
    assert names(report_of(tmp_path, MOVES, inputs="inputs = { masked = false }", masked=True)
                 ).isdisjoint({"欧阳慕容"})  # fmt: skip


def test_the_taxonomy_follows_the_set() -> None:
    patents, _ = made(GROWTH)
    assert pnav.Study(patents).tree.name == "wipo-35"
    assert pnav.Study(patents, region="济南").tree.name == "jinan-ten"
    assert pnav.Study(patents, region="青岛").tree.name == "jinan-ten"
    assert pnav.Study(patents).with_inputs(industry="ict").tree.name == "jinan-ten"
    assert pnav.Study(patents, taxonomy="jinan-ten").tree.name == "jinan-ten"
    foreign = patents.replace(
        patents.provenance[-1], publications=patents.publications.assign(authority="US")
    )
    assert pnav.Study(foreign, region="济南").tree.name == "wipo-35"


def test_the_appendix_has_limits_that_hold_and_no_names_of_parameters(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH)
    texts = [b for b in report.section("methods.limits").blocks if isinstance(b, Text)]
    keys = {text.key for text in texts}
    assert {"methods.limits.one_office", "methods.limits.titles"} <= keys
    assert "methods.limits.legal" not in keys  # every status is known
    steps = next(t for t in report.tables if t.id == "steps").frame
    assert not steps["function"].str.contains("[A-Za-z]").any()


def test_what_does_not_hold_is_listed_or_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from patentnav.claims import recount

    with monkeypatch.context() as patch:
        # The check counts one owner more than there is: the claim of the report must be named.
        entry = recount._MEASURES._entries["technologies_rising"]
        patch.setitem(recount._MEASURES._entries, "technologies_rising",
                      (lambda *_: 99, entry[1]))  # fmt: skip
        with pytest.raises(pnav.errors.ClaimError, match=r"path\.technologies:rising"):
            report_of(tmp_path, GROWTH)
        loose = report_of(tmp_path, GROWTH, strict=False)
    texts = [b for b in loose.section("methods.limits").blocks if isinstance(b, Text)]
    assert any(text.key == "methods.limits.violation" for text in texts)


def test_claims_are_a_sheet_of_the_workbook(tmp_path: Path) -> None:
    import openpyxl

    report = report_of(tmp_path, GROWTH, region="深圳")
    book = openpyxl.load_workbook(report.save(tmp_path / "report.xlsx"))
    sheet = book[book.sheetnames[-1]]
    ids = [row[0] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert ids == report.claims["claim_id"].tolist()
    links = [c.hyperlink for row in sheet.iter_rows(min_row=4) for c in row if c.hyperlink]
    assert links


def test_partners_are_one_measure_with_its_objects_joined(tmp_path: Path) -> None:
    """Recommendations that differ in their object alone are one, here and in the summary."""
    names = [f"存续{word}有限公司" for word in ("光学", "视听", "影像", "机械")]
    rows = [*rows_of(40, 2012, "T2", "丙机械有限公司"), *rows_of(10, 2020, "T2", "丙机械有限公司")]
    for size, name in enumerate(names, start=7):
        rows += rows_of(size, 2020, "T1", name)
    report = report_of(tmp_path, rows)
    advised = report.claims[report.claims["kind"] == "recommendation"]
    assert sorted(advised["label"].unique()) == sorted(names)
    for section in report.sections:
        measures = [
            [c.value for c in b.claims if c.kind == "recommendation"]
            for b in section.blocks
            if isinstance(b, Text) and any(c.kind == "recommendation" for c in b.claims)
        ]
        told = [{*values} for values in measures]
        assert all(len(values) == 1 for values in told)  # one action each
        if section.id == "path.partners":
            assert [len(values) for values in measures] == [4]
