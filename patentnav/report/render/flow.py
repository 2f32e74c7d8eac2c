"""How far down its page a document has come, as far as that can be told before it is laid out.

Only the program that lays out the pages knows. An estimate is enough to keep pages from staying half
empty before a figure: it is made smaller where it nearly fits, or stands behind the table that
follows it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from patentnav.report.render import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

_POINT = 2.54 / 72  # centimetres
_ROW = 0.12  # centimetres above and below the text of a row
_SMALLEST = 0.66  # of the size of a figure that is made smaller
_GAP = 0.25  # part of the page that may stay empty before a figure
_NOTE = 0.8  # centimetres of the first lines of a note
_CAPTION = 1.1  # centimetres of the caption of a figure and its surroundings
_SAFE = (
    1.4  # centimetres that an estimate may be wrong: a figure a little smaller is better than a gap
)


class Flow:
    """The place reached on a page.

    Parameters
    ----------
    look
        Measures of the page and its styles (``templates/docx.toml``).
    spacing
        Lines of running text, in those of the font.
    width
        Centimetres of a line.
    line
        Height of a line in that of its letters: of the fonts, which for Chinese are the taller ones.
    """

    def __init__(
        self, look: Mapping[str, Any], spacing: float, width: float, line: float = 1.2
    ) -> None:
        page = look["page"]
        self.page = float(page["height"] - page["top"] - page["bottom"])
        self.styles, self.spacing, self.width, self.line = look["style"], spacing, width, line
        self.used = 0.0

    def turn(self) -> None:
        """A new page."""
        self.used = 0.0

    def _add(self, height: float) -> None:
        self.used = (self.used + height) % self.page

    def paragraph(self, text: str, style: str) -> None:
        """A paragraph, in a style by the name that the measures give it."""
        plan = self.styles[style]
        letter = plan["size"] * _POINT
        room = max(self.width - plan.get("left", 0.0) * _POINT, 1.0)
        lines = max(1, math.ceil(columns.measure(text) * letter / room))
        spaced = self.spacing if plan.get("body") else 1.0
        around = (plan.get("before", 0.0) + plan.get("after", 0.0)) * _POINT
        self._add(lines * letter * self.line * spaced + around)

    def table(self, rows: int, lines: float, letter: float) -> None:
        """A table of so many rows, its heading with them, of so many lines each."""
        self._add((rows + 1) * (lines * letter * self.line + _ROW) + _CAPTION)

    def figure(self, height: float, *, note: bool = False) -> float:
        """A figure of so many centimetres; the part of its size in which it is to be drawn.

        Its caption and the first lines of a note below stay with it.
        """
        room = self.page - self.used - _CAPTION - _SAFE - (_NOTE if note else 0.0)
        share = 1.0 if height <= room else room / height
        if share < _SMALLEST:
            self.used, share = 0.0, 1.0
        self._add(height * share + _CAPTION)
        return share

    def leaves_a_gap(self, height: float) -> bool:
        """Whether a figure of so many centimetres would go to the next page and leave much of this."""
        room = self.page - self.used - _CAPTION - _SAFE - _NOTE
        return room < _SMALLEST * height and self.page - self.used > _GAP * self.page
