"""The page for readers who use a keyboard, a screen reader or a phone: axe-core, and a look at 390 px."""

from __future__ import annotations

import importlib.metadata
import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from .test_programs import chromium

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report import Report

# What the law of most places asks for (WCAG 2.1, levels A and AA), and the habits of good pages.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
AXE = """
addEventListener("load", async function () {
  await new Promise(function (done) { setTimeout(done, 500); });
  const found = await axe.run(document, { runOnly: TAGS, resultTypes: ["violations", "incomplete"] });
  const told = function (rule) {
    return { id: rule.id, impact: rule.impact, nodes: rule.nodes.length, html: rule.nodes[0].html.slice(0, 200) };
  };
  parent.postMessage(JSON.stringify({
    passes: found.passes.map(function (rule) { return rule.id; }),
    violations: found.violations.map(told), size: [innerWidth, innerHeight],
  }), "*");
});
"""
# Cells whose longest word is wider than the cell, what is wider than the page, and how rows are set.
PHONE = """
addEventListener("load", async function () {
  await new Promise(function (done) { setTimeout(done, 500); });
  const shown = function (node) { return node.getClientRects().length > 0; };
  const all = function (selector) { return Array.from(document.querySelectorAll(selector)).filter(shown); };
  const range = document.createRange();
  const broken = [];
  for (const cell of all("main td, main th")) {
    if (cell.closest("thead") && cell.closest(".cards")) continue;
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      for (const word of text.data.matchAll(/[^\\s\\/\\u2010-\\u2015\\u2e80-\\uffff-]{1,30}/g)) {
        if (word[0].length === 30) continue;  // a checksum is broken
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set(Array.from(range.getClientRects(), function (r) { return Math.round(r.top); })).size > 1)
          broken.push(word[0]);
      }
    }
  }
  const lines = all("main p, main li, main .cards td").filter(function (node) {
    return node.clientWidth < 90 && !node.closest(".legend, .hits");
  });
  parent.postMessage(JSON.stringify({
    size: [innerWidth, document.documentElement.scrollWidth], broken: broken,
    narrow: lines.map(function (node) { return node.outerHTML.slice(0, 120); }),
    wide: all("main *").filter(function (node) {
      return node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".scroll");
    }).map(function (node) { return node.outerHTML.slice(0, 120); }),
    scrolled: all(".scroll").filter(function (node) { return node.scrollWidth > node.clientWidth + 1; }).length,
    cards: all(".cards tr").length, heads: all(".cards thead").filter(function (node) {
      return node.getBoundingClientRect().height > 2;
    }).length,
    title: document.querySelector("h1").getBoundingClientRect().top + scrollY,
    figures: all("figure img").map(function (image) { return image.getBoundingClientRect().width; }),
  }), "*");
});
"""


def axe() -> str:
    """The script of axe-core, as a package of the test environment brings it."""
    files = importlib.metadata.files("axe-core-python") or []
    return next(f for f in files if f.name == "axe.min.js").read_text(encoding="utf-8")


def seen(page: Path, folder: Path, *scripts: str, size: str) -> dict:
    """What scripts see in a copy of the page without its policy, in a window of a size."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text, count=1)
    added = "".join(f"<script>{script}</script>" for script in scripts)
    copy = folder / "seen.html"
    copy.write_text(text.replace("</body>", f"{added}</body>"), "utf-8")
    # No window is as narrow as a phone; a frame is.
    width, height = size.split(",")
    frame = folder / "frame.html"
    frame.write_text(
        "<title>{}</title><script>addEventListener('message', function (event) "
        "{ document.title = event.data; });</script>"
        f'<iframe src="seen.html" style="border: 0; width: {width}px; height: {height}px"></iframe>',
        "utf-8",
    )
    document, _ = chromium(frame, folder, "--window-size=1400,1000", "--hide-scrollbars")
    return json.loads(unescape(re.search(r"<title>(.*?)</title>", document, re.S).group(1)))


@pytest.mark.browser
@pytest.mark.parametrize("size", ["1280,900", "390,844"])
def test_axe_finds_nothing(saved: dict[str, Path], tmp_path: Path, size: str) -> None:
    found = seen(saved["html"], tmp_path, axe(), AXE.replace("TAGS", json.dumps(TAGS)), size=size)
    assert found["size"][0] == int(size.split(",", maxsplit=1)[0])
    # A check that checked nothing would pass too.
    asked = {"image-alt", "color-contrast", "heading-order", "region", "label", "landmark-one-main"}
    assert asked <= set(found["passes"])
    assert found["violations"] == []


@pytest.mark.browser
def test_axe_finds_what_is_wrong(saved: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    text = saved["html"].read_text(encoding="utf-8")
    text = re.sub(r'<img alt="[^"]*"', "<img", text)
    text = text.replace('lang="zh-CN"', "", 1).replace("--soft: #5a6675", "--soft: #b0b8c2", 1)
    page.write_text(text, "utf-8")
    found = seen(page, tmp_path, axe(), AXE.replace("TAGS", json.dumps(TAGS)), size="1280,900")
    assert {"html-has-lang", "color-contrast", "image-alt"} <= {
        v["id"] for v in found["violations"]
    }


@pytest.mark.browser
def test_a_phone_shows_cards_and_breaks_no_word(saved: dict[str, Path], tmp_path: Path) -> None:
    found = seen(saved["html"], tmp_path, PHONE, size="390,844")
    assert found["size"] == [390, 390], "the page scrolls sideways"
    assert found["wide"] == []
    assert found["narrow"] == []
    assert found["broken"] == []
    assert found["cards"] > 50
    assert found["heads"] == 0, "a card repeats its headings"
    assert found["title"] < 300, "the contents stand before the title"
    # A figure is as wide as a page of it needs: it scrolls within its frame, the page does not.
    assert min(found["figures"]) >= 560


@pytest.mark.browser
def test_an_english_phone_too(english: Report, tmp_path: Path) -> None:
    page = english.save(tmp_path / "english.html")
    found = seen(page, tmp_path, PHONE, size="390,844")
    assert found["size"] == [390, 390]
    assert (found["wide"], found["narrow"], found["broken"]) == ([], [], [])
