"""One saved set, opened by every engine."""

from __future__ import annotations

import shutil
import warnings

import pytest

import patentnav as pnav

pytest.importorskip("ibis")
pytest.importorskip("duckdb")


@pytest.fixture(scope="session")
def town():
    return pnav.datasets.city(600).patents


@pytest.fixture(scope="session")
def saved(town, tmp_path_factory):
    return town.save(tmp_path_factory.mktemp("population") / "town.pnav")


@pytest.fixture(scope="session")
def population(saved):
    return pnav.population.read(saved)


@pytest.fixture(scope="session")
def spark():
    """A local Spark session behind Ibis; skips where there is no Java runtime."""
    if shutil.which("java") is None:
        pytest.skip("no Java runtime for PySpark")
    sql = pytest.importorskip("pyspark.sql")
    import ibis

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder = sql.SparkSession.builder.master("local[2]").appName("patentnav tests")
        options = {
            "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2",
            "spark.driver.memory": "1g", "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1", "spark.sql.session.timeZone": "UTC",
            # Small data: compiling the plans would take longer than running them.
            "spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false",
        }  # fmt: skip
        for key, value in options.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield ibis.pyspark.connect(session)
        session.stop()
