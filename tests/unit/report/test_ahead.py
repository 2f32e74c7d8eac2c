"""Figures drawn in another process are the same, and none is lost when that fails."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import warnings
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import _process, plot
from patentnav.plot.drawing import drawing
from patentnav.report import Report, ahead
from patentnav.report.blocks import Figure, Section, Table

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE = """\
title = { zh = "图", en = "Drawn" }
[[part]]
id = "direction"
sections = ["trend", "technologies", "structure", "position.legal_status", "position.talent"]
"""


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_process, "ENOUGH", 0)
    monkeypatch.setattr(_process, "cores", lambda: 2)


def _figure(name: str, draw: Any) -> Figure:
    return Figure(Table(name, pd.DataFrame({"a": [1]})), draw, size=(3.0, 2.0))


def _bars(count: int = 3) -> pd.Series:
    return pd.Series(range(count), index=[f"甲{i}" for i in range(count)], name="count")


def _built(folder: Path) -> Report:
    outline = folder / "drawn.toml"
    outline.write_text(OUTLINE, encoding="utf-8")
    return pnav.report.build(pnav.datasets.city(n=200).patents, outline, "en", n_clusters=5)


def test_every_picture_of_a_report_comes_from_there_with_the_same_bytes(tmp_path: Path) -> None:
    mpl.rcParams["axes.titlesize"] = 23  # a setting of the caller's own
    try:
        report = _built(tmp_path)
        assert report.ahead is not None
        taken = {f.id: report.ahead.take(f.id) for f in report.figures}
        assert report.pictures == taken  # none is missing
        assert len(taken) >= 4
        assert report.pictures == replace(report, ahead=None).pictures
    finally:
        mpl.rcdefaults()


def test_what_cannot_be_sent_fails_or_warns_is_drawn_here() -> None:
    there = ahead.begin(10, "en", pnav.i18n.wording("en"))
    assert there is not None
    there.draw([
        _figure("local", lambda ax: ax.plot([1, 2])),
        _figure("warns", drawing(_warning)),
        _figure("right", drawing(plot.ranking, _bars(), lang="en")),
        _figure("wrong", drawing(plot.ranking, "no series")),
    ])  # fmt: skip
    there.close()
    assert there.take("local") is None
    assert there.take("wrong") is None
    assert there.take("warns") is None
    assert there.take("unknown") is None
    assert (there.take("right") or b"").startswith(b"\x89PNG")


def _warning(ax: Any) -> None:
    warnings.warn(f"of {ax}", UserWarning, stacklevel=1)


def _leave() -> None:
    raise SystemExit(1)


def _die() -> None:
    os._exit(3)


def test_a_process_that_ends_or_cannot_begin_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for end in (_leave, _die):
        monkeypatch.setattr(ahead, "serve", end)
        there = ahead.begin(10, "en", pnav.i18n.wording("en"))
        assert there is not None
        figures = [_figure(str(i), drawing(plot.ranking, _bars(), lang="en")) for i in range(3)]
        there.draw(figures)
        there.close()
        assert [there.take(f.id) for f in figures] == [None] * 3

    def none(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("no further process")

    monkeypatch.setattr(subprocess, "Popen", none)
    there = ahead.begin(10, "en", pnav.i18n.wording("en"))
    assert there is not None
    there.draw([_figure("a", drawing(plot.ranking, _bars(), lang="en"))])
    there.close()
    assert there.take("a") is None


def test_one_core_or_few_publications_begin_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_process, "ENOUGH", 11)
    assert ahead.begin(10, "en", {}) is None
    monkeypatch.setattr(_process, "cores", lambda: 1)
    assert ahead.begin(11, "en", {}) is None


def test_a_copy_draws_its_own() -> None:
    there = ahead.begin(10, "en", pnav.i18n.wording("en"))
    assert there is not None
    assert pickle.loads(pickle.dumps(there)) is None
    there.close()


def test_figures_that_reports_share_are_drawn_once() -> None:
    easel = ahead.Easel("en", pnav.i18n.wording("en"))
    one, other = ahead.Ahead(easel, shared=True), ahead.Ahead(easel, shared=True)
    right = _figure("right", drawing(plot.ranking, _bars(), lang="en"))
    one.draw([right])
    one.close()  # the other report still draws
    own = _figure("own", drawing(plot.ranking, _bars(4), lang="en"))
    other.draw([right, own])
    assert other.take("right") is one.take("right")  # the same bytes object
    assert (other.take("own") or b"").startswith(b"\x89PNG")
    assert other.take("own") != other.take("right")
    easel.close()


class _Slow:
    """An easel with the first picture done, the second begun, and no others begun."""

    def __init__(self) -> None:
        self.pictures = {name: Future[bytes]() for name in ("first", "second", "third", "fourth")}
        self.pictures["first"].set_result(b"first")
        self.pictures["second"].set_running_or_notify_cancel()

    def ask(self, figure: Figure) -> Future[bytes]:
        return self.pictures[figure.id]

    def close(self) -> None:
        pass


def test_while_one_is_drawn_there_the_last_ones_are_drawn_here() -> None:
    easel, begun = _Slow(), []

    def draw(name: str) -> Any:
        def drawn(_: Any) -> None:
            begun.append((name, easel.pictures["second"].done()))
            if name == "third":
                easel.pictures["second"].set_result(b"second")

        return drawn

    figures = {name: _figure(name, draw(name)) for name in easel.pictures}
    there = ahead.Ahead(easel)  # type: ignore[arg-type]
    there.draw(figures.values())
    read = [figures[name] for name in ("fourth", "first", "second", "third")]  # another order
    report = Report("t", "", "en", (), (Section("a", 2, "1", tuple(read)),), ahead=there)
    timer = threading.Timer(20, easel.pictures["second"].set_result, (b"late",))
    timer.start()
    pictures = report.pictures
    timer.cancel()
    assert begun == [("fourth", False), ("third", False)]
    assert [*pictures] == ["fourth", "first", "second", "third"]
    assert (pictures["first"], pictures["second"]) == (b"first", b"second")
    assert pictures["fourth"].startswith(b"\x89PNG")


def test_sections_that_wait_for_a_result_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outline = tmp_path / "small.toml"
    outline.write_text(OUTLINE, encoding="utf-8")
    patents = pnav.datasets.city(120).patents
    with monkeypatch.context() as patch:
        patch.setattr(_process, "ENOUGH", 10**9)
        here = pnav.report.build(patents, outline, "en")
    there = pnav.report.build(patents, outline, "en")  # with a second process
    assert [s.id for s in there.sections] == [s.id for s in here.sections]
    assert [t.whole.frame.to_csv() for t in there.tables] == [
        t.whole.frame.to_csv() for t in here.tables
    ]
    pd.testing.assert_frame_equal(there.claims, here.claims)


def test_the_process_that_draws_loads_no_reports() -> None:
    """It would take as long to begin as many of the figures take to draw."""
    program = "import sys, patentnav.plot.drawing; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "patentnav.plot.drawing" in loaded
    assert not loaded & {"patentnav.report", "patentnav.claims", "patentnav.study", "scipy.stats"}
