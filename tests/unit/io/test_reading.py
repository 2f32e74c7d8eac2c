"""Tables good and bad: recognised, repaired, set aside, accounted for."""

from __future__ import annotations

import gzip
import zipfile

import pandas as pd
import pytest
import xlsxwriter

import patentnav as pnav
from patentnav import report
from patentnav.errors import ArgumentError, DataQualityWarning, FormatError
from patentnav.io import lists
from patentnav.report.blocks import Text

HEADERS = [
    "公开（公告）号",
    "标题 (中文)",
    "申请号",
    "申请日",
    "申请人",
    "发明人",
    "IPC",
    "被引证次数",
]
ROWS = [
    ["CN110298449A", "一种方法", "CN201910593937.7", "2019-07-03", "甲公司; 乙大学", "王明; 李华",
     "G06N  3/08; G06F17/00", "3"],
    ["US20110185700A1", "Device", "US12945138", "2010-11-12", "Acme Inc", "Smith John", "B03C3/09", "0"],
]  # fmt: skip


def text(rows=ROWS, headers=HEADERS, separator=",", quote='"'):
    lines = [headers, *rows]
    return "\n".join(separator.join(f"{quote}{c}{quote}" for c in line) for line in lines) + "\n"


def write(tmp_path, content, name="export.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def workbook(tmp_path, rows, name="export.xlsx"):
    path = tmp_path / name
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    return path


def identity_holds(patents):
    intake = patents.intake
    total = intake["rows_out"] + intake["rows_merged"] + intake["rows_set_aside"]
    assert (intake["rows_in"] == total).all()
    assert intake["rows_out"].sum() == len(patents)
    assert intake["rows_set_aside"].sum() == len(patents.set_aside)


def canonical(patents):
    frames = {}
    for name in patents.tables:
        frame = getattr(patents, name)
        frames[name] = frame.drop(columns=["source_file", "source_row"], errors="ignore")
    return frames


def test_tables(tmp_path):
    patents = pnav.read(write(tmp_path, text()))
    assert patents.intake["format"].tolist() == ["incopat"]
    assert patents.publications.index.tolist() == ["CN110298449A", "US20110185700A1"]
    row = patents.publications.loc["CN110298449A"]
    assert row["application_id"] == "CN201910593937"
    assert row["application_date"] == pd.Timestamp(2019, 7, 3)
    assert row["forward_citation_count"] == 3
    assert (row["authority"], row["kind_code"], row["patent_type"]) == ("CN", "A", "invention")
    assert row["source_row"] == 2
    symbols = patents.classifications.query("publication_id == 'CN110298449A'")
    assert symbols["symbol"].tolist() == ["G06N3/08", "G06F17/00"]
    assert symbols["is_first"].tolist() == [True, False]
    assert patents.inventors["name"].tolist() == ["王明", "李华", "Smith John"]
    assert not patents.has("citations")
    identity_holds(patents)


@pytest.mark.parametrize(
    ("separator", "encoding", "seen"),
    [(";", "utf-8-sig", "utf-8-sig"), ("\t", "utf-16", "utf-16"), (",", "gb18030", "gb18030"),
     ("|", "utf-8", "utf-8")],
)  # fmt: skip
def test_saved_again_by_a_spreadsheet(tmp_path, separator, encoding, seen):
    expected = canonical(pnav.read(write(tmp_path, text())))
    again = pnav.read(write(tmp_path, text(separator=separator), "again.csv", encoding))
    assert again.intake["encoding"].tolist() == [seen]
    for name, frame in canonical(again).items():
        pd.testing.assert_frame_equal(frame, expected[name])


def test_as_workbook(tmp_path):
    expected = canonical(pnav.read(write(tmp_path, text())))
    again = pnav.read(workbook(tmp_path, [[], ["Export of today"], HEADERS, *ROWS]))
    for name, frame in canonical(again).items():
        pd.testing.assert_frame_equal(frame, expected[name])
    assert again.publications["source_row"].tolist() == [4, 5]


def test_trailing_separator_does_not_shift(tmp_path):
    content = text().replace('"3"\n', '"3",\n').replace('"0"\n', '"0",\n')
    assert (
        pnav.read(write(tmp_path, content)).publications.loc["CN110298449A", "title"] == "一种方法"
    )


def test_bare_returns_and_mac_roman(tmp_path):
    rows = [["US", "B1", "US 7000001 B1", "Café", "2001-02-03"]]
    headers = ["Jurisdiction", "Kind", "Publication Number", "Title", "Publication Date"]
    content = text(rows, headers).replace("\n", "\r")
    patents = pnav.read(write(tmp_path, content, encoding="mac_roman"), format="lens")
    assert patents.publications["title"].tolist() == ["Café"]
    assert patents.intake["encoding"].tolist() == ["mac_roman"]


def test_damaged_cells_keep_the_record(tmp_path):
    rows = [
        ["CN110298449A", "A &amp; B", "CN201910593937.7", "2019-13-45", "", "", "XYZ; G06N3/08", "many"],
        ["", "无号", "", "2019-07-03", "", "", "", ""],
        ["1.02E+12", "坏号", "", "43649", "", "", "", "４"],
    ]  # fmt: skip
    patents = pnav.read(write(tmp_path, text(rows)), on_missing_number="set_aside")
    identity_holds(patents)
    row = patents.publications.loc["CN110298449A"]
    assert pd.isna(row["application_date"])
    assert pd.isna(row["forward_citation_count"])
    assert row["title"] == "A & B"
    failures = patents.cell_failures
    assert set(failures[failures["row"] == 2]["value"]) == {"2019-13-45", "XYZ", "many"}
    assert patents.set_aside["row"].tolist() == [3, 4]
    assert patents.set_aside["value"].tolist()[1] == "1.02E+12"


def test_a_record_with_surplus_cells_is_set_aside(tmp_path):
    content = text() + '"CN1A","x","y","z","a","b","c","d","surplus"\n'
    patents = pnav.read(write(tmp_path, content))
    assert patents.set_aside["row"].tolist() == [4]
    assert "9 cells" in patents.set_aside["reason"].iloc[0]
    identity_holds(patents)


def test_latin_text_taken_for_utf8_is_repaired_and_said(tmp_path):
    rows = [[*ROWS[1][:4], "SociÃ©tÃ© Anonyme", *ROWS[1][5:]]]
    patents = pnav.read(write(tmp_path, text(rows)))
    assert patents.parties["name"].tolist() == ["Société Anonyme"]
    assert patents.repairs["value"].tolist() == ["SociÃ©tÃ© Anonyme"]


def test_same_publication_twice(tmp_path):
    poorer = ["CN110298449A", "", "CN201910593937.7", "2019-07-04", "甲公司", "", "", ""]
    patents = pnav.read(write(tmp_path, text([ROWS[0], poorer])))
    identity_holds(patents)
    assert patents.intake["rows_merged"].tolist() == [1]
    conflict = patents.conflicts.iloc[0]
    assert (conflict["column"], conflict["kept"][:10]) == ("application_date", "2019-07-03")
    assert len(patents.parties) == 2


def test_files_of_several_vendors(tmp_path):
    write(tmp_path, text(), "a.csv")
    lens = [["CN", "A", "CN 110298449 A", "A method", "2019-10-01", "022-743-682-110-659"]]
    headers = ["Jurisdiction", "Kind", "Display Key", "Title", "Publication Date", "Lens ID"]
    write(tmp_path, text(lens, headers), "b.csv")
    patents = pnav.read(tmp_path)
    assert patents.intake["format"].tolist() == ["incopat", "lens"]
    assert len(patents) == 2
    assert patents.publications.loc["CN110298449A", "publication_date"] == pd.Timestamp(2019, 10, 1)
    identity_holds(patents)


def test_own_columns(tmp_path):
    content = text([["CN110298449A", "一种方法", "5"]], ["Pub", "Words", "Our mark"])
    path = write(tmp_path, content)
    with pytest.raises(FormatError, match="none of its headers"):
        pnav.read(path)
    meaning = {
        "Pub": "publications.publication_id",
        "Words": {"to": "texts.text", "field": "title", "language": "zh"},
        "Our mark": "vendor_values.value",
    }
    patents = pnav.read(path, columns=meaning)
    assert patents.publications["title"].tolist() == ["一种方法"]
    assert patents.vendor_values["number"].tolist() == [5]


def test_unknown_columns_are_listed(tmp_path):
    path = write(tmp_path, text([[*ROWS[0], "?"]], [*HEADERS, "心情"]))
    explained = pnav.io.explain(path)
    assert explained.loc[~explained["understood"], "column"].tolist() == ["心情"]
    assert explained.loc[explained["column"] == "IPC", "table"].tolist() == ["classifications"]


BAD = {
    "empty": b"", "blank": b"\n,,\n", "binary": bytes(range(256)) * 20, "image": b"\x89PNG\r\n\x1a\n\0\0",
    "unknown": b"foo,bar\n1,2\n", "other separator": "公开号^申请号\nCN1^CN2\n".encode(),
    "truncated": b"PK\x03\x04" + bytes(100),
    "password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le"),
    "no numbers": "标题,申请人,发明人,摘要\n甲,乙,丙,丁\n".encode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_files(tmp_path, kind):
    bad = write(tmp_path, BAD[kind], "bad.csv")
    with pytest.raises(FormatError, match=r"bad\.csv"):
        pnav.read(bad)
    good = write(tmp_path, text(), "good.csv")
    patents = pnav.read([bad, good], errors="collect")
    assert len(patents) == 2
    assert patents.set_aside["file"].tolist() == ["bad.csv"]


def test_nearest_format_is_named(tmp_path):
    path = write(tmp_path, "标题 (中文),申请人,合享价值度\n甲,乙,9\n")
    with pytest.raises(FormatError, match=r"incopat.*Missing: 公开（公告）号"):
        pnav.read(path)


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(80 << 20))
    with pytest.raises(FormatError, match="refused"):
        pnav.read(path)


def test_a_cell_far_away_is_refused(tmp_path):
    path = workbook(tmp_path, [HEADERS, *ROWS])
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(1_048_575, 16_383, "x")
    with pytest.raises(FormatError, match="column 16,384"):
        pnav.read(path)


def test_wrong_arguments(tmp_path):
    with pytest.raises(ArgumentError, match="no file"):
        pnav.read(tmp_path / "nothing.csv")
    with pytest.raises(ArgumentError, match="errors"):
        pnav.read(write(tmp_path, text()), errors="ignore")
    with pytest.raises(pnav.UnknownNameError, match="incopat"):
        pnav.read(write(tmp_path, text()), format="incopatt")


def test_origin_of_fields_and_lists_and_numbers_without_kind(tmp_path):
    write(tmp_path, text([ROWS[0]]), "a.csv")
    other = [["CN110298449", "一种方法", "7", "王明; 李华; 赵六"]]
    write(tmp_path, text(other, ["公开号", "标题", "权利要求数", "发明人"]), "b.csv")
    patents = pnav.read(tmp_path)
    assert patents.publications.index.tolist() == ["CN110298449A"]
    assert patents.publications["claim_count"].tolist() == [7]
    assert patents.inventors["name"].tolist() == ["王明", "李华", "赵六"]
    origins = patents.origins.set_index("table")["column"].to_dict()
    assert origins == {"publications": "claim_count", "inventors": "inventors"}
    assert set(patents.origins["source_file"]) == {"b.csv"}
    identity_holds(patents)


def test_parallel_lists_of_unequal_length_are_said(tmp_path):
    headers = [*HEADERS, "标准化申请人"]
    path = write(tmp_path, text([[*ROWS[0], "甲集团"], [*ROWS[1], "ACME"]], headers))
    patents = pnav.read(path)
    names = patents.parties.set_index("name_raw")["name_standard"].to_dict()
    assert names["Acme Inc"] == "ACME"
    assert pd.isna(names["甲公司"])
    assert pd.isna(names["乙大学"])
    failure = patents.cell_failures.squeeze()
    assert (failure["row"], failure["column"], failure["value"]) == (2, "标准化申请人", "甲集团")
    assert '"申请人"' in failure["reason"]
    assert failure["reason"].startswith(lists.UNEVEN)


def test_the_report_tells_cells_of_uneven_lists_from_cells_that_cannot_be_read(tmp_path):
    headers = [*HEADERS, "标准化申请人"]
    patents = pnav.read(write(tmp_path, text([[*ROWS[0], "甲集团"], [*ROWS[1], "ACME"]], headers)))
    outline = tmp_path / "sources.toml"
    outline.write_text(
        'title = { zh = "试", en = "Trial" }\n[[part]]\nid = "methods"\n'
        'sections = ["methods.sources"]\n',
        encoding="utf-8",
    )
    made = report.build(pnav.Study(patents), outline, "zh")
    told = {
        block.key: block.values
        for part in made.sections
        for block in part.blocks
        if isinstance(block, Text)
    }
    assert told["methods.sources.uneven"]["uneven"] == 1
    assert "methods.sources.cells" not in told


@pytest.mark.parametrize(
    ("number", "kind", "granted"),
    [("DE3152717D1", "invention", True), ("DE3152717A1", "invention", False),
     ("DE202004000001U1", "utility_model", True)],
)  # fmt: skip
def test_type_and_grant_by_office_and_kind(tmp_path, number, kind, granted):
    publications = pnav.read(write(tmp_path, text([[number, *ROWS[1][1:]]]))).publications
    assert (publications["patent_type"].item(), publications["granted"].item()) == (kind, granted)


def test_merged_cells_are_read_as_empty_and_their_records_are_accounted_for(tmp_path):
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        second = [*ROWS[1][:4], "", *ROWS[1][5:]]
        third = ["", "无号", "", *ROWS[0][3:]]
        for i, row in enumerate([HEADERS, ROWS[0], second, third]):
            sheet.write_row(i, 0, row)
        sheet.merge_range(2, 0, 3, 0, ROWS[1][0])
        sheet.merge_range(1, 4, 2, 4, ROWS[0][4])
    with pytest.warns(DataQualityWarning, match=r"2 blocks of cells merged .* rows \d to \d"):
        patents = pnav.read(path, on_missing_number="set_aside")
    identity_holds(patents)
    assert patents.set_aside["row"].tolist() == [4]
    assert patents.parties["publication_id"].unique().tolist() == ["CN110298449A"]


def test_sheets_with_the_same_headers_are_one_table(tmp_path):
    path = tmp_path / "export.xlsx"
    other = [["CN110298450A", "另一方法", "CN201910593938", "2019-07-04", "甲公司", "王明", "G06N3/08", "1"],
             ["no number", "第三", "", "2019-07-04", "甲公司", "王明", "G06N3/08", "1"]]  # fmt: skip
    sheets = {"说明": [["检索式", "专利导航"]], "一": [HEADERS, *ROWS], "二": [HEADERS, *other],
              "三": [HEADERS[:4], ROWS[0][:4]]}  # fmt: skip
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    with pytest.warns(DataQualityWarning, match=r'not "三" \(1 rows\)'):
        patents = pnav.read(path, on_missing_number="set_aside")
    assert sorted(patents.publications.index) == ["CN110298449A", "CN110298450A", "US20110185700A1"]
    assert patents.intake["rows_in"].tolist() == [4]
    assert patents.set_aside["file"].tolist() == ["export.xlsx [二]"]
    assert patents.set_aside["row"].tolist() == [3]
    identity_holds(patents)


def test_a_gzip_bomb_is_refused(tmp_path):
    path = write(tmp_path, gzip.compress(b"0" * (80 << 20)), "export.csv.gz")
    with pytest.raises(FormatError, match="unpacks to more than"):
        pnav.read(path)


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u3000"])
def test_records_of_blanks_are_no_records(tmp_path, blank):
    patents = pnav.read(write(tmp_path, text([ROWS[0], [blank] * len(HEADERS), ROWS[1]])))
    assert patents.intake["rows_in"].tolist() == [2]
    assert patents.publications["source_row"].tolist() == [2, 4]
