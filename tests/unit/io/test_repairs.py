"""Repairs of cells: what is mended, and that the account tells which cells."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import patentnav as pnav
from patentnav.io import cleaning


def column(*cells):
    return pa.array(cells, pa.large_string())


@pytest.mark.parametrize(
    ("cell", "mended"),
    [
        ("Smith\x7f John", "Smith John"), ("王\u200e明", "王明"), ("\ufeffAcme", "Acme"),
        ("line\x0bbreak", "line break"), ("page\u2028break", "page break"), ("a\x00\x01b", "ab"),
        ("mi\u00adcro", "micro"), ("x\u0085y\u009f", "x y"), ("\u200b\u2060", None), ("\x7f", None),
    ],
)  # fmt: skip
def test_invisible_signs_go(cell, mended):
    cleaned, repaired = cleaning.without_invisible(column("before", cell, None))
    assert cleaned.to_pylist() == ["before", mended, None]
    assert repaired.tolist() == [1]


@pytest.mark.parametrize(
    "cell", ["tab\tand\nbreak\r\n", "“quoted” — dash…", "全角，标点。", "é ß Ω", "می\u200cخواهم",
             "list\x1fof\x1eparts", ""],
)  # fmt: skip
def test_visible_signs_stay(cell):
    same = column(cell, None)
    cleaned, repaired = cleaning.without_invisible(same)
    assert cleaned.equals(same)
    assert not len(repaired)


@pytest.mark.parametrize("shift", range(4))
def test_a_sign_that_begins_in_one_slice_and_ends_in_the_next(monkeypatch, shift):
    monkeypatch.setattr(cleaning, "_SLICE", 8)
    cells = column("a" * (6 + shift) + "\u200b" + "b" * 20, "c" * shift + "\u009f")
    cleaned, repaired = cleaning.without_invisible(cells)
    assert cleaned.to_pylist() == ["a" * (6 + shift) + "b" * 20, "c" * shift or None]
    assert repaired.tolist() == [0, 1]


SAMPLES = Path(__file__).parents[2] / "formats"


def test_names_of_a_table(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(
        "公开号,申请人,发明人\nCN110000001A,甲\u200b公司; Ac\x7fme,王\u200e明\n", encoding="utf-8"
    )
    patents = pnav.read(path)
    assert patents.parties["name_raw"].tolist() == ["甲公司", "Acme"]
    assert patents.inventors["name"].tolist() == ["王明"]
    repairs = patents.repairs
    assert repairs["row"].tolist() == [2, 2]
    assert repairs["column"].tolist() == ["申请人", "发明人"]
    assert repairs["repaired"].tolist() == ["甲公司; Acme", "王明"]
    assert repairs["reason"].str.contains("invisible").all()


@pytest.mark.parametrize(
    ("sample", "plain", "damaged"),
    [("lens_jsonl/documents.jsonl", "Cold box", "Cold\x7f box"),
     ("lens_jsonl/documents.jsonl", "Cold box", "Cold\\u200b box"),
     ("uspto_xml/grant-v45.xml", "Payment token", "Payment\x7f token"),
     ("uspto_xml/grant-v45.xml", "Payment token", "Payment&#x200b; token"),
     ("derwent_dii/records.txt", "NOVELTY", "NOV\u200bELTY")],
)  # fmt: skip
def test_texts_of_json_xml_and_tags(tmp_path, sample, plain, damaged):
    text = (SAMPLES / sample).read_text(encoding="utf-8")
    assert plain in text
    path = tmp_path / Path(sample).name
    path.write_text(text.replace(plain, damaged), encoding="utf-8")
    patents = pnav.read(path)
    assert patents.texts["text"].str.contains(plain).any()
    assert not patents.texts["text"].str.contains("[\x7f\u200b]").any()
    assert len(patents.repairs)
