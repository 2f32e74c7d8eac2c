"""The files in the programs that clients open them with."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from patentnav import plot
from patentnav.explore import Interactive
from patentnav.report.blocks import Figure, Section, Table
from patentnav.report.document import Report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
SOFFICE = shutil.which("soffice")

# Runs after the page's own script; writes what it saw into the title.
PROBE = """
addEventListener("load", async function () {
  const figure = document.querySelector("figure[data-map=patent_map]");
  const one = function (selector) { return figure.querySelector(selector); };
  const all = function (selector) { return Array.from(figure.querySelectorAll(selector)); };
  const pause = function () { return new Promise(function (done) { setTimeout(done, 200); }); };
  const seen = {};
  await pause();
  STEPS
  await pause();
  document.title = JSON.stringify(seen);
});
"""
SEARCH = """
  seen.said = [];
  for (const text of WANTED) {
    one("input").value = text;
    one("input").dispatchEvent(new Event("input"));
    await pause();
    const card = one(".card");
    seen.said.push([one("output").textContent, all(".hits li").length, card.hidden ? "" : card.textContent]);
  }
"""
LOOK = """
  const ink = function (text) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 40;
    const context = canvas.getContext("2d");
    context.font = "32px " + getComputedStyle(document.querySelector("main p")).fontFamily;
    context.fillText(text, 2, 34);
    return canvas.toDataURL();
  };
  seen.glyphs = new Set(["\\u4e13", "\\u5229", "\\u5bfc", "\\u822a"].map(ink)).size;
  seen.live = document.querySelectorAll("figure.live").length;
  seen.dots = Number(one(".map canvas").dataset.drawn);
  seen.hidden = getComputedStyle(one(".picture")).display;
  seen.names = all("button, input, select, .map canvas").map(function (node) {
    return node.getAttribute("aria-label") || node.textContent || (node.labels && node.labels[0].textContent) || "";
  });
"""
USE = """
  const canvas = one(".map canvas"), select = one("select");
  const colours = function () { return canvas.toDataURL(); };
  seen.overlays = [];
  for (let i = 0; i < select.options.length; i++) {
    select.selectedIndex = i;
    select.dispatchEvent(new Event("change"));
    await pause();
    seen.overlays.push([select.options[i].text, all(".legend button span").map(function (s) { return s.textContent; }), colours()]);
  }
  const entry = one(".legend button");
  const before = colours();
  entry.click();
  await pause();
  seen.muted = [entry.getAttribute("aria-pressed"), before !== colours()];
  const press = async function (key) {
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: key, bubbles: true, cancelable: true }));
    await pause();
    return Number(canvas.dataset.drawn);
  };
  seen.keys = [await press("0")];
  for (let i = 0; i < 6; i++) await press("+");
  seen.keys.push(await press("+"), await press("0"));
  seen.wide = document.documentElement.scrollWidth <= innerWidth;
"""


def chromium(page: Path, folder: Path, *options: str) -> tuple[str, str]:
    """Open a page headless; its document and the messages of its console."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr",
        "--v=0", "--virtual-time-budget=20000", f"--log-net-log={folder / 'net.json'}",
        *options, "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    return done.stdout, "\n".join(x for x in done.stderr.splitlines() if "CONSOLE" in x)


def asked_by_pages(folder: Path) -> list[str]:
    """Addresses that pages asked for; the browser's own requests have no origin."""
    log = json.loads((folder / "net.json").read_text(encoding="utf-8", errors="replace"))
    events = [event.get("params", {}) for event in log["events"]]
    return sorted(
        {e["url"] for e in events if e.get("initiator", "not an origin") != "not an origin"}
    )


def probed(page: Path, folder: Path, steps: str, *options: str) -> tuple[dict, str]:
    """What a probe sees in a copy of the page whose policy also allows it, and the console."""
    script = PROBE.replace("STEPS", steps)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    text = page.read_text(encoding="utf-8")
    text = text.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    copy = folder / "probed.html"
    copy.write_text(text.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    document, console = chromium(copy, folder, *options)
    return json.loads(unescape(re.search(r"<title>(.*?)</title>", document).group(1))), console


def asked(page: Path, folder: Path, *wanted: str) -> list[list]:
    """Per search: what the page said, entries of the list, the card."""
    seen, console = probed(page, folder, SEARCH.replace("WANTED", json.dumps(wanted)))
    assert console == ""
    return seen["said"]


@pytest.mark.browser
def test_the_page_is_quiet_asks_nobody_and_shows_every_dot(
    saved: dict[str, Path], tmp_path: Path, report: Report
) -> None:
    seen, console = probed(saved["html"], tmp_path, LOOK)
    assert console == ""
    assert seen["live"] == 2
    assert seen["dots"] == len(next(f for f in report.figures if f.id == "patent_map").table.frame)
    assert seen["hidden"] == "none"
    assert seen["glyphs"] == 4, "Chinese characters all look alike: they show as boxes"
    assert all(seen["names"]), "a control has no name that a screen reader could say"
    assert asked_by_pages(tmp_path) == []


@pytest.mark.browser
def test_a_publication_is_found_by_its_number_in_any_spelling(
    saved: dict[str, Path], tmp_path: Path
) -> None:
    # The fifth of the set: publication CN100000005A, application CN201410000004.
    spellings = [
        "CN100000005A", "CN 100000005 A", "cn100000005a", "100000005", "CN100000005",
        "\uff23\uff2e100000005\uff21", "CN201410000004", "201410000004", "201410000004.6",
        "ZL201410000004.6", "ZL 2014 1 0000004.X", "zl2014 1 0000004",
    ]  # fmt: skip
    for spelling, (said, listed, card) in zip(
        spellings, asked(saved["html"], tmp_path, *spellings), strict=True
    ):
        assert said.startswith("CN100000005A · 一种量子密钥"), spelling
        assert listed == 0
        assert "乙科技有限公司" in card
        assert "2014" in card
        assert "T0" in card


@pytest.mark.browser
def test_a_search_says_what_it_did_not_find_and_lists_what_it_found(
    saved: dict[str, Path], tmp_path: Path
) -> None:
    none, wrong_office, other_kind, owner, words, pasted, empty = asked(
        saved["html"], tmp_path, "CN109999999A", "US100000005A", "CN100000005B", "丙大学",
        "焊接机器人 及其应用11", "CN100000005A; ZL201510000005.X，CN109999999A", "",
    )  # fmt: skip
    assert none[0].startswith("没有找到“CN109999999A”")
    assert wrong_office[0].startswith("没有找到")
    assert other_kind[0].startswith("同号的另一文献种类： CN100000005A")
    assert owner[0].startswith("找到 30 个")
    assert owner[1] == 13  # twelve, and how many more
    assert words[0].startswith("CN100000012B")
    assert pasted[0].startswith("未找到：CN109999999A。 找到 2 个")
    assert empty == ["", 0, ""]


@pytest.mark.browser
def test_foreign_numbers_are_found_as_their_offices_write_them(
    tmp_path: Path,
) -> None:
    numbers = [["US8123456B2"], ["US2019123456A1"], ["WO1999012345A1", "=PCT/US1998/001234"],
               ["EP1234567A1"], ["JP2019123456A"]]  # fmt: skip
    points = pd.DataFrame(
        {"x": range(5), "y": range(5), "name": [n[0] for n in numbers], "label": "", "group": "a"}
    )
    figure = Figure(
        Table("patent_map", points[["name"]], values={"labelled": 5, "n": 1, "first": "a"}),
        lambda ax: ax.plot([0]), interactive=Interactive("patent_map", points, numbers=numbers),
    )  # fmt: skip
    page = Report("t", "", "en", (), (Section("path", 1, "1", (figure,)),)).save(
        tmp_path / "x.html"
    )
    spellings = {
        "US 8,123,456 B2": 0, "us8123456": 0, "8,123,456": 0, "US 2019/0123456 A1": 1,
        "US20190123456A1": 1, "WO 99/12345": 2, "WO1999/012345 A1": 2, "PCT/US1998/001234": 2,
        "EP 1 234 567 A1": 3, "JP2019-123456A": 4, "特开2019-123456": 4,
    }  # fmt: skip
    said = [s[0] for s in asked(page, tmp_path, *spellings)]
    assert said == [numbers[i][0] for i in spellings.values()]


@pytest.mark.browser
@pytest.mark.parametrize("size", ["1200,900", "500,800"])
def test_overlays_legend_and_keys_change_the_map(
    saved: dict[str, Path], tmp_path: Path, size: str
) -> None:
    seen, console = probed(saved["html"], tmp_path, USE, f"--window-size={size}")
    assert console == ""
    names = {label: entries for label, entries, _ in seen["overlays"]}
    assert list(names) == ["技术", "申请人", "年份", "产业", "法律状态"]
    assert set(names["申请人"]) == {"甲电池有限公司", "乙科技有限公司", "丙大学"}
    assert names["年份"][0].startswith("2010")
    pictures = [picture for *_, picture in seen["overlays"]]
    assert pictures[0] != pictures[2], "technologies and years cannot look alike"
    assert seen["muted"] == ["true", True]
    whole, near, again = seen["keys"]
    assert near < whole == again
    assert seen["wide"], "the page is wider than the screen"


@pytest.mark.browser
def test_a_request_of_a_page_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "asks.html"
    page.write_text('<img src="http://127.0.0.1:9/x.png">')
    chromium(page, tmp_path)
    assert asked_by_pages(tmp_path) == ["http://127.0.0.1:9/x.png"]


@pytest.mark.browser
def test_without_scripts_the_pictures_stay(saved: dict[str, Path], tmp_path: Path) -> None:
    document, _ = chromium(saved["html"], tmp_path, "--blink-settings=scriptEnabled=false")
    assert 'class="live"' not in document
    assert document.count('src="data:image/png') == document.count("<figcaption>") - document.count(
        'class="table"'
    )


@pytest.mark.browser
def test_in_print_the_picture_stands_for_the_map(saved: dict[str, Path], tmp_path: Path) -> None:
    if CHROMIUM is None or shutil.which("pdftotext") is None:
        pytest.skip("Chromium or poppler is not installed")
    pdf = tmp_path / "page.pdf"
    chromium(saved["html"], tmp_path, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    plain = re.sub(r"\s", "", text)
    assert "专利地图" in plain
    assert "查找专利" not in plain
    assert "拖动平移" not in plain
    images = subprocess.run(["pdfimages", "-list", str(pdf)], capture_output=True, text=True,
                            check=True).stdout  # fmt: skip
    assert len(images.splitlines()) > 5, "the pictures are not printed"


@pytest.mark.office
def test_writer_opens_the_document_with_contents_numbers_and_glyphs(
    saved: dict[str, Path], tmp_path: Path, report: Report
) -> None:
    if SOFFICE is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or poppler is not installed")
    font = plot.font_file()
    assert font is not None
    config = tmp_path / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{Path(font).parent}</dir>'
        "</fontconfig>"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)}
    subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(saved["docx"])],
        capture_output=True, timeout=240, check=True, env=environment,
    )  # fmt: skip
    pdf = tmp_path / "report.pdf"
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    plain = re.sub(r"\s", "", text)
    contents = plain[: plain.index("本报告依据")]
    for section in report.body:
        assert re.sub(r"\s", "", section.heading("zh")) in contents
    for block in (*report.figures, *report.tables):
        assert report.label(block.id) in plain
    assert "错误" not in plain
    assert "Error:" not in text  # a reference without its bookmark
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True)
    assert re.search(r"Noto ?Sans|CJK|Song|Hei|Ming", fonts.stdout), fonts.stdout
