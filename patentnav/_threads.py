"""Work of arrow and numpy on several tables at once: it runs outside the interpreter's lock."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

R = TypeVar("R")
P = ParamSpec("P")
ENOUGH = 5_000  # rows for which threads gain more than they cost
MOST = 4  # tasks of numpy at once: each has tables of its own


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


def cores() -> int:
    """Cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Begun(Generic[R]):
    """A task at work; calling it waits for the result."""

    def __init__(self, wait: Callable[[], R]) -> None:
        self._wait = wait

    def __call__(self) -> R:
        """Return the result, or raise what the task raised."""
        return self._wait()


class Workers:
    """What :func:`workers` gives; a pool of threads, or none."""

    def __init__(self, pool: ThreadPoolExecutor | None) -> None:
        self._pool = pool

    def begin(self, task: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Begun[R]:
        """Begin a task; without a pool it is done at once."""
        if self._pool is None:
            done = task(*args, **kwargs)
            return Begun(lambda: done)
        return Begun(self._pool.submit(task, *args, **kwargs).result)


@contextmanager
def workers(*, threads: bool) -> Iterator[Workers]:
    """Begin tasks of numpy side by side, each on one thread of its own.

    The libraries behind numpy get one thread per task, with a pool and without: sums that are cut
    among more threads end in other digits, and results may not depend on the number of cores.

    Parameters
    ----------
    threads
        Whether the work is worth a pool; there is none on a single core.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        if not threads or cores() < 2:
            yield Workers(None)
            return
        # OpenMP counts by thread: each sets its own limit.
        pool = ThreadPoolExecutor(min(cores(), MOST), initializer=threadpool_limits, initargs=(1,))
        whole = False
        try:
            yield Workers(pool)
            whole = True
        finally:
            pool.shutdown(cancel_futures=not whole)
