"""Pictures of figures: PNG bytes, the same for the same figure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from patentnav import plot

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

DPI = 200


def png(draw: Callable[[Axes], object], size: tuple[float, float]) -> bytes:
    """Draw a figure and return the PNG file, 200 dots per inch, without clock or program name."""
    picture, axes = plot.figure(*size)
    draw(axes)
    file = io.BytesIO()
    with plot.style():
        picture.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    return file.getvalue()
