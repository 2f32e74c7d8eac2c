"""USPTO XML of all vintages, and weekly bulk files."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd
import pytest

import patentnav as pnav

HERE = Path(__file__).parent


@functools.cache
def _read(name: str) -> pnav.PatentSet:
    patents = pnav.read(HERE / name)
    assert patents.intake["format"].tolist() == ["uspto-xml"]
    assert patents.cell_failures.empty, patents.cell_failures
    return patents


def test_grant_of_2020():
    patents = _read("grant-v45.xml")
    row = patents.publications.loc["US10500001B2"]
    assert row["application_id"] == "US15900001"
    assert row["title"] == "Payment token & terminal—offline"
    assert row["claim_count"] == 3
    assert row["independent_claim_count"] == 2
    assert row["pct_publication_id"] == "WO2018130001"
    assert row["pct_application_id"] == "PCTDE2018000001"
    assert row["national_entry_date"] == pd.Timestamp("2019-08-01")
    texts = patents.texts.set_index("field")["text"]
    assert texts["abstract"] == "A token is checked offline."
    assert texts["description"] == "First paragraph.\nSecond."
    assert texts["first_claim"] == "1. A terminal."


def test_grant_of_2020_classes_and_parties():
    patents = _read("grant-v45.xml")
    classes = patents.classifications
    ipc = classes.query("scheme == 'IPC'")
    assert ipc["symbol"].tolist() == ["G06Q20/32", "G06Q20/40"]  # the first symbol leads
    assert ipc["is_inventive"].tolist() == [True, False]
    assert classes.query("scheme == 'CPC'")["symbol"].tolist() == ["G06Q20/3274", "G07F7/08"]
    parties = patents.parties.set_index("role")
    assert parties.loc["applicant", "name_raw"] == "Colbridge Financial Corp."
    assert parties.loc["original_assignee", "city"] == "Boston"
    assert parties.loc["agent", "name_raw"] == "Walker & Keller LLP"
    assert patents.inventors.loc[0, ["name_raw", "region"]].tolist() == ["Anna Miller", "MA"]
    priorities = patents.priorities.set_index("priority_number")["authority"]
    assert priorities.to_dict() == {
        "DE102017000009": "DE", "US62500001": "US", "PCTDE2018000001": "DE"}  # fmt: skip


def test_grant_of_2020_citations():
    cited = _read("grant-v45.xml").citations
    patent = cited.query("cited_kind == 'patent'").set_index("cited_id")
    assert patent.loc["US20150000001A1", "origin"] == "examiner"
    assert pd.isna(patent.loc["US20150000001A1", "cited_date"])  # the day is not told
    assert "20150100" in patent.loc["US20150000001A1", "cited_text"]
    assert patent.loc["WO2014000002", "cited_date"] == pd.Timestamp("2014-01-03")
    assert cited.query("cited_kind == 'literature'")["origin"].tolist() == ["applicant"]


def test_application_of_2005_applied_for_by_its_inventors():
    patents = _read("application-v40.xml")
    assert patents.publications.index.tolist() == ["US20050000005A1"]
    assert patents.inventors["name_raw"].tolist() == ["Julia Keller", "Marco Rossi"]
    assert patents.parties.query("role == 'applicant'")["name_raw"].tolist() == [
        "Julia Keller", "Marco Rossi"]  # fmt: skip
    assert patents.classifications["symbol"].tolist() == ["A61B5/00", "A61B5/02"]


def test_grant_of_2002():
    patents = _read("patdoc-2002.xml")
    row = patents.publications.loc["US6400001B1"]
    assert row["application_id"] == "US09500001"
    assert row["claim_count"] == 12
    assert patents.classifications.query("scheme == 'IPC'")["symbol"].tolist() == [
        "H04L9/00", "G06F17/00"]  # fmt: skip
    cited = patents.citations.query("cited_kind == 'patent'").set_index("cited_id")["origin"]
    assert cited.to_dict() == {"US5000001A": "examiner", "EP0400001": "applicant"}
    parties = patents.parties.set_index("role")["name_raw"]
    assert parties["applicant"] == "Kitazawa Electric Corp."
    assert patents.inventors.loc[0, ["name_raw", "country"]].tolist() == ["Kenji Sato", "JP"]
    assert patents.priorities.loc[0, "date"] == pd.Timestamp("1999-02-08")


def test_publication_of_2001():
    patents = _read("publication-2001.xml")
    row = patents.publications.loc["US20010000007A1"]
    assert row["title"] == "Trading method"
    assert row["independent_claim_count"] == 1
    assert patents.inventors["name_raw"].tolist() == ["Yuki Tanaka", "Laura B Brown"]
    assert patents.inventors["country"].tolist() == ["JP", "US"]
    assert patents.parties.query("role == 'applicant'")["name_raw"].tolist() == [
        "Alden Systems Inc."]  # fmt: skip
    assert patents.priorities.loc[0, "authority"] == "JP"
    assert "705/026000" in set(patents.classifications["symbol"])


def test_bulk_file_of_all_vintages(tmp_path):
    names = ["grant-v45.xml", "application-v40.xml", "patdoc-2002.xml"]
    listing = '<?xml version="1.0"?><sequence-cwu id="s"><number>1</number></sequence-cwu>'
    content = "".join((HERE / n).read_text(encoding="utf-8") for n in names) + listing
    (tmp_path / "bulk.xml").write_text(content, encoding="utf-8")
    patents = pnav.read(tmp_path / "bulk.xml")
    assert len(patents) == 3
    assert patents.intake.loc[0, "rows_in"] == 4
    assert patents.set_aside["reason"].tolist() == ["no patent document"]


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [("H04L  900", "H04L9/00"), ("G06F 1700", "G06F17/00"), ("A61B 500", "A61B5/00"),
     ("C12N 1512", "C12N15/12"), ("B65D 8710", "B65D87/10"), ("1402", "1402")],
)  # fmt: skip
def test_positional_symbols(symbol, expected):
    from patentnav.io.readers.uspto_early import _positional

    assert _positional(symbol) == expected
