"""House style: style sheet, palette, a font with the Chinese glyphs, labels that do not overlap."""

from __future__ import annotations

import functools
import io
import unicodedata
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.transforms import Bbox

from patentnav import _files, _resources
from patentnav.config import get_config
from patentnav.errors import ArgumentError, DataQualityWarning, warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Text

# Frequent characters that fonts without simplified Chinese lack, by code point.
_CHINESE = (0x4E13, 0x5229, 0x5BFC, 0x822A, 0x4EA7, 0x4E1A, 0x9A71, 0x52A8)
# Names of Korean and Japanese parties stand in Chinese exports: Hangul, kana, a traditional form.
_EAST_ASIAN = (0xD55C, 0xC774, 0x30AB, 0x3042, 0x5C08, 0x7522)
_FONT_PACKAGES = (
    ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
    ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
)
_FAMILIES = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
)


@functools.cache
def palette() -> dict[str, Any]:
    """The colours that all figures and slides share (``data/palette.toml``).

    Returns
    -------
    dict
        Colours by their use, as hexadecimal texts; ``cycle`` is a list, ``fixed`` a table.
    """
    return _resources.parse_toml(_resources.PACKAGE_DATA / "palette.toml")


def colours(categories: Iterable[str]) -> dict[str, str]:
    """One colour per category: fixed where the palette fixes it, else by order of appearance."""
    fixed, cycle = palette()["fixed"], palette()["cycle"]
    free = list(dict.fromkeys(categories))
    chosen = {c: fixed[c] for c in free if c in fixed}
    spare = [c for c in cycle if c not in chosen.values()] or cycle
    for i, category in enumerate(c for c in free if c not in fixed):
        chosen[category] = spare[i % len(spare)]
    return chosen


def marker(i: int) -> str:
    """Shape of the i-th category."""
    shapes = palette()["markers"]
    return str(shapes[i % len(shapes)])


def _has_glyphs(file: str, glyphs: tuple[int, ...] = _CHINESE) -> bool:
    try:
        charmap = FT2Font(file).get_charmap()
    except RuntimeError:  # a font file that FreeType cannot open
        return False
    return all(glyph in charmap for glyph in glyphs)


def _candidates() -> Iterator[str]:
    own = get_config().font
    if own is not None:
        yield own if Path(own).is_file() else font_manager.findfont(own, fallback_to_default=False)
    for package, name in _FONT_PACKAGES:
        spec = _package_folder(package)
        if spec is not None and (file := spec / name).is_file():
            yield str(file)
    by_family: dict[str, str] = {}
    for entry in font_manager.fontManager.ttflist:
        by_family.setdefault(entry.name, entry.fname)
    yield from (by_family[family] for family in _FAMILIES if family in by_family)


def _package_folder(package: str) -> Path | None:
    """Folder of an installed package, without importing it."""
    from importlib.util import find_spec

    spec = find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def font_file() -> str | None:
    """Path of the font that figures use: the first candidate with the Chinese glyphs."""
    return _font_file(get_config().font)


@functools.cache
def _font_file(_own: str | None) -> str | None:
    for file in _candidates():
        if _has_glyphs(file):
            return file
    warn(
        "No font with Chinese glyphs was found; Chinese text in figures will show as boxes. "
        'Install one: pip install "patentnav[fonts]", or set_config(font="path/to/font.ttf").',
        DataQualityWarning,
    )
    return None


def _name(file: str) -> str:
    """Family name of a font file, made known to matplotlib."""
    known = {entry.fname: entry.name for entry in font_manager.fontManager.ttflist}
    if file not in known:
        font_manager.fontManager.addfont(file)
        known = {entry.fname: entry.name for entry in font_manager.fontManager.ttflist}
    return known[file]


@functools.cache
def _families(file: str | None) -> list[str]:
    # matplotlib takes each glyph from the first family that has it.
    other = next((f for f in _candidates() if _has_glyphs(f, _EAST_ASIAN)), None)
    files = [f for f in dict.fromkeys((file, other)) if f is not None]
    return [*map(_name, files), "DejaVu Sans"]


def font_family() -> list[str]:
    """Font families of figures: Chinese, then the other East Asian scripts, then Latin."""
    return _families(font_file())


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house style inside a ``with`` block."""
    sheet = str(_resources.PACKAGE_DATA / "patentnav.mplstyle")
    with mpl.rc_context(fname=sheet), mpl.rc_context({"font.family": font_family()}), _one_hint():
        yield


@contextmanager
def _one_hint() -> Iterator[None]:
    """Where no font has the Chinese glyphs that was said once: not again for each glyph."""
    if font_file() is not None:
        yield
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .*missing from", UserWarning)
        yield


@contextmanager
def fonts_kept() -> Iterator[None]:
    """Look up each font once inside a ``with`` block, in a process that does nothing but draw.

    matplotlib reads a dozen settings before it answers from its own cache, some thousand times a figure.
    """
    manager = font_manager.fontManager
    find = manager.findfont
    found: dict[tuple[Any, ...], Any] = {}

    def kept(prop: Any, *rest: Any, **named: Any) -> Any:
        families = () if isinstance(prop, str) else tuple(prop.get_family())
        if not families or not font_manager.font_family_aliases.isdisjoint(families):
            return find(prop, *rest, **named)  # what it stands for is a setting
        # Not by size: outlines have every size.
        shape = (prop.get_style(), prop.get_variant(), prop.get_weight(), prop.get_stretch())
        key = (families, *shape, prop.get_file(), *rest, *sorted(named.items()))
        if key not in found:
            found[key] = find(prop, *rest, **named)
        return found[key]

    manager.findfont = kept  # type: ignore[method-assign]
    try:
        yield
    finally:
        manager.findfont = find  # type: ignore[method-assign]


SIZES = {"page": (6.3, 3.9), "full_page": (6.3, 6.9), "slide": (8.0, 4.5)}


def laid_out(fig: Figure) -> Bbox:
    """Lay out a figure in house style; what is on it, with a rim, in inches."""
    renderer = FigureCanvasAgg(fig).get_renderer()  # type: ignore[no-untyped-call]
    if (engine := fig.get_layout_engine()) is not None:
        engine.execute(fig)
    box: Bbox = fig.get_tightbbox(renderer)
    return box.padded(mpl.rcParams["savefig.pad_inches"])


_DPI = {"page": 300, "slide": 240}  # of pictures; a slide of 8 inches has 1920 points then
_SUFFIXES = (".png", ".svg", ".pdf")


def figure(
    width: float = 7.2,
    height: float = 4.4,
    *,
    size: Literal["page", "full_page", "slide"] | None = None,
) -> tuple[Figure, Axes]:
    """A figure and axes in house style that no global state holds on to.

    Parameters
    ----------
    width, height
        Inches.
    size
        In their place: ``page`` (as wide as the text of an A4 page), ``full_page`` or ``slide`` (16 to
        9; what is 9 points here is 15 on a slide of 13.3 inches).

    Returns
    -------
    figure, axes
    """
    shape = (width, height) if size is None else SIZES[size]
    with style():
        fig = Figure(figsize=shape, layout="constrained")
        ax: Axes = fig.subplots()
    return fig, ax


def save(ax: Axes, path: str | Path, *, dpi: int | None = None) -> Path:
    """Write the figure of some axes as PNG, SVG or PDF: with its letters, the same bytes each time.

    Parameters
    ----------
    ax
        What a function of this package returned.
    path
        The suffix says the form. Letters are outlines in SVG and embedded fonts in PDF.
    dpi
        Points per inch of a PNG: 300 when omitted, 240 for figures as wide as a slide.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ArgumentError
        The suffix is none of the three.
    FileError
        The file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from patentnav import plot
    >>> _, ax = plot.figure(size="slide")
    >>> ax = plot.ranking(pd.Series({"a": 3, "b": 1}), ax=ax, lang="en")
    >>> plot.save(ax, Path(tempfile.mkdtemp()) / "ranking.svg").suffix
    '.svg'
    """
    target = _files.as_path(path)
    if target.suffix.lower() not in _SUFFIXES:
        msg = f'"{target.name}" is none of {", ".join(_SUFFIXES)}. Give one of these suffixes.'
        raise ArgumentError(msg)
    whole = ax.figure.get_figure(root=True)
    form = target.suffix.lower()[1:]
    wide = whole.get_size_inches()[0] >= SIZES["slide"][0]
    # A date would make every file another one.
    none = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[form]
    # What has a layout lies inside; its size is kept. Else what stands out is taken in.
    crop = None if whole.get_layout_engine() is not None else "tight"
    buffer = io.BytesIO()
    with style():
        mpl.rcParams["savefig.bbox"] = crop
        whole.savefig(buffer, format=form, dpi=dpi or _DPI["slide" if wide else "page"],
                      metadata=none)  # fmt: skip
    return _files.write_file(target, buffer.getvalue())


def axes(ax: Axes | None, size: tuple[float, float] | None = None) -> Axes:
    """The given axes, or new ones that a notebook shows; ``size`` in inches, width and height."""
    if ax is not None:
        # Labels of foreign axes were made in another style; give them the Chinese font.
        ax.tick_params(labelfontfamily=font_family())
        for label in (ax.xaxis.label, ax.yaxis.label, ax.title):
            label.set_fontfamily(font_family())
        return ax
    from matplotlib import pyplot as plt

    _, new = plt.subplots(layout="constrained", figsize=size)
    return new


def shorten(label: str, width: int = 16) -> str:
    """Cut a label with an ellipsis.

    Parameters
    ----------
    label
        The text.
    width
        Chinese characters that have room; two Latin ones count as one.

    Returns
    -------
    str
        The label itself where it has room.
    """
    used = 0
    for i, char in enumerate(label):
        used += 2 if ord(char) > 0x2E7F else 1
        if used > 2 * width:
            return label[:i].rstrip() + "…"
    return label


def columns(label: str) -> int:
    """Width of a text in Latin characters; a Chinese one counts two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in label)


def wrapped(label: str, width: int) -> str:
    """Break a text into lines of at most ``width`` columns: after spaces and Chinese characters."""
    pieces: list[str] = []
    for char in label:
        closing = unicodedata.category(char) in {"Po", "Pe"}  # never begins a line
        wide = ord(char) > 0x2E7F and not closing
        before = pieces[-1][-1] if pieces else " "
        if wide or before == " " or (ord(before) > 0x2E7F and not closing):
            pieces.append(char)
        else:
            pieces[-1] += char
    lines = [""]
    for piece in pieces:
        if lines[-1] and columns((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def place_labels(
    ax: Axes,
    points: Sequence[tuple[float, float]],
    labels: Sequence[str],
    *,
    size: float = 8.5,
    centred: bool = False,
    avoid: Sequence[tuple[float, float]] = (),
) -> list[Text]:
    """Write labels near points so that none overlaps another; drop those that find no place.

    Parameters
    ----------
    ax
        Axes whose limits are final.
    points, labels
        Data coordinates and texts, in order of importance.
    size
        Font size in points.
    centred
        The label may cover its point (a region's name) instead of standing beside it.
    avoid
        Further points whose marks no label may cover.

    Returns
    -------
    list of matplotlib.text.Text
        The labels that were placed.
    """
    canvas = FigureCanvasAgg(ax.figure.get_figure(root=True))
    canvas.figure.draw_without_rendering()
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    frame = ax.get_window_extent(renderer)
    background = {"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.75}
    taken = [] if centred else _marks(ax, [*points, *avoid])
    placed: list[Text] = []
    for point, label in zip(points, labels, strict=True):
        text = ax.annotate(
            label,
            point,
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=size,
            fontfamily=font_family(),
            zorder=6,
            bbox=background,
            annotation_clip=False,
        )
        # Letters are measured once: elsewhere the same box stands, moved by so many pixels.
        extent_here = text.get_window_extent(renderer)
        pixels = text.get_transform()
        origin = pixels.transform((0.0, 0.0))
        half = extent_here.width * 36 / canvas.figure.dpi
        for dx, dy in _offsets(size, half, centred=centred):
            moved = pixels.transform((dx, dy)) - origin
            extent = extent_here.translated(*moved).padded(1)
            inside = frame.x0 <= extent.x0 and extent.x1 <= frame.x1
            inside = inside and frame.y0 <= extent.y0 and extent.y1 <= frame.y1
            if inside and not any(extent.overlaps(other) for other in taken):
                text.set_position((dx, dy))
                taken.append(extent)
                placed.append(text)
                break
        else:
            text.remove()
    return placed


def _marks(ax: Axes, points: Sequence[tuple[float, float]]) -> list[Bbox]:
    """Boxes of the points' own marks, in pixels, which no label may cover."""
    if not points:
        return []
    pixels = ax.transData.transform(np.asarray(points, dtype="float64"))
    return [Bbox.from_bounds(x - 4, y - 4, 8, 8) for x, y in pixels]


def _offsets(size: float, half: float, *, centred: bool) -> list[tuple[float, float]]:
    """Positions to try, nearest first, in points; ``half`` is half the label's width."""
    line, side = size * 1.2, half + 5
    near = [
        (0.0, line),
        (0.0, -line),
        (side, 0.0),
        (-side, 0.0),
        (side, line),
        (-side, line),
        (side, -line),
        (-side, -line),
    ]
    far = [(dx * 1.1, dy + np.sign(dy) * line * k) for k in (1, 2) for dx, dy in near if dy]
    return ([(0.0, 0.0)] if centred else []) + near + far
