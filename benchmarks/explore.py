"""How fluent a map of many publications is, in headless Chromium through a running JupyterLab.

Run:  .venv/bin/python benchmarks/explore.py --lab path/to/environment/with/jupyterlab [publications]

The environment needs jupyterlab and anywidget; the kernel is the interpreter that runs this file.
Starts JupyterLab with a notebook, opens it in Chromium, runs its cells and prints: seconds from the
start of the cell with ``explore()`` until the map has drawn (first paint; also how much of it is
processor time of the kernel and of the page, which a busy machine does not lengthen), milliseconds from a movement of the pointer to the frame that shows what it points at (the
slowest of 60), milliseconds of a redraw while the map is moved, and whether a lasso drawn with the
pointer selects the same ids as a point-in-polygon computed in numpy on the layout. Exit code 1 where
first paint takes more than 3 s, a hover more than 50 ms, or the ids differ.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tornado.websocket import websocket_connect

HERE = Path(__file__).resolve().parent
PAINT, HOVER = 3.0, 0.050
SETUP = """
import sys, warnings
warnings.simplefilter("ignore")
sys.path[:0] = {paths}
from explore_set import made
small, t = made(300)
small.explore(technologies=t).widget  # what is imported at first use
patents, technologies = made({n})
"""
SHOW = """import time
start = time.process_time()
shown = patents.explore(technologies=technologies)
shown.widget
spent = time.process_time() - start
shown"""
ASK = """
import json, numpy as np
def inside(points, polygon):
    odd = np.zeros(len(points), dtype=bool)
    x, y = points.T
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, 1, axis=0)):
        cut = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            odd ^= cut & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return odd
layout = technologies.layout.dropna().sort_index()
expected = layout.index[inside(layout.to_numpy(), shown.lasso.to_numpy())]
print(json.dumps([len(shown.ids), len(expected), bool(shown.ids.equals(expected)),
                             len(shown.selected), len(shown.lasso), spent]))
"""
# Finds the map inside the shadow root of the widget.
FIND = """
window.pnav = function () {
  for (const node of document.querySelectorAll(".jp-OutputArea-output *")) {
    const root = node.shadowRoot;
    const canvas = root && root.querySelector(".map > canvas");
    if (canvas && canvas.dataset.drawn) return { root: root, canvas: canvas, tip: root.querySelector(".tip") };
  }
  return null;
};
"""


class Page:
    """A page of Chromium, driven by its debugging protocol."""

    def __init__(self, socket) -> None:
        self.socket, self.number = socket, 0

    async def call(self, method, **parameters):
        self.number += 1
        await self.socket.write_message(
            json.dumps({"id": self.number, "method": method, "params": parameters})
        )
        while True:
            answer = json.loads(await self.socket.read_message())
            if answer.get("id") == self.number:
                return answer.get("result", answer)

    async def run(self, script):
        answer = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    async def until(self, script, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = await self.run(script)
            if found:
                return found
            await asyncio.sleep(0.25)
        raise TimeoutError(script)

    async def mouse(self, kind, x, y, **more):
        await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def notebook(folder: Path, n: int) -> None:
    cells = [SETUP.format(paths=[str(HERE.parent), str(HERE)], n=n), SHOW]
    content = {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "measured", "display_name": "measured", "language": "python"}},
        "cells": [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "outputs": [], "source": text,
                   "execution_count": None} for i, text in enumerate(cells)],
    }  # fmt: skip
    (folder / "map.ipynb").write_text(json.dumps(content))
    spec = folder / "share" / "jupyter" / "kernels" / "measured"
    spec.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "measured", "language": "python"})
    )


async def opened(port: int) -> Page:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                pages = [p for p in json.load(answer) if p["type"] == "page"]
            if pages:
                link = await websocket_connect(
                    pages[0]["webSocketDebuggerUrl"], max_message_size=2**28
                )
                return Page(link)
        except OSError:
            pass
        await asyncio.sleep(0.5)
    raise TimeoutError("Chromium did not start")


RUN = "window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')"
MEASURE = """
(function () {
  const m = window.pnav();
  window.moves = [];
  m.canvas.addEventListener("pointermove", function () {
    const start = performance.now();
    requestAnimationFrame(function () {
      setTimeout(function () { window.moves.push([performance.now() - start, !m.tip.hidden]); }, 0);
    });
  }, true);
  const box = m.canvas.getBoundingClientRect();
  m.canvas.scrollIntoView({ block: "center" });
  return true;
})()
"""
BOX = "(function () { const b = window.pnav().canvas.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()"
MOVE = """
(async function () {
  const m = window.pnav(), times = [];
  const key = function (k) { m.canvas.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true, cancelable: true })); };
  for (const k of ["+", "+", "+", "ArrowLeft", "ArrowUp", "ArrowRight", "-", "-", "-", "0"]) {
    const start = performance.now();
    key(k);
    await new Promise(function (done) { requestAnimationFrame(function () { setTimeout(done, 0); }); });
    times.push(performance.now() - start);
  }
  return times;
})()
"""


async def photographed(page: Page, shot: Path | None) -> None:
    if shot is not None:
        picture = await page.call("Page.captureScreenshot")
        shot.write_bytes(base64.b64decode(picture["data"]))


async def spent(page: Page) -> float:
    """Processor seconds of the page's thread so far."""
    metrics = (await page.call("Performance.getMetrics"))["metrics"]
    return next(m["value"] for m in metrics if m["name"] == "TaskDuration")


async def measured(page: Page, address: str, shot: Path | None) -> int:
    await page.call("Page.enable")
    await page.call("Performance.enable", timeDomain="threadTicks")
    await page.call("Page.navigate", url=address)
    await page.until("!!window.jupyterapp && document.querySelectorAll('.jp-CodeCell').length >= 2")
    await page.run(FIND)
    await page.until("document.querySelector('.jp-Notebook-ExecutionIndicator') && "
                     "document.querySelector('.jp-Notebook-ExecutionIndicator').dataset.status === 'idle'")  # fmt: skip
    prompt = (
        "document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[0].textContent.match(/[*\\d]+/)"
    )
    # A cell run before the kernel is connected runs nothing, and JupyterLab asks which kernel to take.
    for _ in range(20):
        await page.run("document.querySelector('.jp-Dialog .jp-mod-accept')?.click()")
        await page.run("window.jupyterapp.commands.execute('notebook:move-cursor-up')")
        await page.run(f"void {RUN}")
        await asyncio.sleep(3)
        if await page.run(f"!!{prompt} && !document.querySelector('.jp-Dialog')"):
            break
    await page.until(f"/\\d/.test(({prompt} || [''])[0])")
    before = await spent(page)
    told = await page.run("""
    new Promise(function (done) {
      const start = performance.now();
      const look = setInterval(function () {
        const m = window.pnav();
        if (m) { clearInterval(look); requestAnimationFrame(function () { setTimeout(function () {
          done([performance.now() - start, Number(m.canvas.dataset.drawn)]); }, 0); }); }
      }, 5);
      """ + RUN + "; })")  # fmt: skip
    paint, drawn = told[0] / 1000, told[1]
    print(f"first paint {paint:.2f} s, {drawn:,} dots (bar {PAINT} s); "
          f"processor time of the page {await spent(page) - before:.2f} s")  # fmt: skip
    await page.run(MEASURE)
    await asyncio.sleep(1)
    left, top, width, height = box = await page.run(BOX)
    print("map at", [round(v) for v in box])
    before = await spent(page)
    for i in range(60):
        await page.mouse(
            "mouseMoved",
            left + width * (0.3 + 0.4 * (i * 0.618 % 1)),
            top + height * (0.25 + 0.5 * i / 60),
        )
        await asyncio.sleep(0.03)
    await asyncio.sleep(0.3)
    moves = await page.run("window.moves")
    times = sorted(t for t, shown in moves)
    hits = sum(shown for _, shown in moves)
    worst = times[-1] / 1000
    print(f"hover: median {times[len(times) // 2]:.1f} ms, slowest {times[-1]:.1f} ms of {len(times)}, "
          f"{hits} on a dot (bar {HOVER * 1000:.0f} ms); "
          f"processor time {1000 * (await spent(page) - before) / 60:.1f} ms each")  # fmt: skip
    redraw = sorted(await page.run(MOVE))
    print(f"redraw: median {redraw[len(redraw) // 2]:.1f} ms, slowest {redraw[-1]:.1f} ms")
    corners = [(0.35, 0.3), (0.6, 0.2), (0.66, 0.55), (0.5, 0.45), (0.42, 0.7), (0.3, 0.5)]
    path = []
    for (a, b), (c, d) in zip(corners, corners[1:] + corners[:1], strict=True):
        path += [(a + (c - a) * k / 6, b + (d - b) * k / 6) for k in range(6)]
    shift = {"modifiers": 8, "button": "left", "buttons": 1}
    x, y = left + width * path[0][0], top + height * path[0][1]
    await page.mouse("mousePressed", x, y, clickCount=1, **shift)
    for a, b in path[1:]:
        await page.mouse("mouseMoved", left + width * a, top + height * b, **shift)
    await page.mouse("mouseReleased", left + width * a, top + height * b, clickCount=1, **shift)
    await asyncio.sleep(2)
    await photographed(page, shot)
    text = await page.run(
        "const code = "
        + json.dumps(ASK)
        + """;
        (async function () {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          let text = "";
          const future = kernel.requestExecute({ code: code });
          future.onIOPub = function (m) { text += m.content.text || (m.content.ename ? JSON.stringify(m.content) : ""); };
          await future.done;
          return text;
        })()"""
    )
    picked, expected, same, held, points, kernel = json.loads(text)
    print(f"processor time of the kernel until the map was sent {kernel:.2f} s")
    print(f"lasso of {points} corners: {picked:,} ids, numpy {expected:,}, the same: {same}; "
          f"PatentSet of {held:,}")  # fmt: skip
    return int(paint > PAINT or worst > HOVER or not same or not picked)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lab", type=Path, required=True)
    parser.add_argument("--shot", type=Path)
    parser.add_argument("n", type=int, nargs="?", default=100_000)
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chrome")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        notebook(folder, given.n)
        lab, debug = free_port(), free_port()
        environment = {**os.environ, "JUPYTER_PATH": str(folder / "share" / "jupyter"),
                       "JUPYTER_CONFIG_DIR": str(folder / "config"), "HOME": place,
                       "OMP_NUM_THREADS": "1"}  # fmt: skip
        server = subprocess.Popen(
            [str(given.lab.absolute() / "bin" / "jupyter-lab"), "--no-browser", f"--ServerApp.port={lab}",
             "--IdentityProvider.token=", f"--ServerApp.root_dir={place}", "--allow-root",
             "--LabApp.expose_app_in_browser=True", "--ServerApp.log_level=ERROR",
             "--ServerApp.disable_check_xsrf=True",
             "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e9"],
            env=environment, cwd=place,
        )  # fmt: skip
        browser = subprocess.Popen(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,1200",
             f"--remote-debugging-port={debug}", "--remote-allow-origins=*",
             f"--user-data-dir={folder / 'profile'}", "about:blank"],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{lab}/lab/tree/map.ipynb"

            async def all_of_it() -> int:
                page = await opened(debug)
                for _ in range(120):
                    try:
                        urllib.request.urlopen(address).close()
                        break
                    except OSError:
                        await asyncio.sleep(0.5)
                try:
                    return await measured(page, address, given.shot)
                except (TimeoutError, LookupError, RuntimeError):
                    await photographed(page, given.shot)
                    raise

            return asyncio.run(all_of_it())
        finally:
            browser.terminate()
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    sys.exit(main())
