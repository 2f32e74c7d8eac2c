"""What a search expression is made of, and where each part may look."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from patentnav import _resources
from patentnav.errors import UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["text", "name", "class", "code", "date", "number"]
DEFAULT = "tiab"  # where a word without a field is looked for


@dataclass(frozen=True)
class Field:
    """Where a term is looked for: an entry of ``data/text/search-fields.toml``.

    Attributes
    ----------
    key
        Name of the entry.
    kind
        ``text``, ``name``, ``class``, ``code``, ``date`` or ``number``.
    parts
        Kinds of texts, schemes of classes, or roles of parties that are read.
    table, columns
        Where names, codes or dates stand.
    values
        Other ways to write a code.
    """

    key: str
    kind: Kind
    parts: tuple[str, ...] = ()
    table: str = "publications"
    columns: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@functools.lru_cache(maxsize=1)
def _known() -> tuple[Mapping[str, Field], Mapping[str, str]]:
    entries = _resources.load_toml("text", "search-fields")
    fields = {}
    for key, entry in entries.items():
        columns = entry.get("columns", [entry["column"]] if "column" in entry else [])
        parts = entry.get("fields") or entry.get("schemes") or entry.get("roles") or []
        fields[key] = Field(
            key=key, kind=entry["kind"], parts=tuple(parts),
            table=entry.get("table", "publications"), columns=tuple(columns),
            values=tuple(entry.get("values", {}).items()),
        )  # fmt: skip
    written = {name.casefold(): key for key, e in entries.items() for name in e["names"]}
    return fields, written


def field(name: str) -> Field:
    """Field of a name as it is written, in any case.

    Raises
    ------
    UnknownNameError
        There is no such field.
    """
    fields, written = _known()
    key = written.get(name.strip().casefold())
    if key is None:
        raise UnknownNameError("field of the search language", name, written)
    return fields[key]


def field_names() -> dict[str, tuple[str, ...]]:
    """Ways to write every field, by its name; the first is the plain one.

    Returns
    -------
    dict of str to tuple of str

    Examples
    --------
    >>> from patentnav import query
    >>> query.field_names()["title"][:2]
    ('title', 'ti')
    """
    entries = _resources.load_toml("text", "search-fields")
    return {key: tuple(entry["names"]) for key, entry in entries.items()}


def close_field(name: str) -> str:
    """Field that a wrong name may have been meant for, in quotes; empty without any."""
    return did_you_mean(name.casefold(), _known()[1], n=1)


@dataclass(frozen=True)
class Term:
    """A word or phrase in a text or name; ``text`` as it is written, without quotes."""

    text: str
    field: Field
    place: int


@dataclass(frozen=True)
class Near:
    """Two parts with at most ``distance`` words (or characters) between, in one sentence."""

    first: Part
    second: Part
    distance: int
    ordered: bool
    field: Field
    place: int


@dataclass(frozen=True)
class Class:
    """An IPC or CPC pattern: itself and all below it."""

    pattern: str
    field: Field
    place: int


@dataclass(frozen=True)
class Code:
    """A value of a closed list, such as an office."""

    value: str
    field: Field
    place: int


@dataclass(frozen=True)
class Period:
    """Dates from the first day to the last, both included; None is open."""

    first: str | None
    last: str | None
    field: Field
    place: int


@dataclass(frozen=True)
class Number:
    """A publication or application number, in any spelling."""

    text: str
    field: Field
    place: int


@dataclass(frozen=True)
class All:
    """Publications of every part."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Any:
    """Publications of any part."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Not:
    """Publications that are not of the part."""

    part: Part


Leaf = Term | Near | Class | Code | Period | Number
Part = Leaf | All | Any | Not


@dataclass(frozen=True)
class Expression:
    """A search expression that was read; see :func:`patentnav.query.parse`.

    Attributes
    ----------
    text
        As it was written.
    tree
        What it says.
    segmented
        Chinese by words of the dictionary rather than by characters.
    """

    text: str
    tree: Part
    segmented: bool = False

    def __str__(self) -> str:
        return self.text


def shown(part: Leaf) -> str:
    """A leaf as one would write it."""
    match part:
        case Term():
            text = f'"{part.text}"' if " " in part.text else part.text
        case Near():
            operator = "PRE" if part.ordered else "NEAR"
            text = f"{_operand(part.first)} {operator}/{part.distance} {_operand(part.second)}"
            return text if part.field.key == DEFAULT else f"{part.field.key}:({text})"
        case Class():
            text = part.pattern
        case Code():
            text = part.value
        case Period():
            text = f"{part.first or ''}..{part.last or ''}"
        case Number():
            text = part.text
    return text if part.field.key == DEFAULT else f"{part.field.key}:{text}"


def _operand(part: Part) -> str:
    if isinstance(part, Any):
        return f"({' OR '.join(_operand(p) for p in part.parts)})"
    if isinstance(part, Near):
        operator = "PRE" if part.ordered else "NEAR"
        return f"({_operand(part.first)} {operator}/{part.distance} {_operand(part.second)})"
    return (
        f'"{part.text}"'
        if isinstance(part, Term) and " " in part.text
        else getattr(part, "text", "")
    )


def leaves(part: Part, *, wanted: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Leaves of a tree, each with whether it is asked for (not under an odd number of NOT)."""
    match part:
        case All() | Any():
            for one in part.parts:
                yield from leaves(one, wanted=wanted)
        case Not():
            yield from leaves(part.part, wanted=not wanted)
        case _:
            yield part, wanted


def terms(part: Part) -> Iterator[Term]:
    """Words and phrases of a part, those of what is near included."""
    match part:
        case Term():
            yield part
        case Near():
            yield from terms(part.first)
            yield from terms(part.second)
        case All() | Any():
            for one in part.parts:
                yield from terms(one)
        case Not():
            yield from terms(part.part)
