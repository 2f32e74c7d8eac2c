"""The distributed engine gives what the embedded one gives."""

import pandas as pd
import pytest

from patentnav import population as pop

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),  # pyspark warns about the versions of its neighbours
]


def test_spark_equals_duckdb(spark, saved, population):
    other = pop.read(saved, spark)
    names = ["patent_scope", "grant_lag", "forward_citations"]
    ours, theirs = (pop.baseline(p, names) for p in (population, other))
    pd.testing.assert_frame_equal(ours.distributions, theirs.distributions)
    pd.testing.assert_frame_equal(ours.counts, theirs.counts)
    pd.testing.assert_frame_equal(pop.applicants(population), pop.applicants(other))
    pd.testing.assert_series_equal(pop.select(population, "ict"), pop.select(other, "ict"))
