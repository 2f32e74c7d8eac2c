"""Seldom look for cycles while much is made that stays: the search costs a tenth of a large report."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_YOUNG = 50_000  # new objects between two searches; Python's own 700 suit programs that make few
_lock = threading.Lock()
_before: list[tuple[int, int, int]] = []  # what was in force, once for every block that is open


@contextmanager
def seldom() -> Iterator[None]:
    """Let the collector of the process wait for more new objects inside a ``with`` block.

    What the caller has set stands where it is more, and is in force again after the last of several
    blocks, of whatever threads; a collector that is switched off stays so.
    """
    with _lock:
        _before.append(_before[0] if _before else gc.get_threshold())
        if 0 < _before[0][0] < _YOUNG:
            gc.set_threshold(_YOUNG, *_before[0][1:])
    try:
        yield
    finally:
        with _lock:
            usual = _before.pop()
            if not _before:
                gc.set_threshold(*usual)
