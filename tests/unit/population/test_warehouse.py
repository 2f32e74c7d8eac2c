"""A table in the layout of the public Google Patents data, nested records included."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from patentnav import population as pop
from patentnav.errors import ArgumentError, UnknownNameError

# ibis uses names that duckdb 2 and pandas 3 call old.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def rows():
    def row(number, application, filed, published, *, ipc, cites=(), owner=()):
        return {
            "publication_number": number, "application_number": application,
            "country_code": number[:2], "kind_code": number.rsplit("-", 1)[1],
            "family_id": application[-3:], "filing_date": filed, "publication_date": published,
            "grant_date": published if number.endswith("B2") else 0,
            "title_localized": [{"text": "Quantum key", "language": "en"}],
            "ipc": [{"code": c, "first": i == 0, "inventive": True} for i, c in enumerate(ipc)],
            "citation": [{"publication_number": c, "npl_text": t} for c, t in cites],
            "assignee_harmonized": [{"name": o, "country_code": "US"} for o in owner],
        }  # fmt: skip

    return [
        row("US-1000001-B2", "US-201000001-A", 20100105, 20120301, ipc=["H04L9/08", "G06N10/00"],
            owner=["ACME"]),
        row("US-1000002-B2", "US-201100002-A", 20110105, 20130301, ipc=["H04L 9/08"],
            cites=[("US-1000001-B2", ""), ("", "A book")], owner=["ACME", "BETA"]),
        row("EP-1000003-A1", "EP-12000003-A", 20120601, 0, ipc=["A61K31/00"],
            cites=[("US-1000001-B2", "")]),
        row("US-1000004-B2", "US-201600004-A", 20160101, 20190101, ipc=["H04L9/08"],
            cites=[("US-1000001-A1", "")], owner=["BETA"]),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("google") / "publications.parquet"
    pq.write_table(pa.Table.from_pylist(rows()), path)
    return path


@pytest.fixture(scope="module")
def google(file):
    import ibis

    connection = ibis.duckdb.connect()
    connection.read_parquet(str(file), table_name="publications")
    return pop.connect(connection)


def test_layouts():
    assert "google-patents" in pop.layouts()


def test_canonical_tables(google):
    table = google.run(google.table("publications").order_by("publication_id"))
    assert table["publication_id"].tolist() == [
        "EP1000003A1", "US1000001B2", "US1000002B2", "US1000004B2"
    ]  # fmt: skip
    assert table["publication_date"].isna().tolist() == [True, False, False, False]
    assert str(table["application_date"].iloc[1])[:10] == "2010-01-05"
    citations = google.run(google.table("citations"))
    assert len(citations) == 4
    assert citations["cited_id"].isna().sum() == 1


def test_baseline_of_a_warehouse(google):
    made = pop.baseline(google, by=("field", "year"))
    table = made.distributions
    received = table[table["indicator"] == "citations_received"]
    # Cited by two units and, in another kind of document, by a third.
    assert received.loc[received["year"] == 2010, "value"].tolist() == [3.0]
    forward = table[table["indicator"] == "forward_citations"]
    assert set(forward["year"]) == {2011}  # 2010: a citing document has no date; 2016: open
    assert set(made.counts["year"]) == {2010, 2011, 2012, 2016}
    lag = table[(table["indicator"] == "grant_lag") & (table["year"] == 2010)]
    assert lag["value"].tolist() == [(pd.Timestamp("2012-03-01") - pd.Timestamp("2010-01-05")).days]


def test_applicants_and_selection(google):
    table = pop.applicants(google)
    assert table.values.tolist() == [
        ["ACME", 2010, 1], ["ACME", 2011, 1], ["BETA", 2011, 1], ["BETA", 2016, 1]
    ]  # fmt: skip
    found = pop.select(google, "biomed")
    assert found.index.tolist() == ["EP1000003A1"]
    fetched = pop.fetch(google, found)
    assert len(fetched) == 1
    assert fetched.citations["cited_id"].tolist() == ["US1000001B2"]


def test_errors(google, tmp_path):
    with pytest.raises(UnknownNameError, match="google-patents"):
        pop.connect(google.connection, "google-patent")
    with pytest.raises(ArgumentError, match="elsewhere"):
        pop.connect(google.connection, tables={"publications": "elsewhere"})
