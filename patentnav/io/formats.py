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
    "title", "vendor", "unit", "language", "headers", "missing", "split", "reader", "day_first", "long",
    "detect", "columns", "column_patterns", "about", "how_to_export", "traps", "write",
}  # fmt: skip
_COLUMN_KEYS = {
    "to", "also", "as", "split", "pattern", "parts", "group", "keep", "with", "direction", "ends",
    "missing", "day_first", "kinds", "optional",
}  # fmt: skip
_NEEDED = ("title", "columns")
_OFFICES = re.compile(r"\[[a-z]{2,3}(?:,[a-z]{2,3})*\]$")  # "[KR,JP]": the column is of these only
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
    kinds
        Of numbers: first letters of the kind codes of the records that the column identifies.
    optional
        A list that cannot stand beside the others of its table is left out without being listed:
        its values are kept elsewhere.
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
    kinds: str = ""
    optional: bool = False
    constants: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """One vendor format.

    ``told`` are the headers of numbers that the caller named, in the form in which headers are
    compared.
    """

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
    long: bool = False
    told: frozenset[str] = frozenset()
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
    """Form in which headers are compared: width, case, blanks, underscores and quotes do not count.

    Neither do invisible signs, the offices that a column is limited to (``[KR,JP]``), nor the
    script of Chinese: traditional characters are compared as simplified ones.
    """
    plain = unicodedata.normalize("NFKC", header).casefold().translate(_simplified())
    seen = (c for c in "".join(plain.split()) if unicodedata.category(c)[0] != "C" and c != "_")
    return _OFFICES.sub("", "".join(seen).strip("\"'"))


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
    FormatError
        The file lacks a key, or a key holds another kind of value.
    """
    return _load(name, _resources.path("formats", name))


@functools.lru_cache(maxsize=256)
def _load(name: str, path: Path) -> Format:
    entry = _resources.parse_toml(path)
    _resources.check_keys(entry, _KEYS, path.name)
    _check(entry, path.name)
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
        needs=_needs(detect.get("needs", ()), columns) if not entry.get("reader") else (),
        marks=frozenset(header_key(h) for h in detect.get("marks", ())),
        missing=frozenset(entry.get("missing", ())),
        split=tuple(entry.get("split", ())),
        reader=entry.get("reader", ""),
        long=entry.get("long", False),
        patterns=tuple(
            (_compiled(pattern, path.name), _targets(spec, f"{path.name}, {pattern}", defaults))
            for pattern, spec in entry.get("column_patterns", {}).items()
        ),
    )


def _needs(
    stated: Sequence[Sequence[str]], columns: Mapping[str, Sequence[Target]]
) -> tuple[tuple[str, ...], ...]:
    """What must be among the headers; where nothing is said, one of any number."""
    if stated:
        return tuple(tuple(one) for one in stated)
    return (tuple(key for key, all_ in columns.items() if any(t.field in _NUMBERS for t in all_)),)


def _check(entry: Mapping[str, Any], file: str) -> None:
    """Raise FormatError where a key is missing or holds another kind of value than it must."""
    for key in _NEEDED:
        if key not in entry:
            msg = f'{file}: the key "{key}" is missing. Every format needs {_HOW[key]}.'
            raise FormatError(msg)
    title = entry["title"]
    if not isinstance(title, dict) or not {"zh", "en"} <= title.keys():
        msg = f"{file}, title: {title!r} does not name the format in both languages. Write {_HOW['title']}."
        raise FormatError(msg)
    for key in ("columns", "column_patterns", "detect"):
        if not isinstance(entry.get(key, {}), dict):
            msg = f"{file}, {key}: {entry[key]!r} is no table. Write [{key}] and its entries below."
            raise FormatError(msg)
    for key in ("headers", "split", "missing"):
        _check_strings(entry.get(key, []), f"{file}, {key}")
    detect = entry.get("detect", {})
    _resources.check_keys(detect, {"needs", "marks"}, f"{file}, [detect]")
    _check_strings(detect.get("marks", []), f"{file}, [detect] marks")
    needs = detect.get("needs", [])
    if not isinstance(needs, list) or not all(isinstance(one, list) for one in needs):
        msg = (
            f"{file}, [detect] needs: {needs!r} is not a list of lists. Each inner list holds the "
            'headers of which one must be there: needs = [["Publication Number", "Number"]].'
        )
        raise FormatError(msg)
    for one in needs:
        _check_strings(one, f"{file}, [detect] needs")


_HOW = {
    "title": 'title = { zh = "…", en = "…" }',
    "columns": 'a table [columns] with lines like "Header" = { to = "table.field" }',
}


def _check_strings(value: Any, where: str) -> None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        msg = f'{where}: {value!r} is not a list of texts. Write it as ["…", "…"].'
        raise FormatError(msg)


@functools.lru_cache(maxsize=64)
def _layer(path: Path, **defaults: Any) -> dict[str, tuple[Target, ...]]:
    return _columns(_resources.parse_toml(path)["columns"], path.name, {}, defaults)


def _strings(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _as_list(spec: Any) -> list[Any]:
    return spec if isinstance(spec, list) else [spec]


def _compiled(pattern: str, file: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        msg = f"{file}, [column_patterns] {pattern}: no regular expression ({error}). Mend it."
        raise FormatError(msg) from error


def _targets(spec: Any, where: str, defaults: Mapping[str, Any]) -> tuple[Target, ...]:
    """Meanings of one column.

    Raises
    ------
    FormatError
        An entry is no table, or one of its lists holds something else than texts.
    """
    for one in _as_list(spec):
        if not isinstance(one, dict):
            msg = (
                f'{where}: {one!r} is no table. Write {{ to = "table.field" }}, or '
                '{ to = "-" } for what holds no data.'
            )
            raise FormatError(msg)
        for key in ("also", "parts", "group", "missing"):
            _check_strings(one.get(key, []), f"{where}, {key}")
        for key in ("split", "pattern"):
            if not isinstance(one.get(key, ""), str):
                _check_strings(one[key], f"{where}, {key}")
    return tuple(target({**defaults, **one}, where) for one in _as_list(spec))


def _columns(
    entries: Mapping[str, Any],
    where: str,
    order: dict[str, int],
    defaults: Mapping[str, Any] | None = None,
) -> dict[str, tuple[Target, ...]]:
    found: dict[str, tuple[Target, ...]] = {}
    defaults = defaults or {}
    place = max(order.values(), default=-1)  # a header of a shared layer stands where its own is
    for header, spec in entries.items():
        targets = _targets(spec, f"{where}, {header}", defaults)
        spellings = [header, *(also for one in _as_list(spec) for also in one.get("also", ()))]
        for spelling in spellings:
            key = header_key(spelling)
            found[key] = targets
            order[key] = place = place + 1
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
    if not isinstance(spec.get("to"), str):
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
        kinds=spec.get("kinds", ""),
        optional=spec.get("optional", False),
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
    # Where the format means the same by a header it also knows how its cells are written.
    own |= {
        key: base.columns[key]
        for key, told in own.items()
        if key in base.columns and told == tuple(map(_bare, base.columns[key][:1]))
    }
    numbers = frozenset(
        header_key(header) for header in columns
        if any(t.table == "publications" and t.field in _NUMBERS for t in own[header_key(header)])
    )  # fmt: skip
    # Where the format means the same by a header it also knows how its cells are written.
    own |= {
        key: base.columns[key]
        for key, told in own.items()
        if key in base.columns and told == tuple(map(_bare, base.columns[key][:1]))
    }
    changed = replace(base, columns={**base.columns, **own}, order=order, told=numbers)
    if base.name != GENERIC:
        return changed
    return replace(changed, distinct=base.distinct | frozenset(own))


def _bare(meaning: Target) -> Target:
    """A meaning as a caller names it by its table and field alone."""
    return Target(meaning.table, meaning.field)


def all_formats() -> Sequence[Format]:
    """All formats, sorted by name."""
    return [load(name) for name in names()]
