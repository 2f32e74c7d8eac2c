"""PatentsView API answers: one file, one answer a line, wrapped by a script."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import patentnav as pnav

SAMPLE = Path(__file__).parent / "answer.json"


def _lines(tmp_path):
    answer = json.loads(SAMPLE.read_text(encoding="utf-8"))
    lines = [json.dumps({"request_uri": "https://x/patentsview", "body": {**answer, "patents": [p]}})
             for p in answer["patents"]]  # fmt: skip
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["file", "lines"])
def test_fields_reach_their_tables(form, tmp_path):
    patents = pnav.read(SAMPLE if form == "file" else _lines(tmp_path))
    assert patents.intake["format"].tolist() == ["patentsview"]
    assert patents.cell_failures.empty
    row = patents.publications.loc["US11000001B2"]
    assert row["application_id"] == "US16500001"
    assert row["publication_date"] == pd.Timestamp("2021-05-11")
    assert row["forward_citation_count"] == 4
    assert row["backward_citation_count"] == 9
    assert row["patent_type"] == "invention"
    applicants = patents.parties.query("role == 'applicant'").sort_values("position")
    assert applicants["name_raw"].tolist() == ["First Corp.", "Second Inc."]
    assert applicants["city"].tolist()[0] == "Boston"
    assert patents.parties.query("role == 'agent'")["name_raw"].tolist() == ["Robert Walker"]
    cpc = patents.classifications.query("scheme == 'CPC'")["symbol"]
    assert cpc.tolist() == ["B65G1/137", "B65G1/04"]
    assert patents.citations.loc[0, ["cited_id", "origin"]].tolist() == ["US9000001", "examiner"]
    assert patents.priorities.loc[0, "authority"] == "JP"
    assert patents.inventors["name_raw"].tolist() == ["Anna Miller", "Lee"]


def test_an_answer_without_patents_is_set_aside(tmp_path):
    path = tmp_path / "more.jsonl"
    path.write_text(_lines(tmp_path).read_text() + '{"error": true, "patents": []}\n')
    patents = pnav.read(path)
    assert patents.intake.loc[0, "rows_set_aside"] == 1
    assert patents.set_aside.loc[0, "row"] == 3
