"""How much room a text takes, measured with fonts, so that it fits whatever program shows it.

A reader's machine may have other fonts than ours. A Latin character is therefore as wide as the wider
of the figures' font and DejaVu Sans, which is wider than those that offices use; a Chinese one is as wide
as it is high in all of them. Lines have a fixed distance, so that heights do not depend on a font.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.ft2font import FT2Font, LoadFlags

from patentnav import plot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SPACING = 1.25  # distance of lines, in the height of the letters
_CJK = 0x2E80  # from here on a character is as wide as it is high
_WIDE = "\u201c\u201d\u2018\u2019\u2026\u2014\u00b7"  # quotes, dots and dashes
_BETWEEN = 0.25  # of the height, between Chinese and Latin characters
_MEASURED = 100.0  # size in points at which glyphs are measured
# Categories of what begins no line, and of what ends none.
_CLOSING, _OPENING = {"Po", "Pe", "Pf"}, {"Ps", "Pi"}


@functools.cache
def _fonts(file: str | None, *, bold: bool) -> tuple[FT2Font, ...]:
    wide = Path(mpl.get_data_path()) / "fonts/ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    fonts = [FT2Font(str(one)) for one in (wide, file) if one is not None]
    for font in fonts:
        font.set_size(_MEASURED, 72)
    return tuple(fonts)


@functools.lru_cache(maxsize=65536)
def _advance(char: str, file: str | None, *, bold: bool) -> float:
    """Width of a character, in the height of the letters."""
    if unicodedata.combining(char):
        return 0.0
    found = [1.0] if ord(char) >= _CJK or unicodedata.east_asian_width(char) in "WF" else []
    if char in _WIDE:  # as wide as a Chinese character in a Chinese text
        found.append(1.0)
    for font in _fonts(file, bold=bold):
        if ord(char) in font.get_charmap():
            glyph = font.load_char(ord(char), flags=LoadFlags.NO_HINTING)
            found.append(glyph.linearHoriAdvance / 65536 / _MEASURED)
    return max(found, default=1.0)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in points.

    Examples
    --------
    >>> width(chr(0x4E13) * 3, 20.0)
    60.0
    """
    file = plot.font_file()
    letters = sum(_advance(char, file, bold=bold) for char in text)
    return size * (letters + _BETWEEN * sum(map(_changes, text, text[1:])))


def _changes(before: str, after: str) -> bool:
    """Whether a Chinese and a Latin character meet, which some programs set apart."""
    return (ord(before) >= _CJK) != (ord(after) >= _CJK) and " " not in before + after


def lines(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text as office programs do: at spaces, between Chinese characters, a long word anywhere.

    Parameters
    ----------
    text
        The text; line ends in it are kept.
    room
        Width in points.
    size
        Of the letters, in points.
    bold
        Whether they are bold.

    Returns
    -------
    list of str
        One line at least.
    """
    made: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            for part in _broken(piece, room, size, bold=bold):
                if line and width((line + part).rstrip(), size, bold=bold) > room:
                    made.append(line.rstrip())
                    line = part.lstrip()
                else:
                    line += part
        made.append(line.rstrip())
    return made


def _pieces(text: str) -> Iterator[str]:
    """What is not divided: words with the space behind, single Chinese characters."""
    piece = ""
    for char in text:
        if piece and _may_break(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _may_break(before: str, char: str) -> bool:
    if (
        unicodedata.category(char) in _CLOSING
        or unicodedata.category(before) in _OPENING
        or char == " "
    ):
        return False
    return before in " -\u2013/" or ord(before) >= _CJK or ord(char) >= _CJK


def _broken(piece: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    if width(piece.rstrip(), size, bold=bold) <= room:
        yield piece
        return
    part = ""
    for char in piece:
        if part and width(part + char, size, bold=bold) > room:
            yield part
            part = ""
        part += char
    yield part


def height(
    texts: Sequence[str], room: float, size: float, *, after: float = 0.0, bold: bool = False
) -> float:
    """Height in points of paragraphs that stand below each other, with a space between them."""
    count = sum(len(lines(text, room, size, bold=bold)) for text in texts)
    return count * size * SPACING + after * max(0, len(texts) - 1)


def size_of(
    texts: Sequence[str],
    room: tuple[float, float],
    sizes: Sequence[float],
    *,
    after: float = 0.0,
    bold: bool = False,
) -> float | None:
    """The largest of some sizes at which paragraphs fit into a box; None where they do not.

    Parameters
    ----------
    texts
        The paragraphs.
    room
        Width and height of the box in points.
    sizes
        From the largest to the smallest that can be read.
    after
        Space between paragraphs, in the height of the letters.
    bold
        Whether the letters are bold.
    """
    wide, high = room
    for size in sizes:
        if height(texts, wide, size, after=after * size, bold=bold) <= high:
            return size
    return None


def as_many(
    texts: Sequence[str], room: tuple[float, float], sizes: Sequence[float], *, after: float = 0.0
) -> tuple[float, int]:
    """Size, and how many of the first paragraphs fit: all at the largest size, else the most at the least."""
    for count in range(len(texts), 0, -1):
        size = size_of(texts[:count], room, sizes, after=after)
        if size is not None:
            return size, count
    return sizes[-1], 0
