"""Tagged text for CiteSpace and bibliometrix, read back by a reader that is not ours."""

from __future__ import annotations

import pandas as pd
import wosfile

import patentnav as pnav
from patentnav.io.tagged import _HEAD


def test_an_independent_reader_reads_every_field(tmp_path):
    patents = pnav.datasets.city(n=80).patents
    path = pnav.io.write_tagged(patents, tmp_path / "download_city.txt")
    records = {r["PN"]: r for r in wosfile.records_from([str(path)])}
    assert sorted(records) == sorted(patents.publications.index)
    inventors = patents.inventors.groupby("publication_id").size()
    edges = patents.citations.dropna(subset=["cited_id"]).drop_duplicates(["citing_id", "cited_id"])
    cites = edges.groupby("citing_id").size()
    received = edges.groupby("cited_id").size()
    for key, record in records.items():
        row = patents.publications.loc[key]
        assert record["TI"] == row["title"]
        assert int(record["PY"]) == row["publication_date"].year
        assert len(record["AU"]) == inventors[key]
        assert len(record.get("CR", [])) == cites.get(key, 0)
        assert int(record["TC"]) == received.get(key, 0)
    one = next(r for r in records.values() if any("CN" in c for c in r.get("CR", [])))
    inside = next(c for c in one["CR"] if c.split(", ")[-1] in records)
    owner, year, number = inside.split(", ")
    assert int(year) == patents.publications.loc[number, "publication_date"].year
    assert owner in set(patents.parties["name_raw"]) | set(patents.parties["name"])


def test_what_is_missing_has_no_tag(tmp_path):
    """No citation table: neither CR nor TC, and not TC 0."""
    frame = pd.DataFrame(
        {"publication_id": ["CN1000001A"], "title": ["A\nplate; of \u201csteel\u201d"]}
    )
    path = pnav.io.write_tagged(
        pnav.PatentSet.from_tables({"publications": frame}), tmp_path / "a.txt"
    )
    assert path.read_text("utf-8-sig") == (
        _HEAD
        + "PT P\nTI A plate; of \u201csteel\u201d\nSO PATENTS OF CN\nDT Patent\nPN CN1000001A\n"
        "UT PATENT:CN1000001A\nER\n\nEF\n"
    )
