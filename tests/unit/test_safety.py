"""What stands in a cell stays text: from a hostile export through every file that is written."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile

import lxml.etree
import lxml.html
import pytest

import patentnav as pnav
from patentnav import sheets

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</w:t></w:r><w:fldSimple/>",
    "]]><evil/>", "javascript:alert(1)", "${7*7} {{ 7*7 }} {% x %}", r"$\frac{$ $\input{x}$", "%s{}\\n",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]  # fmt: skip
N = 78


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> pnav.PatentSet:
    """A set whose names, titles and texts are all of the hostile kind."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["公开号", "标题", "摘要", "申请人", "发明人", "申请日", "IPC", "引证专利", "法律状态"]
    )
    symbols = ["H01M10/0562", "H04L9/08", "B25J9/16"]
    for i in range(N):
        bad = HOSTILE[i % len(HOSTILE)]
        writer.writerow(
            [f"CN1{i:08d}B", f"{bad} 电池 {i}", f"{bad}，一种固态电解质电池及其制备方法。", f"{bad} 公司",
             f"{bad}; 王明{i % 5}", f"20{10 + i % 9}-01-02", symbols[i % 3], f"CN1{i // 2:08d}B", bad]
        )  # fmt: skip
    path = tmp_path_factory.mktemp("hostile") / "export.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    patents = pnav.read(path)
    assert len(patents) == N
    return patents


def _parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _assert_dead_workbook(path) -> None:
    for name, content in _parts(path).items():
        if name.endswith((".xml", ".rels")):
            root = lxml.etree.fromstring(content)
            live = ["{*}script"] if name.startswith("xl/charts/") else ["{*}f", "{*}script"]
            assert not list(root.iter(*live)), name  # a chart refers to its cells
            assert not root.xpath("//@TargetMode[. = 'External']"), name


def test_tables(hostile, tmp_path):
    frames = {"parties": hostile.parties, "texts": hostile.texts}
    _assert_dead_workbook(sheets.write_tables(tmp_path / "x.xlsx", frames))
    path = sheets.write_tables(tmp_path / "x.csv", {"parties": hostile.parties})
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [c for c in cells if c.startswith(("=", "+", "@", "-"))]
    assert any("HYPERLINK" in c for c in cells)


@pytest.mark.parametrize("ending", [".gexf", ".graphml", ".net", ".json"])
@pytest.mark.parametrize("kind", ["inventors", "applicants", "citations"])
def test_networks(hostile, tmp_path, kind, ending):
    path = pnav.network.export(getattr(pnav.network, kind)(hostile), tmp_path / f"x{ending}")
    if ending in {".gexf", ".graphml"}:
        root = lxml.etree.fromstring(path.read_bytes())
        assert not list(root.iter("{*}script", "{*}img", "{*}evil"))
    if ending == ".net":
        vertices = int(path.read_text(encoding="utf-8-sig").split()[1])
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        assert all(re.match(r'^\d+ "[^"]*"', line) for line in lines[1 : vertices + 1])


@pytest.fixture(scope="module")
def report(hostile):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pnav.report.build(hostile, title=HOSTILE[4])


def test_report_as_workbook(report, tmp_path):
    _assert_dead_workbook(report.save(tmp_path / "x.xlsx"))


def test_report_as_document(report, tmp_path):
    parts = _parts(report.save(tmp_path / "x.docx"))
    root = lxml.etree.fromstring(parts["word/document.xml"])
    assert any("HYPERLINK(" in (t.text or "") for t in root.iter("{*}t"))
    fields = [f.text or "" for f in root.iter("{*}instrText")]
    fields += [f.get(k) for f in root.iter("{*}fldSimple") for k in f.keys()]  # noqa: SIM118
    assert not [f for f in fields if "evil" in f or "cmd" in f]
    for name, content in parts.items():
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in content, name


def test_report_as_page(report, tmp_path):
    text = report.save(tmp_path / "x.html").read_text(encoding="utf-8")
    page = lxml.html.fromstring(text)
    assert "HYPERLINK(" in page.text_content()
    assert not page.xpath("//*[@onerror or @onload or @onclick]")
    assert not page.xpath("//a[starts-with(@href, 'javascript:')]")
    assert not page.xpath("//img[@src = 'x']")
    code = [s.text or "" for s in page.xpath("//script[not(@type='application/json')]")]
    assert not [c for c in code if "alert(1)" in c]
    assert "49" not in page.xpath("string(//title)")


def test_pictures(hostile, tmp_path):
    from patentnav import plot

    ranking = hostile.parties["name"].value_counts().head(13)
    with plot.style():
        figure, axes = plot.figure()
        plot.ranking(ranking, ax=axes)
        figure.savefig(tmp_path / "x.svg")
    root = lxml.etree.fromstring((tmp_path / "x.svg").read_bytes())
    assert not list(root.iter("{*}script", "{*}img", "{*}foreignObject"))
