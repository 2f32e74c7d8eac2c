"""Real files that are no tables: OPS, CNIPA and USPTO XML, PatentsView, DII, CNKI."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav

pytestmark = pytest.mark.real


def _read(shared_data, name: str) -> pnav.PatentSet:
    patents = pnav.read(shared_data / "exports" / name)
    intake = patents.intake
    total = intake["rows_out"] + intake["rows_merged"] + intake["rows_set_aside"]
    assert (intake["rows_in"] == total).all()
    return patents


def test_ops_json_lines(shared_data):
    patents = _read(shared_data, "epo_ops")
    assert patents.intake["rows_in"].sum() == 1991
    assert patents.set_aside.empty
    frame = patents.publications
    assert frame["application_date"].notna().mean() > 0.99
    assert (frame["title"].notna()).mean() > 0.95
    cited = patents.citations
    assert (cited["cited_kind"] == "patent").sum() > 4000
    dates = cited["cited_date"].dropna()
    assert dates.dt.year.between(1840, 2025).all()
    chinese = patents.inventors[patents.inventors["publication_id"].str.startswith("CN")]
    assert chinese["name_raw"].str.match(r"[\u4e00-\u9fff]").mean() > 0.8
    assert not patents.inventors.duplicated(["publication_id", "name_raw"]).mean() > 0.01


@pytest.mark.parametrize("name", ["ops_biblio_example.xml", "ops_biblio_example_2.xml",
                                  "ops_family_input.xml", "ops_legal_example_3.xml"])  # fmt: skip
def test_ops_xml(shared_data, name):
    patents = _read(shared_data, f"epo_ops_xml/{name}")
    assert patents.cell_failures.empty
    assert patents.has("families")
    assert patents.priorities["date"].notna().all()


def test_ops_legal_events(shared_data):
    events = _read(shared_data, "epo_ops_xml/ops_legal_example_3.xml").legal_events
    assert len(events) == 14
    assert events["date"].notna().all()
    owner = events[events["code"] == "AS"]["party_to"]
    assert owner.str.contains("NCS").sum() == 2


def test_cnipa_xml(shared_data):
    patents = _read(shared_data, "cnipa_xml")
    frame = patents.publications
    assert frame.index.tolist() == ["CN102025678A", "CN85100312A"]
    assert frame["application_id"].tolist() == ["CN200910190429", "CN85100312"]
    assert patents.cell_failures.empty
    assert patents.parties.query("role == 'applicant'")["region"].notna().all()


def test_uspto_xml_of_all_vintages(shared_data):
    patents = _read(shared_data, "uspto_xml")
    assert patents.publications.index.tolist() == [
        "US20010000044A1", "US20050004437A1", "US6859910B2", "US8930553B2", "USD435854S"]  # fmt: skip
    assert patents.publications["application_date"].notna().all()
    assert patents.cell_failures["reason"].isin(["not a authority"]).all()
    cited = patents.citations
    assert set(cited["citing_id"]) == {"US6859910B2", "US8930553B2", "USD435854S"}
    assert cited["origin"].isin(["examiner", "applicant"]).all()
    owners = patents.parties.query("role == 'applicant'").groupby("publication_id")["name_raw"]
    assert owners.first()["US8930553B2"].startswith("International Business Machines")


def test_patentsview(shared_data):
    patents = _read(shared_data, "patentsview_api")
    assert patents.intake["rows_in"].tolist() == [1000, 1, 1]
    assert patents.cell_failures.empty
    cpc = patents.classifications.query("scheme == 'CPC'")
    assert cpc["symbol"].str.match(r"^[A-HY]\d{2}[A-Z]\d+/\d+$").all()


def test_dii_tagged(shared_data):
    patents = _read(shared_data, "derwent_dii/dii_tagged_2_records.txt")
    assert len(patents) == 2
    assert patents.set_aside.empty
    assert patents.publications["publication_date"].tolist() == [
        pd.Timestamp("2018-06-14"), pd.Timestamp("2020-04-16")]  # fmt: skip
    assert len(patents.families) == 15
    assert (patents.citations["cited_kind"] == "literature").any()


def test_cnki_lists(shared_data):
    patents = _read(shared_data, "cnki_gbt7714")
    assert patents.intake["rows_in"].sum() == 10_279
    assert patents.set_aside.empty
    assert patents.inventors["name"].nunique() == pytest.approx(29_224, rel=0.01)
    assert patents.publications["publication_date"].notna().all()
    assert (patents.vendor_values["value"] == "山东").sum() == 209
