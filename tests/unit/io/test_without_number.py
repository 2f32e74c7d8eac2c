"""Records whose number is missing or destroyed are kept, and nothing passes in silence."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.errors import ArgumentError, FormatError, IntakeWarning

HEADERS = ["公开（公告）号", "标题 (中文)", "申请号", "申请日", "申请人", "IPC", "被引证次数"]
ROWS = [
    ["CN110298449A", "一种方法", "CN201910593937.7", "2019-07-03", "甲公司", "G06N3/08", "3"],
    ["1.10298E+08", "一种装置", "2.01911E+11", "2019-07-04", "乙公司; 丙大学", "G06N3/08", "1"],
    ["1.10298E+08", "一种系统", "2.01911E+11", "2019-07-05", "乙公司", "H04L9/00", "2"],
]  # fmt: skip


def write(tmp_path, rows, headers=HEADERS, name="export.csv"):
    path = tmp_path / name
    lines = [",".join(f'"{c}"' for c in line) for line in [headers, *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_quietly(path, **arguments):
    with pytest.warns(IntakeWarning):
        return pnav.read(path, **arguments)


def nameless(patents):
    return patents.publications[~patents.publications["number_known"]]


def test_they_are_kept_counted_and_take_part(tmp_path):
    with pytest.warns(IntakeWarning, match=r"2 of 3 records have no usable number .*rounded"):
        patents = pnav.read(write(tmp_path, ROWS))
    assert len(patents) == 3
    assert patents.intake["rows_without_number"].tolist() == [2]
    assert patents.publications["number_known"].tolist().count(True) == 1
    own = nameless(patents)
    assert set(own["title"]) == {"一种装置", "一种系统"}
    assert own.index.str.fullmatch(r"record-[0-9a-f]{16}").all()
    parties = patents.parties[patents.parties["publication_id"].isin(own.index)]
    assert sorted(parties["name"]) == ["丙大学", "乙公司", "乙公司"]
    assert patents.check().query("severity == 'error'").empty


def test_set_aside_as_before(tmp_path):
    patents = read_quietly(write(tmp_path, ROWS), on_missing_number="set_aside")
    assert patents.publications.index.tolist() == ["CN110298449A"]
    assert patents.set_aside["row"].tolist() == [3, 4]
    assert patents.intake["rows_without_number"].tolist() == [0]
    with pytest.raises(ArgumentError, match="on_missing_number"):
        pnav.read(write(tmp_path, ROWS), on_missing_number="drop")


def test_the_id_does_not_depend_on_order_of_rows_columns_or_counts(tmp_path):
    first = nameless(read_quietly(write(tmp_path, ROWS)))
    order = [3, 1, 0, 2, 6, 5, 4]
    turned = [[row[i] for i in order] for row in reversed(ROWS)]
    for row in turned:
        row[4] = "77"  # cited more often since
    again = nameless(read_quietly(write(tmp_path, turned, [HEADERS[i] for i in order], "b.csv")))
    assert first.index.tolist() == again.index.tolist()


def test_two_files_with_the_same_record_have_it_once(tmp_path):
    write(tmp_path, ROWS, name="a.csv")
    write(tmp_path, ROWS[1:], name="b.csv")
    patents = read_quietly(tmp_path)
    assert len(patents) == 3
    assert patents.intake["rows_merged"].sum() == 2


def test_siblings_that_differ_in_one_word_stay_two(tmp_path):
    rows = [[*ROWS[1][:4], *ROWS[1][4:6], "申请一"], [*ROWS[1][:4], *ROWS[1][4:6], "申请二"]]
    headers = [*HEADERS[:6], "优先权号"]
    assert len(read_quietly(write(tmp_path, rows, headers))) == 2


def test_a_second_header_row_and_a_footer_are_no_records(tmp_path):
    rows = [*ROWS[:1], HEADERS, ["", "共 2 条", "", "", "", "", ""]]
    patents = read_quietly(write(tmp_path, rows))
    assert len(patents) == 1
    assert patents.set_aside["row"].tolist() == [3, 4]
    assert "headers again" in patents.set_aside["reason"].iloc[0]


def test_an_id_of_the_vendor_is_kept_as_it_is(tmp_path):
    rows = [["123-456-789-012-34X", "CN", "TITLE", "ACME LTD"]]
    path = write(tmp_path, rows, ["Lens ID", "Jurisdiction", "Title", "Applicants"])
    patents = read_quietly(path, columns={"Lens ID": "publications.publication_id"})
    assert patents.publications.index.tolist() == ["123-456-789-012-34X"]
    row = patents.publications.iloc[0]
    assert (row["authority"], bool(row["number_known"])) == ("CN", False)
    assert pd.isna(row["kind_code"])


def test_the_vendor_column_of_ids_serves_where_there_is_no_number(tmp_path):
    rows = [["111-111-111-111-111", "999-999-999-999-999", "US", "A1", "TITLE", "ACME LTD"]]
    headers = ["Lens ID", "NPL Resolved Lens ID(s)", "Jurisdiction", "Kind", "Title", "Applicants"]
    patents = read_quietly(write(tmp_path, rows, headers))
    assert patents.publications.index.tolist() == ["111-111-111-111-111"]


def test_nothing_taken_is_an_error_with_reason_and_remedy(tmp_path):
    path = write(tmp_path, [["?", "甲"], ["??", "乙"]], ["公开号", "标题"])
    with pytest.raises(
        FormatError, match=r'none|nothing of its 2 records.*"公开号": "\?".*columns='
    ):
        pnav.read(path)
    good = write(tmp_path, ROWS[:1], name="good.csv")
    with pytest.warns(IntakeWarning, match="2 of 2 records are set aside"):
        patents = pnav.read([path, good], errors="collect")
    assert len(patents) == 1
    assert patents.set_aside["row"].tolist() == [2, 3]
    with pytest.raises(FormatError, match="no record below it"):
        pnav.read(write(tmp_path, [], name="empty.csv"))


def test_more_than_a_fifth_set_aside_is_said_with_counts(tmp_path):
    with pytest.warns(IntakeWarning, match=r"2 of 3 records are set aside: no usable .* \(2\)"):
        pnav.read(write(tmp_path, ROWS), on_missing_number="set_aside")


@pytest.mark.parametrize(
    ("target", "numbers", "found"),
    [("publication_id", ["10123456", "CN108294731A"], ["CN108294731A", "US10123456"]),
     ("application_id", ["15950587", "15950588"], ["US15950587", "US15950588"])],
)  # fmt: skip
def test_the_office_of_an_entry_holds_for_its_column(tmp_path, target, numbers, found):
    path = write(tmp_path, [[n, f"T{n}"] for n in numbers], ["Nr", "Title"])
    entry = {"to": f"publications.{target}", "authority": "US"}
    patents = pnav.read(path, columns={"Nr": entry})
    assert patents.publications.index.tolist() == found
    assert patents.publications["authority"].tolist() == [i[:2] for i in found]


def test_a_column_wins_over_the_constant_of_another(tmp_path):
    path = write(
        tmp_path, [["1234567", "JP", "T"], ["1234568", "", "U"]], ["Nr", "Country", "Title"]
    )
    entry = {"to": "publications.publication_id", "authority": "US"}
    patents = pnav.read(path, columns={"Nr": entry})
    assert patents.publications.index.tolist() == ["JP1234567", "US1234568"]


def test_a_number_without_office_says_how_to_state_it(tmp_path):
    path = write(tmp_path, [["10123456", "T", "Acme"]], ["Patent Number", "Title", "Assignee"])
    patents = read_quietly(path)
    assert '"authority"' in patents.cell_failures["reason"].iloc[0]


def test_the_column_of_numbers_is_enough(tmp_path):
    headers = ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "nr"]
    path = write(tmp_path, [["-"] * 8 + ["US10123456B2"]], headers)
    patents = pnav.read(path, columns={"nr": "publications.publication_id"})
    assert patents.publications.index.tolist() == ["US10123456B2"]
    assert patents.intake["format"].tolist() == ["generic"]


def test_a_header_that_no_file_has_is_said(tmp_path):
    with pytest.warns(IntakeWarning, match=r'"申请曰".*Did you mean "申请日"'):
        pnav.read(write(tmp_path, ROWS[:1]), columns={"申请曰": "publications.application_date"})


def test_a_plain_table_is_of_no_vendor(tmp_path):
    headers = ["Publication Number", "Title", "Abstract", "Applicants", "Application Date"]
    row = ["US10123456B2", "Device", "A device.", "Acme Inc", "2019-01-02"]
    patents = pnav.read(write(tmp_path, [row], headers))
    assert patents.intake["format"].tolist() == ["generic"]
    assert patents.columns["table"].notna().all()


def test_a_second_header_row_in_another_language_is_no_record(tmp_path):
    second = ["Publication Number", "Title", "Application Number", "Application Date",
              "Applicant", "IPC", "Citation Count"]  # fmt: skip
    patents = read_quietly(write(tmp_path, [second, *ROWS[:1]]))
    assert patents.publications.index.tolist() == ["CN110298449A"]
    assert "headers again" in patents.set_aside["reason"].item()
