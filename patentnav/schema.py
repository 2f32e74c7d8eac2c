"""The declared schema: coercion, validation, empty tables, labels and the data dictionary.

``data/schema.toml`` declares every table; this module only reads it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from patentnav import _resources
from patentnav._guard import guard
from patentnav._strings import among
from patentnav.config import get_config
from patentnav.errors import SchemaError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Column",
    "Table",
    "accounting_names",
    "canonical_names",
    "coerce",
    "dictionary",
    "empty",
    "label",
    "table",
    "tables",
    "validate",
]

VERSION = 1

_DTYPES: dict[str, Any] = {
    "string": "str",
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "date": "datetime64[us]",
}
_NULLS = 1 << 18
FAILURE_COLUMNS = ["table", "column", "check", "rows", "example", "severity"]


@dataclass(frozen=True)
class Column:
    """One declared column."""

    name: str
    dtype: str
    labels: Mapping[str, str]
    required: bool = False
    allowed: tuple[str, ...] = ()
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """One declared table.

    ``owner`` is the column that says to which publication a row belongs.
    """

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    labels: Mapping[str, str]
    has_parent: bool = False
    accounting: bool = False
    note: str = ""
    owner: str = "publication_id"

    @property
    def order(self) -> list[str]:
        """Columns by which the rows of the table are sorted."""
        leading = ("publication_id", "citing_id", "scheme", "role", "position")
        first = [c for c in leading if c in self.columns]
        return first + [c for c in self.key if c not in first]

    def column(self, name: str) -> Column:
        """Return a declared column.

        Raises
        ------
        UnknownNameError
            The table has no such column.
        """
        if name not in self.columns:
            raise UnknownNameError(f"column of {self.name}", name, self.columns)
        return self.columns[name]


@functools.cache
def tables() -> dict[str, Table]:
    """All declared tables by name, in file order."""
    declared = _resources.parse_toml(_resources.PACKAGE_DATA / "schema.toml")
    return {name: _table(name, entry) for name, entry in declared.items()}


def _table(name: str, entry: Mapping[str, Any]) -> Table:
    columns = {
        column: Column(
            name=column,
            dtype=spec["dtype"],
            labels={"zh": spec["zh"], "en": spec["en"]},
            required=spec.get("required", False),
            allowed=tuple(spec.get("allowed", ())),
            unit=spec.get("unit", ""),
            note=spec.get("note", ""),
        )
        for column, spec in entry["columns"].items()
    }
    return Table(
        name=name,
        columns=columns,
        key=tuple(entry["key"]),
        labels={"zh": entry["zh"], "en": entry["en"]},
        has_parent=entry.get("parent", False),
        accounting=entry.get("accounting", False),
        note=entry.get("note", ""),
        owner=entry.get("owner", "publication_id"),
    )


def table(name: str) -> Table:
    """Return a declared table.

    Returns
    -------
    Table

    Raises
    ------
    UnknownNameError
        No table has this name.
    """
    if name not in tables():
        raise UnknownNameError("table", name, tables())
    return tables()[name]


def canonical_names() -> list[str]:
    """Names of the tables that hold patents (not the accounting of the reading)."""
    return [name for name, t in tables().items() if not t.accounting]


def accounting_names() -> list[str]:
    """Names of the tables that account for the reading."""
    return [name for name, t in tables().items() if t.accounting]


def pandas_dtype(dtype: str) -> Any:
    """The pandas dtype of a declared dtype."""
    return _DTYPES[dtype]


def empty(name: str) -> pd.DataFrame:
    """An empty table with the declared columns and dtypes."""
    return _empty(name).copy()


@functools.cache
def _empty(name: str) -> pd.DataFrame:
    return _coerced(name, pd.DataFrame())


def label(name: str, column: str, lang: str | None = None) -> str:
    """Label of a column in a language; the column's own name when it is not declared."""
    declared = table(name).columns.get(column)
    return declared.labels[lang or get_config().lang] if declared else column


def coerce(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame the declared columns, order and dtypes.

    Missing columns are added empty, undeclared columns are kept behind the declared ones.
    ``publications`` comes back indexed by ``publication_id``.

    Parameters
    ----------
    name
        Name of the table.
    frame
        Any frame with some of its columns.

    Returns
    -------
    pandas.DataFrame
        A new frame; the input is unchanged.

    Raises
    ------
    SchemaError
        A value cannot take its declared dtype; ``failures`` names the columns and an example.
    """
    if not len(frame) and not len(frame.columns):
        return empty(name)
    return _coerced(name, frame)


def _coerced(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    declared = table(name)
    is_parent = name == "publications"
    if is_parent and "publication_id" not in frame.columns and len(frame.columns) + len(frame):
        frame = frame.rename_axis(index="publication_id").reset_index()
    failures: list[dict[str, Any]] = []
    data: dict[str, pd.Series] = {}
    for column in declared.columns.values():
        if column.name not in frame.columns:
            data[column.name] = missing(column.dtype, frame.index)
            continue
        series = frame[column.name]
        try:
            data[column.name] = _coerce_series(series, column.dtype)
        except (ValueError, TypeError) as error:
            failures.append(
                _failure(name, column.name, f"not {column.dtype}", len(series), str(error)[:120])
            )
    if failures:
        frame_of_failures = pd.DataFrame(failures, columns=FAILURE_COLUMNS)
        bad = ", ".join(f"{name}.{f['column']} ({f['check']})" for f in failures)
        msg = f"Columns do not fit the schema: {bad}. See .failures, mend and call again."
        raise SchemaError(msg, frame_of_failures)
    for extra in frame.columns:
        if extra not in declared.columns:
            data[extra] = frame[extra]
    result = pd.DataFrame(data, index=frame.index)
    if is_parent:
        return result.set_index("publication_id")
    return result.reset_index(drop=True)


def missing(dtype: str, index: pd.Index) -> pd.Series:
    """A column of a declared dtype without any value; texts that are missing share their memory."""
    values: Any = None
    if dtype == "string":
        blocks = [_nulls()] * (len(index) // _NULLS)
        rest = _nulls().slice(0, len(index) % _NULLS)
        values = pd.array(pa.chunked_array([*blocks, rest]), dtype=pandas_dtype(dtype))
    empty_column: pd.Series = pd.Series(values, index=index, dtype=pandas_dtype(dtype))
    return empty_column


@functools.cache
def _nulls() -> pa.Array:
    return pa.nulls(_NULLS, pa.large_string())


def _coerce_series(series: pd.Series, dtype: str) -> pd.Series:
    target = pandas_dtype(dtype)
    if series.dtype == target:
        return series
    if dtype == "date":
        dates = pd.to_datetime(series, errors="raise")
        if getattr(dates.dtype, "tz", None) is not None:
            dates = dates.dt.tz_localize(None)
        return dates.astype(target)
    if dtype == "string":
        empty = series.isna()
        return series.astype(object).where(~empty, None).astype(target)
    if dtype in {"int", "float"} and not pd.api.types.is_numeric_dtype(series.dtype):
        series = pd.to_numeric(series, errors="raise")
    return series.astype(target)


def _failure(table_name: str, column: str, check: str, rows: int, example: str) -> dict[str, Any]:
    return {
        "table": table_name, "column": column, "check": check,
        "rows": rows, "example": example, "severity": "error",
    }  # fmt: skip


def validate(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Check tables against the schema and return every breach.

    Parameters
    ----------
    frames
        Coerced tables by name; ``publications`` indexed by ``publication_id``.

    Returns
    -------
    pandas.DataFrame
        ``table, column, check, rows, example, severity``; no rows when all is well.
    """
    failures: list[dict[str, Any]] = []
    parents = frames["publications"].index
    for name, frame in frames.items():
        declared = table(name)
        flat = frame.reset_index() if name == "publications" else frame
        for column in declared.columns.values():
            series = flat[column.name]
            if column.required and series.isna().any():
                failures.append(_failure(name, column.name, "empty", int(series.isna().sum()), ""))
            if column.allowed:
                wrong = series[~series.isin(column.allowed) & series.notna()]
                if len(wrong):
                    failures.append(
                        _failure(name, column.name, "not allowed", len(wrong), str(wrong.iloc[0]))
                    )
        if declared.key:
            twice = flat.duplicated(list(declared.key))
            if twice.any():
                example = " | ".join(str(v) for v in flat.loc[twice, list(declared.key)].iloc[0])
                failures.append(
                    _failure(name, "+".join(declared.key), "duplicate", int(twice.sum()), example)
                )
        if declared.has_parent:
            orphan = ~among(flat["publication_id"], parents)
            if orphan.any():
                example = str(flat.loc[orphan, "publication_id"].iloc[0])
                failures.append(
                    _failure(name, "publication_id", "no publication", int(orphan.sum()), example)
                )
    return pd.DataFrame(failures, columns=FAILURE_COLUMNS)


def dictionary(lang: str | None = None) -> pd.DataFrame:
    """Data dictionary: ``table, column, label, dtype, required, allowed, unit, note``."""
    lang = lang or get_config().lang
    rows = [
        {
            "table": t.name, "column": c.name, "label": c.labels[lang], "dtype": c.dtype,
            "required": c.required, "allowed": ", ".join(c.allowed), "unit": c.unit,
            "note": c.note,
        }
        for t in tables().values()
        for c in t.columns.values()
    ]  # fmt: skip
    return pd.DataFrame(rows)


guard(__name__)
