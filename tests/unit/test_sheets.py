"""No cell becomes live, and unknown stays empty."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import sheets


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "=name": ["=HYPERLINK(\"http://x\")", "+1", "@a", "-2", "普通"],
            "n": pd.array([1, None, 3, 4, 5], dtype="Int64"),
            "day": pd.to_datetime(["2020-01-02", None, None, None, None]),
        }
    )  # fmt: skip


def test_xlsx_holds_values_only(frame: pd.DataFrame, tmp_path) -> None:
    sheet = openpyxl.load_workbook(sheets.write_tables(tmp_path / "t.xlsx", {"a": frame}))["a"]
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    assert cells[0] == ["'=name", "n", "day"]
    assert [row[0] for row in cells[1:]] == [
        "'=HYPERLINK(\"http://x\")", "'+1", "'@a", "'-2", "普通",
    ]  # fmt: skip
    assert cells[2][1] is None
    assert cells[1][2].isoformat() == "2020-01-02T00:00:00"
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


def test_csv_is_guarded_and_readable(frame: pd.DataFrame, tmp_path) -> None:
    file = sheets.write_tables(tmp_path / "t.csv", {"a": frame})
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(file)
    assert back.iloc[0, 0].startswith("'=")
    assert back["n"].isna().sum() == 1


def test_same_bytes(frame: pd.DataFrame, tmp_path) -> None:
    a = sheets.write_tables(tmp_path / "a.xlsx", {"a": frame}).read_bytes()
    assert a == sheets.write_tables(tmp_path / "b.xlsx", {"a": frame}).read_bytes()


def test_wrong_use(frame: pd.DataFrame, tmp_path) -> None:
    with pytest.raises(pnav.ArgumentError, match="one table"):
        sheets.write_tables(tmp_path / "t.csv", {"a": frame, "b": frame})
    with pytest.raises(pnav.ArgumentError, match="xlsx or"):
        sheets.write_tables(tmp_path / "t.ods", {"a": frame})
    with pytest.raises(pnav.ArgumentError, match="does not exist"):
        sheets.write_tables(tmp_path / "no" / "t.csv", {"a": frame})
