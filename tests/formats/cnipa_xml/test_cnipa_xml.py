"""CNIPA standard XML: every field of a grant with full text; several documents in one file."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd

import patentnav as pnav

SAMPLE = Path(__file__).parent / "full.xml"


@functools.cache
def _sample() -> pnav.PatentSet:
    return pnav.read(SAMPLE)


def test_numbers_dates_and_counts():
    patents = _sample()
    assert patents.intake["format"].tolist() == ["cnipa-xml"]
    assert patents.cell_failures.empty
    row = patents.publications.loc["CN110000003B"]
    assert row["application_id"] == "CN201910000003"
    assert row["application_date"] == pd.Timestamp("2019-01-04")
    assert bool(row["granted"])
    assert row["claim_count"] == 2


def test_texts():
    texts = _sample().texts.set_index("field")["text"]
    assert texts["abstract"] == "本发明公开了一种抓取装置。\n夹持力可控。"
    assert texts["first_claim"].startswith("1.")
    assert texts["claims"].count("\n") == 1
    assert texts["description"] == "本发明涉及机器人。"


def test_parties_with_places():
    parties = _sample().parties
    applicants = parties.query("role == 'applicant'").sort_values("position")
    assert applicants["name_raw"].tolist() == ["云泽星图机床有限公司", "云泽大学"]
    assert applicants["region"].tolist() == ["东原省", "东原省"]
    assert applicants["city"].tolist()[0] == "云泽市"
    assert pd.isna(applicants["city"].tolist()[1])  # an unused part is written 0
    assert set(parties["role"]) == {"applicant", "current_owner", "agent"}
    assert parties.query("role == 'agent'")["name_raw"].tolist() == ["云泽汇知专利代理有限公司"]


def test_classes_priorities_citations():
    patents = _sample()
    assert patents.classifications["symbol"].tolist() == ["B25J9/16", "B25J15/08"]
    assert len(patents.priorities) == 1
    assert patents.priorities.iloc[0]["date"] == pd.Timestamp("2018-01-10")
    cited = patents.citations.set_index("cited_kind")
    assert cited.loc["patent", "cited_id"] == "CN203000001U"
    assert cited.loc["patent", "origin"] == "examiner"
    assert cited.loc["literature", "cited_text"].startswith("王伟")
    assert patents.vendor_values.set_index("name")["value"].to_dict() == {
        "agents": "赵敏", "examiners": "孙丽"}  # fmt: skip


def test_several_documents_in_one_file(tmp_path):
    one = SAMPLE.read_text(encoding="utf-8")
    other = one.replace("110000003", "110000004").replace("201910000003", "201910000004")
    path = tmp_path / "bulk.xml"
    path.write_text(one + other + one[: len(one) // 2], encoding="utf-8")
    patents = pnav.read(path)
    assert patents.publications.index.tolist() == ["CN110000003B", "CN110000004B"]
    assert patents.intake.loc[0, "rows_in"] == 3
    assert patents.intake.loc[0, "rows_set_aside"] == 1
    assert "damaged XML" in patents.set_aside.loc[0, "reason"]


def test_utf16_is_read(tmp_path):
    text = SAMPLE.read_text(encoding="utf-8").replace("encoding='UTF-8'", "encoding='UTF-16'")
    path = tmp_path / "sixteen.xml"
    path.write_text(text, encoding="utf-16")
    assert pnav.read(path).publications.index.tolist() == ["CN110000003B"]


def test_early_form_in_gb18030(tmp_path):
    path = tmp_path / "early.xml"
    text = (SAMPLE.parent / "early.xml").read_text(encoding="utf-8")
    path.write_text(text.replace('encoding="UTF-8"', 'encoding="GB18030"'), encoding="gb18030")
    patents = pnav.read(path)
    assert patents.intake["format"].tolist() == ["cnipa-xml"]
    assert patents.cell_failures.empty
    row = patents.publications.loc["CN101000006A"]
    assert row["application_id"] == "CN200610000006"
    assert row["pct_application_id"] == "PCTKR2006000006"
    assert row["pct_publication_id"] == "WO2006073006"
    assert row["national_entry_date"] == pd.Timestamp("2007-01-05")
    assert row["title"] == "冷藏车厢"
    assert patents.classifications["symbol"].tolist() == ["F25D11/00", "F25D29/00"]
    assert patents.inventors["name_raw"].tolist() == ["金敏俊", "朴素妍"]
    assert patents.parties.query("role == 'applicant'")["address"].tolist() == ["韩国首尔"]
    assert patents.parties.query("role == 'agent'")["name_raw"].tolist() == [
        "云泽汇知专利代理有限公司"]  # fmt: skip
    assert patents.priorities.loc[0, ["authority", "date"]].tolist() == [
        "KR", pd.Timestamp("2005-01-07")]  # fmt: skip
    texts = patents.texts.set_index("field")["text"]
    assert texts["description"] == "本发明涉及冷链。"
    assert texts["first_claim"] == "1.一种冷藏车厢。"
