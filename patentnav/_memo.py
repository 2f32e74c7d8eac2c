"""Share derived tables between the functions of one computation, and forget them after it."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

F = TypeVar("F", bound="Callable[..., Any]")
_BY_VALUE = (str, int, tuple, type(None))
_memo: ContextVar[dict[Any, Any] | None] = ContextVar("patentnav_indicator_memo", default=None)


def shared(function: F) -> F:
    """Let the indicators of one ``compute`` call share a derived table instead of making it again.

    Outside such a call nothing is kept.
    """

    @functools.wraps(function)
    def once(*args: Any, **kwargs: Any) -> Any:
        memo = _memo.get()
        if memo is None:
            return function(*args, **kwargs)
        given = [*args, *(v for pair in sorted(kwargs.items()) for v in pair)]
        key = (function, *(a if isinstance(a, _BY_VALUE) else id(a) for a in given))
        if key not in memo:
            memo[key] = function(*args, **kwargs)
        return memo[key]

    return cast("F", once)


@contextmanager
def sharing() -> Iterator[None]:
    """Share derived tables and indicators (:func:`shared`) between all calls in the block.

    The sets and baselines used must live as long as the block.
    """
    if _memo.get() is not None:
        yield
        return
    token = _memo.set({})
    try:
        yield
    finally:
        _memo.reset(token)
