"""Results that are computed elsewhere while there is something else to do."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNHURRIED: ContextVar[bool] = ContextVar("unhurried", default=False)


class Coming(Protocol):
    """A result that is computed elsewhere."""

    def done(self) -> bool:
        """Whether it is there, or will never be."""

    def take(self) -> Any:
        """Wait for it; None where it could not be computed there."""


class NotYet(BaseException):
    """A result is still computed elsewhere, and who asked for it has something else to do.

    No error, and not to be taken for one by who catches these.
    """


@contextmanager
def unhurried() -> Iterator[None]:
    """Inside the block who asks for a result that is still computed elsewhere gets ``NotYet``."""
    token = _UNHURRIED.set(True)
    try:
        yield
    finally:
        _UNHURRIED.reset(token)


def taken(expected: dict[str, Coming], name: str) -> Any:
    """A result from elsewhere; None where it is not expected, or could not be computed there.

    Raises
    ------
    NotYet
        It is not there, and this is an :func:`unhurried` block.
    """
    if name not in expected:
        return None
    if _UNHURRIED.get() and not expected[name].done():
        raise NotYet(name)
    return expected.pop(name).take()
