"""Figures of flows, cooperation and rivals: what is drawn is what was given."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch, Rectangle

from patentnav import plot
from patentnav.errors import MissingColumnError


@pytest.mark.parametrize(("lang", "word"), [("zh", "受理局"), ("en", "Office")])
def test_origin_target_writes_every_number_and_frames_home(lang: str, word: str) -> None:
    cells = pd.DataFrame(
        [("CN", "CN", 40), ("CN", "US", 8), ("US", "US", 12)],
        columns=["origin", "target", "count"],
    )
    _, ax = plot.figure()
    given = plot.origin_target(cells, ax=ax, names={"CN": "中国"}, lang=lang)
    assert given is ax
    assert sorted(t.get_text() for t in ax.texts) == ["12", "40", "8"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["中国", "US"]
    assert ax.get_xlabel() == word
    frames = [p for p in ax.patches if isinstance(p, Rectangle)]
    assert [(p.get_x(), p.get_y()) for p in frames] == [(-0.5, -0.5), (0.5, 0.5)]


def test_bands_are_as_wide_as_their_numbers() -> None:
    pairs = pd.DataFrame(
        [("甲", "丙", 3), ("乙", "丙", 1)], columns=["from_name", "to_name", "count"]
    )
    _, ax = plot.figure()
    plot.deals(pairs, ax=ax, unit="publication", lang="zh")
    bands = [p for p in ax.patches if isinstance(p, PathPatch)]
    heights = sorted(p.get_path().vertices[0][1] - p.get_path().vertices[7][1] for p in bands)
    assert heights == pytest.approx([0.25, 0.75])
    assert {"丙 4", "甲 3", "乙 1", "转出方", "转入方"} <= {t.get_text() for t in ax.texts}


def test_cooperation_draws_every_placed_owner_and_tie() -> None:
    nodes = pd.DataFrame(
        {"name": ["甲公司", "乙大学", "丙所"], "joint": [5, 4, 1], "community": [0, 0, 0]},
        index=["a", "b", "c"],
    )
    pairs = pd.DataFrame(
        [("a", "b", 4), ("a", "c", 1), ("a", "z", 9)], columns=["source_id", "target_id", "count"]
    )
    where = pd.DataFrame({"x": [0, 1, 2], "y": [0, 1, 0]}, index=["a", "b", "c"])
    _, ax = plot.figure()
    plot.cooperation(nodes, pairs, where, ax=ax, lang="zh")
    lines = next(c for c in ax.collections if isinstance(c, LineCollection))
    assert len(lines.get_segments()) == 2  # z has no place
    widths = lines.get_linewidths()
    assert widths[0] > widths[1]
    assert {t.get_text() for t in ax.texts} == {"甲公司", "乙大学", "丙所"}


def test_scoreboard_writes_cells_and_leaves_the_unknown_white() -> None:
    values = pd.DataFrame({"units": [10.0, 5.0], "share": [0.5, None]}, index=["甲", "乙"])
    written = pd.DataFrame({"units": ["10", "5"], "share": ["50.0%", "–"]}, index=["甲", "乙"])
    _, ax = plot.figure()
    plot.scoreboard(values, written, ax=ax, column_labels={"units": "总量"}, lang="zh")
    assert [t.get_text() for t in ax.texts] == ["10", "50.0%", "5", "–"]
    shades = ax.images[0].get_array()
    assert shades[0, 0] == 1
    assert shades[1, 0] == 0
    assert bool(shades.mask[1, 1])


def test_what_lacks_a_column_is_refused() -> None:
    with pytest.raises(MissingColumnError, match="target"):
        plot.origin_target(pd.DataFrame({"origin": ["CN"], "count": [1]}))
    with pytest.raises(MissingColumnError, match="scoreboard"):
        plot.scoreboard(pd.DataFrame({"a": [1.0]}), pd.DataFrame({"b": ["1"]}))
