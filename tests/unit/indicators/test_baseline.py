"""Populations as files, and indicators relative to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import ArgumentError, CoverageWarning, FormatError, UnknownNameError, indicators
from patentnav.indicators import Baseline


@pytest.fixture
def population():
    """2010, field 6: lags of 100, 200 and 500 days (2, 1, 1 patents); 2011: one of 50."""
    distributions = pd.DataFrame(
        {
            "indicator": "grant_lag", "field": "6", "year": [2010, 2010, 2010, 2011],
            "value": [100.0, 200.0, 500.0, 50.0], "count": [2, 1, 1, 1],
        }
    )  # fmt: skip
    counts = pd.DataFrame({"field": "6", "year": [2010, 2011], "count": [4, 1]})
    return Baseline("all", ("field", "year"), distributions, counts, {"unit": "application"})


def test_round_trip(population, tmp_path):
    again = Baseline.load(population.save(tmp_path / "all.parquet"))
    assert again.name == "all"
    assert again.by == ("field", "year")
    assert again.parameters == {"unit": "application"}
    pd.testing.assert_frame_equal(again.distributions, population.distributions, check_dtype=False)
    pd.testing.assert_frame_equal(again.counts, population.counts, check_dtype=False)


def test_totals_are_the_denominators_of_rta(patents, population):
    """All three in field 6, as the whole population: an RTA of 1."""
    assert population.totals("field").to_dict() == {"6": 5}
    with pytest.raises(UnknownNameError, match="year"):
        population.totals("authority")
    labelled = patents.assign(field="6")
    table = indicators.specialisation(labelled, "field", reference=population.totals("field"))
    assert table["rta"].tolist() == [1.0]


def test_no_baseline_files(tmp_path):
    file = tmp_path / "x.parquet"
    file.write_text("no")
    with pytest.raises(FormatError, match=r"x\.parquet"):
        Baseline.load(file)
    pd.DataFrame({"a": [1]}).to_parquet(file)
    with pytest.raises(FormatError, match="no baseline"):
        Baseline.load(file)


def test_tables_must_be_complete(population):
    with pytest.raises(ArgumentError, match="value"):
        Baseline("x", ("year",), population.distributions.drop(columns="value"), population.counts)
    with pytest.raises(UnknownNameError, match="year"):
        Baseline("x", ("years",), population.distributions, population.counts)


@pytest.fixture
def patents(make):
    filed = pd.Timestamp("2010-03-01")
    return make(
        publications=[
            {"publication_id": p, "application_date": filed, "publication_date": "2012-01-01",
             "grant_date": filed + pd.Timedelta(days=d)}
            for p, d in (("CN1B", 100), ("CN2B", 250), ("CN3B", 700))
        ],
        classifications=[
            {"publication_id": p, "scheme": "IPC", "symbol": "G06N3/08"}
            for p in ("CN1B", "CN2B", "CN3B")
        ],
    )  # fmt: skip


def told(patents, population):
    return indicators.coverage(patents, "grant_lag_index", population)["cohort"].tolist()


def test_relative_to_a_population(patents, population):
    """Longest lag of the population 500: 1 - 100/500, 1 - 250/500; 700 is beyond: 0."""
    result = indicators.compute(patents, "grant_lag_index", population)
    assert result["grant_lag_index"].tolist() == pytest.approx([0.8, 0.5, 0.0])
    assert told(patents, population) == ["all"]
    own = indicators.compute(patents, "grant_lag_index")
    assert own["grant_lag_index"].tolist() == pytest.approx([1 - 1 / 7, 1 - 250 / 700, 0])
    assert told(patents, None) == ["the set itself"]


def test_another_unit_than_the_population_is_said(patents, population):
    with pytest.warns(CoverageWarning, match='unit="application"'):
        indicators.compute(patents, "grant_lag_index", population, unit="publication")


def test_a_cohort_the_population_lacks_is_unknown(patents, population):
    moved = patents.assign(application_date=pd.Timestamp("1999-01-01"))
    assert indicators.compute(moved, "grant_lag_index", population).isna().all().all()


def test_an_indicator_the_population_lacks_is_an_error(patents, population):
    claims = patents.assign(claim_count=[1, 2, 3])
    from patentnav.indicators.comparison import distribution

    with pytest.raises(ArgumentError, match="grant_lag"):
        distribution(claims, indicators.claim_count(claims), population)


def test_the_set_as_its_own_population(patents):
    """A baseline made from the set gives what the set gives without one."""
    baseline = Baseline.of(patents, ["grant_lag", "claim_count"], name="own")
    assert baseline.indicators == ["grant_lag"]
    assert baseline.counts["count"].tolist() == [3]
    pd.testing.assert_frame_equal(
        indicators.compute(patents, "grant_lag_index", baseline),
        indicators.compute(patents, "grant_lag_index"),
    )


def test_standing_in_a_distribution():
    """Values 1 1 2 5 in one cohort, 9 in another: 2 has two below, one equal of four."""
    from patentnav.indicators.cohort import Distribution

    found = Distribution(
        np.array([0, 0, 0, 1]), np.array([1.0, 2.0, 5.0, 9.0]), np.array([2, 1, 1, 1]), cohorts=2
    )
    code, values = np.array([0, 0, 0, 1, -1]), np.array([2.0, 3.0, np.nan, 9.0, 1.0])
    standing = found.standing(code, values)
    assert standing.percentile[:2].tolist() == [62.5, 75.0]
    assert np.isnan(standing.percentile[[2, 4]]).all()
    assert standing.percentile[3] == 50
    assert found.means(code)[0] == 2.25
    assert found.quantiles(code, 0.5)[0] == 1
    assert found.quantiles(code, 0.75)[0] == 2
    assert found.quantiles(code, 1.0).tolist()[:4] == [5, 5, 5, 9]
