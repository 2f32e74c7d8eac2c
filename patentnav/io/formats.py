"""Vendor formats as data: parse the files of ``data/formats`` and match headers to their columns."""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from patentnav import _resources, schema
from patentnav.errors import ArgumentError, FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_KEYS = {
    "title", "vendor", "unit", "language", "headers", "missing", "split", "reader", "day_first",
    "detect", "columns", "column_patterns", "about", "how_to_export", "traps", "write",
}  # fmt: skip
_COLUMN_KEYS = {
    "to", "also", "as", "split", "pattern", "parts", "group", "keep", "with", "direction", "ends",
    "missing", "day_first",
}  # fmt: skip
_REPEAT = re.compile(r"\.\d+$")
NOT_DATA = "-"
GENERIC = "generic"
_NUMBERS = {"publication_id", "application_id"}


@dataclass(frozen=True)
class Target:
    """What one column means: the table and field it fills and how its cells are read.

    Attributes
    ----------
    table, field
        Canonical table and field; table ``-`` for a column that holds no data of its own.
    transform
        Name of a transform of :mod:`patentnav.io.transforms`; empty for the field's usual one.
    split
        Separators of the values in a cell; empty where the cell is one value.
    pattern
        Regular expressions with named groups, one per field, for structured values; a value is read
        by the first that fits.
    parts
        Fields of a structured value, in order, where its parts are separated.
    group
        Fields that repeat in a flat list of values.
    keep
        Regular expression of what may follow a separator inside one value (``Inc.`` after a comma).
    ends
        Regular expression of the end of a value, where only a blank separates it from the next.
    together
        Columns with the same name here are parallel lists.
    missing
        Further marks of a missing value in this column.
    direction
        Of citations: ``forward`` where the cell names who cites us.
    day_first
        How to read ``03/07/2019``; None lets the column decide.
    constants
        Values of further fields of the table (role, scheme, language …).
    """

    table: str
    field: str
    transform: str = ""
    split: tuple[str, ...] | None = None
    pattern: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    keep: str = ""
    ends: str = ""
    together: str = ""
    missing: frozenset[str] = frozenset()
    direction: str = "backward"
    day_first: bool | None = None
    constants: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """One vendor format."""

    name: str
    title: Mapping[str, str]
    columns: Mapping[str, tuple[Target, ...]]
    distinct: frozenset[str]
    verbatim: frozenset[str]
    order: Mapping[str, int]
    needs: tuple[tuple[str, ...], ...]
    marks: frozenset[str]
    missing: frozenset[str]
    split: tuple[str, ...]
    reader: str = ""
    patterns: tuple[tuple[re.Pattern[str], tuple[Target, ...]], ...] = ()

    def targets(self, header: str) -> tuple[Target, ...]:
        """What a header means here; empty where it is not known."""
        key = header_key(header)
        known = self.columns.get(key) or self.columns.get(_REPEAT.sub("", key))
        if known is not None:
            return known
        return next((t for pattern, t in self.patterns if pattern.search(header)), ())


@functools.lru_cache(maxsize=8192)
def header_key(header: str) -> str:
    """Form in which headers are compared: width, case, blanks and quotes do not count.

    Neither do invisible signs, nor the script of Chinese: traditional characters are compared as
    simplified ones.
    """
    plain = unicodedata.normalize("NFKC", header).casefold().translate(_simplified())
    seen = (c for c in "".join(plain.split()) if unicodedata.category(c)[0] != "C")
    return "".join(seen).strip("\"'")


@functools.cache
def _simplified() -> Mapping[int, str]:
    pairs = _resources.load_toml("names", "characters")["variants"].split()
    return {ord(traditional): simplified for traditional, simplified in pairs}


def names() -> list[str]:
    """Names of all formats."""
    return _resources.names("formats")


def load(name: str) -> Format:
    """Load a format by name.

    Raises
    ------
    UnknownNameError
        No format has this name, or its file has an unknown key.
    """
    return _load(name, _resources.path("formats", name))


@functools.lru_cache(maxsize=256)
def _load(name: str, path: Path) -> Format:
    entry = _resources.parse_toml(path)
    _resources.check_keys(entry, _KEYS, path.name)
    columns: dict[str, tuple[Target, ...]] = {}
    order: dict[str, int] = {}
    defaults = {"day_first": entry["day_first"]} if "day_first" in entry else {}
    for layer in entry.get("headers", ()):
        shared = _layer(_resources.path("headers", layer), **defaults)
        order |= {key: len(order) + i for i, key in enumerate(shared)}
        columns |= shared
    shared_keys = frozenset(columns)
    own = _columns(entry["columns"], path.name, order, defaults)
    columns |= own
    detect = entry.get("detect", {})
    verbatim = set(entry["columns"])
    for spec in entry["columns"].values():
        verbatim.update(also for item in _as_list(spec) for also in item.get("also", ()))
    return Format(
        name=name,
        title=entry["title"],
        columns=columns,
        distinct=frozenset(own) - shared_keys,
        verbatim=frozenset(verbatim),
        order=order,
        needs=tuple(tuple(one) for one in detect.get("needs", ())),
        marks=frozenset(header_key(h) for h in detect.get("marks", ())),
        missing=frozenset(entry.get("missing", ())),
        split=tuple(entry.get("split", ())),
        reader=entry.get("reader", ""),
        patterns=tuple(
            (re.compile(pattern), (target({**defaults, **spec}, f"{path.name}, {pattern}"),))
            for pattern, spec in entry.get("column_patterns", {}).items()
        ),
    )


@functools.lru_cache(maxsize=64)
def _layer(path: Path, **defaults: Any) -> dict[str, tuple[Target, ...]]:
    return _columns(_resources.parse_toml(path)["columns"], path.name, {}, defaults)


def _strings(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _as_list(spec: Any) -> list[dict[str, Any]]:
    return spec if isinstance(spec, list) else [spec]


def _columns(
    entries: Mapping[str, Any],
    where: str,
    order: dict[str, int],
    defaults: Mapping[str, Any] | None = None,
) -> dict[str, tuple[Target, ...]]:
    found: dict[str, tuple[Target, ...]] = {}
    defaults = defaults or {}
    for header, spec in entries.items():
        specs = _as_list(spec)
        targets = tuple(target({**defaults, **one}, f"{where}, {header}") for one in specs)
        spellings = [header, *(also for one in specs for also in one.get("also", ()))]
        for spelling in spellings:
            key = header_key(spelling)
            found[key] = targets
            order[key] = len(order)
    return found


def target(spec: Mapping[str, Any], where: str) -> Target:
    """Parse one column entry of a format file.

    Raises
    ------
    UnknownNameError
        A key, table or field does not exist.
    FormatError
        The entry says not where the column goes.
    """
    if "to" not in spec:
        msg = f'{where}: the entry has no "to". Say to = "table.field", or to = "-".'
        raise FormatError(msg)
    table, _, name = spec["to"].partition(".")
    constants = {k: v for k, v in spec.items() if k not in _COLUMN_KEYS}
    if table == NOT_DATA:
        return Target(NOT_DATA, "", constants=constants)
    declared = schema.table(table)
    fields = [*([name] if name else []), *spec.get("parts", ()), *spec.get("group", ())]
    pattern = _strings(spec.get("pattern", ()))
    fields += re.findall(r"\(\?P<(\w+)>", " ".join(pattern))
    for one in [*(f for f in fields if not f.startswith("_")), *constants]:
        declared.column(one)
    split = spec.get("split")
    return Target(
        table=table,
        field=name,
        transform=spec.get("as", ""),
        split=None if split is None else _strings(split),
        pattern=pattern,
        parts=tuple(spec.get("parts", ())),
        group=tuple(spec.get("group", ())),
        keep=spec.get("keep", ""),
        ends=spec.get("ends", ""),
        together=spec.get("with", ""),
        missing=frozenset(spec.get("missing", ())),
        day_first=spec.get("day_first"),
        direction=spec.get("direction", "backward"),
        constants=constants,
    )


def with_columns(base: Format, columns: Mapping[Any, str | Mapping[str, Any]]) -> Format:
    """Return a format in which some headers mean what the caller says.

    Parameters
    ----------
    base
        The format to start from.
    columns
        Header to ``"table.field"`` or to an entry as in a format file.

    Raises
    ------
    ArgumentError
        A column is named by its position, or its meaning is neither of the two.
    """
    for header, spec in columns.items():
        if not isinstance(header, str):
            msg = (
                f"columns={{{header!r}: …}}: columns are named by their header, not by position. "
                "Insert a header row where the file has none."
            )
            raise ArgumentError(msg)
        if not isinstance(spec, (str, dict)):
            msg = f'columns={{"{header}": {spec!r}}}: say "table.field" or give an entry (a dict).'
            raise ArgumentError(msg)
    entries = {h: {"to": spec} if isinstance(spec, str) else spec for h, spec in columns.items()}
    order = dict(base.order)
    own = _columns(entries, "columns", order)
    changed = replace(base, columns={**base.columns, **own}, order=order)
    if base.name != GENERIC:
        return changed
    numbers = tuple(
        header for header in columns
        if any(t.field in _NUMBERS for t in own[header_key(header)])
    )  # fmt: skip
    needs = (numbers,) if numbers else base.needs
    return replace(changed, distinct=base.distinct | frozenset(own), needs=needs)


def all_formats() -> Sequence[Format]:
    """All formats, sorted by name."""
    return [load(name) for name in names()]
