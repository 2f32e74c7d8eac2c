"""Figures are judged by their artists: what is drawn, where, and whether its glyphs exist."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import matplotlib as mpl
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties

from patentnav import config_context, plot
from patentnav.errors import ArgumentError, DataQualityWarning, MissingColumnError
from patentnav.plot import _style

if TYPE_CHECKING:
    from matplotlib.text import Text


@pytest.fixture
def yearly() -> pd.DataFrame:
    years = np.arange(2010, 2026)
    frame = pd.DataFrame({"year": years, "count": np.arange(16) * 3})
    frame.attrs["unit"] = "family"
    return frame


def grouped(yearly: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([yearly.assign(group=g) for g in ("a", "b", "c")], ignore_index=True)


def test_font_has_simplified_chinese_glyphs() -> None:
    file = plot.font_file()
    assert file is not None
    assert _style._has_glyphs(file)


def test_missing_font_is_said_once_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_style, "_candidates", lambda: iter(()))
    _style._font_file.cache_clear()
    try:
        with pytest.warns(DataQualityWarning, match=r"patentnav\[fonts\]"):
            assert plot.font_file() is None
        assert plot.font_file() is None  # cached: no second warning (warnings are errors here)
    finally:
        _style._font_file.cache_clear()


def test_chinese_text_draws_without_missing_glyphs(yearly: pd.DataFrame) -> None:
    fig, ax = plot.figure()
    plot.trend(yearly, ax=ax, lang="zh")
    fig.savefig(io.BytesIO(), format="png")  # a missing glyph warns, and warnings are errors
    assert "专利族" in ax.get_ylabel()


def test_trend_shows_every_year_and_marks_the_open_ones(yearly: pd.DataFrame) -> None:
    _, ax = plot.figure()
    plot.trend(yearly, ax=ax, incomplete_from=2024, lang="en")
    heights = {round(p.get_x() + p.get_width() / 2): p.get_height() for p in ax.patches}
    assert heights == dict(zip(yearly["year"], yearly["count"], strict=True))
    hatched = [round(p.get_x() + p.get_width() / 2) for p in ax.patches if p.get_hatch()]
    assert hatched == [2024, 2025]
    assert ax.get_ylabel() == "Families"


def test_trend_draws_the_largest_groups(yearly: pd.DataFrame) -> None:
    many = grouped(yearly)
    many.loc[many["group"] == "b", "count"] *= 5
    _, ax = plot.figure()
    plot.trend(many, ax=ax, top=2, labels={"b": "二号"})
    assert [line.get_label() for line in ax.lines] == ["二号", "a"]


def test_trend_names_the_column_it_lacks() -> None:
    with pytest.raises(MissingColumnError, match="count"):
        plot.trend(pd.DataFrame({"year": [2020]}))


def test_ranking_puts_the_largest_on_top_and_leaves_unknown_out() -> None:
    values = pd.Series({"x": 3.0, "y": 9.0, "z": np.nan, "w": 9.0})
    _, ax = plot.figure()
    plot.ranking(values, ax=ax)
    names = [t.get_text() for t in ax.get_yticklabels()]
    heights = ax.get_yticks()
    assert [n for _, n in sorted(zip(-heights, names, strict=True))] == ["w", "y", "x"]


def test_ranking_breaks_long_names_where_it_once_cut_them() -> None:
    name = "A02 camera, image, display and other technology"
    ax = plot.ranking(pd.Series({name: 3.0, "测试、传感器与监测技术": 2.0}))
    shown = {t.get_text() for t in ax.get_yticklabels()}
    assert {text.replace("\n", " ") for text in shown} == {name, "测试、传感器与监测技术"}
    assert max(text.count("\n") for text in shown) == 1


def test_composition_sums_to_one(yearly: pd.DataFrame) -> None:
    _, ax = plot.figure()
    plot.composition(grouped(yearly.assign(count=yearly["count"] + 1)), ax=ax, top=2)
    tops = pd.DataFrame(
        [(round(p.get_x() + p.get_width() / 2), p.get_y() + p.get_height()) for p in ax.patches]
    )
    assert np.allclose(tops.groupby(0)[1].max(), 1)


def test_matrix_leaves_unknown_cells_empty() -> None:
    table = pd.DataFrame({"a": [1, pd.NA], "b": [0, 4]}, dtype="Int64")
    _, ax = plot.figure()
    plot.matrix(table, ax=ax)
    assert sorted(t.get_text() for t in ax.texts) == ["0", "1", "4"]


def test_life_cycle_leaves_gaps(yearly: pd.DataFrame) -> None:
    frame = pd.DataFrame({"year": [2020, 2021], "growth_rate": [pd.NA, 0.3]}).astype(
        {"growth_rate": "Float64"}
    )
    _, ax = plot.figure()
    plot.life_cycle(frame, ax=ax)
    assert np.isnan(ax.lines[0].get_ydata()[0])


def overlaps(ax, texts: list[Text]) -> bool:
    fig = ax.get_figure()
    fig.canvas.draw()
    boxes = [t.get_window_extent() for t in texts]
    return any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_talent_map_labels_do_not_overlap_for_many_people() -> None:
    graph = nx.connected_caveman_graph(60, 8)
    for node in graph:
        graph.nodes[node].update(name=f"王芳{node}", publications=1.0 + node % 7)
    layout = pd.DataFrame(nx.circular_layout(graph), index=["x", "y"]).T
    teams = pd.Series({n: str(n // 8) for n in graph})
    fig, ax = plot.figure(8, 6)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(fig)
    plot.talent_map(graph, layout, ax=ax, teams=teams, labelled=60)
    assert len(ax.texts) >= 20
    assert not overlaps(ax, ax.texts)


def test_talent_map_shows_teams_roles_and_regions() -> None:
    graph = nx.connected_caveman_graph(12, 5)
    for node in graph:
        graph.nodes[node].update(name=f"P{node}", publications=1.0)
    layout = pd.DataFrame(nx.circular_layout(graph), index=["x", "y"]).T
    teams = pd.Series({n: n // 5 for n in graph if n < 55}, dtype="Int64")
    roles = pd.Series({0: "key_person", 7: "rising"})
    regions = pd.Series({n: "A" if n < 30 else "B" for n in graph})
    _, ax = plot.figure(8, 6)
    plot.talent_map(graph, layout, ax=ax, teams=teams, roles=roles, regions=regions, lang="en",
                    team_names={"0": "Zero"})  # fmt: skip
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels[0] == "Zero, A (5)"
    assert labels[8:] == ["3 other groups", "no team", "key person", "rising"]
    _, ax = plot.figure(8, 6)
    plot.talent_map(graph, layout, ax=ax, regions=regions, colour="region", lang="en")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["A (30)", "B (30)"]


def test_portfolios_take_the_gate_from_the_candidates() -> None:
    frame = pd.DataFrame(
        {
            "owner": ["甲", "乙", "丙"],
            "inventions": [60, 20, 80],
            "pct": pd.array([12, 3, pd.NA], dtype="Int64"),
            "meets_gate": pd.array([True, False, pd.NA], dtype="boolean"),
            "min_inventions": 40,
            "min_pct": 5,
        }
    )
    _, ax = plot.figure()
    plot.portfolios(frame, ax=ax, lang="en")
    assert {tuple(np.unique(line.get_xdata())) for line in ax.lines} >= {(40,)}
    assert "40" in ax.get_legend().get_title().get_text()
    labels = {t.get_text() for t in ax.get_legend().get_texts()}
    assert labels == {"meets the gate", "below the gate", "cannot be told"}
    with pytest.raises(ArgumentError, match="2 gates"):
        plot.portfolios(frame.assign(min_pct=[5, 5, 6]))


def test_colours_of_industries_are_fixed_and_others_distinct() -> None:
    a, b = plot.colours(["ict", "biomed"]), plot.colours(["zzz", "biomed", "ict"])
    assert a["ict"] == b["ict"]
    assert a["biomed"] == b["biomed"]
    assert len(set(b.values())) == 3


def test_a_users_axes_get_the_chinese_font(yearly: pd.DataFrame) -> None:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    with config_context(lang="zh"):
        assert plot.trend(yearly, ax=ax) is ax
    ax.get_figure().savefig(io.BytesIO(), format="png")


def test_names_of_east_asian_parties_have_glyphs() -> None:
    values = pd.Series({"이정용": 3, "トヨタ自動車": 5, "臺灣產業": 2, "Çelik Ångström": 1})
    fig, ax = plot.figure(6, 2.5)
    plot.ranking(values, ax=ax)
    fig.savefig(io.BytesIO(), format="png")  # a missing glyph warns, and warnings are errors


def test_fonts_that_are_kept_are_those_that_matplotlib_finds() -> None:
    asked = [
        FontProperties(family=family, size=size, weight=weight, style=slant)
        for family in (*_style.font_family(), "DejaVu Serif", "monospace")
        for size in (6, 9.5)
        for weight in ("normal", "bold")
        for slant in ("normal", "italic")
    ]
    manager = font_manager.fontManager
    find = manager.findfont
    right = [find(one) for one in asked]
    with _style.fonts_kept():
        assert [manager.findfont(one) for one in asked] == right
        assert [manager.findfont(one) for one in asked] == right
        with pytest.raises(ValueError, match="No Such Font"):
            manager.findfont(FontProperties(family="No Such Font"), fallback_to_default=False)
        assert manager.findfont("DejaVu Sans:bold") == find("DejaVu Sans:bold")
        with mpl.rc_context({"font.monospace": ["DejaVu Serif"]}):
            assert manager.findfont(FontProperties(family="monospace")) == find("DejaVu Serif")
    assert manager.findfont == find
