"""The files in the programs that clients open them with."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patentnav import plot

if TYPE_CHECKING:
    from patentnav.report.document import Report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
SOFFICE = shutil.which("soffice")

# Runs after the page's own scripts; says in the title what it saw.
PROBE = """
addEventListener("load", function () { setTimeout(function () {
  const figure = document.querySelector("figure[data-map=patent_map]");
  const input = figure.querySelector("input");
  input.value = WANTED;
  input.dispatchEvent(new Event("input"));
  const ink = function (text) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 40;
    const context = canvas.getContext("2d");
    context.font = "32px " + getComputedStyle(document.querySelector("main p")).fontFamily;
    context.fillText(text, 2, 34);
    return canvas.toDataURL();
  };
  const glyphs = ["\\u4e13", "\\u5229", "\\u5bfc", "\\u822a"].map(ink);
  document.title = JSON.stringify({
    said: figure.querySelector("output").textContent,
    live: document.querySelectorAll("figure.live").length,
    dots: figure.querySelectorAll(".scatterlayer .point").length,
    hidden: getComputedStyle(figure.querySelector("img")).display,
    glyphs: new Set(glyphs).size,
    buttons: figure.querySelectorAll(".modebar-btn").length,
  });
}, 1500); });
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


def probed(page: Path, folder: Path, wanted: str) -> Path:
    """A copy of the page whose policy also allows the probe."""
    script = PROBE.replace("WANTED", json.dumps(wanted))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    text = page.read_text(encoding="utf-8")
    text = text.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    copy = folder / "probed.html"
    copy.write_text(text.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    return copy


@pytest.mark.browser
def test_the_page_is_quiet_asks_nobody_and_can_be_searched(
    saved: dict[str, Path], tmp_path: Path, report: Report
) -> None:
    number = report.figures[3].table.frame["publication_id"].iloc[5]
    document, console = chromium(probed(saved["html"], tmp_path, number), tmp_path)
    assert console == ""
    seen = json.loads(re.search(r"<title>(.*?)</title>", document).group(1).replace("&quot;", '"'))
    assert seen["said"].startswith(number)
    assert seen["live"] == 2
    assert seen["dots"] == len(report.figures[3].table.frame) + 1  # and the ring
    assert seen["hidden"] == "none"
    assert seen["glyphs"] == 4, "Chinese characters all look alike: they show as boxes"
    assert seen["buttons"] == 5, "a button may offer to send the data away"
    assert asked_by_pages(tmp_path) == []


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
    for section in report.sections:
        assert re.sub(r"\s", "", section.heading("zh")) in contents
    for block in (*report.figures, *report.tables):
        assert report.label(block.id) in plain
    assert "错误" not in plain
    assert "Error:" not in text  # a reference without its bookmark
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True)
    assert re.search(r"Noto ?Sans|CJK|Song|Hei|Ming", fonts.stdout), fonts.stdout
