"""The map of a notebook as a browser runs it: in Chromium, with a model in the place of the kernel."""

from __future__ import annotations

import base64
import json
import re
from html import unescape

import numpy as np
import pytest

from patentnav.explore import explorer, live

from ..report.test_programs import asked_by_pages, chromium  # noqa: TID252  # tests are no package

pytest.importorskip("anywidget")
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{}</title></head>
<body><div id="cell" style="width: 900px"></div><script type="module">
const source = SOURCE, bytes = Uint8Array.from(atob("DATA"), function (c) { return c.charCodeAt(0); });
const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
const state = { _data: new DataView(bytes.buffer), _css: CSS, _picked: [], _lasso: [] }, on = {}, seen = { sent: [] };
const model = {
  get: function (key) { return state[key]; },
  set: function (key, value) { state[key] = value; if (on["change:" + key]) on["change:" + key](); },
  save_changes: function () { seen.saved = (seen.saved || 0) + 1; },
  send: function (content) { seen.sent.push(content); },
  on: function (event, call) { on[event] = call; },
  off: function (event) { delete on[event]; },
};
const cell = document.getElementById("cell");
const done = await module.default.render({ model: model, el: cell });
const root = cell.shadowRoot, one = function (selector) { return root.querySelector(selector); };
const pause = function () { return new Promise(function (then) { setTimeout(then, 200); }); };
await pause();
const canvas = one(".map > canvas"), box = canvas.getBoundingClientRect();
const point = function (kind, x, y, more) {
  canvas.dispatchEvent(new PointerEvent(kind, Object.assign({ bubbles: true, pointerId: 1,
    clientX: box.left + x * box.width, clientY: box.top + y * box.height }, more || {})));
};
canvas.setPointerCapture = function () {};  // of a pointer that a script has made up
STEPS
seen.count = one(".picked").textContent;
seen.rows = root.querySelectorAll(".rows tbody tr").length;
document.title = JSON.stringify(Object.assign(seen, { picked: state._picked, lasso: state._lasso }));
</script></body></html>"""
LASSO = """
point("pointerdown", 0.3, 0.2, { shiftKey: true });
[[0.6, 0.15], [0.75, 0.5], [0.5, 0.4], [0.45, 0.8], [0.25, 0.6]].forEach(function (p) {
  point("pointermove", p[0], p[1], { shiftKey: true });
});
point("pointerup", 0.25, 0.6, { shiftKey: true });
await pause();
"""


def probed(shown, folder, steps: str) -> dict:
    """What the page has seen after the steps."""
    parts = {
        "SOURCE": json.dumps(live.script("notebook")).replace("</", "<\\/"),
        "DATA": base64.b64encode(shown.widget._data).decode(), "CSS": json.dumps(live.css()),
        "STEPS": steps,
    }  # fmt: skip
    # In one pass: the data may hold one of the words by chance.
    text = re.sub("|".join(parts), lambda found: parts[found[0]], PAGE)
    page = folder / "notebook.html"
    page.write_text(text, encoding="utf-8")
    document, console = chromium(page, folder, "--window-size=1000,1400")
    assert console == ""
    return json.loads(unescape(re.search(r"<title>(.*?)</title>", document, re.S).group(1)))


def inside(points: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Points in a polygon by the even-odd rule."""
    odd = np.zeros(len(points), dtype=bool)
    x, y = points.T
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, 1, axis=0), strict=True):
        cut = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            odd ^= cut & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return odd


@pytest.fixture
def shown(patents, technologies):
    return patents.explore(technologies=technologies, lang="zh")


@pytest.mark.browser
def test_a_lasso_takes_the_points_that_numpy_finds_in_it(shown, technologies, tmp_path) -> None:
    seen = probed(shown, tmp_path, LASSO)
    shown.widget.set_state({"_picked": seen["picked"], "_lasso": seen["lasso"]})
    layout = technologies.layout.dropna().sort_index()
    expected = layout.index[inside(layout.to_numpy(), shown.lasso.to_numpy())]
    assert 20 < len(expected) < len(layout) - 20, "the lasso must divide the map"
    assert list(shown.ids) == list(expected)
    assert len(shown.lasso) == 6
    assert seen["saved"] == 1
    assert f"已选 {len(expected)} 个" in seen["count"]
    assert seen["rows"] == len(expected)
    assert asked_by_pages(tmp_path) == []


@pytest.mark.browser
def test_search_click_and_python_select_and_a_column_is_fetched(shown, tmp_path) -> None:
    steps = """
    one("input").value = "CN10"; one("input").dispatchEvent(new Event("input"));
    await pause();
    one(".take").click();
    seen.found = state._picked.length;
    model.set("_picked", [1, 2, 3]);
    await pause();
    seen.told = one(".picked").textContent;
    const select = one("select");
    select.value = "column:patent_type"; select.dispatchEvent(new Event("change"));
    on["msg:custom"]({ column: "patent_type", overlay: OVERLAY });
    await pause();
    seen.legend = Array.from(root.querySelectorAll(".legend button span")).map(function (s) { return s.textContent; });
    one(".picked button").click();
    """
    overlay = shown._overlay("patent_type")
    seen = probed(shown, tmp_path, steps.replace("OVERLAY", json.dumps(overlay)))
    hits = sum(name.startswith("CN10") for name in shown._content.ids)
    assert seen["found"] == hits > 1
    assert seen["told"].startswith("已选 3 个")
    assert seen["sent"] == [{"column": "patent_type"}]
    assert seen["legend"] == [
        g["name"] for g in sorted(overlay["groups"], key=lambda g: g["order"])
    ]
    assert seen["picked"] == []


@pytest.mark.browser
def test_many_dots_are_drawn_and_found_as_few_are(tmp_path) -> None:
    import pandas as pd

    from patentnav.explore import Interactive, Overlay
    from patentnav.plot import Group

    n = 5000  # above the number from which on small marks are written as pixels
    rng = np.random.default_rng(1)
    points = pd.DataFrame(
        {"x": rng.random(n), "y": rng.random(n), "name": [f"P{i}" for i in range(n)], "label": ""}
    )
    half = np.arange(n) < n // 2
    groups = [Group(half, "a", "#0084F0"), Group(~half, "b", "#B47860", order=1)]
    told = Overlay("g", pd.Series("a", points.index), groups)
    shown = explorer.Explorer(
        explorer.Content(
            Interactive("network", points, overlays=(told,)), pd.Index(points["name"])
        ),
        lang="en",
    )
    steps = """
    seen.drawn = Number(canvas.dataset.drawn);
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    seen.colours = { blue: 0, brown: 0 };
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i] === 0 && pixels[i + 1] === 132 && pixels[i + 2] === 240) seen.colours.blue += 1;
      if (pixels[i] === 180 && pixels[i + 1] === 120 && pixels[i + 2] === 96) seen.colours.brown += 1;
    }
    """
    seen = probed(shown, tmp_path, steps)
    assert seen["drawn"] == n
    # About two pixels square a dot, some hidden by others: not one of the two colours is missing.
    assert seen["colours"]["blue"] > n
    assert seen["colours"]["brown"] > n
