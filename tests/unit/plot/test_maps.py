"""Patent maps, judged by their artists: what is drawn, how it is told apart, and what is said of it."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb
from scipy.stats import spearmanr

from patentnav import plot
from patentnav.errors import ArgumentError
from patentnav.plot import _regions, _style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Machado, Oliveira, Fernandes (2009), doi:10.1109/TVCG.2009.113, table 1, severity 1.0: matrices for
# linear RGB.
SEEN = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
}  # fmt: skip
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip


def linear(colour: str) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour: str, seen: str = "normal") -> np.ndarray:
    xyz = XYZ @ np.clip(SEEN[seen] @ linear(colour), 0, 1) / XYZ.sum(axis=1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(a: str, b: str) -> float:
    """Contrast of WCAG 2.2."""
    high, low = sorted((float(XYZ[1] @ linear(c)) for c in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measures_agree_with_known_values() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # WCAG's own example
    assert lab("#FF0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)  # sRGB red, D65


@pytest.mark.parametrize("seen", SEEN)
def test_categories_stay_apart_in_every_eye(seen: str) -> None:
    colours = _style.palette()["cycle"]
    apart = [np.linalg.norm(lab(a, seen) - lab(b, seen))
             for i, a in enumerate(colours) for b in colours[:i]]  # fmt: skip
    assert min(apart) > 22


@pytest.mark.parametrize("seen", SEEN)
def test_classes_of_a_number_stay_in_order_in_every_eye(seen: str) -> None:
    light = np.array([lab(c, seen)[0] for c in _style.palette()["ramp"]])
    assert (np.diff(light) < -7).all()


def test_marks_stand_out_from_their_ground() -> None:
    look = _style.palette()
    marks = [*look["cycle"], *look["ramp"], *look["fixed"].values(), look["muted"], look["accent"],
             look["good"], look["bad"], look["rise"], look["fall"]]  # fmt: skip
    assert min(contrast(c, "#FFFFFF") for c in marks) > 3  # WCAG 2.2, 1.4.11
    strong = [*look["cycle"], *look["ramp"][1:]]
    assert min(contrast(c, look["hills"][-2]) for c in strong) > 2.5
    assert min(contrast(c, "#FFFFFF") for c in look["cycle"]) > 3.5


def test_neighbours_of_the_palette_differ_in_greyscale_and_shape() -> None:
    look = _style.palette()
    light = np.array([lab(c)[0] for c in look["cycle"][:8]])
    assert (np.abs(np.diff(light)) > 10).all()
    assert len(set(look["markers"])) == 8
    assert set(look["fixed"].values()) == set(look["cycle"])


def technologies(n: int = 300, k: int = 3) -> SimpleNamespace:
    rng = np.random.default_rng(0)
    ids = pd.Index([f"CN{i}A" for i in range(n)], name="publication_id")
    group = np.arange(n) % k
    angle = 2 * np.pi * group / max(k, 2)
    middle = np.column_stack([np.cos(angle), np.sin(angle)]) * 9
    layout = pd.DataFrame(rng.normal(size=(n, 2)) + middle, ids, ["x", "y"])
    labels = pd.Series([f"T{g + 1:02d}" for g in group], ids)
    names = pd.Series({f"T{g + 1:02d}": f"电池{g}、电机{g}" for g in range(k)})
    return SimpleNamespace(labels=labels, names=names, layout=layout)


def marks(ax: Axes) -> list:
    return sorted(
        (c for c in ax.collections if c.get_gid() == "marks"), key=lambda c: c.get_zorder()
    )


def regions(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.texts if t.get_gid() == "region"]


def legend(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.get_legend().get_texts()]


def canvas() -> Axes:
    return plot.figure(6.3, 6.9)[1]


def boxes_apart(ax: Axes) -> bool:
    ax.figure.canvas.draw()
    boxes = [t.get_window_extent() for t in ax.texts if t.get_gid() == "region"]
    return not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_map_draws_every_publication_and_names_every_technology() -> None:
    ax = plot.patent_map(technologies(), ax=canvas(), lang="zh")
    assert sum(len(c.get_offsets()) for c in marks(ax)) == 300
    assert {r.split()[0] for r in regions(ax)} == {"T01", "T02", "T03"}
    assert legend(ax) == [f"T0{i} 电池{i - 1}、电机{i - 1} 100" for i in (1, 2, 3)]
    assert ax.get_legend().get_title().get_text() == "技术（公开文献，件）"
    ax.figure.savefig(io.BytesIO(), format="png")  # a missing glyph warns, and warnings are errors


def test_the_note_says_how_many_are_drawn_and_what_nearness_means() -> None:
    result = technologies()
    result.layout.iloc[:7] = np.nan
    ax = plot.patent_map(result, ax=canvas(), lang="en")
    note = ax.get_xlabel().replace("\n", " ")
    assert note.startswith("293 publications, one mark each, in 3 technologies; 7 more")
    assert "only nearness" in note
    assert plot.patent_map(result, ax=canvas(), note=False).get_xlabel() == ""


def test_names_never_overlap_and_distant_ones_have_a_leader() -> None:
    result = technologies(900, 30)
    result.layout *= 0.3
    ax = plot.patent_map(result, ax=canvas(), lang="zh")
    assert len(regions(ax)) > 20
    assert boxes_apart(ax)
    assert ax.lines, "some names cannot lie on their region"


def test_every_technology_of_a_full_page_has_its_name_and_none_a_bare_number() -> None:
    result = technologies(800, 45)
    words = [
        "brake and remote control",
        "vertical take-off and horizontal flight aircraft",
        "电池管理系统及其均衡方法",
    ]
    result.names = pd.Series({t: words[i % 3] for i, t in enumerate(result.names.index)})
    ax = plot.patent_map(result, ax=canvas(), lang="zh")
    assert {r.split()[0] for r in regions(ax)} == set(result.names.index)
    assert all(" " in r or "\n" in r for r in regions(ax))
    assert boxes_apart(ax)


def test_only_so_many_are_named_as_are_asked_for_the_largest_larger() -> None:
    ax = plot.patent_map(technologies(), ax=canvas(), labelled=1, lang="zh")
    assert regions(ax) == ["T01 电池0、电机0"]
    result = technologies(300)
    result.labels = pd.Series(np.repeat(["T01", "T02", "T03"], [200, 80, 20]), result.labels.index)
    ax = plot.patent_map(result, ax=canvas(), lang="zh")
    sizes = {t.get_text()[:3]: t.get_fontsize() for t in ax.texts if t.get_gid() == "region"}
    assert sizes["T01"] > sizes["T02"] > sizes["T03"] >= 5.5


def test_the_remainder_is_grey_unnamed_and_counted() -> None:
    result = technologies(300)
    result.labels.iloc[::10] = "TX"
    result.names["TX"] = "其余"
    result.remainder = "TX"
    ax = plot.patent_map(result, ax=canvas(), lang="zh")
    assert {r.split()[0] for r in regions(ax)} == {"T01", "T02", "T03"}
    assert legend(ax)[-1] == "其余 30"
    low = marks(ax)[0]
    assert tuple(low.get_facecolor()[0][:3]) == to_rgb(_style.palette()["missing"])
    assert len(low.get_offsets()) == 30
    assert "3项技术，其中30件不属于任何一项" in ax.get_xlabel().replace("\n", "")
    assert "TX" not in " ".join(plot.map_parts(result).names["name"])


def test_what_has_no_place_is_not_counted_as_grey_too() -> None:
    result = technologies(300)
    result.labels.iloc[::10] = "TX"
    result.names["TX"] = "其余"
    result.remainder = "TX"
    result.layout.iloc[:20] = np.nan  # two of them in the remainder
    ax = plot.patent_map(result, ax=canvas(), lang="en")
    note = ax.get_xlabel().replace("\n", " ")
    assert "280 publications" in note
    assert "28 of them in none (grey); 20 more" in note
    assert legend(ax)[-1].split()[-1] == "28"


def test_a_name_stands_on_the_densest_hill_of_its_technology() -> None:
    rng = np.random.default_rng(1)
    xy = np.vstack([rng.normal((0, 0), 0.05, (60, 2)), rng.normal((1, 0), 0.05, (40, 2))])
    layout = pd.DataFrame(xy, columns=["x", "y"])
    at = _regions.anchors(layout, pd.Series("T01", layout.index)).loc["T01"]
    assert np.hypot(at["x"], at["y"]) < 0.1  # not in the valley at 0.4, the mean


def test_neighbours_look_alike_and_no_colour_is_used_twice() -> None:
    ax = plot.patent_map(technologies(1200, 45), ax=canvas())
    seen = [(to_hex(c.get_facecolor()[0]), np.mean(c.get_offsets(), axis=0)) for c in marks(ax)]
    assert len({colour for colour, _ in seen}) == len(seen) == 45
    assert min(contrast(colour, "#FFFFFF") for colour, _ in seen) >= 3  # WCAG 2.2, 1.4.11
    pairs = [(i, j) for i in range(45) for j in range(i)]
    apart = [np.hypot(*(seen[i][1] - seen[j][1])) for i, j in pairs]
    for eye in SEEN:
        labs = [lab(colour, eye) for colour, _ in seen]
        differ = [np.linalg.norm(labs[i] - labs[j]) for i, j in pairs]
        # Rank correlation of places and colours; 0.6 also for those who see no red and green.
        assert spearmanr(apart, differ).statistic > 0.6, eye


def test_neighbours_differ_in_shape() -> None:
    result = technologies(1200, 20)
    parts = plot.map_parts(result)
    where = [parts.layout[g.here].mean().to_numpy() for g in parts.groups]
    for i, group in enumerate(parts.groups):
        near = min((j for j in range(20) if j != i), key=lambda j: np.hypot(*(where[j] - where[i])))
        assert parts.groups[near].marker != group.marker


def test_one_large_applicant_hides_no_other() -> None:
    result = technologies(400)
    owner = pd.Series(["大公司"] * 360 + ["甲"] * 20 + ["乙"] * 10 + ["丙", "丁"] * 3 + [None] * 4,
                      result.layout.index, name="applicant")  # fmt: skip
    ax = plot.patent_map(result, ax=canvas(), colour_by=owner, top=3, lang="zh")
    assert legend(ax) == ["大公司 360", "甲 20", "乙 10", "其他（2个） 6", "未知 4"]
    assert ax.get_legend().get_title().get_text() == "申请人（公开文献，件）"
    drawn = marks(ax)  # from below
    assert [len(c.get_offsets()) for c in drawn] == [4, 6, 360, 20, 10]
    sizes = [c.get_sizes()[0] for c in drawn]
    assert sizes[2] < sizes[3] < sizes[4]
    shapes = [c.get_paths()[0].vertices.shape for c in drawn[2:]]
    assert len(set(shapes)) >= 2, "categories differ by shape too"
    assert len(drawn[0].get_facecolor()) == 0, "unknown is a ring"


def test_years_are_cut_into_classes_the_last_on_top_and_darkest() -> None:
    result = technologies(400)
    year = pd.Series(pd.array([2004 + i % 20 for i in range(399)] + [pd.NA], dtype="Int64"),
                     result.layout.index, name="application_date")  # fmt: skip
    ax = plot.patent_map(result, ax=canvas(), colour_by=year, lang="en")
    assert legend(ax) == ["2004–2007 80", "2008–2011 80", "2012–2015 80", "2016–2019 80",
                          "2020–2023 79", "Unknown 1"]  # fmt: skip
    top = marks(ax)[-1]
    assert len(top.get_offsets()) == 79
    assert tuple(top.get_facecolor()[0][:3]) == to_rgb(_style.palette()["ramp"][-1])
    assert ax.get_legend().get_title().get_text() == "Application year (publications)"


def test_few_years_are_their_own_classes() -> None:
    result = technologies(300)
    year = pd.Series([2020.0, 2021.0, 2022.0] * 100, result.layout.index)
    ax = plot.patent_map(result, ax=canvas(), colour_by=year, lang="en")
    assert legend(ax) == ["2020 100", "2021 100", "2022 100"]


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object"])
def test_a_mask_lies_on_grey_others(dtype: str) -> None:
    result = technologies(300)
    mask = pd.Series([True, False, False] * 100, result.layout.index).astype(dtype)
    ax = plot.patent_map(result, ax=canvas(), colour_by=mask, names={True: "本公司"}, lang="zh")
    assert legend(ax) == ["本公司 100", "其他 200"]
    assert [len(c.get_offsets()) for c in marks(ax)] == [200, 100]


def test_legal_status_is_written_in_words() -> None:
    result = technologies(300)
    status = pd.Series(["in_force", "pending", "lapsed"] * 100, result.layout.index,
                       name="legal_status")  # fmt: skip
    ax = plot.patent_map(result, ax=canvas(), colour_by=status, lang="zh")
    assert legend(ax) == ["有效 100", "未缴费终止 100", "审查中 100"]
    assert ax.get_legend().get_title().get_text() == "法律状态（公开文献，件）"


def test_the_order_of_rows_changes_nothing() -> None:
    result = technologies(200)
    pictures = []
    for rows in (np.arange(200), np.random.default_rng(3).permutation(200)):
        turned = SimpleNamespace(labels=result.labels.iloc[rows], names=result.names,
                                 layout=result.layout.iloc[rows])  # fmt: skip
        ax = plot.patent_map(turned, ax=canvas(), colour_by=result.labels, lang="zh")
        file = io.BytesIO()
        ax.figure.savefig(file, format="png", metadata={"Software": None})
        pictures.append(file.getvalue())
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("n", [1, 2, 3, 60])
def test_small_sets_have_hills_that_meet(n: int) -> None:
    result = technologies(n, 1)
    ax = plot.patent_map(result, ax=canvas(), lang="zh")
    assert len(regions(ax)) == 1
    hills = _regions.density(result.layout)
    cell = (hills.x[1] - hills.x[0]) * (hills.y[1] - hills.y[0])
    assert hills.density.sum() * cell == pytest.approx(n, rel=0.01)


def test_a_map_of_nothing_names_the_remedy() -> None:
    result = technologies(3)
    result.layout[:] = np.nan
    with pytest.raises(ArgumentError, match="titles or abstracts"):
        plot.patent_map(result, ax=canvas())
    with pytest.raises(ArgumentError, match="top=0"):
        plot.patent_map(technologies(), ax=canvas(), colour_by=technologies().labels, top=0)


def landscape_of(result: SimpleNamespace, rows: slice) -> _regions.Density:
    """Of some publications, on the grid of all."""
    every = _regions.density(result.layout)
    edges = [
        np.append(v - (v[1] - v[0]) / 2, v[-1] + (v[1] - v[0]) / 2) for v in (every.y, every.x)
    ]
    some = result.layout.iloc[rows]
    counts, _, _ = np.histogram2d(some["y"], some["x"], bins=edges)
    cell = (every.x[1] - every.x[0]) * (every.y[1] - every.y[0])
    return _regions.Density(every.x, every.y, counts / cell)


def test_a_change_says_both_numbers_and_hatches_the_fall() -> None:
    result = technologies(300)
    before, after = landscape_of(result, slice(0, 100)), landscape_of(result, slice(100, 300))
    ax = plot.landscape_change(result, before, after, ax=canvas(), lang="en", names=("old", "new"))
    assert "new (200 publications) against old (100)" in ax.get_xlabel().replace("\n", " ")
    assert legend(ax) == ["share rises", "share falls"]
    assert [h.get_hatch() for h in ax.get_legend().get_patches()] == [None, "/////"]
    assert len(regions(ax)) == 3


def test_a_change_needs_one_grid_and_two_sets() -> None:
    result = technologies(300)
    some, none = landscape_of(result, slice(0, 100)), landscape_of(result, slice(0, 0))
    with pytest.raises(ArgumentError, match="no publication"):
        plot.landscape_change(result, some, none, ax=canvas())
    other = _regions.Density(some.x + 1, some.y, some.density)
    with pytest.raises(ArgumentError, match="different grids"):
        plot.landscape_change(result, some, other, ax=canvas())


def test_lines_break_at_chinese_characters_and_never_begin_with_a_mark() -> None:
    assert _style.wrapped("专利地图，只有远近有意义。", 8) == "专利地\n图，只有\n远近有意\n义。"
    assert _style.wrapped("only nearness means something", 14) == "only nearness\nmeans\nsomething"


def test_a_short_figure_or_a_report_goes_without_the_key() -> None:
    assert plot.patent_map(technologies(), ax=canvas(), key=False).get_legend() is None
    ax = plot.patent_map(technologies(300, 30), ax=plot.figure(6.3, 3)[1])
    assert ax.get_legend() is None


def test_industries_have_their_names_and_their_own_colours() -> None:
    result = technologies(300)
    industry = pd.Series(["biomed", "ict", "quantum"] * 100, result.layout.index, name="industry")
    names = pd.Series({"biomed": "生物医药", "ict": "信息技术", "quantum": "量子科技"})
    ax = plot.patent_map(result, ax=canvas(), colour_by=industry, names=names, lang="zh")
    assert set(legend(ax)) == {"生物医药 100", "信息技术 100", "量子科技 100"}
    shown = {tuple(c.get_facecolor()[0][:3]) for c in marks(ax)}
    fixed = _style.palette()["fixed"]
    assert shown == {to_rgb(fixed[key]) for key in ("biomed", "ict", "quantum")}


def test_groups_cover_every_publication_once() -> None:
    values = pd.Series(["a"] * 5 + ["b"] * 3 + ["c", "d", None])
    for overlay in (values, values.map({"a": 1.0, "b": 2.0}), values == "a"):
        groups = plot.overlay(overlay, top=1, lang="en")
        assert (sum(g.here.astype(int) for g in groups) == 1).all()


def test_the_parts_of_a_map_hold_the_same_as_the_map() -> None:
    result = technologies(300)
    parts = plot.map_parts(result, lang="zh")
    assert sum(g.count for g in parts.groups) == len(parts.layout) == 300
    assert list(parts.names["name"]) == [f"T0{i} 电池{i - 1}、电机{i - 1}" for i in (1, 2, 3)]
    for _, line in parts.hills.groupby("line"):
        first, last = line[["x", "y"]].iloc[[0, -1]].to_numpy()
        assert first == pytest.approx(last), "a contour line is open"
    assert parts.hills["level"].is_monotonic_increasing


def test_note_and_legend_stay_on_a_figure_of_the_users_own() -> None:
    from matplotlib.figure import Figure

    figure = Figure((6, 5))
    result = technologies(300)
    owner = pd.Series([f"公司{i % 6}" for i in range(300)], result.layout.index, name="applicant")
    ax = plot.patent_map(result, ax=figure.subplots(), colour_by=owner, lang="zh")
    figure.canvas.draw()
    for part in (ax.get_legend(), ax.xaxis.label):
        extent = part.get_window_extent()
        assert extent.y0 >= -1
        assert extent.x1 <= figure.bbox.width + 1


def test_maps_of_two_periods_have_the_same_scale() -> None:
    result = technologies(300)
    with plot.style():
        from matplotlib.figure import Figure

        axes = Figure((7, 4), layout="constrained").subplots(1, 2)
        for ax, rows in zip(axes, (slice(0, 60), slice(60, 300)), strict=True):
            mask = pd.Series(False, result.layout.index)
            mask.iloc[rows] = True
            plot.patent_map(
                result, ax=ax, hills=landscape_of(result, rows), colour_by=mask, note=False
            )
        axes[0].figure.draw_without_rendering()
    assert axes[0].get_xlim() == pytest.approx(axes[1].get_xlim(), rel=0.05)
    assert axes[0].get_ylim() == pytest.approx(axes[1].get_ylim(), rel=0.05)
