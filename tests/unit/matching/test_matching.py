"""Measures of matching against values worked out by hand and published ones."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import matching
from patentnav.matching.course import _coupled

SHARES = st.lists(st.integers(1, 1000), min_size=4, max_size=4)


def series(values: list[float]) -> pd.Series:
    return pd.Series(values, index=list("abcd")[: len(values)], dtype=float)


def test_overlap_by_hand() -> None:
    # min(.40,.25) + min(.35,.30) + min(.15,.25) + min(.10,.20) = .25 + .30 + .15 + .10
    one, other = series([0.40, 0.35, 0.15, 0.10]), series([0.25, 0.30, 0.25, 0.20])
    assert matching.overlap(one, other) == pytest.approx(0.80)
    assert matching.share_gaps(one, other)["gap"].tolist() == pytest.approx(
        [0.15, 0.05, -0.10, -0.10]
    )


@given(SHARES, SHARES)
def test_overlap_is_symmetric_and_scale_free(a: list[int], b: list[int]) -> None:
    one, other = series(a), series(b)
    found = matching.overlap(one, other)
    assert found == pytest.approx(matching.overlap(other, one * 3))
    assert 0 < found <= 1 + 1e-12
    assert found == pytest.approx(1 - abs(one / one.sum() - other / other.sum()).sum() / 2)


def test_specialisation_with_its_interval_and_without_the_region() -> None:
    # (30/400)/(900/20000) = 1.667; exp(ln 1.667 -+ 1.96 * sqrt(1/30 - 1/400 + 1/900 - 1/20000))
    own, rest = pd.Series({"a": 30, "b": 370}), pd.Series({"a": 900, "b": 19_100})
    row = matching.specialisation(own, rest).set_index("group").loc["a"]
    assert [round(float(row[c]), 2) for c in ("advantage", "advantage_low", "advantage_high")] == [1.67, 1.17, 2.37]  # fmt: skip
    within = matching.specialisation(own, rest + own, within=True)
    pd.testing.assert_frame_equal(within, matching.specialisation(own, rest))
    with pytest.raises(pnav.ArgumentError, match="contain"):
        matching.specialisation(own, pd.Series({"a": 10, "b": 19_100}), within=True)


def test_quadrants_leave_out_what_is_too_near() -> None:
    names = ["m", "t", "i", "w", "near", "wide", "unknown"]
    rta = pd.DataFrame(
        {"advantage": 1.0, "advantage_low": [1.2, 1.2, 0.3, 0.3, 1.2, 0.8, 1.2],
         "advantage_high": [2, 2, 0.8, 0.8, 2, 1.4, 2.0]}, index=names,
    )  # fmt: skip
    lq = pd.Series([1.5, 0.5, 1.5, 0.5, 1.05, 1.5, np.nan], index=names)
    assert matching.quadrants(rta, lq).tolist() == [
        "matched", "technology_first", "industry_first", "weak", "unclear", "unclear", "unclear",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("systems", "expected"),
    [((0.0162, 0.2720), (0.4607, 0.1441, 0.2576)), ((0.6, 0.4), (0.9798, 0.5, 0.6999))],
)
def test_coupling_of_published_values(
    systems: tuple[float, float], expected: tuple[float, ...]
) -> None:
    # Worked example of the mathematical modelling notes of zhjx19 (coupling.R), and by hand:
    # 2 * sqrt(.24) / 1 = .9798, (.6 + .4) / 2, sqrt(.9798 * .5).
    row = _coupled(pd.DataFrame([systems]), None).iloc[0]
    found = tuple(round(float(row[c]), 4) for c in ("coupling", "level", "coordination"))
    assert found == pytest.approx(expected, abs=6e-5)


@given(st.lists(st.tuples(*[st.floats(0.01, 1)] * 3), min_size=5, max_size=8))
def test_coordination_with_equal_weights_is_the_root_of_the_geometric_mean(
    rows: list[tuple],
) -> None:
    frame = pd.DataFrame(rows)
    found = matching.coupling(frame)["coordination"]
    assert found.tolist() == pytest.approx([math.prod(r) ** (1 / 6) for r in rows])


def test_coordination_moves_with_the_cities_compared() -> None:
    panel = pd.DataFrame({"a": [1.0, 2, 3, 4, 5], "b": [2.0, 1, 4, 3, 6]}, index=list("vwxyz"))
    all_of_them = matching.coupling(matching.scaled(panel))["coordination"]
    richer = pd.concat([panel, pd.DataFrame({"a": [50.0], "b": [60.0]}, index=["q"])])
    assert matching.coupling(matching.scaled(richer))["coordination"]["z"] < all_of_them["z"]


def test_too_few_is_said_and_never_computed() -> None:
    four = pd.DataFrame({"a": [0.2, 0.3, 0.4, 0.5], "b": [0.2, 0.3, 0.4, 0.6]}, index=list("wxyz"))
    for call in (lambda: matching.coupling(four), lambda: matching.index(four, {"a": "h", "b": "h"}),
                 lambda: matching.spearman(four["a"], four["b"])):  # fmt: skip
        with pytest.raises(pnav.UnavailableError, match=r"4"):
            call()


def test_shift_share_by_hand_and_in_sum() -> None:
    # x = 100, G = .2, G_i = .5, g_i = .8: 20 + 30 + 30
    found = matching.shift_share(
        pd.Series({"a": 100.0}), pd.Series({"a": 180.0}), pd.Series({"a": 200.0, "b": 800.0}),
        ref_after=pd.Series({"a": 300.0, "b": 900.0}),
    )  # fmt: skip
    assert found.loc["a", ["total", "mix", "own"]].tolist() == pytest.approx([20, 30, 30])
    rng = np.random.default_rng(1)
    parts = [pd.Series(rng.integers(5, 90, 4), index=list("abcd"), dtype=float) for _ in range(4)]
    found = matching.shift_share(*parts[:3], ref_after=parts[3])
    assert (found[["total", "mix", "own"]].sum(axis=1) - found["change"]).abs().max() < 1e-9


def test_centres_and_moves() -> None:
    places = pd.DataFrame({"lon": [0.0, 1.0], "lat": [0.0, 0.0]}, index=["p", "q"])
    weights = pd.DataFrame({2020: [3.0, 1.0], 2021: [1.0, 3.0]}, index=["p", "q"])
    centre = matching.gravity(weights, places)
    assert centre["lon"].tolist() == [0.25, 0.75]
    back = matching.gravity(weights[[2021, 2020]].set_axis([2020, 2021], axis=1), places)
    told = matching.moves(centre, back)
    # Half a degree on the equator of a sphere of 6371 km: 6371 * pi / 360 = 55.6 km.
    assert (round(told["distance"], 1), round(told["first_distance"], 1)) == (55.6, 55.6)
    assert told["cosine"] == pytest.approx(-1)


def test_index_ranks_and_their_range() -> None:
    cities = [f"c{i}" for i in range(6)]
    same = pd.DataFrame({"a": range(6), "b": range(6), "c": range(6)}, index=cities, dtype=float)
    found = matching.index(same, {"a": "x", "b": "y", "c": "z"})
    assert found.index.tolist() == cities[::-1]
    assert (found["rank_low"] == found["rank_high"]).all()
    other = same.assign(c=range(6, 0, -1))
    found = matching.index(other, {"a": "x", "b": "y", "c": "z"})
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_high"]).all()
    assert found.loc["c5", "rank_high"] > 1
    missing = same.copy()
    missing.loc["c5", "a"] = np.nan
    assert "c5" not in matching.index(missing, {"a": "x", "b": "y", "c": "z"}).index
    pd.testing.assert_frame_equal(
        matching.index(other, {"a": "x", "b": "y", "c": "z"}),
        matching.index(other.sample(frac=1, random_state=3), {"a": "x", "b": "y", "c": "z"}),
    )


def test_entropy_weights_by_hand() -> None:
    # Equal values tell nothing apart and weigh nothing.
    frame = pd.DataFrame({"flat": [1.0, 1, 1, 1], "steep": [1.0, 0, 0, 0]})
    assert matching.entropy_weights(frame).tolist() == pytest.approx([0, 1])


def test_spearman_is_exact_for_few() -> None:
    one, other = pd.Series(range(6), dtype=float), pd.Series([0, 1, 2, 3, 4, 5.0])
    rho, p = matching.spearman(one, other)
    assert rho == pytest.approx(1)
    assert p == pytest.approx(2 / math.factorial(6))  # only this order and its opposite


def test_efficiency_takes_the_later_output() -> None:
    output = pd.DataFrame({2020: [10.0], 2021: [30.0]}, index=["c"])
    effort = pd.DataFrame({2020: [5.0], 2021: [0.0]}, index=["c"])
    assert matching.efficiency(output, effort, 1).loc["c", 2020] == 6
    assert math.isnan(matching.efficiency(output, effort, 0).loc["c", 2021])


def test_poisson_bounds_are_those_of_the_tables() -> None:
    # Garwood's exact limits for 10 events, e.g. in Armitage and Berry: 4.795 to 18.390.
    assert matching.poisson_interval(10) == pytest.approx((4.795, 18.390), abs=1e-3)
    assert matching.poisson_interval(0) == pytest.approx((0, 3.689), abs=1e-3)
