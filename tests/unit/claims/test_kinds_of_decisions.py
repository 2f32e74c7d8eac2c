"""What is said of owners and decisions: one test per rule, on claims and results, by reasoning."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import operation
from patentnav.claims import core as claims_core
from patentnav.claims import players
from patentnav.claims.recount import Recount
from patentnav.report import Cover
from patentnav.report.blocks import Table
from patentnav.report.edition import Edition, leading
from patentnav.report.registry import maker
from patentnav.report.sections import branches, rights, roadmap, uses
from patentnav.study import Study, portfolios
from patentnav.text.documents import titles_only

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
    rows = rows_of(30, 2021, "T1", "Far Inc", authority="US") + [
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


def test_in_a_domestic_set_foreign_owners_are_rivals_and_no_candidates() -> None:
    rows = rows_of(12, 2021, "T1", "谷歌有限责任公司") + rows_of(9, 2021, "T1", "远方有限责任公司")
    rows += rows_of(8, 2021, "T1", "甲电池有限公司") + rows_of(
        7, 2021, "T1", "深圳市乙光学有限公司"
    )
    patents, technologies = made(rows)
    numbers = [f"CN2018{'8' if 12 <= i < 18 else '1'}{i:07d}" for i in range(len(rows))]
    tables = {n: getattr(patents, n) for n in patents.tables}
    filed = patents.publications.assign(application_id=numbers)
    patents = pnav.PatentSet.from_tables({**tables, "publications": filed})
    study = Study(patents, technologies=technologies, min_inventions=50, min_pct=1)
    # A brand known to be foreign; six of nine came in from PCT applications.
    away = study.foreign_owners.rename(index=study.owner_names)
    assert sorted(away.index[away.fillna(value=False)]) == ["谷歌有限责任公司", "远方有限责任公司"]
    assert set(study.eligible["owner"]) == {"甲电池有限公司", "深圳市乙光学有限公司"}
    texts = checked(study, "path.portfolios")
    assert claim_of(texts, "abroad") == 2
    assert claim_of(texts, "all") == 2
    # Where foreign publications are many, the set is no domestic one.
    mixed = patents.publications["authority"].where([i % 5 > 0 for i in range(len(rows))], "US")
    patents = pnav.PatentSet.from_tables(
        {**tables, "publications": filed.assign(authority=mixed.to_numpy())}
    )
    mixed_study = Study(patents, technologies=technologies, min_inventions=50, min_pct=1)
    assert len(mixed_study.eligible) == 4
    assert mixed_study.foreign_candidates.empty


def test_other_technologies_and_competitors_fill_no_gap() -> None:
    # Either of two strangers has what the other lacks, and so has another technology of its own.
    rows = [one for firm in ("甲电池有限公司", "乙光学有限公司") for t in ("T1", "T2")
            for one in rows_of(30, 2021, t, firm)]  # fmt: skip
    patents, technologies = with_pct(rows, [i % 30 < 6 for i in range(120)])
    study = Study(patents, technologies=technologies, min_inventions=50, min_pct=10)
    levers = set(pnav.portfolio.additions(study.patents, study.eligible, as_of=study.day)["lever"])
    assert {"own_neighbour", "alliance"} <= levers
    assert study.additions.empty

    def with_allies(**more: object) -> set[str]:
        rows = study.eligible.groupby("technology")["owner_id"].agg(list)
        tied = [{"technology": t, "leader": own[0], "partner": own[1], "competitors": pd.NA, **more}
                for t, own in rows.items()]  # fmt: skip
        later = portfolios.additions(
            study.patents, study.eligible, study.day, lambda: pd.DataFrame(tied)
        )
        return set(later["lever"])

    assert with_allies() == {"alliance"}  # one list of allies, that of the section on alliances
    assert with_allies(competitors=True) == set()
    assert with_allies(technology="T9") == set()


def test_nobody_is_an_ally_for_one_pct_application() -> None:
    eligible = pd.DataFrame(
        {"portfolio_id": ["P1", "P2", "P3"], "owner_id": ["a", "b", "c"], "technology": "T1",
         "inventions_missing": [0, 19, 5], "pct_missing": pd.array([1, 0, 0], dtype="Int64"),
         "min_inventions": 50, "min_pct": 10}
    )  # fmt: skip
    rows = pd.DataFrame({"portfolio_id": ["P1", "P2", "P3"], "with_id": ["P2", "P1", "P2"]})
    tied = pd.DataFrame({"technology": "T1", "leader": ["a", "b"], "partner": ["b", "c"],
                         "competitors": False})  # fmt: skip
    assert portfolios._tied(rows, eligible, tied).tolist() == [False, True, False]


def test_what_adds_to_no_count_that_lacks_is_no_help() -> None:
    eligible = pd.DataFrame(
        {"portfolio_id": ["P1", "P2"], "inventions_missing": [0, 3],
         "pct_missing": pd.array([1, None], dtype="Int64")}
    )  # fmt: skip
    rows = pd.DataFrame(
        {"portfolio_id": ["P1", "P1", "P2", "P2"],
         "inventions": pd.array([1, 1, 1, 0], dtype="Int64"), "pct": pd.array([0, 1, 0, 1], dtype="Int64")}
    )  # fmt: skip
    assert portfolios._helps(rows, eligible).tolist() == [False, True, True, False]


def test_those_called_nearest_are_the_nearest_by_the_rule() -> None:
    def owned(name: str, size: int, **more: Any) -> list[dict[str, object]]:
        return rows_of(size, 2021, "T1", name, **more)

    names = [f"{n}电池有限公司" for n in "甲乙丙丁戊"]
    rows = [one for name, size in zip(names, (26, 40, 49, 33, 24), strict=True)
            for one in owned(name, size)]  # fmt: skip
    rows += owned("己电池有限公司", 45, status="pending")  # none granted
    patents, technologies = with_pct(rows, [True] * len(rows))
    tables = {n: getattr(patents, n) for n in patents.tables}
    home = patents.parties.assign(country="CN")  # filed abroad first, and brought home
    patents = pnav.PatentSet.from_tables({**tables, "parties": home})
    study = Study(patents, technologies=technologies, min_inventions=50, min_pct=10)
    texts = checked(study, "path.selection")
    told = [t.values["lacks"].values["inventions"].value for t in texts if t.key.endswith("missed")]
    assert told == [1, 10, 17]  # of four, 24 lacking: of 24 held more than half is missing
    assert "path.selection.nearest" in {t.key for t in texts}
    assert study.layout["owner"].tolist() == [names[2], names[1], names[3], names[0]]


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


# What is core


def test_grants_of_taiwan_are_grants_and_examined_ones_of_japan_are_not() -> None:
    members = {
        "US1A1": ["US1A1", "US11B2", "TWI512345B", "KR101B1"],
        "US2A1": ["US2A1", "US21B2", "JPS6012345B2", "KR201B1"],  # published after examination
        "US3A1": ["US3A1", "US31B2", "TWM612345U", "KR301B1"],  # a utility model
        "US4A1": ["US4A1", "US41B2", "BRPI0212345B1", "EP401B1"],
    }
    ids = list(members)
    publications = pd.DataFrame(
        {"authority": "US", "granted": False, "application_date": pd.Timestamp("2015-01-01"),
         "publication_date": pd.Timestamp("2016-01-01"), "title": ids},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    rows = [(one, one, m) for one, own in members.items() for m in own]
    families = pd.DataFrame(rows, columns=["family_id", "ours", "publication_id"])
    families = families.assign(scheme="simple", authority=families["publication_id"].str[:2])
    patents = pnav.PatentSet.from_tables(
        {"publications": publications, "families": families.drop(columns="ours")}
    )
    offices = pnav.valuation.core(patents)["offices"].fillna(value=False)
    assert offices.to_dict() == {"US1A1": True, "US2A1": False, "US3A1": False, "US4A1": True}
    study = Study(patents)
    again = claims_core.granted_offices(Recount(study))
    assert {p for p, told in again.items() if told} == {"US1A1", "US4A1"}


def test_own_citations_do_not_count_where_they_are_told() -> None:
    rows = rows_of(40, 2015, "T1", "甲电池有限公司")
    patents, technologies = made(rows)
    publications = patents.publications.assign(
        forward_citation_count=[9, 9, *range(4)] + [1] * 34,
        forward_self_citation_count=[8, 2, *range(4)] + [0] * 34,
    )
    tables = {n: getattr(patents, n) for n in patents.tables}
    study = Study(
        pnav.PatentSet.from_tables({**tables, "publications": publications}),
        technologies=technologies,
    )
    source, counts = study.received
    assert source == "others"
    assert counts.iloc[:4].tolist() == [1, 7, 0, 0]
    texts = checked(study, "direction.citations")  # one of nine cited by others five times
    assert claim_of(texts, "n") == 1


def test_citations_of_the_set_by_its_own_owner_do_not_count() -> None:
    rows = rows_of(20, 2015, "T1", "甲电池有限公司") + rows_of(20, 2016, "T1", "乙电池有限公司")
    patents, technologies = made(rows)
    ids = list(patents.publications.index)
    edges = [(ids[i], ids[0]) for i in range(1, 8)]  # by its own owner
    edges += [(ids[20 + i], ids[1]) for i in range(6)]  # by another one
    citations = pd.DataFrame(edges, columns=["citing_id", "cited_id"])
    tables = {n: getattr(patents, n) for n in patents.tables}
    study = Study(
        pnav.PatentSet.from_tables({**tables, "citations": citations}), technologies=technologies
    )
    source, counts = study.received
    assert (source, counts[ids[0]], counts[ids[1]]) == ("links", 0, 6)
    checked(study, "direction.citations")


def test_states_of_the_candidates_add_up() -> None:
    states = ["in_force", "pending", "refused", "international_ended", None]
    rows = rows_of(40, 2015, "T1", "甲电池有限公司")
    patents, technologies = made(rows)
    publications = patents.publications.assign(
        forward_citation_count=[9] * 4 + [0] * 36,
        legal_status=[states[0], states[2], states[3], states[4]] + ["in_force"] * 36,
    )
    tables = {n: getattr(patents, n) for n in patents.tables}
    study = Study(
        pnav.PatentSet.from_tables({**tables, "publications": publications}),
        technologies=technologies,
    )
    texts = checked(study, "direction.citations")
    told = [claim_of(texts, name) for name in ("living", "dead", "phase", "unknown")]
    assert told == [1, 1, 1, 1]
    assert sum(told) == claim_of(texts, "n")


# Technologies of the same owners

NARROW = 60


def shared_by(broad: int, planted: int) -> Study:
    """Owners of two of twelve technologies in turn, ``broad`` ones of all, ``planted`` ones of T00 and T01."""
    names = [f"T{i:02d}" for i in range(12)]
    rows: list[dict[str, object]] = []
    for i in range(NARROW):  # every distance of two technologies as often as any other
        one, other = names[i % 12], names[(i % 12 + 1 + i // 12) % 12]
        rows += rows_of(1, 2021, one, f"窄{i}机械有限公司") + rows_of(
            1, 2021, other, f"窄{i}机械有限公司"
        )
    for i in range(broad):
        rows += [r for t in names for r in rows_of(1, 2021, t, f"广{i}集团有限公司")]
    for i in range(planted):
        rows += rows_of(1, 2021, "T00", f"专{i}仪器有限公司") + rows_of(
            1, 2021, "T01", f"专{i}仪器有限公司"
        )
    patents, technologies = made(rows)
    return Study(patents, technologies=technologies, owner="party")


def test_owners_in_everything_make_no_pair_related() -> None:
    study = shared_by(broad=20, planted=0)
    pairs = study.related.set_index(["source", "target"])
    assert study.related.attrs["through"] == "owners"
    # Sizes alone: 30 of 80 are in either, so that 11.25 are expected and 21 are found nearly everywhere.
    assert (pairs["count"] >= 20).all()
    assert (pairs["z"].abs() < 2).all()
    with pytest.raises(pnav.UnavailableError):
        checked(study, "direction.relatedness")


def test_a_pair_that_owners_hold_together_stands_out_all_the_same() -> None:
    study = shared_by(broad=20, planted=40)
    pairs = study.related.set_index(["source", "target"])
    assert pairs["z"].idxmax() == ("T00", "T01")
    assert (pairs["z"].drop(("T00", "T01")) < 2).all()
    texts = checked(study, "direction.relatedness")
    assert claim_of(texts, "n") == 1


# Who is new


def entered(before: int, stayed: int, new: int) -> list[Any]:
    """Texts of a set in which so many owners were there before, and so many came."""
    rows = [r for i in range(before) for r in rows_of(2, 2014, "T1", f"旧{i}机械有限公司")]
    rows += [r for i in range(stayed) for r in rows_of(2, 2019, "T1", f"旧{i}机械有限公司")]
    rows += [r for i in range(new) for r in rows_of(3, 2019, "T1", f"新{i}机械有限公司")]
    patents, technologies = made([*rows, *rows_of(1, 2020, "T1", "新0机械有限公司")])
    study = Study(patents, technologies=technologies)
    assert study.last_year >= 2020
    return checked(study, "direction.strength")


def test_where_nearly_everybody_is_new_no_entrants_are_counted() -> None:
    texts = entered(before=3, stayed=3, new=57)  # 57 of 60
    keys = {t.key for t in texts}
    assert "direction.strength.all_new" in keys
    assert not any("entrants" in key for key in keys)
    told = [
        claim_of(texts, n) for n in ("recent_pairs", "new_pairs", "units_before", "units_recent")
    ]
    assert told == [60, 57, 6, 178]
    assert any("entrants" in t.key for t in entered(before=20, stayed=20, new=40))  # two thirds


# Ranks


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ([9, 8, 7], 3),  # no more than asked for
        ([9, 8, 7, 6, 5], 4),
        ([9, 8, 7, 6, 6, 5], 5),  # the fifth is equal to the fourth
        ([9, 8, 7] + [6] * 9, 3),  # so many are equal that none of them is
        ([6] * 9, 0),
    ],
)
def test_a_list_is_not_cut_among_equals(sizes: list[int], kept: int) -> None:
    named = {f"P{i}": n for i, n in enumerate(sizes)}
    assert len(leading(pd.Series(named), 4)) == kept
    assert players.first_of(named, 4) == list(named)[:kept]


def test_leaders_that_work_alone_are_counted_with_all_equals() -> None:
    rows = [r for i in range(9) for r in rows_of(20 - i, 2021, "T1", f"大{i}机械有限公司")]
    rows += [r for i in range(3) for r in rows_of(5, 2021, "T1", f"并{i}机械有限公司")]  # rank 10
    rows += rows_of(1, 2021, "T1", "小机械有限公司")
    rows += [
        {"year": 2021, "technology": "T1", "owners": ["大0机械有限公司", "小机械有限公司"]}
    ] * 2
    patents, technologies = made(rows)
    texts = checked(Study(patents, technologies=technologies), "direction.collaboration")
    assert (claim_of(texts, "leading"), claim_of(texts, "alone")) == (12, 11)


def test_american_applications_that_name_inventors_alone_say_so() -> None:
    person = {"owners": ["John Smith"], "people": ["John Smith"], "year": 2021, "technology": "T1"}
    rows = [
        {**person, "authority": "US"},
        {**person, "authority": "CN"},  # who applies there is the applicant
        {**person, "authority": "US", "owners": ["John Smith", "Motors Inc"]},
        *rows_of(3, 2021, "T1", "甲电池有限公司"),
    ]
    patents, technologies = made(rows)
    edition = Edition(Study(patents, technologies=technologies), "zh", Cover())
    names, said = edition.filed_names(), edition.word("inventors_only")
    assert (names == said).tolist() == [True, False, False, False, False, False]


@pytest.mark.parametrize(("year", "inventors"), [(2012, True), (2013, False)])
def test_until_2012_only_inventors_could_apply_in_america(year: int, inventors: bool) -> None:
    person = {"owners": ["John Smith"], "year": year, "technology": "T1", "authority": "US"}
    patents, technologies = made([person, *rows_of(3, 2021, "T1", "甲电池有限公司")])
    tables = {n: getattr(patents, n) for n in patents.tables if n != "inventors"}
    patents = pnav.PatentSet.from_tables(
        {
            **tables,
            "parties": patents.parties.assign(party_type=["individual"] + ["enterprise"] * 3),
        }
    )
    edition = Edition(Study(patents, technologies=technologies), "zh", Cover())
    assert (edition.filed_names().iloc[0] == edition.word("inventors_only")) == inventors


# What is filtered before it is told: roads, branches, rights, takers


@pytest.mark.parametrize(
    ("starts", "drawn"),
    [([2015] * 6 + [2018], False), ([2012] * 2 + [2015] * 3 + [2018] * 2, True)],
)
def test_points_of_one_time_are_no_road(
    monkeypatch: pytest.MonkeyPatch, starts: list[int], drawn: bool
) -> None:
    nodes = pd.DataFrame(
        {"publication_id": [f"CN{100_000_000 + i}A" for i in range(len(starts))], "start": starts,
         "end": [s + 2 for s in starts], "year": starts, "technology": "T1", "term": "x", "followers": 3}
    )  # fmt: skip
    found = SimpleNamespace(nodes=nodes, method="terms", edges=pd.DataFrame(), linked=0)
    monkeypatch.setattr(roadmap.planning, "roadmap", lambda *_, **__: found)
    patents, technologies = made(rows_of(20, 2021, "T1", "甲电池有限公司"))
    edition = Edition(Study(patents, technologies=technologies), "zh", Cover())
    blocks = roadmap.roadmap(edition)
    if drawn:
        assert next(iter(blocks)).key == "direction.roadmap.terms"
    else:
        with pytest.raises(pnav.UnavailableError, match="road"):
            next(iter(blocks))


def test_no_branch_leads_to_a_small_or_dead_technology() -> None:
    size, late = branches._SIZE, branches._SOLID
    rows = rows_of(size, 2015, "T1", "甲电池有限公司") + rows_of(late, 2021, "T1", "甲电池有限公司")
    rows += rows_of(size, 2015, "T2", "甲电池有限公司") + rows_of(
        late - 1, 2021, "T2", "甲电池有限公司"
    )
    rows += rows_of(size - 1, 2021, "T3", "甲电池有限公司")  # all of late, and too few
    patents, technologies = made(rows)
    study = Study(patents, technologies=technologies)
    whole, recent = branches._of_late(
        study, study.technology_of["technology"], study.technology_of["publication_id"]
    )
    assert whole.to_dict() == {"T1": size + late, "T2": size + late - 1, "T3": size - 1}
    assert recent.to_dict() == {"T1": late, "T2": late - 1, "T3": size - 1}
    seen = SimpleNamespace(
        technology_of=study.technology_of, patents=study.patents, unit_ids=study.unit_ids,
        recent=study.recent, relative_growth=None,
    )  # fmt: skip
    assert branches._alive(seen) == ["T1"]


def test_a_technology_that_falls_behind_is_no_branch() -> None:
    rows = [r for t in ("T1", "T2", "T3") for r in rows_of(60, 2021, t, "甲电池有限公司")]
    patents, technologies = made(rows)
    study = Study(patents, technologies=technologies)
    states = pd.DataFrame(
        {"group": ["T1", "T2", "T3"], "state": ["steady", "declining", "steady"],
         "late_growth": [1.2, 1.0, 0.5], "late_q": [0.01, 0.5, 0.01]}
    )  # fmt: skip
    seen = SimpleNamespace(
        technology_of=study.technology_of, patents=study.patents, unit_ids=study.unit_ids,
        recent=study.recent, relative_growth=pd.Series(dtype=float), emergence=states,
    )  # fmt: skip
    assert branches._alive(seen) == ["T1"]


def test_an_owner_that_files_no_more_is_sent_nowhere() -> None:
    least = branches._LEAST
    rows = rows_of(least, 2021, "T1", "甲电池有限公司") + rows_of(
        least - 1, 2021, "T1", "乙电池有限公司"
    )
    rows += rows_of(30, 2018, "T1", "丙电池有限公司")
    patents, technologies = made(rows)
    study = Study(patents, technologies=technologies)
    assert [study.owner_names[o] for o in branches._filing(study)] == ["甲电池有限公司"]


@pytest.mark.parametrize(("known", "told"), [(50, True), (49, False)])
def test_rights_are_told_where_half_of_the_states_are_known(known: int, told: bool) -> None:
    rows = rows_of(100, 2018, "T1", "甲电池有限公司")
    patents, technologies = made(rows)
    states = patents.publications["legal_status"].mask([i >= known for i in range(100)])
    states.iloc[-1] = "unknown"  # a word for not known is not known
    tables = {n: getattr(patents, n) for n in patents.tables}
    changed = pnav.PatentSet.from_tables(
        {**tables, "publications": patents.publications.assign(legal_status=states)}
    )
    study = Study(changed, technologies=technologies)
    if told:
        rights._told(study)
    else:
        with pytest.raises(pnav.UnavailableError):
            rights._told(study)


def test_a_rank_that_one_measure_moves_far_is_not_told() -> None:
    """Of 20 cells ranks may range over fewer than five places."""
    cells = pd.DataFrame(
        {"group": [f"T{i:02d}" for i in range(20)], "authority": "CN", "in_force": 30, "holders": 9,
         "top_share": 0.5, "remaining_life": 9.0, "expiring": 0, "rank": range(1, 21),
         "rank_low": [1, 1, 1, 4, *range(5, 21)], "rank_high": [2, 6, 5, 8, *range(5, 21)],
         "index": 0.5, "disputes": pd.NA}
    )  # fmt: skip
    cells.attrs = {"components": ("in_force",)}
    names = {t: t for t in cells["group"]}
    patents, technologies = made([r for t in names for r in rows_of(2, 2021, t, "甲电池有限公司")])
    study = Study(patents, technologies=technologies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rights.indicators, "barriers", lambda *_, **__: cells)
        blocks = list(rights.control(Edition(study, "zh", Cover())))
    lines = [b for b in blocks if getattr(b, "key", "").startswith("direction.control.line")]
    said = [str(line.values["technology"]) for line in lines]
    assert [t.split()[0] for t in said] == ["T02", "T03"]  # 1 to 6 is told of nobody


def test_who_could_take_over_files_on_its_own_and_more_than_twice() -> None:
    alone = [firm(t) for t in (NEAR, "船用缆绳", "船用锚链")]
    assert len(takers(offered(*alone))) == 1
    assert takers(offered(*alone[:2])).empty  # two filings
    school = {"海洋仪器有限公司": "enterprise", "海军大学": "university"}
    joint = [{"title": t, "owners": school} for t in (NEAR, "船用缆绳", "船用锚链")]
    assert takers(offered(*joint)).empty  # the hand of a university


def test_what_is_not_granted_is_not_handed_on() -> None:
    alone = [firm(t) for t in (NEAR, "船用缆绳", "船用锚链")]
    patents = offered(*alone)
    states = patents.publications["legal_status"].mask(
        patents.publications.index == "CN0A", "pending"
    )
    granted = patents.publications["grant_date"].mask(patents.publications.index == "CN0A")
    tables = {n: getattr(patents, n) for n in patents.tables}
    waiting = pnav.PatentSet.from_tables(
        {
            **tables,
            "publications": patents.publications.assign(legal_status=states, grant_date=granted),
        }
    )
    found = operation.transfer(waiting, as_of="2023-01-01")
    assert "CN0A" in set(found["publication_id"])
    assert takers(waiting).empty


@pytest.mark.parametrize("bare", [True, False])
def test_titles_alone_tell_no_substitutes(bare: bool) -> None:
    owners = [f"家{i % 12}机械有限公司" for i in range(60)]
    rows = [r for o in owners for r in rows_of(1, 2021, "T1", o)]
    patents, technologies = made(rows)
    texts = patents.texts
    if not bare:
        body = texts.assign(
            field="abstract", text=[f"一种装置，包括部件{i}和阀门" for i in range(len(texts))]
        )
        texts = pd.concat([texts, body])
    tables = {n: getattr(patents, n) for n in patents.tables}
    study = Study(pnav.PatentSet.from_tables({**tables, "texts": texts}), technologies=technologies)
    assert titles_only(study.patents) == bare
    edition = Edition(study, "zh", Cover())
    blocks = list(maker("path.pools").make(edition))
    table = next(b for b in blocks if getattr(b, "id", "") == "pool_list")
    assert ("substitutes" in table.frame) != bare
    assert any(getattr(b, "key", "") == "path.pools.titles" for b in blocks) == bare
    checked(study, "path.pools")


def test_who_always_files_with_a_larger_one_leads_nothing() -> None:
    joint = rows_of(10, 2021, "T1", "甲电池有限公司")
    for row in joint:
        row["owners"] = ["甲电池有限公司", "乙光学有限公司"]
    leaders, counts = led(
        joint, many("T1", 20), rows_of(6, 2021, "T2", "甲电池有限公司"), many("T2", 10)
    )
    # Ten each by halves; the second holds nothing else.
    assert leaders == {"T1": ["甲电池有限公司"], "T2": ["甲电池有限公司"]}
    assert counts["led"] == 2
    for row in joint[:2]:
        row["owners"] = ["乙光学有限公司"]
    own, _ = led(joint, rows_of(1, 2021, "T1", "甲电池有限公司"), many("T1", 20),
                 rows_of(6, 2021, "T2", "甲电池有限公司"), many("T2", 10))  # fmt: skip
    assert own["T1"] == ["乙光学有限公司"]  # eight of ten are no habit


def tables_of(study: Study, section: str) -> dict[str, Table]:
    blocks = maker(section).make(Edition(study, "zh", Cover()))
    return {b.id: b for b in blocks if isinstance(b, Table)}


def test_the_largest_of_a_handful_is_not_named() -> None:
    rows = [one for n, size in zip("甲乙丙丁", (5, 4, 4, 2), strict=True)
            for one in rows_of(size, 2021, "T1", f"{n}电池有限公司")]  # fmt: skip
    rows += [one for n, size in zip("戊己庚辛", (4, 4, 4, 2), strict=True)
             for one in rows_of(size, 2021, "T2", f"{n}光学有限公司")]  # fmt: skip
    patents, technologies = made(rows)
    shown = tables_of(Study(patents, technologies=technologies), "path.pools")["pool_list"].frame
    told = shown.set_index("technology")["largest"]
    assert [n for n in told if pd.notna(n)] == ["甲电池有限公司"]
    assert shown["largest_share"].isna().sum() == 1


def test_leaders_stand_with_their_last_year() -> None:
    rows = rows_of(8, 2020, "T1", "甲电池有限公司") + rows_of(1, 2021, "T1", "乙光学有限公司")
    patents, technologies = made(rows + many("T2", 9))
    shown = tables_of(Study(patents, technologies=technologies), "direction.strength")["leaders"]
    assert sorted(shown.frame["leader_since"]) == ["分散", "甲电池有限公司（2020年）"]
