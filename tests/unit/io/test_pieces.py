"""A large text file is read in pieces; what comes of it does not depend on where they end."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import schema
from patentnav.io import delimited, sources

HEADER = "公开（公告）号,标题 (中文),申请日,申请人,发明人,IPC,被引证次数"


def lines(n: int) -> list[str]:
    return [
        f"CN{110000000 + i}A,一种方法{i},2019-{1 + i % 12:02d}-{1 + i % 28:02d},"
        f"甲公司{i % 7}; 乙大学{i % 5},王明{i % 11}; 李华,G06N3/0{i % 9}; H01L21/0{i % 4},{i % 30}"
        for i in range(n)
    ]


def read(tmp_path, body: list[str] | bytes, header: str = HEADER) -> pnav.PatentSet:
    path = tmp_path / "export.csv"
    content = body if isinstance(body, bytes) else "\n".join([header, *body, ""]).encode()
    path.write_bytes(content)
    return pnav.read(path)


def tables(patents: pnav.PatentSet) -> dict[str, pd.DataFrame]:
    names = [*patents.tables, *schema.accounting_names()]
    return {name: getattr(patents, name) for name in names}


def assert_same(left: pnav.PatentSet, right: pnav.PatentSet) -> None:
    mine, other = tables(left), tables(right)
    assert mine.keys() == other.keys()
    for name, frame in mine.items():
        pd.testing.assert_frame_equal(frame, other[name])


@pytest.fixture
def small_pieces(monkeypatch):
    """Pieces of a few records, of a file that is mapped."""

    def shrink() -> None:
        monkeypatch.setattr(delimited, "_BLOCK", 1000)
        monkeypatch.setattr(delimited, "_BLOCKS", 2)
        monkeypatch.setattr(delimited, "_PIECE_RECORDS", 7)
        monkeypatch.setattr(sources, "_MAPPED", 1)

    return shrink


def test_pieces_give_the_tables_of_the_whole(tmp_path, small_pieces):
    body = lines(200)
    body[50] = body[50].replace("2019", "spring")  # a cell that fails
    body[120] = body[120].replace("CN110000120A", "no number")  # a record without number
    body[130] = body[7]  # a record that repeats
    whole = read(tmp_path, body)
    small_pieces()
    pieces = read(tmp_path, body)
    assert len(whole) == 199
    assert (~whole.publications["number_known"]).sum() == 1
    assert_same(whole, pieces)


def test_a_late_record_of_another_width_is_set_aside(tmp_path, small_pieces):
    body = lines(200)
    body[150] += ",one cell more"
    small_pieces()
    patents = read(tmp_path, body)
    assert len(patents) == 199
    assert patents.set_aside["row"].tolist() == [152]
    assert patents.set_aside["reason"].tolist() == ["8 cells where the header has 7"]


def test_a_month_above_twelve_tells_the_order_of_earlier_pieces(tmp_path, small_pieces):
    dates = [f"{1 + i % 12:02d}/{1 + i % 9:02d}/2019" for i in range(199)] + ["05/31/2019"]
    header = "Publication Number,Title,Publication Date,Application Date"
    body = [f"US{9000000 + i}B2,A device,{d},2018-01-02" for i, d in enumerate(dates)]
    whole = read(tmp_path, body, header)
    small_pieces()
    pieces = read(tmp_path, body, header)
    second = pieces.publications.loc["US9000001B2", "publication_date"]
    assert second == pd.Timestamp(2019, 2, 2)
    third = pieces.publications.loc["US9000002B2", "publication_date"]
    assert third == pd.Timestamp(2019, 3, 3)
    fourth = pieces.publications.loc["US9000009B2", "publication_date"]
    assert fourth == pd.Timestamp(2019, 10, 1)  # 10/01/2019 with the month first
    assert_same(whole, pieces)


def test_a_repeated_header_keeps_what_differs_in_any_piece(tmp_path, small_pieces):
    body = [f"{line},{'9' if i == 150 else i % 30}" for i, line in enumerate(lines(200))]
    header = HEADER + ",被引证次数"
    whole = read(tmp_path, body, header)
    small_pieces()
    pieces = read(tmp_path, body, header)
    assert_same(whole, pieces)
    values = pieces.vendor_values
    assert values["publication_id"].tolist() == ["CN110000150A"]
    assert values["value"].tolist() == ["9"]
    account = pieces.columns.set_index("position")["table"]
    assert account[7] == "publications"
    assert account[8] == "publications + vendor_values"


def test_a_byte_that_is_no_text_is_listed(tmp_path, small_pieces):
    good = "\n".join([HEADER, *lines(200), ""]).encode()
    place = good.index("一种方法150".encode())
    small_pieces()
    patents = read(tmp_path, good[:place] + b"\xff" + good[place:])
    assert len(patents) == 200
    assert patents.publications.loc["CN110000150A", "title"] == "\ufffd一种方法150"
    assert patents.publications.loc["CN110000149A", "title"] == "一种方法149"
    assert patents.repairs["row"].tolist() == [152]


@pytest.mark.parametrize("count", [10, 200])
def test_a_quote_that_is_never_closed_spoils_its_record_only(tmp_path, small_pieces, count):
    body = lines(count)
    body[5] = body[5].replace("一种方法5", '"一种方法5')
    small_pieces()
    patents = read(tmp_path, body)
    assert len(patents) == count - 1
    assert patents.set_aside["row"].tolist() == [7]
    assert patents.set_aside["reason"].tolist() == ["a quote is opened and never closed"]
    assert int(patents.intake["rows_in"].iloc[0]) == count


def test_arrow_keeps_its_memory_pool(tmp_path):
    import pyarrow as pa

    before = pa.default_memory_pool().backend_name
    read(tmp_path, lines(3))
    assert pa.default_memory_pool().backend_name == before
