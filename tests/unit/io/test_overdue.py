"""Applications said to be pending long after examination ends are of unknown state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

import patentnav as pnav
from patentnav import facts
from patentnav.io.overdue import REASON, overdue

if TYPE_CHECKING:
    from pathlib import Path


def export(path: Path, rows: list[tuple[str, str, str, str]]) -> pnav.PatentSet:
    """Read rows of number, filing date, publication date and state."""
    head = ["公开号", "申请日", "公开日", "法律状态"]
    pd.DataFrame(rows, columns=head).to_csv(path, index=False, encoding="utf-8")
    return pnav.read(path)


ROWS = [
    ("CN101234567A", "2008-01-10", "2009-07-15", "实质审查"),
    ("CN113456789A", "2015-01-10", "2016-07-15", "实质审查"),
    ("CN101234568B", "2008-02-10", "2009-08-15", "有权"),
    ("CN117000001A", "2021-01-10", "2022-07-15", "实质审查"),
    ("CN206000001U", "2013-01-10", "2014-07-15", "实质审查"),
]


def test_what_was_filed_long_ago_is_not_pending_but_unknown(tmp_path: Path) -> None:
    patents = export(tmp_path / "x.csv", ROWS)
    status = patents.publications["legal_status"]
    assert status.to_dict() == {
        "CN101234567A": "unknown", "CN113456789A": "pending", "CN101234568B": "in_force",
        "CN117000001A": "pending", "CN206000001U": "unknown",
    }  # fmt: skip
    assert patents.publications.loc["CN101234567A", "legal_status_raw"] == "实质审查"
    assert facts.alive(patents).isna().sum() == 2
    told = patents.repairs[patents.repairs["reason"] == REASON]
    assert sorted(told["row"]) == [2, 6]
    assert set(told["value"]) == {"实质审查"}


def test_the_last_day_is_that_of_the_whole_set(tmp_path: Path) -> None:
    early = export(tmp_path / "early.csv", ROWS[:1])
    assert early.publications["legal_status"].tolist() == ["pending"]
    events = pd.DataFrame({"date": [pd.Timestamp("2019-01-01")]})
    tables = {"publications": early.publications}
    assert not overdue(tables).any()
    assert overdue({**tables, "legal_events": events}).all()


def test_a_division_that_was_published_lately_is_pending(tmp_path: Path) -> None:
    rows = [*ROWS, ("CN119999999A", "2008-06-12", "2021-05-07", "实质审查")]
    status = export(tmp_path / "x.csv", rows).publications["legal_status"]
    assert status["CN119999999A"] == "pending"
    assert status["CN101234567A"] == "unknown"
