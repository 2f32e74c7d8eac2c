"""What readers of whole reports found false: one test per kind, on claims and results, not on sentences."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts, network, planning
from patentnav.counting import unit_ids
from patentnav.report import Cover
from patentnav.report.blocks import Table, Text
from patentnav.report.build import _sentences
from patentnav.report.edition import Edition
from patentnav.report.registry import maker
from patentnav.report.sections import bounds, collaboration, methods, rivals, talent
from patentnav.study import Study, portfolios

from .test_standing_claims import GROWTH, keys_of, made, report_of, rows_of

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
title = {{ zh = "试", en = "Test" }}
{inputs}
[[part]]
id = "summary"
sections = ["findings"]
[[part]]
id = "direction"
number = "1"
sections = ["trend", "chain", "structure", "growth", "emergence", "applicants", "rivals"]
[[part]]
id = "position"
number = "2"
sections = ["talent", "dependence"]
[[part]]
id = "path"
number = "3"
sections = ["technologies", "branches", "portfolios", "additions", "partners"]
[[part]]
id = "methods"
number = "A"
sections = ["limits"]
"""


def checked(study: Study, section: str) -> list[Text]:
    """Texts of a section, whose claims hold when counted again."""
    edition = Edition(study, "zh", Cover())
    blocks = list(maker(section).make(edition))
    part = SimpleNamespace(id=section, blocks=blocks)
    assert pnav.claims.check(list(_sentences(part, "zh")), study) == []
    return [b for b in blocks if isinstance(b, Text)]


def claim_of(texts: list[Text], name: str) -> Any:
    return next(c.value for t in texts for c in t.claims if c.id.endswith(f":{name}"))


# One count of portfolios


def with_pct(rows: list[dict[str, Any]]) -> tuple[pnav.PatentSet, Any]:
    """Every application was filed under the PCT."""
    patents, technologies = made(rows)
    numbers = [f"PCT/CN2018/{i:06d}" for i in range(len(patents))]
    filed = patents.publications.assign(pct_application_id=numbers)
    tables = {n: getattr(patents, n) for n in patents.tables if n != "publications"}
    return pnav.PatentSet.from_tables({**tables, "publications": filed}), technologies


def test_what_is_left_over_is_no_portfolio_under_any_reading() -> None:
    patents, technologies = with_pct(GROWTH)
    study = Study(patents, technologies=technologies, min_inventions=20, min_pct=2)
    texts = checked(study, "path.portfolios")
    listed = claim_of(texts, "meets")
    assert 0 < listed < study.candidates["meets_gate"].sum()  # one is of what is left over
    assert claim_of(texts, "filed") == listed


# Years of an export that was cut off


def capped(rows: list[dict[str, Any]]) -> tuple[pnav.PatentSet, Any]:
    patents, technologies = made(rows)
    signs = pd.DataFrame(
        {"file": ["a.xlsx"], "sign": ["cap"], "column": [None], "rows": [len(rows)], "note": ["x"]}
    )
    names = ("publications", "parties", "inventors", "texts", "classifications")
    tables = {n: getattr(patents, n) for n in names}
    return pnav.PatentSet.from_tables({**tables, "signs": signs}), technologies


@pytest.mark.parametrize("region", ["", "深圳"])
def test_nothing_grows_or_falls_where_the_export_was_cut_off(tmp_path: Path, region: str) -> None:
    file = tmp_path / "whole.toml"
    file.write_text(WHOLE.format(inputs=""), encoding="utf-8")
    patents, technologies = capped(GROWTH)
    report = pnav.report.build(
        patents, file, "zh", strict=True, technologies=technologies, region=region
    )
    claims = report.claims
    assert not (claims["kind"] == "trend").any()
    assert not claims["measure"].isin(
        ["relative_growth", "state_count", "links_of_state", "shifted", "lately"]
    ).any()  # fmt: skip
    whole = report_of(tmp_path, GROWTH, outline=WHOLE, region=region).claims
    assert (whole["kind"] == "trend").any()
    told = {t.id: t.frame for s in report.sections for t in s.tables}
    for frame in told.values():
        assert not {"relative_growth", "late_growth", "growth_index"} & set(frame.columns)
    roles = told["inventors"]["roles"].dropna().astype(str)
    assert not roles.str.contains("新锐").any()


# Partners are no rivals


def jointly(
    owners: list[tuple[str, ...]], technologies: list[str]
) -> tuple[pnav.PatentSet, pd.DataFrame]:
    ids = [f"CN{1000 + i}A" for i in range(len(owners))]
    publications = pd.DataFrame(
        {"authority": "CN", "application_date": pd.Timestamp("2018-03-01"),
         "publication_date": pd.Timestamp("2020-03-01"), "title": [f"装置{i}" for i in range(len(ids))]},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame(
        [
            {"publication_id": one, "role": "applicant", "position": i, "name_raw": name, "name": name,
             "party_id": name, "party_type": "enterprise"}
            for one, held in zip(ids, owners, strict=True)
            for i, name in enumerate(held, start=1)
        ]
    )  # fmt: skip
    texts = pd.DataFrame({"publication_id": ids, "field": "title", "language": "zh",
                          "text": publications["title"].to_numpy()})  # fmt: skip
    patents = pnav.PatentSet.from_tables(
        {"publications": publications, "parties": parties, "texts": texts}
    )
    return patents, pd.DataFrame({"publication_id": ids, "technology": technologies})


FIRST, ALLY, RIVAL = "甲汽车有限公司", "乙客车有限公司", "丙电器有限公司"


def test_what_two_hold_together_is_no_rivalry() -> None:
    # The ally holds 20 of its 24 with the first; the rival 4 of its 24.
    owners = (
        [(FIRST, ALLY)] * 20
        + [(FIRST,)] * 20
        + [(ALLY,)] * 4
        + [(RIVAL,)] * 20
        + [(FIRST, RIVAL)] * 4
    )
    kinds = ["x"] * 20 + ["y"] * 20 + ["y"] * 4 + ["x"] * 10 + ["y"] * 10 + ["z"] * 4
    patents, of = jointly(owners, kinds)
    held = facts.owners(patents, which="all")
    table = planning.compare(
        patents, held, [FIRST, ALLY, RIVAL], unit="publication", technology_of=of
    ).set_index("owner")
    assert table["joint"].tolist() == [pd.NA, 20, 4]
    assert pd.isna(table.loc[ALLY, "overlap"])
    # Without the four of both: the first 20 of 40 in x and 20 in y, the rival half and half.
    assert table.loc[RIVAL, "overlap"] == pytest.approx(1.0)


def test_the_report_calls_a_partner_one() -> None:
    owners = [(FIRST, ALLY)] * 20 + [(FIRST,)] * 20 + [(ALLY,)] * 4 + [(RIVAL,)] * 12
    patents, of = jointly(owners, ["x"] * 24 + ["y"] * 32)
    found = SimpleNamespace(
        labels=of.set_index("publication_id")["technology"], names=pd.Series({"x": "甲", "y": "乙"}),
    )  # fmt: skip
    study = Study(patents, technologies=found, owner="party")
    texts = checked(study, "direction.rivals")
    assert claim_of(texts, f"joint.{ALLY}") == 20
    named = {str(c.value) for t in texts for c in t.claims if c.measure == "extreme"}
    assert ALLY not in named


def test_a_joint_venture_is_of_both_its_parents() -> None:
    owners = [("通用汽车环球科技运作有限责任公司",)] * 30
    owners += [("上汽通用五菱汽车股份有限公司",)] * 20 + [("上汽大通汽车有限公司",)] * 6
    patents, of = jointly(owners, ["x"] * 30 + ["y"] * 26)
    tables = {n: getattr(patents, n) for n in patents.tables if n != "parties"}
    bare = patents.parties[["publication_id", "role", "position", "name_raw"]]
    patents = pnav.clean.resolve_parties(pnav.PatentSet.from_tables({**tables, "parties": bare}))
    found = SimpleNamespace(
        labels=of.set_index("publication_id")["technology"], names=pd.Series({"x": "甲", "y": "乙"}),
    )  # fmt: skip
    study = Study(patents, technologies=found, owner="group")
    names = study.owner_names
    held = facts.ventures(study.patents, "group")
    assert len(held) == 20
    assert {names[o] for o in held["owner"]} == {"上汽集团"}
    assert {names[o] for o in held["other"]} == {"通用汽车环球科技运作有限责任公司"}
    texts = checked(study, "direction.rivals")
    partner = next(t for t in texts if t.key == "direction.rivals.partner")
    assert (partner.values["joint"].value, partner.values["units"].value) == (20, 26)
    with pytest.raises(pnav.UnavailableError):  # whoever shares a venture is no rival
        _ = study.with_inputs(firm="通用汽车环球科技运作有限责任公司").rivals


# Organisations that always file together


def test_a_pair_that_always_files_together_has_not_chosen_itself() -> None:
    owners = (
        [("父厂", "子厂")] * 9
        + [("子厂",)]
        + [("父厂",)] * 5
        + [("父厂", "学院")] * 2
        + [("学院",)] * 8
    )
    owners += [("孤厂", "父厂")]  # once: nothing is known of a habit
    patents, _ = jointly(owners, ["x"] * len(owners))
    members = facts.owners(patents, which="all")
    ids = unit_ids(patents, "publication")
    found = network.cooperation(patents, members, ids, standing=0.9)
    told = {frozenset((a, b)): s for a, b, s in
            found.pairs[["source_id", "target_id", "standing"]].itertuples(index=False)}  # fmt: skip
    assert told == {
        frozenset({"父厂", "子厂"}): True, frozenset({"父厂", "学院"}): False,
        frozenset({"父厂", "孤厂"}): False,
    }  # fmt: skip
    assert (found.joint, found.standing) == (3, 9)
    assert found.nodes["joint"].to_dict() == {"父厂": 3, "学院": 2, "孤厂": 1, "子厂": 0}
    plain = network.cooperation(patents, members, ids)
    assert (plain.joint, plain.standing) == (12, 0)


def test_the_head_statement_leaves_standing_pairs_out() -> None:
    owners = [("父厂", "子厂")] * 9 + [("父厂",)] * 5 + [("父厂", "学院")] * 3 + [("学院",)] * 8
    patents, _of = jointly(owners, ["x"] * len(owners))
    study = Study(patents, owner="party")
    texts = checked(study, "direction.collaboration")
    assert claim_of(texts, "joint") == 3
    assert claim_of(texts, "standing") == 9
    assert claim_of(texts, "couples") == 1
    assert claim_of(texts, "cooperating") == 2
    assert claim_of(texts, "pair") == "&".join(sorted(("父厂", "学院")))
    assert collaboration.STANDING == 0.9


# A measure that fits everything


def test_a_lever_that_closes_nearly_all_gaps_is_no_advice() -> None:
    names = [f"P{i}" for i in range(10)]
    steps = pd.DataFrame(
        {"portfolio_id": [*names, *names[:5]], "lever": ["own_neighbour"] * 10 + ["partner"] * 5,
         "closes": pd.array([True] * 9 + [False] + [True] * 5, dtype="boolean"),
         "in_smallest": [True] * 15}
    )  # fmt: skip
    assert bounds.common_levers(steps) == {"own_neighbour": 9}
    assert bounds.common_levers(steps[steps["lever"] == "partner"]) == {"partner": 5}
    assert bounds.common_levers(steps.head(4)) == {}  # of four nothing is common


def test_gaps_closed_by_one_lever_are_counted_again() -> None:
    firms = ["甲电池有限公司", "乙光学有限公司", "丙机械有限公司", "丁软件有限公司"]
    rows = [one for firm in firms for t in ("T1", "T2") for one in rows_of(15, 2018, t, firm)]
    patents, technologies = with_pct(rows)
    study = Study(patents, technologies=technologies, min_inventions=20, min_pct=1)
    assert len(study.eligible) == 8  # each lacks five, which its sister of the same class has
    texts = checked(study, "path.additions")
    told = [t for t in texts if t.key == "path.additions.common"]
    assert {c.id.rpartition(".")[2] for t in told for c in t.claims if "alone" in c.id} == {
        "own_neighbour", "alliance",
    }  # fmt: skip
    assert {(t.values["alone"].value, t.values["closable"].value) for t in told} == {(8, 8)}
    assert not any(t.key == "path.additions.line" for t in texts)
    assert claim_of(texts, "closable") == 8


# Families of nobody known


def test_families_without_a_place_are_unknown_and_said_to_be() -> None:
    ids = [f"CN{i}A" for i in range(12)]
    publications = pd.DataFrame(
        {"authority": "CN", "application_date": pd.Timestamp("2018-03-01")},
        index=pd.Index(ids, name="publication_id"),
    )
    parties = pd.DataFrame(
        {"publication_id": ids, "role": "applicant", "name_raw": [f"ACME {i}" for i in range(12)],
         "country": ["CN"] * 7 + [None] * 5}
    )  # fmt: skip
    members = [(f"F{i}", p, "CN") for i, p in enumerate(ids)]
    members += [("F0", "US1A", "US"), ("F8", "US2A", "US")]
    families = pd.DataFrame(members, columns=["family_id", "publication_id", "authority"])
    patents = pnav.PatentSet.from_tables(
        {
            "publications": publications,
            "parties": parties,
            "families": families.assign(scheme="simple"),
        }
    )
    study = Study(patents)
    texts = checked(study, "layout.overseas")
    told = {
        name: claim_of(texts, name) for name in ("total", "home_only", "abroad", "rest", "unplaced")
    }
    assert told["total"] + told["unplaced"] == 12
    assert told["unplaced"] == 5
    assert told["home_only"] + told["abroad"] + told["rest"] == told["total"] == 7


# Names and classes


def test_one_class_each_means_that_the_others_are_not_known() -> None:
    patents, _ = made(GROWTH)
    assert facts.main_class_only(patents)
    more = pd.concat(
        [patents.classifications, patents.classifications.head(1).assign(symbol="B60W30/00")]
    )
    tables = {n: getattr(patents, n) for n in patents.tables if n != "classifications"}
    assert not facts.main_class_only(
        pnav.PatentSet.from_tables({**tables, "classifications": more})
    )


def test_a_branch_of_one_city_does_not_name_its_group() -> None:
    def named(*names: str) -> str:
        held = pd.DataFrame(
            {"publication_id": [f"P{i}" for i in range(len(names))], "owner": "G", "name": names}
        )
        return str(facts.group_names(held)["G"])

    chongqing, beijing = "重庆海雀智能科技有限公司", "北京海雀科技有限公司"
    assert named(*[chongqing] * 6, *[beijing] * 4) == "海雀"
    assert named(*[chongqing] * 9, beijing) == chongqing  # nearly all of the group is that firm's
    assert named(*[chongqing] * 5, *["重庆海雀软件有限公司"] * 5).startswith("重庆海雀")


def moving(*, part: bool) -> Study:
    """T1 "教育" falls; with ``part`` only by its titles on welding, which do not bear the name."""
    rows = []
    for year in range(2010, 2015):
        rows += [(f"教育培训终端{i}", year, "T1") for i in range(10)]
        rows += [(f"焊接仿真平台{i}", year, "T1") for i in range(20)]
        rows += [(f"光学镜片{i}", year, "T2") for i in range(30)]
    for year in range(2015, 2020):
        rows += [(f"教育培训终端{i}", year, "T1") for i in range(20 if part else 2)]
        rows += [(f"焊接仿真平台{i}", year, "T1") for i in range(2 if part else 40)]
        rows += [(f"光学镜片{i}", year, "T2") for i in range(60)]
    ids = [f"CN{100000 + i}A" for i in range(len(rows))]
    dates = pd.to_datetime([f"{year}-05-01" for _, year, _ in rows])
    publications = pd.DataFrame(
        {"title": [r[0] for r in rows], "application_date": dates, "authority": "CN",
         "publication_date": dates + pd.Timedelta(days=200)}, index=ids,
    )  # fmt: skip
    texts = pd.DataFrame({"publication_id": ids, "field": "title", "language": "zh",
                          "text": publications["title"].to_numpy()})  # fmt: skip
    terms = pd.DataFrame(
        {"technology": ["T1"] * 3 + ["T2"], "rank": [1, 2, 3, 1],
         "term": ["教育", "焊接仿真", "培训终端", "光学镜片"]}
    )  # fmt: skip
    found = SimpleNamespace(
        labels=pd.Series([r[2] for r in rows], index=publications.index), terms=terms,
        names=pd.Series({"T1": "教育", "T2": "光学镜片"}),
    )  # fmt: skip
    patents = pnav.PatentSet.from_tables({"publications": publications, "texts": texts})
    return Study(patents, cutoff="2022-05-01", technologies=found)


def test_a_name_that_did_not_move_is_not_said_to() -> None:
    study = moving(part=True)
    assert study.emergence.set_index("group").loc["T1", "state"] == "declining"
    assert study.name_moves["years"]["T1"] == ("焊接仿真",)  # the named part kept pace
    edition = Edition(study, "zh", Cover())
    assert "焊接仿真" in edition.moving_name("T1")
    assert "T1" not in moving(part=False).name_moves.index
    texts = checked(study, "direction.emergence")
    assert any("焊接仿真" in str(t.values.get("names", "")) for t in texts)


def test_a_technology_called_like_a_field_of_the_classes_says_what_it_is() -> None:
    study = moving(part=True)
    found = study.inputs.technologies
    found.names = pd.Series({"T1": "光学", "T2": "光学镜片"})
    names = Edition(study, "zh", Cover()).technology_names
    fields = pnav.taxonomy.load("wipo-35").names("zh")
    assert "光学" in set(fields)
    assert not {name.partition(" ")[2] for name in names.values()} & set(fields)
    assert names["T2"] == "T2 光学镜片"


# People


def test_a_move_rests_on_three_filings(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*rows_of(12, 2018, "T1", "甲电池有限公司", people=["李四"]),
            *rows_of(12, 2018, "T1", "乙光学有限公司", people=["王五"])]  # fmt: skip
    patents, technologies = made(rows)
    study = Study(pnav.clean.resolve_parties(patents), technologies=technologies)
    told = pd.DataFrame(
        {"inventor_id": ["a", "b"], "name": ["a", "b"], "from_owner": "甲", "to_owner": "乙",
         "last_date": pd.Timestamp("2018-01-01"), "first_date": pd.Timestamp("2019-01-01"),
         "from_region": "x", "to_region": "y", "units_before": [1, 1], "units_after": [1, 2],
         "probability": 0.9, "together": False}
    )  # fmt: skip
    monkeypatch.setattr(talent.people_of, "moves", lambda *_: told)
    blocks = list(talent._moves(Edition(study, "zh", Cover()), {"steady_from": 3}))
    table = next(b for b in blocks if isinstance(b, Table) and b.id == "moves").frame
    assert table["inventor"].tolist() == ["b"]
    assert table[["units_before", "units_after"]].to_numpy().tolist() == [[1, 2]]
    said = next(b for b in blocks if isinstance(b, Text) and b.key.endswith("thin_moves"))
    assert said.values["thin"] == 1


# The cover and the limits


def test_a_cover_without_a_title_says_what_the_set_is_about(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH, outline=WHOLE)
    assert "T1" in report.subtitle
    assert "其余" not in report.subtitle
    titled = report_of(tmp_path, GROWTH, outline=WHOLE, title="电池")
    assert titled.subtitle == ""


def test_parts_without_analysis_are_counted_once_each(tmp_path: Path) -> None:
    report = report_of(tmp_path, GROWTH, outline=WHOLE)
    lacking = {s.id for s in report.sections if any(isinstance(b, Text) and b.style == "missing" for b in s.blocks)}  # fmt: skip
    lacking |= {s.id for s, _ in methods.unjudged(report.sections)}  # PCT is told of nobody
    said = next(
        b for b in report.blocks() if isinstance(b, Text) and b.key == "methods.limits.missing"
    )
    assert said.values["count"] == len(lacking)
    assert "methods.limits.main_class" in keys_of(report)


def _candidates(pct: list[int | None]) -> pd.DataFrame:
    missing = [None if n is None else max(10 - n, 0) for n in pct]
    return pd.DataFrame(
        {"portfolio_id": [f"P{i}" for i in range(len(pct))], "owner": "o", "owner_id": "o",
         "technology": "T1", "inventions": 40, "pct_missing": pd.array(missing, dtype="Int64"),
         "min_inventions": 50, "living": 10, "granted": 20, "inventions_missing": 10}
    )  # fmt: skip


def test_portfolios_nearest_to_the_gate_are_those_of_which_pct_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        portfolios.portfolio, "layout",
        lambda _, shown, **__: shown[["portfolio_id"]].assign(units=10, living=shown["living"]),
    )  # fmt: skip
    day = pd.Timestamp("2024-01-01")
    chosen = _candidates([])

    def shown(near: pd.DataFrame) -> pd.DataFrame:
        return portfolios.layout(None, SimpleNamespace(chosen=chosen, near_misses=near), day)

    found = shown(_candidates([None, 4, None, 7]))
    assert found["portfolio_id"].tolist() == ["P1", "P3"]
    assert found["pct_told"].all()
    ended = shown(_candidates([4, 7]).assign(living=[10, 4]))
    assert ended["portfolio_id"].tolist() == ["P0"]
    unknown = shown(_candidates([None, None]))
    assert unknown["portfolio_id"].tolist() == ["P0", "P1"]
    assert not unknown["pct_told"].any()


@pytest.mark.parametrize(
    ("overlaps", "said"),
    [
        ((0.335, 0.334, 0.2, 0.1), []),  # a thousandth ahead is not ahead
        ((0.5, 0.3, 0.2, 0.1), ["overlap"]),
        ((0.5, 0.3, 0.11, 0.1), ["overlap_near"]),
        ((0.1, 0.05, 0.02, 0.01), ["apart"]),
    ],
)
def test_the_closest_owner_is_ahead_of_the_next(
    overlaps: tuple[float, ...], said: list[str]
) -> None:
    table = pd.DataFrame(
        {"owner": list("abcd"), "overlap": overlaps, "rate": None, "in_force_share": None,
         "units": 50, "decided": 0}
    )  # fmt: skip
    assert rivals._sayable(table) == said


@pytest.mark.parametrize("unit", ["application", "family"])
def test_of_families_authorities_are_of_the_documents_exported(unit: str) -> None:
    patents = pnav.datasets.city(n=150, random_state=0).patents
    office = patents.publications["authority"].copy()
    office.iloc[:40] = "US"
    step = pnav.provenance.Step("test", {}, len(patents), len(patents), "0")
    patents = patents.replace(step, publications=patents.publications.assign(authority=office))
    texts = checked(Study(patents, unit=unit), "direction.authorities")
    assert texts
    assert ("direction.authorities.by_document" in {t.key for t in texts}) == (unit == "family")
