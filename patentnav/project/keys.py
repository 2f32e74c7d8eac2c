"""Keys of a project file, made from what they are handed to, so that none can be forgotten.

A key is a parameter of :func:`patentnav.read`, an input of the study or of the report, or one of the
project's own; its type is read from the annotation of that parameter.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav import _files, _guard, io, report, tables
from patentnav.errors import ArgumentError, UnknownNameError
from patentnav.report import Cover
from patentnav.study import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

# Tables of the inputs of a study; an input that is not named here stands in [study].
_HOMES = {
    "region": "project",
    "aliases": "clean",
    "decisions": "clean",
    "unit": "clean",
    "taxonomy": "classify",
    "n_clusters": "technologies",
    "random_state": "technologies",
    "min_inventions": "portfolio",
    "min_pct": "portfolio",
    "granted_only": "portfolio",
    "portfolios": "portfolio",
}
_OBJECTS = ("technologies",)  # inputs that no file can state
TABLES = "tables"  # the input that has a table of its own: a file per user table
_GIVEN = ("patents", "source", "outline", "lang")  # parameters that the project fills itself
_ENDINGS = (".toml", ".csv", ".xlsx", ".parquet")
_WORDS = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false",
    "Mapping": "a table of names and values", "dict": "a table of names and values",
    "list": "a list", "tuple": "a list", "Sequence": "a list", "Iterable": "a list",
    "Path": "a file", "DataFrame": "a file of a table", "Series": "a file of a table",
}  # fmt: skip
PER = ("set", "industry", "sub-sector", "applicant", "group", "district")


@dataclass(frozen=True)
class Key:
    """A key of a project file.

    Attributes
    ----------
    table, name
        Where it stands: ``[table] name``.
    goes_to
        ``read``, ``study``, ``cover``, ``build`` (of the report) or ``project``.
    kinds
        What its value may be; None where everything is allowed.
    default
        Value where the file does not name it.
    """

    table: str
    name: str
    goes_to: str
    kinds: tuple[_guard.Kind, ...] | None
    default: Any = None

    @property
    def is_table(self) -> bool:
        """Whether the value is a file of a table, read for the study."""
        return (
            bool(self.kinds)
            and {"DataFrame", "Series"} & self._names != set()
            and not (self._names & {"Path", "Mapping"})
        )

    @property
    def _names(self) -> set[str]:
        return {kind.name for kind in self.kinds or ()}

    def value(self, written: Any, folder: Path, where: str) -> Any:
        """Check a value as written; a file becomes a path from the folder.

        Raises
        ------
        ArgumentError
            It is of another type, or names a file that does not exist.
        """
        names = self._names
        if isinstance(written, str) and names & {"Path", "DataFrame", "Series"}:
            return self._path(written, folder, where)
        if isinstance(written, str) and names & {"list", "tuple", "Sequence", "Iterable"}:
            return (written,)
        if isinstance(written, dict) and names & {"Mapping", "dict"}:
            return written
        if self.kinds is None or any(kind.holds(written) for kind in self.kinds):
            return tuple(written) if isinstance(written, list) else written
        values = [v for kind in self.kinds for v in kind.values or ()]
        if values and isinstance(written, str):
            raise UnknownNameError(f"value of {where}", written, map(str, values))
        words = dict.fromkeys(
            " or ".join(map(str, k.values)) if k.values else _WORDS.get(k.name, k.name)
            for k in self.kinds
            if k.name in _WORDS or k.values
        )
        msg = f"{where} = {_toml(written)}: {' or '.join(words)} is needed."
        raise ArgumentError(msg)

    def _path(self, written: str, folder: Path, where: str) -> Any:
        path = folder / written
        if _files.is_file(path):
            return path
        needed = self.table == TABLES or bool(self._names & {"DataFrame", "Series"})
        if needed or written.endswith(_ENDINGS):
            msg = (
                f'{where} names "{written}", which is no file. Relative paths start at "{folder}".'
            )
            raise ArgumentError(msg)
        return written  # a name


@functools.cache
def known() -> Mapping[str, Mapping[str, Key]]:
    """All keys by table and name."""
    found: dict[str, dict[str, Key]] = {}
    for key in (*_own(), *_inputs(Cover, "cover"), *_inputs(Inputs, "study"), *_parameters()):
        table = found.setdefault(key.table, {})
        if key.name in table:
            msg = f"[{key.table}] {key.name} would be two keys."
            raise TypeError(msg)
        table[key.name] = key
    return found


def _own() -> Iterator[Key]:
    rows: list[tuple[str, str, str, Any]] = [
        ("project", "lang", "Sequence[str]", ("zh",)),
        ("project", "plugins", "Sequence[str]", ()),
        ("project", "data", "Sequence[str]", ()),
        ("input", "files", "Sequence[str]", ()),
        ("report", "outline", "Sequence[str]", ("industry",)),
        ("report", "per", f"Literal[{', '.join(map(repr, PER))}]", "set"),
        ("report", "only", "Sequence[str] | None", None),
        ("report", "top", "int | None", None),
        ("report", "min_publications", "int | None", None),
        ("report", "formats", "Sequence[str]", ("docx", "html", "xlsx")),
        ("report", "templates", "Sequence[str]", ()),
        ("report", "figures", "bool", False),
        ("output", "folder", "str", "out"),
        ("output", "cache", "str | None", None),
    ]
    for table, name, annotation, default in rows:
        yield Key(table, name, "project", _guard.judged(annotation, __name__), default)


def _inputs(inputs: type, goes_to: str) -> Iterator[Key]:
    for field in dataclasses.fields(inputs):
        if field.name == TABLES:
            path = _guard.judged("Path | None", __name__)
            yield from (Key(TABLES, code, goes_to, path) for code in tables.codes())
        elif field.name not in _OBJECTS:
            home = "project" if goes_to == "cover" else _HOMES.get(field.name, "study")
            kinds = _guard.judged(str(field.type), inputs.__module__)
            yield Key(home, field.name, goes_to, kinds, field.default)


def _parameters() -> Iterator[Key]:
    functions: list[tuple[Callable[..., Any], str, str]] = [
        (io.read, "input", "read"),
        (report.build, "report", "build"),
    ]
    for function, table, goes_to in functions:
        module = inspect.unwrap(function).__module__
        for name, parameter in inspect.signature(function).parameters.items():
            if name not in _GIVEN and parameter.kind is not parameter.VAR_KEYWORD:
                kinds = _guard.judged(str(parameter.annotation), module)
                yield Key(table, name, goes_to, kinds, parameter.default)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
