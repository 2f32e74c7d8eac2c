"""Which choices something was made from: those that were read while it was made.

A section, or a claim that is counted again, is no step and declares nothing. What it reads of a study
is noted instead: where a study under other choices has the same values of these, the same would be
made again.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from patentnav.study.inputs import Inputs
from patentnav.tables import codes
from patentnav.tables.rules import ACROSS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from patentnav.tables import UserTable

_OPEN: ContextVar[set[str] | None] = ContextVar("reads", default=None)
_NAMES = frozenset(Inputs.names())
T = TypeVar("T")
_KEPT = 2  # of what is remembered under one key: of the set, and of a firm
TABLE = "tables."  # before the code of a user table, in what was read


@contextmanager
def noted() -> Iterator[set[str]]:
    """Note the names of the inputs that are read inside a ``with`` block.

    Of the user's tables each that is looked for is noted as well, as ``tables.<code>``.
    """
    found: set[str] = set()
    token = _OPEN.set(found)
    try:
        yield found
    finally:
        _OPEN.reset(token)
        note(found)  # what is made inside something else is part of it


def note(names: Iterable[str]) -> None:
    """Inputs are read."""
    if (found := _OPEN.get()) is not None:
        found.update(names)


class Noted(Generic[T]):
    """What was made inside something else, kept together with what was read for it.

    Who asks for it again has read the same, though nothing is read again: without this, what is made
    of it later would seem to depend on nothing.
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, tuple[T, frozenset[str]]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under a key, else what ``make`` makes."""
        if key not in self._made:
            with noted() as names:
                value = make()
            self._made[key] = value, frozenset(names)
            return value
        value, read = self._made[key]
        note(read)
        return value


def tables(names: Iterable[str]) -> set[str]:
    """Codes of the user tables among what was read."""
    return {name.removeprefix(TABLE) for name in names if name.startswith(TABLE)}


class UserTables(dict[str, "UserTable"]):
    """The user's tables by code, which note which of them are looked for, there or not.

    Where the size alone is asked for nothing is noted.
    """

    def __getitem__(self, code: str) -> UserTable:
        _note_table(code)
        return super().__getitem__(code)

    def __contains__(self, code: object) -> bool:
        _note_table(str(code))
        return super().__contains__(code)

    def get(self, code: str, default: Any = None) -> Any:
        """A table, or the default."""
        _note_table(code)
        return super().get(code, default)

    def __iter__(self) -> Iterator[str]:
        self._all()
        return super().__iter__()

    def keys(self) -> Any:
        """Codes."""
        self._all()
        return super().keys()

    def values(self) -> Any:
        """Tables."""
        self._all()
        return super().values()

    def items(self) -> Any:
        """Codes and tables."""
        self._all()
        return super().items()

    def _all(self) -> None:
        note(TABLE + code for code in codes())


class Memory:
    """What was made of studies of one set, the last two of each key."""

    def __init__(self) -> None:
        self._made: dict[Hashable, list[_Made]] = {}

    def get(self, inputs: Inputs, key: Hashable, make: Callable[[], T], also: tuple[Any, ...]) -> T:
        """What was made before under the same choices, else what ``make`` makes."""
        kept = self._made.setdefault(key, [])
        for one in kept:
            if same(inputs, one.read) and one.also == also:
                kept.remove(one)
                kept.insert(0, one)
                note(one.read)
                found: T = one.value
                return found
        with noted() as names:
            value = make()
        chosen = {name: _value(inputs, name) for name in sorted(names)}
        kept.insert(0, _Made(chosen, also, value))
        del kept[_KEPT:]
        return value


@dataclass(frozen=True, eq=False)
class _Made:
    """Something made of a study: the choices that were read, what else was given, and what was made."""

    read: Mapping[str, Any]
    also: tuple[Any, ...]
    value: Any


def same(inputs: Inputs, choices: Mapping[str, Any]) -> bool:
    """Whether inputs have these values; tables and objects are told apart by identity."""
    return all(_equal(_value(inputs, name), value) for name, value in choices.items())


def _value(inputs: Inputs, name: str) -> Any:
    return getattr(inputs, name.partition(".")[0])


def _equal(one: Any, other: Any) -> bool:
    if one is other:
        return True
    plain = (str, int, float, bool, tuple)
    return isinstance(one, plain) and isinstance(other, plain) and one == other


def _note_table(code: str) -> None:
    note(TABLE + one for one in (code, *ACROSS.get(code, ())))


def watched(inputs: Inputs) -> Inputs:
    """Inputs that note which of them are read, where that is of interest."""
    if _OPEN.get() is None or type(inputs) is _Watched:
        return inputs
    return _Watched(**vars(inputs))


class _Watched(Inputs):
    """Inputs that note which of them are read."""

    def __getattribute__(self, name: str) -> Any:
        if name in _NAMES:
            note((name,))
        return super().__getattribute__(name)
