import tomllib
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from patentnav import network
from patentnav.errors import ArgumentError, CoverageWarning

GOLDEN = tomllib.loads((Path(__file__).parents[2] / "golden" / "cd_index.toml").read_text("utf-8"))


@pytest.fixture
def edges():
    return pd.DataFrame(GOLDEN["citations"], columns=["citing_id", "cited_id"])


@pytest.fixture
def dates():
    return pd.Series(pd.to_datetime(GOLDEN["dates"]))


def expected():
    return pd.Series(GOLDEN["expected"]).replace(-9.0, np.nan)


def test_published_values(ways, edges, dates):
    index = network.cd_index(edges, dates, window=5)
    np.testing.assert_allclose(index.to_numpy(), expected().to_numpy(), rtol=0, atol=1e-15)
    assert index.name == "disruption"


def test_numbers_as_dates_take_the_window_in_their_unit(ways, edges, dates):
    days = (dates - pd.Timestamp("1990-01-01")).dt.days
    index = network.cd_index(edges, days, window=GOLDEN["window_days"])
    pd.testing.assert_series_equal(index, network.cd_index(edges, dates, window=5))


def test_window_shuts_out_later_citations(ways):
    edges = pd.DataFrame({"citing_id": ["F", "U", "V"], "cited_id": ["R", "F", "R"]})
    years = pd.Series({"R": 2000, "F": 2005, "U": 2008, "V": 2014})
    assert network.cd_index(edges, years, window=5)["F"] == 1.0
    assert network.cd_index(edges, years, window=None)["F"] == 0.5
    assert np.isnan(network.cd_index(edges, years, window=2)["F"])


def test_same_day_and_undated_citations_do_not_count(ways):
    edges = pd.DataFrame({"citing_id": ["U", "V", "W"], "cited_id": ["F", "F", "F"]})
    years = pd.Series({"F": 2005, "U": 2005, "W": 2006})
    assert network.cd_index(edges, years)["F"] == 1.0
    assert np.isnan(network.cd_index(edges, years.drop("F"))["F"])


def test_dates_of_a_graph_are_used(edges, dates):
    graph = nx.DiGraph(GOLDEN["citations"])
    nx.set_node_attributes(graph, dates.to_dict(), "date")
    index = network.cd_index(graph)
    np.testing.assert_allclose(index.to_numpy(), expected().to_numpy())


def test_dates_of_a_set_are_used(team_set):
    # CN2A (2018-06-01) comes within five years of CN1A (2016-01-01) and cites it.
    index = network.cd_index(team_set)
    assert index["CN1A"] == 1.0


def test_without_dates_it_says_so(ways, edges):
    with pytest.warns(CoverageWarning, match="window is not applied"):
        index = network.cd_index(edges)
    assert index[4] == pytest.approx(1 / 6)


def test_wrong_window(edges, dates):
    with pytest.raises(ArgumentError, match="window=0"):
        network.cd_index(edges, dates, window=0)
