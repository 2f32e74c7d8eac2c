"""What is said of owners and decisions: one test per rule, on claims and results, by reasoning."""

from __future__ import annotations

from patentnav.study import Study

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
