"""What counts of citations mean: those received fall with recency, and agree with the lists."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav

pytestmark = pytest.mark.real

# Every real export that counts citations received, on at least sixty dated records.
FORWARD = [
    "derwent_innovation/derwent_innovation_paypal_1381.csv",
    "derwent_innovation/derwent_innovation_zh_retail_robots_68.xls",
    "lens/lens_2015_pizza_1000_cr_lineends.csv",
    "lens/lens_2016_drones_5884.csv",
    "lens/lens_jet_engines_3779.csv",
    "lens/lens_polyphosphate_86.csv",
    "patentics/patentics_aurora_global_67.csv",
    "patentics/patentics_autodriving_fleet_nobom.csv",
    "patentics/patentics_cn_virtual_reality_7805.csv",
    "patentics/patentics_didi_global_7440.csv",
    "patentics/patentics_thundersoft_75cols_511.xlsx",
    "patentics/patentics_us_uav_1000.xlsx",
    "patsnap/patsnap_green_aviation_1999.xlsx",
    "wipo_landscape_labelled/vantagepoint_synbio_644.xlsx",
]


def by_age(patents, column):
    """Values of dated records, oldest first, with their rank by date (0 to 1)."""
    publications = patents.publications
    dated = publications["application_date"].fillna(publications["publication_date"])
    known = publications[column].notna() & dated.notna()
    age = dated[known].rank(pct=True, method="first")
    return publications.loc[known, column].astype(float), age


@pytest.mark.parametrize("name", FORWARD)
def test_citations_received_fall_with_recency(shared_data, name):
    patents = pnav.read(shared_data / "exports" / name)
    counts, age = by_age(patents, "forward_citation_count")
    assert len(counts) >= 60
    assert counts[age <= 1 / 3].mean() > 1.2 * counts[age > 2 / 3].mean()
    assert counts.corr(age, method="spearman") < -0.1


@pytest.mark.parametrize(
    "name", ["lens/lens_2015_pizza_1000_cr_lineends.csv", "lens/lens_2016_drones_5884.csv"]
)
def test_old_exports_of_the_lens_have_no_count_of_citations_made(shared_data, name):
    patents = pnav.read(shared_data / "exports" / name)
    assert patents.publications["backward_citation_count"].isna().all()
    counts, age = by_age(patents, "forward_citation_count")
    assert counts[age <= 1 / 3].mean() > 10 * counts[age > 2 / 3].mean()


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("derwent_innovation/derwent_innovation_paypal_1381.csv", 0.99),
        ("derwent_innovation/derwent_innovation_zh_retail_robots_68.xls", 0.99),
        ("wipo_landscape_labelled/vantagepoint_synbio_644.xlsx", 0.99),
        ("patentics/patentics_thundersoft_75cols_511.xlsx", 0.95),
    ],
)
def test_counts_are_those_of_the_lists_of_the_same_direction(shared_data, name, least):
    patents = pnav.read(shared_data / "exports" / name)
    publications, citations = patents.publications, patents.citations
    for column, own, other in (
        ("forward_citation_count", "cited_id", "citing_id"),
        ("backward_citation_count", "citing_id", "cited_id"),
    ):
        lists = citations.dropna(subset=[own, other]).groupby(own)[other].nunique()
        listed = lists.reindex(publications.index, fill_value=0)
        stated = publications[column].dropna()
        if len(stated) and stated.sum():
            pair = pd.DataFrame({"stated": stated.astype(float), "listed": listed})
            assert pair.corr(method="spearman").iloc[0, 1] > least, column
