"""What readers found false of names, states and evidence: one test per kind, on results."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts, portfolio
from patentnav.findings import rank, surprise
from patentnav.findings.cells import FAMILIES
from patentnav.report.sections import methods
from patentnav.study import Study, naming

from .test_kinds_of_truth import checked, claim_of, jointly
from .test_standing_claims import made, rows_of

# Names


def named(titles: list[str], name: str = "点云") -> tuple[pd.Index, pd.Series, pd.Series]:
    ids = pd.Index([f"CN{i}A" for i in range(len(titles))])
    series = pd.Series(titles, index=ids)
    return ids, series, series.str.contains(name)


def test_a_name_that_half_of_the_titles_do_not_bear_says_nothing() -> None:
    words = ["雷达", "标定", "拼接", "分割", "压缩", "配准", "检测", "重建"]
    assert not naming.says_nothing(*named([f"{w}用点云方法" for w in words]))
    assert naming.says_nothing(
        *named([f"{w}用点云方法" for w in words[:3]] + [f"{w}接收方法" for w in words])
    )


def test_titles_that_are_one_or_begin_alike_are_a_habit() -> None:
    assert naming.says_nothing(*named(["游戏机"] * 6, "游戏"))
    begins = [
        f"一种用于虚拟现实体验的{w}" for w in ["座椅", "平台", "头盔", "手柄", "跑步机", "穿戴"]
    ]
    others = [f"{w}终端的教学系统{i}" for i, w in enumerate("甲乙丙丁戊己庚辛壬癸" * 20)]
    ids = pd.Index([f"CN{i}A" for i in range(len(begins) + len(others))])
    titles = pd.Series(begins + others, index=ids)
    assert naming.says_nothing(ids[: len(begins)], titles, titles.str.contains("体验"))
    # Where many others of the set begin so, it is how the set was searched.
    common = pd.Series(begins * 20, index=[f"US{i}A" for i in range(len(begins) * 20)])
    both = pd.concat([titles, common])
    assert not naming.says_nothing(ids[: len(begins)], both, both.str.contains("体验"))


def test_an_owner_that_is_the_technology_is_no_finding() -> None:
    words = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"]
    owners = (
        [("独家材料有限公司",)] * 40 + [("别家电器有限公司",)] * 5 + [("众家机械有限公司",)] * 60
    )
    patents, of = jointly(owners, ["x"] * 45 + ["y"] * 60)
    titles = [f"{words[i % 10]}型发光材料{i}" for i in range(45)] + [f"泵{i}" for i in range(60)]
    publications = patents.publications.assign(title=titles)
    texts = patents.texts.assign(text=titles)
    tables = {n: getattr(patents, n) for n in patents.tables}
    patents = pnav.PatentSet.from_tables({**tables, "publications": publications, "texts": texts})
    found = SimpleNamespace(
        labels=of.set_index("publication_id")["technology"], names=pd.Series({"x": "发光材料", "y": "泵"}),
    )  # fmt: skip
    study = Study(patents, technologies=found, owner="party")
    assert study.well_named is None  # who gave technologies knows what they are
    borne = naming.bears_name(
        study.patents, lambda: found, lambda: study.technology_of, None
    )  # as if they had been found in the titles
    assert naming.well_named(borne, lambda: study.technology_of) == {"x", "y"}
    seen = SimpleNamespace(
        bears_name=borne,
        technology_of=study.technology_of,
        patents=study.patents,
        owners=study.owners,
    )
    family = next(f.name for f in FAMILIES if f.name == "owner_technology")
    cells = pd.DataFrame(
        {
            "family": family,
            "row": ["独家材料有限公司", "别家电器有限公司"],
            "column": "technology:x",
        }
    )
    assert rank._misnamed(seen, cells).tolist() == [True, False]  # 40 of 45, and 5 of 45


def test_alternatives_of_a_name_are_each_enough() -> None:
    assert naming._phrases("制动与发电机") == [["制动"], ["发电机"]]


# Evidence


@pytest.mark.parametrize("table", [(186, 0, 2000, 160), (60, 40, 300, 400)])
def test_the_number_that_overturns_fails_the_test_and_one_fewer_passes(
    table: tuple[int, ...],
) -> None:
    o, a, b, c = table
    moved = surprise.fewest_to_doubt(table, o, 1.25)
    p = [surprise.exact((o - k, a, b + k, c))[0] for k in (moved - 1, moved)]
    assert p[0] < 0.05 <= p[1]
    assert surprise.fewest_to_doubt(table, 3, 1.25) == 3  # another gate falls before


def test_a_title_that_is_copied_spreads_no_term() -> None:
    roadmap = importlib.import_module("patentnav.planning.roadmap")
    assert roadmap._copied(["头套固定装置"] * 5 + ["固定装置甲", "固定装置乙"])
    assert not roadmap._copied(["固定装置甲", "固定装置乙", "固定装置丙"])


def test_titles_carry_a_pair_by_rare_words_only() -> None:
    titles = ["虚拟现实设备", "虚拟现实设备", "深海浮力自标定装置", "深海浮力标定系统", "浮力装置"]
    titles += [f"虚拟现实显示装置{i}" for i in range(295)]
    ids = [f"CN{i}A" for i in range(len(titles))]
    publications = pd.DataFrame({"title": titles}, index=pd.Index(ids, name="publication_id"))
    texts = pd.DataFrame(
        {"publication_id": ids, "field": "title", "language": "zh", "text": titles}
    )
    patents = pnav.PatentSet.from_tables({"publications": publications, "texts": texts})
    pairs = pd.DataFrame(
        {"publication_id": ["CN0A", "CN2A", "CN2A", "CN0A"], "nearest": ["CN1A", "CN3A", "CN4A", "CN9A"],
         "text": [1.0, 0.7, 0.5, 0.6]}
    )  # fmt: skip
    carried = importlib.import_module("patentnav.operation.transfer")._told
    assert carried(patents, pairs, titles=True).tolist() == [False, True, False, False]
    assert carried(patents, pairs, titles=False).all()


# States and places


def test_a_term_that_runs_on_is_not_over() -> None:
    rows = rows_of(12, 2018, "T1", "甲电池有限公司", status="expired")
    rows += rows_of(3, 1990, "T1", "甲电池有限公司", status="expired")
    patents, technologies = made(rows)
    study = Study(patents, technologies=technologies)
    assert facts.untimely(patents).sum() == 12
    states = study.patents.publications["legal_status"]
    assert (states.isna().sum(), (states == "expired").sum()) == (12, 3)
    assert any(s.name == "study.untimely" and s.parameters["publications"] == 12
               for s in study.patents.provenance)  # fmt: skip


def test_an_office_of_the_owners_own_country_is_not_abroad() -> None:
    ids = [f"US{i}B2" for i in range(6)] + [f"CN{i}A" for i in range(6)]
    publications = pd.DataFrame(
        {"authority": ["US"] * 6 + ["CN"] * 6, "application_date": pd.Timestamp("2019-03-01"),
         "patent_type": "invention", "legal_status": "in_force", "application_id": ids},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    owners = ["Somewhere Inc"] * 6 + ["甲电池有限公司"] * 6
    parties = pd.DataFrame(
        {"publication_id": ids, "role": "applicant", "name_raw": owners,
         "country": [None] * 6 + ["CN"] * 6, "party_type": "enterprise"}
    )  # fmt: skip
    members = [(p, p, p[:2]) for p in ids]
    members += [("US0B2", "JP1A", "JP"), ("CN0A", "US9A", "US"), ("CN1A", "EP9A", "EP")]
    families = pd.DataFrame(members, columns=["family_id", "publication_id", "authority"])
    patents = pnav.PatentSet.from_tables(
        {
            "publications": publications,
            "parties": parties,
            "families": families.assign(scheme="simple"),
        }
    )
    label = pd.Series("T1", index=publications.index)
    found = portfolio.candidates(patents, label, "party", min_inventions=1, min_pct=0)
    table = portfolio.layout(patents, found, as_of="2022-01-01").set_index(
        found.set_index("portfolio_id")["owner"]
    )
    core = {owner.split()[0]: int(n) for owner, n in table["core"].items()}
    assert core == {
        "Somewhere": 1,
        "甲电池有限公司": 2,
    }  # six filings in the US alone are none abroad


# Equals, and what was not done


def test_equal_leaders_all_lead() -> None:
    owners = [("甲汽车有限公司",)] * 6 + [("乙客车有限公司",)] * 6 + [("丙电器有限公司",)] * 5
    patents, of = jointly(owners, ["x"] * 12 + ["y"] * 5)
    found = SimpleNamespace(
        labels=of.set_index("publication_id")["technology"], names=pd.Series({"x": "甲", "y": "乙"}),
    )  # fmt: skip
    study = Study(patents, technologies=found, owner="party")
    texts = checked(study, "direction.strength")
    assert claim_of(texts, "led") == 2
    assert claim_of(texts, "leaders") == 3


def test_results_that_the_data_do_not_carry_are_among_the_limits() -> None:
    said = pnav.report.Text("direction.life_cycle.capped", {}, "finding")
    other = pnav.report.Text("direction.trend.body", {})
    part = SimpleNamespace(id="direction.life_cycle", blocks=(said, other))
    assert [(s.id, t.key) for s, t in methods.unjudged([part])] == [
        ("direction.life_cycle", "direction.life_cycle.capped")
    ]
