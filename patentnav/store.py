"""Tables on disk: a folder ``*.pnav`` with one Parquet file per table and ``set.json``.

``set.json`` lists the tables with rows, bytes and SHA-256, and holds its own; reading checks them.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files, schema
from patentnav.errors import (
    ArgumentError,
    DataQualityWarning,
    FileError,
    FormatError,
    MissingDependencyError,
    SchemaError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_META, _ENDING = "set.json", ".parquet"
_TRIES = 100  # readings of a set that others replace meanwhile
_SELF, _LIST = "sha256", "tables"


def write_tables(folder: Path, frames: Mapping[str, pd.DataFrame], meta: Mapping[str, Any]) -> None:
    """Write tables and metadata; a set that is there is replaced when the new one is whole.

    Raises
    ------
    ArgumentError
        The folder holds anything but a set.
    FileError
        The disk is full, there is no permission and the like; the set that was there still is.
    """

    def fill(place: Path) -> None:
        listed = {}
        for name, frame in frames.items():
            file = place / f"{name}{_ENDING}"
            frame.to_parquet(file, compression="zstd")
            listed[name] = {"rows": len(frame), **_measures(file.read_bytes())}
        plain = json.loads(_text({"schema_version": schema.VERSION, **meta, _LIST: listed}))
        plain[_SELF] = _digest(_text(plain).encode())
        (place / _META).write_bytes(_text(plain).encode())

    _files.write_folder(folder, fill, _foreign)


def _text(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _measures(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": _digest(content)}


def _foreign(folder: Path) -> list[str]:
    """Names in a folder that no set has; of a folder that is no set, all."""
    names = [p.name for p in folder.iterdir()]
    if _META not in names:
        return names
    own = {_META, *(f"{name}{_ENDING}" for name in schema.tables())}
    return [n for n in names if n not in own]


def read_tables(
    folder: Path, where: str | None = None
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read what :func:`write_tables` wrote, all of one save also while others save.

    Parameters
    ----------
    folder
        A ``.pnav`` folder.
    where
        SQL condition on the columns of ``publications``; only the publications that meet it, and
        their rows in the child tables, are read (DuckDB). Of the files the sizes are checked then,
        not the hashes.

    Raises
    ------
    FormatError
        The folder is no saved set, one of a newer version, or not as it was saved.
    ArgumentError
        The folder does not exist.
    FileError
        A file cannot be read.
    MissingDependencyError
        ``where`` is given and DuckDB is not installed.

    Warns
    -----
    DataQualityWarning
        An older version saved the set without a list of its tables: it cannot be checked.
    """
    for _ in range(_TRIES):
        with _files.naming(folder, "read"):
            place = _files.standing(folder)
        before = _state(place)
        try:
            return _read(place, where)
        except (ArgumentError, FormatError, FileError):
            if _state(_files.standing(folder)) == before:
                raise
    msg = f'"{_files.printable(folder)}" is saved again all the time. Wait and load it again.'
    raise FileError(None, msg)


def _state(folder: Path) -> tuple[str, int, int] | None:
    """What tells one save of a set from the next; None where there is none."""
    try:
        found = (folder / _META).stat()
    except OSError:
        return None
    return folder.name, found.st_ino, found.st_mtime_ns


def _read(folder: Path, where: str | None) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    shown = _files.printable(folder.name)
    if not folder.exists():
        msg = f'"{_files.printable(folder)}" does not exist. Check the path.'
        raise ArgumentError(msg)
    if not (folder / _META).is_file():
        msg = f'"{shown}" is no saved set (no {_META}). Give a folder made by save().'
        raise FormatError(msg)
    meta = _meta(folder, shown)
    with _files.naming(folder, "read"):
        there = {p.stem: p for p in sorted(folder.iterdir()) if p.suffix == _ENDING}
    listed = meta.get(_LIST)
    if listed is None:
        msg = f'"{shown}" has no list of its tables, so that nothing tells whether it is whole. '
        warnings.warn(f"{msg}Save it again.", DataQualityWarning, stacklevel=4)
        listed = {name: {} for name in there}
    if "publications" not in listed:
        _refuse(shown, "publications", "is not there")
    for name in sorted({*listed, *there}):
        if name not in schema.tables():
            _refuse(shown, name, "is none of the package")
        if name not in there:
            _refuse(shown, name, "is missing, the set was saved with it")
        if name not in listed:
            _refuse(shown, name, "is there, the set was saved without it")
    if where is None:
        frames = {n: _table(there[n], shown, n, _expected(listed, n, shown)) for n in listed}
    else:
        for name in listed:
            _check(shown, name, _expected(listed, name, shown), bytes=there[name].stat().st_size)
        frames = _read_where(there, where)
    return {name: _coerced(name, frame, shown) for name, frame in frames.items()}, meta


def _refuse(shown: str, name: str, difference: str) -> None:
    msg = f'"{shown}" is not as it was saved: table "{name}" {difference}. Save it again or restore it.'
    raise FormatError(msg)


def _meta(folder: Path, shown: str) -> dict[str, Any]:
    """``set.json``, which nothing but saving has changed."""
    content = _files.read_file(folder / _META)
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError) as error:
        msg = f'"{shown}" is damaged: {_META} is no JSON ({error}). Save it again or restore it.'
        raise FormatError(msg) from error
    meta = loaded if isinstance(loaded, dict) else {"schema_version": None}
    version = meta.get("schema_version", 0)
    if not isinstance(version, int):
        msg = f'"{shown}" is damaged: {_META} has no version. Save it again or restore it.'
        raise FormatError(msg)
    if version > schema.VERSION:
        msg = f'"{shown}" was saved by a newer patentnav. Update patentnav to read it.'
        raise FormatError(msg)
    own = meta.pop(_SELF, None)
    if (own is not None or _LIST in meta) and own != _digest(_text(meta).encode()):
        tables = meta.get(_LIST)
        rest = ", ".join(tables) if isinstance(tables, dict) else "none"
        msg = (
            f'"{shown}" is not as it was saved: {_META}, which lists its tables ({rest}), was '
            "changed since. Save it again or restore it."
        )
        raise FormatError(msg)
    return meta


def _expected(listed: Mapping[str, Any], name: str, shown: str) -> Mapping[str, Any]:
    entry = listed[name]
    if not isinstance(entry, dict):
        _refuse(shown, name, f"is listed as {entry!r}")
    return dict(entry)


def _check(shown: str, name: str, expected: Mapping[str, Any], **found: Any) -> None:
    for what, value in found.items():
        if what in expected and expected[what] != value:
            _refuse(shown, name, f"has {what} {value}, it was saved with {expected[what]}")


def _table(file: Path, shown: str, name: str, expected: Mapping[str, Any]) -> pd.DataFrame:
    """A table from the bytes that were checked, read once."""
    import pyarrow as pa

    content = _files.read_file(file)
    damage = ""
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        frame, damage = pd.DataFrame(), " ".join(str(error).split())[:120]
    if not damage:
        _check(shown, name, expected, rows=len(frame))
    _check(shown, name, expected, **_measures(content))
    if damage:
        _refuse(shown, name, f"cannot be read as Parquet ({damage})")
    return frame


def _coerced(name: str, frame: pd.DataFrame, shown: str) -> pd.DataFrame:
    keys = {"publication_id"} if name == "publications" or schema.table(name).has_parent else set()
    if lost := keys - {*frame.columns, *frame.index.names}:
        _refuse(shown, name, f"has no column {', '.join(sorted(lost))}")
    try:
        return schema.coerce(name, frame)
    except (SchemaError, ValueError, TypeError, KeyError) as error:
        msg = f'"{shown}" is not as it was saved: table "{name}": {error}'
        raise FormatError(msg) from error


def _read_where(files: Mapping[str, Path], where: str) -> dict[str, pd.DataFrame]:
    try:
        import duckdb
    except ImportError as error:
        raise MissingDependencyError("duckdb", "population", "load(where=…)") from error
    frames = {}
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        for name, file in files.items():
            connection.execute(
                f"create view {name} as from read_parquet($f)".replace(
                    "$f", "'" + str(file).replace("'", "''") + "'"
                )
            )
        try:
            connection.execute(
                f"create table chosen as select publication_id from publications where {where}"
            )
        except duckdb.Error as error:
            msg = f'where="{where}" is no condition on publications: {error}'
            raise ArgumentError(msg) from error
        chosen = "(select publication_id from chosen)"
        for name in files:
            if schema.table(name).accounting:
                condition = ""
            elif name == "citations":
                condition = f"where citing_id in {chosen} or cited_id in {chosen}"
            elif name == "families":
                condition = (
                    "where (scheme, family_id) in (select (scheme, family_id) from families "
                    f"where publication_id in {chosen})"
                )
            else:
                condition = f"where publication_id in {chosen}"
            frames[name] = connection.execute(f"select * from {name} {condition}").df()
    return frames
