"""Pictures drawn while a report is still being made, in a process of their own on another core.

That process (:mod:`patentnav._process`) gets each figure as it is made, with the options, the wording
and the settings of matplotlib in force here; so its pictures have the same bytes. What cannot be sent,
fails or warns there is drawn here, where the error or warning is the caller's. When the pictures are
wanted both draw: that process goes on from the front, this one from the end of what it has not begun.
"""

from __future__ import annotations

import logging
import sys
import warnings
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from patentnav import _process
from patentnav.config import get_config
from patentnav.plot.drawing import serve
from patentnav.report.blocks import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future

    from patentnav.report.blocks import Block
    from patentnav.study import Study

_log = logging.getLogger(__name__)
# Chosen by the process, not by the picture.
_OWN_SETTINGS = {"backend", "backend_fallback", "interactive", "toolbar", "webagg.open_in_browser"}


class Easel:
    """The process that draws, for one report or for all of a set in one language.

    Parameters
    ----------
    lang, texts
        Language and wording of the figures.
    """

    def __init__(self, lang: str, texts: Mapping[str, str]) -> None:
        self._last: dict[str, tuple[Figure, Future[bytes]]] = {}
        options = {f.name: getattr(get_config(), f.name) for f in fields(get_config())}
        hello = _process.packed((options, lang, dict(texts), _settings()))
        self._other = _process.Other(serve)
        self._other.greet(hello)

    def ask(self, figure: Figure) -> Future[bytes] | None:
        """The picture to come; None where the figure cannot be sent.

        A figure that reports share is drawn once: the last one of each name is known again.
        """
        last = self._last.get(figure.id)
        if last is not None and last[0] is figure and not last[1].cancelled():
            return last[1]
        try:
            asked = _process.packed((figure.draw, figure.size))
        except _process.UNSENT as error:
            _log.info("the figure %s cannot be sent (%s)", figure.id, error)
            return None
        picture = self._other.ask(asked)
        self._last[figure.id] = figure, picture
        return picture

    def close(self) -> None:
        """No further figure comes; the process ends with the last one."""
        self._other.close()


class Ahead:
    """Figures of a report that are drawn elsewhere; :meth:`take` waits for a picture.

    Parameters
    ----------
    easel
        What draws them.
    shared
        Whether other reports use it, too.
    """

    def __init__(self, easel: Easel, *, shared: bool = False) -> None:
        self._pictures: dict[str, Future[bytes]] = {}
        self._easel, self._shared = easel, shared

    def draw(self, blocks: Iterable[Block]) -> None:
        """Begin to draw the figures among blocks."""
        for block in blocks:
            if isinstance(block, Figure) and (picture := self._easel.ask(block)) is not None:
                self._pictures[block.id] = picture

    def latest_first(self, figures: Iterable[Figure]) -> list[Figure]:
        """Figures in the order in which to :meth:`take` them: first what is drawn elsewhere last.

        Who takes them draws these meanwhile, and both meet; in the order in which they are drawn,
        each would be begun just before it is wanted, and be waited for.
        """
        turn = {figure_id: i for i, figure_id in enumerate(self._pictures)}
        return sorted(figures, key=lambda one: -turn.get(one.id, len(turn)))

    def close(self) -> None:
        """No further figure comes; the process ends where no other report uses it."""
        if not self._shared:
            self._easel.close()

    def take(self, figure_id: str, *, wait: bool = True) -> bytes | None:
        """The picture of a figure; None where it is to be drawn here.

        Parameters
        ----------
        figure_id
            The figure.
        wait
            Whether it is worth waiting for a picture that nobody has begun to draw.
        """
        return _process.result(self._pictures.get(figure_id), wait=wait)

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()  # a copy of a report draws its own


def begin(
    size: int, lang: str, texts: Mapping[str, str], study: Study | None = None
) -> Ahead | None:
    """Where figures of a report can be sent; None where that would gain nothing.

    Parameters
    ----------
    size
        Publications of the set.
    lang, texts
        Language and wording.
    study
        The study; reports on one that remembers share the process.
    """
    if not _process.worthwhile(size):
        return None
    if study is None or not study.remembers:
        return Ahead(Easel(lang, texts))
    easel = study.remembered(
        ("easel", lang), lambda: Easel(lang, texts), dict(texts), get_config(), _settings()
    )
    return Ahead(easel, shared=True)


def _settings() -> dict[str, Any]:
    """Settings of matplotlib, where the caller may have changed them."""
    if "matplotlib" not in sys.modules:
        return {}
    import matplotlib as mpl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that matplotlib is going to drop
        return {name: mpl.rcParams[name] for name in mpl.rcParams if name not in _OWN_SETTINGS}
