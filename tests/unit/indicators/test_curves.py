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


def test_incomplete_years_are_left_out():
    counts = logistic_counts(1000, 0.5, 2010, range(1995, 2021))
    counts.attrs["incomplete_from"] = 2019
    result = indicators.s_curve(counts)
    assert result["years"].iloc[0] == 24
    assert result.attrs["until"] == 2018
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
