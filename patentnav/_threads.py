"""Work of arrow and numpy on several tables at once: it runs outside the interpreter's lock."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

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


def two_at_a_time(tasks: Iterable[Callable[[], R]]) -> Iterator[R]:
    """Results of tasks in their order; the next is made and begun while one is at work."""
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(2) as pool:
        for task in tasks:
            waiting.append(pool.submit(task))
            del task
            if len(waiting) == 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
