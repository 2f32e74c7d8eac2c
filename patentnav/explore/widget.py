"""The map as a Jupyter widget: its data go to the browser, its selection comes back.

Imported when a map is first shown; needs the extra ``explore``.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets

from patentnav.explore import live

if TYPE_CHECKING:
    from collections.abc import Callable

LEVEL = 1  # of compression: most of the gain at a tenth of the time


class MapWidget(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
    """A map in a notebook.

    Parameters
    ----------
    data
        What the script draws (:func:`patentnav.explore.live.data`).
    colours
        Makes the choice of colours of a column that is asked for.
    """

    _data = traitlets.Bytes().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    # Lists: the model in the browser takes any two DataViews for equal and would send none.
    _picked = traitlets.Any(()).tag(sync=True)  # rows
    _lasso = traitlets.Any(()).tag(sync=True)  # x, y, x, y, … on the grid

    def __init__(self, data: dict[str, Any], colours: Callable[[str], dict[str, Any]]) -> None:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        packed = gzip.compress(text.encode(), LEVEL, mtime=0)
        super().__init__(_data=packed, _css=live.css())
        self._colours = colours
        self.on_msg(self._asked)

    def _asked(self, _widget: object, content: Any, _buffers: object) -> None:
        column = content.get("column") if isinstance(content, dict) else None
        if isinstance(column, str):
            self.send({"column": column, "overlay": self._colours(column)})

    @property
    def rows(self) -> np.ndarray:
        """Numbers of the selected dots."""
        return np.asarray(self._picked, dtype="int64")

    @rows.setter
    def rows(self, rows: np.ndarray) -> None:
        self._lasso = []
        self._picked = np.asarray(rows, dtype="int64").tolist()

    @property
    def polygon(self) -> np.ndarray:
        """Corners of the lasso on the grid, n x 2; none where it was selected in another way."""
        return np.asarray(self._lasso, dtype="float64").reshape(-1, 2)


def made(data: dict[str, Any], colours: Callable[[str], dict[str, Any]]) -> MapWidget:
    """A widget whose script is read now, so that an option set before is in force."""
    kind = type("MapWidget", (MapWidget,), {"_esm": live.script("notebook")})
    widget: MapWidget = kind(data, colours)
    return widget
