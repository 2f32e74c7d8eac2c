"""Workbooks that would exhaust the memory are refused before they do."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

import patentnav as pnav
from patentnav.errors import FormatError
from patentnav.io import bombs

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"


def workbook(**replaced: bytes) -> zipfile.ZipFile:
    """A small sound workbook with some members replaced."""
    plain, packed = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["\u516c\u5f00\u53f7", "title"])
        sheet.write_row(1, 0, ["CN110000001A", "x"])
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in source.namelist():
            key = {SHEET: "sheet", TEXTS: "texts"}.get(name, name)
            new.writestr(name, replaced.get(key, source.read(name)))
        for key in replaced.keys() - {"sheet", "texts"}:
            new.writestr(key, replaced[key])
    return zipfile.ZipFile(packed)


def cells(n: int, index: int = 3) -> bytes:
    rows = "".join(
        f'<row r="{i}"><c r="B{i}" t="s"><v>{index}</v></c></row>' for i in range(2, n + 2)
    )
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()


def texts(longest: int) -> bytes:
    return (
        b"<sst><si><t>a</t></si><si><t>b</t></si><si/><si><t>" + b"x" * longest + b"</t></si></sst>"
    )


def test_a_sound_workbook_passes():
    bombs.refuse(workbook(), "x.xlsx")
    bombs.refuse(workbook(sheet=cells(3000), texts=texts(3000)), "x.xlsx")


def test_one_member_that_packs_a_thousand_times():
    with pytest.raises(FormatError, match=r"x\.xlsx.*unpack"):
        bombs.refuse(workbook(sheet=bytes(80 << 20)), "x.xlsx")


def test_many_members_that_pack_a_thousand_times():
    many = {f"xl/worksheets/sheet{i}.xml": bytes(30 << 20) for i in range(2, 6)}
    with pytest.raises(FormatError, match=r"x\.xlsx.*unpack"):
        bombs.refuse(workbook(**many), "x.xlsx")


def test_one_long_text_in_many_cells(monkeypatch):
    monkeypatch.setattr(bombs, "_MAX_UNPACKED", 50 << 20)
    with pytest.raises(FormatError, match=r"x\.xlsx.*repeats long texts"):
        bombs.refuse(workbook(sheet=cells(3000), texts=texts(30_000)), "x.xlsx")


def test_a_long_text_in_one_of_many_cells_passes(monkeypatch):
    monkeypatch.setattr(bombs, "_MAX_UNPACKED", 50 << 20)
    bombs.refuse(workbook(sheet=cells(3000, index=0), texts=texts(30_000)), "x.xlsx")


@pytest.mark.parametrize("size", [7, 300, 5000])
def test_lengths_do_not_depend_on_the_pieces(monkeypatch, size):
    whole = texts(1000) * 20
    expected = bombs._lengths(io.BytesIO(whole)).tolist()
    monkeypatch.setattr(bombs, "_CHUNK", size)
    assert bombs._lengths(io.BytesIO(whole)).tolist() == expected
    assert len(expected) == 80


def test_a_dimension_that_is_only_said_and_a_cell_that_is_there():
    far = b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"/></row>'
    bombs.refuse(workbook(sheet=far + b"</sheetData></worksheet>"), "x.xlsx")
    with pytest.raises(FormatError, match="column 16,384"):
        bombs.refuse(
            workbook(
                sheet=far + b'<row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
            ),
            "x.xlsx",
        )


@pytest.mark.parametrize("entity", [b'"EXPANDED"', b'SYSTEM "file:///etc/hostname"'])
def test_entities_of_a_workbook_are_not_expanded(tmp_path, entity):
    shared = b"<!DOCTYPE sst [<!ENTITY e " + entity + b">]>" + texts(3).replace(b"xxx", b"&e;")
    path = tmp_path / "entities.xlsx"
    path.write_bytes(workbook(texts=shared).fp.getvalue())
    with pytest.raises(FormatError, match=r"entities\.xlsx"):
        pnav.read(path)
