"""Derwent Innovations Index, tagged text."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd

import patentnav as pnav

SAMPLE = Path(__file__).parent / "records.txt"


@functools.cache
def _sample() -> pnav.PatentSet:
    return pnav.read(SAMPLE)


def test_family_is_one_record_named_by_its_first_document():
    patents = _sample()
    assert patents.intake["format"].tolist() == ["derwent-dii"]
    assert patents.cell_failures.empty
    assert patents.publications.index.tolist() == ["CN110000009A"]
    row = patents.publications.iloc[0]
    assert row["publication_date"] == pd.Timestamp("2019-07-05")
    assert row["application_date"] == pd.Timestamp("2019-01-02")
    assert row["title"] == "Shuttle rack for storing totes, comprises rail and a lifting platform."
    assert set(patents.families["publication_id"]) == {
        "CN110000009A", "WO2020000009A1", "US20200000009A1"}  # fmt: skip
    assert set(patents.families["family_id"]) == {"202000009X"}


def test_abstract_is_cut_into_its_sections():
    texts = _sample().texts.set_index("field")["text"]
    assert texts["novelty"] == "The rack has a rail; it is long."
    assert texts["use"] == "Shuttle rack for storing totes (claimed)."
    assert texts["effect"] == "The rack saves space."
    assert "Rail (10)" in texts["abstract"]


def test_people_classes_citations():
    patents = _sample()
    assert patents.parties["name_raw"].tolist() == ["UNIV YUNZE", "NOVICK AG", "YUNZE RACK CO"]
    assert patents.inventors["name_raw"].tolist() == ["WANG W", "LI N"]
    classes = patents.classifications.groupby("scheme")["symbol"].agg(list)
    assert classes["IPC"] == ["B65G1/137", "B65G1/04"]
    assert classes["DWPI"] == ["Q35", "T06"]
    assert classes["DWPI-MC"] == ["T06-D07", "Q35-A01"]
    cited = patents.citations.set_index("cited_kind")
    assert set(cited.loc["patent", "cited_id"]) == {"CN203000001U", "US5000001A"}
    assert cited.loc["literature", "cited_text"] == 'LI N: "Shuttle racks", 2015'
    assert patents.priorities["date"].tolist() == [
        pd.Timestamp("2019-01-02"), pd.Timestamp("2019-01-03")]  # fmt: skip
    codes = patents.vendor_values.set_index("name").loc["assignee_codes", "value"]
    assert codes.startswith("UNIV YUNZE = UYUN")


def test_record_that_breaks_off_is_set_aside():
    patents = _sample()
    assert patents.intake.loc[0, "rows_in"] == 2
    assert "breaks off" in patents.set_aside.loc[0, "reason"]
