"""Pictures of figures: PNG bytes, the same for the same figure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from patentnav import plot

if TYPE_CHECKING:
    from patentnav.report.blocks import Figure

DPI = 200


def png(figure: Figure) -> bytes:
    """Draw a figure and return the PNG file, 200 dots per inch, without clock or program name."""
    width, height = figure.size
    picture, axes = plot.figure(width, height)
    figure.draw(axes)
    file = io.BytesIO()
    with plot.style():
        picture.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    return file.getvalue()
