"""Signs of a bad export are listed where they are, and nowhere else."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.errors import IntakeWarning

HEADERS = ["公开号", "标题", "申请人", "申请日", "公开日", "申请号", "IPC"]


def rows(n: int, *, first: str = "2008-01-05", days: int = 3) -> list[list[str]]:
    """A list of every third day, published a year and a half later."""
    start = pd.Timestamp(first)
    found = []
    for i in range(n):
        applied = start + pd.Timedelta(days=i * days)
        published = applied + pd.Timedelta(days=540)
        number = f"CN{applied.year}1{i:07d}.1"
        found.append(
            [f"CN{110_000_000 + i}A", f"一种装置{i}", f"公司{i % 9}", f"{applied:%Y-%m-%d}",
             f"{published:%Y-%m-%d}", number, f"G06F{1 + i % 9}/00"]
        )  # fmt: skip
    return found


def read(tmp_path, table, headers=HEADERS, **arguments):
    path = tmp_path / "export.csv"
    pd.DataFrame(table, columns=headers).to_csv(path, index=False)
    return pnav.read(path, **arguments)


def signs(patents) -> dict[str, tuple]:
    columns = [c if isinstance(c, str) else None for c in patents.signs["column"]]
    found = zip(patents.signs["sign"], columns, patents.signs["rows"], strict=True)
    return {sign: (column, count) for sign, column, count in found}


def test_a_sound_list_has_none(tmp_path):
    patents = read(tmp_path, rows(777))
    assert patents.signs.empty


@pytest.mark.parametrize("n", [1000, 5000])
def test_a_round_number_of_records_is_a_cap(tmp_path, n):
    shuffled = sorted(rows(n, days=1), key=lambda row: row[1][::-1])
    with pytest.warns(IntakeWarning, match=f"exactly {n:,} records"):
        patents = read(tmp_path, shuffled)
    assert signs(patents) == {"cap": (None, n)}
    assert signs(read(tmp_path, shuffled[:-1])) == {}


@pytest.mark.parametrize(("descending", "side"), [(False, "after"), (True, "before")])
def test_a_sorted_list_that_was_capped_lacks_its_last_or_first_years(tmp_path, descending, side):
    table = rows(1000)[::-1] if descending else rows(1000)
    patents = read(tmp_path, table)
    found = patents.signs[patents.signs["sign"] == "sorted_and_cut"]
    assert found["column"].tolist() == ["application_date", "publication_date"]
    assert f"nothing {side} {table[-1][3]}" in found["note"].iloc[0]


def test_applications_that_end_years_before_the_publications(tmp_path):
    table = rows(400)
    for row in table[-5:]:
        row[4] = "2020-03-01"
    patents = read(tmp_path, table)
    assert signs(patents)["missing_last_years"][0] == "application_date"


def test_years_that_fall_off_a_cliff(tmp_path):
    table = [row for row in rows(1100) if row[3][:4] != "2012" or row[3][5:] == "06-01"]
    found = read(tmp_path, table).signs
    cliffs = found[found["sign"] == "year_cliff"]
    assert "in 2011" in cliffs["note"].iloc[0]
    assert "in 2012" in cliffs["note"].iloc[0]


def test_the_last_year_of_a_sound_list_is_no_cliff(tmp_path):
    table = rows(777)
    assert table[-1][4].startswith("2015-1")
    cut = [row for row in table if row[4] < "2015-01-20"]
    assert "year_cliff" not in signs(read(tmp_path, cut))


@pytest.mark.parametrize(
    ("length", "cells", "told"), [(32_767, 1, True), (255, 5, True), (255, 1, False)]
)
def test_cells_that_were_cut(tmp_path, length, cells, told):
    table = rows(30)
    for i, row in enumerate(table):
        row.append(("权" * length) if i < cells else "权利要求" * (3 + i % 4))
    patents = read(tmp_path, table, [*HEADERS, "权利要求"])
    assert signs(patents) == ({"cut_cells": ("权利要求", cells)} if told else {})


def test_a_constant_column(tmp_path):
    table = rows(30)
    for row in table:
        row[2], row[6] = "同一公司", "G06F1/00"
    assert {c for _, c in read(tmp_path, table).signs[["sign", "column"]].to_numpy()} == {
        "申请人", "IPC"
    }  # fmt: skip
    assert read(tmp_path, table[:10]).signs.empty


def test_records_whose_cells_moved(tmp_path):
    table = rows(60)
    for row in table[10:13]:
        row[1:] = ["标题的一半", *row[1:-1]]
    with pytest.warns(IntakeWarning, match=r"3 records fit .* to the right \(the first: row 12\)"):
        patents = read(tmp_path, table)
    assert signs(patents)["shifted_columns"] == (None, 3)


@pytest.mark.parametrize("step", [1, -1])
def test_a_column_that_moved_by_a_row(tmp_path, step):
    table = rows(60, days=400)
    table = [r for r in table if r[3] < "2030"]
    table *= 2
    for i, row in enumerate(table):
        table[i] = [f"CN{120_000_000 + i}A", *row[1:]]
    dates = [row[3] for row in table]
    for i, row in enumerate(table):
        row[3] = dates[(i - step) % len(dates)]
    found = read(tmp_path, table).signs
    assert "next row" in found.loc[found["sign"] == "shifted_columns", "note"].iloc[0]


def test_open_dates_are_said_and_decided_ones_are_not(tmp_path):
    table = [["US10000001B2", "A", "03/07/2019"], ["US10000002B2", "B", "05/06/2019"]]
    headers = ["Publication Number", "Title", "Publication Date"]
    with pytest.warns(IntakeWarning, match='"Publication Date": no date tells whether the day'):
        patents = read(tmp_path, table, headers)
    assert patents.publications["publication_date"].tolist() == [
        pd.Timestamp(2019, 7, 3), pd.Timestamp(2019, 6, 5)
    ]  # fmt: skip
    stated = {"Publication Date": {"to": "publications.publication_date", "day_first": False}}
    patents = read(tmp_path, table, headers, columns=stated)
    assert patents.signs.empty
    assert patents.publications["publication_date"].dt.month.tolist() == [3, 5]


def test_another_column_of_the_file_tells_the_order(tmp_path):
    table = [
        ["US10000001B2", "03/07/2019", "12/25/2017"],
        ["US10000002B2", "05/06/2019", "01/02/2018"],
    ]
    patents = read(tmp_path, table, ["Publication Number", "Publication Date", "Application Date"])
    assert patents.publications["publication_date"].dt.month.tolist() == [3, 5]
    assert patents.publications["application_date"].tolist() == [
        pd.Timestamp(2017, 12, 25), pd.Timestamp(2018, 1, 2)
    ]  # fmt: skip
    assert patents.signs.empty


def test_signs_are_in_the_check_and_in_what_is_saved(tmp_path):
    patents = read(tmp_path, rows(1000))
    checked = patents.check().query("table == 'signs'")
    assert checked["check"].tolist() == patents.signs["sign"].tolist()
    again = pnav.load(patents.save(tmp_path / "set.pnav"))
    pd.testing.assert_frame_equal(again.signs, patents.signs)
