"""Workbooks that would exhaust the memory are refused before they do."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

import patentnav as pnav
from patentnav.errors import FormatError
from patentnav.workbooks import OLE, apart, bombs, decode

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
        for key in replaced.keys() - {"sheet", "texts", *source.namelist()}:
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
    assert bombs.refuse(workbook(), "x.xlsx")
    assert bombs.refuse(workbook(sheet=cells(3000), texts=texts(3000)), "x.xlsx")


def test_one_member_that_packs_a_thousand_times():
    with pytest.raises(FormatError, match=r"x\.xlsx.*unpack"):
        bombs.refuse(workbook(sheet=bytes(80 << 20)), "x.xlsx")


def test_many_members_that_pack_a_thousand_times():
    many = {f"xl/worksheets/sheet{i}.xml": bytes(30 << 20) for i in range(2, 6)}
    with pytest.raises(FormatError, match=r"x\.xlsx.*unpack"):
        bombs.refuse(workbook(**many), "x.xlsx")


def test_one_long_text_in_many_cells(monkeypatch):
    monkeypatch.setattr(bombs, "_MAX_UNPACKED", 50 << 20)
    monkeypatch.setattr(bombs, "_MODEST_TEXT", 1 << 20)
    with pytest.raises(FormatError, match=r"x\.xlsx.*repeats long texts"):
        bombs.refuse(workbook(sheet=cells(3000), texts=texts(30_000)), "x.xlsx")


def test_a_long_text_in_one_of_many_cells_passes(monkeypatch):
    monkeypatch.setattr(bombs, "_MODEST_TEXT", 1 << 20)
    assert bombs.refuse(workbook(sheet=cells(3000, index=0), texts=texts(30_000)), "x.xlsx")


@pytest.mark.parametrize("size", [7, 300, 5000])
def test_lengths_do_not_depend_on_the_pieces(size):
    whole = texts(1000) * 20
    expected = bombs._lengths(iter([whole])).tolist()
    chunks = (whole[i : i + size] for i in range(0, len(whole), size))
    assert bombs._lengths(chunks).tolist() == expected
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


def rows(*cells: str) -> bytes:
    return (
        f"<worksheet><sheetData><row r='1'>{''.join(cells)}</row></sheetData></worksheet>".encode()
    )


NEAR = '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'
# A far cell in spellings that XML allows; the last two claim a place that no program writes.
SPELLINGS = (
    '<c r = "XFD1048576"><v>1</v></c>',
    '<c\nr="XFD1048576"><v>1</v></c>',
    '<c r=\t"XFD1048576"><v>1</v></c>',
    "<c r='XFD1048576'><v>1</v></c>",
    '<c s="1" r="XFD1048576"><v>1</v></c>',
    '<x:c xmlns:x="y" r="XFD1048576"><v>1</v></x:c>',
    '<c a=">" r="XFD1048576"><v>1</v></c>',
    '<c r="xfd1048576"><v>1</v></c>',
    '<c r="XFD0001048576"><v>1</v></c>',
)


@pytest.mark.parametrize("far", SPELLINGS)
def test_no_spelling_of_a_far_cell_is_taken_for_a_small_sheet(far):
    assert not bombs.refuse(workbook(sheet=rows(NEAR, far)), "x.xlsx")


@pytest.mark.parametrize("far", SPELLINGS)
def test_no_spelling_of_a_far_cell_ends_the_process(tmp_path, far):
    path = tmp_path / "far.xlsx"
    path.write_bytes(workbook(sheet=rows(NEAR, far)).fp.getvalue())
    with pytest.raises(FormatError, match=r"far\.xlsx"):
        pnav.read(path)


@pytest.mark.parametrize("size", [250, 5000])
def test_a_cell_on_the_edge_of_two_pieces_is_seen(monkeypatch, size):
    monkeypatch.setattr(bombs, "_CHUNK", size)
    for pad in range(0, size, size // 6):
        far = f'{" " * pad}<c{" " * size}r="XFD1048576"><v>1</v></c>'
        assert not bombs.refuse(workbook(sheet=rows(NEAR, far)), "x.xlsx")
        assert bombs.refuse(workbook(sheet=rows(NEAR, " " * pad, NEAR)), "x.xlsx")


@pytest.mark.parametrize("name", ["xl/sheets/s.xml", "xl/worksheets/SHEET9.XML", "s"])
def test_sheets_under_any_name_are_measured(name):
    far = rows(NEAR, '<c r="XFD1048576"><v>1</v></c>')
    with pytest.raises(FormatError, match="column 16,384"):
        bombs.refuse(workbook(**{name: far}), "x.xlsx")


def test_sheets_are_measured_together():
    wide = rows(NEAR, '<c r="DZ900000"><v>1</v></c>')  # 117 million cells
    with pytest.raises(FormatError, match="column 130"):
        bombs.refuse(workbook(**{f"{i}.xml": wide for i in range(3)}), "x.xlsx")


@pytest.mark.parametrize(
    "members",
    [
        {"content.xml": b"<x/>"},  # another program takes it for an ods
        {"xl/workbook.bin": b""},
        {"xl/WORKBOOK.xml": b"<workbook/>"},
        {"xl/worksheets/sheet2.xml": "<worksheet><sheetData/></worksheet>".encode("utf-16")},
        {"sheet": b"<!DOCTYPE worksheet [<!ATTLIST c r CDATA 'XFD1048576'>]>" + rows(NEAR)},
    ],
)
def test_what_two_programs_may_read_differently_is_not_plain(members):
    assert not bombs.refuse(workbook(**members), "x.xlsx")


def test_a_sheet_that_is_named_many_times_counts_so_often():
    book = (
        b'<workbook xmlns:r="r"><sheets>'
        + b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (i, i) for i in range(1, 9))
        + b"</sheets></workbook>"
    )
    assert not bombs.refuse(workbook(**{"xl/workbook.xml": book}), "x.xlsx")


def test_a_member_that_unpacks_to_more_than_it_claims(tmp_path):
    sound = workbook(sheet=rows(NEAR, " " * 5000))
    claimed = sound.getinfo(SHEET)
    content = sound.fp.getvalue()
    true, less = (n.to_bytes(4, "little") for n in (claimed.file_size, 100))
    assert content.count(true) == 2
    with (
        zipfile.ZipFile(io.BytesIO(content.replace(true, less))) as archive,
        pytest.raises(FormatError, match="does not unpack to the size"),
    ):
        bombs.refuse(archive, "x.xlsx")


def test_what_is_decoded_apart_is_the_same(tmp_path):
    content = workbook(sheet=cells(3000), texts=texts(300)).fp.getvalue()
    here = decode._decoded(content, "x.xlsx", "xlsx")
    there = apart.decode(content, "x.xlsx", "xlsx")
    assert list(here) == list(there) == ["Sheet1"]
    assert here["Sheet1"].equals(there["Sheet1"])


def test_a_damaged_workbook_apart_says_so():
    with pytest.raises(FormatError, match=r"x\.xls. is a damaged xls file"):
        apart.decode(OLE + bytes(600), "x.xls", "xls")


def test_time_apart_is_limited(monkeypatch):
    monkeypatch.setattr(apart, "_SECONDS", 0)
    with pytest.raises(FormatError, match=r"x\.xlsx. is not decoded within 0 s"):
        apart.decode(workbook().fp.getvalue(), "x.xlsx", "xlsx")


@pytest.mark.parametrize("entity", [b'"EXPANDED"', b'SYSTEM "file:///etc/hostname"'])
def test_entities_of_a_workbook_are_not_expanded(tmp_path, entity):
    shared = b"<!DOCTYPE sst [<!ENTITY e " + entity + b">]>" + texts(3).replace(b"xxx", b"&e;")
    path = tmp_path / "entities.xlsx"
    path.write_bytes(workbook(texts=shared).fp.getvalue())
    with pytest.raises(FormatError, match=r"entities\.xlsx"):
        pnav.read(path)
