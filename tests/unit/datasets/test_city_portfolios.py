"""Planted portfolios are found by their owner and technology, with the right gap, and no others."""

from __future__ import annotations

import pytest

import patentnav as pnav


@pytest.fixture(scope="module")
def city():
    return pnav.datasets.city(5000)


@pytest.fixture(scope="module", params=["truth", "subclass"])
def candidates(request, city):
    technology = city.truth["technology"] if request.param == "truth" else None
    found = pnav.portfolio.candidates(city.patents, technology)
    owners = city.organisations.set_index("name_raw")["organisation"]
    return request.param, found.assign(organisation=found["owner"].map(owners))


def test_exactly_the_planted_portfolios_meet_the_gate(city, candidates):
    _, found = candidates
    planted = city.portfolios[city.portfolios["meets_gate"]]
    assert sorted(found.loc[found["meets_gate"], "organisation"]) == sorted(planted["organisation"])


def test_inventions_pct_and_gap_are_the_planted_ones(city, candidates):
    kind, found = candidates
    # Under a subclass, universities and institutes have patents of other technologies as well.
    firms = city.organisations.query("party_type == 'enterprise'")["organisation"].unique()
    for planted in city.portfolios.itertuples():
        rows = found[found["organisation"] == planted.organisation]
        if kind == "truth":
            rows = rows[rows["technology"] == planted.technology]
        best = rows.sort_values("inventions").iloc[-1]
        got = (best["inventions"], best["pct"], best["inventions_missing"], best["pct_missing"])
        expected = (
            planted.inventions,
            planted.pct,
            planted.inventions_missing,
            planted.pct_missing,
        )
        if kind == "truth" or planted.organisation in firms:
            assert tuple(map(int, got)) == expected, planted
