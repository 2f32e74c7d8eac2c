"""CNKI reference lists in the form of GB/T 7714."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import patentnav as pnav

SAMPLE = Path(__file__).parent / "references.txt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_references_in_any_encoding(encoding, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(SAMPLE.read_text(encoding="utf-8"), encoding=encoding)
    patents = pnav.read(path)
    assert patents.intake["format"].tolist() == ["cnki-gbt7714"]
    assert patents.publications.index.tolist() == ["CN110000003A", "CN1387401"]
    assert patents.publications.loc["CN1387401", "publication_date"] == pd.Timestamp("2002-12-25")
    assert patents.publications.loc["CN1387401", "title"] == "3.5代移动支付的方法"
    people = patents.inventors.groupby("publication_id")["name_raw"].agg(list)
    assert people["CN110000003A"] == ["王伟", "李娜", "赵敏"]
    assert people["CN1387401"] == ["J·M·韦伯", "安娜·米勒"]


def test_other_literature_is_set_aside_with_its_line():
    patents = pnav.read(SAMPLE)
    assert patents.intake.loc[0, "rows_in"] == 3
    assert patents.set_aside.loc[0, "row"] == 6
    assert patents.set_aside.loc[0, "value"].startswith("[3]")
