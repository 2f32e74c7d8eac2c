"""JSON lines of The Lens: lists that the csv export lacks."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd

import patentnav as pnav

SAMPLE = Path(__file__).parent / "documents.jsonl"


@functools.cache
def _sample() -> pnav.PatentSet:
    return pnav.read(SAMPLE)


def test_publications():
    patents = _sample()
    assert patents.intake["format"].tolist() == ["lens-jsonl"]
    assert patents.cell_failures.empty
    assert patents.publications.index.tolist() == ["EP3600001A1", "US20190000008A1"]
    row = patents.publications.loc["EP3600001A1"]
    assert row["application_id"] == "EP18100001"
    assert row["earliest_priority_date"] == pd.Timestamp("2017-08-02")
    assert row["expiry_date"] == pd.Timestamp("2038-08-01")
    assert row["legal_status"] == "pending"
    assert row["granted"] is False or not row["granted"]
    assert row["claim_count"] == 2
    assert (row["backward_citation_count"], row["npl_citation_count"]) == (1, 1)
    assert patents.publications.loc["US20190000008A1", "application_id"] == "US12657848"


def test_texts_in_their_languages():
    texts = _sample().texts
    titles = texts.query("field == 'title'").set_index("language")["text"].to_dict()
    assert titles == {"en": "Cold box", "de": "Kühlbox"}
    assert texts.query("field == 'claims'")["text"].item().endswith("claim 1, being cold.")
    assert texts.query("field == 'description'")["text"].item() == "It is cold."


def test_parties_citations_families():
    patents = _sample()
    applicants = patents.parties.query("role == 'applicant'").sort_values("position")
    assert applicants["name_raw"].tolist() == ["NOVICK AG", "MALHORST GMBH"]
    assert applicants["country"].tolist() == ["DE", "DE"]
    cited = patents.citations
    assert set(cited.loc[cited["citing_id"] == "EP3600001A1", "cited_id"].dropna()) == {
        "US20150000009A1"}  # fmt: skip
    assert cited.loc[cited["cited_id"] == "EP3600001A1", "citing_id"].tolist() == ["CN112000001A"]
    assert cited.set_index("cited_kind").loc["literature", "origin"] == "applicant"
    assert set(patents.families["publication_id"]) == {"EP3600001A1", "WO2019025001A1"}
    assert patents.priorities.loc[0, "authority"] == "US"
