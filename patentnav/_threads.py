"""Work of arrow and numpy on several tables at once: it runs outside the interpreter's lock."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

R = TypeVar("R")
ENOUGH = 5_000  # rows for which threads gain more than they cost


def side_by_side(
    function: Callable[..., R], *arguments: Iterable[Any], threads: bool
) -> Iterator[R]:
    """Results in the order of the arguments; in threads, or one after the other."""
    if not threads:
        yield from map(function, *arguments)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(function, *arguments)
