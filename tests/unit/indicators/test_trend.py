"""Activity, growth, shares: worked by hand."""

import pandas as pd
import pytest

from patentnav import ArgumentError, MissingColumnError, indicators


@pytest.fixture
def patents(make):
    return make(
        publications=[
            {"publication_id": "CN1A", "application_id": "CN1", "application_date": "2018-02-01",
             "publication_date": "2019-08-01", "city": "x"},
            {"publication_id": "CN1B", "application_id": "CN1", "application_date": "2018-02-01",
             "publication_date": "2021-08-01", "city": "x"},
            {"publication_id": "CN2A", "application_id": "CN2", "application_date": "2020-02-01",
             "publication_date": "2021-08-01", "city": "y"},
            {"publication_id": "CN3A", "application_id": "CN3", "application_date": None,
             "publication_date": "2021-08-01", "city": "y"},
        ]
    )  # fmt: skip


def test_counts_units_and_lists_empty_years(patents):
    result = indicators.activity(patents)
    assert result["year"].tolist() == [2018, 2019, 2020]
    assert result["count"].tolist() == [1, 0, 1]
    assert result.attrs["undated"] == 1
    assert indicators.activity(patents, unit="publication")["count"].tolist() == [2, 0, 1]


def test_last_publication_less_18_months_is_incomplete(patents):
    assert indicators.activity(patents)["complete"].tolist() == [True, True, False]
    assert indicators.activity(patents, basis="publication_date")["complete"].all()


def test_without_publication_dates_completeness_is_not_told(make):
    patents = make(publications=[{"publication_id": "CN1A", "application_date": "2018-02-01"}])
    assert indicators.activity(patents)["complete"].tolist() == [pd.NA]


def test_groups_share_a_unit(patents):
    """CN1 belongs 0.75 to a, 0.25 to b by its A document and wholly to a by its B document.

    Mean over its two documents: a 0.875, b 0.125.
    """
    by = pd.DataFrame(
        [("CN1A", "a", 0.75), ("CN1A", "b", 0.25), ("CN1B", "a", 1.0), ("CN2A", "b", 1.0)],
        columns=["publication_id", "industry", "weight"],
    )
    result = indicators.activity(patents, by=by).set_index(["group", "year"])["count"]
    assert result["a", 2018] == 0.875
    assert result["b", 2018] == 0.125
    assert result["b", 2020] == 1
    assert result["a", 2020] == 0
    whole = indicators.activity(patents, by=by, counting="whole").set_index(["group", "year"])
    assert whole["count"].tolist() == [1, 0, 0, 1, 0, 1]


def test_no_date_at_all_is_said(make):
    patents = make(publications=[{"publication_id": "CN1A"}])
    with pytest.raises(MissingColumnError, match="application_date"):
        indicators.activity(patents)


def test_growth_is_undefined_after_zero():
    counts = pd.DataFrame({"year": [2017, 2018, 2019, 2020], "count": [4.0, 0.0, 5.0, 6.0]})
    result = indicators.growth(counts)["growth"]
    assert result.isna().tolist() == [True, False, True, False]
    assert result[1] == -1
    assert result[3] == pytest.approx(0.2)


def test_growth_over_years_is_compound():
    """From 100 to 121 in two years is 10 % a year."""
    counts = pd.DataFrame({"group": "a", "year": [2018, 2019, 2020], "count": [100, 90, 121]})
    assert indicators.growth(counts, span=2)["growth"].iloc[2] == pytest.approx(0.1)
    with pytest.raises(ArgumentError):
        indicators.growth(counts, span=0)


def test_growth_stays_within_groups():
    counts = pd.DataFrame(
        {"group": ["a", "a", "b", "b"], "year": [1, 2, 1, 2], "count": [1, 3, 4, 2]}
    )
    result = indicators.growth(counts)["growth"]
    assert result.dropna().tolist() == [2.0, -0.5]


def test_shares_sum_to_one_and_are_unknown_in_an_empty_year():
    counts = pd.DataFrame(
        {"group": ["a", "b", "a", "b"], "year": [1, 1, 2, 2], "count": [1.0, 3.0, 0.0, 0.0]}
    )
    result = indicators.share(counts)["share"]
    assert result[:2].tolist() == [0.25, 0.75]
    assert result[2:].isna().all()
