"""A population: canonical tables as Ibis expressions over Parquet files or a warehouse."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _resources, schema
from patentnav._shown import presented
from patentnav.errors import (
    ArgumentError,
    FormatError,
    MissingDependencyError,
    MissingTableError,
    UnknownNameError,
    WrongKindError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

REGISTRY = "warehouses"
_KEYS = {"table", "unnest", "columns"}
_COLUMN_KEYS = {"from", "transform", "value"}


@presented()
@dataclass(frozen=True, eq=False)
class Population:
    """Canonical tables in an engine.

    Attributes
    ----------
    connection
        The Ibis backend that holds them.
    tables
        Name of a canonical table -> Ibis table with (some of) its columns.
    source
        What a report says about the origin.
    """

    connection: Any
    tables: Mapping[str, Any]
    source: str
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def table(self, name: str) -> Any:
        """Ibis table of a canonical table.

        Raises
        ------
        MissingTableError
            The population has none.
        """
        if name not in self.tables:
            carried = ", ".join(sorted(self.tables))
            msg = f'The population carries no "{name}" (it carries {carried}).'
            raise MissingTableError(msg)
        return self.tables[name]

    def has(self, table: str, *columns: str) -> bool:
        """Tell whether a table and its columns are there."""
        return table in self.tables and {*columns} <= {*self.tables[table].columns}

    def run(self, expression: Any) -> pd.DataFrame:
        """Compute an expression."""
        frame: pd.DataFrame = self.connection.to_pandas(expression)
        return frame

    def staged(self, expression: Any) -> Any:
        """The expression, computed once where the engine can keep it.

        Outside DuckDB ibis does not carry the small tables of :meth:`lookup` into what it caches.
        """
        return expression.cache() if self.connection.name == "duckdb" else expression

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """An intermediate table that several measures need, staged when first asked for."""
        if name not in self._kept:
            self._kept[name] = self.staged(make())
        return self._kept[name]

    def lookup(self, frame: pd.DataFrame) -> Any:
        """A small pandas table for use in expressions of the same connection."""
        return _ibis().memtable(frame)


def _ibis() -> Any:
    try:
        import ibis
    except ImportError as error:
        raise MissingDependencyError("ibis-framework", "population", "A population") from error
    return ibis


def layouts() -> list[str]:
    """Names of the known warehouse layouts (files of ``data/warehouses``)."""
    return _resources.names(REGISTRY)


def read(folder: str | Path, connection: Any = None, *, memory: str = "3GB") -> Population:
    """Open canonical tables in Parquet.

    Parameters
    ----------
    folder
        A saved set (``*.pnav``), or any folder with a Parquet file or a folder of Parquet files per
        canonical table, e.g. ``publications.parquet`` or ``publications/part-0.parquet``.
    connection
        Ibis connection, e.g. ``ibis.pyspark.connect(session)``; DuckDB in this process when
        omitted.
    memory
        For DuckDB in this process: memory it may use before it goes to disk.

    Returns
    -------
    Population

    Raises
    ------
    FormatError
        The folder holds no publications.
    MissingDependencyError
        The extra ``population`` is not installed.
    """
    ibis = _ibis()
    root = Path(folder)
    found = {}
    for name in schema.canonical_names():
        if (root / name).is_dir():
            found[name] = root / name / "*.parquet"
        elif (root / f"{name}.parquet").is_file():
            found[name] = root / f"{name}.parquet"
    if "publications" not in found:
        msg = (
            f'"{root.name}" holds no publications.parquet and no folder publications. '
            "Save a set with .save(), or give the folder that holds the tables."
        )
        raise FormatError(msg)
    if connection is None:
        connection = ibis.duckdb.connect(memory_limit=memory, temp_directory=tempfile.gettempdir())
    many = connection.name == "duckdb"  # other engines read a folder, not a pattern
    tables = {
        name: connection.read_parquet(
            str(path if many or path.name != "*.parquet" else path.parent)
        )
        for name, path in found.items()
    }
    tables = {name: _typed(name, table) for name, table in tables.items()}
    return Population(connection, tables, root.name)


def connect(
    connection: Any, layout: str = "google-patents", *, tables: Mapping[str, str] | None = None
) -> Population:
    """Open a warehouse whose columns a layout file maps to the canonical tables.

    Parameters
    ----------
    connection
        Ibis connection, e.g. ``ibis.bigquery.connect(...)``, DuckDB, PySpark.
    layout
        Name of a file of ``data/warehouses`` (or of the user's ``data_path``), see
        :func:`layouts`.
    tables
        Name of a table in the layout -> its name in this warehouse, where it differs.

    Returns
    -------
    Population

    Raises
    ------
    UnknownNameError
        There is no such layout, or its file has an unknown key.
    ArgumentError
        The warehouse has no such table.
    WrongKindError
        ``connection`` is no Ibis connection.
    """
    if not hasattr(connection, "table"):
        msg = (
            f"population.connect takes connection as Ibis connection, not "
            f"{type(connection).__name__}. Make it with ibis.duckdb.connect(file) or another backend."
        )
        raise WrongKindError(msg)
    entry = _resources.load_toml(REGISTRY, layout)
    _resources.check_keys(entry, {"source", *schema.canonical_names()}, f"layout {layout}")
    names = dict(tables or {})
    made = {}
    for name, mapping in entry.items():
        if name == "source":
            continue
        _resources.check_keys(mapping, _KEYS, f"layout {layout}, {name}")
        table = _table(connection, mapping["table"], names)
        made[name] = _typed(name, _mapped(table, mapping, f"{layout}, {name}"))
    return Population(connection, made, str(entry.get("source", layout)))


def _table(connection: Any, name: str, names: Mapping[str, str]) -> Any:
    from ibis.common.exceptions import IbisError, TableNotFound

    there = names.get(name, name)
    try:
        return connection.table(there)
    except (IbisError, TableNotFound) as error:
        msg = f'The warehouse has no table "{there}". Say its name with tables={{"{name}": …}}.'
        raise ArgumentError(msg) from error


def _mapped(table: Any, mapping: Mapping[str, Any], where: str) -> Any:
    """One canonical table of a warehouse table."""
    ibis = _ibis()
    repeated = mapping.get("unnest")
    if repeated is not None:
        outer = {rule["from"] for rule in mapping["columns"].values() if "from" in rule}
        kept = sorted(c for c in outer if "." not in c)
        table = table.select(*kept, **{repeated: table[repeated].unnest()})
    columns = {}
    for name, rule in mapping["columns"].items():
        _resources.check_keys(rule, _COLUMN_KEYS, f"layout {where}.{name}")
        if "value" in rule:
            columns[name] = ibis.literal(rule["value"])
            continue
        head, _, member = rule["from"].partition(".")
        value = table[head][member] if member else table[head]
        columns[name] = _transformed(value, rule.get("transform"))
    return table.select(**columns)


def _transformed(value: Any, transform: str | None) -> Any:
    if transform is None:
        return value
    if transform not in _TRANSFORMS:
        raise UnknownNameError("transform of a warehouse column", transform, _TRANSFORMS)
    return _TRANSFORMS[transform](value)


def _yyyymmdd(value: Any) -> Any:
    number = value.cast("int64").nullif(0)
    year, month = number // 10_000, number // 100 % 100
    return _ibis().date(year.cast("int32"), month.cast("int32"), (number % 100).cast("int32"))


def _unhyphenated(value: Any) -> Any:
    return value.replace("-", "").nullif("")


_TRANSFORMS = {"unhyphenated": _unhyphenated, "yyyymmdd": _yyyymmdd}


def _typed(name: str, table: Any) -> Any:
    """Dates without time and the columns the schema knows."""
    known = schema.table(name).columns
    dates = {
        c: table[c].cast("date") for c, declared in known.items()
        if declared.dtype == "date" and c in table.columns
    }  # fmt: skip
    return table.mutate(**dates).select([c for c in table.columns if c in known])
