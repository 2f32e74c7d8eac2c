"""Results to files and back: tables as Parquet, plain values as JSON, nothing pickled."""

from __future__ import annotations

import dataclasses
import importlib
import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from patentnav.errors import PatentnavError
from patentnav.patentset import PatentSet, load

if TYPE_CHECKING:
    from pathlib import Path

# Frozen results that may be read back, by name: nothing else is ever made from a file.
_RESULTS = {
    "Technologies": "patentnav.cluster.result",
    "TalentMap": "patentnav.talent.map",
}
_KIND = "kind.json"
_SERIES = "__values__"


class CodecError(PatentnavError, ValueError):
    """A value cannot be written, or an entry cannot be read."""


def write(folder: Path, value: Any) -> None:
    """Write a result into an empty folder.

    Raises
    ------
    CodecError
        A result of this kind cannot be kept.
    """
    kind: dict[str, Any] = {}
    if isinstance(value, PatentSet):
        kind = {"kind": "set"}
        value.save(folder / "set.pnav")
    elif isinstance(value, pd.DataFrame):
        kind = {"kind": "frame"}
        _write_frame(folder / "frame.parquet", value)
    elif isinstance(value, pd.Series):
        kind = {"kind": "series", "name": value.name}
        _write_frame(folder / "frame.parquet", value.to_frame(name=_SERIES))
    elif isinstance(value, nx.Graph):
        kind = {"kind": "graph", "graph": nx.node_link_data(value, edges="links")}
    elif type(value).__name__ in _RESULTS and dataclasses.is_dataclass(value):
        names = [f.name for f in dataclasses.fields(value)]
        kind = {"kind": "result", "type": type(value).__name__, "fields": names}
        for name in names:
            (folder / name).mkdir()
            write(folder / name, getattr(value, name))
    else:
        kind = {"kind": "plain", "value": _plain(value)}
    text = json.dumps(kind, ensure_ascii=False, sort_keys=True)
    (folder / _KIND).write_text(text, encoding="utf-8")


def read(folder: Path) -> Any:
    """Read what :func:`write` wrote.

    Raises
    ------
    CodecError
        The folder holds no result.
    """
    kind = json.loads((folder / _KIND).read_text(encoding="utf-8"))
    match kind.get("kind"):
        case "set":
            return load(folder / "set.pnav")
        case "frame":
            return pd.read_parquet(folder / "frame.parquet")
        case "series":
            series = pd.read_parquet(folder / "frame.parquet")[_SERIES]
            return series.rename(kind["name"])
        case "graph":
            return nx.node_link_graph(kind["graph"], edges="links")
        case "plain":
            return _restored(kind["value"])
        case "result" if kind["type"] in _RESULTS:
            module = importlib.import_module(_RESULTS[kind["type"]])
            values = {name: read(folder / name) for name in kind["fields"]}
            return getattr(module, kind["type"])(**values)
    msg = f'"{folder.name}" holds no result of a known kind.'
    raise CodecError(msg)


def _write_frame(path: Path, frame: pd.DataFrame) -> None:
    try:
        frame.to_parquet(path, compression="zstd")
    except (TypeError, ValueError, OverflowError) as error:
        msg = f"a table cannot be kept: {error}"
        raise CodecError(msg) from error


def _plain(value: Any) -> Any:
    """JSON of a plain value; tuples and keys that are no texts are marked."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, tuple):
        return {"tuple": [_plain(v) for v in value]}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict) and all(isinstance(k, str) for k in value):
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
