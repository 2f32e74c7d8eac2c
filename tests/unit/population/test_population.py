import shutil

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import population as pop
from patentnav.errors import ArgumentError, FormatError, MissingTableError, UnknownNameError
from patentnav.indicators import Baseline

BY = ("field", "year")

# ibis uses names that duckdb 2 and pandas 3 call old.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def distribution(baseline, name):
    table = baseline.distributions[baseline.distributions["indicator"] == name]
    keys = [*baseline.by, "value"]
    text = table.assign(**{key: table[key].astype("str") for key in baseline.by})
    return text.set_index(keys)["count"].astype("int64").sort_index()


@pytest.fixture(scope="module")
def made(population):
    return pop.baseline(population, name="town", by=BY)


@pytest.fixture(scope="module")
def in_memory(town):
    return Baseline.of(town, list(pop.MEASURES), name="town", by=BY)


@pytest.mark.parametrize("name", list(pop.MEASURES))
def test_equal_to_the_indicators_of_the_set(made, in_memory, name):
    expected = distribution(in_memory, name)
    assert len(expected)
    pd.testing.assert_series_equal(distribution(made, name), expected, check_index_type=False)


def test_counts_and_parameters(made, in_memory):
    assert made.counts["count"].sum() == in_memory.counts["count"].sum()
    assert made.parameters["unit"] == "application"
    assert made.name == "town"


def test_other_unit_and_cohort(population, town):
    by = ("year", "authority")
    ours = pop.baseline(population, ["forward_citations", "family_size"], by=by, unit="publication")
    expected = Baseline.of(
        town, ["forward_citations", "family_size"], name="x", by=by, unit="publication"
    )
    for name in ("forward_citations", "family_size"):
        pd.testing.assert_series_equal(
            distribution(ours, name), distribution(expected, name), check_index_type=False
        )


def test_round_trip_and_use(made, town, tmp_path):
    back = Baseline.load(made.save(tmp_path / "town.parquet"))
    pd.testing.assert_frame_equal(back.distributions, made.distributions, check_dtype=False)
    table = pnav.indicators.compute(town, ["grant_lag_index"], baseline=back)
    assert table.notna().any().all()


def test_applicants_by_year(population, town):
    table = pop.applicants(population)
    assert table.columns.tolist() == ["applicant", "year", "count"]
    parties = town.parties[town.parties["role"] == "applicant"]
    node = parties["party_id"].fillna(parties["name"]).fillna(parties["name_raw"])
    application = parties["publication_id"].map(pnav.counting.unit_ids(town, "application"))
    expected = pd.DataFrame({"node": node, "unit": application}).drop_duplicates()
    assert table["count"].sum() == len(expected)


def test_selection_finds_what_classes_lead_to(population, town):
    found = pop.select(population, "quantum", gated="all")
    assert found.name == "share"
    assert found.between(0, 1).all()
    assert found.index.is_monotonic_increasing
    fewer = pop.select(population, "quantum", gated="none")
    words = pop.select(population, "quantum")
    assert set(fewer.index) <= set(words.index) <= set(found.index)
    members = pnav.classify.memberships(town)
    truth = members[(members["industry"] == "quantum") & (members["weight"] > 0.5)]
    classes = town.classifications["publication_id"]
    reachable = set(truth["publication_id"]) & set(classes)
    assert len(reachable & set(found.index)) >= 0.7 * len(reachable)


def test_selected_publications_come_as_a_set(population, town):
    found = pop.select(population, "biomed")
    fetched = pop.fetch(population, found)
    assert fetched.publications.index.tolist() == found.index.tolist()
    expected = town.filter(found.index)
    pd.testing.assert_frame_equal(fetched.classifications, expected.classifications)
    assert len(fetched.citations) == len(expected.citations)


def test_folders_of_parts(saved, tmp_path, made):
    folder = tmp_path / "parts"
    shutil.copytree(saved, folder)
    table = pd.read_parquet(folder / "publications.parquet")
    (folder / "publications.parquet").unlink()
    (folder / "publications").mkdir()
    half = len(table) // 2
    table.iloc[:half].to_parquet(folder / "publications" / "part-0.parquet")
    table.iloc[half:].to_parquet(folder / "publications" / "part-1.parquet")
    again = pop.baseline(pop.read(folder), ["claim_count"], by=BY)
    pd.testing.assert_series_equal(
        distribution(again, "claim_count"), distribution(made, "claim_count")
    )


def test_errors(population, tmp_path):
    with pytest.raises(FormatError, match="publications"):
        pop.read(tmp_path)
    with pytest.raises(UnknownNameError, match="claim_count"):
        pop.baseline(population, ["claim_counts"])
    with pytest.raises(ArgumentError, match="unit"):
        pop.baseline(population, unit="family")
    with pytest.raises(UnknownNameError, match="year"):
        pop.baseline(population, by=("years",))
    with pytest.raises(UnknownNameError, match="quantum"):
        pop.select(population, "quantun")
    with pytest.raises(ArgumentError, match="gated"):
        pop.select(population, "quantum", gated="maybe")
    bare = pop.Population(
        population.connection, {"publications": population.tables["publications"]}, "bare"
    )
    with pytest.raises(MissingTableError, match="parties"):
        pop.applicants(bare)
    with pytest.raises(ArgumentError, match="citations"):
        pop.baseline(bare, ["backward_citations"], by=("year",))
    assert "citations_received" not in pop.baseline(bare, by=("year",)).indicators
