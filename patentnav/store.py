"""Tables on disk: a folder ``*.pnav`` with one Parquet file per table and ``set.json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import schema
from patentnav.errors import ArgumentError, FormatError, MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_META = "set.json"


def write_tables(folder: Path, frames: Mapping[str, pd.DataFrame], meta: Mapping[str, Any]) -> None:
    """Write tables and metadata; files of an earlier save in the same folder are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.parquet"):
        old.unlink()
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet", compression="zstd")
    plain = {"schema_version": schema.VERSION, **meta}
    text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    (folder / _META).write_text(text + "\n", encoding="utf-8")


def read_tables(
    folder: Path, where: str | None = None
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read what :func:`write_tables` wrote.

    Parameters
    ----------
    folder
        A ``.pnav`` folder.
    where
        SQL condition on the columns of ``publications``; only the publications that meet it, and
        their rows in the child tables, are read (DuckDB).

    Raises
    ------
    FormatError
        The folder is no saved set, or one of a newer version.
    ArgumentError
        The folder does not exist.
    MissingDependencyError
        ``where`` is given and DuckDB is not installed.
    """
    if not folder.exists():
        msg = f'"{folder}" does not exist. Check the path.'
        raise ArgumentError(msg)
    if not (folder / _META).is_file():
        msg = f'"{folder.name}" is no saved set (no {_META}). Give a folder made by save().'
        raise FormatError(msg)
    meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    if meta.get("schema_version", 0) > schema.VERSION:
        msg = f'"{folder.name}" was saved by a newer patentnav. Update patentnav to read it.'
        raise FormatError(msg)
    files = {file.stem: file for file in sorted(folder.glob("*.parquet"))}
    if where is None:
        frames = {name: pd.read_parquet(file) for name, file in files.items()}
    else:
        frames = _read_where(files, where)
    return {name: schema.coerce(name, frame) for name, frame in frames.items()}, meta


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
