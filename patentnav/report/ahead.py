"""Pictures drawn while a report is still being made, in a process of their own on another core.

Drawing holds the interpreter's lock, so threads would gain nothing. The other process is a new one
(no fork: the libraries have threads; no import of the caller's script, as ``multiprocessing`` does on
Windows and macOS) and gets each figure as it is made, with the options, the wording and the settings
of matplotlib in force here; so its pictures have the same bytes. What cannot be sent, fails or warns
there is drawn here, where the error or warning is the caller's.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
import warnings
import weakref
from concurrent.futures import CancelledError, Future
from dataclasses import fields
from typing import IO, TYPE_CHECKING, Any

from patentnav import i18n
from patentnav._threads import ENOUGH, cores
from patentnav.config import config_context, get_config
from patentnav.report.blocks import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from patentnav.report.blocks import Block

_log = logging.getLogger(__name__)
_PROGRAM = f"from {__name__} import serve; serve()"
_LENGTH = 8  # bytes that say how long a message is
_QUIET = getattr(subprocess, "CREATE_NO_WINDOW", 0)
# Chosen by the process, not by the picture.
_OWN_SETTINGS = {"backend", "backend_fallback", "interactive", "toolbar", "webagg.open_in_browser"}

# What pickle raises for a function without a name, a lock, an open file.
_UNSENT = (pickle.PicklingError, AttributeError, TypeError, ValueError, RecursionError)

_Queue = queue.SimpleQueue["tuple[bytes, Future[bytes | None]] | None"]


class Ahead:
    """Figures that are drawn elsewhere; :meth:`take` waits for a picture.

    Parameters
    ----------
    lang, texts
        Language and wording of the figures.
    """

    def __init__(self, lang: str, texts: Mapping[str, str]) -> None:
        self._pictures: dict[str, Future[bytes | None]] = {}
        self._waiting: _Queue = queue.SimpleQueue()
        options = {f.name: getattr(get_config(), f.name) for f in fields(get_config())}
        hello = pickle.dumps((options, lang, dict(texts), _settings()))
        threading.Thread(target=_ask, args=(hello, self._waiting), daemon=True).start()
        self._end = weakref.finalize(self, self._waiting.put, None)

    def draw(self, blocks: Iterable[Block]) -> None:
        """Begin to draw the figures among blocks."""
        for block in blocks:
            if not isinstance(block, Figure):
                continue
            try:
                asked = pickle.dumps((block.draw, block.size))
            except _UNSENT as error:
                _log.info("the figure %s cannot be sent (%s)", block.id, error)
                continue
            self._pictures[block.id] = Future()
            self._waiting.put((asked, self._pictures[block.id]))

    def close(self) -> None:
        """No further figure comes; the process ends with the last one."""
        self._end()

    def take(self, figure_id: str) -> bytes | None:
        """The picture of a figure; None where it is to be drawn here."""
        begun = self._pictures.get(figure_id)
        try:
            return None if begun is None else begun.result()
        except CancelledError:
            return None

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()  # a copy of a report draws its own


def begin(size: int, lang: str, texts: Mapping[str, str]) -> Ahead | None:
    """Where figures of a report can be sent; None where that would gain nothing.

    Parameters
    ----------
    size
        Publications of the set: a report on few is made before another process has begun.
    lang, texts
        Language and wording.
    """
    known = bool(sys.executable) and not getattr(sys, "frozen", False)
    return Ahead(lang, texts) if size >= ENOUGH and cores() > 1 and known else None


def _settings() -> dict[str, Any]:
    """Settings of matplotlib, where the caller may have changed them."""
    if "matplotlib" not in sys.modules:
        return {}
    import matplotlib as mpl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that matplotlib is going to drop
        return {name: mpl.rcParams[name] for name in mpl.rcParams if name not in _OWN_SETTINGS}


def _ask(hello: bytes, waiting: _Queue) -> None:
    """Hand figures to the process one by one; runs in a thread that only waits."""
    begun: Future[bytes | None] | None = None
    try:
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=_QUIET,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ) as process:  # fmt: skip
            assert process.stdin is not None  # noqa: S101 (both are pipes)
            assert process.stdout is not None  # noqa: S101
            _send(process.stdin, hello)
            while (one := waiting.get()) is not None:
                asked, begun = one
                _send(process.stdin, asked)
                begun.set_result(_receive(process.stdout) or None)
    except (OSError, EOFError) as error:
        _log.info("figures are drawn in this process: %s", error)
        if begun is not None:
            begun.cancel()
        while (one := waiting.get()) is not None:
            one[1].cancel()


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(len(message).to_bytes(_LENGTH, "big") + message)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """The next message.

    Raises
    ------
    EOFError
        The other side has ended.
    """
    length = int.from_bytes(_whole(stream, _LENGTH), "big")
    return _whole(stream, length)


def _whole(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError("the process ended")
    return content


def serve() -> None:
    """Draw what comes in until it ends; an empty answer where that warns.

    An error ends the process: the caller draws that figure and all that follow, and sees the error.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what plugins print must not come between the answers
    asked = sys.stdin.buffer
    options, lang, texts, settings = pickle.loads(_receive(asked))  # noqa: S301 (our own pipe)
    import matplotlib as mpl

    from patentnav.report.pictures import png

    mpl.rcParams.update(settings)
    with config_context(**options), i18n.using(lang, texts):
        while True:
            try:
                message = _receive(asked)
            except EOFError:
                return
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                draw, size = pickle.loads(message)  # noqa: S301 (our own pipe)
                picture = png(draw, size)
            _send(answers, b"" if told else picture)
