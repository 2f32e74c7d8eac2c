"""``explore()`` of sets and results: how what is looked at finds what shows it.

What shows a set stands far above it, as it computes technologies, owners and places. A set may
therefore not import it, and does not: the name of the function is looked up when it is called, as
pandas looks up the backend of ``DataFrame.plot``. Nothing here computes, and no result depends on it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pandas as pd


class Explored(Protocol):
    """What :class:`patentnav.explore.Explorer` offers."""

    @property
    def selected(self) -> Any:
        """The selected publications, a ``PatentSet``."""

    @property
    def ids(self) -> pd.Index:
        """Ids of the selected dots."""

    @property
    def table(self) -> pd.DataFrame:
        """What the map tells of the selected dots."""

    def select(self, which: Iterable[str] | pd.Series) -> None:
        """Select dots from Python."""

    def save(self, path: str | Path) -> Path:
        """Write the map to a page of its own."""


class Explorable:
    """Has ``explore()``."""

    __slots__ = ()
    _shown_by: ClassVar[str]  # function of patentnav.explore

    def explore(self, **options: Any) -> Explored:
        """Show it as an interactive map: hover, search, colours, lasso; the selection comes back.

        Parameters
        ----------
        **options
            Those of :func:`patentnav.explore.patent_map` for sets and technologies, of
            :func:`patentnav.explore.talent_map` for people, of :func:`patentnav.explore.network`
            for networks; e.g. ``patents=``, ``technologies=``, ``colour_by=``, ``lang=``.

        Returns
        -------
        patentnav.explore.Explorer
            Shows itself in a notebook; ``selected`` is the selection as a ``PatentSet``.
        """
        show: Callable[..., Explored] = getattr(
            importlib.import_module("patentnav.explore"), self._shown_by
        )
        return show(self, **options)
