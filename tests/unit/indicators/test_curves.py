"""S-curve and maturity map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import indicators


def logistic_counts(k, r, t0, years):
    years = np.array(years)
    total = k / (1 + np.exp(-r * (years - t0)))
    return pd.DataFrame({"year": years, "count": np.diff(np.concatenate([[0.0], total]))})


def test_recovers_a_logistic_curve_exactly():
    row = indicators.s_curve(logistic_counts(1000, 0.5, 2010, range(1995, 2021))).iloc[0]
    assert row["K"] == pytest.approx(1000, rel=1e-3)
    assert row["r"] == pytest.approx(0.5, rel=1e-3)
    assert row["t0"] == pytest.approx(2010, abs=0.01)
    # 10 % of K is reached ln 9 / r before the turn.
    assert row["growth_year"] == pytest.approx(2010 - np.log(9) / 0.5, abs=0.02)
    assert row["stage"] == "saturation"
    assert row["reliable"]


def test_before_the_turn_saturation_cannot_be_told():
    row = indicators.s_curve(logistic_counts(1000, 0.5, 2030, range(2005, 2016))).iloc[0]
    assert not row["reliable"]
    assert np.isnan(row["K"])
    assert row["stage"] == "growth"


def test_no_ceiling_in_the_data_is_unknown():
    """Exponential growth has no K; a stage at 0.1 % of an invented K would be a claim."""
    years = np.arange(2005, 2020)
    count = np.round(5 * np.exp(0.3 * (years - 2005)))
    row = indicators.s_curve(pd.DataFrame({"year": years, "count": count})).iloc[0]
    assert np.isnan(row["K"])
    assert np.isnan(row["progress"])
    assert row["stage"] == "growth"
    assert row["reliable"] == False  # noqa: E712
    assert row["r2_yearly"] > 0.9


def test_yearly_fit_exposes_what_the_cumulated_one_hides():
    """Two bursts ten years apart: cumulated R² near 0.9, yearly one low, so not reliable."""
    count = np.array([0, 1, 2, 30, 40, 30, 2, 1, 1, 1, 1, 2, 30, 40, 30, 2, 1, 1])
    row = indicators.s_curve(pd.DataFrame({"year": np.arange(2000, 2018), "count": count})).iloc[0]
    assert row["r2"] > 0.85
    assert row["r2_yearly"] < 0.5
    assert row["reliable"] == False  # noqa: E712


def test_years_before_the_first_patent_do_not_lengthen_the_series():
    counts = logistic_counts(1000, 0.5, 2010, range(1998, 2021))
    early = pd.DataFrame({"year": range(1980, 1998), "count": 0.0})
    assert indicators.s_curve(pd.concat([early, counts]))["years"].iloc[0] == 23


def test_incomplete_years_are_left_out():
    counts = logistic_counts(1000, 0.5, 2010, range(1995, 2021))
    counts["complete"] = counts["year"] < 2019
    # The mark stands in a column, so that it survives a join.
    counts = counts.merge(pd.DataFrame({"year": counts["year"], "other": 1}), on="year")
    result = indicators.s_curve(counts)
    assert result["years"].iloc[0] == 24
    assert result["until"].tolist() == [2018]
    assert indicators.s_curve(counts, until=2015)["years"].iloc[0] == 21


def test_too_little_is_unknown():
    result = indicators.s_curve(pd.DataFrame({"year": [2019, 2020], "count": [1.0, 2.0]}))
    assert result["K"].isna().all()
    assert result["reliable"].isna().all()
    empty = pd.DataFrame({"year": range(2000, 2010), "count": 0.0})
    assert indicators.s_curve(empty)["K"].isna().all()


def test_one_curve_per_group():
    one = logistic_counts(100, 0.6, 2005, range(1995, 2016)).assign(group="a")
    two = logistic_counts(900, 0.4, 2012, range(1995, 2016)).assign(group="b")
    table = indicators.s_curve(pd.concat([two, one])).set_index("group")
    assert table["K"].to_dict() == pytest.approx({"a": 100, "b": 900}, rel=0.01)


def test_maturity_map(make):
    patents = make(
        publications=[
            {"publication_id": "CN1B", "application_date": "2018-01-01", "granted": True,
             "publication_date": "2020-01-01"},
            {"publication_id": "CN2A", "application_date": "2018-05-01", "granted": False,
             "publication_date": "2020-01-01"},
            {"publication_id": "CN3A", "application_date": "2019-05-01", "granted": False,
             "publication_date": "2020-01-01"},
        ],
        parties=[
            {"publication_id": p, "role": "applicant", "position": n, "name_raw": name}
            for p, n, name in (("CN1B", 1, "Alpha"), ("CN1B", 2, "Beta"), ("CN2A", 1, "Alpha"))
        ],
    )  # fmt: skip
    table = indicators.maturity_map(patents)
    assert table["units"].tolist() == [2, 1]
    assert table["owners"].tolist() == [2, 0]
    assert table["granted_share"].tolist() == [0.5, 0.0]
