"""Courses of counts: golden cases, worked out by hand, and what must hold of any."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav.indicators import course


def seen(counts: list[float], first: int = 2010, until: int | None = None) -> pd.Series:
    frame = pd.DataFrame({"year": range(first, first + len(counts)), "count": counts})
    return course(frame, until=until).iloc[0]


# Counts; direction, year of the turn (the first is 2010), whether every year goes that way.
# Two counts differ beyond 2·sqrt(a + b) and from a tenth of the larger.
GOLDEN = {
    "a peak and a fall, year by year": ([119, 416, 1898, 1589, 1113, 868], -1, 2012, True),
    "a long rise": ([10, 20, 40, 80, 160, 320], 1, 2010, True),
    "a rise with one step back": ([20, 60, 50, 120, 200, 300], 1, 2010, False),
    "a plateau after a rise": ([50, 100, 200, 400, 410, 395, 405], 0, 2013, None),
    "a plateau after a peak": ([100, 900, 1000, 300, 310, 305, 295], 0, 2013, None),
    "a recovery below the peak": ([100, 500, 1000, 400, 200, 300, 450], 1, 2014, True),
    "a second fall below the peak": ([100, 1000, 300, 600, 400, 250], -1, 2013, True),
    "noise around nothing": ([12, 9, 14, 11, 10, 13], 0, 2010, None),
    "a last year alike the one before": ([100, 200, 400, 800, 790], 1, 2010, False),
}  # fmt: skip


@pytest.mark.parametrize(("counts", "direction", "turn", "monotone"), GOLDEN.values(), ids=GOLDEN)
def test_golden(counts: list[int], direction: int, turn: int, monotone: bool | None) -> None:
    found = seen(counts)
    assert (found["direction"], found["turn_year"]) == (direction, turn)
    assert (None if pd.isna(found["monotone"]) else bool(found["monotone"])) is monotone


def test_peak_and_rates_of_the_falling_case() -> None:
    found = seen([119, 416, 1898, 1589, 1113, 868], 2014)
    assert (found["peak_year"], found["peak"], found["first_year"]) == (2016, 1898, 2014)
    assert found["rate"] == pytest.approx((868 / 1898) ** (1 / 3) - 1)


def test_the_delay_is_told_and_not_read() -> None:
    rising = [10, 20, 40, 80, 160]
    found = seen([*rising, 30, 1], until=2014)
    assert (found["direction"], found["last_year"], found["delayed_from"]) == (1, 2014, 2015)
    complete = pd.DataFrame(
        {"year": range(2010, 2017), "count": [*rising, 30, 1], "complete": [True] * 5 + [False] * 2}
    )
    assert course(complete).iloc[0]["last_year"] == 2014


@pytest.mark.parametrize("counts", [[], [0, 0, 0], [5, 3], [1, 2, 3, 4, 9]])
def test_too_little_has_no_direction(counts: list[int]) -> None:
    frame = pd.DataFrame({"year": range(2010, 2010 + len(counts)), "count": counts})
    assert course(frame)["direction"].isna().all()


def test_groups_have_a_row_each() -> None:
    frame = pd.DataFrame(
        {"group": ["a"] * 4 + ["b"] * 4, "year": [2010, 2011, 2012, 2013] * 2,
         "count": [10, 40, 90, 200, 200, 90, 40, 10]}
    )  # fmt: skip
    found = course(frame).set_index("group")["direction"]
    assert found.to_dict() == {"a": 1, "b": -1}


def test_a_year_twice_is_refused() -> None:
    with pytest.raises(pnav.errors.ArgumentError, match="2010"):
        course(pd.DataFrame({"year": [2010, 2010], "count": [1, 2]}))


@given(st.lists(st.integers(0, 400), min_size=3, max_size=15))
def test_the_last_movement_is_what_the_counts_say(counts: list[int]) -> None:
    found = seen(counts)
    if pd.isna(found["direction"]):
        return
    turn = int(found["turn_year"]) - 2010
    first = next(i for i, c in enumerate(counts) if c)
    since = counts[turn:]
    if found["direction"] > 0:
        assert min(since) == since[0] < counts[-1]
    elif found["direction"] < 0:
        assert max(since) == since[0] > counts[-1]
    assert first <= turn < len(counts)
    assert found["peak"] == max(counts)
