"""Registers: names and what stands behind them. A name is given once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from patentnav import plugins
from patentnav.errors import ArgumentError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class Register(Mapping[str, T], Generic[T]):
    """What was registered, by name and sorted by it.

    Plugins are loaded before the first look, so that their entries are there.

    Parameters
    ----------
    kind
        What an entry is, for messages (``"report section"``).
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, tuple[T, str]] = {}

    def add(self, name: str, entry: T, made_by: Callable[..., Any]) -> None:
        """Register an entry; the same function again (a module loaded anew) replaces itself.

        Raises
        ------
        ArgumentError
            The name is taken by another function.
        """
        origin = f"{made_by.__module__}.{made_by.__qualname__}"
        taken = self._entries.get(name)
        if taken is not None and taken[1] != origin:
            msg = (
                f'The {self.kind} "{name}" of {origin} cannot be registered: {taken[1]} has that '
                "name already. Give it another name."
            )
            raise ArgumentError(msg)
        self._entries[name] = (entry, origin)

    def __getitem__(self, name: str) -> T:
        plugins.ensure()
        if name not in self._entries:
            raise UnknownNameError(self.kind, name, self._entries)
        return self._entries[name][0]

    def __iter__(self) -> Iterator[str]:
        plugins.ensure()
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        plugins.ensure()
        return len(self._entries)
