"""What is said of owners and decisions: one test per rule, on claims and results, by reasoning."""

from __future__ import annotations

import importlib
from typing import Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import operation
from patentnav.report import Cover
from patentnav.report.edition import Edition
from patentnav.report.sections import uses
from patentnav.study import Study, portfolios

from .test_kinds_of_truth import checked, claim_of
from .test_standing_claims import made, rows_of

# Who leads


def led(*rows: list[dict[str, object]]) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Names of the leaders by technology, and the counts of the section, checked."""
    patents, technologies = made([row for part in rows for row in part])
    study = Study(patents, technologies=technologies)
    texts = checked(study, "direction.strength")
    best = study.strength[study.strength["leads"]]
    counts = {n: claim_of(texts, n) for n in ("total", "led", "apart")}
    return {t: sorted(own["name"]) for t, own in best.groupby("group")}, counts


def many(technology: str, owners: int, year: int = 2021) -> list[dict[str, object]]:
    """One application of each of many owners."""
    return [
        row for i in range(owners) for row in rows_of(1, year, technology, f"众{i}机械有限公司")
    ]


def test_a_technology_of_many_small_owners_is_led_by_nobody() -> None:
    # 9 of 109 are less than a tenth; 12 of 112 are more; 4 of 14 are fewer than five.
    leaders, counts = led(
        rows_of(9, 2021, "T1", "甲电池有限公司") + many("T1", 100),
        rows_of(12, 2021, "T2", "乙电池有限公司") + many("T2", 100),
        rows_of(4, 2021, "T3", "丙电池有限公司") + many("T3", 10),
    )
    assert leaders == {"T2": ["乙电池有限公司"]}
    assert counts == {"total": 3, "led": 1, "apart": 2}


def test_who_stopped_or_let_its_rights_lapse_leads_no_more() -> None:
    leaders, _ = led(
        rows_of(40, 2015, "T1", "甲电池有限公司") + rows_of(8, 2021, "T1", "乙电池有限公司"),
        rows_of(40, 2021, "T2", "丙电池有限公司", status="withdrawn")
        + rows_of(8, 2021, "T2", "丁电池有限公司"),
        rows_of(20, 2021, "T3", "丙电池有限公司") + rows_of(8, 2021, "T3", "丁电池有限公司"),
    )
    # What ended in one technology says nothing of another.
    assert leaders == {"T1": ["乙电池有限公司"], "T2": ["丁电池有限公司"], "T3": ["丙电池有限公司"]}


def test_a_set_without_leaders_says_so() -> None:
    patents, technologies = made(
        rows_of(4, 2021, "T1", "甲电池有限公司") + many("T1", 40) + many("T2", 40)
    )
    texts = checked(Study(patents, technologies=technologies), "direction.strength")
    assert texts[0].key == "direction.strength.spread"
    assert claim_of(texts, "apart") == 2


# What a portfolio is, and what completes it


def with_pct(rows: list[dict[str, object]], pct: list[bool]) -> tuple[pnav.PatentSet, object]:
    """Applications of which some are entries of international ones, by their number alone."""
    patents, technologies = made(rows)
    numbers = [f"CN2018{'8' if entered else '1'}{i:07d}" for i, entered in enumerate(pct)]
    parties = patents.parties.assign(
        country=["US" if entered else "CN" for entered in pct for _ in range(1)]
    )
    filed = patents.publications.assign(application_id=numbers)
    tables = {n: getattr(patents, n) for n in patents.tables}
    return pnav.PatentSet.from_tables(
        {**tables, "publications": filed, "parties": parties}
    ), technologies


def test_an_owner_builds_no_portfolio_where_it_stopped_or_lost_most() -> None:
    rows = (
        rows_of(8, 2021, "T1", "甲电池有限公司")  # the one that lives
        + rows_of(8, 2014, "T2", "甲电池有限公司")  # files elsewhere now
        + rows_of(8, 2021, "T3", "甲电池有限公司", status="withdrawn")
        + rows_of(8, 2021, "T4", "甲电池有限公司")
    )
    patents, technologies = made(rows)
    study = Study(patents, technologies=technologies, min_inventions=50, min_pct=10)
    assert set(study.alive_owners) == set(study.owner_names.index)  # on the whole it lives
    assert sorted(study.eligible["technology"]) == ["T1", "T4"]
    checked(study, "path.portfolios")


def test_who_tells_of_pct_is_not_picked_where_those_at_home_tell_nothing() -> None:
    rows = rows_of(30, 2021, "T1", "Far Inc") + [
        row for i in range(6) for row in rows_of(30, 2021, "T1", f"众{i}机械有限公司")
    ]
    patents, technologies = with_pct(rows, [True] * 30 + [False] * 180)
    study = Study(patents, technologies=technologies, min_inventions=50, min_pct=40)
    assert study.eligible["pct"].notna().sum() == 1  # the foreign one
    texts = checked(study, "path.portfolios")
    assert "path.portfolios.needs_pct" in {t.key for t in texts}
    assert (claim_of(texts, "home"), claim_of(texts, "untold")) == (6, 6)
    chosen = {t.key for t in checked(study, "path.selection")}
    assert "path.selection.needs_pct" in chosen
    assert not chosen & {"path.selection.near", "path.selection.missed"}
    ways = [t.key for t in checked(study, "path.additions")]
    assert ways == ["path.additions.needs_pct"]


def test_own_technologies_that_are_nearly_all_near_are_no_way() -> None:
    def study_of(far: int) -> Study:
        rows = rows_of(12, 2021, "T0", "甲电池有限公司")
        for i in range(1, 5):
            rows += rows_of(6, 2021, f"T{i}", "甲电池有限公司")
        rows += rows_of(far, 2021, "T7", "甲电池有限公司")
        patents, technologies = made(rows)
        classes = patents.classifications.assign(
            symbol=["C07K16/28" if r["technology"] == "T7" else "H01M10/0562" for r in rows]
        )
        tables = {n: getattr(patents, n) for n in patents.tables}
        patents = pnav.PatentSet.from_tables({**tables, "classifications": classes})
        return Study(patents, technologies=technologies, min_inventions=50, min_pct=1)

    def moved(study: Study) -> set[str]:
        own = study.additions[study.additions["lever"] == "own_neighbour"]
        names = study.eligible.set_index("portfolio_id")["technology"]
        return set(own["portfolio_id"].map(names))

    # 24 of 24 + 10 are near T0; of 24 + 40 they are fewer than half.
    assert "T0" not in moved(study_of(10))
    assert "T0" in moved(study_of(40))


def test_filings_without_grants_are_near_to_nothing() -> None:
    rows = pd.DataFrame(
        {"inventions": [40, 40, 40, 4], "min_inventions": 50,
         "granted": pd.array([4, 5, None, 4], dtype="Int64")}
    )  # fmt: skip
    assert portfolios.grown(rows).index.tolist() == [1, 2]  # what is not told speaks against nobody


# Who could take over a patent of a university

FAR = [f"水{i}甲阀乙门{i}" for i in range(60)]  # other subjects, so that words differ in weight
SUBJECT = "深海浮力标定装置"
NEAR = "深海浮力自动标定系统"


def offered(*others: dict[str, Any]) -> pnav.PatentSet:
    """An idle patent of a university, those of ``others``, and many of other subjects."""
    first = {"title": SUBJECT, "owners": {"某某大学": "university"}, "status": "in_force"}
    rows = [first, *others]
    rows += [
        {"title": t, "owners": {"众家阀门有限公司": "enterprise"}, "ipc": "F16K1/00"} for t in FAR
    ]
    ids = [f"CN{i}A" for i in range(len(rows))]
    publications = pd.DataFrame(
        {"authority": "CN", "patent_type": [r.get("type", "invention") for r in rows],
         "legal_status": [r.get("status", "pending") for r in rows], "granted": True,
         "application_date": [pd.Timestamp(r.get("filed", "2021-01-01" if i else "2018-01-01"))
                              for i, r in enumerate(rows)],
         "grant_date": [pd.Timestamp("2019-01-01") if r.get("status") == "in_force" else pd.NaT for r in rows],
         "publication_date": pd.Timestamp("2022-06-01"), "title": [r["title"] for r in rows]},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = [
        {
            "publication_id": one,
            "role": "applicant",
            "position": i,
            "name_raw": name,
            "party_type": kind,
        }
        for one, row in zip(ids, rows, strict=True)
        for i, (name, kind) in enumerate(row["owners"].items(), 1)
    ]
    classes = [{"publication_id": one, "scheme": "IPC", "symbol": r.get("ipc", "G01C25/00")}
               for one, r in zip(ids, rows, strict=True)]  # fmt: skip
    return pnav.PatentSet.from_tables(
        {"publications": publications, "parties": pd.DataFrame(parties), "classifications": pd.DataFrame(classes)}
    )  # fmt: skip


def firm(title: str, *names: str, **more: Any) -> dict[str, Any]:
    """An application of firms."""
    return {
        "title": title,
        "owners": dict.fromkeys(names or ("海洋仪器有限公司",), "enterprise"),
        **more,
    }


def named(*others: dict[str, Any]) -> dict[str, str]:
    """Firms named for the university's first patent and the patent that speaks for each."""
    found = operation.transfer(offered(*others), as_of="2023-01-01")
    own = found[found["publication_id"] == "CN0A"]
    return dict(zip(own["firm_name"], own["nearest"], strict=True))


def test_a_patent_that_is_over_or_an_academys_as_well_is_no_need_of_the_firm() -> None:
    joint = {"title": NEAR, "owners": {"海洋仪器有限公司": "enterprise", "海军大学": "university"}}
    assert named(firm(NEAR)) == {"海洋仪器有限公司": "CN1A"}
    assert named(joint, firm("船用缆绳")) == {}
    assert named(firm(NEAR, status="refused"), firm("船用缆绳")) == {}
    later = firm("深海浮力标定系统的校准", status="in_force")  # its own living patent stands for it
    assert named(joint, firm(NEAR, status="refused"), later) == {"海洋仪器有限公司": "CN3A"}


def test_of_titles_alone_what_is_in_common_must_be_what_they_say() -> None:
    carried = importlib.import_module("patentnav.operation.transfer")._told
    titles = ["深海浮力标定装置", NEAR, "深海浮力作业的采矿机器人行走越障履带密封绞车控制", *FAR]
    patents = offered(*[firm(t) for t in titles[1:3]])
    pairs = pd.DataFrame(
        {"publication_id": "CN0A", "nearest": ["CN1A", "CN2A"], "text": [0.7, 0.5]}
    )
    assert carried(patents, pairs, titles=True).tolist() == [True, False]


def test_of_titles_alone_the_two_patents_share_a_main_group() -> None:
    assert named(firm(NEAR)) == {"海洋仪器有限公司": "CN1A"}
    assert named(firm(NEAR, ipc="A61B5/00")) == {}
    # One of a like class beside it does not make the one of like words near.
    assert named(firm(NEAR, ipc="A61B5/00"), firm("船用缆绳")) == {}


def takers(patents: pnav.PatentSet) -> pd.DataFrame:
    study = Study(patents, owner="party")
    found = operation.transfer(study.patents, as_of="2023-01-01", owner="party")
    return uses._takers(Edition(study, "zh", Cover()), found)


def test_two_firms_with_one_patent_as_evidence_are_one_taker() -> None:
    pair = ("海洋仪器有限公司", "海洋网联科技有限公司")
    patents = offered(*[firm(t, *pair) for t in (NEAR, "船用缆绳", "船用锚链")])
    found = takers(patents)
    own = found[found["publication_id"] == "CN0A"]
    assert len(own) == 1
    assert all(name in own["firm_name"].iloc[0] for name in pair)


@pytest.mark.parametrize(("filed", "rows"), [("2018-01-01", 1), ("2019-01-01", 2)])
def test_an_invention_and_a_utility_model_of_one_day_stand_once(filed: str, rows: int) -> None:
    twin = {"title": "一种深海浮力标定方法", "owners": {"某某大学": "university"}, "status": "in_force",
            "type": "utility_model", "filed": filed}  # fmt: skip
    firms = [firm(t) for t in (NEAR, "船用缆绳", "船用锚链")]
    patents = offered(twin, *firms)
    edition = Edition(Study(patents, owner="party"), "zh", Cover())
    shown = pd.DataFrame({"publication_id": ["CN0A", "CN1A"], "title": [SUBJECT, twin["title"]],
                          "applicant": "某某大学", "text_similarity": 0.6, "life_years": 5.0,
                          "firm_name": "海洋仪器有限公司"})  # fmt: skip
    assert len(uses._by_patent(edition, shown)) == rows
