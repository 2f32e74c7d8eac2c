"""Every public figure: axes in and out, both languages, page and slide, files with their letters."""

from __future__ import annotations

import importlib.util
import inspect
import io
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib import image
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from patentnav import plot
from patentnav.errors import ArgumentError
from patentnav.plot.drawing import drawing, png

GALLERY = Path(__file__).parents[3] / "docs" / "figures.py"
CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
SMALLEST = 5.5  # points


def loaded():
    spec = importlib.util.spec_from_file_location("figures", GALLERY)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.EXAMPLES


EXAMPLES = loaded()
FIGURES = sorted(
    name for name in plot.__all__
    if inspect.isfunction(getattr(plot, name))
    and inspect.signature(getattr(plot, name)).return_annotation == "Axes"
)  # fmt: skip


def test_every_figure_has_its_example() -> None:
    assert sorted(EXAMPLES) == FIGURES


def written(ax: Axes) -> list[Text]:
    """Texts that are seen."""
    fig = ax.figure.get_figure(root=True)
    FigureCanvasAgg(fig)
    fig.draw_without_rendering()
    found = [t for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip()]
    gone = {  # ticks beyond the limits are objects, but are not drawn
        label
        for part in fig.axes for axis in (part.xaxis, part.yaxis)
        for tick in axis.get_major_ticks() + axis.get_minor_ticks()
        for label in (tick.label1, tick.label2)
    } - {label for part in fig.axes for label in (*shown_ticks(part.xaxis), *shown_ticks(part.yaxis))}  # fmt: skip
    off = {
        t
        for part in fig.axes
        if not part.axison
        for t in (*part.get_xticklabels(), *part.get_yticklabels())
    }
    return [t for t in found if t not in gone and t not in off]


def shown_ticks(axis) -> list[Text]:
    low, high = sorted(axis.get_view_interval())
    return [t.label1 for t in axis.get_major_ticks() if low - 1e-9 <= t.get_loc() <= high + 1e-9]


@pytest.mark.parametrize(("lang", "size"), [("zh", "page"), ("en", "slide")])
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_takes_axes_returns_them_and_stays_on_them(name, lang, size) -> None:
    function, (values, named) = getattr(plot, name), EXAMPLES[name]
    parameters = inspect.signature(function).parameters
    assert "ax" in parameters
    _, ax = plot.figure(size=size)
    own = {"lang": lang} if "lang" in parameters else {}
    assert function(*values, ax=ax, **named, **own) is ax
    texts = written(ax)
    words = " ".join(t.get_text() for t in texts)
    if lang == "en":
        assert not CHINESE.search(words)
    elif own:
        assert CHINESE.search(words)
    assert min(t.get_fontsize() for t in texts) >= SMALLEST
    fig = ax.figure.get_figure(root=True)
    for text in texts:
        box = text.get_window_extent()
        assert box.x0 >= -2, text
        assert box.y0 >= -2, text
        assert box.x1 <= fig.bbox.width + 2, text
        assert box.y1 <= fig.bbox.height + 2, text


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_makes_its_own_axes(name) -> None:
    from matplotlib import pyplot as plt

    values, named = EXAMPLES[name]
    ax = getattr(plot, name)(*values, **named)
    assert isinstance(ax, Axes)
    plt.close(ax.figure.get_figure(root=True))


@pytest.mark.parametrize("name", ["cooperation", "cross", "patent_map", "roadmap", "talent_map"])
def test_a_picture_is_what_matplotlib_saves_though_measured_once(name) -> None:
    values, named = EXAMPLES[name]
    fig, ax = plot.figure(5.0, 4.0)
    getattr(plot, name)(*values, ax=ax, **named)
    file = io.BytesIO()
    with plot.style():
        fig.savefig(file, format="png", dpi=200, metadata={"Software": None})
    assert png(drawing(getattr(plot, name), *values, **named), (5.0, 4.0)) == file.getvalue()


@pytest.fixture(scope="module")
def ranking():
    values, named = EXAMPLES["ranking"]
    _, ax = plot.figure(size="slide")
    return plot.ranking(*values, ax=ax, **named, lang="zh")


def test_a_saved_figure_has_its_letters_its_size_and_the_same_bytes(ranking, tmp_path) -> None:
    for suffix in ("png", "svg", "pdf"):
        first = plot.save(ranking, tmp_path / f"a.{suffix}").read_bytes()
        assert plot.save(ranking, tmp_path / f"b.{suffix}").read_bytes() == first
    assert image.imread(tmp_path / "a.png").shape[:2] == (1080, 1920)
    assert "<text" not in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "<path" in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.office
def test_a_saved_pdf_holds_its_fonts(ranking, tmp_path) -> None:
    plot.save(ranking, tmp_path / "a.pdf")
    if shutil.which("pdffonts") is None:
        pytest.skip("poppler is not installed")
    told = subprocess.run(
        ["pdffonts", str(tmp_path / "a.pdf")], capture_output=True, text=True, check=True
    )
    fonts = told.stdout.splitlines()[2:]
    assert fonts
    # The columns from the right: object, generation, unicode, subset, embedded.
    assert all(line.split()[-5] == "yes" for line in fonts)


def test_on_paper_there_are_three_hundred_points_to_an_inch(tmp_path) -> None:
    values, named = EXAMPLES["trend"]
    _, ax = plot.figure(size="page")
    plot.save(plot.trend(*values, ax=ax, **named), tmp_path / "page.png")
    assert image.imread(tmp_path / "page.png").shape[:2] == (1170, 1890)
    shades = np.unique(image.imread(tmp_path / "page.png")[..., :3].reshape(-1, 3), axis=0)
    assert len(shades) > 10


def test_another_form_of_file_is_refused(ranking, tmp_path) -> None:
    with pytest.raises(ArgumentError, match=r"\.png, \.svg, \.pdf"):
        plot.save(ranking, tmp_path / "a.bmp")
