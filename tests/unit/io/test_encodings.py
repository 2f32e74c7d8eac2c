"""Encodings told by evidence; damage costs one character and is said."""

from __future__ import annotations

import pytest

import patentnav as pnav
from patentnav.errors import ArgumentError, FormatError, IntakeWarning
from patentnav.io.encodings import to_utf8

TEXTS = {
    "gb18030": "公开号,标题,申请人\nCN110000001A,一种数据处理方法,甲公司\nCN110000002A,一种系统,乙大学\n",
    "big5": "公開號,標題,申請人\nTW202000001A,資料處理裝置,甲公司\nTW202000002A,半導體裝置,乙公司\n",
    "shift_jis": "公開番号,発明の名称,出願人\nJP2019123456A,データ処理装置,株式会社テスト\n",
    "euc_jp": "公開番号,発明の名称,出願人\nJP2019123456A,データ処理のプログラム,株式会社テスト\n",
    "euc_kr": "공개번호,발명의 명칭,출원인\nKR20190001234A,시험 장치 및 방법,가나다 주식회사\n",
    "cp1252": "Publication Number;Title\nEP1234567A1;Gerät für Prüfung\nFR3000001A1;Procédé amélioré\n",
    "cp1251": "Publication Number;Title\nRU2700001C1;Устройство для сварки труб\nRU2700002C1;Способ\n",
    "utf-16-le": "公开号,标题\nCN110000001A,一种方法\n",
    "utf-16-be": "公开号,标题\nCN110000001A,一种方法\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_told_by_the_bytes_alone(encoding):
    text = TEXTS[encoding]
    plain, found = to_utf8(text.encode(encoding), "export.csv")
    assert plain.decode() == text
    assert found == encoding


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "euc_kr", "utf-16-le"])
def test_the_caller_may_state_it(tmp_path, encoding):
    path = tmp_path / "export.csv"
    path.write_bytes("Publication Number,Title\nEP1234567A1,方法\n".encode(encoding))
    patents = pnav.read(path, encoding=encoding)
    assert patents.publications["title"].tolist() == ["方法"]
    assert patents.intake["encoding"].tolist() == [encoding]
    assert patents.provenance[0].parameters["encoding"] == encoding


def test_a_single_cyrillic_title_in_chinese_encoding():
    text = "Publication Number,Title\n" + "US1234567A,Device\n" * 9 + "RU2700001C1,Способ сварки\n"
    assert to_utf8(text.encode("gb18030"), "f") == (text.encode(), "gb18030")


def test_a_name_that_is_no_encoding(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("Publication Number\nEP1234567A1\n")
    with pytest.raises(ArgumentError, match=r"utf-88.*gb18030"):
        pnav.read(path, encoding="utf-88")


def damaged(text: str, at: str, change) -> bytes:
    content = text.encode("gb18030")
    place = content.index(at.encode("gb18030"))
    return content[:place] + change(content[place : place + 2]) + content[place + 2 :]


@pytest.mark.parametrize(
    "change", [lambda pair: pair[1:], lambda pair: pair[:1], lambda pair: b"\xff" + pair[1:]],
    ids=["first byte lost", "second byte lost", "first byte wrong"],
)  # fmt: skip
def test_a_damaged_character_costs_itself_only(tmp_path, change):
    rows = "".join(f"CN11000000{i}A,一种数据处理的方法和装置,甲乙科技有限公司\n" for i in range(9))
    content = damaged("公开号,标题,申请人\n" + rows, "据处理", change)
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.warns(IntakeWarning, match="1 cells have bytes that are no text"):
        patents = pnav.read(path)
    titles = patents.publications["title"]
    assert titles.iloc[1:].eq("一种数据处理的方法和装置").all()
    assert titles.iloc[0].startswith("一种数")
    assert titles.iloc[0].endswith("处理的方法和装置")
    assert titles.iloc[0].count("\ufffd") == 1
    assert patents.parties["name"].eq("甲乙科技有限公司").all()
    assert patents.repairs["row"].tolist() == [2]
    assert patents.intake["encoding"].tolist() == ["gb18030"]


def test_the_euro_of_windows_in_chinese_text():
    text = "公开号,标题\nCN110000001A,价格为五十欧元的方法和装置\n".encode("gb18030")
    broken = text.replace("欧元".encode("gb18030"), b"\x80")
    assert to_utf8(broken, "f")[0].decode().endswith("价格为五十€的方法和装置\n")


def test_a_stray_nul_is_removed_and_listed(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes("公开号,标题,申请人\nCN110000001A,一种\0方法,甲公司\n".encode())
    patents = pnav.read(path)
    assert patents.publications["title"].tolist() == ["一种方法"]
    assert patents.repairs["row"].tolist() == [2]


@pytest.mark.parametrize("content", [bytes(range(256)) * 8, b"a,b\n" + b"\0" * 500, b"\1\2\3" * 99])
def test_binary_is_no_text(content):
    with pytest.raises(FormatError, match="binary file"):
        to_utf8(content, "f")


def test_utf8_with_a_lost_byte_keeps_its_neighbours():
    content = TEXTS["gb18030"].encode()
    place = content.index("据".encode())
    plain = to_utf8(content[:place] + content[place + 1 :], "f")[0].decode()
    assert plain.replace("\ufffd", "") == TEXTS["gb18030"].replace("据", "", 1)
