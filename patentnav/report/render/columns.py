"""Widths of the columns of a printed table, from what stands in them.

A number, an identifier or a class is never broken: its column is as wide as the longest. Words are
not broken either, lines of Chinese have four characters at least. What room is left goes to the
columns that would like more, and a table that cannot be set so asks for a page on its side.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.ft2font import FT2Font, LoadFlags

if TYPE_CHECKING:
    from collections.abc import Sequence

_CJK = 0x2E80  # from here on a character is as wide as it is high
_WIDE, _THIN = set("MWmw%@#"), set("ijltfrI.,:;|'()-[] ")
_SIGNS = set("<>=+\u00b1")
_MEASURED = 100.0  # size in points at which glyphs are measured
# With the mark behind it, which begins no line.
_TOKEN = re.compile(r"[^\s\u2e80-\uffff]+[\u3001\u3002\uff0c\uff1b\uff09]?")
_PADDING = 1.35  # room beside the text of a cell
_LONGEST = 40  # characters of an identifier; a checksum is broken once
_SHORTEST = 4.0  # of a line that wraps
_BOLD = 1.1  # how much wider headings are
_MOST = 0.85  # of the texts of a column
_WIDEST = 0.55  # share of the page that one column asks for
_STRETCH = 2.0  # how much wider than its texts a table becomes, to fill the page
_TALL = 4.0  # lines of a row, from which a page on its side is tried
_BETTER = 0.7  # share of the lines that it must save to be taken


@dataclass(frozen=True)
class Column:
    """What one column needs, in the height of its letters.

    Attributes
    ----------
    least
        Width in which nothing is broken that must not be.
    whole
        Width in which every text stands on one line.
    texts
        Width of the text of every cell.
    """

    least: float
    whole: float
    texts: tuple[float, ...]

    @property
    def usual(self) -> float:
        """Width in which most texts stand on one line: a single long one is not to have it all."""
        if not self.texts:
            return _PADDING
        return sorted(self.texts)[int(_MOST * (len(self.texts) - 1))] + _PADDING


@dataclass(frozen=True)
class Layout:
    """Widths of the columns, in the unit of the page; ``fits`` unless something had to be broken."""

    widths: tuple[float, ...]
    lines: float
    fits: bool


def measure(text: str) -> float:
    """Width of a text in Times and Song, in the height of its letters."""
    return sum(map(_letter, text))


def _letter(char: str) -> float:
    if ord(char) >= _CJK:
        return 1.0
    if char in _WIDE:
        return 0.95
    if char in _SIGNS:
        return 0.75
    if char in _THIN:
        return 0.36
    if char.isdigit():
        return 0.5
    return 0.72 if char.isupper() else 0.48


def _generous(text: str, *, bold: bool = False) -> float:
    """Width of a number, identifier or word in DejaVu Serif, which stands in where Times is not."""
    return sum(_advance(char, bold=bold) for char in text)


@functools.cache
def _stand_in(*, bold: bool) -> FT2Font:
    font = FT2Font(
        str(Path(mpl.get_data_path()) / f"fonts/ttf/DejaVuSerif{'-Bold' if bold else ''}.ttf")
    )
    font.set_size(_MEASURED, 72)
    return font


@functools.lru_cache(maxsize=16384)
def _advance(char: str, *, bold: bool) -> float:
    font = _stand_in(bold=bold)
    if ord(char) >= _CJK or ord(char) not in font.get_charmap():
        return 1.0
    glyph = font.load_char(ord(char), flags=LoadFlags.NO_HINTING)
    width: float = glyph.linearHoriAdvance / 65536 / _MEASURED
    return width


def column(head: str, cells: Sequence[str], *, wraps: bool) -> Column:
    """Measure a column.

    Parameters
    ----------
    head
        Its heading, which may take two lines or more.
    cells
        Its texts.
    wraps
        Whether the texts may break into lines.
    """
    lines = [max(map(measure, text.split("\n"))) for text in cells]
    if wraps or any(len(text) > _LONGEST for text in cells):
        longest, least = max(lines, default=0.0), _unbroken(cells)
    else:
        longest = least = max(map(_generous, cells), default=0.0)
    least = max(least, _head(head))
    whole = max(longest, _BOLD * measure(head), least)
    return Column(least + _PADDING, whole + _PADDING, tuple(lines))


def _unbroken(cells: Sequence[str]) -> float:
    words = (
        _generous(word) / (2 if len(word) > _LONGEST else 1)
        for text in cells
        for word in _TOKEN.findall(text)
    )
    whole = max(map(measure, cells), default=0.0)
    return max(max(words, default=0.0), min(_SHORTEST, whole))


def _head(head: str) -> float:
    """Width of the longest part of a heading: a word, or half of an unspaced one."""
    if any(ord(char) >= _CJK for char in head):
        part = head if len(head) <= 3 else head[: _middle(head)]
        return max(
            _BOLD * measure(part),
            *(_generous(word, bold=True) for word in _TOKEN.findall(head)),
            0.0,
        )
    return max((_generous(word, bold=True) for word in head.split()), default=0.0)


def broken(head: str, width: float, letter: float) -> str:
    """A heading with a line end in its middle, where an unspaced one would leave a last character.

    Parameters
    ----------
    head
        The heading.
    width
        Of its column.
    letter
        Height of a letter, in the unit of the width.
    """
    unspaced = " " not in head and any(ord(char) >= _CJK for char in head)
    if not unspaced or measure(head) + _PADDING <= width / letter:
        return head
    middle = _middle(head)
    return f"{head[:middle]}\n{head[middle:]}"


def _middle(head: str) -> int:
    """Where an unspaced heading breaks: before what stands in brackets, never within a word."""
    bracket = head.find("\uff08")
    if bracket > 0:
        return bracket
    ends = [m.span() for m in _TOKEN.finditer(head)]
    middle = math.ceil(len(head) / 2)
    inside = next(((a, b) for a, b in ends if a < middle < b), None)
    if inside is None:
        return middle
    return inside[0] if inside[0] else inside[1]


def layout(columns: Sequence[Column], page: float, letter: float) -> Layout:
    """Share a page among columns.

    Parameters
    ----------
    columns
        What they need.
    page
        Width of the page.
    letter
        Height of a letter, in the unit of the page.
    """
    room = page / letter
    least = [c.least for c in columns]
    whole = sum(c.whole for c in columns)
    if sum(least) > room:
        widths = [w * room / sum(least) for w in least]
    elif whole > room:
        # Headings take two lines then, and what is left goes to the texts.
        asked = [min(c.usual, _WIDEST * room) for c in columns]
        more = [max(0.0, ask - low) for ask, low in zip(asked, least, strict=True)]
        share = (room - sum(least)) / sum(more) if sum(more) else 0.0
        widths = [low + extra * share for low, extra in zip(least, more, strict=True)]
    else:
        stretch = min(room / whole, _STRETCH) if whole else 1.0
        widths = [c.whole * stretch for c in columns]
    lines = _lines(columns, widths)
    return Layout(tuple(w * letter for w in widths), lines, fits=sum(least) <= room)


def _lines(columns: Sequence[Column], widths: Sequence[float]) -> float:
    """Mean number of lines of a row."""
    rows = list(zip(*(c.texts for c in columns), strict=True))
    if not rows:
        return 1.0
    tall: list[int] = [
        max(
            math.ceil(text / max(width - _PADDING, 1.0))
            for text, width in zip(r, widths, strict=True)
        )
        for r in rows
    ]
    mean: float = sum(tall) / len(tall)
    return mean


def is_better(turned: Layout, upright: Layout) -> bool:
    """Whether a table is to be set on a page on its side."""
    if not upright.fits:
        return True
    return upright.lines > _TALL and turned.lines <= _BETTER * upright.lines
