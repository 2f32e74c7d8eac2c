"""What ``explore()`` returns: a map that shows itself and knows what was selected on it."""

from __future__ import annotations

import functools
import html
import io
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _files, i18n, plot
from patentnav.errors import ArgumentError, MissingDependencyError, UnknownNameError
from patentnav.explore import live
from patentnav.explore.page import page
from patentnav.explore.parts import Overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from patentnav.explore.parts import Interactive
    from patentnav.explore.widget import MapWidget
    from patentnav.patentset import PatentSet

SPAN = 1_000_000  # whole numbers across a map: the lasso shall decide as the layout itself does
_TOP = 9
_DRAWN = 5_000  # dots up to which a picture is kept with the map, for readers without widgets
_HEIGHT = 900  # of a page inside a notebook, in pixels


@dataclass(frozen=True, eq=False)
class Content:
    """What an :class:`Explorer` shows.

    Attributes
    ----------
    shown
        The map.
    ids
        Id by dot.
    holders
        ``id, publication_id``: publications behind a dot; None where a dot is a publication.
    columns
        Name and values by dot of what can be coloured by when it is asked for, by key.
    draw
        Draws the picture of the map.
    """

    shown: Interactive
    ids: pd.Index
    holders: pd.DataFrame | None = None
    columns: Mapping[str, tuple[str, pd.Series]] = field(default_factory=dict)
    draw: Callable[[Axes], object] | None = None


class Explorer:
    """An interactive map or network: the last line of a notebook's cell shows it.

    :func:`patent_map`, :func:`talent_map` and :func:`network` make it, or ``explore()`` of a set or
    a result. Dots are selected with a lasso (Shift and drag), by a search or by a click; what is
    selected comes back as :attr:`selected`. Without the extra ``explore`` it shows itself as a page
    with all but the selection.
    """

    def __init__(self, content: Content, *, lang: str, patents: PatentSet | None = None) -> None:
        self._content, self._lang, self._patents = content, lang, patents
        self._made: MapWidget | None = None

    # The selection

    @property
    def widget(self) -> MapWidget:
        """The Jupyter widget, for layouts of one's own.

        Raises
        ------
        MissingDependencyError
            The extra ``explore`` is not installed.
        """
        if self._made is None:
            try:
                from patentnav.explore.widget import made
            except ImportError as error:
                raise MissingDependencyError("anywidget", "explore", "A selection") from error
            self._made = made(self._data(SPAN, columns=True), self._overlay)
        return self._made

    @property
    def ids(self) -> pd.Index:
        """Ids of the selected dots, in the order of the map."""
        return self._content.ids[np.sort(self.widget.rows)]

    @property
    def selected(self) -> PatentSet:
        """The selected publications; those of selected people or other nodes together.

        Raises
        ------
        ArgumentError
            The map was made without the set.
        MissingDependencyError
            The extra ``explore`` is not installed.
        """
        if self._patents is None:
            msg = (
                "This map was made without a PatentSet, so it has ids and no publications. "
                "Give explore(patents=…), or take .ids."
            )
            raise ArgumentError(msg)
        chosen, holders = self.ids, self._content.holders
        if holders is not None:
            chosen = pd.Index(holders.loc[holders["id"].isin(chosen), "publication_id"].unique())
        return self._patents.filter(self._patents.publications.index.isin(chosen))

    @property
    def lasso(self) -> pd.DataFrame:
        """Corners ``x, y`` of the last lasso in the coordinates of the layout.

        No rows where the selection was made in another way. With them a selection can be stated and
        made again.
        """
        corners = self.widget.polygon
        if len(corners):
            corners = live.Grid(self._content.shown.points, SPAN).back(corners)
        return pd.DataFrame(corners, columns=["x", "y"], dtype="float64")

    @property
    def table(self) -> pd.DataFrame:
        """What the map tells of the selected dots: a row per id, a column per word of the map."""
        rows = np.sort(self.widget.rows)
        points = self._content.shown.points.iloc[rows]
        columns = {"label": points["label"].to_numpy()}
        columns |= {
            overlay.label: overlay.values.iloc[rows].to_numpy()
            for overlay in self._content.shown.overlays
        }
        return pd.DataFrame(columns, index=self._content.ids[rows])

    def select(self, which: PatentSet | Iterable[str] | pd.Series) -> None:
        """Select dots from Python; the map shows them.

        Parameters
        ----------
        which
            Ids, a set (its publications), or a boolean Series by id.

        Raises
        ------
        UnknownNameError
            An id is not on the map.
        """
        if isinstance(which, pd.Series) and which.dtype in (bool, "boolean"):
            wanted = which.index[which.fillna(value=False).to_numpy(dtype=bool)]
        elif hasattr(which, "publications"):
            known, holders = which.publications.index, self._content.holders
            wanted = known.intersection(self._content.ids)
            if holders is not None:
                wanted = pd.Index(holders.loc[holders["publication_id"].isin(known), "id"].unique())
                wanted = wanted.intersection(self._content.ids)
        else:
            wanted = pd.Index(list(which))
        rows = self._content.ids.get_indexer(wanted)
        if (rows < 0).any():
            unknown = str(wanted[rows < 0][0])
            raise UnknownNameError("dot of the map", unknown, list(self._content.ids.astype("str")))
        self.widget.rows = np.sort(rows)

    # Showing

    def save(self, path: str | Path) -> Path:
        """Write the map as a page of its own that needs neither Python nor a network.

        Returns
        -------
        pathlib.Path
        """
        return _files.write_file(_files.as_path(path), self._page().encode("utf-8"))

    def __repr__(self) -> str:
        kind = self._content.shown.kind.replace("_", " ")
        lines = [f"Explorer: {kind} of {len(self._content.ids):,} dots"]
        if self._made is not None:
            chosen = len(self._made.rows)
            how = (
                ".selected, .ids, .table"
                if chosen
                else "a lasso (Shift and drag), a search or .select()"
            )
            lines.append(f"  {chosen:,} selected: {how}")
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any] | tuple[dict[str, Any], ...]:
        if find_spec("anywidget") is None:
            frame = html.escape(self._page(), quote=True)
            note = html.escape(i18n.text("explore.without_widget", self._lang))
            style = f"width:100%;height:{_HEIGHT}px;border:0"
            framed = f'<iframe sandbox="allow-scripts" style="{style}" srcdoc="{frame}"></iframe>'
            return {"text/html": f"{framed}<p>{note}</p>", "text/plain": repr(self)}
        shown = self.widget._repr_mimebundle_()
        bundle, *rest = shown if isinstance(shown, tuple) else (shown,)
        bundle = {**(bundle or {}), "text/plain": repr(self)}
        if len(self._content.ids) <= _DRAWN and self._content.draw is not None:
            bundle["image/png"] = self._picture
        return (bundle, *rest)

    @functools.cached_property
    def _picture(self) -> bytes:
        """The map as PNG, kept with the notebook."""
        figure, axes = plot.figure(7.2, 7.2)
        draw = self._content.draw
        if draw is not None:
            draw(axes)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=80, metadata={"Software": None})
        return buffer.getvalue()

    def _page(self) -> str:
        return page(self._data(live.SPAN), self._lang)

    def _data(self, span: int, *, columns: bool = False) -> dict[str, Any]:
        offered = [(key, label) for key, (label, _) in self._content.columns.items()]
        return live.data(
            self._content.shown, self._lang, span=span, columns=offered if columns else ()
        )

    def _overlay(self, column: str) -> dict[str, Any]:
        if column not in self._content.columns:
            raise UnknownNameError("column of the map", column, list(self._content.columns))
        label, values = self._content.columns[column]
        groups = plot.overlay(values, top=_TOP, lang=self._lang)
        return live.overlay(Overlay(label, values, groups))
