"""Results to files and back: tables as Parquet, plain values as JSON, nothing pickled.

An entry is a folder with ``entry.json``, which says what the result is made of and has the SHA-256
of every file and of itself.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from patentnav.errors import PatentnavError
from patentnav.patentset import PatentSet, load
from patentnav.study.fingerprint import UnhashableError, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

# Frozen results that may be read back, by name: nothing else is ever made from a file.
_RESULTS = {
    "Technologies": "patentnav.cluster.result",
    "TalentMap": "patentnav.talent.map",
}
_ENTRY = "entry.json"
_SERIES = "values"


class CodecError(PatentnavError, ValueError):
    """A value cannot be written, or an entry cannot be read."""


def write(folder: Path, value: Any) -> None:
    """Write a result into an empty folder, and make sure that the very same can be read back.

    Raises
    ------
    CodecError
        A result of this kind cannot be kept, or not without a change.
    """
    kind = _Writer(folder).encode(value)
    files = {p.relative_to(folder).as_posix(): _digest(p) for p in _files_of(folder)}
    plain = {"kind": kind, "files": files}
    text = json.dumps({**plain, "sha256": _own(plain)}, ensure_ascii=False, sort_keys=True)
    (folder / _ENTRY).write_text(text, encoding="utf-8")
    try:
        same = fingerprint(read(folder)) == fingerprint(value)
    except UnhashableError as error:
        raise CodecError(str(error)) from error
    if not same:
        msg = f"a {type(value).__name__} does not come back as it was."
        raise CodecError(msg)


def read(folder: Path) -> Any:
    """Read what :func:`write` wrote.

    Raises
    ------
    CodecError
        The folder holds no result, or not as it was written.
    """
    entry = json.loads((folder / _ENTRY).read_text(encoding="utf-8"))
    if not isinstance(entry, dict) or not {"kind", "files", "sha256"} <= set(entry):
        msg = f'"{folder.name}" holds no result.'
        raise CodecError(msg)
    there = {p.relative_to(folder).as_posix(): _digest(p) for p in _files_of(folder)}
    plain = {"kind": entry["kind"], "files": entry["files"]}
    if there != entry["files"] or _own(plain) != entry["sha256"]:
        msg = f'the files of "{folder.name}" are not those that were written.'
        raise CodecError(msg)
    return _decoded(folder, entry["kind"])


class _Writer:
    """Writes the tables of a value into numbered files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._count = folder, 0

    def encode(self, value: Any) -> dict[str, Any]:
        if isinstance(value, PatentSet):
            return {"kind": "set", "file": value.save(self._next(".pnav")).name}
        if isinstance(value, pd.DataFrame):
            return {"kind": "frame", **self._frame(value)}
        if isinstance(value, pd.Series):
            frame = value.to_frame(name=_SERIES)
            return {"kind": "series", "name": _plain(value.name), **self._frame(frame)}
        if isinstance(value, nx.Graph):
            data = nx.node_link_data(
                nx.Graph(value) if _undirected(value) else value, edges="edges"
            )
            return {"kind": "graph", "graph": _plain(data)}
        if type(value).__name__ in _RESULTS and dataclasses.is_dataclass(value):
            names = [f.name for f in dataclasses.fields(value)]
            parts = {name: self.encode(getattr(value, name)) for name in names}
            return {"kind": "result", "type": type(value).__name__, "fields": parts}
        return {"kind": "plain", "value": _plain(value)}

    def _next(self, ending: str) -> Path:
        self._count += 1
        return self.folder / f"{self._count}{ending}"

    def _frame(self, frame: pd.DataFrame) -> dict[str, Any]:
        path, bare = self._next(".parquet"), frame.copy(deep=False)
        bare.attrs = {}
        tuples = [c for c in frame if frame[c].dtype == object and _tuples(frame[c])]
        try:
            bare.to_parquet(path, compression="zstd")
        except (TypeError, ValueError, OverflowError) as error:
            msg = f"a table cannot be kept: {error}"
            raise CodecError(msg) from error
        return {"file": path.name, "attrs": _plain(dict(frame.attrs)), "tuples": tuples}


def _undirected(graph: nx.Graph) -> bool:
    """Whether it is a plain graph or a view of one, which has another type."""
    return not graph.is_directed() and not graph.is_multigraph()


def _decoded(folder: Path, entry: dict[str, Any]) -> Any:
    match entry["kind"]:
        case "set":
            return load(folder / entry["file"])
        case "frame":
            return _table(folder, entry)
        case "series":
            return _table(folder, entry)[_SERIES].rename(_restored(entry["name"]))
        case "graph":
            return nx.node_link_graph(_restored(entry["graph"]), edges="edges")
        case "plain":
            return _restored(entry["value"])
        case "result" if entry["type"] in _RESULTS:
            made = getattr(importlib.import_module(_RESULTS[entry["type"]]), entry["type"])
            return made(**{name: _decoded(folder, part) for name, part in entry["fields"].items()})
    msg = f'"{folder.name}" holds no result of a known kind.'
    raise CodecError(msg)


def _table(folder: Path, entry: dict[str, Any]) -> pd.DataFrame:
    frame = pd.read_parquet(folder / entry["file"])
    for column in entry["tuples"]:  # Parquet knows lists only
        cells = [tuple(cell) for cell in frame[column]]
        frame[column] = pd.Series(cells, index=frame.index, dtype=object)
    frame.attrs = _restored(entry["attrs"])
    return frame


def _tuples(column: pd.Series) -> bool:
    return len(column) > 0 and all(type(cell) is tuple for cell in column)


def _plain(value: Any) -> Any:
    """JSON of a plain value; tuples and mappings are marked."""
    if value is None or type(value) in {str, bool, int, float}:
        return value
    if type(value) is tuple:
        return {"tuple": [_plain(v) for v in value]}
    if type(value) is list:
        return [_plain(v) for v in value]
    if type(value) is dict and all(type(k) is str for k in value):
        return {"dict": {k: _plain(v) for k, v in value.items()}}
    msg = f"a {type(value).__name__} cannot be kept."
    raise CodecError(msg)


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(v) for v in value]
    if isinstance(value, dict) and "tuple" in value:
        return tuple(_restored(v) for v in value["tuple"])
    if isinstance(value, dict):
        return {k: _restored(v) for k, v in value["dict"].items()}
    return value


def _files_of(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p != folder / _ENTRY)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _own(plain: dict[str, Any]) -> str:
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
