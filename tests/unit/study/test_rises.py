"""A rise that stands only by how documents were divided among alike technologies is none to act on."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.study import Study


def _study(*, before: int) -> Study:
    """T1 "head-worn" has none before 2015 and 60 after; of T2, some of before have "head" in the title.

    The words of T1 stand in ``before`` titles of 2010-2014 (put into T2) and in 60 of 2015-2019.
    """
    rows = [(f"一种头戴显示设备{i}", 2015 + i % 5, "T1") for i in range(60)]
    rows += [(f"一种头戴显示器{i}", 2010 + i % 5, "T2") for i in range(before)]
    rows += [(f"一种光学镜片{i}", 2010 + i % 5, "T2") for i in range(100 - before)]
    rows += [(f"一种光学镜片{i}", 2015 + i % 5, "T2") for i in range(240)]
    ids = [f"CN{100000 + i}A" for i in range(len(rows))]
    dates = pd.to_datetime([f"{year}-05-01" for _, year, _ in rows])
    publications = pd.DataFrame(
        {"title": [r[0] for r in rows], "application_date": dates, "authority": "CN",
         "publication_date": dates + pd.Timedelta(days=200)}, index=ids,
    )  # fmt: skip
    labels = pd.Series([r[2] for r in rows], index=publications.index)
    names = pd.Series({"T1": "头戴显示设备", "T2": "光学镜片"})
    texts = pd.DataFrame({"publication_id": ids, "field": "title", "language": "zh",
                          "text": publications["title"].to_numpy()})  # fmt: skip
    tables = {"publications": publications, "texts": texts}
    return Study(pnav.PatentSet.from_tables(tables), cutoff="2022-05-01",
                 technologies=SimpleNamespace(labels=labels, names=names))  # fmt: skip


def test_a_rise_of_the_division_is_not_wanted() -> None:
    """20 of 100 before and 60 of 300 after: the words keep pace."""
    study = _study(before=20)
    assert study.emergence.set_index("group").loc["T1", "state"] == "emerging"
    row = study.word_rises.loc["T1"]
    assert (row["before"], row["recent"], bool(row["rose"])) == (20, 60, False)
    assert not study.courses["rising"].any()
    assert not study.courses["wanted"].any()


def test_a_rise_of_the_words_stands() -> None:
    study = _study(before=2)
    row = study.word_rises.loc["T1"]
    assert (row["before"], bool(row["rose"])) == (2, True)
    assert study.courses.set_index("technology").loc["T1", "wanted"]


@pytest.mark.parametrize("before", [2, 20])
def test_the_report_says_so_and_is_counted_again(before: int, tmp_path) -> None:
    file = tmp_path / "rise.toml"
    file.write_text(
        'title = { zh = "测", en = "T" }\n[[part]]\nid = "direction"\nsections = ["emergence"]\n'
        '[[part]]\nid = "path"\nsections = ["technologies"]\n', encoding="utf-8",
    )  # fmt: skip
    report = pnav.report.build(_study(before=before), file, "zh", strict=True)
    with report.reading():
        said = " ".join(report.plain(b) for b in report.blocks() if hasattr(b, "style"))
    assert ("取决于技术如何划分" in said) == (before == 20)
    assert ("没有一项在" in said) == (before == 20)
