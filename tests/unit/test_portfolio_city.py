"""The planted portfolios of the synthetic city: known inventions, PCT applications and gate."""

from __future__ import annotations

import pytest

from patentnav import datasets, portfolio


@pytest.fixture(scope="module")
def city():
    return datasets.city(5000, random_state=0)


@pytest.mark.parametrize("unit", ["application", "family"])
def test_planted_portfolios_are_found_and_judged(city, unit):
    table = portfolio.candidates(city.patents, city.truth["technology"], unit=unit)
    label = city.truth["portfolio"]
    planted = portfolio.members(table).assign(portfolio=lambda f: f["publication_id"].map(label))
    match = planted.dropna().groupby("portfolio")["portfolio_id"].agg(lambda s: s.mode()[0])
    found = table.set_index("portfolio_id").loc[match]
    truth = city.portfolios.loc[match.index]
    for column in ("inventions", "pct", "inventions_missing", "pct_missing"):
        assert found[column].tolist() == truth[column].tolist(), column
    assert found["meets_gate"].tolist() == truth["meets_gate"].tolist()
    assert len(match) == len(city.portfolios)
    assert table["meets_gate"].sum() == truth["meets_gate"].sum()


def test_the_chosen_are_those_above_the_gate(city):
    table = portfolio.candidates(city.patents, city.truth["technology"], which="all")
    chosen = portfolio.select(table).chosen
    members = portfolio.members(chosen)
    assert members["publication_id"].is_unique
    assert chosen["meets_gate"].all()
    assert len(chosen) == city.portfolios["meets_gate"].sum()
