"""Chinese glyphs that a page carries along, for readers whose machine has no Chinese font."""

from __future__ import annotations

import io
from importlib.util import find_spec

from patentnav import plot

_CJK = 0x2E80  # first code point of the Chinese blocks


def subset(text: str) -> bytes | None:
    """The figures' font, cut down to the Chinese characters of a text (WOFF).

    Returns
    -------
    bytes or None
        None when the text has no such character, or the font or fontTools (extra ``fonts``) is not
        there: the page then relies on the fonts of its reader.
    """
    characters = sorted(c for c in set(text) if ord(c) >= _CJK)
    if not characters or find_spec("fontTools") is None:
        return None
    file = plot.font_file()
    if file is None:
        return None
    from fontTools import subset as tool

    options = tool.Options(flavor="woff", layout_features=[], name_IDs=[], hinting=False)
    made = io.BytesIO()
    with tool.load_font(file, options, lazy=True) as font:
        cutter = tool.Subsetter(options)
        cutter.populate(text="".join(characters))
        cutter.subset(font)
        tool.save_font(font, made, options)
    return made.getvalue()
