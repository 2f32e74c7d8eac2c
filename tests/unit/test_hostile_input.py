"""Odd names, characters, arguments and consoles end in words, not in raw errors."""

import csv
import io
import os
import sys
import warnings
import zipfile

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import cli, sheets
from patentnav.errors import ArgumentError, FileError, FormatError
from patentnav.io import sources

ODD = "x\x02\x03\ufffe\x01\x0b\uffffy"


@pytest.fixture(scope="module")
def few():
    return pnav.datasets.city(n=60).patents


@pytest.fixture
def export(few, tmp_path):
    return pnav.datasets.write_export(few, tmp_path / "few.csv", "lens")


@pytest.mark.parametrize("source", [3, None, pd.DataFrame(), [], [3], "a\0b", b"a.csv"])
def test_sources_that_are_none(source):
    with pytest.raises(ArgumentError):
        pnav.read(source)


@pytest.mark.parametrize("wrong", [{"columns": "x"}, {"columns": ["x"]}, {"format": 3}])
def test_arguments_of_another_kind(export, wrong):
    with pytest.raises(ArgumentError):
        pnav.read(export, **wrong)


@pytest.mark.parametrize("wrong", ["case.pnav", None, pd.DataFrame()])
def test_reports_and_exports_of_what_is_no_set(wrong, tmp_path):
    with pytest.raises(ArgumentError, match="PatentSet"):
        pnav.report.build(wrong)
    with pytest.raises(ArgumentError, match="PatentSet"):
        pnav.datasets.write_export(wrong, tmp_path / "x.csv", "lens")
    with pytest.raises(ArgumentError, match="PatentSet"):
        pnav.concat([wrong])


@pytest.mark.parametrize("path", [3, None, "a\0b"])
def test_paths_that_are_none(few, path):
    for function in (pnav.load, few.save, pnav.indicators.Baseline.load):
        with pytest.raises(ArgumentError):
            function(path)


def test_names_that_are_too_long(few):
    for function in (pnav.read, pnav.load, few.save):
        with pytest.raises(FileError, match="too long"):
            function("x" * 5000)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_a_file_name_in_gbk_is_read_and_stored(few, export, tmp_path):
    name = os.fsdecode("济南导出.csv".encode("gbk"))
    (tmp_path / name).write_bytes(export.read_bytes())
    back = pnav.load(pnav.read(tmp_path / name).save(tmp_path / "case.pnav"))
    assert back.intake["file"].tolist() == ["济南导出.csv"]
    with pytest.raises(ArgumentError, match=r"无\.csv"):
        pnav.read(os.fsdecode("无.csv".encode("gbk")))


def test_collect_goes_past_files_that_cannot_be_opened(export, tmp_path, monkeypatch):
    shut = tmp_path / "shut.csv"
    shut.write_bytes(export.read_bytes())
    usual = type(shut).open

    def denied(self, *args, **kwargs):
        if self.name == "shut.csv":
            raise PermissionError(13, "Permission denied")
        return usual(self, *args, **kwargs)

    monkeypatch.setattr(type(shut), "open", denied)
    patents = pnav.read([export, shut], errors="collect")
    assert patents.set_aside["file"].tolist() == ["shut.csv"]
    assert "no permission" in patents.set_aside["reason"].iloc[0]
    assert patents.intake.set_index("file")["sha256"].isna().tolist() == [False, True]


@pytest.mark.parametrize("mapped", [1, 1 << 26])
def test_a_file_cut_while_it_is_read_is_refused(export, monkeypatch, mapped):
    monkeypatch.setattr(sources, "_MAPPED", mapped)
    monkeypatch.setattr(sources, "_PART", 1000)
    usual = sources._hashed

    def cut(stream, digest):
        for i, part in enumerate(usual(stream, digest)):
            if i == 1:
                os.truncate(export, 1500)
            yield part

    monkeypatch.setattr(sources, "_hashed", cut)
    with pytest.raises(FormatError, match="changes while it is read"):
        pnav.read(export)


def test_the_hash_is_of_the_bytes_read(export, monkeypatch):
    import hashlib

    content = export.read_bytes()
    usual = sources.Taken.take

    def replaced(taken, path):
        usual(taken, path)
        export.write_bytes(b"other")

    monkeypatch.setattr(sources.Taken, "take", replaced)
    patents = pnav.read(export)
    assert patents.intake["sha256"].tolist() == [hashlib.sha256(content).hexdigest()]


def test_signs_that_are_no_characters_are_repaired(export):
    export.write_bytes(export.read_bytes().replace("公司".encode(), "公\ufffe\uffff司".encode()))
    patents = pnav.read(export)
    assert not patents.parties["name"].str.contains("[\ufffe\uffff]").any()
    assert len(patents.repairs)


def test_reports_of_odd_characters(few, tmp_path):
    tables = {name: getattr(few, name).copy() for name in few.tables}
    tables["parties"]["name"] = ODD + tables["parties"]["name"]
    tables["inventors"]["name"] = ODD + tables["inventors"]["name"]
    odd = pnav.PatentSet.from_tables(tables)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = pnav.report.build(odd, lang="zh", title=f"T{ODD}", subtitle=ODD)
        for suffix in (".docx", ".html", ".xlsx"):
            path = report.save(tmp_path / f"x{suffix}")
            if suffix != ".html":
                with zipfile.ZipFile(path) as archive:
                    texts = [archive.read(n).decode() for n in archive.namelist() if "xml" in n]
                assert not any(c in text for text in texts for c in "\x01\x02\x03\ufffe\uffff")


FORMULAS = ["=1+1", "+1", "-1", "@x", "\n=1", "\r=1", "\t=1", " =1", "\u3000=1", "\u00a0+1",
            "\ufeff=1", "＝1+1", "＋1", "－1", "＠x", " ＝1"]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(tmp_path, text):
    assert sheets.guarded(text).startswith("'")
    path = sheets.write_tables(tmp_path / "x.csv", {"x": pd.DataFrame({"a": [text]})})
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][0].startswith("'")


@pytest.mark.parametrize("text", ["a=1", "a\n=1", "甲公司", "(=1)", "1-2", ""])
def test_other_texts_stay_as_they_are(text):
    assert sheets.guarded(text) == text


@pytest.mark.parametrize("format", ["lens", "google-patents", "derwent-innovation"])
def test_line_breaks_in_an_export_keep_its_records(few, tmp_path, format):
    texts = few.texts.copy()
    texts["text"] = "one\n" + texts["text"] + '\r\n"two"'
    broken = pnav.PatentSet.from_tables(
        {name: texts if name == "texts" else getattr(few, name) for name in few.tables}
    )
    path = pnav.datasets.write_export(broken, tmp_path / "x.csv", format)
    assert len(pnav.read(path)) == len(few)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_a_console_that_cannot_hold_the_text(export, monkeypatch, encoding):
    raw = io.BytesIO()
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(raw, encoding=encoding, write_through=True))
    assert cli.main(["read", str(export), "--explain"]) == cli.OK
    assert cli.main(["read", "한국어-不在.csv", "-o", "x.pnav"]) == cli.WRONG_USE
    assert raw.getvalue().decode(encoding)


def test_every_font_of_the_extra_carries_its_licence():
    from importlib.metadata import files

    for package in ("pylopdf-fonts-zh-cn", "noto-cjk-sans-jp-regular"):
        (licence,) = [f for f in files(package) if f.name == "LICENSE"]
        assert "SIL OPEN FONT LICENSE" in licence.locate().read_text(encoding="utf-8").upper()


def test_missing_fonts_are_said_once_not_for_every_glyph(monkeypatch):
    from patentnav import plot
    from patentnav.plot import _style

    monkeypatch.setattr(_style, "_candidates", lambda: iter(()))
    for cached in (_style._font_file, _style._families):
        cached.cache_clear()
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            with plot.style():
                figure, axes = plot.figure()
                axes.set_title("专利导航")
                figure.savefig(io.BytesIO())
        assert [w.category for w in told] == [pnav.DataQualityWarning]
    finally:
        for cached in (_style._font_file, _style._families):
            cached.cache_clear()
