"""What is said of owners and decisions: one test per rule, on claims and results, by reasoning."""

from __future__ import annotations

import pandas as pd

import patentnav as pnav
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
