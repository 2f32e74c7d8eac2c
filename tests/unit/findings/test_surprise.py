"""Statistics of surprise by hand, and what they make of noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import findings
from patentnav.findings import surprise
from patentnav.findings.cells import by_periods, judged
from patentnav.findings.checks import verdict
from patentnav.findings.rank import choose, gate

YEARS = next(f for f in findings.FAMILIES if f.name == "technology_years")


def test_thirty_against_eighteen() -> None:
    """ln(35 / 23) = 0.4199; Poisson tail of 30 or more of 18 from tables: 0.0059."""
    assert surprise.effect(30, 18) == pytest.approx(0.4199, abs=5e-5)
    few, many = surprise.tails(30, 18, 0.0)
    assert many == pytest.approx(0.0059, abs=5e-5)
    assert few + many > 1  # both hold the 30 itself


def test_negative_binomial_by_hand() -> None:
    """E = 2, alpha = 1: P(X >= n) = (2/3)^n of the geometric distribution."""
    _, many = surprise.tails([0, 1, 3], [2, 2, 2], 1.0)
    assert many == pytest.approx([1, 2 / 3, 8 / 27])


def test_certainty_ends_at_twenty_bits() -> None:
    assert surprise.significance([1.0, 0.25, 2.0**-20, 0.0]) == pytest.approx([0, 0.1, 1, 1])
    # 0.1 x 0.4199 x sqrt(0.04) x 1.5
    assert surprise.score(0.25, 30, 18, 0.04, 1.5) == pytest.approx(0.0126, abs=5e-5)


def test_dispersion_solves_its_equation() -> None:
    observed, expected = np.array([10, 20, 30, 80, 45]), np.array([20.0, 20, 20, 40, 40])
    alpha = surprise.dispersion(observed, expected)
    scaled = (observed - expected) ** 2 / (expected + alpha * expected**2)
    assert np.median(scaled) == pytest.approx(0.4549, abs=1e-6)
    # By hand: the median cell is 30 against 20: 100 / (20 + 400 a) = .4549.
    assert alpha == pytest.approx((100 / 0.4549 - 20) / 400)
    assert surprise.dispersion([20, 21, 19], [20.0, 20, 20]) == 0.0


def test_few_cells_tell_nothing() -> None:
    assert np.isnan(surprise.count_spread(np.full(39, 50), np.full(39, 10.0)))
    assert surprise.count_spread(np.full(40, 10), np.full(40, 10.0)) == 0.0
    assert np.isnan(surprise.count_test([99], [1.0], np.nan)).all()


def test_weights_of_families_leave_the_small_one_its_chance() -> None:
    p = np.array([0.001, *np.full(9, 0.9), *np.full(990, 0.9)])
    families = np.array(["few"] * 10 + ["many"] * 990)
    assert surprise.adjusted(p)[0] > 0.5
    assert surprise.adjusted(p, families)[0] == pytest.approx(0.001 * 10 * 2)
    assert np.isnan(surprise.adjusted([np.nan, 0.01])[0])


@pytest.mark.parametrize(
    ("ratio", "again", "word"),
    [(2.0, [1.9, np.nan], "holds"), (2.0, [1.2], "weakened"), (2.0, [1.2, 0.9], "reversed"),
     (0.5, [0.7], "holds"), (0.5, [0.85], "weakened"), (0.5, [1.0], "reversed")],
)  # fmt: skip
def test_verdict(ratio: float, again: list[float], word: str) -> None:
    assert verdict(ratio, again) == word


def test_units_that_overturn() -> None:
    assert surprise.fewest_to_lose(30, 18, 1.25) == 8  # 22 of 18 is below 1.25, 23 is not
    assert surprise.fewest_to_lose(10, 20, 0.8) == 7  # 17 of 20 is above .8, 16 is not


def passed(counts: np.ndarray) -> pd.DataFrame:
    """Technologies (rows) by periods (columns) that pass."""
    keys = pd.Index([f"T{i}" for i in range(len(counts))])
    cells = by_periods(YEARS, keys, counts.astype(float), [int(t) for t in counts.sum(axis=0)])
    return gate(judged({YEARS: cells}), int(counts.sum()))


def test_noise_is_left_alone_and_a_shift_of_three_times_is_first() -> None:
    empty = first = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        rates = np.outer(rng.lognormal(0, 0.4, 20), [60.0, 80, 100, 120])
        empty += passed(rng.poisson(rates)).empty
        rates[7, -1] *= 3
        first += "T7" in passed(rng.poisson(rates))["row"].tolist()[:3]
    assert empty >= 38  # 95 %
    assert first >= 38


def test_a_base_of_one_is_no_ratio_and_an_expectation_of_nine_no_finding() -> None:
    cells = pd.DataFrame(
        {
            "family": YEARS.name, "row": ["a", "b", "c", "d"], "column": "years",
            "with_it": [9, 30, 1, 24], "without": [1, 10, 9, 20], "rest_with": 900,
            "rest_without": 900, "expected": [1.0, 10.0, 9.0, 20.0], "q": 0.001,
        }
    )  # fmt: skip
    assert gate(cells, 2000)["row"].tolist() == ["b"]  # nine; passes; nine expected; 1.2 times


def finding(row: str, score: float, family: findings.Family, ratio: float) -> findings.Finding:
    return findings.Finding(family, row, "years", 20, 20, 100, 100, 20 / ratio, ratio, 0.01, score,
                            {}, {}, "holds", 5)  # fmt: skip


def test_few_of_a_section_and_one_unfavourable() -> None:
    owners = next(f for f in findings.FAMILIES if f.name == "owner_technology")
    found = [finding(f"T{i}", 1 - i / 100, YEARS, 2.0) for i in range(9)]
    found += [finding("P1", 0.5, owners, 2.0), finding("T99", 0.1, YEARS, 0.5)]
    chosen = choose(found)
    assert [one.row for one in chosen].count("P1") == 1
    assert any(one.unfavourable for one in chosen)
    assert len({one.row for one in chosen}) == len(chosen) <= 9
    assert choose(found[::-1]) == chosen
    assert choose([]) == ()
