"""Tables in other containers than csv and xlsx, and files that are none."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile

import pandas as pd
import pytest
import xlsxwriter

import patentnav as pnav
from patentnav.errors import FormatError, IntakeWarning
from patentnav.io import mended

HEADERS = ["公开(公告)号", "标题", "申请号", "申请日", "发明人", "IPC分类号"]
ROWS = [
    ["CN111111111A", "一种泵", "CN201911111111.1", "2019-03-04", "王一 | 李二", "F04B1/00 | F04B9/02"],
    ["CN111111112A", "泵 & 阀", "CN201911111112.2", "2019-03-05", "赵三", "F04B1/00"],
]  # fmt: skip
CSV = "\n".join(",".join(row) for row in [HEADERS, *ROWS]) + "\n"


def write(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def assert_read(patents, container=None):
    assert patents.publications.index.tolist() == ["CN111111111A", "CN111111112A"]
    assert patents.publications["title"].tolist() == ["一种泵", "泵 & 阀"]
    assert patents.publications["application_date"].tolist() == [
        pd.Timestamp(2019, 3, 4), pd.Timestamp(2019, 3, 5)
    ]  # fmt: skip
    assert patents.inventors["name"].tolist() == ["王一", "李二", "赵三"]
    assert patents.classifications["symbol"].tolist() == ["F04B1/00", "F04B9/02", "F04B1/00"]
    intake = patents.intake.iloc[0]
    assert (intake["rows_in"], intake["rows_out"]) == (2, 2)
    if container:
        assert intake["encoding"] == container


def page(rows=(HEADERS, *ROWS), charset="utf-8", before="") -> str:
    lines = "".join(
        "<tr>" + "".join(f"<td>{c.replace('&', '&amp;')}</td>" for c in row) + "</tr>"
        for row in rows
    )
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    return f"<html><head>{meta}</head><body>{before}<table>{lines}</table></body></html>"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_web_page(tmp_path, charset):
    layout = "<table><tr><td>检索结果</td><td>共2条</td></tr></table>"
    path = write(tmp_path, page(charset=charset, before=layout).encode(charset), "list.xls")
    assert_read(pnav.read(path), "html")


def test_cells_of_a_page_that_span_and_break(tmp_path):
    rows = page([["甲列", "x"], HEADERS]).replace("<td>甲列</td>", '<td colspan="5">标题行</td>')
    body = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in r)}</tr>" for r in ROWS)
    body = body.replace("王一 | 李二", "<p>王一 |</p><br>李二").replace(
        "泵 & 阀", "<b>泵</b> &amp; 阀"
    )
    path = write(tmp_path, rows.replace("</table>", f"{body}</table>"), "list.xls")
    assert_read(pnav.read(path))


def test_a_page_without_a_table_is_named(tmp_path):
    path = write(tmp_path, "<html><body><h1>Session expired</h1></body></html>", "list.xls")
    with pytest.raises(FormatError, match=r"web page without a table.*login"):
        pnav.read(path)


def test_a_web_archive(tmp_path):
    import base64

    packed = base64.encodebytes(page().encode()).decode()
    content = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
        "--b\nContent-Type: text/html\n\n<html><frameset></frameset></html>\n"
        f"--b\nContent-Transfer-Encoding: base64\nContent-Type: text/html; charset=utf-8\n\n{packed}"
        "--b--\n"
    )
    assert_read(pnav.read(write(tmp_path, content, "list.xls")), "mhtml")


def spreadsheetml(rows, *, hidden="") -> str:
    def cell(text):
        kind = "DateTime" if text.startswith("2019-") else "String"
        shown = f"{text}T00:00:00.000" if kind == "DateTime" else text.replace("&", "&amp;")
        return f'<Cell><Data ss:Type="{kind}">{shown}</Data></Cell>'

    lines = "".join("<Row>" + "".join(map(cell, row)) + "</Row>" for row in rows)
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'{hidden}<Worksheet ss:Name="结果"><Table>{lines}</Table></Worksheet></Workbook>'
    )


def test_a_workbook_of_2003(tmp_path):
    path = write(tmp_path, spreadsheetml([HEADERS, *ROWS]), "list.xls")
    assert_read(pnav.read(path), "spreadsheetml")
    skipped = spreadsheetml([HEADERS, *ROWS]).replace("<Row>", '<Row ss:Index="3">', 1)
    patents = pnav.read(write(tmp_path, skipped, "rows.xls"))
    assert patents.publications["source_row"].tolist() == [4, 5]


def test_its_hidden_sheet_is_left_out(tmp_path):
    other = spreadsheetml([HEADERS, ["CN100000000C", *ROWS[0][1:]]])
    sheet = other[other.index("<Worksheet") : other.index("</Workbook>")].replace("结果", "旧")
    sheet = sheet.replace(
        "</Table>",
        '</Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">'
        "<Visible>SheetHidden</Visible></WorksheetOptions>",
    )
    path = write(tmp_path, spreadsheetml([HEADERS, *ROWS], hidden=sheet), "list.xls")
    with pytest.warns(IntakeWarning, match='"旧": the sheet is hidden'):
        assert_read(pnav.read(path))


RECORDS = [dict(zip(HEADERS, row, strict=True)) for row in ROWS]


@pytest.mark.parametrize(
    "content",
    [RECORDS, {"total": 2, "list": RECORDS}, [HEADERS, *ROWS],
     {h: [r[h] for r in RECORDS] for h in HEADERS},
     {h: {str(i): r[h] for i, r in enumerate(RECORDS)} for h in HEADERS},
     {"columns": HEADERS, "data": ROWS},
     [{**r, "发明人": r["发明人"].split(" | ")} for r in RECORDS]],
    ids=["records", "inside", "lists", "columns", "pandas", "split", "values as lists"],
)  # fmt: skip
def test_json(tmp_path, content):
    path = write(tmp_path, json.dumps(content, ensure_ascii=False), "list.json")
    assert_read(pnav.read(path), "json")


def test_json_of_one_object_a_line_and_damage(tmp_path):
    lines = "\n".join(json.dumps(r, ensure_ascii=False) for r in RECORDS)
    assert_read(pnav.read(write(tmp_path, lines, "list.jsonl")), "json")
    patents = pnav.read(write(tmp_path, lines + '\n{"cut": ', "cut.jsonl"))
    assert len(patents) == 2
    assert patents.set_aside["row"].tolist() == [3]


def test_json_that_is_no_table_is_named(tmp_path):
    path = write(tmp_path, '{"a": [1, 2], "b": [3]}', "list.json")
    with pytest.raises(FormatError, match="is JSON, but no list of records"):
        pnav.read(path)


def test_json_of_unknown_names_is_told_as_json(tmp_path):
    path = write(tmp_path, '[{"a": "x", "b": "y"}, {"a": "z"}]', "list.json")
    with pytest.raises(FormatError, match="It is JSON, whose names are taken for headers"):
        pnav.read(path)


def packed(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def workbook(rows=(HEADERS, *ROWS), **options) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name in [*options.get("hidden", ()), "结果"]:
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if name != "结果":
                sheet.very_hidden() if options.get("very") else sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    return content.getvalue()


@pytest.mark.parametrize("inner", ["list.csv", "folder/list.xlsx"])
def test_a_zip_of_one_table(tmp_path, inner):
    table = CSV.encode() if inner.endswith("csv") else workbook()
    content = packed({"readme.txt": b"about", "__MACOSX/._list.csv": b"x", inner: table})
    assert_read(pnav.read(write(tmp_path, content, "list.zip")))


def test_a_zip_in_a_zip(tmp_path):
    content = packed({"inner.zip": packed({"list.csv": CSV.encode()})})
    assert_read(pnav.read(write(tmp_path, content, "list.zip")))


def test_a_zip_of_several_tables_lists_them(tmp_path):
    path = write(tmp_path, packed({"a.csv": CSV.encode(), "b.csv": CSV.encode()}), "list.zip")
    with pytest.raises(FormatError, match=r'zip archive of 2 tables \("a.csv", "b.csv"\). Unpack'):
        pnav.read(path)
    with pytest.raises(FormatError, match="zip archive without a table"):
        pnav.read(write(tmp_path, packed({"a.pdf": b"%PDF"}), "pages.zip"))


def test_a_bomb_in_a_zip_is_refused(tmp_path):
    path = write(tmp_path, packed({"a.csv": b"0" * (80 << 20)}), "list.zip")
    with pytest.raises(FormatError, match="unpacks to more than"):
        pnav.read(path)


@pytest.mark.parametrize("very", [False, True])
def test_hidden_sheets_are_left_out_and_named(tmp_path, very):
    path = write(tmp_path, workbook(hidden=["旧数据"], very=very), "list.xlsx")
    with pytest.warns(IntakeWarning, match='"旧数据": the sheet is hidden'):
        patents = pnav.read(path)
    assert_read(patents, "xlsx")
    sign = patents.signs.iloc[0]
    assert (sign["sign"], sign["column"], sign["rows"]) == ("hidden_sheet", "旧数据", 3)


def edited(content: bytes, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = change(members[name])
    return packed(members)


@pytest.mark.parametrize(
    "stated", ['ref="1:6"', 'ref=""', 'ref="B:C"', "", 'ref="A1"', 'ref="A1:B2"']
)
def test_a_dimension_that_lies_does_not_matter(tmp_path, stated):
    content = edited(workbook(), lambda x: x.replace(b'ref="A1:F3"', stated.encode()))
    assert stated.encode() in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_read(pnav.read(write(tmp_path, content, "list.xlsx")), "xlsx")


def test_formulas_that_were_never_calculated(tmp_path):
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as out:
        sheet = out.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        for i, row in enumerate(ROWS, 1):
            sheet.write_row(i, 0, row)
            link = f'=HYPERLINK("https://example.org/?a=1&b={i}","{row[0]}")'
            sheet.write_formula(i, 0, link, None, "")
            sheet.write_formula(i, 2, f'=CONCATENATE("CN",G{i})', None, "")
    content = edited(book.getvalue(), lambda x: x.replace(b"<v></v>", b""))
    assert b"<f>" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    with pytest.warns(IntakeWarning, match='"column C": formulas whose values were never'):
        patents = pnav.read(write(tmp_path, content, "list.xlsx"))
    assert patents.publications.index.tolist() == [r[0] for r in ROWS]
    assert patents.publications["application_id"].isna().all()
    assert patents.signs["rows"].tolist() == [2]


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def test_the_code_page_of_an_old_workbook_is_mended_and_its_hidden_sheets_are_told():
    shown, hidden = "목록", "old"
    globals_ = b"".join(
        [record(0x0809, bytes.fromhex("0006 0500") + bytes(12)),
         record(0x0042, struct.pack("<H", 1252)),
         record(0x0085, bytes(4) + b"\0\0" + bytes([len(shown), 1]) + shown.encode("utf-16-le")),
         record(0x0085, bytes(4) + b"\2\0" + bytes([len(hidden), 0]) + hidden.encode()),
         record(0x000A, b"")]
    )  # fmt: skip
    book = mended.xls(bytes(512) + globals_ + bytes(99))
    assert record(0x0042, struct.pack("<H", 1200)) in book.content
    assert len(book.content) == 512 + len(globals_) + 99
    assert book.hidden == {"old"}


FOREIGN = {
    "xml": (b"<?xml version='1.0'?><root><patent/></root>", "XML of no kind"),
    "pdf": (b"%PDF-1.7\n", "PDF"), "rtf": (b"{\\rtf1 x}", "RTF"), "rar": (b"Rar!\x1a\x07\x00", "RAR"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\0", "7z"), "parquet": (b"PAR1\0\0\0", "Parquet.*from_tables"),
    "bib": (b"@patent{key,\n title={x}}\n", "BibTeX.*RIS"), "enw": (b"%0 Patent\n%T x\n", "EndNote"),
    "ods": (packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
    "docx": (packed({"word/document.xml": b"<x/>"}), "document of text"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FOREIGN)
def test_files_that_are_no_table_are_named_with_the_remedy(tmp_path, kind):
    content, told = FOREIGN[kind]
    with pytest.raises(FormatError, match=told):
        pnav.read(write(tmp_path, content, f"export.{kind}.csv"))


RIS = """TY  - PAT
TI  - Pump with
  a valve
AU  - Roe, Jane
AU  - Doe, John
PB  - Acme Ltd
SN  - US 10,123,456 B2
IS  - 2
DA  - 2019/3/5/
AB  - A pump.
UR  - https://example.org
ER  -

TY  - JOUR
TI  - Paper
ER  -

TY  - PAT
T1  - Ventil
A1  - Muster, Max
A2  - Beispiel GmbH
M1  - DE102018000001A1
PY  - 2019
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_ris(tmp_path, ends):
    path = write(tmp_path, RIS.replace("\n", ends), "list.ris")
    with pytest.warns(IntakeWarning, match=r"1 of 3 records are set aside: no patent.*JOUR"):
        patents = pnav.read(path)
    own = patents.publications
    assert own.index.tolist() == ["DE102018000001A1", "US10123456B2"]
    assert own.loc["US10123456B2", "title"] == "Pump with a valve"
    assert own.loc["US10123456B2", "publication_date"] == pd.Timestamp(2019, 3, 5)
    assert pd.isna(own.loc["DE102018000001A1", "publication_date"])
    assert patents.parties["name"].tolist() == ["Beispiel GmbH", "Acme Ltd"]
    assert len(patents.inventors) == 3
    assert patents.cell_failures.empty
    assert own["source_row"].tolist() == [18, 1]
