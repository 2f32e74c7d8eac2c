"""States, pace and forecast of targets: goldens, bases of zero, missing and part years."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from patentnav import kpi


def told(kind: str, values: dict[str, float], *, target: float = 50, reading: str = "",
         as_of: str = "2020-12-31", base: float | None = None, **more: Any) -> pd.Series:  # fmt: skip
    targets = pd.DataFrame([{"id": "k", "type": kind, "target": target, "by": 2021, "base_year": 2018,
                             "base": base, "op": ">=", "class": "U", "unit": "", **more}])  # fmt: skip
    rows = [{"kpi": "k", "period": p, "value": v, "source": "s"} for p, v in values.items()]
    return kpi.evaluate(targets, pd.DataFrame(rows) if rows else None, as_of, reading=reading).iloc[
        0
    ]


def test_stock_golden() -> None:
    # B 10, T 50, 2018 to 2021, X 30 in 2020: P = 10 + 40 * 2/3, pi = 20/26.67, 30 + 20/2, 20.
    row = told("stock", {"2020": 30}, base=10)
    assert row["planned"] == pytest.approx(36.7, abs=0.04)
    assert row[["pace", "forecast", "need"]].tolist() == pytest.approx([0.75, 40, 20])
    assert row["state"] == "behind"


def test_growth_golden() -> None:
    # 100 to 180 in two years is 34.2 % a year; 40 % asks for 274.4, so the last year needs 52.4 %.
    row = told("growth", {"2018": 100, "2020": 180}, target=0.4)
    assert row["attainment"] * 0.4 == pytest.approx(0.3416, abs=1e-4)
    assert row["need"] == pytest.approx(0.5244, abs=1e-4)
    assert row["planned"] == pytest.approx(196)
    for rate, factor in ((0.4, 2.744), (0.3, 2.197)):
        met = told("growth", {"2018": 1, "2021": factor}, target=rate, as_of="2021-12-31")
        assert met["state"] == "met"
        short = told("growth", {"2018": 1, "2021": factor - 0.001}, target=rate, as_of="2021-12-31")
        assert short["state"] != "met"


@pytest.mark.parametrize(
    ("kind", "values", "more", "state", "reason"),
    [
        ("growth", {"2018": 0, "2020": 5}, {"target": 0.3}, "unknown", "base_zero"),
        ("growth", {"2020": 5}, {"target": 0.3}, "unknown", "no_base"),
        ("stock", {"2020": 30}, {}, "unknown", "no_base"),
        ("stock", {"2020": 60}, {}, "met", ""),
        ("stock", {}, {"base": 0}, "unknown", "no_actual"),
        ("stock", {"2020": 30}, {"base": 0}, "nearly", ""),
        ("stock", {"2020": 34}, {"base": 0}, "on_pace", ""),
        ("stock", {"2018": 0}, {}, "unknown", "first_year"),
        ("floor", {"2019": 210}, {"target": 200}, "unknown", "missing_year"),
        ("floor", {"2019": 210, "2020": 190}, {"target": 200}, "nearly", ""),
        ("floor", {"2019": 210, "2020": 220}, {"target": 200}, "on_pace", ""),
        ("ratio", {"2020": 0.93}, {"target": 0.9}, "met", ""),
        ("ratio", {"2020": 0.5}, {"target": 0.9}, "behind", ""),
        ("milestone", {"2020": 0}, {"target": 1}, "unknown", "not_due"),
        ("milestone", {"2020": 1}, {"target": 1}, "met", ""),
        ("milestone", {"2021": 0}, {"target": 1, "as_of": "2021-12-31"}, "behind", ""),
    ],
)  # fmt: skip
def test_states(
    kind: str, values: dict[str, float], more: dict[str, Any], state: str, reason: str
) -> None:
    row = told(kind, values, **more)
    assert (row["state"], row["reason"]) == (state, reason)
    if reason == "no_actual":
        assert pd.isna(row["actual"])
        assert pd.isna(row["attainment"])


def test_part_years_are_taken_for_the_whole_and_marked() -> None:
    row = told("floor", {"2019": 210, "2020Q3": 120}, target=200, as_of="2020-09-30")
    assert (row["actual"], row["estimated"]) == (160, True)
    assert row["period"] == "2020Q3"
    late = told("stock", {"2020-06": 25}, base=10, as_of="2020-06-30")
    assert late["planned"] == pytest.approx(10 + 40 * 1.5 / 3)


def test_later_periods_are_not_looked_at() -> None:
    assert told("stock", {"2019": 20, "2020": 60}, base=10, as_of="2019-12-31")["actual"] == 20


def test_years_of_a_sum_must_all_be_there() -> None:
    targets = pd.DataFrame([{"id": "k", "type": "cumulative", "target": 60.0, "by": 2021, "base_year": 2018,
                             "base": None, "op": ">=", "class": "U", "unit": ""}])  # fmt: skip
    rows = [{"kpi": "k", "period": p, "value": 20.0, "cumulative": False, "source": "s"} for p in ("2019", "2020")]  # fmt: skip
    found = kpi.evaluate(targets, pd.DataFrame(rows), "2020-12-31").iloc[0]
    assert (found["actual"], found["state"]) == (40, "on_pace")
    gap = kpi.evaluate(targets, pd.DataFrame(rows[1:]), "2020-12-31").iloc[0]
    assert (gap["state"], gap["reason"]) == ("unknown", "missing_year")


def test_readings_differ() -> None:
    values = {"2018": 100, "2019": 120, "2020": 180}
    assert told("growth", values, target=0.3)["state"] == "on_pace"
    assert told("growth", values, target=0.3, reading="every_year")["state"] == "behind"
    assert told("growth", values, target=0.3, reading="base_2019")["state"] == "on_pace"
    assert told("growth", values, target=0.3, reading="patents_only")["reason"] == "no_actual"


def test_the_seed_has_24_targets_and_10_milestones() -> None:
    found = kpi.targets()
    assert found["id"].tolist() == [f"K{i:02d}" for i in range(1, 25)] + [
        f"M{i}" for i in range(1, 11)
    ]
    assert (found["class"] == "P").sum() == 3
    assert found["base"].isna().all()  # the figures of the first year are the user's to give
    assert set(found.loc[found["class"] == "P", "id"]) == {"K01", "K02", "K03"}
    goals = found.set_index("id")["target"]
    assert goals[["K01", "K02", "K03", "K08", "K10", "K15"]].tolist() == [
        30,
        50,
        10,
        5000,
        200,
        0.9,
    ]
