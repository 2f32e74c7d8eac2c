"""Real comma files saved again in other forms give equal tables: separator, encoding, workbook.

A spreadsheet program that opens a csv file takes numbers for numbers and ISO dates for dates; what
it cannot give back (leading zeros, digits beyond the fifteenth) does not occur in these cells.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

import patentnav as pnav
from patentnav import schema

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("PATENTNAV_SHARED", ROOT.parent / "shared" / "data"))
EXPORTS = SHARED / "exports"  # the fixture shared_data comes too late for parameters
# All records in the nightly run, some of the whole file otherwise.
MOST = None if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 60
_ORIGIN = ["source_file", "source_row"]
_NUMBER = re.compile(r"^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$")
_DATE = re.compile(r"^\d{4}[-/]\d\d?[-/]\d\d?$")

csv.field_size_limit(1 << 27)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "mac_roman"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if "\n" in text else text.replace("\r", "\n")
    raise AssertionError


def _is_comma_file(path) -> bool:
    lines = _decoded(path.read_bytes()[: 1 << 16].rsplit(b"\n", 1)[0]).split("\n")[:2]
    return max(lines, key=len).count(",") > max(max(lines, key=len).count(";"), 2)


def _comma_files() -> list[str]:
    found = sorted(EXPORTS.rglob("*.csv")) if EXPORTS.is_dir() else []
    skipped = {"landscape_seed", "exports"}
    return [
        p.relative_to(EXPORTS).as_posix()
        for p in found
        if p.parent.name not in skipped and _is_comma_file(p)
    ]


def _rows(name: str) -> list[list[str]]:
    """Lines up to the header, and records from the whole of the file."""
    rows = list(csv.reader(io.StringIO(_decoded((EXPORTS / name).read_bytes()), newline="")))
    head = 2 if len(rows[0]) < 3 else 1
    step = max(len(rows) // MOST, 1) if MOST else 1
    return rows[:head] + rows[head::step]


def _text(rows, separator=",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _as_spreadsheet(rows) -> bytes:
    packed = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(packed, options) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if _NUMBER.match(cell):
                    sheet.write_number(i, j, float(cell))
                elif _DATE.match(cell):
                    date = dt.datetime(*map(int, re.split("[-/]", cell)))  # noqa: DTZ001
                    sheet.write_datetime(i, j, date, day)
                elif cell in {"TRUE", "FALSE"}:
                    sheet.write_boolean(i, j, cell == "TRUE")
                else:
                    sheet.write_string(i, j, cell)
    return packed.getvalue()


FORMS = {
    "semicolons": lambda rows: _text(rows, ";").encode(),
    "byte order mark": lambda rows: _text(rows).encode("utf-8-sig"),
    "GB18030": lambda rows: _text(rows).encode("gb18030"),
    "tabs in UTF-16": lambda rows: _text(rows, "\t").encode("utf-16"),
    "spreadsheet": _as_spreadsheet,
}


def _tables(path) -> dict[str, pd.DataFrame]:
    patents = pnav.read(path)
    intake = patents.intake.iloc[0]
    assert intake["rows_in"] == intake[["rows_out", "rows_merged", "rows_set_aside"]].sum()
    names = [name for name in schema.canonical_names() if name in patents.tables]
    return {name: getattr(patents, name).drop(columns=_ORIGIN, errors="ignore") for name in names}


@pytest.mark.real
@pytest.mark.parametrize("name", _comma_files())
def test_equal_tables(tmp_path, name):
    rows = _rows(name)
    first = tmp_path / "comma.csv"
    first.write_bytes(_text(rows).encode())
    expected = _tables(first)
    for form, write in FORMS.items():
        path = tmp_path / ("again.xlsx" if form == "spreadsheet" else "again.csv")
        path.write_bytes(write(rows))
        found = _tables(path)
        assert list(found) == list(expected), form
        for table, frame in expected.items():
            pd.testing.assert_frame_equal(found[table], frame, obj=f"{form}, {table}")


@pytest.mark.real
def test_the_comma_files_are_found(shared_data):
    assert len(_comma_files()) >= 11
