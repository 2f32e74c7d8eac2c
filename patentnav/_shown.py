"""How a result shows itself in a terminal and a notebook: what it holds, and what to call next."""

from __future__ import annotations

import html
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_LONGEST = 60  # characters of a value
_COLUMNS = 6  # columns of a frame that are named


def presented(*follow: str) -> Callable[[type[T]], type[T]]:
    """Let the objects of a class show their parts with counts, and the calls that go on from them.

    A ``__repr__`` that the class writes itself stays; the notebook shows the parts below it.

    Parameters
    ----------
    *follow
        Calls to go on with, as the user would write them.
    """

    def decorate(cls: type[T]) -> type[T]:
        own = cls.__dict__.get("__repr__")
        # The one that dataclass writes is known by what wraps it.
        generated = own is None or hasattr(own, "__wrapped__")

        def text(self: Any) -> str:
            lines = [f"{cls.__name__}:"]
            lines += [f"  {name:<16} {told}" for name, told in parts(self)]
            return "\n".join([*lines, *_next(follow)])

        def page(self: Any) -> str:
            head = cls.__name__ if generated else repr(self).partition("\n")[0]
            rows = "".join(
                f"<tr><td>{html.escape(name)}</td><td>{html.escape(told)}</td></tr>"
                for name, told in parts(self)
            )
            then = html.escape("; ".join(follow))
            foot = f"<small>next: <code>{then}</code></small>" if follow else ""
            return f"<div><b>{html.escape(head)}</b><table>{rows}</table>{foot}</div>"

        if generated:
            cls.__repr__ = text  # type: ignore[method-assign]
        cls._repr_html_ = page  # type: ignore[attr-defined]
        return cls

    return decorate


def _next(follow: tuple[str, ...]) -> list[str]:
    return [f"  next: {'; '.join(follow)}"] if follow else []


def parts(result: Any) -> Iterator[tuple[str, str]]:
    """Name of every part of a result, and what is in it."""
    names = [f.name for f in fields(result)] if is_dataclass(result) else []
    for name in names:
        if not name.startswith("_"):
            yield name, told(getattr(result, name))


def told(value: Any) -> str:
    """What a value holds, in a few words.

    Examples
    --------
    >>> told([1, 2, 3]), told("a"), told({"a": 1})
    ('list of 3', "'a'", 'dict of 1')
    """
    kind = type(value).__name__
    shape = getattr(value, "shape", None)
    if kind == "DataFrame":
        columns = [str(c) for c in value.columns[:_COLUMNS]]
        more = ", \u2026" if value.shape[1] > _COLUMNS else ""
        names = f": {', '.join(columns)}{more}" if columns else ""
        return f"{len(value):,} rows{names}"
    if kind == "Series":
        known = int(value.notna().sum())
        cover = f" ({known / len(value):.0%} known)" if len(value) and known < len(value) else ""
        return f"{len(value):,} values{cover}"
    if shape is not None and len(shape):
        return " x ".join(f"{n:,}" for n in shape)
    if hasattr(value, "number_of_nodes"):
        return f"{value.number_of_nodes():,} nodes, {value.number_of_edges():,} edges"
    if isinstance(value, (dict, list, tuple, set, frozenset)):
        return f"{kind} of {len(value):,}"
    text = repr(value).partition("\n")[0]
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\u2026"
