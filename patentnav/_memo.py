"""Share derived tables between the functions of one computation, and forget them after it."""

from __future__ import annotations

import functools
import weakref
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

F = TypeVar("F", bound="Callable[..., Any]")
_BY_VALUE = (str, int, float, tuple, frozenset, type(None))
_memo: ContextVar[_Memo | None] = ContextVar("patentnav_indicator_memo", default=None)


class _Memo:
    """Results by function and arguments; those of an argument that is gone are forgotten."""

    def __init__(self) -> None:
        self._results: dict[tuple[Any, ...], tuple[Any, list[Any]]] = {}

    def find(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """The result, computed when it is first asked for."""
        given = [*args, *(v for pair in sorted(kwargs.items()) for v in pair)]
        key = (function, *(a if isinstance(a, _BY_VALUE) else id(a) for a in given))
        if key not in self._results:
            value = function(*args, **kwargs)
            others = [a for a in given if not isinstance(a, _BY_VALUE)]
            self._results[key] = value, [self._held(a, key) for a in others]
        value = self._results[key][0]
        # Who adds a column adds it to a copy; the values are not copied.
        return value.copy(deep=False) if isinstance(value, pd.DataFrame | pd.Series) else value

    def _held(self, argument: Any, key: tuple[Any, ...]) -> Any:
        """What keeps the identity of an argument from being taken over by another one."""
        results = weakref.ref(self)

        def forget(_: Any) -> None:
            memo = results()
            if memo is not None:
                memo._results.pop(key, None)  # noqa: SLF001 (itself)

        try:
            return weakref.ref(argument, forget)
        except TypeError:
            return argument


def shared(function: F) -> F:
    """Let the functions of one computation share a derived table instead of making it again.

    Outside such a computation (:func:`sharing`) nothing is kept.
    """

    @functools.wraps(function)
    def once(*args: Any, **kwargs: Any) -> Any:
        memo = _memo.get()
        return function(*args, **kwargs) if memo is None else memo.find(function, args, kwargs)

    return cast("F", once)


@contextmanager
def sharing() -> Iterator[None]:
    """Share derived tables and indicators (:func:`shared`) between all calls in the block.

    A result is kept as long as what it was made of.
    """
    if _memo.get() is not None:
        yield
        return
    token = _memo.set(_Memo())
    try:
        yield
    finally:
        _memo.reset(token)
