"""The command line: clean messages, exit codes, nothing done before the arguments are right."""

from __future__ import annotations

import re
import warnings

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import cli

EXPORT = "公开号,标题,申请日,被引证次数\nCN110000001A,一种方法,2019-07-03,many\n"


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")
    return path


@pytest.fixture
def saved(tmp_path, export):
    return pnav.read(export).save(tmp_path / "case.pnav")


@pytest.mark.parametrize("command", ["network", "score", "classify", "report"])
def test_another_ending_is_refused_before_the_work(command, tmp_path, capsys):
    missing = str(tmp_path / "none.pnav")  # reading it would be another error
    assert cli.main([command, missing, "-o", str(tmp_path / "x.abc")]) == cli.WRONG_USE
    assert 'patentnav: "x.abc": the ending is not one of ' in capsys.readouterr().err


@pytest.mark.parametrize("command", ["read", "network", "score", "classify", "report"])
def test_a_missing_folder_is_said_before_the_work(command, tmp_path, capsys):
    ending = {"read": "pnav", "network": "gexf", "report": "docx"}.get(command, "csv")
    target = tmp_path / "no" / f"x.{ending}"
    assert cli.main([command, str(tmp_path / "none.pnav"), "-o", str(target)]) == cli.WRONG_USE
    assert 'no" does not exist. Make it' in capsys.readouterr().err
    assert not target.parent.exists()


def test_check_ends_with_a_summary(saved, capsys):
    assert cli.main(["check", str(saved)]) == cli.OK
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("1 publications: 0 errors, ")
    assert said.endswith(" -> passed")
    assert cli.main(["check", str(saved), "--strict", "--json"]) == cli.FAILED
    assert capsys.readouterr().err.splitlines()[-1].endswith(" -> failed")


def test_warnings_are_one_clean_line(saved, capsys, monkeypatch):
    def warn(_options):
        warnings.warn("two\n  lines", pnav.DataQualityWarning, stacklevel=1)
        return cli.OK

    monkeypatch.setattr(cli, "_check", warn)
    assert cli.main(["check", str(saved)]) == cli.OK
    assert capsys.readouterr().err == "patentnav: warning: two lines\n"


def test_a_file_without_header_row_and_columns_by_position(tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text("CN110000001A,a method\nCN110000002A,a device\n", encoding="utf-8")
    with pytest.raises(pnav.FormatError, match="insert a header row"):
        pnav.read(path)
    with pytest.raises(pnav.ArgumentError, match="by their header"):
        pnav.read(path, columns={0: "publications.publication_id"})
    with pytest.raises(pnav.ArgumentError, match=r"table\.field"):
        pnav.read(path, columns={"CN110000001A": 3})


@pytest.fixture(scope="module")
def dealings(tmp_path_factory):
    return str(pnav.datasets.dealings(n=150).patents.save(tmp_path_factory.mktemp("d") / "d.pnav"))


@pytest.mark.parametrize(
    "command", ["portfolio", "additions", "transfer", "pledge", "deadlines", "alliance"]
)
def test_decisions_write_a_table_and_explain_their_reasons(command, dealings, tmp_path, capsys):
    target = tmp_path / "table.xlsx"
    assert cli.main([command, dealings, "-o", str(target)]) == cli.OK
    assert str(target) in capsys.readouterr().err
    sheets = pd.read_excel(target, sheet_name=None)
    first = next(iter(sheets.values()))
    if command in {"transfer", "pledge", "deadlines"}:
        used = {k for row in first["reason"].dropna() for k in row.split("; ")}
        assert set(sheets["reasons"]["reason"]) == used
        assert sheets["reasons"][["zh", "en"]].notna().to_numpy().all()
        assert len(first)
    assert cli.main([command, dealings, "-o", str(tmp_path / "table.csv")]) == cli.OK
    assert cli.main([command, dealings, "-o", str(tmp_path / "x.abc")]) == cli.WRONG_USE


def test_deadlines_as_a_calendar_and_wrong_days(dealings, tmp_path, capsys):
    target = tmp_path / "days.ics"
    patents = pnav.load(dealings)
    nowhere = dict.fromkeys(("country", "region", "city", "address"), pd.NA)
    parties = patents.parties.assign(**nowhere, name_raw="Firm", name_standard=pd.NA)
    step = pnav.provenance.Step("test", {}, len(patents), len(patents), "0")
    saved = str(patents.replace(step, parties=parties).save(tmp_path / "nowhere.pnav"))
    asked = ["deadlines", saved, "-o", str(target), "--as-of", "2026-01-15", "--lang", "en"]
    assert cli.main(asked) == cli.OK
    said = capsys.readouterr().err
    assert re.search(r"[1-9]\d* applications are not listed: their origin", said)
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert cli.main([*asked[:4], "--as-of", "soon"]) == cli.WRONG_USE


def test_decisions_that_the_data_do_not_allow_fail(saved, tmp_path, capsys):
    assert cli.main(["pledge", str(saved), "-o", str(tmp_path / "p.csv")]) == cli.FAILED
    assert "legal_status" in capsys.readouterr().err


def test_a_selection_needs_a_workbook(dealings, tmp_path):
    asked = ["portfolio", dealings, "--select", "2", "-o"]
    assert cli.main([*asked, str(tmp_path / "p.csv")]) == cli.WRONG_USE
    low = ["--min-inventions", "3", "--min-pct", "0"]
    assert cli.main([*asked, str(tmp_path / "p.xlsx"), *low]) == cli.OK
    assert len(pd.read_excel(tmp_path / "p.xlsx", sheet_name="selection")) == 2
