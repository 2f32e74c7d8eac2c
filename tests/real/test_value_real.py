"""The cards against what became of real patents; benchmarks/value.py has intervals and more files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts, indicators, valuation

pytestmark = pytest.mark.real
BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "value.py"


@pytest.fixture(scope="module")
def value():
    spec = importlib.util.spec_from_file_location("value_benchmark", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def read(shared_data, value):
    kept = {}

    def one(name):
        if name not in kept:
            kept[name] = pnav.read(shared_data / "exports" / value.FILES[name])
        return kept[name]

    return one


def auc(value, score, label, rows):
    return value.Auc(score[rows], label[rows])(np.ones(int(rows.sum())))


@pytest.mark.parametrize(
    ("name", "cohort", "least"),
    [("VR", "year", 0.68), ("VR", "clean", 0.60), ("drones", "clean", 0.65),
     ("jet engines", "year", 0.68), ("green aviation", "clean", 0.62)],
)  # fmt: skip
def test_impact_without_citations(read, value, name, cohort, least):
    patents = read(name)
    publications = patents.publications
    kind = publications["kind_code"].str.slice(0, 1)
    year = publications["application_date"].dt.year
    key = year.astype("str")
    if cohort == "clean":
        key = key + publications["authority"] + kind
    design = ((publications["patent_type"] == "design") | (kind == "S")).fillna(False)
    cited = publications["forward_citation_count"].to_numpy(dtype=float, na_value=np.nan)
    label = value.top_tenth(cited, pd.factorize(key.where(year.notna() & ~design))[0])
    blind = value.without_citations(patents)
    scores = valuation.score(blind, "impact", cohort=value.COHORTS[cohort])
    rows = ~np.isnan(label)
    assert auc(value, scores["score"].to_numpy(dtype=float), label, rows) >= least


def test_keep_on_utility_models(read, value):
    patents = read("VR")
    publications = patents.publications
    alive = publications["legal_status"] == "in_force"
    rows = (
        (publications["patent_type"] == "utility_model")
        & publications["granted"].fillna(False)
        & (publications["application_date"].dt.year <= 2018)
        & (alive | publications["legal_status"].isin(facts.DEAD))
    ).fillna(False)
    score = valuation.score(value.without_citations(patents), "keep")["score"]
    label = alive.to_numpy(dtype=float)
    assert auc(value, score.to_numpy(dtype=float), label, rows.to_numpy(dtype=bool)) >= 0.67


def test_the_vendors_family_no_longer_tells_the_grant(read, value):
    """The raw count tells granted from not granted inventions nearly without fault."""
    patents = read("VR")
    publications = patents.publications
    rows = (publications["patent_type"] == "invention").to_numpy(dtype=bool)
    granted = facts.grant_dates(patents).notna().to_numpy(dtype=float)
    raw = indicators.vendor_family_size(patents).to_numpy(dtype=float, na_value=np.nan)
    net = indicators.vendor_family_net(patents).to_numpy(dtype=float, na_value=np.nan)
    assert auc(value, raw, granted, rows) > 0.85
    assert abs(auc(value, net, granted, rows) - 0.5) < 0.12


def test_citations_of_the_old_lens_header_are_those_received(read):
    """They fall with recency; what a patent cites does not."""
    publications = read("drones").publications
    year = publications["application_date"].dt.year
    mean = publications["forward_citation_count"].astype("float64").groupby(year).mean()
    assert mean.loc[2001:2005].mean() > 10 * mean.loc[2015:2016].mean()
    assert publications["backward_citation_count"].isna().all()
    assert valuation.score(read("drones"))["score"].notna().mean() > 0.9
