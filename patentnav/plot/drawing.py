"""Pictures of figures, drawn here or in a process of their own.

That process (:mod:`patentnav._process`) loads this package and what the figures' values are made of,
not the reports: it begins to draw at once, and costs half of what it would with them.
"""

from __future__ import annotations

import io
import os
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from patentnav import _collector, _process, i18n
from patentnav.config import config_context
from patentnav.plot import _style

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes

DPI = 200


@dataclass(frozen=True)
class Drawing:
    """A call of a function of :mod:`patentnav.plot` that lacks only its axes.

    Unlike a ``lambda`` it can be sent to another process, which draws while the report is made.
    """

    function: Callable[..., object]
    values: tuple[Any, ...]
    named: Mapping[str, Any]

    def __call__(self, ax: Axes) -> object:
        """Draw on axes."""
        return self.function(*self.values, ax=ax, **self.named)


def drawing(function: Callable[..., object], *values: Any, **named: Any) -> Drawing:
    """What a figure draws: a function that takes ``ax``, and all else that it is given."""
    return Drawing(function, values, named)


def png(draw: Callable[[Axes], object], size: tuple[float, float]) -> bytes:
    """Draw a figure and return the PNG file, 200 dots per inch, without clock or program name."""
    picture, axes = _style.figure(*size)
    draw(axes)
    file = io.BytesIO()
    picture.set_dpi(DPI)
    once = mpl.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False})
    with _style.style(), once:
        # Measured first, then drawn: a figure with a layout, or cut to size, would be drawn twice.
        box = _style.laid_out(picture)
        picture.set_layout_engine(None)
        picture.savefig(file, format="png", dpi=DPI, bbox_inches=box, metadata={"Software": None})
    return file.getvalue()


def serve() -> None:
    """Draw what comes in until it ends; an empty answer where that warns.

    An error ends the process: the caller draws that figure and all that follow, and sees the error.
    """
    messages = _process.asked()
    options, lang, texts, settings = _process.unpacked(next(messages)[0])
    mpl.rcParams.update(settings)
    if hasattr(os, "nice"):
        os.nice(5)  # the report itself and the count of its claims come first
    own = _style.fonts_kept()
    with config_context(**options), i18n.using(lang, texts), _collector.seldom(), own:
        for message, answer in messages:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                draw, size = _process.unpacked(message)
                picture = png(draw, size)
            answer(b"" if told else picture)
