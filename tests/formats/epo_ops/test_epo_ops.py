"""EPO OPS: XML and JSON of bibliographic data, family and legal status."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd

import patentnav as pnav

HERE = Path(__file__).parent


@functools.cache
def _read(name: str) -> pnav.PatentSet:
    return pnav.read(HERE / name)


def test_bibliographic_xml_fills_every_table():
    patents = _read("biblio.xml")
    assert patents.intake["format"].tolist() == ["epo-ops"]
    assert patents.cell_failures.empty
    row = patents.publications.loc["CN110000001A"]
    assert row["application_id"] == "CN201910000001"
    assert row["application_date"] == pd.Timestamp("2019-01-02")
    assert row["publication_date"] == pd.Timestamp("2019-07-05")
    titles = patents.texts.query("field == 'title'").set_index("language")["text"]
    assert titles["en"] == "Quantum key distribution with polarisation compensation"
    assert titles["zh"].endswith("方法")
    abstract = patents.texts.query("field == 'abstract'").iloc[0]
    assert abstract["text"] == "A polarisation drift is measured. It is compensated."
    classes = patents.classifications.groupby("scheme")["symbol"].agg(list)
    assert classes["IPC"] == ["H04L9/08", "H04B10/70"]
    assert classes["CPC"] == ["H04L9/0852"]
    assert classes["USPC"] == ["380/256"]
    assert patents.classifications.query("scheme == 'IPC'")["is_inventive"].tolist() == [
        True,
        False,
    ]


def test_parties_are_told_once_with_standard_name_and_country():
    patents = _read("biblio.xml")
    party = patents.parties.iloc[0]
    assert len(patents.parties) == 1
    assert party["name_raw"] == "云泽量子技术研究院"
    assert party["name_standard"] == "YUNZE INST QUANTUM TECH"
    assert party["country"] == "CN"
    assert patents.inventors["name_raw"].tolist() == ["王伟", "李娜"]


def test_citations_keep_category_origin_and_date():
    patents = _read("biblio.xml")
    cited = patents.citations.set_index("cited_kind")
    assert cited.loc["patent", "cited_id"] == "US20180000001A1"
    assert cited.loc["patent", "category"] == "X,Y"
    assert cited.loc["patent", "origin"] == "examiner"
    assert cited.loc["patent", "cited_date"] == pd.Timestamp("2018-01-04")
    assert cited.loc["literature", "cited_text"].startswith("WANG")
    assert cited.loc["literature", "origin"] == "opposition"
    assert patents.families.iloc[0].tolist()[:3] == ["simple", "77000001", "CN110000001A"]


def test_family_and_legal_answer():
    patents = _read("family-legal.xml")
    assert patents.publications.index.tolist() == ["DE102017000001A1", "EP3500001A1"]
    families = patents.families.groupby("scheme")["family_id"].agg(set)
    assert families["simple"] == {"77000002"}
    assert families["extended"] == {"DE102017000001A1"}
    event = patents.legal_events.iloc[0]
    assert event["publication_id"] == "EP3500001A1"
    assert event["code"] == "18D"
    assert event["date"] == pd.Timestamp("2021-05-05")
    assert event["text"] == "DEEMED TO BE WITHDRAWN no reply"
    assert event["party_to"] == "NOVICK AG"
    assert event["category"] == "withdrawal"
    assert patents.priorities.iloc[0]["authority"] == "DE"


def test_json_lines_with_and_without_attributes():
    patents = _read("lines.jsonl")
    assert patents.publications.index.tolist() == ["CN110000002A", "US20190000003A1"]
    assert patents.publications.loc["CN110000002A", "application_id"] == "CN201910000002"
    assert patents.publications.loc["US20190000003A1", "application_id"] == "US15800003"
    assert patents.inventors["name_raw"].tolist() == ["赵敏", "孙丽"]
    party = patents.parties.iloc[0]
    assert (party["name_raw"], party["name_standard"]) == (
        "云泽物流有限公司",
        "YUNZE LOGISTICS CO LTD",
    )
    assert patents.classifications["symbol"].tolist() == ["B65G1/137"]


def test_broken_and_foreign_lines_are_set_aside():
    patents = _read("lines.jsonl")
    intake = patents.intake.iloc[0]
    assert intake["rows_in"] == 4
    assert intake["rows_set_aside"] == 2
    assert patents.set_aside.sort_values("row")["row"].tolist() == [2, 4]


def test_names_without_attributes_are_paired():
    from patentnav.io.readers.epo_ops import _paired

    assert _paired(["A CO [US]", "B CO [US]", "A Co.", "B Co."]) == [
        ("A CO [US]", "A Co."), ("B CO [US]", "B Co.")]  # fmt: skip
    # Three scripts: the last one counts.
    assert _paired(["CHEN SHIHAO", "CHEN SHIHAO,", "陈世浩"]) == [("CHEN SHIHAO", "陈世浩")]
    assert _paired(["A CO", "B INC"]) == [("A CO", ""), ("B INC", "")]
    assert _paired([]) == []
