"""Crossed groupings and the maturity map as drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

import patentnav as pnav
from patentnav import plot

TABLE = pd.DataFrame(
    [("a", "x", 1, 9.0, "white"), ("a", "y", 20, 10.0, "dense"), ("b", "x", 12, 11.0, "chance"),
     ("b", "y", 0, 1.0, "chance")],
    columns=["row", "column", "count", "expected", "state"],
)  # fmt: skip


def test_bubbles_have_the_area_of_the_count_and_gaps_that_of_the_expected():
    _, ax = plot.figure()
    plot.cross(TABLE, ax=ax, row_labels=pd.Series({"a": "Pumps"}), lang="en")
    groups = {c.get_label(): c for c in ax.collections if isinstance(c, PathCollection)}
    dense = groups["more than chance"].get_sizes()[0]
    assert groups["as chance would have it"].get_sizes().tolist() == pytest.approx([dense * 0.6, 0])
    assert groups["expected by chance"].get_sizes()[0] == pytest.approx(dense * 0.45)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["b", "Pumps"][::-1]
    assert sorted(t.get_text() for t in ax.texts) == ["1", "12", "20"]


def test_a_frame_that_is_not_crossed_is_refused():
    with pytest.raises(pnav.MissingColumnError, match="expected"):
        plot.cross(TABLE.drop(columns="expected"))


def test_labels_may_be_the_names_of_technologies():
    frame = pd.DataFrame({"group": ["T1", "T1"], "year": [2019, 2020], "count": [1.0, 2.0]})
    _, ax = plot.figure()
    plot.trend(frame, ax=ax, labels=pd.Series({"T1": "Pumps"}), lang="en")
    assert ax.get_legend().get_texts()[0].get_text() == "Pumps"


def test_years_that_still_fill_are_marked_as_the_counts_say():
    frame = pd.DataFrame({"year": [2018, 2019, 2020], "count": [3.0, 4.0, 1.0]})
    frame["complete"] = [True, True, False]
    _, ax = plot.figure()
    plot.trend(frame, ax=ax, lang="en")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["incomplete"]
    table = pd.DataFrame({"year": [2018, 2019, 2020], "owners": [2, 3, 1], "units": [3, 4, 1]})
    table["complete"] = [True, True, False]
    _, ax = plot.figure()
    plot.maturity(table, ax=ax, lang="en")
    solid, dotted = ax.lines
    assert solid.get_xdata().tolist() == [2, 3]
    assert dotted.get_xdata().tolist() == [3, 1]


def test_axes_name_what_is_counted_only_where_it_is_told():
    frame = pd.DataFrame({"year": [2018, 2019], "count": [3.0, 4.0]})
    _, ax = plot.figure()
    plot.trend(frame, ax=ax, lang="en")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Year", "Number")
    _, ax = plot.figure()
    plot.trend(frame, ax=ax, unit="family", basis="grant_date", lang="en")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Grant year", "Families")


def test_the_maturity_map_of_a_set_can_be_drawn():
    patents = pnav.datasets.city(200).patents
    _, ax = plot.figure()
    plot.maturity(pnav.indicators.maturity_map(patents), ax=ax, lang="zh")
    assert ax.get_xlabel()


def logistic(until: int) -> pd.DataFrame:
    years = np.arange(1995, until)
    total = 1000 / (1 + np.exp(-0.5 * (years - 2010)))
    counts = pd.DataFrame({"year": years, "count": np.diff(np.concatenate([[0.0], total]))})
    counts.attrs["unit"] = "family"
    return counts


def test_a_curve_is_drawn_to_its_saturation_and_says_its_error():
    counts = logistic(2021)
    fit = pnav.indicators.s_curve(counts)
    _, ax = plot.figure()
    plot.s_curve(counts, fit, ax=ax, lang="en")
    curve = ax.lines[0].get_ydata()
    assert curve[-1] == pytest.approx(1000, rel=0.02)
    assert ax.get_title(loc="left").startswith("K = 1,000 ± 0, turn 2010")
    points = ax.lines[-1].get_ydata()
    assert points[-1] == pytest.approx(counts["count"].sum())


def test_before_the_turn_no_curve_is_drawn():
    counts = logistic(2006)
    _, ax = plot.figure()
    plot.s_curve(counts, pnav.indicators.s_curve(counts), ax=ax, lang="zh")
    assert len(ax.lines) == 1
    assert "无从判断" in ax.get_title(loc="left")


def test_two_of_one_name_have_a_bar_each() -> None:
    from patentnav import plot

    ax = plot.ranking(pd.Series([5.0, 3.0, 4.0], index=["甲", "乙", "甲"]))
    assert [bar.get_width() for bar in ax.patches] == [5.0, 4.0, 3.0]
